"""Cohorts: people who are alike in all that the rules look at, counted together.

A table of cohorts is an open hash table over two keys. Adding people who are alike to those already there is one
probe; emptying the table is one number. It grows by doubling between two stretches of work, never inside one.

First key: place or link, remaining route, group, whether ever at the end of a link. Second key: recent travel and
kilometres (on the present link, or covered today), in grains. Within a grain the table keeps sums, so a cohort has
the mean of its people; where a grain is one unit of length, that is exact.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.core.draws import mix
from asylia.move.flee.bare import bare, inlined

MOST_PLACES: Final = 1 << 20
MOST_ROUTES: Final = (1 << 26) - 1
MOST_GROUPS: Final = 1 << 16
FIRST_SIZE: Final = 1 << 10

_WHERE: Final = np.uint64((1 << 20) - 1)
_ROUTE: Final = np.uint64((1 << 26) - 1)
_GROUP: Final = np.uint64((1 << 16) - 1)
_ROUTE_AT: Final = np.uint64(20)
_GROUP_AT: Final = np.uint64(46)
_FRESH_AT: Final = np.uint64(62)
_RECENT_AT: Final = np.uint64(43)
_SHORT_AT: Final = np.uint64(42)
_STAMP_AT: Final = np.uint64(32)
_ROW: Final = np.uint64((1 << 32) - 1)
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_ONE: Final = np.uint64(1)


class Cohorts(NamedTuple):
    """A table: `slots` holds stamp and row of each cohort, `meta` the stamp and how many rows are used."""

    slots: NDArray[np.uint64]
    first: NDArray[np.uint64]
    second: NDArray[np.uint64]
    people: NDArray[Any]
    recent: NDArray[Any]
    distance: NDArray[Any]
    meta: NDArray[np.int64]


STAMP, USED = range(2)


@njit(cache=True)
def empty_cohorts(sample: Any, size: int) -> Cohorts:
    """Make an empty table whose people have the type of `sample` (an array); `size` is a power of two."""
    return Cohorts(
        np.zeros(2 * size, dtype=np.uint64),
        np.empty(size, dtype=np.uint64),
        np.empty(size, dtype=np.uint64),
        np.empty(size, dtype=sample.dtype),
        np.empty(size, dtype=sample.dtype),
        np.empty(size, dtype=sample.dtype),
        np.array([1, 0]),
    )


@inlined
def has_room(table: Cohorts, more: int) -> Any:
    """Say whether `more` cohorts fit into a table."""
    return table.meta[USED] + more <= table.first.size


@njit(cache=True)
def enlarged(table: Cohorts) -> Cohorts:
    """Return a table with the same cohorts and twice the room."""
    larger = empty_cohorts(table.people, 2 * table.first.size)
    for row in range(table.meta[USED]):
        at = row_for(larger, table.first[row], table.second[row])
        larger.people[at] = table.people[row]
        larger.recent[at] = table.recent[row]
        larger.distance[at] = table.distance[row]
    return larger


@bare
def clear(table: Cohorts) -> None:
    """Forget all cohorts."""
    table.meta[STAMP] += 1
    table.meta[USED] = 0


@inlined
def row_for(table: Cohorts, first: np.uint64, second: np.uint64) -> Any:
    """Find the row of a cohort; a new one starts empty. There must be room."""
    slots, stamp = table.slots, np.uint64(table.meta[STAMP])
    last = np.uint64(slots.size - 1)
    at = mix(first ^ (second * _ODD)) & last
    row = np.int64(-1)
    while row < 0:
        if slots[at] >> _STAMP_AT != stamp:
            row = table.meta[USED]
            table.meta[USED] = row + 1
            slots[at] = (stamp << _STAMP_AT) | np.uint64(row)
            table.first[row], table.second[row] = first, second
            table.people[row], table.recent[row], table.distance[row] = 0, 0, 0
        else:
            found = np.int64(slots[at] & _ROW)
            if table.first[found] == first and table.second[found] == second:
                row = found
            at = (at + _ONE) & last
    return row


@inlined
def add(
    table: Cohorts, first: np.uint64, recent: int, distance: int, short: int, grain: int, people: Any
) -> None:
    """Add people who are alike to their cohort; grains of distance are 2**grain, of recent travel twice that.

    `short` keeps those who have not come far lately apart from the others where that decides what they do next.
    """
    second = (np.uint64(recent >> grain >> (grain > 0)) << _RECENT_AT) | (np.uint64(short) << _SHORT_AT)
    second |= np.uint64(distance >> grain)
    row = row_for(table, first, second)
    table.people[row] += people
    table.recent[row] += people * recent
    table.distance[row] += people * distance


@inlined
def mean(total: Any, people: Any) -> Any:
    """Return the mean of a cohort, to the nearest unit of length."""
    return np.int64(np.float64(total) / np.float64(people) + 0.5)


@inlined
def who(where: int, route: int, group: int, fresh: int) -> np.uint64:
    """Pack the first key; a route of -1 is none."""
    key = np.uint64(where) | (np.uint64(route + 1) << _ROUTE_AT)
    return key | (np.uint64(group) << _GROUP_AT) | (np.uint64(fresh) << _FRESH_AT)


@inlined
def where_of(first: np.uint64) -> Any:
    """Place of a cohort, or link, counted after the places."""
    return np.int64(first & _WHERE)


@inlined
def route_of(first: np.uint64) -> Any:
    """Remaining route of a cohort, -1 for none."""
    return np.int64((first >> _ROUTE_AT) & _ROUTE) - 1


@inlined
def group_of(first: np.uint64) -> Any:
    """Group of a cohort."""
    return np.int64((first >> _GROUP_AT) & _GROUP)


@inlined
def fresh_of(first: np.uint64) -> Any:
    """1 for people who have not finished a first link yet, where that matters."""
    return np.int64(first >> _FRESH_AT)
