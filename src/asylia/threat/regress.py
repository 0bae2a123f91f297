"""The sum of the next weeks in one step: a negative binomial regression on the logarithms of what is known.

Beside the self-exciting field, which goes week by week, this one is fitted to the horizon itself: where fighting ebbs
and flows, a step of 13 weeks need not be 13 steps of one. The logarithms let a high level fall back in proportion.
Features are those of `excite`; the three memories enter relative to the long run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.threat.excite import LONGEST, MOST_ROWS, WARM_UP, Past, stride
from asylia.threat.excite_kernels import SIZES, choices, cumulative
from asylia.threat.posterior import Prior, most_likely
from asylia.threat.rivals import sums_to

LEAST: Final = 0.03
"""Events a week added before a logarithm: one event in eight months."""
SUM_OFFSET = 0.1
STEP: Final = 3
"""Weeks between the sums that are fitted; neighbouring sums overlap and are weighed down for it."""
LOWEST, HIGHEST = -9.0, 8.0
"""Bounds of the logarithm of the mean."""
NAMES: Final = (
    "intercept",
    "own_long_run",
    "memory_1.5_weeks",
    "memory_6_weeks",
    "memory_26_weeks",
    "all_places",
    "places_around",
    "size_level",
    "size_slope",
)
BROAD_MEAN: Final = (0.0, 0.9, 0.3, 0.3, 0.1, 0.0, 0.1, -1.0, 0.5)
BROAD_SPREAD: Final = (1.0, 0.5, 0.4, 0.4, 0.4, 0.5, 0.4, 1.0, 0.5)
"""Where no war is known; the logarithm of the weeks is added to the intercept. Assumed: a level that mostly stays, drawn by recent weeks."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regressed:
    """A fit: theta float64 (9,) as in `NAMES`, for sums of `weeks`."""

    weeks: int
    theta: Floats


def broad(weeks: int) -> Prior:
    """Return the prior that knows no war, for sums of as many weeks."""
    mean = np.array(BROAD_MEAN)
    mean[0] += np.log(weeks)
    return Prior(mean=mean, spread=np.array(BROAD_SPREAD))


@njit(cache=True)
def log_loss(theta: Floats, rows: Floats, sums: NDArray[np.int64], weigh: Floats) -> tuple[float, Floats]:
    """Give minus the weighted log likelihood and its gradient.

    Parameters
    ----------
    theta
        float64 (feature + 2,).
    rows
        float64 (row, feature), from `_row`.
    sums
        int64 (row,), events in the weeks that followed.
    weigh
        float64 (row,).
    """
    number = rows.shape[1]
    loss = 0.0
    gradient = np.zeros(number + 2)
    for row in range(rows.shape[0]):
        raw_mean = 0.0
        for k in range(number):
            raw_mean += theta[k] * rows[row, k]
        inside = LOWEST < raw_mean < HIGHEST
        mean = np.exp(min(max(raw_mean, LOWEST), HIGHEST))
        along = np.log(mean + SUM_OFFSET)
        raw = theta[number] + theta[number + 1] * along
        size = np.exp(min(max(raw, SIZES[0]), SIZES[1]))
        count = sums[row]
        whole = size + mean
        ways, slope = choices(size, count)
        told = size * np.log(size / whole) + count * np.log(mean / whole) + ways
        by_size = np.log(size / whole) + 1.0 - (size + count) / whole + slope
        by_level = by_size * size if SIZES[0] < raw < SIZES[1] else 0.0
        by_mean = (count - mean) * size / whole + by_level * theta[number + 1] * mean / (mean + SUM_OFFSET)
        loss -= weigh[row] * told
        if inside:
            for k in range(number):
                gradient[k] -= weigh[row] * by_mean * rows[row, k]
        gradient[number] -= weigh[row] * by_level
        gradient[number + 1] -= weigh[row] * by_level * along
    return loss, gradient


def fit_regressed(
    past: Past, origin: int, weeks: int, prior: Prior, *, start: Floats | None = None
) -> Regressed:
    """Fit to the sums of `weeks` weeks that ended before an origin.

    Parameters
    ----------
    start
        Theta to begin the search at.
    """
    begin = max(origin - LONGEST, min(WARM_UP, origin // 2), 1)
    step = STEP * stride(past, begin, origin, MOST_ROWS * STEP)
    ends = np.arange(origin - weeks, begin - 1, -step)
    known = past.seen[:, ends - 1] if ends.size else np.zeros((len(past.counts), 0), dtype=np.bool_)
    rows = np.ascontiguousarray(_row(past.features[:, ends - 1])[known])
    sums = sums_to(past.counts, ends + weeks, weeks)[known]
    weigh = np.full(len(sums), min(step / weeks, 1.0))

    def loss(theta: Floats) -> tuple[float, Floats]:
        told: tuple[float, Floats] = log_loss(theta, rows, sums, weigh)
        return told

    return Regressed(weeks=weeks, theta=most_likely(loss, prior, start))


def regressed_curves(fit: Regressed, past: Past, origin: int, top: int) -> Floats:
    """Forecast the sum of the weeks after an origin, curves float64 (place, top + 1)."""
    now = _row(past.features[:, origin - 1])
    means = np.exp(np.clip(now @ fit.theta[:-2], LOWEST, HIGHEST))
    sizes = np.exp(np.clip(fit.theta[-2] + fit.theta[-1] * np.log(means + SUM_OFFSET), *SIZES))
    curves: Floats = cumulative(means, sizes, top)
    curves[:, -1] = 1.0
    return curves


def _row(features: Floats) -> Floats:
    """Turn features (..., feature) into the columns of the regression: logarithms, the memories relative to the long run."""
    logs = np.log(features + LEAST)
    long_run = logs[..., 3]
    beside = [logs[..., k] - long_run for k in range(3)]
    return np.stack([np.ones(long_run.shape), long_run, *beside, logs[..., 4], logs[..., 5]], axis=-1)
