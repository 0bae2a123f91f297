"""Hindcast: what the engine says of months that have since been recorded. The only reader of what came after.

Two ways side by side: *forecast* draws the fighting as a study does, knowing nothing later than the case; *fighting known*
is given the events that did happen, so that what is left is the error of departures and returns alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.io.folder import read_case
from asylia.io.hindcast import read_hindcast
from asylia.model.case import Case
from asylia.model.history import History
from asylia.model.plan import Plan
from asylia.move.run import simulate
from asylia.move.world import build, prepare_all
from asylia.study.members import draw_fighting, fit_field
from asylia.study.movement import own_rules, scenario_of
from asylia.study.settings import Settings
from asylia.threat.weeks import monday, weekly_counts

MEASURES: Final = {"newly_displaced": "newly_displaced", "returned": "returned"}
"""Measure in people.csv -> running total in `model.history.COUNTS`."""
HINDCAST: Final[dict[str, type[pl.DataType]]] = {
    "measure": pl.String,
    "month": pl.Date,
    "recorded": pl.Int64,
    "forecast_low": pl.Float64,
    "forecast_middle": pl.Float64,
    "forecast_high": pl.Float64,
    "known_low": pl.Float64,
    "known_middle": pl.Float64,
    "known_high": pl.Float64,
}


def hindcast(folder: Path, *, members: int = 100, days: int = 365, seed: int = 1) -> pl.DataFrame:
    """Hold monthly flows against what was recorded later, for whole months inside the horizon.

    Returns
    -------
    One row per measure and month, people in the whole country; columns as in `HINDCAST`, ranges 90 %.
    """
    case = read_case(folder)
    events, people = read_hindcast(folder)
    settings = Settings(members=members, days=days, seed=seed, movement=own_rules(case))
    return flows(case, people, both_ways(case, events, settings))


def both_ways(case: Case, events: pl.DataFrame, settings: Settings) -> dict[str, tuple[History, ...]]:
    """Run every member twice: with fighting drawn (`forecast`) and with the fighting that came (`known`)."""
    came = known_fighting(case, events, settings.days)
    return {"forecast": run_members(case, settings), "known": run_members(case, settings, came)}


def flows(case: Case, people: pl.DataFrame, ran: Mapping[str, Sequence[History]]) -> pl.DataFrame:
    """Put recorded and simulated monthly flows side by side; columns as in `HINDCAST`."""
    drawn = {name: totals_of(histories, MEASURES.values()) for name, histories in ran.items()}
    days = ran["forecast"][0].counts.shape[1]
    rows = [
        _row(
            measure,
            month,
            recorded,
            {name: flow_between(case, totals[count], month) for name, totals in drawn.items()},
        )
        for measure, count in MEASURES.items()
        for month, recorded in recorded_flow(people, measure)
        if month >= case.first and next_month(month) <= case.first + dt.timedelta(days=days)
    ]
    return pl.DataFrame(rows, schema=HINDCAST)


def known_fighting(case: Case, events: pl.DataFrame, days: int) -> NDArray[np.int64]:
    """Lay the recorded weeks over the weeks of the simulation, which may start some days later in the week."""
    places = sorted(case.places["id"].to_list())
    both = pl.concat([case.events, events])
    return weekly_counts(both, places, monday(case.first), -(-days // 7))


def run_members(
    case: Case, settings: Settings, known: NDArray[np.int64] | None = None
) -> tuple[History, ...]:
    """Run no zone for every member; with the fighting that is known, int64 (place, week), or with what is drawn."""
    field, none = fit_field(case), Plan.none()
    ground = prepare_all(case, (none,), on_the_way=settings.movement.rules == "fitted")[0]
    found = []
    for member in range(settings.members):
        fighting = draw_fighting(field, settings, member) if known is None else known
        world = build(
            case,
            none,
            scenario_of(case, settings.movement, member, settings.seed),
            event_paths=fighting,
            overrun_days=np.empty(0, dtype=np.int64),
            days=settings.days,
            ground=ground,
        )
        found.append(simulate(world))
    return tuple(found)


def totals_of(histories: Sequence[History], counts: Iterable[str]) -> dict[str, NDArray[np.int64]]:
    """Return counts by name, int64 (member, day)."""
    return {name: np.stack([history.count(name) for history in histories]) for name in counts}


def recorded_flow(people: pl.DataFrame, measure: str) -> list[tuple[dt.date, int]]:
    """Add up a flow over areas by month, where any area has a figure."""
    rows = people.filter((pl.col("measure") == measure) & pl.col("persons").is_not_null())
    summed = rows.group_by("date").agg(pl.col("persons").sum()).sort("date")
    return [(row[0], row[1]) for row in summed.iter_rows()]


def next_month(month: dt.date) -> dt.date:
    """Give the first day of the month after."""
    return dt.date(month.year + month.month // 12, month.month % 12 + 1, 1)


def flow_between(case: Case, totals: NDArray[np.int64], month: dt.date) -> NDArray[np.int64]:
    """Take one month out of running totals by day, int64 (member,)."""
    first = (month - case.first).days
    last = (next_month(month) - case.first).days - 1
    before = totals[:, first - 1] if first > 0 else np.zeros(totals.shape[0], dtype=np.int64)
    flow: NDArray[np.int64] = totals[:, last] - before
    return flow


def _row(
    measure: str, month: dt.date, recorded: int, flows: dict[str, NDArray[np.int64]]
) -> dict[str, object]:
    row: dict[str, object] = {"measure": measure, "month": month, "recorded": recorded}
    for name, flow in flows.items():
        low, middle, high = np.percentile(flow, (5.0, 50.0, 95.0))
        row.update({f"{name}_low": float(low), f"{name}_middle": float(middle), f"{name}_high": float(high)})
    return row
