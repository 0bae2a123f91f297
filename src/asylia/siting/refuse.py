"""What is wrong with a problem before any search, and why it can have no plan: which condition to loosen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from asylia.model.siting import Center, Covering, Facility, Median, Problem


def problems_of(problem: Problem) -> list[str]:
    """Say what does not fit: sizes, numbers below zero, what is not a number."""
    match problem:
        case Covering():
            return _wrong_covering(problem)
        case Median():
            return _wrong_table("costs", problem.costs) + _wrong_p(problem.p)
        case Center():
            return _wrong_table("distances", problem.distances) + _wrong_p(problem.p)
        case Facility():
            return _wrong_facility(problem)


def why_none(problem: Problem) -> str:
    """Say why there can be no plan, and what to loosen; empty if none of the plain reasons holds."""
    if isinstance(problem, Covering):
        return _too_few(problem.p, problem.site_count)
    if isinstance(problem, Facility):
        return _cut_off(problem.costs) or _too_little_room(problem)
    table = problem.costs if isinstance(problem, Median) else problem.distances
    return _too_few(problem.p, table.shape[1]) or _cut_off(table)


def _wrong_p(p: int) -> list[str]:
    return [] if p >= 1 else [f"p is {p}; it must be 1 or more."]


def _wrong_table(name: str, table: NDArray[np.float64]) -> list[str]:
    if table.ndim != 2 or 0 in table.shape:
        return [f"{name} must have a row for each customer and a column for each site, at least one of each."]
    return [] if bool((table >= 0.0).all()) else [f"{name} must be 0 or more, and numbers."]


def _wrong_row(name: str, row: NDArray[np.number], size: int) -> list[str]:
    if row.shape != (size,):
        return [f"{name} must have {size} numbers, not {row.size}."]
    fine = bool((row >= 0).all()) and bool(np.isfinite(row).all())
    return [] if fine else [f"{name} must be 0 or more, and finite."]


def _wrong_covering(problem: Covering) -> list[str]:
    wrong = _wrong_p(problem.p) + _wrong_row("people", problem.people, problem.people.size)
    starts, reach = problem.starts, problem.reach
    fits = starts.shape == (problem.people.size + 1,) and starts[0] == 0 and starts[-1] == reach.size
    if not fits or bool((np.diff(starts) < 0).any()):
        wrong.append("starts must rise from 0 to the number of ways, one for each customer and one more.")
    elif reach.size and not 0 <= reach.min() <= reach.max() < problem.site_count:
        wrong.append(f"reach must name sites from 0 to {problem.site_count - 1}.")
    return wrong


def _wrong_facility(problem: Facility) -> list[str]:
    wrong = _wrong_table("costs", problem.costs)
    if wrong:
        return wrong
    customers, sites = problem.costs.shape
    wrong = _wrong_row("opening", problem.opening, sites)
    if (problem.capacity is None) != (problem.demand is None):
        wrong.append("demand and capacity are given together or not at all.")
    if problem.capacity is not None:
        wrong += _wrong_row("capacity", problem.capacity, sites)
    if problem.demand is not None:
        wrong += _wrong_row("demand", problem.demand, customers)
    return wrong


def _too_few(p: int, sites: int) -> str:
    return f"p is {p} and there are only {sites} sites: lower p, or add sites." if p > sites else ""


def _cut_off(table: NDArray[np.float64]) -> str:
    cut = np.flatnonzero(~np.isfinite(table).any(axis=1))
    if not cut.size:
        return ""
    return (
        f"{cut.size} customers have no way to any site, the first is number {cut[0] + 1}: add a way for each."
    )


def _too_little_room(problem: Facility) -> str:
    if problem.capacity is None or problem.demand is None:
        return ""
    room, wanted = problem.capacity.sum(), problem.demand.sum()
    if room >= wanted * (1.0 - 1e-12):
        return ""
    return f"all sites together hold {room:g} and {wanted:g} are wanted: raise the capacities by {wanted - room:g}."
