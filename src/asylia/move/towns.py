"""Groups spread over towns: the innermost loop, where most of the time goes.

Up to `ONE_BY_ONE` people choose one by one; of more, so many take the first option, so many of the others the second, and
so on. Both are exact: whole people, each with the same chances. In both the luck is the same under every plan: the first
ninety people of a group choose alike whether ninety or ninety-one are there.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from asylia.core.binomial import FEW, normal_quantile, quantile_with_help
from asylia.core.draws import GOLDEN, mix, to_unit
from asylia.core.kernels import inner
from asylia.move.facts import TRAVELLING, Floats, Ints, Keys, Roads, Rows, Shorts

ONE_BY_ONE: Final = 256
"""People of one group that choose one by one: with more of them the other way is faster."""
STRETCH_BITS: Final = 7
STRETCHES: Final = 2**STRETCH_BITS
"""Equal parts of the range of luck; the leading bits of a draw say in which of them its luck lies."""
BELOW: Final = np.uint64(64 - STRETCH_BITS)
LUCK: Final = 0
NORMAL: Final = 1
KM: Final = 2
SHARE: Final = 3
FLOATS: Final = 4
"""Columns of `Desk.floats`, and how many there are: what is used together lies together in memory."""
CELL: Final = 0
BEFORE: Final = 1
FOUND: Final = 2
CHOSE: Final = 3
INTEGERS: Final = 4
"""Columns of `Desk.integers`."""


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
    """What one group needs and has found so far, by option: kept for the plans that come to it later.

    Attributes
    ----------
    floats
        float64 (option, FLOATS): luck, the normal quantile of it or 0 if nobody needed it yet, km, and the share when last
        needed.
    integers
        int64 (option, INTEGERS): where they arrive, as an index of the flat road; people who last stood before the option,
        and how many of them took it; how many of a few people chose it.
    choice
        int64 (person,), the option each of a few people takes.
    touched
        int64 (1,), never used: reading where people will be added brings those cells close, all at once.
    order
        int64 (lane,), plans with people left, fewest first: the choices of the few are then counted once.
    """

    floats: Floats
    integers: Ints
    choice: Ints
    touched: Ints
    order: Ints


@inner
def to_towns(number: int, rows: Rows, roads: Roads, options: Options, desk: Desk, today: int) -> None:
    """Send everybody who is left in the rows to towns."""
    for row in range(number):
        each, most = 0, 0
        for lane in range(rows.first[row], rows.last[row]):
            people = rows.people[row, lane]
            most = max(most, people)
            if people <= ONE_BY_ONE:
                each = max(each, people)
        if most == 0:
            continue
        _find_cells(rows, roads, options, desk, row, today)
        if most > ONE_BY_ONE:
            _draw_lucks(options, desk, rows.place[row], rows.key[row])
        _send_row(rows, roads, options, desk, row, each)


@inner
def _send_row(rows: Rows, roads: Roads, options: Options, desk: Desk, row: int, each: int) -> None:
    """Send one group, plan by plan; `each` people at most choose one by one."""
    place, key, chosen_by, counted = rows.place[row], rows.key[row], -1, 0
    for at in range(_by_people(rows, row, desk.order)):
        lane = desk.order[at]
        people, table = rows.people[row, lane], options.table[lane]
        if people > ONE_BY_ONE:
            share, rest = options.share[table, place], options.rest[table, place]
            far = _spread(desk, share, rest, roads.road_flat, lane, people)
        else:
            if table != chosen_by:
                _choose_one_by_one(options, desk, table, place, key, each)
                chosen_by, counted = table, 0
            _count_choices(desk, counted, people)
            counted, far = people, _send_counted(desk, roads.road_flat, options.number[place], lane)
        roads.tally[lane, TRAVELLING] += people
        roads.person_km[lane] += far


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
def _find_cells(rows: Rows, roads: Roads, options: Options, desk: Desk, row: int, today: int) -> None:
    """Work out where those who choose an option arrive, and bring those cells close."""
    place, area = rows.place[row], rows.area[row]
    slots, areas, places, lanes = roads.road.shape
    total = 0
    for option in range(options.number[place]):
        slot = today + options.days[place, option]
        if slot >= slots:
            slot -= slots
        cell = ((slot * areas + area) * places + options.place[place, option]) * lanes
        desk.integers[option, CELL] = cell
        desk.floats[option, KM] = options.km[place, option]
        total += roads.road_flat[cell]
    desk.touched[0] = total


@inner
def _draw_lucks(options: Options, desk: Desk, place: int, key: np.uint64) -> None:
    for option in range(options.number[place]):
        desk.integers[option, BEFORE] = -1
        desk.floats[option, LUCK] = to_unit(mix(key ^ options.salt[place, option]))
        desk.floats[option, NORMAL] = 0.0


@inner
def _choose_one_by_one(
    options: Options, desk: Desk, table: int, place: int, key: np.uint64, people: int
) -> None:
    """Let each of a few people choose: with luck of their own, from the shares added up."""
    up_to, first = options.up_to[table, place], options.first[table, place]
    state = key
    for person in range(people):
        state += GOLDEN
        drawn = mix(state)
        luck, option = to_unit(drawn), np.int64(first[drawn >> BELOW])
        # ends at the last open option at the latest: there the shares stand at 2
        while luck >= up_to[option]:
            option += 1
        desk.choice[person] = option


@inner
def _count_choices(desk: Desk, counted: int, people: int) -> None:
    """Count the choices of the first so many people, going on from those counted for a plan with no more."""
    if counted == 0:
        desk.integers[:, CHOSE] = 0
    for person in range(counted, people):
        desk.integers[desk.choice[person], CHOSE] += 1


@inner
def _send_counted(desk: Desk, road: Ints, number: int, lane: int) -> float:
    """Send people where they chose to go; return person-km."""
    far = 0.0
    for option in range(number):
        # also where nobody goes: asking would take longer
        people = desk.integers[option, CHOSE]
        road[desk.integers[option, CELL] + lane] += people
        far += people * desk.floats[option, KM]
    return far


@inner
def _spread(desk: Desk, shares: Floats, rests: Floats, road: Ints, lane: int, people: int) -> float:
    """Send the people of one plan to towns; return person-km."""
    left, option, far = people, 0, 0.0
    while left > 0:
        share, go = shares[option], left
        if share < 1.0:
            luck, go = desk.floats[option, LUCK], 0
            if luck > 1.0 - left * share:
                if left == desk.integers[option, BEFORE] and share == desk.floats[option, SHARE]:
                    go = desk.integers[option, FOUND]
                else:
                    normal = desk.floats[option, NORMAL]
                    if normal == 0.0 and left * share * (1.0 - share) > FEW:
                        normal = normal_quantile(luck)
                        desk.floats[option, NORMAL] = normal
                    go = quantile_with_help(left, share, rests[option], luck, normal)
                    desk.integers[option, BEFORE], desk.floats[option, SHARE] = left, share
                    desk.integers[option, FOUND] = go
        if go > 0:
            road[desk.integers[option, CELL] + lane] += go
            far += go * desk.floats[option, KM]
            left -= go
        option += 1
    return far
