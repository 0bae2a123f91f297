"""`asylia validate siting`: its JSON, its exit codes, what it prints."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from asylia.cli.main import app

GRAPH = "4 3 1\n1 2 5\n2 3 5\n3 4 5\n"
WORD = "2 3\ncapacity 7\ncapacity 1\n4\n1 2\n5\n3 4\n6\n5 6\n"
KEYS = {"name", "kind", "value", "bound", "gap", "known", "seconds"}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pmed1.txt").write_text(GRAPH)
    (tmp_path / "pmed2.txt").write_text(GRAPH.replace("4 3 1", "4 3 2"))
    (tmp_path / "pmed10.txt").write_text(GRAPH)
    (tmp_path / "capa.txt").write_text(WORD)
    (tmp_path / "pmedopt.txt").write_text("Data file\npmed1 20\npmed2 10\n")
    return tmp_path


def ran(*words):
    return CliRunner().invoke(app, ["validate", "siting", *map(str, words)])


def test_a_folder_as_json(folder):
    done = ran(folder, "--json")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert [one["name"] for one in found["instances"]] == ["capa", "pmed1", "pmed2", "pmed10"]
    assert all(set(one) >= KEYS for one in found["instances"])
    assert [one["value"] for one in found["instances"]] == [13.0, 20.0, 10.0, 20.0]
    assert [one["known"] for one in found["instances"]] == [None, 20.0, 10.0, None]
    assert found["counts"] == {"problems": 4, "proved": 4, "known": 2, "matched": 2, "wrong": 0}


def test_a_wrong_known_value_ends_with_1(folder):
    (folder / "pmedopt.txt").write_text("pmed1 19\n")
    done = ran(folder / "pmed1.txt")
    assert done.exit_code == 1
    assert "WRONG" in done.stdout
    assert "1 wrong." in done.stdout


def test_a_capacity_for_the_word(folder):
    for words in ((folder / "capa:9",), (folder / "capa.txt", "--capacity", "9")):
        found = json.loads(ran(*words, "--json").stdout)["instances"][0]
        assert (found["name"], found["kind"], found["value"]) == ("capa:9", "capacitated", 18.0)


def test_no_plan_says_why(folder):
    done = ran(folder / "capa:7")
    assert done.exit_code == 0
    assert "raise the capacities by 1" in done.stdout
    assert " inf " not in done.stdout
    assert json.loads(ran(folder / "capa:7", "--json").stdout)["instances"][0]["value"] is None


@pytest.mark.parametrize("words", [("pmed9.txt",), ("capa:x",), ("broken.txt",), ("empty",)])
def test_what_cannot_be_read_ends_with_2(folder, words):
    (folder / "broken.txt").write_text("4 3 1\n1 2\n")
    (folder / "empty").mkdir()
    done = ran(*(folder / word for word in words), "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["problems"]
