"""One day of everybody, in whole persons.

The order of a day:

1. Weights are renewed at the start of a week and when ways open or close.
2. Zones that close today turn everybody out; from zones that fall today a share gets out, the others are trapped.
3. Those due today arrive: abroad, in a town, or at a zone. A zone takes people in until it is full, from each area
   of origin in proportion; the others are refused and stay, displaced, at the place of the zone.
   A zone that has closed or fallen meanwhile has no room.
4. Trapped people set off if a way has opened. Those kept back in a zone that fell do not.
5. People leave home where there is fighting, and choose where to go.
6. Displaced people decide whether to move on, outside zones and in them: each group every second week, on a day
   of its own.
7. On the same day others of them go home, if home has long been quiet and a way is open. They are home at once.
8. Everybody is counted; exposure is added up for displaced people who are not travelling.

Trips under way are finished even if a way closes behind them. Whoever arrives today may leave again today.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from asylia.core.binomial import binomial_quantile
from asylia.core.draws import fold, mix
from asylia.move.choose import choose, has_way, luck_of
from asylia.move.facts import (
    ABROAD,
    CHOOSE,
    CROSSED,
    DECIDE_WEEKS,
    DEPART,
    HOME,
    LEAVE_ZONE,
    NEWLY_DISPLACED,
    ONWARD,
    REFUSED,
    RETURN,
    RETURNED,
    TRAVELLING,
    TURNED_OUT,
    Facts,
    Record,
    State,
)
from asylia.move.structs import facts_by_address, state_by_address
from asylia.move.week import changed, count_people, refresh, weigh_zones, zone_open

ORDER: Final = (
    "weights are renewed",
    "zones close or fall",
    "those due arrive",
    "the trapped set off if a way has opened",
    "people leave home",
    "displaced people move on",
    "displaced people go home",
    "everybody is counted",
)

FROM_HOME: Final = np.uint64(1)
FROM_TRAP: Final = np.uint64(2)
FROM_STAY: Final = np.uint64(3)
FROM_ZONE: Final = np.uint64(4)
TURNED: Final = np.uint64(5)


@njit(cache=True)
def run(given: Facts, begin: State, record: Record) -> int:
    """Run all days; return the first day on which people went missing, or -1. Changes `begin` and `record`."""
    facts, state = facts_by_address(*given), state_by_address(*begin)
    everybody = state.residents.sum() + state.displaced.sum()
    for day in range(facts.epoch_of_day.size):
        one_day(facts, state, day)
        for row in range(record.counts.shape[0]):
            record.counts[row, day] = state.tally[row]
        record.exposure[:, day] = state.exposure
        record.person_km[day] = state.person_km[0]
        for zone in range(facts.zone_host.size):
            record.zone_people[zone, day] = state.in_zone[:, zone].sum()
        if state.tally[:6].sum() != everybody:
            return day
    if state.road.sum() != state.tally[TRAVELLING]:
        return int(facts.epoch_of_day.size)
    for place in range(facts.area_of.size):
        record.displaced_at[place] = state.displaced[:, place].sum()
    return -1


@njit(cache=True)
def one_day(facts: Facts, state: State, day: int) -> None:
    """Move everybody by one day, in the order above."""
    for stream in range(facts.luck.size):
        state.today[stream] = fold(facts.luck[stream], np.uint64(day))
    if changed(facts, day):
        refresh(facts, state, day)
    weigh_zones(facts, state, day)
    _close_zones(facts, state, day)
    _arrive(facts, state, day)
    _free_trapped(facts, state, day)
    _leave_home(facts, state, day)
    _decide_outside(facts, state, day)
    _decide_in_zones(facts, state, day)
    count_people(facts, state, day)


@njit(cache=True)
def _key(facts: Facts, state: State, stream: int, where: np.uint64, area: int) -> np.uint64:
    return mix(mix(state.today[stream] ^ where) ^ facts.area_salt[area])


@njit(cache=True)
def _choice(facts: Facts, state: State, cause: np.uint64, where: np.uint64, area: int) -> np.uint64:
    """Key of a choice: two groups of the same origin that choose on the same day have their own luck."""
    return mix(_key(facts, state, CHOOSE, where, area) ^ cause)


@njit(cache=True)
def _close_zones(facts: Facts, state: State, day: int) -> None:
    for zone in range(facts.zone_host.size):
        if day in (facts.zone_falls[zone], facts.zone_ends[zone]):
            for area in range(state.in_zone.shape[0]):
                _turn_out(facts, state, day, zone, area)


@njit(cache=True)
def _turn_out(facts: Facts, state: State, day: int, zone: int, area: int) -> None:
    people = state.in_zone[area, zone]
    if people == 0:
        return
    place, salt = facts.zone_host[zone], facts.zone_salt[zone]
    out = people
    if facts.zone_falls[zone] == day:
        key = _key(facts, state, LEAVE_ZONE, salt, area)
        out = binomial_quantile(people, facts.get_out_share, luck_of(key, salt))
        state.held[area, place] += people - out
    state.in_zone[area, zone] = 0
    state.tally[TURNED_OUT] += out
    choose(facts, state, day, _choice(facts, state, TURNED, salt, area), area, place, out, zone)


@njit(cache=True)
def _arrive(facts: Facts, state: State, day: int) -> None:
    due = state.road[day % facts.slots]
    displaced, abroad = state.displaced, facts.abroad
    arrived, out = 0, 0
    for area in range(displaced.shape[0]):
        for place in range(abroad.size):
            people = due[area, place]
            if people == 0:
                continue
            due[area, place] = 0
            arrived += people
            if abroad[place]:
                out += people
            else:
                displaced[area, place] += people
    state.tally[TRAVELLING] -= arrived
    state.tally[ABROAD] += out
    state.tally[CROSSED] += out
    for zone in range(facts.zone_host.size):
        _arrive_at_zone(facts, state, day, zone)


@njit(cache=True)
def _arrive_at_zone(facts: Facts, state: State, day: int, zone: int) -> None:
    due = state.road[day % facts.slots, :, facts.area_of.size + zone]
    come = due.sum()
    if come == 0:
        return
    room = 0
    if zone_open(facts, zone, day):
        room = max(0, facts.zone_capacity[zone] - state.in_zone[:, zone].sum())
    admitted = min(come, room)
    before, taken = 0, 0
    for area in range(due.size):
        # running shares, rounded down: every area its part to within one person, the sum exact
        before += due[area]
        enter = _part(admitted, before, come) - taken
        taken += enter
        state.in_zone[area, zone] += enter
        state.displaced[area, facts.zone_host[zone]] += due[area] - enter
        due[area] = 0
    state.tally[TRAVELLING] -= come
    state.tally[REFUSED] += come - admitted
    state.zone_refused[zone] += come - admitted


@njit(cache=True)
def _part(people: int, part: int, whole: int) -> int:
    """Return people * part // whole without overflow for populations of billions."""
    each, rest = people // whole, people % whole
    return each * part + (rest * part) // whole


