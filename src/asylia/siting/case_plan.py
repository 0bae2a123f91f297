"""Find a plan for a case, count what it comes to, and say what stands in the way of a better one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.errors import SitingError
from asylia.model.siting import Certificate, gap_between
from asylia.model.siting_case import OBJECTIVES, Limits, SitingCase, SitingPlan
from asylia.model.siting_network import SitingNetwork, ZoneAnswer
from asylia.siting import case_rows, highs, worst
from asylia.siting.case_large import bound_of, is_large, network_of, read_back
from asylia.siting.large import solve_large
from asylia.siting.periods import sooner, spent

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BESIDE: Final = ("travel", "exposure", "cost")
"""Among plans that are equal in what is sought, those that are better in these come first."""
LITTLE: Final = 1e-5
"""How little: share of the largest value."""
METHOD: Final = "HiGHS, whole and real numbers"
CROWD: Final = 1e3
LARGEST: Final = 1e5
"""What all people together, and the largest value of an objective, count in the program."""
FULL: Final = 0.999
"""Share from which a limit counts as used up."""
LOOSER: Final = {
    "fewest_zones": "fewer zones",
    "nearest_km": "zones nearer to each other",
    "farthest_km": "zones farther from each other",
    "budget_usd": "a larger budget",
    "budgets_usd": "larger budgets of the periods",
    "least_use": "zones that are less full",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long to search.

    Parameters
    ----------
    gap
        Relative gap at which to stop.
    seconds
        Time of the processor for one plan.
    """

    gap: float = 0.01
    seconds: float = 10.0


def find_plan(
    case: SitingCase, limits: Limits, *, aim: str = "unserved", effort: Effort | None = None
) -> SitingPlan:
    """Make one objective least within the limits.

    Raises
    ------
    SitingError
        If no plan keeps to the limits; the message names what to loosen. Or if time ended before any was found.
    """
    use = effort or Effort()
    arcs = case_rows.arcs_of(case)
    if is_large(case, arcs, limits, aim):
        priced = aim == "worst_area" or "worst_area" in limits.at_most
        search = _find_priced if priced else _find_large
        return search(case, limits, aim, use, arcs)
    outcome, layout, most = _searched(case, limits, aim, use)
    if outcome.plan is None:
        if outcome.state is highs.State.INFEASIBLE:
            raise SitingError(_why_none(case, limits, use))
        each = (
            ", or give a budget for each period"
            if case.periods > 1 and np.isfinite(limits.budget_usd)
            else ""
        )
        raise SitingError(f"No plan was found: {outcome.state}. Allow more time, or fewer candidates{each}.")
    size, people = _read(outcome.plan, layout)
    occupancy = _occupancy(people, layout, case)
    values = counted(case, limits, size, people, layout.arcs)
    room = LITTLE * (len(BESIDE) - (aim in BESIDE))
    bound = min(values[aim], max(0.0, (outcome.bound - room) * most[aim]))
    return SitingPlan(
        aim=aim,
        limits=limits,
        size=size,
        occupancy=occupancy,
        values=values,
        left=_left(case, people, layout.arcs),
        certificate=Certificate(
            value=values[aim],
            bound=bound,
            gap=gap_between(values[aim], bound),
            seconds=outcome.seconds,
            method=METHOD,
            why_stopped=str(outcome.state),
        ),
        binding=_binding(
            case, limits, size, occupancy, (values, spent(case, size, people, layout.arcs.site))
        ),
    )


def _find_large(
    case: SitingCase, limits: Limits, aim: str, effort: Effort, arcs: case_rows.Arcs
) -> SitingPlan:
    """Search with prices and plans; there always is a plan, if only that of no zone."""
    network = network_of(case, arcs, limits, aim)
    found = solve_large(network, gap=effort.gap, seconds=effort.seconds)
    plan = _large_plan(case, limits, aim, network, found)
    bound, gap = bound_of(case, found, plan.values[aim], aim)
    return replace(plan, certificate=replace(plan.certificate, bound=bound, gap=gap))


def _large_plan(
    case: SitingCase, limits: Limits, aim: str, network: SitingNetwork, found: ZoneAnswer
) -> SitingPlan:
    """Read a plan back and count it; its bound is still to be said."""
    size, people, ways = read_back(case, network, found)
    if (size >= 0).sum() < limits.fewest_zones:
        raise SitingError("No plan was found with so many zones. Ask for fewer zones, or allow more time.")
    sites = len(case.sites)
    occupancy = np.array([np.bincount(ways.site, weights=row, minlength=sites) for row in people])
    values = counted(case, limits, size, people, ways)
    return SitingPlan(
        aim=aim,
        limits=limits,
        size=size,
        occupancy=occupancy,
        values=values,
        left=_left(case, people, ways),
        certificate=replace(found.certificate, value=values[aim]),
        binding=_binding(case, limits, size, occupancy, (values, spent(case, size, people, ways.site))),
    )


