"""Columns on disk give back what was written, and the memory they need does not grow with the members."""

import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asylia.core.errors import RunError
from asylia.model.scenario import draw
from asylia.study import columns
from asylia.study.columns import OnDisk, lay_out
from asylia.study.conductor import folders, keep
from asylia.study.gather import gather
from asylia.study.members import Task, work
from asylia.study.movement import PLAIN
from asylia.study.outcome import Piece
from asylia.study.settings import Settings
from asylia.study.sheet import by_rule, drawn
from asylia.study.store import chunk_path
from asylia.testing import tiny_case


def parts(sizes: list[int]) -> list[dict[str, np.ndarray]]:
    """Make rows that can be told apart: whole numbers, numbers with an unknown one, an empty quantity, a single one."""
    random = np.random.default_rng(len(sizes))
    return [
        {
            "people": random.integers(-(2**60), 2**60, (size, 2, 3)),
            "none": np.empty((size, 0, 3)),
            "hazard": random.normal(size=size),
            "cost": np.where(random.random((size, 4)) < 0.5, np.nan, random.random((size, 4))).T.copy().T,
        }
        for size in sizes
    ]


@given(
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=8),
    block=st.integers(min_value=1, max_value=11 * 8 * 20),
)
def test_every_column_comes_back_bit_by_bit(sizes: list[int], block: int):
    whole = parts(sizes)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "BLOCK_BYTES", block)
        with lay_out(Path(folder), whole) as found:
            assert found.members == sum(sizes)
            for name, where in [("people", (1, 2)), ("people", (0, -1)), ("hazard", ()), ("cost", (3,))]:
                expected = np.concatenate([part[name][(slice(None), *where)] for part in whole])
                column = found.column(name, *where)
                assert column.dtype == expected.dtype
                assert column.tobytes() == expected.tobytes()


def test_a_column_that_is_not_there_is_an_error(tmp_path: Path):
    with lay_out(tmp_path, parts([3])) as found:
        with pytest.raises(IndexError):
            found.column("people", 2, 0)
        with pytest.raises(ValueError, match="zip"):
            found.column("people", 1)
        assert dict(OnDisk(places={"x": (found, "hazard", ())})).keys() == {"x"}


def test_nothing_is_left_on_disk(tmp_path: Path):
    with lay_out(tmp_path, parts([3])):
        assert list(tmp_path.iterdir()) == []


def test_drawn_numbers_are_those_every_member_met(tmp_path: Path):
    case, settings = tiny_case(), Settings(members=23, days=28, seed=5, movement=PLAIN)
    scenarios = draw(case.rules, settings.members, settings.seed)
    with drawn(case, settings, tmp_path) as found:
        for rule, values in by_rule(found).items():
            assert values.tolist() == [scenario.values[rule] for scenario in scenarios]


def made_up(members: int, folder: Path, piece: Piece) -> tuple[Settings, dict[str, Path]]:
    """Write finished work of many members, all like the few that were simulated."""
    settings = Settings(members=members, days=28, seed=1, movement=PLAIN)
    where = folders(tiny_case(), tiny_case().plans, settings, folder)
    for chunk in settings.chunks:
        repeated = np.arange(len(chunk)) % len(piece.members)
        arrays = {
            plan: {name: array[repeated] for name, array in own.items()} for plan, own in piece.plans.items()
        }
        keep(Piece(members=chunk, plans=arrays), where)
    return settings, where


def test_ten_times_the_members_need_no_more_memory(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(columns, "BLOCK_BYTES", 200_000)
    monkeypatch.setattr("asylia.study.settings.FIRST_MEMBERS", 0)  # large pieces only: fewer files
    # what does not depend on members is left out, as it takes longer than all else
    monkeypatch.setattr("asylia.study.gather.agreements", lambda *_: ())
    monkeypatch.setattr("asylia.study.gather.outlook", lambda _: None)
    case = tiny_case()
    task = Task(
        case=case,
        plans=case.plans,
        settings=Settings(members=10, days=28, seed=1, movement=PLAIN),
        members=range(10),
    )
    piece = work(task)
    most, size = {}, {}
    for members in (600, 6_000):
        settings, where = made_up(members, tmp_path / str(members), piece)
        size[members] = sum(file.stat().st_size for file in tmp_path.rglob("members-*.npz"))
        tracemalloc.start()
        findings = gather(case, case.plans, settings, where, tmp_path)
        most[members] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert findings.manifest["members"] == members
    columns_of_all = 12 * 8 * 6_000
    """Sorting, comparing and ranking hold some columns at once; the finished work is hundreds of them."""
    assert size[6_000] > 10 * columns_of_all
    assert most[6_000] < most[600] + columns_of_all


def test_finished_work_that_goes_missing_is_said(tmp_path: Path):
    case = tiny_case()
    piece = work(
        Task(
            case=case,
            plans=case.plans,
            settings=Settings(members=10, days=28, seed=1, movement=PLAIN),
            members=range(10),
        )
    )
    settings, where = made_up(20, tmp_path, piece)
    chunk_path(where["none"], settings.chunks[1]).unlink()
    with pytest.raises(RunError, match="went missing"):
        gather(case, case.plans, settings, where, tmp_path)
