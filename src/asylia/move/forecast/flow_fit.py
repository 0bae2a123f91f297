"""Weigh guesses of where people go: a Dirichlet-multinomial whose parameters are a weighted sum of guesses.

The weights of an origin's own past and of what holds everywhere are fitted together, by the likelihood of what came after earlier months.
Where an origin has much of a past, that decides; where it has none, the rest does (partial pooling). A last number bounds how
sure the sum can get. Source: Mosimann (1962), Biometrika 49:65, for the distribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

from asylia.move.forecast.flow_signs import Ladder, Signs, open_to, signs
from asylia.move.forecast.known import Table

START: Final = 0.1
"""Weight of every guess before anything is learned: together about one move's worth."""
HELD: Final = 0.3
"""How strongly logarithms of weights are held to it: they may differ by a factor of e to the 2, give or take."""
CEILING: Final = 20.0
"""The same for the bound on how sure the sum can get."""
CEILING_HELD: Final = 0.1
LEAST: Final = 1e-4
"""Added to every destination, so that nothing named is impossible."""
SIZE_POWER: Final = 0.4
"""How much more large flows count than small ones: people to this power, as for areas in `monthly`."""
FIRST: Final = 2
"""Months that the first month learned from must have behind it."""
STEPS: Final = 60
RANGE: Final = (-9.0, 7.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cases:
    """What was known of an origin, and where its people went.

    Parameters
    ----------
    rows
        float64 (case, sign, destination and elsewhere).
    named
        bool (case, destination and elsewhere).
    came
        float64 (case, destination and elsewhere), people.
    """

    rows: Table
    named: NDArray[np.bool_]
    came: Table


def cases(ladder: Ladder, month: int, ahead: int) -> Cases:
    """Return one case for each origin from which people left so many months after a month."""
    came = ladder.flows.people[month + ahead]
    left = np.flatnonzero(came.sum(axis=1) > 0)
    named = open_to(ladder, month)[left]
    return Cases(
        rows=signs(ladder, month)[:, left].transpose(1, 0, 2), named=named, came=fold(came[left], named)
    )


def fold(came: Table, named: NDArray[np.bool_]) -> Table:
    """Move people who went to a place that could not be named to elsewhere, the last column."""
    inside = np.where(named[:, :-1], came, 0.0)
    return np.concatenate([inside, (came - inside).sum(axis=1, keepdims=True)], axis=1)


def fit(past: Sequence[Cases], number: int) -> Table:
    """Return the logarithms of the weights, and of the bound, float64 (number of signs + 1,).

    Without any case they stay where they start.
    """
    start = np.append(np.full(number, np.log(START)), np.log(CEILING))
    held = np.append(np.full(number, HELD), CEILING_HELD)
    if not sum(len(one.came) for one in past):
        return start
    whole = Cases(
        rows=np.concatenate([one.rows for one in past]),
        named=np.concatenate([one.named for one in past]),
        came=np.concatenate([one.came for one in past]),
    )
    weights = whole.came.sum(axis=1) ** SIZE_POWER

    def loss(found: Table) -> tuple[float, Table]:
        value, slope = _likelihood(found, whole, weights / weights.mean())
        off = found - start
        return float((held * off**2).sum() / 2.0 - value), held * off - slope

    done = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=[RANGE] * len(start), options={"maxiter": STEPS}
    )
    return np.asarray(done.x, dtype=np.float64)


def sureness(found: Table, rows: Signs, named: NDArray[np.bool_]) -> Table:
    """Return the parameters of the Dirichlet distribution, float64 (case, destination and elsewhere); 0 where unnamed.

    Parameters
    ----------
    found
        As from `fit`.
    rows, named
        As in `Cases`.
    """
    raw = np.einsum("k,rkd->rd", np.exp(found[:-1]), rows) + LEAST * named
    total = raw.sum(axis=1, keepdims=True)
    bound = np.exp(found[-1])
    return np.asarray(raw * (bound / (total + bound)), dtype=np.float64)


def _likelihood(found: Table, whole: Cases, weights: Table) -> tuple[float, Table]:
    """Return the weighted logarithm of the likelihood and its slope."""
    bound, size = np.exp(found[-1]), np.exp(found[:-1])
    raw = np.einsum("k,rkd->rd", size, whole.rows) + LEAST * whole.named
    total = raw.sum(axis=1)
    share = bound / (total + bound)
    alpha = np.where(whole.named, raw * share[:, None], 1.0)
    mass, people = total * share, whole.came.sum(axis=1)
    each = gammaln(alpha + whole.came) - gammaln(alpha)
    value = gammaln(mass) - gammaln(mass + people) + each.sum(axis=1)
    slope = digamma(alpha + whole.came) - digamma(alpha) + (digamma(mass) - digamma(mass + people))[:, None]
    slope = np.where(whole.named, slope, 0.0)
    along = (slope * raw).sum(axis=1)
    inward = slope * share[:, None] - (along * bound / (total + bound) ** 2)[:, None] * whole.named
    by_weight = np.einsum("r,rd,rkd->k", weights, inward, whole.rows) * size
    by_bound = float((weights * along * total / (total + bound) ** 2).sum() * bound)
    return float(weights @ value), np.append(by_weight, by_bound)
