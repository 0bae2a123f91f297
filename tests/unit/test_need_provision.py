"""Provision that grows, and the worst day found by the kernel against the same worked out day by day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asylia.model.plan import Plan, Service, Zone
from asylia.model.scenario import Scenario, draw
from asylia.model.uncertain import Uncertain, fixed
from asylia.need.needs import capacity_by_standard, measure_many, measure_needs
from asylia.need.periods import months, most_people, person_days
from asylia.need.profiles import profile
from asylia.need.worst import provided_on

FIRST = dt.date(2017, 2, 23)
NEEDS = profile("emergency")
WATER = [need.measure.id for need in NEEDS].index("water")
MIDDLE = Scenario(seed=1, member=0, values={})


def plan(*services: Service, zones: int = 1) -> Plan:
    ids = [f"z{at}" for at in range(zones)]
    sites = tuple(Zone(id=i, name=i, place="p", capacity_people=fixed(1), opens=FIRST) for i in ids)
    return Plan(id="p", title="", summary="", zones=sites, services=services)


def water(people: float, ready: int = 0, ramp: int = 0, zone: str = "") -> Service:
    return Service(
        sector="any", indicator="WAT-04", zone=zone, provides_for_people=fixed(people),
        ready=FIRST + dt.timedelta(days=ready), ramp_up_days=ramp,
    )  # fmt: skip


def test_provision_grows_in_even_steps_from_its_first_day():
    assert [provided_on(100, 2, 4, day) for day in range(8)] == [0, 0, 20, 40, 60, 80, 100, 100]
    assert [provided_on(100, 2, 0, day) for day in range(4)] == [0, 0, 100, 100]


def test_a_service_that_ramps_up_leaves_people_short_until_it_is_whole():
    crowd = np.array([[1000] * 10], dtype=np.int64)
    found = measure_needs(crowd, plan(water(1000, ready=2, ramp=4)), MIDDLE, NEEDS, FIRST)
    assert (found.people[0, WATER], found.first_day[0, WATER], found.worst_day[0, WATER]) == (1000, 0, 0)
    late = np.array([[0, 0, 0, 1000, 1000, 1000, 1000, 1000, 1000, 1000]], dtype=np.int64)
    found = measure_needs(late, plan(water(1000, ready=2, ramp=4)), MIDDLE, NEEDS, FIRST)
    assert (found.people[0, WATER], found.first_day[0, WATER]) == (600, 3)
    assert found.provided[0, WATER] == 400 * 15


lines = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 12), st.integers(0, 9)), max_size=4)


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=20), lines)
def test_the_kernel_finds_what_a_plain_walk_over_the_days_finds(days, services):
    crowd = np.array([[days, days[::-1]]], dtype=np.int64)
    proposal = plan(*(water(*service) for service in services), zones=2)
    found = measure_many(crowd, proposal, [MIDDLE], NEEDS, FIRST)
    for zone in range(2):
        missing = [
            int(crowd[0, zone, day])
            - sum(provided_on(*service[:1], *service[1:], day) for service in services)
            for day in range(len(days))
        ]
        worst = max(*missing, 0)
        assert found.people[0, zone, WATER] == worst
        short = [day for day, gap in enumerate(missing) if gap > 0]
        assert found.first_day[0, zone, WATER] == (short[0] if short else -1)
        if worst:
            assert found.worst_day[0, zone, WATER] == missing.index(worst)
        else:
            assert crowd[0, zone, found.worst_day[0, zone, WATER]] == crowd[0, zone].max()


def test_many_members_at_once_are_the_members_one_by_one():
    crowd = np.arange(3 * 2 * 40).reshape(3, 2, 40) * 37 % 5000
    wide = Service(
        sector="any", indicator="SAN-01", provides_for_people=Uncertain(low=500, high=4000), ramp_up_days=9
    )
    proposal, scenarios = plan(wide, water(700, 3, 5, "z1"), zones=2), draw({}, 3, seed=7)
    many = measure_many(crowd, proposal, scenarios, NEEDS, FIRST)
    for at, scenario in enumerate(scenarios):
        one = measure_needs(crowd[at], proposal, scenario, NEEDS, FIRST)
        for name in ("needed", "provided", "short", "people", "first_day", "worst_day"):
            np.testing.assert_array_equal(getattr(many, name)[at], getattr(one, name))


@given(st.integers(1, 400), st.dates(dt.date(2015, 1, 1), dt.date(2020, 1, 1)))
def test_months_cover_every_day_once(days, first):
    found = months(first, days)
    assert [m.start for m in found[1:]] == [m.stop for m in found[:-1]]
    assert (found[0].start, found[-1].stop) == (0, days)
    assert all(
        m.first.month == m.last.month and (m.last - m.first).days == m.stop - m.start - 1 for m in found
    )
    people = np.arange(2 * days).reshape(2, days)
    assert person_days(people, first).sum() == people.sum()
    assert (most_people(people, first).max(axis=1) == people.max(axis=1)).all()


@pytest.mark.parametrize("area", [0.45, 5.3])
def test_capacity_by_ground_is_the_area_over_the_standard(area):
    table = capacity_by_standard(area, {}, NEEDS)
    assert table.filter(table["binds"])["standard"].to_list() == ["SIT-01"]
    assert table.filter(table["binds"])["people"].item() == int(area * 1e6 / 45)
