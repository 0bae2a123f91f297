"""Mix several forecasts by how well each did before: weights that would have had the least CRPS.

For forecasts given as curves the CRPS of a mixture is a quadratic form of its weights, sum over i, j of w_i w_j G_ij, with
G_ij = sum over counts of (F_i - [seen])(F_j - [seen]); so the best weights follow from sums of G alone, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray


def gram(curves: Sequence[NDArray[np.float64]], seen: NDArray[np.int64]) -> NDArray[np.float64]:
    """Add up G over places, float64 (forecast, forecast); its diagonal holds the CRPS of each forecast alone.

    Parameters
    ----------
    curves
        Each float64 (place, count).
    seen
        int64 (place,), what came.
    """
    top = curves[0].shape[1] - 1
    reached = np.arange(top + 1)[None, :] >= seen[:, None]
    away = np.stack([(curve - reached).ravel() for curve in curves])
    beyond = float(np.maximum(seen - top - 1, 0).sum())
    added: NDArray[np.float64] = away @ away.T + beyond
    return added


def weights(sums: NDArray[np.float64], *, least: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the weights, 0 or more and 1 in all, that make the quadratic form least.

    Tries every set of forecasts (there are few), so the answer is exact.

    Parameters
    ----------
    sums
        float64 (forecast, forecast), sums of `gram`.
    least
        float64 (forecast,), weight that each forecast keeps in any case.

    Examples
    --------
    >>> weights(np.array([[1.0, 0.0], [0.0, 1.0]]), least=np.zeros(2)).tolist()
    [0.5, 0.5]
    """
    number = len(sums)
    steadied = sums + 1e-9 * max(float(np.trace(sums)), 1e-12) * np.eye(number)
    best, found = np.inf, np.full(number, 1.0 / number)
    for many in range(1, number + 1):
        for chosen in combinations(range(number), many):
            part = np.linalg.solve(steadied[np.ix_(chosen, chosen)], np.ones(many))
            part = part / part.sum()
            value = float(part @ steadied[np.ix_(chosen, chosen)] @ part)
            if part.min() >= 0.0 and value < best - 1e-15:
                best, found = value, np.zeros(number)
                found[list(chosen)] = part
    kept: NDArray[np.float64] = least + (1.0 - least.sum()) * found
    return kept


def mix(curves: Sequence[NDArray[np.float64]], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mix curves.

    Parameters
    ----------
    shares
        float64 (place, forecast), each row adds up to 1.
    """
    mixed = sum(share[:, None] * curve for share, curve in zip(shares.T, curves, strict=True))
    return np.asarray(mixed, dtype=np.float64)
