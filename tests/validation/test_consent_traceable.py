"""No verdict without a confirmed statement whose offsets bring its words back."""

from pathlib import Path

import pytest

from asylia.io.folder import find_case, read_case
from asylia.io.sources import find_texts
from asylia.study.gather import stands

TEXTS = Path(__file__).resolve().parents[2] / ".." / "shared" / "sources"


@pytest.fixture(scope="module")
def case():
    return read_case(find_case("syria-2017"))


@pytest.fixture(scope="module")
def verdicts(case):
    return [cell for cell in stands(case, case.plans) if cell.position in ("refuses", "contested")]


def test_there_are_verdicts_to_trace(verdicts):
    assert {cell.actor for cell in verdicts} == {"syrian-government", "russia"}


def test_every_verdict_rests_on_a_confirmed_statement_with_a_pointer(case, verdicts):
    by_id = {statement.id: statement for statement in case.statements}
    for cell in verdicts:
        grounds = [by_id[line.statement] for line in cell.lines if line.standing in ("unmet", "contested")]
        assert any(
            s.status == "confirmed" and s.force in ("hard", "red_line") and s.evidence for s in grounds
        ), cell


def test_the_words_of_every_ground_stand_where_the_pointer_says(case, verdicts):
    if not TEXTS.is_dir():
        pytest.skip("the articles are not here; their text is not shipped")
    named = {pointer.source for statement in case.statements for pointer in statement.evidence}
    texts, missing = find_texts(case.sources, named, TEXTS)
    assert not missing
    by_id = {statement.id: statement for statement in case.statements}
    for line in {line.statement: line for cell in verdicts for line in cell.lines}.values():
        for pointer in by_id[line.statement].evidence:
            passage = texts[pointer.source][pointer.start : pointer.end]
            assert pointer.words in passage
            assert line.words in passage
