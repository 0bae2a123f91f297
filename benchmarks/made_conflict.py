"""A made-up recorded conflict of any size, for measuring: towns in a ring, three of them with fighting, camps abroad."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl

from asylia.io.flee_frames import REPLAY_FRAMES, replay_frame
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
        places=_frame(places, "places"),
        links=_frame(links, "links"),
        intensity=np.tile(
            np.array([row["kind"] == "conflict" for row in places], dtype=np.float64), (days, 1)
        ),
        closures=_frame([], "closures"),
        corrections=_frame([], "corrections"),
        reports=_frame(reports, "reports"),
        totals=_frame(
            [
                {"date": FIRST, "people": people // 100},
                {"date": FIRST + dt.timedelta(days=days), "people": people},
            ],
            "totals",
        ),
        facts=_frame([], "facts"),
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


def _place(name: str, kind: str, country: str) -> dict[str, object]:
    fighting = kind == "conflict"
    return {
        "name": name, "region": "North", "country": country, "lat": 14.0, "lon": 2.0, "kind": kind,
        "onset_day": 0 if fighting else None, "population": 0 if kind == "camp" else 50_000, "capacity": NO_CAPACITY,
    }  # fmt: skip


def _link(start: str, end: str, km: float) -> dict[str, object]:
    return {"from": start, "to": end, "distance_km": km, "redirection": 0}


def _frame(rows: Rows, name: str) -> pl.DataFrame:
    return replay_frame(name, [[row.get(column) for column in REPLAY_FRAMES[name]] for row in rows])
