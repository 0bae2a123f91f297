"""Kernels where sites hold only so many: a bound by Lagrange, each site filled as if it were alone.

Each customer has a worth, the price at which it is offered. A site takes those that are worth most beyond their cost
per head until it is full, the last one in part; the bound opens the sites that earn most.

Source: J. Beasley (1988), European Journal of Operational Research 33, 314-325.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from asylia.siting.ground import CLOSED
from asylia.siting.nearest import KEEP, SHORTEST, Floats, Marks, choose, keep_best

PATIENCE = 20
"""Steps without a better bound before the steps are shortened."""


class Capped(NamedTuple):
    """Arrays of one problem: costs (site, customer) of all the demand, infinite where there is no way."""

    costs: Floats
    demand: Floats
    capacity: Floats
    opening: Floats
    least: int
    most: int


@njit(cache=True)
def fill(ground: Capped, site: int, worth: Floats, taken: Floats) -> float:
    """Fill a site with what pays most per head; return what it costs on balance, below or at zero."""
    paying, wanted = 0, 0.0
    who, rate = np.empty(worth.size, dtype=np.int64), np.empty(worth.size)
    total = 0.0
    for customer in range(worth.size):
        less = ground.costs[site, customer] - worth[customer]
        taken[customer] = 0.0
        if less < 0.0:
            who[paying], rate[paying] = customer, less / max(ground.demand[customer], 1e-12)
            wanted += ground.demand[customer]
            taken[customer] = 1.0
            total += less
            paying += 1
    room = ground.capacity[site]
    if wanted <= room:
        return total
    total = 0.0
    for place in np.argsort(rate[:paying]):
        customer = who[place]
        part = min(1.0, max(room, 0.0) / max(ground.demand[customer], 1e-12))
        room -= ground.demand[customer]
        taken[customer] = part
        total += part * (ground.costs[site, customer] - worth[customer])
    return total


@njit(cache=True)
def _all_fill(ground: Capped, marks: Marks, worth: Floats, taken: Floats, net: Floats) -> float:
    for site in range(marks.size):
        net[site] = ground.opening[site]
        if marks[site] != CLOSED:
            net[site] += fill(ground, site, worth, taken[site])
    return float(worth.sum())


@njit(cache=True)
def _turn(chosen: Marks, taken: Floats, way: Floats) -> float:
    """Turn the way against those served twice or not at all; return its squared length."""
    way *= KEEP
    way += 1.0
    for site in range(chosen.size):
        if chosen[site]:
            way -= taken[site]
    return float((way * way).sum())


@njit(cache=True)
def ascend_capped(
    ground: Capped, marks: Marks, worth: Floats, goal: float, steps: int, pace: float, enough: float
) -> tuple[float, Floats, Floats, Marks]:
    """Raise the bound by moving the worth; arguments and results as of `nearest.ascend`."""
    now, way = worth.copy(), np.zeros(worth.size)
    net, chosen = np.empty(marks.size), np.empty(marks.size, dtype=np.int8)
    taken = np.empty(ground.costs.shape)
    best, best_net, often, lasted = -np.inf, net.copy(), np.zeros(marks.size), 0
    for _ in range(steps):
        bound = _all_fill(ground, marks, now, taken, net)
        bound += choose(net, marks, ground.least, ground.most, chosen)
        often = 0.9 * often + 0.1 * chosen
        best, lasted, pace = keep_best(bound, (net, now), best, (best_net, worth), lasted, PATIENCE, pace)
        if best >= enough or pace < SHORTEST:
            break
        square = _turn(chosen, taken, way)
        if square <= 1e-12:
            break
        now += pace * (goal - bound) / square * way
    return best, best_net, often, chosen
