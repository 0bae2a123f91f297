"""The warnings of every zone beside the chance that it is overrun, added to what a study found, for each audience."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import polars as pl

from asylia.audit.precedents import as_known, known_to, left_out, read_precedents
from asylia.audit.zone_flags import flags_in_words, zone_flags
from asylia.model.case import Case
from asylia.model.findings import Findings
from asylia.model.plan import Plan
from asylia.threat.overrun import reference_class

WEEKS: Final = 26
"""Weeks the chance of one zone is given for. Beyond half a year nothing here foresees anything."""
CHANCES: Final[dict[str, type[pl.DataType]]] = {
    "plan": pl.String,
    "zone": pl.String,
    "overrun_low": pl.Float64,
    "overrun_middle": pl.Float64,
    "overrun_high": pl.Float64,
}


def flagged(findings: Findings) -> Findings:
    """Add the warnings of every zone, and name them in the verdict wherever it speaks of an overrun.

    The verdict is the same for every audience, so its words rest on what the public may see.
    """
    open_case = replace(
        findings.case, statements=tuple(s for s in findings.case.statements if not s.sensitive)
    )
    chances = overrun_chances(findings.case, findings.plans)
    tables = {
        audience: zone_flags(case, findings.plans, stands).join(chances, on=["plan", "zone"], how="left")
        for audience, case, stands in (
            ("public", open_case, findings.consent_public),
            ("partners", findings.case, findings.consent),
        )
    }
    behind = left_out(as_known(read_precedents(), findings.case.as_of), findings.case)
    said = {
        plan.id: " ".join(part for part in (behind, flags_in_words(tables["public"], plan.id)) if part)
        for plan in findings.plans
        if plan.zones
    }
    return replace(findings, zone_flags=tables, verdict=_with_flags(findings.verdict, said))


def overrun_chances(case: Case, plans: Iterable[Plan]) -> pl.DataFrame:
    """Give the chance that each zone alone is overrun within `WEEKS` of being at risk: 5th, 50th, 95th percentile.

    It comes from zones of the past alone, as far as they were known on the case's last day and apart from the case's own, so
    neither recent events around a zone nor its own standing move it.
    """
    known = known_to(case)
    rows = [
        (plan.id, zone.id, *reference_class(known, plan.protection).probability(WEEKS))
        for plan in plans
        for zone in plan.zones
    ]
    return pl.DataFrame(rows, schema=CHANCES, orient="row")


def _with_flags(verdict: pl.DataFrame, said: dict[str, str]) -> pl.DataFrame:
    added = pl.col("plan").replace_strict(said, default="", return_dtype=pl.String)
    speaks = pl.col("criterion").str.starts_with("overrun_") & (added != "")
    return verdict.with_columns(
        source=pl.when(speaks).then(pl.col("source") + " " + added).otherwise("source")
    )
