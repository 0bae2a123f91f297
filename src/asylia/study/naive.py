"""Rules without a model, for the same recorded conflict and the same daily totals: what every score has to beat.

Each gives people by day and camp. All but `gravity` share out the recorded total of the day, so only the split is a
guess; `gravity` places each day's newcomers for good, and is rescaled to the total when it is scored.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.model.replay import Observed, Replay
from asylia.move.fitted.ways import distances

FROZEN_DAY: Final = 30
SOFTENING_KM: Final = 36.0
POWER: Final = 0.5

Table = NDArray[np.float64]


def naive_rows(replay: Replay, observed: Observed) -> dict[str, Table]:
    """Return people by day and camp, float64 (day, camp), under each naive rule.

    Parameters
    ----------
    observed
        What was recorded in `replay`, by day.

    Returns
    -------
    uniform
        Every camp the same.
    capacity_split
        By the capacities of the folder; camps without one get nothing, and all the same if none has one.
    gravity_05
        See `gravity`, with the power 0.5.
    frozen
        By the shares recorded on day 30 (the last day of a shorter record), before and after it.
    persistence
        See `persistence`.
    """
    totals = observed.people.sum(axis=1)
    ones = np.ones(len(observed.camps))
    day = min(FROZEN_DAY, len(totals) - 1)
    return {
        "uniform": _share_out(totals, ones),
        "capacity_split": _share_out(totals, capacities(replay, observed.camps)),
        "gravity_05": gravity(replay, observed, POWER),
        "frozen": _share_out(totals, observed.people[day].astype(np.float64)),
        "persistence": persistence(replay, observed),
    }


def capacities(replay: Replay, camps: tuple[str, ...]) -> Table:
    """Return the stated capacity of each camp, 0 where there is none, float64 (camp,)."""
    stated = dict(zip(replay.places["name"], replay.places["capacity"], strict=True))
    return np.array([max(stated[camp], 0) for camp in camps], dtype=np.float64)


def persistence(replay: Replay, observed: Observed) -> Table:
    """Share out each day's total as in the last reports dated before that day.

    A report counts as it was published: corrections of a later date are not known yet, and one of an earlier date
    changes only what was reported before it. A camp counts 0 until its first report; while nobody is reported anywhere,
    every camp gets the same.

    Returns
    -------
    float64 (day, camp).
    """
    known = np.zeros(observed.people.shape)
    spot = {camp: place for place, camp in enumerate(observed.camps)}
    days = np.arange(len(known))
    reports = replay.reports.filter(pl.col("camp").is_in(observed.camps))
    for (camp, _), rows in reports.group_by("camp", "file"):
        ordered = rows.sort("date", maintain_order=True)
        dated = np.array([(date - replay.first) // dt.timedelta(days=1) for date in ordered["date"]])
        counts = np.concatenate([[0], ordered["people"].to_numpy()])
        known[:, spot[str(camp)]] += counts[np.searchsorted(dated, days, side="left")]
    return _share_out(observed.people.sum(axis=1), known)


def gravity(replay: Replay, observed: Observed, power: float) -> Table:
    """Send each day's newcomers straight to camps by the distance alone; who is in a camp stays there.

    Newcomers are the day's rise of the recorded total; a fall takes nobody away. They start in places with fighting, in
    proportion to population, intensity and decay with age, as in the published model. From each they go to the camps in
    proportion to (d + 36) to the power -p, where d is the shortest way by the links in km, whether open or closed. No
    capacities, no time on the way. Nobody goes where no way leads, and newcomers of a day without fighting wait for the
    next. People who were in camps on day 0 stay there.

    Returns
    -------
    float64 (day, camp).
    """
    pull = (distances(replay, observed.camps) + SOFTENING_KM) ** -power
    pull = np.divide(pull, pull.sum(axis=1, keepdims=True), out=np.zeros_like(pull), where=pull > 0)
    begun = origins(replay)
    start = observed.people[0] if replay.settings.insert_day0 else np.zeros_like(observed.people[0])
    rises = np.maximum(np.diff(observed.people.sum(axis=1), prepend=start.sum()), 0)
    arrived = _waiting(rises, begun.sum(axis=1) > 0)[:, None] * (begun @ pull)
    return np.asarray(start + np.cumsum(arrived, axis=0), dtype=np.float64)


def origins(replay: Replay) -> Table:
    """Return the share of a day's newcomers who start at each place, float64 (day, place); 0 on a day without fighting.

    In proportion to population, intensity, and the decay factor for days since fighting began there.
    """
    intensity = replay.intensity[: replay.days]
    weights = replay.places["population"].to_numpy() * intensity * _decay(replay, intensity > 0)
    sums = weights.sum(axis=1, keepdims=True)
    shares = np.divide(weights, sums, out=np.zeros_like(weights), where=sums > 0)
    return np.asarray(shares, dtype=np.float64)


def _decay(replay: Replay, fighting: NDArray[np.bool_]) -> Table:
    factors = np.array(replay.settings.conflict_spawn_decay or (1.0,))
    ages = np.zeros(fighting.shape, dtype=np.int64)
    for day in range(1, len(fighting)):
        ages[day] = np.where(fighting[day] & fighting[day - 1], ages[day - 1] + 1, 0)
    steps = np.minimum(ages // replay.settings.conflict_spawn_decay_interval, len(factors) - 1)
    return np.asarray(factors[steps], dtype=np.float64)


def _waiting(newcomers: NDArray[np.int64], present: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Move newcomers of days when nobody can be placed to the next day when somebody can."""
    placed = np.zeros_like(newcomers)
    waiting = 0
    for day, count in enumerate(newcomers):
        waiting += int(count)
        if present[day]:
            placed[day], waiting = waiting, 0
    return placed


def _share_out(totals: NDArray[np.int64], weights: Table) -> Table:
    """Split each day's total by weights, (camp,) or (day, camp); evenly where they are all 0."""
    by_day = np.broadcast_to(weights, (len(totals), weights.shape[-1]))
    sums = by_day.sum(axis=1, keepdims=True)
    even = np.full(by_day.shape, 1 / by_day.shape[1])
    shares = np.divide(by_day, sums, out=even, where=sums > 0)
    return np.asarray(totals[:, None] * shares, dtype=np.float64)
