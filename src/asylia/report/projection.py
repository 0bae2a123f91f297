"""Put longitude and latitude on a page: equirectangular, true to scale at the middle latitude."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import shapely

from asylia.report.dossier import Area, Ground, Ring

KM_PER_DEGREE: Final = 111.195
"""Length of a degree of latitude on the sphere of mean radius (IUGG 1980)."""
_ASTRAY: Final = 0.15
"""Degrees a crossing may be moved onto the border; further off, the border drawn is too coarse to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A window on the Earth.

    Parameters
    ----------
    west, north
        Upper left corner, degrees.
    per_degree
        Width of a degree of longitude and height of a degree of latitude, pixels.
    """

    width: float
    height: float
    west: float
    north: float
    per_degree: tuple[float, float]

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Return the pixel of a position."""
        return (lon - self.west) * self.per_degree[0], (self.north - lat) * self.per_degree[1]

    def km(self, distance_km: float) -> float:
        """Return a distance in pixels."""
        return distance_km * self.per_degree[1] / KM_PER_DEGREE


def fit(ground: Ground, width: float, margin: float = 0.05) -> Frame:
    """Return the window that holds areas and crossings (roads, where no areas are known), with a margin around."""
    points = [
        point for area in ground.areas if area.kind != "country" for ring in area.rings for point in ring
    ]
    points += [(c.lon, c.lat) for c in ground.crossings]
    points += [] if ground.areas else [point for road in ground.roads for point in road]
    points = points or [(0.0, 0.0), (1.0, 1.0)]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    across = width * (1 - 2 * margin) / max(east - west, 0.1)
    up = across / math.cos(math.radians((south + north) / 2))
    edge = width * margin
    return Frame(
        width=width,
        height=max(north - south, 0.1) * up + 2 * edge,
        west=west - edge / across,
        north=north + edge / up,
        per_degree=(across, up),
    )


def extent(area: Area) -> float:
    """Return the size of an area's box, square degrees: enough to order names by."""
    longs, lats = zip(*(point for ring in area.rings for point in ring), strict=True)
    return float((max(longs) - min(longs)) * (max(lats) - min(lats)))


def on_border(ground: Ground) -> Mapping[str, tuple[float, float]]:
    """Return where each crossing stands, by id: on the nearest outer border, as coarse positions stray from it."""
    rings = [ring for area in ground.areas if area.kind != "country" for ring in area.rings if len(ring) > 3]
    # A thin margin closes the slits between neighbouring areas, so that only the outer border is left.
    border = shapely.union_all([shapely.Polygon(ring).buffer(0.02) for ring in rings]).boundary
    spots = {}
    for crossing in ground.crossings:
        here = shapely.Point(crossing.lon, crossing.lat)
        near = border.interpolate(border.project(here)) if rings else here
        spots[crossing.id] = (near.x, near.y) if near.distance(here) < _ASTRAY else (here.x, here.y)
    return spots


def within(frame: Frame, ring: Ring) -> list[list[tuple[float, float]]]:
    """Return the parts of a ring inside the window, in pixels."""
    pixels = [frame.at(*point) for point in ring]
    if len(pixels) < 4:
        return []
    shape = shapely.make_valid(shapely.Polygon(pixels))
    cut = shapely.clip_by_rect(shape, -2, -2, frame.width + 2, frame.height + 2)
    parts = getattr(cut, "geoms", [cut])
    whole = [part for part in parts if isinstance(part, shapely.Polygon) and not part.is_empty]
    return [[(x, y) for x, y, *_ in part.exterior.coords] for part in whole]
