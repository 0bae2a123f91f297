"""The worst day of every need: one pass over members, zones, needs and days."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

FOUND: Final = ("people unserved", "people served", "worst day", "first day short")
"""What is found for each need, along the first axis of the result."""


@njit(cache=True)
def provided_on(people: int, start: int, ramp: int, day: int) -> int:
    """Give how many people a provision serves on a day: none before it starts, then in even steps until it is whole.

    Parameters
    ----------
    ramp
        Days from the first day of work to the first day at full size.
    """
    if day < start:
        return 0
    steps = day - start + 1
    return people if steps > ramp else people * steps // (ramp + 1)


@njit(cache=True)
def worst_days(
    crowd: NDArray[np.int64],
    needs: int,
    offsets: NDArray[np.int64],
    people: NDArray[np.int64],
    start: NDArray[np.int64],
    ramp: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Find the day with most people unserved, for each member, zone and need.

    Parameters
    ----------
    crowd
        int64 (member, zone, day), people in each zone.
    needs
        How many needs each zone has.
    offsets
        int64 (zone * need + 1,), where the lines of provision of each zone and need begin, zones first.
    people
        int64 (member, line), people each line serves when it is whole.
    start, ramp
        int64 (line,), first day, and days until it is whole.

    Returns
    -------
    int64 (found, member, zone, need), as in `FOUND`; people on the worst day, and -1 for no day short.
    Where nobody is ever unserved the worst day is the fullest one.
    """
    members, zones, days = crowd.shape
    found = np.zeros((len(FOUND), members, zones, needs), dtype=np.int64)
    for member in range(members):
        for zone in range(zones):
            fullest, first = 0, -1
            for day in range(days):
                here = crowd[member, zone, day]
                if here > crowd[member, zone, fullest]:
                    fullest = day
                if first < 0 and here > 0:
                    first = day
            for need in range(needs):
                at = zone * needs + need
                if offsets[at] == offsets[at + 1]:
                    found[0, member, zone, need] = crowd[member, zone, fullest]
                    found[2, member, zone, need] = fullest
                    found[3, member, zone, need] = first
                else:
                    lines = (offsets[at], offsets[at + 1])
                    _one(
                        crowd[member, zone],
                        lines,
                        people[member],
                        start,
                        ramp,
                        fullest,
                        found[:, member, zone, need],
                    )
    return found


@njit(cache=True)
def _one(
    crowd: NDArray[np.int64],
    lines: tuple[int, int],
    people: NDArray[np.int64],
    start: NDArray[np.int64],
    ramp: NDArray[np.int64],
    fullest: int,
    out: NDArray[np.int64],
) -> None:
    out[2], out[3] = fullest, -1
    steady, served = 0, 0
    for line in range(lines[0], lines[1]):
        steady = max(steady, start[line] + ramp[line])
        served += people[line]
    for day in range(crowd.size):
        here = served if day >= steady else 0
        if day < steady:
            for line in range(lines[0], lines[1]):
                here += provided_on(people[line], start[line], ramp[line], day)
        missing = crowd[day] - here
        if missing > 0 and out[3] < 0:
            out[3] = day
        if missing > out[0]:
            out[0], out[2] = missing, day
        if day == out[2]:
            out[1] = here
