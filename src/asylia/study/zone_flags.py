"""The warnings of every zone beside the chance that it is overrun, added to what a study found, for each audience."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import polars as pl

from asylia.audit.precedents import as_known, left_out, read_precedents
from asylia.audit.zone_flags import flags_in_words, zone_flags
from asylia.model.findings import Findings

WEEKS: Final = 26
"""Weeks the chance of one zone is given for. Beyond half a year nothing here foresees anything."""


def flagged(findings: Findings) -> Findings:
    """Add the warnings of every zone, and name them in the verdict wherever it speaks of an overrun.

    The verdict is the same for every audience, so its words rest on what the public may see.
    """
    open_case = replace(
        findings.case, statements=tuple(s for s in findings.case.statements if not s.sensitive)
    )
    chances = overrun_chances(findings.protection)
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


def overrun_chances(protection: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Take the chance that each zone alone is overrun within `WEEKS` of being at risk: 5th, 50th, 95th percentile."""
    found = protection["chances"].filter(measure="overrun", weeks=WEEKS)
    ends = {f"overrun_{end}": end for end in ("low", "middle", "high")}
    return found.select("plan", "zone", **ends)


def _with_flags(verdict: pl.DataFrame, said: dict[str, str]) -> pl.DataFrame:
    added = pl.col("plan").replace_strict(said, default="", return_dtype=pl.String)
    speaks = pl.col("criterion").str.starts_with("overrun_") & (added != "")
    return verdict.with_columns(
        source=pl.when(speaks).then(pl.col("source") + " " + added).otherwise("source")
    )
