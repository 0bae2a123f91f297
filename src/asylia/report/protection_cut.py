"""Cut the tables of protection for an audience: the public sees no chance of a single zone, and no reason of one."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl


def cut(tables: Mapping[str, pl.DataFrame], *, is_public: bool) -> dict[str, pl.DataFrame]:
    """Return the tables as one audience may see them.

    Chances of a live zone could be read as a list of places to attack, so the public sees plans only.
    """
    made = dict(tables)
    if is_public and made:
        made["chances"] = made["chances"].clear()
        made["reasons"] = made["reasons"].with_columns(pl.lit("").alias("zone")).unique(maintain_order=True)
    return made
