"""`asylia validate refugees`: a series of people by place some days ahead, scored and forecast, as a table or as JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import typer

from asylia.cli.compare import Json, Seed
from asylia.cli.problems import CONTROL, told_as_json
from asylia.cli.validate_forecast import horizons_of
from asylia.core.errors import PlanError, Problem
from asylia.io.people_series import PeopleSeries, read_people_series
from asylia.study.forecast import ForecastScore, HorizonScore, difference
from asylia.study.series_forecast import SeriesForecaster, last_day, score_series
from asylia.study.series_pool import conflict_of, guide_by_income, learned_for
from asylia.study.series_words import RULES, notes

DIGITS: Final = 6
HEADS: Final = ("ours", "pool", "last", "trend", "frozen")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What is told of one file."""

    score: ForecastScore
    forecaster: SeriesForecaster
    horizons: tuple[int, ...]
    notes: tuple[str, ...]
    left_out: str


def refugees(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="Table with date, place (or country) and people, one row a report."
        ),
    ],
    horizons: Annotated[str, typer.Option(help="Days ahead, with commas.")] = "30,90,180",
    origin_every: Annotated[int, typer.Option(min=1, help="Days between origins.")] = 15,
    first_origin: Annotated[
        int, typer.Option(min=1, help="Day of the first origin; the first report is day 0.")
    ] = 30,
    country: Annotated[str, typer.Option("--from", help="Country that people left.")] = "",
    leave_out: Annotated[
        str,
        typer.Option(help="Conflict of the pool that this is a record of; found by its places if not given."),
    ] = "",
    members: Annotated[int, typer.Option(min=20, max=1000, help="Draws of each forecast.")] = 200,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Score and make forecasts of refugees by country, or people by any place, from their reports alone.

    Only reports up to each origin are used, as published. 0 is exact: all places' errors as a share of the people.

    Example: asylia validate refugees refugees_by_country.csv --from Syria
    """
    with told_as_json(as_json):
        wanted = horizons_of(horizons)
        series = read_people_series(file)
        _check(series, file, min(wanted), first_origin)
        conflict = conflict_of(series, country, leave_out)
    guide, unknown = guide_by_income(series, conflict)
    forecaster = SeriesForecaster(
        series=series,
        fitted=learned_for(conflict),
        guide=guide,
        every=origin_every,
        members=members,
        seed=seed,
    )
    score = score_series(forecaster, wanted, first_origin=first_origin, in_pool=conflict is not None)
    name = conflict.name if conflict else ""
    told = tuple(notes(score, wanted, name, unknown, series, seed))
    found = Found(score=score, forecaster=forecaster, horizons=wanted, notes=told, left_out=name)
    text = (
        json.dumps(_as_json(found), indent=2, ensure_ascii=False, allow_nan=False)
        if as_json
        else _text(found)
    )
    typer.echo(text if as_json else CONTROL.sub(_shown, text))


def _shown(found: Any) -> str:
    return "\n" if found.group() == "\n" else "\ufffd"


def _check(series: PeopleSeries, file: Path, shortest: int, first_origin: int) -> None:
    if last_day(series) < first_origin + shortest:
        must = f"reaches day {first_origin + shortest}, so that a forecast can be held against a report"
        mend = "Ask for fewer days with --horizons, or an earlier --first-origin."
        raise PlanError([Problem(file=file.name, must=must, mend=mend)])


def _as_json(found: Found) -> Mapping[str, Any]:
    series = found.forecaster.series
    return {
        "series": series.name,
        "first": series.first.isoformat(),
        "places": list(series.places),
        "blanks": series.blanks,
        "fitted_without": found.left_out or None,
        "horizons": {str(days): _horizon(found, one) for days, one in found.score.horizons.items()},
        "forecast": _ahead(found),
        "members": found.forecaster.members,
        "origin_every": found.forecaster.every,
        "seed": found.forecaster.seed,
        "notes": list(found.notes),
    }


def _horizon(found: Found, one: HorizonScore) -> Mapping[str, Any]:
    row: dict[str, Any] = {name: round(float(errors.mean()), DIGITS) for name, errors in one.errors.items()}
    row["coverage_90"] = round(float(one.held.mean()), DIGITS)
    row["coverage_90_total"] = round(float(one.held_total.mean()), DIGITS)
    row["width_90_total"] = round(float(np.median(one.width)), DIGITS)
    row["origins"] = len(one.origins)
    seed = found.forecaster.seed
    row["difference_95"] = {
        rival: [round(value, DIGITS) for value in difference([found.score], one.days, rival, seed=seed)]
        for rival in RULES[1:]
    }
    return row


def _ahead(found: Found) -> Mapping[str, Any]:
    """Tell what is forecast from the last report on."""
    series, day = found.forecaster.series, last_day(found.forecaster.series)
    rows = []
    for days in found.horizons:
        outlook = found.forecaster.outlook(day, days)
        date = (series.first + dt.timedelta(days=day + days)).isoformat()
        people = [
            {"place": place, "people": round(middle), "low": round(low), "high": round(high)}
            for place, middle, low, high in zip(
                series.places, outlook.people, outlook.low, outlook.high, strict=True
            )
        ]
        total = dict(zip(("people", "low", "high"), (round(value) for value in outlook.total), strict=True))
        rows.append({"days": days, "date": date, "places": people, "total": total})
    return {"origin": (series.first + dt.timedelta(days=day)).isoformat(), "ahead": rows}


def _text(found: Found) -> str:
    heads = "".join(f"{head:>8}" for head in HEADS)
    lines = [f"{'days':>4}{heads}{'places in':>11}{'total in':>10}{'origins':>9}"]
    for days, one in found.score.horizons.items():
        row = _horizon(found, one)
        errors = "".join(f"{row[name]:8.3f}" for name in RULES)
        held = f"{row['coverage_90'] * 100:9.0f} %{row['coverage_90_total'] * 100:8.0f} %"
        lines.append(f"{days:4}{errors}{held}{row['origins']:9}")
    ahead = _ahead(found)
    lines += ["", f"Forecast from {ahead['origin']}, people (90 % range)"]
    for part in ahead["ahead"]:
        rows = [*part["places"], {"place": "all", **part["total"]}]
        lines += [
            f"  {part['date']}  {row['place'][:24]:24}{row['people']:>13,}  ({row['low']:,} to {row['high']:,})"
            for row in rows
        ]
    return "\n".join([*lines, "", *found.notes])
