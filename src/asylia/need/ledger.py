"""What money does over time: what is paid, what stops first when it ends, and what if a donor stops.

What is paid first is a choice, and it is stated: by the `priority` of the plan's own cost lines; where the plan states none, by
`KIND_ORDER`, which is ours and is listed as assumed. Money that was only pledged or mentioned pays for nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.model.plan import Cost, Funding, Plan
from asylia.need.cost import FIRM
from asylia.need.periods import Period

KIND_ORDER: Final = ("relief", "set_up", "force")
"""Order of payment where a plan states none."""
ORDER_BASIS: Final = {
    "stated": "The plan states the order. A line is provided for to the end before the next one gets anything.",
    "assumed": (
        "The plan states no order. Assumed: what people use up every day, then what is built, then force, and within one kind "
        "the order in which the plan lists its lines. A line is provided for to the end before the next one gets anything."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one cost line fares under one course of the money.

    Parameters
    ----------
    rank
        Place in the order of payment, 1 first.
    due, paid
        US dollars over the horizon.
    stops
        First day of the first month that is not paid in full, `None` if every month is.
    """

    item: str
    kind: str
    rank: int
    due: float
    paid: float
    stops: dt.date | None


def order_of(costs: Sequence[Cost]) -> tuple[list[int], str]:
    """Give the order in which lines are paid, and where it comes from: a key of `ORDER_BASIS`."""
    stated = any(cost.priority for cost in costs)

    def rank(at: int) -> tuple[int, int, int]:
        cost = costs[at]
        # a line without a priority comes after all that have one
        own = cost.priority or max(each.priority for each in costs) + 1
        return (own if stated else 0, KIND_ORDER.index(cost.kind), at)

    return sorted(range(len(costs)), key=rank), "stated" if stated else "assumed"


def pay(
    plan: Plan, due: NDArray[np.float64], money: Sequence[Funding], periods: Sequence[Period]
) -> tuple[Standing, ...]:
    """Pay a plan's lines in their order, from the money that is there.

    A line is provided for to the end before the next one gets anything; nothing is paid before the money has come.

    Parameters
    ----------
    due
        float64 (line, month), US dollars, as `need.cost.spending`.
    money
        Lines of money; committed and paid ones count, at the middle of their amounts. What is not spent stays for later months.

    Returns
    -------
    One standing for each cost line, in the order of payment.
    """
    purses = _purses(money, periods)
    paid = np.zeros_like(due)
    order, _ = order_of(plan.costs)
    for line in order:
        usable = [purse for purse in purses if purse.may_pay(plan.costs[line])]
        for month in range(due.shape[1]):
            for purse in usable:
                paid[line, month] += purse.take(due[line, month] - paid[line, month], month)
    return tuple(
        _standing(plan.costs[line], rank, due[line], paid[line], periods)
        for rank, line in enumerate(order, 1)
    )


def without(money: Sequence[Funding], donor: str, day: dt.date) -> tuple[Funding, ...]:
    """Say what is left if a donor pays nothing from a day on.

    What is dated before that day is kept, and what is paid already without a date; everything else of the donor is lost.
    """
    return tuple(line for line in money if line.donor != donor or _was_there(line, day))


def _was_there(line: Funding, day: dt.date) -> bool:
    return line.status == "paid" if line.on is None else line.on < day


@dataclass(slots=True, kw_only=True)
class _Purse:
    """Money of one line.

    Parameters
    ----------
    held
        float64 (month,), what is in it at the end of each month if nothing more is taken out.
    """

    earmark: str
    held: NDArray[np.float64]

    def may_pay(self, cost: Cost) -> bool:
        return not self.earmark or self.earmark in (cost.item, cost.kind)

    def take(self, asked: float, month: int) -> float:
        """Take out what was asked, as far as it is there and is not set apart for a later month."""
        share = float(min(asked, self.held[month:].min()))
        self.held[month:] -= share
        return share


def _purses(money: Sequence[Funding], periods: Sequence[Period]) -> list[_Purse]:
    """Earmarked money first: it pays for nothing else."""
    found = []
    for line in money:
        if line.usd is None or line.status not in FIRM:
            continue
        month = _month(line.on, periods)
        if month is not None:
            held = np.zeros(len(periods))
            held[month:] = line.usd.middle
            found.append(_Purse(earmark=line.earmark, held=held))
    return sorted(found, key=lambda purse: not purse.earmark)


def _month(day: dt.date | None, periods: Sequence[Period]) -> int | None:
    if day is None:
        return 0
    return next((at for at, month in enumerate(periods) if day <= month.last), None)


def _standing(
    cost: Cost, rank: int, due: NDArray[np.float64], paid: NDArray[np.float64], periods: Sequence[Period]
) -> Standing:
    # a dollar is no gap
    short = np.flatnonzero(due - paid > 1)
    return Standing(
        item=cost.item,
        kind=cost.kind,
        rank=rank,
        due=float(due.sum()),
        paid=float(paid.sum()),
        stops=periods[int(short[0])].first if short.size else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """How far the cost of a plan moves with one unknown, all others held at their middle.

    Parameters
    ----------
    least, most
        Ends of the unknown, in `unit`.
    low, high
        Cost at those ends, US dollars.
    """

    unknown: str
    unit: str
    least: float
    most: float
    low: float
    high: float

    @property
    def size(self) -> float:
        """Distance from low to high."""
        return abs(self.high - self.low)


def largest_unknowns(
    plan: Plan, quantities: Mapping[str, tuple[float, float, float]], names: Mapping[str, str]
) -> tuple[Swing, ...]:
    """Find the three unknowns that move the cost of a plan most.

    Parameters
    ----------
    quantities
        Low, middle and high of what each `per` of a cost line counts.
    names
        What each of them is called.
    """
    total = sum(cost.usd.middle * quantities[cost.per][1] for cost in plan.costs)

    def moved(price: float, cost: Cost) -> float:
        return total + (price - cost.usd.middle) * quantities[cost.per][1]

    found = [
        Swing(
            unknown=f"price of “{cost.item}”", unit="USD", least=cost.usd.low,
            most=cost.usd.high, low=moved(cost.usd.low, cost), high=moved(cost.usd.high, cost),
        )
        for cost in plan.costs
    ]  # fmt: skip
    for per in dict.fromkeys(cost.per for cost in plan.costs):
        each = sum(cost.usd.middle for cost in plan.costs if cost.per == per)
        low, middle, high = quantities[per]
        found.append(
            Swing(
                unknown=names[per], unit=per, least=low, most=high,
                low=total + each * (low - middle), high=total + each * (high - middle),
            )
        )  # fmt: skip
    found.sort(key=lambda swing: (-swing.size, swing.unknown))
    return tuple(swing for swing in found[:3] if swing.size > 0)


def fixed_at_middle(plan: Plan) -> Plan:
    """Hold everything a plan provides at its middle, to look at one course instead of many."""
    return replace(
        plan,
        services=tuple(
            replace(s, provides_for_people=replace(s.provides_for_people, low=m, high=m, shape="even"))
            if s.provides_for_people is not None and (m := s.provides_for_people.middle) is not None
            else s
            for s in plan.services
        ),
        zones=tuple(
            replace(z, area_km2=replace(z.area_km2, low=m, high=m, shape="even"))
            if z.area_km2 is not None and (m := z.area_km2.middle) is not None
            else z
            for z in plan.zones
        ),
    )
