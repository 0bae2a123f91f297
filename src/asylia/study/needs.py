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
from asylia.need.standards import MEASURE_OF, MEASURES, Standard
from asylia.study.outcome import Outcome
from asylia.study.verdicts import spread

NEEDS: Final[dict[str, type[pl.DataType]]] = {
    "plan": pl.String, "zone": pl.String, "sector": pl.String, "indicator": pl.String, "standard": pl.String,
    "unit": pl.String, "needed_middle": pl.Float64, "provided_middle": pl.Float64, "shortfall_low": pl.Float64,
    "shortfall_middle": pl.Float64, "shortfall_high": pl.Float64, "first_day": pl.Date, "people_low": pl.Float64,
    "people_middle": pl.Float64, "people_high": pl.Float64, "evidence": pl.String, "source": pl.String,
}  # fmt: skip


def need_rows(plan: Plan, standards: Sequence[Standard]) -> tuple[tuple[str, Standard], ...]:
    """Name the rows of an outcome's need arrays: zones by id, each with every standard."""
    zones = sorted(zone.id for zone in plan.zones)
    return tuple((zone, standard) for zone in zones for standard in standards)


def need_table(
    case: Case, plans: Sequence[Plan], standards: Sequence[Standard], outcomes: Mapping[str, Outcome]
) -> pl.DataFrame:
    """Summarise needs over members.

    `provided_middle` is null where the plan states no amount. `first_day` is the middle first day short among the
    members that fall short, and null where fewer than half of them do.
    """
    rows = [
        _row(case, plan, zone, standard, outcomes[plan.id], index)
        for plan in plans
        for index, (zone, standard) in enumerate(need_rows(plan, standards))
    ]
    return pl.DataFrame(rows, schema=NEEDS)


def _row(
    case: Case, plan: Plan, zone: str, standard: Standard, outcome: Outcome, index: int
) -> dict[str, object]:
    measure = MEASURES[MEASURE_OF[standard.id]]
    short = spread(outcome.short[:, index])
    people = spread(outcome.short_people[:, index])
    return {
        "plan": plan.id, "zone": zone, "sector": standard.sector, "indicator": measure.name,
        "standard": standard.id, "unit": measure.unit,
        "needed_middle": spread(outcome.needed[:, index])[1],
        "provided_middle": spread(outcome.provided[:, index])[1],
        "shortfall_low": short[0], "shortfall_middle": short[1], "shortfall_high": short[2],
        "first_day": _first_day(case, outcome.short_day[:, index]),
        "people_low": people[0], "people_middle": people[1], "people_high": people[2],
        "evidence": str(standard.evidence), "source": standard.source,
    }  # fmt: skip


def _first_day(case: Case, days: NDArray[np.int64]) -> dt.date | None:
    short = days[days >= 0]
    if short.size * 2 < days.size:
        return None
    return case.first + dt.timedelta(days=int(np.median(short)))