@njit(cache=True)
def _free_trapped(facts: Facts, state: State, day: int) -> None:
    if not changed(facts, day) and facts.zone_host.size == 0:
        return
    for area in range(state.trapped.shape[0]):
        for place in facts.settled:
            people = state.trapped[area, place]
            if people > 0 and has_way(facts, state, day, area, place):
                state.trapped[area, place] = 0
                key = _choice(facts, state, FROM_TRAP, facts.place_salt[place], area)
                choose(facts, state, day, key, area, place, people, -1)


@njit(cache=True)
def _leave_home(facts: Facts, state: State, day: int) -> None:
    for place in facts.settled:
        if state.depart[place] <= 0.0 or state.residents[place] == 0:
            continue
        area, salt = facts.area_of[place], facts.place_salt[place]
        luck = luck_of(_key(facts, state, DEPART, salt, area), salt)
        people = binomial_quantile(state.residents[place], state.depart[place], luck)
        if people > 0:
            state.residents[place] -= people
            state.away[place] += people
            state.tally[NEWLY_DISPLACED] += people
            choose(facts, state, day, _choice(facts, state, FROM_HOME, salt, area), area, place, people, -1)


@njit(cache=True)
def _decide_outside(facts: Facts, state: State, day: int) -> None:
    week, turn = day // 7, day % (7 * DECIDE_WEEKS)
    for row in range(facts.cohort_start[turn], facts.cohort_start[turn + 1]):
        area, place = facts.cohort_area[row], facts.cohort_place[row]
        people = state.displaced[area, place]
        if people == 0:
            continue
        salt = facts.place_salt[place]
        luck = luck_of(_key(facts, state, ONWARD, salt, area), salt)
        leave = binomial_quantile(people, facts.onward[week, place], luck)
        home = _go_home(facts, state, day, salt, area, place, people - leave)
        state.displaced[area, place] -= leave + home
        if leave > 0:
            choose(facts, state, day, _choice(facts, state, FROM_STAY, salt, area), area, place, leave, -1)


