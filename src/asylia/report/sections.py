"""What the sections below the first table say: rows and panels ready for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl
from markupsafe import Markup

from asylia.report import charts, comparison, words
from asylia.report.comparison import Cell
from asylia.report.dossier import CriterionCard, Dossier, LikeCases, PlanCard, Stand, Words

Row = Mapping[str, object]
MEASURES: Final = (
    ("in_zones", "Sheltered in zones"),
    ("without_shelter", "Without shelter"),
    ("crossed", "Crossed a border, running total"),
    ("exposure_2_km", "Person-days within 2 km of a lethal event"),
)
EVIDENCE: Final = ("seen", "derived", "recalled", "assumed", "unknown")
POSITIONS: Final = {
    "refuses": "\N{BLACK SQUARE}",
    "contested": "\N{SQUARE WITH LEFT HALF BLACK}",
    "cannot say": "?",
    "nothing stated against it": "\N{WHITE CIRCLE}",
}
STATUSES: Final = {
    "stated": "\N{BLACK CIRCLE}",
    "assumed": "\N{CIRCLE WITH LEFT HALF BLACK}",
    "silent": "\N{WHITE CIRCLE}",
    "not needed": "\N{EN DASH}",
}
_DECIDING: Final = ("hard", "red_line")
_SECTORS: Final = {"wash_water": "water", "wash_sanitation": "sanitation", "wash_hygiene": "hygiene"}
_STRONG: Final = 0.1
"""Weakest rank correlation worth a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The panels of one measure over time, one for each plan beside no zone."""

    id: str
    heading: str
    panels: tuple[tuple[PlanCard, Markup], ...]
    last: tuple[tuple[PlanCard, str, str], ...]


def over_time(dossier: Dossier) -> tuple[Measure, ...]:
    """Return panels of weeks for each measure the study followed."""
    return tuple(
        _measure(dossier, key, heading)
        for key, heading in MEASURES
        if not dossier.series.filter(pl.col("measure") == key).is_empty()
    )


def _measure(dossier: Dossier, key: str, heading: str) -> Measure:
    weeks = dossier.series.filter(pl.col("measure") == key).sort("plan", "date")
    by_plan = {plan.id: weeks.filter(pl.col("plan") == plan.id) for plan in dossier.plans}
    highest = float(weeks.select(pl.max_horizontal("low", "middle", "high").max()).item() or 0.0)
    unit, none = weeks["unit"][0], by_plan.get("none", weeks.head(0))
    panels, last = [], []
    for plan in dossier.plans:
        own = by_plan[plan.id]
        value, span = _final(own)
        last.append((plan, value, span))
        if plan.id == "none":
            continue
        shown = charts.Panel(
            name=f"weeks-{key}-{plan.id}",
            title=f"{heading}: {plan.title}",
            description=f"On the last day {value}{f' ({span})' if span else ''}; no zone: {_final(none)[0]}.",
            unit=unit,
            top=charts.ceiling(highest),
            plan=own,
            none=none,
        )
        panels.append((plan, charts.panel(shown)))
    return Measure(id=key, heading=heading, panels=tuple(panels), last=tuple(last))


def _final(weeks: pl.DataFrame) -> tuple[str, str]:
    if weeks.is_empty():
        return words.UNKNOWN, ""
    row = weeks.row(-1, named=True)
    if row["middle"] is None:
        return (words.FEW if row["suppressed"] else words.UNKNOWN), ""
    value = words.amount(row["middle"], row["unit"], row["low"], row["high"])
    return value, words.span(row["low"], row["high"], row["unit"])


def all_criteria(dossier: Dossier) -> tuple[tuple[CriterionCard, tuple[Cell, ...]], ...]:
    """Return every criterion with a cell for each plan."""
    found = []
    for card in dossier.criteria:
        most = comparison.top(dossier, card.id)
        found.append(
            (card, tuple(comparison.cell(dossier, plan.id, card.id, most) for plan in dossier.plans))
        )
    return tuple(found)


def consent_matrix(dossier: Dossier) -> tuple[tuple[Row, ...], list[str]]:
    """Return actors by plans, and the names of actors of whom no plan can say anything (they need no row each).

    The displaced people keep their row wherever the case has protection terms that are not for trading, and so does whoever
    can stop a plan and said on record what it wants of one.
    """
    actors = list(dict.fromkeys((stand.actor, stand.actor_name) for stand in dossier.stands))
    known = {(stand.actor, stand.plan): stand for stand in dossier.stands}
    plans = [plan for plan in dossier.plans if plan.id != "none"]
    rows, silent = [], []
    for actor, name in actors:
        cells = [(plan, known.get((actor, plan.id))) for plan in plans]
        if all(stand is None or _says_nothing(stand) for _, stand in cells):
            silent.append(name)
        else:
            rows.append({"name": name, "cells": cells})
    return tuple(rows), silent


def _says_nothing(stand: Stand) -> bool:
    spoke = stand.has_veto and any(line.condition and line.is_confirmed for line in stand.lines)
    return stand.position == "cannot say" and not stand.floor and not spoke


def floor(dossier: Dossier) -> tuple[Row, ...]:
    """Return each protection term that is not for trading, with the plans that trade it away, leave it open or keep it."""
    found: dict[str, tuple[Mapping[str, str], dict[str, list[str]]]] = {}
    for stand in dossier.stands:
        for line in stand.floor:
            _, plans = found.setdefault(line["id"], (line, {name: [] for name in words.KEEPS}))
            plans[line["standing"]].append(dossier.plan_title(stand.plan))
    return tuple({**line, "plans": plans} for line, plans in found.values())


def said(dossier: Dossier) -> tuple[tuple[str, Words, tuple[tuple[str, str], ...]], ...]:
    """Return each statement once: who, the words, and how it stands with each plan."""
    found: dict[tuple[str, str], tuple[str, Words, list[tuple[str, str]]]] = {}
    for stand in dossier.stands:
        for line in stand.lines:
            entry = found.setdefault((stand.actor, line.statement), (stand.actor_name, line, []))
            if stand.plan != "none":
                entry[2].append((dossier.plan_title(stand.plan), line.standing))
    return tuple((name, line, tuple(plans)) for name, line, plans in found.values())


def open_questions(dossier: Dossier) -> tuple[Row, ...]:
    """Return conditions nobody can check yet, those of most weight and most plans first.

    Only statements that can refuse a plan and are read as a condition ask anything; the rest is in the full table.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for stand in dossier.stands:
        for line in stand.lines:
            asks = line.standing == "unknown" and line.condition and line.force in _DECIDING
            if asks and stand.plan != "none":
                found.setdefault((stand.actor_name, line.summary), []).append(dossier.plan_title(stand.plan))
    ordered = sorted(found.items(), key=lambda item: -len(item[1]))
    return tuple({"actor": a, "question": q, "plans": list(dict.fromkeys(p))} for (a, q), p in ordered)


