"""The parts of `asylia consent`: show, propose and confirm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from asylia.cli.main import app, load
from asylia.io.decisions import read_record
from asylia.io.proposals import read_statements
from case_folders import append, make_case_folder

FIRST = "Hill, the mayor of Ford, said any zone without our consent would be a violation of the law.\n\nIt rained.\n"
SECOND = (
    "A statement said any zone without consent would be a violation of the law. Stone supports the zone.\n"
)


def call(*arguments: str, answers: str = ""):
    return CliRunner().invoke(app, ["consent", *arguments], input=answers)


@pytest.fixture
def articles(tmp_path: Path) -> tuple[str, str]:
    for name, text in (("first", FIRST), ("second", SECOND)):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    return str(tmp_path / "first.txt"), str(tmp_path / "second.txt")


@pytest.fixture
def proposals(tmp_path: Path, articles) -> Path:
    path = tmp_path / "p.toml"
    assert call("propose", *articles, "--out", str(path)).exit_code == 0
    return path


def states(path: Path) -> list[str]:
    return [one.status for one in read_statements(path).statements]


def test_a_case_is_shown_as_ever():
    told = call("syria-2017", "--plan", "turkey-north", "--json")
    assert told.exit_code == 0
    assert {cell["plan"] for cell in json.loads(told.stdout)["positions"]} == {"turkey-north"}
    assert call("--plan", "turkey-north", "syria-2017").exit_code == 0
    assert call().exit_code == 2


@pytest.mark.parametrize("part", ["propose", "confirm"])
def test_parts_have_help_with_an_example(part):
    told = call(part, "--help")
    assert told.exit_code == 0
    assert f"Example: asylia consent {part}" in told.stdout
    assert "--json" in told.stdout
    assert set(load("consent").parts) == {"propose", "confirm"}


def test_propose_lists_candidates_and_lays_articles_side_by_side(articles):
    told = json.loads(call("propose", *articles, "--json").stdout)
    assert {one["status"] for one in told["candidates"]} == {"proposed"}
    assert [one["speaker"] for one in told["candidates"]] == [
        "Hill, the mayor of Ford",
        "A statement",
        "Stone",
    ]
    (beside,) = told["side_by_side"]
    assert [pair["basis"] for pair in beside["both"]] == ["wording"]
    assert beside["both"][0]["differs"]["speaker"] == ["Hill, the mayor of Ford", "A statement"]
    assert beside["only_second"] == ["second-2"]
    text = call("propose", *articles).stdout
    assert "None is confirmed" in text
    assert "Both, in like words" in text


def test_propose_writes_a_file_once(proposals, articles):
    held = read_statements(proposals)
    assert states(proposals) == ["proposed"] * 3
    assert held.statements[1].same_as == "first-1"
    assert "violation" not in (proposals.read_text(encoding="utf-8").split("words")[0])
    again = call("propose", *articles, "--out", str(proposals))
    assert again.exit_code == 2
    assert "Choose another name" in again.stderr


def test_propose_tells_every_problem_at_once(tmp_path, articles):
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe")
    told = call("propose", str(tmp_path / "gone.txt"), str(tmp_path / "bad.txt"), articles[0], articles[0])
    assert told.exit_code == 2
    assert "3 problems" in told.stderr


def test_propose_uses_the_names_of_the_case(tmp_path, articles):
    told = json.loads(
        call("propose", articles[0], "--case", str(make_case_folder(tmp_path / "case")), "--json").stdout
    )
    assert set(told["candidates"][0]["terms"]) <= {"host_consent", "administrator"}


def test_a_person_confirms_rejects_skips_and_comes_back(proposals):
    told = call(
        "confirm",
        str(proposals),
        answers="accept\nedit actor council\nedit summary No zone without consent.\ne expression host_consent = written\n"
        "accept\nreject\nskip\n",
    )
    assert told.exit_code == 0, told.stderr
    assert "Not yet" in told.stdout
    assert states(proposals) == ["confirmed", "rejected", "proposed"]
    first = read_statements(proposals).statements[0]
    assert (first.actor, first.expression) == ("council", "host_consent = written")
    assert "1 confirmed and 1 rejected now; 1 left" in told.stdout
    record = read_record(proposals)
    assert [one.decision for one in record] == ["edited"] * 3 + ["confirmed", "rejected"]
    assert (record[3].statement, record[3].by, record[3].reads) == ("first-1", "", "host_consent = written")
    assert len({one.fingerprint for one in record}) == 5
    again = call("confirm", str(proposals), "--by", "=Desk 2", answers="q\n")
    assert read_record(proposals) == record
    assert "1 of 1: second-2" in again.stdout
    assert states(proposals) == ["confirmed", "rejected", "proposed"]


def test_nothing_is_confirmed_when_the_answers_end(proposals):
    before = proposals.read_bytes()
    for answers in ("", "\n\n", "yes\nok\n1\n", "accept\naccept\n"):
        assert call("confirm", str(proposals), answers=answers).exit_code == 0
        assert proposals.read_bytes() == before


def test_edits_are_kept_without_a_decision(proposals):
    call(
        "confirm",
        str(proposals),
        answers="edit\nspeaker\nThe mayor\nedit mode shouted\nedit colour red\nquit\n",
    )
    held = read_statements(proposals)
    assert held.statements[0].evidence[0].speaker == "The mayor"
    assert held.statements[0].status == "proposed"


def test_nothing_is_confirmed_without_the_text(proposals, articles):
    Path(articles[0]).unlink()
    answers = "edit force report\nedit actor council\nedit summary Said so.\naccept\nquit\n"
    told = call("confirm", str(proposals), answers=answers)
    assert "--sources" in told.stdout
    assert states(proposals)[0] == "proposed"


def test_words_of_a_text_cannot_steer_the_terminal(tmp_path):
    (tmp_path / "x.txt").write_text("Hill said \x1b[2J[red]no to the zone\u202e here.\n", encoding="utf-8")
    out = tmp_path / "x.toml"
    told = call("propose", str(tmp_path / "x.txt"), "--out", str(out))
    assert told.exit_code == 0
    shown = call("confirm", str(out), answers="q\n").stdout
    assert "\x1b[2J" not in told.stdout + shown
    assert "\u202e" not in told.stdout + shown
    assert "[red]" in shown


def test_proposed_statements_of_a_case_are_reviewed_in_place(tmp_path):
    folder = make_case_folder(tmp_path / "case")
    entry = (
        '\n# kept\n[[statements]]\nid = "N-1"\nactor = "council"\nrank = 1\nforce = "report"\nexpression = ""\n'
        'summary = "Said so."\n\n[[statements.evidence]]\nsource = "survey-2025"\nstart = 0\nend = 4\nwords = "Hill"\n'
        'speaker = "Hill"\nmode = "direct"\n'
    )
    append(folder, "statements.toml", entry)
    waiting = [
        one.id for one in read_statements(folder / "statements.toml").statements if one.status == "proposed"
    ]
    assert "N-1" in waiting
    skips = "skip\n" * waiting.index("N-1")
    told = call("confirm", str(folder), "--json", answers=f"{skips}reject\nquit\n")
    assert told.exit_code == 0, told.stderr
    assert json.loads(told.stdout)["statements"]["rejected"] == 1
    assert "# kept" in (folder / "statements.toml").read_text(encoding="utf-8")
    assert call(str(folder), "--json").exit_code == 0


def test_what_ships_is_not_changed():
    told = call("confirm", "syria-2017", answers="reject\n")
    assert told.exit_code == 2
    assert "Copy the case first" in told.stderr


def test_confirm_of_nothing_is_told(tmp_path):
    told = call("confirm", str(tmp_path / "gone.toml"))
    assert told.exit_code == 2
    assert "Traceback" not in told.stderr


def test_a_rejected_statement_is_no_open_question_and_the_record_says_which_desk(tmp_path):
    folder = make_case_folder(tmp_path / "case")
    waiting = read_statements(folder / "statements.toml").statements
    told = call("confirm", str(folder), "--by", "=Desk 2", answers="reject\n" * len(waiting))
    assert told.exit_code == 0, told.stderr
    record = read_record(folder / "statements.toml")
    assert record
    assert {(one.decision, one.by) for one in record} == {("rejected", "'=Desk 2")}
    found = json.loads(call(str(folder), "--json").stdout)
    gone = {one.statement for one in record}
    assert gone.isdisjoint(line["statement"] for cell in found["positions"] for line in cell["lines"])
    if found["agreement"]:
        assert "rejected" in found["agreement"]["brief"]["unconfirmed"]
        assert {asked["sort"] for asked in found["agreement"]["brief"]["questions"]}.isdisjoint(
            {"not confirmed"}
        )
