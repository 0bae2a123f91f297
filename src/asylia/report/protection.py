"""What the report says of protection, in words first: whether a plan would hold is not known, and what turns the answer.

Public copies give no figure of a single zone: bands by plan only. Partners see zones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from asylia.report.dossier import Dossier, PlanCard
from asylia.report.words import amount, listed, percent

Row = Mapping[str, object]
NO_ZONE: Final = "none"
QUIET: Final = (
    "Quiet is not safety. Asylia calls no zone safe, and a place with few recorded events is not less likely to be overrun "
    "for it: by its recent events Srebrenica stood fifth of six in January 1995."
)
NOT_CLAIMED: Final = (
    "That a zone will or will not be attacked, who would do it, and how many would die are not forecast.",
    "The factors are elicited ranges, not estimates; no effect of a zone, a force or an agreement is shown.",
    "Siege, detention, sexual violence and want without attack do not show in lethal events.",
    "Beyond half a year read these as scenarios.",
)
BANDS: Final = (
    (0.05, "under 1 in 20"),
    (0.2, "1 in 20 to 1 in 5"),
    (0.5, "1 in 5 to 1 in 2"),
    (1.01, "over 1 in 2"),
)
"""Upper bound and words of each band of a chance."""
PARTS: Final = {
    "numbers": "uncertain numbers of movement and exposure",
    "modifiers": "factors for consent, force, arms and the marks of a zone",
    "luck": "the fighting as drawn, and chance",
}
LEAST_MOVE: Final = 0.05
"""Share of a figure below which a scenario is not said to move it: few draws tell no finer."""
LEAST_SHARE: Final = 0.005
"""Anything less is written as under 1 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What presses on the zones of one plan.

    Parameters
    ----------
    sentences
        In words first.
    rows
        Zones, for partners; empty for the public.
    """

    plan: PlanCard
    sentences: tuple[str, ...]
    rows: tuple[Row, ...]
    reasons: tuple[Row, ...]
    turns: tuple[str, ...]
    trials: tuple[Row, ...] = ()


def chance_words(low: float | None, middle: float | None, high: float | None) -> str:
    """Write a chance with its range.

    >>> chance_words(0.02, 0.1, 0.4)
    '10 % (2 % to 40 %)'
    """
    if low is None or middle is None or high is None:
        return "unknown"
    return f"{_percent(middle)} ({_percent(low)} to {_percent(high)})"


def _percent(chance: float) -> str:
    """Never write 0 or 100 percent.

    >>> _percent(0.0), _percent(0.999)
    ('under 1 %', 'over 99 %')
    """
    return percent(min(max(chance, LEAST_SHARE), 1.0 - LEAST_SHARE))


def band(chance: float | None) -> str:
    """Give the band of a chance in words.

    >>> band(0.3)
    '1 in 5 to 1 in 2'
    """
    if chance is None:
        return "unknown"
    return next(words for bound, words in BANDS if chance < bound)


def standings(dossier: Dossier) -> tuple[Standing, ...]:
    """Return what presses on the zones of each plan that has any."""
    tables = dossier.protection
    if not tables:
        return ()
    with_zones = tables["reasons"]["plan"].unique().to_list()
    return tuple(_standing(dossier, plan) for plan in dossier.plans if plan.id in with_zones)


def _standing(dossier: Dossier, plan: PlanCard) -> Standing:
    tables = {
        name: table.filter(pl.col("plan") == plan.id)
        for name, table in dossier.protection.items()
        if "plan" in table.columns
    }
    return Standing(
        plan=plan,
        sentences=tuple(_sentences(dossier, plan, tables)),
        rows=tuple(_zones(tables["chances"])),
        reasons=tuple(_reasons(tables["reasons"])),
        turns=tuple(_turn(row) for row in tables["tipping"].iter_rows(named=True)),
        trials=tuple(trials(tables["what_ifs"])) if "what_ifs" in tables else (),
    )


def trials(rows: pl.DataFrame) -> list[Row]:
    """Say what each scenario changes for one plan: title, and what moves by a twentieth or more, in words."""
    told: list[Row] = []
    for (title,), own in rows.group_by("title", maintain_order=True):
        moved = [_moved(row) for row in own.iter_rows(named=True) if _moves(row)]
        told.append({"title": title, "said": "; ".join(moved) or "nothing here moves by a twentieth or more"})
    return told


def trials_of_none(dossier: Dossier) -> list[Row]:
    """Say what each scenario changes where no zone is set up."""
    found = dossier.protection.get("what_ifs")
    return [] if found is None else trials(found.filter(pl.col("plan") == NO_ZONE))


def _moves(row: Row) -> bool:
    before, after = float(str(row["without"])), float(str(row["with"]))
    return abs(after - before) >= LEAST_MOVE * max(abs(before), abs(after)) and before != after


def _moved(row: Row) -> str:
    before, after, unit = float(str(row["without"])), float(str(row["with"])), str(row["unit"])
    what = f"{row['measure']} ({unit})" if unit == "person-days" else str(row["measure"])
    return f"{what}: {amount(before, unit)} → {amount(after, unit)}"


def _sentences(dossier: Dossier, plan: PlanCard, tables: Mapping[str, pl.DataFrame]) -> list[str]:
    own = dossier.verdict.filter(pl.col("plan") == plan.id)
    any_zone = {row["criterion"]: row for row in own.iter_rows(named=True)}
    said = []
    for name, what in (
        ("serious_52_weeks", "a serious attack on one of its zones"),
        ("overrun_52_weeks", "the loss of one of them"),
    ):
        row = any_zone.get(name)
        if row is not None:
            ends = [band(row["low"]), band(row["high"])]
            said.append(
                f"Within a year of opening the chance of {what} is taken as {band(row['middle'])}, "
                + (
                    f"with a range from {ends[0]} to {ends[1]}."
                    if ends[0] != ends[1]
                    else "over its whole range."
                )
            )
    better = {row["name"]: row["share_better"] for row in tables["better"].iter_rows(named=True)}
    wins = [
        f"{name[0].lower()}{name[1:]} ({percent(share)} of draws)"
        for name, share in better.items()
        if share >= 0.9
    ]
    losses = [f"{name[0].lower()}{name[1:]}" for name, share in better.items() if share <= 0.1]
    said.append(
        f"It does better than no zone on {listed(wins)}."
        if wins
        else "It clearly does better than no zone on nothing."
    )
    if losses:
        said.append(f"It does no better, or worse, on {listed(losses)}.")
    said.extend(_spread(tables["shares"]))
    return said


def _spread(shares: pl.DataFrame) -> list[str]:
    own = shares.filter(pl.col("criterion") == "exposure_2_km").sort("share", descending=True)
    if own.is_empty():
        return []
    parts = [f"{PARTS[row['part']]} {percent(row['share'])}" for row in own.iter_rows(named=True)]
    return [f"What spreads its difference in exposure: {listed(parts)}."]


def _zones(chances: pl.DataFrame) -> list[Row]:
    wanted = chances.filter(pl.col("weeks").is_in([13, 52]))
    rows: dict[str, dict[str, object]] = {}
    for row in wanted.iter_rows(named=True):
        told = rows.setdefault(row["zone"], {"name": row["name"]})
        told[f"{row['measure']}_{row['weeks']}"] = chance_words(row["low"], row["middle"], row["high"])
    return list(rows.values())


def _reasons(reasons: pl.DataFrame) -> list[dict[str, object]]:
    """Give each answer once, with how many zones it holds for."""
    keys = ["about", "answer", "why", "source"]
    return reasons.group_by(keys, maintain_order=True).agg(pl.len().alias("zones")).to_dicts()


def _turn(row: Row) -> str:
    doc = str(row["doc"]).rstrip(".")
    if row["value"] is None:
        always = row["verdict"] == "always"
        return (
            f"{doc}: better on exposure than no zone at every value tried."
            if always
            else f"{doc}: no value tried makes it better on exposure."
        )
    return f"{doc}: above a factor of {float(str(row['value'])):.2f} it is no longer better on exposure; drawn from {float(str(row['low'])):.2f} to {float(str(row['high'])):.2f}."
