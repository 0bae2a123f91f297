"""Cost of the smallest change, of stability, and of the page on consent.

Sizes are those a large negotiation reaches: 30 terms of six values under 160 conditions; 2^16 states and eight actors.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from asylia.consent.brief import findings_for
from asylia.consent.change import smallest_change
from asylia.consent.graph_model import Lever, from_levers
from asylia.consent.space import Condition, Space, Variable
from asylia.consent.stability import solve
from asylia.io.folder import find_case, read_case
from benchmarks.agreement_peer import ANSWERS, agrees

INSTANCES = 300
PEER = "Pareto and Nash points, held against what NegMAS answered"
SHARES = ("middle", "95", "99", "most")


def measure() -> dict[str, dict[str, float]]:
    """Measure each in milliseconds of one core: middle, 95 and 99 in 100, and most over the instances, after compiling."""
    case = read_case(find_case("syria-2017"))
    return {
        "smallest change, 30 terms x 6 values, 160 conditions": _spent(
            [_change(seed) for seed in range(INSTANCES)]
        ),
        "stability, 2^16 states, 8 actors": _spent([_stability(seed) for seed in range(2)]),
        "page on consent, syria-2017": _spent(
            [partial(findings_for, case.plans, case.actors, case.statements, case.terms)] * 5
        ),
        PEER: _agreeing(),
    }


def show(found: dict[str, dict[str, float]]) -> str:
    """Put the figures in a table."""
    found = dict(found)
    peer = found.pop(PEER)
    rows = [f"{name:54}" + "".join(f"{row[share]:8.1f}" for share in SHARES) for name, row in found.items()]
    head = f"{'milliseconds':54}" + "".join(f"{share:>8}" for share in SHARES)
    return "\n".join(
        [head, *rows, f"{PEER}: the same on {peer['same']:.0f} of {peer['domains']:.0f} domains"]
    )


def _agreeing() -> dict[str, float]:
    kept = json.loads(ANSWERS.read_text(encoding="utf-8"))["domains"]
    return {"same": float(sum(map(agrees, kept))), "domains": float(len(kept))}


def _change(seed: int) -> Callable[[], object]:
    luck = np.random.default_rng(seed)
    space = Space(variables=tuple(Variable(name=f"v{n}", term="", values=tuple("abcdef")) for n in range(30)))
    conditions = []
    for number in range(160):
        scope = tuple(sorted(luck.choice(30, 3, replace=False).tolist()))
        first, second, third = luck.random((3, 6)) < 0.5
        table = first[:, None, None] | second[None, :, None] | third[None, None, :]
        conditions.append(Condition(id=str(number), actor="a", statement="", scope=scope, table=table))
    start = tuple(luck.integers(0, 6, 30).tolist())
    return lambda: smallest_change(space, conditions, start)


def _stability(seed: int) -> Callable[[], object]:
    names = [f"actor {n}" for n in range(8)]
    levers = [Lever(name=f"option {n}", size=2, actors=(names[n // 2],)) for n in range(16)]
    payoffs = np.random.default_rng(seed).integers(0, 2**40, size=(8, 2**16))
    return lambda: solve(from_levers(names, levers, payoffs))


def _spent(jobs: list[Callable[[], object]]) -> dict[str, float]:
    jobs[0]()
    spent = []
    for job in jobs:
        before = time.process_time()
        job()
        spent.append(1000 * (time.process_time() - before))
    return dict(zip(SHARES, np.percentile(spent, (50, 95, 99, 100)).tolist(), strict=True))
