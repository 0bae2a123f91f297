"""Scores of counts against closed forms and against other people's code.

Recorded with properscoring 0.1 and scoringrules 0.10.0: `crps_ensemble` (estimator "nrg" and "fair"), `crps_negbinom(y, 2.0, 0.4)`,
`logs_negbinom(3, 2.0, 0.4)` and `brier_score`, on draws of `default_rng(7).negative_binomial(.7, .2, (9, 4))`.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from asylia.threat.count_scores import (
    brier,
    central_weight,
    chance_of_deaths,
    crps_of_counts,
    ignorance,
    in_central,
    in_shortest,
    mean_of,
    steps_at,
    transform_shares,
)
from asylia.threat.excite_kernels import count_at, cumulative, fit_of
from asylia.threat.rivals import curves_of
from asylia.threat.scores import crps, fair_crps, transform

DRAWS = np.array(
    [
        [2, 5, 2, 0],
        [3, 0, 7, 2],
        [0, 2, 0, 16],
        [8, 0, 1, 0],
        [1, 0, 2, 5],
        [3, 3, 0, 10],
        [12, 4, 1, 6],
        [1, 4, 1, 2],
        [5, 0, 1, 1],
    ]
)
SEEN = np.array([0, 3, 11, 2])
PROPERSCORING = [1.962962963, 0.8271604938, 8.4444444444, 1.1358024691]
FAIR = [1.7222222222, 0.6944444444, 8.3333333333, 0.8055555556]
NEGATIVE_BINOMIAL = [1.564453125, 0.638053125, 6.6341101598]


def negative_binomial(mean: float, size: float, top: int, rows: int = 1) -> np.ndarray:
    return cumulative(np.full(rows, mean), np.full(rows, size), top)


def test_crps_of_draws_is_that_of_properscoring_and_scoringrules():
    assert crps(DRAWS, SEEN) == pytest.approx(PROPERSCORING)
    assert fair_crps(DRAWS, SEEN) == pytest.approx(FAIR)


@pytest.mark.parametrize("top", [20, 40])
def test_crps_of_curves_is_that_of_the_draws_they_stand_for(top):
    assert crps_of_counts(curves_of(DRAWS, top), SEEN) == pytest.approx(PROPERSCORING)


def test_a_count_above_the_top_of_the_curve_is_scored_in_full():
    curves = curves_of(np.zeros((3, 1), dtype=np.int64), 4)
    assert crps_of_counts(curves, np.array([10])).tolist() == [10.0]


def test_crps_of_a_negative_binomial_is_the_closed_form_of_scoringrules():
    # size 2, probability 0.4: mean = 2 * 0.6 / 0.4
    curves = negative_binomial(3.0, 2.0, 400, rows=3)
    assert crps_of_counts(curves, np.array([0, 3, 11])) == pytest.approx(NEGATIVE_BINOMIAL, abs=1e-8)
    assert -fit_of(np.array([3.0]), np.array([3]), 2.0) == pytest.approx(1.9787639739263916)


@given(mean=st.floats(0.01, 60.0), size=st.floats(0.05, 60.0))
def test_probabilities_and_inversion_agree_with_scipy(mean, size):
    ours = negative_binomial(mean, size, 200)[0]
    theirs = stats.nbinom.cdf(np.arange(201), size, size / (size + mean))
    assert ours == pytest.approx(theirs, abs=1e-9)
    assert count_at(0.5, mean, size) == np.searchsorted(ours, 0.5) or ours[-1] < 0.5


@given(mean=st.floats(0.01, 40.0), size=st.floats(0.05, 40.0), count=st.integers(0, 90))
def test_the_likelihood_agrees_with_scipy_for_small_and_large_counts(mean, size, count):
    theirs = stats.nbinom.logpmf(count, size, size / (size + mean))
    assert fit_of(np.array([mean]), np.array([count]), size) == pytest.approx(theirs, abs=1e-7, rel=1e-8)


def test_ignorance_has_one_pseudo_count_a_bin():
    certain = curves_of(np.zeros((5, 1), dtype=np.int64), 30)
    assert ignorance(certain, np.array([0]))[0] == pytest.approx(-np.log2(1001 / 1011))
    assert ignorance(certain, np.array([7]))[0] == pytest.approx(-np.log2(1 / 1011))


def test_brier_is_that_of_properscoring():
    chance = np.array([0.8, 0.3, 0.1])
    assert brier(chance, np.array([True, False, True])) == pytest.approx([0.04, 0.09, 0.81])


def test_deaths_need_an_event_with_a_death():
    curves = np.array([[0.5, 0.75, 1.0]])
    assert chance_of_deaths(curves, 0.0) == pytest.approx([0.5])
    assert chance_of_deaths(curves, 0.2) == pytest.approx([1 - (0.5 + 0.25 * 0.2 + 0.25 * 0.04)])


def test_calibrated_forecasts_have_a_flat_transform_and_ninety_percent_in_the_middle():
    means = np.linspace(0.3, 8.0, 4000)
    curves = cumulative(means, np.full(4000, 1.2), 150)
    seen = np.array(
        [
            np.searchsorted(row, u)
            for row, u in zip(curves, np.random.default_rng(3).random(4000), strict=True)
        ]
    )
    shares = transform_shares(*steps_at(curves, seen)) / 4000
    assert shares == pytest.approx(np.full(10, 0.1), abs=0.02)
    assert central_weight(curves, seen).mean() == pytest.approx(0.9, abs=0.015)
    # ranges of whole numbers hold too much; the shortest holds less too much
    assert 0.9 <= in_shortest(curves, seen).mean() <= in_central(curves, seen).mean()


def test_the_shortest_range_is_the_one_that_holds_most():
    curves = np.array([[0.05, 0.5, 0.96, 1.0]])
    inside = [bool(in_shortest(curves, np.array([count]))[0]) for count in range(4)]
    assert inside == [False, True, True, False]


def test_the_mean_and_the_steps_are_those_of_the_draws():
    curves = curves_of(DRAWS, 30)
    assert mean_of(curves) == pytest.approx(DRAWS.mean(axis=0))
    for ours, theirs in zip(steps_at(curves, SEEN), transform(DRAWS, SEEN), strict=True):
        assert ours == pytest.approx(theirs)
