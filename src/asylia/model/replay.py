"""A recorded conflict to run again: daily arrivals known, where people went to be found.

The nouns of the published validation cases of Flee (Groen and others): a folder of places, links, conflict flags,
closures and counts of people by camp. Days are counted from `first`, which is day 0. Rows keep the order of the
folder, because the order of the camps is the order of the results.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

REPLAY_KINDS: Final = ("conflict", "town", "camp", "idpcamp", "forward", "marker", "flood")
CLOSURE_KINDS: Final = ("country", "location", "link", "camp", "idpcamp", "remove_forced_redirection")
NO_CAPACITY: Final = -1
"""Capacity of a place without a stated limit."""

SpawnMode = Literal["reports", "constant", "poisson", "pop_ratio", "flood"]
"""What makes people leave: the recorded totals, conflict days, or flood days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySettings:
    """The published settings, with the defaults of the published engine (`hasten` is not needed here).

    Distances are in kilometres, speeds in kilometres per day, chances per day. Field names are those of the file
    `simsetting.yml`, so that a reader finds one in the other. A list is a tuple.
    """

    # spawn_rules
    insert_day0: bool = True
    empty_camps_on_day0: bool = False
    sum_from_camps: bool = True
    take_from_population: bool = False
    conflict_zone_spawning_only: bool = True
    conflict_spawn_decay: tuple[float, ...] = ()
    conflict_spawn_decay_interval: int = 30
    spawn_mode: SpawnMode = "reports"
    displaced_per_conflict_day: float = 500.0
    starvation_driven_spawning: bool = False
    flood_spawn_mode: str = "pop_ratio"
    displaced_per_flood_day: tuple[float, ...] = (0.0, 0.1, 0.2, 0.5, 0.9)
    # move_rules
    max_move_speed: float = 360.0
    max_walk_speed: float = 35.0
    foreign_weight: float = 1.0
    camp_weight: float = 1.0
    conflict_weight: float = 0.31622776601683794
    conflict_movechance: float = 1.0
    default_movechance: float = 0.3
    camp_movechance: float = 0.001
    idpcamp_movechance: float = 0.1
    awareness_level: int = 1
    capacity_buffer: float = 0.9
    capacity_scaling: float = 1.0
    softening: float = 10.0
    weight_softening: float = 0.0
    distance_power: float = 1.0
    weight_power: float = 1.0
    stay_close_to_home: bool = False
    home_distance_power: float = 0.5
    use_pop_for_loc_weight: bool = False
    pop_power_for_loc_weight: float = 0.1
    movechance_pop_base: float = 10_000.0
    movechance_pop_scale_factor: float = 0.0
    pruning_threshold: float = 1.0
    avoid_short_stints: bool = False
    start_on_foot: bool = False
    women_avoid_hazards: bool = False
    children_avoid_hazards: bool = False
    elderly_avoid_hazards: bool = False
    boys_take_risk: bool = False
    flee_when_starving: bool = False
    avoid_food_deprived_locations: bool = False
    flood_movechances: tuple[float, ...] = ()
    flood_loc_weights: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replay:
    """One recorded conflict.

    Parameters
    ----------
    id, title
        Name of the folder, and a title.
    first, days
        Date of day 0, and the number of days.
    places
        name, region, country, lat, lon, kind (`REPLAY_KINDS`), onset_day (int64 or null: the conflict date of the
        folder), population (int64, 0 for camps), capacity (int64, `NO_CAPACITY` if none). In the order of the file.
    links
        from, to (names), distance_km, redirection (0, 1, 2), max_move_speed (float64 or null, km per day),
        walk_probability (float64 or null). One row serves both directions; the same pair may stand twice.
    intensity
        float64 (day, place) from the conflict table, place axis as in `places`; 0 is no fighting.
    closures
        what (`CLOSURE_KINDS`), name1, name2 (or empty), start, end (int64 days; an end before the start: never
        opens again).
    corrections
        camp, date: reports of the camp before that date are scaled so that the series is continuous there.
    reports
        camp, file, date, people (int64). Camps in the order of the layout; several files of a camp are added.
    totals
        date, people (int64): the published total.
    facts
        place, name, value (text): further columns of the places, such as `initial_idps`.
    makeup
        By attribute (`age`, `gender`): value, place ("Default" or a name), share (float64, not normalised).
    food
        day, region, percent: share of people in acute hunger; empty if unknown.
    floods
        day, place, level (float64); empty if unknown.
    changes
        day, place, kind: changes of kind by date (`location_changes.csv`); empty if none.
    settings
        The published settings.
    """

    id: str
    title: str
    first: dt.date
    days: int
    places: pl.DataFrame
    links: pl.DataFrame
    intensity: NDArray[np.float64]
    closures: pl.DataFrame
    corrections: pl.DataFrame
    reports: pl.DataFrame
    totals: pl.DataFrame
    facts: pl.DataFrame
    makeup: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    food: pl.DataFrame = field(default_factory=pl.DataFrame)
    floods: pl.DataFrame = field(default_factory=pl.DataFrame)
    changes: pl.DataFrame = field(default_factory=pl.DataFrame)
    settings: ReplaySettings = field(default_factory=ReplaySettings)

    @property
    def camps(self) -> tuple[str, ...]:
        """Names of the camps with reports, in the order of the layout."""
        return tuple(self.reports["camp"].unique(maintain_order=True).to_list())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observed:
    """What was recorded, by day: interpolated between reports, after the registration corrections.

    Parameters
    ----------
    people
        int64 (day, camp).
    newcomers
        int64 (day,), people who set out that day: the day's change of the total less what earlier falls still owe.
    """

    camps: tuple[str, ...]
    people: NDArray[np.int64]
    newcomers: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReplayHistory:
    """Where everybody was at the end of each day: one member.

    Parameters
    ----------
    people
        (day, place): people at each place; int64, or float64 in the expected-flow mode.
    travelling
        (day,): people between places.
    started
        (day,): everybody who has set out or was there at the start, running total. Every day, the people at places
        and between them add up to it.
    waiting
        (day,): people who could not set out, because nobody flees from anywhere that day; they set out later.
    """

    member: int
    places: tuple[str, ...]
    people: NDArray[np.int64] | NDArray[np.float64]
    travelling: NDArray[np.int64] | NDArray[np.float64]
    started: NDArray[np.int64] | NDArray[np.float64]
    waiting: NDArray[np.int64] | NDArray[np.float64] = field(
        default_factory=lambda: np.zeros(0, dtype=np.int64)
    )

    def at(self, places: tuple[str, ...]) -> NDArray[np.int64] | NDArray[np.float64]:
        """Return the people of some places, (day, place)."""
        return self.people[:, [self.places.index(name) for name in places]]
