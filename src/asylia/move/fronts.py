"""Who controls the way: how many times the ground on it changes hands, beyond the one time its ends tell.

A way from one party's ground to another's crosses one line, which `other_control_weight` weighs already. A way that leaves a
party's ground and comes back to it crosses two more. Places that nobody holds for sure count as no change.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from asylia.model.case import Case
from asylia.move.routes import legs

UNCLEAR = -1
ROWS = 512
"""Places whose ways are followed at a time."""


def lines_crossed(case: Case, places: pl.DataFrame, day: int, holder: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count the changes of hands along the shortest open way of each pair beyond the one between its ends.

    Parameters
    ----------
    places
        The case's places, sorted by id.
    day
        Day whose open ways are followed.
    holder
        int64 (place,), number of who holds it, `UNCLEAR` where that is not clear.

    Returns
    -------
    int64 (place, place); 0 where no way is open.
    """
    graph = _graph(case, places, day)
    found = np.zeros((places.height, places.height), dtype=np.int64)
    for first in range(0, places.height, ROWS):
        rows = np.arange(first, min(first + ROWS, places.height))
        km, before = dijkstra(graph, directed=True, indices=rows, return_predecessors=True)
        found[rows] = _follow(km, before, holder, rows)
    apart = (holder[:, None] != holder[None, :]) & (holder[:, None] >= 0) & (holder[None, :] >= 0)
    extra: NDArray[np.int64] = np.maximum(found - apart, 0)
    return extra


def _graph(case: Case, places: pl.DataFrame, day: int) -> csr_array:
    ways, is_open = legs(case, places, day)
    nearest: dict[tuple[int, int], float] = {}
    for way, passable in zip(ways, is_open, strict=True):
        pair = (way.start, way.end)
        if passable and way.km < nearest.get(pair, np.inf):
            nearest[pair] = way.km
    ends = np.array(sorted(nearest), dtype=np.int64).reshape(-1, 2)
    km = np.array([nearest[pair] for pair in sorted(nearest)])
    return csr_array((km, (ends[:, 0], ends[:, 1])), shape=(places.height, places.height))


def _follow(
    km: NDArray[np.float64], before: NDArray[np.int32], holder: NDArray[np.int64], rows: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Go along the trees of shortest ways from near to far: changes so far, and who held the last ground that was clear."""
    lines = np.zeros(km.shape, dtype=np.int64)
    last = np.full(km.shape, UNCLEAR, dtype=np.int64)
    here = np.arange(rows.size)
    last[here, rows] = holder[rows]
    for target in np.argsort(km, axis=1, kind="stable").T[1:]:
        known = before[here, target] >= 0
        previous = np.maximum(before[here, target], 0)
        held, own = np.where(known, last[here, previous], UNCLEAR), holder[target]
        changed = (own >= 0) & (held >= 0) & (own != held) & known
        lines[here, target] = np.where(known, lines[here, previous] + changed, 0)
        last[here, target] = np.where(own >= 0, own, held)
    return lines
