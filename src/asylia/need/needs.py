"""What the people in each zone need by day, what the plan provides, what is short, and from when.

The honest form: need follows from people and a standard. Provision counts only where the plan states an amount. A service
named without an amount promises nothing that can be counted, so its row says "named without an amount", `provided` is
unknown, and the whole need is shown as short: nothing is there that anybody promised.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.errors import PlanError, Problem, nearest
from asylia.model.plan import Plan, Service
from asylia.model.scenario import Scenario
from asylia.need.standards import MEASURE_OF, MEASURES, Standard, read_standards

PROMISES: Final = ("not named", "named without an amount", "stated", "stated in part")
"""What the plan says of a row; `Needs.promise` holds the position in this list."""
FRAME: Final[dict[str, type[pl.DataType]]] = {
    "zone": pl.String,
    "standard": pl.String,
    "measure": pl.String,
    "sector": pl.String,
    "indicator": pl.String,
    "unit": pl.String,
    "needed": pl.Float64,
    "provided": pl.Float64,
    "short": pl.Float64,
    "people": pl.Int64,
    "first_day": pl.Date,
    "worst_day": pl.Date,
    "promise": pl.String,
    "evidence": pl.String,
    "source": pl.String,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Needs:
    """One plan, one member: need against provision on the worst day of each zone and standard.

    Parameters
    ----------
    needed, short
        float64 (zone, standard), in the unit of the measure, on the worst day.
    provided
        float64 (zone, standard), NaN where the plan states no amount.
    people
        int64 (zone, standard), people without it on the worst day.
    first_day, worst_day
        int64 (zone, standard); first day short, or -1 for none; day with most people short, else with most people.
    promise
        int64 (zone, standard), position in `PROMISES`.
    """

    zones: tuple[str, ...]
    standards: tuple[Standard, ...]
    first: dt.date
    needed: NDArray[np.float64]
    provided: NDArray[np.float64]
    short: NDArray[np.float64]
    people: NDArray[np.int64]
    first_day: NDArray[np.int64]
    worst_day: NDArray[np.int64]
    promise: NDArray[np.int64]

    def to_polars(self) -> pl.DataFrame:
        """Return one row per zone and standard; columns as in `FRAME`, unknown as null."""
        measures = [MEASURES[MEASURE_OF[s.id]] for s in self.standards]
        days = [self.first + dt.timedelta(days=day) for day in range(int(self.worst_day.max(initial=0)) + 1)]
        number = len(self.zones)
        return pl.DataFrame(
            {
                "zone": [zone for zone in self.zones for _ in self.standards],
                "standard": [s.id for s in self.standards] * number,
                "measure": [m.id for m in measures] * number,
                "sector": [s.sector for s in self.standards] * number,
                "indicator": [s.indicator for s in self.standards] * number,
                "unit": [m.unit for m in measures] * number,
                "needed": self.needed.ravel(),
                "provided": [None if np.isnan(p) else p for p in self.provided.ravel().tolist()],
                "short": self.short.ravel(),
                "people": self.people.ravel(),
                "first_day": [days[day] if day >= 0 else None for day in self.first_day.ravel().tolist()],
                "worst_day": [days[day] for day in self.worst_day.ravel().tolist()],
                "promise": [PROMISES[p] for p in self.promise.ravel().tolist()],
                "evidence": [str(s.evidence) for s in self.standards] * number,
                "source": [s.source for s in self.standards] * number,
            },
            schema=FRAME,
        )


def shortfalls(
    zone_people: NDArray[np.int64],
    plan: Plan,
    scenario: Scenario,
    standards: Sequence[Standard],
    first: dt.date,
) -> pl.DataFrame:
    """Hold need against provision, as a frame; see `measure_needs`.

    Returns
    -------
    One row per zone and standard, zones sorted by id; columns as in `FRAME`.
    """
    return measure_needs(zone_people, plan, scenario, standards, first).to_polars()


def measure_needs(
    zone_people: NDArray[np.int64],
    plan: Plan,
    scenario: Scenario,
    standards: Sequence[Standard],
    first: dt.date,
) -> Needs:
    """Hold need against provision on every day, and keep the worst.

    Parameters
    ----------
    zone_people
        int64 (zone, day), people; zones of the plan sorted by id.
    standards
        At most one a measure, from `need.standards.profile`. A service that the plan states at another standard of the
        same measure is converted (water for 20 people at 15 litres serves 15 at 20 litres).
    first
        Day 0.
    """
    zones = tuple(sorted(zone.id for zone in plan.zones))
    standards = tuple(standards)
    promised, promise = _promised(plan, scenario, zones, standards, first, zone_people.shape[1])
    missing = np.maximum(zone_people[:, None, :] - promised, 0)
    ever = missing.any(axis=2)
    fullest = zone_people.argmax(axis=1)[:, None]
    worst = np.where(ever, missing.argmax(axis=2), fullest)
    people = _at(missing, worst)
    unknown = promise <= 1
    return Needs(
        zones=zones,
        standards=standards,
        first=first,
        needed=amounts(np.take_along_axis(zone_people, worst, axis=1), standards),
        provided=np.where(unknown, np.nan, amounts(_at(promised, worst), standards)),
        short=amounts(people, standards),
        people=people,
        first_day=np.where(ever, (missing > 0).argmax(axis=2), -1),
        worst_day=worst,
        promise=promise,
    )


def amounts(people: NDArray[np.int64], standards: Sequence[Standard]) -> NDArray[np.float64]:
    """Turn people into the amount they need.

    Parameters
    ----------
    people
        int64 (zone, standard).

    Returns
    -------
    float64 (zone, standard), in the unit of each standard's measure; pieces are rounded up to whole ones.
    """
    each = people * np.array([per_person(s) for s in standards])
    whole = np.array([MEASURES[MEASURE_OF[s.id]].whole for s in standards], dtype=np.bool_)
    # 100 people at 0.02 toilets come to 2.0000000000000004, which is two
    pieces: NDArray[np.float64] = np.where(whole, np.ceil(each - 1e-9), each)
    return pieces


def per_person(standard: Standard) -> float:
    """Give the amount one person needs: the value itself, or its inverse for "people per piece" standards."""
    return 1.0 / standard.value if standard.unit.startswith("people/") else standard.value


def capacity_by_standard(
    area_km2: float | None, provides_for_people: Mapping[str, int], standards: Sequence[Standard]
) -> pl.DataFrame:
    """Say how many people a zone can hold by each standard, and which one binds.

    Parameters
    ----------
    area_km2
        Ground of the zone, square kilometres, or `None` if nobody said.
    provides_for_people
        People served, by standard id, where a plan states an amount.

    Returns
    -------
    standard, measure, people (null where nothing was said), binds. What is not known binds nothing; it may all the same
    be the least.
    """
    rows = []
    for standard in standards:
        people = provides_for_people.get(standard.id)
        if MEASURE_OF[standard.id] == "ground" and area_km2 is not None:
            people = int(area_km2 * 1e6 / standard.value + 1e-9)
        rows.append((standard.id, MEASURE_OF[standard.id], people))
    least = min((people for *_, people in rows if people is not None), default=None)
    return pl.DataFrame(
        [(*row, row[2] is not None and row[2] == least) for row in rows],
        schema={"standard": pl.String, "measure": pl.String, "people": pl.Int64, "binds": pl.Boolean},
        orient="row",
    )


def _at(values: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    picked: NDArray[np.int64] = np.take_along_axis(values, day[:, :, None], axis=2)[:, :, 0]
    return picked


def _promised(
    plan: Plan,
    scenario: Scenario,
    zones: tuple[str, ...],
    standards: tuple[Standard, ...],
    first: dt.date,
    days: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Add up what a plan states: people served, int64 (zone, standard, day), and the promise, int64 (zone, standard).

    A service without a zone is there in every zone, with its amount in each. One without a first day counts from the
    start. Where the plan gives a zone's area, that is its ground.
    """
    column = {MEASURE_OF[s.id]: at for at, s in enumerate(standards)}
    row = {zone: at for at, zone in enumerate(zones)}
    served = np.zeros((len(zones), len(standards), days), dtype=np.int64)
    stated = np.zeros((len(zones), len(standards)), dtype=np.bool_)
    vague = np.zeros_like(stated)
    for service in plan.services:
        at = column.get(MEASURE_OF.get(service.indicator, ""))
        if at is None:
            continue
        where = _rows(plan, service, row)
        people = _served(plan, service, scenario, standards[at])
        if people is None:
            vague[where, at] = True
            continue
        ready = max((service.ready - first).days, 0) if service.ready else 0
        served[where, at, ready:] += people
        stated[where, at] = True
    for zone in plan.zones if "ground" in column else ():
        if zone.area_km2 is not None:
            at = column["ground"]
            # drawn with the luck of the capacity, which is often the area at a standard
            area = scenario.draw(f"zone:{zone.id}:capacity", zone.area_km2)
            served[row[zone.id], at, :] = int(area * 1e6 / standards[at].value + 1e-9)
            stated[row[zone.id], at], vague[row[zone.id], at] = True, False
    promise = np.where(stated, np.where(vague, 3, 2), np.where(vague, 1, 0))
    return served, promise


