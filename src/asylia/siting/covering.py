"""Maximal covering, with a proof: made smaller first, then plans by interchange, a bound by prices, and branching.

Sites that the bound settles leave the problem, and what then reaches the same sites is merged again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import process_time
from typing import cast

import numpy as np

from asylia.core.draws import Stream, uniforms
from asylia.model.siting import Covering
from asylia.siting.branch import Search, branch
from asylia.siting.cover_bound import raise_bound
from asylia.siting.cover_swap import (
    Desk,
    Marks,
    become,
    chosen_on,
    fill,
    missed,
    new_desk,
    shake,
    swap_on,
)
from asylia.siting.ground import FREE, OPEN
from asylia.siting.locate import Located
from asylia.siting.merge import Cover, Floats, Ints, Merged, merged
from asylia.siting.nearest import fix

TURNS = 40
IN_VAIN = 12
"""Plans tried in a row without a better one, before the bound is raised."""
MOST_CLOSED = 4
"""Sites that are closed to make a new plan, at most."""
STEPS = 100
SLOW = 0.95
"""Share of the way from bound to plan that is left after a turn, above which branching is the better use of time."""
NARROW = 0.1
"""Share of the sites that must be settled for the problem to be made smaller again."""


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """The problem as the search by branching sees it: sites without a cost, people missed to be least."""

    cover: Cover
    desk: Desk

    @property
    def least(self) -> int:
        """Sites that must be opened."""
        return self.cover.most

    @property
    def most(self) -> int:
        """Sites that may be opened."""
        return self.cover.most

    def ascend(
        self, marks: Marks, worth: Floats, goal: float, steps: int, pace: float, enough: float
    ) -> tuple[float, Floats, Floats, Marks]:
        """Raise the bound."""
        return raise_bound(self.cover, marks, worth, goal, steps, pace, enough)[:4]

    def value(self, chosen: Marks) -> float:
        """Count the people missed."""
        if chosen.sum() > self.cover.most:
            return math.inf
        become(self.cover, self.desk, chosen)
        return missed(self.cover, self.desk)

    def improved(self, marks: Marks, chosen: Marks, best: float) -> Marks | None:  # noqa: ARG002 - as other problems
        """Swap sites until nobody more is reached."""
        become(self.cover, self.desk, chosen)
        swap_on(self.cover, self.desk, marks)
        return chosen_on(self.desk)

    def reduced(self, marks: Marks) -> Reached:  # noqa: ARG002 - the problem was made smaller before
        """Stay as it is."""
        return self


@dataclass(slots=True, kw_only=True, eq=False)
class Rest:
    """What is not settled yet: a smaller problem, its prices and marks, and the best plan of all.

    Parameters
    ----------
    origin, taken
        int64: number of each site left, and sites settled as open, in the numbers of the whole problem.
    best
        Sites of the best plan before the problem was made this small, in the numbers of the whole problem.
    bound, cap
        No plan misses fewer people than the bound; plans that were settled away miss at least `cap`.
    """

    search: Search
    cover: Cover
    origin: Ints
    taken: Ints
    worth: Floats
    marks: Marks
    best: tuple[float, Ints]
    bound: float = 0.0
    cap: float = math.inf

    @property
    def desk(self) -> Desk:
        """The desk of the search."""
        return cast("Reached", self.search.problem).desk

    def is_done(self) -> bool:
        """Say whether the search can end."""
        return self.bound >= self.search.enough or self.search.late

    def plan(self) -> Ints:
        """Return the best plan in the numbers of the whole problem."""
        value, sites = self.best
        if self.search.value < value:
            return np.concatenate((self.taken, self.origin[self.search.chosen == 1]))
        return sites


def cover_most(problem: Covering, *, gap: float, seconds: float, seed: int = 0) -> Located:
    """Open `p` sites that most people have within reach.

    Returns
    -------
    Sites opened; `value` and `bound` count the people missed, those whom no site reaches among them.
    """
    until = process_time() + seconds
    people = problem.people.astype(np.float64)
    cover, origin, _ = merged(problem.starts, problem.reach, people, problem.site_count, problem.p)
    marks = np.full(origin.size, FREE, dtype=np.int8)
    desk = _filled(cover, marks, np.zeros(marks.size, dtype=np.int8))
    search = Search(
        problem=Reached(cover, desk), whole=True, gap=gap, beside=float(people.sum()), until=until,
        chosen=chosen_on(desk), value=missed(cover, desk),
    )  # fmt: skip
    none = np.empty(0, dtype=np.int64)
    rest = Rest(
        search=search, cover=cover, origin=origin, taken=none, worth=_begin(cover), marks=marks,
        best=(math.inf, none), bound=_beyond_reach(cover),
    )  # fmt: skip
    _search_on(rest, seed)
    chosen = np.zeros(problem.site_count, dtype=np.int8)
    chosen[rest.plan()] = 1
    # those that another makes useless do no harm
    chosen[np.flatnonzero(chosen == 0)[: problem.p - int(chosen.sum())]] = 1
    bound = min(math.ceil(rest.bound - 1e-6), search.value)
    return Located(
        chosen=chosen, value=search.value, bound=bound, nodes=search.nodes, proved=rest.bound >= search.enough
    )


def _filled(cover: Cover, marks: Marks, first: Marks) -> Desk:
    """Open these sites, then those that reach most more, and swap on."""
    desk = new_desk(cover)
    become(cover, desk, first)
    fill(cover, desk, marks, np.zeros(marks.size, dtype=np.bool_))
    swap_on(cover, desk, marks)
    return desk


def _begin(cover: Cover) -> Floats:
    """Return prices to begin with: half of what there is; those whom nobody reaches are lost whole."""
    worth: Floats = np.where(np.diff(cover.starts) > 0, 0.5, 1.0) * cover.people
    return worth


def _beyond_reach(cover: Cover) -> float:
    return float(cover.people[np.diff(cover.starts) == 0].sum())


def _search_on(rest: Rest, seed: int) -> None:
    """Try plans, raise the bound and settle sites in turns; branch on what is left."""
    search, pace = rest.search, 1.5
    for turn in range(TURNS):
        before, apart = search.value, search.enough - rest.bound
        _try_plans(rest, seed, turn)
        if rest.is_done():
            return
        found, net, _, last, pace = raise_bound(
            rest.cover, rest.marks, rest.worth, search.value, STEPS, pace, search.enough
        )
        search.improve(rest.marks, last)
        rest.bound = max(rest.bound, min(found, rest.cap))
        if rest.is_done():
            return
        rest.cap = min(rest.cap, search.enough)
        fix(rest.marks, net, rest.cover.most, rest.cover.most, search.room(found))
        _narrow(rest)
        if rest.is_done():
            return
        if search.value == before and search.enough - rest.bound > SLOW * apart:
            break
    rest.bound = branch(search, rest.marks, rest.worth, rest.bound)


def _try_plans(rest: Rest, seed: int, turn: int) -> None:
    """Close a few sites of the best plan, open others and swap on, until that was in vain for a while."""
    search, desk, cover = rest.search, rest.desk, rest.cover
    become(cover, desk, search.chosen)
    tried, vain = 0, 0
    ids = rest.origin.astype(np.uint64)
    while vain < IN_VAIN and not rest.is_done():
        luck = uniforms(seed, int(Stream.SITING), turn, tried, ids, 1)[:, 0]
        tried, vain = tried + 1, vain + 1
        shake(cover, desk, rest.marks, luck, 1 + tried % MOST_CLOSED)
        left = missed(cover, desk)
        if left < search.value:
            search.chosen, search.value, vain = chosen_on(desk), left, 0
        elif left > search.value:
            become(cover, desk, search.chosen)


def _narrow(rest: Rest) -> None:
    """Leave out what is settled and merge again, if that is worth it."""
    search, marks = rest.search, rest.marks
    free, opened = np.flatnonzero(marks == FREE), np.flatnonzero(marks == OPEN)
    places = rest.cover.most - opened.size
    if places <= 0 or free.size <= places:
        _settle(rest, opened if places <= 0 else np.concatenate((opened, free)))
        return
    if free.size > (1.0 - NARROW) * marks.size:
        return
    inner, first = _inner(rest, free, opened, places), search.chosen[free]
    rest.best = min(rest.best, (search.value, rest.plan()), key=lambda one: one[0])
    rest.taken = np.concatenate((rest.taken, rest.origin[opened]))
    rest.origin, rest.cover = rest.origin[free][inner.origin], inner.cover
    rest.worth = np.minimum(
        np.bincount(
            inner.class_of[inner.class_of >= 0], rest.worth[inner.class_of >= 0], inner.cover.people.size
        ),
        inner.cover.people,
    )
    rest.marks = np.full(inner.origin.size, FREE, dtype=np.int8)
    desk = _filled(inner.cover, rest.marks, _at_most(first[inner.origin], inner.cover.most))
    search.problem = Reached(inner.cover, desk)
    search.chosen = chosen_on(desk)
    search.value = min(search.value, missed(inner.cover, desk))


def _at_most(chosen: Marks, most: int) -> Marks:
    """Leave out the last sites of a choice that are too many: the best plan need not hold what a better one must."""
    kept = chosen.copy()
    kept[np.flatnonzero(chosen)[most:]] = 0
    return kept


def _inner(rest: Rest, free: Ints, opened: Ints, places: int) -> Merged:
    """Merge what is left when sites are settled: those who are reached already are nobody's gain."""
    cover = rest.cover
    people = cover.people.copy()
    for site in opened:
        people[cover.classes[cover.begin[site] : cover.begin[site + 1]]] = 0.0
    keep = rest.marks[cover.sites] == FREE
    owner = np.repeat(np.arange(people.size), np.diff(cover.starts))
    starts = np.concatenate(([0], np.cumsum(np.bincount(owner[keep], minlength=people.size))))
    number = np.zeros(rest.marks.size, dtype=np.int64)
    number[free] = np.arange(free.size)
    return merged(starts, number[cover.sites[keep]], people, free.size, places)


def _settle(rest: Rest, opened: Ints) -> None:
    """Take the one plan that is left."""
    chosen = np.zeros(rest.marks.size, dtype=np.int8)
    chosen[opened] = 1
    left = rest.search.offer(chosen)
    rest.bound = max(rest.bound, min(left, rest.cap))
