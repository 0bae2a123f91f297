"""A curve of possible outcomes given as a formula, and the point on it that a rule for finite sets picks.

The formula is read by our own few lines, never `eval`: sums of terms such as `2*u1^2/3`, an equals sign, then bounds such
as `0<=u1<=1` or `u>=0`, with commas between. The rule is asked of finer and finer samples around its last answer; the corners where
each actor has its most stay in every sample, since some rules look at them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.errors import AsyliaError

Points = NDArray[np.float64]
Rule = Callable[[Points], NDArray[np.int64]]

LONGEST: Final = 200
MOST_ACTORS: Final = 3
SAMPLES: Final = {1: 2001, 2: 61}
"""Samples along each axis, by the number of axes."""
ROUNDS: Final = 30
ENOUGH_TIES: Final = 50
HIGHEST: Final = 1e6

_TERM = re.compile(r"([+-]?)(?:(\d+(?:\.\d+)?)\*?)?(?:u(\d)(?:\^(\d))?)?(?:/(\d+(?:\.\d+)?))?")
_BOUND = re.compile(r"(?:(-?\d+(?:\.\d+)?)<=)?u(\d?)(?:(<=|>=)(-?\d+(?:\.\d+)?))?")


class FrontierError(AsyliaError):
    """A formula cannot be read, or its curve cannot be followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """All outcomes with `sum of factor * u ** power = total`.

    Parameters
    ----------
    terms
        (factor, actor, power).
    solved
        The actor whose outcome follows from the others': it stands in one term, with power 1.
    lowest, highest
        Bounds per actor.
    """

    terms: tuple[tuple[float, int, int], ...]
    total: float
    solved: int
    lowest: tuple[float, ...]
    highest: tuple[float, ...]

    @property
    def actors(self) -> int:
        """Number of actors."""
        return len(self.lowest)

    def complete(self, free: Points) -> Points:
        """Add the outcome that follows from the others, float64 (point, actor), to float64 (point, actor - 1)."""
        columns = [actor for actor in range(self.actors) if actor != self.solved]
        points = np.zeros((len(free), self.actors))
        points[:, columns] = free
        own = next(factor for factor, actor, _ in self.terms if actor == self.solved)
        rest = sum(f * points[:, a] ** p for f, a, p in self.terms if a != self.solved)
        points[:, self.solved] = (self.total - rest) / own
        return points


def read_frontier(text: str, actors: int) -> Frontier:
    """Read a formula.

    Raises
    ------
    FrontierError
        If it is not one of the kind this module is for.

    Examples
    --------
    >>> read_frontier("u2=1-u1^2, 0<=u1<=1", 2).terms
    ((1.0, 1, 1), (1.0, 0, 2))
    """
    equation, *bounds = text.replace(" ", "").split(",")
    if len(text) > LONGEST or not 2 <= actors <= MOST_ACTORS:
        raise FrontierError(f"A curve has 2 to {MOST_ACTORS} actors and at most {LONGEST} characters.")
    left, sign, right = equation.partition("=")
    if not sign or "=" in right or not left or not right:
        raise FrontierError(f'The formula "{equation}" has one equals sign, with something on both sides.')
    parts = [*_terms(left, 1.0), *_terms(right, -1.0)]
    terms = tuple((factor, actor, power) for factor, actor, power in parts if actor >= 0)
    total = -sum(factor for factor, actor, _ in parts if actor < 0)
    if {actor for _, actor, _ in terms} != set(range(actors)):
        raise FrontierError(f'The formula "{equation}" names each of u1 to u{actors}.')
    lowest, highest = _bounds(bounds, actors)
    return Frontier(
        terms=terms, total=float(total), solved=_solved(terms, actors), lowest=lowest, highest=highest
    )


def pick(frontier: Frontier, rule: Rule, disagreement: Sequence[float]) -> list[float]:
    """Find the outcome that a rule picks on a curve.

    Parameters
    ----------
    rule
        Gives the indices of all tied best points of float64 (point, actor).
    disagreement
        What each actor has without a deal; outcomes below it do not count.
    """
    without = np.array(disagreement)
    corners = np.empty((0, frontier.actors))
    for actor in range(frontier.actors):
        corner = _follow(frontier, _most(actor, without), without, np.empty((0, frontier.actors)))
        corners = np.vstack([corners, corner])
    return [float(value) for value in _follow(frontier, rule, without, corners)]


