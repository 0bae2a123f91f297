"""How many people leave home for each lethal event: fitted to what a case records, and checked against it.

The method, in order:

1. Weekly events are spread over their seven days and summed by first-level area and by recorded month.
2. The national rate is all recorded people over all recorded events. Its range is the spread of the monthly national
   rates, 5 to 95 %, placed so that draws between the bounds have the recorded rate as their mean.
3. The spread of departures is the spread of log(people / events) over months within areas. The mean of each area is
   taken out first: records count people where they *arrive*, events where they *happen*, so an area's own rate says
   more about where people go than about how many leave. It is kept in `areas` for the reader and used for nothing.
4. Returns a week over people displaced, divided by the share of homes that had been quiet long enough.

Nothing is fitted where a case has no flows: the defaults of `model.rules` stay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import chi2

from asylia.model.case import Case
from asylia.model.rules import RULES
from asylia.model.uncertain import Evidence, Uncertain
from asylia.move.past import weekly
from asylia.move.stock import displaced_by_origin, people_displaced

TAIL: Final = 1.6448536269514722
"""95 % point of the normal distribution."""
FEW_EVENTS: Final = 3.0
"""An area and month with fewer events says nothing on the spread."""
LEAST_MONTHS: Final = 3
"""Fewer months than this give no rate."""
LEAST_FACTOR: Final = 1.5
"""A range never runs closer than this factor about its middle, however even the months are."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DepartureFit:
    """What the records of a case say about departures and returns.

    Parameters
    ----------
    rules
        Fitted numbers by rule name; empty where nothing could be fitted.
    per_event
        National rate, people per lethal event; `nan` if there is none.
    months
        Columns: date, days, events, recorded, predicted (people).
    areas
        Columns: area, events, recorded, predicted, log_ratio: people by area of arrival against events in the area.
    daily
        float64 (day,), lethal events a day in the whole country; `start` is its first day.
    notes
        What a reader must know, in sentences.
    """

    rules: Mapping[str, Uncertain] = field(default_factory=dict)
    per_event: float = float("nan")
    months: pl.DataFrame = field(default_factory=pl.DataFrame)
    areas: pl.DataFrame = field(default_factory=pl.DataFrame)
    daily: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    start: dt.date = dt.date.min
    notes: tuple[str, ...] = ()

    def per_day(self, first: dt.date, last: dt.date) -> tuple[float, float]:
        """Return predicted and recorded people newly displaced a day, from first to last day inclusive.

        Recorded months count in proportion to the days that fall inside.
        """
        days = (last - first).days + 1
        begin, end = max((first - self.start).days, 0), max((last - self.start).days + 1, 0)
        predicted = float(self.daily[begin:end].sum()) * self.per_event / days
        recorded = 0.0
        for date, length, people in self.months.select("date", "days", "recorded").iter_rows():
            inside = min(last, date + dt.timedelta(days=length - 1)) - max(first, date)
            recorded += people * max(inside.days + 1, 0) / length
        return predicted, recorded / days


def fit(case: Case) -> DepartureFit:
    """Fit departures and returns to the flows and events of a case before its first day."""
    areas = sorted(set(case.places.filter(pl.col("country") == case.country)["admin1"].to_list()))
    start, events = _daily_events(case, areas)
    flows = _flows(case, "newly_displaced", areas, start, start + dt.timedelta(days=events.shape[1]))
    if flows.height == 0 or events.sum() == 0:
        return DepartureFit()
    cells = _cells(flows, events, areas, start)
    months = cells.group_by("date", "days").agg(pl.col("events", "recorded").sum()).sort("date")
    if months.height < LEAST_MONTHS or months["events"].sum() <= 0 or months["recorded"].sum() <= 0:
        return DepartureFit()
    rate = float(months["recorded"].sum()) / float(months["events"].sum())
    rules = {"displaced_per_event": _rate_range(rate, months)}
    rules |= _spread(cells) | _returns(case, areas, start, events)
    return DepartureFit(
        rules=rules,
        per_event=rate,
        months=months.with_columns((pl.col("events") * rate).alias("predicted")),
        areas=_by_area(cells, rate),
        daily=events.sum(axis=0),
        start=start,
        notes=(
            "People are recorded where they arrive, events where they happen: rates by area mix the two.",
            "One person can be recorded more than once, and areas without access report nothing.",
        ),
    )


