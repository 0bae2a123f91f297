"""What was recorded: reports of a camp between its dates, corrected, and how many people set out each day.

Source: `docs/explanation/flee-rules.md`, "Reports" and "Newcomers"; Suleimenova, Bell and Groen (2017).
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.errors import CaseError, Problem
from asylia.model.replay import Observed, Replay

Series = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Days from day 0 (may be negative), rising, and the people reported."""


def observe(replay: Replay, *, quirks: bool = False) -> Observed:
    """Work out the recorded people by day and camp, and the newcomers of each day.

    Reports are joined by straight lines, cut to whole persons, and constant before the first and after the last.
    Reports of camps that are no place of the replay count among the newcomers, as in the published engine, but not
    among the camps.

    Parameters
    ----------
    quirks
        Count day 0 twice where `insert_day0` is off, as the published engine does.

    Raises
    ------
    CaseError
        If a correction names a date without a report.
    """
    camps = replay.camps
    days = np.arange(replay.days)
    reported = np.zeros((replay.days, len(camps)), dtype=np.int64)
    for column, camp in enumerate(camps):
        reported[:, column] = _by_day(_corrected(replay, camp), days)
    if replay.settings.empty_camps_on_day0:
        reported -= reported[:1].copy()
    newcomers = _newcomers(replay, reported, quirks=quirks)
    known = np.isin(camps, replay.places["name"].to_list())
    people = reported[:, known]
    for array in (people, newcomers):
        array.setflags(write=False)
    return Observed(camps=tuple(np.array(camps)[known].tolist()), people=people, newcomers=newcomers)


def _by_day(series: Series, days: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.interp(days, series[0], series[1]).astype(np.int64)


def _corrected(replay: Replay, camp: str) -> Series:
    days, people = _merged(replay, camp)
    for row, date in enumerate(replay.corrections.filter(pl.col("camp") == camp)["date"]):
        day = _day(replay, date)
        if day < 0:
            continue
        at = int(np.searchsorted(days, day))
        if at == days.size or days[at] != day:
            raise _no_report(camp, date, row)
        if at > 0 and people[at - 1] > 0:
            people[:at] *= people[at] / people[at - 1]
    return days, people


def _merged(replay: Replay, camp: str) -> Series:
    """Add the files of a camp up, at every date of any of them."""
    own = replay.reports.filter(pl.col("camp") == camp)
    files = [_series(replay, rows) for _, rows in own.group_by("file", maintain_order=True)]
    days = np.unique(np.concatenate([days for days, _ in files]))
    return days, np.sum([np.interp(days, *series) for series in files], axis=0)


def _series(replay: Replay, rows: pl.DataFrame) -> Series:
    ordered = rows.sort("date", maintain_order=True).unique("date", keep="last", maintain_order=True)
    days = np.array([_day(replay, date) for date in ordered["date"]], dtype=np.int64)
    return days, ordered["people"].to_numpy().astype(np.float64)


def _day(replay: Replay, date: dt.date) -> int:
    return (date - replay.first).days


def _no_report(camp: str, date: dt.date, row: int) -> CaseError:
    return CaseError(
        [
            Problem(
                file="registration_corrections.csv",
                column="date",
                value=f"{camp}, {date} (correction {row + 1} of this camp)",
                must="a correction stands on a date with a report of its camp",
                mend="Take the date of a report, or leave the row out",
            )
        ]
    )


def _newcomers(replay: Replay, people: NDArray[np.int64], *, quirks: bool) -> NDArray[np.int64]:
    """Day's change of the total, less what earlier falls still owe."""
    settings = replay.settings
    newcomers = np.zeros(replay.days, dtype=np.int64)
    if settings.spawn_mode != "reports":
        return newcomers
    total = people.sum(axis=1)
    if not settings.sum_from_camps:
        total = _by_day(_series(replay, replay.totals), np.arange(replay.days))
    if not settings.insert_day0:
        newcomers[0] = total[0] * (2 if quirks else 1)
    debt = 0
    for day in range(1, replay.days):
        change = int(total[day] - total[day - 1]) - debt
        newcomers[day], debt = max(change, 0), max(-change, 0)
    return newcomers
