"""Where zones could go in a case: candidates, what is asked of a search, and the plans it finds.

No candidate is called good or protected: what speaks against it is named, and what nobody knows is named too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from asylia.model.siting import Certificate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

Agreed = Literal["accepts", "refuses", "unknown"]

REASONS: Final[Mapping[str, str]] = {
    "front": "near recent fighting",
    "control": "no one party holds it",
    "consent": "the party in control refuses",
    "expiry": "consent ends before the zone would",
    "border": "near a border",
    "flood": "on land that floods",
    "mines": "on mined land",
    "military": "near a military object",
    "road": "no open way leads there",
    "room": "no standard leaves room for anybody",
}
"""Why a candidate is left out, by name."""

OBJECTIVES: Final[Mapping[str, tuple[str, str]]] = {
    "unserved": ("People left without shelter", "people"),
    "travel": ("Way to shelter, all people together", "person-km"),
    "exposure": ("People times lethal events in the district they are in", "person-events"),
    "cost": ("Cost", "USD"),
    "burden": ("Guests for each resident where it is highest", "ratio"),
    "worst_area": ("Share left without shelter in the area worst off", "share"),
    "tail": ("People left without shelter in the worst scenarios", "people"),
}
"""What plans are compared by: name and unit. They are never added up; less is better in each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A position where a zone could be asked for.

    Parameters
    ----------
    place
        Place of the case through which people reach it.
    kind
        town, site, camp, crossing, grid or polygon.
    km_to_place
        Way from that place, km.
    area_km2, water_litres_per_day, host_population
        `None` where nobody knows.
    controller
        Id of the actor that holds it; empty where nobody knows.
    km_to_fighting, km_to_border
        Straight, km; `None` where nobody knows, infinite where there is none.
    events_a_week
        Lethal events a week in its district lately.
    consent, consent_until
        What the controller is on record with, and the last day it holds (`None`: no end is stated).
    excluded
        Names out of `REASONS`; empty for a candidate that may be asked about.
    unknown
        What nobody could check, in the same words.
    outline
        Ring of (longitude, latitude) of a polygon.
    """

    id: str
    name: str
    place: str
    area: str
    lat: float
    lon: float
    kind: str
    km_to_place: float = 0.0
    area_km2: float | None = None
    water_litres_per_day: float | None = None
    host_population: int | None = None
    controller: str = ""
    km_to_fighting: float | None = None
    events_a_week: float = 0.0
    km_to_border: float | None = None
    consent: Agreed = "unknown"
    consent_until: dt.date | None = None
    excluded: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    outline: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many people a site can take by each standard, and which one binds."""

    people: int
    binding: str
    by_standard: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingCase:
    """A search as arrays.

    Parameters
    ----------
    people
        int64 (scenario, group, settlement): people to shelter.
    chance
        float64 (scenario,), sums to 1.
    area_of
        int64 (settlement,): number of the area each lies in.
    km
        float64 (settlement, site), infinite where no way is open.
    limit_km
        float64 (group,): farthest a group travels.
    way_events
        float64 (settlement, site): lethal events met on the way, a person.
    events_home, events_site
        float64 (settlement,), (site,): lethal events in the district over the time looked at, a person.
    capacity, opening
        int64 and float64 (site, size): most people, and US dollars to set it up. A size of 0 people is not offered.
    each_usd
        float64 (site,): US dollars a person over the time looked at.
    hosts
        float64 (site,): people who live there; 0 where nobody knows, which then counts for nothing.
    allowed
        bool (site,): consent and everything else that is never soft.
    usable
        bool (scenario, site): false where consent is withdrawn in a scenario: the zone then shelters nobody.
    apart_km
        float64 (site, site), straight.
    period_of
        int64 (scenario,): the period whose people a scenario holds; left out if there is one period.
    opens
        int64 (size,): the period from which a size takes people, as the same size opened sooner or later is a size
        of its own; left out if there is one period.
    paid
        int64 (site, size): the period in which setting it up is paid.
    """

    settlements: tuple[str, ...]
    sites: tuple[str, ...]
    groups: tuple[str, ...]
    areas: tuple[str, ...]
    people: Ints
    chance: Floats
    area_of: Ints
    km: Floats
    limit_km: Floats
    way_events: Floats
    events_home: Floats
    events_site: Floats
    capacity: Ints
    opening: Floats
    each_usd: Floats
    hosts: Floats
    allowed: Flags
    usable: Flags
    apart_km: Floats
    period_of: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    opens: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    paid: Ints = field(default_factory=lambda: np.empty((0, 0), dtype=np.int64))

    @property
    def periods(self) -> int:
        """How many periods there are."""
        return int(self.period_of.max()) + 1 if self.opens.size else 1

    @property
    def works(self) -> Flags:
        """Whether a size takes people in a scenario, bool (scenario, size)."""
        if not self.opens.size:
            return np.ones((self.chance.size, self.capacity.shape[1]), dtype=np.bool_)
        early: Flags = self.opens[None, :] <= self.period_of[:, None]
        return early


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a plan must keep to.

    Parameters
    ----------
    fewest_zones, most_zones
        Zones in a plan.
    budget_usd
        Set-up, and the mean over scenarios of what people cost.
    budgets_usd
        The same for each period, where there are several: what a period leaves over is not carried on. Empty for none.
    nearest_km, farthest_km
        Least and most distance between two zones.
    least_use
        Least share of a zone's room that is used, mean over scenarios.
    tail_share
        Share of scenarios that counts as the worst for `tail`.
    at_most
        Upper limits on objectives, by name.
    """

    fewest_zones: int = 0
    most_zones: int = 1
    budget_usd: float = float("inf")
    budgets_usd: tuple[float, ...] = ()
    nearest_km: float = 0.0
    farthest_km: float = float("inf")
    least_use: float = 0.0
    tail_share: float = 0.2
    at_most: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingPlan:
    """One plan of the search.

    Parameters
    ----------
    aim
        Objective that was made least, the others being held below `limits.at_most`.
    size
        int64 (site,), size chosen, -1 where closed.
    occupancy
        float64 (scenario, site): people planned in each zone.
    values
        Every objective, counted from the plan.
    certificate
        Value and bound of `aim`.
    binding
        Which limits are used up, in words.
    left
        float64 (area,): share left without shelter in each area, mean over scenarios.
    """

    aim: str
    limits: Limits
    size: Ints
    occupancy: Floats
    values: Mapping[str, float]
    certificate: Certificate
    binding: tuple[str, ...] = ()
    left: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def open_sites(self) -> tuple[int, ...]:
        """Sites in the plan, ascending."""
        return tuple(int(site) for site in np.flatnonzero(self.size >= 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a party's consent would be worth in people sheltered, mean over scenarios.

    Parameters
    ----------
    party
        Id of the party, empty where nobody knows who holds the site.
    site
        Candidate id; empty for all sites of the party together.
    consent
        What the party is on record with.
    gained_low, gained_high
        More people sheltered if it agreed, beside what is agreed on record; lower and upper by the bounds of the search.
    lost_low, lost_high
        Fewer people sheltered if it refused, where everybody else who has not refused agreed.
    """

    party: str
    site: str
    name: str
    consent: Agreed
    gained_low: float
    gained_high: float
    lost_low: float
    lost_high: float
