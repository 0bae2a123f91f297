"""NegMAS on one additive domain, in its own process and environment: it is AGPL, and no part of us.

Reads {"scores": issue x value x actor, "no_deal": actor} as JSON, writes the Pareto vectors, the Nash vectors, seconds
and megabytes. Run by `benchmarks.consent` with the Python named in ASYLIA_NEGMAS_PYTHON; imports nothing of ours.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any


def main() -> None:
    """Solve the domain, or the list of domains, on standard input."""
    asked = json.load(sys.stdin)
    found = [solve(one) for one in asked] if isinstance(asked, list) else solve(asked)
    json.dump(found, sys.stdout)


def solve(asked: dict[str, Any]) -> dict[str, Any]:
    """Find the Pareto and Nash vectors of one domain."""
    # Our own environment never holds the peer, so the checker cannot find it.
    from negmas import make_issue  # type: ignore[import-not-found]  # noqa: PLC0415 - only where the peer is installed
    from negmas.preferences import LinearAdditiveUtilityFunction, TableFun  # type: ignore[import-not-found]  # noqa: PLC0415 - same
    from negmas.preferences.ops import nash_points, pareto_frontier  # type: ignore[import-not-found]  # noqa: PLC0415 - same

    scores, no_deal = asked["scores"], asked["no_deal"]
    issues = [make_issue(list(range(len(values))), name=f"v{n}") for n, values in enumerate(scores)]
    actors = [
        LinearAdditiveUtilityFunction(
            values=[TableFun({n: row[actor] for n, row in enumerate(values)}) for values in scores],
            weights=[1.0] * len(scores),
            issues=issues,
            reserved_value=least,
        )
        for actor, least in enumerate(no_deal)
    ]
    started = time.perf_counter()
    front, _ = pareto_frontier(actors, issues=issues)
    nash = nash_points(actors, front, issues=issues)
    seconds = time.perf_counter() - started
    return {
        "pareto": [[float(part) for part in point] for point in front],
        "nash": [[float(part) for part in point] for point, _ in nash],
        "seconds": seconds,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    main()
