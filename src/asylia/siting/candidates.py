"""Candidates for zones from a case, with everything that speaks against each, by name.

Nobody is told that a place is good: an exclusion names what speaks against it, and what could not be checked is listed as
unknown. A candidate without an exclusion is one that may be asked about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from asylia.model.siting_case import Candidate

Floats = NDArray[np.float64]

DETOUR: Final = 1.3
"""Way over straight line, where no road is known; as in the siting note, section 4."""
EARTH_KM: Final = 6371.0
PLACE_KINDS: Final = ("town", "site", "camp", "crossing")
NOBODY_ALONE: Final = ("mixed", "contested")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How far a candidate keeps from what speaks against it. All are choices, with a reason in the plan that is written.

    Parameters
    ----------
    front_km
        From a district with recent fighting.
    fighting_a_week
        Lethal events a week, over the last eight weeks, from which a district counts as one with recent fighting.
    border_km, military_km
        From a border by land, and from military objects.
    """

    front_km: float = 10.0
    fighting_a_week: float = 1.0
    border_km: float = 5.0
    military_km: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surroundings:
    """What is known round the candidates.

    Parameters
    ----------
    fighting
        float64 (district, 2): latitude and longitude of districts with recent fighting.
    abroad
        Land on the other side of borders; `None` where the case has no boundaries.
    hazards
        Areas by kind: flood, mines, military. A kind that is missing is unknown.
    consents
        What each party is on record with, and until when.
    needed_until
        Last day a zone would be needed.
    """

    fighting: Floats
    abroad: BaseGeometry | None
    hazards: Mapping[str, Sequence[BaseGeometry]]
    consents: Mapping[str, tuple[str, dt.date | None]]
    needed_until: dt.date


def of_places(
    rows: Iterable[Mapping[str, object]], country: str, events: Mapping[str, float]
) -> list[Candidate]:
    """Make a candidate of every town, site, camp and crossing inside the country."""
    return [
        Candidate(
            id=str(row["id"]),
            name=str(row["name"]),
            place=str(row["id"]),
            area=str(row["admin1"] or ""),
            lat=float(str(row["lat"])),
            lon=float(str(row["lon"])),
            kind=str(row["kind"]),
            host_population=None if row["population"] is None else int(str(row["population"])),
            controller=str(row["controller"] or ""),
            events_a_week=events.get(str(row["id"]), 0.0),
        )
        for row in rows
        if row["kind"] in PLACE_KINDS and row["country"] == country
    ]


def of_grid(near: Sequence[Candidate], land: BaseGeometry, degrees: float) -> list[Candidate]:
    """Lay a grid over the land; each point takes area and control from the nearest place, which people reach it through.

    Parameters
    ----------
    near
        Candidates made of places.
    degrees
        Step of the grid, more than 0.
    """
    west, south, east, north = land.bounds
    found = []
    for lat in np.arange(np.ceil(south / degrees) * degrees, north, degrees):
        for lon in np.arange(np.ceil(west / degrees) * degrees, east, degrees):
            if land.contains(shapely.Point(lon, lat)):
                name = f"grid-{lat:.2f}-{lon:.2f}".replace(".", "-")
                found.append(_beside(near, name, "", float(lat), float(lon), "grid"))
    return found


def of_polygon(
    near: Sequence[Candidate], name: str, outline: BaseGeometry, told: Mapping[str, object]
) -> Candidate:
    """Make a candidate of a polygon of the user's.

    Parameters
    ----------
    told
        What the user says of it: area_km2, water_litres_per_day, host_population, controller, name.
    """
    middle = outline.representative_point()
    made = _beside(near, name, str(told.get("name") or name), middle.y, middle.x, "polygon")
    parts = [part for part in shapely.get_parts(outline) if isinstance(part, shapely.Polygon)]
    ring = max(parts, key=lambda part: part.area).exterior
    hosts = told.get("host_population")
    return replace(
        made,
        area_km2=_number(told, "area_km2") or area_km2(outline),
        water_litres_per_day=_number(told, "water_litres_per_day"),
        host_population=made.host_population if hosts is None else int(str(hosts)),
        controller=str(told.get("controller") or made.controller),
        outline=tuple((float(x), float(y)) for x, y, *_ in ring.coords),
    )


