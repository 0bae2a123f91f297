"""Kernels where every customer goes to the cheapest open site: a bound by Lagrange, and a search by interchange.

The ground: `outside[i]` is what it costs if nobody serves customer `i`; the sites that serve it for less stand in
`sites[starts[i]:starts[i + 1]]` with `costs`, cheapest first. Opening site `j` costs `opening[j]`; from `least` to
`most` sites are opened. p-median, facility location without capacity and maximal covering are all of this shape.

The bound: each customer has a worth, the price at which it is offered to the sites. A site earns what its customers
are worth beyond their costs; the bound opens the sites that earn most. The worth moves against those served twice.

Sources: G. Cornuejols, M. Fisher and G. Nemhauser (1977), Management Science 23, 789-810 (the relaxation); P. Camerini,
L. Fratta and F. Maffioli (1975), Mathematical Programming Study 3, 26-34 (the step); M. Resende and R. Werneck
(2007), European Journal of Operational Research 174, 54-68 (interchange with gain, loss and extra).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.siting.ground import CLOSED, FREE, OPEN

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Marks = NDArray[np.int8]


KEEP = 0.9
"""Share of the last way that is kept for the next."""
PATIENCE = 12
"""Steps without a better bound before the steps are shortened."""
SHORTEN = 0.6
SHORTEST = 1e-3
"""Length of a step below which the bound rises no more."""
EVEN = 0.7
"""Power of what a customer may cost that its steps grow with: 0 would let the largest settle last, 1 first."""


class Ground(NamedTuple):
    """Arrays of one problem, as told above."""

    starts: Ints
    sites: Ints
    costs: Floats
    outside: Floats
    opening: Floats
    least: int
    most: int


@njit(cache=True)
def earn(ground: Ground, worth: Floats, net: Floats) -> float:
    """Fill in what each site costs less what it earns; return the sum of all worth."""
    net[:] = ground.opening
    total = 0.0
    for customer in range(worth.size):
        own = worth[customer]
        total += own
        for arc in range(ground.starts[customer], ground.starts[customer + 1]):
            less = ground.costs[arc] - own
            if less >= 0.0:
                break
            net[ground.sites[arc]] += less
    return total


@njit(cache=True)
def choose(net: Floats, marks: Marks, least: int, most: int, chosen: Marks) -> float:
    """Choose the sites that cost least on balance, within the marks and the numbers; return the sum."""
    free = 0
    total = 0.0
    for site in range(net.size):
        chosen[site] = marks[site] == OPEN
        if marks[site] == OPEN:
            total += net[site]
            least -= 1
            most -= 1
        if marks[site] == FREE:
            free += 1
    least, most = max(0, min(least, free)), max(0, min(most, free))
    edge, wanted = _edge(net, marks, np.empty(free), least, most)
    return total + _take(net, marks, edge, wanted, chosen)


@njit(cache=True)
def _edge(net: Floats, marks: Marks, values: Floats, least: int, most: int) -> tuple[float, int]:
    """Return the balance up to which free sites are chosen, and how many; `values` is room to work in."""
    place, paying = 0, 0
    for site in range(net.size):
        if marks[site] == FREE:
            values[place] = net[site]
            place += 1
            if net[site] < 0.0:
                paying += 1
    wanted = min(max(paying, least), most)
    if wanted == 0:
        return -np.inf, 0
    return np.partition(values, wanted - 1)[wanted - 1], wanted


@njit(cache=True)
def _take(net: Floats, marks: Marks, edge: float, wanted: int, chosen: Marks) -> float:
    total = 0.0
    for site in range(net.size):
        if marks[site] == FREE and net[site] < edge:
            chosen[site] = 1
            total += net[site]
            wanted -= 1
    for site in range(net.size):
        if wanted > 0 and marks[site] == FREE and net[site] == edge:
            chosen[site] = 1
            total += edge
            wanted -= 1
    return total


@njit(cache=True)
def _move(ground: Ground, worth: Floats, chosen: Marks, way: Floats, scale: Floats) -> float:
    """Turn the way against those served twice or not at all; return its squared length."""
    square = 0.0
    for customer in range(worth.size):
        own = worth[customer]
        lack = 1.0
        for arc in range(ground.starts[customer], ground.starts[customer + 1]):
            if ground.costs[arc] >= own:
                break
            lack -= chosen[ground.sites[arc]]
        turned = lack + KEEP * way[customer]
        if turned > 0.0 and own >= ground.outside[customer]:
            turned = 0.0
        way[customer] = turned
        square += scale[customer] * turned * turned
    return square


@njit(cache=True)
def keep_best(
    bound: float,
    here: tuple[Floats, Floats],
    best: float,
    kept: tuple[Floats, Floats],
    lasted: int,
    patience: int,
    pace: float,
) -> tuple[float, int, float]:
    """Keep the best bound, with its balances and its worth; after steps in vain, go back there and take shorter ones.

    Parameters
    ----------
    here, kept
        Balance of each site and worth of each customer: of this step, and where the best bound was.

    Returns
    -------
    Best bound, steps since it last rose by more than a little, length of a step.
    """
    lasted += 1
    if bound > best:
        lasted = 0 if bound > best + 1e-5 * abs(best) else lasted
        kept[0][:], kept[1][:] = here
        return bound, lasted, pace
    if lasted >= patience:
        here[1][:] = kept[1]
        return best, 0, pace * SHORTEN
    return best, lasted, pace


@njit(cache=True)
def ascend(
    ground: Ground, marks: Marks, worth: Floats, goal: float, steps: int, pace: float, enough: float
) -> tuple[float, Floats, Floats, Marks]:
    """Raise the bound by moving the worth.

    Parameters
    ----------
    marks
        int8 (site,): free, open or closed.
    worth
        float64 (customer,), where to begin; left at the best that was found.
    goal
        Value of the best plan known.
    steps, pace
        Most steps; first length of a step, about 1.
    enough
        Stop at this bound.

    Returns
    -------
    Best bound; balance of each site there; how often each site was chosen, weighted to the end; and the last choice.
    """
    now, way = worth.copy(), np.zeros(worth.size)
    scale = (ground.outside / max(ground.outside.mean(), 1e-300)) ** EVEN
    net, chosen = np.empty(marks.size), np.empty(marks.size, dtype=np.int8)
    best, best_net, often, lasted = -np.inf, net.copy(), np.zeros(marks.size), 0
    for _ in range(steps):
        bound = earn(ground, now, net) + choose(net, marks, ground.least, ground.most, chosen)
        often = 0.9 * often + 0.1 * chosen
        best, lasted, pace = keep_best(bound, (net, now), best, (best_net, worth), lasted, PATIENCE, pace)
        if best >= enough or pace < SHORTEST:
            break
        square = _move(ground, now, chosen, way, scale)
        if square <= 1e-12:
            break
        length = pace * (goal - bound) / square
        for customer in range(now.size):
            now[customer] = min(
                max(now[customer] + length * scale[customer] * way[customer], 0.0), ground.outside[customer]
            )
    return best, best_net, often, chosen


@njit(cache=True)
def fix(marks: Marks, net: Floats, least: int, most: int, room: float) -> int:
    """Mark sites whose opening or closing would cost more than the room between bound and plan; return how many."""
    chosen = np.empty(marks.size, dtype=np.int8)
    choose(net, marks, least, most, chosen)
    dearest, cheapest = _edges(marks, net, chosen, least, most)
    fixed = 0
    for site in range(net.size):
        if marks[site] != FREE:
            continue
        if chosen[site] and cheapest - net[site] > room:
            marks[site] = OPEN
            fixed += 1
        elif not chosen[site] and net[site] - dearest > room:
            marks[site] = CLOSED
            fixed += 1
    return fixed


@njit(cache=True)
def _edges(marks: Marks, net: Floats, chosen: Marks, least: int, most: int) -> tuple[float, float]:
    """Return what a newly opened site saves elsewhere at most, and what takes a closed one's place at least."""
    total, dearest, cheapest = 0, -np.inf, np.inf
    for site in range(net.size):
        total += chosen[site]
        if marks[site] == FREE and chosen[site]:
            dearest = max(dearest, net[site])
        elif marks[site] == FREE:
            cheapest = min(cheapest, net[site])
    if total < most:
        dearest = max(dearest, 0.0)
    if total > least:
        cheapest = min(cheapest, 0.0)
    return dearest, cheapest


