"""Money over time: what each line costs by month, what is there to pay it, what stops first, and what would change the sum most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl

from asylia.core.units import DAYS_PER_MONTH, DAYS_PER_YEAR
from asylia.model.case import Case
from asylia.model.plan import Plan
from asylia.need.cost import FIRM
from asylia.need.ledger import ORDER_BASIS, largest_unknowns, order_of, pay, without
from asylia.need.periods import months
from asylia.study.columns import Columns
from asylia.study.settings import Settings
from asylia.study.verdicts import spread

Fails = Mapping[str, dt.date]
"""Donor -> first day on which nothing more comes from it."""
_TEXT: Final = pl.String
_SPREAD: Final = dict.fromkeys(("low", "middle", "high"), pl.Float64)
BY_MONTH: Final = {"plan": _TEXT, "item": _TEXT, "kind": _TEXT, "month": pl.Date, **_SPREAD}
LINES: Final = {
    "plan": _TEXT, "item": _TEXT, "kind": _TEXT, "when": _TEXT, "per": _TEXT, **_SPREAD, "each_low": pl.Float64,
    "each_high": pl.Float64, "usd_year": pl.Int64, "evidence": _TEXT, "source": _TEXT, "why": _TEXT,
}  # fmt: skip
PATH: Final = {
    "plan": _TEXT, "month": pl.Date, **{f"{name}_{end}": pl.Float64 for name in ("cost", "money", "unfunded") for end in _SPREAD},
}  # fmt: skip
STOPS: Final = {
    "plan": _TEXT, "course": _TEXT, "rank": pl.Int64, "item": _TEXT, "kind": _TEXT, "due": pl.Float64, "paid": pl.Float64,
    "stops": pl.Date, "order": _TEXT,
}  # fmt: skip
SWINGS: Final = {
    "plan": _TEXT, "rank": pl.Int64, "unknown": _TEXT, "unit": _TEXT, "least": pl.Float64, "most": pl.Float64,
    "low": pl.Float64, "high": pl.Float64,
}  # fmt: skip
LEDGER: Final = {
    "plan": _TEXT, "donor": _TEXT, "status": _TEXT, "counts": pl.Boolean, "on": pl.Date, "earmark": _TEXT,
    "usd_low": pl.Float64, "usd_high": pl.Float64, "source": _TEXT, "note": _TEXT,
}  # fmt: skip
AS_STATED: Final = "Money as stated"
NAMES: Final = {
    "person_year": "people in the zones, person-years",
    "supported_person_year": "people helped where they are, person-years",
    "resettled_person": "people resettled",
    "month": "months it runs",
    "once": "paid once",
}


def by_month(
    case: Case, plans: Sequence[Plan], sheets: Mapping[str, Columns], settings: Settings
) -> pl.DataFrame:
    """Give each cost line by month with its range, US dollars."""
    periods = months(case.first, settings.days)
    rows = [
        (plan.id, cost.item, cost.kind, period.first, *spread(sheets[plan.id].column("spend", line, month)))
        for plan in plans
        for line, cost in enumerate(plan.costs)
        for month, period in enumerate(periods)
    ]
    return pl.DataFrame(rows, schema=BY_MONTH, orient="row")


def lines(plans: Sequence[Plan], sheets: Mapping[str, Columns]) -> pl.DataFrame:
    """Give each cost line over the horizon: set up or running, with the price behind it, its year and its source."""
    rows = [
        (
            plan.id, cost.item, cost.kind, "set up" if cost.per == "once" else "running", cost.per,
            *spread(sheets[plan.id].column("cost", line)), cost.usd.low, cost.usd.high, cost.usd_year,
            str(cost.usd.evidence), cost.usd.source, cost.usd.why,
        )
        for plan in plans
        for line, cost in enumerate(plan.costs)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=LINES, orient="row")


def path(
    case: Case, plans: Sequence[Plan], sheets: Mapping[str, Columns], settings: Settings
) -> pl.DataFrame:
    """Follow cost, money and the unfunded share, each from the first day to the end of each month."""
    periods = months(case.first, settings.days)
    rows: list[tuple[object, ...]] = []
    for plan in plans:
        sheet = sheets[plan.id]
        cost, money = np.zeros(sheet.members), np.zeros(sheet.members)
        for month, period in enumerate(periods if plan.costs else ()):
            for line in range(len(plan.costs)):
                cost = cost + sheet.column("spend", line, month)
            money = money + sheet.column("firm", month)
            # where nothing is due yet nothing is unfunded
            share = np.clip(1.0 - np.divide(money, cost, out=np.ones_like(cost), where=cost > 0), 0.0, 1.0)
            rows.append((plan.id, period.first, *spread(cost), *spread(money), *spread(share)))
    return pl.DataFrame(rows, schema=PATH, orient="row")


def ledger(plans: Sequence[Plan]) -> pl.DataFrame:
    """List the money somebody spoke of, with its day and what it may be spent on."""
    rows = [
        (
            plan.id, line.donor, line.status, line.status in FIRM, line.on, line.earmark,
            line.usd.low if line.usd else None, line.usd.high if line.usd else None, line.source, line.note,
        )
        for plan in plans
        for line in plan.funding
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=LEDGER, orient="row")


def stops(
    plans: Sequence[Plan], spend: pl.DataFrame, first: dt.date, days: int, fails: Fails | None = None
) -> pl.DataFrame:
    """Say what is paid and what stops first: with the money as stated, and if a donor stops.

    Every donor with firm money stops half way through in a course of its own, unless `fails` names donors and days. Costs and money
    stand at their middle.

    Parameters
    ----------
    spend
        From `by_month`.
    """
    rows = []
    periods = months(first, days)
    half = first + dt.timedelta(days=days // 2)
    for plan in plans:
        middle = spend.filter(pl.col("plan") == plan.id)["middle"].fill_null(0.0).to_numpy()
        due = middle.reshape(len(plan.costs), len(periods))
        order = ORDER_BASIS[order_of(plan.costs)[1]]
        donors = fails or dict.fromkeys((f.donor for f in plan.funding if f.status in FIRM and f.usd), half)
        courses = {AS_STATED: plan.funding}
        courses |= {
            f"{donor} stops paying on {day.isoformat()}": without(plan.funding, donor, day)
            for donor, day in donors.items()
            if donor in {line.donor for line in plan.funding}
        }
        for course, money in courses.items():
            rows += [
                (plan.id, course, each.rank, each.item, each.kind, each.due, each.paid, each.stops, order)
                for each in pay(plan, due, money, periods)
            ]
    return pl.DataFrame(rows, schema=STOPS, orient="row")


def swings(
    case: Case, plans: Sequence[Plan], sheets: Mapping[str, Columns], settings: Settings
) -> pl.DataFrame:
    """Find the three unknowns that move the cost of each plan most, one at a time."""
    rows = [
        (plan.id, rank, each.unknown, each.unit, each.least, each.most, each.low, each.high)
        for plan in plans
        for rank, each in enumerate(
            largest_unknowns(plan, _quantities(case, plan, sheets[plan.id], settings), NAMES), 1
        )
    ]
    return pl.DataFrame(rows, schema=SWINGS, orient="row")


def _quantities(
    case: Case, plan: Plan, sheet: Columns, settings: Settings
) -> dict[str, tuple[float, float, float]]:
    """Give low, middle and high of what each kind of cost line counts."""
    total = np.zeros(sheet.members)
    for zone in range(len(plan.zones)):
        for month in range(len(months(case.first, settings.days))):
            total = total + sheet.column("zone_days", zone, month)
    low, middle, high = (each or 0.0 for each in spread(total))
    found = {"person_year": (low / DAYS_PER_YEAR, middle / DAYS_PER_YEAR, high / DAYS_PER_YEAR)}
    found |= {"once": (1.0, 1.0, 1.0), "month": _months_in_force(case, plan, settings)}
    for per, kind in (("supported_person_year", "host_community"), ("resettled_person", "resettlement")):
        found[per] = _helped(case, plan, settings, kind)
    return found


def _helped(case: Case, plan: Plan, settings: Settings, kind: str) -> tuple[float, float, float]:
    totals = [0.0, 0.0, 0.0]
    for line in plan.support:
        days = settings.days - max((line.starts - case.first).days, 0)
        if line.kind != kind or days <= 0:
            continue
        years = days / DAYS_PER_YEAR if kind == "host_community" else 1.0
        for at, people in enumerate((line.people.low, line.people.middle, line.people.high)):
            totals[at] += people * years
    return totals[0], totals[1], totals[2]


def _months_in_force(case: Case, plan: Plan, settings: Settings) -> tuple[float, float, float]:
    starts = [zone.opens for zone in plan.zones] + [line.starts for line in plan.support]
    first = max((min(starts) - case.first).days, 0) if starts else 0
    length = max(settings.days - first, 0) / DAYS_PER_MONTH
    return length, length, length
