"""Bargaining points on a finite set of packages, where the actors' own weights were elicited, and only there.

Nash: the largest product of gains over no deal. Kalai-Smorodinsky: the lexicographic maximin of the share each actor
gets of the most it could gain. Egalitarian: the lexicographic maximin of the gains themselves, which means something
only if all actors score on one scale. What an actor has without a deal is part of the question and never filled in.

Source: Nash (1950), Kalai and Smorodinsky (1975), Kalai (1977); the lexicographic rule for finite sets after Imai (1983).
Equal spread is another reading of Kalai-Smorodinsky, given under that name alone: it may leave the worst-off with less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.consent.diagram import Diagram
from asylia.consent.pareto import Front, pareto
from asylia.consent.space import Space, Variable
from asylia.core.errors import PlanError, Problem, nearest

TIE: Final = 1e-9
"""Differences up to this much are ties."""

Points = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elicited:
    """What one actor said each value is worth to it.

    Parameters
    ----------
    worth
        By term, then by value. Values that are not named, and terms that are not, are worth 0.
    no_deal
        What it has without an agreement, on the same scale.
    source
        Where both were elicited.
    """

    actor: str
    worth: Mapping[str, Mapping[str, float]]
    no_deal: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bargain:
    """The Pareto set and the rows of it that each rule picks, ties and all; none if no package gives all their no-deal."""

    actors: tuple[str, ...]
    no_deal: tuple[float, ...]
    front: Front
    nash: tuple[int, ...]
    kalai_smorodinsky: tuple[int, ...]
    egalitarian: tuple[int, ...]


def bargain(diagram: Diagram, elicited: Sequence[Elicited]) -> Bargain:
    """Find the bargaining points among all packages of a diagram.

    Raises
    ------
    PlanError
        If an actor's weights name no source, or name terms or values the space does not have.
    """
    wrong = [problem for one in elicited for problem in _faults(one, diagram.space)]
    if wrong or not elicited:
        raise PlanError(
            wrong or [_fault("", "", "at least one actor's weights were elicited", "Show groups instead.")]
        )
    front = pareto(diagram, scores_of(diagram.space, elicited))
    no_deal = np.array([one.no_deal for one in elicited])
    return Bargain(
        actors=tuple(one.actor for one in elicited),
        no_deal=tuple(no_deal.tolist()),
        front=front,
        nash=tuple(nash(front.scores, no_deal).tolist()),
        kalai_smorodinsky=tuple(kalai_smorodinsky(front.scores, no_deal).tolist()),
        egalitarian=tuple(egalitarian(front.scores, no_deal).tolist()),
    )


def scores_of(space: Space, elicited: Sequence[Elicited]) -> list[Points]:
    """Lay out elicited weights per variable as float64 (value, actor)."""
    return [
        np.array([[_worth(one, v, value) for one in elicited] for value in v.values], dtype=np.float64)
        for v in space.variables
    ]


def nash(points: Points, disagreement: Points | Sequence[float]) -> Indices:
    """Find the points with the largest product of gains.

    If no point lets every actor gain, the most actors that can gain together do, and the product is over them.

    Parameters
    ----------
    points
        float64 (package, actor).
    disagreement
        float64 (actor): what each has without a deal.

    Returns
    -------
    Indices of all tied points, rising; none if no point gives every actor at least its disagreement.

    Examples
    --------
    >>> nash(np.array([[1, 0], [0.9, 0.5], [0.55, 0.55]]), [0, 0]).tolist()
    [1]
    """
    rows, gains = _gains(points, disagreement)
    if not rows.size:
        return rows
    gaining = gains > TIE
    many = gaining.sum(axis=1)
    logs = np.where(gaining, np.log(np.where(gaining, gains, 1.0)), 0.0).sum(axis=1)
    logs[many < many.max()] = -np.inf
    best: Indices = rows[logs >= logs.max() - TIE]
    return best


def kalai_smorodinsky(points: Points, disagreement: Points | Sequence[float]) -> Indices:
    """Find the points that give the worst-off actor the largest share of the most it could gain, then the next, and so on.

    The most an actor could gain is taken over the points that give every actor at least its disagreement. Actors that
    can gain nothing have no share and are left out. Parameters and result as in `nash`.

    Examples
    --------
    >>> kalai_smorodinsky(np.array([[1, 0], [0.9, 0.6], [0.5, 0.62], [0, 1]]), [0, 0]).tolist()
    [1]
    """
    rows, gains = _gains(points, disagreement)
    return rows[_maximin(_shares(gains))] if rows.size else rows


def egalitarian(points: Points, disagreement: Points | Sequence[float]) -> Indices:
    """Find the points that give the worst-off actor the largest gain, then the next, and so on; as in `nash`.

    Gains of different actors are held against each other as they are: only for weights elicited on one scale.
    """
    rows, gains = _gains(points, disagreement)
    return rows[_maximin(gains)] if rows.size else rows


def equal_spread(points: Points, disagreement: Points | Sequence[float]) -> Indices:
    """Find the unbeaten points whose shares lie closest together, even if all of them are small; as in `nash`.

    Other tools call this the Kalai-Smorodinsky point. It is not: the worst-off may get less than under that rule.

    Examples
    --------
    >>> equal_spread(np.array([[1, 0], [0.9, 0.6], [0.5, 0.62], [0, 1]]), [0, 0]).tolist()
    [2]
    """
    rows, gains = _gains(points, disagreement)
    if not rows.size:
        return rows
    shares = _shares(gains)
    if not shares.shape[1]:
        return rows
    spread = np.where(_unbeaten(gains), np.ptp(shares, axis=1), np.inf)
    closest: Indices = rows[spread <= spread.min() + TIE]
    return closest


def _gains(points: Points, disagreement: Points | Sequence[float]) -> tuple[Indices, Points]:
    """Find the points nobody loses by, and what each gains there."""
    held, without = np.asarray(points, dtype=np.float64), np.asarray(disagreement, dtype=np.float64)
    if held.ndim != 2 or without.shape != held.shape[1:]:
        raise ValueError("points are (package, actor), with one disagreement value per actor")
    if not (np.isfinite(held).all() and np.isfinite(without).all()):
        raise ValueError("points and disagreement values are finite numbers")
    gains = held - without
    rows = np.flatnonzero((gains >= -TIE).all(axis=1))
    return rows, np.maximum(gains[rows], 0.0)


def _shares(gains: Points) -> Points:
    most = gains.max(axis=0)
    shares: Points = gains[:, most > TIE] / most[most > TIE]
    return shares


def _maximin(values: Points) -> NDArray[np.bool_]:
    """Mark the rows whose values, sorted from the least, are largest in turn."""
    rising, kept = np.sort(values, axis=1), np.ones(len(values), dtype=np.bool_)
    for column in rising.T:
        kept &= column >= column[kept].max() - TIE
    return kept


def _unbeaten(gains: Points) -> NDArray[np.bool_]:
    return np.array([not ((gains >= own).all(axis=1) & (gains > own).any(axis=1)).any() for own in gains])


def _worth(one: Elicited, variable: Variable, value: str) -> float:
    worth = one.worth.get(variable.term, {})
    if not variable.several:
        return worth.get(value, 0.0)
    return worth.get(variable.name.partition(":")[2], 0.0) if value == "yes" else 0.0


def _faults(one: Elicited, space: Space) -> list[Problem]:
    known: dict[str, set[str]] = {}
    for variable in space.variables:
        own = (variable.name.partition(":")[2],) if variable.several else variable.values
        known.setdefault(variable.term, set()).update(own)
    found = (
        [_fault(one.actor, "", "weights name who elicited them, and where", "Name the source.")]
        if not one.source
        else []
    )
    for term, worth in one.worth.items():
        if term not in known:
            found.append(_fault(one.actor, term, "names a known term", nearest(term, known)))
        found += [
            _fault(one.actor, value, f"is a value of {term}", nearest(value, known[term]))
            for value in worth
            if term in known and value not in known[term]
        ]
    return found


def _fault(actor: str, value: str, must: str, mend: str) -> Problem:
    return Problem(file="weights", column=actor, value=value, must=must, mend=mend)
