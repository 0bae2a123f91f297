"""NegMAS's answers on small domains that can be tried whole, kept for a test: `python -m benchmarks.agreement_peer`.

Run it where ASYLIA_NEGMAS_PYTHON names the Python of an environment with NegMAS (AGPL: a process of its own, no part of us).
Domains are drawn from seeds in plain Python, so that the test can draw the same ones without it; only the answers are kept.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from asylia.consent.bargain import nash
from asylia.consent.diagram import build
from asylia.consent.pareto import pareto
from asylia.consent.space import Space, Variable

DOMAINS: Final = 60
ANSWERS: Final = Path(__file__).parents[1] / "tests" / "validation" / "negmas_answers.json"

Scores = list[list[list[float]]]
"""Issue, value, actor."""


def domain(seed: int) -> tuple[Scores, list[float]]:
    """Draw an additive domain of 4 to 3,125 packages and two to four actors, and a disagreement point.

    It lies above every actor's least: NegMAS replaces one below it without saying so.
    """
    luck = random.Random(seed)  # noqa: S311 - no secret
    actors = luck.randint(2, 4)
    sizes = [luck.randint(2, 5) for _ in range(luck.randint(2, 5))]
    # Few different scores on some domains, so that ties are compared too; powers of two, so that sums are exact
    levels = luck.choice((4, 16, 2**20))
    scores = [
        [[luck.randint(0, levels) / levels for _ in range(actors)] for _ in range(size)] for size in sizes
    ]
    least = [sum(min(value[a] for value in issue) for issue in scores) for a in range(actors)]
    most = [sum(max(value[a] for value in issue) for issue in scores) for a in range(actors)]
    share = luck.choice((0.05, 0.2, 0.4))
    # A quarter of the finest step: no package scores exactly what no deal does
    quarter = 1 / (4 * 2**20)
    return scores, [
        int((low + (high - low) * share) * levels) / levels + quarter
        for low, high in zip(least, most, strict=True)
    ]


def agrees(kept: Mapping[str, Any]) -> bool:
    """Tell whether we find the Pareto and Nash points the peer found on a domain."""
    scores, no_deal = domain(kept["seed"])
    least = np.array(no_deal)
    variables = tuple(
        Variable(name=f"v{n}", term=f"v{n}", values=tuple(f"x{value}" for value in range(len(issue))))
        for n, issue in enumerate(scores)
    )
    front = pareto(build(Space(variables=variables), []), [np.array(issue) for issue in scores]).scores
    # The peer leaves out what is below somebody's disagreement point.
    above = front[(front >= least).all(axis=1)]
    return _alike(above, kept["pareto"]) and _alike(front[nash(front, least)], kept["nash"])


def _alike(found: NDArray[np.float64], answer: list[list[float]]) -> bool:
    """Compare vectors; ours are sums of powers of two, the answers are kept to eight decimals."""
    ours = sorted(set(map(tuple, found.tolist())))
    return len(ours) == len(answer) and bool(np.allclose(ours, answer, rtol=0, atol=1e-7))


def main() -> None:
    """Ask NegMAS about every domain and keep what it answers."""
    python = os.environ["ASYLIA_NEGMAS_PYTHON"]
    script = str(Path(__file__).with_name("negmas_peer.py"))
    asked = json.dumps(
        [dict(zip(("scores", "no_deal"), domain(seed), strict=True)) for seed in range(DOMAINS)]
    )
    done = subprocess.run([python, script], input=asked, check=True, capture_output=True, text=True)
    found = [
        {"seed": seed, **{name: _rounded(answer[name]) for name in ("pareto", "nash")}}
        for seed, answer in enumerate(json.loads(done.stdout))
    ]
    kept = {"made_by": "python -m benchmarks.agreement_peer", "peer": "NegMAS 0.16.0", "domains": found}
    ANSWERS.write_text(json.dumps(kept, separators=(",", ":")) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(found)} domains kept in {ANSWERS}\n")


def _rounded(points: list[list[float]]) -> list[list[float]]:
    return [
        list(point) for point in sorted({tuple(round(part, 8) + 0.0 for part in point) for point in points})
    ]


if __name__ == "__main__":
    main()
