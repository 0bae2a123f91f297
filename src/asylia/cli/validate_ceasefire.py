"""`asylia validate ceasefire`: the de-escalation zones of 2017 in hindsight, beside districts that were no zone."""

from __future__ import annotations

from typing import Annotated

import polars as pl
import typer

from asylia.cli.compare import Json, Seed
from asylia.cli.json_text import json_text
from asylia.io.folder import find_case
from asylia.study.ceasefire import ZONES, Ceasefire
from asylia.study.ceasefire import ceasefire as run


def ceasefire(
    draws: Annotated[int, typer.Option(min=200, max=20_000, help="Paths of the event field.")] = 3000,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Hold a ceasefire's elicited effect against the de-escalation zones of 2017 and against places without one.

    The field knows what happened by 30 April 2017; counts after that come from the hindcast file of syria-2017.

    Example: asylia validate ceasefire
    """
    found = run(find_case("syria-2017"), draws=draws, seed=seed)
    typer.echo(json_text(as_plain(found)) if as_json else as_text(found))


def as_plain(found: Ceasefire) -> dict[str, object]:
    """Put the result into plain values."""
    return {
        "score": dict(zip(("without", "with"), found.score(), strict=True)),
        "score_by_zone": {zone: found.score(zone) for zone in ZONES},
        "score_outside": found.score("outside"),
        "inside_90": dict(zip(("without", "with"), found.inside, strict=True)),
        "effects": found.effects(),
        "placebo_centre": found.placebo_centre,
        "placebo_range": found.placebo_range,
        "rows": found.table.to_dicts(),
    }


def as_text(found: Ceasefire) -> str:
    """Write the tables, and what they say in sentences."""
    lines = [
        f"{'group':20}{'weeks':>8}{'observed':>10}{'forecast':>10}{'90 % range':>14}{'ratio':>7}{'bits':>7}{'with':>7}"
    ]
    for row in found.table.iter_rows(named=True):
        span, weeks = f"{row['low']:,.0f} to {row['high']:,.0f}", f"{row['from_week']}-{row['to_week']}"
        lines.append(
            f"{row['group']:20}{weeks:>8}{row['observed']:>10,}{row['middle']:>10,.0f}{span:>14}{row['ratio']:>7.2f}"
            f"{row['score']:>7.2f}{row['score_with']:>7.2f}"
        )
    return "\n".join([*lines, "", *sentences(found)])


def sentences(found: Ceasefire) -> list[str]:
    """Say what was found: the gain, where it lies, and that it is not the zones' own."""
    without, with_it = found.score()
    counts = found.table.filter("is_zone").height
    low, centre, high = found.placebo_centre
    least, most = found.placebo_range
    effects = found.effects()
    told = ", ".join(f"{effect:.2f}" for effect in effects)
    gains = [f"{zone} {a - b:+.2f}" for zone, (a, b) in ((zone, found.score(zone)) for zone in ZONES)]
    better = found.table.filter(pl.col("is_zone") & (pl.col("score_with") < pl.col("score"))).height
    outside = found.score("outside")
    special = min(effects[:2]) < least
    return [
        (
            f"Surprise over {counts} counts of the four zones: {without:.2f} bits without the ceasefire, {with_it:.2f} with it "
            f"(fewer is better); better in {better} of {counts}."
        ),
        f"Gain by zone, bits: {', '.join(gains)}.",
        f"Inside the 90 % range: {found.inside[0]} of {counts} without it, {found.inside[1]} with it.",
        (
            f"Placebo zones, random districts on random days: effect {centre:.2f} ({low:.2f} to {high:.2f}); nine in ten lie "
            f"between {least:.2f} and {most:.2f}."
        ),
        (
            f"The drop was {'' if special else 'not '}special to the zones: against five districts outside them, the four zones "
            f"had {told} times the events for what was forecast, by window; below {least:.2f} would be out of the ordinary."
        ),
        (
            f"In districts outside every zone the same modifier takes surprise from {outside[0]:.2f} to {outside[1]:.2f} bits: a better "
            "score does not show that a zone did anything."
        ),
    ]
