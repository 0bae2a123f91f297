"""Expected arrivals of many draws: newly displaced people by period and first-level area, without running a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asylia.model.case import Case
from asylia.model.plan import Plan
from asylia.move.expected import expected_flows
from asylia.move.reported import reported_rate
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
    flows
        float64 (draw, period, area of origin, area of arrival).
    """

    areas: tuple[str, ...]
    flows: Table

    @property
    def people(self) -> Table:
        """People by area of arrival, float64 (draw, period, area)."""
        return np.asarray(self.flows.sum(axis=2))


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
    field = fit_field(case)
    found = []
    for member in members:
        scenario = scenario_of(case, movement, member, seed)
        settings = Settings(members=1, days=days, seed=seed, movement=movement)
        events = draw_fighting(field, settings, member) if fighting is None else fighting
        world = build(
            case,
            none,
            scenario,
            event_paths=events,
            overrun_days=np.empty(0, dtype=np.int64),
            days=days,
            ground=ground,
        )
        driven = scenario.values["displaced_per_event"] * world.facts.events * reported_rate(ground, scenario)
        found.append(_by_period(expected_flows(world, driven), case.first, periods, days))
    return Arrivals(areas=ground.areas, flows=np.stack(found))


def _by_period(weekly: Table, first: dt.date, periods: Periods, days: int) -> Table:
    daily = np.repeat(weekly / 7, 7, axis=0)[:days]
    return np.stack(
        [
            daily[(start - first).days : (end - first).days].sum(axis=0)
            for start, end in zip(periods.starts, periods.ends, strict=True)
        ]
    )
