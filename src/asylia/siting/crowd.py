"""Zones are whole: a crowd that one zone cannot hold needs a second one, or some of it must go elsewhere.

Prices alone let a quarter of a zone be open for a quarter of its cost. Take a crowd of `D` people and some sites; zone
`j` can hold at most `m` of them. With `s` people of the crowd who are not at these sites, the zones that are open hold
the rest: the sum of their `m` and `s` is at least `D`. Counted in steps of some `size` people, with `f` people left
over of `D`, this becomes

    sum of gain over open zones + s >= f * (D // size + 1),  gain = f * (m // size) + min(f, m % size).

Every plan keeps to it, a quarter of a zone does not. Each such row gets a price of its own, 0 or more: sites that help
the crowd become cheaper, ways of the crowd to these sites dearer, and the bound rises.

Source: Nemhauser and Wolsey (1990), Mathematical Programming 46, 379-390 (rounding of a mixed row); Aardal, Pochet and
Wolsey (1995), Mathematics of Operations Research 20, 562-582 (capacitated location).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from asylia.siting.price import Arcs, Flags, Floats, Heaps, Ints, Prices, Sizes, fill, new_heaps, put_in_order


class Crowds(NamedTuple):
    """Rows on crowds.

    Parameters
    ----------
    starts, ways
        Ways of each crowd to its sites: int64 (crowd + 1,) and (way of a crowd,).
    gain
        int64 (crowd, site, size): what a zone counts in a row; 0 at other sites.
    need, people
        int64 (crowd,): the right side of the row, and the people of the crowd.
    places, members
        Settlements of each crowd: int64 (crowd + 1,) and (settlement of a crowd,).
    """

    starts: Ints
    ways: Ints
    gain: Ints
    need: Ints
    people: Ints
    places: Ints
    members: Ints


class Settlers(NamedTuple):
    """Ways by settlement: `way[first[i]:first[i + 1]]` are those of settlement `i`, to the sites `site`."""

    first: Ints
    way: Ints
    site: Ints


def no_crowds(sites: int, sizes: int) -> Crowds:
    """Begin without any row."""
    none, first = np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64)
    return Crowds(first, none, np.zeros((0, sites, sizes), dtype=np.int64), none, none, first, none)


def settlers_of(arcs: Arcs, settlements: int) -> Settlers:
    """Put ways in order of settlement."""
    site = np.repeat(np.arange(arcs.starts.size - 1), np.diff(arcs.starts))
    way = np.argsort(arcs.settlement, kind="stable")
    first = np.searchsorted(arcs.settlement[way], np.arange(settlements + 1))
    return Settlers(first.astype(np.int64), way, site[way])


@njit(cache=True)
def gain_of(most: int, size: int, left: int) -> int:
    """Count a zone that can hold so many of a crowd in steps of a size, of which `left` people are left over."""
    return left * (most // size) + min(left, most % size)


@njit(cache=True)
def charge(cost: Floats, crowds: Crowds, price: Floats) -> None:
    """Add the prices of rows to the ways they are about."""
    for row in range(price.size):
        if price[row] != 0.0:
            for at in range(crowds.starts[row], crowds.starts[row + 1]):
                cost[crowds.ways[at]] += price[row]


@njit(cache=True)
def helped(crowds: Crowds, price: Floats) -> Floats:
    """Sum what zones bring by the prices of rows: float64 (site, size)."""
    bonus = np.zeros((crowds.gain.shape[1], crowds.gain.shape[2]))
    for row in range(price.size):
        if price[row] != 0.0:
            for site in range(bonus.shape[0]):
                for size in range(bonus.shape[1]):
                    bonus[site, size] += price[row] * crowds.gain[row, site, size]
    return bonus


@njit(cache=True)
def within(crowds: Crowds, short: Floats) -> Floats:
    """Sum what settlements are short of over each crowd: float64 (crowd,)."""
    total = np.zeros(crowds.need.size)
    for row in range(total.size):
        for at in range(crowds.places[row], crowds.places[row + 1]):
            total[row] += short[crowds.members[at]]
    return total


@njit(cache=True)
def spread(crowds: Crowds, change: Floats, settlements: int) -> Floats:
    """Give changes of the prices of rows to the settlements of their crowds: float64 (settlement,)."""
    found = np.zeros(settlements)
    for row in range(change.size):
        for at in range(crowds.places[row], crowds.places[row + 1]):
            found[crowds.members[at]] += change[row]
    return found


@njit(cache=True)
def missing(crowds: Crowds, flow: Floats, chosen: Ints, sizes: Ints) -> Floats:
    """Count by how many people each row is broken: float64 (crowd,), below 0 where it is kept.

    Parameters
    ----------
    flow
        float64 (way,): people.
    chosen, sizes
        int64 (chosen,): open sites, and their sizes from 1 on.
    """
    lack = np.empty(crowds.need.size)
    for row in range(lack.size):
        short = float(crowds.need[row] - crowds.people[row])
        for at in range(chosen.size):
            if sizes[at] > 0:
                short -= crowds.gain[row, chosen[at], sizes[at] - 1]
        for at in range(crowds.starts[row], crowds.starts[row + 1]):
            short += flow[crowds.ways[at]]
        lack[row] = short
    return lack


@njit(cache=True)
def flows(
    arcs: Arcs,
    sizes: Sizes,
    people: Ints,
    prices: Prices,
    usable: Flags,
    chosen: Ints,
    paths: Ints,
    flow: Floats,
) -> Floats:
    """People whom the chosen sites would take at these prices, of one row: float64 (settlement,); added to `flow`.

    Parameters
    ----------
    chosen, paths
        int64 (site,): open sites, and their sizes from 1 on.
    """
    taken_by = np.zeros(people.size)
    heaps = new_heaps(arcs.starts.size and np.diff(arcs.starts).max() + 1)
    for one in range(chosen.size):
        site, size = chosen[one], paths[one] - 1
        if size < 0 or not usable[site]:
            continue
        room, least = sizes.capacity[site, size], sizes.least[site, size]
        each = sizes.each[site, size] * prices.mean[0] * prices.money[0]
        fill(arcs, people, (site, 0), prices, heaps, least)
        taken = 0
        for heap in range(heaps.used[0]):
            taken = take_heap(arcs, people, heaps, (heap, taken), (room, least, each), (flow, taken_by))
    return taken_by


@njit(cache=True, inline="always")
def take_heap(
    arcs: Arcs,
    people: Ints,
    heaps: Heaps,
    at_heap: tuple[int, int],
    limits: tuple[int, int, float],
    found: tuple[Floats, Floats],
) -> int:
    """Let the people of a heap into a zone, in order where not all of them can come; returns who is in it then.

    Parameters
    ----------
    at_heap
        Heap, and people who are in the zone before.
    limits
        Most and fewest people, and what each person costs more.
    found
        People by way and by settlement, to which they are added.
    """
    heap, taken = at_heap
    room, least, each = limits
    flow, taken_by = found
    start, end = heaps.bounds[heap], heaps.bounds[heap + 1]
    if start == end or taken >= room:
        return taken
    whole = taken + heaps.people[heap] <= room and heaps.keys[start:end].max() + each < 0.0
    if not whole:
        put_in_order(heaps, heap)
    for at in range(start, end):
        key = heaps.keys[at] + each
        if not whole and (taken >= room or (key >= 0.0 and taken >= least)):
            break
        settlement = arcs.settlement[heaps.arcs[at]]
        amount = min(people[settlement], (room if key < 0.0 else least) - taken)
        flow[heaps.arcs[at]] = amount
        taken_by[settlement] += amount
        taken += amount
    return taken


@njit(cache=True)
def put_away(starts: Ints, flow: Floats, chosen: Ints, total: Floats) -> None:
    """Add the people on the ways of chosen sites to a total, and take them off the ways."""
    for site in chosen:
        for way in range(starts[site], starts[site + 1]):
            total[way] += flow[way]
            flow[way] = 0.0
