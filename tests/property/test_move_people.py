"""What holds in every case, plan, draw and day of the displacement engine."""

from __future__ import annotations

import importlib.util
import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from asylia.model.history import COUNTS
from asylia.model.plan import Plan
from asylia.move.lanes import join
from asylia.move.run import run_days, simulate, simulate_all
from asylia.move.world import build, build_all, prepare, prepare_all

_SPEC = importlib.util.spec_from_file_location("move_cases", Path(__file__).parents[1] / "move_cases.py")
m = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(m)

DAYS = 35
AREAS = ("North", "South", "East")
TOWNS = ("a", "b", "c", "d", "e")
TABLES = ("places", "routes", "events", "people", "closures")


@st.composite
def towns(draw, least=2):
    names = TOWNS[: draw(st.integers(least, 5))]
    return [
        m.town(
            name,
            draw(st.sampled_from([None, 0, 1, 40, 5_000, 2_000_000])),
            draw(st.sampled_from(AREAS)),
            controller=draw(st.sampled_from(["council", "army", "contested", None])),
            kind=draw(st.sampled_from(["town", "town", "site"])),
            capacity=draw(st.sampled_from([None, None, 100, 5000])),
        )
        for name in names
    ]


@st.composite
def closures(draw, legs, places):
    what, where = draw(
        st.sampled_from(
            [("border", "Hills"), *[("route", x["id"]) for x in legs], *[("place", x["id"]) for x in places]]
        )
    )
    first, last = draw(st.sampled_from([(None, None), (None, 9), (5, 12), (10, None), (5, 5)]))
    return m.closure(what, where, first, last, draw(st.sampled_from(["both", "in", "out"])))


@st.composite
def cases(draw):
    places = [*draw(towns()), m.crossing("gate"), m.country("Hills")]
    ids = [place["id"] for place in places]
    pairs = draw(
        st.lists(st.sampled_from([(x, y) for x in ids for y in ids if x < y]), unique=True, max_size=9)
    )
    legs = [
        m.leg(x, y, draw(st.sampled_from([1.0, 30.0, 31.5, 200.0])), one_way=draw(st.booleans()))
        for x, y in pairs
    ]
    people = [m.stock(area, draw(st.integers(0, 60_000))) for area in draw(st.sets(st.sampled_from(AREAS)))]
    people += [m.arrivals(area, draw(st.integers(1, 9000))) for area in AREAS]
    events = [m.fights(place, 2, draw(st.integers(1, 15))) for place in ids[:1]]
    shut = draw(st.lists(closures(legs, places), max_size=3))
    return m.case(places, legs, people=people, events=events, closures=shut)


@st.composite
def plans(draw, tiny):
    hosts = tiny.places.filter(pl.col("kind") == "town").sort("id")["id"].to_list()
    if not hosts:
        return Plan.none()
    zones = []
    for name in draw(st.sets(st.sampled_from(["x", "y", "z"]))):
        opens = draw(st.integers(-3, 20))
        closes = draw(st.sampled_from([None, opens + 1, opens + 15]))
        admits = draw(st.sampled_from([(), ("North",), ("South", "a")]))
        capacity = draw(st.sampled_from([1, 50, 800, 10**7]))
        zones.append(m.zone(name, draw(st.sampled_from(hosts)), capacity, opens, closes, admits_from=admits))
    return m.plan(*zones)


@st.composite
def runs(draw):
    """A case, a plan and the rest of what `move_cases.run` takes."""
    tiny = draw(cases())
    weeks = st.lists(st.integers(0, 8), min_size=5, max_size=5)
    scenario = m.scenario(
        draw(st.integers(0, 99)),
        draw(st.integers(0, 99)),
        onward_share_per_week=draw(st.sampled_from([0.0, 0.01, 0.5])),
        return_share_per_week=draw(st.sampled_from([0.0, 0.01, 0.9])),
        return_quiet_weeks=draw(st.sampled_from([0.0, 3.0])),
        leave_country_share=draw(st.sampled_from([0.0, 0.3, 1.0])),
        travel_km_per_day=draw(st.sampled_from([20.0, 120.0])),
    )
    if draw(st.booleans()):
        scenario = replace(scenario, learned=m.learned(), reported={"North": (3.0, 0.2)})
    settings = {
        "draw": scenario,
        "days": DAYS,
        "events": {place: draw(weeks) for place in tiny.places["id"].to_list()},
        "falls": {name: draw(st.integers(-1, 30)) for name in "xyz"},
    }
    return tiny, draw(plans(tiny)), settings


