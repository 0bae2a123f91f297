"""Where people from one place go: the door, the draws, the fit, the scores and the command, on made-up data."""

from __future__ import annotations

import datetime as dt
import gzip
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from typer.testing import CliRunner

from asylia.cli.main import app
from asylia.core.errors import CaseError
from asylia.io.flows import plain, positions_in_events, read_flows, read_positions
from asylia.io.movements import RETURNED, Points, read_movements
from asylia.move.forecast.flow_fit import CEILING, START, Cases, _likelihood, fit, fold
from asylia.move.forecast.flow_signs import Flows, climb, distances, signs
from asylia.move.forecast.flows import draw_flows, middle, whole_people
from asylia.move.forecast.monthly import Months
from asylia.move.forecast.totals import draw_totals
from asylia.study.flow_inputs import known_flows
from asylia.study.flow_rivals import blurred, rivals, year_of_shares
from asylia.study.flows import score_flows

PLACES = ("Awdal", "Bari", "Gedo", "Hiran", "Mudug")


def made(people, others=None, **kept):
    count = people.shape[1]
    known = {
        "positions": np.full((count, 2), np.nan),
        "regions": ("",) * count,
        "events": np.zeros((0, count)),
        **kept,
    }
    return Flows(
        places=PLACES[:count],
        people=people,
        others=np.zeros_like(people) if others is None else others,
        **known,
    )


def lasting(months=30, seed=1):
    """People go where people of the same origin go, each month a little otherwise, and in some months nobody leaves."""
    rng = np.random.default_rng(seed)
    where = rng.dirichlet(np.full(5, 0.4), size=5)
    people = np.zeros((months, 5, 5))
    for month in range(months):
        for origin in range(5):
            share = rng.dirichlet(where[origin] * 6.0 + 0.05)
            people[month, origin] = rng.multinomial(int(rng.lognormal(5, 1) * (rng.random() < 0.8)), share)
    return people


def table(folder, rows, head="date,district_origin,district_destination,reason,idps", name="flows.csv"):
    file = folder / name
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return file


def spelled(people, reason="insecurity"):
    return [
        f"{2016 + month // 12}-{month % 12 + 1:02}-01,{PLACES[origin]},{PLACES[to]},{reason},{int(count)}"
        for (month, origin, to), count in np.ndenumerate(people)
        if count
    ]


def ask(*arguments):
    return CliRunner().invoke(app, ["validate", *map(str, arguments)])


def test_the_order_of_rows_does_not_matter_and_rows_of_a_pair_add_up(tmp_path):
    rows = [*spelled(lasting(6)), "2016-01-15,Gedo,Bari,insecurity,7", "2016-01-20,Gedo,Bari,Insecurity,5"]
    rows.append("2016-02-01,Gedo,Bari,drought,900")
    one = read_flows(table(tmp_path, rows))
    two = read_flows(table(tmp_path, rows[::-1], name="turned.csv"))
    assert one.places == two.places == PLACES
    assert one.people.tobytes() == two.people.tobytes()
    assert one.people[0, 2, 1] == lasting(6)[0, 2, 1] + 12
    assert (one.others.sum(), one.reasons, one.first) == (900, ("insecurity",), dt.date(2016, 1, 1))


def test_other_names_of_columns_packed_and_without_reasons(tmp_path):
    file = tmp_path / "f.csv.gz"
    text = "\ufeffMonth,Origin District,Destination District,Individuals,Region Origin\n2020-03,A,B,12,North\n2020-05,B,A,,South\n"
    file.write_bytes(gzip.compress(text.encode()))
    found = read_flows(file)
    assert (found.places, found.regions, found.reasons, found.blanks) == (
        ("A", "B"),
        ("North", "South"),
        (),
        1,
    )
    assert found.people.sum() == found.people[0, 0, 1] == 12
    assert len(found.people) == 3


@pytest.mark.parametrize(
    "row",
    [
        "2016-13-01,A,B,insecurity,5",
        "0016-01-01,A,B,insecurity,5",
        "2016-01-01,,B,insecurity,5",
        "2016-01-01,A,B,insecurity,-5",
        "2016-01-01,A,B,insecurity,1.5",
        "2016-01-01,A,B,insecurity,99999999999999",
        "2016-01-01,A\u202e,B,insecurity,5",
        f"2016-01-01,{'A' * 200},B,insecurity,5",
    ],
)
def test_every_wrong_row_is_told(tmp_path, row):
    file = table(tmp_path, ["2016-01-01,A,B,insecurity,5", row, row])
    with pytest.raises(CaseError) as error:
        read_flows(file)
    assert [problem.row for problem in error.value.problems] == [3, 4]


