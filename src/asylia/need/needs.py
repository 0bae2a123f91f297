"""What the people in each zone need by day, what the plan provides, what is short, and from when.

Need follows from people and a standard. A service named without an amount promises nothing that can be counted, so its row says
"named without an amount", `provided` is unknown, and the whole need is shown as short: nothing is there that anybody promised.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.model.plan import Plan
from asylia.model.scenario import Scenario
from asylia.need.profiles import Requirement
from asylia.need.provision import PROMISES, provision, room
from asylia.need.worst import worst_days

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
    """One plan: need against provision on the worst day of each zone and need, for one member or with members first.

    Parameters
    ----------
    needed, short
        float64 (..., zone, need), in the unit of the measure, on the worst day.
    provided
        float64 (..., zone, need), NaN where the plan states no amount.
    people
        int64 (..., zone, need), people without it on the worst day.
    first_day, worst_day
        int64 (..., zone, need); first day short, or -1 for none; day with most people short, else with most people.
    promise
        int64 (zone, need), position in `provision.PROMISES`.
    """

    zones: tuple[str, ...]
    standards: tuple[Requirement, ...]
    first: dt.date
    needed: NDArray[np.float64]
    provided: NDArray[np.float64]
    short: NDArray[np.float64]
    people: NDArray[np.int64]
    first_day: NDArray[np.int64]
    worst_day: NDArray[np.int64]
    promise: NDArray[np.int64]

    def to_polars(self) -> pl.DataFrame:
        """Return one row per zone and need of one member; columns as in `FRAME`, unknown as null."""
        days = [self.first + dt.timedelta(days=day) for day in range(int(self.worst_day.max(initial=0)) + 1)]
        number = len(self.zones)
        return pl.DataFrame(
            {
                "zone": [zone for zone in self.zones for _ in self.standards],
                "standard": [r.standard.id for r in self.standards] * number,
                "measure": [r.measure.id for r in self.standards] * number,
                "sector": [r.sector for r in self.standards] * number,
                "indicator": [r.standard.indicator for r in self.standards] * number,
                "unit": [r.measure.unit for r in self.standards] * number,
                "needed": self.needed.ravel(),
                "provided": [None if np.isnan(p) else p for p in self.provided.ravel().tolist()],
                "short": self.short.ravel(),
                "people": self.people.ravel(),
                "first_day": [days[day] if day >= 0 else None for day in self.first_day.ravel().tolist()],
                "worst_day": [days[day] for day in self.worst_day.ravel().tolist()],
                "promise": [PROMISES[p] for p in self.promise.ravel().tolist()],
                "evidence": [str(r.evidence) for r in self.standards] * number,
                "source": [r.standard.source for r in self.standards] * number,
            },
            schema=FRAME,
        )


def shortfalls(
    zone_people: NDArray[np.int64],
    plan: Plan,
    scenario: Scenario,
    standards: Sequence[Requirement],
    first: dt.date,
) -> pl.DataFrame:
    """Hold need against provision, as a frame; see `measure_needs`.

    Returns
    -------
    One row per zone and need, zones sorted by id; columns as in `FRAME`.
    """
    return measure_needs(zone_people, plan, scenario, standards, first).to_polars()


def measure_needs(
    zone_people: NDArray[np.int64],
    plan: Plan,
    scenario: Scenario,
    standards: Sequence[Requirement],
    first: dt.date,
) -> Needs:
    """Hold need against provision on every day for one member, and keep the worst; see `measure_many`.

    Parameters
    ----------
    zone_people
        int64 (zone, day), people; zones of the plan sorted by id.
    """
    many = measure_many(zone_people[None], plan, [scenario], standards, first)
    return Needs(
        zones=many.zones,
        standards=many.standards,
        first=first,
        needed=many.needed[0],
        provided=many.provided[0],
        short=many.short[0],
        people=many.people[0],
        first_day=many.first_day[0],
        worst_day=many.worst_day[0],
        promise=many.promise,
    )


def measure_many(
    zone_people: NDArray[np.int64],
    plan: Plan,
    scenarios: Sequence[Scenario],
    standards: Sequence[Requirement],
    first: dt.date,
) -> Needs:
    """Hold need against provision on every day of every member, and keep the worst.

    Parameters
    ----------
    zone_people
        int64 (member, zone, day), people; zones of the plan sorted by id.
    standards
        From `need.profiles.profile`, one a measure. A service that the plan states at another standard of the same measure is
        converted (water for 20 people at 15 litres serves 15 at 20 litres).
    first
        Day 0.
    """
    zones, needs = tuple(sorted(zone.id for zone in plan.zones)), tuple(standards)
    there = provision(plan, scenarios, zones, needs, first)
    crowd = np.ascontiguousarray(zone_people, dtype=np.int64)
    people, served, worst, first_day = worst_days(
        crowd, len(needs), there.offsets, there.people, there.start, there.ramp
    )
    on_worst = np.take_along_axis(crowd, worst, axis=2)
    return Needs(
        zones=zones,
        standards=needs,
        first=first,
        needed=amounts(on_worst, needs),
        provided=np.where(there.promise <= 1, np.nan, amounts(served, needs)),
        short=amounts(people, needs),
        people=people,
        first_day=first_day,
        worst_day=worst,
        promise=there.promise,
    )


def amounts(
    people: NDArray[np.int64] | NDArray[np.float64], standards: Sequence[Requirement]
) -> NDArray[np.float64]:
    """Turn people into the amount they need.

    Parameters
    ----------
    people
        int64 (..., need); or float64, for a range over members.

    Returns
    -------
    float64 (..., need), in the unit of each measure; pieces are rounded up to whole ones.
    """
    each = people * np.array([r.each for r in standards])
    whole = np.array([r.measure.whole for r in standards], dtype=np.bool_)
    # 100 people at 0.02 toilets come to 2.0000000000000004, which is two
    pieces: NDArray[np.float64] = np.where(whole, np.ceil(each - 1e-9), each)
    return pieces


def capacity_by_standard(
    area_km2: float | None, provides_for_people: Mapping[str, int], standards: Sequence[Requirement]
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
    for need in standards:
        people = provides_for_people.get(need.standard.id)
        if need.measure.id == "ground" and area_km2 is not None:
            people = room(area_km2, need.each)
        rows.append((need.standard.id, need.measure.id, people))
    least = min((people for *_, people in rows if people is not None), default=None)
    return pl.DataFrame(
        [(*row, row[2] is not None and row[2] == least) for row in rows],
        schema={"standard": pl.String, "measure": pl.String, "people": pl.Int64, "binds": pl.Boolean},
        orient="row",
    )
