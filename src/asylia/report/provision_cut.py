"""Cut the tables of provisioning for an audience: an amount from which fewer than ten people could be worked out is withheld."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from asylia.report.coarsen import SMALLEST_COUNT

Tables = Mapping[str, pl.DataFrame]
_AMOUNTS = {
    "bring": ("more", "total_low", "total_middle", "total_high"),
    "layout": ("amount_low", "amount_middle", "amount_high"),
}
_MONEY = {"bring": ("usd",), "priced": ("usd_low", "usd_middle", "usd_high", "each")}


def cut(tables: Tables, zones: pl.DataFrame, *, is_public: bool) -> dict[str, pl.DataFrame]:
    """Return the tables as one audience may see them; those with counts get a column `suppressed`.

    Parameters
    ----------
    zones
        As `Findings.zones`: money of a zone that holds fewer than ten people at most is withheld too.
    """
    made = dict(tables)
    for name in ("bring", "layout", "priced"):
        if name in made:
            hide = _small(made[name], name, zones) if is_public else {}
            made[name] = _blank(made[name], hide)
    return made


def with_people(needs: pl.DataFrame) -> pl.DataFrame:
    """Withhold a shortfall where the people behind it are withheld, as the one gives the other."""
    ends = ("low", "middle", "high")
    hidden = {f"shortfall_{end}": pl.col("suppressed").str.contains(f"people_{end}") for end in ends}
    return needs.with_columns(
        pl.when(is_hidden).then(None).otherwise(pl.col(name)).alias(name)
        for name, is_hidden in hidden.items()
    )


def _small(table: pl.DataFrame, name: str, zones: pl.DataFrame) -> dict[str, pl.Expr]:
    found = {}
    for column in _AMOUNTS.get(name, ()):
        people = pl.col(column).abs() / pl.col("each")
        found[column] = (people > 0) & (people < SMALLEST_COUNT)
    few = zones.filter((pl.col("peak_middle") > 0) & (pl.col("peak_middle") < SMALLEST_COUNT))
    small_zones = {f"{plan}\n{zone}" for plan, zone in few.select("plan", "zone").iter_rows()}
    key = pl.concat_str("plan", pl.lit("\n"), "zone")
    for column in _MONEY.get(name, ()):
        shown = found.get("more", pl.lit(value=False))
        found[column] = (key.is_in(sorted(small_zones)) | shown) & pl.col(column).is_not_null()
    return {
        column: is_small.fill_null(value=False)
        for column, is_small in found.items()
        if column in table.columns
    }


def _blank(table: pl.DataFrame, hide: Mapping[str, pl.Expr]) -> pl.DataFrame:
    if not hide:
        return table.with_columns(pl.lit("").alias("suppressed"))
    marks = [pl.when(is_small).then(pl.lit(name)).otherwise(None) for name, is_small in hide.items()]
    return table.with_columns(
        pl.concat_str(marks, separator=" ", ignore_nulls=True).alias("suppressed"),
        *(
            pl.when(is_small).then(None).otherwise(pl.col(name)).alias(name)
            for name, is_small in hide.items()
        ),
    )
