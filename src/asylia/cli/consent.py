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
from asylia.model.findings import ConsentCell
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
    if as_json:
        print(json.dumps([asdict(cell) for cell in cells], indent=2, ensure_ascii=False, default=str))
        return
    console = Console(highlight=False)
    for each in plans:
        console.print(f"\n[bold]{escape(each.title)}[/bold] ({each.id})")
        for cell in cells:
            if cell.plan == each.id:
                _show(console, cell)
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
