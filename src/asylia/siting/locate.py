"""Open the sites that cost least where every customer goes to the cheapest one, and prove it.

A bound by Lagrange and interchanges of sites close most of the gap; sites whose opening or closing would cost more
than the gap are settled; what is left is searched by branching.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import process_time

import numpy as np
from numpy.typing import NDArray

from asylia.core.draws import Stream, uniforms
from asylia.siting.branch import Search, branch
from asylia.siting.ground import CLOSED, FREE, OPEN
from asylia.siting.nearest import Floats, Ground, Marks, ascend, fix, interchange, two_nearest, value_of

ROOT_STEPS = 300
TURNS = 6
CLOSE = 1.01
"""A choice this near to the best is worth improving."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Located:
    """Sites found, what they cost, and how good that is.

    Parameters
    ----------
    chosen
        int8 (site,), 1 where open.
    nodes
        Branches looked at.
    """

    chosen: Marks
    value: float
    bound: float
    nodes: int
    proved: bool


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """The problem as the search by branching sees it."""

    ground: Ground

    @property
    def least(self) -> int:
        """Sites that must be opened."""
        return self.ground.least

    @property
    def most(self) -> int:
        """Sites that may be opened."""
        return self.ground.most

    def ascend(
        self, marks: Marks, worth: Floats, goal: float, steps: int, pace: float, enough: float
    ) -> tuple[float, Floats, Floats, Marks]:
        """Raise the bound."""
        return ascend(self.ground, marks, worth, goal, steps, pace, enough)

    def value(self, chosen: Marks) -> float:
        """Count what a choice costs."""
        return value_of(self.ground, chosen)

    def improved(self, marks: Marks, chosen: Marks, best: float) -> Marks | None:
        """Swap sites until nothing is saved, if the choice is near the best."""
        if not self.least <= chosen.sum() <= self.most or value_of(self.ground, chosen) > best * CLOSE:
            return None
        tried = chosen.copy()
        interchange(self.ground, marks, tried, 10_000)
        return tried

    def reduced(self, marks: Marks) -> Nearest:
        """Leave out ways to closed sites, and those beyond the cheapest open one."""
        ground = self.ground
        owner = np.repeat(np.arange(ground.outside.size), np.diff(ground.starts))
        near = two_nearest(ground, (marks == OPEN).astype(np.int8))[1]
        keep: NDArray[np.bool_] = (marks[ground.sites] != CLOSED) & (ground.costs <= near[owner])
        starts = np.concatenate(([0], np.cumsum(np.bincount(owner[keep], minlength=near.size))))
        return Nearest(ground._replace(starts=starts, sites=ground.sites[keep], costs=ground.costs[keep]))


def locate(
    ground: Ground, *, whole: bool, gap: float, seconds: float, beside: float = 0.0, seed: int = 0
) -> Located:
    """Search and prove.

    Parameters
    ----------
    whole
        Whether every cost is a whole number, so that a bound can be rounded up.
    gap
        Relative gap at which to stop; 0 for a proof.
    seconds
        Processor time.
    beside
        The gap is a share of the distance between the value and this.
    """
    until = process_time() + seconds
    first = _first_choice(ground)
    search = Search(
        problem=Nearest(ground),
        whole=whole,
        gap=gap,
        beside=beside,
        until=until,
        chosen=first,
        value=value_of(ground, first),
    )
    marks = np.full(ground.opening.size, FREE, dtype=np.int8)
    search.improve(marks, first)
    bound = _everything_open(ground)
    if bound < search.enough:
        worth, found = _root(search, ground, marks, seed)
        bound = max(bound, found)
    if bound < search.enough and not search.late:
        bound = branch(search, marks, worth, bound)
    proved = bound >= search.enough
    bound = min(math.ceil(bound - 1e-6) if whole else bound, search.value)
    return Located(chosen=search.chosen, value=search.value, bound=bound, nodes=search.nodes, proved=proved)


def _everything_open(ground: Ground) -> float:
    """Bound what a plan costs by what it would cost with every site open, and paid for no more than must be."""
    everything = np.ones(ground.opening.size, dtype=np.int8)
    cheapest = np.sort(ground.opening)[: ground.least].sum()
    return float(two_nearest(ground, everything)[1].sum() + cheapest)


def _first_choice(ground: Ground) -> Marks:
    """Open the sites that are cheapest for most customers."""
    chosen = np.zeros(ground.opening.size, dtype=np.int8)
    count = ground.least if ground.least == ground.most else max(1, ground.least)
    has = ground.starts[1:] > ground.starts[:-1]
    liked = np.bincount(ground.sites[ground.starts[:-1][has]], minlength=chosen.size)
    chosen[np.argsort(-liked, kind="stable")[:count]] = 1
    return chosen


def _root(search: Search, ground: Ground, marks: Marks, seed: int) -> tuple[Floats, float]:
    """Bound the whole problem and look for plans around the bound, in turns."""
    near, further = two_nearest(ground, search.chosen)[1:]
    worth: Floats = (near + further) / 2.0
    bound, pace, cap = -math.inf, 1.5, math.inf
    for turn in range(TURNS):
        before = search.value
        found, net, often, last = ascend(ground, marks, worth, search.value, ROOT_STEPS, pace, search.enough)
        # plans that were settled away are worth the cap at least, and no more is known of them
        bound, pace = max(bound, min(found, cap)), 0.4
        _swap(search, ground, marks, last)
        if turn:
            _swap(search, ground, marks, _shaken(search.chosen, often, seed, turn))
        if bound >= search.enough or search.late:
            break
        cap = min(cap, search.enough)
        fix(marks, net, ground.least, ground.most, search.room(found))
        if turn > 1 and search.value == before:
            break
    return worth, bound


def _swap(search: Search, ground: Ground, marks: Marks, chosen: Marks) -> None:
    tried = chosen.copy()
    interchange(ground, marks, tried, 10_000)
    if ground.least <= tried.sum() <= ground.most:
        search.offer(tried)


def _shaken(chosen: Marks, often: Floats, seed: int, turn: int) -> Marks:
    """Swap a few sites for others that the bound likes, by keyed luck."""
    luck = uniforms(seed, int(Stream.SITING), turn, 0, np.arange(chosen.size, dtype=np.uint64), 1)[:, 0]
    inside, outside = np.flatnonzero(chosen), np.flatnonzero(chosen == 0)
    count = min(max(1, inside.size // 8), outside.size)
    shaken = chosen.copy()
    shaken[inside[np.argsort(luck[inside])[:count]]] = 0
    shaken[outside[np.argsort(luck[outside] - often[outside], kind="stable")[:count]]] = 1
    return shaken
