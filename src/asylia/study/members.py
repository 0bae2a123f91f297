"""One piece of work: some members, through every plan, on the same luck.

For each member the fighting is drawn once and every plan meets it. What happens in a plan, in order: attacks on its zones are
drawn from the fighting around them and the days of overrun from the reference class, people move, needs are held against
what is provided, and the bill is added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.audit.precedents import known_to
from asylia.core.units import DAYS_PER_WEEK
from asylia.model.case import Case
from asylia.model.history import History
from asylia.model.plan import Plan
from asylia.model.scenario import Scenario
from asylia.model.what_if import WhatIf
from asylia.move.run import simulate_all
from asylia.move.world import Ground, build_all, prepare_all
from asylia.need.cost import bill, firm_money, funding, spending, support
from asylia.need.needs import measure_needs
from asylia.need.periods import most_people, person_days
from asylia.need.profiles import Requirement, needs_of
from asylia.study.coding import guards
from asylia.study.exposed import in_zones
from asylia.study.movement import scenario_of
from asylia.study.outcome import Piece, stack
from asylia.study.pressure import Post, Pressure, posts, press, weeks_needed
from asylia.study.settings import Settings
from asylia.study.what_ifs import fighting_under
from asylia.threat.field import EventField, fit, paths
from asylia.threat.overrun import ReferenceClass, reference_class, with_marks


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """Some members of some plans: all that a worker needs to know, wherever it is.

    Parameters
    ----------
    key
        Names what is prepared once for all members of these plans: pieces of one key share it. Empty: nothing is shared.
    """

    case: Case
    plans: tuple[Plan, ...]
    settings: Settings
    members: range
    what_if: WhatIf | None = None
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keyed:
    """A piece of work as its key alone tells it."""

    key: str
    task: Task = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """What one plan needs for all its members."""

    plan: Plan
    ground: Ground
    zone_ids: tuple[str, ...]
    opens: NDArray[np.int64]
    posts: tuple[Post, ...]
    reference: ReferenceClass | None
    standards: tuple[Requirement, ...]


def work(task: Task) -> Piece:
    """Carry out one piece of work; nothing is written, so that a worker needs no folder in common with the study."""
    keyed = _Keyed(key=task.key, task=task)
    fitted, stages = _prepared(keyed) if task.key else _prepare(keyed)
    rows: dict[str, list[Mapping[str, NDArray[np.generic]]]] = {plan.id: [] for plan in task.plans}
    for member in task.members:
        scenario = scenario_of(task.case, task.settings.movement, member, task.settings.seed)
        fighting = met_fighting(fitted, task, stages, member)
        pressed = [apply_pressure(task, each, scenario, fighting) for each in stages]
        histories = move_people(stages, scenario, fighting, pressed, task.settings)
        for each, history, pressure in zip(stages, histories, pressed, strict=True):
            rows[each.plan.id].append(keep(task, each, scenario, history, fighting, pressure))
    return Piece(members=task.members, plans={plan_id: stack(members) for plan_id, members in rows.items()})


def _prepare(keyed: _Keyed) -> tuple[EventField, tuple[Stage, ...]]:
    task = keyed.task
    on_the_way = task.settings.movement.rules == "fitted"
    return fit_field(task.case), all_stages(task.case, task.plans, task.what_if, on_the_way=on_the_way)


# a worker meets piece after piece of the same plans; preparing them again took as long as two members
_prepared = lru_cache(maxsize=2)(_prepare)


def met_fighting(field: EventField, task: Task, stages: Sequence[Stage], member: int) -> NDArray[np.int64]:
    """Draw lethal events as the scenario leaves them, as far ahead as any zone's chances look."""
    ahead = max(weeks_needed(each.posts, task.settings.days) for each in stages)
    drawn = draw_fighting(field, task.settings, member, ahead)
    return fighting_under(drawn, field, task.case.first, task.what_if, seed=task.settings.seed, member=member)


def apply_pressure(task: Task, stage: Stage, scenario: Scenario, fighting: NDArray[np.int64]) -> Pressure:
    """Draw attacks on the zones of a plan, and their overruns."""
    return press(stage.posts, stage.reference, scenario, fighting, task.case.modifiers, task.settings.days)


def fit_field(case: Case) -> EventField:
    """Fit the event field; crossings and countries are not part of the pool the places learn from."""
    outside = case.places.filter(pl.col("kind").is_in(["crossing", "country"]))["id"].to_list()
    return fit(case.events, case.places.sort("id"), case.as_of, outside=outside)


