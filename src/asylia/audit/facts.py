"""What the checks of the law may look at: one plan, its case, consent and simulated counts, put side by side once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from asylia.audit.citing import cite_pointer
from asylia.audit.completeness import silences
from asylia.audit.ways import Ways, exits, ways
from asylia.core.units import DAYS_PER_WEEK
from asylia.model.case import Case
from asylia.model.findings import ConsentCell
from asylia.model.law import Exit, Simulated, Status
from asylia.model.plan import Plan, Zone

WEEKS_LOOKED_AT: Final = 8
"""Weeks before the last day of knowledge in which lethal events at a place are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one test says: a status, a sentence, where it stands, and what must be seen beside it."""

    status: Status
    found: str = ""
    evidence: tuple[str, ...] = ()
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facts:
    """One plan with everything its audit may look at.

    Parameters
    ----------
    stands
        Where each actor stands on this plan, by its own words.
    said
        Element of completeness: status and who says so.
    recent
        Zone: lethal events at its place in the last `WEEKS_LOOKED_AT` weeks.
    """

    case: Case
    plan: Plan
    stands: tuple[ConsentCell, ...]
    simulated: Simulated | None
    said: Mapping[str, tuple[str, str]]
    exits: tuple[Exit, ...]
    ways: Mapping[str, Ways]
    recent: Mapping[str, int]

    def zone_names(self, ids: Iterable[str]) -> str:
        """Name zones in a sentence."""
        named = {zone.id: zone.name for zone in self.plan.zones}
        return join([named[zone] for zone in ids])


def gather_facts(case: Case, plan: Plan, stands: Sequence[ConsentCell], simulated: Simulated | None) -> Facts:
    """Put together what the checks of one plan look at."""
    rows = silences(plan).select("element", "status", "by").iter_rows()
    return Facts(
        case=case,
        plan=plan,
        stands=tuple(stand for stand in stands if stand.plan == plan.id),
        simulated=simulated,
        said={element: (status, by) for element, status, by in rows},
        exits=exits(case),
        ways={zone.id: ways(case, zone.place) for zone in plan.zones},
        recent=_recent(case, plan.zones),
    )


def last_day(events: pl.DataFrame) -> pl.DataFrame:
    """Add `last`, the last day an event row may lie on: its day, or the Sunday of its week."""
    sunday = pl.col("week") + dt.timedelta(days=DAYS_PER_WEEK - 1)
    return events.with_columns(last=pl.coalesce("date", sunday))


def told(facts: Facts, element: str) -> str:
    """Say how one element of completeness is known, in a sentence."""
    status, by = facts.said[element]
    name = element.replace("_", " ")
    if status == "stated":
        return f"The sources state {name} ({cite_pointer(by)})."
    return f"Nobody states {name}{'; assumed by us' if status == 'assumed' else ''}."


def day_words(day: dt.date) -> str:
    """Say a date.

    >>> day_words(dt.date(2017, 2, 22))
    '22 February 2017'
    """
    return f"{day.day} {day:%B %Y}"


def join(names: Sequence[str]) -> str:
    """Join names as a sentence does.

    >>> join(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def merge(results: Sequence[Result]) -> Result:
    """Put several tests of one condition together.

    A pass against a failure, or anything contested, is contested; one failure fails; one pass passes if the rest is
    silent; otherwise it is unknown.
    """
    statuses = {result.status for result in results}
    if "contested" in statuses or {"pass", "fail"} <= statuses:
        status: Status = "contested"
    else:
        status = next((s for s in ("fail", "pass") if s in statuses), "unknown")
    return Result(
        status=status,
        found=" ".join(dict.fromkeys(result.found for result in results if result.found)),
        evidence=tuple(dict.fromkeys(line for result in results for line in result.evidence)),
        warning=" ".join(dict.fromkeys(result.warning for result in results if result.warning)),
    )


def _recent(case: Case, zones: Sequence[Zone]) -> dict[str, int]:
    since = case.as_of - dt.timedelta(weeks=WEEKS_LOOKED_AT)
    events = last_day(case.events).filter((pl.col("last") > since) & (pl.col("last") <= case.as_of))
    counts = dict(events.group_by("place").agg(pl.col("events").sum()).iter_rows())
    return {zone.id: int(counts.get(zone.place, 0)) for zone in zones}
