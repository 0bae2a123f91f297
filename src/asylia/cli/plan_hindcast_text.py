"""A plan that was carried out later, foreseen on its eve, beside what was recorded: as text or plain values."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from asylia.study.plan_hindcast import PlanHindcast
from asylia.study.plan_hindcast_words import YEAR, brier, sentences


def as_plain(found: PlanHindcast) -> dict[str, Any]:
    """Put the result into plain values."""
    tables = {name: getattr(found, name).to_dicts() for name in ("events", "chances", "people", "elsewhere")}
    text: dict[str, Any] = json.loads(json.dumps(tables, default=str))
    return {
        "plan": found.plan.id,
        "as_of": found.as_of.isoformat(),
        "draws": found.draws,
        "members": found.members,
        "overrun": {zone: day.isoformat() for zone, day in sorted(found.lost.items())},
        "brier_overrun": brier(found, "overrun", YEAR),
        "sentences": sentences(found),
        **text,
    }


def as_text(found: PlanHindcast) -> str:
    """Write the tables, and what they say in sentences."""
    head = f"{found.plan.title}, as foreseen on {found.as_of}"
    return "\n".join(
        [head, "", *_events(found), "", *_chances(found), "", *_people(found), *sentences(found)]
    )


def _events(found: PlanHindcast) -> list[str]:
    names = {zone.id: zone.name for zone in found.plan.zones}
    lines = [
        f"{'lethal events':35}{'weeks':>7}{'no plan':>9}{'90 % range':>14}{'its terms':>11}{'90 % range':>14}{'recorded':>10}  inside"
    ]
    for row in found.events.iter_rows(named=True):
        weeks = f"{row['from_week']}-{row['to_week']}"
        inside = {True: "yes", False: "no"}
        lines.append(
            f"{names[row['zone']]:35.35}{weeks:>7}{row['middle']:>9,.0f}{_span(row['low'], row['high']):>14}"
            f"{row['with_middle']:>11,.0f}{_span(row['with_low'], row['with_high']):>14}{row['recorded']:>10,}"
            f"  {inside[row['inside']]}, {inside[row['with_inside']]}"
        )
    return lines


def _chances(found: PlanHindcast) -> list[str]:
    names = {zone.id: zone.name for zone in found.plan.zones}
    wide = found.chances.with_columns(
        told=pl.format(
            "{} {}",
            pl.col("chance").map_elements("{:.2f}".format, return_dtype=pl.String),
            pl.when("came").then(pl.lit("yes")).otherwise(pl.lit("no")),
        )
    ).pivot(on="weeks", index=["zone", "what"], values="told")
    weeks = [column for column in wide.columns if column not in ("zone", "what")]
    lines = [
        f"{'chance, and whether it came, within':51}" + "".join(f"{week + ' weeks':>12}" for week in weeks)
    ]
    lines += [
        f"{names[row['zone']]:35.35}{row['what']:16}" + "".join(f"{row[week] or '':>12}" for week in weeks)
        for row in wide.iter_rows(named=True)
    ]
    return lines


def _people(found: PlanHindcast) -> list[str]:
    if found.people.is_empty():
        return []
    lines = [
        f"{'people, whole country':24}{'month':>9}{'foreseen':>11}{'90 % range':>22}{'recorded':>11}  inside"
    ]
    lines += [
        f"{row['measure'].replace('_', ' '):24}{row['month']:%Y-%m}  {row['middle']:>11,.0f}"
        f"{_span(row['low'], row['high']):>22}{row['recorded']:>11,}  {'yes' if row['inside'] else 'no'}"
        for row in found.people.iter_rows(named=True)
    ]
    return [*lines, ""]


def _span(low: float, high: float) -> str:
    return f"{low:,.0f} to {high:,.0f}"