@njit(cache=True)
def value_of(ground: Ground, chosen: Marks) -> float:
    """Count what a choice of sites costs."""
    total = 0.0
    for site in range(chosen.size):
        if chosen[site]:
            total += ground.opening[site]
    near = two_nearest(ground, chosen)[1]
    for cost in near:
        total += cost
    return total


@njit(cache=True)
def _tally(ground: Ground, chosen: Marks, place: Ints, gain: Floats, loss: Floats, extra: Floats) -> None:
    """Fill in what opening saves, what closing costs, and what a swap saves beyond the two."""
    gain[:], loss[:], extra[:] = -ground.opening, 0.0, 0.0
    for site in range(chosen.size):
        if chosen[site]:
            loss[place[site]] = -ground.opening[site]
    first, near, next_near = two_nearest(ground, chosen)
    for customer in range(ground.outside.size):
        spot = -1
        if first[customer] >= 0:
            spot = place[first[customer]]
            loss[spot] += next_near[customer] - near[customer]
        _tally_one(ground, customer, chosen, near[customer], next_near[customer], spot, gain, extra)


@njit(cache=True, inline="always")
def _tally_one(
    ground: Ground,
    customer: int,
    chosen: Marks,
    near: float,
    next_near: float,
    spot: int,
    gain: Floats,
    extra: Floats,
) -> None:
    for arc in range(ground.starts[customer], ground.starts[customer + 1]):
        cost, site = ground.costs[arc], ground.sites[arc]
        if cost >= next_near:
            break
        if chosen[site]:
            continue
        gain[site] += max(0.0, near - cost)
        if spot >= 0:
            extra[site, spot] += next_near - max(cost, near)


