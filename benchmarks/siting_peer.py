"""Maximal covering in spopt with CBC, run by the Python that ASYLIA_SPOPT_PYTHON names; the instance comes as a file."""

import json
import sys
import time

started = time.process_time()
import numpy as np  # noqa: E402 - imports are part of what is measured
import pulp  # noqa: E402 - likewise
from spopt.locate import MCLP  # noqa: E402 - likewise

imported = time.process_time()
with np.load(sys.argv[1]) as given:
    distance, people = given["distance"], given["people"]
    p, radius = int(given["p"]), float(given["radius"])
model = MCLP.from_cost_matrix(distance, people, radius, p_facilities=p)
built = time.process_time()
children = sum(__import__("os").times()[2:4])
model.solve(pulp.PULP_CBC_CMD(msg=False, threads=1, gapRel=float(sys.argv[2])))
spent = time.process_time() - built + sum(__import__("os").times()[2:4]) - children
json.dump(
    {
        "import_s": imported - started,
        "build_s": built - imported,
        "solve_s": spent,
        "value": int(-model.problem.objective.value())
        if model.problem.sense == pulp.LpMinimize
        else int(model.problem.objective.value()),
    },
    sys.stdout,
)
