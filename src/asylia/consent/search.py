"""Exact search for packages that keep out of all forbidden boxes, nearest first, with proof.

The question: of all packages that meet the conditions, which cost least, where moving a variable from where it stands
has a cost? The answer is proved; all packages of that cost are counted exactly and, up to a limit, listed.

How it works. The search holds the values each variable may still take. A box that no variable can leave ends the
branch; a box that one variable alone can leave settles that variable. Each box the plan stands in has to be left by some
change: that gives a lower bound, with costs shared among boxes so that no change is counted twice (the dual of covering,
Hochbaum 1982). A change that would lift the bound above the limit is ruled out. The limit starts at the bound of the
whole question and is raised to the least cost that was ruled out, until something is found: so what is found first is
least, and everything below it was shown to be impossible. Branches never overlap, so counting needs no list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.consent.boxes import Boxes

NO_LIMIT: Final = 2**62
MOST_BRANCHES: Final = 3_000_000
"""Branches looked at before the search gives up and says how far it got: some ten seconds."""

Ints: TypeAlias = NDArray[np.int64]
Table: TypeAlias = tuple[Ints, Ints, Ints, NDArray[np.bool_], Ints, Ints]
"""first, variable and forbidden as in `Boxes`; which boxes count; boxes by variable, as in `Boxes.touching`."""
Ground: TypeAlias = tuple[Ints, Ints, Ints]
"""domains, stay, weights."""

_LIMB: Final = 31
_LAST: Final = 1e9
"""Added to the rank of boxes that a change already made may leave: they are looked at last."""
_DONE: Final = -1
_NOTHING: Final = -2


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
    count = np.zeros(bits // _LIMB + 2, dtype=np.int64)
    groups = np.empty((max(1, most[0]), question.domains.size), dtype=np.int64)
    listed, following, branches, gave_up = _explore(
        (boxes.first, boxes.variable, boxes.forbidden, use, *boxes.touching(question.domains.size)),
        (question.domains, question.stay, question.weights),
        limit,
        most[1],
        first_only,
        count,
        groups,
        blame,
    )
    exact = sum(int(part) << (_LIMB * place) for place, part in enumerate(count))
    found = Found(cost=None, bound=None, count=exact, groups=groups[:listed].copy(), branches=branches)
    return found, following, bool(gave_up)


# ---------------------------------------------------------------- the kernel


@njit(cache=True)
def _explore(  # noqa: PLR0913, PLR0917 - a numba kernel takes arrays, not objects
    table: Table,
    ground: Ground,
    limit: int,
    most_branches: int,
    first_only: bool,  # noqa: FBT001 - numba takes no keyword-only arguments
    count: Ints,
    groups: Ints,
    blame: Ints,
) -> tuple[int, int, int, bool]:
    """Go through all branches below the limit, depth first, and count what is left.

    Returns
    -------
    Groups listed, least cost that was cut off (NO_LIMIT if nothing was), branches, whether it gave up.
    """
    domains, stay, _ = ground
    stack, came_from = np.empty((64, domains.size), dtype=np.int64), np.full(64, -1, dtype=np.int64)
    stack[0] = domains
    rest, dirty = np.empty(domains.size, dtype=np.int64), np.ones(domains.size, dtype=np.bool_)
    height, listed, branches = int(_can_be_left(table)), 0, 0
    following = np.int64(NO_LIMIT)
    while height > 0:
        if branches == most_branches:
            return listed, following, branches, True
        branches += 1
        height -= 1
        domain = stack[height].copy()
        _mark(table, came_from[height], dirty)
        box, cut = _settle(table, domain, ground, rest, limit, blame, dirty)
        following = min(following, cut)
        if box == _NOTHING:
            continue
        if box == _DONE:
            listed = _count_group(domain, stay, count, groups, listed)
            if first_only:
                return listed, following, branches, False
            continue
        while height + table[0][box + 1] - table[0][box] > came_from.size:
            stack = np.concatenate((stack, np.empty_like(stack)))
            came_from = np.concatenate((came_from, came_from))
        before, height = height, _branch(table, box, domain, stay, stack, height)
        came_from[before:height] = box
    return listed, following, branches, False


@njit(cache=True)
def _can_be_left(table: Table) -> bool:
    """Tell whether every box has a part: one without holds all packages."""
    for box in range(table[3].size):
        if table[3][box] and table[0][box] == table[0][box + 1]:
            return False
    return True


@njit(cache=True)
def _mark(table: Table, box: int, dirty: NDArray[np.bool_]) -> None:
    """Mark the variables a branch has narrowed: those of the box it came from, or all at the start."""
    dirty[:] = box < 0
    if box >= 0:
        for part in range(table[0][box], table[0][box + 1]):
            dirty[table[1][part]] = True


@njit(cache=True)
def _settle(  # noqa: PLR0913, PLR0917 - as above
    table: Table,
    domain: Ints,
    ground: Ground,
    rest: Ints,
    limit: int,
    blame: Ints,
    dirty: NDArray[np.bool_],
) -> tuple[int, int]:
    """Draw all plain conclusions in a branch.

    Returns
    -------
    The box to branch on, or _DONE if all boxes are left as things stand, or _NOTHING if the branch holds nothing; and
    the least cost that was cut off here.
    """
    stay = ground[1]
    following = np.int64(NO_LIMIT)
    while True:
        if not _propagate(table, domain, blame, dirty):
            return _NOTHING, following
        bound, box = _bound(table, domain, ground, rest, blame)
        if bound > limit:
            return _NOTHING, min(following, bound)
        if box == _DONE:
            return _DONE, following
        again = False
        for number in range(domain.size):
            home = domain[number] & stay[number]
            if home and domain[number] != home and bound + rest[number] > limit:
                following = min(following, bound + rest[number])
                domain[number] = home
                dirty[number] = again = True
        if not again:
            return box, following


@njit(cache=True)
def _propagate(table: Table, domain: Ints, blame: Ints, dirty: NDArray[np.bool_]) -> bool:
    """Settle variables that alone can leave a box, until nothing follows; false if a box cannot be left."""
    first, variable, forbidden, active, touch_first, touch_box = table
    again = True
    while again:
        again = False
        for number in range(domain.size):
            if not dirty[number]:
                continue
            dirty[number] = False
            for touch in range(touch_first[number], touch_first[number + 1]):
                box = touch_box[touch]
                if not active[box]:
                    continue
                ways, last = 0, -1
                for part in range(first[box], first[box + 1]):
                    if domain[variable[part]] & ~forbidden[part]:
                        ways += 1
                        last = part
                        if ways == 2:
                            break
                if ways == 0:
                    blame[box] += 1
                    return False
                if ways == 1 and domain[variable[last]] & forbidden[last]:
                    domain[variable[last]] &= ~forbidden[last]
                    dirty[variable[last]] = again = True
    return True


@njit(cache=True)
def _bound(table: Table, domain: Ints, ground: Ground, rest: Ints, blame: Ints) -> tuple[int, int]:
    """Bound the cost of a branch from below, and choose the box to branch on (_DONE: none is left to do).

    `rest` becomes the part of each variable's cost that the bound has not yet counted. Chosen is a box few variables
    can leave, and one that ended many branches before (Boussemart and others 2004, weighted degrees).
    """
    first, variable, forbidden, active, _, _ = table
    _, stay, weights = ground
    bound = np.int64(0)
    for number in range(domain.size):
        unmoved = (domain[number] & stay[number]) != 0
        rest[number] = weights[number] if unmoved else 0
        bound += 0 if unmoved else weights[number]
    chosen, best = _DONE, np.inf
    for box in range(active.size):
        if not active[box]:
            continue
        ways, least, free = _ways(table, box, domain, stay, rest)
        if ways == 0:
            continue
        if least > 0 and not free:
            bound += least
            for part in range(first[box], first[box + 1]):
                if domain[variable[part]] & ~forbidden[part]:
                    rest[variable[part]] -= least
        rank = ways * ways / blame[box] + (_LAST if free else 0.0)
        if rank < best:
            chosen, best = box, rank
    return bound, chosen


@njit(cache=True)
def _ways(table: Table, box: int, domain: Ints, stay: Ints, rest: Ints) -> tuple[int, int, bool]:
    """Say who can leave a box.

    Returns
    -------
    Variables that can (0: it is left as things stand), the least cost of theirs not yet counted, and whether one of
    them has moved already and can leave at no cost.
    """
    first, variable, forbidden = table[0], table[1], table[2]
    ways, least, free = 0, np.int64(NO_LIMIT), False
    for part in range(first[box], first[box + 1]):
        own = domain[variable[part]]
        out = own & ~forbidden[part]
        home = own & stay[variable[part]]
        if out == own or out & home:
            return 0, least, False
        if out:
            ways += 1
            free = free or not home
            least = min(least, rest[variable[part]])
    return ways, least, free


@njit(cache=True)
def _branch(table: Table, box: int, domain: Ints, stay: Ints, stack: Ints, height: int) -> int:
    """Put one branch per variable that can leave the box on the stack: that one leaves, those before it stay inside.

    Variables that have moved come last, and so are looked at first: they leave at no further cost.
    """
    first, variable, forbidden = table[0], table[1], table[2]
    inside = domain.copy()
    for moved in (False, True):
        for part in range(first[box], first[box + 1]):
            number = variable[part]
            out = domain[number] & ~forbidden[part]
            if out == 0 or ((domain[number] & stay[number]) == 0) != moved:
                continue
            stack[height] = inside
            stack[height][number] = out
            height += 1
            inside[number] = domain[number] & forbidden[part]
            if inside[number] == 0:
                return height
    return height


@njit(cache=True)
def _count_group(domain: Ints, stay: Ints, count: Ints, groups: Ints, listed: int) -> int:
    """Add the packages of a finished branch to the count: unmoved variables stay, moved ones take any value left."""
    group = np.empty_like(domain)
    product = np.zeros_like(count)
    product[0] = 1
    for number in range(domain.size):
        home = domain[number] & stay[number]
        group[number] = home if home else domain[number]
        values, left = np.int64(0), group[number]
        while left:
            values += 1
            left &= left - 1
        if values > 1:
            _carry(product, product, values - 1)
    _carry(count, product, 1)
    if listed < groups.shape[0]:
        groups[listed] = group
        return listed + 1
    return listed


@njit(cache=True)
def _carry(total: Ints, part: Ints, times: int) -> None:
    """Add a long number, so many times, to another."""
    carry = np.int64(0)
    for place in range(total.size):
        carry += total[place] + part[place] * times
        total[place] = carry & (2**_LIMB - 1)
        carry >>= _LIMB
