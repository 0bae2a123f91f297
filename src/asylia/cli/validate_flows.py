"""`asylia validate flows`: where people from one place go, and how many, months ahead, as tables or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from asylia.cli.compare import Json, Seed
from asylia.cli.problems import told_as_json
from asylia.core.errors import PlanError, Problem
from asylia.io.flows import FlowTable, positions_in_events, read_flows, read_positions
from asylia.io.movements import read_points
from asylia.move.forecast.flow_signs import Flows
from asylia.move.forecast.monthly import YEAR
from asylia.study.flow_inputs import known_flows
from asylia.study.flows import OURS, FlowScore, score_flows
from asylia.study.outflow import SHORTEST

DIGITS = 6
WORDS = {
    "last_month": "last month",
    "last_year": "last year",
    "whole_past": "whole past",
    "pooled": "all origins",
    "stay": "stay",
    "gravity": "gravity",
    "middle_of_year": "year, middle",
    "median_of_year": "year, median",
}


def flows(
    table: Annotated[
        Path,
        typer.Argument(
            metavar="FLOWS",
            help="Table with month, origin, destination and people, and reason if there is one; .csv or .csv.gz.",
        ),
    ],
    events: Annotated[
        Path | None, typer.Argument(metavar="[EVENTS]", help="Lethal events as UCDP publishes them.")
    ] = None,
    reason: Annotated[
        list[str] | None,
        typer.Option(help="Reason to count, may be repeated; those of violence if not given."),
    ] = None,
    places: Annotated[
        Path | None,
        typer.Option(help="Table with name, lat and lon of places; without it, events that name their area."),
    ] = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Score forecasts of where people from one place go 1, 3 and 6 months ahead, from a rolling origin.

    Only months up to the origin are used, and weights are fitted anew on them at each. Split: error of shares, added up over
    destinations, 0 is exact and 2 is all wrong. Counts: CRPS as a share of the people displaced.

    Example: asylia validate flows flows.csv.gz --reason insecurity
    """
    with told_as_json(as_json):
        found = read_flows(table, reasons=reason or [])
        _check(found, table)
        known = _known(found, events, places)
    scores = score_flows(known, seed=seed)
    if as_json:
        typer.echo(json.dumps(_as_json(scores, found, known), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        typer.echo("\n".join(_text(scores, found, known)))


def _check(found: FlowTable, path: Path) -> None:
    months = np.flatnonzero(found.people.sum(axis=(1, 2)))
    if not len(months) or len(found.people) < SHORTEST or months[-1] < SHORTEST - 1:
        must = f"holds at least {SHORTEST} months, so that a forecast has a year behind it and can be scored"
        raise PlanError([Problem(file=path.name, must=must, mend="Add earlier months.")])


def _known(found: FlowTable, events: Path | None, places: Path | None) -> Flows:
    positions = None
    if places is not None:
        positions = read_positions(places, found.places)
    elif events is not None:
        first_scored = found.first.year * 12 + found.first.month - 1 + YEAR
        before = date(first_scored // 12, first_scored % 12 + 1, 1)
        positions = positions_in_events(events, found.places, before)
    return known_flows(found, positions, None if events is None else read_points(events))


def _as_json(scores: Sequence[FlowScore], found: FlowTable, known: Flows) -> Mapping[str, Any]:
    return {
        "horizons": {
            str(score.ahead): {**_rounded(asdict(score)), "skill": _skill(score.difference)}
            for score in scores
        },
        "places": len(found.places),
        "places_with_position": _placed(known),
        "months": len(found.people),
        "months_with_events": len(known.events),
        "first": found.first.isoformat(),
        "reasons": list(found.reasons),
        "people": int(found.people.sum()),
        "people_for_other_reasons": int(found.others.sum()),
        "blanks_counted_as_0": found.blanks,
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _rounded(one) for name, one in value.items() if name != "ahead"}
    if isinstance(value, tuple):
        return [round(one, DIGITS) for one in value]
    return round(value, DIGITS) if isinstance(value, float) else value


def _skill(difference: tuple[float, float, float]) -> bool:
    return difference[2] < 0


def _placed(known: Flows) -> int:
    return int(np.isfinite(known.positions).all(axis=1).sum())


def _text(scores: Sequence[FlowScore], found: FlowTable, known: Flows) -> Iterator[str]:
    yield "Where they go, the number who leave given: error of shares"
    yield from _table(scores, "split", "best", "difference")
    yield ""
    yield "People by pair of places, the number who leave forecast too: CRPS as a share of the people"
    yield from _table(scores, "counts", "best_count", "difference_count")
    yield ""
    yield f"{'months':>6}{'log score':>11}{'best rule':>11}{'pairs in range':>16}{'counts in range':>17}{'arrivals':>10}"
    for one in scores:
        log = min(value for name, value in one.log_score.items() if name != OURS)
        yield (
            f"{one.ahead:6}{one.log_score[OURS]:11.3f}{log:11.3f}{one.held * 100:14.0f} %"
            f"{one.held_counts * 100:15.0f} %{one.held_arrivals * 100:8.0f} %"
        )
    yield ""
    yield from _notes(found, known)


def _table(scores: Sequence[FlowScore], part: str, best: str, difference: str) -> Iterator[str]:
    names = [name for name in getattr(scores[0], part) if name != OURS]
    heads = "".join(f"{WORDS[name]:>14}" for name in names)
    yield f"{'months':>6}{'ours':>8}{heads}{'better':>9}{'95 % interval':>19}"
    for one in scores:
        values = getattr(one, part)
        _, low, high = getattr(one, difference)
        gain = (1 - values[OURS] / values[getattr(one, best)]) * 100 if values[getattr(one, best)] else 0.0
        told = "" if _skill(getattr(one, difference)) else "  no skill shown here"
        rest = "".join(f"{values[name]:14.3f}" for name in names)
        yield f"{one.ahead:6}{values[OURS]:8.3f}{rest}{gain:7.1f} %{low:10.3f} to{high:6.3f}{told}"


def _notes(found: FlowTable, known: Flows) -> Iterator[str]:
    reasons = ", ".join(found.reasons) or "all; the file has no column of reasons"
    yield f"Better: than the best of the rules without a model, chosen knowing what came. Reasons counted: {reasons}."
    yield "In range: share of pairs and of destinations, expected to get people, inside their 90 % range."
    yield (
        f"{_placed(known)} of {len(found.places)} places have a position; events reach {len(known.events)} of "
        f"{len(found.people)} months. {found.blanks:,} blanks were counted as nobody."
    )
    yield "That people go to a place does not mean that they will be out of danger there."
