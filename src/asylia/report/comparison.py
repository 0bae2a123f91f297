"""The first table: plans as rows, eight columns that matter most, each beside no zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl
from markupsafe import Markup

from asylia.report import charts, words
from asylia.report.dossier import Dossier, PlanCard, Stand, Words

BETTER: Final = {"better": "better for people than no zone", "worse": "worse for people than no zone"}
MARKS: Final = {"better": "\N{BLACK UP-POINTING TRIANGLE}", "worse": "\N{WHITE DOWN-POINTING TRIANGLE}"}
_MODES: Final = ("direct", "indirect", "paraphrase", "inferred")
"""Ways words were handed on, nearest to the speaker first."""
_RANGE: Final = ("low", "middle", "high")

SMALL_SHARE: Final = 0.02
"""A difference below this share of the figure is too small to matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: the criterion in it, its heading and what the heading leaves out."""

    criterion: str
    heading: str
    note: str


HEADLINES: Final = (
    Column(criterion="sheltered", heading="Sheltered", note="in zones, last day"),
    Column(criterion="without_shelter", heading="Without shelter", note="displaced, last day"),
    Column(criterion="refused_or_trapped", heading="Refused, trapped", note="full zone, or no way out"),
    Column(criterion="wanted_to_cross", heading="Wanted to cross", note="a border, could not"),
    Column(criterion="exposure_2_km", heading="Days exposed", note="person-days, 2 km"),
    Column(criterion="overrun_52_weeks", heading="A zone overrun", note="within 52 weeks"),
    Column(criterion="cost_usd", heading="Cost", note="share unfunded"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One number in words, its range, its picture and how it stands beside no zone."""

    words: str
    span: str
    picture: Markup
    mark: str = ""
    standing: str = ""
    note: str = ""
    is_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Who refuses a plan, with the words said: holders of a veto apart from the others."""

    vetoes: str
    names: str
    quote: str
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One plan of the first table."""

    plan: PlanCard
    cells: tuple[Cell, ...]
    refusal: Refusal


def rows(dossier: Dossier) -> tuple[Row, ...]:
    """Return the first table, no zone first."""
    tops = {column.criterion: top(dossier, column.criterion) for column in HEADLINES}
    return tuple(
        Row(
            plan=plan,
            cells=tuple(_headline(dossier, plan, column, tops[column.criterion]) for column in HEADLINES),
            refusal=refusal([stand for stand in dossier.stands if stand.plan == plan.id]),
        )
        for plan in dossier.plans
    )


def top(dossier: Dossier, criterion: str) -> float:
    """Return the upper end of the scale all plans share in one criterion."""
    found = (
        dossier.verdict.filter(pl.col("criterion") == criterion)
        .select(pl.max_horizontal(*_RANGE).max())
        .item()
    )
    return float(found or 0.0)


def cell(dossier: Dossier, plan_id: str, criterion: str, most: float) -> Cell:
    """Return one criterion of one plan in words, with its picture."""
    row = line(dossier, plan_id, criterion)
    if row is None:
        return _unknown("The study did not work this out.")
    hidden = str(row["suppressed"]).split()
    # Chances are said as odds whatever the study calls their measure.
    unit = "chance" if criterion.startswith("overrun") else str(row["unit"])
    if row["middle"] is None and "middle" not in hidden:
        return _unknown(str(row["source"] or "No source gives it."))
    low, middle, high = (_float(row[name]) for name in _RANGE)
    if "middle" in hidden:
        return Cell(words=words.FEW, span="", picture=charts.dot_and_bar(low, 0.0, high, None, most))
    none = line(dossier, "none", criterion)
    reference = None if none is None else _float(none["middle"])
    standing = beside_none(row)
    shown_low = 0.0 if "low" in hidden else low
    return Cell(
        words=words.amount(middle, unit, low, high),
        span=f"up to {words.amount(high, unit)}" if "low" in hidden else words.span(low, high, unit),
        picture=charts.dot_and_bar(shown_low, middle, high, reference, most),
        mark=MARKS.get(standing, ""),
        standing=BETTER.get(standing, ""),
    )


def beside_none(row: dict[str, object]) -> str:
    """Say `better` or `worse` if the whole 90 % range of the difference to no zone lies on one side, else nothing.

    A difference smaller than `SMALL_SHARE` of the figure itself gets no mark, however sure it is: nobody should choose a
    plan for it.
    """
    low, high = row["difference_low"], row["difference_high"]
    middle, around = row.get("difference_middle"), row.get("middle")
    if isinstance(middle, float) and isinstance(around, float) and abs(middle) < SMALL_SHARE * abs(around):
        return ""
    if not isinstance(low, float) or not isinstance(high, float) or row["better"] == "neither":
        return ""
    if row["better"] == "more":
        low, high = -high, -low
    if high < 0:
        return "better"
    return "worse" if low > 0 else ""


def line(dossier: Dossier, plan_id: str, criterion: str) -> dict[str, object] | None:
    """Return one row of the verdict, or nothing if it is not there."""
    found = dossier.verdict.filter((pl.col("plan") == plan_id) & (pl.col("criterion") == criterion))
    return None if found.is_empty() else found.row(0, named=True)


def refusal(stands: list[Stand]) -> Refusal:
    """Say who refuses a plan: those with a veto first, and the words of the first who has any, as near as can be."""
    against = sorted(
        (stand for stand in stands if stand.position == "refuses"), key=lambda stand: not stand.has_veto
    )
    said: list[Words] = next((lines for lines in map(_unmet, against) if lines), [])
    silent = sum(stand.position == "cannot say" for stand in stands)
    split = sum(stand.position == "contested" for stand in stands)
    rest = [f"{silent} cannot say"] if silent else []
    rest += [f"{split} contested"] if split else []
    rest += [one for one in (words.floor_in_short(stand.floor) for stand in stands) if one]
    return Refusal(
        vetoes=", ".join(stand.actor_name for stand in against if stand.has_veto),
        names=", ".join(stand.actor_name for stand in against if not stand.has_veto),
        quote=max(said, key=lambda line: (-_MODES.index(line.mode), len(line.words))).words if said else "",
        rest=", ".join(rest),
    )


def _unmet(stand: Stand) -> list[Words]:
    return [line for line in stand.lines if line.standing == "unmet" and line.words and line.mode in _MODES]


def _headline(dossier: Dossier, plan: PlanCard, column: Column, most: float) -> Cell:
    if column.criterion.startswith("overrun") and plan.zones == 0:
        return Cell(words="no zone to overrun", span="", picture=Markup(""), is_known=False)
    found = cell(dossier, plan.id, column.criterion, most)
    if column.criterion != "cost_usd":
        return found
    share = line(dossier, plan.id, "unfunded_share")
    value = None if share is None else share["middle"]
    # No cost, nothing to fund: a share of nothing says nothing.
    note = f"{words.percent(value)} unfunded" if isinstance(value, float) and found.words != "$0" else ""
    return Cell(
        words="nothing" if found.words == "$0" else found.words,
        span=found.span,
        picture=found.picture,
        note=note,
        is_known=found.is_known,
    )


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _unknown(why: str) -> Cell:
    return Cell(words=words.UNKNOWN, span="", picture=Markup(""), note=why, is_known=False)
