"""Negative binomial counts by exact inversion: one uniform in, one whole count out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def invert(luck: NDArray[np.float64], means: NDArray[np.float64], dispersion: float) -> NDArray[np.int64]:
    """Find the smallest count whose cumulative probability reaches the luck.

    Sums the probabilities upwards from 0 with p(k+1) = p(k) (k + r) / (k + 1) q, q = m / (r + m). All cells go up
    together; those that have arrived drop out.

    Parameters
    ----------
    luck
        float64, above 0 and below 1.
    means
        float64 of the same shape, 0 or more.
    dispersion
        Size r of the negative binomial: variance = mean + mean^2 / r. Above 0, at most 100: beyond, p(0) of a mean of
        1,000 could not be told from 0.

    Returns
    -------
    int64 of the same shape.

    Examples
    --------
    >>> invert(np.array([0.1, 0.9]), np.array([1.0, 1.0]), 1.0).tolist()
    [0, 3]
    """
    out = np.zeros(luck.size, dtype=np.int64)
    goal = luck.ravel()
    ratio = means.ravel() / (dispersion + means.ravel())
    chance = (1.0 - ratio) ** dispersion
    reached = chance.copy()
    going = np.flatnonzero(reached < goal)
    goal, ratio, chance, reached = goal[going], ratio[going], chance[going], reached[going]
    count = 0
    while going.size:
        chance = chance * ((count + dispersion) / (count + 1.0)) * ratio
        reached = reached + chance
        count += 1
        # past the bulk, a chance too small to move the sum means rounding, not distance, is what is left
        done = (reached >= goal) | ((chance < reached * 1e-17) & (reached > 0.5))
        if done.any():
            out[going[done]] = count
            left = ~done
            going, goal, ratio = going[left], goal[left], ratio[left]
            chance, reached = chance[left], reached[left]
    return out.reshape(luck.shape)
