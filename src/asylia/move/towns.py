"""Groups spread over towns: the innermost loop, where most of the time goes.

Up to `ONE_BY_ONE` people choose one by one; of more, so many take the first option, so many of the others the second, and
so on. Both are exact: whole people, each with the same chances. In both the luck is the same under every plan: the first
ninety people of a group choose alike whether ninety or ninety-one are there. Of a few people only the towns that anybody
chose are looked up on the road; the many of all plans stand before each town together. Most groups are as large under
one plan as under another, and then go as one.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from asylia.core.binomial_lanes import quantiles
from asylia.core.draws import GOLDEN, mix, to_unit
from asylia.core.kernels import inner, written_in
from asylia.move.facts import TRAVELLING, Floats, Ints, Keys, Roads, Rows, Shorts

ONE_BY_ONE: Final = 256
"""People of one group that choose one by one: with more of them the other way is faster."""
STRETCH_BITS: Final = 7
STRETCHES: Final = 2**STRETCH_BITS
"""Equal parts of the range of luck; the leading bits of a draw say in which of them its luck lies."""
BELOW: Final = np.uint64(64 - STRETCH_BITS)
CELL: Final = 0
CHOSE: Final = 1
CHOSEN: Final = 2
USED: Final = 3
INTEGERS: Final = 4
"""Columns of `Desk.integers`, and how many there are: what is used together lies together in memory."""


class Options(NamedTuple):
    """Towns people consider: how many, (place,), and (place, option), of one epoch; (table, place, option) for what the week says of them."""

    number: Ints
    place: Ints
    salt: Keys
    km: Floats
    days: Ints
    share: Floats
    rest: Floats
    up_to: Floats
    first: Shorts
    table: Ints


class Desk(NamedTuple):
    """What one group needs and has found so far: kept for the plans that come to it later.

    Attributes
    ----------
    integers
        int64 (option, INTEGERS): where they arrive, as an index of the flat road; how many of a few people chose it; whether
        anybody did, 1 or 0; and, from the first row on, the options somebody chose, in order.
    drawn
        uint64 (person,), the draw of each of a few people.
    choice
        int64 (person,), the option each of them takes.
    order
        int64 (lane,), plans with people left, fewest first: the choices of the few are then counted once.
    left, took, guess, until
        Scratch of those who are many, in that order and once for plans with as many people: not gone yet, gone to this town;
        see `core.binomial_lanes`; and where the next of them begin in the order.
    """

    integers: Ints
    drawn: Keys
    choice: Ints
    order: Ints
    left: Ints
    took: Ints
    guess: Floats
    until: Ints


@inner
def to_towns(number: int, rows: Rows, roads: Roads, options: Options, desk: Desk, today: int) -> None:
    """Send everybody who is left in the rows to towns."""
    for row in range(number):
        plans = _by_people(rows, row, desk.order)
        if plans > 0:
            few = _count_few(rows, row, desk.order, plans)
            _send_few(rows, roads, options, desk, row, few, today)
            _send_many(rows, roads, options, desk, row, few, plans, today)


@inner
def _by_people(rows: Rows, row: int, order: Ints) -> int:
    """Put the plans with anybody left in order, fewest people first; return how many plans."""
    number = 0
    for lane in range(rows.first[row], rows.last[row]):
        people, at = rows.people[row, lane], number
        if people == 0:
            continue
        while at > 0 and rows.people[row, order[at - 1]] > people:
            order[at] = order[at - 1]
            at -= 1
        order[at] = lane
        number += 1
    return number


@inner
def _count_few(rows: Rows, row: int, order: Ints, plans: int) -> int:
    """Count the plans whose people choose one by one: the first in order."""
    few = plans
    while few > 0 and rows.people[row, order[few - 1]] > ONE_BY_ONE:
        few -= 1
    return few


@inner
def _cell(rows: Rows, roads: Roads, options: Options, row: int, option: int, today: int) -> int:
    """Find where those who choose an option arrive, as an index of the flat road for the first plan."""
    slots, areas, places, lanes = roads.road.shape
    place = rows.place[row]
    slot = today + options.days[place, option]
    if slot >= slots:
        slot -= slots
    return int(((slot * areas + rows.area[row]) * places + options.place[place, option]) * lanes)


@inner
def _alike(rows: Rows, options: Options, row: int, order: Ints, at: int, plans: int) -> int:
    """Find the end of the plans in order, from one on, that have as many people and the same weights as it."""
    lane, end, table = order[at], at + 1, options.table
    while end < plans and rows.people[row, order[end]] == rows.people[row, lane]:
        if table[order[end]] != table[lane]:
            break
        end += 1
    return end


@written_in
def _send_few(rows: Rows, roads: Roads, options: Options, desk: Desk, row: int, few: int, today: int) -> None:
    """Send the people of those plans that have few: at once where plans have as many."""
    chosen_by, counted, used, at, integers = -1, 0, 0, 0, desk.integers
    place, road, order = rows.place[row], roads.road_flat, desk.order
    while at < few:
        people, table, far = rows.people[row, order[at]], options.table[order[at]], 0.0
        end = _alike(rows, options, row, order, at, few)
        if table != chosen_by:
            most = rows.people[row, order[few - 1]]
            _choose_one_by_one(options, desk, table, place, rows.key[row], most)
            used, chosen_by, counted = _in_use(desk, options.number[place]), table, 0
            for one in range(used):
                integers[one, CELL] = _cell(rows, roads, options, row, integers[one, USED], today)
        for person in range(counted, people):
            integers[desk.choice[person], CHOSE] += 1
        counted = people
        for one in range(used):
            option = integers[one, USED]
            go, cell = integers[option, CHOSE], integers[one, CELL]
            far += go * options.km[place, option]
            for each in range(at, end):
                road[cell + order[each]] += go
        for each in range(at, end):
            roads.tally[order[each], TRAVELLING] += people
            roads.person_km[order[each]] += far
        at = end


@inner
def _choose_one_by_one(
    options: Options, desk: Desk, table: int, place: int, key: np.uint64, people: int
) -> None:
    """Let each of a few people choose: with luck of their own, from the shares added up."""
    up_to, first, integers = options.up_to[table, place], options.first[table, place], desk.integers
    for town in range(options.number[place]):
        integers[town, CHOSE] = integers[town, CHOSEN] = 0
    for person in range(people):
        desk.drawn[person] = mix(key + np.uint64(person + 1) * GOLDEN)
    for person in range(people):
        drawn = desk.drawn[person]
        luck, option = to_unit(drawn), np.int64(first[drawn >> BELOW])
        # ends at the last open option at the latest: there the shares stand at 2
        while luck >= up_to[option]:
            option += 1
        desk.choice[person] = option
        integers[option, CHOSEN] = 1


@inner
def _in_use(desk: Desk, number: int) -> int:
    """List the options that somebody chose, without a branch; return how many."""
    used, integers = 0, desk.integers
    for option in range(number):
        integers[used, USED] = option
        used += integers[option, CHOSEN]
    return used


@written_in
def _send_many(
    rows: Rows, roads: Roads, options: Options, desk: Desk, row: int, few: int, plans: int, today: int
) -> None:
    """Send the people of those plans that have many: all plans with the same weights town by town."""
    table, begin = options.table, few
    while begin < plans:
        end = begin + 1
        while end < plans and table[desk.order[end]] == table[desk.order[begin]]:
            end += 1
        _spread(rows, roads, options, desk, row, begin, end, today)
        begin = end


@written_in
def _spread(  # noqa: C901 -- a part of it in a function of its own would be handed all these arrays for every town
    rows: Rows, roads: Roads, options: Options, desk: Desk, row: int, begin: int, end: int, today: int
) -> None:
    place, key, order = rows.place[row], rows.key[row], desk.order
    left, took, until = desk.left, desk.took, desk.until
    table, number, at = options.table[order[begin]], 0, begin
    shares, rests = options.share[table, place], options.rest[table, place]
    while at < end:
        # plans with as many people go as one
        at = _alike(rows, options, row, order, at, end)
        left[number], until[number], roads.far[number] = rows.people[row, order[at - 1]], at, 0.0
        number += 1
    for option in range(options.number[place]):
        share = shares[option]
        if share <= 0.0:
            continue
        if share < 1.0:
            luck = to_unit(mix(key ^ options.salt[place, option]))
            quantiles(left, number, share, rests[option], luck, took, desk.guess)
        cell, km, at = _cell(rows, roads, options, row, option, today), options.km[place, option], begin
        for one in range(number):
            go = took[one] if share < 1.0 else left[one]
            roads.far[one] += go * km
            left[one] -= go
            while at < until[one]:
                roads.road_flat[cell + order[at]] += go
                at += 1
        if share >= 1.0:
            break
    at = begin
    for one in range(number):
        while at < until[one]:
            roads.tally[order[at], TRAVELLING] += rows.people[row, order[at]]
            roads.person_km[order[at]] += roads.far[one]
            at += 1
