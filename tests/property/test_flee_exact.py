"""The engine of the `flee` rule set, held against a plain reference person by person and against closed forms.

Counts of many members are compared with counts of many runs of the reference, place by place and day by day. Whole
numbers get a random part below one (the same on every run of the tests), so that a Kolmogorov-Smirnov test of two
samples is exact and its p-values are uniform where the engine is right.
"""

from __future__ import annotations

import functools
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

import flee_reference
import replay_cases as cases
from asylia.move.flee.ground import prepare
from asylia.move.flee.run import replay_days
from replay_strategies import replays

NAMES = tuple(cases.features())
BLOCKS = 4
DOUBT = 0.001
"""Chance that a right engine fails one of these tests: they were fixed once, and so was every seed."""


def runs_of(engine_members, reference_runs):
    return pytest.param(engine_members, reference_runs, id=f"{reference_runs}-runs")


SIZES = [runs_of(300, 40), pytest.param(4000, 2000, id="2000-runs", marks=pytest.mark.slow)]
# what the quirks change, and little else; the long version takes all cases
ODD = {
    "room",
    "two_wars",
    "aware_2",
    "short_hops",
    "short_stints",
    "place_and_link_closed",
    "redirected",
    "no_day_0",
}


@functools.cache
def engine(name, quirks, members):
    """Counts (member, day, place and, last, those between places)."""
    ground = prepare(cases.features()[name], quirks=quirks)
    histories = [replay_days(ground, seed=3, member=member) for member in range(members)]
    return np.array([np.column_stack([h.people, h.travelling]) for h in histories])


@functools.cache
def reference(name, quirks, runs):
    seed = zlib.crc32(f"{name} {quirks}".encode())
    return np.array(flee_reference.many(cases.features()[name], runs, first=seed, quirks=quirks))


def p_values(one, other, luck=1):
    """One p-value for each day and place whose count is not always the same, by (day, place)."""
    random = np.random.default_rng(luck)
    found = {}
    for cell in np.ndindex(one.shape[1:]):
        first, second = one[:, *cell], other[:, *cell]
        if first.min() == first.max() == second.min() == second.max():
            continue
        blurred = (first + random.random(first.size), second + random.random(second.size))
        found[cell] = stats.ks_2samp(*blurred, method="exact" if second.size < 500 else "asymp").pvalue
    return found


@pytest.mark.parametrize(("members", "runs"), SIZES)
@pytest.mark.parametrize("quirks", [False, True], ids=["documented", "quirks"])
def test_counts_are_distributed_as_those_of_the_reference(quirks, members, runs):
    found = {}
    for name in sorted(ODD) if quirks and runs < 1000 else NAMES:
        values = p_values(engine(name, quirks, members), reference(name, quirks, runs))
        assert values, name
        found |= {(name, *cell): value for cell, value in values.items()}
    bound = DOUBT / len(found)
    assert {cell: value for cell, value in found.items() if value < bound} == {}


@pytest.mark.parametrize(("members", "runs"), SIZES)
def test_p_values_are_uniform(members, runs):
    # p-values of one sample depend on one another; so each part of the runs serves one place and day alone
    found = []
    for name in NAMES:
        ours, theirs = engine(name, False, members), reference(name, False, runs)
        cells = sorted(p_values(ours, theirs))
        picked = np.random.default_rng(zlib.crc32(name.encode())).permutation(len(cells))[:BLOCKS]
        for block, number in enumerate(picked):
            day, place = cells[number]
            # random parts of its own: where counts are few, they alone decide, and shared ones tie the p-values together
            cell = p_values(
                ours[block::BLOCKS, day : day + 1, place : place + 1],
                theirs[block::BLOCKS, day : day + 1, place : place + 1],
                luck=[zlib.crc32(name.encode()), block],
            )
            found += cell.values()
    assert len(found) > 3 * len(NAMES)
    assert stats.kstest(found, "uniform").pvalue > DOUBT


def crowd():
    """Ten thousand people in the case where everything happens."""
    people = {"c": {0: 300, 3: 4500}, "i": {0: 800, 3: 3500}, "d": {0: 0, 3: 2000}}
    return cases.two_wars(days=3, reports=people, capacity_scaling=60.0, awareness_level=2)


@pytest.mark.parametrize(
    ("members", "runs"), [runs_of(200, 6), pytest.param(1000, 60, id="60-runs", marks=pytest.mark.slow)]
)
def test_ten_thousand_people_have_the_same_mean_and_spread(members, runs):
    tiny = crowd()
    ground = prepare(tiny)
    ours = np.array([replay_days(ground, seed=5, member=member).people for member in range(members)])
    theirs = np.array(flee_reference.many(tiny, runs))[:, :, :-1]
    found = []
    for cell in np.ndindex(ours.shape[1:]):
        one, other = ours[:, *cell].astype(float), theirs[:, *cell].astype(float)
        if one.std() == 0 and other.std() == 0:
            assert one[0] == other[0]
            continue
        found.append(stats.ttest_ind(one, other, equal_var=False).pvalue)
        ratio = other.var(ddof=1) / one.var(ddof=1)
        tail = stats.f.cdf(ratio, runs - 1, members - 1)
        found.append(2 * min(tail, 1 - tail))
    assert len(found) > 12
    assert min(found) > DOUBT / len(found)


@pytest.mark.slow
@settings(derandomize=True, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(replays(), st.booleans())
def test_replays_of_all_sorts_are_distributed_as_those_of_the_reference(tiny, quirks):
    ground = prepare(tiny, quirks=quirks)
    histories = [replay_days(ground, seed=5, member=member) for member in range(1000)]
    ours = np.array([np.column_stack([h.people, h.travelling]) for h in histories])
    theirs = np.array(flee_reference.many(tiny, 200, first=10**6, quirks=quirks))
    # 150 replays with some 25 counts that vary in each
    assert min(p_values(ours, theirs).values(), default=1.0) > DOUBT / (150 * 25)
