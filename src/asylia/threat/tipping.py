"""The value of a factor at which a plan no longer beats no zone."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

LOWEST, HIGHEST = 0.01, 100.0
"""Factors tried; beyond them nothing is claimed."""
STEPS: Final = 60


def tipping_value(
    plan: NDArray[np.float64],
    none: NDArray[np.float64],
    moved: NDArray[np.float64],
    drawn: NDArray[np.float64],
) -> tuple[float | None, str]:
    """Find the value of one factor at which the middle member stops being better off under a plan.

    To first order: what the factor moves grows in proportion to it.

    Parameters
    ----------
    plan, none
        float64 (member,), the loss under the plan and without a zone.
    moved
        float64 (member,), the part of the plan's loss that is proportional to the factor.
    drawn
        float64 (member,), the factor as drawn.

    Returns
    -------
    The value, or `None` with the reason in one word: `always` better, or `never`.

    Examples
    --------
    >>> one = np.ones(3)
    >>> value, _ = tipping_value(10.0 * one, 12.0 * one, 4.0 * one, one)
    >>> round(value, 3)
    1.5
    """

    def behind(value: float) -> float:
        return float(np.median(plan + moved * (value / drawn - 1.0) - none))

    low, high = np.log(LOWEST), np.log(HIGHEST)
    if behind(LOWEST) >= 0:
        return None, "never"
    if behind(HIGHEST) < 0:
        return None, "always"
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if behind(float(np.exp(middle))) < 0 else (low, middle)
    return float(np.exp((low + high) / 2.0)), ""
