"""What goes into a world: ways, stock, past fighting, and the fit of departures to records."""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asylia.core.errors import CaseError
from asylia.model.plan import Plan
from asylia.model.uncertain import Evidence
from asylia.move import routes
from asylia.move.departures import fit
from asylia.move.ground import _read_places
from asylia.move.past import read_past
from asylia.move.routes import find_ways
from asylia.move.stock import largest_remainder, people_displaced
from asylia.move.world import build

_SPEC = importlib.util.spec_from_file_location("move_cases", Path(__file__).parents[1] / "move_cases.py")
m = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(m)


def ways(tiny):
    return find_ways(tiny, tiny.places.sort("id"))


def world(tiny, **values):
    ground_places = tiny.places.height
    return build(
        tiny,
        Plan.none(),
        m.scenario(**values),
        event_paths=np.zeros((ground_places, 4), dtype=np.int64),
        overrun_days=np.zeros(0, dtype=np.int64),
        days=28,
    )


@given(
    people=st.integers(0, 10**12),
    weights=st.lists(st.floats(0, 1e6), min_size=1, max_size=20),
)
def test_largest_remainder_shares_out_everybody_and_nearly_in_proportion(people, weights):
    shared = largest_remainder(np.array([people]), np.array([weights]))[0]
    assert shared.sum() == people
    total = sum(weights)
    exact = [people * (w / total if total > 0 else 1 / len(weights)) for w in weights]
    assert np.allclose(shared, exact, atol=1 + 1e-9 * people)


def test_shortest_ways_add_up_along_open_legs():
    tiny = m.case(
        [m.town(x) for x in "abc"], [m.leg("a", "b", 30), m.leg("b", "c", 12.5), m.leg("a", "c", 60)]
    )
    found = ways(tiny)
    assert found.starts.tolist() == [0]
    assert found.km[0, 0].tolist() == [0.0, 30.0, 42.5]


def test_of_two_legs_between_the_same_places_the_shorter_counts():
    twin = {**m.leg("a", "b", 12), "id": "twin"}
    assert ways(m.case([m.town("a"), m.town("b")], [m.leg("a", "b", 30), twin])).km[0, 0, 1] == 12.0


def test_epochs_begin_where_ways_open_or_close():
    tiny = m.case(
        [m.town("a"), m.town("b")],
        [m.leg("a", "b", 30, open_from=m.day(-5), open_to=m.day(20))],
        closures=[m.closure("route", "a-b", 5, 9), m.closure("place", "b", None, 2)],
    )
    found = ways(tiny)
    assert found.starts.tolist() == [0, 3, 5, 10, 21]
    assert np.isfinite(found.km[:, 0, 1]).tolist() == [False, True, False, True, False]


def test_a_closed_border_leaves_the_way_as_if_open():
    places = [m.town("a"), m.crossing("gate"), m.country("Hills")]
    tiny = m.case(
        places, [m.leg("a", "gate", 30), m.leg("gate", "Hills", 5)], closures=[m.closure("border", "Hills")]
    )
    found = ways(tiny)
    row = tiny.places.sort("id")["id"].to_list()
    start, end = row.index("a"), row.index("Hills")
    assert found.km[0, start, end] == np.inf
    assert found.abroad_if_open[0, start, found.abroad.tolist().index(end)] == 35.0


def test_a_case_with_too_many_places_is_told_so(monkeypatch):
    tiny = m.case([m.town("a"), m.town("b")], [m.leg("a", "b", 30, open_to=m.day(20))])
    monkeypatch.setattr(routes, "MOST_TABLE_BYTES", 8 * 2 * 2**2)
    assert ways(tiny).km.shape == (2, 2, 2)
    monkeypatch.setattr(routes, "MOST_TABLE_BYTES", 8 * 2 * 2**2 - 1)
    with pytest.raises(CaseError, match="with 2 places and ways that change on 1 days"):
        ways(tiny)


