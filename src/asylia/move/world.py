"""Make a world: one plan, one member, ready for the kernel.

`prepare(case, plan)` does what all members share (ways, options, stock, past fighting); `build` adds what one member
draws. A study prepares all plans once (`prepare_all`) and builds all of a member's worlds at once (`build_all`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from asylia.core.draws import Stream, start_key, uniforms
from asylia.core.errors import RunError
from asylia.model.case import Case
from asylia.model.history import RADII_KM
from asylia.model.plan import Plan
from asylia.model.scenario import Scenario
from asylia.move.facts import DECIDE_WEEKS, NEVER, STREAMS, Facts
from asylia.move.ground import Ground, Pull, prepare, prepare_all
from asylia.move.learned import abroad, familiar, luck
from asylia.move.past import RECENT_WEEKS
from asylia.move.reported import reported_pull, reported_rate
from asylia.move.siege import Siege, unharmed, zone_days
from asylia.move.stock import place_stock
from asylia.move.tables import frozen

__all__ = ["Ground", "World", "build", "build_all", "prepare", "prepare_all"]

BLOCK_WEEKS: Final = 4
"""Weeks that share one draw of how strongly people react to events."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class World:
    """One plan and one member, ready to run. All arrays are read only.

    Parameters
    ----------
    places, areas, zones
        Names of the axes of `facts`.
    facts
        What the kernel reads; axes and units stand in `move.facts.Facts`.
    """

    plan: str
    member: int
    places: tuple[str, ...]
    areas: tuple[str, ...]
    zones: tuple[str, ...]
    facts: Facts


def build(
    case: Case,
    plan: Plan,
    scenario: Scenario,
    *,
    event_paths: NDArray[np.int64],
    overrun_days: NDArray[np.int64],
    days: int,
    ground: Ground | None = None,
    siege: Siege | None = None,
) -> World:
    """Make the world of one plan and one member.

    Parameters
    ----------
    event_paths
        int64 (place, week), lethal events from the first day on; places sorted by id.
    overrun_days
        int64 (zone,), day on which a zone falls, -1 for never; zones sorted by id.
    days
        Days to run.
    ground
        What `prepare(case, plan)` returned; made here if left out.
    siege
        What serious attacks do to the zones; nothing if left out.

    Raises
    ------
    RunError
        If the shapes do not fit the case, the plan and the days.
    """
    grounds = (ground or prepare(case, plan),)
    sieges = None if siege is None else (siege,)
    return build_all(
        grounds, scenario, event_paths=event_paths, overrun_days=(overrun_days,), days=days, sieges=sieges
    )[0]