def judged(candidates: Sequence[Candidate], around: Surroundings, keep: Keep) -> tuple[Candidate, ...]:
    """Name for each candidate what speaks against it and what nobody could check, in the order of the ids."""
    return tuple(_judge(each, around, keep) for each in sorted(candidates, key=lambda c: c.id))


def straight_km(lat: Floats, lon: Floats, other_lat: Floats, other_lon: Floats) -> Floats:
    """Return great-circle distances, float64 (position, other position)."""
    one, two = np.radians(lat)[:, None], np.radians(other_lat)[None, :]
    turn = np.radians(other_lon)[None, :] - np.radians(lon)[:, None]
    half = np.sin((two - one) / 2) ** 2 + np.cos(one) * np.cos(two) * np.sin(turn / 2) ** 2
    km: Floats = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return km


def area_km2(shape: BaseGeometry) -> float:
    """Return the area of a polygon in degrees, on the sphere, true at its middle latitude."""
    per_degree = EARTH_KM * np.pi / 180
    return float(shape.area * per_degree**2 * np.cos(np.radians(shape.centroid.y)))


def km_to_shape(lat: float, lon: float, shape: BaseGeometry) -> float:
    """Return the straight distance to a shape in km, 0 inside it."""
    here = shapely.Point(lon, lat)
    if shape.is_empty:
        return float("inf")
    if shape.contains(here):
        return 0.0
    near = shapely.shortest_line(shape, here).coords[0]
    return float(straight_km(_one(lat), _one(lon), _one(near[1]), _one(near[0]))[0, 0])


def _judge(one: Candidate, around: Surroundings, keep: Keep) -> Candidate:
    spot = _one(one.lat), _one(one.lon)
    fought = straight_km(*spot, around.fighting[:, 0], around.fighting[:, 1])
    to_fighting = float(fought.min()) if fought.size else float("inf")
    to_border = None if around.abroad is None else km_to_shape(one.lat, one.lon, around.abroad)
    said, until = around.consents.get(one.controller, ("unknown", None))
    against = {
        "front": to_fighting < keep.front_km or one.events_a_week >= keep.fighting_a_week,
        "control": one.controller in NOBODY_ALONE,
        "consent": said == "refuses",
        "expiry": said == "accepts" and until is not None and until < around.needed_until,
        "border": None if to_border is None else to_border < keep.border_km,
        "flood": _within(one, around.hazards.get("flood"), 0.0),
        "mines": _within(one, around.hazards.get("mines"), 0.0),
        "military": _within(one, around.hazards.get("military"), keep.military_km),
    }
    silent = said == "unknown" and one.controller not in NOBODY_ALONE
    return replace(
        one,
        km_to_fighting=to_fighting,
        km_to_border=to_border,
        consent="accepts" if said == "accepts" else "refuses" if said == "refuses" else "unknown",
        consent_until=until,
        excluded=tuple(name for name, is_so in against.items() if is_so),
        unknown=(
            *(name for name, is_so in against.items() if is_so is None),
            *(("consent",) if silent else ()),
        ),
    )


def _within(one: Candidate, shapes: Sequence[BaseGeometry] | None, km: float) -> bool | None:
    """Say whether a candidate lies in or near one of the shapes; `None` where nobody said where they are."""
    if shapes is None:
        return None
    near = (km_to_shape(one.lat, one.lon, shape) for shape in shapes)
    return any(far <= km for far in near)


def _beside(near: Sequence[Candidate], name: str, title: str, lat: float, lon: float, kind: str) -> Candidate:
    others = np.array([(each.lat, each.lon) for each in near]).reshape(-1, 2)
    km = straight_km(_one(lat), _one(lon), others[:, 0], others[:, 1])[0]
    place = near[int(np.argmin(km))]
    return replace(
        place,
        id=name,
        name=title or f"{km.min():.0f} km from {place.name}",
        lat=lat,
        lon=lon,
        kind=kind,
        km_to_place=float(km.min()) * DETOUR,
    )


def _number(told: Mapping[str, object], name: str) -> float | None:
    return None if told.get(name) is None else float(str(told[name]))


def _one(value: float) -> Floats:
    return np.array([value])
