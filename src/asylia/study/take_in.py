"""Take in counts as they come: what came to each area since, against what the rules expected there.

Areas differ from what any rule says of them, and go on differing: who held a town, where relatives are, what was agreed. So the
log of people counted over people expected is carried forward for each first-level area, shrunk by how much was counted: with
n months of counts by n / (n + 1), as if areas differ from one another as much as the months of one area do. Half of it is
taken as more or fewer people leaving the area's places, half as more or fewer coming there: counts of arrivals alone cannot
tell the two apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.errors import PlanError, Problem
from asylia.io.counts import Counts, read_counts
from asylia.model.case import Case, fingerprint
from asylia.study.expected import Arrivals, Periods, arrivals_of
from asylia.study.hindcast import known_fighting
from asylia.study.movement import Movement, RulesName, chosen_rules

DRAWS: Final = 100
FLOOR: Final = 0.01
"""Share of everybody counted that is added before a log is taken, as in the fit (`study.fit`): a handful of people decides nothing."""
MONTH: Final = 30.44
"""Days."""
TURNS: Final = 40
SHOWN: Final = 4
MOST: Final = 20.0
"""Largest factor of departures or of pull: beyond it the counts say that the case is wrong, not that an area differs."""

KNOWN: Final = "The fighting of those days is known from the events given."
UNKNOWN: Final = "No events were given, so each draw met fighting of its own: an area that saw more of it than usual now looks as if it differs."
STILL: Final = (
    "Only departures and pull of areas were changed. The study still begins on the first day of the case; to begin later, bring the case up "
    "to date."
)

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reported:
    """Counts that can be taken in.

    Parameters
    ----------
    people
        float64 (period, area), not a number where nothing was reported.
    rows, passed_over
        Rows that were taken, and those that were not.
    """

    periods: Periods
    areas: tuple[str, ...]
    people: Table
    rows: int
    passed_over: int


def movement_of(case: Case, rules: str, counts: Path | None, days: int | None, *, seed: int) -> Movement:
    """Settle whose rules move people, and take in counts if there are any.

    Parameters
    ----------
    rules
        `case`, `fitted`, or empty for the choice of the case.
    counts
        See `io.counts.read_counts`.
    days
        Only counts that end within so many days of the first are looked at; all if not given.

    Raises
    ------
    PlanError
        If there are no such rules, or nothing in the counts can be taken in.
    CaseError
        With every problem of the counts.
    """
    name = chosen_rules(case, rules)
    if counts is None:
        if days is not None:
            must, mend = "goes with counts", "Name them with --assimilate, or leave it out."
            raise PlanError(
                [Problem(file="the command", column="assimilate-days", value=str(days), must=must, mend=mend)]
            )
        return Movement(rules=name)
    if days is not None and days < 1:
        must, mend = "is 1 or more", "Choose the days since the first day whose counts are known."
        raise PlanError(
            [Problem(file="the command", column="assimilate-days", value=str(days), must=must, mend=mend)]
        )
    return take_in(case, name, read_counts(case, counts), days=days or case.days, seed=seed, file=counts.name)


def take_in(
    case: Case, rules: RulesName, counts: Counts, *, days: int, seed: int, file: str = "", draws: int = DRAWS
) -> Movement:
    """Hold the rules against counts of newly displaced people by first-level area of arrival, and carry forward what differs."""
    found = reported(case, counts.people, days)
    if not found.rows:
        raise PlanError([_nothing(case, counts.people, days, file)])
    last = (max(found.periods.ends) - case.first).days
    fighting = None if counts.events is None else known_fighting(case, counts.events, last)
    expected = arrivals_of(
        case, Movement(rules=rules), found.periods, range(draws), days=last, seed=seed, fighting=fighting
    )
    factors = differing(expected, found)
    return Movement(
        rules=rules,
        reported=tuple((name, *pair) for name, pair in factors.items()),
        counts=fingerprint((counts.people, counts.events, days)),
        told=tuple(_told(found, expected, factors, known=fighting is not None)),
        file=file,
        days=days,
    )


def reported(case: Case, people: pl.DataFrame, days: int) -> Reported:
    """Sort out the rows that can be taken in: newly displaced people by first-level area, over days inside the horizon."""
    inside = case.places.filter(pl.col("country") == case.country)
    last = case.first + dt.timedelta(days=days)
    end = pl.col("date") + pl.duration(days=pl.col("days"))
    rows = people.filter(
        (pl.col("measure") == "newly_displaced")
        & pl.col("persons").is_not_null()
        & pl.col("days").is_not_null()
        & (pl.col("group").fill_null("") == "")
        & (pl.col("origin").fill_null("") == "")
        & pl.col("area").is_in(inside["admin1"].unique().to_list())
        & (pl.col("date") >= case.first)
        & (end <= last)
    )
    summed = rows.group_by("date", "days", "area").agg(pl.col("persons").sum()).sort("date", "days", "area")
    spans = list(dict.fromkeys(summed.select("date", "days").iter_rows()))
    areas = tuple(sorted(set(summed["area"].to_list())))
    table = np.full((len(spans), len(areas)), np.nan)
    for date, length, area, persons in summed.iter_rows():
        table[spans.index((date, length)), areas.index(area)] = persons
    return Reported(
        periods=Periods(
            starts=tuple(date for date, _ in spans),
            ends=tuple(date + dt.timedelta(days=length) for date, length in spans),
        ),
        areas=areas,
        people=table,
        rows=rows.height,
        passed_over=people.height - rows.height,
    )


def differing(expected: Arrivals, found: Reported) -> dict[str, tuple[float, float]]:
    """Return factors of departures and of pull by area, such that the arrivals expected meet the counts as far as they are trusted."""
    columns = [expected.areas.index(area) for area in found.areas]
    flows, wanted = _flows_and_wanted(expected, found, columns)
    rate, pull = np.ones(len(expected.areas)), np.ones(len(expected.areas))
    own = flows.sum(axis=1)
    for _ in range(TURNS):
        sent = flows * pull
        total = sent.sum(axis=1)
        now = (sent * np.divide(own * rate, total, out=np.zeros_like(total), where=total > 0)[:, None]).sum(
            axis=0
        )
        step = np.sqrt(wanted / np.maximum(now[columns], 1e-9)) ** 0.5
        rate[columns] = np.clip(rate[columns] * step, 1 / MOST, MOST)
        pull[columns] = np.clip(pull[columns] * step, 1 / MOST, MOST)
    return {
        expected.areas[column]: (float(f"{rate[column]:.6g}"), float(f"{pull[column]:.6g}"))
        for column in columns
    }


def _flows_and_wanted(expected: Arrivals, found: Reported, columns: list[int]) -> tuple[Table, Table]:
    """Return flows between areas over the reported periods, and the arrivals that the counts ask for, area by area."""
    middle = expected.flows.mean(axis=0)
    told = ~np.isnan(found.people)
    floor = FLOOR * np.nansum(found.people)
    before = np.where(told, middle.sum(axis=1)[:, columns], 0.0).sum(axis=0) + floor
    lengths = np.array(
        [(end - start).days for start, end in zip(found.periods.starts, found.periods.ends, strict=True)]
    )
    months = (told * lengths[:, None]).sum(axis=0) / MONTH
    ratio = (np.nansum(found.people, axis=0) + floor) / before
    everything = middle.sum(axis=0)
    return everything, everything.sum(axis=0)[columns] * ratio ** (months / (months + 1))


def _told(
    found: Reported, expected: Arrivals, factors: Mapping[str, tuple[float, float]], *, known: bool
) -> list[str]:
    columns = [expected.areas.index(area) for area in found.areas]
    before = np.where(np.isnan(found.people), 0.0, expected.people.mean(axis=0)[:, columns]).sum()
    most = sorted(factors, key=lambda name: -abs(np.log(factors[name][0] * factors[name][1])))[:SHOWN]
    changed = ", ".join(f"{name} {factors[name][0] * factors[name][1]:.2g}" for name in most)
    taken = (
        f"Counts taken in: {found.rows} of newly displaced people by area, {min(found.periods.starts)} to "
        f"{max(found.periods.ends) - dt.timedelta(days=1)}, {np.nansum(found.people):,.0f} people where the rules expected "
        f"{before:,.0f}; {found.passed_over} rows were not used (other measures, groups or dates, or not of a first-level area)."
    )
    return [
        taken,
        f"What that changes most, departures times pull: {changed}.",
        KNOWN if known else UNKNOWN,
        STILL,
    ]


def _nothing(case: Case, people: pl.DataFrame, days: int, file: str) -> Problem:
    last = case.first + dt.timedelta(days=days - 1)
    return Problem(
        file=file or "the counts",
        value=f"{people.height} rows",
        must=f"holds newly displaced people by first-level area, over days that lie between {case.first} and {last}",
        mend="measure is newly_displaced, days is filled, area is an admin1 of places.csv; leave group and origin blank.",
    )
