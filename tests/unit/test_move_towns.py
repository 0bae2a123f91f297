"""How a group spreads over towns, one by one and all at once: exact shares, and luck that plans share."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from asylia.move.facts import Roads, Rows
from asylia.move.towns import INTEGERS, ONE_BY_ONE, STRETCHES, Desk, Options, to_towns

SHARES = np.array([0.5, 0.3, 0.15, 0.05])
OTHERS = np.array([0.1, 0.1, 0.2, 0.6])
KEYS = np.random.default_rng(5).integers(0, 2**63, 2000).astype(np.uint64)


def spread(people: list[int], key: np.uint64, *, tables: tuple[int, ...] = (), begin: int = 1) -> np.ndarray:
    """Send one group of so many people in each plan, with these shares or others; returns people by plan and town."""
    plans, towns = len(people), SHARES.size
    shares = np.array([SHARES, OTHERS])
    share = shares / np.cumsum(shares[:, ::-1], axis=1)[:, ::-1]
    up_to = np.hstack([np.cumsum(shares, axis=1)[:, :-1], np.full((2, 1), 2.0)])
    stretches = np.arange(STRETCHES) / STRETCHES
    first = np.array([np.searchsorted(row, stretches, side="right") for row in up_to], dtype=np.int16) * begin
    whole = {"dtype": np.int64}
    road = np.zeros((3, 1, towns, plans), **whole)
    rows = Rows(
        np.zeros(1, **whole), np.zeros(1, **whole), np.array([key]), np.full(1, -1), np.zeros(1, **whole),
        np.full(1, plans), np.array([people], **whole),
    )  # fmt: skip
    roads = Roads(
        road, road.reshape(-1), np.zeros((3, 1, 0), **whole), np.zeros((plans, 12), **whole), np.zeros(plans),
        np.zeros((1, towns, plans), **whole), np.zeros((towns, plans), **whole), np.zeros(plans),
    )  # fmt: skip
    options = Options(
        np.full(1, towns), np.arange(towns)[None], np.arange(7, 7 + towns, dtype=np.uint64)[None],
        np.full((1, towns), 30.0), np.ones((1, towns), **whole), share[:, None],
        np.log1p(-np.minimum(share, 0.999))[:, None], up_to[:, None], first[:, None].astype(np.int16),
        np.array(tables or [0] * plans, **whole),
    )  # fmt: skip
    desk = Desk(
        np.zeros((towns, INTEGERS), **whole),
        np.zeros(ONE_BY_ONE, dtype=np.uint64),
        np.zeros(ONE_BY_ONE, **whole),
        *np.zeros((3, plans), **whole),
        np.zeros(plans),
        np.zeros(plans, **whole),
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


def test_as_many_people_with_other_shares_spread_as_they_would_alone():
    people, tables = [300, 300, 40, 40], (0, 1, 0, 1)
    for key in KEYS[:50]:
        alone = [
            spread([number], key, tables=(table,))[0] for number, table in zip(people, tables, strict=True)
        ]
        assert np.array_equal(spread(people, key, tables=tables), alone)


def test_where_a_choice_begins_to_look_changes_none():
    for key in KEYS[:200]:
        assert np.array_equal(spread([ONE_BY_ONE], key), spread([ONE_BY_ONE], key, begin=0))
