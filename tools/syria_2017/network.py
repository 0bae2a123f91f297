"""Roads and crossings: a hand-written list, lengths by great circle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from geography import great_circle_km
from tables import Row, rows

ROAD_FACTOR = 1.3
"""Road length over great circle: median 1.23 to 1.36 in hand-made Syrian route files (research note 2.4)."""
SHORTEST_KM = 3.0


def read_routes(places: Sequence[Row]) -> list[Row]:
    """Measure the hand-kept routes, and the last leg from each crossing to the first town abroad."""
    points = {place["id"]: (float(place["lat"]), float(place["lon"])) for place in places}
    found = [_road(row, points) for row in rows("routes")]
    found += [_last_leg(row, points) for row in rows("far_ends")]
    return sorted(found, key=lambda row: row["id"])


def _road(row: Row, points: Mapping[str, tuple[float, float]]) -> Row:
    km = great_circle_km(*points[row["from"]], *points[row["to"]])
    road = f"{row['road'][0].upper()}{row['road'][1:]}."
    return _route(row["from"], row["to"], km, row["mode"], f"{road} {row['note']}".strip())


def _last_leg(row: Row, points: Mapping[str, tuple[float, float]]) -> Row:
    km = great_circle_km(*points[row["crossing"]], float(row["lat"]), float(row["lon"]))
    note = f"Length to {row['town']}, the first town on the other side."
    return _route(row["crossing"], row["country"], km, "crossing", note)


def _route(start: str, end: str, km: float, mode: str, note: str) -> Row:
    return {
        "id": f"{start}--{end}",
        "from": start,
        "to": end,
        "distance_km": f"{max(km * ROAD_FACTOR, SHORTEST_KM):.1f}",
        "mode": mode,
        "one_way": "",
        "open_from": "",
        "open_to": "",
        "source": "asylia-reading",
        "evidence": "derived",
        "note": note,
    }


def components(ids: Iterable[str], routes: Iterable[Row]) -> list[set[str]]:
    """Group places that routes join, largest group first."""
    group = {place: {place} for place in ids}
    for route in routes:
        joined = group[route["from"]] | group[route["to"]]
        for place in joined:
            group[place] = joined
    unique = {id(one): one for one in group.values()}
    return sorted(unique.values(), key=lambda one: (-len(one), sorted(one)))
