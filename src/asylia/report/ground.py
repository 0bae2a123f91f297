"""The base map from plain frames: areas, roads, and which crossings people could leave through on a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from asylia.report.dossier import Area, Crossing, Ground, Ring


def ground(
    tables: Mapping[str, pl.DataFrame],
    boundaries: Mapping[str, object],
    *,
    country: str,
    as_of: dt.date,
    decimals: int,
) -> Ground:
    """Make the base map.

    Parameters
    ----------
    tables
        places, routes and closures, as in the case.
    decimals
        Decimals kept of every position of a place.
    """
    places = tables["places"].with_columns(pl.col("lat", "lon").round(decimals))
    inside = places.filter((pl.col("country") == country) & (pl.col("kind") != "country"))
    return Ground(
        areas=areas(boundaries),
        roads=_roads(places, tables["routes"]),
        crossings=crossings(places, tables["routes"], tables["closures"], as_of),
        towns=tuple(
            inside.filter(pl.col("kind") != "crossing")
            .sort("population", "id", descending=[True, False], nulls_last=True)
            .head(8)
            .select("name", "lat", "lon")
            .iter_rows()
        ),
    )


def areas(boundaries: Mapping[str, object]) -> tuple[Area, ...]:
    """Read polygons from a GeoJSON feature collection; shapes of other kinds are left out."""
    features = boundaries.get("features", ())
    found = []
    for feature in features if isinstance(features, Sequence) else ():
        words, rings = feature.get("properties") or {}, tuple(_rings(feature.get("geometry") or {}))
        if not rings:
            continue
        area = Area(
            kind=str(words.get("kind", "")),
            name=str(words.get("name", "")),
            name_local=str(words.get("name_local") or words.get("name_ar") or ""),
            pcode=str(words.get("pcode") or ""),
            rings=rings,
            spot=spot_inside(max(rings, key=_size)),
        )
        found.append(area)
    return tuple(found)


def crossings(
    places: pl.DataFrame, routes: pl.DataFrame, closures: pl.DataFrame, as_of: dt.date
) -> tuple[Crossing, ...]:
    """Say of each crossing whether people could leave through it on a date.

    It is open if nothing closes it and at least one way from it to a country is not closed.
    """
    kinds = dict(places.select("id", "kind").iter_rows())
    borders = dict(places.filter(pl.col("kind") == "country").select("id", "country").iter_rows())
    shut = _shut(closures, as_of)
    found = []
    for row in places.filter(pl.col("kind") == "crossing").sort("id").iter_rows(named=True):
        ways = _ways(routes, row["id"], kinds, as_of)
        usable = [
            way for way, land in ways if ("route", way) not in shut and ("border", borders[land]) not in shut
        ]
        is_open = ("place", row["id"]) not in shut and (bool(usable) or not ways)
        found.append(
            Crossing(id=row["id"], name=row["name"], lat=row["lat"], lon=row["lon"], is_open=is_open)
        )
    return tuple(found)


def _shut(closures: pl.DataFrame, as_of: dt.date) -> set[tuple[str, str]]:
    today = closures.filter(
        (pl.col("from").is_null() | (pl.col("from") <= as_of))
        & (pl.col("to").is_null() | (pl.col("to") >= as_of))
        & (pl.col("direction").is_null() | pl.col("direction").is_in(["both", "out"]))
    )
    return set(today.select("what", "where").iter_rows())


def _ways(
    routes: pl.DataFrame, crossing: str, kinds: Mapping[str, str], as_of: dt.date
) -> list[tuple[str, str]]:
    ways = []
    for row in routes.iter_rows(named=True):
        ends = {row["from"], row["to"]}
        land = next((end for end in ends - {crossing} if kinds.get(end) == "country"), None)
        is_dated_open = (row["open_from"] or as_of) <= as_of <= (row["open_to"] or as_of)
        if crossing in ends and land is not None and is_dated_open:
            ways.append((row["id"], land))
    return ways


def _roads(places: pl.DataFrame, routes: pl.DataFrame) -> tuple[Ring, ...]:
    """Return straight lines between places; ways to a neighbour country are not roads on the map."""
    spots = {
        key: (lon, lat)
        for key, kind, lon, lat in places.select("id", "kind", "lon", "lat").iter_rows()
        if kind != "country"
    }
    roads = routes.filter(pl.col("mode").is_in(["road", "crossing"])).sort("id")
    ends = roads.select("from", "to").iter_rows()
    return tuple((spots[a], spots[b]) for a, b in ends if a in spots and b in spots and spots[a] != spots[b])


def _rings(geometry: Mapping[str, object]) -> Iterable[Ring]:
    kind, shape = geometry.get("type"), geometry.get("coordinates") or ()
    polygons = {"Polygon": (shape,), "MultiPolygon": shape}.get(str(kind), ())
    for polygon in polygons if isinstance(polygons, Sequence) else ():
        for ring in polygon:
            yield tuple((float(point[0]), float(point[1])) for point in ring)


def _size(ring: Ring) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def spot_inside(ring: Ring) -> tuple[float, float]:
    """Return the middle of the widest level line through a ring, of nine tried: a place for a name."""
    south, north = min(y for _, y in ring), max(y for _, y in ring)
    widest, spot = -1.0, ring[0]
    for step in range(1, 10):
        level = south + (north - south) * (0.2 + 0.6 * step / 10)
        for left, right in _cuts(ring, level):
            # Prefer the middle of the shape when two lines are about as wide.
            width = (right - left) * (1.0 - 0.06 * abs(step - 5))
            if width > widest:
                widest, spot = width, ((left + right) / 2, level)
    return spot


def _cuts(ring: Ring, level: float) -> list[tuple[float, float]]:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    hits = sorted(
        x1 + (level - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in pairs
        if (y1 > level) != (y2 > level)
    )
    return list(zip(hits[::2], hits[1::2], strict=False))
