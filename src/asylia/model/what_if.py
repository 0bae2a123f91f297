"""What a plan must be tried against, by name: switches without a probability.

A case gives its own in scenarios.toml. Any kind can also be switched on by its name and a date; it then concerns every zone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal[
    "consent_withdrawn",
    "mandate_ends",
    "donor_fails",
    "front_moves",
    "route_cut",
    "zone_shrinks",
    "escalation_incident",
    "escalation_confrontation",
]

KINDS: Final[dict[str, str]] = {
    "consent_withdrawn": "A party able to attack refuses from that day.",
    "mandate_ends": "The force leaves and the zone is closed on that day; everybody inside must go.",
    "donor_fails": "A donor stops paying; what was due from that day does not come.",
    "front_moves": "From that day the places see at least the fighting of the hardest hit place of the case.",
    "route_cut": "All ways to the places are closed from that day: nobody gets in or out, nothing is brought.",
    "zone_shrinks": "By decree a zone holds less from that day; those beyond its new limit must go.",
    "escalation_incident": "Outside powers suspend their understanding: ways to the places are closed for a time.",
    "escalation_confrontation": (
        "Outside powers confront each other: protection and consent are gone, fighting in the country grows, and ways to "
        "the places are closed."
    ),
}
INCIDENT_DAYS: Final = 30
"""Days an incident closes the ways where nobody says how long; assumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """One scenario to switch on.

    Parameters
    ----------
    on, until
        First day; first day on which it is over (`None`: it lasts).
    zones
        Ids of zones concerned; empty for all zones of all plans.
    where
        Ids of further places concerned (for ways and fighting).
    donor
        Who stops paying; empty for every donor.
    leaves_share
        What is left of a zone that shrinks, as a share of what it held.
    times
        How often as many lethal events there are in the country under a confrontation.
    """

    id: str
    title: str
    kind: Kind
    on: dt.date
    until: dt.date | None = None
    zones: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    donor: str = ""
    leaves_share: float = 0.5
    times: float = 1.0
    source: str = ""
    why: str = ""
