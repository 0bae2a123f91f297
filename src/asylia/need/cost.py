"""What a plan costs over the horizon, line by line and month by month, and how much of it somebody has put money to.

Only money that is committed or paid counts as there. A pledge is shown beside it, a mention too.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.units import DAYS_PER_MONTH, DAYS_PER_YEAR
from asylia.model.plan import Funding, Plan
from asylia.model.scenario import Scenario
from asylia.need.periods import months

COSTS: Final[dict[str, type[pl.DataType]]] = {
    "item": pl.String,
    "kind": pl.String,
    "per": pl.String,
    "quantity": pl.Float64,
    "usd_each": pl.Float64,
    "usd": pl.Float64,
}
FIRM: Final = ("committed", "paid")
"""Money that counts as there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Money behind one plan, US dollars.

    Parameters
    ----------
    paid, committed, pledged, mentioned
        Sums of the lines of each status; a line stands in one status only, so nothing is counted twice.
    without_amount
        Donors named without an amount.
    unfunded_share
        Share of the cost that neither committed nor paid money covers, between 0 and 1.
    text
        The same in words.
    """

    total: float
    paid: float
    committed: float
    pledged: float
    mentioned: float
    without_amount: tuple[str, ...]
    unfunded_share: float
    text: str


def costs(
    plan: Plan,
    scenario: Scenario,
    *,
    zone_people: NDArray[np.int64],
    supported_people: NDArray[np.int64] | None = None,
    resettled_people: int = 0,
    open_days: int = 0,
) -> pl.DataFrame:
    """Add up each cost line over the horizon.

    A line is drawn by its item, so that the same item is as dear under every plan.

    Parameters
    ----------
    zone_people
        int64 (zone, day), people in zones.
    supported_people
        int64 (day,), people helped where they are; `None` for nobody.
    resettled_people
        People resettled over the horizon.
    open_days
        Days on which monthly lines run: days any zone is open, or the plan is in force if it has none.

    Returns
    -------
    One row per cost line in the plan's order: item, kind, per, quantity, usd_each, usd (US dollars).
    """
    lines = bill(
        plan,
        scenario,
        zone_people=zone_people,
        supported_people=supported_people,
        resettled_people=resettled_people,
        open_days=open_days,
    )
    return pl.DataFrame(
        {
            "item": [cost.item for cost in plan.costs],
            "kind": [cost.kind for cost in plan.costs],
            "per": [cost.per for cost in plan.costs],
            "quantity": [quantity for quantity, _ in lines],
            "usd_each": [each for _, each in lines],
            "usd": [quantity * each for quantity, each in lines],
        },
        schema=COSTS,
    )


def bill(
    plan: Plan,
    scenario: Scenario,
    *,
    zone_people: NDArray[np.int64],
    supported_people: NDArray[np.int64] | None = None,
    resettled_people: int = 0,
    open_days: int = 0,
) -> list[tuple[float, float]]:
    """Give quantity and US dollars each of every cost line, in the plan's order; parameters as in `costs`."""
    supported = 0 if supported_people is None else int(supported_people.sum())
    quantities = {
        "person_year": int(zone_people.sum()) / DAYS_PER_YEAR,
        "supported_person_year": supported / DAYS_PER_YEAR,
        "resettled_person": float(resettled_people),
        "month": open_days / DAYS_PER_MONTH,
        "once": 1.0,
    }
    return [(quantities[cost.per], scenario.draw(f"cost:{cost.item}", cost.usd)) for cost in plan.costs]


