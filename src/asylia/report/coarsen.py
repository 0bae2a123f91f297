"""Make counts and positions coarse enough to leave the room: frames in, frames out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

SMALLEST_COUNT: Final = 10
"""Counts of people from one to one less than this are withheld from the public."""
PUBLIC_DEGREES: Final = 1
PARTNER_DEGREES: Final = 2
"""Decimals kept of a position: about 11 km for the public, about 1 km for partners."""


def hide_small(frame: pl.DataFrame, columns: Sequence[str], *, rows: pl.Expr | None = None) -> pl.DataFrame:
    """Blank small counts of people and name the blanked columns in a new column `suppressed`.

    Parameters
    ----------
    columns
        Columns that hold counts of people.
    rows
        Which rows hold people at all; every row if not given.
    """
    held = pl.lit(True) if rows is None else rows
    small = {
        c: (held & (pl.col(c).abs() > 0) & (pl.col(c).abs() < SMALLEST_COUNT)).fill_null(False)
        for c in columns
    }
    marks = [pl.when(is_small).then(pl.lit(name)).otherwise(None) for name, is_small in small.items()]
    return frame.with_columns(
        pl.concat_str(marks, separator=" ", ignore_nulls=True).alias("suppressed"),
        *(
            pl.when(is_small).then(None).otherwise(pl.col(name)).alias(name)
            for name, is_small in small.items()
        ),
    )


def hide_none(frame: pl.DataFrame) -> pl.DataFrame:
    """Add an empty column `suppressed`: this audience sees every count."""
    return frame.with_columns(pl.lit("").alias("suppressed"))


def hide_in_audit(audit: Mapping[str, Any], *, is_public: bool) -> dict[str, Any]:
    """Withhold small counts of people from the audit of one plan, for the public.

    `counts` becomes low, middle, high and `suppressed` by name; origins lose a small `people` and say so.
    """
    counts = {
        name: _hidden_range(values) if is_public else {**_named(values), "suppressed": ""}
        for name, values in audit["counts"].items()
    }
    origins = [
        {**origin, "people": None, "suppressed": "people"}
        if is_public and _is_small(origin["people"])
        else {**origin, "suppressed": ""}
        for origin in audit["origins"]
    ]
    return {**audit, "counts": counts, "origins": origins}


def _hidden_range(values: Sequence[float]) -> dict[str, Any]:
    named = _named(values)
    small = [name for name, value in named.items() if _is_small(value)]
    return {**named, **dict.fromkeys(small), "suppressed": " ".join(small)}


def _named(values: Sequence[float]) -> dict[str, float]:
    return dict(zip(("low", "middle", "high"), values, strict=True))


def _is_small(count: float | None) -> bool:
    return count is not None and 0 < abs(count) < SMALLEST_COUNT


def hide_differences(verdict: pl.DataFrame) -> pl.DataFrame:
    """Blank differences to no zone from which a withheld count could be worked out."""
    hidden = verdict.filter(pl.col("suppressed") != "")
    criteria = hidden.filter(pl.col("plan") == "none")["criterion"].unique().to_list()
    touched = (pl.col("suppressed") != "") | pl.col("criterion").is_in(criteria)
    names = ("difference_low", "difference_middle", "difference_high")
    return verdict.with_columns(
        pl.when(touched).then(None).otherwise(pl.col(name)).alias(name) for name in names
    )


def round_positions(frame: pl.DataFrame, decimals: int) -> pl.DataFrame:
    """Round `lat` and `lon` of a frame."""
    return frame.with_columns(pl.col("lat").round(decimals), pl.col("lon").round(decimals))


def fighting_by_area(fighting: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Add up lethal events a week by first-level area: area, name, events_recent, outlook_low, middle, high.

    Lows and highs are added as they are, so the range of an area is at its widest.
    """
    where = places.select(pl.col("id").alias("place"), pl.col("admin1").alias("area"))
    joined = fighting.join(where, on="place", how="inner").group_by("area", maintain_order=True)
    numbers = ("events_recent", "outlook_low", "outlook_middle", "outlook_high")
    summed = joined.agg(pl.col(*numbers).sum()).sort("area")
    return summed.select("area", pl.col("area").alias("name"), *numbers)
