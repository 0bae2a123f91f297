"""The sampler: it finds what made the data, says when chains disagree, and gives the same bytes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from asylia.core.errors import PlanError
from asylia.move.fitted.facts import NEARNESS, Facts
from asylia.move.fitted.flow import flow
from asylia.move.fitted.parameters import COUNT, MIDDLE
from asylia.study.calibrate import calibrate
from asylia.study.fit import fit_case_of, misses
from asylia.study.sample import Effort, effective, fit_pool, r_hat

SHORT = Effort(chains=2, rounds=600, warm_up=200, keep=50)


def made(nearness: float, number: int):
    """A conflict of four camps on a line, made by the rules themselves."""
    rng = np.random.default_rng(number)
    camps, days = 4, 12
    facts = Facts(
        days=np.ones(days), newcomers=np.full(days, 100.0), fighting=np.ones((days, 2)), since=np.zeros((days, 2)),
        log_way=rng.uniform(-1, 2, (2, camps)), log_people=np.zeros(2), country=np.arange(camps), log_size=np.zeros(camps),
        log_income=np.zeros(camps), log_capacity=np.zeros(camps), networks=1.0, is_open=np.ones((days, camps)),
        crossing=np.ones((days, camps)), start=np.zeros(camps), room=np.full(camps, np.inf),
    )  # fmt: skip
    values = MIDDLE.copy()
    values[NEARNESS] = nearness
    people, _ = flow(facts, values, np.zeros((1, camps)))
    weights = np.zeros((3, days))
    for part in range(3):
        weights[part, part * 4 : part * 4 + 4] = 0.25
    shares = weights @ (people / people.sum(axis=1, keepdims=True))
    return fit_case_of(f"made {number}", facts, weights, shares)


@pytest.fixture(scope="module")
def steep():
    return fit_pool([made(2.0, number) for number in range(6)], SHORT)


def test_the_truth_misses_nothing():
    case = made(2.0, 1)
    values = MIDDLE.copy()
    values[NEARNESS] = 2.0
    assert misses(case.facts, values, np.zeros((1, 4)), case.weights, case.shares) == pytest.approx(
        np.zeros(12)
    )


def test_a_steep_pull_is_found_from_a_prior_that_thinks_otherwise(steep):
    gentle = fit_pool([made(0.3, number) for number in range(6)], SHORT)
    low, middle, _ = steep.population[NEARNESS]
    assert middle > 1.2
    assert low > gentle.population[NEARNESS][1]
    assert gentle.population[NEARNESS][1] < 0.6


def test_the_same_seed_gives_the_same_draws(steep):
    again = fit_pool([made(2.0, number) for number in range(6)], SHORT)
    assert again.values.tobytes() == steep.values.tobytes()
    other = fit_pool([made(2.0, number) for number in range(6)], replace(SHORT, seed=2))
    assert other.values.tobytes() != steep.values.tobytes()


def test_draws_have_all_parameters_and_spreads(steep):
    assert steep.values.shape == (SHORT.keep, len(steep.names))
    assert (steep.values[:, COUNT:] > 0).all()


def test_chains_that_disagree_are_told():
    rng = np.random.default_rng(1)
    same = rng.standard_normal((4, 400, 1))
    assert r_hat(same)[0] == pytest.approx(1, abs=0.02)
    assert effective(same)[0] > 500
    apart = same + np.arange(4)[:, None, None]
    assert r_hat(apart)[0] > 1.5
    stuck = np.repeat(rng.standard_normal((4, 10, 1)), 40, axis=1)
    assert effective(stuck)[0] < 100


def test_a_pool_of_two_is_refused():
    with pytest.raises(PlanError, match="at least 3"):
        calibrate([], SHORT, leave_one_out=False)
