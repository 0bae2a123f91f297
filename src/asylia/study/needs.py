"""The need table of a comparison: per plan, zone and standard, over members."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.model.case import Case
from asylia.model.plan import Plan
from asylia.need.profiles import Requirement
from asylia.study.columns import Columns
from asylia.study.verdicts import spread

NEEDS: Final[dict[str, type[pl.DataType]]] = {
    "plan": pl.String, "zone": pl.String, "sector": pl.String, "indicator": pl.String, "standard": pl.String,
    "unit": pl.String, "needed_middle": pl.Float64, "provided_middle": pl.Float64, "shortfall_low": pl.Float64,
    "shortfall_middle": pl.Float64, "shortfall_high": pl.Float64, "first_day": pl.Date, "people_low": pl.Float64,
    "people_middle": pl.Float64, "people_high": pl.Float64, "evidence": pl.String, "source": pl.String,
}  # fmt: skip


def need_rows(plan: Plan, standards: Sequence[Requirement]) -> tuple[tuple[str, Requirement], ...]:
    """Name the rows of a plan's need arrays: zones by id, each with every need."""
    zones = sorted(zone.id for zone in plan.zones)
    return tuple((zone, need) for zone in zones for need in standards)


def need_table(
    case: Case, plans: Sequence[Plan], standards: Sequence[Requirement], sheets: Mapping[str, Columns]
) -> pl.DataFrame:
    """Summarise needs over members.

    `provided_middle` is null where the plan states no amount. `first_day` is the middle first day short among the
    members that fall short, and null where fewer than half of them do.
    """
    rows = [
        _row(case, plan, zone, need, sheets[plan.id], index)
        for plan in plans
        for index, (zone, need) in enumerate(need_rows(plan, standards))
    ]
    return pl.DataFrame(rows, schema=NEEDS)


def _row(
    case: Case, plan: Plan, zone: str, need: Requirement, sheet: Columns, index: int
) -> dict[str, object]:
    standard = need.standard
    short = spread(sheet.column("short", index))
    people = spread(sheet.column("short_people", index))
    return {
        "plan": plan.id, "zone": zone, "sector": need.sector, "indicator": need.measure.name,
        "standard": standard.id, "unit": need.measure.unit,
        "needed_middle": spread(sheet.column("needed", index))[1],
        "provided_middle": spread(sheet.column("provided", index))[1],
        "shortfall_low": short[0], "shortfall_middle": short[1], "shortfall_high": short[2],
        "first_day": _first_day(case, sheet.column("short_day", index)),
        "people_low": people[0], "people_middle": people[1], "people_high": people[2],
        "evidence": str(need.evidence), "source": standard.source,
    }  # fmt: skip


def _first_day(case: Case, days: NDArray[np.int64]) -> dt.date | None:
    short = days[days >= 0]
    if short.size * 2 < days.size:
        return None
    return case.first + dt.timedelta(days=int(np.median(short)))
