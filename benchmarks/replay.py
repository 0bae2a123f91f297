"""The `flee` rule set beside the released peer (flee 3.1, in its own process and environment), in the same run.

The peer's Python is named by ASYLIA_FLEE_PYTHON; without it, one is looked for and else made in `.venv/flee-peer`, which git
does not keep. Where that cannot be done, the peer's columns stay empty and the reason is printed. Times are processor
seconds of the days alone, after compiling, without reading or preparing; ours are the least of several members.

The peer simulates agents and works at a speed of agent-days; ours moves groups, so its agent-days a second grow with the
people. The recorded conflicts are those of the shared data, where there are any.
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

from asylia.io.flee import read_flee, write_flee
from asylia.model.replay import Replay
from asylia.move.flee.ground import prepare
from asylia.move.flee.run import replay_days
from benchmarks.made_conflict import made_conflict, scaled

ROOT = Path(__file__).resolve().parents[1]
RECORDED = ROOT.parent / "shared" / "data" / "flee_conflicts"
OWN_PEER = ROOT / ".venv" / "flee-peer"
DAYS, MEMBERS = 120, 5
SEED = 1
MEASURED_MALI_S = 75.0
"""The peer's head on full-size Mali 2012, CPU seconds: research note on the peer, section 4."""
MADE = (1_000, 10_000, 100_000)
MANY = (1_000_000, 100_000_000)
Row = dict[str, float | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Where the peer runs, or why it does not."""

    python: str
    reason: str


def measure() -> dict[str, Row]:
    """Measure made-up and recorded conflicts: CPU seconds, agent-days a CPU second of both, their ratio, memory."""
    peer = find_peer()
    found: dict[str, Row] = {"peer": {"reason": peer.reason}}
    with tempfile.TemporaryDirectory(prefix="asylia-flee-") as room:
        for people in MADE + MANY:
            conflict = made_conflict(people, DAYS)
            row = _ours(conflict)
            if people in MADE and not peer.reason:
                folder = Path(room) / f"made-{people}"
                write_flee(conflict, folder)
                row |= _beside(row, peer, folder, _settings(folder), conflict.days)
            found[f"made up, {people:,} people"] = row
    found |= _recorded(peer)
    return found


def find_peer() -> Peer:
    """Find the peer's Python, or make an environment for it."""
    for python in (os.environ.get("ASYLIA_FLEE_PYTHON", ""), str(OWN_PEER / "bin" / "python")):
        if python and _has_peer(python):
            return Peer(python=python, reason="")
    try:
        subprocess.run(
            [sys.executable, "-m", "venv", str(OWN_PEER)], check=True, capture_output=True, timeout=300
        )
        pip = [str(OWN_PEER / "bin" / "python"), "-m", "pip", "install", "--quiet", "flee==3.1"]
        subprocess.run(pip, check=True, capture_output=True, timeout=900)
    except (OSError, subprocess.SubprocessError) as error:
        return Peer(python="", reason=f"the peer is not there and could not be installed: {error}")
    python = str(OWN_PEER / "bin" / "python")
    return Peer(
        python=python, reason="" if _has_peer(python) else "the peer was installed but does not start"
    )


def _has_peer(python: str) -> bool:
    try:
        return (
            subprocess.run([python, "-c", "import flee.flee"], check=False, capture_output=True).returncode
            == 0
        )
    except OSError:
        return False


def _recorded(peer: Peer) -> dict[str, Row]:
    if not RECORDED.is_dir():
        return {"recorded conflicts": {"reason": f"{RECORDED} is not there"}}
    settings, found = RECORDED / "simsetting.yml", {}
    mali, ukraine = (read_flee(RECORDED / name, settings) for name in ("mali2012", "ukraine2022"))
    row = _ours(mali)
    row["times_75_s"] = MEASURED_MALI_S / float(row["cpu_s"])
    if not peer.reason:
        row |= _beside(row, peer, RECORDED / "mali2012", settings, mali.days)
    found["mali2012, full size"] = row
    found["ukraine2022, full size"] = _ours(ukraine)
    for people in (100_000, 100_000_000):
        found[f"ukraine2022, {people:,} people"] = _ours(scaled(ukraine, people))
    return found


def _ours(conflict: Replay) -> Row:
    started = time.process_time()
    ground = prepare(conflict)
    prepared = time.process_time() - started
    history = replay_days(ground, seed=SEED, member=0)
    spent = []
    for member in range(MEMBERS):
        started = time.process_time()
        history = replay_days(ground, seed=SEED, member=member)
        spent.append(time.process_time() - started)
    agent_days = float(history.people.sum() + history.travelling.sum())
    return {
        "cpu_s": min(spent),
        "prepare_s": prepared,
        "agent_days": agent_days,
        "agent_days_per_s": agent_days / min(spent),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _beside(row: Row, peer: Peer, folder: Path, settings: Path, days: int) -> Row:
    """Run the peer on the same folder."""
    script = str(Path(__file__).with_name("flee_peer.py"))
    command = [peer.python, script, str(folder), str(settings), str(days), "1"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
    if done.returncode != 0:
        return {"reason": f"the peer stopped: {done.stderr.strip().splitlines()[-1:]}"}
    peers = json.loads(done.stdout)
    rate = peers["agent_days"] / peers["cpu_s"]
    return {
        "peer_cpu_s": peers["cpu_s"],
        "peer_agent_days_per_s": rate,
        "peer_megabytes": peers["megabytes"],
        "times_the_peer": float(row["agent_days_per_s"]) / rate,
    }


def _settings(folder: Path) -> Path:
    return next(folder.rglob("simsetting.yml"))


def show(found: dict[str, Row]) -> str:
    """Write the figures as a table."""
    names = (
        "cpu_s",
        "agent_days_per_s",
        "megabytes",
        "peer_cpu_s",
        "peer_agent_days_per_s",
        "times_the_peer",
        "times_75_s",
    )
    lines = [f"{'':30}" + "".join(f"{name:>23}" for name in names)]
    for name, row in found.items():
        if name != "peer":
            cells = "".join(f"{_number(row.get(column)):>23}" for column in names)
            lines.append(f"{name:30}{cells}  {row.get('reason', '')}".rstrip())
    small, large = (found.get(f"ukraine2022, {people:,} people", {}) for people in (100_000, 100_000_000))
    if small and large:
        lines.append(
            f"time at 10^8 people over that at 10^5: {float(large['cpu_s']) / float(small['cpu_s']):.2f}"
        )
    if reason := found["peer"]["reason"]:
        lines.append(str(reason))
    return "\n".join(lines)


def _number(value: float | str | None) -> str:
    return (
        ""
        if value is None
        else f"{value:,.4g}"
        if isinstance(value, float) and value < 10_000
        else f"{float(value):,.3g}"
    )
