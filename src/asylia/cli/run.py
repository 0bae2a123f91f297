"""`asylia run`: one plan beside no zone, and the order of a day."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from asylia.cli.compare import (
    Assimilate,
    AssimilateDays,
    CaseName,
    Days,
    Executor,
    Json,
    Members,
    Rules,
    Runs,
    Seed,
    Workers,
)
from asylia.cli.show import progress_bar, show_order, show_verdict
from asylia.io.folder import find_case
from asylia.study.check import check_case
from asylia.study.conductor import compare as run_study
from asylia.study.record import chosen_plans
from asylia.study.take_in import movement_of


def run(
    case: CaseName = "",
    plan: Annotated[str, typer.Option(help="Id of the plan.")] = "none",
    members: Members = 200,
    days: Days = None,
    seed: Seed = 1,
    workers: Workers = 0,
    executor: Executor = "processes",
    runs: Runs = Path("runs"),
    rules: Rules = "",
    assimilate: Assimilate = None,
    assimilate_days: AssimilateDays = None,
    explain_day: Annotated[
        bool, typer.Option("--explain-day", help="Print the order of a day, and stop.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run one plan beside no zone, and print every criterion.

    Example: asylia run syria-2017 --plan turkey-north --members 100
    """
    if explain_day:
        show_order()
        return
    folder = find_case(case)
    read = check_case(folder)
    movement = movement_of(read, rules, assimilate, assimilate_days, seed=seed)
    with progress_bar() as progress:
        findings = run_study(
            read,
            members=members,
            days=days,
            seed=seed,
            plans=chosen_plans(read, [plan]),
            workers=workers or os.cpu_count() or 1,
            executor=executor,
            runs=runs,
            progress=progress,
            movement=movement,
        )
    show_verdict(findings, plan, as_json=as_json)
