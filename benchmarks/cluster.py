"""Two Dask workers against one, and against this process alone: syria-2017, seven plans, a year.

A cluster on this machine, one thread a worker, listening on 127.0.0.1 alone. Each worker has compiled before the clock
starts. *Work* is everything until the last piece is written; *whole* adds reading it back and making the findings.
Clusters take turns, and the least of the rounds counts, so that other work on the machine counts less. All must give
the same bytes.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from asylia.io.folder import find_case, read_case
from asylia.study.conductor import compare

MEMBERS, DAYS, ROUNDS = 200, 365, 2
WORKERS = (0, 1, 2)
"""Dask workers; 0 stands for no cluster at all."""

Figures = dict[str, object]


def measure() -> dict[str, Figures]:
    """Measure every number of workers: least seconds of work and whole, times as fast as one, digest of the files."""
    if find_spec("distributed") is None:
        return {"skipped": {"why": "Dask is not installed: the extra cluster"}}
    found: dict[str, Figures] = {}
    for _ in range(ROUNDS):
        for workers in WORKERS:
            with _executor(workers) as executor:
                _study(executor, members=max(10 * workers, 10), days=7)
                work, whole, digest = _study(executor, members=MEMBERS, days=DAYS)
            row = found.setdefault(_name(workers), {"work_s": work, "whole_s": whole, "digest": digest})
            row["work_s"] = min(float(str(row["work_s"])), work)
            row["whole_s"] = min(float(str(row["whole_s"])), whole)
    one = found[_name(1)]
    for row in found.values():
        for kind in ("work", "whole"):
            row[f"{kind}_times"] = float(str(one[f"{kind}_s"])) / float(str(row[f"{kind}_s"]))
    return found


def show(found: dict[str, Figures]) -> str:
    """Put the figures in a table."""
    if "skipped" in found:
        return f"skipped: {found['skipped']['why']}"
    head = f"{'':16} {'work, s':>8} {'times':>6} {'whole, s':>9} {'times':>6}  digest of all files"
    rows = [
        f"{name:16} {row['work_s']:8.1f} {row['work_times']:6.2f} {row['whole_s']:9.1f} {row['whole_times']:6.2f}  "
        f"{row['digest']}"
        for name, row in found.items()
    ]
    return "\n".join([head, *rows])


def _name(workers: int) -> str:
    return f"{workers} Dask worker{'s' if workers > 1 else ''}" if workers else "this process"


@contextmanager
def _executor(workers: int) -> Iterator[str]:
    if not workers:
        yield "serial"
        return
    from distributed import LocalCluster  # noqa: PLC0415 -- an extra, loaded when it is measured

    with LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
    ) as cluster:  # type: ignore[no-untyped-call]  # Dask's are half typed
        yield cluster.scheduler_address.replace("tcp://", "dask://")


def _study(executor: str, *, members: int, days: int) -> tuple[float, float, str]:
    case = read_case(find_case("syria-2017"))
    finished = [0.0]

    def note(_done: int, _total: int) -> None:
        finished[0] = time.perf_counter()

    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        compare(case, members=members, days=days, seed=7, executor=executor, runs=Path(folder), progress=note)
        whole = time.perf_counter() - began
        digest = hashlib.sha256()
        for file in sorted(Path(folder).rglob("members-*.npz")):
            digest.update(file.read_bytes())
    return finished[0] - began, whole, digest.hexdigest()[:12]


if __name__ == "__main__":
    print(show(measure()))
