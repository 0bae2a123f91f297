"""What section 8 says of law and safeguards: failures first, then what is contested, then what is unknown and what would settle it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import polars as pl
from markupsafe import Markup, escape

from asylia.report import words
from asylia.report.dossier import Dossier

Row = Mapping[str, Any]
MARKS: Final = {
    "fail": "\N{BLACK SQUARE}",
    "contested": "\N{SQUARE WITH LEFT HALF BLACK}",
    "unknown": "?",
    "pass": "\N{WHITE CIRCLE}",
    "does not apply": "\N{EN DASH}",
}
LEVELS: Final = {
    "refused": "\N{BLACK SQUARE}",
    "contested": "\N{SQUARE WITH LEFT HALF BLACK}",
    "unknown": "?",
    "agreed": "\N{WHITE CIRCLE}",
}
COUNTS: Final = (
    ("wanted_to_cross", "Times somebody wanted to leave the country and could not"),
    ("crossed", "Left the country"),
    ("newly_displaced", "Fled their home"),
    ("in_zones", "In zones on the last day"),
    ("refused", "Refused by a full zone"),
    ("turned_out", "Had to leave a zone that closed or fell"),
    ("trapped", "Trapped on the last day"),
    ("returned", "Went home after quiet weeks there"),
)
"""People by cause, the cause on the left of what a reader asks first."""
_QUOTE: Final = re.compile(
    "\N{LEFT DOUBLE QUOTATION MARK}([^\N{RIGHT DOUBLE QUOTATION MARK}]*)\N{RIGHT DOUBLE QUOTATION MARK}"
)


def section(dossier: Dossier) -> Row:
    """Return everything the section on law shows; nothing if no plan was audited."""
    if not dossier.audits:
        return {}
    by_plan = {audit["plan"]: audit for audit in dossier.audits}
    audits = [by_plan[plan.id] for plan in dossier.plans if plan.id in by_plan]
    return {
        "plans": [(audit["plan"], dossier.plan_title(audit["plan"])) for audit in audits],
        "matrix": matrix(audits),
        "failures": grouped(dossier, audits, "fail"),
        "contested": grouped(dossier, audits, "contested"),
        "unknown": grouped(dossier, audits, "unknown"),
        "passed": grouped(dossier, audits, "pass"),
        "levels": levels(dossier, audits),
        "borders": borders(audits),
        "shut_zones": shut_zones(dossier, audits),
        "leaving": _named(dossier, audits, "leaving"),
        "counts": counts(audits),
        "forced": audits[0]["forced"],
        "goals": goals(dossier, audits),
        "beyond": _named(dossier, audits, "beyond"),
        "mandate": _same(
            dossier, audits, ((audit["plan"], audit["mandate"]) for audit in audits if _acts(audit))
        ),
        "boundary": _same(
            dossier, audits, ((audit["plan"], line) for audit in audits for line in audit["boundary"])
        ),
        "strength": strength(dossier, audits),
        "promises": [(dossier.plan_title(a["plan"]), a["promises"]) for a in audits if a["promises"]],
        "origins": origins(dossier, audits),
        "areas": areas(audits),
        "vague": [(dossier.plan_title(a["plan"]), vague(a["vague"])) for a in audits if a["vague"]],
    }


def matrix(audits: Sequence[Row]) -> list[Row]:
    """Return conditions by plans in the order of the checklist, blocking ones first."""
    first = sorted(audits[0]["findings"], key=lambda f: (f["severity"] != "blocking", f["condition"]))
    held = [{f["condition"]: f for f in audit["findings"]} for audit in audits]
    return [{**finding, "cells": [each[finding["condition"]] for each in held]} for finding in first]


def grouped(dossier: Dossier, audits: Sequence[Row], status: str) -> list[Row]:
    """Return conditions with one status, blocking first; plans with the same finding share one line."""
    found: dict[str, tuple[Row, dict[tuple[object, ...], list[str]]]] = {}
    for audit in audits:
        for finding in audit["findings"]:
            if finding["status"] == status:
                _, lines = found.setdefault(finding["condition"], (finding, {}))
                line = (finding["found"], tuple(finding["evidence"]), finding["warning"])
                lines.setdefault(line, []).append(audit["plan"])
    ordered = sorted(found.values(), key=lambda item: (_rank(item[0]), item[0]["condition"]))
    return [
        {
            **finding,
            "lines": [
                {
                    "found": told,
                    "evidence": evidence,
                    "warning": warning,
                    "plans": _plans(dossier, audits, plans),
                }
                for (told, evidence, warning), plans in lines.items()
            ],
        }
        for finding, lines in ordered
    ]


def levels(dossier: Dossier, audits: Sequence[Row]) -> Row:
    """Return parties by plans with the principle and the details apart; parties nobody heard of share a row."""
    own = [audit for audit in audits if audit["consent"]]
    names = {level["actor"]: level["name"] for audit in own for level in audit["consent"]}
    cells = {(audit["plan"], level["actor"]): level for audit in own for level in audit["consent"]}
    rows = [{"name": n, "cells": [cells.get((a["plan"], actor)) for a in own]} for actor, n in names.items()]
    known = [row for row in rows if any(_says(cell) for cell in row["cells"])]
    silent = [str(row["name"]) for row in rows if row not in known]
    return {"plans": [dossier.plan_title(a["plan"]) for a in own], "rows": known, "silent": silent}


def borders(audits: Sequence[Row]) -> list[Row]:
    """Return crossings, those shut by the same rule on one line."""
    found: dict[tuple[str, ...], list[str]] = {}
    for way in audits[0]["exits"]:
        if way["kind"] == "crossing":
            found.setdefault(tuple(way["closed_by"]) if not way["is_open"] else (), []).append(way["name"])
    return [{"closed_by": rule, "names": names} for rule, names in sorted(found.items())]


def shut_zones(dossier: Dossier, audits: Sequence[Row]) -> list[tuple[str, str]]:
    """Return plans with zones nobody could leave by a mapped road on the last day of knowledge."""
    shut = [
        (a["plan"], [w["name"] for w in a["exits"] if w["kind"] == "zone" and not w["is_open"]])
        for a in audits
    ]
    return [(dossier.plan_title(plan), words.listed(names)) for plan, names in shut if names]


def counts(audits: Sequence[Row]) -> list[Row]:
    """Return people by cause and plan, in words."""
    if not all(audit["counts"] for audit in audits):
        return []
    rows = ((key, label, [audit["counts"].get(key) for audit in audits]) for key, label in COUNTS)
    return [
        {"label": label, "cells": [_people(one) for one in cells]} for _, label, cells in rows if all(cells)
    ]


def goals(dossier: Dossier, audits: Sequence[Row]) -> list[Row]:
    """Return the five objectives, protective ones first, with what each plan states and what this study counts."""
    own = [audit for audit in audits if _acts(audit)]
    names = {card.id: card.name for card in dossier.criteria}
    rows: list[Row] = []
    for index, goal in enumerate(own[0]["goals"] if own else ()):
        stated = [(dossier.plan_title(a["plan"]), a["goals"][index]["stated"]) for a in own]
        metrics = [names[metric] for metric in goal["metrics"] if metric in names]
        rows.append({**goal, "metrics": metrics, "stated": [pair for pair in stated if pair[1]]})
    return rows


def strength(dossier: Dossier, audits: Sequence[Row]) -> list[Row]:
    """Return plans with any figure of strength, step by step; a step nobody states stays unknown."""
    return [
        {
            "title": dossier.plan_title(audit["plan"]),
            "steps": [{**step, "words": _strength(step)} for step in audit["strength"]],
        }
        for audit in audits
        if any(step["high"] is not None for step in audit["strength"])
    ]


def origins(dossier: Dossier, audits: Sequence[Row]) -> Row:
    """Return areas of origin with what is known of each trigger, and what plans ask for."""
    asked = [
        (dossier.plan_title(a["plan"]), list(dict.fromkeys(x for o in a["origins"] for x in o["asks"])))
        for a in audits
    ]
    told = []
    for index, origin in enumerate(audits[0]["origins"]):
        same = [audit["origins"][index] for audit in audits]
        known = {name: _best(one[name] for one in same) for name in ("homes", "services", "mines")}
        people = words.FEW if origin["suppressed"] else words.amount(origin["people"], "people")
        told.append({**origin, **known, "people": people})
    return {"rows": told, "asked": [pair for pair in asked if pair[1]]}


def areas(audits: Sequence[Row]) -> list[Row]:
    """Return shares by first-level area: of origin, with no zone, under each plan."""
    held = [{share["area"]: share for share in audit["areas"]} for audit in audits]
    return [
        {**share, "cells": [own[area]["plan"] if area in own else None for own in held]}
        for area, share in (held[0].items() if all(held) else ())
    ]


def vague(found: Iterable[Row]) -> list[Row]:
    """Return clauses, each once with the questions it leaves."""
    clauses: dict[str, dict[str, Any]] = {}
    for one in found:
        entry = clauses.setdefault(one["clause"].casefold(), {**one, "asks": [], "places": []})
        entry["asks"] += [(one["term"], one["ask"])]
        entry["places"] += [one["where"]] if one["where"] not in entry["places"] else []
    return list(clauses.values())


def quoted(text: str) -> Markup:
    """Set words in quotation marks apart as quotes; everything else is escaped.

    >>> quoted("survey: \N{LEFT DOUBLE QUOTATION MARK}a < b\N{RIGHT DOUBLE QUOTATION MARK}")
    Markup('survey: <q>a &lt; b</q>')
    """
    parts = _QUOTE.split(text)
    pieces = [
        Markup("<q>{}</q>").format(part) if index % 2 else escape(part) for index, part in enumerate(parts)
    ]
    return Markup("").join(pieces)


def lines(dossier: Dossier) -> Mapping[str, pl.DataFrame]:
    """Return the audit as tables for other programs, by file name."""
    found = {
        name: [{"plan": audit["plan"], **_flat(row)} for audit in dossier.audits for row in audit[name]]
        for name in ("findings", "goals", "strength", "promises", "origins", "areas", "vague")
    }
    names = {"findings": "law", "goals": "objectives", "origins": "return_triggers", "areas": "area_shares"}
    return {
        names.get(name, name): pl.DataFrame(rows, infer_schema_length=None)
        for name, rows in found.items()
        if rows
    }


def _flat(row: Row) -> dict[str, object]:
    return {key: "; ".join(map(str, v)) if isinstance(v, list | tuple) else v for key, v in row.items()}


def _rank(finding: Row) -> int:
    return ("blocking", "major", "info").index(finding["severity"])


def _acts(audit: Row) -> bool:
    return bool(audit["plan"] != "none")


def _plans(dossier: Dossier, audits: Sequence[Row], plans: Sequence[str]) -> str:
    if len(plans) == len(audits):
        return "Every plan, and no zone"
    if set(plans) == {audit["plan"] for audit in audits if _acts(audit)}:
        return "Every plan"
    if len(plans) > 1 and set(plans) == {plan.id for plan in dossier.plans if plan.zones}:
        return "Every plan with a zone"
    # titles may hold commas
    return "; ".join(dossier.plan_title(plan) for plan in plans)


def _named(dossier: Dossier, audits: Sequence[Row], key: str) -> list[tuple[str, list[str]]]:
    held = [(dossier.plan_title(a["plan"]), [_sentence(item) for item in a[key]]) for a in audits]
    return [pair for pair in held if pair[1]]


def _sentence(item: object) -> str:
    return f"{item[0]} ({item[1]})" if isinstance(item, tuple | list) else str(item)


def _same(dossier: Dossier, audits: Sequence[Row], pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for plan, sentence in pairs:
        found.setdefault(sentence, []).append(plan)
    return [(_plans(dossier, audits, plans), sentence) for sentence, plans in found.items()]


def _says(level: Row | None) -> bool:
    return level is not None and (level["principle"], level["details"]) != ("unknown", "unknown")


def _people(one: Row) -> tuple[str, str]:
    low, middle, high = one["low"], one["middle"], one["high"]
    if "middle" in str(one["suppressed"]).split():
        return words.FEW, ""
    return words.amount(middle, "people", low, high), words.span(low, high, "people")


def _strength(step: Row) -> str:
    low, high = step["low"], step["high"]
    if low is None:
        return words.UNKNOWN
    return f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"


def _best(answers: Iterable[str]) -> str:
    said = {answer for answer in answers if answer != "unknown"}
    return said.pop() if len(said) == 1 else ("differs by plan" if said else "unknown")
