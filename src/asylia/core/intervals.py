"""Intervals of shares counted in few cases."""

from __future__ import annotations

from scipy.special import betaincinv


def jeffreys(hits: int, number: int, share: float = 0.9) -> tuple[float, float]:
    """Give the Jeffreys interval of a share; it starts at 0 where there was no hit and ends at 1 where all were.

    Source: Brown, Cai and DasGupta (2001), Interval estimation for a binomial proportion.

    >>> low, high = jeffreys(0, 11, 0.95)
    >>> low, round(high, 2)
    (0.0, 0.2)
    >>> low, high = jeffreys(77, 216)
    >>> round(low, 3), round(high, 3)
    (0.305, 0.411)
    """
    tail = (1.0 - share) / 2.0
    low = float(betaincinv(hits + 0.5, number - hits + 0.5, tail)) if hits else 0.0
    high = float(betaincinv(hits + 0.5, number - hits + 0.5, 1.0 - tail)) if hits < number else 1.0
    return low, high
