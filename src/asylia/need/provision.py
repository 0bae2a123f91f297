"""What a plan provides: lines of people served, from a day, growing to full size, at the standard in use.

Provision counts only where the plan states an amount. A service named without an amount promises nothing that can be counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.errors import PlanError, Problem, nearest
from asylia.model.plan import Plan, Service
from asylia.model.scenario import Scenario
from asylia.need.measures import MEASURE_OF
from asylia.need.profiles import Requirement
from asylia.need.standards import by_id, per_person

PROMISES: Final = ("not named", "named without an amount", "stated", "stated in part")
"""What the plan says of a need; a promise holds the position in this list."""
_WHOLE: Final = 1e-9
"""500 people at 0.4 come to 199.99999999999997, which is 200."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Provision:
    """What one plan provides in its zones, for some members.

    Parameters
    ----------
    offsets
        int64 (zone * need + 1,), where the lines of each zone and need begin.
    people
        int64 (member, line), people a line serves when it is whole.
    start, ramp
        int64 (line,), first day, and days until it is whole.
    promise
        int64 (zone, need), position in `PROMISES`.
    """

    offsets: NDArray[np.int64]
    people: NDArray[np.int64]
    start: NDArray[np.int64]
    ramp: NDArray[np.int64]
    promise: NDArray[np.int64]

    def lines(self, at: int) -> range:
        """Return the lines of one zone and need, counted over zones first."""
        return range(int(self.offsets[at]), int(self.offsets[at + 1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    at: int
    people: tuple[int, ...]
    start: int = 0
    ramp: int = 0


def provision(
    plan: Plan,
    scenarios: Sequence[Scenario],
    zones: Sequence[str],
    needs: Sequence[Requirement],
    first: dt.date,
) -> Provision:
    """Add up what a plan states.

    A service without a zone is there in every zone, with its amount in each. One without a first day counts from the start.
    Where the plan gives a zone's area, that is its ground.

    Parameters
    ----------
    zones
        Zone ids of the plan, sorted.
    """
    column = {need.measure.id: at for at, need in enumerate(needs)}
    row = {zone: at for at, zone in enumerate(zones)}
    stated = np.zeros((len(zones), len(needs)), dtype=np.bool_)
    vague = np.zeros_like(stated)
    lines: list[_Line] = []
    for service in plan.services:
        at = column.get(MEASURE_OF.get(service.indicator, ""))
        where = _rows(plan, service, row)
        if at is None:
            continue
        if service.provides_for_people is None:
            vague[where, at] = True
            continue
        people = tuple(_served(plan, service, scenario, needs[at]) for scenario in scenarios)
        start = max((service.ready - first).days, 0) if service.ready else 0
        lines += [
            _Line(at=zone * len(needs) + at, people=people, start=start, ramp=service.ramp_up_days)
            for zone in where
        ]
        stated[where, at] = True
    lines = _ground(plan, scenarios, row, needs, column, lines, stated, vague)
    promise = np.where(stated, np.where(vague, 3, 2), np.where(vague, 1, 0)).astype(np.int64)
    return _packed(lines, len(scenarios), promise)


def _ground(
    plan: Plan,
    scenarios: Sequence[Scenario],
    row: Mapping[str, int],
    needs: Sequence[Requirement],
    column: Mapping[str, int],
    lines: list[_Line],
    stated: NDArray[np.bool_],
    vague: NDArray[np.bool_],
) -> list[_Line]:
    """Put a zone's own area in place of what services say of its ground."""
    at = column.get("ground")
    for zone in plan.zones if at is not None else ():
        if zone.area_km2 is None or at is None:
            continue
        cell = row[zone.id] * len(needs) + at
        # drawn with the luck of the capacity, which is often the area at a standard
        areas = [scenario.draw(f"zone:{zone.id}:capacity", zone.area_km2) for scenario in scenarios]
        people = tuple(room(area, needs[at].each) for area in areas)
        lines = [*(line for line in lines if line.at != cell), _Line(at=cell, people=people)]
        stated[row[zone.id], at], vague[row[zone.id], at] = True, False
    return lines


def room(area_km2: float, each_m2: float) -> int:
    """Give the people an area has ground for, at so many square metres each."""
    return int(area_km2 * 1e6 / each_m2 + _WHOLE)


def _packed(lines: Sequence[_Line], members: int, promise: NDArray[np.int64]) -> Provision:
    ordered = sorted(lines, key=lambda line: line.at)
    count = np.zeros(promise.size + 1, dtype=np.int64)
    for line in ordered:
        count[line.at + 1] += 1
    people = np.array([line.people for line in ordered], dtype=np.int64).reshape(len(ordered), members)
    return Provision(
        offsets=np.cumsum(count),
        people=np.ascontiguousarray(people.T),
        start=np.array([line.start for line in ordered], dtype=np.int64),
        ramp=np.array([line.ramp for line in ordered], dtype=np.int64),
        promise=promise,
    )


def _rows(plan: Plan, service: Service, row: Mapping[str, int]) -> list[int]:
    if not service.zone:
        return list(range(len(row)))
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
    return [row[service.zone]]


def _served(plan: Plan, service: Service, scenario: Scenario, used: Requirement) -> int:
    if service.provides_for_people is None:
        return 0
    name = f"service:{plan.id}:{service.zone}:{service.indicator}"
    people = scenario.draw(name, service.provides_for_people)
    return int(people * _conversion(service.indicator, used) + _WHOLE)


def _conversion(indicator: str, used: Requirement) -> float:
    """Give people served at the used standard for one served at the stated one; schools serve people at any of theirs."""
    if indicator == used.standard.id and used.standard == by_id()[indicator]:
        return 1.0
    if used.measure.id == "schooling":
        return 1.0
    return per_person(by_id()[indicator]) / per_person(used.standard)
