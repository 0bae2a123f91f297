"""Lethal events of a case, counted by place and whole week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray


def weekly_counts(
    events: pl.DataFrame, places: Sequence[str], first_monday: dt.date, weeks: int
) -> NDArray[np.int64]:
    """Count lethal events by place and week.

    Parameters
    ----------
    events
        Rows with `place`, `events` and either `date` or `week` (the Monday). Rows of other places or times are left out.

    Returns
    -------
    int64 (place, week).
    """
    counts = np.zeros((len(places), weeks), dtype=np.int64)
    at = {place: row for row, place in enumerate(places)}
    rows = events.select("place", when=_when(events), events="events").drop_nulls()
    for place, when, number in rows.iter_rows():
        week = (when - first_monday).days // 7
        if place in at and 0 <= week < weeks:
            counts[at[place], week] += number
    return counts


def monday(day: dt.date) -> dt.date:
    """Return the Monday of a day's week.

    >>> monday(dt.date(2017, 2, 22)).isoformat()
    '2017-02-20'
    """
    return day - dt.timedelta(days=day.weekday())


def span(events: pl.DataFrame, as_of: dt.date) -> tuple[dt.date, int]:
    """Give the first Monday with an event and the number of whole weeks up to the as-of date, at least one."""
    end = monday(as_of + dt.timedelta(days=1))
    days = events.select(_when(events)).to_series().drop_nulls().to_list() if events.height else []
    first = monday(min(days)) if days and min(days) < end else end - dt.timedelta(weeks=1)
    return first, (end - first).days // 7


def _when(events: pl.DataFrame) -> pl.Expr:
    there = [pl.col(name) for name in ("date", "week") if name in events.columns]
    return pl.coalesce(there)
