"""Registers of refugees on a later day, forecast from the registers a case knows, as `asylia validate refugees` does.

The engine brings people over borders; this looks at the registers alone. Both are held against the same record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from asylia.io.people_series import PeopleSeries
from asylia.model.case import Case
from asylia.move.forecast.ahead import MOST_AHEAD
from asylia.study.series_forecast import SeriesForecaster
from asylia.study.series_pool import conflict_of, guide_by_income, learned_for

Three = tuple[float, float, float]
ENDS: Final = ("low", "middle", "high")


def registers(case: Case) -> PeopleSeries | None:
    """Return the registers a case knows, by country and day; none if it knows of none.

    Day 0 is the first lethal event the case knows, if that is earlier: how old a war is says how wide errors are.
    """
    rows = case.people.filter(
        (pl.col("measure") == "stock")
        & (pl.col("status") == "refugee")
        & pl.col("persons").is_not_null()
        & pl.col("area").is_not_null()
    ).sort("area", "date", maintain_order=True)
    if not rows.height:
        return None
    rows = rows.unique(("area", "date"), keep="last", maintain_order=True)
    events = case.events.select(pl.coalesce("date", "week").alias("day"))["day"].drop_nulls()
    first = min([*rows["date"], *events])
    by_place = {str(area): own for (area,), own in rows.group_by("area", maintain_order=True)}
    return PeopleSeries(
        name=case.id,
        first=first,
        places=tuple(by_place),
        days=tuple(
            np.array([(day - first).days for day in own["date"]], dtype=np.int64) for own in by_place.values()
        ),
        people=tuple(own["persons"].to_numpy().astype(np.float64) for own in by_place.values()),
        total_days=np.zeros(0, dtype=np.int64),
        totals=np.zeros(0),
    )


def forecast_registers(
    case: Case, date: dt.date, *, members: int, seed: int, together: str
) -> Mapping[str, Three]:
    """Return low, middle and high of each country's register on a day, and of all under the name `together`.

    What was learned on other conflicts was learned without the one this is a record of. Empty if nothing is known, or the
    day is further ahead than forecasts reach.
    """
    series = registers(case)
    days = (date - case.as_of).days
    if series is None or not 1 <= days <= MOST_AHEAD:
        return {}
    conflict = conflict_of(series, case.country, "")
    forecaster = SeriesForecaster(
        series=series,
        fitted=learned_for(conflict),
        guide=guide_by_income(series, conflict)[0],
        members=members,
        seed=seed,
    )
    outlook = forecaster.outlook((case.as_of - series.first).days, days)
    rows = zip(series.places, outlook.low, outlook.people, outlook.high, strict=True)
    found = {place: (float(low), float(middle), float(high)) for place, low, middle, high in rows}
    middle, low, high = outlook.total
    return {**found, together: (low, middle, high)}
