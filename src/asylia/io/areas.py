"""Read polygons of the user's: candidates for zones, and areas that speak against them.

A GeoJSON FeatureCollection of polygons in degrees. A feature has the property `kind`: candidate (also where it is missing),
flood, mines or military. A candidate may say `id`, `name`, `area_km2`, `water_litres_per_day`, `host_population` and
`controller`; what it leaves out is unknown.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from asylia.core.errors import CaseError, Problem
from asylia.core.tables import ID
from asylia.io.geojson import fault
from asylia.io.limits import FEATURES, MAP_BYTES

CANDIDATE: Final = "candidate"
HAZARDS: Final = ("flood", "mines", "military")
NUMBERS: Final = ("area_km2", "water_litres_per_day", "host_population")

Candidates = tuple[tuple[str, BaseGeometry, Mapping[str, object]], ...]
Hazards = Mapping[str, tuple[BaseGeometry, ...]]


def read_areas(path: Path) -> tuple[Candidates, Hazards]:
    """Read candidates and hazards; raises `CaseError` with every problem.

    Returns
    -------
    Candidates as id, polygon and properties; hazards by kind, only kinds that are in the file.
    """
    features = _features(path)
    problems = [
        problem for number, one in enumerate(features, 1) for problem in _check(path.name, number, one)
    ]
    if not problems:
        names = [_name(number, one) for number, one in enumerate(features, 1) if _kind(one) == CANDIDATE]
        problems = [
            Problem(
                file=path.name, column="id", value=name, must="is given once", mend="Give each its own id."
            )
            for name in sorted({name for name in names if names.count(name) > 1})
        ]
    if problems:
        raise CaseError(problems)
    candidates = tuple(
        (_name(number, one), shape(one["geometry"]), one.get("properties") or {})
        for number, one in enumerate(features, 1)
        if _kind(one) == CANDIDATE
    )
    kinds = [kind for kind in HAZARDS if any(_kind(one) == kind for one in features)]
    return candidates, {
        kind: tuple(shape(one["geometry"]) for one in features if _kind(one) == kind) for kind in kinds
    }


def _features(path: Path) -> list[dict[str, Any]]:
    must, mend = (
        "is a GeoJSON FeatureCollection of polygons",
        "Export it from a map program, in degrees (WGS 84).",
    )
    try:
        is_small = path.stat().st_size <= MAP_BYTES
        data = json.loads(path.read_text(encoding="utf-8")) if is_small else None
    except (OSError, ValueError, RecursionError):
        data = None
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or not 0 < len(features) <= FEATURES:
        raise CaseError([Problem(file=str(path), must=must, mend=mend)])
    return [one if isinstance(one, dict) else {} for one in features]


def _kind(feature: Mapping[str, Any]) -> str:
    told = feature.get("properties")
    return str(told.get("kind") or CANDIDATE) if isinstance(told, Mapping) else CANDIDATE


def _name(number: int, feature: Mapping[str, Any]) -> str:
    told = feature.get("properties") or {}
    return str(told.get("id") or f"area-{number}")


def _check(file: str, number: int, feature: Mapping[str, Any]) -> Iterator[Problem]:
    where = f"features.{number}"
    told, form = feature.get("properties"), feature.get("geometry")
    if not isinstance(form, Mapping) or not (told is None or isinstance(told, Mapping)):
        mend = "Export polygons alone."
        yield Problem(file=file, column=where, must="a feature has a geometry and properties", mend=mend)
        return
    if said := fault(form):
        yield Problem(
            file=file, column=f"{where}.geometry", must=said, mend="Repair the polygon in a map program."
        )
    if _kind(feature) not in (CANDIDATE, *HAZARDS):
        must = f"is one of {', '.join((CANDIDATE, *HAZARDS))}"
        yield Problem(
            file=file, column=f"{where}.kind", value=_kind(feature), must=must, mend="Set the property."
        )
    if not ID.fullmatch(_name(number, feature)):
        must, mend = "is an id: small letters, digits, hyphens", "For example north-field."
        yield Problem(file=file, column=f"{where}.id", value=_name(number, feature), must=must, mend=mend)
    yield from _check_numbers(file, where, told or {})


def _check_numbers(file: str, where: str, told: Mapping[str, object]) -> Iterator[Problem]:
    for key in NUMBERS:
        value = told.get(key)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and not (
            is_number and math.isfinite(float(str(value))) and float(str(value)) >= 0
        ):
            must, mend = "is a number of 0 or more", "Leave it out where nobody knows."
            yield Problem(file=file, column=f"{where}.{key}", value=str(value), must=must, mend=mend)
    people = told.get("host_population")
    if isinstance(people, float) and not people.is_integer():
        mend = "Round it to whole people."
        yield Problem(
            file=file, column=f"{where}.host_population", value=str(people), must="counts people", mend=mend
        )