def _find_priced(
    case: SitingCase, limits: Limits, aim: str, effort: Effort, arcs: case_rows.Arcs
) -> SitingPlan:
    """Search again and again, each time with higher prices in the areas worst off; the best plan and bound count."""
    least, top = aim == "worst_area", limits.at_most.get("worst_area", np.inf)
    scale = float(worst.people_in(case).sum()) if least else 1.0
    prices, best, bound = worst.first_prices(case, least=least), None, 0.0
    for _ in range(worst.ROUNDS):
        network = network_of(case, arcs, limits, aim, scale * worst.by_settlement(case, prices))
        found = solve_large(network, gap=effort.gap, seconds=effort.seconds / worst.ROUNDS)
        plan = _large_plan(case, limits, aim, network, found)
        held = 0.0 if least else float(prices.sum()) * top
        bound = max(bound, (bound_of(case, found, np.inf, aim)[0] - held) / scale)
        if plan.values["worst_area"] <= top + 1e-9 and (best is None or plan.values[aim] < best.values[aim]):
            best = plan
        if best is not None and best.values[aim] <= bound * (1.0 + effort.gap) + 1e-9:
            break
        prices = worst.next_prices(case, prices, plan.left, None if least else top)
    best = best or _fairest(case, limits, aim, effort, arcs)
    bound = min(bound, best.values[aim])
    gap = gap_between(best.values[aim], bound)
    return replace(best, certificate=replace(best.certificate, bound=bound, gap=gap))


def _fairest(case: SitingCase, limits: Limits, aim: str, effort: Effort, arcs: case_rows.Arcs) -> SitingPlan:
    """Make the largest share least, to see whether the limit on it can be kept at all."""
    top, said = limits.at_most["worst_area"], "a higher limit on: " + OBJECTIVES["worst_area"][0].lower()
    others = {name: most for name, most in limits.at_most.items() if name != "worst_area"}
    plan = _find_priced(case, replace(limits, at_most=others), "worst_area", effort, arcs)
    if plan.certificate.bound > top:
        raise SitingError(f"No plan keeps to all limits. Each of these would make one possible: {said}.")
    if plan.values["worst_area"] > top + 1e-9:
        raise SitingError(f"No plan was found that keeps to all limits. Try {said}, or allow more time.")
    return replace(
        plan, aim=aim, limits=limits, certificate=replace(plan.certificate, value=plan.values[aim])
    )


def counted(
    case: SitingCase, limits: Limits, size: Ints, people: Floats, arcs: case_rows.Arcs
) -> dict[str, float]:
    """Count every objective from a plan.

    Parameters
    ----------
    size
        int64 (site,), -1 where closed.
    people
        float64 (scenario, arc).
    """
    there = case.people.sum(axis=1).astype(np.float64)
    mean = case.chance @ people
    home, site = arcs.settlement, arcs.site
    left = np.maximum(there.sum(axis=1) - people.sum(axis=1), 0.0)
    opened = np.flatnonzero(size >= 0)
    met = case.way_events[home, site] + case.events_site[site] - case.events_home[home]
    by_place = case.chance @ there
    known = case.hosts > 0
    guests = np.array([np.bincount(site, weights=row, minlength=case.hosts.size) for row in people])
    return {
        "unserved": float(case.chance @ left),
        "travel": float(mean @ case.km[home, site]),
        "exposure": float(mean @ met + by_place @ case.events_home),
        "cost": float(case.opening[opened, size[opened]].sum() + mean @ case.each_usd[site]),
        "burden": float((guests[:, known] / case.hosts[known]).max(initial=0.0)),
        "worst_area": float(np.max(_left(case, people, arcs), initial=0.0)),
        "tail": worst_mean(left, case.chance, limits.tail_share),
    }


def _left(case: SitingCase, people: Floats, arcs: case_rows.Arcs) -> Floats:
    """Return the share left without shelter in each area, float64 (area,)."""
    home = case.area_of[arcs.settlement]
    served = np.bincount(home, case.chance @ people, len(case.areas)).astype(np.float64)
    return worst.shares_left(case, served)


def worst_mean(loss: Floats, chance: Floats, share: float) -> float:
    """Return the mean of the worst share of scenarios.

    >>> worst_mean(np.array([1.0, 5.0, 3.0, 9.0]), np.full(4, 0.25), 0.5)
    7.0
    """
    order = np.argsort(-loss, kind="stable")
    before = np.cumsum(chance[order]) - chance[order]
    weight = np.clip(np.minimum(chance[order], share - before), 0.0, None)
    return float(weight @ loss[order] / weight.sum())


