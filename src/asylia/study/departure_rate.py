"""People who leave home for each lethal event: what the case believes, what its months said, and what later months said.

Three ranges, and they are not the same thing. The case's own is what every member draws. *A month like these* is the
predictive range of one more month, given the months before the case (log-normal months, flat prior on the mean and the
log spread, so a t distribution). *The middle month* is the posterior of the median alone, which narrows with more months.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl
from scipy.stats import t as student

from asylia.model.case import Case
from asylia.model.rules import RULES
from asylia.model.uncertain import Uncertain
from asylia.move.departures import LEAST_MONTHS, fit

RULE: Final = "displaced_per_event"
MONTHS: Final[dict[str, type[pl.DataType]]] = {
    "month": pl.Date,
    "later": pl.Boolean,
    "events": pl.Float64,
    "recorded": pl.Float64,
    "per_event": pl.Float64,
}
Range = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DepartureRate:
    """People newly displaced for each lethal event.

    Parameters
    ----------
    case
        Low, middle and high of what members draw, evenly on the scale the case gives.
    why
        Where that range comes from, in a sentence.
    month, median
        From the months before the case: one more month, and the middle month; `None` with too few.
    months
        Columns as in `MONTHS`: months the case knew, and later ones, of people in the whole country.
    """

    case: Range
    why: str
    month: Range | None
    median: Range | None
    months: pl.DataFrame

    def inside(self, bounds: Range) -> tuple[int, int]:
        """Count later months inside a range, and all later months with both people and events."""
        later = self.months.filter("later")["per_event"].drop_nulls()
        return int(later.is_between(bounds[0], bounds[2]).sum()), later.len()


def departure_rate(case: Case, events: pl.DataFrame, people: pl.DataFrame) -> DepartureRate:
    """Hold the case's departures per lethal event against the months before it and after it.

    Parameters
    ----------
    events, people
        What came after the case, as `io.hindcast` reads it.
    """
    months = _months(case, events, people)
    own = case.rules.get(RULE)
    number: Uncertain = own if own is not None else RULES[RULE].default
    logs = np.log(months.filter(~pl.col("later"))["per_event"].drop_nulls().to_numpy())
    known = logs.size >= LEAST_MONTHS
    return DepartureRate(
        case=(number.low, number.at(0.5), number.high),
        why=number.why,
        month=_student(logs, 1.0 + 1.0 / logs.size) if known else None,
        median=_student(logs, 1.0 / logs.size) if known else None,
        months=months,
    )


def _student(logs: np.ndarray[tuple[int, ...], np.dtype[np.float64]], share: float) -> Range:
    """Return 5, 50 and 95 % of a t distribution on the log scale."""
    centre, spread = float(logs.mean()), float(logs.std(ddof=1)) * float(np.sqrt(share))
    low, middle, high = (
        float(np.exp(centre + float(student.ppf(at, logs.size - 1)) * spread)) for at in (0.05, 0.5, 0.95)
    )
    return low, middle, high


def _months(case: Case, events: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Count people and events by month with the rule of the fit, before and after the case's first day."""
    later = _as_if_later(case, events, people)
    table = fit(later).months
    if not table.height:
        return pl.DataFrame(schema=MONTHS)
    told = (pl.col("events") > 0) & (pl.col("recorded") > 0)
    return table.select(
        pl.col("date").alias("month"),
        (pl.col("date") + pl.duration(days="days") > case.first).alias("later"),
        "events",
        "recorded",
        pl.when(told).then(pl.col("recorded") / pl.col("events")).alias("per_event"),
    ).cast(dict(MONTHS))  # type: ignore[arg-type]  # polars' stubs know no mapping of names to types


def _as_if_later(case: Case, events: pl.DataFrame, people: pl.DataFrame) -> Case:
    """Put what came after into the case and move its first day behind the last whole week of it."""
    weeks = events["week"].drop_nulls()
    if not weeks.len():
        return case
    end = weeks.max()
    if not isinstance(end, dt.date):
        raise TypeError("weeks are dates")
    return replace(
        case,
        first=max(case.first, end + dt.timedelta(days=7)),
        events=pl.concat([case.events, events]),
        people=pl.concat([case.people, people]),
    )