def _daily_events(case: Case, areas: list[str]) -> tuple[dt.date, NDArray[np.float64]]:
    """Spread events before the first day over days: the first day, and float64 (area, day)."""
    rows = weekly(case).filter(pl.col("back") > 0)
    weeks = int(rows["back"].max() or 0)  # type: ignore[arg-type]  # polars types max() by no column type
    area_of = dict(case.places.select("id", "admin1").iter_rows())
    table = np.zeros((len(areas), weeks))
    for place, back, events in rows.iter_rows():
        if area_of.get(place) in areas:
            table[areas.index(area_of[place]), weeks - back] += events
    monday = case.first - dt.timedelta(days=case.first.weekday())
    return monday - dt.timedelta(weeks=weeks), np.repeat(table / 7.0, 7, axis=1)


def _flows(case: Case, measure: str, areas: list[str], first: dt.date, end: dt.date) -> pl.DataFrame:
    """Keep recorded periods for which events are known, but for a part of the first week: date, days, area, persons."""
    whole = pl.col("group").is_null() | (pl.col("group") == "")
    last = pl.col("date") + pl.duration(days="days")
    return (
        case.people.filter(
            (pl.col("measure") == measure)
            & whole
            & pl.col("area").is_in(areas)
            & pl.col("persons").is_not_null()
            & pl.col("days").is_not_null()
            & (pl.col("date") > first - dt.timedelta(weeks=1))
            & (last <= end)
        )
        .group_by("date", "days", "area")
        .agg(pl.col("persons").sum())
        .sort("date", "days", "area")
    )


def _cells(
    flows: pl.DataFrame, events: NDArray[np.float64], areas: list[str], start: dt.date
) -> pl.DataFrame:
    """Put people and events of each area and period side by side: date, days, area, recorded, events."""
    recorded = {(d, n, a): p for d, n, a, p in flows.iter_rows()}
    rows = []
    for date, days in flows.select("date", "days").unique().sort("date", "days").iter_rows():
        begin, end = max((date - start).days, 0), (date - start).days + days
        # the first recorded month may begin some days before the first whole week of events
        scale = days / (end - begin)
        for row, area in enumerate(areas):
            happened = float(events[row, begin:end].sum()) * scale
            rows.append((date, days, area, float(recorded.get((date, days, area), 0)), happened))
    return pl.DataFrame(rows, schema=["date", "days", "area", "recorded", "events"], orient="row")


def _rate_range(rate: float, months: pl.DataFrame) -> Uncertain:
    known = months.filter((pl.col("events") > 0) & (pl.col("recorded") > 0))
    logs = np.log((known["recorded"] / known["events"]).to_numpy())
    width = max(TAIL * float(logs.std(ddof=1)), float(np.log(LEAST_FACTOR)))
    middle = rate * width / float(np.sinh(width))
    return Uncertain(
        low=middle * float(np.exp(-width)),
        high=middle * float(np.exp(width)),
        shape="log",
        evidence=Evidence.DERIVED,
        why=(
            f"Recorded: {rate:.0f} people for each lethal event over {months.height} months;"
            " the range is how far single months lie apart (5 to 95 %), with that mean."
        ),
    )


