"""Cost of the displacement engine: by people, places, days, members, plans and zones, each size in a process of its own.

The question: does it grow with the number of people? Processor time, so that other work on the machine counts less; of
several members the least is shown beside the mean. The most memory is that of the whole process, libraries included.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass

import numpy as np

from asylia.core.draws import Stream
from asylia.model.scenario import Scenario, draw
from asylia.move.run import simulate_all
from asylia.move.world import Ground, build_all, prepare_all
from benchmarks.network import make_case, make_events, make_plan

TOTAL = 23_200_000
"""People of the made-up country of 57 places at `people` of nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What is measured. With several plans, each has zones that open on days of their own."""

    places: int = 57
    days: int = 365
    zones: int = 4
    plans: int = 1
    people: int = TOTAL
    members: int = 10


SIZES = {
    "people 10^4": Size(people=10**4),
    "people 10^5": Size(people=10**5),
    "people 10^6": Size(people=10**6),
    "people 10^7": Size(people=10**7),
    "people 10^8": Size(people=10**8),
    "places 10": Size(places=10),
    "places 100": Size(places=100),
    "places 1,000": Size(places=1000, members=2),
    "places 10,000": Size(places=10_000, members=1, days=90),
    "members 1": Size(members=1),
    "members 100": Size(members=100),
    "members 1,000": Size(members=1000),
    "days 90": Size(days=90),
    "days 730": Size(days=730),
    "no zone": Size(zones=0),
    "plans 5": Size(plans=5),
}


def measure() -> dict[str, dict[str, float]]:
    """Measure every size: milliseconds to prepare and build, microseconds a member, plan and day, most memory."""
    found = {}
    for name in SIZES:
        command = [sys.executable, "-m", "benchmarks.engine", name]
        found[name] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def _run(size: Size) -> dict[str, float]:
    times = size.people / TOTAL
    case = make_case(size.places, times)
    plans = [make_plan(size.zones, times, later=10 * number) for number in range(size.plans)]
    started = time.process_time()
    grounds = prepare_all(case, plans)
    prepared = time.process_time() - started
    first = next(iter(draw(case.rules, 1, seed=int(Stream.UNCERTAIN))))
    started = time.process_time()
    _once(size, first, grounds, make_events(case, 1, 0), days=7)
    first_call = time.process_time() - started
    spent = []
    for scenario in draw(case.rules, size.members, seed=int(Stream.UNCERTAIN)):
        events = make_events(case, -(-size.days // 7), scenario.member)
        spent.append(_once(size, scenario, grounds, events, days=size.days))
    built, ran = np.array(spent).T
    each = size.days * size.plans
    return {
        "prepare_ms": prepared * 1e3,
        "first_call_s": first_call,
        "build_ms": float(built.mean()) * 1e3,
        "mean_us": float(ran.mean()) / each * 1e6,
        "least_us": float(ran.min()) / each * 1e6,
        "all_members_s": float(built.sum() + ran.sum()),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _once(
    size: Size, scenario: Scenario, grounds: tuple[Ground, ...], events: np.ndarray, *, days: int
) -> tuple[float, float]:
    falls = [np.full(size.zones, -1, dtype=np.int64)] * size.plans
    start = time.process_time()
    worlds = build_all(grounds, scenario, event_paths=events, overrun_days=falls, days=days)
    middle = time.process_time()
    simulate_all(worlds)
    return middle - start, time.process_time() - middle


def show(found: dict[str, dict[str, float]]) -> str:
    """Write the figures as a table."""
    head = (
        f"{'':14}{'prepare ms':>12}{'build ms':>10}{'us a member, plan and day':>28}{'least':>8}"
        f"{'all members s':>16}{'MB':>8}"
    )
    lines = [
        f"{name:14}{row['prepare_ms']:12.1f}{row['build_ms']:10.2f}{row['mean_us']:28.1f}{row['least_us']:8.1f}"
        f"{row['all_members_s']:16.2f}{row['megabytes']:8.0f}"
        for name, row in found.items()
    ]
    slowest = max(row["first_call_s"] for row in found.values())
    return "\n".join([head, *lines, f"first call, compiled or read from the cache: {slowest:.1f} s at most"])


if __name__ == "__main__":
    json.dump(_run(SIZES[sys.argv[1]]), sys.stdout)
