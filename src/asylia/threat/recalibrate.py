"""Put forecasts right by their own past errors: first whether anything happens, then how much.

1. Whether: a straight line on the log odds of at least one event, fitted to past forecasts and what came.
2. How much, given that something came: the histogram of the past probability integral transform, as a map of the curve.

Both start from what other wars needed and move as the war's own past grows. Only forecasts whose weeks are over enter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from asylia.threat.count_scores import PARTS, steps_at, transform_shares

CLASSES: Final = (0.5,)
"""Chance of any event at which places are parted into few and many events, for step 2."""
LINE_SPREAD: Final = 0.3
"""Standard deviation of the prior of intercept and slope: another war's line may be this far off."""
USUAL_WEIGHT: Final = 60.0
"""The histogram of other wars counts as this many forecasts."""
NEAR: Final = 1e-4
LEAST_SLOPE: Final = 0.1

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recalibration:
    """Line float64 (2,) on the log odds, and histogram shares float64 (class, part)."""

    line: Floats
    shares: Floats


def unchanged() -> Recalibration:
    """Return the recalibration that changes nothing."""
    return Recalibration(line=np.array([0.0, 1.0]), shares=np.full((len(CLASSES) + 1, PARTS), 1.0 / PARTS))


def fit_line(chance: Floats, happened: NDArray[np.bool_], usual: Floats) -> Floats:
    """Fit intercept and slope by penalised likelihood (Newton).

    Parameters
    ----------
    chance
        float64 (forecast,), past chances of any event.
    usual
        float64 (2,), the line other wars needed.
    """
    odds = logit(np.clip(chance, NEAR, 1.0 - NEAR))
    row = np.column_stack([np.ones_like(odds), odds])
    line = usual.copy()
    for _ in range(25):
        held = expit(row @ line)
        slope = row.T @ (happened - held) - (line - usual) / LINE_SPREAD**2
        bend = (row * (held * (1.0 - held))[:, None]).T @ row + np.eye(2) / LINE_SPREAD**2
        step = np.linalg.solve(bend, slope)
        line = line + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-9:
            break
    # more fighting foretold must never mean less
    return np.array([line[0], max(line[1], LEAST_SLOPE)])


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
    chance = np.clip(1.0 - none, NEAR, 1.0 - NEAR)
    right = expit(found.line[0] + found.line[1] * logit(chance))
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
