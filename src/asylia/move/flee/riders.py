"""People who travel in this wave: a list that is filled by decisions and emptied by travel."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.move.flee.bare import inlined


class Riders(NamedTuple):
    """People on a link (`who` packs link and remaining route), where on it, how far today, how far lately, their luck."""

    who: NDArray[np.uint64]
    at: NDArray[np.int64]
    today: NDArray[np.int64]
    recent: NDArray[np.int64]
    people: NDArray[Any]
    key: NDArray[np.uint64]
    used: NDArray[np.int64]


@njit(cache=True)
def no_riders(size: int, sample: Any) -> Riders:
    """Make an empty list with room for `size` rows, for people of the type of `sample` (an array)."""
    return Riders(
        np.empty(size, dtype=np.uint64),
        np.empty(size, dtype=np.int64),
        np.empty(size, dtype=np.int64),
        np.empty(size, dtype=np.int64),
        np.empty(size, dtype=sample.dtype),
        np.empty(size, dtype=np.uint64),
        np.zeros(1, dtype=np.int64),
    )


@inlined
def ride(
    riders: Riders, who: np.uint64, at: int, today: int, recent: int, people: Any, key: np.uint64
) -> None:
    """Put people on the list."""
    row = riders.used[0]
    riders.used[0] = row + 1
    riders.who[row] = who
    riders.at[row] = at
    riders.today[row] = today
    riders.recent[row] = recent
    riders.people[row] = people
    riders.key[row] = key
