"""Months of a study: the periods in which things are ordered, paid and counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One calendar month, or the part of it inside the study.

    Parameters
    ----------
    first, last
        First and last day.
    start, stop
        The same as days of the study; `stop` is the day after the last.
    """

    first: dt.date
    last: dt.date
    start: int
    stop: int


@lru_cache
def months(first: dt.date, days: int) -> tuple[Period, ...]:
    """Cut a study into calendar months.

    >>> [(str(m.first), m.start, m.stop) for m in months(dt.date(2017, 2, 23), 40)]
    [('2017-02-23', 0, 6), ('2017-03-01', 6, 37), ('2017-04-01', 37, 40)]
    """
    every = [first + dt.timedelta(days=day) for day in range(days)]
    starts = [day for day, date in enumerate(every) if day == 0 or date.day == 1]
    stops = [*starts[1:], days]
    return tuple(
        Period(first=every[start], last=every[stop - 1], start=start, stop=stop)
        for start, stop in zip(starts, stops, strict=True)
    )


def person_days(people: NDArray[np.int64], first: dt.date) -> NDArray[np.int64]:
    """Add people up over the days of each month: int64 (..., day) to int64 (..., month)."""
    starts = [month.start for month in months(first, people.shape[-1])]
    summed: NDArray[np.int64] = np.add.reduceat(people, starts, axis=-1)
    return summed


def most_people(people: NDArray[np.int64], first: dt.date) -> NDArray[np.int64]:
    """Find most people in each month: int64 (..., day) to int64 (..., month)."""
    starts = [month.start for month in months(first, people.shape[-1])]
    most: NDArray[np.int64] = np.maximum.reduceat(people, starts, axis=-1)
    return most
