"""What sources answer to the safeguards a condition rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from asylia.audit.citing import cite
from asylia.audit.conditions import Condition
from asylia.audit.facts import Facts, Result
from asylia.model.safeguards import Safeguard

SAID: Final[Mapping[str, str]] = {
    "yes": "yes",
    "partial": "only in part",
    "no": "no",
    "disputed": "disputed",
    "unknown": "unknown",
}


def answered(condition: Condition, facts: Facts, questions: Mapping[str, str]) -> Result:
    """Hold the answers of the plan's sources against one condition.

    An answer "in part" is not a pass: the condition asks for the whole. A condition passes only if every safeguard it
    rests on is answered with yes; sources that differ on one safeguard make it contested.
    """
    entries = [e for e in facts.plan.safeguards if e.about in condition.safeguards and e.answer != "unknown"]
    if not entries:
        return Result(status="unknown")
    found = " ".join(_sentence(entry, questions[entry.about]) for entry in entries)
    evidence = tuple(cite(e.source, e.words) for e in entries)
    kinds = {name: {e.answer for e in entries if e.about == name} for name in condition.safeguards}
    if any("disputed" in said or ("yes" in said and len(said) > 1) for said in kinds.values()):
        return Result(status="contested", found=found, evidence=evidence)
    if any(said & {"no", "partial"} for said in kinds.values()):
        return Result(status="fail", found=found, evidence=evidence)
    if all(kinds.values()):
        return Result(status="pass", found=found, evidence=evidence)
    return Result(status="unknown", found=found, evidence=evidence)


def _sentence(entry: Safeguard, question: str) -> str:
    note = f" {entry.note}" if entry.note else ""
    return f"{question} Answered: {SAID[entry.answer]}.{note}"
