"""The floor of the CRPS: what hindsight may know, and what it may not."""

from __future__ import annotations

import datetime as dt
import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from asylia.study.threat_war import War


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    path = Path(__file__).parents[2] / "tools" / "threat_floor.py"
    spec = importlib.util.spec_from_file_location("threat_floor", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def war(counts: np.ndarray) -> War:
    places = tuple(f"place-{row}" for row in range(len(counts)))
    return War(
        name="made up",
        unit="cell",
        places=places,
        centres=np.column_stack([np.arange(len(counts)) * 0.25, np.zeros(len(counts))]),
        counts=counts,
        without=np.zeros_like(counts),
        first=dt.date(2020, 1, 6),
        rows=int(counts.sum()),
        apart=0,
        notes=(),
    )


def test_what_comes_after_the_window_is_known_and_the_window_is_not(tool):
    counts = np.random.default_rng(1).poisson(0.5, (4, 90))
    one = war(counts)
    ends = np.array([60])
    inside, later = counts.copy(), counts.copy()
    inside[:, 60:64] += 5
    later[:, 70] += 5
    told = tool._after(one, ends, 4)
    assert np.array_equal(told, tool._after(replace(one, counts=inside), ends, 4))
    assert (tool._after(replace(one, counts=later), ends, 4) > told).any()


def test_places_that_never_change_need_no_more_than_a_constant(tool):
    steady = war(np.repeat(np.array([[0], [1], [7]]), 120, axis=1))
    assert tool.floors(steady, 4, [60, 64, 68])["constant"] == 0.0


def test_knowing_both_sides_is_worth_much_where_levels_jump(tool):
    rng = np.random.default_rng(3)
    level = np.repeat(rng.choice([0.1, 8.0], (10, 10)), 13, axis=1)
    found = tool.floors(war(rng.poisson(level)), 13, list(range(39, 117, 13)))
    assert found["both_sides"] < found["past"] < found["conflictology"]
