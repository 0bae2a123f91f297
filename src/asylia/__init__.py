"""Asylia plans, tests and compares civilian safe zones for people displaced by war.

>>> import asylia
>>> asylia.Plan.none().title
'No zone'

Nothing is loaded until it is asked for by name.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asylia.core.errors import AsyliaError, CaseError, PlanError, Problem
    from asylia.io.folder import built_in_cases, find_case, new_case, read_case, write_case
    from asylia.model.case import Case, fingerprint
    from asylia.model.findings import Findings
    from asylia.model.plan import Plan, Zone
    from asylia.model.scenario import Scenario, draw
    from asylia.model.uncertain import Uncertain
    from asylia.report import write_report
    from asylia.study.conductor import compare

__version__ = "0.1.0"

__all__ = [
    "AsyliaError",
    "Case",
    "CaseError",
    "Findings",
    "Plan",
    "PlanError",
    "Problem",
    "Scenario",
    "Uncertain",
    "Zone",
    "built_in_cases",
    "compare",
    "draw",
    "find_case",
    "fingerprint",
    "new_case",
    "read_case",
    "write_case",
    "write_report",
]

_HOMES = {
    "AsyliaError": "asylia.core.errors",
    "Case": "asylia.model.case",
    "CaseError": "asylia.core.errors",
    "Findings": "asylia.model.findings",
    "Plan": "asylia.model.plan",
    "PlanError": "asylia.core.errors",
    "Problem": "asylia.core.errors",
    "Scenario": "asylia.model.scenario",
    "Uncertain": "asylia.model.uncertain",
    "Zone": "asylia.model.plan",
    "built_in_cases": "asylia.io.folder",
    "compare": "asylia.study.conductor",
    "draw": "asylia.model.scenario",
    "find_case": "asylia.io.folder",
    "fingerprint": "asylia.model.case",
    "new_case": "asylia.io.folder",
    "read_case": "asylia.io.folder",
    "write_case": "asylia.io.folder",
    "write_report": "asylia.report",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first used, so that `import asylia` costs next to nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'asylia' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted([*__all__, "__version__"])
