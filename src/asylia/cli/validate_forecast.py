"""`asylia validate forecast`: people in camps 30, 90 and 180 days ahead, as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from asylia.cli.compare import Json, Seed
from asylia.cli.problems import CONTROL, tell_notes, told_as_json
from asylia.cli.show import progress_bar
from asylia.core.errors import PlanError, Problem
from asylia.move.forecast.ahead import MOST_AHEAD, Fitted
from asylia.study.apart import errors_apart
from asylia.study.displacement_inputs import doubts_of, read_sources
from asylia.study.forecast import Asked, ForecastScore, HorizonScore, difference, score_forecasts
from asylia.study.forecast_file import learned_without, read_learned
from asylia.study.forecast_known import Past, pasts
from asylia.study.forecast_peer import peer_shares
from asylia.study.forecast_words import notes

DIGITS = 6
RULES = ("asylia", "persistence", "damped_trend", "frozen_shares", "peer")


def forecast(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="FOLDER", help="Folders of recorded conflicts, each with input_csv and source_data."
        ),
    ],
    horizons: Annotated[str, typer.Option(help="Days ahead, with commas.")] = "30,90,180",
    origin_every: Annotated[int, typer.Option(min=1, help="Days between origins; the first is day 30.")] = 15,
    rules: Annotated[str, typer.Option(help="asylia, the only rules that forecast.")] = "asylia",
    members: Annotated[int, typer.Option(min=20, max=1000, help="Draws of each forecast.")] = 200,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Score forecasts of people in camps from a rolling origin, with reports dated up to it alone.

    Rules were fitted on conflicts other than the one scored. 0 is exact: all camps' errors as a share of the people.

    Example: asylia validate forecast burundi2015 mali2012
    """
    with told_as_json(as_json):
        asked = Asked(horizons=horizons_of(horizons, rules), every=origin_every, members=members, seed=seed)
        sources = read_sources(folders)
    tell_notes(doubts_of(sources))
    learned = read_learned()
    pool = pasts([source.replay for source in sources])
    with progress_bar("Forecasting") as progress:
        scores = score_forecasts(
            pool,
            lambda past: learned_without(past, learned),
            asked,
            progress,
            lambda past: peer_shares(past, seed=seed),
        )
    if as_json:
        apart = {past.id: _apart(past, learned_without(past, learned)[0], asked) for past in pool}
        told = {**_as_json(scores, asked, apart), "doubts": doubts_of(sources)}
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        typer.echo(
            CONTROL.sub(lambda found: "\n" if found.group() == "\n" else "\ufffd", _text(scores, asked))
        )


def horizons_of(text: str, rules: str = "asylia") -> tuple[int, ...]:
    """Read days ahead from the command line; raises `PlanError` with every problem, of the rules too."""
    parts = [part.strip() for part in text.split(",")]
    good = all(
        part.isascii() and part.isdigit() and len(part) <= 6 and 1 <= int(part) <= MOST_AHEAD
        for part in parts
    )
    problems = []
    if not good:
        must = f"is whole numbers of days from 1 to {MOST_AHEAD}, with commas"
        problems.append(
            Problem(file="the command", column="horizons", value=text, must=must, mend="Write 30,90,180.")
        )
    if rules != "asylia":
        must, mend = "names rules that forecast", "Use --rules asylia."
        problems.append(Problem(file="the command", column="rules", value=rules, must=must, mend=mend))
    if problems:
        raise PlanError(problems)
    return tuple(dict.fromkeys(int(part) for part in parts))


def _apart(past: Past, fitted: Fitted, asked: Asked) -> Mapping[str, Any]:
    """Tell errors of refugees and of people displaced inside, each as a share of its own people."""
    return {
        kind: {
            str(days): {name: round(value, DIGITS) for name, value in own.items()}
            for days, own in found.items()
        }
        for kind, found in errors_apart(past, fitted, asked).items()
    }


def _as_json(
    scores: Sequence[ForecastScore], asked: Asked, apart: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, Any]:
    return {
        "cases": [
            {
                "case": score.case,
                "fitted_without_it": score.in_pool,
                "horizons": {str(days): _horizon(one) for days, one in score.horizons.items()},
                "apart": apart[score.case],
            }
            for score in scores
        ],
        "mean": {str(days): _mean(scores, days, asked) for days in asked.horizons if _has(scores, days)},
        "members": asked.members,
        "origin_every": asked.every,
        "seed": asked.seed,
        "notes": notes(scores, asked),
    }


def _horizon(one: HorizonScore) -> Mapping[str, Any]:
    found = {name: round(float(errors.mean()), DIGITS) for name, errors in one.errors.items()}
    return {
        **found,
        "coverage_90": round(float(one.held.mean()), DIGITS),
        "coverage_90_total": round(float(one.held_total.mean()), DIGITS),
        "width_90_total": round(float(np.median(one.width)), DIGITS),
        "origins": len(one.origins),
    }


def _mean(scores: Sequence[ForecastScore], days: int, asked: Asked) -> Mapping[str, Any]:
    own = [_horizon(score.horizons[days]) for score in scores if days in score.horizons]
    # a rule that could not run every conflict has no mean: it would be one of other conflicts
    names = [name for name in own[0] if all(name in row for row in own)]
    found = {name: round(float(np.mean([row[name] for row in own])), DIGITS) for name in names}
    found["origins"] = sum(row["origins"] for row in own)
    gaps = {
        rival: [round(value, DIGITS) for value in difference(scores, days, rival, seed=asked.seed)]
        for rival in RULES[1:]
        if rival in names
    }
    return {**found, "difference_95": gaps}


def _text(scores: Sequence[ForecastScore], asked: Asked) -> str:
    lines = [
        f"{'conflict':18}{'days':>5}{'ours':>8}{'last':>8}{'trend':>8}{'frozen':>8}{'peer':>8}{'camps in':>10}{'total in':>10}{'origins':>9}"
    ]
    for score in scores:
        lines += [_line(score.case, days, _horizon(one)) for days, one in score.horizons.items()]
    if len(scores) > 1:
        lines += [
            _line("mean", days, _mean(scores, days, asked)) for days in asked.horizons if _has(scores, days)
        ]
    return "\n".join([*lines, "", *notes(scores, asked)])


def _line(name: str, days: int, row: Mapping[str, Any]) -> str:
    errors = "".join(f"{row[rule]:8.3f}" if rule in row else f"{'-':>8}" for rule in RULES)
    held = f"{row['coverage_90'] * 100:8.0f} %{row['coverage_90_total'] * 100:8.0f} %"
    return f"{name[:17]:18}{days:5}{errors}{held}{row['origins']:9}"


def _has(scores: Sequence[ForecastScore], days: int) -> bool:
    return any(days in score.horizons for score in scores)
