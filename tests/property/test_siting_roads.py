"""Roads: the shortest ways are those of Floyd and Warshall, and a closed road is no road."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asylia.siting.roads import Roads, along, ways_to

SPEEDS = np.array([50.0, 5.0])


@st.composite
def networks(draw):
    nodes = draw(st.integers(1, 7))
    node = st.integers(0, nodes - 1)
    edge = st.tuples(node, node, st.integers(1, 40), st.integers(0, 1), st.booleans())
    rows = draw(st.lists(edge, max_size=25))
    start, end, km, mode, is_open = (
        (np.array(c) for c in zip(*rows, strict=True)) if rows else [np.empty(0)] * 5
    )
    sites = draw(st.lists(node, min_size=1, max_size=3, unique=True))
    roads = Roads(
        nodes=nodes, start=start.astype(np.int64), end=end.astype(np.int64), km=km.astype(float),
        mode=mode.astype(np.int64), is_open=is_open.astype(bool),
    )  # fmt: skip
    return roads, np.array(sites, dtype=np.int64)


def floyd_warshall(roads, weight):
    far = np.full((roads.nodes, roads.nodes), np.inf)
    np.fill_diagonal(far, 0.0)
    for edge in np.flatnonzero(roads.is_open):
        pair = roads.start[edge], roads.end[edge]
        far[pair] = min(far[pair], weight[edge])
    for middle in range(roads.nodes):
        far = np.minimum(far, far[:, middle, None] + far[None, middle, :])
    return far


@given(networks(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_ways_are_those_of_floyd_and_warshall(drawn, quickest):
    roads, sites = drawn
    weight = roads.km / SPEEDS[roads.mode] if quickest else roads.km
    ways = ways_to(roads, sites, SPEEDS, quickest=quickest)
    expected = floyd_warshall(roads, weight)[:, sites].T
    np.testing.assert_allclose(ways.hours if quickest else ways.km, expected)
    np.testing.assert_allclose(along(ways, roads, weight), expected)


@given(networks(), st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_a_limit_leaves_out_longer_ways_and_no_other(drawn, limit):
    roads, sites = drawn
    whole = ways_to(roads, sites, SPEEDS).km
    cut = ways_to(roads, sites, SPEEDS, limit=float(limit)).km
    np.testing.assert_allclose(cut, np.where(whole <= limit, whole, np.inf))


def test_a_road_without_length_is_refused():
    one = np.zeros(1, dtype=np.int64)
    roads = Roads(nodes=2, start=one, end=one + 1, km=np.zeros(1), mode=one, is_open=np.ones(1, dtype=bool))
    with pytest.raises(ValueError, match="length"):
        ways_to(roads, one, SPEEDS)
