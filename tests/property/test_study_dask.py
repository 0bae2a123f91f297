"""A study on a Dask cluster: the same bytes, nothing lost with a worker, and a clear word when there is no cluster.

Everything listens on 127.0.0.1 alone, without a dashboard.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from asylia.core.errors import PlanError, RunError
from asylia.report import write_report
from asylia.study import dask_executor
from asylia.study.choose_executor import choose
from asylia.study.conductor import compare
from asylia.study.dask_executor import Dask
from asylia.testing import tiny_case

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")

MEMBERS = 62

# Dask's own: sockets and pools of a cluster that lost a worker on purpose are closed late
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def local(workers: int, *, processes: bool):
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=processes,
        protocol="tcp://",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        silence_logs=50,
    )


@pytest.fixture(scope="module")
def cluster():
    # a worker that was killed is started again; on a busy machine that takes longer than Dask's own 30 seconds
    with dask.config.set({"distributed.comm.timeouts.connect": "120s"}), local(2, processes=True) as made:
        yield made


def address(cluster) -> str:
    return cluster.scheduler_address.replace("tcp://", "dask://")


def written(folder: Path, **how) -> dict[str, bytes]:
    write_report(compare(tiny_case(), members=MEMBERS, seed=7, **how), folder)
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_killed_worker_costs_nothing_and_the_bytes_are_the_same(tmp_path: Path, cluster):
    killed: list[int] = []

    def kill(done: int, _total: int) -> None:
        if done and not killed:
            killed.append(next(iter(cluster.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    found = written(tmp_path / "dask", executor=address(cluster), runs=tmp_path / "runs", progress=kill)
    assert killed
    assert found == written(tmp_path / "serial")
    assert len(list((tmp_path / "runs").rglob("members-*.npz"))) == 2 * 7


def at_work(item: tuple[int, str]) -> int:
    """Leave a mark and take a while; a second attempt leaves a second mark."""
    number, folder = item
    (Path(folder) / f"{number}-{os.getpid()}").touch()
    time.sleep(0.4)
    return number


def kill_one_at_work(marks: Path, found: list[int]) -> None:
    """Kill a worker that is in the middle of a piece."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        for mark in marks.iterdir():
            number, worker = (int(part) for part in mark.name.split("-"))
            if number not in found:
                os.kill(worker, signal.SIGKILL)
                return
        time.sleep(0.01)


def test_work_lost_with_a_worker_is_done_again(tmp_path: Path, cluster):
    found: list[int] = []
    for number in Dask(address=address(cluster)).map(at_work, [(n, str(tmp_path)) for n in range(8)]):
        found.append(number)
        if len(found) == 1:
            kill_one_at_work(tmp_path, found)
    assert sorted(found) == list(range(8))
    assert len(list(tmp_path.iterdir())) > 8


def test_few_pieces_are_under_way_at_once(tmp_path: Path, cluster):
    items = [(n, str(tmp_path)) for n in range(40)]
    first = next(iter(Dask(address=address(cluster)).map(at_work, items)))
    assert first in range(4)
    assert len(list(tmp_path.iterdir())) <= 2 * 2 + 1


def test_a_worker_with_other_code_is_refused(cluster, monkeypatch):
    here = dask_executor.code_in_use()
    other = here.replace(f"numpy {np.__version__}", "numpy 1.0.0")
    monkeypatch.setattr(dask_executor, "code_in_use", lambda: other)
    said = rf"a worker has numpy {np.__version__}; this machine has numpy 1\.0\.0\)\. Install the same"
    with pytest.raises(PlanError, match=said):
        list(Dask(address=address(cluster)).map(abs, [1]))


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_a_scheduler_that_is_not_there_is_said_so_soon():
    began = time.monotonic()
    with pytest.raises(PlanError, match="Start one with `dask scheduler`"):
        list(Dask(address=f"dask://127.0.0.1:{free_port()}", connect_s=1.0).map(abs, [1]))
    assert time.monotonic() - began < 20


def test_a_cluster_without_workers_is_said_so():
    with local(0, processes=False) as empty, pytest.raises(PlanError, match="has at least one worker"):
        list(Dask(address=address(empty), connect_s=1.0).map(abs, [1]))


def test_a_cluster_that_loses_all_workers_is_given_up(tmp_path: Path):
    with local(1, processes=False) as leaving:
        results = Dask(address=address(leaving), patience_s=0.5).map(
            at_work, [(n, str(tmp_path)) for n in range(20)]
        )
        next(results)
        leaving.scale(0)
        with pytest.raises(RunError, match=r"no worker for|was lost on the way"):
            list(results)


@pytest.mark.parametrize("name", ["dusk://h:1", "dask", "dask://", "process", ""])
def test_an_executor_that_does_not_exist_is_a_mistake_of_the_command(name: str):
    with pytest.raises(PlanError, match="executor"):
        choose(name, 2)


def test_dask_that_is_not_installed_is_said_with_the_mend(monkeypatch):
    monkeypatch.setattr(dask_executor, "find_spec", lambda _: None)
    with pytest.raises(PlanError, match=r'pip install "asylia\[cluster\]"'):
        choose("dask://localhost:8786", 2)


KILLED = """
import os, signal, sys
from pathlib import Path
from asylia.study.conductor import compare
from asylia.testing import tiny_case
def die(done, total):
    if done >= 20:
        os.kill(os.getpid(), signal.SIGKILL)
compare(tiny_case(), members=62, seed=7, runs=Path(sys.argv[1]), progress=die, executor=sys.argv[2])
"""


def test_a_study_killed_on_a_cluster_resumes(tmp_path: Path, cluster):
    command = [sys.executable, "-c", KILLED, str(tmp_path / "runs"), address(cluster)]
    killed = subprocess.run(command, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    told: list[int] = []
    found = written(
        tmp_path / "resumed", executor=address(cluster), runs=tmp_path / "runs", progress=lambda d, _: told.append(d)
    )  # fmt: skip
    assert told[0] >= 20
    assert found == written(tmp_path / "serial")
