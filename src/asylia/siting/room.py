"""How many people a site can take: the least of the named standards, and which one it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from asylia.model.siting_case import Candidate, Room


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomStandards:
    """The standards that limit how many people a site can take, as plain numbers.

    Parameters
    ----------
    ground_m2, water_litres
        A person; water is a day.
    most_in_settlement
        People in one settlement; a zone may be several side by side.
    most_settlements
        Settlements side by side in one zone.
    guest_share
        Guests for each resident at most.
    labels
        Name and standard of each, by `ground`, `water`, `settlement`, `hosts`.
    """

    ground_m2: float
    water_litres: float
    most_in_settlement: int
    most_settlements: int
    guest_share: float
    labels: Mapping[str, str]


def room_of(site: Candidate, standards: RoomStandards) -> Room:
    """Take the least of the standards that can be worked out; what is unknown limits nothing, and is listed as unknown.

    >>> named = {"ground": "ground", "water": "water", "settlement": "settlement size", "hosts": "hosts"}
    >>> use = RoomStandards(ground_m2=45, water_litres=15, most_in_settlement=20_000, most_settlements=5,
    ...                     guest_share=0.25, labels=named)
    >>> spot = Candidate(id="a", name="A", place="a", area="", lat=0, lon=0, kind="town", host_population=60_000)
    >>> room_of(spot, use).people, room_of(spot, use).binding
    (15000, 'hosts')
    """
    found = {"settlement": standards.most_in_settlement * standards.most_settlements}
    if site.area_km2 is not None:
        found["ground"] = int(site.area_km2 * 1e6 / standards.ground_m2 + 1e-9)
    if site.water_litres_per_day is not None:
        found["water"] = int(site.water_litres_per_day / standards.water_litres + 1e-9)
    if site.host_population is not None:
        found["hosts"] = int(site.host_population * standards.guest_share + 1e-9)
    least = min(found, key=lambda name: (found[name], name))
    by_standard = {standards.labels[name]: people for name, people in found.items()}
    return Room(people=found[least], binding=standards.labels[least], by_standard=by_standard)


def unchecked(site: Candidate) -> tuple[str, ...]:
    """List the standards that could not be worked out for want of a figure."""
    told = {
        "ground": site.area_km2,
        "water": site.water_litres_per_day,
        "hosts": site.host_population,
    }
    return tuple(name for name, value in told.items() if value is None)


def sizes_of(room: Room, settlement: int) -> tuple[int, ...]:
    """Offer a quarter of a settlement, twice that and so on, up to all the room there is.

    >>> sizes_of(Room(people=45_000, binding="hosts"), 20_000)
    (5000, 10000, 20000, 40000, 45000)
    """
    sizes, size = {room.people}, max(settlement // 4, 1)
    while size < room.people:
        sizes.add(size)
        size *= 2
    return tuple(sorted(size for size in sizes if size > 0))
