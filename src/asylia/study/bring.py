"""What to bring where by when: needs of each month less what the plan states, as orders with a day to place them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.units import DAYS_PER_YEAR
from asylia.model.case import Case
from asylia.model.plan import Plan
from asylia.model.scenario import Scenario
from asylia.need.force import LINE, strength
from asylia.need.items import Item, read_items
from asylia.need.ledger import fixed_at_middle
from asylia.need.needs import amounts, capacity_by_standard
from asylia.need.periods import Period, months
from asylia.need.profiles import Requirement
from asylia.need.provision import Provision, provision
from asylia.need.worst import provided_on
from asylia.study.columns import Columns
from asylia.study.settings import Settings
from asylia.study.verdicts import spread

_TEXT: Final = pl.String
_RANGE: Final = ("low", "middle", "high")
BRING: Final[dict[str, type[pl.DataType]]] = {
    "plan": _TEXT, "zone": _TEXT, "sector": _TEXT, "measure": _TEXT, "item": _TEXT, "kind": _TEXT, "unit": _TEXT,
    "each": pl.Float64, "more": pl.Float64, "total_low": pl.Float64, "total_middle": pl.Float64, "total_high": pl.Float64,
    "stated_people": pl.Int64, "needed_by": pl.Date, "lead_days_low": pl.Int64, "lead_days_high": pl.Int64,
    "order_by": pl.Date, "in_time": pl.Boolean, "standard": _TEXT, "also": _TEXT, "evidence": _TEXT,
    "usd": pl.Float64, "price": _TEXT, "currency_year": pl.Int64, "lead_why": _TEXT, "source": _TEXT,
}  # fmt: skip
PRICED: Final[dict[str, type[pl.DataType]]] = {
    "plan": _TEXT, "zone": _TEXT, "item": _TEXT, "kind": _TEXT, "usd_low": pl.Float64, "usd_middle": pl.Float64,
    "usd_high": pl.Float64, "each": pl.Float64, "per": _TEXT, "price": _TEXT, "currency_year": pl.Int64, "year_basis": _TEXT,
    "evidence": _TEXT,
}  # fmt: skip
LAYOUT: Final[dict[str, type[pl.DataType]]] = {
    "plan": _TEXT, "zone": _TEXT, "sector": _TEXT, "measure": _TEXT, "indicator": _TEXT, "unit": _TEXT, "each": pl.Float64,
    "amount_low": pl.Float64, "amount_middle": pl.Float64, "amount_high": pl.Float64, "standard": _TEXT, "also": _TEXT,
    "evidence": _TEXT, "rule": _TEXT,
}  # fmt: skip
FORCE: Final[dict[str, type[pl.DataType]]] = {
    "plan": _TEXT, "deployed_low": pl.Float64, "deployed_high": pl.Float64, "people": pl.Float64,
    "per_thousand_low": pl.Float64, "per_thousand_high": pl.Float64, "line": pl.Float64, "standard": _TEXT,
}  # fmt: skip
CAPACITY: Final[dict[str, type[pl.DataType]]] = {
    "plan": _TEXT, "zone": _TEXT, "standard": _TEXT, "measure": _TEXT, "indicator": _TEXT, "people": pl.Int64,
    "binds": pl.Boolean, "stated_low": pl.Float64, "stated_high": pl.Float64, "people_per_km2": pl.Float64,
    "most_per_km2": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Site:
    """One zone of one plan: who is expected there, month by month.

    Parameters
    ----------
    most, person_days
        float64 (3, month), low, middle and high over members.
    served
        People served on the last day of each month by what the plan states, by need: int64 (month,).
    """

    plan: str
    zone: str
    opens: dt.date
    most: NDArray[np.float64]
    person_days: NDArray[np.float64]
    served: Mapping[str, NDArray[np.int64]]


def sites(
    case: Case, plan: Plan, needs: Sequence[Requirement], sheet: Columns, settings: Settings
) -> Iterator[Site]:
    """Describe every zone of a plan."""
    periods = months(case.first, settings.days)
    zones = sorted(plan.zones, key=lambda zone: zone.id)
    middle = Scenario(seed=settings.seed, member=0, values={})
    own = [need for need in needs if need.is_need]
    there = provision(fixed_at_middle(plan), [middle], [zone.id for zone in zones], own, case.first)
    for row, zone in enumerate(zones):
        yield Site(
            plan=plan.id,
            zone=zone.id,
            opens=zone.opens,
            most=_spread(sheet, "zone_most", row, len(periods)),
            person_days=_spread(sheet, "zone_days", row, len(periods)),
            served={
                need.measure.id: _served(there, row * len(own) + at, periods) for at, need in enumerate(own)
            },
        )


def _spread(sheet: Columns, name: str, zone: int, periods: int) -> NDArray[np.float64]:
    found = [spread(sheet.column(name, zone, month).astype(np.float64)) for month in range(periods)]
    return np.array([[each or 0.0 for each in row] for row in found]).T


def _served(there: Provision, at: int, periods: Sequence[Period]) -> NDArray[np.int64]:
    lines = there.lines(at)
    return np.array(
        [
            sum(
                provided_on(int(there.people[0, n]), int(there.start[n]), int(there.ramp[n]), month.stop - 1)
                for n in lines
            )
            for month in periods
        ],
        dtype=np.int64,
    )


def bring(
    case: Case, found: Sequence[Site], needs: Sequence[Requirement], settings: Settings
) -> pl.DataFrame:
    """List what to bring: one row for each zone, item and month in which more is needed; columns as in `BRING`.

    Things that stay are listed in the month their number grows, with the number to have in place by then; things that are used up
    in every month, with the amount of the month. Quantities are needs less what the plan states. `more` and `usd` stand at the
    middle. `order_by` is the day the order must be placed if it takes as long as it may; `in_time` is no where that day has
    passed before the study begins.
    """
    periods = months(case.first, settings.days)
    family = _family(needs)
    rows = [
        row
        for site in found
        for need, item in brought(needs)
        for row in _orders(site, need, item, periods, family)
    ]
    return pl.DataFrame(rows, schema=BRING)


def brought(needs: Sequence[Requirement]) -> list[tuple[Requirement, Item]]:
    """Pair what is needed with what is brought for it."""
    return [(need, read_items()[need.measure.id]) for need in needs if need.measure.id in read_items()]


def _family(needs: Sequence[Requirement]) -> float:
    return next((need.each for need in needs if need.measure.id == "relief_sets"), 0.0)


def is_used_up(need: Requirement, item: Item) -> bool:
    """Say whether a thing is used up, and not a person at work or a piece that stays."""
    return item.kind == "running" and not need.measure.whole


def _orders(
    site: Site, need: Requirement, item: Item, periods: Sequence[Period], family: float
) -> Iterator[dict[str, object]]:
    people = missing(site, need, item, periods)
    total = amounts(people[..., None], [need])[..., 0]
    more = total if is_used_up(need, item) else np.diff(total, axis=1, prepend=0.0)
    usd = _usd(item, people, total, family)
    for month, period in enumerate(periods):
        if more[2, month] <= 0:
            continue
        by = max(site.opens, period.first)
        order = by - dt.timedelta(days=item.lead_days[1])
        yield {
            "plan": site.plan, "zone": site.zone, "sector": need.sector, "measure": need.measure.id,
            "item": item.name, "kind": item.kind, "unit": need.measure.unit.removesuffix(" a day"),
            "each": need.each, "more": float(more[1, month]),
            **{f"total_{end}": float(total[at, month]) for at, end in enumerate(_RANGE)},
            "stated_people": int(site.served[need.meets][month]) if need.meets in site.served else 0,
            "needed_by": by, "lead_days_low": item.lead_days[0], "lead_days_high": item.lead_days[1],
            "order_by": order, "in_time": order >= periods[0].first,
            "standard": need.standard.id, "also": " ".join(each.id for each in need.also),
            "evidence": str(need.evidence), "usd": None if usd is None else _row_usd(usd[1], month, need, item),
            "price": item.price.id if item.price else None, "currency_year": item.currency_year,
            "lead_why": item.lead_why, "source": need.standard.source,
        }  # fmt: skip


def missing(site: Site, need: Requirement, item: Item, periods: Sequence[Period]) -> NDArray[np.float64]:
    """Give whom the plan does not serve, float64 (3, month): people at the most so far, or person-days of the month."""
    served = site.served.get(need.meets, np.zeros(len(periods), dtype=np.int64))
    if is_used_up(need, item):
        days = np.array([month.stop - month.start for month in periods])
        used: NDArray[np.float64] = np.maximum(site.person_days - served * days, 0.0)
        return used
    most: NDArray[np.float64] = np.maximum.accumulate(np.maximum(site.most - served, 0.0), axis=1)
    return most


def _usd(
    item: Item, people: NDArray[np.float64], total: NDArray[np.float64], family: float
) -> NDArray[np.float64] | None:
    """Price what is brought, float64 (3, month), as `total` counts it; `None` without a price, which is not nothing."""
    each = item.usd_each()
    if each is None:
        return None
    counted = {"amount": total, "people": people, "families": np.ceil(people * family)}[
        item.counts or "amount"
    ]
    usd: NDArray[np.float64] = counted * np.array(each)[:, None]
    return usd


def _row_usd(usd: NDArray[np.float64], month: int, need: Requirement, item: Item) -> float:
    before = usd[month - 1] if month and not is_used_up(need, item) else 0.0
    return float(usd[month] - before)


def priced(
    case: Case, found: Sequence[Site], needs: Sequence[Requirement], settings: Settings
) -> pl.DataFrame:
    """Add up what is brought where a price is known, set up and running apart; columns as in `PRICED`.

    An item without a price is listed with none: its cost is unknown. `each` is the middle a person-year for what is used up,
    and a person at the most for what stays.
    """
    periods = months(case.first, settings.days)
    rows = [
        _priced(site, need, item, periods, _family(needs)) for site in found for need, item in brought(needs)
    ]
    return pl.DataFrame(rows, schema=PRICED)


def _priced(
    site: Site, need: Requirement, item: Item, periods: Sequence[Period], family: float
) -> dict[str, object]:
    people = missing(site, need, item, periods)
    usd = _usd(item, people, amounts(people[..., None], [need])[..., 0], family)
    used_up = is_used_up(need, item)
    summed = None if usd is None else usd.sum(axis=1) if used_up else usd[:, -1]
    heads = site.person_days[1].sum() / DAYS_PER_YEAR if used_up else site.most[1].max()
    return {
        "plan": site.plan, "zone": site.zone, "item": item.name, "kind": item.kind,
        **{f"usd_{end}": None if summed is None else float(summed[at]) for at, end in enumerate(_RANGE)},
        "each": float(summed[1] / heads) if summed is not None and heads > 0 else None,
        "per": "person-year" if used_up else "person", "price": item.price.id if item.price else None,
        "currency_year": item.currency_year, "year_basis": item.year_basis,
        "evidence": str(item.price.evidence) if item.price else "unknown",
    }  # fmt: skip


def layout(found: Sequence[Site], needs: Sequence[Requirement]) -> pl.DataFrame:
    """Give what follows from the needs on the fullest day: water at the source, fire breaks, water points, staff, rooms."""
    rows = [
        {
            "plan": site.plan, "zone": site.zone, "sector": need.sector, "measure": need.measure.id,
            "indicator": need.measure.name, "unit": need.measure.unit, "each": need.each,
            **{f"amount_{end}": float(amounts(site.most.max(axis=1)[at : at + 1], [need])[0]) for at, end in enumerate(_RANGE)},
            "standard": need.standard.id, "also": " ".join(each.id for each in need.also),
            "evidence": str(need.evidence), "rule": need.rule or need.reason,
        }
        for site in found
        for need in needs
        if not need.is_need
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=LAYOUT)


def capacity(plans: Sequence[Plan], found: Sequence[Site], needs: Sequence[Requirement]) -> pl.DataFrame:
    """Say how many people each zone can hold by each standard, and which one binds; people per km2 where the area is known."""
    own = [need for need in needs if need.is_need]
    zones = {(plan.id, zone.id): zone for plan in plans for zone in plan.zones}
    tables = []
    for site in found:
        zone = zones[site.plan, site.zone]
        area = zone.area_km2.middle if zone.area_km2 else None
        # what the plan states when all of it is there; a need it names no amount for is not known
        said = {need.standard.id: int(n) for need in own if (n := site.served[need.measure.id].max())}
        table = capacity_by_standard(area, said, own)
        tables.append(
            _capacity_rows(table, site, own, area, (zone.capacity_people.low, zone.capacity_people.high))
        )
    return pl.concat(tables).select(*CAPACITY) if tables else pl.DataFrame(schema=CAPACITY)


def _capacity_rows(
    table: pl.DataFrame,
    site: Site,
    own: Sequence[Requirement],
    area: float | None,
    stated: tuple[float, float],
) -> pl.DataFrame:
    names = {need.measure.id: need.measure.name for need in own}
    each = next((need.each for need in own if need.measure.id == "ground"), None)
    dense = site.most[1].max() / area if area else None
    return table.with_columns(
        pl.lit(site.plan).alias("plan"),
        pl.lit(site.zone).alias("zone"),
        pl.col("measure").replace_strict(names).alias("indicator"),
        pl.lit(stated[0], dtype=pl.Float64).alias("stated_low"),
        pl.lit(stated[1], dtype=pl.Float64).alias("stated_high"),
        pl.lit(dense, dtype=pl.Float64).alias("people_per_km2"),
        pl.lit(1e6 / each if each else None, dtype=pl.Float64).alias("most_per_km2"),
    )


def force(plans: Sequence[Plan], found: Sequence[Site]) -> pl.DataFrame:
    """Hold the force that is there against the people of all zones on their fullest days, beside the published line.

    Only a force that is deployed counts; a plan that names none, or only promises one, has no row.
    """
    rows = []
    for plan in plans:
        deployed = plan.protection.force_deployed
        people = sum(float(site.most[1].max()) for site in found if site.plan == plan.id)
        if deployed is None or people <= 0:
            continue
        low, high = strength(deployed.low, people), strength(deployed.high, people)
        if low is not None and high is not None:
            shares = (low.share * 1000, high.share * 1000, low.line * 1000)
            rows.append((plan.id, deployed.low, deployed.high, people, *shares, LINE))
    return pl.DataFrame(rows, schema=FORCE, orient="row")
