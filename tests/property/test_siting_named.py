"""Named location problems agree with trying every choice, and behave as they must."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asylia.model.siting import Center, Covering, Facility, Median
from asylia.siting.named import recount, solve
from siting_problems import best_by_trying, draw

KINDS = ("median", "center", "covering", "free", "single", "split")
PROVED = 1.1e-7


def sign(problem):
    return -1.0 if isinstance(problem, Covering) else 1.0


def lowest(problem):
    return sign(problem) * solve(problem, seconds=30).certificate.value


def agrees(kind, seed):
    problem = draw(kind, seed)
    answer = solve(problem, seconds=30)
    certificate = answer.certificate
    found, best = sign(problem) * certificate.value, best_by_trying(problem)
    assert certificate.gap <= PROVED
    assert sign(problem) * certificate.bound <= found + 1e-9 * abs(found) or not certificate.found
    assert found == pytest.approx(best, rel=1e-6, abs=1e-6)
    if certificate.found:
        assert recount(problem, answer) == certificate.value
    else:
        assert (
            certificate.why_stopped.startswith(("proved", "p is", "all sites"))
            or ":" in certificate.why_stopped
        )


@pytest.mark.parametrize("kind", KINDS[:4])
def test_agrees_with_trying_every_choice(kind):
    for seed in range(60):
        agrees(kind, seed)


def test_single_source_agrees_with_trying_every_choice():
    for seed in range(40):
        agrees("single", seed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS[:5])
def test_agrees_with_trying_every_choice_of_many(kind):
    for seed in range(100, 400):
        agrees(kind, seed)


@pytest.mark.parametrize("seed", range(12))
def test_a_split_customer_never_costs_more_than_one_that_is_not(seed):
    problem = draw("split", seed)
    assert lowest(problem) <= lowest(replace(problem, single_source=True)) * (1 + 1e-6) + 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_branching_with_capacities_agrees_with_highs(seed, monkeypatch):
    random = np.random.default_rng(seed)
    costs = np.round(random.random((40, 12)) * 1000)
    demand, capacity = random.integers(5, 30, 40).astype(float), random.integers(100, 260, 12).astype(float)
    problem = Facility(costs=costs, opening=np.full(12, 900.0), demand=demand, capacity=capacity)
    whole_program = lowest(problem)
    monkeypatch.setattr("asylia.siting.named.FEW_WAYS", 0)
    answer = solve(problem, seconds=30)
    assert answer.certificate.method.startswith("bound by Lagrange, interchange")
    assert answer.certificate.value == pytest.approx(whole_program, rel=1e-6)
    assert answer.certificate.gap <= PROVED


@settings(max_examples=40, deadline=None)
@given(kind=st.sampled_from(KINDS), seed=st.integers(0, 10_000), luck=st.integers(0, 99))
def test_the_order_of_rows_and_sites_does_not_matter(kind, seed, luck):
    problem = draw(kind, seed)
    assert lowest(shuffled(problem, luck)) == pytest.approx(lowest(problem), rel=1e-6, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(kind=st.sampled_from(KINDS), seed=st.integers(0, 10_000))
def test_more_sites_or_room_is_never_worse(kind, seed):
    problem = draw(kind, seed)
    if isinstance(problem, Facility):
        if problem.capacity is None:
            return
        more = replace(problem, capacity=problem.capacity + 7.0)
    else:
        count = problem.site_count if isinstance(problem, Covering) else table(problem).shape[1]
        more = replace(problem, p=min(problem.p + 1, count))
    assert lowest(more) <= lowest(problem) * (1 + np.sign(lowest(problem)) * 1e-6) + 1e-6


def table(problem):
    return problem.costs if isinstance(problem, Median) else problem.distances


def shuffled(problem, luck):
    random = np.random.default_rng(luck)
    if isinstance(problem, Covering):
        rows, columns = random.permutation(problem.people.size), random.permutation(problem.site_count)
        own = [columns[problem.reach[problem.starts[row] : problem.starts[row + 1]]] for row in rows]
        starts = np.concatenate(([0], np.cumsum([one.size for one in own]))).astype(np.int64)
        reach = np.concatenate([np.empty(0, dtype=np.int64), *own])
        return replace(problem, people=problem.people[rows], starts=starts, reach=reach)
    size = (problem.costs if isinstance(problem, Facility) else table(problem)).shape
    rows, columns = random.permutation(size[0]), random.permutation(size[1])
    if isinstance(problem, Center):
        return replace(problem, distances=problem.distances[rows][:, columns])
    moved = replace(problem, costs=problem.costs[rows][:, columns])
    if isinstance(problem, Median):
        return moved
    moved = replace(moved, opening=problem.opening[columns])
    if problem.capacity is None:
        return moved
    return replace(moved, demand=problem.demand[rows], capacity=problem.capacity[columns])


def test_the_same_problem_gives_the_same_plan():
    random = np.random.default_rng(3)
    problem = Median(costs=random.random((60, 60)), p=7)
    first, second = solve(problem), solve(problem)
    assert first.open_sites.tolist() == second.open_sites.tolist()
    assert first.certificate.bound == second.certificate.bound


@pytest.mark.parametrize(
    ("problem", "loosen"),
    [
        (Median(costs=np.ones((2, 3)), p=4), "lower p, or add sites"),
        (Median(costs=np.array([[0.0, np.inf], [np.inf, 0.0]]), p=1), "raise p, or add ways"),
        (Center(distances=np.array([[0.0, np.inf], [np.inf, 0.0]]), p=1), "raise p, or add ways"),
        (Median(costs=np.array([[1.0], [np.inf]]), p=1), "the first is number 2: add a way"),
        (
            Facility(
                costs=np.ones((2, 1)), opening=np.ones(1), demand=np.full(2, 9.0), capacity=np.array([10.0])
            ),
            "raise the capacities by 8",
        ),
        (
            Facility(
                costs=np.array([[1.0, np.inf], [1.0, np.inf]]),
                opening=np.ones(2),
                demand=np.full(2, 9.0),
                capacity=np.array([10.0, 90.0]),
            ),
            "add room, or ways",
        ),
    ],
)
def test_no_plan_is_explained_by_what_to_loosen(problem, loosen):
    certificate = solve(problem).certificate
    assert not certificate.found
    assert certificate.bound == certificate.value
    assert loosen in certificate.why_stopped


def test_out_of_time_still_gives_a_plan_and_a_bound():
    random = np.random.default_rng(0)
    problem = Median(costs=np.round(random.random((200, 200)) * 1e6), p=20)
    certificate = solve(problem, seconds=0.0).certificate
    assert certificate.found
    assert 0 < certificate.bound <= certificate.value
    assert certificate.gap > 0
    assert certificate.why_stopped.startswith("out of time")


def test_a_wider_gap_is_kept():
    random = np.random.default_rng(1)
    certificate = solve(Median(costs=random.random((150, 150)), p=9), gap=0.05).certificate
    assert certificate.gap <= 0.05


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (Median(costs=np.array([[-1.0]]), p=1), "0 or more"),
        (Median(costs=np.array([[np.nan]]), p=1), "numbers"),
        (Median(costs=np.ones((1, 1)), p=0), "p is 0"),
        (Center(distances=np.ones((0, 2)), p=1), "at least one"),
        (Facility(costs=np.ones((2, 2)), opening=np.ones(1)), "opening must have 2"),
        (Facility(costs=np.ones((1, 1)), opening=np.ones(1), capacity=np.ones(1)), "together"),
        (
            Covering(people=np.array([1]), starts=np.array([0, 1]), reach=np.array([5]), site_count=2, p=1),
            "from 0 to 1",
        ),
        (
            Covering(people=np.array([1]), starts=np.array([0, 2]), reach=np.array([0]), site_count=2, p=1),
            "starts must rise",
        ),
    ],
)
def test_arrays_that_do_not_fit_are_refused(problem, said):
    with pytest.raises(ValueError, match=said):
        solve(problem)
