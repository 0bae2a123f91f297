"""Cost of holding needs against provision: 10,000 zone-days for 200 members, with nothing stated and with everything stated.

The question: does a study wait for it? Processor time, the least of several runs.
"""

from __future__ import annotations

import datetime as dt
import time

import numpy as np

from asylia.model.plan import Plan, Service, Zone
from asylia.model.scenario import Scenario
from asylia.model.uncertain import Uncertain
from asylia.need.needs import measure_many
from asylia.need.profiles import profile

FIRST = dt.date(2017, 2, 23)
MEMBERS, ZONES, DAYS = 200, 25, 400
RUNS = 3


def make_plan(*, stated: bool) -> Plan:
    """Make a plan that states an amount for every need of every zone, growing over thirty days; or nothing."""
    amount = Uncertain(low=1_000, high=50_000)
    return Plan(
        id="p",
        title="",
        summary="",
        zones=tuple(
            Zone(id=f"z{zone:02d}", name="", place="p", capacity_people=amount, opens=FIRST)
            for zone in range(ZONES)
        ),
        services=tuple(
            Service(
                sector="any",
                indicator=need.standard.id,
                provides_for_people=amount,
                ready=FIRST + dt.timedelta(days=20),
                ramp_up_days=30,
            )
            for need in profile("emergency")
        )
        if stated
        else (),
    )


def measure() -> dict[str, dict[str, float]]:
    """Measure both plans: processor seconds of 10,000 zone-days for 200 members, all needs of the emergency profile."""
    needs = profile("emergency")
    scenarios = [Scenario(seed=1, member=member, values={}) for member in range(MEMBERS)]
    days = np.arange(DAYS)
    size = np.linspace(5_000, 60_000, MEMBERS * ZONES).reshape(MEMBERS, ZONES, 1)
    crowd = (size * (1 - np.exp(-days / 60)) * (1 + 0.1 * np.sin(days / 9))).astype(np.int64)
    found = {}
    for name, stated in (("nothing stated", False), ("everything stated", True)):
        plan = make_plan(stated=stated)
        measure_many(crowd[:1], plan, scenarios[:1], needs, FIRST)
        spent = []
        for _ in range(RUNS):
            started = time.process_time()
            measure_many(crowd, plan, scenarios, needs, FIRST)
            spent.append(time.process_time() - started)
        found[name] = {
            "zone_days": float(ZONES * DAYS),
            "members": float(MEMBERS),
            "needs": float(len(needs)),
            "seconds": min(spent),
        }
    return found


def show(found: dict[str, dict[str, float]]) -> str:
    """Write the figures as a table."""
    head = f"{'':20}{'zone-days':>10}{'members':>9}{'needs':>7}{'seconds':>9}"
    lines = [
        f"{name:20}{row['zone_days']:10,.0f}{row['members']:9.0f}{row['needs']:7.0f}{row['seconds']:9.2f}"
        for name, row in found.items()
    ]
    return "\n".join([head, *lines])
