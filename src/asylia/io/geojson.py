"""Read boundaries.geojson: polygons for maps, bounded and with real coordinates."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

import shapely
from shapely.geometry import shape

from asylia.core.errors import CaseError, Problem
from asylia.io.door import CONTROL, exists, fail, read_text
from asylia.io.limits import FEATURES, MAP_BYTES

FILE: Final = "boundaries.geojson"
KINDS: Final = ("admin1", "country")


def read_boundaries(folder: Path) -> tuple[Mapping[str, object], list[Problem]]:
    """Read the boundaries of a case; empty if there are none or they cannot be used."""
    if not exists(folder, FILE):
        return {}, []
    try:
        data = _parse(read_text(folder, FILE, most=MAP_BYTES, longest_line=MAP_BYTES))
    except CaseError as error:
        return {}, list(error.problems)
    problems = [problem for n, feature in enumerate(data["features"], 1) for problem in _check(n, feature)]
    return ({}, problems) if problems else (data, [])


def _parse(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        mend = "Export it again from the map program."
        raise fail(FILE, f"is JSON ({error.msg})", mend, row=error.lineno) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise fail(FILE, "numbers have at most some hundred digits", "Export it again.") from error
    except RecursionError as error:
        raise fail(FILE, "brackets are nested a few levels deep", "Export it again.") from error
    is_collection = isinstance(data, dict) and data.get("type") == "FeatureCollection"
    if not is_collection or not isinstance(data.get("features"), list):
        raise fail(FILE, "is a GeoJSON FeatureCollection", "Export polygons with their properties.")
    if len(data["features"]) > FEATURES:
        raise fail(FILE, f"has at most {FEATURES:,} features", "Leave out what the map does not need.")
    return dict(data)


def _no_constant(word: str) -> NoReturn:
    raise fail(FILE, "numbers are finite", "Export it again without empty positions.", value=word)


def _check(number: int, feature: Any) -> Iterator[Problem]:
    inside: Mapping[str, Any] = feature if isinstance(feature, Mapping) else {}
    properties, geometry = inside.get("properties"), inside.get("geometry")
    if not isinstance(properties, Mapping) or not isinstance(geometry, Mapping):
        yield _problem(number, "", "a feature has properties and a geometry", "Export polygons alone.")
        return
    yield from _check_properties(number, properties)
    said = fault(geometry)
    if said:
        mend = "Repair the polygon in a map program; degrees are WGS 84, longitude first."
        yield _problem(number, "geometry", said, mend)


def _check_properties(number: int, properties: Mapping[str, Any]) -> Iterator[Problem]:
    kind, name = properties.get("kind"), properties.get("name")
    if kind not in KINDS:
        yield _problem(number, "kind", f"is one of {', '.join(KINDS)}", "Set the property.", str(kind))
    if not isinstance(name, str) or not name.strip():
        yield _problem(number, "name", "is not blank", "Set the property.")
    for key, value in properties.items():
        if isinstance(value, dict | list) or CONTROL.search(f"{key}{value}"):
            yield _problem(number, str(key), "is plain text or a number", "Take the property out.")


def fault(geometry: Mapping[str, Any]) -> str:
    """Say what is wrong with a polygon; empty if nothing."""
    if geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return "a boundary is a Polygon or MultiPolygon"
    coordinates = geometry.get("coordinates")
    polygons = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    if not isinstance(polygons, list) or not polygons:
        return "a polygon has coordinates"
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon or not all(_is_ring(ring) for ring in polygon):
            return "a ring has four positions or more, in degrees, and ends where it starts"
    form = shape(dict(geometry))
    return "" if form.is_valid else f"the polygon is valid ({shapely.is_valid_reason(form)})"


def _is_ring(ring: Any) -> bool:
    return (
        isinstance(ring, list)
        and len(ring) >= 4
        and all(_is_position(p) for p in ring)
        and ring[0] == ring[-1]
    )


def _is_position(position: Any) -> bool:
    if not isinstance(position, list) or len(position) not in (2, 3):
        return False
    if any(isinstance(part, bool) or not isinstance(part, int | float) for part in position):
        return False
    lon, lat = position[0], position[1]
    return -180 <= lon <= 180 and -90 <= lat <= 90 and math.isfinite(lon) and math.isfinite(lat)


def _problem(number: int, column: str, must: str, mend: str, value: str = "") -> Problem:
    where = f"features.{number}" + (f".{column}" if column else "")
    return Problem(file=FILE, column=where, must=must, mend=mend, value=value)
