"""A series forecast by many simple rules, each weighed by how it did in the series' own past.

The rules are the forecast learned on other conflicts, the last report, and straight lines through the last week to the last
four months that fade at three speeds. Each is weighed by its errors on forecasts that could already be checked at the
origin (exponential weights, Littlestone and Warmuth 1994, Information and Computation 108:212; Cesa-Bianchi and Lugosi 2006).
With nothing to check yet, the forecast learned on other conflicts leads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from asylia.move.forecast.ahead import middle
from asylia.move.forecast.known import Known, Table
from asylia.move.forecast.signs import damped, stand

WINDOWS: Final = (7, 14, 30, 60, 120)
FADES: Final = (15.0, 60.0, 240.0)
"""Days after which growth is down to 1/e."""
FALL: Final = 0.97
"""A report below this share of the one before is a correction of the register, unless the one before was such a fall too."""
SHARPNESS: Final = 4.0
"""How strongly a smaller error raises the weight."""
PRIOR: Final = 3.0
"""Checked forecasts that what is believed beforehand counts for."""
HANDICAP: Final = 0.5
"""What rules without learning are believed to err more beforehand, in errors of the one that was learned."""
EVEN: Final = 0.2
"""Part of the mean error of all rules that is added to the learned one's, so that a lucky hit does not decide."""
BELIEF: Final = 2.0
"""Forecasts that the width learned on other conflicts counts for."""
LEAST_STRETCH: Final = 0.05
SIDE: Final = 0.95
"""Level of each side of a 90 % range."""


def steadied(known: Known) -> Known:
    """Put earlier reports into the measure of the last one: a single sudden fall is a correction, not people who left.

    Only reports known at the origin are looked at; the last report of each place stays as it is.
    """
    return replace(known, people=tuple(_steady(people) for people in known.people))


def _steady(people: Table) -> Table:
    if len(people) < 2:
        return people
    ratio = np.divide(people[1:], people[:-1], out=np.ones(len(people) - 1), where=people[:-1] > 0)
    falls = (ratio < FALL) & (ratio > 0)
    falls[1:] &= ~falls[:-1]
    measure = np.cumprod(np.where(falls, ratio, 1.0)[::-1])[::-1]
    return np.asarray(people * np.append(measure, 1.0), dtype=np.float64)


def guesses(known: Known, weights: Mapping[int, Table], days: int) -> Table:
    """Return people by place under every rule, float64 (rule, place); the first is the one learned on other conflicts."""
    steady = steadied(known)
    state = stand(steady)
    found = [middle(steady, weights, days), state.people]
    for window in WINDOWS:
        slope = _slope(steady, window)
        ahead = days + state.age
        found += [np.maximum(state.people + slope * damped(ahead, fade), 0.0) for fade in FADES]
    return np.stack(found)


def _slope(known: Known, window: int) -> Table:
    """People a day in the window before the last report, or since the first one."""
    found = np.zeros(len(known.days))
    for place, (days, people) in enumerate(zip(known.days, known.people, strict=True)):
        if len(days) > 1:
            begin = max(days[-1] - window, days[0])
            found[place] = (people[-1] - np.interp(begin, days, people)) / (days[-1] - begin)
    return found


def relative(errors: Table) -> Table:
    """Return errors of all rules in those of the first, float64 (rule,): what is added up over checked forecasts."""
    return np.asarray(errors / (errors[0] + EVEN * errors.mean() + 1e-6), dtype=np.float64)


def shares(losses: Table, checked: float) -> Table:
    """Return the weight of each rule, float64 (rule,); sums to 1.

    Parameters
    ----------
    losses
        float64 (rule,), relative errors added up over checked forecasts, each times its own weight.
    checked
        The sum of these weights.
    """
    before = np.full(len(losses), 1.0 + HANDICAP)
    before[0] = 1.0
    mean = (losses + PRIOR * before) / (checked + PRIOR)
    weights = np.exp(-SHARPNESS * (mean - mean.min()))
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def stretch(ratios: NDArray[np.float64], count: float, believed: float) -> float:
    """Return by how much one side of ranges is widened, from errors of checked forecasts in half widths.

    Parameters
    ----------
    ratios
        Errors towards one side over the half width of that side, 0 where the error lay on the other.
    count
        How many forecasts they are worth: those that overlap say the same thing twice.
    believed
        What is believed beforehand, worth `BELIEF` forecasts.
    """
    if not ratios.size:
        return believed * _unsure(0.0)
    # few forecasts say little of a tail: the level of conformal prediction for a finite sample (Lei and others 2018, JASA 113:1094)
    level = min(1.0, SIDE * (1.0 + 1.0 / max(count, 1.0)))
    seen = max(float(np.quantile(ratios, level)), LEAST_STRETCH)
    return float(np.exp((count * np.log(seen) + BELIEF * np.log(believed)) / (count + BELIEF))) * _unsure(
        count
    )


def _unsure(count: float) -> float:
    """Return by how much a range is wider when its width itself is known from few forecasts: Student's t over the normal.

    Degrees of freedom are the forecasts checked and those that belief counts for (Student 1908, Biometrika 6:1).
    """
    return float(stdtrit(count + BELIEF, SIDE) / ndtri(SIDE))
