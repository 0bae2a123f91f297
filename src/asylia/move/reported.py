"""What counts that were taken in change: how many leave the places of an area, and how strongly an area draws people.

Every function gives 1 where no counts were taken in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from asylia.model.scenario import Scenario

if TYPE_CHECKING:
    from asylia.move.ground import Ground

Table = NDArray[np.float64]


def reported_rate(ground: Ground, scenario: Scenario) -> Table:
    """Return the factor of departures, float64 (place,), or (1,) without counts."""
    return _by_place(ground, scenario, 0)


def reported_pull(ground: Ground, scenario: Scenario) -> Table:
    """Return the factor of the pull of places, float64 (place,), or (1,) without counts."""
    return _by_place(ground, scenario, 1)


def _by_place(ground: Ground, scenario: Scenario, which: int) -> Table:
    if not scenario.reported:
        return np.ones(1)
    area_of = ground.fixed["area_of"].astype(np.int64)
    known = np.array([scenario.reported.get(area, (1.0, 1.0))[which] for area in ground.areas])
    return np.asarray(np.where(area_of >= 0, known[area_of], 1.0))
