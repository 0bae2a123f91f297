"""`asylia compare`: every plan of a case beside no zone, and a report to open."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Annotated

import typer

from asylia.cli.show import check_audience, progress_bar, show_findings, write
from asylia.core.errors import PlanError, Problem
from asylia.io.folder import find_case
from asylia.study.check import check_case
from asylia.study.conductor import compare as run_study
from asylia.study.record import chosen_plans, known_later, save_record
from asylia.study.take_in import movement_of

CaseName = Annotated[str, typer.Argument(metavar="CASE", help="A built-in case, or a case folder.")]
Members = Annotated[int, typer.Option(help="Draws of everything uncertain; every plan meets the same ones.")]
Days = Annotated[int | None, typer.Option(help="Length of the simulation; the case's own if not given.")]
Seed = Annotated[int, typer.Option(help="Start of all random numbers: the same seed gives the same bytes.")]
Workers = Annotated[int, typer.Option(help="Processes; 0 for one a core. The result does not depend on it.")]
Executor = Annotated[
    str,
    typer.Option(
        help="Where the work is done: processes, serial, or a Dask scheduler (dask://HOST:PORT, tls://HOST:PORT). "
        "Nor does it depend on this."
    ),
]
Runs = Annotated[Path, typer.Option(help="Where finished work is kept and found again.")]
Report = Annotated[Path, typer.Option(help="Folder of the report.")]
Audience = Annotated[str, typer.Option(help="Who will read it: public or partners.")]
Scenario = Annotated[
    str,
    typer.Option(
        help="A scenario to switch on, on the same luck: one of the case, or KIND=YYYY-MM-DD "
        "(consent_withdrawn, mandate_ends, donor_fails, front_moves, route_cut, zone_shrinks, escalation_incident, "
        "escalation_confrontation)."
    ),
]
AsOf = Annotated[
    str,
    typer.Option(
        help="In hindsight: take the case to this later day (YYYY-MM-DD), with what its hindcast files record up to it and the "
        "plans known by then."
    ),
]
Rules = Annotated[
    str,
    typer.Option(
        help="Whose rules move people: case, the case's own; fitted, with what was fitted to recorded conflicts in them. "
        "The case's choice if not given."
    ),
]
Assimilate = Annotated[
    Path | None,
    typer.Option(
        help="Counts reported since the case's last day, to be taken in: a people.csv, or a folder with it and, if at hand, events.csv."
    ),
]
AssimilateDays = Annotated[
    int | None,
    typer.Option(help="Only counts that end within this many days of the first day; all if not given."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")]


def compare(
    case: CaseName,
    plan: Annotated[
        list[str] | None, typer.Option(help="Only this plan, beside no zone; may be repeated.")
    ] = None,
    members: Members = 200,
    days: Days = None,
    seed: Seed = 1,
    workers: Workers = 0,
    executor: Executor = "processes",
    runs: Runs = Path("runs"),
    rules: Rules = "",
    assimilate: Assimilate = None,
    assimilate_days: AssimilateDays = None,
    report: Report = Path("report"),
    audience: Audience = "public",
    hxl: Annotated[bool, typer.Option("--hxl", help="Add the HXL tag row to CSV files.")] = False,
    scenario: Scenario = "",
    as_of: AsOf = "",
    no_what_if: Annotated[
        bool,
        typer.Option("--no-what-if", help="Leave out the scenarios that are tried without being asked for."),
    ] = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Print the table only.")] = False,
    as_json: Json = False,
) -> None:
    """Compare the plans of a case with no zone, and write a report.

    Example: asylia compare syria-2017 --members 200 --seed 7
    """
    check_audience(audience)
    folder = find_case(case)
    day = day_of(as_of)
    read = check_case(folder, as_of=day)
    plans = chosen_plans(read, plan or [], known_later(folder))
    movement = movement_of(read, rules, assimilate, assimilate_days, seed=seed)
    with progress_bar() as progress:
        findings = run_study(
            read,
            members=members,
            days=days,
            seed=seed,
            plans=plans,
            workers=workers or os.cpu_count() or 1,
            executor=executor,
            runs=runs,
            progress=progress,
            scenario=scenario,
            what_ifs=not no_what_if,
            movement=movement,
        )
    chosen_rules = movement if rules or movement.reported else None
    record = save_record(findings, case, runs, as_of=day, movement=chosen_rules)
    page = None if no_report else write(findings, report, audience, hxl=hxl)
    show_findings(findings, page=page, record=record, as_json=as_json)


def day_of(word: str) -> dt.date | None:
    """Read the day of --as-of; nothing if none is given. Raises `PlanError` for what is no day."""
    try:
        return dt.date.fromisoformat(word) if word else None
    except ValueError:
        must, mend = "is a day", "Write it as 2017-05-05."
        raise PlanError(
            [Problem(file="the command", column="as-of", value=word, must=must, mend=mend)]
        ) from None
