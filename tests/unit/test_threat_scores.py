from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from asylia.threat.scores import coverage, crps


def test_crps_of_one_draw_is_the_absolute_error():
    assert crps(np.array([[3.0, 5.0]]), np.array([1.0, 9.0])).tolist() == [2.0, 4.0]


def test_crps_agrees_with_all_pairs():
    draws = np.random.default_rng(1).poisson(3.0, (40, 6)).astype(np.float64)
    seen = np.array([0.0, 1.0, 2.0, 3.0, 8.0, 20.0])
    pairs = np.abs(draws[:, None, :] - draws[None, :, :]).mean(axis=(0, 1))
    expected = np.abs(draws - seen).mean(axis=0) - pairs / 2
    assert crps(draws, seen) == pytest.approx(expected)


def test_crps_of_many_draws_is_the_integral_of_the_squared_distance():
    grid = (np.arange(4000) + 0.5) / 4000
    draws = stats.norm.ppf(grid)[:, None]
    integral, _ = integrate.quad(lambda x: (stats.norm.cdf(x) - (x >= 0.5)) ** 2, -9, 9, points=[0.5])
    assert crps(draws, np.array([0.5]))[0] == pytest.approx(integral, abs=1e-3)


def test_coverage_counts_what_lies_in_the_middle_range():
    draws = np.tile(np.arange(100.0)[:, None], (1, 4))
    assert coverage(draws, np.array([0.0, 50.0, 60.0, 99.0])) == 0.5
    assert coverage(draws, np.array([0.0, 50.0, 60.0, 99.0]), share=1.0) == 1.0
