"""Maximal covering: ours to a certified 0.1 %, HiGHS on the same arrays, and spopt with CBC end to end.

Clustered settlements in 400 x 300 km, people lognormal, way 1.3 times the straight line, reach 45 km. Processor seconds
on one thread; every row in a process of its own, each land drawn with several seeds. HiGHS and spopt are asked for the
same 0.1 % as we are; where HiGHS is out of time its ratio is "more than". Distances are given to all three. spopt runs
where ASYLIA_SPOPT_PYTHON names a Python that has it.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from asylia.model.siting import Covering
from asylia.siting.highs import Program, State, minimise
from asylia.siting.named import solve

PEER = "ASYLIA_SPOPT_PYTHON"
PEER_SECONDS = 900
HIGHS_SECONDS = 600.0
REACH_KM = 45.0
DETOUR = 1.3
GAP = 1e-3

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What is measured: settlements, sites to choose from, zones; seeds of the land, and those with which peers run."""

    settlements: int
    sites: int
    p: int
    seeds: tuple[int, ...] = (1, 2, 3)
    peer_seeds: tuple[int, ...] = (1,)
    spopt: bool = False


SIZES = {
    "200 x 50, 8 zones": Size(settlements=200, sites=50, p=8, peer_seeds=(1, 2, 3), spopt=True),
    "1,000 x 200, 15 zones": Size(
        settlements=1_000, sites=200, p=15, seeds=(1, 2, 3, 4, 5, 6), peer_seeds=(1, 2, 3), spopt=True
    ),
    "20,000 x 1,000, 20 zones": Size(settlements=20_000, sites=1_000, p=20),
    "20,000 x 1,000, 30 zones": Size(settlements=20_000, sites=1_000, p=30),
    "20,000 x 1,000, 60 zones": Size(settlements=20_000, sites=1_000, p=60),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Land:
    """Where settlements and sites lie, float64 (row, 2) in km, and how many people live in each settlement."""

    settlements: NDArray[np.float64]
    people: NDArray[np.int64]
    sites: NDArray[np.float64]


def make_land(size: Size, seed: int = 1) -> Land:
    """Draw clusters of 12 km around 30 middles; sites are drawn alike."""
    random = np.random.default_rng(seed)
    middles = random.random((30, 2)) * (400.0, 300.0)

    def spots(count: int) -> NDArray[np.float64]:
        found = middles[random.integers(0, 30, count)] + random.normal(0.0, 12.0, (count, 2))
        return np.clip(found, 0.0, (400.0, 300.0))

    settlements = spots(size.settlements)
    people = np.maximum(1, random.lognormal(5.0, 1.1, size.settlements)).astype(np.int64)
    return Land(settlements=settlements, people=people, sites=spots(size.sites))


def covering(land: Land, p: int) -> Covering:
    """List the sites within reach of each settlement."""
    near = KDTree(land.settlements).query_ball_point(land.sites, REACH_KM / DETOUR)
    within = [np.array(one, dtype=np.int64) for one in near]
    owners = np.concatenate(within)
    sites = np.repeat(np.arange(len(within)), np.array([one.size for one in within]))
    reach = sites[np.argsort(owners, kind="stable")]
    counts = np.bincount(owners, minlength=land.people.size)
    starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts)))
    return Covering(people=land.people, starts=starts, reach=reach, site_count=land.sites.shape[0], p=p)


def whole_program(problem: Covering) -> Program:
    """Write the problem for HiGHS: columns are the sites, then the share of each settlement left uncovered."""
    count, sites = problem.people.size, problem.site_count
    own = np.arange(count)
    columns = np.insert(problem.reach, problem.starts[1:], sites + own)
    return Program(
        cost=np.concatenate((np.zeros(sites), problem.people)),
        lower=np.zeros(sites + count),
        upper=np.ones(sites + count),
        row_lower=np.concatenate((np.ones(count), [problem.p])),
        row_upper=np.concatenate((np.full(count, np.inf), [problem.p])),
        starts=np.concatenate((problem.starts + np.arange(count + 1), [columns.size + sites])),
        columns=np.concatenate((columns, np.arange(sites))),
        values=np.ones(columns.size + sites),
        whole=np.arange(sites + count) < sites,
        # the gap is a share of the people covered, as ours is
        constant=-float(problem.people.sum()),
    )


