"""All finite packages of terms, and each condition as an exact table over the few terms it reads.

A package settles every term. An ordinary term is one variable; a term of several values is one yes-or-no variable for
each value. Search, smallest change, clashes, doubt and stability work on these two nouns alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.consent.audit import current
from asylia.consent.expressions import ExpressionError, parse
from asylia.consent.logic import ORDERED_SIGNS, mismatches
from asylia.consent.nodes import (
    And,
    Atom,
    Compare,
    Constant,
    Expression,
    Holds,
    Implies,
    Not,
    OneOf,
    Or,
    atoms,
    to_text,
)
from asylia.core.errors import CaseError, PlanError, Problem, nearest
from asylia.model.actors import Actor, Statement, Term

Package = tuple[int | None, ...]
"""Index of a value per variable of a space; `None` where it is open."""

HARD: Final = frozenset({"hard", "red_line"})
SOFT: Final = frozenset({"soft", "preference"})
NO_YES: Final = ("no", "yes")
LARGEST_TABLE: Final = 2**22
"""Combinations one condition may turn on; more is no condition a person stated."""
MOST_AXES: Final = 32
FILE: Final = "statements.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One thing that is settled, with the values it can take.

    Parameters
    ----------
    name
        The term, or `term:value` for one value of a term of several.
    ordered
        Whether the values run from least to most.
    several
        Whether this is one value of a term of several; `values` is then ("no", "yes").
    """

    name: str
    term: str
    values: tuple[str, ...]
    ordered: bool = False
    several: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """All packages: one value for each variable."""

    variables: tuple[Variable, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Count the values of each variable."""
        return tuple(len(variable.values) for variable in self.variables)

    @property
    def size(self) -> int:
        """Count the packages, as a Python int: it may be far beyond 64 bits."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Condition:
    """One statement, or one rule of what is feasible, as an exact table.

    Parameters
    ----------
    actor
        Empty for a rule that is nobody's statement.
    statement
        Id of the statement it comes from; empty for a rule.
    scope
        Indices of the variables it reads, rising, each once.
    table
        bool, one axis per variable of `scope` with one cell per value; true where the condition is met. A condition
        that reads nothing has no axes.
    soft
        Whether it only states a wish; a soft condition never refuses.
    """

    id: str
    actor: str
    statement: str
    scope: tuple[int, ...]
    table: NDArray[np.bool_]
    soft: bool = False
    rank: int = 1


def make_space(terms: Sequence[Term], *, keep: Sequence[str] | None = None) -> Space:
    """Make the space of all packages over the terms, in their order.

    Parameters
    ----------
    keep
        Ids of the terms to take; all if `None`.

    Examples
    --------
    >>> agencies = Term(id="agencies", name="Agencies", values=("unhcr", "iom"), several=True)
    >>> [variable.name for variable in make_space([agencies]).variables]
    ['agencies:unhcr', 'agencies:iom']
    """
    taken = [term for term in terms if keep is None or term.id in set(keep)]
    return Space(variables=tuple(variable for term in taken for variable in _variables(term)))


def package_of(plan_terms: Mapping[str, tuple[str, ...]], space: Space) -> Package:
    """Write the terms of a plan as a package.

    Returns
    -------
    Index of the value per variable, `None` where the plan does not say, or names more than one value of an ordinary
    term ("one of these").

    Raises
    ------
    PlanError
        If the plan names a value its term does not have. Terms outside the space are passed over.
    """
    return tuple(
        _settled(variable, plan_terms.get(variable.term)) for variable in _checked(plan_terms, space)
    )


def terms_of(package: Sequence[int | None], space: Space) -> dict[str, tuple[str, ...]]:
    """Write a package as the terms of a plan; a term with any open part is left out."""
    found: dict[str, tuple[str, ...]] = {}
    left_open: set[str] = set()
    for variable, index in zip(space.variables, package, strict=True):
        if index is None:
            left_open.add(variable.term)
        elif not variable.several:
            found[variable.term] = (variable.values[index],)
        else:
            own = (variable.name.partition(":")[2],) if index else ()
            found[variable.term] = found.get(variable.term, ()) + own
    return {term: values for term, values in found.items() if term not in left_open}


def compile_condition(
    expression: str | Expression,
    space: Space,
    *,
    id: str,  # noqa: A002 - every noun of ours is known by its id
    actor: str = "",
    statement: str = "",
    soft: bool = False,
    rank: int = 1,
) -> Condition:
    """Turn a condition into its exact table over the variables it reads.

    Raises
    ------
    CaseError
        If it cannot be read, does not fit the terms of the space, or reads too many of them at once.
    """
    read = _read(expression, id)
    _check_fit(read, space, id)
    index = {variable.name: number for number, variable in enumerate(space.variables)}
    scope = tuple(sorted({index[name] for atom in atoms(read) for name in _reads(atom)}))
    shape = tuple(space.shape[number] for number in scope)
    if math.prod(shape) > LARGEST_TABLE or len(shape) > MOST_AXES:
        raise CaseError(
            [_problem(id, to_text(read), "reads fewer terms at once", "Split it into several statements.")]
        )
    table = np.empty(shape, dtype=np.bool_)
    table[...] = _table(read, _Axes(space=space, index=index, scope=scope))
    return Condition(id=id, actor=actor, statement=statement, scope=scope, table=table, soft=soft, rank=rank)


def compile_conditions(
    actors: Sequence[Actor],
    statements: Sequence[Statement],
    terms: Sequence[Term],
    space: Space,
    *,
    reading: Mapping[str, int] | None = None,
) -> tuple[Condition, ...]:
    """Compile every statement that counts, by actor, then hard before soft, then rank.

    Parameters
    ----------
    terms
        Definitions; a statement on a term of these that the space leaves out is not compiled.
    reading
        By statement id: 0 for its expression, n for its nth alternative. Others are read by their expression.
    """
    order = {actor.id: number for number, actor in enumerate(actors)}
    outside = {term.id for term in terms} - {variable.term for variable in space.variables}
    chosen = sorted(
        (s for s in counted(statements) if s.actor in order),
        key=lambda s: (order[s.actor], s.force not in HARD, s.rank, s.id),
    )
    texts = [(s, readings_of(s)[(reading or {}).get(s.id, 0)]) for s in chosen]
    return tuple(
        compile_statement(text, s, space)
        for s, text in texts
        if not outside & {atom.term for atom in atoms(_read(text, s.id))}
    )


def compile_statement(expression: str | Expression, statement: Statement, space: Space) -> Condition:
    """Compile one reading of a statement, under the statement's own id, force and rank."""
    return compile_condition(
        expression,
        space,
        id=statement.id,
        actor=statement.actor,
        statement=statement.id,
        soft=statement.force not in HARD,
        rank=statement.rank,
    )


def readings_of(statement: Statement) -> tuple[str, ...]:
    """List the readings of a statement: its expression, then the alternatives."""
    return (statement.expression, *statement.alternatives)


def counted(
    statements: Sequence[Statement], *, status: frozenset[str] = frozenset({"confirmed"})
) -> tuple[Statement, ...]:
    """List the statements that are conditions, each counted once: a repeat stands with the one it repeats.

    Parameters
    ----------
    status
        Which statements may enter; a verdict takes confirmed ones alone.
    """
    held = [s for s in current(statements) if s.status in status and s.expression]
    hard = {s.id: s for s in held if s.force in HARD}
    wished = hard | {s.id: s for s in held if s.force in SOFT}
    return tuple(
        s
        for s in held
        if (s.force in HARD and _first_said(s, hard) == s.id)
        or (s.force in SOFT and _first_said(s, wished) == s.id)
    )


def is_met(condition: Condition, package: Sequence[int]) -> bool:
    """Look a full package up in the table of a condition."""
    return bool(condition.table[tuple(package[number] for number in condition.scope)])


def _variables(term: Term) -> Iterator[Variable]:
    if not term.several:
        yield Variable(name=term.id, term=term.id, values=term.values, ordered=term.ordered)
        return
    for value in term.values:
        yield Variable(name=f"{term.id}:{value}", term=term.id, values=NO_YES, ordered=True, several=True)


def _checked(plan_terms: Mapping[str, tuple[str, ...]], space: Space) -> tuple[Variable, ...]:
    terms = _terms(space)
    wrong = [
        Problem(
            file="plans",
            column=f"terms.{name}",
            value=value,
            must="is a value of the term",
            mend=nearest(value, terms[name].values) or f"Known values: {', '.join(terms[name].values)}.",
        )
        for name, values in plan_terms.items()
        if name in terms
        for value in values
        if value not in terms[name].values
    ]
    if wrong:
        raise PlanError(wrong)
    return space.variables


def _settled(variable: Variable, values: tuple[str, ...] | None) -> int | None:
    if values is None:
        return None
    if variable.several:
        return int(variable.name.partition(":")[2] in values)
    return variable.values.index(values[0]) if len(set(values)) == 1 else None


def _terms(space: Space) -> dict[str, Term]:
    """Give back the terms a space was made from."""
    found: dict[str, Term] = {}
    for variable in space.variables:
        own = variable.name.partition(":")[2] if variable.several else ""
        values = (*found[variable.term].values, own) if variable.term in found else (own,)
        found[variable.term] = Term(
            id=variable.term,
            name=variable.term,
            values=values if variable.several else variable.values,
            ordered=variable.ordered and not variable.several,
            several=variable.several,
        )
    return found


def _first_said(statement: Statement, among: Mapping[str, Statement]) -> str:
    """Follow `same_as` to the statement that is counted; in a circle that is the first id."""
    path = [statement.id]
    while (following := among[path[-1]].same_as) in among:
        if following in path:
            return min(path[path.index(following) :])
        path.append(following)
    return path[-1]


def _read(expression: str | Expression, name: str) -> Expression:
    if not isinstance(expression, str):
        return expression
    try:
        return parse(expression)
    except ExpressionError as error:
        must = f"can be read; {error.reason}, at character {error.position + 1}"
        raise CaseError([_problem(name, expression, must, "See the language of conditions.")]) from error


def _check_fit(expression: Expression, space: Space, name: str) -> None:
    wrong = mismatches(expression, _terms(space))
    if wrong:
        raise CaseError([_problem(name, fault.value, fault.must, fault.mend) for fault in wrong])


def _problem(name: str, value: str, must: str, mend: str) -> Problem:
    return Problem(file=FILE, column=f"statements.{name}.expression", value=value, must=must, mend=mend)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axes:
    space: Space
    index: Mapping[str, int]
    scope: tuple[int, ...]

    def along(self, name: str, met: Sequence[bool]) -> NDArray[np.bool_]:
        """Lay one flag per value along the axis of a variable."""
        shape = [1] * len(self.scope)
        shape[self.scope.index(self.index[name])] = len(met)
        return np.array(met, dtype=np.bool_).reshape(shape)


def _reads(atom: Atom) -> tuple[str, ...]:
    return tuple(f"{atom.term}:{value}" for value in atom.values) if isinstance(atom, Holds) else (atom.term,)


def _table(expression: Expression, axes: _Axes) -> NDArray[np.bool_]:
    match expression:
        case Constant(value=value):
            return np.array(value)
        case Compare() | OneOf():
            return axes.along(expression.term, _flags(expression, axes))
        case Holds():
            parts = [axes.along(name, (False, True)) for name in _reads(expression)]
            return reduce(np.logical_and, parts)
        case Not(part=part):
            return np.logical_not(_table(part, axes))
        case Implies(left=left, right=right):
            return np.logical_or(np.logical_not(_table(left, axes)), _table(right, axes))
        case And(parts=pieces):
            return reduce(np.logical_and, [_table(piece, axes) for piece in pieces])
        case Or(parts=pieces):
            return reduce(np.logical_or, [_table(piece, axes) for piece in pieces])


def _flags(atom: Compare | OneOf, axes: _Axes) -> list[bool]:
    values = axes.space.variables[axes.index[atom.term]].values
    if isinstance(atom, OneOf):
        return [value in atom.values for value in values]
    if atom.sign in ("=", "!="):
        return [(value == atom.value) == (atom.sign == "=") for value in values]
    return [ORDERED_SIGNS[atom.sign](place, values.index(atom.value)) for place in range(len(values))]