@njit(cache=True)
def _decide_in_zones(facts: Facts, state: State, day: int) -> None:
    week, turn = day // 7, day % (7 * DECIDE_WEEKS)
    for row in range(facts.zone_cohort_start[turn], facts.zone_cohort_start[turn + 1]):
        area, zone = facts.zone_cohort_area[row], facts.zone_cohort_zone[row]
        people = state.in_zone[area, zone]
        if people == 0:
            continue
        salt, place = facts.zone_salt[zone], facts.zone_host[zone]
        luck = luck_of(_key(facts, state, ONWARD, salt, area), salt)
        leave = binomial_quantile(people, facts.onward[week, place], luck)
        home = _go_home(facts, state, day, salt, area, place, people - leave)
        state.in_zone[area, zone] -= leave + home
        if leave > 0:
            choose(facts, state, day, _choice(facts, state, FROM_ZONE, salt, area), area, place, leave, zone)


@njit(cache=True)
def _go_home(
    facts: Facts, state: State, day: int, salt: np.uint64, area: int, place: int, people: int
) -> int:
    """Let people go home of their own will; return how many went. Never more than are away from a district."""
    if people == 0:
        return 0
    away, ready = 0, 0
    for row in range(facts.area_start[area], facts.area_start[area + 1]):
        home = facts.area_places[row]
        away += state.away[home]
        if _may_return(facts, day, place, home):
            ready += state.away[home]
    if ready == 0:
        return 0
    key = _key(facts, state, RETURN, salt, area)
    go = binomial_quantile(people, facts.return_share * ready / away, luck_of(key, salt))
    go = min(go, ready)
    if go > 0:
        _arrive_home(facts, state, day, salt, area, place, go, ready)
    return go


@njit(cache=True)
def _may_return(facts: Facts, day: int, place: int, home: int) -> bool:
    epoch = facts.epoch_of_day[day]
    return bool(facts.quiet[day // 7, home]) and math.isfinite(facts.km[epoch, place, home])


@njit(cache=True)
def _arrive_home(
    facts: Facts, state: State, day: int, salt: np.uint64, area: int, place: int, people: int, ready: int
) -> None:
    """Spread people over the quiet districts they come from, in proportion to how many are away."""
    key = _key(facts, state, HOME, salt, area)
    epoch = facts.epoch_of_day[day]
    state.tally[RETURNED] += people
    for row in range(facts.area_start[area], facts.area_start[area + 1]):
        home = facts.area_places[row]
        if people == 0 or not _may_return(facts, day, place, home):
            continue
        away = state.away[home]
        go = binomial_quantile(people, away / ready, luck_of(key, facts.place_salt[home]))
        ready -= away
        # neither more than are away here, nor fewer than the districts after this one cannot take
        go = max(min(go, away), people - ready)
        state.away[home] -= go
        state.residents[home] += go
        state.person_km[0] += go * facts.km[epoch, place, home]
        people -= go
