"""What may be shown to one audience: the only data that page, maps, charts and export ever see.

`redact` makes it. Frames are tidy; every frame with counts has a column `suppressed` that names the columns whose
small count was withheld (blank there means "fewer than ten", not unknown).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

Audience = Literal["public", "partners"]
Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCard:
    """One plan in words."""

    id: str
    title: str
    summary: str
    proposed_by: tuple[str, ...]
    objectives: tuple[str, ...]
    zones: int
    force: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionCard:
    """One thing every plan is judged by."""

    id: str
    name: str
    unit: str
    better: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One statement held against one plan, with where the words stand."""

    statement: str
    summary: str
    force: str
    standing: str
    condition: str
    words: str
    speaker: str
    mode: str
    source: str
    said: dt.date | None
    status: str = "confirmed"

    @property
    def is_confirmed(self) -> bool:
        """Say whether a person confirmed the statement."""
        return self.status == "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where one actor stands on one plan.

    Parameters
    ----------
    floor
        For the displaced people: what the plan does with each protection term that is not for trading (id, name,
        standing, condition, basis, source).
    """

    plan: str
    actor: str
    actor_name: str
    position: str
    has_veto: bool
    reason: str
    lines: tuple[Words, ...]
    floor: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LikeCases:
    """Zones of the past that are like one plan."""

    plan: str
    n: int
    overrun: int
    clusters: int
    low: float | None
    high: float | None
    why: str
    caution: str
    rows: pl.DataFrame
    sensitivity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One polygon of the base map: a first-level area or a country.

    Parameters
    ----------
    rings
        Rings of (longitude, latitude), outer ones and holes together.
    spot
        Where its name and its circle stand, (longitude, latitude) inside the largest ring.
    """

    kind: str
    name: str
    name_local: str
    pcode: str
    rings: tuple[Ring, ...]
    spot: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A border crossing and whether people could leave through it on the as-of date."""

    id: str
    name: str
    lat: float
    lon: float
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The base map: areas, main roads, crossings, a few towns for orientation."""

    areas: tuple[Area, ...]
    roads: tuple[Ring, ...]
    crossings: tuple[Crossing, ...]
    towns: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dossier:
    """A whole comparison as one audience may see it.

    Parameters
    ----------
    verdict
        As `model.verdict.VERDICT_COLUMNS`, and `suppressed`.
    series
        plan, measure, unit, date, low, middle, high, suppressed.
    people_end
        plan, area, name, name_local, lat, lon, low, middle, high, suppressed: displaced people outside zones on the
        last day, by first-level area (public) or place (partners).
    zones
        As `Findings.zones`, positions rounded, and `suppressed`.
    outlines
        Limits of zones by (plan, zone); empty for the public.
    fighting
        area, name, events_recent, outlook_low, outlook_middle, outlook_high, by first-level area or place.
    fighting_by_area
        admin1, events_recent: what the map is shaded by.
    agreement
        What consent turns on, as in `model.agreement.Brief`; empty if the case has no terms or statements.
    holds
        Would it hold, per plan: plan, margin, stability, worlds, past.
    audits
        Law and safeguards per plan, as `model.law.PlanAudit`, with small counts withheld; empty if nothing was audited.
    provision
        Tables of provisioning by name, as `Findings.provision`, with small counts withheld; empty if none were made.
    siting
        Tables of a search for zones by name, as `Findings.siting`; empty if none was made.
    zone_flags
        Warnings of every zone, as `Findings.zone_flags` for this audience; empty if none were worked out.
    withheld
        What this audience does not see, in sentences.
    movement
        What is said of the rules that moved people, in sentences by heading, as `Findings.movement`.
    """

    audience: Audience
    case_id: str
    title: str
    country: str
    as_of: dt.date
    first: dt.date
    days: int
    plans: tuple[PlanCard, ...]
    criteria: tuple[CriterionCard, ...]
    verdict: pl.DataFrame
    series: pl.DataFrame
    people_end: pl.DataFrame
    zones: pl.DataFrame
    outlines: Mapping[tuple[str, str], Ring]
    fighting: pl.DataFrame
    fighting_by_area: pl.DataFrame
    ground: Ground
    stands: tuple[Stand, ...]
    agreement: Mapping[str, Any]
    holds: tuple[Mapping[str, str], ...]
    needs: pl.DataFrame
    costs: pl.DataFrame
    funding: pl.DataFrame
    silences: pl.DataFrame
    like_cases: tuple[LikeCases, ...]
    drivers: pl.DataFrame
    assumptions: pl.DataFrame
    evidence: pl.DataFrame
    sources: pl.DataFrame
    sentences: Mapping[str, str]
    manifest: Mapping[str, object]
    limits: tuple[str, ...]
    licences: tuple[str, ...]
    withheld: tuple[str, ...]
    audits: tuple[Mapping[str, Any], ...] = ()
    provision: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    siting: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    protection: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    zone_flags: pl.DataFrame = field(default_factory=pl.DataFrame)
    movement: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def plan_title(self, plan_id: str) -> str:
        """Return the title of a plan, or the id itself where no such plan is in the dossier."""
        return next((plan.title for plan in self.plans if plan.id == plan_id), plan_id)

    def criterion(self, criterion_id: str) -> CriterionCard | None:
        """Return a criterion, or nothing if the study did not judge by it."""
        return next((card for card in self.criteria if card.id == criterion_id), None)
