"""Refugees by country, and people displaced inside the country, on later days: recorded and simulated, always apart.

A register is not an arrival: what the engine forecasts is the last register known to the case and the people it brings
abroad since, so every other change of the register is an error here, and the words beside a miss say so. Beside it stands
a forecast from the registers alone, by country.
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
from asylia.study.hindcast import totals_of
from asylia.study.hindcast_register import ENDS, Three, forecast_registers

INSIDE: Final = ("in_zones", "displaced_outside_zones", "travelling", "trapped")
"""Counts that together are the people displaced inside."""
ALL: Final = "all these countries"
FEWEST_DRAWS: Final = 200
"""Draws of a register, of which there is one forecast a country: fewer would make ranges of chance."""
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
    "register_low": pl.Float64,
    "register_middle": pl.Float64,
    "register_high": pl.Float64,
}
"""`people`: refugees, or displaced_inside. `before`: the last figure the case knows. `register`: forecast from registers alone."""

Drawn = Mapping[str, Sequence[History]]


def stocks(
    case: Case, people: pl.DataFrame, ran: Drawn, *, members: int = 100, seed: int = 1
) -> pl.DataFrame:
    """Hold stocks against what was recorded on later days inside the horizon.

    The engine keeps how many leave the country, not where to: a single country has its record and no forecast, and the sum
    is held against the record on days on which every country the case knows a register of has one.

    Returns
    -------
    One row per country and day, one for all of them, and one per day for everybody displaced inside; columns as in `STOCKS`.
    """
    later = people.filter((pl.col("measure") == "stock") & pl.col("persons").is_not_null())
    last = case.first + dt.timedelta(days=ran["forecast"][0].counts.shape[1] - 1)
    rows: list[dict[str, object]] = []
    for date in later.filter(pl.col("date").is_between(case.first, last))["date"].unique().sort():
        recorded = later.filter(pl.col("date") == date)
        alone = forecast_registers(case, date, members=max(members, FEWEST_DRAWS), seed=seed, together=ALL)
        rows += [_with_register(row, alone) for row in _abroad(case, recorded, date, ran)]
        rows += _inside(case, recorded, date, ran)
    return pl.DataFrame(rows, schema=STOCKS)


def _with_register(row: dict[str, object], alone: Mapping[str, Three]) -> dict[str, object]:
    bounds = alone.get(str(row["where"]))
    return row | {f"register_{end}": value for end, value in zip(ENDS, bounds or (), strict=False)}


def _abroad(case: Case, recorded: pl.DataFrame, date: dt.date, ran: Drawn) -> Iterator[dict[str, object]]:
    refugees = recorded.filter(pl.col("status") == "refugee")
    held = {area: before for area in _registers(case) if (before := _last(case, "refugee", area)) is not None}
    came = {area: int(persons) for area, persons in refugees.select("area", "persons").iter_rows()}
    for area in sorted(held.keys() & came.keys()):
        yield _row("refugees", area, date, held[area], came[area], {})
    if held and held.keys() <= came.keys():
        before = sum(held.values())
        drawn = {name: before + _on(case, own, ("abroad_new",), date) for name, own in ran.items()}
        yield _row("refugees", ALL, date, before, sum(came[area] for area in held), drawn)


def _inside(case: Case, recorded: pl.DataFrame, date: dt.date, ran: Drawn) -> Iterator[dict[str, object]]:
    rows = recorded.filter((pl.col("status") == "idp") & (pl.col("area") == case.country))
    before = _last(case, "idp", case.country)
    if rows.height and before is not None:
        drawn = {name: _on(case, own, INSIDE, date) for name, own in ran.items()}
        yield _row("displaced_inside", case.country, date, before, int(rows["persons"].sum()), drawn)


def _on(case: Case, histories: Sequence[History], counts: Sequence[str], date: dt.date) -> NDArray[np.int64]:
    """Add up counts on a day, int64 (member,)."""
    tables = totals_of(histories, counts)
    day = (date - case.first).days
    return np.asarray(np.sum([table[:, day] for table in tables.values()], axis=0), dtype=np.int64)


def _registers(case: Case) -> list[str]:
    """Return the countries the case knows a register of refugees of."""
    rows = case.people.filter((pl.col("measure") == "stock") & (pl.col("status") == "refugee"))
    return sorted(set(rows["area"].drop_nulls().to_list()))


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
