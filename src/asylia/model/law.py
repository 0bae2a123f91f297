"""What the audit of law and safeguards found for one plan. There is no score, and unknown is not a pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

Status = Literal["fail", "contested", "unknown", "pass", "does not apply"]
Severity = Literal["blocking", "major", "info"]
Range = tuple[float, float, float]
"""Low, middle, high: 90 % range over members."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Simulated:
    """What a study counted for one plan, for those parts of the audit that need it.

    Parameters
    ----------
    counts
        Count (as in `model.history.COUNTS`) on the last day: low, middle, high, people.
    hosted
        First-level area: displaced people there on the last day, in zones and outside, middles added up.
    hosted_no_zone
        The same with no zone.
    needs
        Rows of the need table of this plan.
    """

    counts: Mapping[str, Range]
    hosted: Mapping[str, float]
    hosted_no_zone: Mapping[str, float]
    needs: pl.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One condition held against one plan.

    Parameters
    ----------
    found
        What is known, in a sentence or two.
    evidence
        Where it stands: source with words, statement, or row of a table.
    settled_by
        What evidence would settle it.
    warning
        What a reader must see beside it, whatever the status.
    seen
        How the rule itself is known: `seen` or `recalled`.
    """

    condition: str
    theme: str
    text: str
    severity: Severity
    source: str
    seen: str
    status: Status
    found: str
    evidence: tuple[str, ...]
    settled_by: str
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentLevels:
    """Where one party stands on the principle and on the details, apart.

    `agreed`, `refused`, `contested` or `unknown` each; `by` names statements and records.
    """

    actor: str
    name: str
    principle: str
    details: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """A way out of the country, or out of a zone's place, on the last day of knowledge."""

    name: str
    kind: Literal["crossing", "zone"]
    is_open: bool
    closed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vague:
    """A word that leaves a duty open, with the clause it stands in."""

    where: str
    clause: str
    term: str
    why: str
    ask: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One of the five protective objectives.

    Parameters
    ----------
    stated
        Where the plan states it; blank if it does not.
    metrics
        Criteria this study counts for it, by id.
    not_measured
        What it does not count.
    """

    id: str
    name: str
    side: str
    stated: str
    metrics: tuple[str, ...]
    not_measured: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What is known of the triggers of return for one area people come from.

    Parameters
    ----------
    people
        People displaced from there as published; `None` if nobody published it.
    quiet_weeks
        Whole weeks without a lethal event anywhere in the area up to the last day of knowledge; `None` without events.
    homes, services, mines
        yes, partial, no or unknown, as the plan's sources say; `asks` names what the plan asks for there.
    """

    area: str
    people: int | None
    quiet_weeks: int | None
    homes: str
    services: str
    mines: str
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """People asked for, declared, funded and deployed: low and high, or `None` if no source says."""

    step: Literal["asked", "declared", "funded", "deployed"]
    low: float | None
    high: float | None
    why: str
    source: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Who promised what, when it was due, whether it was kept; `standing` is kept, broken, in part, due, open or unknown."""

    by: str
    what: str
    promised: dt.date | None
    due: dt.date | None
    standing: str
    amount: str
    source: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaShare:
    """Share of all displaced people by first-level area: where they come from, where they would be. Coarse on purpose.

    Whole per cent; `None` where fewer than ten people or no figure stand behind it.
    """

    area: str
    origin: int | None
    no_zone: int | None
    plan: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAudit:
    """Everything the audit found for one plan.

    Parameters
    ----------
    findings
        All 38 conditions: failures first, blocking ones before others, then contested, unknown, passed.
    beyond
        Declared objectives beyond protection and relief, each with its pointer.
    counts
        People counted by the study on movement and cause: empty if there was no study.
    forced
        What is known of arrivals against people's will, in a sentence.
    mandate, boundary
        Sentences on drift of the mandate and on published versions of the limits.
    """

    plan: str
    findings: tuple[Finding, ...]
    consent: tuple[ConsentLevels, ...]
    exits: tuple[Exit, ...]
    vague: tuple[Vague, ...]
    goals: tuple[Goal, ...]
    beyond: tuple[str, ...]
    origins: tuple[Origin, ...]
    strength: tuple[Strength, ...]
    promises: tuple[Promise, ...]
    areas: tuple[AreaShare, ...]
    mandate: str
    boundary: tuple[str, ...]
    forced: str
    leaving: tuple[tuple[str, str], ...]
    counts: Mapping[str, Range] = field(default_factory=dict)

    def status_of(self, condition: str) -> Status:
        """Return the status of one condition; raises `KeyError`."""
        found = [finding.status for finding in self.findings if finding.condition == condition]
        if not found:
            raise KeyError(condition)
        return found[0]
