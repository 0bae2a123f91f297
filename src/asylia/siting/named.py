"""One door for the location problems of the literature: `solve` gives a plan, a bound, and says how they were found.

The value in the certificate is counted again from the plan alone.
"""

from __future__ import annotations

import math
from time import process_time
from typing import Final

import numpy as np

from asylia.model.siting import (
    Answer,
    Center,
    Certificate,
    Covering,
    Facility,
    Floats,
    Ints,
    Median,
    Problem,
    gap_between,
)
from asylia.siting.capacitated import locate_capped, transport
from asylia.siting.capped import Capped
from asylia.siting.center import center
from asylia.siting.covering import cover_most
from asylia.siting.ground import PROVED_WITHIN
from asylia.siting.locate import Located, locate
from asylia.siting.nearest import Ground
from asylia.siting.refuse import problems_of, why_none
from asylia.siting.single_source import assign

FEW_WAYS: Final = 2_000
"""Capacitated problems with fewer ways than this go to HiGHS as they are."""

LAGRANGE: Final = "bound by Lagrange, interchange of sites, branching"
MERGED: Final = "sites and settlements merged where that changes nothing"
PROGRAM: Final = "whole-number program in HiGHS"

PROVED: Final = "proved: no plan is better"
CLOSE: Final = "no plan is better by more than the gap that was asked for"
LATE: Final = "out of time: give it more seconds, or ask for a wider gap"


def solve(problem: Problem, *, gap: float = 0.0, seconds: float = 600.0) -> Answer:
    """Solve a named problem, with a proof.

    Parameters
    ----------
    gap
        Relative gap at which to stop; 0 for a proof (to within 1e-7 where costs are not whole numbers).
    seconds
        Processor time. HiGHS, where it is used, counts time by the clock.

    Raises
    ------
    ValueError
        If arrays do not fit each other, or a number is below zero or not a number.
    """
    began = process_time()
    wrong = problems_of(problem)
    if wrong:
        raise ValueError(" ".join(wrong))
    none = why_none(problem)
    if none:
        return _no_plan(problem, none, began)
    match problem:
        case Median():
            return _median(problem, gap, seconds, began)
        case Center():
            return _center(problem, gap, seconds, began)
        case Covering():
            return _covering(problem, gap, seconds, began)
        case Facility():
            return _facility(problem, gap, seconds, began)


def recount(problem: Problem, answer: Answer) -> float:
    """Count the value of a plan again from the plan alone; infinite if it breaks a condition."""
    match problem:
        case Covering():
            return float(problem.people[np.unique(answer.customers)].sum())
        case Center():
            return float(problem.distances[answer.customers, answer.sites].max(initial=0.0))
        case Median():
            return float((problem.costs[answer.customers, answer.sites] * answer.shares).sum())
        case Facility():
            served = np.bincount(answer.customers, answer.shares, minlength=problem.costs.shape[0])
            if not np.allclose(served, 1.0, atol=1e-6) or _overfull(problem, answer):
                return math.inf
            cost = problem.costs[answer.customers, answer.sites] @ answer.shares
            return float(cost + problem.opening[answer.open_sites].sum())


def _overfull(problem: Facility, answer: Answer) -> bool:
    if problem.capacity is None or problem.demand is None:
        return False
    held = np.bincount(
        answer.sites, problem.demand[answer.customers] * answer.shares, minlength=problem.capacity.size
    )
    return bool((held > problem.capacity * (1.0 + 1e-6) + 1e-6).any())


def _no_plan(problem: Problem, why: str, began: float, bound: float = math.inf) -> Answer:
    most = -1.0 if isinstance(problem, Covering) else 1.0
    none = np.empty(0, dtype=np.int64)
    certificate = Certificate(
        value=most * math.inf,
        bound=most * bound,
        gap=gap_between(math.inf, bound),
        seconds=process_time() - began,
        method="looked at before any search" if bound == math.inf else LAGRANGE,
        why_stopped=why,
    )
    return Answer(certificate=certificate, open_sites=none, customers=none, sites=none, shares=np.empty(0))


def _answer(
    problem: Problem,
    opened: Ints,
    shares: tuple[Ints, Ints, Floats],
    bound: float,
    how: tuple[str, str, float],
) -> Answer:
    """Put a plan together, its value counted again; `how` is method, why it stopped, and when it began."""
    method, why, began = how
    customers, sites, parts = shares
    blank = Certificate(value=0.0, bound=bound, gap=0.0, seconds=0.0, method=method, why_stopped=why)
    answer = Answer(certificate=blank, open_sites=opened, customers=customers, sites=sites, shares=parts)
    value = recount(problem, answer)
    # a bound that passes the value by the last digits of a sum is the value
    if abs(value - bound) <= 1e-9 * abs(value):
        bound = value
    certificate = Certificate(
        value=value,
        bound=bound,
        gap=gap_between(value, bound),
        seconds=process_time() - began,
        method=method,
        why_stopped=why,
    )
    return Answer(certificate=certificate, open_sites=opened, customers=customers, sites=sites, shares=parts)


def _why(*, proved: bool, gap: float) -> str:
    if not proved:
        return LATE
    return CLOSE if gap > PROVED_WITHIN else PROVED


def _nearest(costs: Floats, opened: Ints) -> tuple[Ints, Ints, Floats]:
    customers = np.arange(costs.shape[0])
    return customers, opened[costs[:, opened].argmin(axis=1)], np.ones(customers.size)


