"""Capacitated siting of many sites: our search with a certified gap, and HiGHS on the whole program with as much time.

Clustered settlements in 400 x 300 km, people lognormal, way 1.3 times the straight line, at most 60 km; an unserved
person counts as 200 km. Sites hold, in number `p` on average, 125 % of all people. Processor seconds on one thread;
every row in a process of its own; our seconds leave out the compiling of kernels, which is done once on a small case.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from asylia.model.siting_network import SitingNetwork
from asylia.siting.extensive import solve_exact
from asylia.siting.instance import Limits, Sites, Ways, Worth, arrange
from asylia.siting.large import solve_large

TRAVEL_KM = 60.0
DETOUR = 1.3
UNSERVED_KM = 200.0

Floats = NDArray[np.float64]
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What is measured; several periods or scenarios bring three sizes, lead times and withdrawn consent along."""

    settlements: int
    sites: int
    p: int
    periods: int = 1
    scenarios: int = 1
    seed: int = 1
    gap: float = 0.01
    seconds: float = 30.0
    highs_seconds: float = 0.0


SIZES = {
    "5,000 x 500, seed 1": Size(settlements=5_000, sites=500, p=30, highs_seconds=90.0),
    "5,000 x 500, seed 2": Size(settlements=5_000, sites=500, p=30, seed=2),
    "5,000 x 500, seed 3": Size(settlements=5_000, sites=500, p=30, seed=3),
    "20,000 x 1,000, seed 1": Size(settlements=20_000, sites=1_000, p=60),
    "20,000 x 1,000, seed 2": Size(settlements=20_000, sites=1_000, p=60, seed=2),
    "20,000 x 1,000, seed 3": Size(settlements=20_000, sites=1_000, p=60, seed=3),
    "12 periods, 10 scenarios, 1,000 x 200": Size(
        settlements=1_000, sites=200, p=15, periods=12, scenarios=10, gap=0.02, seconds=60.0
    ),
    "12 periods, 50 scenarios, 1,000 x 200": Size(
        settlements=1_000, sites=200, p=15, periods=12, scenarios=50, gap=0.02, seconds=60.0
    ),
}


def made(size: Size) -> SitingNetwork:
    """Make a case of the given size."""
    draw = np.random.default_rng(size.seed)
    count = max(5, size.settlements // 100)
    middle = draw.uniform([0, 0], [400, 300], (count, 2))
    home = middle[draw.integers(0, count, size.settlements)] + draw.normal(0, 15, (size.settlements, 2))
    home = np.clip(home, 0, [400, 300])
    people = np.round(draw.lognormal(5, 1, size.settlements)) + 1
    where = home[draw.choice(size.settlements, size.sites, replace=False)] + draw.normal(
        0, 3, (size.sites, 2)
    )
    room = draw.lognormal(0, 0.6, size.sites)
    room *= 1.25 * people.sum() / size.p / room.mean()
    opening = room**0.7
    # all opening together costs about as much as 20 km for everybody
    opening *= people.sum() * 20 / (size.p * opening.mean())
    tree = KDTree(where)
    near = [np.array(tree.query_ball_point(one, TRAVEL_KM / DETOUR), dtype=np.int64) for one in home]
    settlement = np.repeat(np.arange(size.settlements), [one.size for one in near])
    site = np.concatenate(near)
    ways = Ways(settlement=settlement, site=site, cost=DETOUR * np.hypot(*(home[settlement] - where[site]).T))
    if size.periods * size.scenarios > 1:
        return _over_time(size, people, (room, opening), ways)
    sites = Sites(ids=_names(size.sites), capacity=room.astype(np.int64), opening=opening)
    return arrange(_names(size.settlements), people.astype(np.int64), UNSERVED_KM, sites, ways)


def _over_time(size: Size, people: Floats, zones: tuple[Floats, Floats], ways: Ways) -> SitingNetwork:
    """Spread a case over periods and scenarios: three sizes, lead times, withdrawn consent, half the weight on the tail."""
    draw = np.random.default_rng(size.seed + 7)
    room, opening = zones
    steps = draw.normal(0.05, 0.2, (size.scenarios, size.periods))
    level = np.clip(np.cumsum(steps, axis=1) + 0.6, 0.1, 2.0)
    region = draw.integers(0, 6, people.size)
    local = draw.lognormal(0, 0.4, (size.scenarios, 1, 6))
    displaced = np.round(people * level[:, :, None] * local[:, :, region] * 0.8).astype(np.int64)
    usable = np.ones((size.scenarios, size.sites, size.periods), dtype=bool)
    for scenario in range(size.scenarios):
        for site in draw.choice(size.sites, size.sites // 20, replace=False):
            usable[scenario, site, draw.integers(0, size.periods) :] = False
    scale = np.array([0.5, 1.0, 1.6])
    sites = Sites(
        ids=_names(size.sites),
        capacity=np.round(room[:, None] * scale).astype(np.int64),
        opening=opening[:, None] * scale**0.7 * size.periods * 0.5,
        running=opening[:, None] * scale**0.7 * 0.5,
        lead=np.tile([0, 1, 1], (size.sites, 1)),
    )
    return arrange(
        _names(size.settlements),
        displaced,
        UNSERVED_KM,
        sites,
        ways,
        limits=Limits(most_zones=25, usable=usable),
        worth=Worth(tail_weight=0.5, tail_share=0.1),
    )


def _names(count: int) -> list[str]:
    return [f"{number:06}" for number in range(count)]


def measure() -> dict[str, Figures]:
    """Measure every size, ours and HiGHS, each in its own process."""
    found = {}
    for name, size in SIZES.items():
        found[name] = _process(name, "ours")
        if size.highs_seconds:
            found[f"{name}, HiGHS"] = _process(name, "highs")
    return found


def _process(name: str, who: str) -> Figures:
    # threads that wait for each other would be counted as work
    one = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.siting_large", name, who]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=one)
    return dict(json.loads(done.stdout))


def show(found: dict[str, Figures]) -> str:
    """Put the figures in a table."""
    head = f"{'':44} {'ways':>10} {'seconds':>8} {'value':>14} {'bound':>14} {'gap':>7} {'most, MB':>9}"
    return "\n".join(
        [head]
        + [
            f"{name:44} {row['ways']:10,.0f} {row['seconds']:8.1f} {row['value']:14,.0f} {row['bound']:14,.0f} "
            f"{row['gap']:7.2%} {row['most_mb']:9.0f}"
            for name, row in found.items()
        ]
    )


def _once(name: str, who: str) -> Figures:
    size = SIZES[name]
    network = made(size)
    if who == "highs":
        certificate = solve_exact(network, gap=size.gap, seconds=size.highs_seconds).certificate
    else:
        small = Size(settlements=300, sites=30, p=8, periods=size.periods, scenarios=min(size.scenarios, 10))
        solve_large(made(small), rounds=2)
        certificate = solve_large(network, gap=size.gap, seconds=size.seconds).certificate
    return {
        "ways": network.cost.size * size.periods * size.scenarios,
        "seconds": certificate.seconds,
        "value": certificate.value,
        "bound": max(certificate.bound, 0.0),
        "gap": min(certificate.gap, 1.0),
        "why": certificate.why_stopped,
        "most_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    json.dump(_once(sys.argv[1], sys.argv[2]), sys.stdout)
