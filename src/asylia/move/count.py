"""The evening: everybody counted afresh, plan by plan, and written down."""

from __future__ import annotations

from numba import njit

from asylia.core.kernels import inner
from asylia.move.facts import (
    ENCLOSED,
    IN_ZONES,
    OUTSIDE,
    RESIDENTS,
    TRAPPED,
    Facts,
    Floats,
    Ints,
    Lanes,
    Record,
    State,
)

STOCKS = 6
"""Counts that add up to everybody; those after them are running totals."""


@njit(cache=True)
def count_all(facts: Facts, lanes: Lanes, state: State, day: int, first: int, last: int) -> None:
    """Count everybody in the country afresh, and add up exposure for those displaced and not travelling."""
    here = state.here
    here[:] = 0
    _add_areas(state.displaced, here)
    for lane in range(first, last):
        _count_lane(facts, lanes, state, day, lane)


@njit(cache=True)
def _count_lane(facts: Facts, lanes: Lanes, state: State, day: int, lane: int) -> None:
    here, tally, near = state.here, state.tally[lane], facts.near[day // 7]
    trapped_at, held_at = state.trapped_at, state.held_at
    residents, exposure, settled = state.residents, state.exposure[lane], facts.settled
    at_home, outside, stuck_all = 0, 0, 0
    for place in range(residents.shape[0]):
        at_home += residents[place, lane]
    for place in settled:
        stuck = trapped_at[place, lane] + held_at[place, lane]
        outside += here[place, lane]
        stuck_all += stuck
        _expose(near, exposure, place, here[place, lane] + stuck)
    in_zones, enclosed = 0, 0
    full, host, capacity, in_zone = state.zone_full, facts.zone_host, facts.zone_capacity[day], state.in_zone
    for zone in range(lanes.zone_from[lane], lanes.zone_from[lane + 1]):
        people = in_one_zone(in_zone, zone)
        in_zones += people
        if people > 0 and not _way_out(facts, lanes, state, day, lane, zone):
            enclosed += people
        _expose(near, exposure, host[zone], people)
        full[zone] = people >= capacity[zone]
    tally[RESIDENTS], tally[IN_ZONES] = at_home, in_zones
    tally[OUTSIDE], tally[TRAPPED], tally[ENCLOSED] = outside, stuck_all, enclosed


@njit(cache=True)
def _way_out(facts: Facts, lanes: Lanes, state: State, day: int, lane: int, zone: int) -> bool:
    """Tell whether a way is open from a zone: to a town, over a border, or to another zone."""
    epoch, place = facts.epoch_of_day[day], facts.zone_host[zone]
    if state.towns[lanes.table[lane], place] > 0.0:
        return True
    for country in range(facts.country_place.size):
        if facts.country_open[epoch, place, country]:
            return True
    for other in range(lanes.zone_from[lane], lanes.zone_from[lane + 1]):
        if other != zone and state.zones[place, other] > 0.0:
            return True
    return False


@inner
def in_one_zone(in_zone: Ints, zone: int) -> int:
    """Count the people in a zone."""
    people = 0
    for area in range(in_zone.shape[0]):
        people += in_zone[area, zone]
    return people


@njit(cache=True)
def _add_areas(people: Ints, out: Ints) -> None:
    """Add up the people of all areas, by place and lane."""
    add_rows(people.reshape(people.shape[0], out.size), out.reshape(out.size))


@inner
def add_rows(people: Ints, out: Ints) -> None:
    """Add rows up, one long row at a time."""
    for row in range(people.shape[0]):
        for cell in range(people.shape[1]):
            out[cell] += people[row, cell]


@inner
def _expose(near: Floats, exposure: Floats, place: int, people: int) -> None:
    if people > 0 and near[0, place] > 0.0:
        for radius in range(exposure.size):
            exposure[radius] += people * near[radius, place]


@njit(cache=True)
def write_down(lanes: Lanes, state: State, record: Record, day: int, lane: int) -> int:
    """Write the evening down; return how many people there are."""
    people, counts, tally = 0, record.counts[lane], state.tally[lane]
    exposure, exposed = record.exposure[lane], state.exposure[lane]
    for row in range(counts.shape[0]):
        counts[row, day] = tally[row]
        if row < STOCKS:
            people += tally[row]
    for radius in range(exposed.size):
        exposure[radius, day] = exposed[radius]
    record.person_km[lane, day] = state.person_km[lane]
    in_zone, zone_people = state.in_zone, record.zone_people
    for zone in range(lanes.zone_from[lane], lanes.zone_from[lane + 1]):
        zone_people[zone, day] = in_one_zone(in_zone, zone)
    return people
