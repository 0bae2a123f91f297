"""How a group spreads over towns, one by one and all at once: exact shares, and luck that plans share."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from asylia.move.facts import Roads, Rows
from asylia.move.towns import FLOATS, INTEGERS, ONE_BY_ONE, Desk, Options, to_towns

SHARES = np.array([0.5, 0.3, 0.15, 0.05])
KEYS = np.random.default_rng(5).integers(0, 2**63, 2000).astype(np.uint64)


def spread(people: list[int], key: np.uint64) -> np.ndarray:
    """Send one group of so many people in each plan; returns people by plan and town."""
    plans, towns = len(people), SHARES.size
    left = np.cumsum(SHARES[::-1])[::-1]
    share = SHARES / left
    whole = {"dtype": np.int64}
    road = np.zeros((3, 1, towns, plans), **whole)
    rows = Rows(
        np.zeros(1, **whole), np.zeros(1, **whole), np.array([key]), np.full(1, -1), np.zeros(1, **whole),
        np.full(1, plans), np.array([people], **whole),
    )  # fmt: skip
    roads = Roads(
        road, road.reshape(-1), np.zeros((3, 1, 0), **whole), np.zeros((plans, 12), **whole), np.zeros(plans),
        np.zeros((1, towns, plans), **whole), np.zeros((towns, plans), **whole),
    )  # fmt: skip
    options = Options(
        np.full(1, towns), np.arange(towns)[None], np.arange(7, 7 + towns, dtype=np.uint64)[None],
        np.full((1, towns), 30.0), np.ones((1, towns), **whole), share[None, None],
        np.log1p(-np.minimum(share, 0.999))[None, None], np.append(np.cumsum(SHARES)[:-1], 2.0)[None, None],
        np.zeros(plans, **whole),
    )  # fmt: skip
    desk = Desk(
        np.zeros((towns, FLOATS)),
        np.zeros((towns, INTEGERS), **whole),
        np.zeros(ONE_BY_ONE, **whole),
        np.zeros(1, **whole),
    )
    to_towns(1, rows, roads, options, desk, 0)
    assert np.array_equal(roads.person_km, 30.0 * np.array(people))
    return road[1, 0].T


@pytest.mark.parametrize("people", [1, 7, ONE_BY_ONE, ONE_BY_ONE + 1])
def test_each_town_gets_its_share_both_ways(people):
    found = np.array([spread([people], key)[0] for key in KEYS])
    assert (found.sum(axis=1) == people).all()
    expected = people * KEYS.size * SHARES
    assert chi2.sf(((found.sum(axis=0) - expected) ** 2 / expected).sum(), SHARES.size - 1) > 1e-3
    # a town's people differ from group to group as those of independent people do
    variance = people * SHARES * (1.0 - SHARES)
    assert found.var(axis=0) == pytest.approx(variance, rel=0.12)


def test_one_more_person_changes_nothing_for_the_others():
    for key in KEYS[:50]:
        fewer, more, many = spread([90, 91, ONE_BY_ONE + 50], key)
        assert (more >= fewer).all()
        assert (more - fewer).sum() == 1
        assert many.sum() == ONE_BY_ONE + 50


def test_plans_side_by_side_spread_as_each_would_alone():
    people = [0, 300, 12, 300, 12, 301, ONE_BY_ONE]
    for key in KEYS[:50]:
        assert np.array_equal(spread(people, key), [spread([number], key)[0] for number in people])
