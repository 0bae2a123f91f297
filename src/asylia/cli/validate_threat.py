"""`asylia validate threat`: forecasts of lethal events held against what came, as a table or as JSON."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from asylia.cli.compare import Json
from asylia.cli.json_text import json_text
from asylia.cli.problems import CONTROL, told_as_json
from asylia.core.errors import CaseError, Problem
from asylia.io.ged_units import Unit
from asylia.study.threat_summary import COMPARED, pooled, summary
from asylia.study.threat_war import read_war
from asylia.study.validate_threat import MOST, score_war

Day = Annotated[
    str | None, typer.Option(metavar="DATE", help="Origins from this day on, such as 1993-04-05.")
]


def threat(
    events: Annotated[
        list[Path], typer.Argument(metavar="EVENTS", help="UCDP GED files, .csv or .csv.gz, one war each.")
    ],
    unit: Annotated[
        str,
        typer.Option(metavar="UNIT", help="district, cell (0.25 degrees), or auto: what the file allows."),
    ] = "auto",
    first: Day = None,
    last: Annotated[str | None, typer.Option(metavar="DATE", help="Origins up to this day.")] = None,
    origins: Annotated[
        int, typer.Option(min=1, help="Most origins, the last ones, four weeks apart.")
    ] = MOST,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws.")] = 0,
    as_json: Json = False,
) -> None:
    """Hold forecasts of lethal events against what came, beside four that use no model.

    Each forecast knows only the weeks before it. Lessons of other wars leave out those on the same ground.

    Example: asylia validate threat ged_bosnia.csv.gz --json
    """
    began = perf_counter()
    scores = []
    with told_as_json(as_json):
        chosen = _unit(unit)
        days = [_day(text, name) for text, name in ((first, "--first"), (last, "--last"))]
        for path in events:
            war = read_war(path, chosen)
            one = score_war(war, most=origins, first=days[0], last=days[1], seed=seed)
            _check_origins(path, len(one.origins))
            scores.append(one)
            if not as_json:
                typer.echo(CONTROL.sub("\ufffd", _text(summary(scores[-1]))))
    seconds = round(perf_counter() - began, 1)
    if as_json:
        told = {"seconds": seconds, "wars": [summary(one) for one in scores], "pooled": pooled(scores)}
        typer.echo(json_text(told))
    elif len(scores) > 1:
        typer.echo(_pooled_text(pooled(scores)))


def _check_origins(path: Path, origins: int) -> None:
    if not origins:
        must = "leaves at least one origin with half a year before it and 4 weeks after it"
        mend = "Take an earlier --first or a later --last."
        raise CaseError([Problem(file=path.name, must=must, mend=mend)])


def _unit(unit: str) -> Unit | None:
    if unit == "auto":
        return None
    if unit == "district":
        return "district"
    if unit == "cell":
        return "cell"
    must = "is district, cell or auto"
    raise CaseError(
        [Problem(file="--unit", value=unit, must=must, mend="Leave it out for what the file allows.")]
    )


def _day(text: str | None, option: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        must = "is a date written year-month-day"
        raise CaseError(
            [Problem(file=option, value=text or "", must=must, mend="Write it as 1993-04-05.")]
        ) from error


def _text(one: dict[str, Any]) -> str:
    where = (
        f"{one['places']} places ({one['unit']}), {one['events']:,} events, {one['not_placed']:,} not placed"
    )
    lines = [
        f"{one['name']}: {where}, {one['origins']} origins, {one['first_origin']} to {one['last_origin']}"
    ]
    lines += [f"  Note: {note}" for note in one["notes"]]
    for weeks, told in one["horizons"].items():
        lines.append(
            f"  {weeks} weeks      CRPS  bits  Brier  deaths   CRPS of ours against it [95 % interval]"
        )
        for name, scores in told["scores"].items():
            lines.append(_row(name, scores, told["difference"].get(name)))
        lines.append(_calibration(told))
    return "\n".join(lines)


def _row(name: str, scores: dict[str, float], away: dict[str, Any] | None) -> str:
    figures = f"{scores['crps']:9.4f}{scores['ignorance']:6.2f}{scores['brier_any']:7.3f}{scores['brier_deaths']:8.3f}"
    if away is None:
        return f"  {name:13}{figures}"
    crps = away["crps"]
    return f"  {name:13}{figures}   {away['relative']:+.1%} ({crps['mean']:+.4f} [{crps['low']:+.4f}, {crps['high']:+.4f}])"


def _calibration(told: dict[str, Any]) -> str:
    bins = ", ".join(
        f"{one['said']:.2f}/{one['happened']:.2f} ({one['forecasts']:,})" for one in told["reliability"]
    )
    coverage = told["coverage_90"]
    covered = (
        "no active place"
        if coverage is None
        else f"{coverage:.3f} of {told['active']:,} active, {told['coverage_90_as_drawn']:.3f} as drawn"
    )
    together = f"all places together {told['coverage_90_of_all_places_together']:.2f}"
    met = [f"{name.replace('_', ' ')}: {_WORDS[done]}" for name, done in told["goals"].items()]
    return f"  90 % range holds {covered}, {together}; any event, said/happened (forecasts): {bins}\n  {'; '.join(met)}"


_WORDS = {True: "met", False: "not met", None: "not judged"}


def _pooled_text(told: dict[str, Any]) -> str:
    lines = []
    for weeks, one in told.items():
        for key, words in (("difference", "each war counting alike"), ("together", "all forecasts together")):
            away = ", ".join(_against(name, one[key][name]) for name in COMPARED)
            lines.append(f"{one['wars']} wars, {weeks} weeks, {words}: CRPS against {away}")
        lines.append(_calibration(one))
    return "\n".join(lines)


def _against(name: str, away: dict[str, float]) -> str:
    return f"{name} {away['relative']:+.1%} [{away['low']:+.1%}, {away['high']:+.1%}]"
