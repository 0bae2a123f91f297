"""Cost of the displacement engine: by people, places, days and zones.

The question: does it grow with the number of people? Processor time, so that other work on the machine counts less; the
least of several members is shown beside the mean.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from asylia.core.draws import Stream
from asylia.model.scenario import Scenario, draw
from asylia.move.run import simulate
from asylia.move.world import Ground, build, prepare
from benchmarks.network import make_case, make_events, make_plan

MEMBERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What is measured."""

    places: int = 57
    days: int = 365
    zones: int = 4
    times: int = 1


SIZES = {
    "people x 1": Size(),
    "people x 10": Size(times=10),
    "people x 100": Size(times=100),
    "places 15": Size(places=15),
    "places 120": Size(places=120),
    "places 240": Size(places=240),
    "days 90": Size(days=90),
    "days 730": Size(days=730),
    "no zone": Size(zones=0),
}


def measure() -> dict[str, dict[str, float]]:
    """Measure every size: milliseconds to prepare and build, microseconds a member and day, first call in seconds."""
    started = time.process_time()
    _run(Size(days=7), 1)
    first = time.process_time() - started
    found = {name: _run(size, MEMBERS) for name, size in SIZES.items()}
    found["people x 1"]["first_call_s"] = first
    return found


def _run(size: Size, members: int) -> dict[str, float]:
    case, plan = make_case(size.places, size.times), make_plan(size.zones, size.times)
    started = time.process_time()
    ground = prepare(case, plan)
    prepared = time.process_time() - started
    spent = []
    for scenario in draw(case.rules, members, seed=int(Stream.UNCERTAIN)):
        events = make_events(case, -(-size.days // 7), scenario.member)
        spent.append(_once(size, scenario, ground, events))
    built, ran = np.array(spent).T
    return {
        "prepare_ms": prepared * 1e3,
        "build_ms": float(built.mean()) * 1e3,
        "mean_us_per_member_day": float(ran.mean()) / size.days * 1e6,
        "least_us_per_member_day": float(ran.min()) / size.days * 1e6,
    }


def _once(size: Size, scenario: Scenario, ground: Ground, events: np.ndarray) -> tuple[float, float]:
    case, plan = make_case(size.places, size.times), make_plan(size.zones, size.times)
    falls = np.full(size.zones, -1, dtype=np.int64)
    start = time.process_time()
    world = build(case, plan, scenario, event_paths=events, overrun_days=falls, days=size.days, ground=ground)
    middle = time.process_time()
    simulate(world)
    return middle - start, time.process_time() - middle


def show(found: dict[str, dict[str, float]]) -> str:
    """Write the figures as a table."""
    head = f"{'':14}{'prepare ms':>12}{'build ms':>10}{'us per member and day':>24}{'least':>8}"
    lines = [
        f"{name:14}{row['prepare_ms']:12.1f}{row['build_ms']:10.2f}"
        f"{row['mean_us_per_member_day']:24.0f}{row['least_us_per_member_day']:8.0f}"
        for name, row in found.items()
    ]
    first = found["people x 1"]["first_call_s"]
    return "\n".join([head, *lines, f"first call, compiled or read from the cache: {first:.1f} s"])
