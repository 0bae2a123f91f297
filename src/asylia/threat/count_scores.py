"""Score forecasts of counts that are given as cumulative probabilities: exact, without draws.

A forecast is a curve: row k of (place, count) is the probability of at most k events; the last entry is 1.
Sources: Gneiting and Raftery (2007) for the scores; Czado, Gneiting and Held (2009) for counts; Hegre and others (2025),
the 2023/24 VIEWS prediction challenge, for the bins of the ignorance score.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

BIN_TOPS: Final = (0, 2, 5, 10, 25, 50, 100, 250, 500, 1000)
"""Largest count in each bin of the ignorance score but the last, which is open."""
PSEUDO: Final = 1000.0
"""A curve counts as this many draws; each bin gets one more, so that no bin is impossible (VIEWS)."""
PARTS: Final = 10
"""Parts of a histogram of the probability integral transform."""

Curves = NDArray[np.float64]
Counts = NDArray[np.int64]


def crps_of_counts(curves: Curves, seen: Counts) -> NDArray[np.float64]:
    """Score by the continuous ranked probability score, in events: sum over k of (F(k) - [seen <= k])^2.

    Returns
    -------
    float64 (place,); lower is better, 0 is perfect.

    Examples
    --------
    >>> crps_of_counts(np.array([[0.5, 0.5, 1.0]]), np.array([1])).tolist()
    [0.5]
    """
    top = curves.shape[1] - 1
    reached = np.arange(top + 1)[None, :] >= seen[:, None]
    beyond = np.maximum(seen - top - 1, 0)
    score: NDArray[np.float64] = ((curves - reached) ** 2).sum(axis=1) + beyond
    return score


def ignorance(curves: Curves, seen: Counts) -> NDArray[np.float64]:
    """Score by minus log2 of the probability of the bin that came, in bits.

    Examples
    --------
    >>> ignorance(np.array([[1.0]]), np.array([0])).round(3).tolist()
    [0.014]
    """
    top = curves.shape[1] - 1
    reached = np.column_stack([curves[:, min(edge, top)] for edge in BIN_TOPS] + [np.ones(len(curves))])
    shares = np.diff(reached, axis=1, prepend=0.0)
    bins = np.searchsorted(np.array(BIN_TOPS), seen)
    chance = (PSEUDO * shares[np.arange(len(seen)), bins] + 1.0) / (PSEUDO + len(BIN_TOPS) + 1.0)
    bits: NDArray[np.float64] = -np.log2(chance)
    return bits


def brier(chance: NDArray[np.float64], happened: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Score a probability by its squared distance from what happened.

    >>> brier(np.array([0.8]), np.array([True])).round(2).tolist()
    [0.04]
    """
    score: NDArray[np.float64] = (chance - happened) ** 2
    return score


def chance_of_any(curves: Curves) -> NDArray[np.float64]:
    """Give the probability of at least one event, float64 (place,)."""
    return 1.0 - curves[:, 0]


def chance_of_deaths(curves: Curves, without: float) -> NDArray[np.float64]:
    """Give the probability of at least one counted death, where a share of events has none.

    Parameters
    ----------
    without
        Share of past events whose best estimate of deaths is 0.
    """
    shares = np.diff(curves, axis=1, prepend=0.0)
    none: NDArray[np.float64] = shares @ without ** np.arange(curves.shape[1])
    return 1.0 - none


def mean_of(curves: Curves) -> NDArray[np.float64]:
    """Give the mean of each forecast, in events."""
    mean: NDArray[np.float64] = (1.0 - curves[:, :-1]).sum(axis=1)
    return mean


def steps_at(curves: Curves, seen: Counts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the probability of less than what came, and of at most what came: the ends of the transform's step."""
    rows, top = np.arange(len(seen)), curves.shape[1] - 1
    upper = np.where(seen > top, 1.0, curves[rows, np.minimum(seen, top)])
    lower = np.where(seen > top, 1.0, curves[rows, np.clip(seen - 1, 0, top)])
    return np.where(seen == 0, 0.0, lower), upper


def transform_shares(lower: NDArray[np.float64], upper: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the histogram of the probability integral transform, each step spread evenly over its length.

    Returns
    -------
    float64 (part,), sums to the number of steps; flat if the forecasts are calibrated.
    """
    edges = np.linspace(0.0, 1.0, PARTS + 1)
    width = np.maximum(upper - lower, 1e-12)
    reached = np.clip((edges[None, :] - lower[:, None]) / width[:, None], 0.0, 1.0)
    # a step of no length at the very top belongs to the last part
    reached[:, -1] = 1.0
    shares: NDArray[np.float64] = np.diff(reached, axis=1).sum(axis=0)
    return shares


def in_shortest(curves: Curves, seen: Counts, *, share: float = 0.9) -> NDArray[np.bool_]:
    """Say whether what came lies in the shortest range of whole numbers that holds at least a share of the forecast.

    For small counts a range between two quantiles holds far more than its share; the shortest one holds less too much.
    Of ranges of one length, the one that holds most is taken, and the lower one of equals.
    """
    inside = np.zeros(len(seen), dtype=np.bool_)
    for row, curve in enumerate(curves):
        before = np.concatenate([[0.0], curve[:-1]])
        last = np.searchsorted(curve, before + share - 1e-12)
        good = last < curve.size
        length = np.where(good, last - np.arange(curve.size), curve.size)
        shortest = length == length.min()
        held = np.where(shortest, curve[np.minimum(last, curve.size - 1)] - before, -1.0)
        first = int(np.argmax(held))
        inside[row] = first <= seen[row] <= last[first]
    return inside


def in_central(curves: Curves, seen: Counts, *, share: float = 0.9) -> NDArray[np.bool_]:
    """Say whether what came lies between the two outer quantiles, both included."""
    tail = (1.0 - share) / 2.0
    low = (curves < tail).sum(axis=1)
    high = (curves < 1.0 - tail - 1e-12).sum(axis=1)
    inside: NDArray[np.bool_] = (low <= seen) & (seen <= high)
    return inside


def central_weight(curves: Curves, seen: Counts, *, share: float = 0.9) -> NDArray[np.float64]:
    """Give how much of the transform's step lies in its middle: on average `share` if calibrated, also for counts."""
    lower, upper = steps_at(curves, seen)
    tail = (1.0 - share) / 2.0
    width = np.maximum(upper - lower, 1e-12)
    held: NDArray[np.float64] = np.clip(upper, tail, 1.0 - tail) - np.clip(lower, tail, 1.0 - tail)
    return held / width
