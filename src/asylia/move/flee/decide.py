"""Who stays at a place and who sets out, and by which way."""

from __future__ import annotations

from typing import Any

import numpy as np

from asylia.core.draws import GOLDEN, mix
from asylia.move.flee.bare import bare, inlined
from asylia.move.flee.cohorts import Cohorts, add, fresh_of, group_of, mean, route_of, where_of, who
from asylia.move.flee.facts import DECIDE, VERSION, WALK, WAVE, Facts, State
from asylia.move.flee.riders import Riders, ride
from asylia.move.flee.shares import few, part
from asylia.move.flee.weigh import refused, weigh


@bare
def decide_all(
    facts: Facts, state: State, table: Cohorts, begin: int, end: int, later: Cohorts, riders: Riders
) -> None:
    """Let the people at places stay until tomorrow or set out; those on links are on their way anyhow."""
    for row in range(begin, end):
        people = table.people[row]
        recent, distance = mean(table.recent[row], people), mean(table.distance[row], people)
        if where_of(table.first[row]) < facts.people.size:
            _decide(facts, state, table, row, recent, distance, later, riders)
        else:
            link = where_of(table.first[row]) - facts.people.size
            key = np.uint64(0)
            if facts.link_walk[link] > 0.0:
                key = key_of(facts, state, WALK, facts.link_salt[link], table.first[row], table.second[row])
            ride(riders, table.first[row], distance, 0, recent, people, key)


@inlined
def key_of(
    facts: Facts, state: State, purpose: int, salt: np.uint64, first: np.uint64, second: np.uint64
) -> np.uint64:
    """Key of a cohort's draws: the day, the place and the remaining route by name, and what else tells it apart."""
    key = mix(state.keys[purpose] ^ salt ^ (second * GOLDEN))
    route = route_of(first)
    if route >= 0:
        key = mix(key ^ facts.way_salt[route])
    return mix(key ^ facts.group_salt[group_of(first)]) + np.uint64(2 * state.now[WAVE] + fresh_of(first))


@inlined
def halved(facts: Facts, recent: int, today: int) -> int:
    """Recent travel as it will be tomorrow: the mean of what it was and today's."""
    return (recent + today) >> 1 if facts.avoid_short else 0


@inlined
def _decide(
    facts: Facts,
    state: State,
    table: Cohorts,
    row: int,
    recent: int,
    today: int,
    later: Cohorts,
    riders: Riders,
) -> None:
    """Let the people of one cohort at a place stay until tomorrow, or set out."""
    first, people = table.first[row], table.people[row]
    place, route, group = where_of(first), route_of(first), group_of(first)
    stay = people
    key = key_of(facts, state, DECIDE, facts.place_salt[place], first, table.second[row])
    if route >= 0:
        if not refused(facts, state, route):
            stay -= people
            _board(facts, riders, route, first, today, recent, people, key)
    else:
        if state.weighed_of[group, place] != state.now[VERSION]:
            weigh(facts, state, place, group)
        share = state.go[group, place]
        if not _forced(facts, state, place, recent, today):
            share *= state.move[place]
        going = part(people, share, mix(key), facts.dust)
        if going > 0:
            stay -= going
            _share_out(facts, state, riders, first, today, recent, going, key)
    if stay > 0:
        home = who(place, -1, group, fresh_of(first))
        add(later, home, halved(facts, recent, today), 0, 0, facts.grain, stay)
    state.here[place] -= people - stay


@inlined
def _forced(facts: Facts, state: State, place: int, recent: int, today: int) -> bool:
    """Say whether people move on from a town because they have not come far lately."""
    return facts.avoid_short and state.now[WAVE] > 0 and state.is_town[place] and recent + today < facts.speed


@inlined
def _board(
    facts: Facts,
    riders: Riders,
    way: int,
    first: np.uint64,
    today: int,
    recent: int,
    people: Any,
    key: np.uint64,
) -> None:
    """Put people on the first link of a way."""
    links_at = facts.people.size
    rider = who(links_at + facts.way_link[way], facts.way_rest[way], group_of(first), fresh_of(first))
    ride(riders, rider, 0, today, recent, people, key)


@inlined
def _share_out(
    facts: Facts,
    state: State,
    riders: Riders,
    first: np.uint64,
    today: int,
    recent: int,
    people: Any,
    key: np.uint64,
) -> None:
    """Share people out over the ways from a place, by weight."""
    place, group = where_of(first), group_of(first)
    begin, end = facts.way_begin[place], facts.way_begin[place + 1]
    if few(people, end - begin):
        for person in range(np.int64(people)):
            luck = mix(key + np.uint64(person + 2) * GOLDEN)
            way = _pick(state, group, begin, end, luck)
            _board(facts, riders, way, first, today, recent, people // people, luck)
    else:
        left = people
        for way in range(begin, end):
            weight = state.weight[group, way]
            if weight > 0.0 and left > 0:
                here, luck = left, mix(key ^ facts.way_salt[way])
                if weight < state.rest[group, way]:
                    here = part(left, weight / state.rest[group, way], luck, facts.dust)
                if here > 0:
                    _board(facts, riders, way, first, today, recent, here, luck)
                    left -= here


@inlined
def _pick(state: State, group: int, begin: int, end: int, key: np.uint64) -> int:
    """Return the way that one person takes."""
    target = (np.float64(key >> np.uint64(11)) + 0.5) * 2.0**-53 * state.rest[group, begin]
    low, high = begin, end - 1
    while low < high:
        middle = (low + high + 1) // 2
        if state.rest[group, middle] >= target:
            low = middle
        else:
            high = middle - 1
    return low