def state_after(tiny, plan, settings):
    """Run the kernel and return its facts and its last state, which a history does not show."""
    ground = prepare(tiny, plan)
    paths = np.array([settings["events"][place] for place in ground.places], dtype=np.int64)
    falls = np.array([settings["falls"][zone] for zone in ground.zones], dtype=np.int64)
    world = build(
        tiny, plan, settings["draw"], event_paths=paths, overrun_days=falls, days=DAYS, ground=ground
    )
    joined = join((world,))
    state, _ = run_days((world,), joined)
    return world.facts, state, joined.lane_of[0]


@given(runs())
def test_nobody_is_lost_or_made(setting):
    tiny, plan, rest = setting
    history = m.run(tiny, plan, **rest)
    everybody = (
        tiny.people.filter(pl.col("measure") == "stock")["persons"].sum() + tiny.places["population"].sum()
    )
    assert (history.counts >= 0).all()
    assert (history.counts[:6].sum(axis=0) == everybody).all()
    assert (np.diff(history.counts[6:12], axis=1) >= 0).all()
    assert (history.count("enclosed") <= history.count("in_zones")).all()
    assert np.array_equal(history.zone_people.sum(axis=0), history.count("in_zones"))
    assert history.displaced_at.sum() == history.count("displaced_outside_zones")[-1]
    assert history.zone_refused.sum() == history.count("refused")[-1]
    assert np.array_equal(history.count("crossed"), history.count("abroad_new"))
    assert history.count("residents")[-1] - history.count("returned")[-1] == (
        tiny.places["population"].sum() - history.count("newly_displaced")[-1]
    )


@given(runs())
def test_a_zone_never_holds_more_than_it_can(setting):
    tiny, plan, rest = setting
    history = m.run(tiny, plan, **rest)
    for row, name in enumerate(history.zones):
        zone = next(zone for zone in plan.zones if zone.id == name)
        assert history.zone_people[row].max() <= zone.capacity_people.low
        last = DAYS if zone.closes is None else (zone.closes - tiny.first).days
        fall = rest["falls"][name] if rest["falls"][name] >= 0 else DAYS
        assert history.zone_people[row, max(min(last, fall), 0) :].sum() == 0
        assert history.zone_people[row, : max((zone.opens - tiny.first).days, 0)].sum() == 0


@given(runs())
def test_never_more_go_home_to_a_district_than_are_away_from_it(setting):
    facts, state, lane = state_after(*setting)
    assert (state.away >= 0).all()
    assert (state.residents >= 0).all()
    # what leaves one goes to the other, so their sum is what it was
    assert np.array_equal((state.away + state.residents)[:, lane], facts.away + facts.residents)


@given(runs(), st.data())
def test_plans_side_by_side_come_out_as_if_each_had_run_alone(setting, data):
    tiny, plan, rest = setting
    many = [replace(plan, id="first"), Plan.none(), replace(data.draw(plans(tiny)), id="second")]
    many = data.draw(st.permutations(many))
    grounds = prepare_all(tiny, many)
    worlds = build_all(
        grounds,
        rest["draw"],
        event_paths=np.array([rest["events"][place] for place in grounds[0].places], dtype=np.int64),
        overrun_days=[
            np.array([rest["falls"][zone] for zone in ground.zones], dtype=np.int64) for ground in grounds
        ],
        days=DAYS,
    )
    for world, history in zip(worlds, simulate_all(worlds), strict=True):
        assert m.same_bytes(history, simulate(world))