def test_no_row_with_the_reason_names_those_that_are_there(tmp_path):
    file = table(tmp_path, ["2016-01-01,A,B,flooding,5"])
    for reasons in ([], ["flodding"]):
        with pytest.raises(CaseError, match="flooding"):
            read_flows(file, reasons=reasons)
    assert read_flows(file, reasons=["Flooding"]).people.sum() == 5


def test_too_many_places_or_no_columns_are_refused(tmp_path):
    many = table(tmp_path, [f"2016-01-01,A{one},B,insecurity,5" for one in range(400)])
    with pytest.raises(CaseError, match="places"):
        read_flows(many)
    with pytest.raises(CaseError, match="columns"):
        read_flows(table(tmp_path, ["1,2"], head="a,b"))


def test_positions_from_a_table_and_from_earlier_events(tmp_path):
    file = table(tmp_path, ["gedo district,3.5,42", "Nowhere,1,1"], head="name,lat,lon", name="p.csv")
    found = read_positions(file, PLACES)
    assert found[2].tolist() == [3.5, 42.0]
    assert np.isnan(found[[0, 1, 3, 4]]).all()
    rows = ["2015-01-01,3,42,Gedo district", "2015-02-01,5,44,Gedo", "2019-01-01,80,80,Gedo"]
    events = table(tmp_path, rows, head="date_start,latitude,longitude,adm_2", name="e.csv")
    assert positions_in_events(events, PLACES, dt.date(2016, 1, 1))[2].tolist() == [4.0, 43.0]
    assert plain("Rural  Damascus Governorate") == "rural damascus"
    for rows in (["Else,1,1"], ["Gedo,nan,1"], ["Gedo,91,1"]):
        with pytest.raises(CaseError):
            read_positions(table(tmp_path, rows, head="name,lat,lon", name="wrong.csv"), PLACES)


def test_events_belong_to_the_nearest_place(tmp_path):
    found = read_flows(table(tmp_path, spelled(lasting(4))))
    where = np.array([[0.0, 40.0], [0.0, 45.0], *[[np.nan, np.nan]] * 3])
    events = Points(
        days=(dt.date(2016, 2, 3), dt.date(2015, 1, 1)), points=np.array([[1.0, 44.0], [0.0, 40.0]])
    )
    known = known_flows(found, where, events)
    assert known.events.tolist() == [[0] * 5, [0, 1, 0, 0, 0]]
    assert known_flows(found, None, events).events.shape == (0, 5)


def test_what_comes_after_the_origin_changes_nothing():
    people, others = lasting(26), lasting(26, seed=2)
    later, further = people.copy(), others.copy()
    later[20:], further[20:] = 7e5, 9e5
    for ahead in (1, 3, 6):
        one = draw_flows(made(people, others).until(19), ahead)
        two = draw_flows(made(later, further).until(19), ahead)
        assert one.draws.tobytes() == two.draws.tobytes()
    early = score_flows(made(people[:20]), ahead=(3,))
    later[:20] = people[:20]
    assert early == score_flows(made(later).until(19), ahead=(3,))


def test_a_place_named_later_changes_nothing():
    people = lasting(24)
    people[:20, 4] = people[:20, :, 4] = 0
    short = made(people[:20, :4, :4])
    long = draw_flows(made(people).until(19), 3)
    assert draw_flows(short, 3).mean[:, :4] == pytest.approx(long.mean[:4, :4], abs=1e-4)
    assert (long.mean[:4, 4] == 0).all()


def test_shares_add_up_and_draws_follow_them():
    split = draw_flows(made(lasting()), 1)
    assert split.mean.sum(axis=1) == pytest.approx(np.ones(5))
    assert split.draws.sum(axis=2) == pytest.approx(np.ones((100, 5)))
    assert np.abs(split.draws.mean(axis=0) - split.mean).max() < 0.16
    assert split.middle(np.ones(5, dtype=bool)).sum(axis=1) == pytest.approx(np.ones(5))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0.001, 50.0), min_size=2, max_size=6), st.integers(0, 10**7), st.floats(0.001, 0.999)
)
def test_people_are_whole_and_none_is_lost(weights, people, luck):
    share = np.array(weights) / sum(weights)
    found = whole_people(share[None, None], np.array([[people]]), np.array([[luck]]))[0, 0]
    assert found.sum() == people
    assert (found >= 0).all()
    assert np.abs(found - people * share).max() <= 1.0 + 1e-6 * people


def test_the_middle_of_draws_is_never_worse_than_their_mean():
    rng = np.random.default_rng(3)
    draws = rng.dirichlet(np.full(6, 0.1), size=(200, 4)).reshape(200, 4, 6)
    error = lambda point: np.abs(draws - point).sum(axis=2).mean()  # noqa: E731 - read beside its use
    assert middle(draws).sum(axis=1) == pytest.approx(np.ones(4))
    assert error(middle(draws)) <= error(draws.mean(axis=0))


