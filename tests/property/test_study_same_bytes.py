"""The same seed gives the same bytes: with any number of workers, after a kill, and from the stored work alone."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from asylia.report import write_report
from asylia.study.conductor import compare
from asylia.study.record import again, save_record
from asylia.testing import tiny_case

MEMBERS = 22


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _written(tmp_path: Path, name: str, **how) -> dict[str, bytes]:
    findings = compare(tiny_case(), members=MEMBERS, seed=7, **how)
    write_report(findings, tmp_path / name)
    return _bytes(tmp_path / name)


@pytest.fixture(scope="module")
def expected(tmp_path_factory) -> dict[str, bytes]:
    return _written(tmp_path_factory.mktemp("expected"), "one")


def test_two_workers_give_the_bytes_of_one(tmp_path: Path, expected):
    assert _written(tmp_path, "two", workers=2) == expected


def test_lost_and_damaged_work_is_done_again(tmp_path: Path, expected):
    assert _written(tmp_path, "first", runs=tmp_path / "runs") == expected
    stored = sorted((tmp_path / "runs").rglob("members-*.npz"))
    stored[0].unlink()
    stored[-1].write_bytes(stored[-1].read_bytes()[:100])
    untouched = {path: path.stat().st_mtime_ns for path in stored[1:-1]}
    assert _written(tmp_path, "second", runs=tmp_path / "runs") == expected
    assert {path: path.stat().st_mtime_ns for path in untouched} == untouched


def test_finished_work_is_not_repeated(tmp_path: Path):
    told: list[tuple[int, int]] = []
    compare(tiny_case(), members=MEMBERS, seed=7, runs=tmp_path)
    compare(
        tiny_case(),
        members=MEMBERS,
        seed=7,
        runs=tmp_path,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(2 * MEMBERS, 2 * MEMBERS)]


def test_more_members_keep_the_first_ones(tmp_path: Path):
    few = compare(tiny_case(), members=10, seed=7, runs=tmp_path)
    told: list[tuple[int, int]] = []
    many = compare(tiny_case(), members=20, seed=7, runs=tmp_path, progress=lambda *how: told.append(how))
    assert told[0] == (20, 40)
    assert few.manifest["members"] == 10
    assert many.manifest["members"] == 20


KILLED = """
import os, signal, sys
from pathlib import Path
from asylia.study.conductor import compare
from asylia.testing import tiny_case
def die(done, total):
    if done >= 20:
        os.kill(os.getpid(), signal.SIGKILL)
compare(tiny_case(), members=22, seed=7, runs=Path(sys.argv[1]), progress=die)
"""


def test_a_killed_run_resumes_and_loses_nothing(tmp_path: Path, expected):
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "runs")], check=False, capture_output=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    finished = list((tmp_path / "runs").rglob("members-*.npz"))
    assert finished
    told: list[tuple[int, int]] = []
    findings = compare(
        tiny_case(), members=MEMBERS, seed=7, runs=tmp_path / "runs", progress=lambda *how: told.append(how)
    )
    assert told[0][0] >= 20
    write_report(findings, tmp_path / "resumed")
    assert _bytes(tmp_path / "resumed") == expected
    assert not list((tmp_path / "runs").rglob(".writing-*"))


@pytest.mark.slow
def test_the_command_killed_from_outside_resumes(tmp_path: Path):
    command = [sys.executable, "-m", "asylia", "compare", "syria-2017", "--members", "40", "--days", "120",
               "--workers", "2", "--runs", "runs", "--report", "report", "--json"]  # fmt: skip
    child = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    until = time.monotonic() + 240
    while time.monotonic() < until and not list(tmp_path.rglob("members-*.npz")):
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    resumed = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    again_ = subprocess.run(command, cwd=fresh, check=True, capture_output=True, text=True)
    assert json.loads(resumed.stdout)["plans"] == json.loads(again_.stdout)["plans"]
    assert _bytes(tmp_path / "report") == _bytes(fresh / "report")


def test_a_record_brings_the_findings_back(tmp_path: Path, expected, monkeypatch):
    findings = compare(tiny_case(), members=MEMBERS, seed=7, runs=tmp_path / "runs")
    record = save_record(findings, "tiny", tmp_path / "runs")
    monkeypatch.setattr("asylia.study.record.find_case", Path)
    monkeypatch.setattr("asylia.study.record.read_case", lambda _: tiny_case())
    write_report(again(record), tmp_path / "again")
    assert _bytes(tmp_path / "again") == expected