def _most(actor: int, without: Points) -> Rule:
    def rule(points: Points) -> NDArray[np.int64]:
        fits = (points >= without - 1e-12).all(axis=1)
        own = np.where(fits, points[:, actor], -np.inf)
        return np.flatnonzero(fits & (own >= own.max() - 1e-12))

    return rule


def _follow(frontier: Frontier, rule: Rule, without: Points, corners: Points) -> Points:
    low, high = _window(frontier, without)
    first, last = low, high
    for _ in range(ROUNDS):
        free = _sample(low, high)
        points = np.vstack([frontier.complete(free), corners])
        chosen = rule(points)
        if not chosen.size:
            raise FrontierError("No point of the curve gives every actor what it has without a deal.")
        columns = [actor for actor in range(frontier.actors) if actor != frontier.solved]
        best = points[chosen][:, columns]
        centre = best.mean(axis=0)
        step = (high - low) / (SAMPLES[low.size] - 1)
        if chosen.size > ENOUGH_TIES or step.max() < 1e-13:
            break
        reach = np.maximum(2 * step, np.ptp(best, axis=0))
        low, high = np.maximum(first, centre - reach), np.minimum(last, centre + reach)
    point: Points = frontier.complete(centre[None, :])[0]
    return point


def _window(frontier: Frontier, without: Points) -> tuple[Points, Points]:
    """Bound the free outcomes: below by no deal, above by where the last actor would fall under its own."""
    columns = [actor for actor in range(frontier.actors) if actor != frontier.solved]
    low = np.maximum(without, frontier.lowest)[columns]
    high = low.copy()
    for number, actor in enumerate(columns):
        reach = 1.0
        while reach < HIGHEST:
            high[number] = low[number] + reach
            trial = low.copy()
            trial[number] = high[number]
            if frontier.complete(trial[None, :])[0, frontier.solved] < without[frontier.solved]:
                break
            reach *= 2
        high[number] = min(high[number], frontier.highest[actor])
    if (high < low).any():
        raise FrontierError("No point of the curve lies within its bounds.")
    return low, high


def _sample(low: Points, high: Points) -> Points:
    axes = [np.linspace(a, b, SAMPLES[low.size]) for a, b in zip(low, high, strict=True)]
    return np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], axis=1)


def _terms(side: str, sign: float) -> list[tuple[float, int, int]]:
    """Read one side of the equation; the actor of a plain number is -1."""
    found, spot = [], 0
    while spot < len(side):
        match = _TERM.match(side, spot)
        if match is None or match.end() == spot or not (match[2] or match[3]) or (spot and not match[1]):
            raise FrontierError(f'The formula "{side}" cannot be read at character {spot + 1}.')
        factor = float(match[2] or 1) / float(match[5] or 1) * (-1 if match[1] == "-" else 1)
        found.append((sign * factor, int(match[3] or 0) - 1, int(match[4] or 1)))
        spot = match.end()
    return found


def _bounds(bounds: Sequence[str], actors: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    lowest, highest = [-HIGHEST] * actors, [HIGHEST] * actors
    for bound in bounds:
        match = _BOUND.fullmatch(bound)
        if match is None or int(match[2] or 1) > actors or not int(match[2] or 1):
            raise FrontierError(f'The bound "{bound}" is not like 0<=u1<=1 or u>=0.')
        for actor in [int(match[2]) - 1] if match[2] else range(actors):
            if match[1]:
                lowest[actor] = float(match[1])
            if match[3] == ">=":
                lowest[actor] = float(match[4])
            elif match[3]:
                highest[actor] = float(match[4])
    return tuple(lowest), tuple(highest)


def _solved(terms: Sequence[tuple[float, int, int]], actors: int) -> int:
    for actor in reversed(range(actors)):
        own = [(factor, power) for factor, which, power in terms if which == actor]
        if len(own) == 1 and own[0][1] == 1 and own[0][0]:
            return actor
    raise FrontierError("One actor stands in one term of the formula, without a power.")