def test_the_slope_of_the_likelihood_is_its_slope():
    rng = np.random.default_rng(4)
    rows, named = rng.random((6, 3, 5)), rng.random((6, 5)) < 0.8
    named[:, -1] = True
    whole = Cases(rows=rows * named[:, None], named=named, came=rng.poisson(4, (6, 5)) * named * 1.0)
    spot, weights = rng.normal(0, 1, 4), rng.random(6)
    slope = approx_fprime(spot, lambda at: _likelihood(at, whole, weights)[0], 1e-6)
    assert _likelihood(spot, whole, weights)[1] == pytest.approx(slope, abs=1e-4)
    assert np.exp(fit([], 3)) == pytest.approx([START, START, START, CEILING])


def test_people_who_went_where_nothing_was_known_stand_elsewhere():
    named = np.array([[True, False, True]])
    assert fold(np.array([[3.0, 4.0]]), named).tolist() == [[3.0, 0.0, 4.0]]


def test_guesses_are_spreads_with_and_without_a_map():
    where = np.array([[0.0, 40.0], [0.0, 41.0], [0.0, 45.0], [1.0, 44.0], [np.nan, np.nan]])
    kept = {"positions": where, "regions": ("n", "n", "s", "s", ""), "events": np.ones((30, 5))}
    bare, mapped = (signs(climb(made(lasting(), **more)), 20) for more in ({}, kept))
    assert len(mapped) == len(bare) + 4
    sums = mapped[4:].sum(axis=2)
    assert ((np.abs(sums - 1.0) < 1e-9) | (sums == 0)).all()
    near = mapped[-5]
    assert near[0, 1] > near[0, 2]
    assert distances(where)[0, 1] == pytest.approx(111.2, abs=0.2)


def test_rivals_are_shares_and_none_gives_nothing_after_a_blur():
    known = made(lasting())
    for rival in rivals(known).values():
        assert rival.sum(axis=1) == pytest.approx(np.ones(5))
        assert blurred(rival).min() > 0
    assert year_of_shares(known).shape == (12, 5, 6)


def test_where_ways_last_we_are_near_the_whole_past_and_ranges_hold():
    near, far = score_flows(made(lasting(40)), ahead=(1, 3))
    for score in (near, far):
        for rule in ("last_month", "last_year", "pooled", "stay", "gravity"):
            assert score.split["asylia"] < score.split[rule]
        assert score.split["asylia"] < 1.05 * score.split["whole_past"]
        assert score.log_score["asylia"] < score.log_score["last_year"]
        assert 0.8 < score.held < 0.98
        assert score.months in {28, 26}


def test_totals_are_draws_of_whole_months_when_the_past_is_short():
    people = np.arange(12.0).reshape(6, 2)
    drawn = draw_totals(Months(people=people, events=np.zeros((0, 2))), 6)
    assert drawn.shape == (60, 2)
    assert np.isin(drawn, people).all()


def test_flows_command_gives_a_table_and_json(tmp_path):
    file = table(tmp_path, spelled(lasting(26)))
    told = ask("flows", file, "--json")
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert list(found["horizons"]) == ["1", "3", "6"]
    assert (found["places"], found["months"], found["places_with_position"]) == (5, 26, 0)
    assert {"split", "counts", "held", "difference", "skill"} < set(found["horizons"]["6"])
    shown = ask("flows", file)
    assert "out of danger" in shown.output


def test_flows_command_refuses_too_few_months_and_a_missing_file(tmp_path):
    for file in (table(tmp_path, spelled(lasting(12))), tmp_path / "none.csv"):
        done = ask("flows", file)
        assert done.exit_code == 2
        assert "Traceback" not in done.output


def test_returns_are_read_from_their_own_months(tmp_path):
    lines = ["date,admin1,idps,returnees"]
    for month in range(30):
        back = "" if month < 4 else 100 + month
        lines.append(f"{2016 + month // 12}-{month % 12 + 1:02}-01,Aleppo,7,{back}")
    file = tmp_path / "m.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = read_movements(file, RETURNED)
    assert (found.first, len(found.people), found.blanks) == (dt.date(2016, 5, 1), 26, 0)
    events = tmp_path / "e.csv"
    events.write_text("date_start,latitude,longitude\n2016-06-02,36.2,37.16\n", encoding="utf-8")
    done = ask("outflow", file, events, "--returns")
    assert done.exit_code == 0, done.output
    assert "Quiet is not safety" in done.output
    assert ask("outflow", file, events).exit_code == 0
