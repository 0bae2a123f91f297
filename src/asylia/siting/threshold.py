"""What a zone at a site is worth when every person carries a price, found without putting anybody in order.

A full zone takes those below a threshold of cost less price. Every threshold gives a bound, and the best threshold gives
the value itself; the last one is near, so that a few looks at the arcs are enough.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from asylia.siting.price import (
    Arcs,
    Flags,
    Floats,
    Heaps,
    Ints,
    Prices,
    Sizes,
    fill,
    knapsack,
    new_heaps,
)

LOOKS = 12
"""Most thresholds that are tried for one zone; the bound holds wherever they end."""

NEAR = 1e-6
"""A threshold is the best if no other can be better by more than this share."""


class Below(NamedTuple):
    """Arcs of a site in one row whose cost is below the price: float64 (arc,) each, the first `count` are meant."""

    keys: Floats
    people: Floats


@njit(cache=True, fastmath={"reassoc", "contract", "nsz", "nnan"})
def gather(
    arcs: Arcs, people: Ints, where: tuple[int, int], prices: Prices, below: Below
) -> tuple[int, float, float, float]:
    """Gather the arcs of a site that are below 0: how many, their people, value and lowest key."""
    site, row = where
    weight = prices.weight[row]
    count, crowd, value, lowest = 0, 0.0, 0.0, 0.0
    for arc in range(arcs.starts[site], arcs.starts[site + 1]):
        settlement = arcs.settlement[arc]
        key = weight * arcs.cost[arc] - prices.person[row, settlement]
        below.keys[count] = key
        below.people[count] = people[settlement]
        # no branch: whether an arc counts cannot be foreseen
        count += key < 0.0
    for at in range(count):
        crowd += below.people[at]
        value += below.people[at] * below.keys[at]
        lowest = min(lowest, below.keys[at])
    return count, crowd, value, lowest


@njit(cache=True, fastmath={"reassoc", "contract", "nsz"})
def sums_below(below: Below, count: int, threshold: float) -> tuple[float, float]:
    """People whose key is below `-threshold`, and what they come to with the threshold added."""
    crowd, value = 0.0, 0.0
    for at in range(count):
        key = below.keys[at] + threshold
        amount = below.people[at] if key < 0.0 else 0.0
        crowd += amount
        value += amount * key
    return crowd, value


@njit(cache=True)
def best_threshold(
    below: Below, count: int, room: float, start: tuple[float, float, float, float], guess: float
) -> tuple[float, float]:
    """Find the threshold that makes the bound of a full zone highest (Kelley's cutting planes in one dimension).

    Parameters
    ----------
    room
        Most people in the zone.
    start
        Threshold at which too many come, their people and value there; threshold at which nobody comes.
    guess
        Threshold to try first.

    Returns
    -------
    Threshold and bound.
    """
    low, crowd, value, high = start
    low_value, low_slope = value - low * room, crowd - room
    high_value, high_slope = -high * room, -room
    best, best_value = low, low_value
    if high_value > best_value:
        best, best_value = high, high_value
    at = guess if low < guess < high else -1.0
    for _ in range(LOOKS):
        crossing = (high_value - low_value + low_slope * low - high_slope * high) / (low_slope - high_slope)
        top = low_value + low_slope * (crossing - low)
        if top <= best_value + NEAR * abs(best_value):
            break
        if at < 0.0:
            at = crossing
        crowd, value = sums_below(below, count, at)
        found = value - at * room
        if found > best_value:
            best, best_value = at, found
        if crowd > room:
            low, low_value, low_slope = at, found, crowd - room
        else:
            high, high_value, high_slope = at, found, crowd - room
            if crowd == room:
                break
        at = -1.0
    return best, best_value


@njit(cache=True)
def value_of_size(
    below: Below, found: tuple[int, float, float, float], room: float, each: float, guess: float
) -> tuple[float, float]:
    """Value of a zone of one size, people at `each` more; and the threshold, to begin with next time."""
    count, crowd, value, lowest = found
    if each > 0.0:
        crowd, value = sums_below(below, count, each)
    if crowd <= room:
        return value, guess
    # thresholds are counted from 0, so that `each` is a part of them
    threshold, bound = best_threshold(below, count, room, (each, crowd, value, -lowest), guess)
    return bound + each * room, threshold


@njit(cache=True)
def site_values(
    arcs: Arcs, sizes: Sizes, people: Ints, prices: Prices, usable: Flags, only: Ints, marks: Floats
) -> Floats:
    """Value of every size of the sites `only` in every row: float64 (site of only, size, row).

    Parameters
    ----------
    marks
        float64 (site, size, row): thresholds to begin with; left at those that were found.
    """
    rows, periods = people.shape[0], prices.money.size
    values = np.zeros((only.size, sizes.capacity.shape[1], rows))
    widest = 1
    for site in only:
        widest = max(widest, arcs.starts[site + 1] - arcs.starts[site])
    below = Below(np.empty(widest), np.empty(widest))
    heaps = new_heaps(widest)
    for at in range(only.size):
        site = only[at]
        for row in range(rows):
            if not usable[row, site]:
                continue
            if sizes.least[site].max() > 0:
                _in_order(arcs, sizes, people, prices, (at, site, row), heaps, values)
                continue
            found = gather(arcs, people[row], (site, row), prices, below)
            for size in range(values.shape[1]):
                each = sizes.each[site, size] * prices.mean[row] * prices.money[row % periods]
                room = float(sizes.capacity[site, size])
                values[at, size, row], marks[site, size, row] = value_of_size(
                    below, found, room, each, marks[site, size, row]
                )
    return values


@njit(cache=True)
def _in_order(
    arcs: Arcs,
    sizes: Sizes,
    people: Ints,
    prices: Prices,
    where: tuple[int, int, int],
    heaps: Heaps,
    values: Floats,
) -> None:
    """Value of a site that must hold some: those that cost may be among them, so that they are put in order."""
    at, site, row = where
    fill(arcs, people[row], (site, row), prices, heaps, sizes.least[site].max())
    for size in range(values.shape[1]):
        each = sizes.each[site, size] * prices.mean[row] * prices.money[row % prices.money.size]
        limits = (sizes.capacity[site, size], sizes.least[site, size], each)
        values[at, size, row] = knapsack(arcs, people[row], heaps, limits)
