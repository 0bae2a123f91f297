"""A Gaussian that stands in for the likelihood of a conflict, so that a chain knows where to go.

The misses are taken as linear in the parameters, with the slopes that fit best where the parameters lie, and what is not
linear is added to the noise. Chains only propose with it; what is taken is decided by the likelihood itself.

Source: García-Fernández, Svensson, Morelande and Särkkä (2015), Posterior linearization filter, IEEE Transactions on Signal
Processing 63, 5561-5573.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.special import ndtri

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.move.fitted.parameters import COUNT, LEARNED, fill_natural
from asylia.study.packed import Packed, covariance, look, rows

POINTS: Final = 64
"""Where the misses are looked at, and as many mirrored."""
TURNS: Final = 4
TURNS_AGAIN: Final = 2
"""Times that the slopes are found and the parameters looked for again: at first, and later."""
WIDE: Final = 1.25
"""Variance of a conflict's parameters before any fit, in variances of their priors."""

Vector = NDArray[np.float64]


class Surrogates(NamedTuple):
    """By conflict, log likelihood = slope x - x precision x / 2 and a constant.

    Parameters
    ----------
    precision, slope
        (conflict, parameter, parameter) and (conflict, parameter).
    """

    precision: Vector
    slope: Vector


def first_surrogates(pool: Packed, log_spreads: Vector) -> Surrogates:
    """Find the Gaussians before any fit."""
    count = len(pool.sizes)
    blank = Surrogates(np.zeros((count, COUNT, COUNT)), np.zeros((count, COUNT)))
    return surrogates(pool, np.zeros(COUNT), WIDE, log_spreads, blank, turns=TURNS)


def surrogates(
    pool: Packed,
    middle: Vector,
    variance: float,
    log_spreads: Vector,
    start: Surrogates,
    *,
    turns: int = TURNS_AGAIN,
) -> Surrogates:
    """Find the Gaussians around where the parameters of each conflict lie, given a population and the spreads."""
    count = len(pool.sizes)
    found = Surrogates(start.precision.copy(), start.slope.copy())
    normals = _points()
    for case in range(count):
        noise = _noise(pool, case, log_spreads)
        for _ in range(turns):
            precision, slope = _linear(pool, case, noise, normals, middle, variance, found)
            found.precision[case], found.slope[case] = precision, slope
    return found


def _linear(
    pool: Packed, case: int, noise: Vector, normals: Vector, middle: Vector, variance: float, now: Surrogates
) -> tuple[Vector, Vector]:
    """Take the misses as linear around the Gaussian of now."""
    precision = now.precision[case] + np.eye(COUNT) / variance
    center = np.linalg.solve(precision, now.slope[case] + middle / variance)
    off = normals @ np.linalg.inv(np.linalg.cholesky(precision))
    off -= off.mean(axis=0)
    found = _look_at(pool, case, center + off)
    mean = found.mean(axis=0)
    learned = LEARNED > 0
    slopes = np.zeros((found.shape[1], COUNT))
    slopes[:, learned] = np.linalg.lstsq(off[:, learned], found - mean, rcond=None)[0].T
    left = found - mean - off @ slopes.T
    weighed = slopes.T @ np.linalg.inv(noise + left.T @ left / len(left))
    bent = weighed @ slopes
    return bent, bent @ center - weighed @ mean


def _points() -> Vector:
    """Return the standard normals, the same on every call, each with its mirror image."""
    luck = uniforms(0, Stream.FITTED, 0, 0, stable_ids(["points"]), POINTS * COUNT)[0]
    half = ndtri(luck).reshape(POINTS, COUNT) * LEARNED
    return np.concatenate([half, -half])


def _noise(pool: Packed, case: int, log_spreads: Vector) -> Vector:
    found = np.zeros((rows(pool, case),) * 2)
    covariance(pool, case, log_spreads, found)
    return np.asarray(found + np.tril(found, -1).T)


@njit(cache=True)
def _look_at(pool: Packed, case: int, points: Vector) -> Vector:
    found = np.zeros((len(points), rows(pool, case)))
    values = np.empty(points.shape[1])
    for number in range(len(points)):
        fill_natural(points[number], values)
        look(pool, case, values, found[number])
    return found
