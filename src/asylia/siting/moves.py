"""The cheapest moves of people between open zones, kept up to date as people move."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from asylia.siting.price import Arcs, Floats, Ints

NOTHING = 1e-9
"""Costs closer than this, as a share of the largest penalty, are the same."""


class Row(NamedTuple):
    """One period of one scenario: who is where.

    Parameters
    ----------
    flow, unserved, held
        int64 (arc,), (settlement,), (site,): people on each arc, without room, and in each zone.
    """

    flow: Ints
    unserved: Ints
    held: Ints


class Open(NamedTuple):
    """The open zones of a row, and the cheapest moves between them. Slots are open zones; the last slot is unserved.

    The last slot also stands for what is free: a zone with room may take one more, as if it gave an empty bed to it.

    Parameters
    ----------
    site, room, least, extra
        (slot,): site, most and fewest people, and cost for each person over the arc's.
    first, way, slot
        Open arcs by settlement: (settlement + 1,), (open arc,), (open arc,).
    move, giver, taker
        (slot + 1, slot + 1): cost of the cheapest move between two slots, the arc that gives and the arc that takes;
        for the last slot the settlement that gives; `BED` if only an empty bed moves.
    penalty
        float64 (settlement,).
    level
        float64 (slot + 1,): cost of one more person in a slot, less what is the same for all; keeps every
        move less its levels at 0 or more, so that cheapest chains are found without looking at all slots.
    busy
        int64 (1,): the zone that is being filled or emptied, whose beds do not count.
    """

    site: Ints
    room: Ints
    least: Ints
    extra: Floats
    first: Ints
    way: Ints
    slot: Ints
    move: Floats
    giver: Ints
    taker: Ints
    penalty: Floats
    level: Floats
    busy: Ints


BED = -2
"""Stands where no person moves, only an empty bed."""


@njit(cache=True)
def open_arcs(arcs: Arcs, site: Ints, settlements: int) -> tuple[Ints, Ints, Ints]:
    """Gather the arcs of open zones by settlement: first (settlement + 1,), way and slot (open arc,)."""
    first = np.zeros(settlements + 1, np.int64)
    for slot in range(site.size):
        for arc in range(arcs.starts[site[slot]], arcs.starts[site[slot] + 1]):
            first[arcs.settlement[arc] + 1] += 1
    first = np.cumsum(first)
    way = np.empty(first[-1], np.int64)
    slots = np.empty(first[-1], np.int64)
    fresh = first[:-1].copy()
    for slot in range(site.size):
        for arc in range(arcs.starts[site[slot]], arcs.starts[site[slot] + 1]):
            at = fresh[arcs.settlement[arc]]
            way[at], slots[at] = arc, slot
            fresh[arcs.settlement[arc]] = at + 1
    return first, way, slots


@njit(cache=True)
def prepare(arcs: Arcs, row: Row, zones: tuple[Ints, Ints, Ints, Floats], penalty: Floats, busy: int) -> Open:
    """Gather the open arcs and the cheapest moves of a row.

    Parameters
    ----------
    zones
        Site, most people, fewest people and extra cost of every open zone.
    busy
        Slot that will be filled or emptied; -1 for none.
    """
    site, room, least, extra = zones
    count = site.size
    first, way, slots = open_arcs(arcs, site, penalty.size)
    move = np.full((count + 1, count + 1), np.inf)
    giver = np.full((count + 1, count + 1), -1)
    taker = np.full((count + 1, count + 1), -1)
    level = np.zeros(count + 1)
    marked = np.full(1, busy)
    ready = Open(site, room, least, extra, first, way, slots, move, giver, taker, penalty, level, marked)
    for slot in range(count):
        refresh_leaving(arcs, row, ready, slot)
        refresh_unserved(arcs, row, ready, slot)
    find_levels(ready)
    return ready


@njit(cache=True)
def find_levels(ready: Open) -> None:
    """Find the cost of one more person in every slot (Bellman-Ford, from the unserved backwards)."""
    move, level, busy = ready.move, ready.level, ready.busy[0]
    count = level.size
    level[:] = np.inf
    level[count - 1] = 0.0
    small = NOTHING * ready.penalty.max()
    changed = np.zeros(count, np.bool_)
    changed[count - 1] = True
    for _ in range(count):
        if not changed.any():
            break
        for near in range(count):
            if not changed[near]:
                continue
            changed[near] = False
            for far in range(count):
                if far != busy and move[far, near] + level[near] < level[far] - small:
                    level[far] = move[far, near] + level[near]
                    changed[far] = True
    if busy >= 0:
        level[busy] = busy_level(ready, busy)


@njit(cache=True)
def busy_level(ready: Open, busy: int) -> float:
    """Level of the busy slot: as an end of chains if it takes people, as a start if it gives."""
    lowest, highest = np.inf, -np.inf
    for other in range(ready.level.size):
        if other != busy:
            lowest = min(lowest, ready.move[busy, other] + ready.level[other])
            highest = max(highest, ready.level[other] - ready.move[other, busy])
    return highest if highest > -np.inf else (lowest if lowest < np.inf else 0.0)


@njit(cache=True)
def refresh_leaving(arcs: Arcs, row: Row, ready: Open, slot: int) -> None:
    """Find the cheapest moves out of a zone again."""
    ready.move[slot, :] = np.inf
    site = ready.site[slot]
    for arc in range(arcs.starts[site], arcs.starts[site + 1]):
        if row.flow[arc] > 0:
            offer(arcs, ready, slot, arc)
    give_bed(row, ready, slot)


@njit(cache=True)
def offer(arcs: Arcs, ready: Open, slot: int, arc: int) -> None:
    """See whether the people on an arc are the cheapest to move out of a zone."""
    last = ready.site.size
    here = arcs.cost[arc] + ready.extra[slot]
    settlement = arcs.settlement[arc]
    if ready.penalty[settlement] - here < ready.move[slot, last]:
        ready.move[slot, last] = ready.penalty[settlement] - here
        ready.giver[slot, last] = arc
    for at in range(ready.first[settlement], ready.first[settlement + 1]):
        to = ready.slot[at]
        cost = arcs.cost[ready.way[at]] + ready.extra[to] - here
        if to != slot and cost < ready.move[slot, to]:
            ready.move[slot, to] = cost
            ready.giver[slot, to] = arc
            ready.taker[slot, to] = ready.way[at]


@njit(cache=True)
def give_bed(row: Row, ready: Open, slot: int) -> None:
    """Let a zone with room take one more without anybody leaving."""
    last = ready.site.size
    free = slot != ready.busy[0] and row.held[ready.site[slot]] < ready.room[slot]
    if free and ready.move[slot, last] > 0.0:
        ready.move[slot, last] = 0.0
        ready.giver[slot, last] = BED


@njit(cache=True)
def refresh_unserved(arcs: Arcs, row: Row, ready: Open, slot: int) -> None:
    """Find the unserved whom it is best to take into a zone again; or an empty bed, if it may lose people."""
    last = ready.site.size
    ready.move[last, slot] = np.inf
    site = ready.site[slot]
    for arc in range(arcs.starts[site], arcs.starts[site + 1]):
        settlement = arcs.settlement[arc]
        if row.unserved[settlement] == 0:
            continue
        cost = arcs.cost[arc] + ready.extra[slot] - ready.penalty[settlement]
        if cost < ready.move[last, slot]:
            ready.move[last, slot] = cost
            ready.giver[last, slot] = settlement
            ready.taker[last, slot] = arc
    spare = slot != ready.busy[0] and row.held[site] > ready.least[slot]
    if spare and ready.move[last, slot] > 0.0:
        ready.move[last, slot] = 0.0
        ready.giver[last, slot] = BED
