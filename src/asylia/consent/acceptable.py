"""Which packages nobody refuses: how many, what they all share, and how far that can be known.

The assured set holds the packages that are acceptable in every reading of what was said; the possible set those that
are acceptable in at least one. What is acceptable lies between. Neither is a probability, silence is not consent, and
a package nobody refuses can still be unlawful or dangerous.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.consent.diagram import build
from asylia.consent.expressions import parse
from asylia.consent.nodes import And, Expression, Or
from asylia.consent.space import HARD, Condition, Space, compile_statement, counted, readings_of
from asylia.model.actors import Actor, Statement

SHOWN: Final = 100
"""Packages listed unless more are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Acceptable:
    """All packages that meet every hard condition.

    Parameters
    ----------
    count
        How many there are, exactly.
    possible
        Per variable of the space, the values (as indices) that at least one of them takes.
    members
        int16 (package, variable): some of them; all if there are no more rows than `count`.
    """

    space: Space
    count: int
    possible: tuple[tuple[int, ...], ...]
    members: NDArray[np.int16]

    @property
    def backbone(self) -> dict[str, str]:
        """Give what all of them share: value by name of the variable. Nothing, if there is none."""
        variables = zip(self.space.variables, self.possible, strict=True)
        return {v.name: v.values[found[0]] for v, found in variables if len(found) == 1}

    @property
    def ruled_out(self) -> dict[str, tuple[str, ...]]:
        """Give the values none of them takes, by name of the variable; that is every value if there is none."""
        found = {
            v.name: tuple(value for index, value in enumerate(v.values) if index not in possible)
            for v, possible in zip(self.space.variables, self.possible, strict=True)
        }
        return {name: values for name, values in found.items() if values}

    @property
    def free(self) -> tuple[str, ...]:
        """List the variables that can still take every one of two or more values: there is room to bargain."""
        variables = zip(self.space.variables, self.possible, strict=True)
        return tuple(v.name for v, found in variables if len(found) == len(v.values) > 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far it can be known what nobody refuses.

    Parameters
    ----------
    assured, possible
        Acceptable in every reading; acceptable in at least one reading of each statement.
    silent
        Ids of actors that can stop something, and of whom no hard condition is known: they may refuse anything.
    read_in_several_ways
        Ids of the statements whose readings differ.
    """

    assured: Acceptable
    possible: Acceptable
    silent: tuple[str, ...]
    read_in_several_ways: tuple[str, ...]


def acceptable(
    space: Space,
    conditions: Sequence[Condition],
    *,
    fixed: Sequence[int | None] | None = None,
    most: int | None = SHOWN,
) -> Acceptable:
    """Find all packages that meet every hard condition, without trying each.

    Parameters
    ----------
    conditions
        Soft ones are passed over.
    fixed
        Values settled already, per variable: only packages with these.
    most
        How many packages to list at most; all if `None`.

    Raises
    ------
    SearchLimitError
        If the conditions tie too many terms together.
    """
    found = build(space, [c for c in conditions if not c.soft], fixed=fixed)
    return Acceptable(space=space, count=found.count, possible=found.possible(), members=found.members(most))


def bounds(
    actors: Sequence[Actor],
    statements: Sequence[Statement],
    space: Space,
    *,
    rules: Sequence[Condition] = (),
    fixed: Sequence[int | None] | None = None,
    most: int | None = SHOWN,
) -> Bounds:
    """Find the assured and the possible set: unknown readings count as no, or as yes.

    Parameters
    ----------
    actors
        Those whose refusal counts, as a rule the ones with a veto.
    statements
        Only confirmed hard ones of these actors enter. Those on terms outside the space must be left out before.
    rules
        What else must hold, such as that there is a zone at all.
    """
    known = {actor.id for actor in actors}
    hard = [s for s in counted(statements) if s.force in HARD and s.actor in known]
    every = [*rules, *(compile_statement(_joined(s, _all), s, space) for s in hard)]
    any_one = [*rules, *(compile_statement(_joined(s, _any), s, space) for s in hard)]
    speakers = {s.actor for s in hard}
    return Bounds(
        assured=acceptable(space, every, fixed=fixed, most=most),
        possible=acceptable(space, any_one, fixed=fixed, most=most),
        silent=tuple(actor.id for actor in actors if actor.vetoes and actor.id not in speakers),
        read_in_several_ways=tuple(s.id for s in hard if s.alternatives),
    )


def _joined(statement: Statement, join: Callable[[tuple[Expression, ...]], Expression]) -> Expression:
    readings = tuple(parse(text) for text in readings_of(statement))
    return readings[0] if len(readings) == 1 else join(readings)


def _all(parts: tuple[Expression, ...]) -> Expression:
    return And(parts=parts)


def _any(parts: tuple[Expression, ...]) -> Expression:
    return Or(parts=parts)