def standing_against(dossier: Dossier) -> tuple[Row, ...]:
    """Return the conditions that refusals rest on, each once, with the plans it stands against."""
    found: dict[tuple[str, str], tuple[Stand, Words, list[str]]] = {}
    for stand in dossier.stands:
        for line in stand.lines:
            if stand.position == "refuses" and line.standing == "unmet":
                entry = found.setdefault((stand.actor, line.statement), (stand, line, []))
                entry[2].append(dossier.plan_title(stand.plan))
    ordered = sorted(found.values(), key=lambda entry: (not entry[0].has_veto, -len(entry[2])))
    return tuple(
        {"actor": stand.actor_name, "veto": stand.has_veto, "line": line, "plans": plans}
        for stand, line, plans in ordered
    )


def needs_grids(dossier: Dossier) -> tuple[Row, ...]:
    """Return for each plan with needs a grid of sectors by zones; the indicator that leaves most people short leads."""
    names = {(row["plan"], row["zone"]): row["name"] for row in dossier.zones.iter_rows(named=True)}
    grids = []
    for plan in dossier.plans:
        own = dossier.needs.filter(pl.col("plan") == plan.id)
        if own.is_empty():
            continue
        sectors = list(dict.fromkeys(own["sector"].to_list()))
        zones = list(dict.fromkeys(own["zone"].to_list()))
        table = [
            (
                names.get((plan.id, zone), zone or "Every zone"),
                [_short(own, zone, sector) for sector in sectors],
            )
            for zone in zones
        ]
        grids.append(
            {
                "plan": plan,
                "sectors": [_SECTORS.get(sector, sector.replace("_", " ")) for sector in sectors],
                "rows": table,
                "first": _stops_first(own, names, plan.id),
            }
        )
    return tuple(grids)


