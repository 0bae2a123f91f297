"""Cut the tables of a search for zones for an audience."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from asylia.report import coarsen

COUNTS: Final = {
    "front": ("unserved", "tail", "sheltered", "sheltered_most"),
    "worth": ("gained_low", "gained_high", "lost_low", "lost_high"),
    "occupancy": ("simulated_first", "planned_first", "simulated", "planned"),
}
KEPT_BACK: Final = "for a reason that is kept back"
MILITARY: Final = "near a military object"
_WHERE: Final = ("km_to_fighting", "km_to_border")


def cut(tables: Mapping[str, pl.DataFrame], *, is_public: bool) -> dict[str, pl.DataFrame]:
    """Return the tables as one audience may see them; those with counts get a column `suppressed`.

    For the public, where military objects lie cannot be read off, and no distance to fighting is given.
    """
    made = dict(tables)
    for name, columns in COUNTS.items():
        if name in made:
            made[name] = (
                coarsen.hide_small(made[name], columns) if is_public else coarsen.hide_none(made[name])
            )
    if "front" in made:
        # the bound of a plan tells a withheld count beside it
        bound = pl.when(pl.col("suppressed") == "").then(pl.col("bound")).otherwise(None)
        made["front"] = made["front"].with_columns(bound.alias("bound"))
    if "candidates" in made:
        digits = coarsen.PUBLIC_DEGREES if is_public else coarsen.PARTNER_DEGREES
        made["candidates"] = coarsen.round_positions(made["candidates"], digits)
        if is_public:
            shown = pl.col("excluded").str.replace(MILITARY, KEPT_BACK, literal=True)
            blank = (pl.lit(None, dtype=pl.Float64).alias(name) for name in _WHERE)
            made["candidates"] = made["candidates"].with_columns(shown, *blank)
    return made
