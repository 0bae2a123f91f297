"""What a zone at a site is worth when every person carries a price: the part of the bound that knows sites.

With a price on every person, sites no longer compete for people. Each site, size, period and scenario is a knapsack
that is filled with people of the lowest cost less price. Which size when is then a small dynamic programme.

Source: Jena, Cordeau, Gendron (2014), Solving a dynamic facility location problem with partial closing and reopening.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Arcs(NamedTuple):
    """Arcs by site: `settlement[starts[j]:starts[j + 1]]` are those in reach of site `j`."""

    starts: Ints
    settlement: Ints
    cost: Floats


class Sizes(NamedTuple):
    """What each size of a site holds, needs and costs: arrays (site, size)."""

    capacity: Ints
    least: Ints
    opening: Floats
    running: Floats
    each: Floats
    lead: Ints


class Prices(NamedTuple):
    """Prices that are set from outside: rows are pairs of scenario and period.

    Parameters
    ----------
    person
        float64 (row, settlement).
    weight
        float64 (row,): what the cost of a person in this row counts.
    mean
        float64 (row,): what the money for a person in this row counts.
    money
        float64 (period,): what one of money counts in a period.
    """

    person: Floats
    weight: Floats
    mean: Floats
    money: Floats


BUCKETS = 64
"""Heaps into which arcs are put before any is put in order."""


class Heaps(NamedTuple):
    """Arcs of a site, in heaps by cost less price; only the heap in which a zone becomes full is put in order.

    Parameters
    ----------
    keys, arcs
        float64 and int64 (arc,): heap after heap.
    bounds, sorted
        int64 (heap + 1,) and bool (heap,).
    people, value
        int64 and float64 (heap,): sums over a heap.
    raw, which
        Space to work in: float64 and int64 (2, arc).
    used
        int64 (1,): how many heaps are used; few arcs need few.
    """

    keys: Floats
    arcs: Ints
    bounds: Ints
    sorted: Flags
    people: Ints
    value: Floats
    raw: Floats
    which: Ints
    used: Ints


@njit(cache=True)
def new_heaps(widest: int) -> Heaps:
    """Make room for the arcs of any one site."""
    return Heaps(
        np.empty(widest),
        np.empty(widest, np.int64),
        np.zeros(BUCKETS + 1, np.int64),
        np.zeros(BUCKETS, np.bool_),
        np.zeros(BUCKETS, np.int64),
        np.zeros(BUCKETS),
        np.empty(widest),
        np.empty((2, widest), np.int64),
        np.ones(1, np.int64),
    )


@njit(cache=True)
def sort_pairs(keys: Floats, others: Ints, start: int, end: int) -> None:
    """Sort a part of the keys in place, and the others along with them (insertion, or Shell's sort if long)."""
    gap = 1
    while gap < (end - start) // 9:
        gap = 3 * gap + 1
    while gap > 0:
        for first in range(start + gap, end):
            key, other, at = keys[first], others[first], first
            while at >= start + gap and keys[at - gap] > key:
                keys[at] = keys[at - gap]
                others[at] = others[at - gap]
                at -= gap
            keys[at] = key
            others[at] = other
        gap //= 3


@njit(cache=True)
def fill(arcs: Arcs, people: Ints, where: tuple[int, int], prices: Prices, heaps: Heaps, least: int) -> None:
    """Put the arcs of a site in heaps by cost less price; those below 0, or all if some must be taken.

    Parameters
    ----------
    where
        Site and row.
    least
        People who must be taken.
    """
    site, row = where
    count = 0
    weight = prices.weight[row]
    low, high = np.inf, -np.inf
    for arc in range(arcs.starts[site], arcs.starts[site + 1]):
        key = weight * arcs.cost[arc] - prices.person[row, arcs.settlement[arc]]
        if key < 0.0 or least > 0:
            heaps.raw[count] = key
            heaps.which[0, count] = arc
            low, high = min(low, key), max(high, key)
            count += 1
    used = min(BUCKETS, 1 + count // 12)
    heaps.used[0] = used
    heaps.bounds[: used + 1] = 0
    heaps.people[:used] = 0
    heaps.value[:used] = 0.0
    heaps.sorted[:used] = False
    scale = (used - 1e-6) / (high - low) if high > low else 0.0
    for at in range(count):
        heap = int((heaps.raw[at] - low) * scale)
        heaps.which[1, at] = heap
        heaps.bounds[heap + 1] += 1
        amount = people[arcs.settlement[heaps.which[0, at]]]
        heaps.people[heap] += amount
        heaps.value[heap] += amount * heaps.raw[at]
    for heap in range(used):
        heaps.bounds[heap + 1] += heaps.bounds[heap]
    for at in range(count - 1, -1, -1):
        heap = heaps.which[1, at]
        heaps.bounds[heap + 1] -= 1
        to = heaps.bounds[heap + 1]
        heaps.keys[to] = heaps.raw[at]
        heaps.arcs[to] = heaps.which[0, at]
    for heap in range(used):
        heaps.bounds[heap] = heaps.bounds[heap + 1]
    heaps.bounds[used] = count


@njit(cache=True, inline="always")
def put_in_order(heaps: Heaps, heap: int) -> None:
    """Sort one heap, once."""
    if not heaps.sorted[heap]:
        sort_pairs(heaps.keys, heaps.arcs, heaps.bounds[heap], heaps.bounds[heap + 1])
        heaps.sorted[heap] = True


@njit(cache=True)
def knapsack(arcs: Arcs, people: Ints, heaps: Heaps, limits: tuple[int, int, float]) -> float:
    """Value of a zone filled in order: at most `limits[0]` people, at least `limits[1]`, each at `limits[2]` more.

    Infinite if there are too few people in reach.
    """
    room, least, each = limits
    value = 0.0
    taken = 0
    for heap in range(heaps.used[0]):
        start, end = heaps.bounds[heap], heaps.bounds[heap + 1]
        if start == end:
            continue
        if taken + heaps.people[heap] <= room:
            highest = heaps.keys[start:end].max() if not heaps.sorted[heap] else heaps.keys[end - 1]
            if highest + each < 0.0:
                value += heaps.value[heap] + each * heaps.people[heap]
                taken += heaps.people[heap]
                continue
        put_in_order(heaps, heap)
        for at in range(start, end):
            key = heaps.keys[at] + each
            if taken >= room or (key >= 0.0 and taken >= least):
                return value if taken >= least else np.inf
            amount = min(people[arcs.settlement[heaps.arcs[at]]], (room if key < 0.0 else least) - taken)
            value += amount * key
            taken += amount
    return value if taken >= least else np.inf


@njit(cache=True, inline="always")
def step_cost(sizes: Sizes, site: int, before: int, after: int, period: int, money: Floats) -> float:
    """Cost of coming from one size (0 is closed, 1 the first size) to another in a period; infinite if too soon."""
    if after == 0:
        return 0.0
    size = after - 1
    cost = sizes.running[site, size] * money[period]
    if after != before:
        paid = period - sizes.lead[site, size]
        if paid < 0 or sizes.capacity[site, size] == 0:
            return np.inf
        cost += sizes.opening[site, size] * money[paid]
    return float(cost)


@njit(cache=True)
def open_now(
    sizes: Sizes, site: int, worth: Floats, when: tuple[int, Floats], states: tuple[Floats, Floats, Ints]
) -> None:
    """Find the least cost of being open in a period, for every size; changes the second and third of the states.

    Parameters
    ----------
    when
        Period, and what one of money counts in each.
    states
        Cost of every state before and after, and where each came from in each period.
    """
    period, money = when
    cost, after, came = states
    for new in range(1, cost.size - 1):
        for old in range(cost.size):
            found = cost[old] + step_cost(sizes, site, old, new, period, money) + worth[new - 1, period]
            if found < after[new]:
                after[new] = found
                came[period, new] = old


@njit(cache=True)
def best_path(sizes: Sizes, site: int, worth: Floats, allowed: Flags, money: Floats) -> tuple[float, Ints]:
    """Choose the size of a site in every period: least cost, and int64 (period,) with 0 for closed.

    It is open in some period at least, so that the cost may be above 0; infinite if it never may be.

    Parameters
    ----------
    worth
        float64 (size, period): value of the people in it, 0 or less.
    """
    count, periods = worth.shape
    # the last state is closed, after it was open
    cost = np.full(count + 2, np.inf)
    cost[0] = 0.0
    came = np.zeros((periods, count + 2), np.int64)
    for period in range(periods):
        after = np.full(count + 2, np.inf)
        after[0] = 0.0
        came[period, count + 1] = 1 + np.argmin(cost[1:])
        after[count + 1] = cost[came[period, count + 1]]
        if allowed[period]:
            open_now(sizes, site, worth, (period, money), (cost, after, came))
        cost = after
    path = np.zeros(periods, np.int64)
    last = 1 + np.argmin(cost[1:])
    value = cost[last]
    if value == np.inf:
        return value, path
    for period in range(periods - 1, -1, -1):
        path[period] = last if last <= count else 0
        last = came[period, last]
    return value, path


@njit(cache=True)
def best_now(sizes: Sizes, values: Floats, allowed: Flags, money: Floats, only: Ints) -> tuple[Floats, Ints]:
    """Best size of every site in `only` if there is one period: the same as `best_path`, without its tables."""
    cost = np.full(only.size, np.inf)
    paths = np.zeros((only.size, 1), np.int64)
    for at in range(only.size):
        site = only[at]
        if not allowed[site, 0]:
            continue
        for size in range(values.shape[1]):
            worth = 0.0
            for row in range(values.shape[2]):
                worth += values[at, size, row]
            found = step_cost(sizes, site, 0, size + 1, 0, money) + worth
            if found < cost[at]:
                cost[at] = found
                paths[at, 0] = size + 1
    return cost, paths


@njit(cache=True)
def best_paths(
    sizes: Sizes, values: Floats, allowed: Flags, money: Floats, only: Ints
) -> tuple[Floats, Ints]:
    """Best path of every site in `only`: float64 (site,), int64 (site, period)."""
    periods = money.size
    if periods == 1:
        return best_now(sizes, values, allowed, money, only)
    count, count_sizes, rows = values.shape
    cost = np.zeros(count)
    paths = np.zeros((count, periods), np.int64)
    worth = np.zeros((count_sizes, periods))
    for at in range(count):
        worth[:] = 0.0
        for size in range(count_sizes):
            for row in range(rows):
                worth[size, row % periods] += values[at, size, row]
        cost[at], paths[at] = best_path(sizes, only[at], worth, allowed[only[at]], money)
    return cost, paths


@njit(cache=True)
def take(arcs: Arcs, people: Ints, heaps: Heaps, limits: tuple[int, int, float], taken_by: Floats) -> int:
    """Add the people in a zone that is filled in order to `taken_by`; returns how many they are."""
    room, least, each = limits
    taken = 0
    for heap in range(heaps.used[0]):
        if heaps.bounds[heap] == heaps.bounds[heap + 1]:
            continue
        put_in_order(heaps, heap)
        for at in range(heaps.bounds[heap], heaps.bounds[heap + 1]):
            key = heaps.keys[at] + each
            if taken >= room or (key >= 0.0 and taken >= least):
                return taken
            settlement = arcs.settlement[heaps.arcs[at]]
            amount = min(people[settlement], (room if key < 0.0 else least) - taken)
            taken_by[settlement] += amount
            taken += amount
    return taken


@njit(cache=True)
def served(
    arcs: Arcs, sizes: Sizes, people: Ints, prices: Prices, usable: Flags, chosen: Ints, paths: Ints
) -> tuple[Floats, Floats]:
    """People whom the chosen sites would take at these prices, and the money for them.

    float64 (row, settlement) and (period,); money is the mean over scenarios.

    Parameters
    ----------
    chosen, paths
        int64 (site,) and (site, period), 0 for closed.
    """
    rows, settlements = people.shape
    periods = prices.money.size
    taken_by = np.zeros((rows, settlements))
    paid = np.zeros(periods)
    heaps = new_heaps(arcs.starts.size and np.diff(arcs.starts).max() + 1)
    for at in range(chosen.size):
        site = chosen[at]
        for row in range(rows):
            size = paths[at, row % periods] - 1
            if size < 0 or not usable[row, site]:
                continue
            limits = (
                sizes.capacity[site, size],
                sizes.least[site, size],
                sizes.each[site, size] * prices.mean[row] * prices.money[row % periods],
            )
            fill(arcs, people[row], (site, row), prices, heaps, limits[1])
            taken = take(arcs, people[row], heaps, limits, taken_by[row])
            paid[row % periods] += taken * sizes.each[site, size] * prices.mean[row]
    return taken_by, paid
