"""Person-days near lethal events, against a count done the long way."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import polars as pl
import pytest

from asylia.core.units import EARTH_RADIUS_KM
from asylia.model.scenario import Scenario
from asylia.study.exposed import in_zones
from asylia.threat.exposure import blur, expected_person_days, lived_near, person_days

RNG = np.random.default_rng(11)
HOMES = np.stack([34 + RNG.random(400) * 0.5, 37 + RNG.random(400) * 0.5], axis=1)
EVENTS = np.stack([34 + RNG.random(60) * 0.5, 37 + RNG.random(60) * 0.5], axis=1)
DAYS = RNG.integers(0, 20, 60)
STATIC = np.tile(RNG.integers(0, 5000, 400), (20, 1))


def km(one, other):
    """Great circle the long way, by the haversine."""
    (a, b), (c, d) = np.radians(one), np.radians(other)
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(h))


def brute(people, radius):
    total = 0
    for day in range(people.shape[0]):
        near = [e for e, when in zip(EVENTS, DAYS, strict=True) if when == day]
        total += sum(
            int(n)
            for home, n in zip(HOMES, people[day], strict=True)
            if any(km(home, e) <= radius for e in near)
        )
    return total


@pytest.mark.parametrize("radius", [1.0, 2.0, 5.0])
def test_a_static_population_is_counted_as_a_buffer_counts_it(radius):
    assert person_days(STATIC, HOMES, EVENTS, DAYS, radius) == pytest.approx(brute(STATIC, radius), rel=0.01)


def test_people_who_move_are_counted_where_they_are():
    moving = STATIC.copy()
    moving[10:] = np.roll(moving[10:], 7, axis=1)
    assert person_days(moving, HOMES, EVENTS, DAYS, 5.0) == brute(moving, 5.0)
    assert person_days(moving, HOMES, EVENTS, DAYS, 5.0) != person_days(STATIC, HOMES, EVENTS, DAYS, 5.0)


def test_nobody_is_counted_twice_on_a_day():
    twice = np.repeat(EVENTS[:1], 2, axis=0)
    once = person_days(STATIC, HOMES, twice[:1], np.array([3]), 5.0)
    assert person_days(STATIC, HOMES, twice, np.array([3, 3]), 5.0) == once


def test_blurred_positions_spread_the_count_and_coarse_ones_are_left_out():
    sharp = expected_person_days(STATIC, HOMES, EVENTS, DAYS, np.full(60, 1e-6), 5.0)
    exact = person_days(STATIC, HOMES, EVENTS, DAYS, 5.0)
    assert 0.6 * exact < sharp < exact
    assert blur(["exact", "near"]) == pytest.approx([math.hypot(2, 1), math.hypot(2, 10)])
    coarse = blur(["district"] * 60)
    assert expected_person_days(STATIC, HOMES, EVENTS, DAYS, coarse, 5.0) == 0.0


def test_the_engine_agrees_with_a_buffer_count_of_one_event_a_week():
    # a share within reach, one event a week: 7 days at 1 - exp(-share / 7) against one day at the share
    values = {f"people_within_{radius}_km": share for radius, share in ((1, 0.002), (2, 0.006), (5, 0.012))}
    people = np.full((1, 70), 10_000, dtype=np.int64)
    ones = np.ones((1, 10))
    found = in_zones(people, ones.astype(np.int64), ones, Scenario(seed=1, member=0, values=values)).sum(
        axis=(0, 2)
    )
    assert found == pytest.approx([10_000 * 10 * share for share in values.values()], rel=0.01)


def test_the_yearly_indicator_counts_residents_within_fifty_km():
    places = pl.DataFrame(
        {
            "id": ["a", "b", "c"],
            "lat": [34.0, 34.4, 36.0],
            "lon": [37.0, 37.0, 37.0],
            "population": [10, 20, 40],
        }
    )
    day = dt.date(2020, 6, 1)
    events = pl.DataFrame({"week": [day - dt.timedelta(weeks=4)], "place": ["a"], "events": [1]})
    assert lived_near(places, events, day) == (30, 70)
    assert lived_near(places, events, day + dt.timedelta(days=400)) == (0, 70)
