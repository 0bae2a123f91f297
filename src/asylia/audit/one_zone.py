"""How far a share of zones overrun hangs on one zone or one conflict, said in words."""

from __future__ import annotations

from typing import Final

import polars as pl

from asylia.core.intervals import jeffreys

FEWEST: Final = 5
"""Below this many zones no share is given, so none is shaken either."""


def sensitivity(rows: pl.DataFrame) -> str:
    """Say what one disputed code, one zone and one conflict do to a count of zones overrun.

    Parameters
    ----------
    rows
        id, name, cluster, overrun (yes or no) and disputed (fields the two coders differ on, by semicolon).

    Returns
    -------
    Sentences; empty without a zone. Below `FEWEST` zones counts are given and no share.
    """
    number, overrun = rows.height, int(rows["overrun"].sum())
    said = [_disputed(row, number, overrun) for row in disputed_overruns(rows).iter_rows(named=True)]
    if number >= FEWEST:
        said.append(_leave_out(rows, "id", "zone"))
        if rows["cluster"].n_unique() > 1:
            said.append(_leave_out(rows, "cluster", "conflict"))
        else:
            said.append("All are of one conflict, so without it nothing is left.")
    return " ".join(said)


def disputed_overruns(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep the zones on whose overrun the two coders differ, in order of their names."""
    differs = pl.col("disputed").fill_null("").str.split(";").list.contains("overrun")
    return rows.filter(differs).sort("name")


def _disputed(row: dict[str, object], number: int, overrun: int) -> str:
    """Count both readings of one disputed zone, with the interval of the other reading where a share may be given."""
    low, high = (overrun - 1, overrun) if row["overrun"] else (overrun, overrun + 1)
    said = f"{str(row['name']).split(' / ')[0]} alone makes it {low} of {number} or {high} of {number}"
    if number < FEWEST:
        return f"{said}."
    ranges = ", or ".join(_range(hits, number) for hits in (low, high))
    return f"{said} (90 % range {ranges})."


def _leave_out(rows: pl.DataFrame, column: str, what: str) -> str:
    """Give the smallest and largest share when any one zone or conflict is left out."""
    shares = []
    for key in rows[column].unique().sort():
        rest = rows.filter(pl.col(column) != key)
        if rest.height:
            shares.append((int(rest["overrun"].sum()), rest.height))
    least, most = (pick(shares, key=lambda share: share[0] / share[1]) for pick in (min, max))
    if least[0] / least[1] == most[0] / most[1]:
        return f"No one {what} left out changes the share." if what == "zone" else f"Nor does any one {what}."
    return f"Without any one {what} it runs from {least[0]} of {least[1]} to {most[0]} of {most[1]}."


def _range(hits: int, number: int) -> str:
    low, high = jeffreys(hits, number)
    return f"{100 * low:.0f} to {100 * high:.0f} %"
