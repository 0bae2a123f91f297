"""`asylia site`: where zones could go and how big, what each consent would be worth, and what people would make of it."""

from __future__ import annotations

import datetime as dt
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from asylia.cli import site_time
from asylia.cli.compare import Audience, CaseName, Runs, Seed, Workers
from asylia.cli.problems import told_as_json
from asylia.cli.show import check_audience, progress_bar, write
from asylia.cli.site_show import show
from asylia.core.errors import PlanError, Problem, nearest
from asylia.io.areas import read_areas
from asylia.io.folder import find_case
from asylia.io.plan_files import refuse_taken, write_plans
from asylia.model.case import Case
from asylia.model.siting_case import Limits
from asylia.siting.candidates import Keep
from asylia.siting.case_plan import Effort
from asylia.study.check import check_case
from asylia.study.conductor import compare as run_study
from asylia.study.siting import Sited
from asylia.study.siting import site as search_zones
from asylia.study.siting_question import Question
from asylia.study.siting_tables import tables_of

GAP = 0.001
MOST_ZONES = 200
ANSWERS = {"yes": "accepts", "no": "refuses"}


def site(
    case: CaseName,
    zones: Annotated[
        str, typer.Option(help="Zones in a plan: a number, or least and most as 2..5.")
    ] = "1..5",
    budget: Annotated[
        str,
        typer.Option(
            help="US dollars for set-up and relief, or one number for each period as 2e8,1e8; no limit if not given."
        ),
    ] = "",
    periods: Annotated[
        int, typer.Option(help="Parts the time is cut into; a zone opens at the start of one.")
    ] = 1,
    lead_days: Annotated[
        list[str] | None,
        typer.Option(help="Days to set a zone up: a number, or CANDIDATE=number where there are periods."),
    ] = None,
    worst_group: Annotated[
        float | None,
        typer.Option(help="Largest share left without shelter among people of any one area of origin."),
    ] = None,
    choices: Annotated[int, typer.Option(help="Plans to choose, try and write.")] = 3,
    candidates: Annotated[str, typer.Option(help="places, grid, or a GeoJSON file of polygons.")] = "places",
    grid_degrees: Annotated[float, typer.Option(help="Step of the grid, degrees.")] = 0.5,
    hazards: Annotated[
        Path | None, typer.Option(help="GeoJSON file of polygons of the kinds flood, mines, military.")
    ] = None,
    terms: Annotated[str, typer.Option(help="Plan whose terms and protection the proposals take over.")] = "",
    consent: Annotated[
        list[str] | None,
        typer.Option(help="What a party is taken to say: ACTOR=yes, ACTOR=no or ACTOR=yes:YYYY-MM-DD."),
    ] = None,
    withdraws: Annotated[
        list[str] | None, typer.Option(help="A party whose withdrawal is tried in scenarios of its own.")
    ] = None,
    reach_km: Annotated[float, typer.Option(help="Farthest most people go, km.")] = 150.0,
    hard_reach_km: Annotated[
        float, typer.Option(help="Farthest people go for whom travel is hard, km.")
    ] = 50.0,
    front_km: Annotated[
        float, typer.Option(help="Distance kept from districts with recent fighting, km.")
    ] = 10.0,
    border_km: Annotated[float, typer.Option(help="Distance kept from borders, km.")] = 5.0,
    military_km: Annotated[float, typer.Option(help="Distance kept from military objects, km.")] = 5.0,
    nearest_km: Annotated[float, typer.Option(help="Least distance between two zones, km.")] = 0.0,
    farthest_km: Annotated[float, typer.Option(help="Most distance between two zones, km.")] = math.inf,
    least_use: Annotated[float, typer.Option(help="Least share of a zone's room that is used.")] = 0.0,
    members: Annotated[int, typer.Option(help="Draws of everything uncertain.")] = 20,
    seed: Seed = 1,
    seconds: Annotated[
        float, typer.Option(help="Most time for one search; a search it ends says so.")
    ] = 20.0,
    workers: Workers = 0,
    runs: Runs = Path("runs"),
    out: Annotated[Path | None, typer.Option(help="Folder for the plans, such as plans of a case.")] = None,
    report: Annotated[Path | None, typer.Option(help="Folder of a report that compares them.")] = None,
    audience: Audience = "public",
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Search where zones could go and how big, say what each consent would be worth, and try it with people who choose.

    Example: asylia site syria-2017 --zones 1..8 --budget 400000000 --choices 3 --report report
    """
    with told_as_json(as_json):
        check_audience(audience)
        read = check_case(find_case(case))
        fewest, most = _zones(zones)
        limits = Limits(
            fewest_zones=fewest, most_zones=most, nearest_km=nearest_km, farthest_km=farthest_km, least_use=least_use,
        )  # fmt: skip
        limits, periods = site_time.with_money(limits, budget, periods, worst_group)
        days, days_of = site_time.lead_days(lead_days or [], periods)
        _check(
            {
                "choices": (choices, 1, 20), "members": (members, 1, 10_000), "seconds": (seconds, 0.1, 1e6),
                "grid-degrees": (grid_degrees, 0.02, 10),
                "least-use": (least_use, 0, 1), "reach-km": (reach_km, 0, 1e5), "front-km": (front_km, 0, 1e5),
                "hard-reach-km": (hard_reach_km, 0, 1e5), "border-km": (border_km, 0, 1e5),
                "military-km": (military_km, 0, 1e5), "nearest-km": (nearest_km, 0, 1e5),
            }
        )  # fmt: skip
        if out is not None:
            refuse_taken(out, [f"site-{number}" for number in range(1, choices + 1)])
        keep = Keep(front_km=front_km, border_km=border_km, military_km=military_km)
        question = Question(
            members=members, seed=seed, keep=keep, terms_of=terms, reach_km=reach_km, hard_reach_km=hard_reach_km,
            consents=_consents(read, consent or []), withdraws=_parties(read, withdraws or []),
            periods=periods, lead_days=days, lead_of=days_of,
        )  # fmt: skip
        question = _with_candidates(question, candidates, grid_degrees, hazards)
        effort = Effort(gap=GAP, seconds=seconds)
        with progress_bar("Searching") as progress:
            found = search_zones(read, question, limits, choices=choices, effort=effort, tell=progress)
        files = write_plans(found.plans, out) if out is not None and found.plans else []
        page = None
        if report is not None:
            page = _report(read, found, report, audience, runs=runs, workers=workers)
    show(tables_of(read, found), read, files, page, as_json=as_json)


def _zones(text: str) -> tuple[int, int]:
    """Read a number of zones, or least and most."""
    first, dots, last = text.partition("..")
    numbers = (first, last) if dots else ("0", first)
    if (
        not all(number.strip().isdecimal() for number in numbers)
        or not 0 <= int(numbers[0]) <= int(numbers[1]) <= MOST_ZONES
    ):
        _refuse(
            "zones", text, f"is a number, or least and most as 2..5, up to {MOST_ZONES}", "For example 1..5."
        )
    return int(numbers[0]), int(numbers[1])


def _check(given: Mapping[str, tuple[float, float, float]]) -> None:
    """Raise `PlanError` for every number out of its range."""
    problems = [
        Problem(file="the command", column=name, value=f"{value:g}", must=f"is from {low:g} to {high:g}",
                mend="Choose a number in that range.")
        for name, (value, low, high) in given.items()
        if not low <= value <= high
    ]  # fmt: skip
    if problems:
        raise PlanError(problems)


def _consents(case: Case, words: Sequence[str]) -> dict[str, tuple[str, dt.date | None]]:
    """Read ACTOR=yes, ACTOR=no or ACTOR=yes:DATE."""
    found: dict[str, tuple[str, dt.date | None]] = {}
    for word in words:
        actor, _, said = word.rpartition("=")
        answer, _, until = said.partition(":")
        must, mend = "is ACTOR=yes, ACTOR=no or ACTOR=yes:YYYY-MM-DD", "For example sdf=yes:2017-12-31."
        if answer not in ANSWERS or (answer == "no" and until):
            _refuse("consent", word, must, mend)
        try:
            found[_party(case, actor, "consent")] = (
                ANSWERS[answer],
                dt.date.fromisoformat(until) if until else None,
            )
        except ValueError:
            _refuse("consent", word, must, mend)
    return found


def _parties(case: Case, words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_party(case, word, "withdraws") for word in words))


def _party(case: Case, name: str, option: str) -> str:
    known = sorted({*(actor.id for actor in case.actors), *case.places["controller"].drop_nulls().to_list()})
    if name not in known:
        mend = nearest(name, known) or f"Known: {', '.join(known) or 'none'}."
        _refuse(option, name, "names an actor of the case", mend)
    return name


def _with_candidates(question: Question, words: str, degrees: float, hazards: Path | None) -> Question:
    """Add candidates and hazards from files."""
    areas = read_areas(hazards)[1] if hazards is not None else {}
    if words == "places":
        return replace(question, hazards=areas)
    if words == "grid":
        return replace(question, hazards=areas, places=False, grid_degrees=degrees)
    if not Path(words).is_file():
        _refuse("candidates", words, "is places, grid or a file of polygons", "Check the name of the file.")
    polygons, own = read_areas(Path(words))
    both = {kind: (*areas.get(kind, ()), *own.get(kind, ())) for kind in (*areas, *own)}
    return replace(question, places=False, polygons=polygons, hazards=both)


def _refuse(column: str, value: str, must: str, mend: str) -> NoReturn:
    raise PlanError([Problem(file="the command", column=column, value=value, must=must, mend=mend)])


def _report(case: Case, found: Sited, folder: Path, audience: str, *, runs: Path, workers: int) -> Path:
    """Compare the plans found with those of the case and no zone, and write the report with what was searched."""
    question = found.search.question
    own = [plan for plan in case.plans if plan.id not in {one.id for one in found.plans}]
    with progress_bar() as progress:
        findings = run_study(
            case, members=question.members, days=7 * found.search.weeks[-1], seed=question.seed, plans=[*own, *found.plans],
            workers=workers or os.cpu_count() or 1, runs=runs, progress=progress,
        )  # fmt: skip
    manifest = {**findings.manifest, "command": _command(case, found)}
    complete = replace(findings, siting=tables_of(case, found), manifest=manifest)
    return write(complete, folder, audience, hxl=False)


def _command(case: Case, found: Sited) -> str:
    """Write the command that makes the report again; options for files and distances are the user's to add."""
    question, limits = found.search.question, found.limits
    words = ["asylia", "site", case.id, "--zones", f"{limits.fewest_zones}..{limits.most_zones}"]
    words += site_time.words_of(question, limits)
    if question.terms_of:
        words += ["--terms", question.terms_of]
    words += [
        "--choices",
        str(max(len(found.taken), 1)),
        "--members",
        str(question.members),
        "--seed",
        str(question.seed),
    ]
    return " ".join(words)
