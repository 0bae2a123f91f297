"""What follows when a zone is attacked, shrinks, closes or is cut off: nobody is lost and nobody walks through a closed way."""

from __future__ import annotations

import datetime as dt
import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asylia.core.errors import PlanError
from asylia.model.case import fingerprint
from asylia.model.modifiers import Prior
from asylia.model.plan import Decree, Funding, Plan
from asylia.model.uncertain import fixed
from asylia.model.what_if import KINDS, WhatIf
from asylia.move.run import simulate_all
from asylia.move.siege import Siege
from asylia.move.world import build, build_all, prepare, prepare_all
from asylia.study.conductor import compare, folders, with_no_zone
from asylia.study.members import Task, work
from asylia.study.movement import PLAIN
from asylia.study.settings import Settings
from asylia.study.what_ifs import find, switched, times
from asylia.testing import assert_people_kept, tiny_case

_SPEC = importlib.util.spec_from_file_location("move_cases", Path(__file__).parents[1] / "move_cases.py")
m = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(m)

DAYS = 42
WEEKS = DAYS // 7
ON = dt.date(2026, 1, 19)
LAND = m.case(
    [
        m.town("a", 30_000),
        m.town("b", 5_000),
        m.town("c", 8_000, "South"),
        m.crossing("x"),
        m.country("Away"),
    ],
    [m.leg("a", "b", 20), m.leg("b", "c", 30), m.leg("c", "x", 10), m.leg("x", "Away", 1, mode="crossing")],
    people=[m.stock("North", 900), m.stock("South", 400)],
)
SHARE = st.floats(0.0, 1.0)