def test_control_is_the_same_another_or_unclear():
    holders = {"a": "army", "b": "army", "c": "council", "d": "mixed"}
    atlas = _read_places(m.case([m.town(name, controller=holder) for name, holder in holders.items()]))
    place = np.arange(len(holders))
    assert atlas.other_control(place[:, None], place).tolist() == [
        [0.0, 0.0, 1.0, 0.5],
        [0.0, 0.0, 1.0, 0.5],
        [1.0, 1.0, 0.0, 0.5],
        [0.5, 0.5, 0.5, 0.5],
    ]


def test_without_stock_nobody_is_displaced_at_the_start():
    assert world(m.case([m.town("a"), m.town("b")])).facts.stock.sum() == 0


def test_the_latest_stock_of_each_origin_counts_and_the_national_figure_scales_it():
    rows = [
        m.stock("North", 999, date=m.day(-400)),
        m.stock("North", 300),
        m.stock("South", 100),
        m.stock("South", 5, group="children"),
        m.stock("North", 7777, date=m.day(3)),
    ]
    tiny = m.case([m.town("a"), m.town("b", area="South")], people=rows)
    assert people_displaced(tiny) == 400
    assert world(tiny).facts.stock.sum(axis=1).tolist() == [300, 100]
    national = m.case([m.town("a"), m.town("b", area="South")], people=[*rows, m.stock(None, 1001)])
    assert people_displaced(national) == 1001
    assert world(national).facts.stock.sum(axis=1).tolist() == [751, 250]


def test_a_national_stock_alone_is_spread_by_who_lives_where():
    places = [m.town("a", 3000), m.town("b", 1000, area="South")]
    assert world(m.case(places, people=[m.stock(None, 400)])).facts.stock.sum(axis=1).tolist() == [300, 100]


def test_stock_stays_in_its_area_by_the_share_and_goes_where_people_arrive():
    places = [m.town("a", area="North"), m.town("b", area="South"), m.town("c", area="East")]
    people = [m.stock("North", 10_000), m.arrivals("South", 300), m.arrivals("East", 100)]
    facts = world(m.case(places, people=people), stock_same_area_share=0.5, stock_spread=0.0).facts
    assert facts.stock[1].tolist() == [5000, 3750, 1250]


def test_the_last_stock_map_counts_where_the_mix_says_so():
    places = [m.town("a", area="North"), m.town("b", area="South"), m.town("c", area="East")]
    mapped = {**m.stock(None, 800, date=m.day(-700)), "area": "East"}
    people = [m.stock("North", 10_000), m.arrivals("South", 300), mapped]
    tiny = m.case(places, people=people)
    rules = {"stock_same_area_share": 0.0, "stock_spread": 0.0}
    assert world(tiny, **rules, stock_rule_mix=1.0).facts.stock[1].tolist() == [0, 10_000, 0]
    assert world(tiny, **rules, stock_rule_mix=0.0).facts.stock[1].tolist() == [0, 0, 10_000]
    assert world(tiny, **rules, stock_rule_mix=0.25).facts.stock[1].tolist() == [0, 2500, 7500]


def test_people_away_are_those_displaced_from_each_area():
    places = [m.town("a", 3000), m.town("b", 1000), m.town("c", area="South")]
    facts = world(m.case(places, people=[m.stock("North", 400), m.stock("South", 7)])).facts
    assert facts.away.tolist() == [300, 100, 7]


def test_past_fighting_is_counted_back_from_the_first_day():
    events = [m.fights("a", 3, 1), m.fights("a", 2, 4), m.fights("b", 1, 6), m.fights("a", 9, 30)]
    past = read_past(m.case([m.town(x) for x in "abc"], events=events), ["a", "b", "c"])
    assert past.recent.tolist() == [[2, 0, 0, 3], [0] * 4, [0] * 4]
    assert past.quiet_weeks.tolist() == [0, 5, 30]


RATE = 120


