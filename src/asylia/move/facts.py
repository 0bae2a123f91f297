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
Shorts = NDArray[np.int16]

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
ENCLOSED: Final = 12
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
    option_count, option_place, option_salt, option_km, option_days, option_weight
        (epoch, place), then (epoch, place, option): days of the trip, weights before fighting; best first.
    km
        float64 (epoch, place, place), shortest open way, infinite where there is none.
    zone_km, zone_weight
        float64 (epoch, place, zone); weight 0 where no way is open.
    zone_host, zone_opens, zone_ends, zone_falls
        int64 (zone,): place, first day, first day after the end, day of overrun (`NEVER` for none).
    zone_capacity
        int64 (day, zone), people; where it falls below those inside, the others must go.
    zone_shut
        bool (week, zone), lets nobody in, as it is under serious attack.
    zone_flight
        float64 (week, zone), share that leaves on the last day of the week.
    admits
        bool (area, zone).
    country_km, country_share, country_open
        (epoch, place, country): km as if no border were closed, conditional share, whether the way is open.
    thinks_of_abroad
        bool (epoch, place), whether any country has a share.
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
    option_salt: Keys
    option_km: Floats
    option_days: Ints
    option_weight: Floats
    km: Floats
    zone_km: Floats
    zone_weight: Floats
    zone_host: Ints
    zone_capacity: Ints
    zone_shut: Flags
    zone_flight: Floats
    zone_opens: Ints
    zone_ends: Ints
    zone_falls: Ints
    admits: Flags
    country_place: Ints
    country_km: Floats
    country_share: Floats
    country_open: Flags
    thinks_of_abroad: Flags
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


class Lanes(NamedTuple):
    """Plans that one member runs side by side. Lane 0 has no zone; the others stand by the day they begin.

    Until a lane begins, its plan moves people as lane 0 does, so lane 0 runs for all of them; then the lane takes over
    lane 0's state. In the kernel the axis `zone` of `Facts` and `State` holds the zones of all lanes, lane after lane.

    Attributes
    ----------
    zone_from
        int64 (lane + 1,), where the zones of each lane begin.
    zone_lane
        int64 (zone,).
    table
        int64 (lane,), which row of the weights of towns a lane uses: one for all unless a place has a limit.
    """

    zone_from: Ints
    zone_lane: Ints
    table: Ints


class State(NamedTuple):
    """Where everybody is, changed in place by the kernel. The lanes stand side by side in memory: they are met together.

    Attributes
    ----------
    residents, away
        int64 (place, lane).
    displaced, trapped, held
        int64 (area, place, lane): outside zones; without an open way; kept back in a zone that fell.
    trapped_at, held_at
        int64 (place, lane), trapped people and those kept back, of all areas.
    in_zone
        int64 (area, zone).
    zone_full
        bool (zone,), known to be full since last evening.
    road
        (slot, area, place, lane): due on the day whose number leaves this remainder. int32 where everybody fits, else int64.
    road_flat
        The same cells in one row.
    zone_road
        int64 (slot, area, zone), the same for those on the way to a zone.
    tally
        int64 (lane, count), as `model.history.COUNTS`.
    exposure
        float64 (lane, radius), person-days so far.
    person_km
        float64 (lane,), so far.
    zone_refused
        int64 (zone,), so far.
    depart
        float64 (place, lane), chance of leaving home on a day of this week.
    option_share, option_rest, option_up_to
        float64 (table, place, option): conditional share of this week, log(1 - share), and the shares of all added up.
    option_from
        int16 (table, place, stretch), the first option that luck from a stretch can choose; see `move.towns.STRETCHES`.
    towns
        float64 (table, place), total weight of all options.
    zones
        float64 (place, zone), weight of each zone today.
    today
        uint64 (luck,), the keys of `Facts.luck` with the day added.
    rows
        int64 (1,), groups that set off today, in the arrays `row_...`.
    row_area, row_place, row_not_zone, row_first, row_last
        int64 (row,): area of origin, where they are, a zone they do not consider or -1, lanes from and to.
    row_key
        uint64 (row,), key of the choice.
    row_people
        int64 (row, lane).
    later
        float64 (zone,), scratch for one group: weights of this zone, those after it and all towns.
    is_ready
        bool (district,), scratch for one group: whether people may go home to it.
    here
        int64 (place, lane), scratch of the evening.
    found
        int64 (country + 1, 2), scratch for one group, see `move.choose.WHERE`.
    desk, drawn, choice, order, left, took, guess, until
        Scratch for one group, see `move.towns.Desk`.
    far
        float64 (lane,), scratch for one group: person-km.
    """

    residents: Ints
    away: Ints
    displaced: Ints
    trapped: Ints
    held: Ints
    trapped_at: Ints
    held_at: Ints
    in_zone: Ints
    zone_full: Flags
    road: Ints
    road_flat: Ints
    zone_road: Ints
    tally: Ints
    exposure: Floats
    person_km: Floats
    zone_refused: Ints
    depart: Floats
    option_share: Floats
    option_rest: Floats
    option_up_to: Floats
    option_from: Shorts
    towns: Floats
    zones: Floats
    today: Keys
    rows: Ints
    row_area: Ints
    row_place: Ints
    row_not_zone: Ints
    row_first: Ints
    row_last: Ints
    row_key: Keys
    row_people: Ints
    later: Floats
    is_ready: Flags
    here: Ints
    found: Ints
    desk: Ints
    drawn: Keys
    choice: Ints
    order: Ints
    left: Ints
    took: Ints
    guess: Floats
    until: Ints
    far: Floats


class Rows(NamedTuple):
    """Groups that set off today: the arrays `row_...` of `State`."""

    area: Ints
    place: Ints
    key: Keys
    not_zone: Ints
    first: Ints
    last: Ints
    people: Ints


class Roads(NamedTuple):
    """Where those who set off go, out of `State`."""

    road: Ints
    road_flat: Ints
    zone_road: Ints
    tally: Ints
    person_km: Floats
    trapped: Ints
    trapped_at: Ints
    far: Floats


class Homes(NamedTuple):
    """Districts people may go home to, out of `Facts` and `State`: this week's and this epoch's rows of them."""

    start: Ints
    places: Ints
    quiet: Flags
    km: Floats
    salts: Keys
    away: Ints
    residents: Ints
    is_ready: Flags
    tally: Ints
    person_km: Floats


class Record(NamedTuple):
    """What is kept of a run, by day; rows as in `model.history.History`, with an axis of lanes before them."""

    counts: Ints
    exposure: Floats
    person_km: Floats
    zone_people: Ints