@given(runs())
def test_the_same_seed_gives_the_same_bytes(setting):
    tiny, plan, rest = setting
    assert m.same_bytes(m.run(tiny, plan, **rest), m.run(tiny, plan, **rest))


def test_another_seed_or_member_gives_other_draws():
    tiny = m.case([m.town("a"), m.town("b")], [m.leg("a", "b", 30)])
    events = {"a": [4, 4, 4, 4, 4]}
    first = m.run(tiny, draw=m.scenario(0, 1), events=events)
    assert not m.same_bytes(first, m.run(tiny, draw=m.scenario(0, 2), events=events))
    assert not m.same_bytes(first, m.run(tiny, draw=m.scenario(1, 1), events=events))


@given(runs(), st.integers(0, 10**6))
def test_the_order_of_rows_is_irrelevant(setting, seed):
    tiny, plan, rest = setting
    shuffled = {name: getattr(tiny, name).sample(fraction=1.0, shuffle=True, seed=seed) for name in TABLES}
    turned = replace(plan, zones=plan.zones[::-1])
    assert m.same_bytes(m.run(tiny, plan, **rest), m.run(replace(tiny, **shuffled), turned, **rest))


@given(runs(), st.data())
def test_closing_a_leg_nobody_uses_changes_nothing(setting, data):
    # unused: between two places that another open leg joins in both directions, on all days, over a shorter way
    tiny, plan, rest = setting
    short = m.leg("a", "b", 25.0)
    long = {**m.leg("a", "b", data.draw(st.sampled_from([25.5, 90.0]))), "id": "detour"}
    legs = pl.concat([tiny.routes.filter(pl.col("id") != "a-b"), m.frame(m.ROUTES, [short, long])])
    shut = tiny.closures.filter(~pl.col("where").is_in(["a", "b", "a-b"]))
    first = data.draw(st.sampled_from([None, 7]))
    last = data.draw(st.sampled_from([None, 20]))
    direction = data.draw(st.sampled_from(["both", "in", "out"]))
    closed = pl.concat([shut, m.frame(m.CLOSURES, [m.closure("route", "detour", first, last, direction)])])
    before = m.run(replace(tiny, routes=legs, closures=shut), plan, **rest)
    assert m.same_bytes(before, m.run(replace(tiny, routes=legs, closures=closed), plan, **rest))


@given(runs(), st.sampled_from([0, 700, 90_000]))
def test_a_place_without_a_way_leaves_all_others_untouched(setting, population):
    # the new place lies in an area of its own, of which nothing is recorded, and has fighting of its own
    tiny, plan, rest = setting
    more = pl.concat([tiny.places, m.frame(m.PLACES, [m.town("aa-new", population, "West")])])
    events = {**rest["events"], "aa-new": [6, 0, 6, 0, 6]}
    before = m.run(tiny, plan, **rest)
    after = m.run(replace(tiny, places=more), plan, **{**rest, "events": events})
    row = after.places.index("aa-new")
    assert np.array_equal(np.delete(after.displaced_at, row), before.displaced_at)
    assert np.array_equal(after.zone_people, before.zone_people)
    assert np.array_equal(after.person_km, before.person_km)
    assert after.displaced_at[row] == 0
    change = after.counts - before.counts
    left = change[COUNTS.index("newly_displaced")]
    assert np.array_equal(change[COUNTS.index("trapped")], left)
    assert np.array_equal(change[COUNTS.index("residents")], population - left)
    kept = [row for row, name in enumerate(COUNTS) if name not in ("newly_displaced", "trapped", "residents")]
    assert not change[kept].any()


