"""The inner loop of the exact search, on arrays alone.

How it works. The search holds the values each variable may still take. A box that no variable can leave ends the
branch; a box that one variable alone can leave settles that variable. Each box the plan stands in has to be left by some
change: that gives a lower bound, with costs shared among boxes so that no change is counted twice (the dual of covering,
Hochbaum 1982). A change that would lift the bound above the limit is ruled out. The limit starts at the bound of the
whole question and is raised to the least cost that was ruled out, until something is found: so what is found first is
least, and everything below it was shown to be impossible. Branches never overlap, so counting needs no list.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Table: TypeAlias = tuple[Ints, Ints, Ints, Flags, Ints, Ints]
"""first, variable and forbidden as in `Boxes`; which boxes count; boxes by variable, as in `Boxes.touching`."""
Ground: TypeAlias = tuple[Ints, Ints, Ints]
"""domains, stay, weights."""
Room: TypeAlias = tuple[Ints, Ints, Ints, Ints]
"""Room to work in: cost not yet counted, by variable; boxes by variable; boxes to count and their ranks, by box."""

NO_LIMIT: Final = 2**62
LIMB: Final = 31
"""Bits of one part of a count: counts outgrow 64 bits."""
_DONE: Final = -1
_NOTHING: Final = -2


@njit(cache=True)
def explore(
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
    pending = np.empty((2, table[3].size), dtype=np.int64)
    room = (rest, np.empty(domains.size, dtype=np.int64), pending[0], pending[1])
    height, listed, branches = int(_can_be_left(table)), 0, 0
    following = NO_LIMIT
    while height > 0:
        if branches == most_branches:
            return listed, following, branches, True
        branches += 1
        height -= 1
        domain = stack[height].copy()
        _mark(table, came_from[height], dirty)
        box, cut = _settle(table, domain, ground, room, limit, blame, dirty)
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
    some = True
    for box in range(table[3].size):
        some = some and not (table[3][box] and table[0][box] == table[0][box + 1])
    return some


@njit(cache=True)
def _mark(table: Table, box: int, dirty: Flags) -> None:
    """Mark the variables a branch has narrowed: those of the box it came from, or all at the start."""
    dirty[:] = box < 0
    if box >= 0:
        for part in range(table[0][box], table[0][box + 1]):
            dirty[table[1][part]] = True


@njit(cache=True)
def _settle(
    table: Table,
    domain: Ints,
    ground: Ground,
    room: Room,
    limit: int,
    blame: Ints,
    dirty: Flags,
) -> tuple[int, int]:
    """Draw all plain conclusions in a branch.

    Returns
    -------
    The box to branch on, or _DONE if all boxes are left as things stand, or _NOTHING if the branch holds nothing; and
    the least cost that was cut off here.
    """
    following = NO_LIMIT
    if not _propagate(table, domain, blame, dirty):
        return _NOTHING, following
    bound, box = _bound(table, domain, ground, room, blame)
    if bound > limit:
        return _NOTHING, bound
    if box == _DONE:
        return _DONE, following
    stay, rest, again = ground[1], room[0], False
    for number in range(domain.size):
        home = domain[number] & stay[number]
        if home and domain[number] != home and bound + rest[number] > limit:
            following = min(following, bound + int(rest[number]))
            domain[number] = home
            dirty[number] = again = True
    # What follows is drawn once; to bound again and again was measured to cost more than the branches it saves
    if again and not _propagate(table, domain, blame, dirty):
        return _NOTHING, following
    return box, following


@njit(cache=True)
def _propagate(  # noqa: C901 - most of the time is spent here: as calls, its parts were measured to double it
    table: Table, domain: Ints, blame: Ints, dirty: Flags
) -> bool:
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
def _bound(table: Table, domain: Ints, ground: Ground, room: Room, blame: Ints) -> tuple[int, int]:
    """Bound the cost of a branch from below, and choose the box to branch on (_DONE: none is left to do).

    `rest` becomes the part of each variable's cost that the bound has not yet counted. Boxes that share few variables
    with others are counted first, as each takes the least from the rest. Chosen is a box few variables can leave, and
    one that ended many branches before (Boussemart and others 2004, weighted degrees).
    """
    first, variable, forbidden, active, _, _ = table
    _, stay, weights = ground
    rest, _, pending, _ = room
    bound = _spent(domain, stay, weights, rest)
    chosen, best, waiting = _DONE, np.inf, 0
    for box in range(active.size):
        if not active[box]:
            continue
        ways, free = _ways(first, variable, forbidden, box, domain, stay)
        if ways == 0:
            continue
        if not free:
            pending[waiting] = box
            waiting += 1
        rank = ways * ways / blame[box]
        if rank < best:
            chosen, best = box, rank
    _apart_first(table, domain, room, waiting)
    for place in range(waiting):
        bound += _count_off(first, variable, forbidden, pending[place], domain, rest)
    return bound, chosen


@njit(cache=True)
def _apart_first(table: Table, domain: Ints, room: Room, waiting: int) -> None:
    """Order boxes by how often the variables that can leave them can leave one of the others."""
    first, variable, forbidden = table[0], table[1], table[2]
    _, shared, pending, ranks = room
    shared[:] = 0
    for place in range(waiting):
        for part in range(first[pending[place]], first[pending[place] + 1]):
            shared[variable[part]] += (domain[variable[part]] & ~forbidden[part]) != 0
    for place in range(waiting):
        box = pending[place]
        rank = np.int64(0)
        for part in range(first[box], first[box + 1]):
            if domain[variable[part]] & ~forbidden[part]:
                rank += shared[variable[part]]
        before = place
        while before > 0 and ranks[before - 1] > rank:
            ranks[before], pending[before] = ranks[before - 1], pending[before - 1]
            before -= 1
        ranks[before], pending[before] = rank, box


@njit(cache=True)
def _spent(domain: Ints, stay: Ints, weights: Ints, rest: Ints) -> int:
    """Sum the cost of what has moved, and write down what the others would cost."""
    spent = np.int64(0)
    for number in range(domain.size):
        unmoved = (domain[number] & stay[number]) != 0
        rest[number] = weights[number] if unmoved else 0
        spent += weights[number] - rest[number]
    return int(spent)


@njit(cache=True)
def _count_off(first: Ints, variable: Ints, forbidden: Ints, box: int, domain: Ints, rest: Ints) -> int:
    """Take the least cost of leaving a box off each variable that can leave it, and return that cost."""
    least = NO_LIMIT
    for part in range(first[box], first[box + 1]):
        if domain[variable[part]] & ~forbidden[part]:
            least = min(least, int(rest[variable[part]]))
    for part in range(first[box], first[box + 1]):
        if least > 0 and domain[variable[part]] & ~forbidden[part]:
            rest[variable[part]] -= least
    return least


@njit(cache=True)
def _ways(
    first: Ints, variable: Ints, forbidden: Ints, box: int, domain: Ints, stay: Ints
) -> tuple[int, bool]:
    """Say who can leave a box.

    Returns
    -------
    Variables that can (0: it is left as things stand), and whether one of them has moved already and can leave at no
    cost.
    """
    ways, free = 0, False
    for part in range(first[box], first[box + 1]):
        own = domain[variable[part]]
        out = own & ~forbidden[part]
        home = own & stay[variable[part]]
        if out == own or out & home:
            return 0, False
        if out:
            ways += 1
            free = free or not home
    return ways, free


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
        group[number] = home or domain[number]
        values, left = np.int64(0), group[number]
        while left:
            values += 1
            left &= left - 1
        if values > 1:
            _carry(product, product, int(values) - 1)
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
        total[place] = carry & (2**LIMB - 1)
        carry >>= LIMB
