"""Fit weights of signs so that the sum of absolute errors is least: a median regression by reweighting.

Source: iteratively reweighted least squares for least absolute deviations (Schlossmacher 1973, JASA 68:857).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from asylia.move.forecast.known import Table

ROUNDS: Final = 25
SMALLEST: Final = 1e-5
"""Errors below this count by their square, so that one that is met exactly does not pull without end."""
RIDGE: Final = 1e-3


def least_absolute(
    rows: Table,
    wanted: Table,
    weights: Table,
    *,
    toward: Table | None = None,
    ridge: float = RIDGE,
    smallest: float = SMALLEST,
    level: float = 0.5,
) -> Table:
    """Return the weights of the columns, float64 (column,).

    Parameters
    ----------
    rows, wanted, weights
        float64 (row, column), (row,), (row,): the signs, what came, and how much an error of the row counts.
    toward
        Weights to shrink to; 0 if not given.
    ridge
        How strongly, as a share of the weight of all rows.
    smallest
        Errors below this count by their square.
    level
        Share of what came that is to lie below: the median, or another quantile (Koenker and Bassett 1978, Econometrica 46:33).
    """
    size = np.sqrt((rows**2 * weights[:, None]).mean(axis=0)) + 1e-12
    scaled = rows / size
    target = np.zeros(rows.shape[1]) if toward is None else toward * size
    found = target.copy()
    pull = ridge * weights.sum()
    for _ in range(ROUNDS):
        gap = wanted - scaled @ found
        share = (
            weights * np.where(gap >= 0, 2.0 * level, 2.0 - 2.0 * level) / np.maximum(np.abs(gap), smallest)
        )
        left = (scaled * share[:, None]).T @ scaled + pull * np.eye(rows.shape[1])
        found = np.linalg.solve(left, (scaled * share[:, None]).T @ wanted + pull * target)
    return np.asarray(found / size, dtype=np.float64)


def weighted_quantiles(values: Table, weights: Table, levels: Table) -> Table:
    """Return quantiles of weighted values, float64 (level,), with straight lines between them."""
    return quantiles_by_column(values, weights[:, None], levels)[:, 0]


def quantiles_by_column(values: Table, weights: Table, levels: Table) -> Table:
    """Return quantiles of the same values under each column of weights, float64 (level, column).

    Parameters
    ----------
    values, weights, levels
        float64 (row,), (row, column), (level,).
    """
    order = np.argsort(values, kind="stable")
    mass = np.cumsum(weights[order], axis=0)
    middle, rising = (mass - weights[order] / 2.0) / mass[-1], values[order]
    return np.stack([np.interp(levels, column, rising) for column in middle.T], axis=1)
