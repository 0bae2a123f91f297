"""Array-only facts of a recorded conflict for the fitted rules. Axes: stretch s of days, place of origin o, camp c."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

NEARNESS, ORIGIN_SIZE, REACH, HALF_LIFE, NEST, SIZE, INCOME, NETWORK, LEAK, CAPACITY = range(10)
"""Places of the parameters in a vector of them."""
FAMILIAR: Final = 0.1
"""Added to a camp's share of all people, so that an empty camp draws too."""


class Facts(NamedTuple):
    """What a planner knows on the first day, the day's newcomers, and when what is open."""

    days: NDArray[np.float64]
    """Length of each stretch, (s,)."""
    newcomers: NDArray[np.float64]
    """(s,)"""
    fighting: NDArray[np.float64]
    """Intensity, (s, o)."""
    since: NDArray[np.float64]
    """Days since fighting began there, (s, o)."""
    log_way: NDArray[np.float64]
    """Log of the softened way in 100 km, (o, c)."""
    log_people: NDArray[np.float64]
    """Log of the population in 100,000, (o,)."""
    country: NDArray[np.int64]
    """Number of the camp's country, (c,)."""
    log_size: NDArray[np.float64]
    log_income: NDArray[np.float64]
    log_capacity: NDArray[np.float64]
    """(c,); zeros where not used."""
    networks: float
    """1, or 0 where networks are not used."""
    is_open: NDArray[np.float64]
    """1 where the camp takes people in, (s, c)."""
    crossing: NDArray[np.float64]
    """1 where the border to it is open, (s, c)."""
    start: NDArray[np.float64]
    """People on day 0, (c,)."""
    room: NDArray[np.float64]
    """Capacity where camps fill up, infinite otherwise, (c,)."""
