"""The protection floor: what the people concerned are owed, and no package may trade away, whoever agrees to it.

It is not a condition of anybody. It asks nobody, has one reading, and stands beside consent without changing a position:
a plan everybody agrees to can trade it away, and a plan somebody refuses can keep it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from asylia.consent.expressions import parse
from asylia.consent.logic import evaluate
from asylia.model.actors import Floor, Term
from asylia.model.agreement import FloorLine, Keeps
from asylia.model.plan import NO_ZONE, Plan

KEEPS: Final[Mapping[bool | None, Keeps]] = {True: "kept", None: "left open", False: "traded away"}


def floor_lines(plan: Plan, floor: Sequence[Floor], terms: Sequence[Term]) -> tuple[FloorLine, ...]:
    """Say what a plan does with each protection term. The plan without a zone proposes nothing and has no line.

    Raises
    ------
    ExpressionError
        If a condition cannot be read; `check_statements` reports it before.
    """
    if plan.id == NO_ZONE:
        return ()
    by_id = {term.id: term for term in terms}
    return tuple(
        FloorLine(
            id=one.id,
            name=one.name,
            standing=KEEPS[evaluate(parse(one.expression), plan.terms, by_id)],
            condition=one.expression,
            basis=one.basis,
            source=one.source,
        )
        for one in floor
    )


def in_words(lines: Sequence[FloorLine]) -> str:
    """Say in a sentence what a plan does with the floor; empty if there is none."""
    if not lines:
        return ""
    named = {
        standing: "; ".join(line.name.rstrip(".") for line in lines if line.standing == standing)
        for standing in ("traded away", "left open")
    }
    parts = [f"Protection {standing}: {names}." for standing, names in named.items() if names]
    return " ".join(parts) or "It keeps every protection term of the floor."
