"""`asylia consent`: where every actor stands on every plan, by its own words."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from asylia.cli.compare import CaseName, Json
from asylia.io.folder import find_case
from asylia.model.agreement import Agreement
from asylia.model.findings import ConsentCell
from asylia.study.agreement import agreements
from asylia.study.check import check_case
from asylia.study.conductor import with_no_zone
from asylia.study.gather import stands
from asylia.study.record import chosen_plans

PARTS = {"propose": "consent_propose", "confirm": "consent_confirm"}
"""Parts of the command, by the module of each."""


def consent(
    case: CaseName,
    plan: Annotated[list[str] | None, typer.Option(help="Only this plan; may be repeated.")] = None,
    as_json: Json = False,
) -> None:
    """Say who refuses, who has said nothing against it, and who cannot be told, with the words behind each.

    Two more: `asylia consent propose ARTICLE...` finds statements in news text, `asylia consent confirm FILE` lets a person
    confirm them one by one.

    Example: asylia consent syria-2017 --plan turkey-north
    """
    read = check_case(find_case(case))
    plans = chosen_plans(read, plan) if plan else with_no_zone(read, read.plans)[1:]
    cells = stands(read, plans)
    agreement = agreements(read, plans, seed=0).get("partners")
    if as_json:
        found = {
            "positions": [asdict(cell) for cell in cells],
            "agreement": asdict(agreement) if agreement else None,
        }
        print(json.dumps(found, indent=2, ensure_ascii=False, default=str))
        return
    console = Console(highlight=False)
    for each in plans:
        console.print(f"\n[bold]{escape(each.title)}[/bold] ({each.id})")
        for cell in cells:
            if cell.plan == each.id:
                _show(console, cell)
    if agreement is not None:
        _show_agreement(console, agreement)
    console.print("\nNothing stated against a plan is not consent. Unconfirmed statements never decide.")


def _show(console: Console, cell: ConsentCell) -> None:
    veto = ", can stop it" if cell.has_veto else ""
    console.print(f"  {escape(cell.actor_name)}{veto}: [bold]{cell.position}[/bold]. {escape(cell.reason)}")
    for line in cell.lines:
        if line.standing in ("unmet", "contested"):
            said = f"{line.speaker}, {line.mode}, {line.source}"
            console.print(
                f"    {line.standing}: {escape(line.summary)} [dim]“{escape(line.words)}” ({escape(said)})[/dim]"
            )


def _show_agreement(console: Console, agreement: Agreement) -> None:
    """Print the least change of each plan, what agreement shares, the questions, and whether consent would hold."""
    brief = agreement.brief
    console.print("\n[bold]The smallest change[/bold]")
    for plan in brief.plans:
        for change in plan.ways[0] if plan.ways else ():
            before = f"{plan.title}: {change.name}: {change.before}"
            console.print(f"  {escape(before)} -> [bold]{escape(change.after)}[/bold]")
        console.print(f"    [dim]{escape(plan.title)}: {escape(plan.proof)} {escape(plan.giving_up)}[/dim]")
    console.print(f"\n[bold]What agreement shares[/bold]\n  {escape(brief.shared.sentence)}")
    console.print("\n[bold]The questions that matter most[/bold]")
    for asked in brief.questions:
        console.print(f"  {escape(asked.question)}")
        for answer, changes in asked.answers:
            console.print(f"    {escape(answer)}: [dim]{escape(changes)}[/dim]")
    console.print("\n[bold]Would it hold[/bold] (four answers, never multiplied)")
    for held in agreement.holds:
        for name in ("margin", "stability", "worlds"):
            console.print(f"  {held.plan}, {name}: {escape(getattr(held, name))}")
    if agreement.holds:
        console.print(f"  past: {escape(agreement.holds[0].past)}")
    console.print(f"\n{escape(brief.not_asked)} {escape(brief.unconfirmed)}")
