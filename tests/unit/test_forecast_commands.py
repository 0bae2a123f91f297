"""`asylia validate forecast` and `outflow`: their JSON, their exit codes, and what they refuse."""

from __future__ import annotations

import datetime as dt
import gzip
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from asylia.cli.main import app
from asylia.core.errors import CaseError
from asylia.io.folder import find_case, read_case
from asylia.io.movements import Movements, Points, read_movements
from asylia.move.forecast.monthly import Months, draw_months, last_year
from asylia.study.outflow import events_by_area, score_outflow

KEYS = {"asylia", "persistence", "damped_trend", "frozen_shares", "peer", "coverage_90", "origins"}
SHEETS = {
    "locations": "#name,region,country,lat,lon,location_type,conflict_date,population\nZ,N,R,1,1,conflict_zone,0,900\nC,S,H,2,1,camp,,0\n",
    "routes": "#name1,name2,distance,forced_redirection\nZ,C,60,0\n",
    "conflicts": "#Day,Z\n" + "".join(f"{day},1\n" for day in range(40)),
    "closures": "#closure_type,name1,name2,closure_start,closure_end\n",
    "sim_period": "StartDate,2026-01-05\nLength,40\n",
}
COUNTS = {
    "data_layout": "total,refugees.csv\nC,c.csv\n",
    "refugees": "2026-01-05,9\n",
    "c": "2026-01-05,60\n2026-02-10,800\n",
}


