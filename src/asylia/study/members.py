"""One piece of work: some members, through every plan, on the same luck.

For each member the fighting is drawn once and every plan meets it. What happens in a plan, in order: the days of
overrun are drawn from the reference class of its zones, people move, needs are held against what is provided, and
the bill is added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.audit.precedents import as_known, read_precedents
from asylia.core.units import DAYS_PER_WEEK
from asylia.model.case import Case
from asylia.model.history import History
from asylia.model.plan import Plan
from asylia.model.scenario import Scenario, draw_member
from asylia.move.run import simulate
from asylia.move.world import Ground, build, prepare
from asylia.need.cost import costs, funding, support
from asylia.need.needs import measure_needs
from asylia.need.standards import Standard, profile
from asylia.study.outcome import stack
from asylia.study.settings import Settings
from asylia.study.store import chunk_path, write_arrays
from asylia.threat.field import EventField, fit, paths
from asylia.threat.overrun import ReferenceClass, drawn_hazard, overrun_days, reference_class


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """Some members of some plans.

    Parameters
    ----------
    folders
        Where each plan's file goes, by plan id.
    """

    case: Case
    plans: tuple[Plan, ...]
    settings: Settings
    members: range
    folders: Mapping[str, Path]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """What one plan needs for all its members."""

    plan: Plan
    ground: Ground
    zone_ids: tuple[str, ...]
    opens: NDArray[np.int64]
    reference: ReferenceClass | None
    standards: tuple[Standard, ...]


def work(task: Task) -> int:
    """Carry out one piece of work and write a file per plan; returns the number of histories made."""
    field = fit_field(task.case)
    stages = [stage(task.case, plan) for plan in task.plans]
    rows: dict[str, list[Mapping[str, NDArray[np.generic]]]] = {plan.id: [] for plan in task.plans}
    for member in task.members:
        scenario = draw_member(task.case.rules, member, task.settings.seed)
        fighting = draw_fighting(field, task.settings, member)
        without_zones: History | None = None
        for each in stages:
            falls, hazard = draw_overrun(each, scenario, task.settings)
            # plans without a zone move people alike, so one history serves them all
            if each.zone_ids or without_zones is None:
                history = move_people(task.case, each, scenario, fighting, falls, task.settings)
                without_zones = without_zones if each.zone_ids else history
            else:
                history = without_zones
            rows[each.plan.id].append(keep(task, each, scenario, history, falls, hazard))
    for plan_id, members in rows.items():
        write_arrays(chunk_path(task.folders[plan_id], task.members), stack(members))
    return len(task.members) * len(task.plans)


def fit_field(case: Case) -> EventField:
    """Fit the event field; crossings and countries are not part of the pool the places learn from."""
    outside = case.places.filter(pl.col("kind").is_in(["crossing", "country"]))["id"].to_list()
    return fit(case.events, sorted(case.places["id"].to_list()), case.as_of, outside=outside)


def draw_fighting(field: EventField, settings: Settings, member: int) -> NDArray[np.int64]:
    """Draw lethal events, int64 (place, week), the same for every plan."""
    weeks = -(-settings.days // DAYS_PER_WEEK)
    return paths(field, seed=settings.seed, member=member, weeks=weeks)


def stage(case: Case, plan: Plan) -> Stage:
    """Prepare what does not depend on the member."""
    zones = sorted(plan.zones, key=lambda zone: zone.id)
    # cut to the case's own date: a study of the past must not borrow from its future
    known = as_known(read_precedents(), case.as_of)
    return Stage(
        plan=plan,
        ground=prepare(case, plan),
        zone_ids=tuple(zone.id for zone in zones),
        opens=np.array([(zone.opens - case.first).days for zone in zones], dtype=np.int64),
        reference=reference_class(known, plan.protection) if zones else None,
        standards=profile(case.standards),
    )


def move_people(
    case: Case,
    stage: Stage,
    scenario: Scenario,
    fighting: NDArray[np.int64],
    falls: NDArray[np.int64],
    settings: Settings,
) -> History:
    """Run one plan for one member."""
    world = build(
        case,
        stage.plan,
        scenario,
        event_paths=fighting,
        overrun_days=falls,
        days=settings.days,
        ground=stage.ground,
    )
    return simulate(world)


def keep(
    task: Task,
    stage: Stage,
    scenario: Scenario,
    history: History,
    falls: NDArray[np.int64],
    hazard: float,
) -> dict[str, NDArray[np.generic]]:
    """Keep what a study needs of one history (the fields of `Outcome`, one member)."""
    points = np.array(task.settings.points)
    helped, resettled = support(stage.plan, scenario, task.case.first, task.settings.days)
    return {
        "counts": history.counts[:, points],
        "exposure": history.exposure[:, points],
        "person_km": np.array(history.person_km[-1]),
        "without_shelter": without_shelter(scenario, history, helped)[points],
        "displaced_at": history.displaced_at,
        "zone_people": history.zone_people[:, points],
        "zone_peak": history.zone_people.max(axis=1, initial=0),
        "zone_refused": history.zone_refused,
        "overrun_day": falls,
        "hazard": np.array(hazard),
        **needs(task.case, stage, scenario, history),
        **money(stage, scenario, history, helped, resettled),
    }


def draw_overrun(stage: Stage, scenario: Scenario, settings: Settings) -> tuple[NDArray[np.int64], float]:
    """Draw the day each zone is overrun (or -1), int64 (zone,), and the hazard behind it."""
    if stage.reference is None:
        return np.empty(0, dtype=np.int64), float("nan")
    falls = overrun_days(
        stage.reference,
        stage.zone_ids,
        seed=scenario.seed,
        member=scenario.member,
        days=settings.days,
        opens=stage.opens,
    )
    return falls, drawn_hazard(stage.reference, seed=scenario.seed, member=scenario.member)


def without_shelter(scenario: Scenario, history: History, helped: NDArray[np.int64]) -> NDArray[np.float64]:
    """Count displaced people outside zones who lack adequate shelter, float64 (day,).

    The case's share of everyone displaced outside zones, less the people a plan helps where they are: help is taken to go
    to those who lack shelter, never below nobody.
    """
    outside = history.count("displaced_outside_zones") + history.count("trapped")
    lacking = outside * scenario.values["hosted_without_shelter_share"] - helped
    people: NDArray[np.float64] = np.maximum(lacking, 0.0)
    return people


def needs(case: Case, stage: Stage, scenario: Scenario, history: History) -> dict[str, NDArray[np.generic]]:
    """Hold each zone's needs against what the plan provides; rows are zone by standard."""
    found = measure_needs(history.zone_people, stage.plan, scenario, stage.standards, case.first)
    return {
        "needed": found.needed.ravel(),
        "provided": found.provided.ravel(),
        "short": found.short.ravel(),
        "short_people": found.people.ravel().astype(np.float64),
        "short_day": found.first_day.ravel(),
    }


def money(
    stage: Stage, scenario: Scenario, history: History, helped: NDArray[np.int64], resettled: int
) -> dict[str, NDArray[np.generic]]:
    """Add up the bill and say how much of it nobody has committed or paid."""
    bill = costs(
        stage.plan,
        scenario,
        zone_people=history.zone_people,
        supported_people=helped,
        resettled_people=resettled,
        open_days=days_in_force(stage, helped),
    )
    usd = bill["usd"].to_numpy()
    total = float(usd.sum())
    ledger = funding(stage.plan, scenario, total)
    unfunded = ledger.unfunded_share if total > 0 else float("nan")
    return {"cost": usd.astype(np.float64), "unfunded": np.array(unfunded)}


def days_in_force(stage: Stage, helped: NDArray[np.int64]) -> int:
    """Count the days monthly costs run, to the end of the horizon.

    From the first zone's opening or the first help; from the first day for a plan that has neither, such as one that only
    bars flights.
    """
    days = helped.size
    if not stage.zone_ids and not stage.plan.support:
        return days
    starts = [max(int(day), 0) for day in stage.opens if day < days]
    if np.any(helped > 0):
        starts.append(int(np.argmax(helped > 0)))
    return days - min(starts) if starts else 0
