"""Why a recorded figure lies outside its range: what the figures themselves can say, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from asylia.model.case import Case
from asylia.study.departure_rate import DepartureRate

GROUPS: Final[Mapping[str, str]] = {
    "newly_displaced": "People newly displaced inside",
    "returned": "People displaced inside who returned",
    "displaced_inside": "People displaced inside, on a day",
    "refugees": "Refugees, registered, on a day",
}
APART: Final = (
    "People displaced inside and refugees are told apart everywhere: a movement inside the country is counted each time, a "
    "register abroad counts who is on it that day. They are never added up."
)
REGISTER: Final = (
    "A register lags arrivals by weeks or months, counts births and people who had come long before, and loses people who "
    "moved on, went back or were struck off. The engine's forecast is the last register plus new arrivals, and lets nobody go; "
    "the one from registers alone goes on as registers of other conflicts did."
)


def is_inside(row: Mapping[str, Any], name: str = "forecast") -> bool | None:
    """Say whether the recorded figure lies in the 90 % range; nothing where there is none."""
    if row[f"{name}_low"] is None:
        return None
    return bool(row[f"{name}_low"] <= row["recorded"] <= row[f"{name}_high"])


def why_flow(row: Mapping[str, Any], rate: DepartureRate) -> str:
    """Say why a monthly flow was missed; nothing if it was not."""
    if is_inside(row):
        return ""
    side = "lower" if row["recorded"] > row["forecast_high"] else "higher"
    if is_inside(row, "known"):
        return f"The fighting drawn was {side} than what came; with the fighting known the record is inside."
    if row["measure"] == "returned":
        return (
            "Not the fighting: also missed with the fighting known. The rate of returns rests on few recorded months, and "
            "people go home in the engine only after weeks without a lethal event near home."
        )
    return f"Not the fighting: also missed with the fighting known. {_rate_of(row, rate)}"


def _rate_of(row: Mapping[str, Any], rate: DepartureRate) -> str:
    found = rate.months.filter((pl.col("month") == row["month"]) & pl.col("per_event").is_not_null())
    if not found.height:
        return "No event was recorded that month to hold the people against."
    own, (low, _, high) = float(found["per_event"][0]), rate.case
    told = f"{own:,.0f} people left home for each lethal event that month, the case says {low:,.0f} to {high:,.0f}"
    if low <= own <= high:
        return f"{told}: inside, so where the events fell and how single places differ made the rest."
    return f"{told}. People also flee what is coming, not only what was counted."


def why_stock(row: Mapping[str, Any], case: Case) -> str:
    """Say why a stock was missed; nothing if it was not."""
    inside, change = is_inside(row), row["recorded"] - row["before"]
    if inside:
        return ""
    if row["people"] == "displaced_inside":
        return f"The figure of the year before was {row['before']:,}. Yearly figures are revised; movements are not in them."
    closed = _closed(case, row["where"])
    if inside is None:
        return f"The register {_changed(change)}; the engine does not keep which country people leave for.{closed}"
    if change < 0:
        return f"The register {_changed(change)}: the engine has no way off a register."
    if row["recorded"] < row["forecast_low"]:
        return f"The register {_changed(change)}, fewer than the engine brings over the border: arrivals are registered late."
    return (
        f"The register {_changed(change)}, more than the engine brings over borders that are recorded as closed. Late "
        "registrations and births cannot be told from arrivals."
    )


def _changed(change: int) -> str:
    return f"shrank by {-change:,}" if change < 0 else f"grew by {change:,}"


def _closed(case: Case, where: str) -> str:
    rows = case.closures.filter((pl.col("what") == "border") & (pl.col("where") == where))
    if not rows.height:
        return ""
    since = rows["from"][0]
    return f" The border is recorded as closed{f' since {since}' if since is not None else ''}."
