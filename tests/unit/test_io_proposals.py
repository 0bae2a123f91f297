"""Files of proposals: written whole, changed one entry at a time."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from asylia.core.errors import CaseError
from asylia.io.proposals import read_article, read_statements, save_statement, texts_of, write_proposals
from asylia.model.actors import Pointer, Statement

KEPT = """\
# A comment at the top.

[[statements]]
id = "A-1"   # of the council
actor = "council"
rank = 1
# why this matters
force = "hard"
expression = "a = b"
summary = \"\"\"
Two
lines.\"\"\"
status = "proposed"
evidence = [{ source = "s", start = 0, end = 4, words = "word", speaker = "Hill", mode = "direct" }]

# ------ the others

[[statements]]
id = "A-2"
actor = "council"
rank = 2
force = "report"
expression = ""
summary = "Second."
evidence = []

[[suggestions]]
statement = "A-2"
reason = "None."
"""


def said(name: str = "a-1", **changes) -> Statement:
    pointer = Pointer(source="a", start=0, end=4, words="Hill", speaker="Hill", mode="direct")
    made = Statement(
        id=name, actor="low", rank=1, force="soft", expression="", summary="S.", evidence=(pointer,)
    )
    return replace(made, **changes)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("Hill said no.\n", encoding="utf-8")
    path = tmp_path / "p.toml"
    write_proposals(
        path, [read_article(tmp_path / "a.txt")], [said(), said("a-2")], [{"statement": "a-1", "reason": "R"}]
    )
    return path


def test_what_was_written_is_read_back(file):
    held = read_statements(file)
    assert held.statements == (said(), said("a-2"))
    assert held.suggestions["a-1"]["reason"] == "R"
    assert texts_of(held, None) == {"a": "Hill said no.\n"}
    assert texts_of(held, file.parent) == {"a": "Hill said no.\n"}


def test_a_text_that_changed_is_not_at_hand(file):
    (file.parent / "a.txt").write_text("Hill said yes.\n", encoding="utf-8")
    held = read_statements(file)
    assert texts_of(held, None) == {}
    assert texts_of(held, file.parent) == {}


def test_nothing_is_overwritten(file):
    with pytest.raises(CaseError, match="does not exist yet"):
        write_proposals(file, [], [said()], [])
    assert read_statements(file).statements[0] == said()


def test_one_entry_changes_and_all_else_stays_to_the_byte(tmp_path):
    path = tmp_path / "statements.toml"
    path.write_text(KEPT, encoding="utf-8")
    held = read_statements(path)
    changed = replace(held.statements[0], status="confirmed")
    after = save_statement(held, changed)
    text = path.read_text(encoding="utf-8")
    assert after.text == text
    assert read_statements(path).statements == (changed, held.statements[1])
    assert text.startswith("# A comment at the top.\n\n")
    assert text.endswith(KEPT[KEPT.index("\n# ------ the others") :])
    assert "# why this matters" in text
    last = save_statement(after, replace(held.statements[1], status="disputed"))
    assert last.text.endswith(KEPT[KEPT.index("\n[[suggestions]]") :])
    assert tomllib.loads(last.text)["statements"][1]["status"] == "disputed"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_somebody_changed_meanwhile_is_left_alone(file):
    held = read_statements(file)
    file.write_text(held.text + "# mine\n", encoding="utf-8")
    with pytest.raises(CaseError, match="meanwhile"):
        save_statement(held, replace(held.statements[0], status="confirmed"))
    assert file.read_text(encoding="utf-8").endswith("# mine\n")


def test_entries_that_cannot_be_told_apart_are_left_alone(tmp_path):
    path = tmp_path / "p.toml"
    entry = (
        '{ id = "a", actor = "b", rank = 1, force = "soft", expression = "", summary = "S", evidence = [] }'
    )
    path.write_text(f"statements = [{entry}]\n", encoding="utf-8")
    held = read_statements(path)
    with pytest.raises(CaseError, match="entry of its own"):
        save_statement(held, replace(held.statements[0], status="disputed"))


@pytest.mark.parametrize(
    "text", ["statements = 3", '[[statements]]\nid = "a"\n', "[[statements]", '[[statements]]\nfoo = "x"\n']
)
def test_broken_files_are_told(tmp_path, text):
    path = tmp_path / "p.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError):
        read_statements(path)


def test_articles_are_read_as_offsets_count_them(tmp_path):
    path = tmp_path / "Ein Text (2).txt"
    path.write_bytes("\ufeffé\r\nx\r".encode())
    article = read_article(path)
    assert (article.text, article.id) == ("é\nx\n", "Ein-Text-2")
    strange = tmp_path / "\u0646\u0635.txt"
    strange.write_text("x", encoding="utf-8")
    assert read_article(strange).id.startswith("article-")
    for data in (b"\xff\xfe\x00", b"PK\x03\x04", b"\xe9", b"a\x00b", b"x" * 600_000):
        path.write_bytes(data)
        with pytest.raises(CaseError):
            read_article(path)
    with pytest.raises(CaseError):
        read_article(tmp_path / "none.txt")
