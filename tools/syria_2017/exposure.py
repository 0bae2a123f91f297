"""Share of a district's people who live near a lethal event, from event and settlement positions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from events import AS_OF, Event
from geography import great_circle_km
from geonames import Town

RADII_KM = (1, 2, 5)
PEOPLE_PER_KM2 = 10_000
"""Built-up density of Syrian towns, assumed: a town of 100,000 is a disc of 1.8 km radius."""
LISTED_SHARE = 0.6
"""Share of a district's people who live in the listed towns, assumed near the urban share of 2011."""
FEWEST_EVENTS = 10
"""Districts with fewer exactly placed events say too little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Shares of people within one radius of an event: 5th and 95th percentile over districts, and the mean."""

    radius_km: int
    low: float
    high: float
    mean: float
    districts: int


def near_events(
    placed: Sequence[tuple[Event, str]],
    settlements: Mapping[str, Sequence[Town]],
    areas_km2: Mapping[str, float],
) -> list[Near]:
    """Average over the exactly placed events of each district, then look across districts.

    Only events up to the as-of date with the source's best precision of place are used. Towns are discs of
    even density; the rest of the people are spread evenly over the district.
    """
    by_place: dict[str, list[Event]] = {}
    for event, place in placed:
        if event.precision == 1 and event.start <= AS_OF:
            by_place.setdefault(place, []).append(event)
    kept = {place: found for place, found in by_place.items() if len(found) >= FEWEST_EVENTS}
    return [_near(radius, kept, settlements, areas_km2) for radius in RADII_KM]


def _near(
    radius: int,
    events: Mapping[str, Sequence[Event]],
    settlements: Mapping[str, Sequence[Town]],
    areas_km2: Mapping[str, float],
) -> Near:
    shares = {
        place: sum(_share(event, settlements[place], areas_km2[place], radius) for event in found)
        / len(found)
        for place, found in events.items()
    }
    people = {place: sum(town.population for town in settlements[place]) for place in shares}
    mean = sum(shares[place] * people[place] for place in shares) / sum(people.values())
    return Near(
        radius_km=radius,
        low=_percentile(list(shares.values()), 0.05),
        high=_percentile(list(shares.values()), 0.95),
        mean=mean,
        districts=len(shares),
    )


def _share(event: Event, towns: Sequence[Town], area_km2: float, radius: float) -> float:
    total = sum(town.population for town in towns)
    listed = sum(
        town.population
        * overlap(
            radius,
            math.sqrt(town.population / PEOPLE_PER_KM2 / math.pi),
            great_circle_km(event.lat, event.lon, town.lat, town.lon),
        )
        for town in towns
    )
    spread = min(math.pi * radius**2 / area_km2, 1.0)
    return LISTED_SHARE * listed / total + (1 - LISTED_SHARE) * spread


def overlap(radius: float, town: float, apart: float) -> float:
    """Return the share of a town's disc that lies within a radius of a point; all in km.

    >>> overlap(1.0, 1.0, 0.0), overlap(1.0, 1.0, 2.5), overlap(1.0, 2.0, 0.0)
    (1.0, 0.0, 0.25)
    """
    if apart >= radius + town:
        return 0.0
    if apart <= abs(radius - town):
        return min(1.0, (radius / town) ** 2)
    first = math.acos((apart**2 + radius**2 - town**2) / (2 * apart * radius))
    second = math.acos((apart**2 + town**2 - radius**2) / (2 * apart * town))
    kite = radius * apart * math.sin(first)
    return (radius**2 * first + town**2 * second - kite) / (math.pi * town**2)


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
