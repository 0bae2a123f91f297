"""What changes by the week or with the open ways: chances of leaving home and weights of destinations."""

from __future__ import annotations

import math

from numba import njit

from asylia.move.facts import IN_ZONES, OUTSIDE, RESIDENTS, TRAPPED, Facts, State


@njit(cache=True)
def refresh(facts: Facts, state: State, day: int) -> None:
    """Renew the tables of `state` that hold until the next week or the next change of open ways."""
    week = day // 7
    if day % 7 == 0:
        _chance_of_leaving(facts, state, week)
    epoch = facts.epoch_of_day[day]
    for place in facts.settled:
        _weigh_towns(facts, state, epoch, week, place)


@njit(cache=True)
def weigh_zones(facts: Facts, state: State, day: int) -> None:
    """Renew the weights of zones: 0 for one that is not open, less for one that was full last evening.

    Where there is nowhere else to go, a full zone is no way out: people there are trapped until it has room.
    """
    epoch = facts.epoch_of_day[day]
    for zone in range(facts.zone_host.size):
        factor = 0.0
        if zone_open(facts, zone, day):
            factor = facts.hazard[day // 7, facts.zone_host[zone]]
            if state.zone_full[zone]:
                factor *= facts.full_weight
        for place in facts.settled:
            state.zones[place, zone] = facts.zone_weight[epoch, place, zone] * factor
            if state.zone_full[zone] and state.towns[place] <= 0.0:
                state.zones[place, zone] = 0.0


@njit(cache=True)
def zone_open(facts: Facts, zone: int, day: int) -> bool:
    """Say whether a zone lets people in today, if it has room."""
    return bool(facts.zone_opens[zone] <= day < min(facts.zone_ends[zone], facts.zone_falls[zone]))


@njit(cache=True)
def changed(facts: Facts, day: int) -> bool:
    """Say whether a week begins or the open ways change today."""
    return day % 7 == 0 or bool(facts.epoch_of_day[day] != facts.epoch_of_day[day - 1])


@njit(cache=True)
def _chance_of_leaving(facts: Facts, state: State, week: int) -> None:
    for place in facts.settled:
        share = 0.0
        if state.residents[place] > 0:
            share = min(facts.leavers[week, place] / state.residents[place], facts.largest_departure)
        state.depart[place] = -math.expm1(math.log1p(-min(share, 0.999999)) / 7.0)


@njit(cache=True)
def _weigh_towns(facts: Facts, state: State, epoch: int, week: int, place: int) -> None:
    """Conditional shares from the last option to the first, so the last open one takes the rest."""
    total = 0.0
    for back in range(facts.option_count[epoch, place]):
        option = facts.option_count[epoch, place] - 1 - back
        target = facts.option_place[epoch, place, option]
        weight = facts.option_weight[epoch, place, option] * facts.hazard[week, target]
        if facts.site_capacity[target] >= 0 and _people_at(state, target) >= facts.site_capacity[target]:
            weight = 0.0
        share = 0.0
        if weight > 0.0:
            share = 1.0 if total <= 0.0 else weight / (total + weight)
        total += weight
        state.option_share[place, option] = share
        state.option_rest[place, option] = math.log1p(-share) if share < 1.0 else 0.0
    state.towns[place] = total


@njit(cache=True)
def _people_at(state: State, place: int) -> int:
    people = int(state.residents[place])
    for area in range(state.displaced.shape[0]):
        people += state.displaced[area, place] + state.trapped[area, place]
    return people


@njit(cache=True)
def count_people(facts: Facts, state: State, day: int) -> None:
    """Count everybody in the country afresh, and add up exposure for those displaced and not travelling."""
    week = day // 7
    displaced, trapped, held = state.displaced, state.trapped, state.held
    outside, stuck_all = 0, 0
    for place in facts.settled:
        here, stuck = 0, 0
        for area in range(displaced.shape[0]):
            here += displaced[area, place]
            stuck += trapped[area, place] + held[area, place]
        outside += here
        stuck_all += stuck
        _expose(facts, state, week, place, here + stuck)
    in_zones = 0
    for zone in range(facts.zone_host.size):
        people = state.in_zone[:, zone].sum()
        in_zones += people
        _expose(facts, state, week, facts.zone_host[zone], people)
        state.zone_full[zone] = people >= facts.zone_capacity[zone]
    state.tally[RESIDENTS] = state.residents.sum()
    state.tally[IN_ZONES] = in_zones
    state.tally[OUTSIDE] = outside
    state.tally[TRAPPED] = stuck_all


@njit(cache=True)
def _expose(facts: Facts, state: State, week: int, place: int, people: int) -> None:
    if people > 0 and facts.near[week, 0, place] > 0.0:
        for radius in range(3):
            state.exposure[radius] += people * facts.near[week, radius, place]
