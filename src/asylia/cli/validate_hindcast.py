"""`asylia validate hindcast`: a case against what was recorded after it, as tables or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

import polars as pl
import typer

from asylia.cli.compare import AsOf, Json, Rules, Seed, day_of
from asylia.cli.plan_hindcast_text import as_plain, as_text
from asylia.cli.problems import CONTROL, told_as_json
from asylia.io.folder import find_case
from asylia.study.departure_rate import Range
from asylia.study.hindcast_whole import WholeHindcast, whole_hindcast
from asylia.study.hindcast_words import APART, GROUPS, REGISTER
from asylia.study.plan_hindcast import plan_hindcast

DIGITS: Final = 3
FEWEST: Final = 5
"""Members below which a 90 % range is no range."""


def hindcast(
    case: Annotated[str, typer.Argument(metavar="CASE", help="Case with a hindcast folder.")] = "syria-2017",
    plan: Annotated[str, typer.Option(help="A plan of the hindcast folder: hold its zones instead.")] = "",
    as_of: AsOf = "",
    draws: Annotated[
        int, typer.Option(min=100, max=20_000, help="With --plan: paths of fighting for its zones.")
    ] = 1000,
    members: Annotated[
        int, typer.Option(min=0, max=1000, help="Members of each run; with --plan, 0 leaves people out.")
    ] = 100,
    days: Annotated[
        int, typer.Option(min=30, max=1000, help="Days from the case's first day, without --plan.")
    ] = 365,
    rules: Rules = "",
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Hold a case against what was recorded after it: people displaced inside, returns and refugees, each apart.

    The forecast draws the fighting. With the fighting known, what is left is the error of the people's part alone.

    With --plan: what would have been foreseen of a later plan's zones. Knowledge then ends on the eve of its first day, or
    on the day of --as-of.

    Example: asylia validate hindcast syria-2017

    Example: asylia validate hindcast syria-2017 --plan astana-zones
    """
    if as_of and not plan:
        raise typer.BadParameter(
            "it goes with --plan: without one, the case's own day counts", param_hint="--as-of"
        )
    if rules and plan:
        raise typer.BadParameter(
            "it goes without --plan, which takes the case's choice", param_hint="--rules"
        )
    if not plan and members < FEWEST:
        raise typer.BadParameter(f"it must be {FEWEST} or more without --plan", param_hint="--members")
    with told_as_json(as_json):
        opened = find_case(case)
        if plan:
            zones = plan_hindcast(opened, plan, as_of=day_of(as_of), draws=draws, members=members, seed=seed)
            told, text = as_plain(zones), as_text(zones)
        else:
            whole = whole_hindcast(opened, members=members, days=days, seed=seed, rules=rules)
            told, text = _as_json(whole), "\n".join(_text(whole))
    if as_json:
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        typer.echo(CONTROL.sub(_shown, text))


def _shown(found: Any) -> str:
    return "\n" if found.group() == "\n" else "\ufffd"


def _as_json(found: WholeHindcast) -> dict[str, Any]:
    held = found.held()
    return {
        "case": found.case.id,
        "first": found.case.first.isoformat(),
        "displaced_inside": {
            "flows": _rows(found.flows),
            "stocks": _rows(found.stocks.filter(pl.col("people") == "displaced_inside")),
        },
        "refugees": {"stocks": _rows(found.stocks.filter(pl.col("people") == "refugees"))},
        "inside_90": {kind: list(counts) for kind, counts in held.items()},
        "departures_per_lethal_event": _rate(found),
        "members": found.settings.members,
        "days": found.settings.days,
        "rules": found.settings.movement.rules,
        "seed": found.settings.seed,
        "notes": [APART, REGISTER],
    }


def _rows(table: pl.DataFrame) -> list[Mapping[str, Any]]:
    dated = table.with_columns(pl.col(pl.Date).cast(pl.String))
    return [
        {name: round(value) if isinstance(value, float) else value for name, value in row.items()}
        for row in dated.iter_rows(named=True)
    ]


