"""What the engine is told of zones under pressure: how many each holds by day, and weeks of serious attack."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asylia.move.ground import Ground


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Siege:
    """What serious attacks do to the zones of one plan, for one member.

    Parameters
    ----------
    shut
        bool (week, zone), nobody is let in.
    flight
        float64 (week, zone), share of the people inside that leaves on the last day of the week.
    """

    shut: NDArray[np.bool_]
    flight: NDArray[np.float64]


def unharmed(zones: int, weeks: int) -> Siege:
    """Return the siege of zones nobody attacks."""
    return Siege(shut=np.zeros((weeks, zones), dtype=np.bool_), flight=np.zeros((weeks, zones)))


def zone_days(ground: Ground, capacity: NDArray[np.int64], days: int) -> NDArray[np.int64]:
    """Spread what zones hold over days, int64 (day, zone): each decree holds from its day on, the last one counts."""
    room = np.tile(capacity, (days, 1))
    for column, decrees in enumerate(ground.decrees):
        for day, share in decrees:
            room[max(day, 0) :, column] = int(capacity[column] * share)
    return room
