"""Kernels that keep, of many score vectors, those no other one beats. Whole numbers only, so that ties are exact.

Source: sort-filter skyline (Chomicki and others, 2003): sorted by falling sum, a vector can only be beaten by an
earlier one. A vector that beat another moves up half the way, so that the strongest are tried first.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def undominated(groups: Ints, points: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Keep per group the vectors that no other one equals or exceeds in every part; equal ones are put together.

    Parameters
    ----------
    groups
        int64 (row,), 0 or more.
    points
        int64 (row, actor).
    counts
        int64 (row,): packages behind each row.

    Returns
    -------
    Rows kept, by group, then falling sum; of equal vectors the first. Packages behind each.
    """
    totals = points.sum(axis=1)
    order = np.lexsort((-totals, groups)) if groups.any() else np.argsort(-totals, kind="stable")
    kept, added = _skyline(groups, points, counts, order)
    return kept, added


def survivors(points: Ints, steps: Ints, edges: NDArray[np.int32], archive: Ints) -> tuple[Ints, Ints]:
    """List the pairs of a row and a value that no vector of the archive beats.

    Parameters
    ----------
    points
        int64 (row, actor): what each row scores so far.
    steps
        int64 (value, actor): what each value adds.
    edges
        int32 (row, value): below 0 where the row does not go on with the value.
    archive
        int64 (vector, actor). Its order changes.

    Returns
    -------
    Row and value of each pair.
    """
    found = _survivors(points, steps, edges, archive)
    return found // steps.shape[0], found % steps.shape[0]


@njit(cache=True)
def _skyline(groups: Ints, points: Ints, counts: Ints, order: Ints) -> tuple[Ints, Ints]:
    rows, width = points.shape
    archive = np.empty((rows, width), dtype=np.int64)
    kept = np.empty(rows, dtype=np.int64)
    added = np.empty(rows, dtype=np.int64)
    top, start, group = 0, 0, np.int64(-1)
    for place in range(rows):
        row = order[place]
        if groups[row] != group:
            start, group = top, groups[row]
        found = _beaten_by(points[row], archive, start, top)
        if found < 0:
            archive[top] = points[row]
            kept[top], added[top] = row, counts[row]
            top += 1
            continue
        if _same(points[row], archive, found):
            added[found] += counts[row]
        ahead = start + (found - start) // 2
        _swap(archive, found, ahead)
        kept[found], kept[ahead] = kept[ahead], kept[found]
        added[found], added[ahead] = added[ahead], added[found]
    return kept[:top].copy(), added[:top].copy()


@njit(cache=True)
def _survivors(points: Ints, steps: Ints, edges: NDArray[np.int32], archive: Ints) -> Ints:
    rows, values = edges.shape
    found = np.empty(rows * values, dtype=np.int64)
    top = 0
    for row in range(rows):
        for value in range(values):
            if edges[row, value] < 0:
                continue
            point = points[row] + steps[value]
            place = _beaten_by(point, archive, 0, archive.shape[0])
            if place < 0 or _same(point, archive, place):
                found[top] = row * values + value
                top += 1
            else:
                _swap(archive, place, place // 2)
    return found[:top].copy()


@njit(cache=True, inline="always")
def _beaten_by(point: Ints, archive: Ints, start: int, top: int) -> int:
    """Find a vector that is at least as good in every part, or -1."""
    for held in range(start, top):
        at_least = True
        for part in range(point.size):
            if archive[held, part] < point[part]:
                at_least = False
                break
        if at_least:
            return held
    return -1


@njit(cache=True, inline="always")
def _same(point: Ints, archive: Ints, row: int) -> bool:
    same = True
    for part in range(point.size):
        same = same and archive[row, part] == point[part]
    return same


@njit(cache=True, inline="always")
def _swap(archive: Ints, first: int, second: int) -> None:
    for part in range(archive.shape[1]):
        archive[first, part], archive[second, part] = archive[second, part], archive[first, part]