def _searched(
    case: SitingCase, limits: Limits, aim: str, effort: Effort
) -> tuple[highs.Outcome, case_rows.Layout, dict[str, float]]:
    layout, most = case_rows.layout_of(case), case_rows.largest(case, limits)
    wanted = case_rows.expressions(case, layout, limits)
    measured = frozenset({aim, *limits.at_most}) & frozenset(case_rows.MEASURES)
    rows = case_rows.rows_of(case, layout, limits, measured)
    for name, ceiling in limits.at_most.items():
        weights, constant = wanted[name]
        rows.one(weights / most[name], -np.inf, (ceiling - constant) / most[name])
    cost, constant = wanted[aim][0] / most[aim], wanted[aim][1] / most[aim]
    for name in BESIDE:
        if name != aim:
            cost = cost + LITTLE * wanted[name][0] / most[name]
            constant += LITTLE * wanted[name][1] / most[name]
    upper = case_rows.upper_limits(case, layout, most)
    unit = max(most["unserved"] / CROWD, 1e-9)
    program, size = _evenly_sized(cost, constant, rows, upper, layout, unit)
    outcome = highs.minimise(program, seconds=effort.seconds, gap=effort.gap)
    plan = None if outcome.plan is None else outcome.plan * size
    return replace(outcome, plan=plan, bound=outcome.bound / LARGEST), layout, most


def _evenly_sized(
    cost: Floats, constant: float, rows: case_rows.Rows, upper: Floats, layout: case_rows.Layout, unit: float
) -> tuple[highs.Program, Floats]:
    """Count people in thousands of parts of the crowd and rows in their largest entry: HiGHS knows no number below 1e-7.

    Returns
    -------
    The program, and the size of each column, float64 (column,).
    """
    is_zone = np.arange(layout.columns) < layout.people_at
    size = np.where(is_zone, 1.0, unit)
    size[layout.burden_at : layout.burden_at + 2] = 1.0
    matrix = rows.matrix().multiply(size[None, :]).tocsr()
    most = np.asarray(abs(matrix).max(axis=1).todense()).ravel()
    across = np.where(most > 0, 1.0 / np.maximum(most, 1e-30), 1.0)
    matrix = matrix.multiply(across[:, None]).tocsr()
    program = highs.Program(
        cost=cost * size * LARGEST, constant=constant * LARGEST,
        lower=np.zeros(layout.columns), upper=upper / size,
        row_lower=np.concatenate(rows.lower) * across, row_upper=np.concatenate(rows.upper) * across,
        starts=matrix.indptr, columns=matrix.indices, values=matrix.data, whole=is_zone,
    )  # fmt: skip
    return program, size


def _read(plan: Floats, layout: case_rows.Layout) -> tuple[Ints, Floats]:
    """Take zones and people out of the columns."""
    zones = plan[: layout.people_at].reshape(layout.sites, layout.sizes) > 0.5
    people = np.clip(plan[layout.people_at : layout.burden_at], 0.0, None)
    people = people.reshape(layout.scenarios, layout.arcs.count)
    size = np.where(zones.any(axis=1), zones.argmax(axis=1), -1).astype(np.int64)
    return size, people


def _occupancy(people: Floats, layout: case_rows.Layout, case: SitingCase) -> Floats:
    sites = len(case.sites)
    return np.array([np.bincount(layout.arcs.site, weights=row, minlength=sites) for row in people])


def _binding(
    case: SitingCase, limits: Limits, size: Ints, occupancy: Floats, counts: tuple[dict[str, float], Floats]
) -> tuple[str, ...]:
    """Name the limits that are used up; `counts` are objectives, and the money of each period."""
    opened, (values, money) = np.flatnonzero(size >= 0), counts
    found = [
        f"budget of period {number}"
        for number, (used, budget) in enumerate(zip(money, limits.budgets_usd, strict=False), 1)
        if used >= FULL * budget
    ]
    if values["cost"] >= FULL * limits.budget_usd:
        found.append("budget")
    if opened.size >= limits.most_zones:
        found.append("number of zones")
    room = case.capacity[opened, size[opened]]
    full = occupancy[:, opened].max(axis=0, initial=0.0) >= FULL * room
    largest = room >= case.capacity[opened].max(axis=1, initial=0)
    if np.any(full & largest):
        found.append("room at " + ", ".join(case.sites[site] for site in opened[full & largest]))
    found += [
        f"limit on: {OBJECTIVES[name][0].lower()}"
        for name, ceiling in limits.at_most.items()
        if values[name] >= FULL * ceiling
    ]
    return tuple(found) or ("travel limits: nobody else is in reach",)


def _why_none(case: SitingCase, limits: Limits, effort: Effort) -> str:
    """Loosen one limit after the other, to name those that are enough."""
    free = Limits()
    looser = {
        said: replace(limits, **{name: getattr(free, name)})
        for name, said in LOOSER.items()
        if getattr(limits, name) != getattr(free, name)
    }
    for name in limits.at_most:
        others = {other: ceiling for other, ceiling in limits.at_most.items() if other != name}
        looser[f"a higher limit on: {OBJECTIVES[name][0].lower()}"] = replace(limits, at_most=others)
    helps = [
        said for said, tried in looser.items() if _searched(case, tried, "cost", effort)[0].plan is not None
    ]
    if case.opens.size and _searched(sooner(case), limits, "cost", effort)[0].plan is not None:
        helps.append("less time to set zones up")
    if helps:
        return f"No plan keeps to all limits. Each of these would make one possible: {'; '.join(helps)}."
    return "No plan keeps to all limits, and loosening one alone does not help. Loosen several, or add candidates."
