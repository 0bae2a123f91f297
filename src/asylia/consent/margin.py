"""How little would have to change for a veto holder to be lost: over terms that are not kept, and over statements.

A small margin is a reason to look closer, not a forecast: nothing here says how likely a change is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from asylia.consent.expressions import parse
from asylia.consent.logic import evaluate
from asylia.consent.space import HARD, SOFT, Condition, Package, Space, counted
from asylia.model.actors import Statement, Term
from asylia.model.plan import Plan

MOST_WAYS: Final = 50
Turning: TypeAlias = Literal["other reading", "wish becomes a condition", "not yet confirmed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A variable of a package that ends with another value."""

    variable: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to lose a veto holder.

    Parameters
    ----------
    changes
        Settled terms that are not kept; none if the actor refuses as it stands.
    left_open
        Terms the plan leaves open, if it is lost only by some way of settling them.
    """

    actor: str
    statement: str
    changes: tuple[Change, ...]
    left_open: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """The fewest settled terms that, if not kept, lose a veto holder.

    Parameters
    ----------
    changes
        0 if one refuses as it stands, or by some way of settling what is open; `None` if no condition can be broken.
    ways
        Fewest changes first found, at most `MOST_WAYS`; an open term counts as no change.
    count
        All ways of that few changes.
    """

    changes: int | None
    ways: tuple[Way, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One statement that, meant otherwise, would make a veto holder refuse."""

    actor: str
    statement: str
    kind: Turning
    condition: str


def margin(
    package: Package, space: Space, conditions: Sequence[Condition], holders: Collection[str]
) -> Margin:
    """Find the fewest terms that, if not kept, break a hard condition of a veto holder, and all ways of so few.

    Exact: the table of each condition is searched as a whole.
    """
    found = [
        (condition, *_fewest(package, condition))
        for condition in conditions
        if condition.actor in holders and not condition.soft and not condition.table.all()
    ]
    if not found:
        return Margin(changes=None, ways=(), count=0)
    least = min(fewest for _, fewest, _, _ in found)
    ways = [
        _way(package, space, condition, cell, is_open=bool(unsure[tuple(cell)]))
        for condition, fewest, cells, unsure in found
        if fewest == least
        for cell in cells[: MOST_WAYS + 1]
    ]
    count = sum(len(cells) for _, fewest, cells, _ in found if fewest == least)
    return Margin(changes=least, ways=tuple(ways[:MOST_WAYS]), count=count)


def turns(
    plan: Plan, statements: Sequence[Statement], terms: Sequence[Term], holders: Collection[str]
) -> tuple[Turn, ...]:
    """List single statements of veto holders that would refuse a plan if they were meant otherwise.

    That is: another reading of a hard statement is not met; a wish that is not met is made a condition; a statement that
    nobody has confirmed is not met.
    """
    by_id = {term.id: term for term in terms}
    confirmed = counted(statements)
    doubtful = counted(statements, status=frozenset({"proposed", "disputed"}))
    return tuple(
        Turn(actor=one.actor, statement=one.id, kind=kind, condition=text)
        for one in sorted({*confirmed, *doubtful}, key=lambda s: (s.actor, s.rank, s.id))
        if one.actor in holders
        for kind, text in _turned(one, plan, by_id)
    )


def _turned(statement: Statement, plan: Plan, terms: Mapping[str, Term]) -> list[tuple[Turning, str]]:
    """Give at most one way in which a statement, meant otherwise, is not met."""
    refused = [text for text in (statement.expression, *statement.alternatives) if _fails(text, plan, terms)]
    as_read = statement.expression in refused
    if not refused or (as_read and statement.status == "confirmed" and statement.force in HARD):
        return []
    if statement.status != "confirmed":
        return [("not yet confirmed", refused[0])]
    kind: Turning = "wish becomes a condition" if statement.force in SOFT else "other reading"
    return [(kind, refused[0])]


def _fails(text: str, plan: Plan, terms: Mapping[str, Term]) -> bool:
    return evaluate(parse(text), plan.terms, terms) is False


def _fewest(package: Package, condition: Condition) -> tuple[int, NDArray[np.int64], NDArray[np.bool_]]:
    """Find the broken cells fewest changes away.

    Returns
    -------
    Changes; cells (way, axis) over the settled variables of the scope; bool over those axes, true where it hinges on an
    open one.
    """
    settled = [axis for axis, variable in enumerate(condition.scope) if package[variable] is not None]
    unsettled = tuple(axis for axis in range(len(condition.scope)) if axis not in settled)
    some = np.asarray((~condition.table).any(axis=unsettled))
    every = np.asarray((~condition.table).all(axis=unsettled))
    away = np.zeros(some.shape, dtype=np.int64)
    for number, axis in enumerate(settled):
        along = np.arange(some.shape[number]) != package[condition.scope[axis]]
        away += along.reshape([-1 if n == number else 1 for n in range(some.ndim)])
    least = int(away[some].min())
    cells = np.argwhere(some & (away == least)).astype(np.int64)
    return least, cells, np.asarray(some & ~every)


def _way(
    package: Package, space: Space, condition: Condition, cell: NDArray[np.int64], *, is_open: bool
) -> Way:
    settled = [number for number in condition.scope if package[number] is not None]
    changes = tuple(
        Change(
            variable=space.variables[number].name,
            was=space.variables[number].values[was],
            becomes=space.variables[number].values[int(value)],
        )
        for number, value in zip(settled, cell, strict=True)
        if (was := package[number]) is not None and was != value
    )
    left_open = tuple(space.variables[n].name for n in condition.scope if package[n] is None)
    return Way(
        actor=condition.actor,
        statement=condition.statement,
        changes=changes,
        left_open=left_open if is_open else (),
    )
