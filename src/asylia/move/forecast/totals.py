"""How many people leave each place, some months ahead: three rules without favour, since none of them is sure.

Districts are small, and most months of most districts are 0: a forecast of levels alone reads too much into the last of them.
A third of the draws is that forecast, a third the place's own months with those of long ago fading, a third all of them alike.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from asylia.move.forecast.known import Table
from asylia.move.forecast.monthly import Months, draw_months

HALF_LIFE: Final = 8.0
"""Months after which a month of the second third counts half; one of the half-lives of `monthly`."""
LEVELS: Final = (np.arange(20) + 0.5) / 20


def draw_totals(known: Months, ahead: int) -> Table:
    """Draw people who leave in the month so many months ahead, float64 (draw, area): equally likely values.

    Raises
    ------
    ValueError
        If nothing is known, or `ahead` is below 1.
    """
    ages = np.arange(len(known.people))[::-1]
    fading = np.broadcast_to(0.5 ** (ages / HALF_LIFE)[:, None], known.people.shape)
    return np.concatenate(
        [
            np.quantile(draw_months(known, ahead), LEVELS, axis=0, method="inverted_cdf"),
            np.quantile(known.people, LEVELS, axis=0, method="inverted_cdf", weights=fading),
            np.quantile(known.people, LEVELS, axis=0, method="inverted_cdf"),
        ]
    )