def _short(own: pl.DataFrame, zone: str, sector: str) -> Row | None:
    cells = own.filter((pl.col("zone") == zone) & (pl.col("sector") == sector))
    worst = cells.sort("people_middle", descending=True, nulls_last=True).head(1)
    if worst.is_empty():
        return None
    row = worst.row(0, named=True)
    if row["shortfall_middle"] is None:
        return {
            "words": words.UNKNOWN,
            "standard": row["standard"],
            "indicator": row["indicator"],
            "is_weak": False,
            "is_short": False,
        }
    if row["shortfall_middle"] <= 0:
        return {
            "words": "met",
            "standard": row["standard"],
            "indicator": row["indicator"],
            "is_weak": False,
            "is_short": False,
        }
    people = (
        words.FEW
        if "people_middle" in str(row["suppressed"]).split()
        else words.amount(row["people_middle"], "people", row["people_low"], row["people_high"])
    )
    return {
        "words": f"{words.amount(row['shortfall_middle'], 'count', row['shortfall_low'], row['shortfall_high'])} {row['unit']}",
        "span": words.span(row["shortfall_low"], row["shortfall_high"], "count"),
        "day": row["first_day"],
        "people": people,
        "standard": row["standard"],
        "indicator": row["indicator"],
        "is_weak": row["evidence"] in ("recalled", "assumed", "unknown"),
        "is_short": True,
    }


def _stops_first(own: pl.DataFrame, names: Mapping[tuple[str, str], str], plan: str) -> str:
    dated = own.filter(pl.col("first_day").is_not_null() & (pl.col("shortfall_middle") > 0)).sort(
        "first_day", "zone", maintain_order=True
    )
    if dated.is_empty():
        return ""
    row = dated.row(0, named=True)
    zone = names.get((plan, row["zone"]), "every zone")
    return f"{row['indicator']} in {zone}, from {words.day(row['first_day'])}"


def money(dossier: Dossier) -> tuple[Row, ...]:
    """Return cost and funding of each plan that has either."""
    found = []
    for plan in dossier.plans:
        lines = dossier.costs.filter(pl.col("plan") == plan.id).iter_rows(named=True)
        costs = [
            {
                "item": r["item"],
                "kind": r["kind"].replace("_", " "),
                "words": words.amount(r["middle"], "usd", r["low"], r["high"]),
                "span": words.span(r["low"], r["high"], "usd"),
            }
            for r in lines
        ]
        donors = [_donor(r) for r in dossier.funding.filter(pl.col("plan") == plan.id).iter_rows(named=True)]
        if costs or donors:
            found.append({"plan": plan, "costs": costs, "funding": donors})
    return tuple(found)


def _donor(row: Row) -> Row:
    low, high = row["usd_low"], row["usd_high"]
    if not isinstance(low, float) or not isinstance(high, float):
        return {**row, "words": "no amount named"}
    return {**row, "words": words.span(low, high, "usd") or words.amount(low, "usd")}


