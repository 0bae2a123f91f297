"""People in zones within reach of lethal events: the area's fighting times what the zone's own factors make of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from asylia.core.units import DAYS_PER_WEEK
from asylia.model.history import RADII_KM
from asylia.model.scenario import Scenario


def in_zones(
    zone_people: NDArray[np.int64],
    local: NDArray[np.int64],
    factor: NDArray[np.float64],
    scenario: Scenario,
) -> NDArray[np.float64]:
    """Give person-days of people in zones within 1, 2 and 5 km of a lethal event, by day.

    Parameters
    ----------
    zone_people
        int64 (zone, day).
    local, factor
        (zone, week): lethal events of each zone's place, and the zone's rate against it.

    Returns
    -------
    float64 (zone, radius, day).
    """
    within = np.array([scenario.values[f"people_within_{radius}_km"] for radius in RADII_KM])
    expected = (local * factor)[:, None, :] / DAYS_PER_WEEK * within[None, :, None]
    week = np.arange(zone_people.shape[1]) // DAYS_PER_WEEK
    near: NDArray[np.float64] = -np.expm1(-expected)[:, :, week] * zone_people[:, None, :]
    return near
