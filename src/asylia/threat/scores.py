"""Score a forecast made of draws: how far it was from what came, and whether its range held it.

Source: Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and estimation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Number = np.int64 | np.float64


def crps(draws: NDArray[Number], seen: NDArray[Number]) -> NDArray[np.float64]:
    """Score draws by the continuous ranked probability score; lower is better, 0 is perfect.

    CRPS = mean |X - y| - mean |X - X'| / 2 over draws X, X'; for one draw it is the absolute error.

    Parameters
    ----------
    draws
        (draw, target), in the unit of the target.
    seen
        (target,), what came.

    Returns
    -------
    float64 (target,), in the unit of the target.

    Examples
    --------
    >>> crps(np.array([[0], [2]]), np.array([1])).tolist()
    [0.5]
    """
    ordered = np.sort(np.asarray(draws, dtype=np.float64), axis=0)
    number = ordered.shape[0]
    weights = (2.0 * np.arange(1, number + 1) - number - 1.0)[:, None]
    error = np.abs(ordered - seen).mean(axis=0)
    spread = (weights * ordered).sum(axis=0) / number**2
    score: NDArray[np.float64] = error - spread
    return score


def fair_crps(draws: NDArray[Number], seen: NDArray[Number]) -> NDArray[np.float64]:
    """Score as `crps`, but as if there were endlessly many draws: pairs of one draw with itself are left out.

    Source: Ferro (2014), Fair scores for ensemble forecasts. Needs two draws at least.

    Examples
    --------
    >>> fair_crps(np.array([[0], [2]]), np.array([1])).tolist()
    [0.0]
    """
    number = draws.shape[0]
    error = np.abs(draws.astype(np.float64) - seen).mean(axis=0)
    fair: NDArray[np.float64] = error - (error - crps(draws, seen)) * number / (number - 1)
    return fair


def transform(
    draws: NDArray[Number], seen: NDArray[Number]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the shares of draws below what came, and not above it: the step of the probability integral transform.

    >>> [side.tolist() for side in transform(np.array([[0], [1], [1], [2]]), np.array([1]))]
    [[0.25], [0.75]]
    """
    return (draws < seen).mean(axis=0), (draws <= seen).mean(axis=0)


def coverage(draws: NDArray[Number], seen: NDArray[Number], *, share: float = 0.9) -> float:
    """Give the share of targets that lie within the middle range of the draws, bounds included.

    >>> coverage(np.arange(101)[:, None], np.array([50]))
    1.0
    """
    tail = (1.0 - share) / 2.0
    low, high = np.quantile(draws.astype(np.float64), (tail, 1.0 - tail), axis=0)
    return float(np.mean((low <= seen) & (seen <= high)))
