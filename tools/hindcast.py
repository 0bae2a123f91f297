"""Hold the built-in case against what was recorded after it.

    .venv/bin/python tools/hindcast.py [CASE] [--members 100]

Prints people newly displaced and returning by month: recorded, forecast (knowing nothing later than the case) and with
the fighting known. The docs quote this table.
"""

from __future__ import annotations

import argparse

import polars as pl

from asylia.io.folder import find_case
from asylia.study.hindcast import hindcast


def main() -> None:
    """Print the table and how often the record lies inside the range."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("case", nargs="?", default="syria-2017")
    parser.add_argument("--members", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    table = hindcast(find_case(chosen.case), members=chosen.members, seed=chosen.seed)
    print(
        f"| measure | month | recorded | forecast | 90 % range | fighting known | 90 % range |\n|{'---|' * 7}"
    )
    for row in table.iter_rows(named=True):
        print(
            f"| {row['measure'].replace('_', ' ')} | {row['month']:%Y-%m} | {row['recorded']:,} "
            f"| {row['forecast_middle']:,.0f} | {row['forecast_low']:,.0f} to {row['forecast_high']:,.0f} "
            f"| {row['known_middle']:,.0f} | {row['known_low']:,.0f} to {row['known_high']:,.0f} |"
        )
    for name in ("forecast", "known"):
        inside = table.with_columns(
            pl.col("recorded").is_between(pl.col(f"{name}_low"), pl.col(f"{name}_high")).alias("inside")
        )
        for measure, rows in inside.group_by("measure", maintain_order=True):
            print(
                f"{name}, {measure[0]}: {rows['inside'].sum()} of {rows.height} months inside the 90 % range"
            )


if __name__ == "__main__":
    main()
