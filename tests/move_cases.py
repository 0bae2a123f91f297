"""Small cases made by hand for tests of the displacement engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from asylia.core.tables import empty
from asylia.model.case import Case
from asylia.model.history import History
from asylia.model.plan import Plan, Zone
from asylia.model.rules import RULES
from asylia.model.scenario import Learned, Scenario
from asylia.model.schemas import CLOSURES, EVENTS, PEOPLE, PLACES, ROUTES, SOURCES
from asylia.model.uncertain import fixed
from asylia.move.run import simulate
from asylia.move.world import build, prepare

FIRST = dt.date(2026, 1, 5)
COUNTRY = "Riverland"
__all__ = ["CLOSURES", "PLACES", "ROUTES", "fixed", "replace"]


def day(number: int) -> dt.date:
    """Date of a day of the simulation."""
    return FIRST + dt.timedelta(days=number)


def frame(schema, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """Fill a table; columns not given are blank."""
    full = [{name: row.get(name) for name in schema.names} for row in rows]
    return pl.DataFrame(full, schema=schema.dtypes) if full else empty(schema)


def town(
    name: str, population: int | None = 10_000, area: str = "North", **more: object
) -> dict[str, object]:
    """One row of places; more cells by name."""
    return {
        "id": name, "name": name, "admin1": area, "country": COUNTRY, "lat": 34.0, "lon": 37.0, "kind": "town",
        "population": population, "controller": "council", "source": "s", "evidence": "assumed", **more,
    }  # fmt: skip


def crossing(name: str) -> dict[str, object]:
    """A border crossing."""
    return town(name, None, kind="crossing")


def country(name: str) -> dict[str, object]:
    """A neighbour."""
    return town(name, None, area=name, country=name, kind="country")


def leg(start: str, end: str, km: float, **more: object) -> dict[str, object]:
    """One row of routes; its id is made of its ends."""
    return {"id": f"{start}-{end}", "from": start, "to": end, "distance_km": km, "mode": "road", **more}


def closure(
    what: str, where: str, first: int | None = None, last: int | None = None, direction: str = "both"
):
    """One row of closures, in days of the simulation."""
    return {
        "what": what, "where": where, "direction": direction,
        "from": None if first is None else day(first), "to": None if last is None else day(last),
    }  # fmt: skip


def stock(origin: str, persons: int, **more: object) -> dict[str, object]:
    """People displaced inside the country, by origin."""
    return {
        "date": FIRST - dt.timedelta(days=10), "measure": "stock", "status": "idp", "area": COUNTRY,
        "origin": origin, "persons": persons, **more,
    }  # fmt: skip


def arrivals(area: str, persons: int, back: int = 31, measure: str = "newly_displaced") -> dict[str, object]:
    """People newly displaced (or returned) by area of arrival, over 30 days that began `back` days ago."""
    return {
        "date": FIRST - dt.timedelta(days=back), "days": 30, "measure": measure, "status": "idp", "area": area,
        "persons": persons,
    }  # fmt: skip


def fights(place: str, events: int, weeks_back: int = 1) -> dict[str, object]:
    """Lethal events in one week before the first day."""
    return {"week": FIRST - dt.timedelta(weeks=weeks_back), "place": place, "events": events}


def case(
    places: Sequence[Mapping[str, object]],
    routes: Sequence[Mapping[str, object]] = (),
    *,
    closures: Sequence[Mapping[str, object]] = (),
    people: Sequence[Mapping[str, object]] = (),
    events: Sequence[Mapping[str, object]] = (),
) -> Case:
    """Make a case of rows."""
    return Case(
        id="tiny",
        title="Tiny",
        country=COUNTRY,
        as_of=FIRST - dt.timedelta(days=1),
        first=FIRST,
        days=60,
        places=frame(PLACES, places),
        routes=frame(ROUTES, routes),
        events=frame(EVENTS, events),
        people=frame(PEOPLE, people),
        closures=frame(CLOSURES, closures),
        sources=frame(SOURCES, []),
    )


def zone(
    name: str, place: str, capacity: int, opens: int = 0, closes: int | None = None, **more: object
) -> Zone:
    """A zone, with days of the simulation."""
    return Zone(
        id=name,
        name=name,
        place=place,
        capacity_people=fixed(float(capacity)),
        opens=day(opens),
        closes=None if closes is None else day(closes),
        **more,
    )


def plan(*zones: Zone) -> Plan:
    """A plan with these zones."""
    return Plan(id="plan", title="Plan", summary="", zones=zones) if zones else Plan.none()


def scenario(member: int = 0, seed: int = 7, **values: float) -> Scenario:
    """The middle of every default, save the values given."""
    middle = {name: spec.default.middle for name, spec in RULES.items()}
    unknown = set(values) - set(middle)
    assert not unknown, unknown
    return Scenario(seed=seed, member=member, values={**middle, **values})


def learned() -> Learned:
    """What the fitted rules add, in plain numbers."""
    return Learned(network=0.3, group_spread=0.4, place_spread=0.6, time_spread=0.3, abroad={"Hills": 0.5})


def run(
    tiny: Case,
    zones: Plan | None = None,
    *,
    draw: Scenario | None = None,
    days: int = 28,
    events: Mapping[str, Sequence[int]] | None = None,
    falls: Mapping[str, int] | None = None,
    options: int = 24,
) -> History:
    """Run a tiny case: events by place and week (0 where not given), day of overrun by zone."""
    chosen = zones or Plan.none()
    ground = prepare(tiny, chosen, options=options)
    paths = np.zeros((len(ground.places), -(-days // 7)), dtype=np.int64)
    for place, weeks in (events or {}).items():
        paths[ground.places.index(place), : len(weeks)] = weeks[: paths.shape[1]]
    overrun = np.array([(falls or {}).get(name, -1) for name in ground.zones], dtype=np.int64)
    world = build(
        tiny,
        chosen,
        draw or scenario(),
        event_paths=paths,
        overrun_days=overrun,
        days=days,
        ground=ground,
    )
    return simulate(world)


def same_bytes(one: History, other: History) -> bool:
    """Whether two histories agree to the last byte."""
    names = ("counts", "exposure", "person_km", "displaced_at", "zone_people", "zone_refused")
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in names)
