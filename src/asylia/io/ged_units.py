"""Put UCDP events into places and weeks, each only where its precision allows; the rest is kept apart and counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from asylia.core.draws import stable_id
from asylia.core.errors import CaseError, Problem

Unit = Literal["district", "cell", "disc"]
CELL_DEGREES: Final = 0.25
POINT: Final = 2
"""Coarsest place precision at which a point can be used: 1 exact, 2 within about 25 km."""
DISTRICT: Final = 3
"""Coarsest at which the district (second level) is known."""
MONTH: Final = 4
"""Coarsest date precision that is used; 5 means that only the year is known."""
DISC_KM: Final = 12.0
"""Radius of a disc around a place (research note on protection, section 3)."""
KM_PER_DEGREE: Final = 111.2
ENOUGH: Final = 0.8
"""Share of well placed rows with a district from which districts are the unit, if none is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Events by unit and week.

    Parameters
    ----------
    unit
        What the places are.
    events
        unit (id), week (Monday), events, deaths_low, deaths_best, deaths_high, without_deaths (events whose best estimate is 0),
        exact (events with place precision 1); sorted by week and unit.
    places
        unit, name, admin1, latitude, longitude (mean of its events, or centre of the cell), sorted by unit.
    apart
        Events that were not placed: the columns of `read_ged` and `why`.
    """

    unit: Unit
    events: pl.DataFrame
    places: pl.DataFrame
    apart: pl.DataFrame


def usual_unit(frame: pl.DataFrame) -> Unit:
    """Choose districts where the file names them for most well placed rows, else cells of 0.25 degrees."""
    good = frame.filter(pl.col("place_precision") <= DISTRICT)
    if good.height and good["admin2"].is_not_null().sum() >= ENOUGH * good.height:
        return "district"
    return "cell"


def place(frame: pl.DataFrame, unit: Unit, *, centres: pl.DataFrame | None = None) -> Placed:
    """Put events into units and weeks.

    A row is one event in one week: that of a day of its span, chosen by its id so that many long rows spread evenly. Its
    deaths go with it. Rows whose precision is blank count as near a point (the case of extracts that say so).

    Parameters
    ----------
    frame
        From `read_ged`.
    centres
        For discs: id, name, admin1, latitude, longitude. An event belongs to the nearest within `DISC_KM`.
    """
    told = frame.with_columns(why=_why(unit), week=_week(frame))
    good = told.filter(pl.col("why").is_null())
    if unit == "disc":
        if centres is None:
            raise CaseError(
                [Problem(file="places.csv", must="discs have centres", mend="Name an existing case.")]
            )
        good = _in_discs(good, centres)
        lost = told.join(good.select("row"), on="row", how="anti")
        apart = lost.with_columns(
            why=pl.col("why").fill_null(f"further than {DISC_KM:g} km from every place")
        )
    else:
        good = good.with_columns(unit=_unit(unit))
        apart = told.filter(pl.col("why").is_not_null())
    return Placed(
        unit=unit, events=_summed(good), places=_places(good, unit, centres), apart=apart.drop("week")
    )


def _why(unit: Unit) -> pl.Expr:
    """Say why a row cannot be placed; null if it can."""
    most = DISTRICT if unit == "district" else POINT
    coarse = pl.when(pl.col("place_precision") > most).then(pl.lit("place known too coarsely"))
    dated = coarse.when(pl.col("date_precision") > MONTH).then(pl.lit("only the year is known"))
    if unit != "district":
        return dated.otherwise(None)
    return dated.when(pl.col("admin2").is_null()).then(pl.lit("no district named")).otherwise(None)


def _week(frame: pl.DataFrame) -> pl.Series:
    """Give the Monday of the day on which each row counts."""
    days = [
        start if end == start else start + dt.timedelta(days=stable_id(name) % ((end - start).days + 1))
        for name, start, end in frame.select("id", "start", "end").iter_rows()
    ]
    return pl.Series("week", days, dtype=pl.Date).dt.truncate("1w")


def _unit(unit: Unit) -> pl.Expr:
    if unit == "district":
        return pl.concat_str(pl.col("admin1").fill_null(""), pl.lit(" / "), pl.col("admin2"))
    corner = [(pl.col(name) / CELL_DEGREES).floor() * CELL_DEGREES for name in ("latitude", "longitude")]
    return pl.format("cell {} {}", *corner)


def _in_discs(good: pl.DataFrame, centres: pl.DataFrame) -> pl.DataFrame:
    """Give each event the id of the nearest centre within reach; events out of reach fall away."""
    pairs = good.select("row", "latitude", "longitude").join(
        centres.select(unit="id", north="latitude", east="longitude"), how="cross"
    )
    turn = (((pl.col("latitude") + pl.col("north")) / 2.0).radians()).cos()
    up = (pl.col("latitude") - pl.col("north")) * KM_PER_DEGREE
    along = (pl.col("longitude") - pl.col("east")) * KM_PER_DEGREE * turn
    near = pairs.with_columns(km=(up**2 + along**2).sqrt()).filter(pl.col("km") <= DISC_KM)
    nearest = near.sort("row", "km", "unit").unique("row", keep="first", maintain_order=True)
    return good.join(nearest.select("row", "unit"), on="row", how="inner")


def _summed(good: pl.DataFrame) -> pl.DataFrame:
    return (
        good.group_by("unit", "week")
        .agg(
            events=pl.len().cast(pl.Int64),
            deaths_low=pl.col("deaths_low").sum(),
            deaths_best=pl.col("deaths_best").sum(),
            deaths_high=pl.col("deaths_high").sum(),
            without_deaths=(pl.col("deaths_best") == 0).sum().cast(pl.Int64),
            exact=(pl.col("place_precision") == 1).sum().cast(pl.Int64),
        )
        .sort("week", "unit")
    )


def _places(good: pl.DataFrame, unit: Unit, centres: pl.DataFrame | None) -> pl.DataFrame:
    if centres is not None:
        chosen = centres.select("name", "admin1", "latitude", "longitude", unit="id")
        return chosen.select("unit", "name", "admin1", "latitude", "longitude").sort("unit")
    # sorted, so that a sum of coordinates does not depend on the order of the file
    good = good.sort("unit", "latitude", "longitude")
    mean = {name: pl.col(name).mean() for name in ("latitude", "longitude")}
    if unit == "cell":
        half = CELL_DEGREES / 2.0
        mean = {name: (pl.col(name).first() / CELL_DEGREES).floor() * CELL_DEGREES + half for name in mean}
    name = pl.col("admin2").first() if unit == "district" else pl.col("unit").first()
    admin1 = pl.col("admin1").first()
    return good.group_by("unit").agg(name=name, admin1=admin1, **mean).sort("unit")
