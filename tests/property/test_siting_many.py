"""Many scenarios: plans counted from nothing agree with plans made move by move, and bounds hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asylia.siting import many
from asylia.siting.bound import Glide, case_of, cliques_of, first_dual, glide, look
from asylia.siting.extensive import solve_exact
from asylia.siting.floor import floors
from asylia.siting.improve import empty_desk, try_open, value_of
from asylia.siting.instance import Limits, Sites, Ways, Worth, arrange, count_again
from asylia.siting.large import solve_large
from asylia.siting.many import trader_of
from asylia.siting.sample import sample_rows, sample_scenarios, spread_prices
from asylia.siting.settle import try_out
from asylia.siting.trade import count, least_of


def network_of(seed, *, tail=0.5, zones=None, budget=np.inf):
    draw = np.random.default_rng(seed)
    settlements, sites, sizes = int(draw.integers(3, 12)), int(draw.integers(2, 6)), int(draw.integers(1, 3))
    scenarios, periods = int(draw.integers(1, 6)), int(draw.integers(1, 4))
    home, where = draw.uniform(0, 40, (settlements, 2)), draw.uniform(0, 40, (sites, 2))
    km = np.hypot(*(home[:, None] - where[None]).transpose(2, 0, 1))
    near = np.argwhere(km < 30)
    room = draw.integers(20, 200, (sites, sizes))
    return arrange(
        [f"p{k:02}" for k in range(settlements)],
        draw.integers(0, 90, (scenarios, periods, settlements)),
        draw.uniform(15, 60, settlements),
        Sites(
            ids=[f"s{k}" for k in range(sites)],
            capacity=room,
            opening=room * draw.uniform(1, 6),
            running=room * 0.3,
            each=room * 0.0 if draw.random() < 0.7 else draw.uniform(0, 2, room.shape),
            lead=draw.integers(0, 2, room.shape),
        ),
        Ways(settlement=near[:, 0], site=near[:, 1], cost=km[near[:, 0], near[:, 1]]),
        limits=Limits(most_zones=zones, budget=budget, usable=draw.random((scenarios, sites, periods)) < 0.9),
        worth=Worth(tail_weight=tail, tail_share=0.3),
    )


def plan_for(network, seed):
    """Draw sizes that are kept over the periods in which they may be open."""
    draw = np.random.default_rng(seed)
    sites, sizes = network.capacity.shape
    size = draw.integers(0, sizes + 1, sites)
    lead = network.lead[np.arange(sites), np.maximum(size, 1) - 1]
    return np.where(np.arange(network.people.shape[1]) >= lead[:, None], size[:, None], 0)


seeds = st.integers(0, 100_000)


@given(seeds, seeds)
@settings(max_examples=150, deadline=None)
def test_a_plan_counted_from_nothing_costs_what_it_costs_move_by_move(seed, luck):
    network = network_of(seed)
    sizes = plan_for(network, luck)
    case = case_of(network, network.chance)
    desk = empty_desk(network, case)
    for site in np.flatnonzero(sizes.any(axis=1)):
        try_open(desk, int(site), sizes[site], np.inf)
    plan = count(trader_of(network, case, lambda: False), sizes)
    if np.isfinite(plan.value):
        assert plan.value == pytest.approx(value_of(desk)[0], rel=1e-9)


@given(seeds, seeds, seeds)
@settings(max_examples=150, deadline=None)
def test_a_floor_is_never_above_the_cost(seed, luck, other):
    network = network_of(seed)
    sizes, like = plan_for(network, luck), plan_for(network, other)
    case = case_of(network, network.chance)
    loss, _, _, level = try_out(case, sizes)
    elsewhere = try_out(case, like)[3]
    for start in (level, elsewhere, np.zeros_like(level), level + 7.0):
        least, _, _ = floors(case, sizes, start)
        assert (least <= loss + 1e-7 * (1.0 + loss)).all()
    trader = trader_of(network, case, lambda: False)
    whole = count(trader, sizes)
    assert least_of(trader, sizes, count(trader, like)).value <= whole.value * (1 + 1e-9) + 1e-7


@given(seeds, st.integers(1, 3), st.sampled_from([np.inf, 900.0]))
@settings(max_examples=25, deadline=None)
def test_bound_and_plan_of_the_search_hold_the_truth(seed, zones, budget):
    network = network_of(seed, zones=zones, budget=budget)
    exact = solve_exact(network)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(many, "MANY_ROWS", 0)
        patched.setattr(many, "GROUPS", 2 if network.chance.size > 2 else 0)
        patched.setattr(many, "SCENARIOS", 2)
        patched.setattr(many, "TRIES", 3)
        if not many.is_many(network) or many.GROUPS == 0:
            return
        ours = solve_large(network, rounds=2, seconds=20.0)
    assert ours.certificate.bound <= exact.certificate.value * (1 + 1e-6) + 1e-6
    assert ours.certificate.value >= exact.certificate.bound * (1 - 1e-6) - 1e-6
    assert ours.certificate.bound <= ours.certificate.value
    assert count_again(network, ours.plan)[0] == pytest.approx(ours.certificate.value)
    assert (ours.money <= network.budget + 1e-6).all()


@given(seeds, st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_few_rows_count_what_all_rows_count(seed, groups):
    network = network_of(seed)
    weight = np.random.default_rng(seed).dirichlet(np.ones(network.chance.size))
    few = sample_rows(network, weight, groups)
    periods = network.people.shape[1]
    assert few.case.weight.reshape(groups, periods).sum(axis=0) == pytest.approx(np.ones(periods))
    assert few.case.chance.reshape(groups, periods).sum(axis=0) == pytest.approx(np.ones(periods))
    case = case_of(network, weight)
    prices = spread_prices(few, first_dual(few.case).person, network, case.weight)
    assert (prices >= 0.0).all()
    assert (prices <= case.penalty * case.weight[:, None] * (1 + 1e-12)).all()


@given(seeds, seeds)
@settings(max_examples=60, deadline=None)
def test_some_scenarios_count_what_all_scenarios_count(seed, luck):
    network = network_of(seed)
    draw, scenarios = np.random.default_rng(luck), network.chance.size
    if scenarios < 3:
        return
    weight, loss = draw.dirichlet(np.ones(scenarios)), draw.random(scenarios)
    some = sample_scenarios(network, weight, loss, scenarios - 1)
    assert some.network.chance.sum() == pytest.approx(1.0)
    assert some.network.people.shape[0] == scenarios - 1
    assert some.case.weight.reshape(scenarios - 1, -1).sum(axis=0) == pytest.approx(
        np.ones(network.people.shape[1])
    )
    assert (some.network.people[0] == network.people[np.argmax(loss)]).all()


def test_a_glide_ends_near_the_best_bound_of_all():
    network = network_of(4, tail=0.0)
    case = case_of(network, network.chance)
    dual = first_dual(case)
    every = np.arange(len(network.site_ids))
    before = look(network, case, dual, cliques_of(network), every).value
    glide(network, case, dual, Glide(steps=200, first=1.5, last=0.05, above=0.05))
    best = solve_exact(network).certificate.value
    assert before < dual.bound <= best * (1 + 1e-9)
    assert dual.bound >= 0.8 * best


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_learning_that_time_cuts_is_said_even_if_the_gap_is_met(share, monkeypatch):
    monkeypatch.setattr(many, "MANY_ROWS", 0)
    monkeypatch.setattr(many, "GROUPS", 2)
    monkeypatch.setattr(many, "TRIES", 3)
    monkeypatch.setattr(many, "PARTS", (share, share, share))
    network = next(one for one in map(network_of, range(50)) if one.chance.size > 2 and not one.least.any())
    answer = solve_large(network, gap=2.0, seconds=60.0)
    assert answer.certificate.why_stopped == "the plan is within the gap that was asked for"
    assert answer.cut_by_time == (share == 0.0)
