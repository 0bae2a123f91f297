"""What escalation between outside powers would have to be worth: the loss of each plan under it, and p*."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from asylia.model.case import Case
from asylia.model.plan import Plan
from asylia.model.what_if import Kind, WhatIf
from asylia.study.choose_executor import choose
from asylia.study.conductor import folders, keep, missing, with_no_zone
from asylia.study.executors import Executor
from asylia.study.members import work
from asylia.study.settings import Settings
from asylia.study.sheet import finished
from asylia.study.what_ifs import switched
from asylia.threat.escalation import CONSEQUENCES, TIMES, break_even, in_words

ESCALATION: Final = {
    "plan": pl.String, "consequences": pl.String, "assumed": pl.String, "loss": pl.Float64, "next_best": pl.String,
    "next_loss": pl.Float64, "escalated_loss": pl.Float64, "p_star": pl.Float64, "says": pl.String,
}  # fmt: skip


def break_evens(
    case: Case,
    plans: Sequence[Plan],
    *,
    settings: Settings,
    workers: int = 1,
    runs: Path | None = None,
) -> pl.DataFrame:
    """Give p* of every plan with a zone under low, middle and high consequences.

    The loss is the mean of person-days within 2 km of a lethal event. Escalation comes the day the zones open, under that plan
    alone; the next best plan, no zone among them, meets none.

    Returns
    -------
    plan, consequences, assumed (what they are), loss, next_best, next_loss, escalated_loss, p_star (null where escalation
    costs nothing), says.
    """
    chosen, rows = with_no_zone(case, plans), []
    with ExitStack() as stack:
        folder = runs or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="asylia-")))
        carrier = choose("processes", workers)
        plain = _losses(case, chosen, None, settings, folder, carrier)
        for plan in chosen:
            if not plan.zones:
                continue
            others = {name: loss for name, loss in plain.items() if name != plan.id}
            best = min(others, key=lambda name: (others[name], name))
            for level, assumed in CONSEQUENCES.items():
                what_if = escalation(case, plan, level)
                loss = _losses(case, (plan,), what_if, settings, folder, carrier)[plan.id]
                p_star = break_even(plain[plan.id], loss, others[best])
                told = (
                    plan.id,
                    level,
                    assumed,
                    plain[plan.id],
                    best,
                    others[best],
                    loss,
                    p_star,
                    in_words(p_star),
                )
                rows.append(dict(zip(ESCALATION, told, strict=True)))
    return pl.DataFrame(rows, schema=dict(ESCALATION))


def escalation(case: Case, plan: Plan, level: str) -> WhatIf:
    """Make the scenario of one level of consequences, from the day the zones of a plan open."""
    on = max(min(zone.opens for zone in plan.zones), case.first)
    kind: Kind = "escalation_incident" if level == "low" else "escalation_confrontation"
    return WhatIf(
        id=f"escalation-{level}",
        title=f"Escalation, {level} consequences",
        kind=kind,
        on=on,
        zones=tuple(zone.id for zone in plan.zones),
        times=TIMES[level],
        why=CONSEQUENCES[level],
    )


def _losses(
    case: Case,
    plans: Sequence[Plan],
    what_if: WhatIf | None,
    settings: Settings,
    runs: Path,
    carrier: Executor,
) -> Mapping[str, float]:
    """Run what is not finished yet, and give the mean loss of each plan."""
    changed, own, what_if = switched(case, plans, what_if)
    where = folders(changed, own, settings, runs, what_if)
    for piece in carrier.map(work, missing(own, settings, where, replace(changed, plans=()), what_if)):
        keep(piece, where)
    return {
        plan.id: float(
            np.concatenate([each.exposure[:, 1, -1] for each in finished(where[plan.id], settings)]).mean()
        )
        for plan in own
    }
