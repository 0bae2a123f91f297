"""p-center: the least distance within which p sites reach everybody, by halving the list of distances.

Whether p sites are enough for a distance is a question of covering: a greedy cover says yes, a whole-number program
says yes or no where the greedy cover needs more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import process_time

import numpy as np
from numpy.typing import NDArray

from asylia.siting.highs import Program, State, minimise
from asylia.siting.nearest import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Centered:
    """Sites found (empty if none), the largest distance, and the bound."""

    sites: Ints
    value: float
    bound: float
    late: bool


def center(distances: Floats, p: int, *, gap: float, seconds: float) -> Centered:
    """Halve the list of distances until the least is proved.

    Parameters
    ----------
    distances
        float64 (customer, site), infinite where there is no way.
    gap, seconds
        Relative gap at which to stop, 0 for a proof; processor time.
    """
    until = process_time() + seconds
    steps = np.unique(distances[np.isfinite(distances)])
    # nobody can do better than the nearest site
    low = int(np.searchsorted(steps, distances.min(axis=1).max()))
    high, sites, late = steps.size, np.empty(0, dtype=np.int64), False
    while low < high:
        if high < steps.size and steps[high] - steps[low] <= gap * steps[high]:
            break
        middle = (low + high) // 2
        enough, sites_found = _cover(distances <= steps[middle], p, until - process_time())
        if enough is None:
            late = True
            break
        if enough:
            sites = sites_found
            # the cover may reach further than was asked
            high = int(np.searchsorted(steps, distances[:, sites].min(axis=1).max()))
        else:
            low = middle + 1
    value = float(steps[high]) if sites.size else math.inf
    bound = float(steps[low]) if low < steps.size else math.inf
    return Centered(sites=sites, value=value, bound=min(bound, value), late=late)


def _cover(reach: NDArray[np.bool_], p: int, seconds: float) -> tuple[bool | None, Ints]:
    """Find p sites that reach everybody; `None` if time is up."""
    greedy = _greedy(reach, p)
    if greedy.size:
        return True, greedy
    if not reach.any(axis=1).all():
        return False, greedy
    rows = _hardest(reach)
    sites = np.flatnonzero(_widest(reach[rows]))
    table = reach[rows][:, sites]
    found = minimise(_program(table), seconds=max(seconds, 0.01), below=p + 0.5)
    if found.plan is not None and found.value <= p + 0.5:
        return True, sites[found.plan > 0.5]
    return (None if found.state is State.TIME and found.bound <= p else False), greedy


def _greedy(reach: NDArray[np.bool_], p: int) -> Ints:
    """Open the site that reaches most of those left, p times; empty if that leaves somebody."""
    left = np.ones(reach.shape[0], dtype=np.bool_)
    sites: list[int] = []
    while left.any() and len(sites) < p:
        best = int(np.argmax(reach[left].sum(axis=0)))
        sites.append(best)
        left &= ~reach[:, best]
    return np.empty(0, dtype=np.int64) if left.any() else np.array(sorted(set(sites)), dtype=np.int64)


def _hardest(reach: NDArray[np.bool_]) -> Ints:
    """Leave out customers that are reached whenever another one is."""
    both = reach.astype(np.float32) @ reach.T.astype(np.float32)
    count = np.diag(both)
    # row i implies row k where everything that reaches i reaches k; of equals the first stays
    implies = both >= count[:, None]
    place = np.arange(count.size)
    earlier = (count[:, None] < count[None, :]) | (place[:, None] < place[None, :])
    return np.flatnonzero(~(implies & earlier).any(axis=0))


def _widest(reach: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark sites that are not contained in another one."""
    kept = np.zeros(reach.shape[1], dtype=np.bool_)
    kept[_hardest(~reach.T)] = True
    return kept


def _program(table: NDArray[np.bool_]) -> Program:
    customers, sites = table.shape
    return Program(
        cost=np.ones(sites),
        lower=np.zeros(sites),
        upper=np.ones(sites),
        row_lower=np.ones(customers),
        row_upper=np.full(customers, np.inf),
        starts=np.concatenate(([0], np.cumsum(table.sum(axis=1)))),
        columns=np.nonzero(table)[1],
        values=np.ones(int(table.sum())),
        whole=np.ones(sites, dtype=np.bool_),
    )
