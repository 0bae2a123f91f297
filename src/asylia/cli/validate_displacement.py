"""`asylia validate displacement`: rules of displacement against recorded conflicts, as a table or as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from asylia.cli.compare import Json, Seed, Workers
from asylia.cli.problems import CONTROL, tell_notes, told_as_json
from asylia.cli.show import progress_bar
from asylia.core.errors import PlanError, Problem
from asylia.study.apart import scores_apart, told_apart
from asylia.study.displacement import Score, score_displacement
from asylia.study.displacement_files import table_rows, write_scores
from asylia.study.displacement_inputs import Source, doubts_of, read_sources
from asylia.study.displacement_rules import FORECASTS, Choice, check_choice, members_of
from asylia.study.displacement_words import mean_naive, notes
from asylia.study.skill import pool_name, skill_of

DIGITS = 6
HEADS = ("ours", "normal", "equal", "capacity", "gravity", "day 30", "last", "range")
LEGEND = (
    "Averaged relative difference: ours, rescaled and normal, then rules without a model (rescaled): equal split, capacity "
    "split, static gravity, shares of day 30, last report. Lowest in bold. Range: recorded camp-days inside ours of 90 %."
)


class Switch(StrEnum):
    """Whether something is used."""

    ON = "on"
    OFF = "off"


def displacement(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="FOLDER", help="Folders of recorded conflicts, each with input_csv and source_data."
        ),
    ],
    rules: Annotated[
        str,
        typer.Option(
            help="flee, the published rules; asylia, ours, fitted without the conflict that is scored."
        ),
    ] = "flee",
    quirks: Annotated[
        bool, typer.Option("--quirks", help="Repeat the errors of the published program.")
    ] = False,
    capacities: Annotated[
        Switch,
        typer.Option(
            help="Whether camps fill up. Off is the honest score: most capacities were set from the answers."
        ),
    ] = Switch.OFF,
    settings: Annotated[
        Path | None,
        typer.Option(
            help="A simsetting.yml for all folders; without it the one in a folder, or else beside it."
        ),
    ] = None,
    members: Annotated[
        int | None,
        typer.Option(
            help="Draws: 20 runs whose scores are averaged, or of asylia 400 that make one forecast."
        ),
    ] = None,
    assimilate_days: Annotated[
        int, typer.Option(help="Take in the counts up to this day, then only each day's total.")
    ] = 0,
    seed: Seed = 1,
    out: Annotated[
        Path | None, typer.Option(help="Folder for a page, and the numbers and a chart of each conflict.")
    ] = None,
    workers: Workers = 0,
    as_json: Json = False,
) -> None:
    """Score rules of displacement on recorded conflicts, beside rules that use no model.

    The daily total is known; the split over the camps is what is scored. 0 is exact, the rescaled score ends at 2.

    Example: asylia validate displacement burundi2015 mali2012 --capacities off
    """
    choice = Choice(
        rules=rules,
        capacities=capacities is Switch.ON,
        quirks=quirks,
        members=members_of(rules) if members is None else members,
        seed=seed,
        assimilate_days=assimilate_days,
    )
    with told_as_json(as_json):
        check_choice(choice)
        _check_out(out)
        sources = read_sources(folders, settings)
    tell_notes(doubts_of(sources))
    with progress_bar("Running conflicts") as progress:
        scores = score_displacement(
            [source.replay for source in sources],
            choice,
            workers=workers or os.cpu_count() or 1,
            progress=progress,
        )
    skill = _skill_in_words(sources, choice) + [
        told_apart(source.replay, score.worst) for source, score in zip(sources, scores, strict=True)
    ]
    page = write_scores(scores, choice, out, skill) if out is not None else None
    if as_json:
        result = _as_json(scores, sources, choice)
        typer.echo(json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        _show(scores, choice, page)
        for sentence in skill:
            typer.echo(CONTROL.sub("\ufffd", sentence))


def _check_out(out: Path | None) -> None:
    """Refuse a folder that is a file before anything is run."""
    if out is not None and out.exists() and not out.is_dir():
        must = "is a folder, or nothing yet"
        raise PlanError(
            [
                Problem(
                    file="the command", column="out", value=str(out), must=must, mend="Name another folder."
                )
            ]
        )


def _show(scores: Sequence[Score], choice: Choice, page: Path | None) -> None:
    console = Console(highlight=False)
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("conflict", no_wrap=True)
    for head in HEADS:
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("worst camp", overflow="fold")
    rows = table_rows(scores)
    for number, (cells, best) in enumerate(rows):
        last_case = len(scores) > 1 and number == len(rows) - 2
        shown = [
            f"[bold]{_plain(cell)}[/bold]" if k == best else _plain(cell) for k, cell in enumerate(cells)
        ]
        table.add_row(*shown, end_section=last_case)
    console.print(table)
    console.print(f"[dim]{LEGEND}[/dim]\n")
    for sentence in notes(scores, choice):
        console.print(_plain(sentence))
    if page is not None:
        console.print(f"Charts and numbers: {_plain(str(page))}", soft_wrap=True)


def _skill_in_words(sources: Sequence[Source], choice: Choice) -> list[str]:
    """Say of conflicts that are not of the pool how far the rules were tried on their like."""
    if choice.rules not in FORECASTS:
        return []
    unknown = [source.replay for source in sources if not pool_name(source.replay)]
    return [f"{replay.id}: {' '.join(skill_of(replay).sentences)}" for replay in unknown]


def _plain(text: str) -> str:
    """Keep a user's names from steering the terminal or rich."""
    return CONTROL.sub("\ufffd", text).replace("[", r"\[")


