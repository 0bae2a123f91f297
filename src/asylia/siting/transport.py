"""Who goes where, exactly and in whole people, when the open zones are known.

Few zones are open and many settlements are served, so the ways to mend a plan are looked for among zones alone: moving
one person from zone A to B costs what the cheapest mover costs. Each push is along the cheapest such chain, so the plan
stays the cheapest of all (successive shortest paths), and opening or closing a zone starts from the plan before.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from asylia.siting.moves import BED, NOTHING, Open, Row, give_bed, offer, refresh_leaving, refresh_unserved
from asylia.siting.price import Arcs, Flags, Floats, Ints


@njit(cache=True)
def cheapest_chain(ready: Open, start: int, goal: int, chain: Ints) -> tuple[int, float]:
    """Find the cheapest chain between two slots (Dijkstra on moves less levels); moves the levels along.

    Returns
    -------
    Length of the chain, 0 if there is none; cost for each person.
    """
    count = ready.level.size
    cost = np.full(count, np.inf)
    came = np.full(count, -1)
    done = np.zeros(count, np.bool_)
    cost[start] = 0.0
    here = start
    while 0 <= here != goal:
        done[here] = True
        spread(ready, here, (cost, came, done))
        here = nearest(cost, done)
    if cost[goal] == np.inf:
        return 0, np.inf
    for slot in range(count):
        if done[slot]:
            ready.level[slot] += cost[goal] - cost[slot]
    return unwind(ready, came, goal, chain)


@njit(cache=True)
def nearest(cost: Floats, done: Flags) -> int:
    """Return the slot of lowest cost that is not done, -1 for none."""
    here, lowest = -1, np.inf
    for slot in range(cost.size):
        if not done[slot] and cost[slot] < lowest:
            here, lowest = slot, cost[slot]
    return here


@njit(cache=True)
def spread(ready: Open, here: int, found: tuple[Floats, Ints, Flags]) -> None:
    """Lower the cost of every slot that is reached more cheaply from here."""
    cost, came, done = found
    lowest = cost[here]
    base = lowest - ready.level[here]
    for there in range(cost.size):
        if done[there]:
            continue
        # rounding may leave a move a trifle below its levels
        reached = max(base + ready.move[here, there] + ready.level[there], lowest)
        if reached < cost[there]:
            cost[there] = reached
            came[there] = here


@njit(cache=True)
def unwind(ready: Open, came: Ints, goal: int, chain: Ints) -> tuple[int, float]:
    """Write a chain from its end: its length and its cost for each person."""
    length, here = 1, goal
    while came[here] >= 0:
        here = came[here]
        length += 1
    total = 0.0
    here = goal
    for at in range(length - 1, -1, -1):
        chain[at] = here
        if came[here] >= 0:
            total += ready.move[came[here], here]
        here = came[here]
    return length, total


@njit(cache=True)
def most_along(row: Row, ready: Open, chain: Ints, length: int, most: int) -> int:
    """Return how many people can be pushed along a chain of slots at once."""
    last = ready.site.size
    for at in range(length - 1):
        here, there = chain[at], chain[at + 1]
        giver = ready.giver[here, there]
        if giver == BED and there == last:
            most = min(most, ready.room[here] - row.held[ready.site[here]])
        elif giver == BED:
            most = min(most, row.held[ready.site[there]] - ready.least[there])
        elif here == last:
            most = min(most, row.unserved[giver])
        else:
            most = min(most, row.flow[giver])
    return most


@njit(cache=True)
def push(arcs: Arcs, row: Row, ready: Open, chain: Ints, length: int, amount: int) -> None:
    """Move people along a chain of slots."""
    last = ready.site.size
    for at in range(length - 1):
        here, there = chain[at], chain[at + 1]
        giver, taker = ready.giver[here, there], ready.taker[here, there]
        if giver == BED:
            continue
        if here == last:
            row.unserved[giver] -= amount
        else:
            row.flow[giver] -= amount
            row.held[ready.site[here]] -= amount
        if there == last:
            row.unserved[arcs.settlement[giver]] += amount
        else:
            row.flow[taker] += amount
            row.held[ready.site[there]] += amount
    # what each move was is needed until all are renewed
    givers, takers = np.empty(length, np.int64), np.empty(length, np.int64)
    for at in range(length - 1):
        givers[at] = ready.giver[chain[at], chain[at + 1]]
        takers[at] = ready.taker[chain[at], chain[at + 1]]
    for at in range(length - 1):
        renew(arcs, row, ready, (chain[at], chain[at + 1]), (givers[at], takers[at]))


@njit(cache=True)
def renew(arcs: Arcs, row: Row, ready: Open, slots: tuple[int, int], moved: tuple[int, int]) -> None:
    """Renew the cheapest moves out of both slots of a move that was made."""
    last = ready.site.size
    here, there = slots
    giver, taker = moved
    if here != last:
        emptied = giver != BED and row.flow[giver] == 0
        full = ready.giver[here, last] == BED and row.held[ready.site[here]] >= ready.room[here]
        if emptied or full:
            refresh_leaving(arcs, row, ready, here)
        else:
            give_bed(row, ready, here)
        refresh_bed_or_more(arcs, row, ready, here)
    if there != last:
        if giver != BED:
            offer(arcs, ready, there, taker)
        if ready.giver[there, last] == BED and row.held[ready.site[there]] >= ready.room[there]:
            refresh_leaving(arcs, row, ready, there)
        refresh_bed_or_more(arcs, row, ready, there)
    if giver != BED and last in (here, there):
        settlement = giver if here == last else arcs.settlement[giver]
        for at in range(ready.first[settlement], ready.first[settlement + 1]):
            refresh_unserved(arcs, row, ready, ready.slot[at])


@njit(cache=True)
def refresh_bed_or_more(arcs: Arcs, row: Row, ready: Open, slot: int) -> None:
    """Renew the move from the last slot into a zone if whether it may lose people has changed."""
    last = ready.site.size
    has = ready.giver[last, slot] == BED and ready.move[last, slot] == 0.0
    spare = slot != ready.busy[0] and row.held[ready.site[slot]] > ready.least[slot]
    if has != spare:
        refresh_unserved(arcs, row, ready, slot)


@njit(cache=True)
def attract(arcs: Arcs, row: Row, ready: Open, slot: int, wanted: float) -> tuple[bool, float]:
    """Fill the busy zone for as long as it pays, and up to its fewest people in any case.

    Parameters
    ----------
    wanted
        Change of cost (below 0) that is wanted; given up as soon as it is out of reach.

    Returns
    -------
    Whether the zone has its fewest people and the change is still within reach; the change of cost.
    """
    last = ready.site.size
    chain = np.empty(last + 2, np.int64)
    small = NOTHING * ready.penalty.max()
    change = 0.0
    site = ready.site[slot]
    while row.held[site] < ready.room[slot]:
        length, each = cheapest_chain(ready, last, slot, chain)
        if length == 0 or (each >= -small and row.held[site] >= ready.least[slot]):
            break
        if change + min(each, 0.0) * (ready.room[slot] - row.held[site]) > wanted:
            return False, change
        most = (ready.room[slot] if each < -small else ready.least[slot]) - row.held[site]
        amount = most_along(row, ready, chain, length, most)
        if amount <= 0:
            break
        push(arcs, row, ready, chain, length, amount)
        change += each * amount
    return row.held[site] >= ready.least[slot], change


@njit(cache=True)
def shed(arcs: Arcs, row: Row, ready: Open, slot: int, most_change: float) -> tuple[bool, float]:
    """Empty the busy zone in the cheapest way.

    Parameters
    ----------
    most_change
        Given up as soon as the cost is sure to rise by more than this.

    Returns
    -------
    Whether the zone is empty; the change of cost.
    """
    last = ready.site.size
    chain = np.empty(last + 2, np.int64)
    change = 0.0
    site = ready.site[slot]
    # nobody may be moved into a zone that is being emptied
    ready.move[:, slot] = np.inf
    ready.room[slot] = 0
    find_shed_level(ready, slot)
    while row.held[site] > 0:
        length, each = cheapest_chain(ready, slot, last, chain)
        if change + each * row.held[site] > most_change:
            return False, change
        amount = most_along(row, ready, chain, length, row.held[site]) if length > 1 else 0
        if amount <= 0:
            return False, change
        push(arcs, row, ready, chain, length, amount)
        ready.move[:, slot] = np.inf
        change += each * amount
    return True, change


@njit(cache=True)
def find_shed_level(ready: Open, slot: int) -> None:
    """Level of a zone that only gives: no move out of it is below its levels."""
    lowest = np.inf
    for other in range(ready.level.size):
        if other != slot:
            lowest = min(lowest, ready.move[slot, other] + ready.level[other])
    ready.level[slot] = lowest if lowest < np.inf else 0.0


@njit(cache=True)
def person_prices(arcs: Arcs, ready: Open) -> Floats:
    """Cost of one more person in each settlement: float64 (settlement,), the prices at which this plan is cheapest."""
    price = ready.penalty.copy()
    for settlement in range(price.size):
        for at in range(ready.first[settlement], ready.first[settlement + 1]):
            slot = ready.slot[at]
            found = arcs.cost[ready.way[at]] + ready.extra[slot] + ready.level[slot]
            price[settlement] = min(price[settlement], found)
    return price
