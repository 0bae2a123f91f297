"""What the section on every zone's warnings says: the same test for every zone, whoever holds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from asylia.report import words
from asylia.report.dossier import Dossier

Row = Mapping[str, Any]
FLAGS: Final = (
    ("isolated", "Isolated", "no open way to its own side or neutral ground"),
    ("weak_consent", "Weak consent", "a party able to attack refuses, or has nothing on record"),
    ("quiet", "Quiet is not safety", "few lethal events recorded"),
)
MARKS: Final = {"yes": "\N{BLACK SQUARE}", "no": "\N{WHITE CIRCLE}", "unknown": "?"}


def context(dossier: Dossier) -> Row:
    """Return what the template of the section reads."""
    return {"flags": section(dossier), "flag_heads": FLAGS, "flag_marks": MARKS}


def section(dossier: Dossier) -> tuple[Row, ...]:
    """Return plans with their zones, each with its three warnings in words and its chance of overrun."""
    found: dict[str, list[Row]] = {}
    for row in dossier.zone_flags.iter_rows(named=True):
        cells = [
            {"status": row[flag], "mark": MARKS[row[flag]], "why": row[f"{flag}_why"]} for flag, _, _ in FLAGS
        ]
        chance = words.amount(row["overrun_middle"], "chance")
        span = words.span(row["overrun_low"], row["overrun_high"], "chance")
        found.setdefault(row["plan"], []).append(
            {"name": row["name"], "cells": cells, "chance": chance, "span": span}
        )
    return tuple({"title": dossier.plan_title(plan), "rows": rows} for plan, rows in found.items())
