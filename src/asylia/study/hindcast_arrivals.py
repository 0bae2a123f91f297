"""Hold the split of newly displaced people over areas of arrival against later months, by either set of rules.

The fighting is known, so what is left is the error of the rules. Expected flow: no day is run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.io.fitted_data import CaseScore
from asylia.io.folder import read_case
from asylia.io.hindcast import read_hindcast
from asylia.model.case import Case
from asylia.study.expected import Periods, arrivals_of
from asylia.study.hindcast import known_fighting, next_month
from asylia.study.movement import Movement

Table = NDArray[np.float64]
RULES: Final = ("case", "fitted")


def arrivals_hindcast(
    folder: Path, movement: Movement, *, members: int = 200, days: int = 365, seed: int = 1, skip: int = 0
) -> CaseScore:
    """Score one set of rules on the months after a case, whole ones inside the horizon.

    Parameters
    ----------
    skip
        Months at the start that are not scored, such as those that were taken in.
    """
    case = read_case(folder)
    events, people = read_hindcast(folder)
    months = _months(case, people, days)[skip:]
    arrivals = arrivals_of(
        case,
        movement,
        Periods(starts=tuple(months), ends=tuple(next_month(month) for month in months)),
        range(members),
        days=days,
        seed=seed,
        fighting=known_fighting(case, events, days),
    )
    found, recorded = arrivals.people, _recorded(people, months, arrivals.areas)
    everybody = recorded.sum(axis=1, keepdims=True)
    sums = found.sum(axis=2, keepdims=True)
    split = np.divide(found, sums, out=np.zeros_like(found), where=sums > 0) * everybody
    middle = found.mean(axis=0)
    middle = middle / np.maximum(middle.sum(axis=1, keepdims=True), 1e-9) * everybody
    low, high = np.quantile(split, (0.05, 0.95), axis=0)
    return CaseScore(
        case=case.id,
        rules=movement.rules,
        months=len(months),
        split_error=_apart(middle, recorded),
        naive_error=_apart(_before(case, arrivals.areas) * everybody, recorded),
        inside=float(((low <= recorded) & (recorded <= high)).mean()),
        crps=_crps(split, recorded),
        crps_both=_crps(found, recorded),
    )


def months_within(folder: Path, days: int) -> int:
    """Count the months of a hindcast that lie whole within the first days of a case."""
    return len(_months(read_case(folder), read_hindcast(folder)[1], days))


def _months(case: Case, people: pl.DataFrame, days: int) -> list[dt.date]:
    rows = people.filter((pl.col("measure") == "newly_displaced") & pl.col("persons").is_not_null())
    last = case.first + dt.timedelta(days=days)
    return [
        month
        for month in sorted(rows["date"].unique().to_list())
        if month >= case.first and next_month(month) <= last
    ]


def _recorded(people: pl.DataFrame, months: Sequence[dt.date], areas: Sequence[str]) -> Table:
    rows = people.filter((pl.col("measure") == "newly_displaced") & pl.col("persons").is_not_null())
    found = np.zeros((len(months), len(areas)))
    for month, area, persons in rows.select("date", "area", "persons").iter_rows():
        if month in months and area in areas:
            found[months.index(month), areas.index(area)] += persons
    return found


def _before(case: Case, areas: Sequence[str]) -> Table:
    """Return the shares of areas in what was recorded before the case, float64 (area,)."""
    rows = case.people.filter(pl.col("measure") == "newly_displaced")
    sums = dict(rows.group_by("area").agg(pl.col("persons").sum()).iter_rows())
    found = np.array([float(sums.get(area, 0) or 0) for area in areas])
    return np.asarray(found / max(found.sum(), 1.0))


def _apart(found: Table, recorded: Table) -> float:
    gaps = np.abs(found - recorded).sum(axis=1) / np.maximum(recorded.sum(axis=1), 1)
    return float(gaps.mean())


def _crps(drawn: Table, recorded: Table) -> float:
    """Continuous ranked probability score as a share of everybody recorded (Gneiting and Raftery 2007, equation 20)."""
    ordered = np.sort(drawn, axis=0)
    number = np.arange(1, len(drawn) + 1)[:, None, None]
    apart = ((2 * number - len(drawn) - 1) * ordered).sum(axis=0) / len(drawn) ** 2
    score = np.abs(drawn - recorded).mean(axis=0) - apart
    return float(score.sum() / max(recorded.sum(), 1))
