"""`asylia need`: what the people in the zones of a plan need, what to bring by when, what it costs and who pays."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from asylia.cli.compare import Audience, CaseName, Days, Json, Runs, Seed, Workers
from asylia.cli.json_text import json_text
from asylia.cli.show import check_audience, progress_bar
from asylia.core.errors import PlanError, Problem
from asylia.io.folder import find_case
from asylia.report import write_provisioning
from asylia.report.dossier import Dossier
from asylia.report.redact import redact
from asylia.report.words import amount, day, span
from asylia.study.check import check_case
from asylia.study.conductor import compare as run_study
from asylia.study.provisioning import if_donors_stop
from asylia.study.record import chosen_plans

MOST_LINES = 12
MARK = "*"
TABLES = ("bring", "priced", "layout", "capacity", "stops", "swings", "standards")
"""Tables printed as JSON."""


def need(
    case: CaseName,
    plan: Annotated[
        list[str] | None,
        typer.Option(help="Only this plan; may be repeated; all with a zone or a cost if not given."),
    ] = None,
    members: Annotated[int, typer.Option(help="Draws of everything uncertain.")] = 50,
    days: Days = None,
    seed: Seed = 1,
    workers: Workers = 0,
    runs: Runs = Path("runs"),
    out: Annotated[
        Path | None, typer.Option(help="Folder for the files: CSV with an HXL row, and XLSX.")
    ] = None,
    fails: Annotated[
        list[str] | None, typer.Option(help="A donor that stops paying, DONOR=YYYY-MM-DD; may be repeated.")
    ] = None,
    audience: Audience = "public",
    as_json: Json = False,
) -> None:
    """Say what each plan's zones need, what to bring by when, what it costs, who pays, and what stops first.

    Example: asylia need syria-2017 --plan turkey-north --out provisioning
    """
    check_audience(audience)
    stopping = donors(fails or [])
    read = check_case(find_case(case))
    with progress_bar() as progress:
        findings = run_study(
            read,
            members=members,
            days=days,
            seed=seed,
            plans=chosen_plans(read, plan or []),
            workers=workers or os.cpu_count() or 1,
            runs=runs,
            progress=progress,
        )
    if stopping:
        findings = if_donors_stop(findings, stopping)
    files = write_provisioning(findings, out, audience=audience) if out is not None else []
    seen = redact(findings, audience)
    if as_json:
        print(json_text(as_data(seen, files)))
        return
    show(seen, files)


def donors(words: Sequence[str]) -> dict[str, dt.date]:
    """Read DONOR=DATE; raises `PlanError` with every fault."""
    found: dict[str, dt.date] = {}
    problems = []
    for word in words:
        name, _, date = word.rpartition("=")
        try:
            found[name] = dt.date.fromisoformat(date)
        except ValueError:
            name = ""
        if not name:
            must, mend = "is DONOR=YYYY-MM-DD", 'For example --fails "A donor=2017-09-01".'
            problems.append(Problem(file="the command", column="fails", value=word, must=must, mend=mend))
    if problems:
        raise PlanError(problems)
    return found


def as_data(seen: Dossier, files: Sequence[Path]) -> dict[str, object]:
    """Give the tables as plain data."""
    tables = {name: seen.provision[name].to_dicts() for name in TABLES}
    return {
        "case": seen.case_id,
        "needs": seen.needs.to_dicts(),
        **tables,
        "files": [str(f) for f in files],
    }


def show(seen: Dossier, files: Sequence[Path]) -> None:
    """Print the plans one after another."""
    console = Console(highlight=False)
    for plan in seen.plans:
        orders = seen.provision["bring"].filter(pl.col("plan") == plan.id)
        stops = seen.provision["stops"].filter(pl.col("plan") == plan.id)
        if orders.is_empty() and stops.is_empty():
            continue
        console.print(f"\n[bold]{escape(plan.title)}[/bold] ({plan.id})")
        if orders.height:
            console.print(_first_orders(orders))
        for (course,), lines in stops.group_by("course", maintain_order=True):
            console.print(f"  {escape(str(course))}: {escape(_stopping(lines))}")
        for row in seen.provision["swings"].filter(pl.col("plan") == plan.id).iter_rows(named=True):
            console.print(
                f"  moves the cost: {escape(row['unknown'])}, {span(row['low'], row['high'], 'usd')} in all"
            )
    console.print(
        f"\n[dim]{MARK} rests on a standard that is recalled or assumed. Middle, then the 90 % range. "
        "Asylia calls no zone safe.[/dim]"
    )
    for file in files:
        console.print(f"Wrote {file}", soft_wrap=True)


def _first_orders(orders: pl.DataFrame) -> Table:
    """Put what must be ordered first at the top."""
    table = Table(
        "order by", "needed by", "zone", "what", "to have then", "standard", box=None, pad_edge=False
    )
    for row in orders.sort("order_by", "zone", "item").head(MOST_LINES).iter_rows(named=True):
        said = amount(row["total_middle"], "count", row["total_low"], row["total_high"])
        weak = MARK if row["evidence"] in ("recalled", "assumed", "unknown") else ""
        late = "" if row["in_time"] else " (passed)"
        table.add_row(
            f"{day(row['order_by'])}{late}", day(row["needed_by"]), escape(row["zone"]), escape(row["item"]),
            f"{said} {row['unit']}", f"{row['standard']}{weak}",
        )  # fmt: skip
    if orders.height > MOST_LINES:
        table.caption = f"{orders.height - MOST_LINES} more orders: use --out or --json."
    return table


def _stopping(lines: pl.DataFrame) -> str:
    short = lines.filter(pl.col("stops").is_not_null()).sort(["stops", "rank"], descending=[False, True])
    if short.is_empty():
        return "every line is paid to the end."
    first = short.row(0, named=True)
    if float(lines["paid"].sum()) <= 0:
        return f"nothing is paid, as no money is committed or paid; the first sums are due from {day(first['stops'])}."
    return f"first to stop is {first['item']}, from {day(first['stops'])}."
