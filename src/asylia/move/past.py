"""Fighting in the weeks before the first day: what people know when the simulation starts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.model.case import Case

RECENT_WEEKS: Final = 4
"""Weeks of fighting that people weigh when they choose where to go."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Past:
    """Fighting before day 0, in weeks counted back from it.

    Parameters
    ----------
    recent
        float64 (place, week), lethal events of the last `RECENT_WEEKS` weeks, oldest first.
    quiet_weeks
        int64 (place,), weeks without a lethal event up to day 0; for a place without any, the weeks on record.
    """

    recent: NDArray[np.float64]
    quiet_weeks: NDArray[np.int64]


def read_past(case: Case, places: list[str]) -> Past:
    """Count lethal events by place and by week before the first day.

    Parameters
    ----------
    places
        The place axis.
    """
    weeks = weekly(case).filter(pl.col("back") > 0)
    recorded = int(weeks["back"].max() or 0)  # type: ignore[arg-type]  # polars types max() by no column type
    index = {place: row for row, place in enumerate(places)}
    recent = np.zeros((len(places), RECENT_WEEKS))
    quiet = np.full(len(places), recorded, dtype=np.int64)
    for place, back, events in weeks.iter_rows():
        if place not in index or events <= 0:
            continue
        quiet[index[place]] = min(quiet[index[place]], back - 1)
        if back <= RECENT_WEEKS:
            recent[index[place], RECENT_WEEKS - back] += events
    return Past(recent=recent, quiet_weeks=quiet)


def weekly(case: Case) -> pl.DataFrame:
    """Sum events by place and calendar week before the first day: place, back (1 is the last week), events.

    Weeks run from Monday, as in events.csv. A week that the first day cuts short counts with the one before it, so the
    last week is never an empty one.
    """
    day = pl.coalesce("date", "week")
    start = case.first - dt.timedelta(days=case.first.weekday())
    back = (pl.lit(start) - day.dt.truncate("1w")).dt.total_days() // 7
    return (
        case.events.filter(day.is_not_null() & (day < case.first))
        .select("place", back.clip(lower_bound=1).alias("back"), "events")
        .group_by("place", "back")
        .agg(pl.col("events").sum())
        .sort("place", "back")
    )
