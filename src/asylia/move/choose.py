"""Where people go: abroad, to a zone, to a town, or nowhere because every way is closed.

All groups that leave today are taken through these steps together, and all plans of a member within a group: their luck
is the same, so it is worked out once, and where two plans have as many people before the same choice, the second takes
over what the first found.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numba import njit

from asylia.core.binomial import binomial_quantile
from asylia.core.binomial_lanes import quantiles
from asylia.core.draws import mix, to_unit
from asylia.core.kernels import inner
from asylia.move.facts import (
    TRAVELLING,
    WANTED_TO_CROSS,
    Facts,
    Flags,
    Floats,
    Ints,
    Keys,
    Lanes,
    Roads,
    Rows,
    State,
)
from asylia.move.towns import Desk, Options, to_towns

ABROAD_SALT: Final = np.uint64(0x61626F7264657221)
"""Key of the wish to leave the country."""
THROUGH_SALT: Final = np.uint64(0x7468726F75676821)
"""Key of getting through a closed border, joined with the country's own."""
WHERE: Final = 0
THROUGH: Final = 1
"""Columns of what is found of those who want to leave: a country, and how many get through to it. The first row says how many such
rows follow, and how many people a border holds back."""


class _Abroad(NamedTuple):
    """Countries of one epoch: (country,) and (place, country)."""

    place: Ints
    salts: Keys
    share: Floats
    km: Floats
    is_open: Flags
    thinks_of: Flags
    found: Ints


class _Zones(NamedTuple):
    """Zones today: (zone,), (place, zone) and (area, zone)."""

    first: Ints
    salt: Keys
    weight: Floats
    km: Floats
    admits: Flags
    later: Floats


class _Trip(NamedTuple):
    """What a day and a member say about every trip."""

    day: int
    speed_km: float
    slots: int
    leave_share: float
    through_share: float


@inner
def luck_of(key: np.uint64, salt: np.uint64) -> float:
    """Turn a key and one more salt into luck."""
    return to_unit(mix(key ^ salt))


@inner
def slot_of(trip: _Trip, km: float) -> int:
    """Tell when a trip ends, in whole days: 31 km at 30 km a day are two."""
    return (trip.day + max(1, math.ceil(km / trip.speed_km))) % trip.slots


@njit(cache=True)
def set_off(facts: Facts, lanes: Lanes, state: State, day: int) -> None:
    """Send off all groups that leave today; trap those without an open way."""
    epoch, number, rows = facts.epoch_of_day[day], state.rows[0], rows_of(state)
    roads = Roads(
        state.road,
        state.road_flat,
        state.zone_road,
        state.tally,
        state.person_km,
        state.trapped,
        state.trapped_at,
        state.far,
    )
    desk = _desk(state)
    trip = _Trip(day, facts.speed_km, facts.slots, facts.leave_share, facts.through_share)
    abroad = _Abroad(
        facts.country_place,
        facts.place_salt,
        facts.country_share[epoch],
        facts.country_km[epoch],
        facts.country_open[epoch],
        facts.thinks_of_abroad[epoch],
        state.found,
    )
    towns, table = state.towns, lanes.table
    if abroad.place.size > 0:
        _leave_country(number, rows, roads, trip, abroad, desk)
    if facts.zone_host.size > 0:
        zones = _Zones(
            lanes.zone_from, facts.zone_salt, state.zones, facts.zone_km[epoch], facts.admits, state.later
        )
        _to_zones(number, rows, roads, trip, zones, towns, table)
    _nowhere_else(number, rows, roads, trip, abroad, towns, table)
    options = _options(facts, lanes, state, epoch)
    to_towns(number, rows, roads, options, desk, day % facts.slots)


@njit(cache=True)
def _desk(state: State) -> Desk:
    return Desk(
        state.desk,
        state.drawn,
        state.choice,
        state.order,
        state.left,
        state.took,
        state.guess,
        state.until,
    )


@njit(cache=True)
def _options(facts: Facts, lanes: Lanes, state: State, epoch: int) -> Options:
    return Options(
        facts.option_count[epoch],
        facts.option_place[epoch],
        facts.option_salt[epoch],
        facts.option_km[epoch],
        facts.option_days[epoch],
        state.option_share,
        state.option_rest,
        state.option_up_to,
        state.option_from,
        lanes.table,
    )


@njit(cache=True)
def rows_of(state: State) -> Rows:
    """Take the groups that set off out of the state."""
    return Rows(
        state.row_area,
        state.row_place,
        state.row_key,
        state.row_not_zone,
        state.row_first,
        state.row_last,
        state.row_people,
    )


@inner
def open_country(place_of: Ints, is_open: Flags, km: Floats, place: int) -> int:
    """Find the nearest country with an open way from a place, or -1."""
    nearest = -1
    for country in range(place_of.size):
        if is_open[place, country] and (nearest < 0 or km[place, country] < km[place, nearest]):
            nearest = country
    return nearest


