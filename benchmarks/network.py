"""A made-up country of any size, for measuring."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.tables import Schema, empty
from asylia.model.case import Case
from asylia.model.plan import Plan, Zone
from asylia.model.schemas import CLOSURES, EVENTS, PEOPLE, PLACES, ROUTES, SOURCES
from asylia.model.uncertain import fixed

FIRST = dt.date(2026, 1, 5)
COUNTRY = "Riverland"
AREAS = 14
Rows = list[dict[str, object]]


def make_case(places: int, times: float = 1.0) -> Case:
    """Make a country of so many towns, with every population `times` as large.

    The towns, legs and fighting are the same for every `times`.
    """
    random = np.random.default_rng(places)
    where = random.uniform(0, 80 * np.sqrt(places), (places, 2))
    population = (random.integers(20_000, 800_000, places) * times).astype(np.int64)
    towns = [_town(number, int(people), where[number]) for number, people in enumerate(population)]
    legs = [leg for number in range(places) for leg in _legs(number, where)]
    for name, number in (("hills", 0), ("plains", places // 2)):
        towns.append(_place(name, name, "country"))
        legs.append(_leg(f"t{number:04d}", name, 40.0))
    stock: Rows = [
        {
            "measure": "stock",
            "status": "idp",
            "area": COUNTRY,
            "origin": f"A{area}",
            "persons": int(450_000 * times),
        }
        for area in range(min(AREAS, places))
    ]
    return Case(
        id="bench",
        title="Benchmark",
        country=COUNTRY,
        as_of=FIRST - dt.timedelta(days=1),
        first=FIRST,
        days=365,
        places=_frame(PLACES, towns),
        routes=_frame(ROUTES, legs),
        events=empty(EVENTS),
        people=_frame(PEOPLE, [{"date": FIRST - dt.timedelta(days=30), **row} for row in stock]),
        closures=_frame(CLOSURES, [{"what": "border", "where": "hills", "direction": "out"}]),
        sources=empty(SOURCES),
    )


def make_plan(zones: int, times: float = 1.0, later: int = 0) -> Plan:
    """Make a plan of so many zones, one month apart, the first so many days after the first day."""
    return Plan(
        id=f"bench-{later}",
        title="Benchmark",
        summary="",
        zones=tuple(
            Zone(
                id=f"z{number}",
                name=f"z{number}",
                place=f"t{number:04d}",
                capacity_people=fixed(max(150_000.0 * times, 1.0)),
                opens=FIRST + dt.timedelta(days=30 * number + later),
            )
            for number in range(zones)
        ),
    )


def make_events(case: Case, weeks: int, member: int) -> NDArray[np.int64]:
    """Draw lethal events, int64 (place, week): about one a week and town, unevenly."""
    places = case.places.sort("id")
    random = np.random.default_rng([places.height, member])
    rate = np.random.default_rng(1).gamma(0.3, 4.0, places.height)
    return random.poisson(rate[:, None], (places.height, weeks)).astype(np.int64)


def _town(number: int, people: int, where: NDArray[np.float64]) -> dict[str, object]:
    town = _place(f"t{number:04d}", f"A{number % AREAS}", "town")
    return {**town, "population": people, "controller": f"c{int(where[0]) // 200}"}


def _place(name: str, area: str, kind: str) -> dict[str, object]:
    country = name if kind == "country" else COUNTRY
    return {
        "id": name,
        "name": name,
        "admin1": area,
        "country": country,
        "lat": 0.0,
        "lon": 0.0,
        "kind": kind,
    }


def _legs(number: int, where: NDArray[np.float64]) -> Rows:
    km = np.hypot(*(where - where[number]).T)
    near = np.argsort(km)[1:4]
    return [_leg(f"t{number:04d}", f"t{other:04d}", float(km[other] * 1.3 + 1.0)) for other in near]


def _leg(start: str, end: str, km: float) -> dict[str, object]:
    return {"id": f"{start}--{end}", "from": start, "to": end, "distance_km": km, "mode": "road"}


def _frame(schema: Schema, rows: Rows) -> pl.DataFrame:
    full = [{name: row.get(name) for name in schema.names} for row in rows]
    return pl.DataFrame(full, schema=schema.dtypes)
