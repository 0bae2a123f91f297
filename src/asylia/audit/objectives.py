"""The five protective objectives: which a plan states, what this study counts for each, and what nobody counts."""

from __future__ import annotations

from asylia.audit.citing import cite
from asylia.audit.conditions import read_objectives
from asylia.model.law import Goal
from asylia.model.plan import Plan


def goals(plan: Plan) -> tuple[Goal, ...]:
    """Hold the declared objectives of a plan against the five of the UN report on the safe areas in Bosnia.

    Protective goals come before signalling ones. A goal nobody states is shown all the same.
    """
    stated: dict[str, list[str]] = {}
    for aim in plan.aims:
        stated.setdefault(aim.kind, []).append(f"{aim.objective} ({cite(aim.source, aim.words)})")
    return tuple(
        Goal(
            id=one.id,
            name=one.name,
            side=one.side,
            stated="; ".join(stated.get(one.id, [])),
            metrics=one.metrics,
            not_measured=one.not_measured,
        )
        for one in read_objectives()
    )
