"""Hold the built-in case against what was recorded after it.

    .venv/bin/python tools/hindcast.py [CASE] [--members 100] [--first DAY --last DAY]

Prints the fit of departures to the months before the case, the event field scored on the case's own past, and people newly
displaced and returning by month after it: recorded, forecast (knowing nothing later than the case) and with the fighting
known. The docs quote these tables.
"""

from __future__ import annotations

import argparse
import datetime as dt

import polars as pl

from asylia.io.folder import find_case, read_case
from asylia.move.departures import fit
from asylia.study.backtest import backtest
from asylia.study.hindcast import hindcast
from asylia.study.hindcast_arrivals import RULES, arrivals_hindcast, months_within
from asylia.study.movement import Movement
from asylia.study.take_in import movement_of


def main() -> None:
    """Print the table and how often the record lies inside the range."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("case", nargs="?", default="syria-2017")
    parser.add_argument("--members", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--first", type=dt.date.fromisoformat, help="first day the fit of departures is held against"
    )
    parser.add_argument(
        "--last", type=dt.date.fromisoformat, help="last day of it; the recorded months if not given"
    )
    parser.add_argument(
        "--arrivals",
        action="store_true",
        help="print data/fitted/hindcast.csv instead: areas of arrival, by either set of rules",
    )
    parser.add_argument(
        "--assimilate-days",
        type=int,
        default=0,
        help="with --arrivals: take the counts of these days in, and score later months",
    )
    chosen = parser.parse_args()
    if chosen.arrivals:
        arrivals(chosen.case, chosen.seed, chosen.assimilate_days)
        return
    before(chosen.case, chosen.seed, chosen.first, chosen.last)
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


def arrivals(name: str, seed: int, taken_in: int) -> None:
    """Print how either set of rules does on people newly displaced by area of arrival, as the file that ships.

    With counts of the first days taken in, only months after them are scored, without and with them.
    """
    folder = find_case(name)
    case = read_case(folder)
    skip = months_within(folder, taken_in) if taken_in else 0
    print("case,rules,months,split_error,naive_error,inside,crps,crps_both")
    for rules in RULES:
        choices = [Movement(rules=rules)]
        choices += [movement_of(case, rules, folder / "hindcast", taken_in, seed=seed)] if taken_in else []
        for movement in choices:
            one = arrivals_hindcast(folder, movement, seed=seed, skip=skip)
            scores = (one.split_error, one.naive_error, one.inside, one.crps, one.crps_both)
            label = f"{one.rules} with {taken_in} days" if movement.reported else one.rules
            print(",".join([one.case, label, str(one.months), *(f"{score:.4f}" for score in scores)]))


def before(name: str, seed: int, first: dt.date | None, last: dt.date | None) -> None:
    """Print what the case's own past says: departures by the fit, and scores of the event field."""
    case = read_case(find_case(name))
    fitted = fit(case)
    if fitted.rules:
        first, last = dt.date(2016, 1, 1), dt.date(2016, 8, 31)
        predicted, recorded = fitted.per_day(first, last)
        print(
            f"newly displaced a day, {first} to {last}: {predicted:,.0f} by the fit, {recorded:,.0f} recorded"
        )
    fitted_to = case.as_of - dt.timedelta(weeks=16, days=case.as_of.weekday() + 1)
    print(f"event field fitted to {fitted_to}:")
    for row in backtest(case, fitted_to, seed=seed).iter_rows(named=True):
        print(
            f"  {row['weeks']:2d} weeks: CRPS {row['crps']:.3f}, climatology {row['crps_climatology']:.3f}, 90 % range covers "
            f"{row['coverage_90']:.2f} of {row['active_places']} active districts"
        )


if __name__ == "__main__":
    main()