def _spread(cells: pl.DataFrame) -> dict[str, Uncertain]:
    known = cells.filter((pl.col("events") >= FEW_EVENTS) & (pl.col("recorded") > 0)).with_columns(
        (pl.col("recorded") / pl.col("events")).log().alias("log")
    )
    known = known.filter(pl.len().over("area") >= LEAST_MONTHS)
    groups = known["area"].n_unique()
    free = known.height - groups
    if groups < 2 or free < LEAST_MONTHS:
        return {}
    inside = known.select(pl.col("log") - pl.col("log").mean().over("area"))["log"].to_numpy()
    spread = float(np.sqrt((inside**2).sum() / free))
    # months of one area resemble each other, so areas are counted, not months
    low, high = (spread * np.sqrt((groups - 1) / chi2.ppf(p, groups - 1)) for p in (0.95, 0.05))
    return {
        "departure_spread": Uncertain(
            low=float(low),
            high=float(high),
            evidence=Evidence.DERIVED,
            why=(
                f"Recorded: months within {groups} areas lie {spread:.2f} apart on the log scale;"
                " interval of a standard deviation, areas counted once."
            ),
        )
    }


def _returns(
    case: Case, areas: list[str], start: dt.date, events: NDArray[np.float64]
) -> dict[str, Uncertain]:
    displaced = people_displaced(case)
    flows = _flows(case, "returned", areas, start, start + dt.timedelta(days=events.shape[1]))
    periods = flows.group_by("date", "days").agg(pl.col("persons").sum()).sort("date")
    periods = periods.filter(pl.col("persons") > 0)
    if periods.height == 0 or displaced == 0:
        return {}
    shares = (periods["persons"] / periods["days"] * 7.0 / displaced).to_numpy()
    quiet = _quiet_share(case)
    middle = float(shares.mean()) / quiet
    factor = max(float(np.exp(TAIL * np.log(shares).std())), 2.0 if periods.height >= LEAST_MONTHS else 3.0)
    return {
        "return_share_per_week": Uncertain(
            low=middle / factor,
            high=min(middle * factor, 1.0),
            shape="log",
            evidence=Evidence.DERIVED,
            why=(
                f"Recorded returns of {periods.height} month{'s' if periods.height > 1 else ''} against"
                f" {displaced:,} displaced people,"
                f" of whose homes {quiet:.0%} had been quiet long enough."
            ),
        )
    }


def _quiet_share(case: Case) -> float:
    """Share of displaced people whose home had been quiet long enough on the first day.

    People of an area are away from its places in proportion to residents, as in the engine; the weeks that are long enough
    run over the whole range of `return_quiet_weeks`.
    """
    home = case.places.filter((pl.col("country") == case.country) & (pl.col("population") > 0))
    share = (pl.col("population") / pl.col("population").sum().over("admin1")).alias("share")
    origin = pl.DataFrame(
        list(displaced_by_origin(case).items()),
        schema={"admin1": pl.String, "people": pl.Float64},
        orient="row",
    )
    away = (
        home.select("id", "admin1", share)
        .join(origin, on="admin1")
        .with_columns((pl.col("share") * pl.col("people")).alias("away"))
    )
    weeks = case.rules.get("return_quiet_weeks", RULES["return_quiet_weeks"].default)
    quiet = [_quiet_people(case, away, weeks.at(luck)) for luck in (0.1, 0.3, 0.5, 0.7, 0.9)]
    total = float(away["away"].sum())
    return max(float(np.mean(quiet)) / total, 0.02) if total else 1.0


def _quiet_people(case: Case, away: pl.DataFrame, needed: float) -> float:
    loud = weekly(case).filter((pl.col("back") <= needed) & (pl.col("events") > 0))["place"].to_list()
    return float(away.filter(~pl.col("id").is_in(sorted(set(loud))))["away"].sum())


def _by_area(cells: pl.DataFrame, rate: float) -> pl.DataFrame:
    table = cells.group_by("area").agg(pl.col("events", "recorded").sum()).sort("area")
    predicted = pl.col("events") * rate
    known = (pl.col("recorded") > 0) & (pl.col("events") > 0)
    ratio = pl.when(known).then((pl.col("recorded") / predicted).log())
    return table.with_columns(predicted.alias("predicted"), ratio.alias("log_ratio"))
