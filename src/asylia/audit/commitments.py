"""Who promised what and kept it; strength asked for, declared, funded and deployed, apart."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

from asylia.audit.citing import cite
from asylia.model.law import Promise, Strength
from asylia.model.plan import Plan
from asylia.model.safeguards import Commitment
from asylia.model.uncertain import Uncertain

STEPS: Final[tuple[Literal["asked", "declared", "funded", "deployed"], ...]] = (
    "asked",
    "declared",
    "funded",
    "deployed",
)
STANDINGS: Final = {"yes": "kept", "partial": "kept in part", "no": "not kept"}


def strength(plan: Plan) -> tuple[Strength, ...]:
    """List strength step by step; a step no source states stays empty and is never filled from the one before."""
    return tuple(_step(step, getattr(plan.protection, f"force_{step}")) for step in STEPS)


def promises(plan: Plan, as_of: dt.date) -> tuple[Promise, ...]:
    """List commitments by date, with how each stands on the last day of knowledge.

    A promise past its day of which nobody says whether it was kept is `due, not known`; it is never called broken.
    """
    told = [_promise(entry, as_of) for entry in plan.commitments]
    return tuple(sorted(told, key=lambda one: (one.promised is None, one.promised or as_of, one.by)))


def _step(step: Literal["asked", "declared", "funded", "deployed"], number: Uncertain | None) -> Strength:
    if number is None:
        return Strength(step=step, low=None, high=None, why="", source="", evidence="unknown")
    return Strength(
        step=step,
        low=number.low,
        high=number.high,
        why=number.why,
        source=number.source,
        evidence=str(number.evidence),
    )


def _promise(entry: Commitment, as_of: dt.date) -> Promise:
    return Promise(
        by=entry.by,
        what=entry.what,
        promised=entry.promised,
        due=entry.due,
        standing=STANDINGS.get(entry.kept) or _open(entry.due, as_of),
        amount=_amount(entry.amount, entry.unit),
        source=cite(entry.source, entry.words),
        note=entry.note,
    )


def _open(due: dt.date | None, as_of: dt.date) -> str:
    if due is None:
        return "not known"
    return "due, not known" if due <= as_of else "not due yet"


def _amount(number: Uncertain | None, unit: str) -> str:
    if number is None:
        return ""
    figure = f"{number.low:,.0f}" if number.is_fixed else f"{number.low:,.0f} to {number.high:,.0f}"
    return f"{figure} {unit}".strip()
