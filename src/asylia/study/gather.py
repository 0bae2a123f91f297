"""Gather what a study found into `model.findings.Findings`."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version

import polars as pl

from asylia import __version__
from asylia.audit.completeness import silences
from asylia.audit.precedents import as_known, like_cases, read_precedents
from asylia.consent.audit import positions
from asylia.model.case import Case, fingerprint
from asylia.model.findings import ConsentCell, Findings
from asylia.model.plan import Plan
from asylia.model.scenario import draw
from asylia.need.standards import MEASURE_OF, profile
from asylia.study import tables
from asylia.study.agreement import agreements
from asylia.study.criteria import JUDGES
from asylia.study.drivers import drivers
from asylia.study.members import fit_field
from asylia.study.needs import need_rows, need_table
from asylia.study.outcome import Outcome
from asylia.study.sentences import sentences
from asylia.study.settings import Settings
from asylia.study.verdicts import measure, verdict
from asylia.threat.field import outlook
from asylia.threat.overrun import reference_class

LIBRARIES = ("numpy", "scipy", "numba", "polars")


def gather(
    case: Case, plans: tuple[Plan, ...], settings: Settings, outcomes: Mapping[str, Outcome]
) -> Findings:
    """Judge the outcomes and put everything a report may show in one place."""
    standards = profile(case.standards)
    rows = {plan.id: tuple(MEASURE_OF[s.id] for _, s in need_rows(plan, standards)) for plan in plans}
    values = measure(outcomes, rows)
    scenarios = draw(case.rules, settings.members, settings.seed)
    places = sorted(case.places["id"].to_list())
    # sentences are the same for every audience, so they rest on what everybody may see
    consent = stands(without_sensitive(case), plans)
    known = as_known(read_precedents(), case.as_of)
    history = {plan.id: reference_class(known, plan.protection).text for plan in plans if plan.zones}
    return Findings(
        case=case,
        plans=plans,
        criteria=tuple(judge.criterion for judge in JUDGES),
        verdict=verdict(values, [plan.id for plan in plans], history),
        series=tables.series(outcomes, case, settings),
        end_places=tables.end_places(outcomes, places),
        end_areas=tables.end_areas(outcomes, places, case),
        zones=tables.zones(outcomes, plans, case),
        fighting=outlook(fit_field(case)),
        consent=stands(case, plans),
        consent_public=consent,
        agreements=agreements(case, plans, settings.seed),
        needs=need_table(case, plans, standards, outcomes),
        costs=tables.costs(outcomes, plans),
        funding=tables.funding(plans),
        silences=pl.concat(
            [silences(plan).select(pl.lit(plan.id).alias("plan"), pl.all()) for plan in plans]
        ),
        precedents=tuple(like_cases(plan, known) for plan in plans),
        drivers=drivers(values, scenarios, ["without_shelter", "sheltered", "exposure_2_km", "cost_usd"]),
        assumptions=tables.assumptions(case, plans),
        evidence=tables.evidence(case),
        sentences=sentences(values, plans, scenarios, consent),
        manifest=manifest(case, plans, settings),
    )


def without_sensitive(case: Case) -> Case:
    """Leave out the statements marked sensitive, as if nobody had written them down."""
    return replace(case, statements=tuple(s for s in case.statements if not s.sensitive))


def stands(case: Case, plans: tuple[Plan, ...]) -> tuple[ConsentCell, ...]:
    """Say where every actor stands on every plan."""
    return tuple(cell for plan in plans for cell in positions(plan, case.actors, case.statements, case.terms))


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
        "asylia": __version__,
        "python": ".".join(platform.python_version_tuple()[:2]),
        "libraries": {name: version(name) for name in LIBRARIES},
        "command": (
            f"asylia compare {case.id} --members {settings.members} --days {settings.days} --seed {settings.seed}"
        ),
        "licences": list(case.licences),
    }
