"""`asylia audit`: law and safeguards, what each plan leaves open, and what became of zones like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import polars as pl
import typer
from rich.console import Console
from rich.markup import escape

from asylia.audit.completeness import silences
from asylia.audit.law import audit as hold
from asylia.audit.precedents import as_known, like_cases, read_precedents
from asylia.audit.zone_flags import FLAGS, zone_flags
from asylia.cli.compare import CaseName, Json
from asylia.cli.json_text import json_text
from asylia.io.folder import find_case
from asylia.model.agreement import FloorLine
from asylia.model.findings import ConsentCell, Precedents
from asylia.model.law import PlanAudit
from asylia.model.plan import Plan
from asylia.model.safeguards import outline_hash
from asylia.report.words import percent
from asylia.study.check import check_case
from asylia.study.conductor import with_no_zone
from asylia.study.gather import stands
from asylia.study.record import chosen_plans

HEADINGS = (("fail", "Fails by the sources"), ("contested", "Contested"), ("pass", "On record as met"))


def audit(
    case: CaseName,
    plan: Annotated[list[str] | None, typer.Option(help="Only this plan; may be repeated.")] = None,
    as_json: Json = False,
) -> None:
    """Hold each plan against 38 conditions of law, list what it does not say, and show the zones of the past like it.

    There is no score: blocking failures come first, and what is unknown says what would settle it.

    Example: asylia audit syria-2017 --plan us-gulf
    """
    read = check_case(find_case(case))
    plans = chosen_plans(read, plan) if plan else with_no_zone(read, read.plans)
    known = as_known(read_precedents(), read.as_of)
    cells = stands(read, plans)
    found = [(one, hold(read, one, cells), silences(one), like_cases(one, known, read)) for one in plans]
    warned = zone_flags(read, plans, cells)
    if as_json:
        plain = {p.id: _plain(p, a, s, c, warned) for p, a, s, c in found}
        for one in plans:
            plain[one.id]["protection_floor"] = [asdict(line) for line in _floor(cells, one)]
        print(json_text(plain))
        return
    console = Console(highlight=False)
    for one, audited, said, alike in found:
        console.print(f"\n[bold]{escape(one.title)}[/bold] ({one.id})")
        _show_law(console, audited)
        _show_safeguards(console, audited)
        for line in _floor(cells, one):
            console.print(f"  protection floor, {line.standing}: {escape(line.name)} ({escape(line.basis)})")
        for status in ("silent", "assumed"):
            questions = said.filter(said["status"] == status)["question"].to_list()
            console.print(f"  {status}: {escape('; '.join(questions)) or 'nothing'}")
        _show_flags(console, warned.filter(pl.col("plan") == one.id))
        console.print(f"  like cases: {escape(_history(alike))}")
    console.print(
        "\nUnknown is not a pass. This is a checklist for people who know the law, and no legal advice."
    )


def _floor(cells: Sequence[ConsentCell], plan: Plan) -> list[FloorLine]:
    return [line for cell in cells if cell.plan == plan.id for line in cell.floor]


def _show_law(console: Console, audited: PlanAudit) -> None:
    for status, heading in HEADINGS:
        for one in audited.findings:
            if one.status == status:
                console.print(f"  [bold]{heading}[/bold] ({one.severity}) {one.condition} {escape(one.text)}")
                console.print(f"    {escape(f'{one.found} {one.warning}'.strip())}")
                for line in one.evidence:
                    console.print(f"    [dim]{escape(line)}[/dim]")
                console.print(f"    would settle it: {escape(one.settled_by)}")
    unknown = [one for one in audited.findings if one.status == "unknown"]
    console.print(f"  unknown: {len(unknown)} conditions, blocking ones first")
    for one in unknown:
        if one.severity == "blocking":
            console.print(f"    {one.condition} {escape(one.text)} [dim]{escape(one.found)}[/dim]")
            console.print(f"      would settle it: {escape(one.settled_by)}")
    rest = [one.condition for one in unknown if one.severity != "blocking"]
    console.print(f"    and {', '.join(rest)} (--json gives all of them)" if rest else "")


def _show_safeguards(console: Console, audited: PlanAudit) -> None:
    closed = [way.name for way in audited.exits if not way.is_open]
    console.print(f"  closed to people who flee: {escape(', '.join(closed)) or 'nothing known'}")
    for objective in audited.beyond:
        console.print(f"  beyond protection and relief: {escape(objective)}")
    for step in audited.strength:
        if step.low is not None:
            figure = f"{step.low:,.0f}" if step.low == step.high else f"{step.low:,.0f} to {step.high:,.0f}"
            console.print(f"  strength {step.step}: {figure} ({escape(step.source)}, {step.evidence})")
    for one in audited.promises:
        console.print(f"  promise: {escape(one.by)}: {escape(one.what)} ({one.standing})")
    for clause in dict.fromkeys(one.clause for one in audited.vague):
        terms = ", ".join(one.term for one in audited.vague if one.clause == clause)
        console.print(f"  open words: “{escape(clause)}” ({escape(terms)})")


def _history(alike: Precedents) -> str:
    conflicts = "1 conflict" if alike.clusters == 1 else f"{alike.clusters} conflicts"
    counted = f"{alike.overrun} of {alike.n} were overrun, in {conflicts}"
    if alike.low is None or alike.high is None:
        return f"{counted}; too few for a rate. {alike.why} {alike.caution} {alike.sensitivity}".strip()
    share = f"{percent(alike.low)} to {percent(alike.high)}"
    return f"{counted}, {share}. {alike.why} {alike.caution} {alike.sensitivity}".strip()


def _show_flags(console: Console, warned: pl.DataFrame) -> None:
    for row in warned.iter_rows(named=True):
        raised = [words for flag, words in FLAGS.items() if row[flag] == "yes"]
        console.print(f"  zone {escape(row['name'])}: {', '.join(raised) or 'no warning raised'}")
        for flag in FLAGS:
            console.print(f"    {escape(row[f'{flag}_why'])}")


def _plain(
    one: Plan, audited: PlanAudit, said: pl.DataFrame, alike: Precedents, warned: pl.DataFrame
) -> dict[str, Any]:
    return {
        "law": asdict(audited),
        "outlines": {zone.id: outline_hash(zone.outline) for zone in one.zones if zone.outline},
        "elements": said.to_dicts(),
        "like_cases": {
            "n": alike.n, "overrun": alike.overrun, "clusters": alike.clusters, "low": alike.low,
            "high": alike.high, "why": alike.why, "caution": alike.caution, "zones": alike.rows["id"].to_list(),
            "sensitivity": alike.sensitivity,
        },
        "zone_flags": warned.filter(pl.col("plan") == one.id).to_dicts(),
    }  # fmt: skip