@njit(cache=True)
def two_nearest(ground: Ground, chosen: Marks) -> tuple[Ints, Floats, Floats]:
    """Return the cheapest open site of each customer (-1 if none), what it costs, and what the next one costs."""
    first = np.full(ground.outside.size, -1)
    near, next_near = ground.outside.copy(), ground.outside.copy()
    for customer in range(near.size):
        for arc in range(ground.starts[customer], ground.starts[customer + 1]):
            if not chosen[ground.sites[arc]]:
                continue
            if first[customer] >= 0:
                next_near[customer] = ground.costs[arc]
                break
            first[customer], near[customer] = ground.sites[arc], ground.costs[arc]
    return first, near, next_near


@njit(cache=True)
def _best_swap(
    marks: Marks, chosen: Marks, ins: Floats, outs: Floats, extra: Floats, order: Ints
) -> tuple[float, int, int]:
    best, enters, leaves = 1e-9, -1, -1
    for site in range(chosen.size):
        if chosen[site] or marks[site] == CLOSED:
            continue
        for spot in range(order.size):
            saved = ins[site] - outs[spot] + extra[site, spot]
            if saved > best and marks[order[spot]] != OPEN:
                best, enters, leaves = saved, site, order[spot]
    return best, enters, leaves


@njit(cache=True)
def _best_single(
    ground: Ground, marks: Marks, chosen: Marks, gain: Floats, loss: Floats, order: Ints
) -> tuple[float, int, int]:
    best, enters, leaves = 1e-9, -1, -1
    if order.size < ground.most:
        for site in range(chosen.size):
            if not chosen[site] and marks[site] != CLOSED and gain[site] > best:
                best, enters = gain[site], site
    if order.size > ground.least:
        for spot in range(order.size):
            if marks[order[spot]] != OPEN and -loss[spot] > best:
                best, enters, leaves = -loss[spot], -1, order[spot]
    return best, enters, leaves


@njit(cache=True)
def interchange(ground: Ground, marks: Marks, chosen: Marks, steps: int) -> float:
    """Open, close or swap the site that saves most, until nothing does; return the value of the choice."""
    gain, place = np.empty(chosen.size), np.empty(chosen.size, dtype=np.int64)
    for _ in range(steps):
        order = np.nonzero(chosen)[0]
        place[order] = np.arange(order.size)
        loss, extra = np.empty(order.size), np.empty((chosen.size, order.size))
        _tally(ground, chosen, place, gain, loss, extra)
        saved, enters, leaves = _best_swap(marks, chosen, gain, loss, extra, order)
        single, opens, closes = _best_single(ground, marks, chosen, gain, loss, order)
        if single > saved:
            saved, enters, leaves = single, opens, closes
        if enters < 0 and leaves < 0:
            break
        if enters >= 0:
            chosen[enters] = 1
        if leaves >= 0:
            chosen[leaves] = 0
    return value_of(ground, chosen)
