"""The way from every place to the camps: by the links, or straight across where none leads."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from asylia.model.replay import Replay

EARTH_KM: Final = 12_742.0
"""Mean diameter."""
DETOUR: Final = 1.4
"""How much longer a road is than the straight line (Ballou, Rahardja and Sakai 2002, Transportation Research A 36, 843-848, find such factors)."""

Table = NDArray[np.float64]


def distances(replay: Replay, camps: tuple[str, ...]) -> Table:
    """Return the shortest way from each place to each camp in km, float64 (place, camp); infinite where none leads."""
    names = replay.places["name"].to_list()
    spot = {name: place for place, name in enumerate(names)}
    # The shortest of parallel links: a sparse matrix would add them up.
    least = replay.links.group_by("from", "to").agg(pl.col("distance_km").min())
    ends = (
        np.array([spot[name] for name in least["from"]], dtype=np.int64),
        np.array([spot[name] for name in least["to"]], dtype=np.int64),
    )
    graph = csr_array((least["distance_km"].to_numpy(), ends), shape=(len(names), len(names)))
    found = dijkstra(graph, directed=False, indices=[spot[camp] for camp in camps])
    return np.asarray(found.T, dtype=np.float64)


def all_ways(replay: Replay, camps: tuple[str, ...]) -> Table:
    """Return the way from each place to each camp in km, (place, camp), across country where no link leads."""
    found = distances(replay, camps)
    spots = [replay.places["name"].to_list().index(camp) for camp in camps]
    return np.where(np.isfinite(found), found, straight_ways(replay.places, replay.places[spots]))


def straight_ways(starts: pl.DataFrame, ends: pl.DataFrame) -> Table:
    """Return the way across country in km, (start, end), from the columns lat and lon."""
    lat, lon = (np.radians(starts[name].to_numpy().astype(np.float64)) for name in ("lat", "lon"))
    lat_end, lon_end = (np.radians(ends[name].to_numpy().astype(np.float64)) for name in ("lat", "lon"))
    half = np.sin((lat[:, None] - lat_end) / 2) ** 2
    half += np.cos(lat[:, None]) * np.cos(lat_end) * np.sin((lon[:, None] - lon_end) / 2) ** 2
    return np.asarray(DETOUR * (EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))))
