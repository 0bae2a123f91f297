"""Forecasts of a series: no look-ahead, any row order, corrections of a register, hostile files, and its command."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from asylia.cli.main import app
from asylia.core.errors import CaseError, PlanError
from asylia.io.fitted_data import read_pool
from asylia.io.people_series import PeopleSeries, read_people_series
from asylia.move.forecast.known import Known
from asylia.move.forecast.own_past import HANDICAP, shares, steadied, stretch
from asylia.study.forecast_file import read_learned
from asylia.study.series_forecast import SeriesForecaster, score_series
from asylia.study.series_pool import conflict_of, guide_by_income, learned_for

FIRST = dt.date(2030, 1, 1)
RUN = CliRunner()


def series(people: np.ndarray, every: int = 3) -> PeopleSeries:
    days = np.arange(people.shape[0], dtype=np.int64) * every
    return PeopleSeries(
        name="made-up",
        first=FIRST,
        places=tuple("ABCDE"[: people.shape[1]]),
        days=tuple(days for _ in people.T),
        people=tuple(row.astype(np.float64) for row in people.T),
        total_days=np.zeros(0, dtype=np.int64),
        totals=np.zeros(0),
    )


def forecaster(found: PeopleSeries, every: int = 6) -> SeriesForecaster:
    even = np.full(len(found.places), 1.0 / len(found.places))
    return SeriesForecaster(series=found, fitted=read_learned()[""], guide=even, every=every, members=40)


def steps(seed: int, length: int = 30) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.integers(0, 900, (length, 3)), axis=0)


def write(path: Path, rows: list[tuple[object, ...]], head: str = "date,place,people") -> Path:
    path.write_text("\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n", encoding="utf-8")
    return path


def table(people: np.ndarray, every: int = 3) -> list[tuple[object, ...]]:
    return [
        (FIRST + dt.timedelta(days=every * day), place, int(count))
        for day, row in enumerate(people)
        for place, count in zip("ABC", row, strict=True)
    ]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), st.integers(12, 20), st.sampled_from([7, 14]))
def test_nothing_after_the_origin_is_looked_at(seed: int, report: int, days: int) -> None:
    people = steps(seed)
    other = people.copy()
    other[report + 1 :] = other[report + 1 :][::-1] * 3 + 7
    kept, changed = (forecaster(series(one)).outlook(report * 3, days) for one in (people, other))
    for name in ("people", "low", "high"):
        assert getattr(kept, name).tobytes() == getattr(changed, name).tobytes(), name
    assert kept.total == changed.total


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_ranges_hold_their_point_and_nobody_is_negative(seed: int) -> None:
    outlook = forecaster(series(steps(seed))).outlook(60, 14)
    assert (outlook.low <= outlook.people).all()
    assert (outlook.people <= outlook.high).all()
    assert (outlook.low >= 0).all()
    assert outlook.total[1] <= outlook.total[0] <= outlook.total[2]
    assert np.isclose(outlook.total[0], outlook.people.sum())


def test_a_series_that_goes_straight_on_is_learned_to() -> None:
    people = np.arange(1, 41)[:, None] * np.array([[900, 300, 50]])
    score = score_series(forecaster(series(people)), (14,), first_origin=30, in_pool=False).horizons[14]
    assert score.errors["asylia"][-1] < score.errors["persistence"][-1] / 2
    assert score.errors["asylia"][-1] < score.errors["asylia_other_conflicts"][-1]
    assert score.errors["frozen_shares"].mean() < score.errors["persistence"].mean()


def known(people: list[float]) -> Known:
    days = np.arange(len(people), dtype=np.int64) * 5
    return Known(
        origin=int(days[-1]), days=(days,), people=(np.array(people, dtype=np.float64),), guide=np.ones(1)
    )


def test_one_sudden_fall_is_a_correction_and_two_in_a_row_are_not() -> None:
    once = steadied(known([100, 120, 140, 112, 120])).people[0]
    assert np.allclose(once, [80, 96, 112, 112, 120])
    twice = steadied(known([100, 120, 140, 112, 90])).people[0]
    assert np.allclose(twice, [80, 96, 112, 112, 90]), "the second fall stands as people who left"
    rise = steadied(known([100, 120, 140, 139])).people[0]
    assert rise.tolist() == [100, 120, 140, 139]
    assert steadied(known([10, 0, 5])).people[0].tolist() == [10, 0, 5]


def test_weights_start_with_the_learned_rule_and_follow_what_was_right() -> None:
    none = shares(np.zeros(4), 0.0)
    assert none.argmax() == 0
    assert none.sum() == pytest.approx(1.0)
    right = shares(np.array([10.0, 10.0, 1.0, 30.0]), 10.0)
    assert right.argmax() == 2
    assert HANDICAP > 0


def test_ranges_widen_when_they_were_missed_and_few_checks_do_not_shrink_them_much() -> None:
    ratios = np.full(40, 3.0)
    assert 1.0 < stretch(ratios, 2.0, 1.0) < stretch(ratios, 20.0, 1.0) < 3.0
    assert stretch(np.full(40, 0.2), 1.0, 1.0) > 0.5


def test_ranges_whose_width_nobody_could_check_are_those_of_students_t() -> None:
    # the 95 % point of Student's t with 2 degrees of freedom is 2.920 (any printed table), of the normal 1.645
    assert stretch(np.zeros(0), 0.0, 0.5) == pytest.approx(0.5 * 2.920 / 1.645, rel=1e-3)
    # with many forecasts checked nothing is added: the width is what was seen
    assert stretch(np.full(40, 2.0), 1e6, 1.0) == pytest.approx(2.0, rel=1e-4)


def test_rows_come_in_any_order_and_totals_are_no_place(tmp_path: Path) -> None:
    rows = [*table(steps(1)), (FIRST, "TOTAL", 99), (FIRST, "B ", "")]
    straight = read_people_series(write(tmp_path / "a.csv", rows))
    shuffled = read_people_series(write(tmp_path / "b.csv", rows[::-1]))
    assert straight.places == ("A", "B", "C") == shuffled.places
    assert straight.blanks == 1
    assert straight.totals.tolist() == [99.0]
    for one, other in zip(straight.people, shuffled.people, strict=True):
        assert one.tobytes() == other.tobytes()


def test_other_column_names_are_understood(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [("2030-01-01", "A", 5), ("2030-01-02", "A", 6)]
    for head in ("date,country,refugees", "date,country,arrivals_cumulative", "Date,Camp,Individuals"):
        assert read_people_series(write(tmp_path / "c.csv", rows, head)).people[0].tolist() == [5.0, 6.0]


def test_a_row_twice_a_time_of_day_noughts_and_gzip_change_nothing(tmp_path: Path) -> None:
    rows = "date,country,refugees\n2030-01-01T00:00:00,A,5.0\n2030-01-01,A,5\n2030-01-02 00:00:00,A,6\n"
    (tmp_path / "d.csv.gz").write_bytes(gzip.compress(rows.encode()))
    found = read_people_series(tmp_path / "d.csv.gz")
    assert (found.name, found.people[0].tolist()) == ("d", [5.0, 6.0])


HOSTILE = {
    "date,place\n2030-01-01,A\n": "columns date, place, people",
    "date,place,people\n": "at least one report",
    "date;place;people\n2030-01-01;A;4\n": "commas",
    "date,place,people\n2030-01-01,A,-4\n": "whole number",
    "date,place,people\n2030-01-01,A,4.5\n": "whole number",
    "date,place,people\n2030-01-01,A,1e9\n": "whole number",
    "date,place,people\n2030-01-01,A,99999999999999999999\n": "whole number",
    "date,place,people\n31.01.2030,A,4\n": "a date like",
    "date,place,people\n9999-01-01,A,4\n": "a date like",
    "date,place,people\n2030-01-01,,4\n": "a place",
    "date,place,people\n2030-01-01,A,4\n2030-01-01,A,5\n": "one row a day",
    "date,place,people\n2030-01-01,A,4\n2030-01-01,ALL,5\n2030-01-01,total,5\n": "one way",
    "date,place,people\n1930-01-01,A,4\n2130-01-01,A,5\n": "100 years",
}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_files_end_with_every_problem_and_no_traceback(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=HOSTILE[text]):
        read_people_series(path)
    told = RUN.invoke(app, ["validate", "refugees", str(path)])
    assert told.exit_code == 2
    assert isinstance(told.exception, SystemExit)


def test_bytes_that_are_no_text_and_files_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "bytes.csv").write_bytes(b"date,place,people\n\xff\xfe,A,3\n")
    with pytest.raises(CaseError, match="UTF-8"):
        read_people_series(tmp_path / "bytes.csv")
    with pytest.raises(CaseError, match="is there"):
        read_people_series(tmp_path / "none.csv")
    (tmp_path / "long.csv").write_text("date,place,people\n" + "x" * 200_000, encoding="utf-8")
    with pytest.raises(CaseError):
        read_people_series(tmp_path / "long.csv")


def test_a_record_of_a_pool_conflict_is_forecast_without_it() -> None:
    people = np.ones((2, 5))
    syrian = PeopleSeries(
        name="s",
        first=dt.date(2012, 1, 1),
        places=("Egypt", "Iraq", "Jordan", "Lebanon", "Turkey"),
        days=tuple(np.array([0, 1]) for _ in range(5)),
        people=tuple(people.T),
        total_days=np.zeros(0, dtype=np.int64),
        totals=np.zeros(0),
    )
    found = conflict_of(syrian, "", "")
    assert found is not None
    assert found.name == "syria2013"
    assert learned_for(found).weights[30].tolist() != learned_for(None).weights[30].tolist()
    for one in read_pool():
        assert learned_for(one) is not None
    guide, unknown = guide_by_income(syrian, found)
    assert guide.sum() == pytest.approx(1.0)
    assert unknown == ()
    made_up = series(steps(1))
    assert conflict_of(made_up, "", "") is None
    assert conflict_of(made_up, "Ukraine", "") == next(
        one for one in read_pool() if one.name == "ukraine2022"
    )
    with pytest.raises(PlanError, match="is one of"):
        conflict_of(made_up, "", "ukrain")


def test_the_command_tells_scores_ranges_and_what_was_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "made.csv", table(steps(3, 20)))
    asked = ["--horizons", "7,14", "--first-origin", "20", "--origin-every", "10", "--members", "20"]
    told = RUN.invoke(app, ["validate", "refugees", str(path), *asked, "--json"])
    assert told.exit_code == 0, told.output
    found = json.loads(told.output)
    assert set(found["horizons"]) == {"7", "14"}
    assert found["fitted_without"] is None
    assert {row["days"] for row in found["forecast"]["ahead"]} == {7, 14}
    assert "never added" in " ".join(found["notes"])
    assert 0 <= found["horizons"]["7"]["coverage_90"] <= 1
    page = RUN.invoke(app, ["validate", "refugees", str(path), *asked])
    assert page.exit_code == 0
    assert "90 % range" in page.output
    short = RUN.invoke(app, ["validate", "refugees", str(path), "--horizons", "300"])
    assert short.exit_code == 2
    assert "reaches day" in short.output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "options", "days"),
    [
        ("syria_refugees_by_country_2011_2015", ["--from", "Syria"], (30, 90, 180)),
        (
            "ukraine_border_arrivals_daily_2022",
            ["--from", "Ukraine", "--horizons", "7,14,30", "--first-origin", "7", "--origin-every", "3"],
            (7, 14, 30),
        ),
    ],
)
def test_recorded_series_are_forecast_better_than_by_rules_without_a_model(
    name: str, options: list[str], days: tuple[int, ...]
) -> None:
    path = Path(__file__).parents[3] / "shared" / "data" / "displacement" / f"{name}.csv"
    if not path.is_file():
        pytest.skip("the shared data are not here")
    with path.open(encoding="utf-8") as stream:
        assert {"date", "country"} <= set(next(csv.reader(stream)))
    told = RUN.invoke(app, ["validate", "refugees", str(path), *options, "--json"])
    found = json.loads(told.output)["horizons"]
    for ahead in days:
        row = found[str(ahead)]
        assert row["asylia"] < min(row["persistence"], row["damped_trend"], row["frozen_shares"]), ahead
