"""One day of everybody, in whole persons.

The order of a day:

1. Weights are renewed at the start of a week and when ways open or close.
2. Zones that close today turn everybody out; from zones that fall today a share gets out, the others are trapped.
   A zone that shrinks turns out those beyond its new limit, from each area of origin in proportion. At the end of a
   week of serious attack a share flees. All of them go where a way is open; who finds none is trapped.
3. Those due today arrive: abroad, in a town, or at a zone. A zone takes people in until it is full, from each area
   of origin in proportion; the others are refused and stay, displaced, at the place of the zone.
   A zone that has closed or fallen meanwhile, or is under serious attack this week, has no room.
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
from asylia.core.binomial_lanes import quantiles
from asylia.core.draws import fold, mix
from asylia.core.kernels import inner
from asylia.move.arrive import arrive, part_of
from asylia.move.choose import luck_of, open_country, rows_of, set_off
from asylia.move.count import count_all, in_one_zone, write_down
from asylia.move.facts import (
    CHOOSE,
    DECIDE_WEEKS,
    DEPART,
    HOME,
    LEAVE_ZONE,
    NEWLY_DISPLACED,
    ONWARD,
    RETURN,
    TURNED_OUT,
    Facts,
    Homes,
    Lanes,
    Record,
    Rows,
    State,
)
from asylia.move.home import go_home, ready_homes
from asylia.move.structs import facts_by_address, lanes_by_address, state_by_address
from asylia.move.week import changed, refresh, weigh_zones

ORDER: Final = (
    "weights are renewed",
    "zones close, fall, shrink or are fled from",
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
FLED: Final = np.uint64(6)


@njit(cache=True)
def run(
    given: Facts,
    side_by_side: Lanes,
    begin: State,
    record: Record,
    start: int,
    end: int,
    first: int,
    last: int,
) -> int:
    """Run the days from `start` to before `end` for the lanes from `first` to before `last`.

    Changes `begin` and `record`. Returns the first day on which people went missing, or -1; the lane then stands in
    `begin.rows`.
    """
    facts, lanes = facts_by_address(*given), lanes_by_address(*side_by_side)
    state = state_by_address(*begin)
    everybody = facts.residents.sum() + facts.stock.sum()
    for day in range(start, end):
        _one_day(facts, lanes, state, day, first, last)
        count_all(facts, lanes, state, day, first, last)
        for lane in range(first, last):
            if write_down(lanes, state, record, day, lane) != everybody:
                state.rows[0] = lane
                return day
    return -1


@njit(cache=True)
def _one_day(facts: Facts, lanes: Lanes, state: State, day: int, first: int, last: int) -> None:
    """Move everybody by one day, in the order above."""
    for stream in range(facts.luck.size):
        state.today[stream] = fold(facts.luck[stream], np.uint64(day))
    state.rows[0] = 0
    if changed(facts, day):
        refresh(facts, lanes, state, day, first, last)
    weigh_zones(facts, lanes, state, day, last)
    _close_zones(facts, lanes, state, day, last)
    arrive(facts, lanes, state, day, last)
    _free_trapped(facts, lanes, state, day, first, last)
    _leave_home(facts, state, day, first, last)
    _decide_outside(facts, state, day, first, last)
    if last > 1:
        _decide_in_zones(facts, lanes, state, day)
    set_off(facts, lanes, state, day)


@inner
def _key(today: np.uint64, where: np.uint64, area_salt: np.uint64) -> np.uint64:
    return mix(mix(today ^ where) ^ area_salt)


@inner
def _add_row(rows: Rows, row: int, key: np.uint64, area: int, place: int, first: int, last: int) -> None:
    """Note a group that sets off today; its people stand in `people` already."""
    rows.key[row], rows.area[row], rows.place[row] = key, area, place
    rows.not_zone[row], rows.first[row], rows.last[row] = -1, first, last


@njit(cache=True)
def _close_zones(facts: Facts, lanes: Lanes, state: State, day: int, last: int) -> None:
    """Turn people out of zones that close, fall or shrink, and let them flee from those under serious attack."""
    falls, ends, flight, in_zone = (
        facts.zone_falls,
        facts.zone_ends,
        facts.zone_flight[day // 7],
        state.in_zone,
    )
    for zone in range(lanes.zone_from[last]):
        people, more = in_one_zone(in_zone, zone), 0
        if people == 0:
            continue
        if day in (falls[zone], ends[zone]):
            more = people
        elif day > 0 and facts.zone_capacity[day, zone] < facts.zone_capacity[day - 1, zone]:
            more = max(0, people - facts.zone_capacity[day, zone])
        before, taken = 0, 0
        for area in range(in_zone.shape[0]):
            here = in_zone[area, zone]
            before += here
            go = part_of(more, before, people) - taken
            taken += go
            if go > 0:
                _turn_out(facts, lanes, state, day, zone, area, go)
            if day % 7 == 6 and flight[zone] > 0.0 and here > go:
                _flee(facts, lanes, state, zone, area, flight[zone])


@njit(cache=True)
def _turn_out(facts: Facts, lanes: Lanes, state: State, day: int, zone: int, area: int, people: int) -> None:
    lane, place = lanes.zone_lane[zone], facts.zone_host[zone]
    salt, area_salt = facts.zone_salt[zone], facts.area_salt[area]
    out = people
    if facts.zone_falls[zone] == day:
        luck = luck_of(_key(state.today[LEAVE_ZONE], salt, area_salt), salt)
        out = binomial_quantile(people, facts.get_out_share, luck)
        state.held[area, place, lane] += people - out
        state.held_at[place, lane] += people - out
    state.in_zone[area, zone] -= people
    _leave_zone(
        facts, lanes, state, zone, area, out, mix(_key(state.today[CHOOSE], salt, area_salt) ^ TURNED)
    )


@njit(cache=True)
def _flee(facts: Facts, lanes: Lanes, state: State, zone: int, area: int, share: float) -> None:
    salt, area_salt = facts.zone_salt[zone], facts.area_salt[area]
    luck = luck_of(_key(state.today[LEAVE_ZONE], salt, area_salt) ^ FLED, salt)
    out = binomial_quantile(state.in_zone[area, zone], share, luck)
    state.in_zone[area, zone] -= out
    _leave_zone(facts, lanes, state, zone, area, out, mix(_key(state.today[CHOOSE], salt, area_salt) ^ FLED))


@njit(cache=True)
def _leave_zone(
    facts: Facts, lanes: Lanes, state: State, zone: int, area: int, out: int, key: np.uint64
) -> None:
    lane, row, rows = lanes.zone_lane[zone], state.rows[0], rows_of(state)
    state.tally[lane, TURNED_OUT] += out
    rows.people[row, lane] = out
    _add_row(rows, row, key, area, facts.zone_host[zone], lane, lane + 1)
    rows.not_zone[row] = zone
    state.rows[0] = row + 1


@njit(cache=True)
def _free_trapped(facts: Facts, lanes: Lanes, state: State, day: int, first: int, last: int) -> None:
    anew, trapped_at, zone_from = changed(facts, day), state.trapped_at, lanes.zone_from
    for place in facts.settled:
        for lane in range(first, last):
            # without a zone, ways open only when the weights are renewed
            if trapped_at[place, lane] > 0 and (anew or zone_from[lane + 1] > zone_from[lane]):
                _free_place(facts, lanes, state, day, lane, place)


@njit(cache=True)
def _free_place(facts: Facts, lanes: Lanes, state: State, day: int, lane: int, place: int) -> None:
    epoch, salt, rows = facts.epoch_of_day[day], facts.place_salt[place], rows_of(state)
    km, is_open = facts.country_km[epoch], facts.country_open[epoch]
    a_way = state.towns[lanes.table[lane], place] > 0.0
    a_way |= open_country(facts.country_place, is_open, km, place) >= 0
    for area in range(state.trapped.shape[0]):
        people, zones = state.trapped[area, place, lane], a_way
        for zone in range(lanes.zone_from[lane], lanes.zone_from[lane + 1]):
            zones |= facts.admits[area, zone] and state.zones[place, zone] > 0.0
        if people > 0 and zones:
            state.trapped[area, place, lane] = 0
            state.trapped_at[place, lane] -= people
            row, key = state.rows[0], _key(state.today[CHOOSE], salt, facts.area_salt[area])
            rows.people[row, lane] = people
            _add_row(rows, row, mix(key ^ FROM_TRAP), area, place, lane, lane + 1)
            state.rows[0] = row + 1


@njit(cache=True)
def _leave_home(facts: Facts, state: State, day: int, first: int, last: int) -> None:
    rows, row, leavers, area_of = rows_of(state), state.rows[0], facts.leavers[day // 7], facts.area_of
    salts, area_salts, today, choice = (
        facts.place_salt,
        facts.area_salt,
        state.today[DEPART],
        state.today[CHOOSE],
    )
    residents, away, tally, depart = state.residents, state.away, state.tally, state.depart
    for place in facts.settled:
        if leavers[place] <= 0.0:
            continue
        salt, area = salts[place], area_of[place]
        luck, anybody = luck_of(_key(today, salt, area_salts[area]), salt), False
        for lane in range(first, last):
            people = binomial_quantile(residents[place, lane], depart[place, lane], luck)
            rows.people[row, lane] = people
            residents[place, lane] -= people
            away[place, lane] += people
            tally[lane, NEWLY_DISPLACED] += people
            anybody |= people > 0
        if anybody:
            key = mix(_key(choice, salt, area_salts[area]) ^ FROM_HOME)
            _add_row(rows, row, key, area, place, first, last)
            row += 1
    state.rows[0] = row


@njit(cache=True)
def _homes(facts: Facts, state: State, day: int) -> Homes:
    epoch, week = facts.epoch_of_day[day], day // 7
    return Homes(
        facts.area_start,
        facts.area_places,
        facts.quiet[week],
        facts.km[epoch],
        facts.place_salt,
        state.away,
        state.residents,
        state.is_ready,
        state.tally,
        state.person_km,
    )


@njit(cache=True)
def _decide_outside(facts: Facts, state: State, day: int, first: int, last: int) -> None:
    turn, rows, homes = day % (7 * DECIDE_WEEKS), rows_of(state), _homes(facts, state, day)
    areas, places, onward, row = facts.cohort_area, facts.cohort_place, facts.onward[day // 7], state.rows[0]
    salts, area_salts, today, share = facts.place_salt, facts.area_salt, state.today, facts.return_share
    displaced, left, took, guess = state.displaced, state.left, state.took, state.guess
    for cohort in range(facts.cohort_start[turn], facts.cohort_start[turn + 1]):
        area, place = areas[cohort], places[cohort]
        salt, area_salt, leaving = salts[place], area_salts[area], 0
        luck, home_key = (
            luck_of(_key(today[ONWARD], salt, area_salt), salt),
            _key(today[HOME], salt, area_salt),
        )
        home_luck = luck_of(_key(today[RETURN], salt, area_salt), salt)
        can_return = ready_homes(homes, area, place)
        chance = onward[place]
        for lane in range(first, last):
            left[lane - first] = displaced[area, place, lane]
        quantiles(left, last - first, chance, math.log1p(-min(chance, 0.5)), luck, took, guess)
        for lane in range(first, last):
            people, leave, home = left[lane - first], took[lane - first], 0
            if can_return:
                home = go_home(homes, lane, area, place, people - leave, share, home_luck, home_key)
            rows.people[row, lane] = leave
            displaced[area, place, lane] = people - leave - home
            leaving += leave
        if leaving > 0:
            key = mix(_key(today[CHOOSE], salt, area_salt) ^ FROM_STAY)
            _add_row(rows, row, key, area, place, first, last)
            row += 1
    state.rows[0] = row


@njit(cache=True)
def _decide_in_zones(facts: Facts, lanes: Lanes, state: State, day: int) -> None:
    turn, homes, row = day % (7 * DECIDE_WEEKS), _homes(facts, state, day), state.rows[0]
    rows, in_zone, today, onward = rows_of(state), state.in_zone, state.today, facts.onward[day // 7]
    areas, zones, hosts = facts.zone_cohort_area, facts.zone_cohort_zone, facts.zone_host
    zone_salts, share = facts.zone_salt, facts.return_share
    for cohort in range(facts.zone_cohort_start[turn], facts.zone_cohort_start[turn + 1]):
        area, zone = areas[cohort], zones[cohort]
        people, lane, home = in_zone[area, zone], lanes.zone_lane[zone], 0
        if people == 0:
            continue
        salt, area_salt, place = zone_salts[zone], facts.area_salt[area], hosts[zone]
        leave = binomial_quantile(people, onward[place], luck_of(_key(today[ONWARD], salt, area_salt), salt))
        if ready_homes(homes, area, place):
            luck, home_key = (
                luck_of(_key(today[RETURN], salt, area_salt), salt),
                _key(today[HOME], salt, area_salt),
            )
            home = go_home(homes, lane, area, place, people - leave, share, luck, home_key)
        in_zone[area, zone] = people - leave - home
        if leave > 0:
            rows.people[row, lane] = leave
            key = mix(_key(today[CHOOSE], salt, area_salt) ^ FROM_ZONE)
            _add_row(rows, row, key, area, place, lane, lane + 1)
            rows.not_zone[row] = zone
            row += 1
    state.rows[0] = row