def conflict(folder):
    for home, sheets in (("input_csv", SHEETS), ("source_data", COUNTS)):
        (folder / home).mkdir(parents=True)
        for name, text in sheets.items():
            (folder / home / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def ask(*arguments):
    return CliRunner().invoke(app, ["validate", *map(str, arguments)])


def test_forecast_json_has_the_stable_shape(tmp_path):
    folder = conflict(tmp_path / "north")
    done = ask(
        "forecast", folder, "--horizons", "5,9,300", "--origin-every", "2", "--members", "20", "--json"
    )
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    (case,) = found["cases"]
    assert (case["case"], case["fitted_without_it"], list(case["horizons"])) == ("north", False, ["5", "9"])
    for row in [*case["horizons"].values(), *found["mean"].values()]:
        assert set(row) > KEYS
        assert 0 <= row["coverage_90"] <= 1
    assert case["horizons"]["5"]["origins"] == 3
    assert any("north" in note and "300" not in note for note in found["notes"])


@pytest.mark.parametrize(
    "wrong", [["--horizons", "0"], ["--horizons", "a,3"], ["--rules", "flee"], ["--horizons", "30,999"]]
)
def test_forecast_refuses_what_it_cannot_do(tmp_path, wrong):
    done = ask("forecast", conflict(tmp_path / "north"), *wrong)
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def movements(folder, rows=36, cell=lambda area, month: 100 * area + month):
    lines = ["date,admin1,idps"]
    for month in range(rows):
        date = f"{2015 + month // 12}-{month % 12 + 1:02}-01"
        lines += [
            f"{date},{name},{cell(area, month)}" for area, name in enumerate(("Aleppo", "Idleb"), start=1)
        ]
    file = folder / "movements.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def events(folder, text="date_start,latitude,longitude\n2015-03-02,36.2,37.16\n2016-01-02,35.9,36.6\n"):
    file = folder / "events.csv.gz"
    file.write_bytes(gzip.compress(text.encode()))
    return file


def test_outflow_json(tmp_path):
    done = ask("outflow", movements(tmp_path), events(tmp_path), "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert list(found["horizons"]) == ["1", "3", "6"]
    assert found["areas"] == ["Aleppo", "Idleb"]
    assert (found["months"], found["months_with_events"], found["blanks_counted_as_0"]) == (36, 13, 0)
    assert all(0 < row["asylia"] < 0.3 for row in found["horizons"].values())


def test_outflow_tells_every_row_that_is_wrong(tmp_path):
    file = movements(tmp_path, rows=20, cell=lambda _, month: "x" if month == 3 else 5)
    done = ask("outflow", file, events(tmp_path))
    assert done.exit_code == 2
    assert "movements.csv:8" in done.output
    assert "movements.csv:9" in done.output
    assert ask("outflow", movements(tmp_path, rows=10), events(tmp_path)).exit_code == 2
    broken = events(tmp_path, "date_start,latitude,longitude\n2015-03-02,north,37\n")
    assert ask("outflow", movements(tmp_path), broken).exit_code == 2


def test_movements_of_another_country_are_scored_without_events(tmp_path):
    file = movements(tmp_path)
    text = file.read_text(encoding="utf-8")
    for area in read_movements(file).areas:
        text = text.replace(area, f"{area} of Elsewhere")
    file.write_text(text, encoding="utf-8")
    done = ask("outflow", file, events(tmp_path), "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["months_with_events"] == 0
    assert "no event was used" in done.stderr
    assert ask("outflow", file, events(tmp_path), "--case", "bosnia-1995").exit_code == 2


def test_blanks_count_as_nobody(tmp_path):
    found = read_movements(movements(tmp_path, rows=3, cell=lambda area, _: "" if area == 1 else 7))
    assert found.people.tolist() == [[0, 7]] * 3
    assert found.blanks == 3


def test_months_other_names_and_numbers_with_noughts_are_read(tmp_path):
    file = tmp_path / "m.csv"
    file.write_text("Month,Province,Newly displaced\n2017-01,A,12.0\n2017-02,A,13.\n", encoding="utf-8")
    assert read_movements(file).people.tolist() == [[12], [13]]
    for wrong in ("12.5", "9" * 5000, "1e3", "-1"):
        file.write_text(f"date,admin1,idps\n2017-01,A,{wrong}\n", encoding="utf-8")
        with pytest.raises(CaseError):
            read_movements(file)


def test_an_event_counts_less_the_further_it_lies_from_an_area(tmp_path):
    table = read_movements(movements(tmp_path))
    case = read_case(find_case("syria-2017"))
    towns = case.places.filter(case.places["admin1"] == "Idleb")
    lat, lon = towns["lat"].mean(), towns["lon"].mean()
    for away, counted in ((0.0, 1.0), (200.0, np.exp(-1.0))):
        points = Points(days=(dt.date(2015, 3, 2),), points=np.array([[lat + away / 111.2, lon]]))
        counts = events_by_area(table, points, case)
        assert counts.shape == (3, 2)
        assert counts[2, 1] == pytest.approx(counted)
        assert 0 < counts[2, 0] < 1
        assert not counts[:2].any()
    nowhere = read_case(find_case("bosnia-1995"))
    assert events_by_area(table, points, nowhere).shape == (0, 2)


def test_months_after_the_origin_change_nothing():
    rng = np.random.default_rng(1)
    people, happened = rng.lognormal(6, 1, (40, 4)), rng.poisson(3, (40, 4)).astype(float)
    later, burst = people.copy(), happened.copy()
    later[30:] = 9e6
    burst[30:] = 9e3
    for ahead in (1, 3, 6):
        one = draw_months(Months(people=people, events=happened).until(29), ahead)
        two = draw_months(Months(people=later, events=burst).until(29), ahead)
        assert one.tobytes() == two.tobytes()
        assert (one >= 0).all()


def test_people_counted_in_thousands_are_forecast_alike():
    rng = np.random.default_rng(3)
    people = rng.lognormal(6, 1, (30, 4))
    small, large = (
        draw_months(Months(people=people * times, events=np.zeros((0, 4))), 3) for times in (1, 1000)
    )
    assert large == pytest.approx(1000 * small)


def test_areas_that_are_mostly_empty_are_told_apart_by_size():
    # in most months nobody came: the median of all months is empty whatever the signs, yet sizes differ a hundredfold
    rng = np.random.default_rng(5)
    people = rng.lognormal(4, 0.5, (40, 8)) * np.repeat([1.0, 100.0], 4) * (rng.random((40, 8)) < 0.3)
    drawn = draw_months(Months(people=people, events=np.zeros((0, 8))), 3)
    small, large = drawn[:, :4].mean(), drawn[:, 4:].mean()
    assert large > 2 * small


def test_an_area_that_goes_its_own_way_is_believed_more_while_the_past_is_short():
    # one area holds steady while all others jump about: the pooled spread is too wide for it, its own months are not
    rng = np.random.default_rng(6)
    people = np.concatenate([np.full((60, 1), 900.0), rng.lognormal(6, 2, (60, 7))], axis=1)
    short, long = (
        draw_months(Months(people=people[-months:], events=np.zeros((0, 8))), 1)[:, 0] for months in (8, 60)
    )
    assert np.ptp(np.log(short[6:-6])) < np.ptp(np.log(long[6:-6]))


def test_nobody_displaced_so_far_is_no_error():
    assert (draw_months(Months(people=np.zeros((20, 3)), events=np.zeros((0, 3))), 3) < 1).all()


def test_monthly_ranges_hold_and_a_lasting_level_beats_the_last_year():
    rng = np.random.default_rng(2)
    level = np.exp(np.cumsum(rng.normal(0, 0.5, (70, 6)), axis=0) * 0.5 + 8)
    people = level * rng.lognormal(0, 0.3, level.shape)
    table = Movements(areas=tuple("abcdef"), first=dt.date(2016, 1, 1), people=people, blanks=0)
    near, far = score_outflow(table, np.zeros((0, 6)), ahead=(1, 3))
    assert near.asylia < near.last_year
    assert 0.75 <= near.held <= 0.97
    assert 0.75 <= far.held <= 0.97


def test_too_short_a_past_gives_the_last_year():
    known = Months(people=np.arange(8.0).reshape(4, 2), events=np.zeros((0, 2)))
    assert draw_months(known, 6).tolist() == last_year(known).tolist()
    with pytest.raises(ValueError, match="ahead"):
        draw_months(known, 0)
