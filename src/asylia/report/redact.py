"""Decide what an audience may see. The only module of the report that knows the nouns; everything passes through it.

public
    Counts of one to nine people are withheld; positions are rounded to a tenth of a degree; people are shown by
    first-level area; outlines of zones and statements marked sensitive are left out.
partners
    Counts as they are, positions to a hundredth of a degree, people by place, outlines and every statement.

No noun can hold a private person, so none can be named here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Final, cast, get_args

import polars as pl

from asylia.core.errors import RunError
from asylia.model.case import Case
from asylia.model.findings import ConsentCell, Findings
from asylia.model.plan import NO_ZONE, Plan
from asylia.report import coarsen, protection_cut, provision_cut, siting_cut
from asylia.report.dossier import (
    Audience,
    CriterionCard,
    Dossier,
    LikeCases,
    PlanCard,
    Ring,
    Stand,
    Words,
)
from asylia.report.ground import ground

__all__ = ["Findings", "redact"]

_PEOPLE_UNITS: Final = ("people", "person-days", "person days")
_RANGE: Final = ("low", "middle", "high")
_ZONE_COUNTS: Final = tuple(f"{what}_{end}" for what in ("end", "peak", "refused") for end in _RANGE)
_WITHHELD: Final = {
    "public": (
        "Counts of one to nine people are shown as “fewer than 10” and left blank in the data files.",
        "Positions are rounded to a tenth of a degree, about 11 km.",
        "People outside zones are shown by first-level area, not by place.",
        "Outlines of zones and statements marked sensitive are left out.",
    ),
    "partners": (
        "Positions are rounded to a hundredth of a degree, about 1 km.",
        "Do not publish the positions and outlines in this copy.",
    ),
}


def redact(findings: Findings, audience: str) -> Dossier:
    """Return what one audience may see of a study.

    Parameters
    ----------
    audience
        `public` or `partners`.

    Raises
    ------
    ValueError
        If there is no such audience.
    """
    if audience not in get_args(Audience):
        raise ValueError(f"No audience {audience!r}: choose public or partners.")
    case, is_public = findings.case, audience == "public"
    return Dossier(
        audience=cast("Audience", audience),
        case_id=case.id,
        **_same(case, ("title", "country", "as_of", "first", "limits", "licences")),
        **_same(findings, ("costs", "funding", "silences", "drivers", "assumptions", "evidence")),
        **_numbers(findings, is_public=is_public),
        **_places(findings, is_public=is_public),
        days=_days(findings),
        plans=tuple(
            _plan(plan, case) for plan in sorted(findings.plans, key=lambda plan: plan.id != NO_ZONE)
        ),
        criteria=tuple(CriterionCard(**_fields(CriterionCard, each)) for each in findings.criteria),
        stands=_stands(findings, is_public=is_public),
        **_agreement(findings, audience),
        like_cases=tuple(LikeCases(**_fields(LikeCases, each)) for each in findings.precedents),
        sources=case.sources,
        sentences=dict(findings.sentences),
        manifest=dict(findings.manifest),
        withheld=_WITHHELD[audience],
        movement=dict(findings.movement),
        zone_flags=findings.zone_flags.get(audience, pl.DataFrame()),
        audits=tuple(
            coarsen.hide_in_audit(asdict(each), is_public=is_public)
            for each in findings.audits.get(audience, ())
        ),
    )


def _numbers(findings: Findings, *, is_public: bool) -> dict[str, Any]:
    verdict = _hide(findings.verdict, _RANGE, is_public=is_public, by_unit=True)
    people = ("people_low", "people_middle", "people_high")
    return {
        "verdict": coarsen.hide_differences(verdict),
        "series": _hide(findings.series, _RANGE, is_public=is_public, by_unit=True),
        "needs": provision_cut.with_people(_hide(findings.needs, people, is_public=is_public)),
        "provision": provision_cut.cut(findings.provision, findings.zones, is_public=is_public),
        "protection": protection_cut.cut(findings.protection, is_public=is_public),
        "siting": siting_cut.cut(findings.siting, is_public=is_public),
    }


def _places(findings: Findings, *, is_public: bool) -> dict[str, Any]:
    case, decimals = findings.case, coarsen.PUBLIC_DEGREES if is_public else coarsen.PARTNER_DEGREES
    zones = _hide(findings.zones, _ZONE_COUNTS, is_public=is_public)
    return {
        "people_end": _people_end(findings, decimals, is_public=is_public),
        "zones": coarsen.round_positions(zones, decimals),
        "outlines": {} if is_public else _outlines(findings.plans),
        "fighting": _fighting(findings, is_public=is_public),
        "fighting_by_area": coarsen.fighting_by_area(findings.fighting, case.places),
        "ground": ground(
            _same(case, ("places", "routes", "closures")),
            case.boundaries,
            country=case.country,
            as_of=case.as_of,
            decimals=decimals,
        ),
    }


def _same(noun: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(noun, name) for name in names}


def _fields(kind: type[CriterionCard | LikeCases | Words], noun: object) -> dict[str, Any]:
    """Return the fields one of our cards shares with a noun, by name."""
    return {field.name: getattr(noun, field.name) for field in fields(kind)}


def _days(findings: Findings) -> int:
    days = findings.manifest.get("days", findings.case.days)
    return int(days) if isinstance(days, int | float) else findings.case.days


def _hide(
    frame: pl.DataFrame, columns: tuple[str, ...], *, is_public: bool, by_unit: bool = False
) -> pl.DataFrame:
    if not is_public:
        return coarsen.hide_none(frame)
    rows = pl.col("unit").is_in(_PEOPLE_UNITS) if by_unit else None
    return coarsen.hide_small(frame, columns, rows=rows)


def _people_end(findings: Findings, decimals: int, *, is_public: bool) -> pl.DataFrame:
    places = findings.case.places
    if is_public:
        spots = places.group_by("admin1").agg(pl.col("lat", "lon").mean()).rename({"admin1": "area"})
        named = findings.end_areas.with_columns(pl.col("area").alias("name"), pl.lit("").alias("name_local"))
        summed = named.join(spots, on="area", how="left")
    else:
        names = places.select(pl.col("id").alias("area"), "name", "name_local", "lat", "lon")
        summed = findings.end_places.rename({"place": "area"}).join(names, on="area", how="inner")
    ordered = summed.select("plan", "area", "name", "name_local", "lat", "lon", *_RANGE).sort("plan", "area")
    return coarsen.round_positions(_hide(ordered, _RANGE, is_public=is_public), decimals)


def _fighting(findings: Findings, *, is_public: bool) -> pl.DataFrame:
    if is_public:
        return coarsen.fighting_by_area(findings.fighting, findings.case.places)
    names = findings.case.places.select(pl.col("id").alias("area"), "name")
    return findings.fighting.rename({"place": "area"}).join(names, on="area", how="inner").sort("area")


def _outlines(plans: tuple[Plan, ...]) -> Mapping[tuple[str, str], Ring]:
    return {(plan.id, zone.id): zone.outline for plan in plans for zone in plan.zones if zone.outline}


def _plan(plan: Plan, case: Case) -> PlanCard:
    names = {actor.id: actor.name for actor in case.actors}
    return PlanCard(
        id=plan.id,
        title=plan.title,
        summary=plan.summary,
        proposed_by=tuple(names.get(actor, actor) for actor in plan.proposed_by),
        objectives=plan.objectives,
        zones=len(plan.zones),
        force=plan.protection.force,
        source=plan.source,
    )


def _agreement(findings: Findings, audience: str) -> dict[str, Any]:
    """Take what was worked out for this audience; nothing if the case has no terms or statements."""
    if audience not in findings.agreements:
        return {"agreement": {}, "holds": ()}
    found = findings.agreements[audience]
    return {"agreement": asdict(found.brief), "holds": tuple(asdict(each) for each in found.holds)}


def _stands(findings: Findings, *, is_public: bool) -> tuple[Stand, ...]:
    cells = findings.consent_public if is_public else findings.consent
    hidden = {s.id for s in findings.case.statements if s.sensitive} if is_public else set()
    return tuple(_stand(cell, hidden) for cell in cells)


def _stand(cell: ConsentCell, hidden: set[str]) -> Stand:
    if any(line.statement in hidden for line in cell.lines):
        raise RunError(
            f"What {cell.actor} says of {cell.plan} was worked out from words the public must not see."
        )
    return Stand(
        **_same(cell, ("plan", "actor", "actor_name", "position", "has_veto", "reason")),
        lines=tuple(Words(**_fields(Words, line)) for line in cell.lines),
        floor=tuple(asdict(one) for one in cell.floor),
    )
