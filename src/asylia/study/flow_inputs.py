"""Put together what is known of flows: the table, where places lie, and lethal events near them."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from asylia.io.flows import FlowTable
from asylia.io.movements import Points
from asylia.move.forecast.flow_signs import Flows
from asylia.move.forecast.known import Table


def known_flows(table: FlowTable, positions: Table | None = None, events: Points | None = None) -> Flows:
    """Return flows with what is known of their places.

    Parameters
    ----------
    positions
        float64 (place, 2), latitude and longitude in degrees; nan where unknown.
    events
        Lethal events; each belongs to the nearest place whose position is known, so without positions they say nothing.
    """
    count = len(table.places)
    where = np.full((count, 2), np.nan) if positions is None else positions
    return Flows(
        places=table.places,
        people=table.people,
        others=table.others,
        positions=where,
        regions=table.regions,
        events=_events(table, where, events),
    )


def _events(table: FlowTable, positions: Table, events: Points | None) -> Table:
    placed = np.flatnonzero(np.isfinite(positions).all(axis=1))
    if events is None or not len(placed) or not len(events.points):
        return np.zeros((0, len(table.places)))
    nearest = placed[np.asarray(cKDTree(_sphere(positions[placed])).query(_sphere(events.points))[1])]
    months = np.array(
        [(day.year - table.first.year) * 12 + day.month - table.first.month for day in events.days],
        dtype=np.int64,
    )
    inside = (months >= 0) & (months < len(table.people))
    counts = np.zeros((len(table.people), len(table.places)))
    np.add.at(counts, (months[inside], nearest[inside]), 1.0)
    return counts[: int(months[inside].max(initial=-1)) + 1]


def _sphere(points: Table) -> Table:
    """Lay latitudes and longitudes out on a ball, where the nearest in a straight line is the nearest on the ground."""
    lat, lon = np.radians(points.T)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
