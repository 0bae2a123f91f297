"""The inner loops of the self-exciting counts: how likely they are, how they go on, and their probabilities."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.core.draws import fold, start_key, to_unit

OFFSET = 0.02
"""Added to a mean before its logarithm is taken, so that a quiet week has one."""
FLOOR = 1e-5
"""Least mean events a week of any place: no place is certain of quiet."""
SIZES = (-4.0, 4.5)
"""Least and largest logarithm of the size of the negative binomial."""
FEW = 8
"""Counts from which gamma functions are faster than sums."""


@njit(cache=True)
def size_of(mean: float, level: float, slope: float) -> float:
    """Give the size of the negative binomial at a mean: variance = mean + mean^2 / size."""
    raw = level + slope * np.log(mean + OFFSET)
    return float(np.exp(min(max(raw, SIZES[0]), SIZES[1])))


@njit(cache=True)
def choices(size: float, count: int) -> tuple[float, float]:
    """Give the logarithm of the binomial coefficient of a negative binomial, and its slope by the size.

    A sum for small counts; for large ones log gamma and the asymptotic series of its derivative (Abramowitz and Stegun
    6.3.18).
    """
    if count < FEW:
        told = slope = 0.0
        for j in range(count):
            told += np.log((size + j) / (j + 1.0))
            slope += 1.0 / (size + j)
        return told, slope
    told = math.lgamma(size + count) - math.lgamma(size) - math.lgamma(count + 1.0)
    slope = 0.0
    low = size
    while low < FEW:
        slope += 1.0 / low
        low += 1.0
    high = size + count
    return told, slope + _series(high) - _series(low)


@njit(cache=True)
def _series(x: float) -> float:
    square = 1.0 / (x * x)
    return math.log(x) - 0.5 / x - square * (1.0 / 12.0 - square * (1.0 / 120.0 - square / 252.0))


@njit(cache=True)
def log_loss(
    theta: NDArray[np.float64], features: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Give minus the log likelihood of weekly counts, its gradient, and the sum of outer products of the scores.

    Parameters
    ----------
    theta
        float64 (feature + 2,): logarithms of the weights, then level and slope of the size.
    features
        float64 (row, feature), events a week, 0 or more.
    counts
        int64 (row,), events in the week that followed.
    """
    rows, number = features.shape
    loss = 0.0
    score = np.zeros(number + 2)
    gradient = np.zeros(number + 2)
    outer = np.zeros((number + 2, number + 2))
    weights = np.exp(theta[:number])
    for row in range(rows):
        mean = FLOOR
        for k in range(number):
            mean += weights[k] * features[row, k]
        along = np.log(mean + OFFSET)
        raw = theta[number] + theta[number + 1] * along
        size = np.exp(min(max(raw, SIZES[0]), SIZES[1]))
        count = counts[row]
        whole = size + mean
        ways, slope = choices(size, count)
        told = size * np.log(size / whole) + count * np.log(mean / whole) + ways
        by_size = np.log(size / whole) + 1.0 - (size + count) / whole + slope
        loss -= told
        by_level = by_size * size if SIZES[0] < raw < SIZES[1] else 0.0
        by_mean = count / mean - (count + size) / whole + by_level * theta[number + 1] / (mean + OFFSET)
        for k in range(number):
            score[k] = by_mean * weights[k] * features[row, k]
        score[number] = by_level
        score[number + 1] = by_level * along
        for k in range(number + 2):
            gradient[k] -= score[k]
            for j in range(number + 2):
                outer[k, j] += score[k] * score[j]
    return loss, gradient, outer


@njit(cache=True)
def count_at(luck: float, mean: float, size: float) -> int:
    """Find the smallest count whose cumulative probability reaches the luck."""
    ratio = mean / (size + mean)
    chance = np.exp(size * np.log(size / (size + mean)))
    reached = chance
    count = 0
    while reached < luck and (reached < 0.5 or chance > 1e-17 * reached):
        chance *= (count + size) / (count + 1.0) * ratio
        reached += chance
        count += 1
    return count


@njit(cache=True)
def go_on(
    thetas: NDArray[np.float64],
    memories: NDArray[np.float64],
    features: NDArray[np.float64],
    ids: NDArray[np.uint64],
    weeks: int,
    cap: float,
    luck: tuple[int, int, int],
) -> NDArray[np.int64]:
    """Draw weekly counts ahead; each count feeds the memories of its own place.

    Parameters
    ----------
    thetas
        float64 (member, feature + 2), one posterior draw for each member.
    memories
        float64 (memory,), share of each memory kept from week to week; the first features are the memories.
    features
        float64 (place, feature) at the origin.
    ids
        uint64 (place,), stable.
    cap
        Largest mean events a week.
    luck
        Seed, stream and number of the first week: the same week has the same luck whatever the origin.

    Returns
    -------
    int64 (member, place, week).
    """
    members, places, number, depth = thetas.shape[0], features.shape[0], features.shape[1], memories.size
    seed, stream, first = luck
    out = np.zeros((members, places, weeks), np.int64)
    held = np.zeros(depth)
    for member in range(members):
        weights = np.exp(thetas[member, :number])
        start = start_key(seed, stream, member)
        for place in range(places):
            steady = FLOOR
            for k in range(depth, number):
                steady += weights[k] * features[place, k]
            for k in range(depth):
                held[k] = features[place, k]
            for week in range(weeks):
                mean = steady
                for k in range(depth):
                    mean += weights[k] * held[k]
                mean = min(mean, cap)
                size = size_of(mean, thetas[member, number], thetas[member, number + 1])
                key = fold(fold(fold(start, np.uint64(first + week)), ids[place]), np.uint64(0))
                count = count_at(to_unit(key), mean, size)
                out[member, place, week] = count
                for k in range(depth):
                    held[k] = memories[k] * held[k] + (1.0 - memories[k]) * count
    return out


@njit(cache=True)
def cumulative(means: NDArray[np.float64], sizes: NDArray[np.float64], top: int) -> NDArray[np.float64]:
    """Give the cumulative probabilities of negative binomial counts 0 to `top`, float64 (row, top + 1)."""
    out = np.empty((means.size, top + 1))
    for row in range(means.size):
        mean, size = means[row], sizes[row]
        ratio = mean / (size + mean)
        chance = np.exp(size * np.log(size / (size + mean)))
        reached = chance
        for count in range(top + 1):
            out[row, count] = min(reached, 1.0)
            chance *= (count + size) / (count + 1.0) * ratio
            reached += chance
    return out


@njit(cache=True)
def fit_of(means: NDArray[np.float64], counts: NDArray[np.int64], size: float) -> float:
    """Give the log likelihood of counts around given means at one size."""
    told = 0.0
    for row in range(means.size):
        mean, count = means[row], counts[row]
        told += size * np.log(size / (size + mean)) + count * np.log(mean / (size + mean))
        told += choices(size, count)[0]
    return told
