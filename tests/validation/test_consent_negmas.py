"""Pareto and Nash points of 60 domains that can be tried whole, as NegMAS 0.16.0 finds them.

The peer is AGPL and not installed here: its answers were kept by `python -m benchmarks.agreement_peer`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks.agreement_peer import DOMAINS, agrees, domain

KEPT = json.loads(Path(__file__).with_name("negmas_answers.json").read_text(encoding="utf-8"))["domains"]


def test_every_domain_has_an_answer_and_some_have_several_points():
    assert [one["seed"] for one in KEPT] == list(range(DOMAINS))
    assert sum(len(one["pareto"]) > 10 for one in KEPT) >= 15
    assert any(len(one["nash"]) > 1 for one in KEPT)
    assert {len(domain(one["seed"])[1]) for one in KEPT} == {2, 3, 4}


@pytest.mark.parametrize("kept", KEPT, ids=lambda one: str(one["seed"]))
def test_pareto_and_nash_points_are_those_the_peer_finds(kept):
    assert agrees(kept)


def test_a_point_more_less_or_elsewhere_is_seen():
    kept = next(one for one in KEPT if len(one["pareto"]) > 10)
    moved = [[part + 1e-6 for part in kept["pareto"][0]], *kept["pareto"][1:]]
    for wrong in (kept["pareto"][1:], moved):
        assert not agrees({**kept, "pareto": wrong})
    assert not agrees({**kept, "nash": kept["pareto"][:2]})
