"""Hold a condition against a plan: true, false, or unknown because the plan does not say.

Three values after Kleene: an unknown stays unknown unless the rest decides. So settling more terms of a plan can turn
an unknown into true or false, and never a true into a false.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from asylia.consent.expressions import parse
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
    names,
    values_of,
)
from asylia.core.errors import nearest
from asylia.model.actors import Term

ORDERED_SIGNS: Final[Mapping[str, Callable[[int, int], bool]]] = {
    "<": int.__lt__,
    "<=": int.__le__,
    ">": int.__gt__,
    ">=": int.__ge__,
}
MOST_WORLDS: Final = 20_000
"""Beyond this many combinations no contradiction is looked for: none is claimed."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mismatch:
    """Something in a condition that does not fit the terms, and how to mend it."""

    position: int
    value: str
    must: str
    mend: str


def evaluate(
    expression: Expression, settled: Mapping[str, Sequence[str]], terms: Mapping[str, Term]
) -> bool | None:
    """Hold a condition against what a plan settles.

    Parameters
    ----------
    settled
        Values by term id. A missing term is unknown. An ordinary term with more than one value stands for "one of
        these"; a term of several values holds exactly those given.
    terms
        Definitions by id; ordered comparisons need them.

    Returns
    -------
    True, False, or `None` for unknown.

    Examples
    --------
    >>> evaluate(parse("a = yes or b = yes"), {"a": ("yes",)}, {})
    True
    >>> evaluate(parse("a = yes and b = yes"), {"a": ("yes",)}, {}) is None
    True
    """
    match expression:
        case Constant(value=value):
            return value
        case Compare() | OneOf() | Holds():
            return _evaluate_atom(expression, settled.get(expression.term), terms)
        case Not(part=part):
            return _opposite(evaluate(part, settled, terms))
        case Implies(left=left, right=right):
            return _any((_opposite(evaluate(left, settled, terms)), evaluate(right, settled, terms)))
        case And(parts=parts):
            return _opposite(_any(_opposite(evaluate(part, settled, terms)) for part in parts))
        case Or(parts=parts):
            return _any(evaluate(part, settled, terms) for part in parts)


def mismatches(expression: Expression, terms: Mapping[str, Term]) -> list[Mismatch]:
    """List what in a condition does not fit the terms: unknown names and values, and signs a term cannot take."""
    return [found for atom in atoms(expression) for found in _fit(atom, terms)]


@lru_cache(maxsize=4096)
def contradict(first: str, second: str, terms: tuple[Term, ...]) -> bool:
    """Tell whether two conditions can each be met, but never both.

    Parameters
    ----------
    first, second
        Conditions as text.
    terms
        All terms; every combination of the values of those named is tried.
    """
    by_id = {term.id: term for term in terms}
    left, right = parse(first), parse(second)
    if not set(names(left)) & set(names(right)):
        return False
    worlds = _worlds(And(parts=(left, right)), by_id)
    if worlds is None:
        return False
    outcomes = [(evaluate(left, world, by_id), evaluate(right, world, by_id)) for world in worlds]
    each = any(one for one, _ in outcomes) and any(two for _, two in outcomes)
    return each and not any(one and two for one, two in outcomes)


def _worlds(
    expression: Expression, terms: Mapping[str, Term]
) -> Iterable[Mapping[str, tuple[str, ...]]] | None:
    domains: dict[str, list[tuple[str, ...]]] = {}
    for name in names(expression):
        term = terms.get(name)
        if term is None:
            return None
        domains[name] = _named_subsets(expression, name) if term.several else [(v,) for v in term.values]
        if math.prod(len(domain) for domain in domains.values()) > MOST_WORLDS:
            return None
    return [dict(zip(domains, chosen, strict=True)) for chosen in itertools.product(*domains.values())]


def _named_subsets(expression: Expression, name: str) -> list[tuple[str, ...]]:
    """Subsets of the values an expression names for a term; values it does not name cannot matter to it."""
    named = sorted({value for atom in atoms(expression) if atom.term == name for value in values_of(atom)})
    most = MOST_WORLDS.bit_length()
    sizes = range(min(len(named), most) + 1)
    subsets = itertools.chain.from_iterable(itertools.combinations(named, size) for size in sizes)
    return list(itertools.islice(subsets, MOST_WORLDS + 1))


def _evaluate_atom(atom: Atom, settled: Sequence[str] | None, terms: Mapping[str, Term]) -> bool | None:
    if settled is None:
        return None
    if isinstance(atom, Holds):
        return set(atom.values) <= set(settled)
    outcomes = {_meets(atom, value, terms) for value in settled}
    return outcomes.pop() if len(outcomes) == 1 else None


def _meets(atom: Compare | OneOf, value: str, terms: Mapping[str, Term]) -> bool | None:
    if isinstance(atom, OneOf):
        return value in atom.values
    if atom.sign in ("=", "!="):
        return (value == atom.value) == (atom.sign == "=")
    term = terms.get(atom.term)
    if term is None or not term.ordered or not {value, atom.value} <= set(term.values):
        return None
    return ORDERED_SIGNS[atom.sign](term.values.index(value), term.values.index(atom.value))


def _opposite(outcome: bool | None, /) -> bool | None:  # noqa: FBT001 - the value is what is turned
    return None if outcome is None else not outcome


def _any(outcomes: Iterable[bool | None]) -> bool | None:
    seen = set(outcomes)
    if True in seen:
        return True
    return None if None in seen else False


def _fit(atom: Atom, terms: Mapping[str, Term]) -> list[Mismatch]:
    spots = atom.spots or (0,) * (1 + len(values_of(atom)))
    term = terms.get(atom.term)
    if term is None:
        mend = nearest(atom.term, terms) or "Add the term to actors.toml, or correct the name."
        return [Mismatch(position=spots[0], value=atom.term, must="names a known term", mend=mend)]
    found = _fit_shape(atom, term, spots[0])
    for spot, value in zip(spots[1:], values_of(atom), strict=True):
        if value not in term.values:
            mend = nearest(value, term.values) or f"Known values: {', '.join(term.values)}."
            found.append(Mismatch(position=spot, value=value, must=f"is a value of {term.id}", mend=mend))
    return found


def _fit_shape(atom: Atom, term: Term, spot: int) -> list[Mismatch]:
    if isinstance(atom, Holds) != term.several:
        shape = "{...} in " + term.id if term.several else f"{term.id} = ... or {term.id} in {{...}}"
        must = "holds several values" if term.several else "holds one value"
        return [Mismatch(position=spot, value=term.id, must=f"{term.id} {must}", mend=f"Write {shape}.")]
    if isinstance(atom, Compare) and atom.sign in ORDERED_SIGNS and not term.ordered:
        must = f"{atom.sign} stands only between values that have an order"
        mend = f"Write {term.id} in {{...}}, or mark the term as ordered."
        return [Mismatch(position=spot, value=term.id, must=must, mend=mend)]
    return []
