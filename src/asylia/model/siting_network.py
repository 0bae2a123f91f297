"""Where zones could go, how big and when: many settlements, sites, periods and scenarios as arrays.

Everybody is counted: who finds no room is unserved, at a penalty, so that there is always a plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asylia.model.siting import Certificate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

CLOSED = -1
"""Size of a site that is closed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingNetwork:
    """Settlements, sites in reach of them and what zones there would cost; made by `siting.instance.arrange`.

    An arc is a settlement and a site in reach. Arcs are ascending by site, then settlement. A money figure is what
    is paid; only `money_weight` of it counts in the value of a plan. The value is, in the unit of `cost`, what people
    travel, plus the penalty of the unserved, plus the weighted money.

    Parameters
    ----------
    settlement_ids, site_ids
        Names, ascending.
    people
        int64 (scenario, period, settlement).
    chance
        float64 (scenario,), sums to 1.
    penalty
        float64 (settlement,): for each person unserved in a period.
    starts, reach, cost
        int64 (site + 1,), int64 (arc,), float64 (arc,): settlement and cost per person of each arc.
    capacity, least
        int64 (site, size): most and fewest people in an open zone; a size with capacity 0 is not offered.
    opening, running, each
        float64 (site, size): money to open, to run for one period, and for each person in one period.
    lead
        int64 (site, size): periods from paying to open until people may come.
    allowed
        bool (site, period): whether a zone may be open there at all (consent, front, floods); never soft.
    usable
        bool (scenario, site, period): false where consent is withdrawn in a scenario; an open zone shelters nobody.
    budget
        float64 (period,): most money, people counted in the mean over scenarios; infinite for no limit.
    most_zones
        Most sites that are ever open.
    apart
        int64 (pair, 2): sites that must not both be in a plan (too near, or too far from each other).
    money_weight
        What one of money counts in the value.
    tail_weight, tail_share
        The value counts `1 - tail_weight` times the mean over scenarios and `tail_weight` times the mean of
        the worst `tail_share` of scenarios.
    """

    settlement_ids: tuple[str, ...]
    site_ids: tuple[str, ...]
    people: Ints
    chance: Floats
    penalty: Floats
    starts: Ints
    reach: Ints
    cost: Floats
    capacity: Ints
    least: Ints
    opening: Floats
    running: Floats
    each: Floats
    lead: Ints
    allowed: Flags
    usable: Flags
    budget: Floats
    most_zones: int
    apart: Ints
    money_weight: float = 1.0
    tail_weight: float = 0.0
    tail_share: float = 1.0

    @property
    def shape(self) -> tuple[int, int, int]:
        """Scenarios, periods, settlements."""
        scenarios, periods, settlements = self.people.shape
        return scenarios, periods, settlements


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ZonePlan:
    """Which zone is open when and how big, and who would go where.

    Parameters
    ----------
    sizes
        int64 (site, period), `CLOSED` where closed.
    people
        int64 (scenario, period, arc): whole people.
    """

    sizes: Ints
    people: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ZoneAnswer:
    """A plan, how good it is known to be, and what stands in the way of a better one.

    Parameters
    ----------
    plan, certificate
        The plan and its certificate.
    unserved
        Mean over scenarios of the people without room, summed over periods.
    money
        float64 (period,).
    binding
        Which limits are used up, in words.
    cut_by_time
        Whether time ended the search: another run may then differ.
    """

    plan: ZonePlan
    certificate: Certificate
    unserved: float
    money: Floats
    binding: tuple[str, ...]
    cut_by_time: bool
