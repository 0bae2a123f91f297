"""Expected arrivals of many draws: newly displaced people by period and first-level area, without running a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asylia.model.case import Case
from asylia.model.plan import Plan
from asylia.move.expected import expected_arrivals
from asylia.move.world import build, prepare_all
from asylia.study.members import draw_fighting, fit_field
from asylia.study.movement import Movement, scenario_of
from asylia.study.settings import Settings

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Stretches of days: first day of each, and first day after it."""

    starts: tuple[dt.date, ...]
    ends: tuple[dt.date, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrivals:
    """What draws expect.

    Parameters
    ----------
    areas
        First-level areas, sorted.
    people
        float64 (draw, period, area).
    spread
        float64 (draw,), the `departure_spread` of each.
    """

    areas: tuple[str, ...]
    people: Table
    spread: Table


def arrivals_of(
    case: Case,
    movement: Movement,
    periods: Periods,
    members: Sequence[int],
    *,
    days: int,
    seed: int,
    fighting: NDArray[np.int64] | None = None,
) -> Arrivals:
    """Work out what members expect; bursts of departures are left out, as their mean is 1.

    Parameters
    ----------
    fighting
        int64 (place, week), lethal events that are known; drawn for each member if not given.
    """
    none = Plan.none()
    ground = prepare_all(case, (none,), on_the_way=movement.rules == "fitted")[0]
    field = fit_field(case) if fighting is None else None
    found, spread = [], []
    for member in members:
        scenario = scenario_of(case, movement, member, seed)
        settings = Settings(members=1, days=days, seed=seed)
        events = draw_fighting(field, settings, member) if field is not None else fighting
        world = build(
            case, none, scenario, event_paths=events, overrun_days=np.empty(0, dtype=np.int64), days=days, ground=ground
        )
        driven = scenario.values["displaced_per_event"] * world.facts.events
        found.append(_by_period(expected_arrivals(world, driven), case.first, periods, days))
        spread.append(scenario.values["departure_spread"])
    return Arrivals(areas=ground.areas, people=np.stack(found), spread=np.array(spread))


def _by_period(weekly: Table, first: dt.date, periods: Periods, days: int) -> Table:
    daily = np.repeat(weekly / 7, 7, axis=0)[:days]
    return np.stack(
        [
            daily[(start - first).days : (end - first).days].sum(axis=0)
            for start, end in zip(periods.starts, periods.ends, strict=True)
        ]
    )
