"""What an expression is made of: frozen nodes that know where in the text they stood, and their text.

Precedence, strongest first: `not`, `and`, `or`, `implies` (which groups to the right).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Sign = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """Always true, or always false (an unconditional no)."""

    value: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """A term held against one value: `term = value`, `term >= value`."""

    term: str
    sign: Sign
    value: str
    spots: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """A term whose value is one of several: `term in {a, b}`."""

    term: str
    values: tuple[str, ...]
    spots: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """A term of several values that holds all of these: `{a, b} in term`."""

    term: str
    values: tuple[str, ...]
    spots: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The opposite of its part."""

    part: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """All of two or more parts."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """Any of two or more parts."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Implies:
    """If the first part holds, so must the second."""

    left: Expression
    right: Expression


Atom: TypeAlias = Compare | OneOf | Holds
"""A node that names a term. `spots` holds the character of the term, then of each value."""

Expression: TypeAlias = Constant | Compare | OneOf | Holds | Not | And | Or | Implies

STRENGTH = {Implies: 1, Or: 2, And: 3, Not: 4}
WORDS = {And: " and ", Or: " or "}


def to_text(expression: Expression) -> str:
    """Write an expression as a person would; reading it again gives the same expression.

    >>> to_text(Not(part=Compare(term="host_consent", sign="=", value="none")))
    'not host_consent = none'
    """
    match expression:
        case Constant(value=value):
            return "true" if value else "false"
        case Compare(term=term, sign=sign, value=value):
            return f"{term} {sign} {value}"
        case OneOf(term=term, values=values):
            return f"{term} in {_braces(values)}"
        case Holds(term=term, values=values):
            return f"{_braces(values)} in {term}"
        case Not(part=part):
            return "not " + _within(part, STRENGTH[Not])
        case Implies(left=left, right=right):
            return f"{_within(left, STRENGTH[Implies] + 1)} implies {_within(right, STRENGTH[Implies])}"
        case And(parts=parts) | Or(parts=parts):
            kind = type(expression)
            return WORDS[kind].join(_within(part, STRENGTH[kind] + 1) for part in parts)


def atoms(expression: Expression) -> Iterator[Atom]:
    """Yield every node that names a term, in the order of the text."""
    match expression:
        case Compare() | OneOf() | Holds():
            yield expression
        case Not(part=part):
            yield from atoms(part)
        case Implies(left=left, right=right):
            yield from atoms(left)
            yield from atoms(right)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from atoms(part)
        case Constant():
            pass


def names(expression: Expression) -> tuple[str, ...]:
    """List the terms an expression names, sorted, each once."""
    return tuple(sorted({atom.term for atom in atoms(expression)}))


def values_of(atom: Atom) -> tuple[str, ...]:
    """List the values a node holds its term against."""
    return (atom.value,) if isinstance(atom, Compare) else atom.values


def _braces(values: tuple[str, ...]) -> str:
    return "{" + ", ".join(values) + "}"


def _within(part: Expression, least: int) -> str:
    text = to_text(part)
    return text if STRENGTH.get(type(part), 9) >= least else f"({text})"
