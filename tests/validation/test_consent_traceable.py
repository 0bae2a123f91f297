"""No verdict without a confirmed statement whose offsets bring its words back; and this test can fail."""

from dataclasses import replace
from pathlib import Path

import pytest

from asylia.io.folder import find_case, read_case
from asylia.io.sources import find_texts
from asylia.study.gather import stands

TEXTS = Path(__file__).resolve().parents[2] / ".." / "shared" / "sources"
NO_WORDS = "no confirmed statement"
ELSEWHERE = "words stand elsewhere"


def cells_of(case):
    return stands(case, case.plans)


def untraced(case, cells, texts=None) -> list[tuple[str, str, str]]:
    """Verdicts that rest on no confirmed hard statement, and grounds whose offsets do not bring their words back."""
    by_id = {statement.id: statement for statement in case.statements}
    found = []
    for cell in cells:
        if cell.position == "cannot say" or cell.plan == "none":
            continue
        wanted = ("met",) if cell.position == "nothing stated against it" else ("unmet", "contested")
        grounds = [by_id[line.statement] for line in cell.lines if line.standing in wanted]
        deciding = [
            s for s in grounds if s.status == "confirmed" and s.force in ("hard", "red_line") and s.evidence
        ]
        if not deciding:
            found.append((cell.plan, cell.actor, NO_WORDS))
        found += [
            (cell.plan, cell.actor, ELSEWHERE)
            for statement in deciding
            for pointer in statement.evidence
            if texts is not None and pointer.words not in texts[pointer.source][pointer.start : pointer.end]
        ]
    return found


def changed(case, name, **fields):
    return replace(
        case, statements=tuple(replace(s, **fields) if s.id == name else s for s in case.statements)
    )


@pytest.fixture(scope="module")
def case():
    return read_case(find_case("syria-2017"))


@pytest.fixture(scope="module")
def texts(case):
    if not TEXTS.is_dir():
        pytest.skip("the articles are not here; their text is not shipped")
    named = {pointer.source for statement in case.statements for pointer in statement.evidence}
    held, missing = find_texts(case.sources, named, TEXTS)
    assert not missing
    return held


def test_there_are_verdicts_to_trace(case):
    cells = cells_of(case)
    for position in ("refuses", "nothing stated against it"):
        who = {cell.actor for cell in cells if cell.position == position and cell.plan != "none"}
        assert who == {"syrian-government", "russia"}


def test_every_verdict_rests_on_a_confirmed_statement_with_a_pointer(case):
    assert untraced(case, cells_of(case)) == []


def test_the_words_of_every_ground_stand_where_the_pointer_says(case, texts):
    assert untraced(case, cells_of(case), texts) == []


@pytest.mark.parametrize(
    "fields", [{"status": "proposed"}, {"status": "rejected"}, {"evidence": ()}, {"force": "soft"}]
)
def test_a_verdict_left_without_its_statement_is_found(case, fields):
    """The verdicts as they were, over statements that nobody confirmed, that point nowhere or cannot decide."""
    cells, weaker = cells_of(case), case
    for name in ("SYR-1", "SYR-2"):
        weaker = changed(weaker, name, **fields)
    assert ("no-fly", "syrian-government", NO_WORDS) in untraced(weaker, cells)


def test_without_its_confirmed_statements_an_actor_has_no_verdict(case):
    weaker = case
    for name in ("SYR-1", "SYR-2"):
        weaker = changed(weaker, name, status="proposed")
    assert {c.position for c in cells_of(weaker) if c.actor == "syrian-government" and c.plan != "none"} == {
        "cannot say"
    }


def test_offsets_that_are_off_are_found(case, texts):
    (statement,) = [s for s in case.statements if s.id == "RUS-1"]
    (pointer,) = statement.evidence
    moved = replace(pointer, start=pointer.start + 300, end=pointer.end + 300)
    found = untraced(changed(case, "RUS-1", evidence=(moved,)), cells_of(case), texts)
    assert ("no-fly", "russia", ELSEWHERE) in found
