"""Array-only facts and state of a replay: all that the kernel knows.

Axes: place p, link l, way w, group g, day t, row r (days that are alike), epoch e (stretches with the same links
open). A length is a whole number of units of `Ground.unit_mm`, so that positions add up without rounding.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

SPAWN, GROUP, DECIDE, WALK, RANDOM = range(5)
"""What a draw is for, within the stream."""
PURPOSES: Final = 5
FROM_REPORTS, A_NUMBER, A_SHARE, BY_CHANCE = range(4)
"""How the newcomers of a day are found: given, a number or share for each place, or Poisson."""
DAY, ROW, EPOCH, WAVE, VERSION = range(5)
"""Fields of `State.now`; the version counts changes of the day tables and of what is open."""
STARTED, WAITING = range(2)
"""Fields of `State.total`."""


class Facts(NamedTuple):
    """What does not change during a run."""

    row_of_day: NDArray[np.int64]
    epoch_of_day: NDArray[np.int64]
    newcomers: NDArray[np.int64]
    # by row and place
    score: NDArray[np.float64]
    move: NDArray[np.float64]
    origin: NDArray[np.float64]
    hungry: NDArray[np.float64]
    leaving: NDArray[np.float64]
    is_camp: NDArray[np.bool_]
    is_town: NDArray[np.bool_]
    # by epoch
    link_open: NDArray[np.bool_]
    send_on: NDArray[np.int64]
    # by place
    people: NDArray[np.int64]
    population: NDArray[np.int64]
    full: NDArray[np.float64]
    place_salt: NDArray[np.uint64]
    by_name: NDArray[np.int64]
    limited: NDArray[np.int64]
    seen_begin: NDArray[np.int64]
    seen_from: NDArray[np.int64]
    way_begin: NDArray[np.int64]
    # by link
    link_start: NDArray[np.int64]
    link_end: NDArray[np.int64]
    link_length: NDArray[np.int64]
    link_speed: NDArray[np.int64]
    link_walk: NDArray[np.float64]
    link_salt: NDArray[np.uint64]
    # by way
    way_link: NDArray[np.int64]
    way_end: NDArray[np.int64]
    way_rest: NDArray[np.int64]
    way_option: NDArray[np.bool_]
    way_near: NDArray[np.float64]
    way_many: NDArray[np.float64]
    way_salt: NDArray[np.uint64]
    # by group
    group_power: NDArray[np.float64]
    group_home: NDArray[np.int64]
    group_share: NDArray[np.float64]
    group_salt: NDArray[np.uint64]
    home_near: NDArray[np.float64]
    # settings
    speed: int
    walking: int
    grain: int
    dust: float
    avoid_short: bool
    on_foot: bool
    day_limit: bool
    stay_close: bool
    take: bool
    spawn: int
    pop_power: float
    buffer: float
    weight_softening: float
    weight_power: float
    pruning: float


class State(NamedTuple):
    """What changes during a run. `people`-like arrays are int64, or float64 for expected flow.

    Parameters
    ----------
    here
        People at each place, (place,).
    room
        Capacity factor of each place at the start of the wave, (place,).
    residents
        Of whom people set out, (place,).
    total
        `STARTED` and `WAITING`.
    move, is_town, is_camp, send_on, is_open
        Today's row and epoch of the tables of `Facts`.
    base, weight, rest
        (group, way): weight without capacity, weight of those that may be set out on, and its sum from here on.
    go
        (group, place): share of those who decide to move who may set out.
    base_of, weighed_of
        (group, place): version for which `base` and the other tables hold; -1: none.
    now
        Day, row, epoch, wave and version.
    keys
        By purpose: key of today's draws.
    start
        (place + 1,): weights of the places of origin by name, added up from the last.
    """

    here: NDArray[Any]
    room: NDArray[np.float64]
    residents: NDArray[Any]
    total: NDArray[Any]
    move: NDArray[np.float64]
    is_town: NDArray[np.bool_]
    is_camp: NDArray[np.bool_]
    send_on: NDArray[np.int64]
    is_open: NDArray[np.bool_]
    base: NDArray[np.float64]
    weight: NDArray[np.float64]
    rest: NDArray[np.float64]
    go: NDArray[np.float64]
    base_of: NDArray[np.int64]
    weighed_of: NDArray[np.int64]
    now: NDArray[np.int64]
    keys: NDArray[np.uint64]
    start: NDArray[np.float64]


class Record(NamedTuple):
    """What a run leaves behind; `work` counts the cohorts handled each day."""

    people: NDArray[Any]
    travelling: NDArray[Any]
    started: NDArray[Any]
    waiting: NDArray[Any]
    work: NDArray[np.int64]
