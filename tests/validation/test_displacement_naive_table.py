"""The naive rows reproduce the table that was measured beside the peer, on eight recorded conflicts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from asylia.io.flee import read_flee
from asylia.move.flee.observed import observe
from asylia.study.displacement import scored
from asylia.study.displacement_score import relative_difference, rescale
from asylia.study.naive import naive_rows

SHARED = Path(__file__).resolve().parents[3] / "shared"
CONFLICTS = SHARED / "data" / "flee_conflicts"
NAMES = {
    "uniform": "uniform",
    "capacity_split": "capacity_share",
    "gravity_05": "gravity_d05",
    "frozen": "frozen_day30_share",
}
CASES = (
    "burundi2015", "car2013", "mali2012", "mali2017_adm1", "nigeria2022_adm2", "ssudan2013", "syria2013", "ukraine2022",
)  # fmt: skip
MISREAD = {"car2013": 0.0035, "ukraine2022": 0.0035}
"""Where the peer reads the reports otherwise: see `as_the_peer_reads`."""

pytestmark = pytest.mark.skipif(not CONFLICTS.is_dir(), reason="needs ../shared/data/flee_conflicts")


@pytest.fixture(scope="module")
def table():
    return json.loads((SHARED / "research" / "flee_baseline.json").read_text(encoding="utf-8"))[
        "naive_splits"
    ]


def as_the_peer_reads(replay):
    """Read reports as the peer does: files of a camp joined by steps, and rows that come too late in a file unused."""
    rows = []
    for camp in replay.camps:
        own = replay.reports.filter(pl.col("camp") == camp)
        files = [list(part.select("date", "people").iter_rows()) for part in own.partition_by("file")]
        joined = files[0]
        for more in files[1:]:
            joined = add_by_steps(joined, more)
        latest = joined[0][0]
        for date, people in joined:
            if date >= latest:
                rows.append((camp, f"{camp}.csv", date, people))
                latest = date
    return replace(replay, reports=pl.DataFrame(rows, schema=replay.reports.schema, orient="row"))


def add_by_steps(first, second):
    """Add a second series to a first one: its last value holds until the next, and the first ends where it ends."""
    joined, at, held = [], 0, 0
    for date, people in second:
        while first[at][0] < date and at < len(first) - 1:
            joined.append((first[at][0], first[at][1] + held))
            at += 1
        joined.append((date, people + first[at][1]))
        if first[at][0] == date:
            at = min(at + 1, len(first) - 1)
        held = people
    return joined


def naive_scores(replay):
    record = scored(replay, observe(replay))
    return {
        name: relative_difference(rescale(people, record.people), record.people)
        for name, people in naive_rows(replay, record).items()
    }


@pytest.mark.parametrize("case", CASES)
def test_rows_are_those_of_the_table(case, table):
    found = naive_scores(read_flee(CONFLICTS / case))
    expected = table[f"validation/SWEEP/{case}"]
    for name, theirs in NAMES.items():
        assert found[name] == pytest.approx(expected[theirs], abs=MISREAD.get(case, 0.001)), name


@pytest.mark.parametrize("case", MISREAD)
def test_what_differs_is_how_the_peer_reads_reports(case, table):
    found = naive_scores(as_the_peer_reads(read_flee(CONFLICTS / case)))
    expected = table[f"validation/SWEEP/{case}"]
    for name, theirs in NAMES.items():
        assert found[name] == pytest.approx(expected[theirs], abs=0.001), name


def test_means_over_the_eight_conflicts():
    found = [naive_scores(read_flee(CONFLICTS / case)) for case in CASES]
    means = {name: float(np.mean([one[name] for one in found])) for name in found[0]}
    expected = {"uniform": 0.788, "capacity_split": 0.321, "gravity_05": 0.650, "frozen": 0.436}
    assert {name: means[name] for name in expected} == pytest.approx(expected, abs=0.0015)
