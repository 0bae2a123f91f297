"""Quantiles of several plans at once are those each plan has alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asylia.core.binomial import binomial_quantile
from asylia.core.binomial_lanes import quantiles


def together(people: list[int], share: float, luck: float) -> list[int]:
    out, guess = np.full(len(people), -7, dtype=np.int64), np.full(len(people), 3.0)
    log_rest = math.log1p(-min(share, 0.5))
    quantiles(np.array(people, dtype=np.int64), len(people), share, log_rest, luck, out, guess)
    return out.tolist()


@given(
    start=st.integers(0, 100_000),
    more=st.lists(st.integers(0, 300), min_size=1, max_size=12),
    share=st.one_of(st.floats(0.0, 0.999), st.floats(0.0, 0.01)),
    luck=st.floats(1e-12, 1.0 - 1e-12),
)
def test_each_plan_finds_what_it_finds_alone(start, more, share, luck):
    people = [start + each for each in more]
    assert together(people, share, luck) == [binomial_quantile(n, share, luck) for n in people]


@pytest.mark.parametrize("share", [0.0, 0.002, 0.02, 0.3, 0.5, 0.7])
def test_thousands_of_draws_agree(share):
    random = np.random.default_rng(3)
    for luck in random.random(1500):
        size = int(10 ** random.uniform(0, 5))
        people = (size + random.integers(0, 1 + size // 10, 11)).tolist()
        assert together(people, share, luck) == [binomial_quantile(n, share, luck) for n in people]


@pytest.mark.parametrize("people", [20, 200, 1000])
def test_luck_at_a_step_is_looked_at_plan_by_plan(people):
    share = 2.0 / people
    below, chance = 0.0, (1.0 - share) ** people
    for k in range(6):
        below += chance
        chance *= (people - k) * share / ((k + 1) * (1.0 - share))
        for luck in (below, np.nextafter(below, 0.0), np.nextafter(below, 1.0)):
            around = [people - 1, people, people, people + 1]
            assert together(around, share, luck) == [binomial_quantile(n, share, luck) for n in around]


def test_plans_without_people_have_nobody():
    assert together([0, 0, 0], 0.3, 0.9) == [0, 0, 0]
    assert together([0, 500, 0, 40], 0.3, 0.9)[::2] == [0, 0]
