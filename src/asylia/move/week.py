"""What changes by the week or with the open ways: chances of leaving home and weights of destinations."""

from __future__ import annotations

import math
from typing import NamedTuple

from numba import njit

from asylia.core.kernels import inner
from asylia.move.facts import Facts, Flags, Floats, Ints, Lanes, Shorts, State


class _Towns(NamedTuple):
    """The destinations of one epoch and week, and the people at them in one lane."""

    number: Ints
    place: Ints
    weight: Floats
    hazard: Floats
    limit: Ints
    residents: Ints
    displaced: Ints
    trapped_at: Ints


@njit(cache=True)
def refresh(facts: Facts, lanes: Lanes, state: State, day: int, first: int, last: int) -> None:
    """Renew the tables of `state` that hold until the next week or the next change of open ways."""
    epoch, week, settled = facts.epoch_of_day[day], day // 7, facts.settled
    done = -1
    for lane in range(first, last):
        residents = state.residents[:, lane]
        if day % 7 == 0:
            leavers, most = facts.leavers[week], facts.largest_departure
            _chance_of_leaving(settled, residents, leavers, most, state.depart[:, lane])
        table = lanes.table[lane]
        if table == done:
            continue
        done = table
        towns = _Towns(
            facts.option_count[epoch],
            facts.option_place[epoch],
            facts.option_weight[epoch],
            facts.hazard[week],
            facts.site_capacity,
            residents,
            state.displaced[:, :, lane],
            state.trapped_at[:, lane],
        )
        _weigh_towns(settled, towns, state.option_share[table], state.option_rest[table], state.towns[table])
        _add_up(settled, towns.number, state.option_share[table], state.option_up_to[table])
        _find_first(settled, state.option_up_to[table], state.option_from[table])


@njit(cache=True)
def weigh_zones(facts: Facts, lanes: Lanes, state: State, day: int, last: int) -> None:
    """Renew the weights of zones: 0 for one that is not open or shut under attack, less for one that was full last evening.

    Where there is nowhere else to go, a full zone is no way out: people there are trapped until it has room.
    """
    epoch, hazard, full = facts.epoch_of_day[day], facts.hazard[day // 7], state.zone_full
    if last == 1:
        return
    weight, zones, towns, settled = facts.zone_weight[epoch], state.zones, state.towns, facts.settled
    opens, ends, falls, host = facts.zone_opens, facts.zone_ends, facts.zone_falls, facts.zone_host
    shut = facts.zone_shut[day // 7]
    for zone in range(lanes.zone_from[last]):
        factor = 0.0
        if is_open(opens, ends, falls, zone, day) and not shut[zone]:
            factor = hazard[host[zone]]
            if full[zone]:
                factor *= facts.full_weight
        _weigh_zone(settled, weight, factor, full, towns[lanes.table[lanes.zone_lane[zone]]], zone, zones)


@inner
def is_open(opens: Ints, ends: Ints, falls: Ints, zone: int, day: int) -> bool:
    """Say whether a zone lets people in today, if it has room."""
    return bool(opens[zone] <= day < min(ends[zone], falls[zone]))


@njit(cache=True)
def changed(facts: Facts, day: int) -> bool:
    """Say whether a week begins or the open ways change today."""
    return day % 7 == 0 or bool(facts.epoch_of_day[day] != facts.epoch_of_day[day - 1])


@inner
def _weigh_zone(
    settled: Ints, weight: Floats, factor: float, full: Flags, towns: Floats, zone: int, out: Floats
) -> None:
    for place in settled:
        out[place, zone] = weight[place, zone] * factor
        if full[zone] and towns[place] <= 0.0:
            out[place, zone] = 0.0


@inner
def _chance_of_leaving(settled: Ints, residents: Ints, leavers: Floats, most: float, depart: Floats) -> None:
    for place in settled:
        depart[place] = 0.0
        if residents[place] > 0 and leavers[place] > 0.0:
            share = min(leavers[place] / residents[place], most)
            depart[place] = -math.expm1(math.log1p(-min(share, 0.999999)) / 7.0)


@inner
def _weigh_towns(settled: Ints, towns: _Towns, shares: Floats, rests: Floats, total_weight: Floats) -> None:
    """Conditional shares from the last option to the first, so the last open one takes the rest."""
    for place in settled:
        total = 0.0
        for option in range(towns.number[place] - 1, -1, -1):
            target = towns.place[place, option]
            weight = towns.weight[place, option] * towns.hazard[target]
            if towns.limit[target] >= 0 and _people_at(towns, target) >= towns.limit[target]:
                weight = 0.0
            share = 0.0
            if weight > 0.0:
                share = 1.0 if total <= 0.0 else weight / (total + weight)
            total += weight
            shares[place, option] = share
            rests[place, option] = math.log1p(-share) if share < 1.0 else 0.0
        total_weight[place] = total


@inner
def _people_at(towns: _Towns, place: int) -> int:
    people = int(towns.residents[place] + towns.trapped_at[place])
    for area in range(towns.displaced.shape[0]):
        people += int(towns.displaced[area, place])
    return people


@inner
def _add_up(settled: Ints, count: Ints, shares: Floats, up_to: Floats) -> None:
    """Add up the shares of all options, best first; above 1 from the last one that is open on."""
    for place in settled:
        taken, rest = 0.0, 1.0
        for option in range(up_to.shape[1]):
            share = shares[place, option] if option < count[place] else 1.0
            taken += rest * share
            rest *= 1.0 - share
            up_to[place, option] = taken if share < 1.0 else 2.0
            if share >= 1.0:
                taken = 2.0


@inner
def _find_first(settled: Ints, up_to: Floats, first: Shorts) -> None:
    """Find for each stretch of luck the first option it can choose, so that a choice need not look at those before it."""
    # a power of two, so that the product is exact
    options, stretches, width = up_to.shape[1], first.shape[1], 1.0 / first.shape[1]
    for place in settled:
        option = 0
        for stretch in range(stretches):
            while option < options and up_to[place, option] <= stretch * width:
                option += 1
            first[place, stretch] = option
