"""Put the page together: redacted data in, one self-contained HTML text out."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

import jinja2
import polars as pl
from markupsafe import Markup

from asylia.report import (
    comparison,
    law,
    maps,
    protection,
    provision,
    sections,
    siting,
    svg,
    words,
    zone_flags,
)
from asylia.report.dossier import Dossier

MOVEMENT: Final = {
    "validated_on": "Validated on",
    "skill_here": "Skill here",
    "outside_its_range": "Outside its range",
    "counts": "Counts taken in",
    "fitted": "What comes from the fit",
    "elicited": "What does not",
}
"""Headings of what is said of the rules that moved people."""
TEMPLATES: Final = files("asylia.report") / "templates"
_ARABIC: Final = "ARABIC"


def write_page(dossier: Dossier) -> str:
    """Return the report as HTML: no scripts, no requests, everything from data escaped."""
    loader = jinja2.FunctionLoader(_template)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        day=words.day,
        amount=words.amount,
        span=words.span,
        local=local_name,
        listed=words.listed,
        percent=words.percent,
        brief=brief,
        quoted=law.quoted,
        floor=words.floor_in_short,
    )
    return environment.get_template("report.html").render(_context(dossier))


def local_name(name: str) -> Markup:
    """Write a name in its own script so that its letters run the right way."""
    if not name:
        return Markup("")
    is_arabic = any(unicodedata.name(letter, "").startswith(_ARABIC) for letter in name)
    return svg.element("bdi", {"dir": "auto", "lang": "ar" if is_arabic else None}, name)


def brief(licence: str) -> str:
    """Return the first sentence or clause of a licence, for the line under a map.

    >>> brief("Places: GeoNames (geonames.org), CC BY 4.0; changed by a rule. More.")
    'Places: GeoNames (geonames.org), CC BY 4.0.'
    """
    return licence.split("; ", maxsplit=1)[0].split(". ", maxsplit=1)[0].rstrip(".") + "."


def focus(dossier: Dossier) -> str:
    """Return the plan of the large map: the one the manifest names, else the one that shelters most people."""
    named = str(dossier.manifest.get("focus", ""))
    if named in {plan.id for plan in dossier.plans}:
        return named
    held = dossier.verdict.filter(pl.col("criterion") == "sheltered").sort(
        "middle", descending=True, nulls_last=True
    )
    return str(held["plan"][0]) if held.height else dossier.plans[0].id


def _template(name: str) -> str | None:
    file = TEMPLATES / name
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _context(dossier: Dossier) -> Mapping[str, object]:
    # Safe: our own style sheet, no data in it.
    style = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))  # noqa: S704 -- the reason stands above
    plans, silences = sections.silence_grid(dossier)
    return {
        "d": dossier,
        "style": style,
        "horizon": _horizon(dossier.days),
        "version": str(dossier.manifest.get("version") or dossier.manifest.get("asylia") or words.UNKNOWN),
        "headlines": comparison.HEADLINES,
        "rows": comparison.rows(dossier),
        "criteria": sections.all_criteria(dossier),
        **_consent(dossier),
        "measures": sections.over_time(dossier),
        "needs": sections.needs_grids(dossier),
        "money": sections.money(dossier),
        "supplies": provision.supplies(dossier),
        "purses": provision.purses(dossier),
        "standards": (standards := provision.standard_rows(dossier)),
        "standard_ids": {str(row["standard"]) for row in standards},
        "editions": provision.edition_rows(dossier),
        "law": law.section(dossier),
        "marks": law.MARKS,
        "level_marks": law.LEVELS,
        "silence_plans": plans,
        "silences": silences,
        "statuses": sections.STATUSES,
        "history": sections.history(dossier),
        "drivers": sections.drivers(dossier),
        "assumptions": sections.assumptions(dossier),
        "evidence": sections.evidence(dossier),
        "evidence_words": sections.EVIDENCE,
        "movement_headings": MOVEMENT,
        "manifest": _manifest(dossier.manifest),
        "sources": dossier.sources.sort("id").to_dicts(),
        **_maps(dossier),
    }


def _consent(dossier: Dossier) -> Mapping[str, object]:
    rows, silent = sections.consent_matrix(dossier)
    return {
        "consent": rows,
        "silent": silent,
        "floor": sections.floor(dossier),
        "positions": sections.POSITIONS,
        "said": sections.said(dossier),
        "open_questions": sections.open_questions(dossier),
        "against": sections.standing_against(dossier),
    }


def _protection(dossier: Dossier) -> Mapping[str, object]:
    return {
        "standings": protection.standings(dossier),
        "quiet": protection.QUIET,
        "not_claimed": protection.NOT_CLAIMED,
        "trials_none": protection.trials_of_none(dossier),
    }


def _maps(dossier: Dossier) -> Mapping[str, object]:
    shared, chosen = maps.scale(dossier), focus(dossier)
    zones = [_zone_row(dossier, row) for row in dossier.zones.iter_rows(named=True)]
    return {
        "base_map": maps.base(dossier, shared),
        "maps": [
            (plan, maps.plan_map(dossier, plan.id, shared), maps.finding(dossier, plan.id))
            for plan in dossier.plans
        ],
        "key": maps.key(shared),
        "focus": next(plan for plan in dossier.plans if plan.id == chosen),
        "focus_map": maps.plan_map(dossier, chosen, shared, large=True),
        "focus_finding": maps.finding(dossier, chosen),
        "zone_rows": zones,
        "focus_zones": [zone for zone in zones if zone["plan"] == chosen],
        "area_rows": _area_rows(dossier),
        "s": siting.section(dossier),
        **_protection(dossier),
        **zone_flags.context(dossier),
    }


def _zone_row(dossier: Dossier, row: Mapping[str, object]) -> Mapping[str, object]:
    """Return one zone in words: room, people at the end and on the fullest day, refused."""
    hidden = str(row["suppressed"] or "").split()
    said: dict[str, object] = {name: row[name] for name in ("plan", "name", "opens", "closes")}
    said |= {"title": dossier.plan_title(str(row["plan"])), "room": _range_words(row, "capacity", hidden)[1]}
    for what in ("end", "peak", "refused"):
        said[what], said[f"{what}_span"] = _range_words(row, what, hidden)
    return said


def _range_words(row: Mapping[str, object], what: str, hidden: list[str]) -> tuple[str, str]:
    low, middle, high = (_float(row.get(f"{what}_{end}")) for end in ("low", "middle", "high"))
    value = words.FEW if f"{what}_middle" in hidden else words.amount(middle, "people", low, high)
    span = words.span(low, high, "people")
    return value, span or ("" if what != "capacity" else words.amount(high, "people"))


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _area_rows(dossier: Dossier) -> list[Mapping[str, object]]:
    """Return the table twin of the maps: one row an area, people outside zones at the end under each plan."""
    local = {area.name: area.name_local for area in dossier.ground.areas}
    events = dict(dossier.fighting.select("area", "events_recent").iter_rows())
    cells: dict[str, dict[str, str]] = {}
    names: dict[str, tuple[str, str]] = {}
    for row in dossier.people_end.iter_rows(named=True):
        hidden = "middle" in str(row["suppressed"]).split()
        names[row["area"]] = (row["name"], row["name_local"] or local.get(row["name"], ""))
        value = words.FEW if hidden else words.amount(row["middle"], "people", row["low"], row["high"])
        cells.setdefault(row["area"], {})[row["plan"]] = value
    return [
        {
            "name": names[area][0],
            "local": names[area][1],
            "events": words.number(events[area], 0.1) if area in events else words.UNKNOWN,
            "cells": [by_plan.get(plan.id, words.UNKNOWN) for plan in dossier.plans],
        }
        for area, by_plan in sorted(cells.items())
    ]


def _horizon(days: int) -> str:
    return "one year ahead" if 364 <= days <= 366 else f"{days} days ahead"


def _manifest(manifest: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the manifest in lines; what is nested is written out flat."""
    lines = []
    for key, value in manifest.items():
        if key in ("command", "licences"):
            continue
        name = str(key).replace("_", " ")
        if isinstance(value, Mapping):
            lines.append((name, ", ".join(f"{k} {v}" for k, v in value.items())))
        elif isinstance(value, list | tuple):
            lines.append((name, "; ".join(str(item) for item in value)))
        else:
            lines.append((name, str(value)))
    return lines
