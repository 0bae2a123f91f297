"""Take in counts as they come: draws that agree with what was reported since count for more.

A draw is a whole set of uncertain numbers with its luck of places. Each is asked what it expects of every reported period and
area; the log of counted over expected people is held against the draw's own spread of departures, which is how far single
months of single areas lay from a steady rate. Members of the study are then taken from the draws by these weights.
"""

from __future__ import annotations

import datetime as dt
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

DRAWS: Final = 400
FLOOR: Final = 100.0
"""Added to people counted and expected before the log is taken: whether thirty or sixty came to an area decides nothing."""
FEWEST: Final = 40.0
"""Least effective number of draws. Weights that leave fewer are drawn together: no set of rules is so right that two months of
counts could rule out nine draws in ten."""

KNOWN: Final = "The fighting of those days is known from the events given."
UNKNOWN: Final = "No events were given, so each draw met fighting of its own: the counts say less than they could."
STILL: Final = (
    "Only what is uncertain was updated. The study still begins on the first day of the case; to begin later, bring the case up "
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


def movement_of(
    case: Case, rules: str, counts: Path | None, days: int | None, *, seed: int
) -> Movement:
    """Settle whose rules move people, and weigh draws by counts if there are any.

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
            raise PlanError([Problem(file="the command", column="assimilate-days", value=str(days), must=must, mend=mend)])
        return Movement(rules=name)
    if days is not None and days < 1:
        must, mend = "is 1 or more", "Choose the days since the first day whose counts are known."
        raise PlanError([Problem(file="the command", column="assimilate-days", value=str(days), must=must, mend=mend)])
    return take_in(case, name, read_counts(case, counts), days=days or case.days, seed=seed, file=counts.name)


def take_in(
    case: Case, rules: RulesName, counts: Counts, *, days: int, seed: int, file: str = "", draws: int = DRAWS
) -> Movement:
    """Weigh draws by counts of newly displaced people by first-level area of arrival."""
    found = reported(case, counts.people, days)
    if not found.rows:
        raise PlanError([_nothing(case, counts.people, days, file)])
    last = (max(found.periods.ends) - case.first).days
    fighting = None if counts.events is None else known_fighting(case, counts.events, last)
    expected = arrivals_of(
        case, Movement(rules=rules), found.periods, range(draws), days=last, seed=seed, fighting=fighting
    )
    weights, power = temper(agreement(expected, found))
    return Movement(
        rules=rules,
        weights=tuple(float(f"{weight:.6g}") for weight in weights),
        counts=fingerprint((counts.people, counts.events, days)),
        told=tuple(_told(found, expected, weights, power, known=fighting is not None)),
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


def agreement(expected: Arrivals, found: Reported) -> Table:
    """Return the log likelihood of the counts under each draw, float64 (draw,): log-normal with the mean that is expected."""
    columns = [expected.areas.index(area) for area in found.areas]
    gaps = np.log(found.people + FLOOR) - np.log(expected.people[:, :, columns] + FLOOR)
    spread = expected.spread[:, None, None]
    density = -0.5 * ((gaps + 0.5 * spread**2) / spread) ** 2 - np.log(spread)
    return np.asarray(np.nansum(density, axis=(1, 2)))


def temper(log_likelihood: Table) -> tuple[Table, float]:
    """Turn log likelihoods into weights that leave `FEWEST` effective draws or more; and the power they were raised to."""
    power = 1.0
    fewest = min(FEWEST, 0.5 * len(log_likelihood))
    while True:
        weights = np.exp(power * (log_likelihood - log_likelihood.max()))
        weights /= weights.sum()
        if effective(weights) >= fewest:
            return weights, power
        power *= 0.9


def effective(weights: Table) -> float:
    """Return the effective number of weighted draws (Kish 1965)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def _told(found: Reported, expected: Arrivals, weights: Table, power: float, *, known: bool) -> list[str]:
    even = np.full(weights.size, 1.0 / weights.size)
    before, after = (_total(expected, found, own) for own in (even, weights))
    told = [
        f"Counts taken in: {found.rows} of newly displaced people by area, {min(found.periods.starts)} to "
        f"{max(found.periods.ends) - dt.timedelta(days=1)}, {np.nansum(found.people):,.0f} people; {found.passed_over} rows "
        "were not used (other measures, groups or dates, or not of a first-level area).",
        f"The draws expected {before:,.0f} people there before, and {after:,.0f} now. {effective(weights):.0f} of "
        f"{weights.size} draws carry the weight.",
    ]
    if power < 1.0:
        told.append(
            f"The counts were given {power:.0%} of their weight: in full they would have left too few draws, which says that "
            "the rules do not explain them well."
        )
    return [*told, KNOWN if known else UNKNOWN, STILL]


def _total(expected: Arrivals, found: Reported, weights: Table) -> float:
    """Return the people expected where and when there are counts."""
    columns = [expected.areas.index(area) for area in found.areas]
    where = ~np.isnan(found.people)
    return float((weights[:, None, None] * expected.people[:, :, columns])[:, where].sum())


def _nothing(case: Case, people: pl.DataFrame, days: int, file: str) -> Problem:
    last = case.first + dt.timedelta(days=days - 1)
    return Problem(
        file=file or "the counts",
        value=f"{people.height} rows",
        must=f"holds newly displaced people by first-level area, over days that lie between {case.first} and {last}",
        mend="measure is newly_displaced, days is filled, area is an admin1 of places.csv; leave group and origin blank.",
    )
