"""Plans side by side: which share a lane, and how wide the road is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import move_cases as m
from asylia.model.plan import Plan
from asylia.move.lanes import join, start
from asylia.move.run import simulate, simulate_all
from asylia.move.world import World, build_all, prepare_all

PLACES = [m.town("a", 40_000), m.town("b", 30_000), m.town("c", 20_000, "South")]
LEGS = [m.leg("a", "b", 30), m.leg("b", "c", 50)]
EVENTS = np.array([[30, 20, 10, 30], [0, 3, 20, 0], [0, 0, 0, 2]])


def worlds(*plans: Plan, people: int = 1, falls: tuple[int, ...] = ()) -> tuple[World, ...]:
    places = [{**place, "population": people * place["population"]} for place in PLACES]
    tiny = m.case(places, LEGS, people=[m.stock("North", 5_000), m.stock("South", 900)])
    grounds = prepare_all(tiny, plans)
    days = [np.full(len(ground.zones), -1, dtype=np.int64) for ground in grounds]
    for plan, day in enumerate(falls):
        days[plan][:] = day
    return build_all(grounds, m.scenario(), event_paths=EVENTS, overrun_days=days, days=28)


def named(name: str, *zones) -> Plan:
    return replace(m.plan(*zones), id=name)


def test_plans_with_the_same_zones_share_a_lane():
    zones = m.zone("one", "b", 2_000, opens=3), m.zone("two", "c", 500, opens=9)
    all_worlds = worlds(named("p", *zones), named("q", *zones), named("r", zones[0]), Plan.none())
    joined = join(all_worlds)
    assert joined.lane_of == (1, 1, 2, 0)
    assert joined.lanes.zone_from.tolist() == [0, 0, 2, 3]
    found = simulate_all(all_worlds)
    assert [history.plan for history in found] == ["p", "q", "r", "none"]
    assert m.same_bytes(found[0], found[1])
    assert not m.same_bytes(found[0], found[2])
    for world, history in zip(all_worlds, found, strict=True):
        assert m.same_bytes(simulate(world), history)


@pytest.mark.parametrize(
    "other",
    [
        m.zone("one", "b", 1_999, opens=3),
        m.zone("one", "c", 2_000, opens=3),
        m.zone("one", "b", 2_000, opens=4),
        m.zone("one", "b", 2_000, opens=3, closes=20),
        m.zone("uno", "b", 2_000, opens=3),
        m.zone("one", "b", 2_000, opens=3, admits_from=("North",)),
    ],
)
def test_any_difference_between_zones_is_a_lane_of_its_own(other):
    one = m.zone("one", "b", 2_000, opens=3)
    assert join(worlds(named("p", one), named("q", other))).lane_of == (1, 2)


def test_another_day_of_overrun_is_a_lane_of_its_own():
    zone = m.zone("one", "b", 2_000, opens=3)
    assert join(worlds(named("p", zone), named("q", zone), falls=(12, 13))).lane_of == (1, 2)


def test_the_road_is_as_wide_as_everybody_needs():
    few, many = (join(worlds(Plan.none(), people=people)) for people in (1, 50_000))
    assert start(few.facts, few.lanes).road.dtype == np.int32
    assert many.facts.residents.sum() > np.iinfo(np.int32).max
    assert start(many.facts, many.lanes).road.dtype == np.int64


@pytest.mark.slow
def test_billions_are_moved_and_none_is_lost():
    # compiled anew for the wider road, hence slow
    found = simulate(worlds(named("p", m.zone("one", "b", 2_000_000, opens=3)), people=50_000)[0])
    assert (found.counts[:6].sum(axis=0) == found.counts[:6, 0].sum()).all()
    assert found.count("newly_displaced")[-1] > 0