def build_all(
    grounds: Sequence[Ground],
    scenario: Scenario,
    *,
    event_paths: NDArray[np.int64],
    overrun_days: Sequence[NDArray[np.int64]],
    days: int,
    sieges: Sequence[Siege] | None = None,
) -> tuple[World, ...]:
    """Make the worlds of one member under several plans; what no plan changes is drawn once.

    Parameters
    ----------
    grounds
        One a plan, of the same case, from `prepare` or `prepare_all`.
    event_paths, days
        As in `build`.
    overrun_days, sieges
        One a plan, as in `build`.

    Raises
    ------
    RunError
        If the shapes do not fit the case, the plans and the days.
    """
    weeks = -(-days // 7)
    for ground, falls in zip(grounds, overrun_days, strict=True):
        _check_shapes(ground, event_paths, falls, weeks)
    shared = _without_plan(grounds[0], scenario, event_paths[:, :weeks], days)
    worlds = []
    sieges = sieges or [unharmed(len(ground.zones), weeks) for ground in grounds]
    for ground, falls, siege in zip(grounds, overrun_days, sieges, strict=True):
        own = {
            "zone_falls": np.where(falls < 0, NEVER, falls),
            "zone_shut": siege.shut[:weeks],
            "zone_flight": siege.flight[:weeks],
            **_zones(ground, scenario, days, shared["stock"]),
        }
        arrays = {**ground.fixed, **shared, **{name: frozen(array) for name, array in own.items()}}
        facts = Facts(**arrays, **_rules(scenario), slots=_slots(ground, scenario))  # type: ignore[arg-type]  # names are checked by the tuple itself
        worlds.append(
            World(
                plan=ground.plan,
                member=scenario.member,
                places=ground.places,
                areas=ground.areas,
                zones=ground.zones,
                facts=facts,
            )
        )
    return tuple(worlds)


def _without_plan(
    ground: Ground, scenario: Scenario, event_paths: NDArray[np.int64], days: int
) -> dict[str, NDArray[np.generic]]:
    events = np.where(ground.settled[:, None], event_paths, 0).astype(np.float64)
    stock = place_stock(ground.stock, scenario)
    drawn = {
        **_fighting(ground, scenario, events),
        **_weights(ground, scenario, stock),
        "epoch_of_day": np.searchsorted(ground.starts, np.arange(days), side="right") - 1,
        "luck": np.array(
            [start_key(scenario.seed, int(stream), scenario.member) for stream in STREAMS], dtype=np.uint64
        ),
        "stock": stock,
    }
    return {name: frozen(array) for name, array in drawn.items()}


def _slots(ground: Ground, scenario: Scenario) -> int:
    return int(ground.longest_km / scenario.values["travel_km_per_day"]) + 3


def _check_shapes(
    ground: Ground, event_paths: NDArray[np.int64], overrun_days: NDArray[np.int64], weeks: int
) -> None:
    if event_paths.shape[0] != len(ground.places) or event_paths.shape[1] < weeks:
        raise RunError(
            f"event paths are {event_paths.shape}; {len(ground.places)} places and {weeks} weeks are needed"
        )
    if overrun_days.shape != (len(ground.zones),):
        raise RunError(f"overrun days are {overrun_days.shape}; the plan has {len(ground.zones)} zones")


def _rules(scenario: Scenario) -> dict[str, float]:
    values = scenario.values
    return {
        "largest_departure": values["largest_weekly_departure"],
        "leave_share": values["leave_country_share"],
        "through_share": values["closed_border_share"],
        "speed_km": values["travel_km_per_day"],
        "return_share": 1.0 - (1.0 - values["return_share_per_week"]) ** DECIDE_WEEKS,
        "get_out_share": values["overrun_leave_share"],
        "full_weight": values["full_zone_weight"],
    }


def _fighting(
    ground: Ground, scenario: Scenario, events: NDArray[np.float64]
) -> dict[str, NDArray[np.generic]]:
    """Turn weekly events (place, week) into what they do to people, each (week, place)."""
    values = scenario.values
    known = np.concatenate([ground.past.recent, events], axis=1)
    total = np.concatenate([np.zeros((known.shape[0], 1)), np.cumsum(known, axis=1)], axis=1)
    weeks = events.shape[1]
    recent = (total[:, RECENT_WEEKS : RECENT_WEEKS + weeks] - total[:, :weeks]) / RECENT_WEEKS
    first = RECENT_WEEKS + 1
    lately = total[:, first : first + weeks] - total[:, first - DECIDE_WEEKS : first - DECIDE_WEEKS + weeks]
    moving = DECIDE_WEEKS * values["onward_share_per_week"] + values["onward_hazard_share"] * lately
    within = np.array([values[f"people_within_{radius}_km"] for radius in RADII_KM])
    return {
        "events": events.T,
        "leavers": (values["displaced_per_event"] * events * _bursts(ground, scenario, weeks)).T
        * reported_rate(ground, scenario),
        "hazard": ((1.0 + recent) ** -values["hazard_aversion"]).T
        * luck(ground, scenario, weeks)
        * reported_pull(ground, scenario),
        "onward": -np.expm1(-moving).T,
        "quiet": _quiet(ground.past.quiet_weeks, events, values["return_quiet_weeks"]).T,
        "near": -np.expm1(-(events.T[:, None, :] / 7.0) * within[None, :, None]),
    }


def _bursts(ground: Ground, scenario: Scenario, weeks: int) -> NDArray[np.float64]:
    """Draw how strongly people react, float64 (place, week), with mean 1."""
    spread = scenario.values["departure_spread"]
    blocks = -(-weeks // BLOCK_WEEKS)
    luck = [
        uniforms(scenario.seed, int(Stream.BURST), scenario.member, block, ground.place_keys, 1)[:, 0]
        for block in range(blocks)
    ]
    factor = np.exp(spread * ndtri(np.array(luck)) - 0.5 * spread**2)
    return np.asarray(np.repeat(factor, BLOCK_WEEKS, axis=0)[:weeks].T)


def _quiet(before: NDArray[np.int64], events: NDArray[np.float64], needed: float) -> NDArray[np.bool_]:
    """Say where it has been quiet for long enough at the start of a week, and is so in it: bool (place, week)."""
    week = np.arange(events.shape[1])
    last = np.maximum.accumulate(np.where(events > 0, week, -1 - before[:, None]), axis=1)
    until = np.concatenate([-1 - before[:, None], last[:, :-1]], axis=1)
    return np.asarray((week - 1 - until >= needed) & (events == 0))


def _weights(ground: Ground, scenario: Scenario, stock: NDArray[np.int64]) -> dict[str, NDArray[np.generic]]:
    values, fixed = scenario.values, ground.fixed
    ways = np.exp(abroad(ground, scenario) - values["distance_power"] * ground.country_km)
    later = np.cumsum(ways[:, :, ::-1], axis=2)[:, :, ::-1]
    shares = np.where(later > 0, ways / np.where(later > 0, later, 1.0), 0.0)
    return {
        "option_days": _trip_days(ground, values["travel_km_per_day"]),
        "option_weight": _pull(ground.towns, scenario)
        * familiar(stock, scenario, fixed["area_of"][:, None], fixed["option_place"]),
        "country_share": shares,
        "thinks_of_abroad": np.any(shares > 0.0, axis=2),
    }


def _zones(
    ground: Ground, scenario: Scenario, days: int, stock: NDArray[np.generic]
) -> dict[str, NDArray[np.generic]]:
    capacity = np.array(
        [int(scenario.draw(f"zone:{zone.id}:capacity", zone.capacity_people)) for zone in ground.capacities],
        dtype=np.int64,
    )
    zones = Pull(
        size=np.log(np.maximum(capacity, 1).astype(np.float64)),
        km=ground.at_zones.km,
        same_area=ground.at_zones.same_area,
        other_control=ground.at_zones.other_control,
    )
    return {
        "zone_capacity": zone_days(ground, capacity, days),
        "zone_weight": scenario.values["zone_pull"]
        * _pull(zones, scenario)
        * familiar(stock, scenario, ground.fixed["area_of"][:, None], ground.fixed["zone_host"]),
    }


def _pull(parts: Pull, scenario: Scenario) -> NDArray[np.float64]:
    values = scenario.values
    return np.asarray(
        np.exp(
            values["population_power"] * parts.size
            + np.log(values["home_area_pull"]) * parts.same_area
            + np.log(values["other_control_weight"]) * parts.other_control
            - values["distance_power"] * parts.km
        )
    )


def _trip_days(ground: Ground, speed_km: float) -> NDArray[np.int64]:
    """As `choose.trip_days`, for all options; those beyond the count of a place are not used."""
    km = np.where(np.isfinite(ground.fixed["option_km"]), ground.fixed["option_km"], 0.0)
    days: NDArray[np.int64] = np.maximum(np.ceil(km / speed_km), 1.0).astype(np.int64)
    return days
