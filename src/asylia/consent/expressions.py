"""Read a condition over terms: our own small language, never `eval`.

::

    condition = clause [ "implies" condition ]
    clause    = both { "or" both }
    both      = part { "and" part }
    part      = "not" part | "(" condition ")" | "true" | "false"
              | term sign value | term "in" values | values "in" term
    sign      = "=" | "!=" | "<" | "<=" | ">" | ">="
    values    = "{" value { "," value } "}"

Terms and values are ids: a small letter, then small letters, digits or underscores.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NoReturn, cast

from asylia.consent.nodes import And, Compare, Constant, Expression, Holds, Implies, Not, OneOf, Or, Sign
from asylia.core.errors import AsyliaError

RESERVED: Final = frozenset({"and", "or", "not", "implies", "in", "true", "false"})
SIGNS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
ID: Final = re.compile(r"[a-z][a-z0-9_]*")
LONGEST: Final = 2000
DEEPEST: Final = 50
"""Brackets, `not`s and `implies` inside each other; more is no condition a person wrote."""

_TOKEN = re.compile(r"\s*(?:(?P<word>[^\W\d_]\w*)|(?P<sign>!=|<=|>=|[=<>(){},]))")


class ExpressionError(AsyliaError):
    """A condition cannot be read; points at the character, counted from 0."""

    def __init__(self, text: str, position: int, reason: str) -> None:
        self.text = text
        self.position = position
        self.reason = reason
        start = max(0, position - 60)
        piece = text[start : position + 60].replace("\n", " ").replace("\t", " ")
        super().__init__(f"{reason}, at character {position + 1}:\n  {piece}\n  {' ' * (position - start)}^")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    text: str
    spot: int


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Read a condition.

    Raises
    ------
    ExpressionError
        With the character where reading stopped, and what was expected there.

    Examples
    --------
    >>> from asylia.consent.nodes import to_text
    >>> to_text(parse("a = yes and (b in {x,y} or not c != z)"))
    'a = yes and (b in {x, y} or not c != z)'
    """
    reader = _Reader(text)
    expression = reader.condition(0)
    if reader.now.text:
        reader.stop("Expected and, or, implies, or the end")
    return expression


def _tokens(text: str) -> list[_Token]:
    if len(text) > LONGEST:
        raise ExpressionError(text, LONGEST, f"A condition has at most {LONGEST} characters")
    found, spot = [], 0
    while text[spot:].strip():
        match = _TOKEN.match(text, spot)
        if match is None:
            spot += len(text[spot:]) - len(text[spot:].lstrip())
            raise ExpressionError(text, spot, f"The character {text[spot]!r} is not part of the language")
        group = match.lastgroup or "sign"
        found.append(_Token(text=match.group(group), spot=match.start(group)))
        spot = match.end()
    return [*found, _Token(text="", spot=len(text.rstrip()))]


class _Reader:
    """Recursive descent; one method a rule of the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.next = 0

    @property
    def now(self) -> _Token:
        return self.tokens[self.next]

    def stop(self, reason: str) -> NoReturn:
        found = f'found "{self.now.text}"' if self.now.text else "the text ends"
        raise ExpressionError(self.text, self.now.spot, f"{reason}, but {found}")

    def took(self, text: str) -> bool:
        """Step over this token if it is the next one."""
        there = self.now.text == text
        self.next += there
        return there

    def need(self, text: str, why: str) -> None:
        if not self.took(text):
            self.stop(f'Expected "{text}" {why}')

    def condition(self, depth: int) -> Expression:
        if depth > DEEPEST:
            raise ExpressionError(
                self.text, self.now.spot, f"A condition nests at most {DEEPEST} levels; write it in two"
            )
        left = self.clause(depth)
        return Implies(left=left, right=self.condition(depth + 1)) if self.took("implies") else left

    def clause(self, depth: int) -> Expression:
        parts = [self.both(depth)]
        while self.took("or"):
            parts.append(self.both(depth))
        return Or(parts=tuple(parts)) if len(parts) > 1 else parts[0]

    def both(self, depth: int) -> Expression:
        parts = [self.part(depth)]
        while self.took("and"):
            parts.append(self.part(depth))
        return And(parts=tuple(parts)) if len(parts) > 1 else parts[0]

    def part(self, depth: int) -> Expression:
        turns = 0
        while self.took("not"):
            turns += 1
        if depth + turns > DEEPEST:
            self.stop(f"Expected at most {DEEPEST} levels")
        found = self.plain(depth)
        for _ in range(turns):
            found = Not(part=found)
        return found

    def plain(self, depth: int) -> Expression:
        if self.took("("):
            inside = self.condition(depth + 1)
            self.need(")", "to close the bracket")
            return inside
        if self.now.text in ("true", "false"):
            value = self.now.text == "true"
            self.next += 1
            return Constant(value=value)
        return self._holds() if self.now.text == "{" else self._term()

    def _holds(self) -> Expression:
        values, spots = self.values()
        self.need("in", "after the values")
        spot = self.now.spot
        return Holds(term=self.name("a term"), values=values, spots=(spot, *spots))

    def _term(self) -> Expression:
        spot = self.now.spot
        term = self.name("a term, a bracket, true or false")
        if self.took("in"):
            values, spots = self.values()
            return OneOf(term=term, values=values, spots=(spot, *spots))
        if self.now.text not in SIGNS:
            self.stop("Expected =, !=, <, <=, >, >= or in")
        # the test above is what makes this a sign
        sign = cast("Sign", self.now.text)
        self.next += 1
        value_spot = self.now.spot
        return Compare(term=term, sign=sign, value=self.name("a value"), spots=(spot, value_spot))

    def values(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        self.need("{", "before the values")
        spots = [self.now.spot]
        values = [self.name("a value")]
        while self.took(","):
            spots.append(self.now.spot)
            values.append(self.name("a value"))
        self.need("}", "after the values")
        return tuple(values), tuple(spots)

    def name(self, what: str) -> str:
        text = self.now.text
        if text in RESERVED or not ID.fullmatch(text):
            small = text.isidentifier() and text not in RESERVED
            self.stop(f"Expected {what}" + (", written in small letters a to z" if small else ""))
        self.next += 1
        return text