def _rate(found: WholeHindcast) -> Mapping[str, Any]:
    rate = found.rate
    return {
        "case": _three(rate.case),
        "why": rate.why,
        "a_month_like_these": _three(rate.month),
        "middle_month": _three(rate.median),
        "later_months_inside_case": list(rate.inside(rate.case)),
        "later_months_inside_a_month_like_these": list(rate.inside(rate.month)) if rate.month else None,
        "months": [
            {
                "month": row["month"].isoformat(),
                "known_to_the_case": not row["later"],
                "events": round(row["events"], DIGITS),
                "recorded": round(row["recorded"]),
                "per_event": None if row["per_event"] is None else round(row["per_event"], DIGITS),
            }
            for row in rate.months.iter_rows(named=True)
        ],
    }


def _three(bounds: Range | None) -> Mapping[str, float] | None:
    if bounds is None:
        return None
    return dict(zip(("low", "middle", "high"), (round(value, DIGITS) for value in bounds), strict=True))


def _text(found: WholeHindcast) -> Iterator[str]:
    held = found.held()
    for kind, table, spot in (
        ("newly_displaced", found.flows.filter(pl.col("measure") == "newly_displaced"), "month"),
        ("returned", found.flows.filter(pl.col("measure") == "returned"), "month"),
        ("displaced_inside", found.stocks.filter(pl.col("people") == "displaced_inside"), "date"),
        ("refugees", found.stocks.filter(pl.col("people") == "refugees"), "date"),
    ):
        yield f"{GROUPS[kind]}: {_count(held.get(kind))}"
        for row in table.iter_rows(named=True):
            yield _line(row, spot)
            if row.get("register_low") is not None:
                yield _register(row)
            if row["why"]:
                yield f"      {row['why']}"
        yield ""
    yield from _rate_text(found)
    yield from ("", APART, REGISTER)


def _count(counts: tuple[int, int] | None) -> str:
    return f"{counts[0]} of {counts[1]} inside the 90 % range" if counts else "nothing recorded in these days"


def _line(row: Mapping[str, Any], spot: str) -> str:
    when = f"{row[spot]:%Y-%m}" if spot == "month" else f"{row[spot]} {row['where']}"
    if row["inside"] is None:
        return f"  {when:32}{row['recorded']:>12,}"
    return (
        f"  {when:32}{row['recorded']:>12,}  forecast {row['forecast_middle']:,.0f} ({row['forecast_low']:,.0f} to "
        f"{row['forecast_high']:,.0f}), fighting known {row['known_middle']:,.0f} ({row['known_low']:,.0f} to "
        f"{row['known_high']:,.0f}){'' if row['inside'] else '  missed'}"
    )


def _register(row: Mapping[str, Any]) -> str:
    return (
        f"      from registers alone {row['register_middle']:,.0f} ({row['register_low']:,.0f} to {row['register_high']:,.0f})"
        f"{'' if row['inside_register'] else '  missed'}"
    )


def _rate_text(found: WholeHindcast) -> Iterator[str]:
    rate = found.rate
    yield f"People who leave home for each lethal event, drawn by the case: {_told(rate.case)}"
    yield f"  {rate.why}"
    if rate.month and rate.median:
        yield f"  From the months before the case: one more month {_told(rate.month)}, the middle month {_told(rate.median)}"
    for name, bounds in (("the case's range", rate.case), ("the range of one more month", rate.month)):
        if bounds is not None and rate.inside(bounds)[1]:
            inside, every = rate.inside(bounds)
            yield f"  Later months inside {name}: {inside} of {every}"
    for row in rate.months.filter("later").iter_rows(named=True):
        own = "no event" if row["per_event"] is None else f"{row['per_event']:,.0f} for each"
        yield f"  {row['month']:%Y-%m}  {row['recorded']:>10,.0f} people, {row['events']:>6,.0f} events, {own}"


def _told(bounds: Range) -> str:
    low, middle, high = bounds
    return f"{middle:,.0f} ({low:,.0f} to {high:,.0f})"
