"""The binomial quantile is the true inverse of the distribution, and splits lose nobody."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2

from asylia.core import binomial
from asylia.core.binomial import binomial_quantile, normal_quantile, quantile_with_help, split

SHARES = st.floats(0.0, 1.0)
LUCKS = st.floats(1e-12, 1.0 - 1e-12)
PEOPLE = st.integers(0, 2_000_000_000)


def draws(number: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    people = np.floor(10 ** random.uniform(0, 9, number)).astype(np.int64)
    rare = 10 ** random.uniform(-9, 0, number)
    share = np.where(random.random(number) < 0.5, random.random(number), rare)
    return people, share, random.random(number)


def test_agrees_with_scipy_for_thousands_of_draws():
    people, share, luck = draws(20_000, 1)
    ours = [
        binomial_quantile(int(n), float(p), float(u)) for n, p, u in zip(people, share, luck, strict=True)
    ]
    assert np.array_equal(ours, binom.ppf(luck, people, share))


@pytest.mark.parametrize("tail", [1e-15, 1e-12, 1e-9, 1e-6, 1e-3])
@pytest.mark.parametrize(
    ("people", "share"), [(40, 0.1), (300, 0.5), (10_000, 0.02), (10**7, 0.3), (10**9, 1e-5)]
)
def test_low_tail_is_the_first_step_that_reaches_the_luck(people, share, tail):
    k = binomial_quantile(people, share, tail)
    assert binom.cdf(k, people, share) >= tail * (1 - 1e-9)
    assert k == 0 or binom.cdf(k - 1, people, share) < tail * (1 + 1e-9)


@pytest.mark.parametrize("tail", [1e-12, 1e-9, 1e-6, 1e-3])
@pytest.mark.parametrize(("people", "share"), [(40, 0.1), (300, 0.5), (10_000, 0.02), (10**7, 0.3)])
def test_high_tail_is_the_first_step_that_reaches_the_luck(people, share, tail):
    k = binomial_quantile(people, share, 1.0 - tail)
    assert binom.sf(k, people, share) <= tail * (1 + 1e-3)
    assert binom.sf(k - 1, people, share) > tail * (1 - 1e-3)


@pytest.mark.parametrize(
    ("people", "share", "expected"),
    [
        (0, 0.5, 0),
        (100, 0.0, 0),
        (100, 1.0, 100),
        (100, -0.1, 0),
        (100, 1.5, 100),
        (-3, 0.5, 0),
        (1, 0.75, 0),
    ],
)
def test_extremes(people, share, expected):
    assert binomial_quantile(people, share, 0.25) == expected


@given(people=PEOPLE, share=SHARES, luck=LUCKS)
def test_stays_between_nobody_and_everybody(people, share, luck):
    assert 0 <= binomial_quantile(people, share, luck) <= people


@given(people=PEOPLE, share=SHARES, lucks=st.tuples(LUCKS, LUCKS))
def test_grows_with_luck(people, share, lucks):
    low, high = sorted(lucks)
    assert binomial_quantile(people, share, low) <= binomial_quantile(people, share, high)


@given(people=st.tuples(PEOPLE, PEOPLE), share=SHARES, luck=LUCKS)
def test_grows_with_people_and_by_no_more_than_them(people, share, luck):
    few, many = sorted(people)
    less, more = binomial_quantile(few, share, luck), binomial_quantile(many, share, luck)
    assert less <= more <= less + many - few


@given(people=PEOPLE, shares=st.tuples(SHARES, SHARES), luck=LUCKS)
def test_grows_with_share(people, shares, luck):
    low, high = sorted(shares)
    assert binomial_quantile(people, low, luck) <= binomial_quantile(people, high, luck)


@given(people=PEOPLE, share=st.floats(0.0, 0.999), luck=LUCKS)
def test_a_known_logarithm_changes_nothing(people, share, luck):
    known = quantile_with_help(people, share, np.log1p(-share), luck, normal_quantile(luck))
    assert known == binomial_quantile(people, share, luck)


def test_sure_answers_are_those_of_the_long_way():
    random = np.random.default_rng(4)
    for _ in range(3000):
        variance, share = 10 ** random.uniform(0.8, 3.4), random.random() * 0.5 + 1e-9
        people, luck = int(variance / (share * (1 - share))) + 1, random.random()
        start = int(people * share)
        assert binomial_quantile(people, share, luck) == binomial._walk(people, share, start, luck, 1 - luck)


@pytest.mark.parametrize("people", [10**3, 10**6, 10**9])
def test_work_does_not_grow_with_people(people):
    # the long way is needed where the guess lies within `doubt` of a whole number: a bound on how often
    share = 0.25
    doubts = [
        binomial.real_quantile(people * share, people * share * (1 - share), share, z)[1]
        for z in np.linspace(-2.5, 2.5, 11)
    ]
    assert max(doubts) < 0.01


@given(
    people=st.integers(0, 10**9),
    weights=st.lists(st.floats(0, 1e6), min_size=1, max_size=12),
    seed=st.integers(0, 10**6),
)
def test_split_loses_nobody(people, weights, seed):
    lucks = np.random.default_rng(seed).uniform(1e-12, 1 - 1e-12, len(weights))
    out = np.full(len(weights), -1, dtype=np.int64)
    left = split(people, np.array(weights), lucks, out)
    assert out.min() >= 0
    assert out.sum() + left == people
    assert left == (people if max(weights) == 0 else 0)
    assert all(out[i] == 0 for i, weight in enumerate(weights) if weight == 0)


def test_split_is_a_multinomial():
    weights = np.array([5.0, 1.0, 0.0, 3.0, 1.0])
    random = np.random.default_rng(11)
    runs, people = 4000, 7
    table = np.zeros((runs, 5), dtype=np.int64)
    for row in table:
        split(people, weights, random.random(5), row)
    share = weights / weights.sum()
    keep = share > 0
    expected = runs * people * share[keep]
    statistic = ((table.sum(axis=0)[keep] - expected) ** 2 / expected).sum()
    assert statistic < chi2.ppf(0.9999, keep.sum() - 1)
    assert np.allclose(table.var(axis=0)[keep], people * share[keep] * (1 - share[keep]), rtol=0.1)
    covariance = np.cov(table[:, 0], table[:, 3])[0, 1]
    assert abs(covariance + people * share[0] * share[3]) < 0.15
