"""Published standards as data, side by side.

Every number comes from a table with its edition, stage, source and evidence tag; none stands in code.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import polars as pl

from asylia.core.quantities import quantity
from asylia.model.uncertain import Evidence

TABLES: Final = ("standards.csv", "variants.csv")
"""The 94 values of the research table; then values that stood in their notes, which editions disagree on, and a few more."""
EDITIONS: Final = {
    "standard": pl.String, "sector": pl.String, "indicator": pl.String, "edition": pl.String, "stage": pl.String,
    "bound": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "unit": pl.String,
    "evidence": pl.String, "row": pl.String, "source": pl.String, "url": pl.String, "note": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """One row of the tables of standards.

    Parameters
    ----------
    bound
        min, max, planning, alert or derived.
    low, high
        Ends of the range, where the source gives a range; `None` otherwise.
    phase, stage
        When it applies, as the source says it; and as one of survival, emergency, stabilised, all.
    editions
        Publications that give this value.
    source, url
        Where it was published.
    of
        Id of the row this one stands beside: the same indicator in another edition or phase.
    """

    id: str
    sector: str
    indicator: str
    bound: str
    value: float
    unit: str
    phase: str
    source: str
    url: str
    evidence: Evidence
    stage: str = "all"
    editions: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    note: str = ""
    of: str = ""


@lru_cache(maxsize=1)
def read_standards() -> tuple[Standard, ...]:
    """Read every published standard that ships, in file order."""
    return tuple(_standard(row) for table in TABLES for row in rows_of(table))


@lru_cache(maxsize=1)
def by_id() -> Mapping[str, Standard]:
    """Return the standards by id."""
    return {standard.id: standard for standard in read_standards()}


def rows_of(table: str) -> list[dict[str, str]]:
    """Read one table of the folder of standards."""
    text = (files("asylia") / "data" / "standards" / table).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def per_person(standard: Standard) -> float:
    """Give the amount one person needs, in base amounts: the value itself, or its inverse for "people per piece" standards.

    Litres, square metres, kilocalories, kilograms, pieces; a time is a day.
    """
    unit = quantity(standard.unit)
    amount = standard.value * unit.factor
    heads = {name for name, power in unit.kind if power > 0} & {"person", "pupil", "household"}
    return 1.0 / amount if heads else amount


def side_by_side(standards: Iterable[Standard] | None = None) -> pl.DataFrame:
    """Lay editions side by side: one row for each indicator, edition and stage; columns as in `EDITIONS`."""
    rows = [
        (
            standard.of or standard.id, standard.sector, standard.indicator, edition, standard.stage, standard.bound,
            standard.value, standard.low, standard.high, standard.unit, str(standard.evidence), standard.id,
            standard.source, standard.url, standard.note,
        )
        for standard in (read_standards() if standards is None else standards)
        for edition in standard.editions
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=EDITIONS, orient="row").sort("standard", "stage", "edition", "row")


def _standard(row: Mapping[str, str]) -> Standard:
    return Standard(
        id=row["id"],
        sector=row["sector"],
        indicator=row["indicator"],
        bound=row["bound"],
        value=float(row["value"]),
        low=float(row["low"]) if row["low"] else None,
        high=float(row["high"]) if row["high"] else None,
        unit=row["unit"],
        phase=row["phase"],
        stage=row["stage"],
        editions=tuple(row["editions"].split("; ")),
        source=row["source"],
        url=row["url"],
        evidence=Evidence(row["evidence"]),
        note=row["note"],
        of=row.get("of", ""),
    )
