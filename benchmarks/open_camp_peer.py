"""Evolutionary search over the table that the open camp benchmark made; run by the Python that ASYLIA_PYMOO_PYTHON names.

As published, the search knows a place by its number in the list: one real variable, cut to a whole one. An evaluation is one
simulation drawn from the replicates of that place (as published), or the mean of them all (which costs them all).
What it returns is then judged by the means: the volume it covers as a share of that of the true front, and how much of it is
true.
"""

import json
import sys
from typing import Any

import numpy as np
import pymoo
from pymoo.algorithms.moo.moead import MOEAD
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.algorithms.moo.nsga3 import NSGA3
from pymoo.algorithms.moo.spea2 import SPEA2
from pymoo.core.problem import Problem
from pymoo.indicators.hv import HV
from pymoo.optimize import minimize
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting
from pymoo.util.ref_dirs import get_reference_directions

REPEATS = 10
POPULATION = 45
"""As many as the reference directions with eight partitions."""

with np.load(sys.argv[1]) as table:
    VALUES, KIND = table["values"], table["kind"]
MEANS = VALUES.mean(axis=1)
REPLICATES = VALUES.shape[1]
DIRECTIONS = get_reference_directions("das-dennis", 3, n_partitions=8)
MAKE = {
    "NSGA-II": lambda: NSGA2(pop_size=POPULATION),
    "SPEA2": lambda: SPEA2(pop_size=POPULATION),
    "NSGA-III": lambda: NSGA3(DIRECTIONS, pop_size=POPULATION),
    "MOEA/D": lambda: MOEAD(DIRECTIONS),
}


class OneCamp(Problem):  # type: ignore[misc]  # pymoo is not installed beside us and has no types
    """The number of a cell in the list; the table answers."""

    def __init__(self, seed: int, *, single: bool) -> None:
        super().__init__(n_var=1, n_obj=3, xl=0.0, xu=KIND.size - 1e-9)
        self.luck, self.single = np.random.default_rng(seed), single

    def _evaluate(self, x: Any, out: Any, *_: Any, **__: Any) -> None:
        kind = KIND[np.floor(np.atleast_2d(x)[:, 0]).astype(int)]
        drawn = self.luck.integers(REPLICATES, size=kind.size)
        out["F"] = VALUES[kind, drawn] if self.single else MEANS[kind]


TRUE = NonDominatedSorting().do(MEANS, only_non_dominated_front=True)
LOW, HIGH = MEANS[TRUE].min(axis=0), MEANS[TRUE].max(axis=0)
SPAN = np.where(HIGH > LOW, HIGH - LOW, 1.0)
VOLUME = HV(ref_point=np.full(3, 1.1))
WHOLE = VOLUME((MEANS[TRUE] - LOW) / SPAN)


def search(name: str, evaluations: int, seed: int, *, single: bool) -> tuple[float, float]:
    """Search once; return the share of the volume reached, and the share of what is returned that is true."""
    found = minimize(
        OneCamp(seed, single=single), MAKE[name](), ("n_eval", evaluations), seed=seed, verbose=False
    )
    kinds = np.unique(KIND[np.floor(np.atleast_2d(found.X)[:, 0]).astype(int)])
    return float(VOLUME((MEANS[kinds] - LOW) / SPAN) / WHOLE), float(np.isin(kinds, TRUE).mean())


rows = []
for name in MAKE:
    for simulations in (REPLICATES * POPULATION, VALUES.shape[0] * REPLICATES):
        for single in (True, False):
            evaluations = simulations if single else simulations // REPLICATES
            pairs = [search(name, evaluations, seed, single=single) for seed in range(REPEATS)]
            volume, true = np.mean(pairs, axis=0)
            rows.append(
                {
                    "name": name,
                    "evaluations": simulations,
                    "judged": "one run each" if single else f"means of {REPLICATES}",
                    "volume": float(volume),
                    "true": float(true),
                }
            )
json.dump({"version": pymoo.__version__, "repeats": REPEATS, "rows": rows}, sys.stdout)
