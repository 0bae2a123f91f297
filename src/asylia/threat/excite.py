"""The self-exciting field of lethal events: what a week foretells of the weeks after it, in the same place.

Mean events of the next week = weights x features, all of them 0 or more:

- three memories of the place's own weeks (half-lives 1.5, 6 and 26 weeks),
- its own long run (half-life 104 weeks), drawn towards the places that have seen fighting: a place that was quiet is
  never certain of quiet, and one that is quiet for years sinks,
- the recent mean of all places that have seen fighting,
- the six-week memory of the places around, by distance.

Counts are negative binomial; their size may grow with the mean. The weights are held near those of other wars
(`posterior.Prior`) and are uncertain: draws use a Laplace posterior. Source: research note on protection, section 3,
layer 1; Browning and others (2024), arXiv 2408.14940, for the form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from asylia.core.draws import Stream
from asylia.threat.excite_kernels import go_on, log_loss
from asylia.threat.posterior import Prior, most_likely, spread_of

MEMORIES: Final = (1.5, 6.0, 26.0)
"""Half-lives of the memories, weeks (research note, section 3)."""
LONG_RUN: Final = 104.0
"""Half-life of the long run, weeks."""
BORROWED: Final = 13.0
"""Weeks of the mean of all places that a place's long run borrows. Assumed: a quarter of a year."""
BORROWED_SHARE: Final = 0.3
"""Share of that mean which is borrowed: a place taken at random is quieter than those that have seen fighting."""
RECENT: Final = 26.0
"""Half-life of the recent mean of all places, weeks."""
REACH_KM: Final = 30.0
"""Distance over which the weight of a place around falls by a factor e."""
AROUND: Final = 4.0
"""Weights of places around are divided by this: a cell of 0.25 degrees has about four such neighbours."""
KM_PER_DEGREE: Final = 111.2
LONGEST: Final = 260
"""Weeks of past that the fit looks at: five years."""
WARM_UP: Final = 13
"""Weeks before the first one that is fitted, for the memories to fill."""
ROOM: Final = 10.0
"""Added to twice the worst week of the war, to cap the mean of one place."""
MOST_ROWS: Final = 20_000
"""Rows fitted: of a larger war, every second or third week and so on, each counted as often."""
NAMES: Final = (
    "memory_1.5_weeks",
    "memory_6_weeks",
    "memory_26_weeks",
    "own_long_run",
    "all_places",
    "places_around",
    "size_level",
    "size_slope",
)
"""What the entries of theta are: logarithms of six weights, then two of the size."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Past:
    """Weekly counts and what each week foretells, known week by week: no entry looks ahead.

    Parameters
    ----------
    counts
        int64 (place, week).
    features
        float64 (place, week, feature), as known at the end of the week.
    seen
        bool (place, week), whether the place has seen an event by the end of the week.
    """

    counts: NDArray[np.int64]
    features: NDArray[np.float64]
    seen: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Excited:
    """The fit at one origin: theta float64 (8,) as in `NAMES`, and its Laplace covariance float64 (8, 8)."""

    theta: NDArray[np.float64]
    covariance: NDArray[np.float64]


def look_back(counts: NDArray[np.int64], centres: NDArray[np.float64]) -> Past:
    """Work out the features of every week.

    Parameters
    ----------
    counts
        int64 (place, week), lethal events.
    centres
        float64 (place, 2), latitude and longitude in degrees.
    """
    weekly = counts.astype(np.float64)
    memories = [_memory(weekly, half_life) for half_life in MEMORIES]
    seen = np.cumsum(counts, axis=1) > 0
    places = np.maximum(seen.sum(axis=0), 1)
    kept = 0.5 ** (1.0 / LONG_RUN)
    sums = lfilter([1.0], [1.0, -kept], weekly, axis=1)
    weeks = lfilter([1.0], [1.0, -kept], np.ones(counts.shape[1]))
    usual = sums.sum(axis=0) / (places * weeks)
    long_run = (sums + BORROWED * BORROWED_SHARE * usual) / (weeks + BORROWED)
    everywhere = np.broadcast_to(_memory(weekly, RECENT).sum(axis=0) / places, weekly.shape)
    around = _nearness(centres) @ memories[1]
    return Past(
        counts=counts, features=np.stack([*memories, long_run, everywhere, around], axis=-1), seen=seen
    )


def fit_excited(
    past: Past, origin: int, prior: Prior, *, start: NDArray[np.float64] | None = None
) -> Excited:
    """Fit to the weeks before an origin, with the most likely theta under the prior.

    Parameters
    ----------
    origin
        Number of weeks that are known.
    start
        Where to begin the search, such as the fit at an earlier origin.
    """
    features, counts, weigh = _rows(past, origin)

    def loss(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        told, gradient, _ = log_loss(theta, features, counts)
        return weigh * told, weigh * gradient

    found = most_likely(loss, prior, start)
    _, _, outer = log_loss(found, features, counts)
    return Excited(theta=found, covariance=spread_of(weigh * outer, prior))


def draw_ahead(
    past: Past,
    origin: int,
    thetas: NDArray[np.float64],
    ids: NDArray[np.uint64],
    *,
    weeks: int,
    seed: int,
    first_week: int,
) -> NDArray[np.int64]:
    """Draw the weeks after an origin, int64 (member, place, week), one member for each row of `thetas`.

    Parameters
    ----------
    first_week
        Number of the first week of `past`, counted from any fixed Monday: luck is keyed by it.
    """
    known = past.counts[:, :origin]
    cap = 2.0 * float(known.max(initial=0)) + ROOM
    kept = 0.5 ** (1.0 / np.array(MEMORIES))
    now = np.ascontiguousarray(past.features[:, origin - 1])
    luck = (seed, int(Stream.EVENT_FIELD), first_week + origin)
    drawn: NDArray[np.int64] = go_on(steadied(thetas, past, origin), kept, now, ids, weeks, cap, luck)
    return drawn


def steadied(thetas: NDArray[np.float64], past: Past, origin: int) -> NDArray[np.float64]:
    """Bound the weights so that fighting breeds no more than itself.

    A draw whose features, at their usual levels, would make more events than there were is scaled back to as many: the
    uncertainty of a short past would otherwise grow without end.
    """
    usual = past.features[:, :origin].sum(axis=(0, 1))
    level = float(past.counts[:, :origin].sum())
    if level == 0.0:
        return thetas
    shares = np.append(np.ones(len(MEMORIES) + 2), usual[-1] / max(float(usual[1]), 1e-9))
    bred = np.exp(thetas[:, : shares.size]) @ shares
    out = thetas.copy()
    out[:, : shares.size] -= np.log(np.maximum(bred, 1.0))[:, None]
    return out


def _memory(weekly: NDArray[np.float64], half_life: float) -> NDArray[np.float64]:
    kept = 0.5 ** (1.0 / half_life)
    memory: NDArray[np.float64] = lfilter([1.0 - kept], [1.0, -kept], weekly, axis=1)
    return memory


def _nearness(centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weigh the places around by distance. Each pair stands alone: a place added elsewhere changes no other weight."""
    latitude, longitude = centres[:, 0], centres[:, 1]
    turn = np.cos(np.radians((latitude[:, None] + latitude[None, :]) / 2.0))
    north = (latitude[:, None] - latitude[None, :]) * KM_PER_DEGREE
    east = (longitude[:, None] - longitude[None, :]) * KM_PER_DEGREE * turn
    weights: NDArray[np.float64] = np.exp(-np.hypot(north, east) / REACH_KM) / AROUND
    np.fill_diagonal(weights, 0.0)
    return weights


def stride(past: Past, begin: int, origin: int, most: int) -> int:
    """Say to take every how many weeks, so that at most so many rows are fitted."""
    rows = int(past.seen[:, begin - 1 : origin - 1].sum())
    return max(1, -(-rows // most))


def _rows(past: Past, origin: int) -> tuple[NDArray[np.float64], NDArray[np.int64], float]:
    """Pair what a week knew with the count of the week after, for places that had seen fighting; and each row's weight."""
    begin = max(origin - LONGEST, min(WARM_UP, origin // 2), 1)
    step = stride(past, begin, origin, MOST_ROWS)
    weeks = np.arange(origin - 1, begin - 1, -step)
    known = past.seen[:, weeks - 1]
    features, counts = past.features[:, weeks - 1][known], past.counts[:, weeks][known]
    return np.ascontiguousarray(features), np.ascontiguousarray(counts), float(step)