@given(runs())
def test_a_far_small_place_leaves_all_others_untouched(setting):
    # each place has as many better towns within reach as its people consider
    tiny, plan, rest = setting
    ring = [m.leg(x, y, 20.0) for x, y in itertools.pairwise(TOWNS)]
    spare = [m.town(name, 5000) for name in TOWNS if name not in tiny.places["id"].to_list()]
    towns_all = pl.concat([tiny.places, m.frame(m.PLACES, spare)]).with_columns(pl.lit("town").alias("kind"))
    towns_all = towns_all.filter(pl.col("id").is_in(TOWNS))
    rest = {**rest, "events": {name: rest["events"].get(name, []) for name in TOWNS}, "options": 2}
    legs = m.frame(m.ROUTES, ring)
    base = replace(tiny, places=towns_all, routes=legs, closures=tiny.closures.clear())
    more = pl.concat([towns_all, m.frame(m.PLACES, [m.town("far", 1, "West", controller="others")])])
    longer = pl.concat([legs, m.frame(m.ROUTES, [m.leg("c", "far", 15_000.0)])])
    before = m.run(base, plan, **rest)
    after = m.run(replace(base, places=more, routes=longer), plan, **rest)
    row = after.places.index("far")
    assert np.array_equal(np.delete(after.displaced_at, row), before.displaced_at)
    assert np.array_equal(after.counts[1:], before.counts[1:])
    assert np.array_equal(after.person_km, before.person_km)


@given(runs())
def test_a_zone_with_room_for_everybody_refuses_nobody(setting):
    tiny, plan, rest = setting
    zones = [replace(zone, capacity_people=m.fixed(1e9), closes=None) for zone in plan.zones]
    history = m.run(tiny, m.plan(*zones), **{**rest, "falls": {}})
    assert history.count("refused")[-1] == 0


@given(
    places=towns(least=3),
    weeks=st.lists(st.lists(st.integers(0, 9), min_size=5, max_size=5), min_size=5, max_size=5),
    capacity=st.sampled_from([1, 200, 3000]),
    names=st.sampled_from([("x", "y"), ("y", "x")]),
    opens=st.integers(0, 20),
    member=st.integers(0, 99),
)
def test_opening_a_zone_with_room_beside_another_never_refuses_more(
    places, weeks, capacity, names, opens, member
):
    """Exact in this setting: each person chooses once.

    One zone may fill; another with room for everybody opens beside it. People leave home and settle: nobody moves on
    or returns, word of a full zone does not spread, every place has a town in reach, and ways do not change. Then as
    many leave in both plans, with the same luck, and every choice sends no more people to the zone that may fill.
    With moving on, people who found room could be turned away elsewhere later, and no such order holds.
    """
    places = [{**place, "kind": "town", "capacity": None} for place in places]
    ids = [place["id"] for place in places]
    tiny = m.case(places, [m.leg(x, y, 40.0) for x, y in itertools.pairwise(ids)])
    rules = m.scenario(
        member,
        onward_share_per_week=0.0,
        onward_hazard_share=0.0,
        return_share_per_week=0.0,
        full_zone_weight=1.0,
    )
    settings = {"draw": rules, "days": DAYS, "events": dict(zip(ids, weeks, strict=False))}
    tight, roomy = m.zone(names[0], "a", capacity), m.zone(names[1], "b", 10**9, opens)
    alone, beside = m.run(tiny, m.plan(tight), **settings), m.run(tiny, m.plan(tight, roomy), **settings)
    assert (beside.count("refused") <= alone.count("refused")).all()
    assert beside.zone_refused[beside.zones.index(names[1])] == 0


@given(runs())
def test_a_plan_without_zones_and_no_plan_are_the_same(setting):
    tiny, _, rest = setting
    empty = Plan(id="words", title="Words", summary="")
    assert m.same_bytes(m.run(tiny, empty, **rest), m.run(tiny, Plan.none(), **rest))


@given(runs())
def test_a_zone_that_nobody_reaches_changes_nothing(setting):
    tiny, _, rest = setting
    late = m.plan(m.zone("x", tiny.places.filter(pl.col("id") == "a")["id"][0], 500, DAYS + 1))
    with_zone, without = m.run(tiny, late, **rest), m.run(tiny, **rest)
    assert with_zone.counts.tobytes() == without.counts.tobytes()
    assert with_zone.displaced_at.tobytes() == without.displaced_at.tobytes()
