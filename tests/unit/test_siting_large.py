"""Zones of any size: against brute force, against HiGHS, and what must hold of every answer."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from asylia.model.siting_network import CLOSED, ZonePlan
from asylia.siting.extensive import solve_exact
from asylia.siting.highs import Program, State, minimise
from asylia.siting.instance import Limits, Sites, Ways, Worth, arrange, count_again, fixed_money, pairs_apart
from asylia.siting.large import solve_large
from asylia.siting.zones import solve_zones, worth_of_consent


def random_parts(seed):
    """Make the parts of a small problem; every kind of limit comes up."""
    draw = np.random.default_rng(seed)
    settlements, sites = int(draw.integers(2, 6)), int(draw.integers(2, 4))
    sizes, periods, scenarios = (int(draw.integers(1, 3)) for _ in range(3))
    people = draw.integers(0, 60, (scenarios, periods, settlements))
    capacity = draw.integers(10, 120, (sites, sizes))
    where = draw.uniform(0, 40, (sites, 2))
    home = draw.uniform(0, 40, (settlements, 2))
    km = np.hypot(*(home[:, None] - where[None]).transpose(2, 0, 1))
    near = np.argwhere(km < 35)
    apart = pairs_apart(np.hypot(*(where[:, None] - where[None]).transpose(2, 0, 1)), closest=8.0)
    return {
        "people": people,
        "penalty": draw.uniform(30, 90, settlements),
        "sites": Sites(
            ids=[f"s{k}" for k in range(sites)],
            capacity=capacity,
            least=(capacity * draw.choice([0.0, 0.3], p=[0.7, 0.3])).astype(int),
            opening=draw.uniform(0, 900, (sites, sizes)),
            running=draw.uniform(0, 200, (sites, sizes)),
            each=draw.uniform(0, 3, (sites, sizes)) * draw.integers(0, 2),
            lead=draw.integers(0, 2, (sites, sizes)),
        ),
        "ways": Ways(settlement=near[:, 0], site=near[:, 1], cost=km[near[:, 0], near[:, 1]]),
        "limits": Limits(
            most_zones=int(draw.integers(1, sites + 1)),
            budget=np.inf if draw.random() < 0.5 else draw.uniform(200, 1500, periods),
            apart=apart if draw.random() < 0.5 else Limits().apart,
            allowed=draw.random((sites, periods)) < 0.85,
            usable=draw.random((scenarios, sites, periods)) < 0.85,
        ),
        "worth": Worth(
            money_weight=float(draw.choice([0.0, 1.0])),
            tail_weight=float(draw.choice([0.0, 0.6])),
            tail_share=0.5,
        ),
    }


def network_of(seed, **changes):
    parts = {**random_parts(seed), **changes}
    names = [f"p{k}" for k in range(parts["people"].shape[2])]
    return arrange(names, **parts)


def cheapest_people(network, sizes):  # noqa: C901, PLR0912 - the whole program in one place, as a check
    """Value of a choice of sizes with people placed best, by a linear program written here for the test alone."""
    scenarios, periods, settlements = network.shape
    site = np.repeat(np.arange(len(network.site_ids)), np.diff(network.starts))
    rows, limits, columns = [], [], []
    for s, t in product(range(scenarios), range(periods)):
        opened = (sizes[site, t] != CLOSED) & network.usable[s, site, t]
        columns += [(s, t, int(a), -1) for a in np.flatnonzero(opened)]
        columns += [(s, t, -1, i) for i in range(settlements)]
    columns += [("excess", s) for s in range(scenarios)] + [("level",)]
    number = {column: k for k, column in enumerate(columns)}
    cost = np.zeros(len(columns))
    for column, k in number.items():
        if column[0] == "excess":
            cost[k] = network.tail_weight * network.chance[column[1]] / network.tail_share
        elif column[0] == "level":
            cost[k] = network.tail_weight
        else:
            s, t, a, i = column
            mean = (1 - network.tail_weight) * network.chance[s]
            cost[k] = mean * (network.penalty[i] if a < 0 else network.cost[a])
            if a >= 0:
                cost[k] += network.money_weight * network.chance[s] * network.each[site[a], sizes[site[a], t]]

    def row(entries, lower, upper):
        rows.append(entries)
        limits.append((lower, upper))

    plain = [c for c in columns if isinstance(c[0], int)]
    for s, t in product(range(scenarios), range(periods)):
        here = [c for c in plain if c[:2] == (s, t)]
        for i in range(settlements):
            mine = {number[c]: 1.0 for c in here if c[3] == i or (c[2] >= 0 and network.reach[c[2]] == i)}
            row(mine, network.people[s, t, i], network.people[s, t, i])
        for j in range(len(network.site_ids)):
            if sizes[j, t] == CLOSED or not network.usable[s, j, t]:
                continue
            mine = {number[c]: 1.0 for c in here if c[2] >= 0 and site[c[2]] == j}
            row(mine, network.least[j, sizes[j, t]], network.capacity[j, sizes[j, t]])
    fixed = fixed_money(network, sizes)
    for t in range(periods):
        mine = {
            number[c]: network.chance[c[0]] * network.each[site[c[2]], sizes[site[c[2]], t]]
            for c in plain
            if c[1] == t and c[2] >= 0
        }
        row(mine, -np.inf, network.budget[t] - fixed[t])
    for s in range(scenarios):
        mine = {
            number[c]: network.penalty[c[3]] if c[2] < 0 else network.cost[c[2]] for c in plain if c[0] == s
        }
        row({**mine, number["excess", s]: -1.0, number["level",]: -1.0}, -np.inf, 0.0)
    program = Program(
        cost=cost,
        lower=np.zeros(len(columns)),
        upper=np.full(len(columns), np.inf),
        row_lower=np.array([low for low, _ in limits], float),
        row_upper=np.array([high for _, high in limits], float),
        starts=np.cumsum([0] + [len(entries) for entries in rows]),
        columns=np.array([k for entries in rows for k in entries], int),
        values=np.array([v for entries in rows for v in entries.values()], float),
    )
    found = minimise(program)
    return found.value + network.money_weight * fixed.sum() if found.state is State.PROVED else np.inf


def brute_force(network):
    """Best value over every choice of sizes; people may be split, so that it is a bound and nearly the value."""
    sites, sizes = network.capacity.shape
    periods = network.people.shape[1]
    best = np.inf
    for flat in product(range(-1, sizes), repeat=sites * periods):
        plan = np.array(flat).reshape(sites, periods)
        ever = (plan != CLOSED).any(axis=1)
        if ever.sum() > network.most_zones or ever[network.apart].all(axis=1).any():
            continue
        if ((plan != CLOSED) & ~network.allowed).any():
            continue
        try:
            fixed = fixed_money(network, plan)
        except ValueError:
            continue
        if (fixed > network.budget).any():
            continue
        best = min(best, cheapest_people(network, plan))
    return best


def small_enough(network):
    sites, sizes = network.capacity.shape
    return (sizes + 1) ** (sites * network.people.shape[1]) <= 90


def check_against_brute_force(seeds):
    checked = 0
    for seed in seeds:
        network = network_of(seed)
        if not small_enough(network):
            continue
        checked += 1
        best = brute_force(network)
        near = 1e-6 * max(best, 1.0)
        exact, search = solve_exact(network), solve_large(network, rounds=4, seed=seed)
        assert exact.certificate.bound <= best + near, seed
        assert search.certificate.bound <= best + near, seed
        assert search.certificate.value >= best - near, seed
        assert exact.certificate.value >= best - near, seed
        # with a budget or a tail, and money for each person, the best split need not be whole
        coupled = network.each.any() and (np.isfinite(network.budget).any() or network.tail_weight > 0)
        if not coupled:
            assert exact.certificate.value <= best + near, seed
        for answer in (exact, search):
            assert count_again(network, answer.plan)[0] == pytest.approx(answer.certificate.value)
    return checked


def test_agrees_with_brute_force():
    assert check_against_brute_force(range(60)) >= 15


@pytest.mark.slow
def test_agrees_with_brute_force_on_a_thousand():
    assert check_against_brute_force(range(100, 1300)) >= 1000


def larger(seed=0, count=120, sites=25, periods=1, scenarios=1, **changes):
    draw = np.random.default_rng(seed)
    home, where = draw.uniform(0, 100, (count, 2)), draw.uniform(0, 100, (sites, 2))
    km = np.hypot(*(home[:, None] - where[None]).transpose(2, 0, 1))
    near = np.argwhere(km < 40)
    people = draw.integers(1, 300, (scenarios, periods, count))
    capacity = draw.integers(1000, 5000, (sites, 1))
    parts = {
        "settlement_ids": [f"p{k:03}" for k in range(count)],
        "people": people,
        "penalty": 100.0,
        "sites": Sites(ids=[f"s{k:03}" for k in range(sites)], capacity=capacity, opening=capacity * 8.0),
        "ways": Ways(settlement=near[:, 0], site=near[:, 1], cost=km[near[:, 0], near[:, 1]]),
    }
    return arrange(**{**parts, **changes})


@pytest.fixture(scope="module")
def base():
    return larger()


def test_search_comes_close_to_highs(base):
    ours, exact = solve_large(base, rounds=12), solve_exact(base, gap=1e-4)
    assert ours.certificate.bound <= exact.certificate.value * (1 + 1e-9)
    assert ours.certificate.value >= exact.certificate.bound * (1 - 1e-9)
    assert ours.certificate.value <= 1.03 * exact.certificate.value


def test_the_same_seed_gives_the_same_answer(base):
    one, two = solve_large(base, rounds=4, seed=3), solve_large(base, rounds=4, seed=3)
    assert not one.cut_by_time
    assert one.certificate.value == two.certificate.value
    assert one.certificate.bound == two.certificate.bound
    assert np.array_equal(one.plan.people, two.plan.people)


def test_order_of_rows_does_not_matter():
    draw = np.random.default_rng(5)
    parts = random_parts(11)
    count, sites = parts["people"].shape[2], len(parts["sites"].ids)
    names = [f"p{k}" for k in range(count)]
    turned, moved, mixed = (
        draw.permutation(count),
        draw.permutation(sites),
        draw.permutation(len(parts["ways"].cost)),
    )
    ways, old, limits = parts["ways"], parts["sites"], parts["limits"]
    again = arrange(
        [names[k] for k in turned],
        parts["people"][:, :, turned],
        parts["penalty"][turned],
        Sites(
            ids=[old.ids[k] for k in moved],
            **{
                name: getattr(old, name)[moved]
                for name in ("capacity", "least", "opening", "running", "each", "lead")
            },
        ),
        Ways(
            settlement=np.argsort(turned)[ways.settlement][mixed],
            site=np.argsort(moved)[ways.site][mixed],
            cost=ways.cost[mixed],
        ),
        limits=replace(
            limits,
            allowed=limits.allowed[moved],
            usable=limits.usable[:, moved],
            apart=np.argsort(moved)[limits.apart],
        ),
        worth=parts["worth"],
    )
    first = arrange(names, **parts)
    assert again.site_ids == first.site_ids
    for name in ("people", "penalty", "starts", "reach", "cost", "capacity", "allowed", "usable", "apart"):
        assert np.array_equal(getattr(again, name), getattr(first, name)), name


@pytest.mark.parametrize("seed", range(12))
def test_more_is_never_worse(seed):
    network = network_of(seed)
    before = solve_exact(network).certificate
    more = {
        "budget": replace(network, budget=network.budget * 1.5),
        "room": replace(network, capacity=network.capacity + 20),
        "zones": replace(network, most_zones=network.most_zones + 1),
        "consent": replace(network, allowed=np.ones_like(network.allowed)),
    }
    for name, changed in more.items():
        after = solve_exact(changed).certificate
        assert after.bound <= before.value * (1 + 1e-6) + 1e-6, name


def test_everybody_is_counted_and_whole(base):
    plan = solve_large(base, rounds=2).plan
    assert plan.people.dtype == np.int64
    served = np.bincount(base.reach, plan.people[0, 0], minlength=120)
    assert (served <= base.people[0, 0]).all()
    assert (plan.sizes != CLOSED).any()


def test_without_any_way_everybody_is_unserved():
    nothing = np.empty(0, dtype=np.int64)
    network = larger(ways=Ways(settlement=nothing, site=nothing, cost=np.empty(0)))
    answer = solve_large(network, rounds=2)
    assert answer.unserved == network.people.sum()
    assert answer.certificate.gap == pytest.approx(0.0, abs=1e-9)


def test_several_periods_and_scenarios():
    network = larger(
        count=40,
        sites=8,
        periods=3,
        scenarios=4,
        worth=Worth(tail_weight=0.5, tail_share=0.25),
        limits=Limits(most_zones=4, budget=60_000.0),
    )
    ours, exact = solve_large(network, rounds=10, gap=0.0), solve_exact(network, gap=0.005, seconds=20)
    assert ours.certificate.bound <= exact.certificate.value * (1 + 1e-9)
    assert ours.certificate.value >= exact.certificate.bound * (1 - 1e-9)
    assert (ours.money <= network.budget + 1e-6).all()


def test_a_plan_that_breaks_limits_is_named():
    network = larger()
    sizes = np.zeros((25, 1), dtype=np.int64)
    people = np.zeros((1, 1, network.cost.size), dtype=np.int64)
    with pytest.raises(ValueError, match="more zones than allowed"):
        count_again(replace(network, most_zones=3), ZonePlan(sizes=sizes, people=people))


def test_time_that_runs_out_is_said(base):
    answer = solve_large(base, gap=0.0, seconds=0.0)
    assert answer.cut_by_time
    assert answer.certificate.why_stopped == "out of time"
    assert answer.certificate.bound <= answer.certificate.value


def test_limits_that_bind_are_named(base):
    answer = solve_large(replace(base, most_zones=2), rounds=2)
    assert any("number of zones (2)" in one for one in answer.binding)


def test_small_problems_go_to_highs():
    assert "HiGHS" in solve_zones(network_of(1)).certificate.method
    assert "prices" in solve_zones(larger(count=1500), seconds=2.0).certificate.method


def test_worth_of_consent_holds_the_truth():
    allowed = np.ones((8, 1), dtype=bool)
    allowed[[1, 4]] = False
    network = larger(count=40, sites=8, limits=Limits(most_zones=3, allowed=allowed))
    missing = [("a", "s001"), ("b", "s001"), ("a", "s004")]
    listed = {(one.party, one.site): one for one in worth_of_consent(network, missing)}
    assert set(listed) == set(missing)
    assert listed["a", "s004"].alone
    assert not listed["a", "s001"].alone
    people = replace(network, cost=network.cost * 0, penalty=network.penalty * 0 + 1, money_weight=0.0)
    before = solve_exact(people).certificate.value
    for site in (1, 4):
        given = people.allowed.copy()
        given[site] = True
        more = before - solve_exact(replace(people, allowed=given)).certificate.value
        worth = listed["a", f"s00{site}"]
        assert worth.at_least - 1e-6 <= more <= worth.at_most + 1e-6


def test_names_given_twice_are_refused():
    with pytest.raises(ValueError, match="twice"):
        larger(settlement_ids=["p"] * 120)
