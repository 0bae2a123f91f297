"""Whole persons: each day's newcomers choose a camp and are on the road for the days the way takes."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.core.binomial import binomial_quantile
from asylia.core.draws import fold, to_unit
from asylia.move.fitted.facts import Facts
from asylia.move.fitted.flow import by_origin, pulls, sending, share_out

Vector = NDArray[np.float64]
Whole = NDArray[np.int64]
ROUNDS = 8
"""Times that people whom a full camp turned away choose again on one day."""


class Road(NamedTuple):
    """Days on the road from each place of origin to each camp, (o, c), and the salt of each camp's luck."""

    days: Whole
    salt: NDArray[np.uint64]


class Record(NamedTuple):
    """What a run leaves behind: people in camps (day, camp), on the road, everybody who set out, and who waits (day,)."""

    people: Whole
    travelling: Whole
    started: Whole
    waiting: Whole


@njit(cache=True)
def run(facts: Facts, values: Vector, luck: Vector, road: Road, record: Record, key: np.uint64) -> int:
    """Fill the record; return the first day on which somebody is missing, or -1.

    Parameters
    ----------
    facts
        By single days.
    luck
        (day, camp), log factors.
    """
    days, camps = luck.shape
    fixed, near, sends = pulls(facts, values), by_origin(facts, values), sending(facts, values)
    longest = road.days.max() + 1
    coming = np.zeros((longest, camps), dtype=np.int64)
    here = facts.start.astype(np.int64)
    heading = here.copy()
    started, waiting = here.sum(), 0
    weights, given = np.empty(longest), np.zeros(camps, dtype=np.int64)
    for day in range(days):
        waiting += np.int64(facts.newcomers[day])
        pull = fixed[day] * np.exp(luck[day])
        today = fold(key, np.uint64(day))
        before = waiting
        waiting = _choose(facts, values, day, pull, heading, given, waiting, road.salt, today)
        started += before - waiting
        for camp in range(camps):
            _set_out(road, near[:, camp], sends[day], camp, given[camp], weights, coming, day, today)
            slot = day % longest
            here[camp] += coming[slot, camp]
            coming[slot, camp] = 0
        record.people[day] = here
        record.travelling[day] = coming.sum()
        record.started[day] = started
        record.waiting[day] = waiting
        if here.sum() + record.travelling[day] != started:
            return day
    return -1


@njit(cache=True)
def _choose(
    facts: Facts, values: Vector, day: int, pull: Vector, heading: Whole, given: Whole, people: int,
    salt: NDArray[np.uint64], key: np.uint64,
) -> int:  # fmt: skip
    """Let people choose camps: fill `given`, add to who is there or on the way; return who found none."""
    given[:] = 0
    shares = np.zeros(given.size)
    left = people
    for turn in range(ROUNDS):
        if left <= 0:
            break
        shares[:] = 0.0
        share_out(facts, values, day, pull, heading.astype(np.float64), shares)
        rest = shares.sum()
        if rest <= 0.0:
            break
        pool, left = left, 0
        for camp in range(given.size):
            here = pool
            if shares[camp] < rest * (1.0 - 1e-12):
                lucky = to_unit(fold(fold(key, salt[camp]), np.uint64(turn)))
                here = binomial_quantile(pool, shares[camp] / rest, lucky)
            rest -= shares[camp]
            pool -= here
            room = max(math.floor(min(facts.room[camp], 1e15)) - heading[camp], 0)
            left += max(here - room, 0)
            given[camp] += min(here, room)
            heading[camp] += min(here, room)
    return left


@njit(cache=True)
def _set_out(
    road: Road, near: Vector, sends: Vector, camp: int, people: int, weights: Vector, coming: Whole, day: int,
    key: np.uint64,
) -> None:  # fmt: skip
    """Share the people of a camp out over the days their way takes."""
    if people <= 0:
        return
    weights[:] = 0.0
    for origin in range(near.size):
        weights[road.days[origin, camp]] += near[origin] * sends[origin]
    rest = weights.sum()
    left = people
    own = fold(fold(key, road.salt[camp]), np.uint64(ROUNDS))
    for later in range(weights.size):
        if weights[later] <= 0.0 or left <= 0:
            continue
        here = left
        if weights[later] < rest * (1.0 - 1e-12):
            here = binomial_quantile(left, weights[later] / rest, to_unit(fold(own, np.uint64(later))))
        rest -= weights[later]
        coming[(day + later) % weights.size, camp] += here
        left -= here
    if left > 0:
        # rounding left nobody's share: the last of them take the longest way
        coming[(day + weights.size - 1) % weights.size, camp] += left
