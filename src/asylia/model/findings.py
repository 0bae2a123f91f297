"""What a study found: everything a report may show, before redaction.

`study` fills it, `report.redact` is the only reader. Frames are tidy; the columns of each stand beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from asylia.model.agreement import Agreement, FloorLine
from asylia.model.case import Case
from asylia.model.law import PlanAudit
from asylia.model.plan import Plan
from asylia.model.verdict import Criterion

Position = Literal["refuses", "nothing stated against it", "cannot say", "contested"]
Standing = Literal["met", "unmet", "unknown", "contested"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentLine:
    """One statement held against one plan, with where the words stand.

    Parameters
    ----------
    status
        Only a `confirmed` line decides; the others are listed after them.
    same_as
        Id of the statement this line repeats; it is shown and not counted again.
    sensitive
        Whether the statement is marked to stay out of what is published.
    """

    statement: str
    summary: str
    force: str
    standing: Standing
    condition: str
    words: str
    speaker: str
    mode: str
    source: str
    said: dt.date | None
    status: str = "confirmed"
    same_as: str = ""
    sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentCell:
    """Where one actor stands on one plan, and why.

    Parameters
    ----------
    floor
        For the displaced people: what the plan does with each protection term that is not for trading. It is nobody's
        statement, and changes no position.
    """

    plan: str
    actor: str
    actor_name: str
    position: Position
    has_veto: bool
    reason: str
    lines: tuple[ConsentLine, ...]
    floor: tuple[FloorLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedents:
    """Zones of the past that are like one plan, or the reason why no rate is given.

    Parameters
    ----------
    n, overrun
        Zones alike, and how many of them were overrun.
    low, high
        90 % Jeffreys interval of the share overrun; `None` below n = 5.
    clusters
        Separate conflicts among them.
    why
        Why these are alike.
    caution
        What a reader must know before using the share (disputed codes, few conflicts).
    rows
        Columns: id, name, country, start, end, outcome, overrun, disputed, sources.
    sensitivity
        What one disputed code, one zone or one conflict does to the count, in words.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Findings:
    """A whole comparison.

    Parameters
    ----------
    verdict
        Columns as in `model.verdict.VERDICT_COLUMNS`.
    series
        plan, measure, unit, date, low, middle, high: weekly. Measures: in_zones, without_shelter, crossed,
        wanted_to_cross, newly_displaced, exposure_2_km.
    end_places, end_areas
        plan, place (or area, the first-level area), low, middle, high: displaced people outside zones on the last day.
    zones
        plan, zone, name, place, lat, lon, capacity_low, capacity_high, end_low, end_middle, end_high, peak_low,
        peak_middle, peak_high, refused_low, refused_middle, refused_high, opens, closes.
    fighting
        place, events_recent (lethal events a week over the last 8 weeks), outlook_low, outlook_middle, outlook_high
        (a week, over the horizon).
    consent, consent_public
        One cell per plan and actor; for the public worked out without the statements marked sensitive, so that not even a
        position rests on them.
    agreements
        What consent turns on, by audience: for the public it is worked out without the statements marked sensitive, so
        that nothing of them can be read off.
    needs
        plan, zone, sector, indicator, standard, unit, needed_middle, provided_middle, shortfall_low,
        shortfall_middle, shortfall_high, first_day (date or null), people_low, people_middle, people_high, evidence,
        source.
    costs
        plan, item, kind, per, low, middle, high: US dollars over the horizon.
    funding
        plan, donor, status, usd_low, usd_high (null if no amount was named), source, note.
    silences
        plan, element, question, status (stated, assumed, silent, not needed), by.
    drivers
        criterion, plan, rule, unit, correlation (Spearman, over members), low_text, high_text.
    assumptions
        plan (empty for the case), what, value, reason, evidence, source.
    evidence
        table, evidence, rows.
    sentences
        shared, separates, turns: three sentences made from the numbers.
    audits
        Law and safeguards of every plan, by audience; for the public worked out without the statements marked sensitive.
    manifest
        What is needed to run it again: fingerprints, seed, members, days, versions, command, licences.
    provision
        Tables of provisioning by name (`study.provisioning`): bring, layout, capacity, standards, editions, cost_lines,
        cost_by_month, money, ledger, stops, swings.
    siting
        Tables of a search for zones by name (`study.siting_tables`), where one was made.
    protection
        Tables of what presses on zones by name (`study.protection`): chances, reasons, modifiers, tipping, shares, better.
    movement
        What is said of the rules that moved people, in sentences by heading (`study.movement_words`): rules, validated_on,
        skill_here, outside_its_range, fitted, elicited, counts.
    zone_flags
        Warnings of every zone (`audit.zone_flags.ZONE_FLAGS`) and the chance it is overrun within 26 weeks (overrun_low,
        overrun_middle, overrun_high), by audience; for the public worked out without the statements marked sensitive.
    """

    case: Case
    plans: tuple[Plan, ...]
    criteria: tuple[Criterion, ...]
    verdict: pl.DataFrame
    series: pl.DataFrame
    end_places: pl.DataFrame
    end_areas: pl.DataFrame
    zones: pl.DataFrame
    fighting: pl.DataFrame
    consent: tuple[ConsentCell, ...]
    consent_public: tuple[ConsentCell, ...]
    agreements: Mapping[str, Agreement]
    needs: pl.DataFrame
    costs: pl.DataFrame
    funding: pl.DataFrame
    silences: pl.DataFrame
    precedents: tuple[Precedents, ...]
    drivers: pl.DataFrame
    assumptions: pl.DataFrame
    evidence: pl.DataFrame
    sentences: Mapping[str, str]
    manifest: Mapping[str, object]
    audits: Mapping[str, tuple[PlanAudit, ...]] = field(default_factory=dict)
    provision: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    siting: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    protection: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    zone_flags: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    movement: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
