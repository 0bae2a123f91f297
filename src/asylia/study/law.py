"""The audit of law and safeguards for every plan of a study, with what consent and the runs have to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import polars as pl

from asylia.audit.law import audit
from asylia.model.findings import Findings
from asylia.model.law import Range, Simulated
from asylia.model.plan import NO_ZONE

CRITERIA: Final[Mapping[str, str]] = {
    "newly_displaced": "newly_displaced",
    "in_zones": "sheltered",
    "refused": "refused",
    "turned_out": "turned_out",
    "trapped": "trapped",
    "crossed": "crossed",
    "wanted_to_cross": "wanted_to_cross",
    "returned": "returned",
}
"""People by cause of movement, as far as the model tells causes apart, and the criterion that counts them."""


def audited(findings: Findings) -> Findings:
    """Add the audit of every plan to what a study found, for each audience.

    The one for the public is worked out without statements marked sensitive, so that nothing rests on them.
    """
    open_ones = tuple(s for s in findings.case.statements if not s.sensitive)
    known = {"public": replace(findings.case, statements=open_ones), "partners": findings.case}
    stands = {"public": findings.consent_public, "partners": findings.consent}
    simulated = counted(findings)
    return replace(
        findings,
        audits={
            audience: tuple(
                audit(known[audience], plan, stands[audience], simulated.get(plan.id))
                for plan in findings.plans
            )
            for audience in known
        },
    )


def counted(findings: Findings) -> dict[str, Simulated]:
    """Put together what the audit needs of the runs, by plan, from the frames of `model.findings`."""
    places, country = findings.case.places, findings.case.country
    where = dict(places.select("id", "admin1").iter_rows())
    inside = sorted(set(places.filter(pl.col("country") == country)["admin1"].to_list()))
    hosted = {plan.id: _hosted(findings, plan.id, where, inside) for plan in findings.plans}
    return {
        plan.id: Simulated(
            counts=_counts(findings.verdict.filter(pl.col("plan") == plan.id)),
            hosted=hosted[plan.id],
            hosted_no_zone=hosted.get(NO_ZONE, {}),
            needs=findings.needs.filter(pl.col("plan") == plan.id),
        )
        for plan in findings.plans
    }


def _counts(verdict: pl.DataFrame) -> dict[str, Range]:
    rows = {row[0]: row[1:] for row in verdict.select("criterion", "low", "middle", "high").iter_rows()}
    return {
        name: rows[criterion]
        for name, criterion in CRITERIA.items()
        if criterion in rows and None not in rows[criterion]
    }


def _hosted(findings: Findings, plan: str, where: Mapping[str, str], inside: list[str]) -> dict[str, float]:
    """Add up the middles of displaced people by first-level area of the country, outside zones and in them."""
    own = findings.end_areas.filter((pl.col("plan") == plan) & pl.col("area").is_in(inside))
    found = {area: float(middle) for area, middle in own.select("area", "middle").iter_rows()}
    zones = findings.zones.filter(pl.col("plan") == plan)
    for place, people in zones.select("place", "end_middle").iter_rows():
        found[where[place]] = found.get(where[place], 0.0) + float(people)
    return found
