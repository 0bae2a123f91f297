"""Small random location problems and what trying every choice of sites finds."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np

from asylia.model.siting import Center, Covering, Facility, Median


def draw(kind, seed):
    random = np.random.default_rng(seed)
    few = kind in {"single", "split"}
    customers, sites = int(random.integers(1, 6 if few else 9)), int(random.integers(1, 5 if few else 7))
    whole = bool(random.integers(2))
    costs = random.random((customers, sites)) * 100
    costs = np.round(costs) if whole else costs
    if random.random() < 0.4:
        costs = np.where(random.random(costs.shape) < 0.3, np.inf, costs)
    p = int(random.integers(1, sites + 1))
    if kind == "median":
        return Median(costs=costs, p=p)
    if kind == "center":
        return Center(distances=costs, p=p)
    if kind == "covering":
        within = costs < 40
        starts = np.concatenate(([0], np.cumsum(within.sum(axis=1))))
        people = random.integers(0, 200, customers)
        return Covering(people=people, starts=starts, reach=np.nonzero(within)[1], site_count=sites, p=p)
    opening = np.round(random.random(sites) * 80)
    if kind == "free":
        return Facility(costs=costs, opening=opening)
    demand = random.integers(1, 20, customers).astype(float)
    capacity = random.integers(5, 60, sites).astype(float)
    return Facility(
        costs=costs, opening=opening, demand=demand, capacity=capacity, single_source=kind == "single"
    )


def best_by_trying(problem):
    """Give the least over every choice (people covered count below zero); infinite if there is none. No split customers."""
    if isinstance(problem, Covering):
        return min(
            _uncovered(problem, chosen) for chosen in combinations(range(problem.site_count), problem.p)
        )
    if isinstance(problem, Facility):
        sites = problem.opening.size
        choices = [c for n in range(1, sites + 1) for c in combinations(range(sites), n)]
        return min(_facility(problem, list(chosen)) for chosen in choices)
    table = problem.costs if isinstance(problem, Median) else problem.distances
    count = np.sum if isinstance(problem, Median) else np.max
    return min(
        float(count(table[:, list(chosen)].min(axis=1)))
        for chosen in combinations(range(table.shape[1]), problem.p)
    )


def _uncovered(problem, chosen):
    covered = [
        bool(set(problem.reach[a:b].tolist()) & set(chosen))
        for a, b in zip(problem.starts[:-1], problem.starts[1:], strict=True)
    ]
    return -int(problem.people[covered].sum())


def _facility(problem, chosen):
    opening = float(problem.opening[chosen].sum())
    if problem.capacity is None:
        return opening + float(problem.costs[:, chosen].min(axis=1).sum())
    best = np.inf
    for places in product(chosen, repeat=problem.demand.size):
        held = np.bincount(places, problem.demand, minlength=problem.opening.size)
        if (held <= problem.capacity).all():
            best = min(best, float(problem.costs[np.arange(len(places)), list(places)].sum()))
    return opening + best
