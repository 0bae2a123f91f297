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

MARGIN_DEG: Final = 0.5
NEAR_DEG: Final = 0.3
Point = tuple[float, float]
Box = tuple[float, float, float, float]


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
    """Rows far outside the box of the other places of their country that fit in once swapped."""
    frame = table.frame.with_row_index("row").filter(
        pl.col("lat").is_not_null() & pl.col("lon").is_not_null()
    )
    for rows in frame.partition_by("country"):
        if rows.height < FEWEST:
            continue
        points = [(float(lat), float(lon)) for lat, lon in rows.select("lat", "lon").iter_rows()]
        boxes = _boxes_of_others(points)
        for index, (lat, lon) in enumerate(points):
            if not _in(boxes[index], lat, lon) and _in(boxes[index], lon, lat):
                yield int(rows["row"][index])


def _boxes_of_others(points: Sequence[Point]) -> list[Box]:
    """Make the box of all points but one, for each point, widened; linear in the number of points."""
    sides = []
    for axis in (0, 1):
        values = sorted(point[axis] for point in points)
        for first, second in (values[:2], values[-1:-3:-1]):
            sides.append((first, second))
    return [
        (
            (sides[0][1] if lat == sides[0][0] else sides[0][0]) - MARGIN_DEG,
            (sides[1][1] if lat == sides[1][0] else sides[1][0]) + MARGIN_DEG,
            (sides[2][1] if lon == sides[2][0] else sides[2][0]) - MARGIN_DEG,
            (sides[3][1] if lon == sides[3][0] else sides[3][0]) + MARGIN_DEG,
        )
        for lat, lon in points
    ]


def _in(box: Box, lat: float, lon: float) -> bool:
    return box[0] <= lat <= box[1] and box[2] <= lon <= box[3]


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
