"""The inner loops of courses: totals that keep their order in time, and weeks that add up to given totals."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.core.draws import fold, start_key, to_unit
from asylia.threat.excite_kernels import size_of


@njit(cache=True)
def give_out(
    values: NDArray[np.int64], wanted: NDArray[np.int64], most: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Give each row one of the values, none above the row's most, as near as can be to the rank it wants.

    Rows with the least room choose first. If the k-th smallest value is never above the k-th smallest `most`, there is
    always one left: every value is given out once, and the values keep their distribution.

    Parameters
    ----------
    values
        int64 (row,), rising.
    wanted
        int64 (row,), rank wanted.
    most
        int64 (row,).
    """
    number = values.size
    free = np.ones(number, np.bool_)
    out = np.zeros(number, np.int64)
    reached = 0
    for row in np.argsort(most, kind="mergesort"):
        while reached < number and values[reached] <= most[row]:
            reached += 1
        low = min(wanted[row], reached - 1)
        while low >= 0 and not free[low]:
            low -= 1
        high = min(wanted[row], reached - 1) + 1
        while high < reached and not free[high]:
            high += 1
        near_high = high < reached and (low < 0 or high - wanted[row] < wanted[row] - low)
        chosen = high if near_high else low
        free[chosen] = False
        out[row] = values[chosen]
    return out


@njit(cache=True)
def reshape(weekly: NDArray[np.int64], total: int, size: float, key: np.uint64) -> NDArray[np.int64]:
    """Change weeks so that they add up to a total, keeping how they cluster.

    Events too many are taken away at random, one by one; events too few are added one by one, to a week in proportion to
    what it holds and the size of the negative binomial (an urn). Weeks of that distribution stay such weeks both ways.
    """
    out = weekly.copy()
    held = out.sum()
    number = 0
    while held != total:
        luck = to_unit(fold(key, np.uint64(number)))
        number += 1
        more = total > held
        whole = held + size * out.size if more else float(held)
        left = luck * whole
        week = 0
        while week < out.size - 1:
            left -= out[week] + size if more else out[week]
            if left < 0.0:
                break
            week += 1
        while not more and out[week] == 0:
            week -= 1
        out[week] += 1 if more else -1
        held += 1 if more else -1
    return out


@njit(cache=True)
def walk(
    weekly: NDArray[np.int32],
    totals: NDArray[np.int32],
    chosen: NDArray[np.int64],
    ends: NDArray[np.int64],
    ids: NDArray[np.uint64],
    sizes: NDArray[np.float64],
    weeks: int,
    luck: tuple[int, int, int],
) -> NDArray[np.int64]:
    """Draw one member: each place goes along its chosen courses, int64 (place, week).

    Parameters
    ----------
    weekly, totals
        int32 (place, course, week) and (place, course, horizon).
    chosen
        int64 (place, step): the course of the first year, then of every later half year.
    ends
        int64 (horizon,), weeks.
    sizes
        float64 (2,), level and slope of the size of the negative binomial.
    luck
        Seed, stream, member.
    """
    places, blocks = totals.shape[0], ends.size
    whole = ends[-1] + (chosen.shape[1] - 1) * (ends[-1] - ends[-2])
    out = np.zeros((places, max(whole, weeks)), np.int64)
    start = start_key(*luck)
    for place in range(places):
        own = fold(start, ids[place])
        at = 0
        for part in range(blocks + chosen.shape[1] - 1):
            block = min(part, blocks - 1)
            row = chosen[place, max(part - blocks + 1, 0)]
            first = ends[block - 1] if block else 0
            length = ends[block] - first
            total = totals[place, row, block] - (totals[place, row, block - 1] if block else 0)
            if total > 0 and at < weeks:
                kept = weekly[place, row, first : first + length].astype(np.int64)
                size = size_of(total / length, sizes[0], sizes[1])
                out[place, at : at + length] = reshape(kept, total, size, fold(own, np.uint64(part)))
            at += length
    return out[:, :weeks]
