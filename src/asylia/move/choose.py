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


@njit(cache=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)
def luck_of(key: np.uint64, salt: np.uint64) -> float:
    """Turn a key and one more salt into luck."""
    return to_unit(mix(key ^ salt))


@njit(cache=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)
def set_off(facts: Facts, state: State, day: int, area: int, target: int, km: float, people: int) -> None:
    """Put people on the road to a place, or to a zone (numbered after the places)."""
    days = max(1, math.ceil(km / facts.speed_km))
    slot = (day + min(days, facts.slots - 1)) % facts.slots
    state.road[slot, area, target] += people
    state.count[TRAVELLING] += people
    state.person_km[0] += people * km


@njit(cache=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)
def choose(
    facts: Facts, state: State, day: int, key: np.uint64, area: int, place: int, people: int, not_zone: int
) -> None:
    """Send people of one area from a place to where they choose; trap those without an open way.

    `not_zone` is a zone they do not consider (the one they leave), or -1.
    """
    stay = _leave_country(facts, state, day, key, area, place, people)
    if stay == 0:
        return
    total = state.towns[place]
    for zone in range(facts.zone_host.size):
        if zone != not_zone:
            total += _zone_weight(facts, state, day, area, place, zone)
    if total <= 0.0:
        _only_abroad(facts, state, day, area, place, stay)
        return
    if facts.zone_host.size > 0:
        stay = _to_zones(facts, state, day, key, area, place, stay, not_zone)
    _to_towns(facts, state, day, key, area, place, stay)


@njit(cache=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)
def has_way(facts: Facts, state: State, day: int, area: int, place: int) -> bool:
    """Say whether people of this area could go anywhere from this place today."""
    if state.towns[place] > 0.0 or _open_country(facts, day, place) >= 0:
        return True
    for zone in range(facts.zone_host.size):
        if _zone_weight(facts, state, day, area, place, zone) > 0.0:
            return True
    return False


@njit(cache=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)
def zone_open(facts: Facts, zone: int, day: int) -> bool:
    """Say whether a zone lets people in today, if it has room."""
    return facts.zone_opens[zone] <= day < min(facts.zone_ends[zone], facts.zone_falls[zone])


@njit(cache=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)
def _zone_weight(facts: Facts, state: State, day: int, area: int, place: int, zone: int) -> float:
    if not zone_open(facts, zone, day) or not facts.admits[area, zone]:
        return 0.0
    weight = state.zones[place, zone]
    return weight * facts.full_weight if state.zone_full[zone] else weight


@njit(cache=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)
def _leave_country(
    facts: Facts, state: State, day: int, key: np.uint64, area: int, place: int, people: int
) -> int:
    """Let some try to leave the country; return those who stay in it, by choice or not."""
    epoch = facts.epoch_of_day[day]
    some = False
    for country in range(facts.country_place.size):
        some = some or facts.country_share[epoch, place, country] > 0.0
    if not some:
        return people
    want = binomial_quantile(people, facts.leave_share, luck_of(key, ABROAD_SALT))
    stay = people - want
    for country in range(facts.country_place.size):
        if want == 0:
            break
        target = facts.country_place[country]
        salt = facts.place_salt[target]
        go = binomial_quantile(want, facts.country_share[epoch, place, country], luck_of(key, salt))
        want -= go
        if go > 0 and not facts.country_open[epoch, place, country]:
            through = binomial_quantile(go, facts.through_share, luck_of(key ^ THROUGH_SALT, salt))
            state.count[WANTED_TO_CROSS] += go - through
            stay += go - through
            go = through
        if go > 0:
            set_off(facts, state, day, area, target, facts.country_km[epoch, place, country], go)
    return stay + want


@njit(cache=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)
def _only_abroad(facts: Facts, state: State, day: int, area: int, place: int, people: int) -> None:
    """Nothing is open inside the country: all take the nearest open border, or are trapped."""
    country = _open_country(facts, day, place)
    if country < 0:
        state.trapped[area, place] += people
        return
    km = facts.country_km[facts.epoch_of_day[day], place, country]
    set_off(facts, state, day, area, facts.country_place[country], km, people)


@njit(cache=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)
def _open_country(facts: Facts, day: int, place: int) -> int:
    epoch = facts.epoch_of_day[day]
    nearest = -1
    for country in range(facts.country_place.size):
        if facts.country_open[epoch, place, country] and (
            nearest < 0
            or facts.country_km[epoch, place, country] < facts.country_km[epoch, place, nearest]
        ):
            nearest = country
    return nearest


@njit(cache=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)
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
    """Zones come before towns, so a plan without them meets the same luck for the towns."""
    epoch = facts.epoch_of_day[day]
    first_zone = facts.area_of.size
    for zone in range(facts.zone_host.size):
        weight = _zone_weight(facts, state, day, area, place, zone)
        if people == 0 or zone == not_zone or weight <= 0.0:
            continue
        rest = state.towns[place]
        for later in range(zone, facts.zone_host.size):
            if later != not_zone:
                rest += _zone_weight(facts, state, day, area, place, later)
        go = binomial_quantile(people, weight / rest, luck_of(key, facts.zone_salt[zone]))
        if go > 0:
            set_off(facts, state, day, area, first_zone + zone, facts.zone_km[epoch, place, zone], go)
            people -= go
    return people


@njit(cache=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)
def _to_towns(
    facts: Facts, state: State, day: int, key: np.uint64, area: int, place: int, people: int
) -> None:
    epoch = facts.epoch_of_day[day]
    option = 0
    while people > 0:
        share = state.option_share[place, option]
        target = facts.option_place[epoch, place, option]
        go = people
        if share < 1.0:
            luck = luck_of(key, facts.place_salt[target])
            if luck <= 1.0 - people * share:
                option += 1
                continue
            go = quantile_with_log(people, share, state.option_rest[place, option], luck)
        if go > 0:
            set_off(facts, state, day, area, target, facts.option_km[epoch, place, option], go)
            people -= go
        option += 1
