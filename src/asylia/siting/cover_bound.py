"""A bound on maximal covering: each class of settlements offers its people at a price, and the sites that earn most open.

The price of a class, from nothing to all its people, is what reaching it may bring a site. People a site does not pay
for are reached for nothing. Whatever the prices, no plan misses fewer people than are left over. Steps are shares of the people of a class, and long ways are
kept: of the rules tried, this raised the bound furthest in as many steps.

Source: R. Galvao and C. ReVelle (1996), European Journal of Operational Research 88, 114-123 (the relaxation);
P. Camerini, L. Fratta and F. Maffioli (1975), Mathematical Programming Study 3, 26-34 (the step).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from asylia.siting.cover_swap import Marks
from asylia.siting.merge import Cover, Floats
from asylia.siting.nearest import SHORTEST, choose

KEEP = 0.95
"""Share of the last way that is kept for the next."""
PATIENCE = 12
"""Steps without a better bound before the steps are shortened."""
SHORTEN = 0.75
LITTLE = 1e-4
"""Share of the way from bound to plan that counts as a better bound."""


@njit(cache=True)
def earned(cover: Cover, worth: Floats, net: Floats) -> float:
    """Fill in what each site costs less what it earns; return the sum of all worth."""
    net[:] = 0.0
    total = 0.0
    for one in range(worth.size):
        own = worth[one]
        if own > 0.0:
            total += own
            for arc in range(cover.starts[one], cover.starts[one + 1]):
                net[cover.sites[arc]] -= own
    return total


@njit(cache=True)
def _turn(cover: Cover, worth: Floats, chosen: Marks, way: Floats) -> float:
    """Turn the way against classes reached twice or not at all; return its squared length."""
    way *= KEEP
    way += 1.0
    for site in range(chosen.size):
        if chosen[site]:
            for arc in range(cover.begin[site], cover.begin[site + 1]):
                way[cover.classes[arc]] -= 1.0
    square = 0.0
    for one in range(worth.size):
        if (way[one] > 0.0 and worth[one] >= cover.people[one]) or (way[one] < 0.0 and worth[one] <= 0.0):
            way[one] = 0.0
        square += cover.people[one] * way[one] * way[one]
    return square


@njit(cache=True)
def raise_bound(
    cover: Cover, marks: Marks, worth: Floats, goal: float, steps: int, pace: float, enough: float
) -> tuple[float, Floats, Floats, Marks, float]:
    """Raise the bound on the people missed by moving the worth.

    Parameters
    ----------
    marks
        int8 (site,): free, open or closed.
    worth
        float64 (class,), where to begin; left at the best that was found.
    goal
        People missed by the best plan known.
    steps, pace
        Most steps; first length of a step, about 1.
    enough
        Stop at this bound.

    Returns
    -------
    Best bound; balance of each site there; how often each site was chosen, weighted to the end; the last choice; and
    the length of the last step.
    """
    now, way, kept = worth.copy(), np.zeros(worth.size), worth
    net, chosen = np.empty(marks.size), np.empty(marks.size, dtype=np.int8)
    best, best_net, often, vain = -np.inf, net.copy(), np.zeros(marks.size), 0
    for _ in range(steps):
        bound = earned(cover, now, net) + choose(net, marks, cover.most, cover.most, chosen)
        often = 0.9 * often + 0.1 * chosen
        vain += 1
        if bound > best:
            vain = 0 if bound > best + LITTLE * (goal - best) else vain
            best, best_net[:], kept[:] = bound, net, now
        elif vain >= PATIENCE:
            now[:], pace, vain = kept, pace * SHORTEN, 0
        if best >= enough or pace < SHORTEST:
            break
        square = _turn(cover, now, chosen, way)
        if square <= 1e-12:
            break
        length = pace * (goal - bound) / square
        for one in range(now.size):
            now[one] = min(max(now[one] + length * cover.people[one] * way[one], 0.0), cover.people[one])
    return best, best_net, often, chosen, pace
