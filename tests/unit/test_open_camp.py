"""The open benchmark of one new camp: its places come from the network, its front is true, its luck is shared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from benchmarks import open_camp
from benchmarks.made_conflict import TOWNS, made_conflict

from asylia.model.replay import Replay


@pytest.fixture(scope="module")
def spread() -> Replay:
    """Give the made-up conflict a ground: its towns and camps on a ring of two degrees."""
    conflict = made_conflict(400, 40)
    angle = np.linspace(0.0, 2 * np.pi, conflict.places.height, endpoint=False)
    return replace(
        conflict,
        places=conflict.places.with_columns(
            lat=pl.Series(10.0 + np.sin(angle)), lon=pl.Series(20.0 + np.cos(angle))
        ),
    )


@pytest.fixture(scope="module")
def sites(spread: Replay) -> open_camp.Sites:
    return open_camp.find_sites(spread)


def test_every_cell_is_joined_to_its_nearest_town_within_reach(
    spread: Replay, sites: open_camp.Sites
) -> None:
    towns = spread.places.head(TOWNS)
    away = open_camp.straight_km(
        sites.lat[:, None], sites.lon[:, None], towns["lat"].to_numpy(), towns["lon"].to_numpy()
    )
    nearest = [towns["name"][int(at)] for at in away.argmin(axis=1)]
    assert [sites.town[kind] for kind in sites.kind] == nearest
    assert away.min(axis=1).max() <= open_camp.REACH_KM


def test_roads_are_as_much_longer_as_the_links_and_never_shorter_than_half_a_step(
    spread: Replay, sites: open_camp.Sites
) -> None:
    towns = {row["name"]: (row["lat"], row["lon"]) for row in spread.places.iter_rows(named=True)}
    ends = np.array([towns[sites.town[kind]] for kind in sites.kind])
    straight = open_camp.straight_km(sites.lat, sites.lon, ends[:, 0], ends[:, 1])
    off = sites.road_km[sites.kind] - open_camp.detour(spread) * straight
    assert open_camp.detour(spread) > 1.0
    assert np.all((np.abs(off) <= open_camp.GRAIN_KM / 2) | (sites.road_km[sites.kind] == open_camp.GRAIN_KM))


def test_a_degree_of_latitude_is_111_km() -> None:
    one = open_camp.straight_km(*(np.array([value]) for value in (0.0, 0.0, 1.0, 0.0)))
    assert one[0] == pytest.approx(111.195, abs=0.001)


def test_the_front_is_what_no_other_place_beats() -> None:
    values = np.random.default_rng(1).integers(0, 6, size=(80, 3)).astype(np.float64)
    kept = set(open_camp.front(values).tolist())
    for row, own in enumerate(values):
        beaten = any((other <= own).all() and (other < own).any() for other in values)
        assert (row in kept) is not beaten


def test_a_place_simulated_alone_or_among_others_has_the_same_luck(
    spread: Replay, sites: open_camp.Sites
) -> None:
    some = replace(sites, town=sites.town[:3], road_km=sites.road_km[:3])
    last = replace(sites, town=sites.town[2:3], road_km=sites.road_km[2:3])
    together, alone = (open_camp.try_all(spread, each, 50, 3) for each in (some, last))
    assert np.array_equal(together[2:], alone)
    assert np.all(together[..., 1] <= 0)
    assert len({tuple(run) for run in together[0]}) > 1, "replicates differ"


def test_without_the_camps_nobody_reaches_one(spread: Replay) -> None:
    camps = set(spread.places.filter(pl.col("kind") == "camp")["name"])
    links = open_camp.without_camps(spread).links
    assert not camps & (set(links["from"]) | set(links["to"]))
    assert links.height < spread.links.height


def test_what_is_measured_is_shown(spread: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_camp, "GRAIN_KM", 40.0)
    monkeypatch.delenv(open_camp.PEER, raising=False)
    found = open_camp.tried(spread, per_agent=1, room=100, replicates=2)
    assert found["simulations"] == 2 * found["classes"]
    assert 0.0 <= found["front_of_one_run"] <= 1.0
    text = open_camp.show({"made up": found})
    assert f"{found['front'][0]['people_at_the_end']:,.0f} people at the end" in text
    assert open_camp.PEER in text, "says why the peers are missing"
