"""The sampler draws from what it says: the prior where nothing was counted, and ranks of what made the data are even."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import invgamma, kstest

from asylia.move.fitted.facts import Facts
from asylia.move.fitted.flow import flow
from asylia.move.fitted.parameters import COUNT, LEARNED, MIDDLE, SPREAD_PRIORS, fill_natural, to_natural
from asylia.move.fitted.swift import expected_people
from asylia.study.chain import POPULATION
from asylia.study.fit import FLOOR, fit_case_of, misses, precision
from asylia.study.packed import pack
from asylia.study.sample import Chain, Effort, effective, r_hat
from asylia.study.surrogate import WIDE, first_surrogates
from asylia.study.triangles import cholesky, lower, upper

CAMPS, DAYS, PARTS = 4, 9, 3


def facts(number, room=np.inf):
    """Four camps in three countries, some closed or behind a closed border for a time."""
    rng = np.random.default_rng(number)
    fighting = rng.uniform(0, 1, (DAYS, 2)) * (rng.uniform(size=(DAYS, 2)) < 0.7)
    return Facts(
        days=np.ones(DAYS), newcomers=np.full(DAYS, 100.0), fighting=fighting, since=np.outer(np.arange(DAYS), np.ones(2)) * 30,
        log_way=rng.uniform(-1, 2, (2, CAMPS)), log_people=rng.normal(size=2), country=np.array([0, 0, 1, 2]),
        log_size=rng.normal(size=CAMPS), log_income=rng.normal(size=CAMPS), log_capacity=np.zeros(CAMPS), networks=1.0,
        is_open=(rng.uniform(size=(DAYS, CAMPS)) < 0.9).astype(float), crossing=(rng.uniform(size=(DAYS, CAMPS)) < 0.7).astype(float),
        start=np.zeros(CAMPS), room=np.full(CAMPS, room),
    )  # fmt: skip


def weights():
    found = np.zeros((PARTS, DAYS))
    for part in range(PARTS):
        found[part, part * 3 : part * 3 + 3] = 1 / 3
    return found


def case(number, shares):
    return fit_case_of(f"made {number}", facts(number), weights(), shares)


def run(pool, number, rounds, warm_up):
    chain = Chain(pool, number, Effort(rounds=rounds, warm_up=warm_up))
    return chain.run(first_surrogates(pool, chain.state.spreads))


def invgamma_draw(rng, shape, scale):
    return invgamma(shape, scale=scale).rvs(random_state=rng)


@pytest.mark.parametrize("room", [np.inf, 250.0, 120.0])
@pytest.mark.parametrize("number", range(6))
def test_the_quick_flow_is_the_flow(number, room):
    rng = np.random.default_rng(number)
    values = to_natural(rng.normal(size=COUNT) * 2)
    luck = rng.normal(size=CAMPS)
    slow, _ = flow(facts(number, room), values, luck[None, :])
    assert expected_people(facts(number, room), values, luck) == pytest.approx(slow, rel=1e-9)


def test_natural_values_are_the_same_one_by_one():
    found = np.empty(COUNT)
    for row in np.random.default_rng(1).normal(size=(20, COUNT)) * 3:
        fill_natural(row, found)
        assert found == pytest.approx(to_natural(row), rel=1e-12)


def test_triangles_agree_with_lapack():
    rng = np.random.default_rng(2)
    wide = rng.normal(size=(5, 9))
    matrix, right = wide @ wide.T, rng.normal(size=5)
    root, found = np.zeros((5, 5)), np.empty(5)
    assert 2 * cholesky(matrix, root, 5) == pytest.approx(np.linalg.slogdet(matrix)[1])
    assert root == pytest.approx(np.linalg.cholesky(matrix))
    assert lower(root, right, found, 5) == pytest.approx(right @ np.linalg.solve(matrix, right))
    upper(root, found, found, 5)
    assert found == pytest.approx(np.linalg.solve(matrix, right))
    assert np.isnan(cholesky(-matrix, root, 5))


def test_packed_conflicts_give_the_same_likelihood():
    shares = np.full((PARTS, CAMPS), 0.25)
    cases = [case(1, shares), case(2, shares)]
    chain = Chain(pack(cases), 0, Effort(rounds=12, warm_up=6))
    chain.run(first_surrogates(pack(cases), chain.state.spreads))
    state = chain.state
    for number, one in enumerate(cases):
        found = misses(
            one.facts, to_natural(state.own[number]), np.zeros((1, CAMPS)), one.weights, one.shares
        )
        inverse, half = precision(one, np.exp(state.spreads))
        assert state.misses[number] == pytest.approx(found)
        assert state.like[number] == pytest.approx(-0.5 * found @ inverse @ found - half)


@pytest.mark.parametrize("number", range(4))
def test_the_middle_of_the_gaussian_fits_better_than_that_of_the_prior(number):
    one = case(number, np.full((PARTS, CAMPS), 0.25))
    spreads = np.log([0.4, 0.7, 0.3])
    gauss = first_surrogates(pack([one]), spreads)
    assert np.linalg.eigvalsh(gauss.precision[0]).min() > -1e-9
    inverse, _ = precision(one, np.exp(spreads))

    def belief(point):
        found = misses(one.facts, to_natural(point), np.zeros((1, CAMPS)), one.weights, one.shares)
        return -0.5 * found @ inverse @ found - 0.5 * point @ point / WIDE

    middle = np.linalg.solve(gauss.precision[0] + np.eye(COUNT) / WIDE, gauss.slope[0])
    assert belief(middle) > belief(np.zeros(COUNT))


def test_where_nothing_was_counted_the_prior_comes_back():
    nothing = [
        replace(case(number, np.full((PARTS, CAMPS), 0.25)), weights=np.zeros((PARTS, DAYS)))
        for number in range(3)
    ]
    pool = pack(nothing)
    kept = np.stack([run(pool, number, 2400, 300) for number in range(2)])
    assert r_hat(kept).max() < 1.05
    assert effective(kept)[:COUNT].min() > 1000
    rows = kept.reshape(-1, kept.shape[2])
    assert rows[:, :COUNT].mean(axis=0) == pytest.approx(np.zeros(COUNT), abs=0.1)
    assert rows[:, :COUNT].std(axis=0) == pytest.approx(LEARNED, abs=0.1)
    shape, scale = POPULATION
    thinned = np.exp(rows[::20, -1])
    assert kstest(thinned, invgamma(shape, scale=scale).cdf).pvalue > 0.01


def test_ranks_of_what_made_the_data_are_even():
    """Simulation-based calibration (Talts and others 2018): draw a truth from the priors, data from it, and rank it."""
    ranks = []
    for number in range(60):
        rng = np.random.default_rng(number)
        middle = rng.normal(size=COUNT) * LEARNED
        variance = invgamma_draw(rng, *POPULATION)
        spreads = np.sqrt([invgamma_draw(rng, *prior) for prior in SPREAD_PRIORS])
        cases = []
        for one in range(3):
            values = MIDDLE.copy()
            fill_natural(middle + np.sqrt(variance) * rng.normal(size=COUNT), values)
            blank = case(one, np.full((PARTS, CAMPS), 0.25))
            found = misses(blank.facts, values, np.zeros((1, CAMPS)), blank.weights, blank.shares)
            inverse, _ = precision(blank, spreads)
            noise = np.linalg.cholesky(np.linalg.inv(inverse)) @ rng.normal(size=found.size)
            shares = (0.25 + FLOOR) * np.exp(noise - found).reshape(PARTS, CAMPS) - FLOOR
            cases.append(case(one, shares))
        kept = run(pack(cases), number, 500, 90)
        ranks.append((kept < [*middle, *np.log(spreads), np.log(variance)]).mean(axis=0))
    learned = np.append(LEARNED > 0, np.ones(4, dtype=bool))
    shares_below = np.array(ranks)[:, learned]
    for column in shares_below.T:
        assert kstest(column, "uniform").pvalue > 0.002
    assert kstest(shares_below.ravel(), "uniform").statistic < 0.06
