"""What rules fitted to recorded conflicts add to a case: people draw people, countries differ, and luck that no rule knows.

Every function gives 1 (or a log of 0) for the rules of a case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from asylia.model.scenario import Learned, Scenario
from asylia.move.fitted.facts import FAMILIAR
from asylia.move.fitted.run import LUCK_WIDTH, normals

if TYPE_CHECKING:
    from asylia.move.ground import Ground

KNOT_DAYS: Final = 180
"""Days between two draws of a place's luck in time; lines join them. In recorded conflicts of the pool they lie 90 to 330 apart."""
OF_PLACE, IN_TIME, OF_GROUP = 1, 2, 3
"""Where these draws stand beside those of recorded conflicts, which have day 0."""

Table = NDArray[np.float64]


def familiar(
    stock: NDArray[np.generic], scenario: Scenario, areas: NDArray[np.generic], places: NDArray[np.generic]
) -> Table:
    """Return how people of the same origin draw others, by area of origin and place: (share there + 0.1)^network.

    Parameters
    ----------
    stock
        (area, place), displaced people at the start; what comes later is not counted, so that the first days do not decide all.
    areas, places
        Indices that are looked up together.
    """
    if scenario.learned is None:
        return np.ones(1)
    everybody = stock.sum(axis=1, keepdims=True)
    share = stock / np.maximum(everybody, 1)
    drawn = (share + FAMILIAR) ** scenario.learned.network
    return np.asarray(drawn[areas, places])


def luck(ground: Ground, scenario: Scenario, weeks: int) -> Table:
    """Draw what no rule knows of each place, a factor of its pull, float64 (week, place)."""
    learned = scenario.learned
    if learned is None:
        return np.ones((1, 1))
    knots = 2 + 7 * weeks // KNOT_DAYS
    drawn = normals(scenario.seed, scenario.member, ground.place_keys, knots, day=IN_TIME)
    when = 7 * np.arange(weeks) / KNOT_DAYS
    low = when.astype(np.int64)
    line = drawn[:, low] + (when - low) * (drawn[:, low + 1] - drawn[:, low])
    fixed = _fixed_luck(ground, scenario, learned)
    return np.asarray(np.exp(fixed[None, :] + learned.time_spread * line.T))


def abroad(ground: Ground, scenario: Scenario) -> Table:
    """Return the log factor of each place abroad, float64 (country,): what is known of it, and luck."""
    learned = scenario.learned
    if learned is None:
        return np.zeros(1)
    rows = ground.fixed["country_place"]
    known = np.array([learned.abroad.get(ground.places[int(row)], 0.0) for row in rows])
    return np.asarray(known + _fixed_luck(ground, scenario, learned)[rows])


def _fixed_luck(ground: Ground, scenario: Scenario, learned: Learned) -> Table:
    """Draw the log luck of every place and of the area it lies in, (place,); outside the areas it is a group of its own."""
    area_of = ground.fixed["area_of"].astype(np.int64)
    groups = np.where(area_of >= 0, ground.stock.keys[area_of], ground.place_keys)
    own = normals(scenario.seed, scenario.member, ground.place_keys, 1, day=OF_PLACE)
    shared = normals(scenario.seed, scenario.member, groups, 1, day=OF_GROUP)
    return np.asarray(LUCK_WIDTH * (learned.place_spread * own[:, 0] + learned.group_spread * shared[:, 0]))
