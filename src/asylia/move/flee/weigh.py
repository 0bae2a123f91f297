"""How people choose where to go: weights of the ways from a place, as they stand at the start of a wave."""

from __future__ import annotations

from typing import Any

from asylia.move.flee.bare import bare, inlined
from asylia.move.flee.facts import ROW, VERSION, Facts, State

TOO_FULL = 0.5
"""Capacity factor below which people do not set out for a camp."""
STALE = -1


@bare
def look(facts: Facts, state: State) -> None:
    """See how much room is left where there is a limit; whoever sees a change weighs again."""
    for place in facts.limited:
        room = _room(state.here[place], facts.full[place], facts.buffer)
        if room != state.room[place]:
            state.room[place] = room
            for row in range(facts.seen_begin[place], facts.seen_begin[place + 1]):
                for group in range(facts.group_power.size):
                    state.weighed_of[group, facts.seen_from[row]] = STALE


@bare
def _room(people: Any, full: float, buffer: float) -> Any:
    """Return the capacity factor: 1 up to a share `buffer` of the capacity, 0 from the capacity on."""
    if people <= buffer * full:
        return 1.0
    if people >= full:
        return 0.0
    return 1.0 - (people - buffer * full) / (full * (1.0 - buffer))


@inlined
def refused(facts: Facts, state: State, way: int) -> bool:
    """Say whether a way may not be set out on: its first link is closed, or its end is a camp that is too full."""
    end = facts.way_end[way]
    return not state.is_open[facts.way_link[way]] or (state.is_camp[end] and state.room[end] < TOO_FULL)


@bare
def weigh(facts: Facts, state: State, place: int, group: int) -> None:
    """Bring the weights of the ways from a place up to date.

    `weight` holds those that may be set out on, `rest` the sum from each way on, and `go` the share of people
    whose choice may be set out on: the others stay for the day.
    """
    if state.base_of[group, place] != state.now[VERSION]:
        _rebase(facts, state, place, group)
    state.weighed_of[group, place] = state.now[VERSION]
    begin, end = facts.way_begin[place], facts.way_begin[place + 1]
    best = _weigh_all(facts, state, group, begin, end)
    if facts.pruning > 1.001:
        for way in range(begin, end):
            if state.weight[group, way] < best / facts.pruning:
                state.weight[group, way] = 0.0
    _sum_up(facts, state, group, place, best)


@bare
def _weigh_all(facts: Facts, state: State, group: int, begin: int, end: int) -> float:
    best = 0.0
    for way in range(begin, end):
        weight = state.base[group, way] * state.room[facts.way_end[way]]
        if facts.weight_power != 1.0:
            weight = weight**facts.weight_power
        if not _usable(facts, state, way):
            weight = 0.0
        state.weight[group, way] = weight
        best = max(best, weight)
    return best


@bare
def _usable(facts: Facts, state: State, way: int) -> bool:
    """Say whether a way is one to choose: every link is open, and it does not end at a marker."""
    if not facts.way_option[way]:
        return False
    while way >= 0:
        if not state.is_open[facts.way_link[way]]:
            return False
        way = facts.way_rest[way]
    return True


@bare
def _sum_up(facts: Facts, state: State, group: int, place: int, best: float) -> None:
    begin, end = facts.way_begin[place], facts.way_begin[place + 1]
    total, allowed = 0.0, 0.0
    for way in range(end - 1, begin - 1, -1):
        weight = state.weight[group, way]
        if best <= 0.0:
            weight = 1.0 if _usable(facts, state, way) else 0.0
        weight *= facts.way_many[way]
        total += weight
        if weight > 0.0 and refused(facts, state, way):
            weight = 0.0
        allowed += weight
        state.weight[group, way] = weight
        state.rest[group, way] = allowed
    state.go[group, place] = allowed / total if total > 0.0 else 0.0


@bare
def _rebase(facts: Facts, state: State, place: int, group: int) -> None:
    """Work out the weights without capacity, once for each version of the day tables."""
    state.base_of[group, place] = state.now[VERSION]
    for way in range(facts.way_begin[place], facts.way_begin[place + 1]):
        score = _appeal(facts, state, place, facts.way_end[way], group)
        state.base[group, way] = (facts.weight_softening + score) * facts.way_near[way]


@bare
def _appeal(facts: Facts, state: State, place: int, end: int, group: int) -> Any:
    """Score of an end as a group sees it from a place."""
    score = facts.score[state.now[ROW], end] ** facts.group_power[group]
    if facts.stay_close:
        home = facts.group_home[group]
        score *= facts.home_near[place if home < 0 else home, end]
    if facts.pop_power != 0.0 and not state.is_camp[end]:
        score *= max(1.0, state.residents[end]) ** facts.pop_power
    return score