def _as_json(scores: Sequence[Score], sources: Sequence[Source], choice: Choice) -> Mapping[str, object]:
    return {
        "cases": [
            _case(score, source) | _skill(source, choice)
            for score, source in zip(scores, sources, strict=True)
        ],
        "mean": _mean(scores),
        "rules": choice.rules,
        "quirks": choice.quirks,
        "capacities": "on" if choice.capacities else "off",
        "members": choice.members,
        "seed": choice.seed,
        "assimilate_days": choice.assimilate_days,
        "notes": notes(scores, choice),
    }


def _case(score: Score, source: Source) -> dict[str, object]:
    naive = {name: round(value, DIGITS) for name, value in score.naive.items()}
    persistence = naive.pop("persistence")
    return {
        "case": score.case,
        "ard": round(score.ard, DIGITS),
        "ard_rescaled": round(score.ard_rescaled, DIGITS),
        "interval_coverage_90": round(score.interval_coverage_90, DIGITS),
        "naive": naive,
        "seconds": round(score.seconds, 3),
        "persistence": persistence,
        "ard_middle": round(score.ard_middle, DIGITS),
        "ard_rescaled_middle": round(score.ard_rescaled_middle, DIGITS),
        "ard_rescaled_90": [round(score.ard_rescaled_low, DIGITS), round(score.ard_rescaled_high, DIGITS)],
        "interval_width_90": round(score.interval_width_90, DIGITS),
        "first": score.first.isoformat(),
        "days": score.days,
        "people": score.people,
        "camps": [
            {
                "camp": camp.camp,
                "error": round(camp.error, DIGITS),
                "observed": round(camp.observed, 1),
                "ours": round(camp.ours, 1),
            }
            for camp in score.worst
        ],
        "apart": {
            kind: {name: round(value, DIGITS) for name, value in own.items()}
            for kind, own in scores_apart(source.replay, score.worst).items()
        },
        "camps_left_out": list(score.left_out),
        "inputs": {
            "folder": str(source.folder),
            "settings": source.settings or "published defaults",
            "counts": list(source.reports),
            "notes": list(source.notes),
        },
    }


def _skill(source: Source, choice: Choice) -> dict[str, object]:
    """Say where fitted rules were validated, how they did there, and what of this conflict lies outside of that."""
    if choice.rules not in FORECASTS:
        return {}
    skill = skill_of(source.replay)
    return {
        "validated_on": list(skill.validated_on),
        "skill_there": {name: round(value, DIGITS) for name, value in skill.here.items()},
        "outside_its_range": list(skill.outside),
    }


def _mean(scores: Sequence[Score]) -> Mapping[str, object]:
    naive = {name: round(value, DIGITS) for name, value in mean_naive(scores).items()}
    persistence = naive.pop("persistence")
    return {
        "ard": round(fmean(score.ard for score in scores), DIGITS),
        "ard_rescaled": round(fmean(score.ard_rescaled for score in scores), DIGITS),
        "interval_coverage_90": round(fmean(score.interval_coverage_90 for score in scores), DIGITS),
        "naive": naive,
        "persistence": persistence,
        "seconds": round(fmean(score.seconds for score in scores), 3),
    }