@pytest.fixture(scope="module")
def recorded():
    """A country in which 120 people leave home for each event, month by month, and twice that in one month."""
    places = [
        m.town(x, area=area) for x, area in zip("abcd", ["North", "South", "East", "West"], strict=True)
    ]
    start = m.FIRST - dt.timedelta(weeks=40)
    weekly = {"a": 4, "b": 2, "c": 7, "d": 0}
    events = [
        {"week": start + dt.timedelta(weeks=week), "place": place, "events": number}
        for week in range(40)
        for place, number in weekly.items()
    ]
    people = [m.stock("North", 37_500), m.stock("West", 12_500)]
    for month in range(10):
        factor = 2 if month == 4 else 1
        for place, area in zip("abc", ["North", "South", "East"], strict=True):
            date = start + dt.timedelta(weeks=4 * month)
            persons = RATE * factor * 4 * weekly[place]
            row = {"date": date, "days": 28, "measure": "newly_displaced", "status": "idp", "area": area}
            people += [{**row, "persons": persons}, {**row, "measure": "returned", "persons": 100}]
    return m.case(places, people=people, events=events)


def test_the_fit_finds_the_recorded_rate(recorded):
    found = fit(recorded)
    rate = found.rules["displaced_per_event"]
    assert found.per_event == pytest.approx(RATE * 1.1)
    draws = [rate.at((k + 0.5) / 4000) for k in range(4000)]
    assert np.mean(draws) == pytest.approx(RATE * 1.1, rel=1e-3)
    assert rate.low < RATE < rate.high
    assert all(rule.evidence is Evidence.DERIVED and rule.why for rule in found.rules.values())


def test_the_fit_sets_predicted_beside_recorded(recorded):
    found = fit(recorded)
    first, last = recorded.first - dt.timedelta(weeks=40), recorded.first - dt.timedelta(days=1)
    predicted, seen = found.per_day(first, last)
    assert predicted == pytest.approx(seen)
    assert found.per_day(first, first + dt.timedelta(days=27))[1] == pytest.approx(RATE * 13 / 7)
    assert found.months["recorded"].sum() == pytest.approx(found.months["predicted"].sum())
    assert found.areas.filter(pl.col("area") == "West")["log_ratio"].to_list() == [None]


def test_the_spread_is_that_of_months_and_not_of_areas(recorded):
    spread = fit(recorded).rules["departure_spread"]
    expected = np.sqrt(3 * 10 * np.var([np.log(2), *[0.0] * 9]) / 27)
    assert spread.low < expected < spread.high
    # an area in which hardly anybody arrives moves its mean, not the spread
    fewer = recorded.people.with_columns(
        pl.when((pl.col("area") == "South") & (pl.col("measure") == "newly_displaced"))
        .then(pl.col("persons") // 8)
        .otherwise("persons")
        .alias("persons")
    )
    again = fit(m.replace(recorded, people=fewer)).rules["departure_spread"]
    assert again.low == pytest.approx(spread.low)


def test_returns_are_taken_over_people_displaced_and_quiet_homes(recorded):
    # the homes of a quarter have been quiet; 300 people a month of 50,000 went home
    rule = fit(recorded).rules["return_share_per_week"]
    assert rule.low < 300 / 28 * 7 / 50_000 / 0.25 < rule.high


def test_nothing_is_fitted_without_flows_or_without_events(recorded):
    assert fit(m.case([m.town("a")])).rules == {}
    assert fit(m.replace(recorded, events=recorded.events.clear())).rules == {}
    short = recorded.people.filter(pl.col("date") < recorded.first - dt.timedelta(weeks=33))
    assert fit(m.replace(recorded, people=short)).rules == {}


def test_the_fit_ignores_the_order_of_rows(recorded):
    shuffled = m.replace(
        recorded,
        people=recorded.people.sample(fraction=1.0, shuffle=True, seed=3),
        events=recorded.events.sample(fraction=1.0, shuffle=True, seed=4),
    )
    assert fit(shuffled).rules == fit(recorded).rules