def _rows(plan: Plan, service: Service, row: Mapping[str, int]) -> slice:
    if not service.zone:
        return slice(None)
    if service.zone not in row:
        mend = nearest(service.zone, row) or f"Zones of this plan: {', '.join(row) or 'none'}."
        problem = Problem(
            file=f"plans/{plan.id}.toml",
            column="services.zone",
            value=service.zone,
            must="names a zone of the plan",
            mend=mend,
        )
        raise PlanError([problem])
    return slice(row[service.zone], row[service.zone] + 1)


def _served(plan: Plan, service: Service, scenario: Scenario, used: Standard) -> int | None:
    if service.provides_for_people is None:
        return None
    name = f"service:{plan.id}:{service.zone}:{service.indicator}"
    people = scenario.draw(name, service.provides_for_people)
    # 500 people at 0.4 come to 199.99999999999997, which is 200
    return int(people * _conversion(service.indicator, used) + 1e-9)


def _conversion(indicator: str, used: Standard) -> float:
    """Give people served at the used standard for one served at the stated one; schools serve people at any of theirs."""
    if indicator == used.id or MEASURE_OF[used.id] == "schooling":
        return 1.0
    return _per_person_of(indicator) / per_person(used)


def _per_person_of(indicator: str) -> float:
    return next(per_person(standard) for standard in read_standards() if standard.id == indicator)
