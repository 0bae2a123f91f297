"""A case too large for HiGHS as a siting network, searched with prices and plans, and read back as a plan of the case.

Groups of a settlement become settlements of their own, as they reach different sites. What is measured by a largest ratio
(the area worst off, say) is no sum over people and stays with HiGHS.
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

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SMALL: Final = 10_000
"""Ways, times scenarios, up to which HiGHS is faster (siting note, section 4.3)."""
AIMS: Final = ("unserved", "exposure", "tail")
"""What can be made least as a sum over people."""
HELD: Final = ("cost", "burden")
"""What can be held below a limit: as a budget, and as room at each site."""
NEARER: Final = 1e-5
"""What the longest way counts beside a person unserved: of two plans that shelter as many, the nearer."""


def many_ways(case: SitingCase, arcs: Arcs | None = None) -> bool:
    """Say whether a case has more ways than HiGHS is good for."""
    return (arcs or arcs_of(case)).count * case.chance.size > SMALL


def is_large(case: SitingCase, arcs: Arcs, limits: Limits, aim: str) -> bool:
    """Say whether a search is too large for HiGHS, and of the kind that prices and plans can answer.

    Fewest zones may be asked for: more people are sheltered by more zones, and a plan with fewer is refused.
    """
    plain = limits.least_use == 0.0
    return many_ways(case, arcs) and aim in AIMS and set(limits.at_most) <= set(HELD) and plain


def network_of(case: SitingCase, arcs: Arcs, limits: Limits, aim: str) -> SitingNetwork:
    """Write a case as a siting network of one period."""
    scenarios, groups, settlements = case.people.shape
    sites = len(case.sites)
    cost, penalty = _amounts(case, arcs, aim)
    budget = min(limits.budget_usd, limits.at_most.get("cost", np.inf))
    return arrange(
        [f"{number:09}" for number in range(groups * settlements)],
        case.people.reshape(scenarios, 1, groups * settlements),
        np.tile(penalty, groups),
        Sites(
            ids=[f"{number:09}" for number in range(sites)],
            capacity=_capacity(case, limits),
            opening=case.opening,
            each=np.tile(case.each_usd[:, None], (1, case.capacity.shape[1])),
        ),
        Ways(settlement=arcs.group * settlements + arcs.settlement, site=arcs.site, cost=cost),
        limits=NetworkLimits(
            most_zones=limits.most_zones,
            budget=budget,
            apart=pairs_apart(case.apart_km, closest=limits.nearest_km, farthest=limits.farthest_km),
            allowed=case.allowed[:, None],
            usable=case.usable[:, :, None],
        ),
        worth=Worth(
            money_weight=0.0, tail_weight=1.0 if aim == "tail" else 0.0, tail_share=limits.tail_share
        ),
        chance=case.chance,
    )


def _amounts(case: SitingCase, arcs: Arcs, aim: str) -> tuple[Floats, Floats]:
    """Cost of each way, and of a person unserved in each settlement."""
    if aim == "exposure":
        met = case.way_events[arcs.settlement, arcs.site] + case.events_site[arcs.site]
        return met, case.events_home
    km = case.km[arcs.settlement, arcs.site]
    return NEARER * km / max(float(km.max(initial=0.0)), 1e-9), np.ones(case.people.shape[2])


def _capacity(case: SitingCase, limits: Limits) -> Ints:
    """Room of each size; the highest burden of hosts is room too, where the hosts are known."""
    burden = limits.at_most.get("burden")
    if burden is None:
        return case.capacity
    most = np.where(case.hosts > 0, np.floor(burden * case.hosts + 1e-9), np.iinfo(np.int64).max / 4)
    return np.minimum(case.capacity, most.astype(np.int64)[:, None])


def read_back(case: SitingCase, network: SitingNetwork, found: ZoneAnswer) -> tuple[Ints, Floats, Arcs]:
    """Read a plan of the network as one of the case: sizes (site,), people (scenario, arc), and the arcs."""
    settlements = case.people.shape[2]
    site = np.repeat(np.arange(len(network.site_ids)), np.diff(network.starts))
    arcs = Arcs(group=network.reach // settlements, settlement=network.reach % settlements, site=site)
    return found.plan.sizes[:, 0], found.plan.people[:, 0, :].astype(np.float64), arcs


def bound_of(case: SitingCase, found: ZoneAnswer, value: float, aim: str) -> tuple[float, float]:
    """Bound and gap of the aim alone, without what nearness counts."""
    beside = 0.0 if aim == "exposure" else NEARER * float(case.people.sum(axis=(1, 2)).max(initial=0))
    bound = min(value, max(0.0, found.certificate.bound - beside))
    return bound, gap_between(value, bound)
