"""Whatever stands in a statement: it is read back as written, and changing one leaves the others to the byte."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from asylia.io.proposals import read_statements, save_statement, write_proposals
from asylia.model.actors import Pointer, Statement

PLAIN = st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp", "Cf"))
WORDS = st.text(PLAIN, max_size=40).filter(str.strip)
LINES = st.one_of(
    WORDS,
    st.sampled_from(
        ["[[statements]]\n# x", '"""\n[a]', "''' \n id = 1", "[[statements.evidence]]", "a\n\n# b\n"]
    ),
)
POINTERS = st.builds(
    Pointer,
    source=st.sampled_from(["a", "b.c"]),
    start=st.integers(0, 9),
    end=st.integers(10, 99),
    words=WORDS,
    speaker=LINES,
    mode=st.sampled_from(["direct", "inferred"]),
)
STATEMENTS = st.lists(
    st.builds(
        Statement,
        id=st.just("x"),
        actor=st.sampled_from(["low", "up"]),
        rank=st.integers(1, 9),
        force=st.sampled_from(["hard", "report"]),
        expression=st.sampled_from(["", "a = b"]),
        summary=LINES,
        evidence=st.lists(POINTERS, max_size=2).map(tuple),
        alternatives=st.lists(WORDS, max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=4,
).map(lambda found: [replace(one, id=f"s-{number}") for number, one in enumerate(found)])


@given(told=STATEMENTS, data=st.data())
@settings(max_examples=100, deadline=None)
def test_one_statement_changes_and_the_others_stay(told, data):
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "p.toml"
        write_proposals(path, [], told, [{"statement": "s-0", "reason": "R"}])
        held = read_statements(path)
        assert held.statements == tuple(told)
        number = data.draw(st.integers(0, len(told) - 1))
        changed = replace(told[number], status="disputed", summary=data.draw(LINES))
        after = save_statement(held, changed)
        assert after.statements == (*told[:number], changed, *told[number + 1 :])
        again = read_statements(path)
        assert (again.text, again.statements) == (after.text, after.statements)
        assert again.suggestions == held.suggestions
        assert save_statement(again, told[number]).text == held.text
