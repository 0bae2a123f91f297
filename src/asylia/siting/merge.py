"""Maximal covering made smaller without changing the answer: sites and settlements that cannot make a difference go.

A site that reaches nobody whom another does not reach as well is left out. Settlements within reach of the same sites
are counted as one, those within reach of none too. Both are exact: the best plan of what is left is a best plan of the whole.

Source: R. Church (1984), Papers of the Regional Science Association 55, 129-139, and M. Daskin (2013), Network and
Discrete Location, section 4.5 (columns and rows that dominate).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.core.draws import mix

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

WORD = 64
GONE = -1


class Cover(NamedTuple):
    """Maximal covering by both sides: sites of each class of settlements, classes that each site reaches.

    `sites[starts[c]:starts[c + 1]]` are ascending, `classes[begin[j]:begin[j + 1]]` too. `people` is float64 (class,)
    of whole numbers; `most` is how many sites are opened.
    """

    starts: Ints
    sites: Ints
    begin: Ints
    classes: Ints
    people: Floats
    most: int


class Merged(NamedTuple):
    """A smaller problem, which site each of its sites was, and which class each settlement is in (`GONE` if none)."""

    cover: Cover
    origin: Ints
    class_of: Ints


def merged(starts: Ints, reach: Ints, people: Floats, sites: int, most: int) -> Merged:
    """Leave out sites that another makes useless, and merge settlements with the same sites.

    Parameters
    ----------
    starts, reach
        int64 (customer + 1,) and int64 (arc,): sites within reach of each customer, each once.
    people
        float64 (customer,), whole numbers; customers with nobody are left out.
    sites, most
        Sites to choose from, and how many are opened.
    """
    begin, held = _by_site(starts, reach, people, np.arange(sites))
    origin = np.flatnonzero(_useful(starts, reach, begin, held))
    number = np.full(sites, GONE)
    number[origin] = np.arange(origin.size)
    begin, held = _by_site(starts, reach, people, number)
    starts, reach = _by_customer(begin[: origin.size + 1], held, people.size)
    order, marks = _same(starts, reach, people)
    class_of = np.full(people.size, GONE)
    class_of[order] = np.cumsum(marks) - 1
    return Merged(
        _classes(starts, reach, people, class_of, order[marks], origin.size, most), origin, class_of
    )


def _classes(
    starts: Ints, reach: Ints, people: Floats, class_of: Ints, first: Ints, sites: int, most: int
) -> Cover:
    """Put the classes together, each with the sites of its first customer."""
    inside = class_of >= 0
    total = np.bincount(class_of[inside], people[inside], first.size).astype(np.float64)
    class_starts, class_sites = _rows(starts, reach, first)
    begin, classes = _by_site(class_starts, class_sites, total, np.arange(sites))
    return Cover(class_starts, class_sites, begin, classes, total, min(most, sites))


@njit(cache=True)
def _by_site(starts: Ints, reach: Ints, people: Floats, number: Ints) -> tuple[Ints, Ints]:
    """List the customers of each site, ascending; `number` gives sites their new number or `GONE`."""
    begin = np.zeros(number.size + 1, dtype=np.int64)
    for customer in range(people.size):
        if people[customer] > 0.0:
            for arc in range(starts[customer], starts[customer + 1]):
                begin[number[reach[arc]] + 1] += 1
    # those that are gone were counted at 0
    begin[0] = 0
    begin = np.cumsum(begin)
    place, held = begin.copy(), np.empty(begin[-1], dtype=np.int64)
    for customer in range(people.size):
        if people[customer] > 0.0:
            for arc in range(starts[customer], starts[customer + 1]):
                site = number[reach[arc]]
                if site >= 0:
                    held[place[site]] = customer
                    place[site] += 1
    return begin, held


@njit(cache=True)
def _by_customer(begin: Ints, held: Ints, customers: int) -> tuple[Ints, Ints]:
    """List the sites of each customer, ascending."""
    starts = np.zeros(customers + 1, dtype=np.int64)
    for customer in held:
        starts[customer + 1] += 1
    starts = np.cumsum(starts)
    place, reach = starts.copy(), np.empty(held.size, dtype=np.int64)
    for site in range(begin.size - 1):
        for arc in range(begin[site], begin[site + 1]):
            reach[place[held[arc]]] = site
            place[held[arc]] += 1
    return starts, reach


@njit(cache=True)
def _useful(starts: Ints, reach: Ints, begin: Ints, held: Ints) -> NDArray[np.bool_]:
    """Say which sites reach somebody whom no better site reaches as well; of equal sites the first stays."""
    sites = begin.size - 1
    bits = _bits(begin, held, (starts.size + WORD - 2) // WORD)
    useful = np.zeros(sites, dtype=np.bool_)
    for site in range(sites):
        if begin[site] == begin[site + 1]:
            continue
        useful[site] = True
        rarest = held[begin[site]]
        for customer in held[begin[site] : begin[site + 1]]:
            if starts[customer + 1] - starts[customer] < starts[rarest + 1] - starts[rarest]:
                rarest = customer
        # whoever reaches all of them reaches the one with fewest ways
        for other in reach[starts[rarest] : starts[rarest + 1]]:
            if _makes_useless(site, other, begin, held, bits):
                useful[site] = False
                break
    return useful


@njit(cache=True)
def _bits(begin: Ints, held: Ints, words: int) -> Words:
    bits = np.zeros((begin.size - 1, words), dtype=np.uint64)
    for site in range(begin.size - 1):
        for customer in held[begin[site] : begin[site + 1]]:
            bits[site, customer // WORD] |= np.uint64(1) << np.uint64(customer % WORD)
    return bits


@njit(cache=True)
def _makes_useless(site: int, other: int, begin: Ints, held: Ints, bits: Words) -> bool:
    own, its = begin[site + 1] - begin[site], begin[other + 1] - begin[other]
    if its < own or (its == own and other >= site):
        return False
    for word in range(held[begin[site]] // WORD, held[begin[site + 1] - 1] // WORD + 1):
        if bits[site, word] & ~bits[other, word]:
            return False
    return True


@njit(cache=True)
def _hashes(starts: Ints, reach: Ints) -> Words:
    """Hash the set of sites of each customer; 0 for none."""
    found = np.zeros(starts.size - 1, dtype=np.uint64)
    for customer in range(found.size):
        for site in reach[starts[customer] : starts[customer + 1]]:
            found[customer] ^= mix(np.uint64(site + 1))
    return found


def _same(starts: Ints, reach: Ints, people: Floats) -> tuple[Ints, NDArray[np.bool_]]:
    """Order customers so that equal ones stand together, and mark the first of each kind."""
    hashes, some = _hashes(starts, reach), np.flatnonzero(people > 0.0)
    order = some[np.argsort(hashes[some], kind="stable")]
    return order, _firsts(starts, reach, hashes, order)


@njit(cache=True)
def _firsts(starts: Ints, reach: Ints, hashes: Words, order: Ints) -> NDArray[np.bool_]:
    """Mark customers whose sites differ from those before; a hash alone is no proof that they are equal."""
    marks = np.ones(order.size, dtype=np.bool_)
    for place in range(1, order.size):
        one, before = order[place], order[place - 1]
        if hashes[one] == hashes[before]:
            marks[place] = not np.array_equal(
                reach[starts[one] : starts[one + 1]], reach[starts[before] : starts[before + 1]]
            )
    return marks


@njit(cache=True)
def _rows(starts: Ints, reach: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """Take the rows of some customers."""
    own = np.zeros(chosen.size + 1, dtype=np.int64)
    for row in range(chosen.size):
        own[row + 1] = own[row] + starts[chosen[row] + 1] - starts[chosen[row]]
    taken = np.empty(own[-1], dtype=np.int64)
    for row in range(chosen.size):
        taken[own[row] : own[row + 1]] = reach[starts[chosen[row]] : starts[chosen[row] + 1]]
    return own, taken
