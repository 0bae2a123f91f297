"""What the section on needs and money says beyond shortfalls: what to bring by when, room, cost, who pays, what stops first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl
from markupsafe import Markup

from asylia.report import words
from asylia.report.dossier import Dossier, PlanCard
from asylia.report.provision_chart import Bar, chart

Row = Mapping[str, object]
_WEAK: Final = ("recalled", "assumed", "unknown")
_WHOLE: Final = "count"
_SMALL: Final = 0.05
"""A swing below this share of the cost is not worth a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Everything about one plan.

    Parameters
    ----------
    orders
        Things to bring, all zones together.
    late
        How many of them would have to be ordered before the study begins.
    """

    plan: PlanCard
    picture: Markup
    orders: tuple[Row, ...]
    late: int
    rooms: tuple[Row, ...]
    follows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """The money of one plan."""

    plan: PlanCard
    lines: tuple[Row, ...]
    priced: tuple[Row, ...]
    unpriced: tuple[str, ...]
    donors: tuple[Row, ...]
    courses: tuple[Row, ...]
    order: str
    unfunded: str
    swings: tuple[str, ...]
    force: str


def standard_rows(dossier: Dossier) -> tuple[Row, ...]:
    """Return every standard in use, to be followed to its edition and source."""
    table = dossier.provision.get("standards")
    if table is None:
        return ()
    return tuple(
        {
            **row,
            "amount": _amount(row),
            "is_weak": row["evidence"] in _WEAK,
            "is_changed": row["published"] != row["value"],
        }
        for row in table.iter_rows(named=True)
    )


def _amount(row: Row) -> str:
    said = f"{row['value']:,.10g} {row['unit']}"
    if row["low"] is not None and row["high"] is not None:
        said += f" ({row['low']:,.10g} to {row['high']:,.10g})"
    return said


def edition_rows(dossier: Dossier) -> tuple[Row, ...]:
    """Return indicators on which editions or phases give more than one value, side by side."""
    table = dossier.provision.get("editions")
    if table is None or table.is_empty():
        return ()
    found = []
    for (standard,), own in table.group_by("standard", maintain_order=True):
        values = own.unique(["edition", "stage", "value"], maintain_order=True)
        if values["value"].n_unique() > 1 or values["edition"].n_unique() > 1:
            found.append(
                {
                    "standard": standard,
                    "indicator": own["indicator"][0],
                    "values": [
                        f"{r['edition']}{'' if r['stage'] == 'all' else ', ' + r['stage']}: {r['value']:,.10g} {r['unit']}"
                        + (" (recalled)" if r["evidence"] == "recalled" else "")
                        for r in values.iter_rows(named=True)
                    ],
                }
            )
    return tuple(found)


def notes(dossier: Dossier) -> list[str]:
    """Write what a reader of the tables must know first."""
    return [
        f"What to bring where by when: {dossier.title}, as known on {words.day(dossier.as_of)}.",
        "Asylia calls no zone safe. Quantities follow from people counted by a simulation and from published standards.",
        "total_low, total_middle, total_high: in place by needed_by, less what the plan states; the range holds 90 % of runs.",
        "more: what comes on top of the row before, at the middle. Things used up are given for each month.",
        "order_by: the last day to order if it takes as long as it may. in_time is no where that day is before the first day.",
        "Lead times are assumed, each with its reason. Prices are orders of magnitude; an empty price is unknown, not nothing.",
        "evidence: how the weakest standard behind a row is known. Follow standard and also to the sheet Standards.",
        *dossier.withheld,
    ]


def supplies(dossier: Dossier) -> tuple[Supply, ...]:
    """Return what to bring under each plan that has a zone."""
    table = dossier.provision.get("bring")
    if table is None:
        return ()
    names = {(row["plan"], row["zone"]): row["name"] for row in dossier.zones.iter_rows(named=True)}
    return tuple(
        _supply(dossier, plan, own, names)
        for plan in dossier.plans
        if not (own := table.filter(pl.col("plan") == plan.id)).is_empty()
    )


def _supply(
    dossier: Dossier, plan: PlanCard, own: pl.DataFrame, names: Mapping[tuple[str, str], str]
) -> Supply:
    orders = sorted(_orders(own), key=lambda row: (row["order_by"], row["item"]))
    last = dossier.first + dt.timedelta(days=dossier.days - 1)
    bars = [row["bar"] for row in orders if isinstance(row["bar"], Bar)]
    title = f"What to bring under {plan.title}: order, first need, more"
    return Supply(
        plan=plan,
        picture=chart(f"bring-{plan.id}", title, bars, dossier.first, last),
        orders=tuple(orders),
        late=sum(bool(row["is_late"]) for row in orders),
        rooms=tuple(_rooms(dossier, plan, names)),
        follows=tuple(_follows(dossier, plan)),
    )


def _orders(own: pl.DataFrame) -> Iterable[dict[str, object]]:
    """Add zones up; the ends of a range are added as they are, so it is at its widest."""
    for (measure,), rows in own.group_by("measure", maintain_order=True):
        low, middle, high = (_total(rows, f"total_{end}") for end in ("low", "middle", "high"))
        more = rows.group_by("needed_by").agg(pl.col("more").sum()).sort("needed_by")
        all_more = float(more["more"].sum()) or 1.0
        first = rows.sort("needed_by").row(0, named=True)
        said = words.amount(middle, _WHOLE, low, high)
        unit = str(first["unit"])
        yield {
            "measure": measure,
            "item": first["item"],
            "unit": unit,
            "words": said,
            "span": _span(low, high),
            "needed_by": first["needed_by"],
            "order_by": rows["order_by"].min(),
            "lead": f"{first['lead_days_low']} to {first['lead_days_high']} days",
            "is_late": not rows["in_time"].all(),
            "stated": bool((rows["stated_people"] > 0).any()),
            "ids": [str(first["standard"]), *str(first["also"]).split()],
            "evidence": first["evidence"],
            "bar": Bar(
                name=str(first["item"]),
                order_by=first["order_by"],
                needed_by=first["needed_by"],
                batches=tuple((day, float(n or 0.0) / all_more) for day, n in more.iter_rows()),
                said=f"{said} {unit}",
            ),
        }


def _total(rows: pl.DataFrame, column: str) -> float:
    """Add up the last number of each zone for what stays, and every month for what is used up."""
    used_up = rows["kind"][0] == "running" and rows["unit"][0] in ("litres", "kilograms", "kcal")
    known = rows.filter(pl.col(column).is_not_null())
    per_zone = known.group_by("zone").agg(pl.col(column).sum() if used_up else pl.col(column).max())
    return float(per_zone[column].sum())


def _rooms(dossier: Dossier, plan: PlanCard, names: Mapping[tuple[str, str], str]) -> Iterable[Row]:
    table = dossier.provision["capacity"].filter(pl.col("plan") == plan.id)
    for (zone,), own in table.group_by("zone", maintain_order=True):
        binds = own.filter(pl.col("binds"))
        known = own.filter(pl.col("people").is_not_null()).height
        row = own.row(0, named=True)
        dense, most = row["people_per_km2"], row["most_per_km2"]
        yield {
            "zone": names.get((plan.id, str(zone)), zone),
            "stated": words.span(row["stated_low"], row["stated_high"], "people")
            or words.amount(row["stated_low"], "people"),
            "binds": [(r["indicator"], r["standard"]) for r in binds.iter_rows(named=True)],
            "people": words.amount(float(binds["people"][0]), "people") if binds.height else words.UNKNOWN,
            "unknown": own.height - known,
            "of": own.height,
            "dense": "" if dense is None else f"{words.amount(dense, 'count')} people a km2",
            "is_dense": dense is not None and most is not None and dense > most,
        }


def _follows(dossier: Dossier, plan: PlanCard) -> Iterable[Row]:
    table = dossier.provision["layout"].filter(pl.col("plan") == plan.id)
    for (measure,), own in table.group_by("measure", maintain_order=True):
        row = own.row(0, named=True)
        low, middle, high = (float(own[f"amount_{end}"].sum()) for end in ("low", "middle", "high"))
        if high > 0:
            yield {
                "measure": measure,
                "name": row["indicator"],
                "words": f"{words.amount(middle, _WHOLE, low, high)} {row['unit']}",
                "span": _span(low, high),
                "rule": row["rule"],
                "ids": [str(row["standard"]), *str(row["also"]).split()],
            }


def purses(dossier: Dossier) -> tuple[Purse, ...]:
    """Return cost and money of each plan that has either."""
    if "cost_lines" not in dossier.provision:
        return ()
    return tuple(
        _purse(dossier, plan)
        for plan in dossier.plans
        if any(not _of(dossier, name, plan).is_empty() for name in ("cost_lines", "ledger"))
    )


def _of(dossier: Dossier, name: str, plan: PlanCard) -> pl.DataFrame:
    return dossier.provision[name].filter(pl.col("plan") == plan.id)


def _purse(dossier: Dossier, plan: PlanCard) -> Purse:
    priced = _of(dossier, "priced", plan)
    known = priced.filter(pl.col("price").is_not_null())
    stops = _of(dossier, "stops", plan)
    return Purse(
        plan=plan,
        lines=tuple(_line(row) for row in _of(dossier, "cost_lines", plan).iter_rows(named=True)),
        priced=tuple(_priced(rows) for _, rows in known.group_by("item", maintain_order=True)),
        unpriced=tuple(dict.fromkeys(priced.filter(pl.col("price").is_null())["item"].to_list())),
        donors=tuple(_donor(row) for row in _of(dossier, "ledger", plan).iter_rows(named=True)),
        courses=tuple(_courses(stops)),
        order=str(stops["order"][0]) if stops.height else "",
        unfunded=_unfunded(_of(dossier, "money", plan)),
        swings=tuple(_swings(dossier, plan)),
        force=_force(_of(dossier, "force", plan)),
    )


def _line(row: Row) -> Row:
    year = row["usd_year"]
    return {
        **row,
        "kind": str(row["kind"]).replace("_", " "),
        "words": words.amount(_number(row["middle"]), "usd", _number(row["low"]), _number(row["high"])),
        "span": words.span(_number(row["low"]), _number(row["high"]), "usd"),
        "each": words.span(_number(row["each_low"]), _number(row["each_high"]), "usd")
        or words.amount(_number(row["each_low"]), "usd"),
        "per": str(row["per"]).replace("_", " "),
        "year": f"dollars of {year}" if year else "year of the dollars not stated",
    }


def _priced(rows: pl.DataFrame) -> Row:
    low, middle, high = (float(rows[f"usd_{end}"].sum()) for end in ("low", "middle", "high"))
    row = rows.row(0, named=True)
    each = rows["each"].drop_nulls().mean()
    return {
        "item": row["item"],
        "when": "set up" if row["kind"] == "set_up" else "running",
        "words": words.amount(middle, "usd", low, high),
        "span": words.span(low, high, "usd"),
        "each": f"{words.amount(each, 'usd')} a {row['per']}" if isinstance(each, float) else "",
        "price": row["price"],
        "year": f"dollars of {row['currency_year']}, {row['year_basis']}",
        "evidence": row["evidence"],
    }


def _donor(row: Row) -> Row:
    low, high = _number(row["usd_low"]), _number(row["usd_high"])
    said = "no amount named" if low is None else words.span(low, high, "usd") or words.amount(low, "usd")
    day = row["on"]
    return {**row, "words": said, "day": words.day(day) if isinstance(day, dt.date) else ""}


def _courses(stops: pl.DataFrame) -> Iterable[Row]:
    for (course,), rows in stops.group_by("course", maintain_order=True):
        short = rows.filter(pl.col("stops").is_not_null()).sort(["stops", "rank"], descending=[False, True])
        paid = float(rows["paid"].sum())
        first = short.row(0, named=True) if short.height else None
        yield {
            "course": course,
            "said": _stop_words(first, paid, short.height),
            "rows": [
                {
                    "item": row["item"],
                    "rank": row["rank"],
                    "stops": row["stops"],
                    "share": words.percent(row["paid"] / row["due"]) if row["due"] else "nothing due",
                }
                for row in rows.iter_rows(named=True)
            ],
        }


def _stop_words(first: Row | None, paid: float, lines: int) -> str:
    if first is None:
        return "Every line is paid to the end."
    day = first["stops"]
    when = words.day(day) if isinstance(day, dt.date) else words.UNKNOWN
    if paid <= 0:
        return f"Nothing is paid: no money is committed or paid. The first sums are due from {when}."
    return f"First to stop: {first['item']}, from {when}; {words.count(lines, 'line')} not paid in full."


def _unfunded(path: pl.DataFrame) -> str:
    """Say when part of the cost is first unfunded, and how much is at the end."""
    due = path.filter(pl.col("cost_middle") > 0)
    if due.is_empty():
        return ""
    last = due.row(-1, named=True)
    share = words.percent(last["unfunded_middle"])
    short = due.filter(pl.col("unfunded_middle") > 0)
    if short.is_empty():
        return "Money that is committed or paid covers the middle of the cost to the end."
    since = words.day(short["month"][0])
    around = words.span(last["unfunded_low"], last["unfunded_high"], "share")
    return f"Unfunded from {since}; {share} of the cost at the end" + (f" ({around})." if around else ".")


def _swings(dossier: Dossier, plan: PlanCard) -> Iterable[str]:
    for row in _of(dossier, "swings", plan).iter_rows(named=True):
        if row["high"] > 0 and (row["high"] - row["low"]) >= _SMALL * row["high"]:
            ends = words.span(row["least"], row["most"], row["unit"])
            yield f"{row['unknown']}, {ends}: {words.span(row['low'], row['high'], 'usd')} in all"


def _span(low: float, high: float) -> str:
    """Say a range of things that are counted; few of them are whole.

    >>> _span(2.0, 3.0), _span(1200.0, 4800.0)
    ('2 to 3', '1,200 to 4,800')
    """
    if high < 100 and low == int(low) and high == int(high):
        return "" if low == high else f"{low:.0f} to {high:.0f}"
    return words.span(low, high, _WHOLE)


def _force(table: pl.DataFrame) -> str:
    """Say the deployed force a thousand people, beside the published line."""
    if table.is_empty():
        return ""
    row = table.row(0, named=True)
    low, high = row["per_thousand_low"], row["per_thousand_high"]
    many = words.span(low, high, "count") or words.amount(low, "count")
    force = words.span(row["deployed_low"], row["deployed_high"], "people") or words.amount(
        row["deployed_low"], "people"
    )
    return (
        f"{force} deployed for {words.amount(row['people'], 'people')} people at the most is {many} for each thousand; "
        f"the published line, whose evidence is disputed, is {row['line']:g}."
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
