from __future__ import annotations

import pytest

from asylia.consent.expressions import DEEPEST, LONGEST, ExpressionError, parse
from asylia.consent.logic import contradict, evaluate, mismatches
from asylia.consent.nodes import And, Compare, Implies, Not, Or, names, to_text
from asylia.model.actors import Term

CONSENT = Term(id="consent", name="Consent", values=("none", "tacit", "written"), ordered=True)
ADMIN = Term(id="admin", name="Who runs it", values=("host", "un", "council"))
AGENCIES = Term(id="agencies", name="Agencies", values=("iom", "unhcr", "icrc"), several=True)
ALL = (CONSENT, ADMIN, AGENCIES)
TERMS = {term.id: term for term in ALL}


def value(text: str, **settled: str | tuple[str, ...]) -> bool | None:
    given = {k: (v,) if isinstance(v, str) else v for k, v in settled.items()}
    return evaluate(parse(text), given, TERMS)


def test_not_binds_before_and_before_or_before_implies():
    a, b, c = (Compare(term=n, sign="=", value="x") for n in "abc")
    assert parse("not a = x and b = x or c = x") == Or(parts=(And(parts=(Not(part=a), b)), c))
    assert parse("a = x or b = x implies c = x") == Implies(left=Or(parts=(a, b)), right=c)


def test_implies_groups_to_the_right_and_keeps_brackets_on_the_left():
    right, left = parse("a = x implies b = x implies c = x"), parse("(a = x implies b = x) implies c = x")
    assert right != left
    assert to_text(right) == "a = x implies b = x implies c = x"
    assert to_text(left) == "(a = x implies b = x) implies c = x"


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("", 0, "Expected a term"),
        ("consent", 7, "Expected ="),
        ("consent = ", 9, "Expected a value"),
        ("consent = written admin = un", 18, "Expected and"),
        ("(consent = written", 18, 'Expected ")"'),
        ("admin in {}", 10, "Expected a value"),
        ("admin in {un host}", 13, 'Expected "}"'),
        ("{iom} consent", 6, 'Expected "in"'),
        ("consent == written", 9, "Expected a value"),
        ("consent = and", 10, "Expected a value"),
        ("consent = Written", 10, "small letters"),
        ("consent = written & admin = un", 18, "not part of the language"),
        ("  \n consent ? un", 12, "not part of the language"),
        ("consent = 4", 10, "not part of the language"),
    ],
)
def test_an_error_points_at_the_character(text: str, position: int, says: str):
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.position == position
    assert says in str(caught.value)
    line, caret = str(caught.value).splitlines()[-2:]
    assert len(caret) - 3 == position - max(0, position - 60)
    assert line.strip() in text.replace("\n", " ")


def test_long_and_deep_text_is_refused_not_crashed_on():
    with pytest.raises(ExpressionError, match="at most"):
        parse("(" * 5_000)
    with pytest.raises(ExpressionError, match="nests at most"):
        parse("(" * (DEEPEST + 2) + "true" + ")" * (DEEPEST + 2))
    with pytest.raises(ExpressionError, match="levels"):
        parse("not " * (DEEPEST + 1) + "true")
    with pytest.raises(ExpressionError, match="nests at most"):
        parse("true implies " * (DEEPEST + 2) + "true")
    assert parse(" or ".join(["a = x"] * 200)) is not None
    assert len("a = x or " * 300) > LONGEST


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("consent = written", False),
        ("consent != written", True),
        ("consent >= tacit", True),
        ("consent > tacit", False),
        ("consent < written", True),
        ("consent <= none", False),
        ("consent in {none, tacit}", True),
        ("{iom} in agencies", True),
        ("{iom, icrc} in agencies", False),
        ("admin = un", None),
        ("admin = un and consent = written", False),
        ("admin = un or consent = tacit", True),
        ("not admin = un", None),
        ("consent = written implies admin = un", True),
        ("consent = tacit implies admin = un", None),
        ("admin = un implies consent = tacit", True),
        ("true and not false", True),
    ],
)
def test_conditions_hold_against_what_a_plan_settles(text: str, expected: bool | None):
    assert value(text, consent="tacit", agencies=("iom", "unhcr")) is expected


def test_an_ordinary_term_with_two_values_is_one_of_them():
    assert value("admin in {un, council}", admin=("un", "council")) is True
    assert value("admin = un", admin=("un", "council")) is None
    assert value("admin = host", admin=("un", "council")) is False


def test_a_term_settled_to_none_of_its_values_is_known():
    assert value("{iom} in agencies", agencies=()) is False
    assert value("admin = un", admin=()) is None


def test_names_are_listed_once_and_sorted():
    assert names(parse("b = x and a = x or not b = y")) == ("a", "b")


@pytest.mark.parametrize(
    ("text", "position", "must", "mend"),
    [
        ("consnt = written", 0, "names a known term", 'Did you mean "consent"?'),
        ("consent = writen", 10, "is a value of consent", 'Did you mean "written"?'),
        ("admin in {un, hots}", 14, "is a value of admin", 'Did you mean "host"?'),
        ("admin < un", 0, "order", "in {...}"),
        ("agencies = iom", 0, "several values", "{...} in agencies"),
        ("{un} in admin", 8, "one value", "admin = ..."),
    ],
)
def test_a_misfit_says_where_what_and_how_to_mend(text: str, position: int, must: str, mend: str):
    (found,) = mismatches(parse(text), TERMS)
    assert found.position == position
    assert must in found.must
    assert mend in found.mend


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("consent = written", "consent = none", True),
        ("consent >= tacit", "consent <= tacit", False),
        ("consent = written", "admin = un", False),
        ("{iom} in agencies", "not {iom, unhcr} in agencies", False),
        ("{iom, unhcr} in agencies", "not {iom} in agencies", True),
        ("false", "consent = none", False),
        ("unknown_term = x", "unknown_term = y", False),
    ],
)
def test_two_conditions_contradict_only_if_each_can_be_met_and_never_both(first, second, expected):
    assert contradict(first, second, ALL) is expected
    assert contradict(second, first, ALL) is expected


def test_no_contradiction_is_claimed_where_there_is_too_much_to_try():
    terms = tuple(Term(id=f"t{n}", name="", values=tuple(f"v{k}" for k in range(30))) for n in range(4))
    wide = " and ".join(f"t{n} = v0" for n in range(4))
    assert contradict(wide, f"not ({wide})", terms) is False
    assert contradict("t0 = v0", "t0 != v0", terms) is True
