"""Every requirement of the critics has a row in the docs, and everything a row names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from asylia.cli.main import COMMANDS
from asylia.study.criteria import JUDGES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "requirements.md").read_text(encoding="utf-8")
ROWS = {
    cells[0]: cells
    for line in PAGE.splitlines()
    if re.match(r"\| R\d\d ", line)
    for cells in [[cell.strip() for cell in line.strip().strip("|").split("|")]]
}
NAMED = re.compile(r"`([^`]+)`")


def test_every_requirement_has_one_row():
    assert list(ROWS) == [f"R{n:02}" for n in range(1, 26)]
    assert len(re.findall(r"^\| R\d\d ", PAGE, re.MULTILINE)) == 25
    assert {len(cells) for cells in ROWS.values()} == {6}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_names_what_answers_it_and_says_what_is_open(name):
    _, because, asked, state, answer, left = ROWS[name]
    assert because
    assert asked
    assert state in ("yes", "in part", "not yet")
    assert NAMED.search(answer), "it names a file, a test or a command"
    assert (state == "yes") == (left == "")
    assert state != "not yet" or re.search(r"issue \d", left)


@pytest.mark.parametrize("name", ROWS)
def test_what_a_row_names_is_there(name):
    for named in NAMED.findall(ROWS[name][4]):
        path, _, test = named.partition("::")
        if named.startswith("asylia "):
            assert named.split()[1] in COMMANDS, named
        elif "/" in named:
            assert (ROOT / path).is_file(), named
            assert not test or f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), named
        else:
            assert named in (ROOT / "src/asylia/data/law/safeguards.csv").read_text(encoding="utf-8"), named


def test_every_condition_a_row_names_is_in_the_checklist():
    known = (ROOT / "src/asylia/data/law/conditions.csv").read_text(encoding="utf-8")
    for cells in ROWS.values():
        assert all(f"\n{condition}," in known for condition in re.findall(r"\bL\d\d\b", cells[4]))


def test_more_returns_is_never_called_better():
    better = {judge.criterion.id: judge.criterion.better for judge in JUDGES}
    assert better["returned"] == "neither"
    assert better["crossed"] == "neither"
    assert better["wanted_to_cross"] == "less"
