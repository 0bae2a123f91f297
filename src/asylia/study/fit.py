"""What a fit of the rules of recorded conflicts compares, and how likely a conflict is given the parameters.

Compared are the logs of the mean shares of the camps over the first, middle and last third of the days. What the rules do
not know of a conflict is its luck: log factors on the pull of each country and camp, normal with spreads that are learned,
and a third spread from one part of the time to the next. The luck is integrated out: its effect on the log shares is taken
as linear, with the slopes at the middle of the priors.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.move.fitted.facts import Facts
from asylia.move.fitted.parameters import MIDDLE
from asylia.move.fitted.swift import expected_people

PARTS: Final = 3
FLOOR: Final = 0.01
"""Added to shares before their log is taken, so that a camp of one in a thousand does not steer the fit."""
NUDGE: Final = 0.3
"""Log factor by which each camp is nudged to find the slopes."""

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FitCase:
    """One conflict of the pool.

    Parameters
    ----------
    facts
        By stretch of days.
    weights
        (part, stretch): share of the part's days that lie in the stretch; rows add up to 1, or to 0 if nobody was
        counted in that part.
    shares
        Mean shares counted in each part of the days, (part, camp).
    own, common
        What a unit of variance of the luck of camps, and of countries, adds to the covariance of the log shares, (row, row).
    """

    name: str
    facts: Facts
    weights: Vector
    shares: Vector
    own: Vector
    common: Vector


@njit(cache=True)
def misses(facts: Facts, values: Vector, luck: Vector, weights: Vector, shares: Vector) -> Vector:
    """Return log of counted over modelled mean shares, (part x camp,); 0 for a part in which nobody was counted.

    Parameters
    ----------
    values
        Natural values of the parameters.
    luck
        (1, camp): log factors.
    """
    found = np.zeros(shares.size)
    fill_misses(facts, values, luck[0], weights, shares, found)
    return found


@njit(cache=True)
def fill_misses(
    facts: Facts, values: Vector, luck: Vector, weights: Vector, shares: Vector, found: Vector
) -> None:
    """Fill the misses into an array; what lies behind them is left. `luck` has (camp,)."""
    people = expected_people(facts, values, luck)
    parts, camps = shares.shape
    means = np.zeros(camps)
    for part in range(parts):
        means[:] = 0.0
        some = 0.0
        for stretch in range(people.shape[0]):
            everybody = people[stretch].sum() if weights[part, stretch] > 0.0 else 0.0
            if everybody > 0.0:
                some += weights[part, stretch]
                for camp in range(camps):
                    means[camp] += weights[part, stretch] / everybody * people[stretch, camp]
        for camp in range(camps):
            found[part * camps + camp] = 0.0
            if some > 0.0:
                share = means[camp] / some
                found[part * camps + camp] = math.log((shares[part, camp] + FLOOR) / (share + FLOOR))


def fit_case_of(name: str, facts: Facts, weights: Vector, shares: Vector) -> FitCase:
    """Work out the slopes of a conflict's log shares on the luck of its camps, and make it ready to fit."""
    camps = shares.shape[1]
    nudges = np.concatenate([np.zeros((1, camps)), np.eye(camps) * NUDGE, -np.eye(camps) * NUDGE])
    rows = np.stack([misses(facts, MIDDLE, nudge[None, :], weights, shares) for nudge in nudges])
    slopes = ((rows[1 + camps :] - rows[1 : 1 + camps]) / (2 * NUDGE)).T
    together = slopes @ np.eye(int(facts.country.max()) + 1)[facts.country]
    return FitCase(
        name=name, facts=facts, weights=weights, shares=shares, own=slopes @ slopes.T, common=together @ together.T
    )  # fmt: skip


def precision(case: FitCase, spreads: Vector) -> tuple[Vector, float]:
    """Return the inverse covariance of a conflict's log shares, and half the log of its determinant.

    Parameters
    ----------
    spreads
        Of countries, of camps, and in time.
    """
    covariance = spreads[0] ** 2 * case.common + spreads[1] ** 2 * case.own
    covariance += spreads[2] ** 2 * np.eye(len(covariance))
    root = np.linalg.cholesky(covariance)
    return np.linalg.inv(covariance), float(np.log(np.diag(root)).sum())
