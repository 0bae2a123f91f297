"""The tidy shape of a judgement: plan x criterion, low, middle, high, with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

Better = Literal["less", "more", "neither"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing every plan is judged by.

    Parameters
    ----------
    better
        Which direction helps people; `neither` where that depends on who reads it.
    basis
        How the number is made, in one sentence a reader can follow.
    headline
        Whether it stands in the first table of the report.
    """

    id: str
    name: str
    unit: str
    better: Better
    basis: str
    headline: bool = False


VERDICT_COLUMNS: Final[dict[str, type[pl.DataType]]] = {
    "plan": pl.String,
    "criterion": pl.String,
    "unit": pl.String,
    "better": pl.String,
    "low": pl.Float64,
    "middle": pl.Float64,
    "high": pl.Float64,
    "difference_low": pl.Float64,
    "difference_middle": pl.Float64,
    "difference_high": pl.Float64,
    "share_better": pl.Float64,
    "members": pl.Int64,
    "source": pl.String,
}
"""Columns of a verdict. Low and high are the 5th and 95th percentile over members; differences are to `none`, member
by member; `share_better` is the share of members in which the plan does better than `none` (null if neither way is
better). A null low, middle and high is unknown, and `source` says why."""
