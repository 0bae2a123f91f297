"""The checklist of 38 conditions as data: where each comes from, how severe it is, what tests it, what would settle it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final, Literal, cast

from asylia.model.law import Severity

Applies = Literal["always", "plan", "zone", "protection"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of the checklist.

    Parameters
    ----------
    applies
        `always`, also with no zone; to every `plan` that sets something up; with a `zone`; with a zone or other
        `protection`.
    evidence
        How the rule is known to us: `seen` in stored text, or `recalled`.
    safeguards, elements
        Names of safeguards and of elements of completeness it rests on.
    """

    id: str
    theme: str
    applies: Applies
    severity: Severity
    condition: str
    source: str
    evidence: str
    tested_by: str
    settled_by: str
    safeguards: tuple[str, ...]
    elements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One of the five objectives of the UN report on the safe areas in Bosnia."""

    id: str
    name: str
    side: str
    source: str
    metrics: tuple[str, ...]
    not_measured: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VagueTerm:
    """A word that leaves a duty open: how to find it, why, and what to ask."""

    term: str
    pattern: str
    why: str
    ask: str


ASYLUM: Final = ("L19", "L20", "L28")
"""Conditions on asylum and forced return; they are held against every plan and against no zone."""


def read_conditions() -> tuple[Condition, ...]:
    """Read the checklist, in its order."""
    return tuple(
        Condition(
            **{name: row[name] for name in ("id", "theme", "condition", "source", "evidence")},
            **{name: row[name] for name in ("tested_by", "settled_by")},
            applies=cast("Applies", row["applies"]),
            severity=cast("Severity", row["severity"]),
            safeguards=tuple(row["safeguards"].split()),
            elements=tuple(row["elements"].split()),
        )
        for row in _rows("conditions")
    )


def read_safeguards() -> Mapping[str, str]:
    """Read the questions a plan may answer under `[[safeguards]]`: name to question."""
    return {row["name"]: row["question"] for row in _rows("safeguards")}


def read_objectives() -> tuple[Objective, ...]:
    """Read the five objectives with what this study counts for each."""
    return tuple(
        Objective(
            **{name: row[name] for name in ("id", "name", "side", "source", "not_measured")},
            metrics=tuple(row["metrics"].split()),
        )
        for row in _rows("objectives")
    )


def read_vague() -> tuple[VagueTerm, ...]:
    """Read the words that leave a duty open."""
    return tuple(VagueTerm(**row) for row in _rows("vague"))


def _rows(name: str) -> Iterator[dict[str, str]]:
    table = files("asylia") / "data" / "law" / f"{name}.csv"
    yield from csv.DictReader(table.read_text(encoding="utf-8").splitlines())
