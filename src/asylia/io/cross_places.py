"""Whether places lie where their row says, as far as the file itself can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import polars as pl
import shapely
from shapely.geometry import shape

from asylia.core.errors import Problem
from asylia.io.cross_tables import broken
from asylia.io.csv_table import Table

FEWEST: Final = 5
"""Places of one country below which no box says anything."""

MOST_SWAPPED: Final = 20
LEAST_GAIN_DEG: Final = 1.0
LEAST_GAIN_SHARE: Final = 0.15
NEAR_DEG: Final = 0.3
Point = tuple[float, float]


def check_places(table: Table, boundaries: Mapping[str, Any]) -> Iterator[Problem]:
    """Find 0/0 and latitude swapped with longitude."""
    if not table.has("lat", "lon"):
        return
    nowhere = (pl.col("lat") == 0) & (pl.col("lon") == 0)
    must = "a place does not lie at 0/0 in the Gulf of Guinea"
    yield from broken(table, nowhere, "lat", must, "Look the place up; 0/0 stands for a missing position.")
    swapped = [*_outside_box(table), *_outside_map(table, boundaries)]
    rule = pl.int_range(pl.len()).is_in(sorted(set(swapped)))
    must = "lies near the other places of its country; with lat and lon swapped it would"
    yield from broken(table, rule, "lat", must, "Swap lat and lon: latitude first, here and in the header.")


def _outside_box(table: Table) -> Iterator[int]:
    """Rows that stretch the box round the places of their country, and would not if swapped."""
    frame = table.frame.with_row_index("row").filter(
        pl.col("lat").is_not_null() & pl.col("lon").is_not_null()
    )
    for rows in frame.partition_by("country"):
        points = [(float(lat), float(lon)) for lat, lon in rows.select("lat", "lon").iter_rows()]
        if len(points) >= FEWEST:
            yield from (int(rows["row"][index]) for index in swapped_points(points))


def swapped_points(points: Sequence[Point]) -> list[int]:
    """Find points whose swapping shrinks the box round all of them by a good part, the largest gain first.

    >>> swapped_points([(33.5, 36.3), (36.2, 37.1), (34.7, 36.7), (40.7, 36.5), (35.3, 40.1)])
    [3]
    """
    points = list(points)
    found: list[int] = []
    while len(found) < MOST_SWAPPED:
        size = _size(points, [])
        gains = [size - _size(others, [(lon, lat)]) for others, (lat, lon) in _without_each(points)]
        best = max(range(len(points)), key=gains.__getitem__)
        if gains[best] < max(LEAST_GAIN_DEG, LEAST_GAIN_SHARE * size):
            break
        found.append(best)
        points[best] = (points[best][1], points[best][0])
    return found


def _without_each(points: Sequence[Point]) -> Iterator[tuple[list[Point], Point]]:
    """Give each point with a few others that span the box of all others."""
    extremes: list[int] = []
    for axis in (0, 1):
        values = [point[axis] for point in points]
        order = sorted(range(len(points)), key=values.__getitem__)
        extremes += [*order[:2], *order[-2:]]
    for index, point in enumerate(points):
        yield [points[other] for other in extremes if other != index], point


def _size(points: Sequence[Point], more: Sequence[Point]) -> float:
    """Return height plus width of the box round points, in degrees."""
    every = [*points, *more]
    sides = ([point[axis] for point in every] for axis in (0, 1))
    return sum(max(side) - min(side) for side in sides)


def _outside_map(table: Table, boundaries: Mapping[str, Any]) -> list[int]:
    """Rows off the map of boundaries that lie on it once swapped."""
    shapes = [shape(feature["geometry"]) for feature in boundaries.get("features", [])]
    if not shapes:
        return []
    land = shapely.union_all(shapes)
    shapely.prepare(land)
    frame = table.frame.select(pl.col("lat", "lon").fill_null(0.0))
    lat, lon = frame["lat"].to_numpy(), frame["lon"].to_numpy()
    # A town on the coast may lie a little off a simplified coastline.
    off = shapely.distance(land, shapely.points(lon, lat)) > NEAR_DEG
    on = shapely.contains_xy(land, lat, lon)
    return [int(row) for row in (off & on).nonzero()[0]]


def check_outline(outline: Sequence[Point], place: Point | None) -> str:
    """Say what is wrong with the outline of a zone, as (longitude, latitude); empty if nothing.

    >>> check_outline([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)], None)
    ''
    >>> check_outline([(0.0, 0.0), (1.0, 0.0)], None)
    'an outline has three corners or more'
    """
    if len(set(outline)) < 3:
        return "an outline has three corners or more"
    if any(not (-180 <= lon <= 180 and -90 <= lat <= 90) for lon, lat in outline):
        return "corners are [longitude, latitude] in degrees"
    ring = shapely.Polygon(outline)
    if not ring.is_valid:
        return "the sides of an outline do not cross"
    if any(abs(a[0] - b[0]) > 180 for a, b in pairwise(outline)):
        return "an outline does not run round the world"
    if place is not None and ring.distance(shapely.Point(place[1], place[0])) > 1:
        return "an outline lies within a degree of its place, as [longitude, latitude]"
    return ""
