"""Cover greedily: open the site that reaches most people not yet reached, again and again.

Each way is looked at twice in all, so the cost does not grow with the number of sites to open.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from asylia.siting.nearest import Floats, Ground, Ints, Marks


@njit(cache=True)
def cover(ground: Ground, chosen: Marks) -> None:
    """Mark `ground.most` sites as chosen; all costs are taken as alike."""
    begin, reached = _by_site(ground)
    gain = np.zeros(chosen.size)
    for customer in range(ground.outside.size):
        _add(ground, customer, ground.outside[customer], gain)
    left = np.ones(ground.outside.size, dtype=np.bool_)
    for _ in range(ground.most):
        best = np.argmax(gain)
        chosen[best] = 1
        for place in range(begin[best], begin[best + 1]):
            customer = reached[place]
            if left[customer]:
                left[customer] = False
                _add(ground, customer, -ground.outside[customer], gain)
        gain[best] = -np.inf


@njit(cache=True)
def _add(ground: Ground, customer: int, people: float, gain: Floats) -> None:
    for arc in range(ground.starts[customer], ground.starts[customer + 1]):
        gain[ground.sites[arc]] += people


@njit(cache=True)
def _by_site(ground: Ground) -> tuple[Ints, Ints]:
    """List the customers that each site reaches."""
    begin = np.zeros(ground.opening.size + 1, dtype=np.int64)
    for site in ground.sites:
        begin[site + 1] += 1
    begin = np.cumsum(begin)
    place, reached = begin.copy(), np.empty(ground.sites.size, dtype=np.int64)
    for customer in range(ground.outside.size):
        for arc in range(ground.starts[customer], ground.starts[customer + 1]):
            site = ground.sites[arc]
            reached[place[site]] = customer
            place[site] += 1
    return begin, reached
