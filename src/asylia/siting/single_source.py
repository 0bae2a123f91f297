"""Facility location as a whole-number program, small enough to be proved at once.

Prices from the bound by Lagrange say of every site and every pair of customer and site what a plan with it must cost
more than the bound at least. The program holds only what may cost little more. If its best plan costs less than what
was left out must cost, it is the best of all; if not, more is taken in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import process_time

import numpy as np
from numpy.typing import NDArray

from asylia.siting.capped import Capped, ascend_capped
from asylia.siting.highs import Outcome, Program, State, minimise
from asylia.siting.nearest import Floats, Marks, choose

STEPS = 300
FIRST_ROOM = 0.004
"""Share of the bound by which the first program's plans may be dearer than the bound."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assigned:
    """Who is served where: float64 (site, customer), shares; and how good that is."""

    shares: Floats | None
    value: float
    bound: float
    proved: bool
    late: bool


def assign(ground: Capped, *, single: bool, gap: float, seconds: float) -> Assigned:
    """Search and prove with HiGHS on what prices leave.

    Parameters
    ----------
    single
        Whether a customer must be served by one site alone. If not, nothing is left out.
    """
    until = process_time() + seconds
    ways = np.isfinite(ground.costs)
    if not single or not ways.all():
        return _read(_search(ground, ways, single=single, gap=gap, seconds=seconds), ways, -math.inf)
    extra, bound = _least_extra(ground)
    room = max(FIRST_ROOM * abs(bound), 1e-6)
    while True:
        kept = extra <= room
        found = _search(ground, kept, single=single, gap=gap, seconds=max(until - process_time(), 0.01))
        outside = bound + room if not kept.all() else math.inf
        if kept.all() or found.state is State.TIME or found.value <= outside:
            return _read(found, kept, max(bound, min(found.bound, outside)))
        room = found.value - bound if math.isfinite(found.value) else room * 8.0


def _read(found: Outcome, kept: Flags, bound: float) -> Assigned:
    shares = None
    if found.plan is not None:
        shares = np.zeros(kept.shape)
        shares[kept] = found.plan[: int(kept.sum())]
    return Assigned(
        shares=shares,
        value=found.value,
        bound=max(bound, found.bound)
        if found.state is State.INFEASIBLE
        else max(bound, min(found.bound, found.value)),
        proved=found.state is not State.TIME,
        late=found.state is State.TIME,
    )


def _least_extra(ground: Capped) -> tuple[Floats, float]:
    """Return what a plan with each pair (site, customer) costs beyond the bound at least, and the bound."""
    marks = np.zeros(ground.opening.size, dtype=np.int8)
    goal = float(ground.opening.sum() + ground.costs.min(axis=0).sum())
    worth = np.sort(ground.costs, axis=0)[min(1, marks.size - 1)].copy()
    bound, net, _, _ = ascend_capped(ground, marks, worth, goal, STEPS, 1.0, math.inf)
    less = ground.costs - worth
    pair = np.maximum(less + _room_price(ground, less)[:, None] * ground.demand, 0.0)
    chosen: Marks = np.zeros_like(marks)
    choose(net, marks, ground.least, ground.most, chosen)
    dearest = max(0.0, float(net[chosen == 1].max(initial=0.0)))
    site = np.where(chosen == 1, 0.0, np.maximum(net - dearest, 0.0))
    return pair + site[:, None], float(bound)


def _room_price(ground: Capped, less: Floats) -> Floats:
    """Return the worth of one more place at each site, where it is full at these prices."""
    rate = np.minimum(less, 0.0) / np.maximum(ground.demand, 1e-12)
    price = np.zeros(ground.capacity.size)
    for site, own in enumerate(rate):
        order = np.argsort(own, kind="stable")
        taken = np.cumsum(np.where(own[order] < 0.0, ground.demand[order], 0.0))
        full = np.flatnonzero(taken > ground.capacity[site])
        if full.size:
            price[site] = -own[order[full[0]]]
    return price


def _search(ground: Capped, kept: Flags, *, single: bool, gap: float, seconds: float) -> Outcome:
    """Ask HiGHS: columns are the kept pairs by site, then the sites."""
    site, customer = np.nonzero(kept)
    pairs, sites, count = site.size, ground.opening.size, ground.demand.size
    column = np.arange(pairs)
    order = np.argsort(customer, kind="stable")
    full = np.minimum(ground.capacity, ground.demand.sum())
    room_columns = np.concatenate((column, pairs + np.arange(sites)))
    room_values = np.concatenate((ground.demand[customer], -full))
    by_site = np.argsort(np.concatenate((site, np.arange(sites))), kind="stable")
    widths = np.concatenate(
        (
            np.bincount(customer, minlength=count),
            np.bincount(site, minlength=sites) + 1,
            np.full(pairs, 2),
            [sites],
        )
    )
    linked = np.column_stack((column, pairs + site)).ravel()
    program = Program(
        cost=np.concatenate((ground.costs[kept], ground.opening)),
        lower=np.zeros(pairs + sites),
        upper=np.ones(pairs + sites),
        row_lower=np.concatenate((np.ones(count), np.full(sites + pairs, -np.inf), [ground.least])),
        row_upper=np.concatenate((np.ones(count), np.zeros(sites + pairs), [ground.most])),
        starts=np.concatenate(([0], np.cumsum(widths))),
        columns=np.concatenate((column[order], room_columns[by_site], linked, pairs + np.arange(sites))),
        values=np.concatenate(
            (np.ones(pairs), room_values[by_site], np.tile([1.0, -1.0], pairs), np.ones(sites))
        ),
        whole=np.concatenate((np.full(pairs, single), np.ones(sites, dtype=np.bool_))),
    )
    return minimise(program, seconds=seconds, gap=gap)
