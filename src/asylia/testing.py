"""Help for people who extend Asylia: a case small enough to reason about, and what must hold of any run.

>>> case = tiny_case()
>>> [plan.id for plan in case.plans]
['none', 'mill-zone']
>>> case.places["population"].sum()
40000
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl

from asylia.core.errors import RunError
from asylia.core.tables import Schema, empty
from asylia.model.actors import Actor, Pointer, Statement, Term, Veto
from asylia.model.case import Case
from asylia.model.history import COUNTS, History
from asylia.model.plan import Plan, Protection, Service, Zone
from asylia.model.schemas import CLOSURES, EVENTS, PEOPLE, PLACES, ROUTES, SOURCES
from asylia.model.uncertain import Evidence, Uncertain, fixed

STOCKS: Final = COUNTS[:6]
"""Where people can be at the end of a day; together they are everyone."""

TOTALS: Final = COUNTS[6:12]
"""Running totals since the first day; they never fall."""

_AS_OF: Final = dt.date(2026, 1, 4)
_FIRST: Final = dt.date(2026, 1, 5)
_SAID: Final = {"source": "invented", "evidence": "assumed"}


def assert_people_kept(history: History) -> None:
    """Raise `RunError` unless everyone is somewhere on every day, in whole and non-negative numbers.

    >>> counts = np.zeros((len(COUNTS), 2), dtype=np.int64)
    >>> counts[0] = [5, 4]
    >>> lost = History(plan="none", member=0, places=(), zones=(), counts=counts,
    ...     exposure=np.zeros((3, 2)), person_km=np.zeros(2), displaced_at=np.zeros(0, dtype=np.int64),
    ...     zone_people=np.zeros((0, 2), dtype=np.int64), zone_refused=np.zeros(0, dtype=np.int64))
    >>> assert_people_kept(lost)
    Traceback (most recent call last):
    ...
    asylia.core.errors.RunError: plan none, member 0: people went from 5 to 4 on day 1
    """
    where = f"plan {history.plan}, member {history.member}"
    if history.counts.dtype != np.int64 or history.zone_people.dtype != np.int64:
        raise RunError(f"{where}: people are counted in {history.counts.dtype}, not in whole persons")
    for name in COUNTS:
        if history.count(name).size and history.count(name).min() < 0:
            raise RunError(f"{where}: {name} falls below zero")
    for name in TOTALS:
        if np.any(np.diff(history.count(name)) < 0):
            raise RunError(f"{where}: the running total {name} falls")
    everyone = history.counts[: len(STOCKS)].sum(axis=0)
    for day in np.flatnonzero(np.diff(everyone)) + 1:
        raise RunError(f"{where}: people went from {everyone[day - 1]} to {everyone[day]} on day {day}")
    if history.zones and np.any(history.zone_people.sum(axis=0) != history.count("in_zones")):
        raise RunError(f"{where}: people in zones differ from the sum over the zones")


def tiny_case(*, days: int = 28) -> Case:
    """Build a valid case of four towns in a row, a crossing, a neighbour and two plans. All of it is invented.

    North fights, everyone there may leave; Mill and Ford are quiet; the way out leads over the bridge.
    """
    return Case(
        id="tiny",
        title="Four towns and a bridge",
        country="Riverland",
        as_of=_AS_OF,
        first=_FIRST,
        days=days,
        places=_places(),
        routes=_routes(),
        events=_events(),
        people=_people(),
        closures=empty(CLOSURES),
        sources=_sources(),
        rules={"travel_km_per_day": fixed(30.0, why="Kept at one value so that trips can be counted.")},
        terms=(
            Term(id="host_consent", name="Consent of the host state", values=("none", "tacit", "written")),
        ),
        actors=(_council(),),
        statements=(_statement(),),
        plans=(Plan.none(), _mill_zone()),
        limits=("Every figure is invented.",),
    )


def _frame(schema: Schema, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    return pl.DataFrame([{**_SAID, **row} for row in rows], schema=schema.dtypes)


def _places() -> pl.DataFrame:
    towns = (
        ("north", "North", "Upland", 34.8, 20_000, "town"),
        ("mill", "Mill", "Upland", 34.6, 10_000, "town"),
        ("ford", "Ford", "Lowland", 34.4, 6_000, "town"),
        ("quay", "Quay", "Lowland", 34.2, 4_000, "town"),
        ("bridge", "Bridge", "Lowland", 34.0, 0, "crossing"),
        ("farland", "Farland", "Farland", 33.5, None, "country"),
    )
    return _frame(
        PLACES,
        [
            {
                "id": place,
                "name": name,
                "admin1": area,
                "country": "Farland" if kind == "country" else "Riverland",
                "lat": lat,
                "lon": 37.5,
                "kind": kind,
                "population": people,
                "controller": "council" if kind == "town" else None,
            }
            for place, name, area, lat, people, kind in towns
        ],
    )


def _routes() -> pl.DataFrame:
    legs = (
        ("north", "mill", 25.0, "road"),
        ("mill", "ford", 31.0, "road"),
        ("ford", "quay", 24.0, "road"),
        ("quay", "bridge", 22.0, "road"),
        ("bridge", "farland", 1.0, "crossing"),
    )
    return _frame(
        ROUTES,
        [
            {"id": f"{start}-{end}", "from": start, "to": end, "distance_km": km, "mode": mode}
            for start, end, km, mode in legs
        ],
    )


def _events() -> pl.DataFrame:
    weeks = [_FIRST - dt.timedelta(weeks=back) for back in range(52, 0, -1)]
    return _frame(
        EVENTS,
        [
            {
                "week": week,
                "place": "north",
                "events": 1 + number % 3,
                "deaths_low": 1,
                "deaths_best": 2 + number % 3,
                "deaths_high": 9,
                "kind": "all",
                "precision": "district",
            }
            for number, week in enumerate(weeks)
        ],
    )


def _people() -> pl.DataFrame:
    stock = {"date": _AS_OF, "measure": "stock"}
    return _frame(
        PEOPLE,
        [
            {**stock, "status": "idp", "area": "Riverland", "persons": 3_000},
            {**stock, "status": "idp", "area": "Riverland", "origin": "Upland", "persons": 3_000},
            {**stock, "status": "refugee", "area": "Farland", "origin": "Riverland", "persons": 500},
        ],
    )


def _sources() -> pl.DataFrame:
    row = {"id": "invented", "title": "Invented for tests", "publisher": "Asylia", "kind": "assumption"}
    return pl.DataFrame([row], schema=SOURCES.dtypes)


def _council() -> Actor:
    veto = Veto(over=("host_consent",), basis="It governs the four towns.", source="invented")
    return Actor(id="council", name="Town council", kind="host_state", vetoes=(veto,), source="invented")


def _statement() -> Statement:
    pointer = Pointer(
        source="invented", start=0, end=20, words="only if we agree", speaker="council", mode="direct"
    )
    return Statement(
        id="TINY-1",
        actor="council",
        rank=1,
        force="hard",
        expression="host_consent = written",
        summary="No zone without the council's written consent.",
        evidence=(pointer,),
        status="confirmed",
    )


def _mill_zone() -> Plan:
    room = Uncertain(low=2_000, high=5_000, evidence=Evidence.ASSUMED, why="Invented.")
    zone = Zone(
        id="mill", name="Mill", place="mill", capacity_people=room, opens=_FIRST + dt.timedelta(days=7)
    )
    return Plan(
        id="mill-zone",
        title="A zone at Mill",
        summary="One zone, with the council's consent.",
        zones=(zone,),
        terms={"host_consent": ("written",)},
        services=(Service(sector="wash_water", indicator="WAT-04", source="invented"),),
        protection=Protection(logic="consent", consent_host_state="yes", consent_armed_parties="yes"),
        source="invented",
    )
