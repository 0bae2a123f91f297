"""Properties of the language of conditions: it round-trips, and learning more never contradicts what was known."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from asylia.consent.expressions import RESERVED, ExpressionError, parse
from asylia.consent.logic import contradict, evaluate, mismatches
from asylia.consent.nodes import (
    And,
    Compare,
    Constant,
    Expression,
    Holds,
    Implies,
    Not,
    OneOf,
    Or,
    names,
    to_text,
)
from asylia.model.actors import Term

PLAIN = Term(id="admin", name="Who runs it", values=("host", "un", "council"))
ORDERED = Term(id="consent", name="Consent", values=("none", "tacit", "written"), ordered=True)
SEVERAL = Term(id="agencies", name="Agencies", values=("iom", "unhcr"), several=True)
TERMS = {term.id: term for term in (PLAIN, ORDERED, SEVERAL)}


def compared(term: Term) -> st.SearchStrategy[Expression]:
    signs = ("=", "!=", "<", "<=", ">", ">=") if term.ordered else ("=", "!=")
    values = st.sampled_from(term.values)
    some = st.lists(values, min_size=1, max_size=3).map(tuple)
    return st.builds(Compare, term=st.just(term.id), sign=st.sampled_from(signs), value=values) | st.builds(
        OneOf, term=st.just(term.id), values=some
    )


atoms = (
    st.builds(Constant, value=st.booleans())
    | compared(PLAIN)
    | compared(ORDERED)
    | st.builds(
        Holds,
        term=st.just("agencies"),
        values=st.lists(st.sampled_from(SEVERAL.values), min_size=1, max_size=2).map(tuple),
    )
)


def grow(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    many = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return (
        st.builds(Not, part=inner)
        | st.builds(And, parts=many)
        | st.builds(Or, parts=many)
        | st.builds(Implies, left=inner, right=inner)
    )


expressions = st.recursive(atoms, grow, max_leaves=8)
settled_terms = st.fixed_dictionaries(
    {},
    optional={
        "admin": st.sampled_from(PLAIN.values).map(lambda v: (v,)),
        "consent": st.sampled_from(ORDERED.values).map(lambda v: (v,)),
        "agencies": st.sets(st.sampled_from(SEVERAL.values)).map(lambda s: tuple(sorted(s))),
    },
)


def worlds() -> list[dict[str, tuple[str, ...]]]:
    agencies = [(), ("iom",), ("unhcr",), ("iom", "unhcr")]
    return [
        {"admin": (a,), "consent": (c,), "agencies": g}
        for a, c, g in itertools.product(PLAIN.values, ORDERED.values, agencies)
    ]


WORLDS = worlds()


@given(expressions)
def test_text_reads_back_as_the_same_expression(expression: Expression):
    assert parse(to_text(expression)) == expression


@given(expressions)
def test_generated_conditions_fit_their_terms(expression: Expression):
    assert mismatches(expression, TERMS) == []


@given(expressions, settled_terms)
def test_what_is_told_holds_however_the_rest_is_settled(expression: Expression, settled: dict):
    told = evaluate(expression, settled, TERMS)
    completions = {evaluate(expression, {**world, **settled}, TERMS) for world in WORLDS}
    assert None not in completions
    if told is not None:
        assert completions == {told}


@given(expressions, settled_terms, settled_terms)
def test_settling_more_terms_never_turns_true_into_false(expression: Expression, first: dict, more: dict):
    before = evaluate(expression, first, TERMS)
    after = evaluate(expression, {**more, **first}, TERMS)
    assert before is None or after is before


@given(expressions, settled_terms)
def test_de_morgan_and_double_negation_hold_for_three_values(expression: Expression, settled: dict):
    told = evaluate(expression, settled, TERMS)
    assert evaluate(Not(part=Not(part=expression)), settled, TERMS) is told
    opposite = evaluate(Not(part=expression), settled, TERMS)
    assert opposite is (None if told is None else not told)


@given(expressions)
def test_names_are_exactly_what_can_matter(expression: Expression):
    for name in set(TERMS) - set(names(expression)):
        for world in WORLDS[:5]:
            fewer = {k: v for k, v in world.items() if k != name}
            assert evaluate(expression, fewer, TERMS) is evaluate(expression, world, TERMS)


@given(expressions, expressions)
def test_contradiction_agrees_with_trying_every_world(first: Expression, second: Expression):
    outcomes = [(evaluate(first, w, TERMS), evaluate(second, w, TERMS)) for w in WORLDS]
    never_both = not any(a and b for a, b in outcomes)
    each = any(a for a, _ in outcomes) and any(b for _, b in outcomes)
    shared = bool(set(names(first)) & set(names(second)))
    found = contradict(to_text(first), to_text(second), tuple(TERMS.values()))
    assert found == (never_both and each and shared)


def read(text: str) -> Expression | ExpressionError:
    try:
        return parse(text)
    except ExpressionError as error:
        return error


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_place_in_it(text: str):
    found = read(text)
    assert not isinstance(found, ExpressionError) or 0 <= found.position <= len(text)


@given(
    st.lists(
        st.sampled_from([*sorted(RESERVED), "a", "b", "=", "(", ")", "{", "}", ",", "<="]),
        min_size=1,
        max_size=12,
    )
)
def test_any_row_of_tokens_is_read_or_refused(tokens: list[str]):
    found = read(" ".join(tokens))
    assert "^" in str(found) if isinstance(found, ExpressionError) else parse(to_text(found)) == found
