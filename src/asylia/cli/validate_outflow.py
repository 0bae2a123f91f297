"""`asylia validate outflow`: people newly displaced by area, months ahead, as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from asylia.cli.compare import Json, Seed
from asylia.cli.problems import tell_notes, told_as_json
from asylia.core.errors import CaseError, PlanError, Problem
from asylia.io.folder import find_case, read_case
from asylia.io.movements import DISPLACED, RETURNED, Movements, read_movements, read_points
from asylia.study.outflow import SHORTEST, OutflowScore, events_by_area, score_outflow

DIGITS = 6
USUAL_CASE = "syria-2017"
WITHOUT = "so no event was used: the months of the people alone are. Name a case of that country with --case."
WORDS = {
    "last_year": "the last twelve months",
    "last_value": "the last month",
    "median_year": "the twelve-month median",
}
RETURN_WORDS = (
    "A return is counted where people arrive, and only by those who count: it does not say that they chose it, that they could stay,",
    "or that the place is out of danger. Quiet is not safety, and a forecast of returns is no advice to return.",
)


def outflow(
    movements: Annotated[
        Path,
        typer.Argument(
            metavar="MOVEMENTS", help="Table with date, admin1 and idps, one row an area and month."
        ),
    ],
    events: Annotated[
        Path, typer.Argument(metavar="EVENTS", help="Lethal events as UCDP publishes them, .csv or .csv.gz.")
    ],
    case: Annotated[
        str, typer.Option(help="Case whose towns say how far an event lies from an area.")
    ] = "syria-2017",
    returns: Annotated[
        bool, typer.Option("--returns", help="Score people who return, from the column returnees, instead.")
    ] = False,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Score forecasts of people newly displaced by area 1, 3 and 6 months ahead, from a rolling origin.

    Only months and events up to the origin are used. CRPS as a share of the people displaced: 0 is exact. With --returns, of people
    who return.

    Example: asylia validate outflow movements.csv events.csv.gz
    """
    with told_as_json(as_json):
        table = read_movements(movements, RETURNED if returns else DISPLACED)
        _check(table, movements)
        opened = read_case(find_case(case))
        counts = events_by_area(table, read_points(events), opened)
        elsewhere = case == USUAL_CASE and not set(opened.places["admin1"]) & set(table.areas)
        if not (counts.size or elsewhere):
            raise CaseError([_no_events(events)])
    if elsewhere:
        tell_notes([f"{case} has no town in these areas, {WITHOUT}"])
    scores = score_outflow(table, counts, seed=seed)
    if as_json:
        typer.echo(
            json.dumps(_as_json(scores, table, len(counts)), indent=2, ensure_ascii=False, allow_nan=False)
        )
    else:
        typer.echo(_text(scores, table, len(counts), "returning" if returns else "displaced"))


def _check(table: Movements, path: Path) -> None:
    if len(table.people) < SHORTEST:
        must = f"holds at least {SHORTEST} months, so that a forecast has a year behind it and can be scored"
        raise PlanError([Problem(file=path.name, must=must, mend="Add earlier months.")])


def _no_events(path: Path) -> Problem:
    must = "holds an event in the months of the movements, in an area that has a town in the case"
    return Problem(file=path.name, must=must, mend="Name another file, or another case with --case.")


def _as_json(scores: Sequence[OutflowScore], table: Movements, months: int) -> dict[str, object]:
    return {
        "horizons": {str(score.ahead): _rounded(score) for score in scores},
        "areas": list(table.areas),
        "first": table.first.isoformat(),
        "months": len(table.people),
        "months_with_events": months,
        "blanks_counted_as_0": table.blanks,
    }


def _rounded(score: OutflowScore) -> dict[str, object]:
    found = {name: _part(value) for name, value in asdict(score).items() if name != "ahead"}
    return {**found, "skill": score.difference_best[2] < 0}


def _part(value: object) -> object:
    if isinstance(value, tuple):
        return [round(part, DIGITS) for part in value]
    return round(value, DIGITS) if isinstance(value, float) else value


def _text(scores: Sequence[OutflowScore], table: Movements, months: int, whom: str) -> str:
    lines = [
        f"{'months':>6}{'ours':>8}{'year':>8}{'better':>8}{'95 % interval':>19}{'in range':>10}{'last':>8}{'median':>8}"
    ]
    for one in scores:
        _, low, high = one.difference
        gain = (1 - one.asylia / one.last_year) * 100 if one.last_year else 0.0
        lines.append(
            f"{one.ahead:6}{one.asylia:8.3f}{one.last_year:8.3f}{gain:6.1f} %{low:10.3f} to{high:6.3f}"
            f"{one.held * 100:8.0f} %{one.last_value:8.3f}{one.median_year:8.3f}"
        )
    return "\n".join(
        [
            *lines,
            "",
            f"CRPS as a share of the people {whom}: ours and draws from the last twelve months; the interval is of their",
            "difference. Last month and twelve-month median are point forecasts: absolute error as the same share.",
            *_against_best(scores),
            f"{table.blanks:,} blanks were counted as nobody {whom}. Events reach {months} of {len(table.people)} months.",
            *(RETURN_WORDS if whom == "returning" else ()),
        ]
    )


def _against_best(scores: Sequence[OutflowScore]) -> Iterator[str]:
    """Say what the best rule without a model changes, where it is not the year, or where no skill is shown."""
    for one in scores:
        gap, low, high = one.difference_best
        told = "" if high < 0 else " No skill is shown here."
        if one.best != "last_year" or told:
            yield f"{one.ahead} months ahead, {WORDS[one.best]} does best without a model: ours less it is {gap:.3f} ({low:.3f} to {high:.3f}).{told}"
