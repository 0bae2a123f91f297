"""The averaged relative difference by hand, and what must hold of it for any counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from asylia.study.displacement_score import coverage, ranges, relative_difference, rescale, shares_of_error

SHAPES = st.tuples(st.integers(1, 6), st.integers(1, 4))
PEOPLE = st.integers(0, 10**7)


@st.composite
def pairs(draw):
    shape = draw(SHAPES)
    return tuple(draw(arrays(np.int64, shape, elements=PEOPLE)) for _ in range(2))


def test_by_hand():
    people = np.array([[30, 10], [0, 60], [0, 0]])
    observed = np.array([[20, 20], [30, 70], [5, 5]])
    # 20 of 40, 40 of 100, 10 of 10
    assert relative_difference(people, observed) == pytest.approx((0.5 + 0.4 + 1.0) / 3)
    # day 0 stays; day 1 is scaled to 0 and 100: 60 of 100; day 2 has nobody to scale
    assert rescale(people, observed).tolist() == [[30, 10], [0, 100], [0, 0]]
    assert relative_difference(rescale(people, observed), observed) == pytest.approx((0.5 + 0.6 + 1.0) / 3)


def test_a_day_without_recorded_people_counts_heads_unless_rescaled():
    people, observed = np.array([[300, 700], [1, 1]]), np.array([[0, 0], [1, 1]])
    assert relative_difference(people, observed) == 500
    assert relative_difference(rescale(people, observed), observed) == 0


def test_parts_of_camps_add_up_to_the_score():
    people, observed = np.array([[30, 10, 0]]), np.array([[10, 20, 10]])
    assert shares_of_error(people, observed).tolist() == [0.5, 0.25, 0.25]


@given(pairs())
def test_an_exact_run_scores_nought(pair):
    _, observed = pair
    assert relative_difference(observed, observed) == 0
    assert relative_difference(rescale(observed, observed), observed) == pytest.approx(0, abs=1e-12)


@given(pairs())
def test_the_rescaled_score_ends_at_two(pair):
    people, observed = pair
    assert 0 <= relative_difference(rescale(people, observed), observed) <= 2 + 1e-9


@given(pairs(), st.integers(1, 1000))
def test_the_rescaled_score_ignores_how_many_were_simulated(pair, factor):
    people, observed = pair
    once, often = (
        relative_difference(rescale(some, observed), observed) for some in (people, people * factor)
    )
    assert once == pytest.approx(often, abs=1e-9)


@given(pairs(), st.randoms())
def test_the_order_of_days_and_camps_does_not_matter(pair, random):
    people, observed = pair
    days, camps = list(range(people.shape[0])), list(range(people.shape[1]))
    random.shuffle(days)
    random.shuffle(camps)
    shuffled = [table[days][:, camps] for table in pair]
    assert relative_difference(*shuffled) == pytest.approx(relative_difference(people, observed))


def test_ranges_and_what_they_hold():
    members = np.arange(101).reshape(101, 1, 1) * np.array([[[1, 10]]])
    low, middle, high = ranges(members)
    assert (low.tolist(), middle.tolist(), high.tolist()) == ([[5, 50]], [[50, 500]], [[95, 950]])
    assert coverage(low, high, np.array([[95, 951]])) == 0.5


def test_one_member_has_a_range_without_width():
    low, middle, high = ranges(np.array([[[7, 9]]]))
    assert (low == high).all()
    assert coverage(low, high, np.array([[7, 8]])) == 0.5
    assert middle.tolist() == [[7, 9]]
