"""Conflicts, bargaining sets and base rates of the shared test data: every answer as published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asylia.consent.past_rates import read_past_rates
from asylia.study.validate_consent import validate_consent

KNOWN = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "consent"
ANSWERS = {"gmcr_cases.json": 32, "analytic_bargaining.json": 21, "bargaining_known_points.json": 20}


def file(name):
    path = KNOWN / name
    if not path.exists():
        pytest.skip(f"{name} is not held beside this copy")
    return path


@pytest.mark.parametrize("name", ANSWERS)
def test_every_known_answer_is_found(name):
    found = validate_consent([file(name)])
    assert len(found) == ANSWERS[name]
    assert [one for one in found if not one.ok] == []


def test_kalai_smorodinsky_and_equal_spread_differ_where_they_should():
    found = validate_consent([file("analytic_bargaining.json")])
    case = {
        one.check: one.found for one in found if one.case == "discrete, maximin differs from equal spread"
    }
    assert case == {"nash": [0.9, 0.6], "max_min_ratio": [0.9, 0.6], "equal_spread": [0.5, 0.62]}


def test_the_counts_that_ship_are_those_of_the_source():
    source = json.loads(file("ucdp_base_rates.json").read_text(encoding="utf-8"))["rates"]
    ours = read_past_rates()
    assert [(one.k, one.n) for one in ours] == [(row["k"], row["n"]) for row in source]
    for one, row in zip(ours, source, strict=True):
        assert (one.low, one.high) == pytest.approx(row["ci90"], abs=6e-4)