def measure() -> dict[str, Figures]:
    """Measure every size: ours, HiGHS, and spopt or the reason why not."""
    found: dict[str, Figures] = {}
    for name, size in SIZES.items():
        for seed in size.seeds:
            row: Figures = {"ours": _beside(name, "ours", seed)}
            if seed in size.peer_seeds:
                row["highs"] = _beside(name, "highs", seed)
                if size.spopt:
                    row["spopt"] = _peer(size, seed)
            found[f"{name}, seed {seed}"] = row
    return found


def show(found: dict[str, Figures]) -> str:
    """Write the figures as a table."""
    lines = []
    for name, row in found.items():
        ours = row["ours"]
        lines.append(_line(name, "ours", ours["seconds"], ours, ours))
        if "highs" in row:
            lines.append(_line("", "HiGHS", row["highs"]["seconds"], row["highs"], ours))
        peer = row.get("spopt")
        if peer and "skipped" in peer:
            lines.append(f"{'':26}spopt skipped: {peer['skipped']}")
        elif peer:
            lines.append(_line("", "spopt", peer["seconds"], peer, ours))
            lines.append(
                _line("", "spopt, imports not counted", peer["seconds"] - peer["import_s"], peer, ours)
            )
    return "\n".join(lines)


def _line(name: str, who: str, seconds: float, row: Figures, ours: Figures) -> str:
    gap = "" if row.get("gap") is None else f"gap {row['gap']:.4%}"
    memory = f"{row['megabytes']:6.0f} MB" if "megabytes" in row else ""
    value = "no plan" if row["value"] is None else f"{row['value']:,.0f}"
    more = "more than " if row.get("late") else ""
    ratio = "" if row is ours else f"  {more}{seconds / ours['seconds']:.0f} x ours"
    return f"{name:34}{who:28}{seconds:9.3f} s{value:>12} people  {gap:14}{memory}{ratio}"


def _beside(name: str, who: str, seed: int) -> Figures:
    command = [sys.executable, "-m", "benchmarks.siting", name, who, str(seed)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    row: Figures = json.loads(done.stdout)
    return row


def _peer(size: Size, seed: int) -> Figures:
    python = os.environ.get(PEER)
    if not python:
        return {"skipped": f"{PEER} names no Python that has it"}
    land = make_land(size, seed)
    distance = DETOUR * np.linalg.norm(land.settlements[:, None] - land.sites[None], axis=2)
    script = str(Path(__file__).with_name("siting_peer.py"))
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder, "land.npz"))
        np.savez(file, distance=distance, people=land.people, p=size.p, radius=REACH_KM)
        command = [python, script, file, str(GAP)]
        try:
            done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PEER_SECONDS)
        except (OSError, subprocess.SubprocessError) as error:
            return {"skipped": f"it did not run: {error}"}
    row: Figures = json.loads(done.stdout)
    return {**row, "seconds": row["import_s"] + row["build_s"] + row["solve_s"]}


def _once(size: Size, who: str, seed: int) -> Figures:
    small = covering(make_land(SIZES["1,000 x 200, 15 zones"]), 15)
    _ours(small)  # compiles, or reads the cache; this land takes every step, branching too
    problem = covering(make_land(size, seed), size.p)
    if who == "highs":
        minimise(whole_program(small))  # imports HiGHS
    started = time.process_time()
    row = _ours(problem) if who == "ours" else _highs(problem)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": time.process_time() - started, "megabytes": memory, "ways": problem.reach.size, **row}


def _ours(problem: Covering) -> Figures:
    certificate = solve(problem, gap=GAP, seconds=60.0).certificate
    return {"value": certificate.value, "bound": certificate.bound, "gap": certificate.gap}


def _highs(problem: Covering) -> Figures:
    found = minimise(whole_program(problem), gap=GAP, seconds=HIGHS_SECONDS)
    late = found.state is State.TIME
    if found.plan is None:
        return {"value": None, "bound": None, "gap": None, "late": late}
    gap = (found.value - found.bound) / abs(found.value) if found.value else None
    return {"value": -found.value, "bound": -found.bound, "gap": gap, "late": late}


if __name__ == "__main__":
    json.dump(_once(SIZES[sys.argv[1]], sys.argv[2], int(sys.argv[3])), sys.stdout)
