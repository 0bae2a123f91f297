"""Plans in parts: the lowest bound of all parts is one for all plans, and it is higher than prices alone give."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from asylia.siting.bound import ascend, case_of, choose, first_dual
from asylia.siting.divide import divide, undivided
from asylia.siting.extensive import solve_exact
from asylia.siting.instance import Limits, Sites, Ways, arrange, pairs_apart


def network_of(seed, *, settlements=40, sites=8):
    draw = np.random.default_rng(seed)
    home, where = draw.uniform(0, 60, (settlements, 2)), draw.uniform(0, 60, (sites, 2))
    km = np.hypot(*(home[:, None] - where[None]).transpose(2, 0, 1))
    near = np.argwhere(km < 35)
    room = draw.integers(300, 1500, (sites, 1))
    between = np.hypot(*(where[:, None] - where[None]).transpose(2, 0, 1))
    return arrange(
        [f"p{k:02}" for k in range(settlements)],
        draw.integers(1, 90, (1, 1 + seed % 2, settlements)),
        draw.uniform(40, 90, settlements),
        Sites(ids=[f"s{k}" for k in range(sites)], capacity=room, opening=room * draw.uniform(5, 30)),
        Ways(settlement=near[:, 0], site=near[:, 1], cost=km[near[:, 0], near[:, 1]]),
        limits=Limits(
            most_zones=int(draw.integers(2, sites + 1)),
            apart=pairs_apart(between, closest=12.0) if seed % 3 == 0 else Limits().apart,
        ),
    )


def bounds(network, value, *, halves):
    """Bound of prices alone, and with plans in parts."""
    case = case_of(network, network.chance)
    dual = first_dual(case)
    ascend(network, case, dual, value, 150)
    division = undivided(network, case, dual)
    divide(division, value, value * (1.0 - 1e-4), halves, np.inf)
    return dual.bound, division.bound


@given(st.integers(0, 100_000))
@settings(max_examples=15, deadline=None)
def test_the_bound_of_parts_holds_the_truth(seed):
    network = network_of(seed)
    exact = solve_exact(network).certificate
    alone, parts = bounds(network, exact.value, halves=12)
    assert parts <= exact.value * (1 + 1e-7)
    assert parts >= alone


@given(st.integers(0, 100_000))
@settings(max_examples=15, deadline=None)
def test_a_bound_for_a_plan_that_is_too_good_is_still_below_the_truth(seed):
    network = network_of(seed)
    exact = solve_exact(network).certificate
    # sites are closed in a part by what is hoped for; what they promise must still be counted
    _, parts = bounds(network, 0.9 * exact.value, halves=6)
    assert parts <= exact.value * (1 + 1e-7)


def test_parts_bring_more_than_prices_alone():
    network = network_of(4)
    value = solve_exact(network).certificate.value
    alone, parts = bounds(network, value, halves=60)
    assert alone < 0.999 * value
    assert parts > alone + 0.5 * (value - alone)


def test_sites_that_must_be_open_are_chosen_first():
    cost, groups = np.array([-5.0, 3.0, -9.0, -1.0]), np.array([0, 1, 2, 2])
    none = np.empty(0, dtype=np.int64)
    assert choose(cost, groups, 2, none).tolist() == [0, 2]
    assert choose(cost, groups, 2, np.array([1])).tolist() == [1, 2]
    assert choose(cost, groups, 4, np.array([3])).tolist() == [0, 3]