def draw_fighting(
    field: EventField, settings: Settings, member: int, weeks: int | None = None
) -> NDArray[np.int64]:
    """Draw lethal events, int64 (place, week), the same for every plan; to the end of the days, or for some weeks."""
    ahead = -(-settings.days // DAYS_PER_WEEK) if weeks is None else weeks
    return paths(field, seed=settings.seed, member=member, weeks=ahead)


def stage(case: Case, plan: Plan) -> Stage:
    """Prepare what does not depend on the member."""
    return all_stages(case, (plan,))[0]


def all_stages(
    case: Case, plans: Sequence[Plan], what_if: WhatIf | None = None, *, on_the_way: bool = False
) -> tuple[Stage, ...]:
    """Prepare several plans; what no plan changes is worked out once. See `move.ground.prepare_all`."""
    # cut to the case's own date: a study of the past must not borrow from its future
    known = known_to(case)
    standards = needs_of(case)
    stages = []
    for plan, ground in zip(plans, prepare_all(case, plans, on_the_way=on_the_way), strict=True):
        zones = sorted(plan.zones, key=lambda zone: zone.id)
        stages.append(
            Stage(
                plan=plan,
                ground=ground,
                zone_ids=tuple(zone.id for zone in zones),
                opens=np.array([(zone.opens - case.first).days for zone in zones], dtype=np.int64),
                posts=posts(case, plan, guards(case, plan, what_if)),
                reference=class_of(known, plan) if zones else None,
                standards=standards,
            )
        )
    return tuple(stages)


def class_of(known: pl.DataFrame, plan: Plan) -> ReferenceClass:
    """Choose the zones of the past a plan's zones are held against, with their marks and the risk by age."""
    return with_marks(reference_class(known, plan.protection), known, plan.protection)


def move_people(
    stages: Sequence[Stage],
    scenario: Scenario,
    fighting: NDArray[np.int64],
    pressed: Sequence[Pressure],
    settings: Settings,
) -> tuple[History, ...]:
    """Run all plans for one member, side by side; plans without a zone move people alike and share one history."""
    worlds = build_all(
        [each.ground for each in stages],
        scenario,
        event_paths=fighting,
        overrun_days=[each.falls for each in pressed],
        days=settings.days,
        sieges=[each.siege for each in pressed],
    )
    return simulate_all(worlds)


def keep(
    task: Task,
    stage: Stage,
    scenario: Scenario,
    history: History,
    fighting: NDArray[np.int64],
    pressure: Pressure,
) -> dict[str, NDArray[np.generic]]:
    """Keep what a study needs of one history (the fields of `Outcome`, one member)."""
    points = np.array(task.settings.points)
    helped, resettled = support(stage.plan, scenario, task.case.first, task.settings.days)
    exposure, inside = exposures(stage, scenario, history, fighting, pressure)
    return {
        "counts": history.counts[:, points],
        "exposure": exposure[:, points],
        "zone_exposure": inside,
        "person_km": np.array(history.person_km[-1]),
        "without_shelter": without_shelter(scenario, history, helped)[points],
        "displaced_at": history.displaced_at,
        "zone_people": history.zone_people[:, points],
        "zone_peak": history.zone_people.max(axis=1, initial=0),
        "zone_refused": history.zone_refused,
        "zone_days": person_days(history.zone_people, task.case.first),
        "zone_most": most_people(history.zone_people, task.case.first),
        "overrun_day": pressure.falls,
        "attack": pressure.attack,
        "serious": pressure.serious,
        "overrun": pressure.overrun,
        "cut_off": np.array(cut_off(stage, history)),
        **needs(task.case, stage, scenario, history),
        **money(task.case, stage, scenario, history, helped, resettled),
    }


def exposures(
    stage: Stage, scenario: Scenario, history: History, fighting: NDArray[np.int64], pressure: Pressure
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give person-days near lethal events, with each zone at its own rate instead of its place's.

    Returns
    -------
    Running totals, float64 (radius, day), of everybody; and float64 (zone, radius), of people in each zone, in all.
    """
    weeks = pressure.factor.shape[1]
    local = fighting[[post.row for post in stage.posts], :weeks]
    own = in_zones(history.zone_people, local, pressure.factor, scenario)
    place = in_zones(history.zone_people, local, np.ones_like(pressure.factor), scenario)
    return history.exposure + np.cumsum((own - place).sum(axis=0), axis=1), own.sum(axis=2)


def cut_off(stage: Stage, history: History) -> int:
    """Count person-days in zones whose place no way leads to or from: cut off from help, attack or none."""
    fixed = stage.ground.fixed
    host, km = fixed["zone_host"], fixed["km"]
    if not history.zones:
        return 0
    others = np.isfinite(km[:, host, :]).sum(axis=2) + np.isfinite(km[:, :, host]).sum(axis=1)
    epoch = np.searchsorted(stage.ground.starts, np.arange(history.zone_people.shape[1]), side="right") - 1
    # a place reaches itself, once each way
    return int(history.zone_people[others[epoch].T <= 2].sum())


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
    case: Case,
    stage: Stage,
    scenario: Scenario,
    history: History,
    helped: NDArray[np.int64],
    resettled: int,
) -> dict[str, NDArray[np.generic]]:
    """Add up the bill and say how much of it nobody has committed or paid."""
    crowd, open_days = history.zone_people, days_in_force(stage, helped)
    lines = bill(
        stage.plan,
        scenario,
        zone_people=crowd,
        supported_people=helped,
        resettled_people=resettled,
        open_days=open_days,
    )
    # frames are for people; one for every member and plan took longer than the sum itself
    usd = np.array([quantity * each for quantity, each in lines], dtype=np.float64)
    spend = spending(
        stage.plan,
        [float(one) for one in usd],
        case.first,
        zone_people=crowd,
        supported_people=helped,
        open_days=open_days,
    )
    total = float(usd.sum())
    ledger = funding(stage.plan, scenario, total)
    unfunded = ledger.unfunded_share if total > 0 else float("nan")
    return {
        "cost": usd,
        "unfunded": np.array(unfunded),
        "spend": spend,
        "firm": firm_money(stage.plan, scenario, case.first, helped.size),
    }


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
