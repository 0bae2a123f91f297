"""Arriving: abroad, in a town, or at a zone that takes people in until it is full."""

from __future__ import annotations

from numba import njit

from asylia.core.kernels import inner
from asylia.move.count import in_one_zone
from asylia.move.facts import ABROAD, CROSSED, REFUSED, TRAVELLING, Facts, Ints, Lanes, State
from asylia.move.week import is_open


@njit(cache=True)
def arrive(facts: Facts, lanes: Lanes, state: State, day: int, last: int) -> None:
    """Let those due today arrive."""
    slot, road, displaced, tally, abroad = (
        day % facts.slots,
        state.road,
        state.displaced,
        state.tally,
        facts.country_place,
    )
    _arrive_in_towns(road[slot], displaced, state.here, abroad, tally)
    due, in_zone, capacity, host = (
        state.zone_road[slot],
        state.in_zone,
        facts.zone_capacity[day],
        facts.zone_host,
    )
    opens, ends, falls, shut = facts.zone_opens, facts.zone_ends, facts.zone_falls, facts.zone_shut[day // 7]
    for zone in range(lanes.zone_from[last]):
        lane, room = lanes.zone_lane[zone], 0
        if is_open(opens, ends, falls, zone, day) and not shut[zone]:
            room = max(0, capacity[zone] - in_one_zone(in_zone, zone))
        refused = _arrive_at_zone(due, in_zone, displaced[:, :, lane], tally[lane], zone, host[zone], room)
        state.zone_refused[zone] += refused


@njit(cache=True)
def _arrive_in_towns(due: Ints, displaced: Ints, here: Ints, abroad: Ints, tally: Ints) -> None:
    here[:] = 0
    _add_and_clear(
        due.reshape(due.shape[0], here.size),
        displaced.reshape(due.shape[0], here.size),
        here.reshape(here.size),
    )
    for lane in range(tally.shape[0]):
        for place in range(here.shape[0]):
            tally[lane, TRAVELLING] -= here[place, lane]
        for place in abroad:
            tally[lane, ABROAD] += here[place, lane]
            tally[lane, CROSSED] += here[place, lane]
            displaced[:, place, lane] = 0


@inner
def _add_and_clear(due: Ints, displaced: Ints, here: Ints) -> None:
    for area in range(due.shape[0]):
        for cell in range(due.shape[1]):
            here[cell] += due[area, cell]
            displaced[area, cell] += due[area, cell]
            due[area, cell] = 0


@inner
def _arrive_at_zone(
    due: Ints, in_zone: Ints, displaced: Ints, tally: Ints, zone: int, host: int, room: int
) -> int:
    """Let in as many as there is room for; return how many are refused and stay at the place of the zone."""
    come = in_one_zone(due, zone)
    if come == 0:
        return 0
    admitted = min(come, room)
    before, taken = 0, 0
    for area in range(due.shape[0]):
        # running shares, rounded down: every area its part to within one person, the sum exact
        before += due[area, zone]
        enter = part_of(admitted, before, come) - taken
        taken += enter
        in_zone[area, zone] += enter
        displaced[area, host] += due[area, zone] - enter
        due[area, zone] = 0
    tally[TRAVELLING] -= come
    tally[REFUSED] += come - admitted
    return come - admitted


@inner
def part_of(people: int, part: int, whole: int) -> int:
    """Return people * part // whole without overflow for populations of billions."""
    each, rest = people // whole, people % whole
    return each * part + (rest * part) // whole
