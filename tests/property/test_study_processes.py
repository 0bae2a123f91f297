"""Processes on this machine: what a killed one was at is done again, and none outlives the study."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from asylia.core.errors import RunError
from asylia.report import write_report
from asylia.study.choose_executor import choose
from asylia.study.conductor import compare
from asylia.study.executors import AHEAD, MOST_LOSSES, Processes, Serial
from asylia.testing import tiny_case

MEMBERS = 42


def die_once(item: tuple[int, str]) -> int:
    """Kill one's own process at the third piece, the first time."""
    number, folder = item
    mark = Path(folder) / "killed"
    if number == 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_always(_item: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def note(item: tuple[int, str]) -> int:
    (Path(item[1]) / str(item[0])).touch()
    return item[0]


def test_work_lost_with_a_process_is_done_again(tmp_path: Path):
    found = list(Processes(workers=2).map(die_once, [(n, str(tmp_path)) for n in range(9)]))
    assert (tmp_path / "killed").exists()
    assert sorted(found) == list(range(9))


def test_work_that_kills_every_process_ends_the_study():
    with pytest.raises(RunError, match=rf"{MOST_LOSSES} times in a row.*--workers 1"):
        list(Processes(workers=1).map(die_always, [1]))


def test_few_pieces_are_under_way_at_once(tmp_path: Path):
    results = Processes(workers=1).map(note, [(n, str(tmp_path)) for n in range(30)])
    next(results)
    time.sleep(0.3)
    assert len(list(tmp_path.iterdir())) <= AHEAD + 1
    results.close()


def test_one_worker_needs_no_process():
    assert choose("processes", 1) == choose("serial", 8) == Serial()
    assert choose("processes", 3) == Processes(workers=3)


KILLED = """
import multiprocessing, os, signal, sys
from pathlib import Path
from asylia.study.choose_executor import choose
from asylia.study.conductor import compare
from asylia.testing import tiny_case
def die(done, total):
    if done >= 20:
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
if __name__ == "__main__":
    compare(tiny_case(), members=42, seed=7, runs=Path(sys.argv[1]), progress=die, workers=2)
"""


def written(folder: Path, **how) -> dict[str, bytes]:
    write_report(compare(tiny_case(), members=MEMBERS, seed=7, **how), folder)
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def gone(process: int) -> bool:
    """Tell whether a process has ended; one that nobody waited for still has a number."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def test_a_study_killed_with_its_processes_at_work_resumes(tmp_path: Path):
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    killed = subprocess.run([sys.executable, script, tmp_path / "runs"], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    children = [int(number) for number in killed.stdout.split()]
    until = time.monotonic() + 20
    while time.monotonic() < until and not all(gone(child) for child in children):
        time.sleep(0.05)
    assert children
    assert [child for child in children if not gone(child)] == []
    told: list[int] = []
    found = written(
        tmp_path / "resumed", workers=2, runs=tmp_path / "runs", progress=lambda done, _: told.append(done)
    )
    assert told[0] >= 20
    assert found == written(tmp_path / "serial")
    assert not [path for path in (tmp_path / "runs").rglob("*") if path.name.startswith(".")]
