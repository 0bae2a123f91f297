"""A case too large for HiGHS as a siting network, searched with prices and plans, and read back as a plan of the case.

Groups of a settlement become settlements of their own, as they reach different sites. The area worst off is priced
(`siting.worst`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.model.siting import gap_between
from asylia.model.siting_case import Limits, SitingCase
from asylia.model.siting_network import SitingNetwork, ZoneAnswer
from asylia.siting.case_rows import Arcs, arcs_of
from asylia.siting.instance import Limits as NetworkLimits
from asylia.siting.instance import Sites, Ways, Worth, arrange, pairs_apart
from asylia.siting.periods import even, once_open, people_by_row, stages_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SMALL: Final = 10_000
"""Ways, times scenarios, up to which HiGHS is faster (siting note, section 4.3)."""
AIMS: Final = ("unserved", "exposure", "worst_area", "tail")
"""What can be made least: sums over people, and with prices the area worst off."""
HELD: Final = ("cost", "burden", "worst_area")
"""What can be held below a limit: as a budget, as room at each site, and with prices."""
STAGED_AIMS: Final = AIMS[:3]
STAGED_HELD: Final = HELD[1:]
"""The same with several periods: budgets are held period by period there, and the worst scenarios are of a period each."""
NEARER: Final = 1e-5
"""What the longest way counts beside a person unserved: of two plans that shelter as many, the nearer."""


def many_ways(case: SitingCase, arcs: Arcs | None = None) -> bool:
    """Say whether a case has more ways than HiGHS is good for."""
    return (arcs or arcs_of(case)).count * case.chance.size > SMALL


def is_large(case: SitingCase, arcs: Arcs, limits: Limits, aim: str) -> bool:
    """Say whether a search is too large for HiGHS, and of the kind that prices and plans can answer.

    Fewest zones may be asked for: more people are sheltered by more zones, and a plan with fewer is refused.
    """
    several = case.periods > 1
    plain = limits.least_use == 0.0
    if several:
        plain = plain and limits.budget_usd == np.inf and even(case)
    return (
        many_ways(case, arcs)
        and aim in aims_of(case, limits)
        and set(limits.at_most) <= set(held_of(case))
        and plain
    )


def aims_of(case: SitingCase, limits: Limits) -> tuple[str, ...]:
    """List what can be made least in a large case; prices of areas and of scenarios do not go together."""
    return STAGED_AIMS if case.periods > 1 or "worst_area" in limits.at_most else AIMS


def held_of(case: SitingCase) -> tuple[str, ...]:
    """List what can be held below a limit in a large case."""
    return STAGED_HELD if case.periods > 1 else HELD


def network_of(
    case: SitingCase, arcs: Arcs, limits: Limits, aim: str, prices: Floats | None = None
) -> SitingNetwork:
    """Write a case as a siting network.

    Parameters
    ----------
    prices
        float64 (settlement,), what a person left out there counts beside the aim.
    """
    _, groups, settlements = case.people.shape
    sites, stages, periods = len(case.sites), stages_of(case), case.periods
    cost, penalty = _amounts(case, arcs, aim)
    penalty = penalty if prices is None else penalty + prices
    budget = min(limits.budget_usd, limits.at_most.get("cost", np.inf))
    return arrange(
        [f"{number:09}" for number in range(groups * settlements)],
        stages.people,
        # a value of the case is the mean over its periods
        np.tile(penalty, groups) / periods,
        Sites(
            ids=[f"{number:09}" for number in range(sites)],
            capacity=_capacity(case, stages.capacity, limits),
            opening=stages.opening,
            each=np.tile(case.each_usd[:, None] / periods, (1, stages.capacity.shape[1])),
            lead=np.tile(stages.lead[:, None], (1, stages.capacity.shape[1])),
        ),
        Ways(settlement=arcs.group * settlements + arcs.settlement, site=arcs.site, cost=cost / periods),
        limits=NetworkLimits(
            most_zones=limits.most_zones,
            budget=np.array(limits.budgets_usd) if limits.budgets_usd else budget,
            apart=pairs_apart(case.apart_km, closest=limits.nearest_km, farthest=limits.farthest_km),
            allowed=np.tile(case.allowed[:, None], (1, periods)),
            usable=stages.usable,
        ),
        worth=Worth(
            money_weight=0.0, tail_weight=1.0 if aim == "tail" else 0.0, tail_share=limits.tail_share
        ),
        chance=stages.chance,
    )


def _amounts(case: SitingCase, arcs: Arcs, aim: str) -> tuple[Floats, Floats]:
    """Cost of each way, and of a person unserved in each settlement."""
    if aim == "exposure":
        met = case.way_events[arcs.settlement, arcs.site] + case.events_site[arcs.site]
        return met, case.events_home
    km = case.km[arcs.settlement, arcs.site]
    near = NEARER * km / max(float(km.max(initial=0.0)), 1e-9)
    return near, np.full(case.people.shape[2], 0.0 if aim == "worst_area" else 1.0)


def _capacity(case: SitingCase, capacity: Ints, limits: Limits) -> Ints:
    """Room of each size; the highest burden of hosts is room too, where the hosts are known."""
    burden = limits.at_most.get("burden")
    if burden is None:
        return capacity
    most = np.where(case.hosts > 0, np.floor(burden * case.hosts + 1e-9), np.iinfo(np.int64).max / 4)
    return np.minimum(capacity, most.astype(np.int64)[:, None])


def read_back(case: SitingCase, network: SitingNetwork, found: ZoneAnswer) -> tuple[Ints, Floats, Arcs]:
    """Read a plan of the network as one of the case: sizes (site,), people (scenario, arc), and the arcs."""
    settlements = case.people.shape[2]
    site = np.repeat(np.arange(len(network.site_ids)), np.diff(network.starts))
    arcs = Arcs(group=network.reach // settlements, settlement=network.reach % settlements, site=site)
    size = once_open(found.plan.sizes)
    return size, people_by_row(case, found.plan.people, size, site), arcs


def bound_of(case: SitingCase, found: ZoneAnswer, value: float, aim: str) -> tuple[float, float]:
    """Bound and gap of the aim alone, without what nearness counts."""
    beside = 0.0 if aim == "exposure" else NEARER * float(case.people.sum(axis=(1, 2)).max(initial=0))
    bound = min(value, max(0.0, found.certificate.bound - beside))
    return bound, gap_between(value, bound)
