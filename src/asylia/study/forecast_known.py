"""What had been reported of a recorded conflict by a day, and the yardstick that forecasts of that day are held against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.draws import stable_id
from asylia.model.replay import Observed, Replay
from asylia.move.fitted.ways import distances
from asylia.move.flee.observed import observe
from asylia.move.forecast.known import Known, Table
from asylia.study.naive import SOFTENING_KM, origins

GUIDE_POWER = 0.5

Series = tuple[NDArray[np.int64], Table]


class Past:
    """A recorded conflict, of which any day can be asked what was known by then."""

    def __init__(self, replay: Replay) -> None:
        names = set(replay.places["name"])
        self.replay = replay
        self.camps = tuple(camp for camp in replay.camps if camp in names)
        self.observed: Observed = observe(replay)
        self._files = {camp: _files(replay, camp) for camp in self.camps}
        self._corrections = {camp: _corrections(replay, camp) for camp in self.camps}
        self._all = {camp: self._series(camp, 10**9) for camp in self.camps}
        self._totals = _series(replay, replay.totals)
        self._guide = guide(replay, self.camps)

    @property
    def id(self) -> str:
        """Return the name of the conflict."""
        return self.replay.id

    @property
    def key(self) -> str:
        """Return what tells a conflict by, whatever its folder is called: its first day and its camps."""
        return key_of(self.replay, self.camps)

    def by(self, origin: int) -> Known:
        """Return what was known by a day: reports and corrections dated up to it, as published."""
        found = [self._series(camp, origin)[:2] for camp in self.camps]
        days, totals = self._totals
        return Known(
            origin=origin,
            days=tuple(days for days, _ in found),
            people=tuple(people for _, people in found),
            guide=self._guide[min(origin, len(self._guide) - 1)],
            total_days=days[days <= origin],
            totals=totals[days <= origin],
        )

    def yardstick(self, origin: int) -> Table:
        """Return what one person of the reports known by a day counts in the corrected record, float64 (camp,).

        Corrections of a later date change the measure of earlier reports (duplicates struck off at a new registration).
        No forecast sees it; it turns forecasts into the measure of the record before they are held against it.
        """
        return np.array([self._measure(camp, origin) for camp in self.camps])

    def _measure(self, camp: str, origin: int) -> float:
        days, _, scale = self._all[camp]
        own, _, known = self._series(camp, origin)
        last = int(np.searchsorted(days, own[-1])) if len(own) else 0
        return float(scale[last] / (known[-1] if len(known) else 1.0))

    def _series(self, camp: str, origin: int) -> tuple[NDArray[np.int64], Table, Table]:
        """Return days, people and the measure of each report, from what is dated up to the origin."""
        files = [(days[days <= origin], people[days <= origin]) for days, people in self._files[camp]]
        files = [file for file in files if len(file[0])]
        if not files:
            return np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0)
        days = np.unique(np.concatenate([days for days, _ in files]))
        people = np.sum([np.interp(days, *file) for file in files], axis=0)
        scale = np.ones(len(days))
        for day in self._corrections[camp]:
            at = int(np.searchsorted(days, day))
            if at < len(days) and days[at] == day and at > 0 and people[at - 1] > 0:
                ratio = people[at] / people[at - 1]
                people[:at] *= ratio
                scale[:at] *= ratio
        return days, people, scale


def guide(replay: Replay, camps: tuple[str, ...]) -> Table:
    """Return the share of all newcomers up to each day that static gravity sends to each camp, float64 (day, camp)."""
    pull = (distances(replay, camps) + SOFTENING_KM) ** -GUIDE_POWER
    pull = np.divide(pull, pull.sum(axis=1, keepdims=True), out=np.zeros_like(pull), where=pull > 0)
    sent = np.cumsum(origins(replay), axis=0) @ pull
    sums = sent.sum(axis=1, keepdims=True)
    even = np.full(sent.shape, 1.0 / len(camps))
    return np.asarray(np.divide(sent, sums, out=even, where=sums > 0), dtype=np.float64)


def key_of(replay: Replay, camps: tuple[str, ...]) -> str:
    """Return what tells a conflict by: its first day and its camps."""
    return f"{stable_id(f'{replay.first} {sorted(camps)}'):016x}"


def pasts(replays: Sequence[Replay]) -> tuple[Past, ...]:
    """Return the past of each conflict."""
    return tuple(Past(replay) for replay in replays)


def _files(replay: Replay, camp: str) -> list[Series]:
    own = replay.reports.filter(pl.col("camp") == camp)
    return [_series(replay, rows) for _, rows in own.group_by("file", maintain_order=True)]


def _series(replay: Replay, rows: pl.DataFrame) -> Series:
    ordered = rows.sort("date", maintain_order=True).unique("date", keep="last", maintain_order=True)
    days = np.array([_day(replay, date) for date in ordered["date"]], dtype=np.int64)
    return days, ordered["people"].to_numpy().astype(np.float64)


def _corrections(replay: Replay, camp: str) -> list[int]:
    dates = replay.corrections.filter(pl.col("camp") == camp)["date"]
    return [day for day in (_day(replay, date) for date in dates) if day >= 0]


def _day(replay: Replay, date: dt.date) -> int:
    return (date - replay.first).days
