"""What a plan must cost at least, in a tenth of the time that its cost takes: surcharges on zones that are overfull.

A surcharge on the people of a zone, less what its beds bring, gives a bound whatever it is (a Lagrangian of the room).
It is raised where a zone is overfull and lowered where a surcharge keeps beds empty, from the surcharges of a plan
much like this one, so that a few passes are enough to tell which plans are not worth counting.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from asylia.siting.price import Arcs, Floats, Ints, sort_pairs
from asylia.siting.search import Case

PASSES = 6
"""Times that surcharges are put right."""


class Nearest(NamedTuple):
    """Cheapest and second cheapest zone of every settlement, surcharges counted: (settlement,); -1 for none.

    `keys` and `which` are space to work in.
    """

    best: Floats
    second: Floats
    slot: Ints
    keys: Floats
    which: Ints


@njit(cache=True)
def find_nearest(arcs: Arcs, site: Ints, level: Floats, penalty: Floats, near: Nearest) -> None:
    """Find the two cheapest zones of every settlement; staying unserved is one of them."""
    near.best[:] = penalty
    near.second[:] = penalty
    near.slot[:] = -1
    for slot in range(site.size):
        for arc in range(arcs.starts[site[slot]], arcs.starts[site[slot] + 1]):
            settlement = arcs.settlement[arc]
            cost = arcs.cost[arc] + level[slot]
            if cost < near.best[settlement]:
                near.second[settlement] = near.best[settlement]
                near.best[settlement] = cost
                near.slot[settlement] = slot
            elif cost < near.second[settlement]:
                near.second[settlement] = cost


@njit(cache=True)
def put_right(
    arcs: Arcs, people: Ints, zone: tuple[int, int, float], near: Nearest, beds: tuple[int, int]
) -> float:
    """Find how far to move the surcharge of a zone so that it is just full, the others left as they are.

    Parameters
    ----------
    zone, beds
        Slot, site and surcharge; people who come, and room.
    """
    slot, site, level = zone
    held, room = beds
    over, count = held > room, 0
    for arc in range(arcs.starts[site], arcs.starts[site + 1]):
        settlement = arcs.settlement[arc]
        if people[settlement] > 0 and (near.slot[settlement] == slot) == over:
            cost = arcs.cost[arc] + level
            gap = near.second[settlement] - cost if over else cost - near.best[settlement]
            near.keys[count], near.which[count] = gap, settlement
            count += 1
    sort_pairs(near.keys, near.which, 0, count)
    left = abs(held - room)
    for at in range(count):
        if not over and near.keys[at] >= level:
            return 0.0
        left -= people[near.which[at]]
        if left <= 0:
            return float(level + near.keys[at] if over else level - near.keys[at])
    return level if over else 0.0


@njit(cache=True)
def row_floor(case: Case, row: int, zones: tuple[Ints, Ints], level: Floats, near: Nearest) -> float:
    """Least that a row can cost; `level` is left at the last surcharges, `near` at their nearest zones."""
    site, room = zones
    people, highest = case.people[row], -np.inf
    held, after = np.zeros(site.size, np.int64), np.empty(site.size)
    for turn in range(PASSES):
        find_nearest(case.arcs, site, level, case.penalty, near)
        held[:] = 0
        value = 0.0
        for settlement in range(people.size):
            value += people[settlement] * near.best[settlement]
            if near.slot[settlement] >= 0:
                held[near.slot[settlement]] += people[settlement]
        for slot in range(site.size):
            value -= level[slot] * room[slot]
        highest = max(highest, value)
        wrong = False
        for slot in range(site.size):
            after[slot] = level[slot]
            if held[slot] > room[slot] or (held[slot] < room[slot] and level[slot] > 0.0):
                zone = (slot, site[slot], level[slot])
                after[slot] = put_right(case.arcs, people, zone, near, (held[slot], room[slot]))
                wrong = True
        if not wrong or turn == PASSES - 1:
            break
        level[:] = after
    return highest


@njit(cache=True)
def floors(case: Case, sizes: Ints, start: Floats) -> tuple[Floats, Floats, Floats]:
    """Least that every row can cost: float64 (row,); the price of a person (row, settlement) that goes with it; surcharges.

    The price is in what the row counts. Money for people is left out. Surcharges are those to begin with for a plan
    much like this one: float64 (row, site).

    Parameters
    ----------
    start
        float64 (row, site): surcharges to begin with.
    """
    rows, settlements = case.people.shape
    widest = 1 + np.diff(case.arcs.starts).max()
    near = Nearest(
        np.empty(settlements),
        np.empty(settlements),
        np.empty(settlements, np.int64),
        np.empty(widest),
        np.empty(widest, np.int64),
    )
    least, price, after = np.zeros(rows), np.empty(case.people.shape), np.zeros(start.shape)
    for row in range(rows):
        period = row % case.money.size
        site = np.flatnonzero((sizes[:, period] > 0) & case.usable[row])
        room = np.empty(site.size, np.int64)
        for slot in range(site.size):
            room[slot] = case.sizes.capacity[site[slot], sizes[site[slot], period] - 1]
        level = start[row][site]
        least[row] = row_floor(case, row, (site, room), level, near)
        price[row] = near.best * case.weight[row]
        for slot in range(site.size):
            after[row, site[slot]] = level[slot]
    return least, price, after
