"""Refugees by country, and people displaced inside the country, on later days: recorded and simulated, always apart.

A register is not an arrival: what is forecast is the last register known to the case and the people the engine brings
abroad since, so every other change of the register is an error here, and the words beside a miss say so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.model.case import Case
from asylia.model.history import History
from asylia.study.hindcast import known_fighting, run_members, totals_of
from asylia.study.settings import Settings

INSIDE: Final = ("in_zones", "displaced_outside_zones", "travelling", "trapped")
"""Counts that together are the people displaced inside."""
ALL: Final = "all these countries"
STOCKS: Final[dict[str, type[pl.DataType]]] = {
    "people": pl.String,
    "where": pl.String,
    "date": pl.Date,
    "before": pl.Int64,
    "recorded": pl.Int64,
    "forecast_low": pl.Float64,
    "forecast_middle": pl.Float64,
    "forecast_high": pl.Float64,
    "known_low": pl.Float64,
    "known_middle": pl.Float64,
    "known_high": pl.Float64,
}
"""`people`: refugees, or displaced_inside. `before`: the last figure the case knows."""

Drawn = Mapping[str, Sequence[History]]


def stocks(case: Case, events: pl.DataFrame, people: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Hold stocks against what was recorded on later days inside the horizon.

    Returns
    -------
    One row per country and day, and one per day for everybody displaced inside; columns as in `STOCKS`.
    """
    later = people.filter((pl.col("measure") == "stock") & pl.col("persons").is_not_null())
    last = case.first + dt.timedelta(days=settings.days - 1)
    rows: list[dict[str, object]] = []
    for date in later.filter(pl.col("date").is_between(case.first, last))["date"].unique().sort():
        recorded = later.filter(pl.col("date") == date)
        rows += _day(case, events, recorded, date, settings)
    return pl.DataFrame(rows, schema=STOCKS)


def _day(
    case: Case, events: pl.DataFrame, recorded: pl.DataFrame, date: dt.date, settings: Settings
) -> Iterator[dict[str, object]]:
    days = (date - case.first).days + 1
    short = Settings(members=settings.members, days=days, seed=settings.seed)
    ran: Drawn = {
        "forecast": run_members(case, short),
        "known": run_members(case, short, known_fighting(case, events, days)),
    }
    yield from _abroad(case, recorded, date, ran)
    inside = recorded.filter((pl.col("status") == "idp") & (pl.col("area") == case.country))
    before = _last(case, "idp", case.country)
    if inside.height and before is not None:
        counts = {name: sum(totals_of(own, INSIDE).values()) for name, own in ran.items()}
        flow = {name: np.asarray(table)[:, -1] for name, table in counts.items()}
        total = int(inside["persons"].sum())
        yield _row("displaced_inside", case.country, date, before, total, flow)


def _abroad(case: Case, recorded: pl.DataFrame, date: dt.date, ran: Drawn) -> Iterator[dict[str, object]]:
    """Give a row for each country with a register, and one for all of them if there are several."""
    countries = recorded.filter(pl.col("status") == "refugee").sort("area")
    known = [
        (area, int(persons), before)
        for area, persons in countries.select("area", "persons").iter_rows()
        if (before := _last(case, "refugee", area)) is not None
    ]
    flows = {name: {area: _came(case, own, area) for area, *_ in known} for name, own in ran.items()}
    for area, persons, before in known:
        yield _row(
            "refugees", area, date, before, persons, {name: before + flows[name][area] for name in flows}
        )
    if len(known) > 1:
        held, persons = sum(before for *_, before in known), sum(persons for _, persons, _ in known)
        both = {name: held + np.sum(list(own.values()), axis=0) for name, own in flows.items()}
        yield _row("refugees", ALL, date, held, persons, both)


def _came(case: Case, histories: Sequence[History], country: str) -> NDArray[np.int64]:
    """Count people the engine brought to a country by the last day, int64 (member,)."""
    inside = case.places.filter((pl.col("country") == country) | (pl.col("admin1") == country))["id"]
    spots = [histories[0].places.index(place) for place in inside if place in histories[0].places]
    return np.array([history.displaced_at[spots].sum() for history in histories], dtype=np.int64)


def _last(case: Case, status: str, area: str) -> int | None:
    """Return the last stock the case knows."""
    rows = case.people.filter(
        (pl.col("measure") == "stock")
        & (pl.col("status") == status)
        & (pl.col("area") == area)
        & pl.col("persons").is_not_null()
    )
    return int(rows.sort("date", maintain_order=True)["persons"][-1]) if rows.height else None


def _row(
    people: str,
    where: str,
    date: dt.date,
    before: int,
    recorded: int,
    drawn: Mapping[str, NDArray[np.int64]],
) -> dict[str, object]:
    row: dict[str, object] = {
        "people": people,
        "where": where,
        "date": date,
        "before": before,
        "recorded": recorded,
    }
    for name, counts in drawn.items():
        ends = zip(("low", "middle", "high"), np.percentile(counts, (5.0, 50.0, 95.0)), strict=True)
        row |= {f"{name}_{end}": float(value) for end, value in ends}
    return row
