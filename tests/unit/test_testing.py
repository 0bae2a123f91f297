"""The helpers for plug-in authors keep their own promises."""

from __future__ import annotations

import numpy as np
import pytest

from asylia.core.errors import RunError
from asylia.io.folder import read_case, write_case
from asylia.model.case import fingerprint
from asylia.model.history import COUNTS, History
from asylia.testing import assert_people_kept, tiny_case


def history(counts, *, zones=()):
    days = counts.shape[1]
    return History(
        plan="none",
        member=0,
        places=(),
        zones=zones,
        counts=counts,
        exposure=np.zeros((3, days)),
        person_km=np.zeros(days),
        displaced_at=np.zeros(0, dtype=np.int64),
        zone_people=np.zeros((len(zones), days), dtype=np.int64),
        zone_refused=np.zeros(len(zones), dtype=np.int64),
    )


def quiet(days=3):
    counts = np.zeros((len(COUNTS), days), dtype=np.int64)
    counts[COUNTS.index("residents")] = 10
    return counts


def test_a_quiet_run_passes():
    assert_people_kept(history(quiet(), zones=("mill",)))


@pytest.mark.parametrize(
    ("name", "day", "people", "says"),
    [
        ("residents", 1, 9, "from 10 to 9 on day 1"),
        ("trapped", 0, -1, "below zero"),
        ("refused", 0, 5, "running total refused falls"),
    ],
)
def test_a_broken_run_is_named(name, day, people, says):
    counts = quiet()
    counts[COUNTS.index(name), day] = people
    with pytest.raises(RunError, match=says):
        assert_people_kept(history(counts))


def test_people_in_zones_must_stand_in_a_zone():
    counts = quiet()
    counts[COUNTS.index("in_zones")] = 2
    with pytest.raises(RunError, match="sum over the zones"):
        assert_people_kept(history(counts, zones=("mill",)))


def test_half_a_person_is_refused():
    with pytest.raises(RunError, match="whole persons"):
        assert_people_kept(history(quiet().astype(float)))


def test_tiny_case_can_be_written_and_read(tmp_path):
    case = tiny_case()
    write_case(case, tmp_path / "tiny")
    assert fingerprint(read_case(tmp_path / "tiny")) == fingerprint(case)
