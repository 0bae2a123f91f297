"""Who goes where in a whole plan, from nothing: everybody to the nearest open zone, then out of the overfull ones.

Most rows have room to spare, so that nearest is best; where a zone is overfull, people leave it by the cheapest chains.
That is as exact as moving people from the plan before, and for a plan that is new it is many times faster. Zones with
a fewest number of people are not for this.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from asylia.siting.moves import Open, Row, open_arcs, refresh_leaving, refresh_unserved
from asylia.siting.price import Arcs, Floats, Ints
from asylia.siting.search import Case, State, zones_of
from asylia.siting.transport import cheapest_chain, most_along, push

Zones = tuple[Ints, Ints, Ints, Floats]
Ways = tuple[Ints, Ints, Ints]


@njit(cache=True)
def place_nearest(arcs: Arcs, people: Ints, row: Row, found: tuple[Zones, Ways], penalty: Floats) -> bool:
    """Send everybody to the cheapest open zone, or nowhere if the penalty is less; whether a zone is overfull."""
    (site, room, _, extra), (first, way, slots) = found
    for one in site:
        row.held[one] = 0
        row.flow[arcs.starts[one] : arcs.starts[one + 1]] = 0
    for settlement in range(people.size):
        lowest, best = penalty[settlement], -1
        for at in range(first[settlement], first[settlement + 1]):
            cost = arcs.cost[way[at]] + extra[slots[at]]
            if cost < lowest:
                lowest, best = cost, at
        row.unserved[settlement] = people[settlement]
        if best >= 0:
            row.flow[way[best]] = people[settlement]
            row.held[site[slots[best]]] += people[settlement]
            row.unserved[settlement] = 0
    return bool((row.held[site] > room).any())


@njit(cache=True)
def relieve(arcs: Arcs, row: Row, found: tuple[Zones, Ways], penalty: Floats) -> Floats:
    """Lead people out of overfull zones by the cheapest chains; returns what one more person costs in each zone."""
    (site, room, least, extra), (first, way, slots) = found
    last = site.size
    move = np.full((last + 1, last + 1), np.inf)
    giver, taker = np.full((last + 1, last + 1), -1), np.full((last + 1, last + 1), -1)
    # everybody is where it is cheapest, so that no move is below 0
    level = np.zeros(last + 1)
    ready = Open(
        site, room, least, extra, first, way, slots, move, giver, taker, penalty, level, np.full(1, -1)
    )
    for slot in range(last):
        refresh_leaving(arcs, row, ready, slot)
        refresh_unserved(arcs, row, ready, slot)
    chain = np.empty(last + 2, np.int64)
    for slot in range(last):
        while row.held[site[slot]] > room[slot]:
            length, _ = cheapest_chain(ready, slot, last, chain)
            amount = most_along(row, ready, chain, length, row.held[site[slot]] - room[slot])
            push(arcs, row, ready, chain, length, amount)
    return level[:last]


@njit(cache=True)
def settle(case: Case, state: State, row: int, at: int) -> tuple[Ints, Floats]:
    """Place the people of one row in the zones of `state.sizes`, in row `at` of the state.

    Returns
    -------
    Sites that are open, and what one more person costs in each beyond the way there.
    """
    one = Row(state.flow[at], state.unserved[at], state.held[at])
    zones = zones_of(case, state, row, np.ones(state.sizes.shape[0], np.bool_))
    ways = open_arcs(case.arcs, zones[0], case.penalty.size)
    level = np.zeros(zones[0].size)
    if place_nearest(case.arcs, case.people[row], one, (zones, ways), case.penalty):
        level[:] = relieve(case.arcs, one, (zones, ways), case.penalty)
    return zones[0], zones[3] + level


@njit(cache=True)
def try_out(case: Case, sizes: Ints) -> tuple[Floats, Floats, Floats, Floats]:
    """Count a plan by its zones alone.

    Returns
    -------
    Loss and money for people float64 (row,); price of one more person (row, settlement), in what the row counts; what
    one more person in a zone adds to the way there (row, site).
    """
    rows, count = case.people.shape[0], sizes.shape[0]
    flow, held = np.zeros((1, case.arcs.cost.size), np.int64), np.zeros((1, count), np.int64)
    state = State(sizes, flow, np.zeros((1, case.penalty.size), np.int64), held)
    loss, money, price = np.zeros(rows), np.zeros(rows), np.empty(case.people.shape)
    level = np.zeros((rows, count))
    for row in range(rows):
        opened, extra = settle(case, state, row, 0)
        price[row] = case.penalty
        for slot in range(opened.size):
            site = opened[slot]
            level[row, site] = extra[slot]
            money[row] += held[0, site] * case.sizes.each[site, sizes[site, row % case.money.size] - 1]
            for arc in range(case.arcs.starts[site], case.arcs.starts[site + 1]):
                loss[row] += case.arcs.cost[arc] * flow[0, arc]
                settlement = case.arcs.settlement[arc]
                price[row, settlement] = min(price[row, settlement], case.arcs.cost[arc] + extra[slot])
        for settlement in range(case.penalty.size):
            loss[row] += case.penalty[settlement] * state.unserved[0, settlement]
        price[row] *= case.weight[row]
    return loss, money, price, level


@njit(cache=True)
def settle_all(case: Case, state: State) -> None:
    """Place the people of every row in the zones of the state, anew."""
    state.flow[:] = 0
    state.held[:] = 0
    for row in range(case.people.shape[0]):
        settle(case, state, row, row)
