"""`asylia threat`: how likely an attack on each zone, a serious one and an overrun are taken to be, and what that rests on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from asylia.cli.compare import CaseName, Days, Json, Runs, Scenario, Seed, Workers
from asylia.cli.json_text import json_text
from asylia.cli.show import progress_bar
from asylia.io.folder import find_case
from asylia.model.findings import Findings
from asylia.report.protection import NOT_CLAIMED, QUIET, chance_words
from asylia.report.words import percent
from asylia.study.check import check_case
from asylia.study.conductor import check_settings
from asylia.study.conductor import compare as run_study
from asylia.study.escalating import break_evens
from asylia.study.movement import own_rules
from asylia.study.record import chosen_plans

MEASURES = {"attack": "lethal attack", "serious": "serious attack", "overrun": "overrun"}
WEEKS = (4, 13, 26, 52)


def threat(
    case: CaseName,
    plan: Annotated[list[str] | None, typer.Option(help="Only this plan; may be repeated.")] = None,
    members: Annotated[int, typer.Option(help="Draws of everything uncertain.")] = 100,
    days: Days = None,
    seed: Seed = 1,
    workers: Workers = 0,
    runs: Runs = Path("runs"),
    scenario: Scenario = "",
    as_json: Json = False,
) -> None:
    """Say what presses on each zone: attack and overrun with ranges and reasons, what would turn the answer, and p*.

    For planners; the public report gives no figure of one zone. Quiet is not safety.

    Example: asylia threat syria-2017 --plan turkey-north
    """
    read = check_case(find_case(case))
    plans, count = chosen_plans(read, plan or []), workers or os.cpu_count() or 1
    with progress_bar() as progress:
        found = run_study(
            read,
            members=members,
            days=days,
            seed=seed,
            plans=plans,
            workers=count,
            runs=runs,
            progress=progress,
            scenario=scenario,
        )
    settings = check_settings(members, days if days is not None else read.days, seed, own_rules(read))
    escalation = break_evens(read, plans, settings=settings, workers=count, runs=runs)
    if as_json:
        print(json_text(as_data(found, escalation)))
        return
    show(found, escalation)


def as_data(found: Findings, escalation: pl.DataFrame) -> dict[str, object]:
    """Give the tables as plain data."""
    tables = {name: table.to_dicts() for name, table in found.protection.items()}
    return {
        "case": found.case.id,
        "quiet_is_not_safety": QUIET,
        "not_claimed": list(NOT_CLAIMED),
        **tables,
        "escalation": escalation.to_dicts(),
    }


def show(found: Findings, escalation: pl.DataFrame) -> None:
    """Print the plans one after another, in words first."""
    console, tables = Console(highlight=False), found.protection
    console.print(f"[bold]{escape(QUIET)}[/bold]")
    for plan in found.plans:
        chances = tables["chances"].filter(pl.col("plan") == plan.id)
        if chances.is_empty():
            continue
        console.print(f"\n[bold]{escape(plan.title)}[/bold] ({plan.id})")
        console.print(_chances(chances))
        _print_reasons(console, tables["reasons"].filter(pl.col("plan") == plan.id))
        for row in (
            tables["past"].filter((pl.col("plan") == plan.id) & (pl.col("weeks") == 52)).iter_rows(named=True)
        ):
            console.print(
                f"  past: of {row['n']} zones of {row['conflicts']} conflicts {percent(row['lost'])} were lost within a year "
                f"({percent(row['lost_low'])} to {percent(row['lost_high'])}, whole conflicts drawn)"
            )
        for row in tables["tipping"].filter(pl.col("plan") == plan.id).iter_rows(named=True):
            console.print(f"  turns: {escape(tipping_words(row))}")
        for row in escalation.filter(pl.col("plan") == plan.id).iter_rows(named=True):
            least = row["p_star"]
            star = f"{least:.2f}" if least is not None and 0 < least <= 1 else "none"
            console.print(f"  p* {row['consequences']}: {star}. {escape(str(row['says']))}")
    console.print("\n[dim]" + escape(" ".join(NOT_CLAIMED)) + "[/dim]")


def tipping_words(row: dict[str, object]) -> str:
    """Say at which value of a factor a plan stops beating no zone on exposure."""
    doc = str(row["doc"]).rstrip(".")
    if row["value"] is None:
        word = (
            "better on exposure at any value tried"
            if row["verdict"] == "always"
            else "no better at any value tried"
        )
        return f"{doc}: {word}."
    return f"{doc}: no longer better on exposure above a factor of {row['value']:.2f} (drawn {row['low']:.2f} to {row['high']:.2f})."


def _chances(chances: pl.DataFrame) -> Table:
    table = Table("zone", "what", *(f"{weeks} weeks" for weeks in WEEKS), box=None, pad_edge=False)
    for (zone,), own in chances.group_by("zone", maintain_order=True):
        for measure, name in MEASURES.items():
            rows = {r["weeks"]: r for r in own.filter(pl.col("measure") == measure).iter_rows(named=True)}
            cells = [chance_words(rows[w]["low"], rows[w]["middle"], rows[w]["high"]) for w in WEEKS]
            table.add_row(escape(str(zone)), name, *cells)
    return table


def _print_reasons(console: Console, reasons: pl.DataFrame) -> None:
    """Print each answer once, with the zones it holds for."""
    keys = ["about", "answer", "why", "source"]
    for row in reasons.group_by(keys, maintain_order=True).agg("zone").iter_rows(named=True):
        zones = ", ".join(row["zone"])
        source = f" ({row['source']})" if row["source"] else ""
        console.print(
            f"  {escape(row['about'])}: [bold]{escape(row['answer'])}[/bold]. {escape(row['why'])}{escape(source)} [dim]{escape(zones)}[/dim]"
        )