def _ground(costs: Floats, opening: Floats, least: int, most: int) -> Ground:
    """Sort the ways of each customer; nobody served costs more than any plan could."""
    order = np.argsort(costs, axis=1, kind="stable")
    cheapest_first = np.take_along_axis(costs, order, axis=1)
    ways = np.isfinite(cheapest_first)
    starts = np.concatenate(([0], np.cumsum(ways.sum(axis=1))))
    furthest = np.where(ways, cheapest_first, 0.0).max(axis=1)
    outside = furthest + 1.0
    if not ways.all():
        outside = outside + float(furthest.sum() + opening.sum())
    return Ground(starts, order[ways], cheapest_first[ways], outside, opening, least, most)


def _whole(*arrays: Floats) -> bool:
    """Whether all costs are whole numbers whose sums a float holds exactly."""
    known = [array[np.isfinite(array)] for array in arrays]
    return (
        all(bool((one == np.round(one)).all()) for one in known) and sum(one.sum() for one in known) < 2**52
    )


def _median(problem: Median, gap: float, seconds: float, began: float) -> Answer:
    ground = _ground(problem.costs, np.zeros(problem.costs.shape[1]), problem.p, problem.p)
    found = locate(ground, whole=_whole(problem.costs), gap=gap, seconds=seconds)
    return _located(problem, problem.costs, found, gap, began)


def _located(problem: Median | Facility, costs: Floats, found: Located, gap: float, began: float) -> Answer:
    opened = np.flatnonzero(found.chosen)
    shares = _nearest(costs, opened)
    if not np.isfinite(costs[shares[0], shares[1]]).all():
        if found.proved:
            return _no_plan(problem, _too_few(opened.size), began)
        return _no_plan(problem, LATE, began, found.bound)
    return _answer(
        problem, opened, shares, found.bound, (LAGRANGE, _why(proved=found.proved, gap=gap), began)
    )


def _too_few(sites: int) -> str:
    return f"{sites} {'site' if sites == 1 else 'sites'} cannot reach everybody: raise p, or add ways."


def _center(problem: Center, gap: float, seconds: float, began: float) -> Answer:
    found = center(problem.distances, problem.p, gap=gap, seconds=seconds)
    if not found.sites.size:
        why = LATE if found.late else _too_few(problem.p)
        return _no_plan(problem, why, began, found.bound if found.late else math.inf)
    opened = np.sort(_filled_up(found.sites, problem.p, problem.distances.shape[1]))
    how = ("halving of distances, greedy cover, " + PROGRAM, _why(proved=not found.late, gap=gap), began)
    return _answer(problem, opened, _nearest(problem.distances, opened), found.bound, how)


def _filled_up(sites: Ints, p: int, count: int) -> Ints:
    """Open as many more sites as p allows: they do no harm."""
    others = np.setdiff1d(np.arange(count), sites)
    return np.concatenate((sites, others[: p - sites.size]))


def _covering(problem: Covering, gap: float, seconds: float, began: float) -> Answer:
    people, total = problem.people, float(problem.people.sum())
    found = cover_most(problem, gap=gap, seconds=seconds)
    owner = np.repeat(np.arange(people.size), np.diff(problem.starts))
    served = found.chosen[problem.reach] == 1
    customers, first = np.unique(owner[served], return_index=True)
    shares = (customers, problem.reach[served][first], np.ones(customers.size))
    how = (f"{MERGED}; {LAGRANGE}", _why(proved=found.proved, gap=gap), began)
    return _answer(problem, np.flatnonzero(found.chosen), shares, total - found.bound, how)


def _facility(problem: Facility, gap: float, seconds: float, began: float) -> Answer:
    sites = problem.opening.size
    loose = _ground(problem.costs, problem.opening, 1, sites)
    if problem.capacity is None or problem.demand is None:
        whole = _whole(problem.costs, problem.opening)
        found = locate(loose, whole=whole, gap=gap, seconds=seconds)
        return _located(problem, problem.costs, found, gap, began)
    room = np.cumsum(np.sort(problem.capacity)[::-1])
    least = max(1, int(np.searchsorted(room, problem.demand.sum() * (1.0 - 1e-12))) + 1)
    ground = Capped(
        np.ascontiguousarray(problem.costs.T), problem.demand, problem.capacity, problem.opening, least, sites
    )
    easy = problem.costs.size <= FEW_WAYS or not np.isfinite(problem.costs).all()
    if problem.single_source or easy:
        return _assigned(problem, ground, gap, seconds, began)
    located = locate_capped(ground, loose, gap=gap, seconds=seconds)
    opened = np.flatnonzero(located.chosen)
    outcome = transport(ground, located.chosen)
    if outcome.plan is None:
        return _no_plan(problem, LATE, began, located.bound)
    table = np.zeros_like(problem.costs)
    table[:, opened] = outcome.plan.reshape(opened.size, -1).T
    how = (f"{LAGRANGE}; transport in HiGHS", _why(proved=located.proved, gap=gap), began)
    return _answer(problem, opened, _from_table(table), located.bound, how)


def _assigned(problem: Facility, ground: Capped, gap: float, seconds: float, began: float) -> Answer:
    found = assign(ground, single=problem.single_source, gap=gap, seconds=seconds)
    if found.shares is None:
        why = (
            LATE
            if found.late
            else "the capacities cannot hold everybody over the ways there are: add room, or ways."
        )
        return _no_plan(problem, why, began, found.bound if found.late else math.inf)
    shares = _from_table(found.shares.T)
    opened = np.unique(shares[1])
    how = (f"bound by Lagrange, then {PROGRAM}", _why(proved=found.proved, gap=gap), began)
    return _answer(problem, opened, shares, found.bound, how)


def _from_table(table: Floats) -> tuple[Ints, Ints, Floats]:
    customers, sites = np.nonzero(table > 1e-9)
    return customers, sites, table[customers, sites]
