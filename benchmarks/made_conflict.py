"""A made-up recorded conflict of any size, for measuring: towns in a ring, three of them with fighting, camps abroad."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from asylia.model.replay import NO_CAPACITY, Replay, ReplaySettings

FIRST = dt.date(2026, 1, 5)
TOWNS, CAMPS, ZONES = 20, 4, 3
Rows = list[dict[str, object]]


def made_conflict(people: int, days: int) -> Replay:
    """Make a conflict in which so many people set out evenly over the first half of the days."""
    places: Rows = [
        _place(f"t{n:02d}", "conflict" if n < ZONES else "town", "Riverland") for n in range(TOWNS)
    ]
    places += [_place(f"c{n}", "camp", "Hills") for n in range(CAMPS)]
    links: Rows = [
        _link(f"t{n:02d}", f"t{(n + step) % TOWNS:02d}", 60.0 + 7 * n)
        for n in range(TOWNS)
        for step in (1, 5)
    ]
    links += [_link(f"t{5 * n + 4:02d}", f"c{n}", 90.0 + 20 * n) for n in range(CAMPS)]
    share = people // CAMPS
    reports: Rows = [
        {"camp": f"c{n}", "file": f"c{n}.csv", "date": FIRST + dt.timedelta(days=day), "people": count}
        for n in range(CAMPS)
        for day, count in ((0, share // 100), (days // 2, share), (days, share))
    ]
    return Replay(
        id="made",
        title="Made up",
        first=FIRST,
        days=days,
        places=_frame(places, PLACES),
        links=_frame(links, LINKS),
        intensity=np.tile(
            np.array([row["kind"] == "conflict" for row in places], dtype=np.float64), (days, 1)
        ),
        closures=_frame([], CLOSURES),
        corrections=_frame([], CORRECTIONS),
        reports=_frame(reports, REPORTS),
        totals=_frame(
            [
                {"date": FIRST, "people": people // 100},
                {"date": FIRST + dt.timedelta(days=days), "people": people},
            ],
            TOTALS,
        ),
        facts=_frame([], FACTS),
        settings=ReplaySettings(
            default_movechance=0.5, max_move_speed=400.0, softening=50.0, awareness_level=1
        ),
    )


def scaled(replay: Replay, people: int) -> Replay:
    """Return the same conflict with so many people in the reports at their peak, and capacities to match."""
    peak = replay.reports.group_by("date").agg(pl.col("people").sum())["people"].max()
    factor = people / float(str(peak))
    times = (pl.col("people") * factor).round().cast(pl.Int64)
    room = (
        pl.when(pl.col("capacity") > 0)
        .then((pl.col("capacity") * factor).round().clip(1))
        .otherwise(pl.col("capacity"))
    )
    return replace(
        replay,
        reports=replay.reports.with_columns(times),
        totals=replay.totals.with_columns(times),
        places=replay.places.with_columns(room.cast(pl.Int64)),
    )


PLACES = {
    "name": pl.String, "region": pl.String, "country": pl.String, "lat": pl.Float64, "lon": pl.Float64,
    "kind": pl.String, "onset_day": pl.Int64, "population": pl.Int64, "capacity": pl.Int64,
}  # fmt: skip
LINKS = {
    "from": pl.String, "to": pl.String, "distance_km": pl.Float64, "redirection": pl.Int64,
    "max_move_speed": pl.Float64, "walk_probability": pl.Float64,
}  # fmt: skip
CLOSURES = {"what": pl.String, "name1": pl.String, "name2": pl.String, "start": pl.Int64, "end": pl.Int64}
CORRECTIONS = {"camp": pl.String, "date": pl.Date}
REPORTS = {"camp": pl.String, "file": pl.String, "date": pl.Date, "people": pl.Int64}
TOTALS = {"date": pl.Date, "people": pl.Int64}
FACTS = {"place": pl.String, "name": pl.String, "value": pl.String}


def _place(name: str, kind: str, country: str) -> dict[str, object]:
    fighting = kind == "conflict"
    return {
        "name": name, "region": "North", "country": country, "lat": 14.0, "lon": 2.0, "kind": kind,
        "onset_day": 0 if fighting else None, "population": 0 if kind == "camp" else 50_000, "capacity": NO_CAPACITY,
    }  # fmt: skip


def _link(start: str, end: str, km: float) -> dict[str, object]:
    return {"from": start, "to": end, "distance_km": km, "redirection": 0}


def _frame(rows: Rows, schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=dict(schema))