def silence_grid(dossier: Dossier) -> tuple[list[PlanCard], list[Row]]:
    """Return plans, and elements of a complete plan with the status of each."""
    plans = [
        plan
        for plan in dossier.plans
        if plan.id in set(dossier.silences["plan"].to_list()) and plan.id != "none"
    ]
    known = {(r["plan"], r["element"]): r for r in dossier.silences.iter_rows(named=True)}
    elements = dict(dossier.silences.select("element", "question").iter_rows())
    rows: list[Row] = [
        {
            "element": element.replace("_", " "),
            "question": question,
            "cells": [known.get((plan.id, element)) for plan in plans],
        }
        for element, question in elements.items()
    ]
    return plans, rows


def history(dossier: Dossier) -> tuple[tuple[str, LikeCases, str], ...]:
    """Return like cases of each plan with the rate in words, or why there is none."""
    found = []
    for cases in dossier.like_cases:
        if cases.plan == "none":
            continue
        if cases.low is None or cases.high is None:
            rate = (
                "no rate: fewer than five zones are alike"
                if cases.n
                else "no rate: no zone of the past is alike"
            )
        else:
            rate = f"{cases.overrun} of {cases.n} overrun ({percent_range(cases.low, cases.high)})"
        found.append((dossier.plan_title(cases.plan), cases, rate))
    return tuple(found)


def percent_range(low: float, high: float) -> str:
    """Say a range of shares: 13 to 60 %."""
    return f"{low * 100:.0f} to {high * 100:.0f}\N{NO-BREAK SPACE}%"


def drivers(dossier: Dossier) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """Return for each criterion the uncertain numbers that move it most, over all plans together."""
    names = {card.id: card.name for card in dossier.criteria}
    strong = dossier.drivers.filter(pl.col("correlation").abs() >= _STRONG)
    found = []
    for criterion in dict.fromkeys(strong["criterion"].to_list()):
        rules = (
            strong.filter(pl.col("criterion") == criterion)
            .group_by("rule", maintain_order=True)
            .agg(
                pl.col("correlation").min().alias("least"),
                pl.col("correlation").max().alias("most"),
                pl.col("plan").n_unique().alias("plans"),
                pl.col("unit", "low_text", "high_text").first(),
            )
            .sort(
                pl.max_horizontal(pl.col("least").abs(), pl.col("most").abs()),
                "rule",
                descending=[True, False],
            )
            .head(5)
        )
        found.append(
            (names.get(criterion, criterion), tuple(_driver(row) for row in rules.iter_rows(named=True)))
        )
    return tuple(found)


def _driver(row: Row) -> Row:
    least, most = (float(str(row[name])) for name in ("least", "most"))
    ends = list(dict.fromkeys(f"{value:+.1f}".replace("-", "\N{MINUS SIGN}") for value in (least, most)))
    return {
        **row,
        "rule": str(row["rule"]).replace("_", " "),
        "picture": charts.pull(max((least, most), key=abs)),
        "said": " to ".join(ends),
    }


def evidence(dossier: Dossier) -> tuple[Row, ...]:
    """Return rows of data counted by how they are known."""
    found = []
    for table in dict.fromkeys(dossier.evidence["table"].to_list()):
        counts = dict(
            dossier.evidence.filter(pl.col("table") == table).select("evidence", "rows").iter_rows()
        )
        parts = [(kind, counts.get(kind, 0)) for kind in EVIDENCE]
        found.append({"table": table, "counts": [n for _, n in parts], "picture": charts.share_bar(parts)})
    return tuple(found)


def assumptions(dossier: Dossier) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """Return assumptions of the case and of each plan."""
    keys = sorted(dict.fromkeys(dossier.assumptions["plan"].to_list()), key=bool)
    return tuple(
        (
            dossier.plan_title(key) if key else "The case",
            tuple(dossier.assumptions.filter(pl.col("plan") == key).iter_rows(named=True)),
        )
        for key in keys
    )