@inner
def _leave_country(number: int, rows: Rows, roads: Roads, trip: _Trip, abroad: _Abroad, desk: Desk) -> None:
    """Let some try to leave the country; who does not get through is left in the rows."""
    share, log_rest = trip.leave_share, math.log1p(-min(trip.leave_share, 0.5))
    for row in range(number):
        if not abroad.thinks_of[rows.place[row]]:
            continue
        lane, before = rows.first[row], 0
        number = _runs(rows, row, desk)
        quantiles(
            desk.left, number, share, log_rest, luck_of(rows.key[row], ABROAD_SALT), desk.took, desk.guess
        )
        for at in range(number):
            wanting = desk.took[at]
            if wanting > 0 and wanting != before:
                before = wanting
                _choose_countries(rows, trip, abroad, row, wanting)
            while lane < desk.until[at]:
                if wanting > 0:
                    _cross(rows, roads, trip, abroad, row, lane)
                lane += 1


@inner
def _runs(rows: Rows, row: int, desk: Desk) -> int:
    """List the people of a group, once for neighbouring plans with as many, and where the next plans begin; return how many."""
    number, first, last = 0, rows.first[row], rows.last[row]
    for lane in range(first, last):
        if lane > first and rows.people[row, lane] == rows.people[row, lane - 1]:
            desk.until[number - 1] = lane + 1
        else:
            desk.left[number], desk.until[number] = rows.people[row, lane], lane + 1
            number += 1
    return number


@inner
def _choose_countries(rows: Rows, trip: _Trip, abroad: _Abroad, row: int, wanting: int) -> None:
    """Let those who want to leave choose a country, and find who of them gets through: the same under all plans."""
    place, key, found = rows.place[row], rows.key[row], abroad.found
    number, barred = 0, 0
    for country in range(abroad.place.size):
        share = abroad.share[place, country]
        if wanting == 0 or share <= 0.0:
            continue
        salt = abroad.salts[abroad.place[country]]
        go = binomial_quantile(wanting, share, luck_of(key, salt))
        through = go
        if go > 0 and not abroad.is_open[place, country]:
            through = binomial_quantile(go, trip.through_share, luck_of(key ^ THROUGH_SALT, salt))
        if through > 0:
            number += 1
            found[number, WHERE], found[number, THROUGH] = country, through
        wanting, barred = wanting - go, barred + go - through
    found[0, WHERE], found[0, THROUGH] = number, barred


@inner
def _cross(rows: Rows, roads: Roads, trip: _Trip, abroad: _Abroad, row: int, lane: int) -> None:
    """Send those who get through on their way, under one plan."""
    area, place, found = rows.area[row], rows.place[row], abroad.found
    roads.tally[lane, WANTED_TO_CROSS] += found[0, THROUGH]
    for at in range(1, found[0, WHERE] + 1):
        country, through = found[at, WHERE], found[at, THROUGH]
        km = abroad.km[place, country]
        roads.road[slot_of(trip, km), area, abroad.place[country], lane] += through
        roads.tally[lane, TRAVELLING] += through
        roads.person_km[lane] += through * km
        rows.people[row, lane] -= through


@inner
def _to_zones(
    number: int, rows: Rows, roads: Roads, trip: _Trip, zones: _Zones, towns: Floats, table: Ints
) -> None:
    """Send people to the zones of their plan.

    Zones come before towns, so that a plan without them meets the same luck for the towns.
    """
    for row in range(number):
        for lane in range(rows.first[row], rows.last[row]):
            if rows.people[row, lane] > 0 and zones.first[lane + 1] > zones.first[lane]:
                total = towns[table[lane], rows.place[row]]
                rows.people[row, lane] = _choose_zone(rows, roads, trip, zones, total, row, lane)


@inner
def _choose_zone(
    rows: Rows, roads: Roads, trip: _Trip, zones: _Zones, total: float, row: int, lane: int
) -> int:
    area, place, not_zone, people = (
        rows.area[row],
        rows.place[row],
        rows.not_zone[row],
        rows.people[row, lane],
    )
    first, last = zones.first[lane], zones.first[lane + 1]
    for zone in range(last - 1, first - 1, -1):
        if zone != not_zone and zones.admits[area, zone]:
            total += zones.weight[place, zone]
        zones.later[zone] = total
    for zone in range(first, last):
        weight = zones.weight[place, zone]
        if people == 0 or zone == not_zone or weight <= 0.0 or not zones.admits[area, zone]:
            continue
        luck = luck_of(rows.key[row], zones.salt[zone])
        go = binomial_quantile(people, weight / zones.later[zone], luck)
        if go > 0:
            km = zones.km[place, zone]
            roads.zone_road[slot_of(trip, km), area, zone] += go
            roads.tally[lane, TRAVELLING] += go
            roads.person_km[lane] += go * km
            people -= go
    return int(people)


@inner
def _nowhere_else(
    number: int, rows: Rows, roads: Roads, trip: _Trip, abroad: _Abroad, towns: Floats, table: Ints
) -> None:
    """Where nothing is open inside the country, all take the nearest open border, or are trapped."""
    for row in range(number):
        area, place = rows.area[row], rows.place[row]
        for lane in range(rows.first[row], rows.last[row]):
            people = rows.people[row, lane]
            if people == 0 or towns[table[lane], place] > 0.0:
                continue
            rows.people[row, lane] = 0
            country = open_country(abroad.place, abroad.is_open, abroad.km, place)
            if country < 0:
                roads.trapped[area, place, lane] += people
                roads.trapped_at[place, lane] += people
                continue
            km = abroad.km[place, country]
            roads.road[slot_of(trip, km), area, abroad.place[country], lane] += people
            roads.tally[lane, TRAVELLING] += people
            roads.person_km[lane] += people * km
