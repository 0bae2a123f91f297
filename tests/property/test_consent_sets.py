"""Exact answers of the search, held against trying every package, on 1,000 random instances for each method."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from asylia.consent.acceptable import acceptable
from asylia.consent.bargain import TIE, egalitarian, equal_spread, kalai_smorodinsky, nash
from asylia.consent.diagram import build
from asylia.consent.pareto import DECIMALS, pareto
from asylia.consent.space import is_met
from asylia.consent.wishes import MOST_GROUPS, group, unbettered
from consent_spaces import every_package, make_instance

INSTANCES = 1000
SEEDS = st.integers(0, 2**32 - 1)


def hard(conditions):
    return [condition for condition in conditions if not condition.soft]


def test_the_acceptable_set_is_exact():
    some = none = 0
    for seed in range(INSTANCES):
        space, conditions = make_instance(seed)
        wanted = every_package(space, hard(conditions))
        found = acceptable(space, conditions, most=None)
        assert found.count == len(wanted), seed
        assert list(map(tuple, found.members.tolist())) == wanted, seed
        for place in range(len(space.variables)):
            assert found.possible[place] == tuple(sorted({package[place] for package in wanted})), seed
        some, none = some + bool(wanted), none + (not wanted)
    assert some > 500
    assert none > 50


@given(SEEDS, st.integers(1, 20), st.data())
def test_settled_terms_and_short_lists_are_part_of_the_whole(seed, most, data):
    space, conditions = make_instance(seed)
    fixed = [data.draw(st.none() | st.integers(0, size - 1)) for size in space.shape]
    wanted = [
        package
        for package in every_package(space, hard(conditions))
        if all(held is None or held == value for held, value in zip(fixed, package, strict=True))
    ]
    found = acceptable(space, conditions, fixed=fixed, most=most)
    assert found.count == len(wanted)
    assert len(found.members) == min(most, len(wanted))
    assert set(map(tuple, found.members.tolist())) <= set(wanted)


@pytest.mark.parametrize("many", [0, 20_000], ids=["bounded", "plain"])
def test_the_pareto_set_is_exact(monkeypatch, many):
    monkeypatch.setattr("asylia.consent.pareto.MANY", many)
    vectors = 0
    for seed in range(INSTANCES):
        space, conditions = make_instance(seed, most_terms=5)
        scores = make_scores(space, seed)
        whole = [np.rint(own * 10**DECIMALS).astype(np.int64) for own in scores]
        points = [
            tuple(sum(own[value] for own, value in zip(whole, package, strict=True)).tolist())
            for package in every_package(space, conditions)
        ]
        wanted = {p: points.count(p) for p in set(points) if not any(beats(q, p) for q in set(points))}
        front = pareto(build(space, conditions), scores)
        keys = [tuple(row) for row in np.rint(front.scores * 10**DECIMALS).astype(np.int64).tolist()]
        assert dict(zip(keys, front.counts, strict=True)) == wanted, seed
        for key, package in zip(keys, front.packages.tolist(), strict=True):
            assert all(is_met(condition, package) for condition in conditions), seed
            assert key == tuple(sum(own[v] for own, v in zip(whole, package, strict=True)).tolist()), seed
        vectors += len(keys)
    assert vectors > INSTANCES


def make_scores(space, seed):
    """Make scores for one to four actors: coarse ones, which tie, and decimals, which binary numbers cannot hold."""
    random = np.random.default_rng(seed)
    actors = int(random.integers(1, 5))
    coarse = [random.integers(0, 4, (size, actors)).astype(float) for size in space.shape]
    fine = [random.random((size, actors)).round(1) for size in space.shape]
    return coarse if seed % 2 else fine


def beats(first, second):
    return first != second and all(one >= two for one, two in zip(first, second, strict=True))


def test_wishes_are_weighed_in_each_actors_own_order():
    outcomes = 0
    for seed in range(INSTANCES):
        space, conditions = make_instance(seed, most_terms=5, most_values=3, most_conditions=9)
        wishes = [condition for condition in conditions if condition.soft]
        packages = [
            frozenset(wish.id for wish in wishes if is_met(wish, package))
            for package in every_package(space, hard(conditions))
        ]
        wanted = {
            one: packages.count(one)
            for one in set(packages)
            if not any(other != one and nobody_loses(one, other, wishes) for other in set(packages))
        }
        found = unbettered(space, conditions)
        assert {met_in(outcome): outcome.packages for outcome in found} == wanted, seed
        for outcome in found:
            assert all(is_met(condition, outcome.example) for condition in hard(conditions)), seed
            assert {w.id for w in wishes if is_met(w, outcome.example)} == met_in(outcome), seed
        outcomes += len(found)
    assert outcomes > 500


def met_in(outcome):
    return frozenset(wish for wishes in outcome.met.values() for wish in wishes)


def nobody_loses(first, second, wishes):
    """Tell whether every actor holds the second at least as good: by rank, a larger set of wishes met."""
    return all(at_least(first, second, actor, wishes) for actor in {wish.actor for wish in wishes})


def at_least(first, second, actor, wishes):
    own = [wish for wish in wishes if wish.actor == actor]
    for rank in sorted({wish.rank for wish in own}):
        level = {wish.id for wish in own if wish.rank == rank}
        if first & level != second & level:
            return second & level >= first & level
    return True


@given(SEEDS)
def test_groups_hold_every_outcome_once_and_are_few(seed):
    space, conditions = make_instance(seed, most_conditions=9)
    outcomes = unbettered(space, conditions)
    groups, left = group(outcomes)
    assert len(groups) <= MOST_GROUPS
    assert left == 0 or len(groups) == MOST_GROUPS
    assert sum(one.outcomes for one in groups) == len(outcomes) or left
    assert len({(one.gains, one.gets_all) for one in groups}) == len(groups)
    for one in groups:
        assert not set(one.gains) & set(one.tolerates)
        assert set(one.gets_all) <= set(one.gains)


def test_bargaining_points_agree_with_trying_each():
    for seed in range(INSTANCES):
        random = np.random.default_rng(seed)
        actors = int(random.integers(1, 5))
        points = random.integers(0, 6, (int(random.integers(1, 30)), actors)) / 5
        no_deal = random.integers(0, 3, actors) / 5
        rows = [n for n, p in enumerate(points) if (p >= no_deal).all()]
        assert nash(points, no_deal).tolist() == plain_nash(points, no_deal, rows), seed
        assert egalitarian(points, no_deal).tolist() == plain_maximin(points - no_deal, rows), seed
        most = [max((points[n, a] - no_deal[a] for n in rows), default=0) for a in range(actors)]
        able = [a for a in range(actors) if most[a] > TIE]
        shares = np.array([[(p[a] - no_deal[a]) / most[a] for a in able] for p in points])
        assert kalai_smorodinsky(points, no_deal).tolist() == plain_maximin(shares, rows), seed


def plain_nash(points, no_deal, rows):
    def value(row):
        gains = [g for g in points[row] - no_deal if g > TIE]
        return len(gains), round(math.prod(gains), 9)

    best = max(map(value, rows), default=None)
    return [row for row in rows if value(row) == best]


def plain_maximin(values, rows):
    def value(row):
        return [round(float(v), 9) for v in sorted(values[row])]

    best = max(map(value, rows), default=None)
    return [row for row in rows if value(row) == best]


@given(SEEDS, st.floats(0.5, 4), st.floats(-2, 2))
@example(0, 2.0, 0.0)
def test_nash_and_kalai_smorodinsky_do_not_depend_on_the_scale(seed, factor, shift):
    random = np.random.default_rng(seed)
    points, no_deal = random.random((20, 3)).round(3), np.array([0.2, 0.1, 0.0])
    scale, move = np.array([factor, 1, 1]), np.array([shift, 0, 0])
    for rule in (nash, kalai_smorodinsky):
        assert rule(points * scale + move, no_deal * scale + move).tolist() == rule(points, no_deal).tolist()


@given(SEEDS)
def test_every_bargaining_point_is_unbeaten(seed):
    random = np.random.default_rng(seed)
    points = random.random((30, 3)).round(2)
    for rule in (nash, kalai_smorodinsky, egalitarian, equal_spread):
        for row in rule(points, [0.1, 0.1, 0.1]):
            assert not any(beats(tuple(other), tuple(points[row])) for other in points)


@given(SEEDS)
def test_no_rule_leaves_the_worst_off_a_larger_share_than_kalai_smorodinsky(seed):
    points = np.random.default_rng(seed).random((30, 3)).round(2)
    no_deal = np.zeros(3)
    most = points.max(axis=0)
    least = (points[kalai_smorodinsky(points, no_deal)] / most).min()
    for rule in (nash, egalitarian, equal_spread):
        assert (points[rule(points, no_deal)] / most).min() <= least + TIE
