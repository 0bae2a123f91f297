"""Rows on crowds: every plan keeps to them, and the bound that they give is below the truth and above the one without."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from asylia.siting.bound import Glide, ascend, case_of, first_dual
from asylia.siting.crowd import charge, gain_of, helped, missing, no_crowds, settlers_of
from asylia.siting.crowd_climb import climb_on, set_prices, sharp_of, take_on
from asylia.siting.crowd_find import Mean, find_crowds, write_rows
from asylia.siting.extensive import solve_exact
from asylia.siting.instance import Limits, Sites, Ways, arrange, pairs_apart
from asylia.siting.price import best_path, best_paths

SHORT = Glide(steps=130, first=0.5, last=0.05, above=0.02)


def network_of(seed, *, settlements=30, sites=7, sizes=1):
    draw = np.random.default_rng(seed)
    home, where = draw.uniform(0, 60, (settlements, 2)), draw.uniform(0, 60, (sites, 2))
    km = np.hypot(*(home[:, None] - where[None]).transpose(2, 0, 1))
    near = np.argwhere(km < 35)
    room = np.sort(draw.integers(100, 1200, (sites, sizes)), axis=1)
    between = np.hypot(*(where[:, None] - where[None]).transpose(2, 0, 1))
    return arrange(
        [f"p{k:02}" for k in range(settlements)],
        draw.integers(1, 90, (1, 1, settlements)),
        draw.uniform(40, 90, settlements),
        Sites(
            ids=[f"s{k}" for k in range(sites)],
            capacity=room,
            least=(room * (0.2 if seed % 4 == 0 else 0.0)).astype(int),
            opening=room * draw.uniform(5, 30),
            each=np.full(room.shape, float(seed % 2)),
        ),
        Ways(settlement=near[:, 0], site=near[:, 1], cost=km[near[:, 0], near[:, 1]]),
        limits=Limits(
            most_zones=int(draw.integers(2, sites + 1)),
            budget=np.inf if seed % 3 else float(room.sum() * 10),
            apart=pairs_apart(between, closest=12.0) if seed % 5 == 0 else Limits().apart,
            usable=draw.random((1, sites, 1)) < 0.9,
        ),
    )


def crowds_of(network, draw):
    """Crowds around zones that a mean made by chance has open in part."""
    case = case_of(network, network.chance)
    opened = draw.uniform(0, 1, network.capacity.shape) / network.capacity.shape[1]
    flow = draw.uniform(0, 1, network.cost.size) * network.people[0, 0][network.reach]
    price = draw.uniform(10, 90, network.penalty.size)
    mean = Mean(opened, flow, np.ones(len(network.site_ids), dtype=bool))
    problem = (case.arcs, settlers_of(case.arcs, network.penalty.size), case.people[0], network.capacity)
    found = find_crowds(*problem, mean, price)
    return write_rows(*problem, price, found, 0.5), found


def plan_by_chance(network, draw):
    """Some zones of some size, filled in some order: sites, sizes from 1 on, and people on every way."""
    chosen = np.flatnonzero(draw.random(len(network.site_ids)) < 0.5)
    sizes = draw.integers(1, network.capacity.shape[1] + 1, chosen.size)
    left, flow = network.people[0, 0].copy(), np.zeros(network.cost.size)
    for site, size in zip(chosen, sizes, strict=True):
        room = network.capacity[site, size - 1]
        for way in draw.permutation(np.arange(network.starts[site], network.starts[site + 1])):
            flow[way] = min(left[network.reach[way]], room)
            left[network.reach[way]] -= int(flow[way])
            room -= int(flow[way])
    return chosen, sizes, flow


@given(st.integers(0, 100_000), st.integers(1, 2))
@settings(max_examples=40, deadline=None)
def test_every_plan_keeps_every_row(seed, sizes):
    draw = np.random.default_rng(seed + 1)
    network = network_of(seed, sizes=sizes)
    crowds, _ = crowds_of(network, draw)
    for _ in range(20):
        chosen, size, flow = plan_by_chance(network, draw)
        assert (missing(crowds, flow, chosen, size) <= 1e-9).all()


def test_rows_are_found_and_broken_by_parts_of_zones():
    found = [len(crowds_of(network_of(seed), np.random.default_rng(seed))[1]) for seed in range(10)]
    assert sum(found) >= 10


@given(st.integers(0, 1000), st.integers(1, 100), st.integers(1, 100))
@settings(max_examples=60, deadline=None)
def test_a_zone_counts_no_more_than_it_would_in_whole_steps(most, size, left):
    left = min(left, size)
    gain = gain_of(most, size, left)
    assert left * (most // size) <= gain <= left * (most // size + 1)
    assert gain_of(most + 1, size, left) >= gain


@given(st.integers(0, 100_000), st.integers(1, 2))
@settings(max_examples=20, deadline=None)
def test_the_bound_holds_the_truth_at_any_prices_of_rows(seed, sizes):
    draw = np.random.default_rng(seed + 2)
    network = network_of(seed, sizes=sizes)
    exact = solve_exact(network).certificate.value
    case = case_of(network, network.chance)
    dual = first_dual(case)
    ascend(network, case, dual, exact, 60)
    alone = dual.bound
    sharp = sharp_of(network, case, dual)
    found = crowds_of(network, draw)[1]
    take_on(sharp, found, draw.uniform(0, 20, len(found)), dual.person[0])
    sharp.dual.bound = -np.inf
    climb_on(sharp, SHORT, np.inf)
    assert sharp.dual.bound <= exact * (1 + 1e-7)
    assert dual.bound == alone


@given(st.integers(0, 100_000), st.integers(1, 2))
@settings(max_examples=20, deadline=None)
def test_rows_that_are_found_never_lower_the_bound(seed, sizes):
    network = network_of(seed, sizes=sizes)
    exact = solve_exact(network).certificate.value
    case = case_of(network, network.chance)
    dual = first_dual(case)
    ascend(network, case, dual, exact, 150)
    sharp, alone = sharp_of(network, case, dual), dual.bound
    for _ in range(3):
        climb_on(sharp, SHORT, np.inf)
        assert len(sharp.found) == sharp.price.size == sharp.crowds.need.size
        assert (sharp.price >= 0.0).all()
    assert alone <= sharp.dual.bound <= exact * (1 + 1e-7)


def two_zones_for_one_crowd():
    """150 people in one place, zones of 100 beside it: half of the second zone is not to be had."""
    sites = Sites(ids=list("abcd"), capacity=np.full((4, 1), 100), opening=np.full((4, 1), 1000.0))
    place, site = np.divmod(np.arange(12), 4)
    ways = Ways(settlement=place, site=site, cost=np.full(12, 1.0))
    return arrange(["p", "q", "r"], np.full((1, 1, 3), 50), 60.0, sites, ways)


def test_whole_zones_bring_what_prices_alone_cannot():
    network = two_zones_for_one_crowd()
    case = case_of(network, network.chance)
    dual = first_dual(case)
    ascend(network, case, dual, 2150.0, 300)
    assert dual.bound < 1660.0
    sharp = sharp_of(network, case, dual)
    for _ in range(4):
        climb_on(sharp, replace(SHORT, steps=300), np.inf)
    assert 2000.0 < sharp.dual.bound <= 2150.0 + 1e-6


def test_prices_of_rows_charge_ways_and_favour_sites():
    network = two_zones_for_one_crowd()
    case = case_of(network, network.chance)
    crowds = no_crowds(4, 1)._replace(
        starts=np.array([0, 2]),
        ways=np.array([0, 5]),
        gain=np.array([[[50], [0], [20], [0]]]),
        need=np.array([100]),
        people=np.array([150]),
        places=np.array([0, 3]),
        members=np.arange(3),
    )
    cost = case.arcs.cost.copy()
    charge(cost, crowds, np.array([2.0]))
    assert np.flatnonzero(cost - case.arcs.cost).tolist() == [0, 5]
    assert helped(crowds, np.array([2.0])).tolist() == [[100.0], [0.0], [40.0], [0.0]]
    sharp = sharp_of(network, case, first_dual(case))
    sharp.crowds = crowds
    set_prices(sharp, np.array([2.0]))
    assert sharp.dual.given == -100.0
    assert np.array_equal(sharp.cost, case.arcs.cost)


@given(st.integers(0, 100_000))
@settings(max_examples=30, deadline=None)
def test_one_period_needs_no_tables(seed):
    draw = np.random.default_rng(seed)
    case = case_of(network_of(seed, sizes=2), np.ones(1))
    sizes = case.sizes._replace(
        running=draw.uniform(0, 50, (7, 2)),
        lead=draw.integers(0, 2, (7, 2)),
        capacity=case.sizes.capacity * draw.integers(0, 2, (7, 2)),
    )
    values, allowed = -draw.uniform(0, 9000, (7, 2, 1)), draw.random((7, 1)) < 0.8
    cost, paths = best_paths(sizes, values, allowed, np.array([1.3]), np.arange(7))
    for site in range(7):
        one, path = best_path(sizes, site, values[site], allowed[site], np.array([1.3]))
        assert (cost[site], paths[site].tolist()) == (one, path.tolist())
