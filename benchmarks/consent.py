"""Cost of the search for consent: acceptable sets, Pareto sets under conditions, and NegMAS beside them.

Every row runs in a process of its own, so that its memory is its own. NegMAS runs where ASYLIA_NEGMAS_PYTHON names the
Python of an environment that has it; it enumerates, so it gets the smaller domains, without conditions.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asylia.consent.acceptable import acceptable
from asylia.consent.bargain import nash
from asylia.consent.diagram import build
from asylia.consent.pareto import pareto
from asylia.consent.space import Condition, Space, Variable

VALUES = 10
PEER = "ASYLIA_NEGMAS_PYTHON"
PEER_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What is measured: terms of ten values, actors, conditions over two or three terms, and how often one is met.

    Parameters
    ----------
    target_s
        Seconds it may take.
    """

    terms: int
    actors: int
    conditions: int = 0
    met: float = 0.9
    pareto: bool = True
    target_s: float = 2.0
    peer: bool = False


SIZES = {
    "acceptable 1e7, 8 actors, 60 conditions": Size(
        terms=7, actors=8, conditions=60, pareto=False, target_s=3
    ),
    "the same, met 98 in 100": Size(terms=7, actors=8, conditions=60, met=0.98, pareto=False, target_s=3),
    "Pareto 1e7, 4 actors, 20 conditions": Size(terms=7, actors=4, conditions=20),
    "the same, 60 conditions": Size(terms=7, actors=4, conditions=60),
    "the same, 60 met 98 in 100": Size(terms=7, actors=4, conditions=60, met=0.98),
    "Pareto 1e7, 4 actors": Size(terms=7, actors=4),
    "Pareto 1e12, 3 actors": Size(terms=12, actors=3, target_s=5),
    "Pareto 1e12, 3 actors, 10 conditions": Size(terms=12, actors=3, conditions=10, target_s=5),
    "Pareto 1e4, 3 actors": Size(terms=4, actors=3, peer=True),
    "Pareto 1e5, 2 actors": Size(terms=5, actors=2, peer=True),
    "Pareto 1e5, 4 actors": Size(terms=5, actors=4, peer=True),
    "Pareto 1e6, 2 actors": Size(terms=6, actors=2, peer=True),
}

Figures = dict[str, Any]


def measure() -> dict[str, Figures]:
    """Measure every size in its own process; the peer beside, or the reason why not."""
    return {name: _beside(name) for name in SIZES}


def show(found: dict[str, Figures]) -> str:
    """Write the figures as a table."""
    head = f"{'':42}{'s':>8}{'target':>8}{'MB':>6}{'found':>10}{'NegMAS s':>10}{'MB':>6}  same"
    return "\n".join([head, *(_line(name, row) for name, row in found.items())])


def _line(name: str, row: Figures) -> str:
    own = f"{name:42}{row['seconds']:8.3f}{row['target_s']:8.0f}{row['megabytes']:6.0f}{row['found']:10}"
    peer = row.get("negmas")
    if peer is None:
        return own
    if "skipped" in peer:
        return f"{own}  NegMAS skipped: {peer['skipped']}"
    return (
        f"{own}{peer['seconds']:10.2f}{peer['megabytes']:6.0f}  {peer['same_pareto'] and peer['same_nash']}"
    )


def _beside(name: str) -> Figures:
    command = [sys.executable, "-m", "benchmarks.consent", name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    row: Figures = json.loads(done.stdout)
    vectors, nash_vectors = row.pop("vectors"), row.pop("nash")
    if SIZES[name].peer:
        row["negmas"] = _peer(SIZES[name], vectors, nash_vectors)
    return row


def _peer(size: Size, vectors: list[list[float]], nash_vectors: list[list[float]]) -> Figures:
    python = os.environ.get(PEER)
    if not python:
        return {"skipped": f"{PEER} names no Python that has it"}
    scores = make_scores(size)
    least = no_deal(scores)
    asked = json.dumps({"scores": [own.tolist() for own in scores], "no_deal": least.tolist()})
    script = str(Path(__file__).with_name("negmas_peer.py"))
    try:
        done = subprocess.run(
            [python, script], input=asked, check=True, capture_output=True, text=True, timeout=PEER_SECONDS
        )
    except (OSError, subprocess.SubprocessError) as error:
        return {"skipped": f"it did not run: {error}"}
    peer: Figures = json.loads(done.stdout)
    return {
        "seconds": peer["seconds"],
        "megabytes": peer["megabytes"],
        "found": len(peer["pareto"]),
        # The peer leaves out what is below somebody's disagreement point.
        "same_pareto": _rounded(peer["pareto"]) == _rounded([v for v in vectors if (v >= least).all()]),
        "same_nash": _rounded(peer["nash"]) == _rounded(nash_vectors),
    }


def _rounded(points: list[list[float]]) -> set[tuple[float, ...]]:
    return {tuple(round(part, 6) for part in point) for point in points}


def make_space(size: Size) -> Space:
    """Make terms of ten values."""
    values = tuple(f"x{value}" for value in range(VALUES))
    return Space(
        variables=tuple(Variable(name=f"v{n}", term=f"v{n}", values=values) for n in range(size.terms))
    )


def make_conditions(size: Size) -> list[Condition]:
    """Draw conditions over two or three terms; each combination is met or not by chance."""
    random = np.random.default_rng(size.terms)
    found = []
    for number in range(size.conditions):
        scope = tuple(sorted(random.choice(size.terms, int(random.integers(2, 4)), replace=False).tolist()))
        table = random.random((VALUES,) * len(scope)) < size.met
        actor = f"a{number % size.actors}"
        found.append(
            Condition(id=f"c{number}", actor=actor, statement=f"c{number}", scope=scope, table=table)
        )
    return found


def make_scores(size: Size) -> list[NDArray[np.float64]]:
    """Draw what each value is worth to each actor, to six decimals."""
    random = np.random.default_rng(size.actors)
    return [random.random((VALUES, size.actors)).round(6) for _ in range(size.terms)]


def no_deal(scores: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Put the disagreement point above every actor's least: NegMAS replaces one below it without saying so."""
    least, most = sum(own.min(axis=0) for own in scores), sum(own.max(axis=0) for own in scores)
    return np.asarray(least + (most - least) * 0.2)


def _once(size: Size) -> Figures:
    _work(Size(terms=3, actors=size.actors, conditions=1, pareto=size.pareto))  # compiles, or reads the cache
    started = time.perf_counter()
    found, vectors, best = _work(size)
    return {
        "seconds": time.perf_counter() - started,
        "target_s": size.target_s,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "found": found,
        "vectors": vectors,
        "nash": best,
    }


def _work(size: Size) -> tuple[int, list[list[float]], list[list[float]]]:
    space, conditions = make_space(size), make_conditions(size)
    if not size.pareto:
        return acceptable(space, conditions).count, [], []
    scores = make_scores(size)
    front = pareto(build(space, conditions), scores)
    best = front.scores[nash(front.scores, no_deal(scores))]
    return len(front.scores), front.scores.tolist(), best.tolist()


if __name__ == "__main__":
    json.dump(_once(SIZES[sys.argv[1]]), sys.stdout)
