"""What was learned for forecasts, as it ships: from all conflicts of the pool, and without each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Final

import numpy as np
import polars as pl

from asylia.move.forecast.ahead import KINDS, LEVELS, Fitted
from asylia.move.forecast.signs import ANCHORS
from asylia.study.forecast_known import Past

DIGITS: Final = 6
COLUMNS: Final[Mapping[str, type[pl.DataType]]] = {
    "left_out": pl.String,
    "what": pl.String,
    "days": pl.Int64,
    "row": pl.Int64,
    "value": pl.Float64,
}


def write_learned(learned: Iterable[tuple[str, Fitted]]) -> str:
    """Return the text of the file: one row a number, made by tools/fit_forecast.py."""
    rows: list[tuple[str, str, int, int, float]] = []
    for key, fitted in learned:
        rows.append((key, "together", 0, 0, fitted.together))
        for days in ANCHORS:
            rows += [(key, "weight", days, row, value) for row, value in enumerate(fitted.weights[days])]
            rows += [
                (key, "error", days, row, value) for row, value in enumerate(fitted.errors[days].ravel())
            ]
    frame = pl.DataFrame(rows, schema=dict(COLUMNS), orient="row")
    return frame.with_columns(pl.col("value").round(DIGITS)).write_csv()


def read_learned() -> dict[str, Fitted]:
    """Return what ships, by the key of the conflict that was left out; an empty key for none."""
    text = (files("asylia") / "data" / "fitted" / "forecast.csv").read_bytes()
    frame = pl.read_csv(text, schema=dict(COLUMNS)).with_columns(pl.col("left_out").fill_null(""))
    return {str(key): _fitted(own) for (key,), own in frame.group_by("left_out", maintain_order=True)}


def learned_without(past: Past, learned: Mapping[str, Fitted]) -> tuple[Fitted, bool]:
    """Return what was learned without a conflict, and whether it is one of the pool."""
    return (learned[past.key], True) if past.key in learned else (learned[""], False)


def _fitted(own: pl.DataFrame) -> Fitted:
    def values(what: str, days: int) -> list[float]:
        return own.filter(pl.col("what") == what, pl.col("days") == days).sort("row")["value"].to_list()

    return Fitted(
        weights={days: np.array(values("weight", days)) for days in ANCHORS},
        errors={days: np.array(values("error", days)).reshape(KINDS, len(LEVELS)) for days in ANCHORS},
        together=values("together", 0)[0],
    )