def spending(
    plan: Plan,
    usd: Sequence[float],
    first: dt.date,
    *,
    zone_people: NDArray[np.int64],
    supported_people: NDArray[np.int64],
    open_days: int = 0,
) -> NDArray[np.float64]:
    """Spread the bill over months: float64 (line, month), US dollars; each line adds up to its sum in `costs`.

    Lines by person follow the people. Monthly lines run to the end from the first day the plan is in force; what is paid once
    falls on that day, or on the first day of the study if the plan never comes into force within it. Resettlement falls on the
    day its lines start, in equal parts if there are several.

    Parameters
    ----------
    usd
        US dollars of each cost line, in the plan's order.
    """
    days = supported_people.size
    running = np.arange(days) >= days - open_days if open_days else np.arange(days) < 1
    once = np.arange(days) == int(np.argmax(running))
    by_day = {
        "person_year": zone_people.sum(axis=0) if zone_people.size else np.zeros(days),
        "supported_person_year": supported_people,
        "resettled_person": _resettling(plan, first, days),
        "month": running,
        "once": once,
    }
    starts = [month.start for month in months(first, days)]
    spread = np.zeros((len(plan.costs), len(starts)))
    for line, (cost, sum_of_line) in enumerate(zip(plan.costs, usd, strict=True)):
        weight = by_day[cost.per].astype(np.float64)
        if weight.sum() > 0:
            spread[line] = sum_of_line * np.add.reduceat(weight, starts) / weight.sum()
    return spread


def _resettling(plan: Plan, first: dt.date, days: int) -> NDArray[np.float64]:
    weight = np.zeros(days)
    for line in plan.support:
        start = max((line.starts - first).days, 0)
        if line.kind == "resettlement" and start < days:
            weight[start] += 1
    return weight


def support(plan: Plan, scenario: Scenario, first: dt.date, days: int) -> tuple[NDArray[np.int64], int]:
    """Draw whom a plan helps without a zone.

    Parameters
    ----------
    first, days
        Day 0 and the length of the horizon.

    Returns
    -------
    int64 (day,), people helped where they are, from the day each line starts; and people resettled over the horizon, where
    a line starts within it.
    """
    helped = np.zeros(days, dtype=np.int64)
    resettled = 0
    for index, line in enumerate(plan.support):
        people = int(scenario.draw(f"support:{plan.id}:{index}", line.people))
        start = max((line.starts - first).days, 0)
        if line.kind == "resettlement":
            resettled += people if start < days else 0
        else:
            helped[start:] += people
    return helped, resettled


def money_drawn(plan: Plan, scenario: Scenario) -> Iterator[tuple[Funding, float]]:
    """Draw each line of money that names an amount, US dollars."""
    times: Counter[str] = Counter()
    for line in plan.funding:
        name = f"funding:{plan.id}:{line.donor}:{line.status}"
        times[name] += 1
        if line.usd is not None:
            yield line, scenario.draw(f"{name}:{times[name]}", line.usd)


def firm_money(plan: Plan, scenario: Scenario, first: dt.date, days: int) -> NDArray[np.float64]:
    """Put the money that is committed or paid into the month it is there, float64 (month,), US dollars.

    Money without a day is there from the first day; money dated after the horizon is not in it.
    """
    periods = months(first, days)
    found = np.zeros(len(periods))
    for line, usd in money_drawn(plan, scenario):
        day = max((line.on - first).days, 0) if line.on else 0
        if line.status in FIRM and day < days:
            found[next(at for at, month in enumerate(periods) if day < month.stop)] += usd
    return found


def funding(plan: Plan, scenario: Scenario, total: float) -> Ledger:
    """Hold the money somebody spoke of against the cost.

    Parameters
    ----------
    total
        Cost over the horizon, US dollars.
    """
    sums = dict.fromkeys(("paid", "committed", "pledged", "mentioned"), 0.0)
    for line, usd in money_drawn(plan, scenario):
        sums[line.status] += usd
    firm = sums["paid"] + sums["committed"]
    share = min(max(1.0 - firm / total, 0.0), 1.0) if total > 0 else 0.0
    return Ledger(
        total=total,
        paid=sums["paid"],
        committed=sums["committed"],
        pledged=sums["pledged"],
        mentioned=sums["mentioned"],
        without_amount=tuple(line.donor for line in plan.funding if line.usd is None),
        unfunded_share=share,
        text=_text(total, firm, sums["pledged"] + sums["mentioned"]),
    )


def _text(total: float, firm: float, spoken: float) -> str:
    if total <= 0:
        return "No money is needed."
    there = "No money is committed or paid." if firm == 0 else "Money that is committed or paid covers part."
    if firm >= total:
        there = "Money that is committed or paid covers the cost."
    return there + (" More was pledged or mentioned; that is not counted." if spoken > 0 else "")
