"""What a search for zones is asked, and the numbers it assumes where no table of ours gives one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from asylia.model.case import Case
from asylia.need.profiles import requirements_of
from asylia.need.standards import by_id
from asylia.siting.candidates import Keep
from asylia.siting.room import RoomStandards

SPEED_KMH: Final[Mapping[str, float]] = {
    "road": 20.0,
    "track": 8.0,
    "crossing": 3.0,
    "air": 200.0,
    "sea": 10.0,
}
"""How fast people get on by mode, checkpoints and all; assumed."""
LEAD_DAYS: Final = 90
"""From a decision to the first day; the plans a person wrote for the shipped case assume the same."""
GUEST_SHARE: Final = 0.25
"""Guests for each resident at most; assumed, near the share Lebanon reached in 2016."""
MOST_SETTLEMENTS: Final = 5
"""Settlements of the largest size side by side in one zone; assumed."""
HARD_SHARE: Final = 0.15
"""Share of people for whom travel is hard (illness, disability, age); assumed, as WHO's share of disability."""
LARGEST: Final = "SIT-12"
BORDER: Final = "SIT-11"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People who travel alike.

    Parameters
    ----------
    share
        Of all people to shelter.
    limit_km
        Farthest they travel.
    """

    name: str
    share: float
    limit_km: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """What a search is asked, besides the limits of `model.siting_case.Limits`.

    Parameters
    ----------
    places
        Whether towns, sites, camps and crossings of the case are candidates.
    grid_degrees
        Step of a grid of candidates; 0 for none.
    polygons
        Candidates of the user's: id, polygon, and what is said of it.
    hazards
        Areas by kind: flood, mines, military.
    consents
        What a party is taken to say, and until when, in place of what the case records.
    terms_of
        Plan whose terms and protection the proposals take over; empty for none.
    withdraws
        Parties whose withdrawal is tried in scenarios of their own, as likely as their staying.
    periods
        Parts of equal length the time is cut into, each with people of its own; a zone opens at the start of one.
    lead_days
        Days from a decision to the first day of a zone; `LEAD_DAYS` if `None`.
    lead_of
        The same for single candidates, by id; used with more than one period.
    """

    members: int = 20
    seed: int = 1
    keep: Keep = field(default_factory=Keep)
    places: bool = True
    grid_degrees: float = 0.0
    polygons: tuple[tuple[str, Any, Mapping[str, object]], ...] = ()
    hazards: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    consents: Mapping[str, tuple[str, dt.date | None]] = field(default_factory=dict)
    terms_of: str = ""
    withdraws: tuple[str, ...] = ()
    periods: int = 1
    lead_days: int | None = None
    lead_of: Mapping[str, int] = field(default_factory=dict)
    reach_km: float = 150.0
    hard_reach_km: float = 50.0

    @property
    def groups(self) -> tuple[Group, ...]:
        """Groups of people by how far they travel."""
        return (
            Group(name="most people", share=1.0 - HARD_SHARE, limit_km=self.reach_km),
            Group(name="people for whom travel is hard", share=HARD_SHARE, limit_km=self.hard_reach_km),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """US dollars, low and high: setting up room for a person, and a person-year of relief."""

    set_up: tuple[float, float]
    year: tuple[float, float]
    sources: str

    @property
    def set_up_middle(self) -> float:
        """Half way on the scale of the logarithm."""
        return float((self.set_up[0] * self.set_up[1]) ** 0.5)

    @property
    def year_middle(self) -> float:
        """Half way on the scale of the logarithm."""
        return float((self.year[0] * self.year[1]) ** 0.5)


def prices() -> Prices:
    """Return what room and relief cost: a tent a family, and from a country's response plan to a large camp's running cost."""
    tent, family = by_id()["CST-10"], by_id()["SIT-13"].value
    low, high = tent.low or tent.value, tent.high or tent.value
    return Prices(
        set_up=(low / family, high / family),
        year=(by_id()["CST-02"].value, by_id()["CST-04"].value),
        sources="Set-up: CST-10 over a family of SIT-13. Running: CST-02 to CST-04.",
    )


def room_standards(case: Case) -> RoomStandards:
    """Take the standards that limit room from the case's profile; the largest settlement is the published one."""
    needs = {need.measure.id: need for need in requirements_of(case)}
    ground, water, largest = needs["ground"], needs["water"], by_id()[LARGEST]
    return RoomStandards(
        ground_m2=ground.each,
        water_litres=water.each,
        most_in_settlement=int(largest.value),
        most_settlements=MOST_SETTLEMENTS,
        guest_share=GUEST_SHARE,
        labels={
            "ground": f"{ground.each:g} m2 of ground a person ({ground.standard.id})",
            "water": f"{water.each:g} litres of water a person and day ({water.standard.id})",
            "settlement": f"{MOST_SETTLEMENTS} settlements of {largest.value:,.0f} people ({LARGEST})",
            "hosts": f"1 guest for {1 / GUEST_SHARE:g} residents (assumed)",
        },
    )
