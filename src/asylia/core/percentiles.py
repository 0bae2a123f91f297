"""Percentiles of a few hundred numbers, thousands of times: what NumPy finds, without what it asks first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def percentiles(values: NDArray[np.float64], *wanted: float) -> tuple[float, ...]:
    """Return percentiles as `numpy.percentile` does by default, between the two nearest values in proportion. The same bytes.

    Parameters
    ----------
    values
        float64 (any,), at least one, all finite.
    wanted
        From 0 to 100.

    >>> percentiles(np.array([3.0, 1.0, 2.0]), 50.0, 95.0)
    (2.0, 2.9)
    """
    ordered = np.sort(values).tolist()
    last = len(ordered) - 1
    return tuple(_between(ordered, last * (each / 100.0)) for each in wanted)


def _between(ordered: list[float], at: float) -> float:
    below = int(at)
    low, high, part = ordered[below], ordered[min(below + 1, len(ordered) - 1)], at - below
    apart = high - low
    # from the nearer end, so that the last digit is the same from both sides
    return high - apart * (1.0 - part) if part >= 0.5 else low + apart * part
