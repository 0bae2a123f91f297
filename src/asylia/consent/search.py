"""Exact search for packages that keep out of all forbidden boxes, nearest first, with proof.

The question: of all packages that meet the conditions, which cost least, where moving a variable from where it stands
has a cost? The answer is proved; all packages of that cost are counted exactly and, up to a limit, listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.consent.boxes import Boxes
from asylia.consent.branches import LIMB, NO_LIMIT, Ints, explore

MOST_BRANCHES: Final = 3_000_000
"""Branches looked at before the search gives up and says how far it got: some ten seconds."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """What is searched.

    Parameters
    ----------
    domains
        int64 (variable,), the values each may take, one bit each.
    stay
        int64 (variable,), the one value that costs nothing, as a bit.
    weights
        int64 (variable,), cost of any other value, 1 or more.
    """

    boxes: Boxes
    domains: NDArray[np.int64]
    stay: NDArray[np.int64]
    weights: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What a search found.

    Parameters
    ----------
    cost
        Least cost found; `None` if nothing was.
    bound
        Whatever meets the conditions costs at least this. `None` if it was shown that nothing does.
    count
        Packages of cost `cost`, exactly, if `proved`; otherwise those seen.
    groups
        int64 (group, variable): packages of that cost in groups that do not overlap, values as bits.
    branches
        Branches looked at.
    """

    cost: int | None
    bound: int | None
    count: int
    groups: NDArray[np.int64]
    branches: int

    @property
    def proved(self) -> bool:
        """Whether the cost is proved to be least, or that there is nothing to find."""
        return self.cost == self.bound


def nearest(
    question: Question,
    *,
    active: NDArray[np.bool_] | None = None,
    most_groups: int = 64,
    most_branches: int = MOST_BRANCHES,
) -> Found:
    """Find all packages of least cost.

    Parameters
    ----------
    active
        bool (box,), the boxes that count; all if `None`.
    most_groups
        Groups listed at most; `count` is exact all the same.
    """
    first = any_package(question, active=active, most_branches=most_branches)
    if first.cost is None:
        return first
    limit, branches = 0, first.branches
    blame = np.ones(question.boxes.owner.size, dtype=np.int64)
    while branches < most_branches:
        found, following, gave_up = _search(
            question, active, limit, (most_groups, most_branches - branches), first_only=False, blame=blame
        )
        branches += found.branches
        if gave_up:
            break
        if found.count:
            return _with(found, cost=limit, bound=limit, branches=branches)
        limit = following
    return _with(first, cost=first.cost, bound=limit, branches=branches)


def any_package(
    question: Question, *, active: NDArray[np.bool_] | None = None, most_branches: int = MOST_BRANCHES
) -> Found:
    """Find some package that keeps out of all boxes, at whatever cost, or show that there is none."""
    found, _, gave_up = _search(
        question,
        active,
        NO_LIMIT,
        (1, most_branches),
        first_only=True,
        blame=np.ones(question.boxes.owner.size, dtype=np.int64),
    )
    if not found.count:
        return _with(found, cost=None, bound=0 if gave_up else None, branches=found.branches)
    moved = (found.groups[0] & question.stay) == 0
    return _with(found, cost=int(question.weights[moved].sum()), bound=0, branches=found.branches)


def _with(found: Found, *, cost: int | None, bound: int | None, branches: int) -> Found:
    return Found(cost=cost, bound=bound, count=found.count, groups=found.groups, branches=branches)


def _search(
    question: Question,
    active: NDArray[np.bool_] | None,
    limit: int,
    most: tuple[int, int],
    *,
    first_only: bool,
    blame: Ints,
) -> tuple[Found, int, bool]:
    """Search below one limit; also give the next limit worth trying, and whether the search gave up."""
    boxes = question.boxes
    use = np.ones(boxes.owner.size, dtype=np.bool_) if active is None else active
    bits = sum(int(domain).bit_count().bit_length() for domain in question.domains)
    count = np.zeros(bits // LIMB + 2, dtype=np.int64)
    groups = np.empty((max(1, most[0]), question.domains.size), dtype=np.int64)
    listed, following, branches, gave_up = explore(
        (boxes.first, boxes.variable, boxes.forbidden, use, *boxes.touching(question.domains.size)),
        (question.domains, question.stay, question.weights),
        limit,
        most[1],
        first_only,
        count,
        groups,
        blame,
    )
    exact = sum(int(part) << (LIMB * place) for place, part in enumerate(count))
    found = Found(cost=None, bound=None, count=exact, groups=groups[:listed].copy(), branches=branches)
    return found, following, bool(gave_up)
