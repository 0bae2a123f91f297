"""Where people go: abroad, to a zone, to a town, or nowhere because every way is closed."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from asylia.core.binomial import binomial_quantile, quantile_with_log
from asylia.core.draws import mix, to_unit
from asylia.move.facts import TRAVELLING, WANTED_TO_CROSS, Facts, State

ABROAD_SALT: Final = np.uint64(0x61626F7264657221)
"""Key of the wish to leave the country."""
THROUGH_SALT: Final = np.uint64(0x7468726F75676821)
"""Key of getting through a closed border, joined with the country's own."""


@njit(cache=True)
def luck_of(key: np.uint64, salt: np.uint64) -> float:
    """Turn a key and one more salt into luck."""
    return to_unit(mix(key ^ salt))


@njit(cache=True)
def trip_days(km: float, speed_km: float) -> int:
    """Days a trip takes: 31 km at 30 km a day are two."""
    return max(1, math.ceil(km / speed_km))


@njit(cache=True)
def set_off(facts: Facts, state: State, day: int, area: int, target: int, km: float, people: int) -> None:
    """Put people on the road to a place, or to a zone (numbered after the places)."""
    slot = (day + trip_days(km, facts.speed_km)) % facts.slots
    state.road[slot, area, target] += people
    state.tally[TRAVELLING] += people
    state.person_km[0] += people * km


@njit(cache=True)
def choose(
    facts: Facts, state: State, day: int, key: np.uint64, area: int, place: int, people: int, not_zone: int
) -> None:
    """Send people of one area from a place to where they choose; trap those without an open way.

    `not_zone` is a zone they do not consider (the one they leave), or -1.
    """
    if facts.country_place.size > 0:
        people = _leave_country(facts, state, day, key, area, place, people)
    if facts.zone_host.size > 0 and people > 0:
        people = _to_zones(facts, state, day, key, area, place, people, not_zone)
    if people == 0:
        return
    if state.towns[place] > 0.0:
        _to_towns(facts, state, day, key, area, place, people)
    else:
        _only_abroad(facts, state, day, area, place, people)


@njit(cache=True)
def has_way(facts: Facts, state: State, day: int, area: int, place: int) -> bool:
    """Say whether people of this area could go anywhere from this place today."""
    if state.towns[place] > 0.0 or _open_country(facts, day, place) >= 0:
        return True
    for zone in range(facts.zone_host.size):
        if facts.admits[area, zone] and state.zones[place, zone] > 0.0:
            return True
    return False


@njit(cache=True)
def _leave_country(
    facts: Facts, state: State, day: int, key: np.uint64, area: int, place: int, people: int
) -> int:
    """Let some try to leave the country; return those who stay in it, by choice or not."""
    epoch = facts.epoch_of_day[day]
    shares = facts.country_share
    if shares[epoch, place].max() <= 0.0:
        return people
    want = binomial_quantile(people, facts.leave_share, luck_of(key, ABROAD_SALT))
    stay = people - want
    for country in range(facts.country_place.size):
        share = shares[epoch, place, country]
        if want == 0 or share <= 0.0:
            continue
        target = facts.country_place[country]
        salt = facts.place_salt[target]
        go = binomial_quantile(want, share, luck_of(key, salt))
        want -= go
        if go > 0 and not facts.country_open[epoch, place, country]:
            through = binomial_quantile(go, facts.through_share, luck_of(key ^ THROUGH_SALT, salt))
            state.tally[WANTED_TO_CROSS] += go - through
            stay += go - through
            go = through
        if go > 0:
            set_off(facts, state, day, area, target, facts.country_km[epoch, place, country], go)
    return stay + want


@njit(cache=True)
def _only_abroad(facts: Facts, state: State, day: int, area: int, place: int, people: int) -> None:
    """Nothing is open inside the country: all take the nearest open border, or are trapped."""
    country = _open_country(facts, day, place)
    if country < 0:
        state.trapped[area, place] += people
        return
    km = facts.country_km[facts.epoch_of_day[day], place, country]
    set_off(facts, state, day, area, facts.country_place[country], km, people)


@njit(cache=True)
def _open_country(facts: Facts, day: int, place: int) -> int:
    epoch = facts.epoch_of_day[day]
    nearest = -1
    for country in range(facts.country_place.size):
        if facts.country_open[epoch, place, country] and (
            nearest < 0 or facts.country_km[epoch, place, country] < facts.country_km[epoch, place, nearest]
        ):
            nearest = country
    return nearest


@njit(cache=True)
def _to_zones(
    facts: Facts,
    state: State,
    day: int,
    key: np.uint64,
    area: int,
    place: int,
    people: int,
    not_zone: int,
) -> int:
    """Send people to zones; return the others.

    Zones come before towns, so that a plan without them meets the same luck for the towns.
    """
    weights, later = state.zones, state.later
    total = state.towns[place]
    for back in range(facts.zone_host.size):
        zone = facts.zone_host.size - 1 - back
        if zone != not_zone and facts.admits[area, zone]:
            total += weights[place, zone]
        later[zone] = total
    for zone in range(facts.zone_host.size):
        if people == 0 or zone == not_zone or weights[place, zone] <= 0.0 or not facts.admits[area, zone]:
            continue
        share = weights[place, zone] / later[zone]
        go = binomial_quantile(people, share, luck_of(key, facts.zone_salt[zone]))
        if go > 0:
            km = facts.zone_km[facts.epoch_of_day[day], place, zone]
            set_off(facts, state, day, area, facts.area_of.size + zone, km, go)
            people -= go
    return people


@njit(cache=True)
def _to_towns(
    facts: Facts, state: State, day: int, key: np.uint64, area: int, place: int, people: int
) -> None:
    # arrays are taken out of the structures once: this loop is where the time goes
    epoch = facts.epoch_of_day[day]
    targets, lengths, salts = facts.option_place, facts.option_km, facts.place_salt
    shares, rests, road = state.option_share, state.option_rest, state.road
    nights, slots = facts.option_days, facts.slots
    today = day % slots
    left, far, option = people, 0.0, 0
    while left > 0:
        share = shares[place, option]
        target = targets[epoch, place, option]
        go = left
        if share < 1.0:
            luck = to_unit(mix(key ^ salts[target]))
            go = 0
            if luck > 1.0 - left * share:
                go = quantile_with_log(left, share, rests[place, option], luck)
        if go > 0:
            slot = today + nights[epoch, place, option]
            if slot >= slots:
                slot -= slots
            road[slot, area, target] += go
            far += go * lengths[epoch, place, option]
            left -= go
        option += 1
    state.tally[TRAVELLING] += people
    state.person_km[0] += far
