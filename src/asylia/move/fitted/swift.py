"""The expected flow once more, for a fit that needs it by the million: people only, about five times as quick.

The same as `flow.flow` with the same luck on every stretch, up to rounding: pulls are held as logs, what does not change is
looked up once, and shares after the newcomers came are not worked out.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.move.fitted.facts import FAMILIAR, LEAK, NEST, NETWORK, Facts
from asylia.move.fitted.flow import NARROWEST, NOBODY, pulls

Vector = NDArray[np.float64]
Whole = NDArray[np.int64]


@njit(cache=True)
def expected_people(facts: Facts, values: Vector, luck: Vector) -> Vector:
    """Return expected people in camps after each stretch, float64 (s, c).

    Parameters
    ----------
    values
        float64 (parameter,), natural values.
    luck
        float64 (c,), log of what the pull of a camp is multiplied with.
    """
    pull = _log_pulls(facts, values, luck)
    newcomers, country, room = facts.newcomers, facts.country, facts.room
    network = values[NETWORK] if facts.networks > 0.0 else 0.0
    nest = max(values[NEST], NARROWEST)
    nests, shares = np.zeros(country.max() + 1), np.zeros(room.size)
    now = facts.start.copy()
    people = np.empty(pull.shape)
    for stretch in range(len(pull)):
        left = newcomers[stretch]
        for _ in range(now.size + 1):
            _share(pull[stretch], network, nest, country, room, now, nests, shares)
            placed = 0.0
            for camp in range(now.size):
                here = min(left * shares[camp], max(room[camp] - now[camp], 0.0))
                now[camp] += here
                placed += here
            left -= placed
            if left < NOBODY or placed <= 0.0:
                break
        if left >= NOBODY:
            # as in `flow`: no camp takes them, and they are spread as people are
            total = now.sum()
            for camp in range(now.size):
                now[camp] += left * (now[camp] / total if total > 0.0 else 1.0 / now.size)
        people[stretch] = now
    return people


@njit(cache=True)
def _log_pulls(facts: Facts, values: Vector, luck: Vector) -> Vector:
    """Return the log of each camp's pull but for networks, (s, c); minus infinity where it is not open."""
    found = pulls(facts, values)
    is_open, crossing = facts.is_open, facts.crossing
    leak = math.log(values[LEAK])
    for stretch in range(found.shape[0]):
        for camp in range(found.shape[1]):
            pull = found[stretch, camp]
            if pull <= 0.0 or is_open[stretch, camp] <= 0.0:
                found[stretch, camp] = -np.inf
                continue
            pull = math.log(pull * is_open[stretch, camp]) + luck[camp]
            found[stretch, camp] = pull + leak if crossing[stretch, camp] == 0.0 else pull
    return found


@njit(cache=True)
def _share(
    pull: Vector, network: float, nest: float, country: Whole, room: Vector, people: Vector, nests: Vector, shares: Vector
) -> None:  # fmt: skip
    """Fill the shares of newcomers by camp; all 0 where no camp takes people in. `nests` is room to work in."""
    everybody = people.sum()
    most = -np.inf
    for camp in range(shares.size):
        weight = pull[camp]
        if people[camp] >= room[camp]:
            weight = -np.inf
        elif network > 0.0 and everybody > 0.0:
            weight += network * math.log(people[camp] / everybody + FAMILIAR)
        shares[camp] = weight
        most = max(most, weight)
    nests[:] = 0.0
    for camp in range(shares.size):
        shares[camp] = math.exp((shares[camp] - most) / nest) if most > -np.inf else 0.0
        nests[country[camp]] += shares[camp]
    total = 0.0
    for one in range(nests.size):
        if nests[one] > 0.0:
            drawn = math.exp(nest * math.log(nests[one]))
            nests[one] = drawn / nests[one]
            total += drawn
    for camp in range(shares.size):
        shares[camp] *= nests[country[camp]] / max(total, 1e-300)
