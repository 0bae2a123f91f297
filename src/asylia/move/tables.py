"""Small tables for the kernel: axes as numbers, groups by the day they decide, dates as days."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from asylia.core.draws import GOLDEN, fold, mix, stable_ids
from asylia.move.facts import DECIDE_WEEKS, NEVER

Kind = TypeVar("Kind", bound=np.generic)


def axes(
    places: list[str],
    areas: list[str],
    area_of: NDArray[np.int64],
    settled: NDArray[np.bool_],
) -> dict[str, NDArray[np.generic]]:
    """Give the axes numbers: salts, places by area, and which group decides on which day.

    A group's day depends on its own ids alone, so it is the same in every plan and member.
    """
    lived = np.nonzero(settled)[0].astype(np.int64)
    in_areas = np.bincount(area_of[lived], minlength=len(areas))
    start, area, place = _by_turn(stable_ids(areas), stable_ids(places), lived)
    return {
        "place_salt": _salts(stable_ids(places)),
        "area_salt": _salts(stable_ids(areas)),
        "area_of": area_of,
        "settled": lived,
        "area_start": np.concatenate([[0], np.cumsum(in_areas)]).astype(np.int64),
        "area_places": lived[np.argsort(area_of[lived], kind="stable")],
        "cohort_start": start,
        "cohort_area": area,
        "cohort_place": place,
    }


def zone_axes(areas: list[str], zones: list[str]) -> dict[str, NDArray[np.generic]]:
    """Do the same for the zones of one plan."""
    start, area, number = _by_turn(stable_ids(areas), stable_ids(zones), np.arange(len(zones)))
    return {
        "zone_salt": _salts(stable_ids(zones)),
        "zone_cohort_start": start,
        "zone_cohort_area": area,
        "zone_cohort_zone": number,
    }


def days_from(first: dt.date, date: dt.date | None) -> int:
    """Count days from the first day; `NEVER` for no date.

    >>> days_from(dt.date(2017, 2, 23), dt.date(2017, 3, 1))
    6
    """
    return NEVER if date is None else (date - first).days


def frozen(array: NDArray[Kind]) -> NDArray[Kind]:
    """Return the array in one piece and read only."""
    array = np.ascontiguousarray(array)
    array.setflags(write=False)
    return array


def _salts(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scramble stable ids once, as `core.draws.fold` does, so the kernel need not."""
    with np.errstate(over="ignore"):
        return np.array([mix(key + GOLDEN) for key in keys], dtype=np.uint64)


def _by_turn(
    areas: NDArray[np.uint64], others: NDArray[np.uint64], which: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    turns = 7 * DECIDE_WEEKS
    groups = [
        (int(fold(areas[area], others[other])) % turns, area, int(other))
        for area in range(areas.size)
        for other in which
    ]
    table = np.array(sorted(groups), dtype=np.int64).reshape(-1, 3)
    start = np.searchsorted(table[:, 0], np.arange(turns + 1)).astype(np.int64)
    return start, table[:, 1].copy(), table[:, 2].copy()