def sieged(plan: Plan, shut, flight, *, falls=(), closures=(), draw=None, days=DAYS, case=LAND):
    case = replace(case, closures=m.frame(m.CLOSURES, closures)) if closures else case
    ground = prepare(case, plan)
    events = np.zeros((len(ground.places), -(-days // 7)), dtype=np.int64)
    events[ground.places.index("a")] = 6
    return build(
        case, plan, draw or m.scenario(), event_paths=events,
        overrun_days=np.array(falls or [-1] * len(ground.zones), dtype=np.int64), days=days, ground=ground,
        siege=Siege(shut=np.array(shut, dtype=np.bool_), flight=np.array(flight, dtype=np.float64)),
    )  # fmt: skip


@st.composite
def sieges(draw):
    zones = [m.zone("one", "b", draw(st.integers(10, 3000))), m.zone("two", "c", draw(st.integers(10, 3000)))]
    days = st.integers(0, DAYS + 5)
    zones = [
        replace(
            z,
            decrees=tuple(
                Decree(on=m.day(draw(days)), share=draw(SHARE)) for _ in range(draw(st.integers(0, 2)))
            ),
        )
        for z in zones
    ]
    shut = [[draw(st.booleans()) for _ in zones] for _ in range(WEEKS)]
    flight = [[draw(SHARE) for _ in zones] for _ in range(WEEKS)]
    return m.plan(*zones), shut, flight, [draw(st.integers(-1, DAYS - 1)) for _ in zones]


@settings(max_examples=25, deadline=None)
@given(sieges(), st.integers(0, 5))
def test_nobody_is_lost_however_zones_are_pressed(siege, member):
    plan, shut, flight, falls = siege
    draw = m.scenario(member)
    history = m.simulate(sieged(plan, shut, flight, falls=falls, draw=draw))
    assert_people_kept(history)
    assert m.same_bytes(history, m.simulate(sieged(plan, shut, flight, falls=falls, draw=draw)))


@settings(max_examples=15, deadline=None)
@given(sieges())
def test_pressed_plans_side_by_side_are_as_alone(siege):
    plan, shut, flight, falls = siege
    grounds = prepare_all(LAND, (Plan.none(), plan))
    events = np.full((len(grounds[0].places), WEEKS), 2, dtype=np.int64)
    calm = Siege(shut=np.zeros((WEEKS, 0), dtype=np.bool_), flight=np.zeros((WEEKS, 0)))
    own = Siege(shut=np.array(shut), flight=np.array(flight))
    worlds = build_all(
        grounds, m.scenario(), event_paths=events, days=DAYS, sieges=[calm, own],
        overrun_days=[np.empty(0, dtype=np.int64), np.array(falls, dtype=np.int64)],
    )  # fmt: skip
    for world, history in zip(worlds, simulate_all(worlds), strict=True):
        assert m.same_bytes(history, m.simulate(world))


def full_zone(**more):
    return m.plan(m.zone("one", "b", 2000, **more), m.zone("two", "c", 100_000))


CALM = np.zeros((WEEKS, 2), dtype=np.bool_)
STILL = np.zeros((WEEKS, 2))


def test_a_zone_that_shrinks_holds_no_more_than_its_new_limit_and_the_others_go_on():
    plan = full_zone(decrees=(Decree(on=m.day(20), share=0.05),))
    before = m.simulate(sieged(full_zone(), CALM, STILL))
    history = m.simulate(sieged(plan, CALM, STILL))
    assert (history.zone_people[0, :20] == before.zone_people[0, :20]).all()
    assert before.zone_people[0, 20] > 200
    assert history.zone_people[0, 20:].max() <= 100
    turned = history.count("turned_out")
    assert turned[19] == 0
    assert turned[20] == before.zone_people[0, 19] - 100
    assert history.zone_people[1, -1] > before.zone_people[1, -1]


def test_people_flee_at_the_end_of_a_week_of_attack_and_the_other_zone_takes_more():
    flight = STILL.copy()
    flight[2, 0] = 0.5
    before, history = (
        m.simulate(sieged(full_zone(), CALM, STILL)),
        m.simulate(sieged(full_zone(), CALM, flight)),
    )
    assert (history.zone_people[:, :20] == before.zone_people[:, :20]).all()
    assert history.zone_people[0, 20] < 0.7 * before.zone_people[0, 20]
    assert history.count("turned_out")[20] == pytest.approx(0.5 * before.zone_people[0, 19], rel=0.1)
    assert history.zone_people[1, -1] > before.zone_people[1, -1]


def test_a_zone_under_attack_lets_nobody_in():
    shut = CALM.copy()
    shut[:, 0] = True
    history = m.simulate(sieged(full_zone(), shut, STILL))
    assert history.zone_people[0].max() == 0
    assert history.zone_people[1].max() > 0


def test_who_flees_with_every_way_closed_is_trapped_and_nobody_leaks():
    flight, shut, cut = STILL.copy(), CALM.copy(), 14
    flight[2:, 0], shut[2:, 0] = 1.0, True
    closed = [m.closure("place", "b", cut, None)]
    history = m.simulate(
        sieged(full_zone(), shut, flight, closures=closed, draw=m.scenario(travel_km_per_day=120.0))
    )
    inside = history.zone_people[0, 19]
    assert inside > 0
    assert (history.count("trapped")[20:] >= inside).all()
    # nobody may leave b: what stands elsewhere does not come from the zone
    assert history.count("turned_out")[-1] == inside
    assert history.zone_people[0, 20:].max() == 0
    assert_people_kept(history)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_scenario_keeps_people_and_the_luck_of_no_zone(kind):
    case = tiny_case(days=28)
    plans = with_no_zone(case, case.plans)
    what_if = WhatIf(id="x", title="X", kind=kind, on=ON, times=2.0)
    changed, own, told = switched(case, plans, what_if)
    settings_ = Settings(members=3, days=28, seed=4, movement=PLAIN)
    first = work(Task(case=changed, plans=own, settings=settings_, members=range(3), what_if=told))
    again = work(Task(case=changed, plans=own, settings=settings_, members=range(3), what_if=told))
    plain = work(Task(case=case, plans=plans, settings=settings_, members=range(3)))
    for plan in plans:
        counts = first.plans[plan.id]["counts"]
        assert (counts[:, :6].sum(axis=1) == 40_000 + 3_000).all()
        assert all(
            np.array_equal(first.plans[plan.id][n], again.plans[plan.id][n], equal_nan=True)
            for n in first.plans[plan.id]
        )
    # up to the day it begins nothing differs
    before = (ON - case.first).days // 7
    for plan in plans:
        assert (
            first.plans[plan.id]["counts"][:, :, :before] == plain.plans[plan.id]["counts"][:, :, :before]
        ).all()


def test_scenarios_do_what_they_say():
    case = tiny_case(days=28)
    zoned = replace(
        case.plans[1], funding=(Funding(donor="A", status="paid", usd=fixed(5.0), source="invented"),)
    )
    pairs = {kind: switched(case, (zoned,), WhatIf(id="x", title="X", kind=kind, on=ON)) for kind in KINDS}
    assert pairs["mandate_ends"][1][0].zones[0].closes == ON
    assert pairs["donor_fails"][1][0].funding == ()
    assert pairs["zone_shrinks"][1][0].zones[0].decrees[0].share == 0.5
    incident = pairs["escalation_incident"][0].closures
    assert incident["to"].item() == ON + dt.timedelta(days=29)
    assert pairs["route_cut"][0].closures["to"].item() is None
    assert pairs["route_cut"][2].where == ("mill",)
    assert pairs["consent_withdrawn"][:2] == (case, (zoned,))


def test_a_confrontation_never_takes_events_away():
    counts = np.arange(12).reshape(3, 4)
    more = times(counts, 2.5, ["a", "b", "c"], seed=1, member=0)
    assert (more >= 2 * counts).all()
    assert (times(counts, 1.0, ["a", "b", "c"], seed=1, member=0) == counts).all()


@pytest.mark.parametrize("word", ["flood=2026-01-19", "route_cut", "route_cut=yesterday"])
def test_a_scenario_that_is_none_is_told_with_a_way_out(word):
    with pytest.raises(PlanError) as told:
        find(tiny_case(), word)
    assert told.value.problems[0].column == "scenario"
    assert told.value.problems[0].mend


def test_a_prior_is_part_of_the_name_of_those_plans_alone_that_it_moves(tmp_path):
    case = tiny_case()
    agreed = case.plans[1]
    silent = replace(
        agreed, id="other", protection=replace(agreed.protection, consent_armed_parties="partial")
    )
    plans, how = (Plan.none(), agreed, silent), Settings(members=2, days=28, seed=1, movement=PLAIN)
    prior = Prior(middle=2.0, low=1.0, high=3.0)
    first = folders(case, plans, how, tmp_path)
    other = folders(replace(case, modifiers={"consent_written": prior}), plans, how, tmp_path)
    assert {name for name in first if first[name] != other[name]} == {agreed.id}
    unused = folders(replace(case, modifiers={"force_against_the_state": prior}), plans, how, tmp_path)
    assert unused == first


def test_work_that_a_prior_does_not_touch_is_not_done_again(tmp_path):
    case, done = tiny_case(days=14), []
    compare(case, members=2, runs=tmp_path, executor="serial", progress=lambda now, of: done.append(of - now))
    assert done[0] == 4
    done.clear()
    changed = replace(case, modifiers={"consent_written": Prior(middle=2.0, low=1.0, high=3.0)})
    compare(
        changed, members=2, runs=tmp_path, executor="serial", progress=lambda now, of: done.append(of - now)
    )
    assert done[0] == 2


def test_old_fingerprints_stay_where_nothing_new_is_said():
    case = tiny_case()
    assert fingerprint(case) == fingerprint(replace(case, modifiers={}, scenarios=()))
    more = replace(case, scenarios=(WhatIf(id="x", title="X", kind="route_cut", on=ON),))
    assert fingerprint(case) != fingerprint(more)
