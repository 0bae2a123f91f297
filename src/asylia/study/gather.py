"""Gather what a study found into `model.findings.Findings`."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import polars as pl

from asylia import __version__
from asylia.audit.completeness import silences
from asylia.audit.precedents import apart, as_known, like_cases, read_precedents
from asylia.consent.audit import positions
from asylia.model.case import Case, fingerprint
from asylia.model.findings import ConsentCell, Findings
from asylia.model.plan import Plan
from asylia.model.what_if import WhatIf
from asylia.need.profiles import needs_of
from asylia.study import tables
from asylia.study.agreement import agreements
from asylia.study.columns import Columns
from asylia.study.criteria import JUDGES
from asylia.study.drivers import drivers
from asylia.study.law import audited
from asylia.study.members import fit_field
from asylia.study.movement import told_rules
from asylia.study.movement_words import in_words
from asylia.study.needs import need_rows, need_table
from asylia.study.protection import pressing_draws, protection
from asylia.study.provisioning import provisioning
from asylia.study.sentences import sentences
from asylia.study.settings import Settings
from asylia.study.sheet import Draws, Grouping, by_rule, drawn, measured, sheet
from asylia.study.verdicts import verdict
from asylia.study.zone_flags import flagged
from asylia.threat.field import outlook
from asylia.threat.overrun import reference_class

LIBRARIES = ("numpy", "scipy", "numba", "polars")


def gather(
    case: Case,
    plans: tuple[Plan, ...],
    settings: Settings,
    where: Mapping[str, Path],
    room: Path,
    what_if: WhatIf | None = None,
) -> Findings:
    """Judge the finished work and put everything a report may show in one place.

    Parameters
    ----------
    where
        Folder of each plan's finished work.
    room
        Folder for the columns, which are gone again at the end: less than the finished work takes.
    """
    standards = needs_of(case)
    areas = tables.rows_of_areas(sorted(case.places["id"].to_list()), case)
    with ExitStack() as stack:
        sheets = {}
        for plan in plans:
            needs = tuple(need.measure.id for _, need in need_rows(plan, standards))
            own = sheet(where[plan.id], settings, Grouping(needs=needs, areas=areas), room)
            sheets[plan.id] = stack.enter_context(own)
        draws = by_rule(stack.enter_context(drawn(case, settings, room)))
        found = audited(_findings(case, plans, settings, sheets, draws))
        pressing = stack.enter_context(pressing_draws(case, settings, room))
        return flagged(replace(found, protection=protection(found, sheets, draws, pressing, what_if)))


def _findings(
    case: Case, plans: tuple[Plan, ...], settings: Settings, sheets: Mapping[str, Columns], draws: Draws
) -> Findings:
    values = measured(sheets)
    places = sorted(case.places["id"].to_list())
    # sentences are the same for every audience, so they rest on what everybody may see
    consent = stands(without_sensitive(case), plans)
    known = as_known(read_precedents(), case.as_of)
    history = {
        plan.id: reference_class(apart(known, case), plan.protection).text for plan in plans if plan.zones
    }
    told = told_rules(case, settings.movement)
    return Findings(
        case=case,
        plans=plans,
        criteria=tuple(judge.criterion for judge in JUDGES),
        verdict=verdict(values, [plan.id for plan in plans], history),
        series=tables.series(sheets, case, settings),
        end_places=tables.end_places(sheets, places),
        end_areas=tables.end_areas(sheets, list(tables.rows_of_areas(places, case))),
        zones=tables.zones(sheets, plans, case),
        fighting=outlook(fit_field(case)),
        consent=stands(case, plans),
        consent_public=consent,
        agreements=agreements(case, plans, settings.seed),
        needs=need_table(case, plans, needs_of(case), sheets),
        costs=tables.costs(sheets, plans),
        funding=tables.funding(plans),
        silences=pl.concat(
            [silences(plan).select(pl.lit(plan.id).alias("plan"), pl.all()) for plan in plans]
        ),
        precedents=tuple(like_cases(plan, known, case) for plan in plans),
        drivers=drivers(values, draws, ["without_shelter", "sheltered", "exposure_2_km", "cost_usd"]),
        assumptions=tables.assumptions(told, plans),
        evidence=tables.evidence(told),
        sentences=sentences(values, plans, draws, consent),
        manifest=manifest(case, plans, settings),
        provision=provisioning(case, plans, sheets, settings),
        movement=in_words(case, settings.movement, settings.days),
    )


def without_sensitive(case: Case) -> Case:
    """Leave out the statements marked sensitive, as if nobody had written them down."""
    return replace(case, statements=tuple(s for s in case.statements if not s.sensitive))


def stands(case: Case, plans: tuple[Plan, ...]) -> tuple[ConsentCell, ...]:
    """Say where every actor stands on every plan."""
    return tuple(
        cell
        for plan in plans
        for cell in positions(plan, case.actors, case.statements, case.terms, case.floor)
    )


def manifest(case: Case, plans: tuple[Plan, ...], settings: Settings) -> dict[str, object]:
    """Record what is needed to run it again. Nothing in it depends on the machine, the hour or the workers."""
    return {
        "case": case.id,
        "case_fingerprint": fingerprint(case),
        "plans": {plan.id: fingerprint(plan) for plan in plans},
        "seed": settings.seed,
        "members": settings.members,
        "days": settings.days,
        "standards": case.standards,
        "rules": settings.movement.rules,
        "asylia": __version__,
        "python": ".".join(platform.python_version_tuple()[:2]),
        "libraries": {name: version(name) for name in LIBRARIES},
        "command": (
            f"asylia compare {case.id} --members {settings.members} --days {settings.days} --seed {settings.seed}"
            f"{_asked(case, settings)}"
        ),
        "licences": list(case.licences),
        **({"counts": settings.movement.counts} if settings.movement.counts else {}),
    }


def _asked(case: Case, settings: Settings) -> str:
    """Return the options that say whose rules moved people, where they are not those of the case."""
    movement = settings.movement
    rules = "" if movement.rules == case.movement else f" --rules {movement.rules}"
    counts = f" --assimilate {movement.file} --assimilate-days {movement.days}" if movement.file else ""
    return rules + counts
