"""A higher bound where prices alone say no more: a site is open or it is closed, and each half gets prices of its own.

The bound of all plans is the lowest bound of all parts. The part with the lowest bound is halved next, at the big site
that the prices chose about half of the time. Sites that would lift a part beyond what was asked for are closed in it,
and what they promise is kept beside the parts.

Source: J. Beasley (1988), European Journal of Operational Research 33, 314-325 (tree search for capacitated location).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from asylia.model.siting_network import Flags, Floats, SitingNetwork
from asylia.siting.bound import Dual, ascend
from asylia.siting.search import Case

STEPS = 20
"""Price steps in a part between two looks at whether to go on."""

CLIMBS = 4
"""Most times that these steps are made in a part."""

WORTH = 0.15
"""Share of what is missing that such steps must bring, or the part is halved instead."""

PACE = 0.3
"""Length of a step at least when a part is new."""


@dataclass(slots=True, kw_only=True, eq=False)
class Part:
    """Some of all plans: those with some sites open and others closed.

    Parameters
    ----------
    dual
        Prices; `dual.must` are the sites that are open.
    closed
        bool (site,).
    bound
        No plan in this part is better.
    """

    dual: Dual
    closed: Flags
    bound: float


@dataclass(slots=True, kw_only=True, eq=False)
class Division:
    """All plans in parts, and what they are searched for.

    Parameters
    ----------
    floor
        Lowest bound of all plans that are in no part any more.
    latest
        Prices of the newest part.
    """

    network: SitingNetwork
    case: Case
    parts: list[Part]
    floor: float = np.inf
    latest: Dual | None = None

    @property
    def bound(self) -> float:
        """Bound of all plans."""
        return min([self.floor, *(part.bound for part in self.parts)])


def undivided(network: SitingNetwork, case: Case, dual: Dual) -> Division:
    """Begin with all plans in one part."""
    whole = replace(dual, average=dual.average.copy(), paths=dual.paths.copy())
    part = Part(dual=whole, closed=np.zeros(dual.average.size, dtype=np.bool_), bound=dual.bound)
    return Division(network=network, case=case, parts=[part])


def divide(division: Division, value: float, goal: float, halves: int, until: float) -> None:
    """Halve the part with the lowest bound, some times; changes the division.

    Parameters
    ----------
    value
        Value of the best plan.
    goal
        Bound from which a part need not be looked into.
    until
        Time of the processor at which to stop.
    """
    for _ in range(halves):
        if not division.parts or division.bound >= goal:
            break
        part = min(division.parts, key=lambda one: one.bound)
        if part.bound > division.floor:
            break
        _settle(division, part, goal)
        site = _site_of(division.case, part)
        division.parts.remove(part)
        if site < 0:
            division.floor = min(division.floor, part.bound)
            continue
        for opened in (True, False):
            half = _half(part, site, opened=opened)
            _climb(division, half, (value, goal), until)
            division.parts.append(half)
            division.latest = half.dual


def _settle(division: Division, part: Part, goal: float) -> None:
    """Close the sites that would lift a part to the goal, and keep what they promise."""
    promised = part.dual.bound + part.dual.cost
    free = ~part.closed
    free[part.dual.must] = False
    settled = free & (part.dual.cost > 0.0) & (promised >= goal)
    if settled.any():
        division.floor = min(division.floor, float(promised[settled].min()))
        part.closed = part.closed | settled


def _site_of(case: Case, part: Part) -> int:
    """Choose the site to halve a part at; -1 if all are settled."""
    often = part.dual.average
    free = ~part.closed
    free[part.dual.must] = False
    here = np.flatnonzero(free)
    if here.size == 0:
        return -1
    size = np.maximum(part.dual.paths[here].max(axis=1), 1) - 1
    doubt: Floats = np.minimum(often[here], 1.0 - often[here]) * case.sizes.capacity[here, size]
    return int(here[np.argmax(doubt)])


def _half(part: Part, site: int, *, opened: bool) -> Part:
    """Make one half of a part."""
    dual = replace(part.dual, average=part.dual.average.copy(), paths=part.dual.paths.copy())
    closed = part.closed.copy()
    if opened:
        dual.must = np.append(dual.must, site)
    else:
        closed[site] = True
    return Part(dual=dual, closed=closed, bound=part.bound)


def _climb(division: Division, part: Part, aims: tuple[float, float], until: float) -> None:
    """Raise the bound of a new part for as long as that is worth while."""
    value, goal = aims
    case = division.case._replace(allowed=division.case.allowed & ~part.closed[:, None])
    part.dual.bound, part.dual.pace = -np.inf, max(part.dual.pace, PACE)
    for turn in range(CLIMBS):
        before = part.dual.bound
        ascend(division.network, case, part.dual, value, STEPS, until)
        part.bound = max(part.bound, part.dual.bound)
        if part.bound >= goal or (turn and part.dual.bound - before < WORTH * (goal - part.bound)):
            break
