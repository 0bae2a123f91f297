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
Salt = NDArray[np.uint64]
NEARLY_ALL = 1.0 - 1e-12
"""Share of what is left from which on it is all of it: sums of floats are not exact."""
MOST = 1e15
"""Room of a camp without a limit."""
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
    # row 0: who is in a camp or on the way to it; row 1: who chose it today
    bound = np.zeros((2, camps), dtype=np.int64)
    bound[0] = here
    started, waiting = int(here.sum()), 0
    for day in range(days):
        waiting += int(facts.newcomers[day])
        today = fold(key, np.uint64(day))
        started += waiting
        waiting = _choose(
            facts, values, day, fixed[day] * np.exp(luck[day]), bound, waiting, road.salt, today
        )
        started -= waiting
        slot = day % longest
        for camp in range(camps):
            _set_out(road, near[:, camp] * sends[day], camp, bound[1, camp], coming, day, today)
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
    facts: Facts,
    values: Vector,
    day: int,
    pull: Vector,
    bound: Whole,
    people: int,
    salt: Salt,
    key: np.uint64,
) -> int:
    """Let people choose camps; return who found none. Who finds a camp full chooses again."""
    bound[1] = 0
    shares = np.zeros(pull.size)
    left = people
    for turn in range(ROUNDS):
        shares[:] = 0.0
        share_out(facts, values, day, pull, bound[0].astype(np.float64), shares)
        rest = shares.sum()
        if left <= 0 or rest <= 0.0:
            break
        pool, left = left, 0
        for camp in range(pull.size):
            here = pool
            if shares[camp] < rest * NEARLY_ALL:
                lucky = to_unit(fold(fold(key, salt[camp]), np.uint64(turn)))
                here = binomial_quantile(pool, shares[camp] / rest, lucky)
            rest -= shares[camp]
            pool -= here
            taken = min(here, max(math.floor(min(facts.room[camp], MOST)) - bound[0, camp], 0))
            left += here - taken
            bound[:, camp] += taken
        left += pool
    return left


@njit(cache=True)
def _set_out(
    road: Road, strength: Vector, camp: int, people: int, coming: Whole, day: int, key: np.uint64
) -> None:
    """Share the people of a camp out over the days their way takes, by the strength of each place of origin."""
    if people <= 0:
        return
    weights = np.zeros(coming.shape[0])
    for origin in range(strength.size):
        weights[road.days[origin, camp]] += strength[origin]
    rest = weights.sum()
    left = people
    own = fold(fold(key, road.salt[camp]), np.uint64(ROUNDS))
    for later in range(weights.size):
        here = left
        if weights[later] < rest * NEARLY_ALL:
            here = binomial_quantile(left, weights[later] / rest, to_unit(fold(own, np.uint64(later))))
        rest -= weights[later]
        coming[(day + later) % weights.size, camp] += here
        left -= here
    # who is left by rounding alone takes the longest way
    coming[(day + weights.size - 1) % weights.size, camp] += left
