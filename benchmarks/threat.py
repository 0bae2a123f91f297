"""Cost of fighting, attack and overrun: ten plans, a thousand paths of 52 weeks; and of one path with people who move.

The first is what changes with a prior. The second is the whole coupled engine, which a changed prior repeats only for the plans
it moves (`study.conductor.pressing`). Processor time of one core; on two cores the work is shared evenly.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace

from asylia.io.folder import find_case, read_case
from asylia.model.case import Case
from asylia.model.plan import Plan
from asylia.model.scenario import draw_member
from asylia.study.members import Task, all_stages, apply_pressure, fit_field, met_fighting, work
from asylia.study.movement import own_rules
from asylia.study.settings import Settings

PLANS = 10
PATHS = 1000
COUPLED = 10
DAYS = 364
LATER = dt.timedelta(weeks=3)


def measure() -> dict[str, float]:
    """Measure both, in processor seconds, after everything is compiled."""
    case = read_case(find_case("syria-2017"))
    plans = ten_plans(case)
    settings = Settings(members=PATHS, days=DAYS, seed=1, movement=own_rules(case))
    # what all paths share is prepared once a worker, not once a path
    piece = Task(case=case, plans=plans, settings=settings, members=range(1), key="benchmark")
    work(piece)
    found = {
        "plans": float(PLANS),
        "zones": float(sum(len(plan.zones) for plan in plans)),
        "paths": float(PATHS),
    }
    found["pressure_s"] = _pressure(case, plans, settings)
    started = time.process_time()
    work(replace(piece, members=range(1, COUPLED + 1)))
    found["coupled_s_a_path"] = (time.process_time() - started) / COUPLED
    return found


def ten_plans(case: Case) -> tuple[Plan, ...]:
    """Make ten plans that all move people differently: those of the case with zones, then three weeks later, then a zone fewer.

    None is a copy of another: plans with the same zones would share their people's ways and make the cost look smaller.
    """
    zoned = [plan for plan in case.plans if plan.zones]
    rounds = [(_as_planned, _later, _fewer)[n // len(zoned)](zoned[n % len(zoned)]) for n in range(PLANS)]
    return tuple(replace(plan, id=f"plan-{n}") for n, plan in enumerate(rounds))


def _as_planned(plan: Plan) -> Plan:
    return plan


def _later(plan: Plan) -> Plan:
    return replace(plan, zones=tuple(replace(zone, opens=zone.opens + LATER) for zone in plan.zones))


def _fewer(plan: Plan) -> Plan:
    """Leave out the last zone, with the services that are for it."""
    kept = plan.zones[:-1]
    ids = {"", *(zone.id for zone in kept)}
    return replace(plan, zones=kept, services=tuple(one for one in plan.services if one.zone in ids))


def _pressure(case: Case, plans: tuple[Plan, ...], settings: Settings) -> float:
    started = time.process_time()
    field, stages = fit_field(case), all_stages(case, plans)
    task = Task(case=case, plans=plans, settings=settings, members=range(PATHS))
    for member in task.members:
        scenario = draw_member(case.rules, member, settings.seed)
        fighting = met_fighting(field, task, stages, member)
        for each in stages:
            apply_pressure(task, each, scenario, fighting)
    return time.process_time() - started


def show(found: dict[str, float]) -> str:
    """Write the figures down."""
    return (
        f"{found['plans']:.0f} plans with {found['zones']:.0f} zones, {found['paths']:,.0f} paths of 52 weeks: fighting, attack and "
        f"overrun {found['pressure_s']:.1f} s of one core; with people who move {found['coupled_s_a_path']:.2f} s a path"
    )
