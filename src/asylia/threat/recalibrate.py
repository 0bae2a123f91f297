"""Put forecasts right by their own past errors: first whether anything happens, then how much.

1. Whether: the log odds of at least one event become a line in the logarithms of the chance and of its opposite, fitted to
   past forecasts and what came (beta calibration: Kull, Silva Filho and Flach, 2017). The two slopes let small chances and
   great ones be put right each in their own way.
2. How much, given that something came: the histogram of the past probability integral transform, as a map of the curve.

Both start from what other wars needed, as far as those agree, and move as the war's own past grows. Only forecasts whose
weeks are over enter; forecasts whose weeks overlap count for the weeks they add, and the last year counts most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from asylia.threat.count_scores import PARTS, steps_at, transform_shares

CLASSES: Final = (0.5,)
"""Chance of any event at which places are parted into few and many events, for step 2."""
BROAD_SPREAD: Final = 1.0
"""Standard deviation of the prior of a line where no war is known. Assumed: wide."""
LEAST_SPREAD: Final = 0.15
"""Wars are never taken to agree more than this, however few they are."""
FORGET: Final = 52.0
"""Weeks after which an error counts half. Chosen on wars that are not in the table of the docs."""
USUAL_WEIGHT: Final = 60.0
"""The histogram of other wars counts as this many forecasts."""
NEAR: Final = 1e-4
LEAST_SLOPE: Final = 0.1

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recalibration:
    """Line float64 (3,) of the log odds, as in `terms`, and histogram shares float64 (class, part)."""

    line: Floats
    shares: Floats


def unchanged() -> Recalibration:
    """Return the recalibration that changes nothing."""
    return Recalibration(
        line=np.array([0.0, 1.0, 1.0]), shares=np.full((len(CLASSES) + 1, PARTS), 1.0 / PARTS)
    )


def broad() -> Floats:
    """Return the covariance of lines where no war is known, float64 (3, 3)."""
    return BROAD_SPREAD**2 * np.eye(3)


def spread_of_lines(lines: Floats) -> Floats:
    """Give the covariance of wars' lines, float64 (3, 3), nowhere narrower than `LEAST_SPREAD`.

    Parameters
    ----------
    lines
        float64 (war, 3).
    """
    along, ways = np.linalg.eigh(np.cov(lines.T))
    covariance: Floats = (ways * np.maximum(along, LEAST_SPREAD**2)) @ ways.T
    return covariance


def terms(chance: Floats) -> Floats:
    """Give what a line multiplies: 1, the logarithm of the chance, and minus that of its opposite; float64 (forecast, 3)."""
    held = np.clip(chance, NEAR, 1.0 - NEAR)
    return np.stack([np.ones_like(held), np.log(held), -np.log1p(-held)], axis=-1)


def fit_line(
    chance: Floats, happened: NDArray[np.bool_], usual: Floats, spread: Floats, weigh: Floats
) -> Floats:
    """Fit the line by penalised likelihood (Newton).

    Parameters
    ----------
    chance
        float64 (forecast,), past chances of any event.
    usual, spread
        float64 (3,), the line other wars needed, and float64 (3, 3), how far their lines lie apart.
    weigh
        float64 (forecast,), how much each counts.
    """
    row, firm = terms(chance), np.linalg.inv(spread)
    line = usual.copy()
    for _ in range(25):
        held = expit(row @ line)
        slope = row.T @ (weigh * (happened - held)) - firm @ (line - usual)
        bend = (row * (weigh * held * (1.0 - held))[:, None]).T @ row + firm
        step = np.linalg.solve(bend, slope)
        line = line + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-9:
            break
    return rising(line)


def rising(line: Floats) -> Floats:
    """Keep both slopes above 0: more fighting foretold must never mean less."""
    return np.append(line[:1], np.maximum(line[1:], LEAST_SLOPE))


def tally(curves: Floats, seen: NDArray[np.int64]) -> Floats:
    """Count where what came fell in the forecasts, given that something came: float64 (class, part)."""
    came = seen > 0
    none = curves[came, 0]
    lower, upper = steps_at(curves[came], seen[came])
    left = np.maximum(1.0 - none, NEAR)
    lower, upper = np.clip((lower - none) / left, 0.0, 1.0), np.clip((upper - none) / left, 0.0, 1.0)
    group = np.searchsorted(np.array(CLASSES), 1.0 - none)
    parts = [transform_shares(lower[group == one], upper[group == one]) for one in range(len(CLASSES) + 1)]
    return np.stack(parts)


def shares_of(tallies: Floats, usual: Floats) -> Floats:
    """Draw tallies towards the usual shares, float64 (class, part), each row 1 in all."""
    held = tallies + USUAL_WEIGHT * usual
    shares: Floats = held / held.sum(axis=1, keepdims=True)
    return shares


def apply(found: Recalibration, curves: Floats) -> Floats:
    """Put curves right.

    Returns
    -------
    float64 (place, count), curves again: no entry above 1, none falling, the last 1.
    """
    none = np.clip(curves[:, :1], 0.0, 1.0)
    right = expit(terms(1.0 - none[:, 0]) @ found.line)[:, None]
    within = np.clip((curves - none) / np.maximum(1.0 - none, NEAR), 0.0, 1.0)
    group = np.searchsorted(np.array(CLASSES), 1.0 - none[:, 0])
    edges = np.linspace(0.0, 1.0, PARTS + 1)
    mapped = np.empty_like(within)
    for one, shares in enumerate(found.shares):
        reached = np.concatenate([[0.0], np.cumsum(shares)])
        mapped[group == one] = np.interp(within[group == one], edges, reached / reached[-1])
    curves_right: Floats = 1.0 - right + right * mapped
    curves_right[:, 0] = 1.0 - right[:, 0]
    curves_right[:, -1] = 1.0
    return curves_right
