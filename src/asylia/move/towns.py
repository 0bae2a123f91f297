"""Groups spread over towns: the innermost loop, where most of the time goes.

Up to `ONE_BY_ONE` people choose one by one; of more, so many take the first option, so many of the others the second, and
so on. Both are exact: whole people, each with the same chances. In both the luck is the same under every plan: the first
ninety people of a group choose alike whether ninety or ninety-one are there. So what all plans have in common is chosen
once, and only the towns that anybody chose are looked up on the road, once for all plans.
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
SHARE: Final = 2
FLOATS: Final = 3
"""Columns of `Desk.floats`, and how many there are: what is used together lies together in memory."""
BEFORE: Final = 0
FOUND: Final = 1
CHOSE: Final = 2
ASKED: Final = 3
USED: Final = 4
INTEGERS: Final = 5
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
        float64 (option, FLOATS): luck, the normal quantile of it or 0 if nobody needed it yet, and the share when last needed.
    integers
        int64 (option, INTEGERS): people who last stood before the option, and how many of them took it; how many chose it of
        those whom all plans have; whether anybody may have chosen it; and the options in use, in order.
    drawn
        uint64 (person,), the draw of each of a few people.
    go
        Whole numbers as wide as those of the road, (option, lane): who takes an option under each plan. All 0 between groups.
    few
        int64 (lane,), people who choose one by one.
    far
        float64 (lane,), person-km.
    order
        int64 (lane,), plans with more people than that, fewest first: those with as many come one after the other.
    """

    floats: Floats
    integers: Ints
    drawn: Keys
    go: Ints
    few: Ints
    far: Floats
    order: Ints


@inner
def to_towns(number: int, rows: Rows, roads: Roads, options: Options, desk: Desk, today: int) -> None:
    """Send everybody who is left in the rows to towns."""
    table = options.table
    for row in range(number):
        begin, last, anybody = rows.first[row], rows.last[row], False
        while begin < last:
            end = begin + 1
            while end < last and table[end] == table[begin]:
                end += 1
            anybody |= _choose(rows, options, desk, row, begin, end)
            begin = end
        if anybody:
            _send(rows, roads, options, desk, row, today)


@inner
def _choose(rows: Rows, options: Options, desk: Desk, row: int, begin: int, end: int) -> bool:
    """Let the people of one group choose, under the plans from `begin` to before `end`; say whether there was anybody."""
    place, key, table = rows.place[row], rows.key[row], options.table[begin]
    least, most, many = ONE_BY_ONE, 0, 0
    for lane in range(begin, end):
        people = rows.people[row, lane]
        desk.few[lane] = 0
        if people > ONE_BY_ONE:
            many = _put_in_order(rows, row, lane, desk.order, many)
        elif people > 0:
            desk.few[lane] = people
            least, most = min(least, people), max(most, people)
    if most > 0:
        _choose_one_by_one(options, desk, place, key, (least, most), (begin, end))
        _hand_out(desk, options.number[place], begin, end)
    if many > 0:
        _draw_lucks(options, desk, place, key)
    for at in range(many):
        lane = desk.order[at]
        _spread(desk, options.share[table, place], options.rest[table, place], lane, rows.people[row, lane])
    return most + many > 0


@inner
def _put_in_order(rows: Rows, row: int, lane: int, order: Ints, number: int) -> int:
    """Add a plan to those in order of people; return how many plans."""
    people, at = rows.people[row, lane], number
    while at > 0 and rows.people[row, order[at - 1]] > people:
        order[at] = order[at - 1]
        at -= 1
    order[at] = lane
    return number + 1


@inner
def _draw_lucks(options: Options, desk: Desk, place: int, key: np.uint64) -> None:
    for option in range(options.number[place]):
        desk.integers[option, BEFORE] = -1
        desk.floats[option, LUCK] = to_unit(mix(key ^ options.salt[place, option]))
        desk.floats[option, NORMAL] = 0.0


@inner
def _choose_one_by_one(
    options: Options, desk: Desk, place: int, key: np.uint64, people: tuple[int, int], lanes: tuple[int, int]
) -> None:
    """Let each of a few people choose: with luck of their own, from the shares added up.

    Parameters
    ----------
    people
        How many are there under every plan that has any, and how many at most.
    lanes
        Plans from the first to before the second, with the same weights.
    """
    (least, most), (begin, end) = people, lanes
    table, drawn, integers = options.table[begin], desk.drawn, desk.integers
    up_to, first = options.up_to[table, place], options.first[table, place]
    for person in range(most):
        drawn[person] = mix(key + np.uint64(person + 1) * GOLDEN)
    for person in range(most):
        luck, option = to_unit(drawn[person]), np.int64(first[drawn[person] >> BELOW])
        # ends at the last open option at the latest: there the shares stand at 2
        while luck >= up_to[option]:
            option += 1
        integers[option, ASKED] = 1
        if person < least:
            integers[option, CHOSE] += 1
        else:
            for lane in range(begin, end):
                desk.go[option, lane] += desk.few[lane] > person


@inner
def _hand_out(desk: Desk, number: int, begin: int, end: int) -> None:
    """Add what the people chose whom all plans have."""
    go, few = desk.go, desk.few
    for option in range(number):
        chose = desk.integers[option, CHOSE]
        if chose > 0:
            desk.integers[option, CHOSE] = 0
            for lane in range(begin, end):
                go[option, lane] += chose * (few[lane] > 0)


@inner
def _spread(desk: Desk, shares: Floats, rests: Floats, lane: int, people: int) -> None:
    """Let the many people of one plan choose."""
    left, option = people, 0
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
            desk.go[option, lane] = go
            desk.integers[option, ASKED] = 1
            left -= go
        option += 1


@inner
def _send(rows: Rows, roads: Roads, options: Options, desk: Desk, row: int, today: int) -> None:
    """Put everybody on the road to what they chose, under all plans at once; `go` is empty again afterwards."""
    place, area, first, last = rows.place[row], rows.area[row], rows.first[row], rows.last[row]
    slots, areas, places, lanes = roads.road.shape
    road, go, far = roads.road_flat, desk.go, desk.far
    far[first:last] = 0.0
    for at in range(_in_use(desk, options.number[place])):
        option = desk.integers[at, USED]
        slot, km = today + options.days[place, option], options.km[place, option]
        if slot >= slots:
            slot -= slots
        cell = ((slot * areas + area) * places + options.place[place, option]) * lanes
        for lane in range(first, last):
            people = go[option, lane]
            road[cell + lane] += people
            far[lane] += people * km
            go[option, lane] = 0
    for lane in range(first, last):
        roads.tally[lane, TRAVELLING] += rows.people[row, lane]
        roads.person_km[lane] += far[lane]


@inner
def _in_use(desk: Desk, number: int) -> int:
    """List the options that anybody may have chosen, without a branch; return how many."""
    used, integers = 0, desk.integers
    for option in range(number):
        integers[used, USED] = option
        used += integers[option, ASKED]
        integers[option, ASKED] = 0
    return used
