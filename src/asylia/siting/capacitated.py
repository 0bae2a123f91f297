"""Open the sites that cost least where sites hold only so many and a customer may be split, and prove it.

The value of a choice of sites is that of a transport problem, which HiGHS solves; the bound is by Lagrange, and the
search branches over sites.

Source: J. Beasley (1988), European Journal of Operational Research 33, 314-325.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from time import process_time

import numpy as np

from asylia.siting.branch import Search, branch
from asylia.siting.capped import Capped, ascend_capped
from asylia.siting.ground import CLOSED, FREE, OPEN
from asylia.siting.highs import Outcome, Program, minimise
from asylia.siting.locate import Located, locate
from asylia.siting.nearest import Floats, Ground, Marks, fix, two_nearest

ROOT_STEPS = 300
TURNS = 3


@dataclass(frozen=True, slots=True, eq=False)
class CappedProblem:
    """The problem as the search by branching sees it; remembers what choices cost."""

    ground: Capped
    known: dict[bytes, float] = field(default_factory=dict)

    @property
    def least(self) -> int:
        """Sites that must be opened for everybody to find room."""
        return self.ground.least

    @property
    def most(self) -> int:
        """Sites that may be opened."""
        return self.ground.most

    def ascend(
        self, marks: Marks, worth: Floats, goal: float, steps: int, pace: float, enough: float
    ) -> tuple[float, Floats, Floats, Marks]:
        """Raise the bound."""
        return ascend_capped(self.ground, marks, worth, goal, steps, pace, enough)

    def value(self, chosen: Marks) -> float:
        """Count what a choice costs."""
        key = chosen.tobytes()
        if key not in self.known:
            self.known[key] = transport(self.ground, chosen).value
        return self.known[key]

    def improved(self, marks: Marks, chosen: Marks, best: float) -> Marks | None:
        """Return the choice itself where it has room and is not known to cost too much."""
        del marks
        ground = self.ground
        if chosen @ ground.capacity < ground.demand.sum() or chosen.tobytes() in self.known:
            return None
        opened = chosen == 1
        lowest = ground.opening[opened].sum() + ground.costs[opened].min(axis=0).sum()
        return chosen if lowest < best else None

    def reduced(self, marks: Marks) -> CappedProblem:
        """Return the same problem: closed sites are passed over anyway."""
        del marks
        return self


def transport(ground: Capped, chosen: Marks) -> Outcome:
    """Serve everybody from the chosen sites at least cost; columns are (chosen site, customer) with a way."""
    opened = np.flatnonzero(chosen)
    site, customer = np.nonzero(np.isfinite(ground.costs[opened]))
    count, columns = ground.demand.size, np.arange(site.size)
    by_customer = np.argsort(customer, kind="stable")
    widths = np.concatenate(
        (np.bincount(customer, minlength=count), np.bincount(site, minlength=opened.size))
    )
    return minimise(
        Program(
            cost=ground.costs[opened][site, customer],
            lower=np.zeros(site.size),
            upper=np.ones(site.size),
            row_lower=np.concatenate((np.ones(count), np.full(opened.size, -np.inf))),
            row_upper=np.concatenate((np.ones(count), ground.capacity[opened])),
            starts=np.concatenate(([0], np.cumsum(widths))),
            columns=np.concatenate((columns[by_customer], columns)),
            values=np.concatenate((np.ones(site.size), ground.demand[customer])),
            constant=float(ground.opening[opened].sum()),
        )
    )


def locate_capped(ground: Capped, loose: Ground, *, gap: float, seconds: float) -> Located:
    """Search and prove.

    Parameters
    ----------
    loose
        The same without capacities, for prices to begin with.
    gap, seconds
        Relative gap at which to stop, 0 for a proof; processor time.
    """
    until = process_time() + seconds
    problem = CappedProblem(ground)
    without = locate(loose, whole=False, gap=0.01, seconds=seconds / 10)
    first = _enough_room(ground, without.chosen)
    search = Search(
        problem=problem, whole=False, gap=gap, beside=0.0, until=until, chosen=first, value=math.inf
    )
    search.offer(first)
    marks = np.full(ground.opening.size, FREE, dtype=np.int8)
    worth: Floats = two_nearest(loose, without.chosen)[2]
    bound, pace = -math.inf, 1.5
    for _ in range(TURNS):
        found, net, _, last = problem.ascend(marks, worth, search.value, ROOT_STEPS, pace, search.enough)
        bound, pace = max(bound, found), 0.5
        search.improve(marks, last)
        fix(marks, net, ground.least, ground.most, search.room(found))
        _swap(search, marks, net)
    if bound < search.enough and not search.late:
        bound = branch(search, marks, worth, bound)
    return Located(
        chosen=search.chosen,
        value=search.value,
        bound=min(bound, search.value),
        nodes=search.nodes,
        proved=bound >= search.enough,
    )


def _enough_room(ground: Capped, chosen: Marks) -> Marks:
    """Open more sites, cheapest by room first, until everybody finds room."""
    opened = chosen.copy()
    for site in np.argsort(ground.opening / np.maximum(ground.capacity, 1e-12), kind="stable"):
        if opened @ ground.capacity >= ground.demand.sum():
            break
        opened[site] = 1
    return opened


def _swap(search: Search, marks: Marks, net: Floats) -> None:
    """Try the sites that the bound likes best in place of those it likes least."""
    opened = np.flatnonzero((search.chosen == 1) & (marks != OPEN))
    closed = np.flatnonzero((search.chosen == 0) & (marks != CLOSED))
    for leaves in opened[np.argsort(-net[opened])][:3]:
        for enters in closed[np.argsort(net[closed])][:3]:
            tried = search.chosen.copy()
            tried[leaves], tried[enters] = 0, 1
            search.improve(marks, tried)
