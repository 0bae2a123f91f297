"""What the day kernel reads and what it writes: two tuples of arrays, without text, dates or frames.

Axes, in the order they are written: `epoch` (a stretch of days in which the same ways are open), `week` (seven
days from the first), `place`, `zone`, `area` (first-level area of origin), `country` (place abroad), `option`
(a destination a place's people consider). People are int64, distances km.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from asylia.core.draws import Stream

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Keys = NDArray[np.uint64]

NEVER: Final = 2**40
"""A day that does not come."""
DECIDE_WEEKS: Final = 2
"""Weeks between two decisions of a group of displaced people to move on, go home or stay."""


DEPART: Final = 0
CHOOSE: Final = 1
ONWARD: Final = 2
RETURN: Final = 3
HOME: Final = 4
LEAVE_ZONE: Final = 5
STREAMS: Final = (
    Stream.DEPART,
    Stream.CHOOSE,
    Stream.ONWARD,
    Stream.RETURN,
    Stream.HOME,
    Stream.LEAVE_ZONE,
)
"""Streams of the rows of `Facts.luck`; the numbers above are those rows."""

RESIDENTS: Final = 0
IN_ZONES: Final = 1
OUTSIDE: Final = 2
TRAVELLING: Final = 3
TRAPPED: Final = 4
ABROAD: Final = 5
NEWLY_DISPLACED: Final = 6
CROSSED: Final = 7
WANTED_TO_CROSS: Final = 8
REFUSED: Final = 9
RETURNED: Final = 10
TURNED_OUT: Final = 11
"""Rows of `State.tally`, in the order of `model.history.COUNTS`."""


class Facts(NamedTuple):
    """One plan and one member, read only.

    Attributes
    ----------
    luck
        uint64 (luck,), keys that start with seed, stream and member.
    place_salt, area_salt, zone_salt
        uint64 (place,), (area,), (zone,), scrambled stable ids.
    area_of
        int64 (place,), -1 for crossings and places abroad.
    settled
        int64, indices of places in the country where people live.
    area_start, area_places
        int64 (area + 1,) and the settled places of each area, one area after the other.
    cohort_start, cohort_area, cohort_place
        int64 (turn + 1,) and the groups that decide on each day of the round of `DECIDE_WEEKS`.
    zone_cohort_start, zone_cohort_area, zone_cohort_zone
        The same for people in zones.
    epoch_of_day
        int64 (day,).
    option_count, option_place, option_km, option_days, option_weight
        (epoch, place), then (epoch, place, option): days of the trip, weights before fighting; best first.
    km
        float64 (epoch, place, place), shortest open way, infinite where there is none.
    zone_km, zone_weight
        float64 (epoch, place, zone); weight 0 where no way is open.
    zone_host, zone_capacity, zone_opens, zone_ends, zone_falls
        int64 (zone,): place, people, first day, first day after the end, day of overrun (`NEVER` for none).
    admits
        bool (area, zone).
    country_km, country_share, country_open
        (epoch, place, country): km as if no border were closed, conditional share, whether the way is open.
    abroad
        bool (place,).
    site_capacity
        int64 (place,), -1 for no stated limit.
    events, leavers, hazard, onward
        float64 (week, place): lethal events, expected leavers a week, weight factor, share that
        moves on at a decision.
    quiet
        bool (week, place): quiet long enough to think of going home.
    near
        float64 (week, radius, place), chance of a lethal event within the radius of a person in a day.
    largest_departure, leave_share, through_share, speed_km, return_share, get_out_share, full_weight
        Drawn rules, see `model.rules`; `return_share` is that of a decision.
    residents, away
        int64 (place,) at the start: at home, and displaced from there.
    stock
        int64 (area, place), displaced people outside zones at the start.
    slots
        Days a trip may take at most, plus one.
    """

    luck: Keys
    place_salt: Keys
    area_salt: Keys
    zone_salt: Keys
    area_of: Ints
    settled: Ints
    area_start: Ints
    area_places: Ints
    cohort_start: Ints
    cohort_area: Ints
    cohort_place: Ints
    zone_cohort_start: Ints
    zone_cohort_area: Ints
    zone_cohort_zone: Ints
    epoch_of_day: Ints
    option_count: Ints
    option_place: Ints
    option_km: Floats
    option_days: Ints
    option_weight: Floats
    km: Floats
    zone_km: Floats
    zone_weight: Floats
    zone_host: Ints
    zone_capacity: Ints
    zone_opens: Ints
    zone_ends: Ints
    zone_falls: Ints
    admits: Flags
    country_place: Ints
    country_km: Floats
    country_share: Floats
    country_open: Flags
    abroad: Flags
    site_capacity: Ints
    events: Floats
    leavers: Floats
    hazard: Floats
    onward: Floats
    quiet: Flags
    near: Floats
    largest_departure: float
    leave_share: float
    through_share: float
    speed_km: float
    return_share: float
    get_out_share: float
    full_weight: float
    residents: Ints
    away: Ints
    stock: Ints
    slots: int


class State(NamedTuple):
    """Where everybody is, changed in place by the kernel.

    Attributes
    ----------
    residents, away
        int64 (place,).
    displaced, trapped, held
        int64 (area, place): outside zones; without an open way; kept back in a zone that fell.
    in_zone
        int64 (area, zone).
    zone_full
        bool (zone,), known to be full since last evening.
    road
        int64 (slot, area, place + zone): due on the day whose number leaves this remainder.
    tally
        int64 (count,), as `model.history.COUNTS`.
    exposure
        float64 (radius,), person-days so far.
    person_km
        float64 (1,), so far.
    zone_refused
        int64 (zone,), so far.
    depart
        float64 (place,), chance of leaving home on a day of this week.
    option_share, option_rest
        float64 (place, option): conditional share of this week, and log(1 - share).
    towns
        float64 (place,), total weight of all options.
    zones
        float64 (place, zone), weight of each zone today.
    today
        uint64 (luck,), the keys of `Facts.luck` with the day added.
    later
        float64 (zone,), scratch: weights of this zone, those after it and all towns, for one choice.
    """

    residents: Ints
    away: Ints
    displaced: Ints
    trapped: Ints
    held: Ints
    in_zone: Ints
    zone_full: Flags
    road: Ints
    tally: Ints
    exposure: Floats
    person_km: Floats
    zone_refused: Ints
    depart: Floats
    option_share: Floats
    option_rest: Floats
    towns: Floats
    zones: Floats
    today: Keys
    later: Floats


class Record(NamedTuple):
    """What is kept of a run, by day; rows as in `model.history.History`."""

    counts: Ints
    exposure: Floats
    person_km: Floats
    zone_people: Ints
    displaced_at: Ints
