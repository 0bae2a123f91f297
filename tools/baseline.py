"""Show how the numbers of the regression baseline moved, and write them anew with --write.

    .venv/bin/python tools/baseline.py [--write]

A change that moves a number on purpose writes the new baseline and says why in a `numbers` fragment of changelog.d.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from asylia.io.folder import find_case, read_case
from asylia.model.case import fingerprint
from asylia.study.conductor import compare

PATH = Path(__file__).resolve().parents[1] / "tests" / "regression" / "baseline.toml"
STUDY = {"case": "syria-2017", "members": 10, "days": 90, "seed": 1}
NOTICED = 1e-4


def measured() -> tuple[str, dict[str, dict[str, float]]]:
    """Run the study; returns the fingerprint of the case and middles by plan and criterion."""
    case = read_case(find_case(str(STUDY["case"])))
    findings = compare(case, members=10, days=90, seed=1, workers=2)
    found: dict[str, dict[str, float]] = {plan.id: {} for plan in findings.plans}
    for row in findings.verdict.iter_rows(named=True):
        if row["middle"] is not None:
            found[row["plan"]][row["criterion"]] = row["middle"]
    return fingerprint(case), found


def as_toml(case_fingerprint: str, plans: dict[str, dict[str, float]]) -> str:
    """Write the baseline as text."""
    lines = [
        "# Middles of a short study. Written by tools/baseline.py --write; never by hand.",
        "",
        "[study]",
    ]
    lines += [
        f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}"
        for name, value in STUDY.items()
    ]
    lines.append(f'fingerprint = "{case_fingerprint}"')
    for plan in sorted(plans):
        lines += ["", f"[plans.{plan}]"]
        lines += [f"{name} = {plans[plan][name]!r}" for name in sorted(plans[plan])]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Show what moved; write it if asked."""
    case_fingerprint, plans = measured()
    old = tomllib.loads(PATH.read_text(encoding="utf-8"))["plans"] if PATH.exists() else {}
    moved = 0
    for plan, numbers in plans.items():
        for name, value in numbers.items():
            before = old.get(plan, {}).get(name)
            if before is None or abs(value - before) > NOTICED * max(abs(before), 1.0):
                moved += 1
                print(f"{plan:18} {name:24} {before} -> {value}")
    print(f"{moved} numbers moved.")
    if "--write" in sys.argv[1:]:
        PATH.write_text(as_toml(case_fingerprint, plans), encoding="utf-8")
        print(f"Wrote {PATH.name}. Add a `numbers` fragment to changelog.d.")


if __name__ == "__main__":
    main()
