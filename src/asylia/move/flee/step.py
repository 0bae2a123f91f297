"""The days of the published rules, for cohorts. The order of a day stands in `move.flee.order`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from asylia.core.draws import fold
from asylia.move.flee.bare import bare
from asylia.move.flee.cohorts import USED, Cohorts, clear, empty_cohorts, enlarged, has_room, where_of
from asylia.move.flee.decide import decide_all
from asylia.move.flee.facts import DAY, EPOCH, ROW, STARTED, VERSION, WAITING, WAVE, Facts, Record, State
from asylia.move.flee.newcomers import first_people, newcomers
from asylia.move.flee.riders import Riders, no_riders
from asylia.move.flee.shares import FEW, nobody_lost
from asylia.move.flee.travel import travel
from asylia.move.flee.weigh import look

STRETCH = 64
"""Cohorts handled between two looks at the room in the tables."""


@njit(cache=True)
def run(facts: Facts, state: State, record: Record, key: np.uint64) -> int:
    """Run all days; return the first day on which people went missing, or -1. Changes `state` and `record`."""
    riders = no_riders(STRETCH * (_most_ways(facts) + FEW + 1), state.here)
    size = _first_size(facts, riders)
    today, later = empty_cohorts(state.here, size), empty_cohorts(state.here, size)
    come, next_come = empty_cohorts(state.here, size), empty_cohorts(state.here, size)
    first_people(facts, state, today, key)
    for day in range(facts.row_of_day.size):
        if not has_room(today, facts.group_share.size):
            today = enlarged(today)
        _begin_day(facts, state, today, day, key)
        table = today
        while table.meta[USED] > 0:
            look(facts, state)
            record.work[day] += table.meta[USED]
            row = 0
            while row < table.meta[USED]:
                row = _wave(facts, state, table, row, come, later, riders)
                if not has_room(come, _at_once(riders)):
                    come = enlarged(come)
                if not has_room(later, _at_once(riders)):
                    later = enlarged(later)
            clear(table)
            table, come, next_come = come, next_come, come
            state.now[WAVE] += 1
        today, later = later, today
        if not _close_day(state, record, today):
            return day
    return -1


@bare
def _at_once(riders: Riders) -> int:
    """Most cohorts that one stretch adds to a table: every rider may part into two, and everybody may stay."""
    return 2 * riders.who.size + STRETCH


@bare
def _first_size(facts: Facts, riders: Riders) -> int:
    """Power of two with room for a stretch and for everybody who enters on one day."""
    size = 1 << 10
    while size < _at_once(riders) or size < facts.group_share.size:
        size *= 2
    return size


@bare
def _wave(
    facts: Facts, state: State, table: Cohorts, begin: int, come: Cohorts, later: Cohorts, riders: Riders
) -> int:
    """Let cohorts of a table decide, and those on links travel, as long as there is room; return how far it came."""
    while begin < table.meta[USED] and has_room(come, _at_once(riders)) and has_room(later, _at_once(riders)):
        end = min(begin + STRETCH, table.meta[USED])
        decide_all(facts, state, table, begin, end, later, riders)
        travel(facts, state, riders, come, later)
        begin = end
    return begin


@bare
def _most_ways(facts: Facts) -> int:
    most = 0
    for place in range(facts.people.size):
        most = max(most, facts.way_begin[place + 1] - facts.way_begin[place])
    return most


@bare
def _begin_day(facts: Facts, state: State, today: Cohorts, day: int, key: np.uint64) -> None:
    """Take up the day's tables, and place the newcomers."""
    now, row, epoch = state.now, facts.row_of_day[day], facts.epoch_of_day[day]
    moving = facts.take and facts.pop_power != 0.0
    if day == 0 or row != now[ROW] or epoch != now[EPOCH] or moving:
        now[VERSION] += 1
        for place in range(state.here.size):
            state.move[place], state.is_town[place] = facts.move[row, place], facts.is_town[row, place]
            state.is_camp[place], state.send_on[place] = (
                facts.is_camp[row, place],
                facts.send_on[epoch, place],
            )
        for link in range(state.is_open.size):
            state.is_open[link] = facts.link_open[epoch, link]
    now[DAY], now[ROW], now[EPOCH], now[WAVE] = day, row, epoch, 0
    for purpose in range(state.keys.size):
        state.keys[purpose] = fold(fold(key, np.uint64(purpose)), np.uint64(day + 1))
    newcomers(facts, state, today)
    _count(state, today)


@bare
def _count(state: State, table: Cohorts) -> Any:
    """Count the people at places; return how many are between them."""
    for place in range(state.here.size):
        state.here[place] = 0
    between = state.total[STARTED] * 0
    for row in range(table.meta[USED]):
        where = where_of(table.first[row])
        if where < state.here.size:
            state.here[where] += table.people[row]
        else:
            between += table.people[row]
    return between


@bare
def _close_day(state: State, record: Record, table: Cohorts) -> bool:
    """Write the day down; False if people went missing."""
    day = state.now[DAY]
    travelling = _count(state, table)
    found = travelling
    for place in range(state.here.size):
        record.people[day, place] = state.here[place]
        found += state.here[place]
    record.travelling[day] = travelling
    record.started[day] = state.total[STARTED]
    record.waiting[day] = state.total[WAITING]
    return nobody_lost(found, state.total[STARTED])
