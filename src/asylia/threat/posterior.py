"""What other wars say of the weights before a war is looked at, and how sure a fit is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import ndtri

from asylia.core.draws import Stream, stable_ids, uniforms

BROAD_MEAN: Final = (-1.2, -1.6, -1.8, -2.3, -4.0, -3.5, 0.0, 0.5)
BROAD_SPREAD: Final = (1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.0, 0.5)
"""Where no war is known: the priors of the research note, section 3, widened. Entries as in `excite.NAMES`."""
FEWEST_WARS: Final = 3
LEAST_SPREAD: Final = 0.3
"""A prior from few wars is never narrower than this, on the log."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prior:
    """Normal prior of theta, entries independent: mean and standard deviation, float64 (8,)."""

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]


def broad() -> Prior:
    """Return the prior that knows no war."""
    return Prior(mean=np.array(BROAD_MEAN), spread=np.array(BROAD_SPREAD))


def learn(thetas: Sequence[Sequence[float]], otherwise: Prior) -> Prior:
    """Make a prior of the fits of other wars: their mean, and how far apart they lie.

    Fewer than three wars teach nothing.
    """
    if len(thetas) < FEWEST_WARS:
        return otherwise
    fits = np.array(thetas)
    return Prior(mean=fits.mean(axis=0), spread=np.maximum(fits.std(axis=0, ddof=1), LEAST_SPREAD))


def most_likely(
    loss: Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]],
    prior: Prior,
    start: NDArray[np.float64] | None,
) -> NDArray[np.float64]:
    """Find the theta that is likeliest under the data and the prior together (L-BFGS).

    Parameters
    ----------
    loss
        Minus the log likelihood of the data and its gradient.
    start
        Where to begin; the mean of the prior if nowhere is given.
    """

    def whole(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        told, gradient = loss(theta)
        away = (theta - prior.mean) / prior.spread
        return told + 0.5 * float(away @ away), gradient + away / prior.spread

    first = prior.mean if start is None else start
    found = minimize(whole, first, jac=True, method="L-BFGS-B", options={"maxiter": 60, "ftol": 1e-7}).x
    return np.asarray(found, dtype=np.float64)


def spread_of(outer: NDArray[np.float64], prior: Prior) -> NDArray[np.float64]:
    """Give the Laplace covariance: the inverse of the information of the data and of the prior together.

    The information of the data is the sum of outer products of the scores.
    """
    return np.asarray(np.linalg.inv(outer + np.diag(prior.spread**-2.0)), dtype=np.float64)


def draw(
    theta: NDArray[np.float64], covariance: NDArray[np.float64], *, seed: int, members: int
) -> NDArray[np.float64]:
    """Draw theta from its Laplace posterior, float64 (member, entry); the first members stay when more are drawn."""
    ids = stable_ids([f"theta-{member}" for member in range(members)])
    luck = uniforms(seed, int(Stream.EVENT_FIELD), 0, 0, ids, theta.size)
    return np.asarray(theta + ndtri(luck) @ np.linalg.cholesky(covariance).T, dtype=np.float64)
