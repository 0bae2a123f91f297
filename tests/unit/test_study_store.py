"""Runs are written whole, named after what they depend on, and damaged ones are done again."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from asylia.model.plan import Plan, Zone
from asylia.model.uncertain import fixed
from asylia.study.movement import PLAIN
from asylia.study.settings import Settings
from asylia.study.store import (
    MAKE_NUMBERS,
    chunk_path,
    code_key,
    read_arrays,
    run_name,
    write_arrays,
    write_text,
)

SETTINGS = Settings(members=25, days=30, seed=1, movement=PLAIN)
PLAN = Plan(id="a", title="A", summary="")


def test_written_arrays_come_back(tmp_path: Path):
    path = tmp_path / "deep" / "x.npz"
    write_arrays(path, {"people": np.arange(5, dtype=np.int64)})
    stored = read_arrays(path)
    assert stored is not None
    assert np.array_equal(stored["people"], np.arange(5))
    assert [p.name for p in path.parent.iterdir()] == ["x.npz"]


@pytest.mark.parametrize("keep", [0, 1, 20, -30])
def test_a_file_cut_short_is_not_used(tmp_path: Path, keep: int):
    path = tmp_path / "x.npz"
    write_arrays(path, {"people": np.arange(5000)})
    path.write_bytes(path.read_bytes()[:keep])
    assert read_arrays(path) is None


def test_a_file_that_is_not_there_is_not_used(tmp_path: Path):
    assert read_arrays(tmp_path / "none.npz") is None


def test_text_is_replaced_whole(tmp_path: Path):
    path = tmp_path / "x.txt"
    write_text(path, "one\n")
    write_text(path, "two\n")
    assert path.read_text() == "two\n"
    assert len(list(tmp_path.iterdir())) == 1


def test_the_name_changes_with_everything_the_numbers_depend_on():
    zone = Zone(id="z", name="Z", place="p", capacity_people=fixed(5), opens=dt.date(2026, 1, 1))
    names = {
        run_name("case", PLAN, SETTINGS, "1"),
        run_name("other", PLAN, SETTINGS, "1"),
        run_name("case", replace(PLAN, zones=(zone,)), SETTINGS, "1"),
        run_name("case", PLAN, replace(SETTINGS, seed=2), "1"),
        run_name("case", PLAN, replace(SETTINGS, days=31), "1"),
        run_name("case", PLAN, SETTINGS, "2"),
    }
    assert len(names) == 6
    assert run_name("case", PLAN, SETTINGS, "1") in names


def test_more_members_keep_the_finished_ones():
    few = {chunk_path(Path(), chunk) for chunk in replace(SETTINGS, members=20).chunks}
    many = {chunk_path(Path(), chunk) for chunk in replace(SETTINGS, members=200).chunks}
    assert few < many


def test_chunks_cover_every_member_once():
    members = [member for chunk in SETTINGS.chunks for member in chunk]
    assert members == list(range(25))


def test_changed_code_or_tables_never_bring_back_old_numbers(tmp_path: Path, monkeypatch):
    package = tmp_path / "asylia"
    for part in MAKE_NUMBERS:
        (package / part).mkdir(parents=True)
    engine, table = package / "move" / "step.py", package / "data" / "standards" / "standards.csv"
    engine.write_text("speed = 1\n")
    table.write_text("id\nWAT-04\n")
    monkeypatch.setattr("asylia.study.store.files", lambda _: package)
    first = code_key("1")
    assert first == code_key("1")
    assert first != code_key("2")
    engine.write_text("speed = 2\n")
    second = code_key("1")
    table.write_text("id\nWAT-05\n")
    assert len({first, second, code_key("1")}) == 3
    (package / "move" / "step.pyc").write_text("compiled")
    table.write_text("id\nWAT-04\n")
    assert code_key("1") == second
