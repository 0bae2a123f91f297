"""Memory and time to gather a study of many members: syria-2017, seven plans, a year.

The members are made up: the first ten are simulated, and their files stand in for all others (as links, so that the disk
holds them once). What is measured is everything after the last simulation: reading the finished work, ranges, differences,
what drives them, and the findings a report is made of. Each size runs in its own process.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from asylia.io.folder import find_case, read_case
from asylia.study.conductor import folders, keep, with_no_zone
from asylia.study.gather import gather
from asylia.study.members import Task, work
from asylia.study.movement import own_rules
from asylia.study.outcome import Piece
from asylia.study.settings import PIECE_MEMBERS, Settings
from asylia.study.store import chunk_path

SIZES = (1_000, 10_000, 100_000)


def measure() -> dict[str, dict[str, float]]:
    """Measure every size: most memory of the process, seconds, and what the finished work would take on disk."""
    found = {}
    for members in SIZES:
        command = [sys.executable, "-m", "benchmarks.members", str(members)]
        found[f"{members:,} members"] = json.loads(
            subprocess.run(command, check=True, capture_output=True, text=True).stdout
        )
    return found


def show(found: dict[str, dict[str, float]]) -> str:
    """Put the figures in a table."""
    head = f"{'':16} {'before, MB':>11} {'most, MB':>9} {'seconds':>8} {'finished work, MB':>18} {'files':>7}"
    return "\n".join(
        [head]
        + [
            f"{name:16} {row['before_mb']:11.0f} {row['most_mb']:9.0f} {row['seconds']:8.1f} "
            f"{row['work_mb']:18,.0f} {row['files']:7,.0f}"
            for name, row in found.items()
        ]
    )


def fabricate(piece: Piece, settings: Settings, where: Mapping[str, Path]) -> float:
    """Write finished work for every member from that of a few; returns what it would take on disk in megabytes."""
    models: dict[int, range] = {}
    size = 0
    for members in settings.chunks:
        model = models.setdefault(len(members), members)
        if model is members:
            repeated = np.arange(len(members)) % len(piece.members)
            arrays = {
                plan: {name: array[repeated] for name, array in own.items()}
                for plan, own in piece.plans.items()
            }
            keep(Piece(members=members, plans=arrays), where)
        for folder in where.values():
            size += chunk_path(folder, model).stat().st_size
            if model is not members:
                os.link(chunk_path(folder, model), chunk_path(folder, members))
    return size / 1e6


def _once(members: int) -> dict[str, float]:
    case = read_case(find_case("syria-2017"))
    plans = with_no_zone(case, case.plans)
    settings = Settings(members=members, days=365, seed=7, movement=own_rules(case))
    piece = work(Task(case=case, plans=plans, settings=settings, members=range(PIECE_MEMBERS)))
    with tempfile.TemporaryDirectory() as folder:
        where = folders(case, plans, settings, Path(folder))
        megabytes = fabricate(piece, settings, where)
        before = _peak_mb()
        started = time.perf_counter()
        gather(case, plans, settings, where, Path(folder))
        return {
            "before_mb": before,
            "most_mb": _peak_mb(),
            "seconds": time.perf_counter() - started,
            "work_mb": megabytes,
            "files": len(settings.chunks) * len(plans),
        }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    json.dump(_once(int(sys.argv[1])), sys.stdout)
