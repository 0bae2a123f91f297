"""Who is there at the start, and who sets out each day."""

from __future__ import annotations

from typing import Any

import numpy as np

from asylia.core.draws import fold, mix
from asylia.move.flee.bare import bare
from asylia.move.flee.cohorts import Cohorts, add, who
from asylia.move.flee.facts import (
    A_SHARE,
    BY_CHANCE,
    DAY,
    FROM_REPORTS,
    GROUP,
    RANDOM,
    ROW,
    SPAWN,
    STARTED,
    WAITING,
    Facts,
    State,
)
from asylia.move.flee.shares import part, some, whole


@bare
def first_people(facts: Facts, state: State, places: Cohorts, key: np.uint64) -> None:
    """Place those who are there before day 0."""
    for place in range(facts.people.size):
        people = whole(facts.people[place], state.here[0])
        if people > 0:
            _enter(facts, state, places, place, people, fold(fold(key, np.uint64(GROUP)), np.uint64(0)))


@bare
def newcomers(facts: Facts, state: State, places: Cohorts) -> None:
    """Place the newcomers of the day."""
    if facts.spawn == FROM_REPORTS:
        _from_reports(facts, state, places)
    else:
        _from_places(facts, state, places)


@bare
def _from_reports(facts: Facts, state: State, places: Cohorts) -> None:
    """Share the newcomers of the day out over the places people flee from; who cannot be placed waits."""
    left = whole(facts.newcomers[state.now[DAY]], state.here[0]) + state.total[WAITING]
    state.total[WAITING] = left
    if left <= 0 or _weigh_starts(facts, state) <= 0.0:
        return
    state.total[WAITING] = 0
    for turn in range(state.here.size):
        place, rest, after = facts.by_name[turn], state.start[turn], state.start[turn + 1]
        if rest <= after or left <= 0:
            continue
        here = left
        if after > 0.0:
            luck = mix(state.keys[SPAWN] ^ facts.place_salt[place])
            here = part(left, 1.0 - after / rest, luck, 0.0)
        if here > 0:
            _set_out(facts, state, places, place, here)
            left -= here


@bare
def _weigh_starts(facts: Facts, state: State) -> Any:
    """Add the weights of the places of origin up, from the last; return their sum."""
    row = state.now[ROW]
    for turn in range(state.here.size - 1, -1, -1):
        place = facts.by_name[turn]
        weight = state.residents[place] * (facts.origin[row, place] + facts.hungry[row, place])
        state.start[turn] = state.start[turn + 1] + weight
    return state.start[0]


@bare
def _from_places(facts: Facts, state: State, places: Cohorts) -> None:
    """Let a number or a share of the residents of each place set out, where fighting or floods say so."""
    for place in range(facts.place_salt.size):
        mean = facts.leaving[state.now[ROW], place]
        if mean <= 0.0:
            continue
        if facts.spawn == A_SHARE:
            mean *= state.residents[place]
        here = whole(np.floor(mean), state.here[0])
        if facts.spawn == BY_CHANCE:
            here = some(mean, mix(state.keys[RANDOM] ^ facts.place_salt[place]), state.here[0])
        if here > 0:
            _set_out(facts, state, places, place, here)


@bare
def _set_out(facts: Facts, state: State, places: Cohorts, place: int, people: Any) -> None:
    if facts.take:
        state.residents[place] = max(state.residents[place] - people, 0)
    _enter(facts, state, places, place, people, state.keys[GROUP])


@bare
def _enter(facts: Facts, state: State, places: Cohorts, place: int, people: Any, key: np.uint64) -> None:
    """Add people to a place, by group."""
    state.total[STARTED] += people
    fresh = 1 if facts.on_foot else 0
    left, rest = people, 1.0
    for group in range(facts.group_power.size):
        share = facts.group_share[place, group]
        if share <= 0.0 or left <= 0:
            continue
        here = left
        if share < rest * (1.0 - 1e-12):
            here = part(
                left, share / rest, mix(mix(key ^ facts.place_salt[place]) ^ facts.group_salt[group]), 0.0
            )
        rest -= share
        if here > 0:
            add(places, who(place, -1, group, fresh), 0, 0, 0, facts.grain, here)
            left -= here
