"""The provisioning of a study: standards followed to their rows, what to bring by when, what a zone can hold, and the money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from asylia.core.errors import PlanError, Problem, nearest
from asylia.model.case import Case
from asylia.model.findings import Findings
from asylia.model.plan import Plan
from asylia.need.profiles import Requirement, requirements_of
from asylia.need.standards import by_id, side_by_side
from asylia.study import bring, purse
from asylia.study.columns import Columns
from asylia.study.settings import Settings

OTHER: Final = {
    "cost": "A price for what is brought.",
    "security": "A line to read a force by; the evidence for it is disputed.",
}
"""Why rows are used that no need rests on, by sector."""
USED: Final = {
    "standard": pl.String, "sector": pl.String, "measure": pl.String, "indicator": pl.String, "editions": pl.String,
    "stage": pl.String, "bound": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "unit": pl.String,
    "published": pl.Float64, "source": pl.String, "url": pl.String, "evidence": pl.String, "reason": pl.String, "note": pl.String,
}  # fmt: skip


def provisioning(
    case: Case,
    plans: Sequence[Plan],
    sheets: Mapping[str, Columns],
    settings: Settings,
) -> dict[str, pl.DataFrame]:
    """Work out every table of provisioning, by name."""
    needs = requirements_of(case)
    found = [site for plan in plans for site in bring.sites(case, plan, needs, sheets[plan.id], settings)]
    forces = bring.force(plans, found)
    orders = bring.bring(case, found, needs, settings)
    spend = purse.by_month(case, plans, sheets, settings)
    return {
        "bring": orders,
        "priced": bring.priced(case, found, needs, settings),
        "layout": bring.layout(found, needs),
        "capacity": bring.capacity(plans, found, needs),
        "force": forces,
        "standards": used(
            needs, [*orders["price"].drop_nulls().unique().sort(), *forces["standard"].unique()]
        ),
        "editions": editions(needs),
        "cost_lines": purse.lines(plans, sheets),
        "cost_by_month": spend,
        "money": purse.path(case, plans, sheets, settings),
        "ledger": purse.ledger(plans),
        "stops": purse.stops(plans, spend, case.first, settings.days),
        "swings": purse.swings(case, plans, sheets, settings),
    }


def used(needs: Sequence[Requirement], others: Sequence[str] = ()) -> pl.DataFrame:
    """List every standard and price a study rests on, once, with its edition, its source and why it is used."""
    found = {}
    for need in needs:
        for standard in need.standards:
            first = standard is need.standard and need.is_need
            if standard.id not in found or first:
                found[standard.id] = (standard, need.measure.name, need.reason)
    for name in others:
        reason = OTHER.get(by_id()[name].sector, "")
        found[name] = (by_id()[name], by_id()[name].sector.capitalize(), reason)
    rows = [
        (
            s.id, s.sector, measure, s.indicator, "; ".join(s.editions), s.stage, s.bound, s.value, s.low, s.high, s.unit,
            by_id()[s.id].value, s.source, s.url, str(s.evidence), reason, s.note,
        )
        for s, measure, reason in found.values()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=USED, orient="row").sort("sector", "standard")


def editions(needs: Sequence[Requirement]) -> pl.DataFrame:
    """Lay every edition and phase of the standards in use side by side."""
    families = {by_id()[s.id].of or s.id for need in needs for s in need.standards}
    same = {s for need in needs for s in getattr(need.measure, "standards", ())}
    return side_by_side().filter(
        pl.col("standard").is_in(sorted(families)) | pl.col("row").is_in(sorted(same))
    )


def if_donors_stop(findings: Findings, fails: purse.Fails) -> Findings:
    """Work out again what is paid and what stops first, with these donors stopping on these days.

    Raises
    ------
    PlanError
        If no plan names such a donor.
    """
    named = {line.donor for plan in findings.plans for line in plan.funding}
    problems = [
        Problem(
            file="the command", column="fails", value=donor, must="names a donor of the plans",
            mend=nearest(donor, named) or f"Donors: {', '.join(sorted(named)) or 'none'}.",
        )
        for donor in fails
        if donor not in named
    ]  # fmt: skip
    if problems:
        raise PlanError(problems)
    spend, first = findings.provision["cost_by_month"], findings.case.first
    table = purse.stops(findings.plans, spend, first, int(str(findings.manifest["days"])), fails)
    return replace(findings, provision={**findings.provision, "stops": table})
