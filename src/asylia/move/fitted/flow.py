"""The expected flow: where each stretch's newcomers go, and who is in which camp after it."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.move.fitted.facts import (
    CAPACITY,
    FAMILIAR,
    HALF_LIFE,
    INCOME,
    LEAK,
    NEARNESS,
    NEST,
    NETWORK,
    ORIGIN_SIZE,
    REACH,
    SIZE,
    Facts,
)

Vector = NDArray[np.float64]
NARROWEST = 0.02
"""Least dissimilarity within a country: below it only the best camp of a country would count, and powers overflow."""
NOBODY = 0.5
"""Expected people too few to place."""


@njit(cache=True)
def by_origin(facts: Facts, values: Vector) -> Vector:
    """Return what each place of origin would send to each camp on its first day of fighting, (o, c), in proportion.

    population^origin_size x way^-nearness / (sum over camps of way^-nearness)^reach.
    """
    origins, camps = facts.log_way.shape
    found = np.empty((origins, camps))
    for origin in range(origins):
        total = 0.0
        for camp in range(camps):
            found[origin, camp] = math.exp(-values[NEARNESS] * facts.log_way[origin, camp])
            total += found[origin, camp]
        scale = math.exp(values[ORIGIN_SIZE] * facts.log_people[origin] - values[REACH] * math.log(total))
        for camp in range(camps):
            found[origin, camp] *= scale
    return found


@njit(cache=True)
def sending(facts: Facts, values: Vector) -> Vector:
    """Return how strongly each place sends in each stretch, (s, o): fighting x 0.5^(days since/half_life).

    On days without any fighting the last ones hold; before any, all places count the same.
    """
    stretches, origins = facts.fighting.shape
    found = np.empty((stretches, origins))
    fading = math.log(0.5) / values[HALF_LIFE]
    for stretch in range(stretches):
        total = 0.0
        for origin in range(origins):
            strength = facts.fighting[stretch, origin]
            if strength > 0.0:
                strength *= math.exp(fading * facts.since[stretch, origin])
            found[stretch, origin] = strength
            total += strength
        if total <= 0.0:
            for origin in range(origins):
                found[stretch, origin] = found[stretch - 1, origin] if stretch > 0 else 1.0
    return found


@njit(cache=True)
def pulls(facts: Facts, values: Vector) -> Vector:
    """Return the fixed part of each camp's pull, (s, c): near, large, in a country of means, with room."""
    near: Vector = np.dot(sending(facts, values), by_origin(facts, values))
    own = values[SIZE] * facts.log_size + values[INCOME] * facts.log_income
    own = np.exp(own + values[CAPACITY] * facts.log_capacity)
    for stretch in range(near.shape[0]):
        total = near[stretch].sum()
        for camp in range(near.shape[1]):
            near[stretch, camp] *= own[camp] / total
    return near


@njit(cache=True)
def share_out(
    facts: Facts, values: Vector, stretch: int, pull: Vector, people: Vector, shares: Vector
) -> None:
    """Fill the shares of a stretch's newcomers by camp; they add up to 1, or are all 0 where no camp takes people in.

    Parameters
    ----------
    pull, people
        (camp,): pull of the stretch, and people in the camps before it.
    """
    most = _weigh(facts, values, stretch, pull, people, shares)
    if most <= 0.0:
        return
    nests = np.zeros(facts.country.max() + 1)
    nest = max(values[NEST], NARROWEST)
    for camp in range(shares.size):
        shares[camp] = (shares[camp] / most) ** (1.0 / nest)
        nests[facts.country[camp]] += shares[camp]
    total = 0.0
    for camp in range(shares.size):
        if shares[camp] > 0.0:
            shares[camp] *= nests[facts.country[camp]] ** (nest - 1.0)
        total += shares[camp]
    for camp in range(shares.size):
        shares[camp] /= total


@njit(cache=True)
def _weigh(
    facts: Facts, values: Vector, stretch: int, pull: Vector, people: Vector, weights: Vector
) -> float:
    """Fill the weight of each camp, with who is there and what is open; return the largest."""
    everybody = people.sum()
    most = 0.0
    for camp in range(weights.size):
        weight = pull[camp] * facts.is_open[stretch, camp]
        if people[camp] >= facts.room[camp]:
            weight = 0.0
        if facts.crossing[stretch, camp] == 0.0:
            weight *= values[LEAK]
        if facts.networks > 0.0 and everybody > 0.0:
            weight *= (people[camp] / everybody + FAMILIAR) ** values[NETWORK]
        weights[camp] = weight
        most = max(most, weight)
    return most


@njit(cache=True)
def flow(facts: Facts, values: Vector, luck: Vector) -> tuple[Vector, Vector]:
    """Return people in camps after each stretch, and the shares of its newcomers, both float64 (s, c).

    Parameters
    ----------
    values
        float64 (parameter,), natural values.
    luck
        float64 (s, c) or (1, c), log of what the pull of a camp is multiplied with: what the rules do not know.
    """
    fixed = pulls(facts, values)
    stretches, camps = fixed.shape
    people, shares = np.empty((stretches, camps)), np.zeros((stretches, camps))
    now = facts.start.copy()
    pull, given = np.empty(camps), np.empty(camps)
    for stretch in range(stretches):
        row = min(stretch, luck.shape[0] - 1)
        for camp in range(camps):
            pull[camp] = fixed[stretch, camp] * math.exp(luck[row, camp])
        _settle(facts, values, stretch, pull, now, given)
        people[stretch] = now
        share_out(facts, values, stretch, pull, now, shares[stretch])
    return people, shares


@njit(cache=True)
def _settle(facts: Facts, values: Vector, stretch: int, pull: Vector, now: Vector, given: Vector) -> None:
    """Add the newcomers of a stretch; who finds a camp full goes on to the others."""
    left = facts.newcomers[stretch]
    for _ in range(now.size + 1):
        share_out(facts, values, stretch, pull, now, given)
        placed = 0.0
        for camp in range(now.size):
            here = min(left * given[camp], max(facts.room[camp] - now[camp], 0.0))
            now[camp] += here
            placed += here
        left -= placed
        if left < NOBODY or placed <= 0.0:
            break
    if left >= NOBODY:
        # no camp takes them, but the total is given and somebody counted them: they are spread as people are
        total = now.sum()
        for camp in range(now.size):
            now[camp] += left * (now[camp] / total if total > 0.0 else 1.0 / now.size)
