"""The whole hindcast of a case: flows inside, refugees, and departures per lethal event."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from asylia.io.folder import read_case
from asylia.io.hindcast import read_hindcast
from asylia.model.case import Case
from asylia.study.departure_rate import DepartureRate, departure_rate
from asylia.study.hindcast import both_ways, flows
from asylia.study.hindcast_stocks import stocks
from asylia.study.hindcast_words import is_inside, why_flow, why_stock
from asylia.study.movement import Movement, chosen_rules
from asylia.study.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WholeHindcast:
    """What a case says of days that have since been recorded.

    Parameters
    ----------
    flows, stocks
        Columns as in `study.hindcast.HINDCAST` and `study.hindcast_stocks.STOCKS`, with `inside` and `why`.
    """

    case: Case
    settings: Settings
    flows: pl.DataFrame
    stocks: pl.DataFrame
    rate: DepartureRate

    def held(self) -> dict[str, tuple[int, int]]:
        """Count rows inside the 90 % range, and all rows, by kind of people."""
        stocks = self.stocks.drop_nulls("inside")
        pairs = [*zip(self.flows["measure"], self.flows["inside"], strict=True)]
        pairs += zip(stocks["people"], stocks["inside"], strict=True)
        kinds = dict.fromkeys(kind for kind, _ in pairs)
        return {
            kind: (
                sum(inside for own, inside in pairs if own == kind),
                sum(own == kind for own, _ in pairs),
            )
            for kind in kinds
        }


def whole_hindcast(
    folder: Path, *, members: int = 100, days: int = 365, seed: int = 1, rules: str = ""
) -> WholeHindcast:
    """Run a case and hold it against what its hindcast folder holds.

    Parameters
    ----------
    rules
        Whose rules move people, `case` or `fitted`; the case's own choice if not given.

    Raises
    ------
    CaseError
        If the case or its hindcast cannot be read.
    PlanError
        If there are no such rules.
    """
    case = read_case(folder)
    events, people = read_hindcast(folder)
    movement = Movement(rules=chosen_rules(case, rules))
    settings = Settings(members=members, days=days, seed=seed, movement=movement)
    rate = departure_rate(case, events, people)
    ran = both_ways(case, events, settings)
    by_month, by_day = flows(case, people, ran), stocks(case, people, ran, members=members, seed=seed)
    return WholeHindcast(
        case=case,
        settings=settings,
        flows=_told(by_month, [why_flow(row, rate) for row in by_month.iter_rows(named=True)]),
        stocks=_told(by_day, [why_stock(row, case) for row in by_day.iter_rows(named=True)]),
        rate=rate,
    )


def _told(table: pl.DataFrame, why: list[str]) -> pl.DataFrame:
    inside = [is_inside(row) for row in table.iter_rows(named=True)]
    known = [is_inside(row, "known") for row in table.iter_rows(named=True)]
    return table.with_columns(
        pl.Series("inside", inside, dtype=pl.Boolean),
        pl.Series("inside_known", known, dtype=pl.Boolean),
        *_by_register(table),
        pl.Series("why", why, dtype=pl.String),
    )


def _by_register(table: pl.DataFrame) -> list[pl.Series]:
    if "register_low" not in table.columns:
        return []
    inside = [is_inside(row, "register") for row in table.iter_rows(named=True)]
    return [pl.Series("inside_register", inside, dtype=pl.Boolean)]
