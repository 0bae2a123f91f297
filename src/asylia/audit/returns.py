"""Triggers of return by place of origin: what is known of each, and what the plan asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from asylia.audit.facts import last_day
from asylia.core.units import DAYS_PER_WEEK
from asylia.model.case import Case
from asylia.model.law import Origin
from asylia.model.plan import Plan
from asylia.model.safeguards import ReturnTrigger

WORDS: Final[Mapping[str, str]] = {
    "homes_restored": "homes restored",
    "services_back": "services back",
    "quiet_weeks": "quiet weeks",
    "mines_cleared": "mines cleared",
    "other": "another trigger",
}


def origins(case: Case, plan: Plan) -> tuple[Origin, ...]:
    """List first-level areas of the case's country that people come from, most people first.

    Quiet weeks are counted from the events of the case: whole weeks up to the last day of knowledge without a lethal
    event anywhere in the area. Homes, services and mines are unknown unless a source of the plan says otherwise.
    """
    people = _displaced_from(case)
    quiet = _quiet_weeks(case)
    inside = case.places.filter(pl.col("country") == case.country)
    areas = sorted({*inside["admin1"].to_list()}, key=lambda area: (-(people.get(area) or 0), area))
    return tuple(
        Origin(
            area=area,
            people=people.get(area),
            quiet_weeks=quiet.get(area),
            homes=_met(plan.returns, area, "homes_restored", case),
            services=_met(plan.returns, area, "services_back", case),
            mines=_met(plan.returns, area, "mines_cleared", case),
            asks=tuple(_asks(entry) for entry in plan.returns if _covers(entry, area, case)),
        )
        for area in areas
    )


def _displaced_from(case: Case) -> dict[str, int]:
    """Take the latest published stock of displaced people by first-level area of origin."""
    stocks = case.people.filter(
        (pl.col("measure") == "stock")
        & (pl.col("status") == "idp")
        & pl.col("origin").is_not_null()
        & pl.col("group").is_null()
        & pl.col("persons").is_not_null()
    ).sort("date")
    latest = stocks.group_by("origin", maintain_order=True).agg(pl.col("persons").last())
    where = dict(case.places.select("id", "admin1").iter_rows())
    found: dict[str, int] = {}
    for origin, persons in latest.iter_rows():
        area = where.get(origin, origin)
        found[area] = found.get(area, 0) + int(persons)
    return found


def _quiet_weeks(case: Case) -> dict[str, int]:
    where = case.places.select(pl.col("id").alias("place"), "admin1")
    lethal = last_day(case.events).filter((pl.col("events") > 0) & (pl.col("last") <= case.as_of))
    latest = lethal.join(where, on="place").group_by("admin1").agg(pl.col("last").max())
    return {area: _whole_weeks(case.as_of - day) for area, day in latest.iter_rows()}


def _whole_weeks(span: dt.timedelta) -> int:
    return span.days // DAYS_PER_WEEK


def _covers(entry: ReturnTrigger, area: str, case: Case) -> bool:
    where = dict(case.places.select("id", "admin1").iter_rows())
    return entry.area in (area, case.country) or where.get(entry.area) == area


def _met(entries: Sequence[ReturnTrigger], area: str, trigger: str, case: Case) -> str:
    said = {e.met for e in entries if e.trigger == trigger and _covers(e, area, case) and e.met != "unknown"}
    if not said:
        return "unknown"
    return said.pop() if len(said) == 1 else "partial"


def _asks(entry: ReturnTrigger) -> str:
    weeks = entry.weeks
    if weeks is None:
        return WORDS[entry.trigger]
    span = f"{weeks.low:g}" if weeks.is_fixed else f"{weeks.low:g} to {weeks.high:g}"
    return f"{span} {WORDS[entry.trigger]}"
