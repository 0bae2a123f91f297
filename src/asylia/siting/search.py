"""Better plans by small changes: open, close, replace or resize one zone, and let people follow.

What a new zone could gain at most is read from the prices of the plan before anything is tried, so that few trials are
made and none of them in vain.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from asylia.siting.moves import Row, prepare
from asylia.siting.price import Arcs, Flags, Floats, Ints, Sizes
from asylia.siting.transport import attract, person_prices, shed


class Case(NamedTuple):
    """A siting network as the kernels see it; rows are pairs of scenario and period, by scenario.

    Parameters
    ----------
    people
        int64 (row, settlement).
    usable, allowed
        bool (row, site), (site, period).
    chance, weight
        float64 (row,): chance of the scenario, and what its costs count (chance, moved towards the worst scenarios).
    money
        float64 (period,): what one of money counts.
    """

    arcs: Arcs
    sizes: Sizes
    people: Ints
    penalty: Floats
    usable: Flags
    allowed: Flags
    chance: Floats
    weight: Floats
    money: Floats


class State(NamedTuple):
    """A plan that is worked on.

    Parameters
    ----------
    sizes
        int64 (site, period), 0 for closed, 1 for the first size.
    flow, unserved, held
        int64 (row, arc), (row, settlement), (row, site).
    """

    sizes: Ints
    flow: Ints
    unserved: Ints
    held: Ints


@njit(cache=True)
def zones_of(case: Case, state: State, row: int, near: Flags) -> tuple[Ints, Ints, Ints, Floats]:
    """Site, most people, fewest people and extra cost of the zones that are open, usable in a row, and near."""
    period = row % case.money.size
    site = np.empty(state.sizes.shape[0], np.int64)
    count = 0
    for one in range(site.size):
        if near[one] and state.sizes[one, period] > 0 and case.usable[row, one]:
            site[count] = one
            count += 1
    site = site[:count]
    room, least, extra = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count)
    for slot in range(count):
        size = state.sizes[site[slot], period] - 1
        room[slot] = case.sizes.capacity[site[slot], size]
        least[slot] = case.sizes.least[site[slot], size]
        extra[slot] = case.sizes.each[site[slot], size] * case.money[period]
    return site, room, least, extra


@njit(cache=True)
def open_zone(case: Case, state: State, site: int, path: Ints, wanted: Floats) -> bool:
    """Open a zone and let people come.

    Parameters
    ----------
    path
        int64 (period,): size, 0 for closed.
    wanted
        float64 (row,): change of cost that is wanted in every row; given up once out of reach in one of them.

    Returns
    -------
    Whether it has its fewest people everywhere, and nothing was given up.
    """
    state.sizes[site] = path
    near = np.ones(state.sizes.shape[0], np.bool_)
    for row in range(case.people.shape[0]):
        if path[row % path.size] == 0 or not case.usable[row, site]:
            continue
        one = Row(state.flow[row], state.unserved[row], state.held[row])
        zones = zones_of(case, state, row, near)
        slot = int(np.searchsorted(zones[0], site))
        ready = prepare(case.arcs, one, zones, case.penalty, slot)
        done, _ = attract(case.arcs, one, ready, slot, wanted[row])
        if not done:
            return False
    return True


@njit(cache=True)
def close_zone(case: Case, state: State, site: int, most: float, near: Flags) -> tuple[bool, float]:
    """Close a zone and let people go elsewhere.

    Parameters
    ----------
    most
        Given up once the weighted cost is sure to rise by more.
    near
        bool (site,): zones to which people may go or be moved on; must hold the site. With all of them the plan stays
        the cheapest; with fewer it may not, so that this is for trials.

    Returns
    -------
    Whether it was closed; the rise in weighted cost.
    """
    change = 0.0
    for row in range(case.people.shape[0]):
        if state.held[row, site] == 0 or case.weight[row] == 0.0:
            most_here = np.inf
        else:
            most_here = (most - change) / case.weight[row]
        if state.held[row, site] == 0:
            continue
        one = Row(state.flow[row], state.unserved[row], state.held[row])
        zones = zones_of(case, state, row, near)
        slot = int(np.searchsorted(zones[0], site))
        ready = prepare(case.arcs, one, zones, case.penalty, slot)
        done, more = shed(case.arcs, one, ready, slot, most_here)
        change += more * case.weight[row]
        if not done:
            return False, change
    state.sizes[site] = 0
    return True, change


@njit(cache=True)
def prices_of(case: Case, state: State) -> Floats:
    """Cost of one more person: float64 (row, settlement), in what the row counts."""
    prices = np.empty(case.people.shape)
    near = np.ones(state.sizes.shape[0], np.bool_)
    for row in range(case.people.shape[0]):
        one = Row(state.flow[row], state.unserved[row], state.held[row])
        ready = prepare(case.arcs, one, zones_of(case, state, row, near), case.penalty, -1)
        prices[row] = person_prices(case.arcs, ready) * case.weight[row]
    return prices


@njit(cache=True)
def losses(case: Case, state: State) -> tuple[Floats, Floats]:
    """Count travel and penalty, and money for people, of every row: float64 (row,) each."""
    rows = case.people.shape[0]
    loss, money = np.zeros(rows), np.zeros(rows)
    for row in range(rows):
        period = row % case.money.size
        for site in range(state.sizes.shape[0]):
            if state.held[row, site] == 0:
                continue
            money[row] += state.held[row, site] * case.sizes.each[site, state.sizes[site, period] - 1]
            for arc in range(case.arcs.starts[site], case.arcs.starts[site + 1]):
                loss[row] += case.arcs.cost[arc] * state.flow[row, arc]
        for settlement in range(case.penalty.size):
            loss[row] += case.penalty[settlement] * state.unserved[row, settlement]
    return loss, money


@njit(cache=True)
def fixed_money(case: Case, sizes: Ints) -> Floats:
    """Count the money for opening and running: float64 (period,)."""
    periods = case.money.size
    money = np.zeros(periods)
    for site in range(sizes.shape[0]):
        before = 0
        for period in range(periods):
            after = sizes[site, period]
            if after > 0:
                money[period] += case.sizes.running[site, after - 1]
                if after != before:
                    money[period - case.sizes.lead[site, after - 1]] += case.sizes.opening[site, after - 1]
            before = after
    return money


@njit(cache=True)
def packed(flow: Ints, starts: Ints, sites: Ints) -> Ints:
    """Copy the people on the arcs of some sites: int64 (row, arc of these sites)."""
    count = 0
    for site in sites:
        count += starts[site + 1] - starts[site]
    kept = np.empty((flow.shape[0], count), np.int64)
    for row in range(flow.shape[0]):
        at = 0
        for site in sites:
            width = starts[site + 1] - starts[site]
            kept[row, at : at + width] = flow[row, starts[site] : starts[site + 1]]
            at += width
    return kept


@njit(cache=True)
def unpack(flow: Ints, starts: Ints, sites: Ints, kept: Ints) -> None:
    """Put back what was copied."""
    for row in range(flow.shape[0]):
        at = 0
        for site in sites:
            width = starts[site + 1] - starts[site]
            flow[row, starts[site] : starts[site + 1]] = kept[row, at : at + width]
            at += width
