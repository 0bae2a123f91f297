"""Branch over sites, open or closed, each branch with a bound by Lagrange, until the best plan is proved.

The bound is asked of a `Relaxed` problem, so that the same search serves sites with and without a capacity.

Source: J. Beasley (1985), European Journal of Operational Research 21, 270-273 (tree search for p-median).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import process_time
from typing import Protocol

import numpy as np

from asylia.siting.ground import CLOSED, FREE, OPEN, PROVED_WITHIN
from asylia.siting.nearest import Floats, Marks, fix

NODE_STEPS = 40

Branch = tuple[Marks, Floats, float]
"""Marks of the sites, worth of the customers to begin with, bound of the branch it came from."""


class Relaxed(Protocol):
    """A problem whose bound can be found."""

    @property
    def least(self) -> int:
        """Sites that must be opened."""

    @property
    def most(self) -> int:
        """Sites that may be opened."""

    def ascend(
        self, marks: Marks, worth: Floats, goal: float, steps: int, pace: float, enough: float
    ) -> tuple[float, Floats, Floats, Marks]:
        """Raise the bound; return it, the balance and use of each site there, and the last choice."""

    def value(self, chosen: Marks) -> float:
        """Count what a choice costs; infinite if it cannot serve everybody."""

    def improved(self, marks: Marks, chosen: Marks, best: float) -> Marks | None:
        """Return a choice like this one that may be better than the best value, or `None` if none is in sight."""

    def reduced(self, marks: Marks) -> Relaxed:
        """Return the same problem without what settled sites make useless."""


@dataclass(slots=True, kw_only=True, eq=False)
class Search:
    """What is known so far: the best choice, its value, and the lowest bound of all that was given up.

    Parameters
    ----------
    whole
        Whether every value is a whole number.
    gap, beside
        Gap that is allowed, as a share of the distance between the value and `beside`.
    until
        Processor time at which to stop.
    """

    problem: Relaxed
    whole: bool
    gap: float
    beside: float
    until: float
    chosen: Marks
    value: float
    given_up: float = math.inf
    nodes: int = 0

    @property
    def enough(self) -> float:
        """A branch with this bound need not be looked into."""
        if not math.isfinite(self.value):
            return math.inf
        size = abs(self.value - self.beside)
        if self.whole:
            return self.value - max(size * self.gap, 1.0 - 1e-5)
        return self.value - size * max(self.gap, PROVED_WITHIN)

    @property
    def late(self) -> bool:
        """Whether time is up."""
        return process_time() >= self.until

    def offer(self, chosen: Marks) -> float:
        """Take a choice of sites if it is better than the best; return its value."""
        value = self.problem.value(chosen)
        if value < self.value:
            self.chosen, self.value = chosen.copy(), value
        return value

    def improve(self, marks: Marks, chosen: Marks) -> None:
        """Improve a choice, then offer it."""
        tried = self.problem.improved(marks, chosen, self.value)
        if tried is not None:
            self.offer(tried)

    def room(self, bound: float) -> float:
        """Return what a plan may cost beyond the bound and still matter."""
        return max(self.enough - bound, 0.0)


def branch(search: Search, marks: Marks, worth: Floats, bound: float) -> float:
    """Search below the marks, deepest first; return the bound of all plans.

    Parameters
    ----------
    worth, bound
        float64 (customer,) and the bound it gives.
    """
    problem = search.problem.reduced(marks)
    stack: list[Branch] = [(marks, worth, bound)]
    while stack:
        if search.late:
            search.given_up = min(search.given_up, *(one[2] for one in stack))
            break
        own, begin, above = stack.pop()
        if above >= search.enough:
            search.given_up = min(search.given_up, above)
            continue
        stack += _split(search, problem, own, begin.copy(), above)
    # what `fix` left out is worth no less than `enough`
    return max(bound, min(search.given_up, search.enough))


def _split(search: Search, problem: Relaxed, marks: Marks, worth: Floats, above: float) -> list[Branch]:
    """Bound one branch; return the two it splits into, the likelier one last, or none if it is done with."""
    search.nodes += 1
    found, net, often, last = problem.ascend(marks, worth, search.value, NODE_STEPS, 0.5, search.enough)
    found = max(found, above)
    search.improve(marks, last)
    if found >= search.enough:
        search.given_up = min(search.given_up, found)
        return []
    fix(marks, net, problem.least, problem.most, search.room(found))
    free = np.flatnonzero(marks == FREE)
    opened = int((marks == OPEN).sum())
    if opened >= problem.most or free.size == 0 or opened + free.size <= problem.least:
        marks[free] = CLOSED if opened >= problem.most else OPEN
        search.given_up = min(search.given_up, search.offer((marks == OPEN).astype(np.int8)))
        return []
    site = free[np.argmin(np.abs(often[free] - 0.5))]
    split = []
    for mark in (OPEN, CLOSED) if often[site] < 0.5 else (CLOSED, OPEN):
        child = marks.copy()
        child[site] = mark
        split.append((child, worth, found))
    return split
