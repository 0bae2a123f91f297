"""Plans side by side: the worlds of one member joined for the kernel, and taken apart again."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.errors import RunError
from asylia.model.history import COUNTS, RADII_KM, History
from asylia.move.facts import DECIDE_WEEKS, Facts, Lanes, Record, State
from asylia.move.tables import frozen
from asylia.move.towns import INTEGERS, ONE_BY_ONE, STRETCHES
from asylia.move.world import World

BY_ZONE: Final = ("zone_host", "zone_opens", "zone_ends", "zone_falls", "zone_salt")
"""Fields of `Facts` with the zones as their only axis."""
LAST_AXIS: Final = ("zone_km", "zone_weight", "admits", "zone_capacity", "zone_shut", "zone_flight")
"""Fields of `Facts` with the zones as their last axis."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Joined:
    """Worlds of one member, ready for the kernel.

    Parameters
    ----------
    begins
        First day of each lane; that of lane 0 is 0.
    lane_of
        Lane of each world, in the order they were given; worlds without a zone share lane 0, and worlds whose zones are
        the same in everything share one: plans that differ in money or services alone.
    lane_0_ends
        First day on which no world needs lane 0.
    """

    facts: Facts
    lanes: Lanes
    begins: tuple[int, ...]
    lane_of: tuple[int, ...]
    lane_0_ends: int

    @property
    def stretches(self) -> tuple[tuple[int, int], ...]:
        """Days from and to between which the same lanes run."""
        days = self.facts.epoch_of_day.size
        cuts = sorted({0, days, self.lane_0_ends, *self.begins})
        return tuple(itertools.pairwise(cuts))


def join(worlds: Sequence[World]) -> Joined:
    """Put the worlds of one member side by side: lane 0 without a zone, then those with zones by the day they begin.

    Raises
    ------
    RunError
        If the worlds are not of one member and one map.
    """
    if len({(world.member, world.places, world.areas) for world in worlds}) != 1:
        raise RunError("Only worlds of one member and one case can run side by side.")
    days = worlds[0].facts.epoch_of_day.size
    begin = [_begin(world.facts, days) for world in worlds]
    with_zones = sorted(
        (number for number, day in enumerate(begin) if worlds[number].zones), key=begin.__getitem__
    )
    lane_of, own = _own_lanes([world.facts for world in worlds], with_zones)
    needed = [day if world.zones else days for world, day in zip(worlds, begin, strict=True)]
    chosen = [worlds[number].facts for number in own]
    # room on the road for the longest trip under any of the plans
    slots = max(world.facts.slots for world in worlds)
    return Joined(
        facts=_join_zones(worlds[0].facts._replace(slots=slots), chosen),
        lanes=_lanes(worlds[0].facts, chosen),
        begins=(0, *(begin[number] for number in own)),
        lane_of=lane_of,
        lane_0_ends=max(needed),
    )


def _own_lanes(facts: Sequence[Facts], with_zones: Sequence[int]) -> tuple[tuple[int, ...], list[int]]:
    """Give each world its lane, and name the worlds whose zones no world before them has, in the order of their lanes."""
    own: list[int] = []
    lane_of = [0] * len(facts)
    for number in with_zones:
        alike = [one for one in own if _same_zones(facts[one], facts[number])]
        if not alike:
            own.append(number)
        lane_of[number] = own.index((alike or [number])[0]) + 1
    return tuple(lane_of), own


def _same_zones(one: Facts, other: Facts) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in BY_ZONE + LAST_AXIS)


def start(facts: Facts, lanes: Lanes) -> State:
    """Put everybody where they are on the first morning, in every lane."""
    number, zones = lanes.table.size, facts.zone_host.size
    areas, places = facts.stock.shape
    road: NDArray[Any] = np.zeros((facts.slots, areas, places, number), dtype=_wide_enough(facts))
    return State(
        residents=_for_all(facts.residents, number),
        away=_for_all(facts.away, number),
        displaced=_for_all(facts.stock, number),
        trapped=np.zeros((areas, places, number), dtype=np.int64),
        held=np.zeros((areas, places, number), dtype=np.int64),
        trapped_at=np.zeros((places, number), dtype=np.int64),
        held_at=np.zeros((places, number), dtype=np.int64),
        in_zone=np.zeros((areas, zones), dtype=np.int64),
        zone_full=np.zeros(zones, dtype=np.bool_),
        road=road,
        road_flat=road.reshape(-1),
        zone_road=np.zeros((facts.slots, areas, zones), dtype=np.int64),
        tally=np.zeros((number, len(COUNTS)), dtype=np.int64),
        exposure=np.zeros((number, len(RADII_KM))),
        person_km=np.zeros(number),
        zone_refused=np.zeros(zones, dtype=np.int64),
        today=np.zeros_like(facts.luck),
        rows=np.zeros(1, dtype=np.int64),
        **_tables(facts, lanes),
        **_scratch(facts, number),
    )


def _tables(facts: Facts, lanes: Lanes) -> dict[str, NDArray[Any]]:
    """Make room for what is renewed by the week or by the day."""
    number, (_, places, options) = lanes.table.size, facts.option_place.shape
    tables = int(lanes.table.max()) + 1
    by_option = {
        name: np.zeros((tables, places, options)) for name in ("option_share", "option_rest", "option_up_to")
    }
    return {
        **by_option,
        "option_from": np.zeros((tables, places, STRETCHES), dtype=np.int16),
        "depart": np.zeros((places, number)),
        "towns": np.zeros((tables, places)),
        "zones": np.zeros((places, facts.zone_host.size)),
    }


def _scratch(facts: Facts, number: int) -> dict[str, NDArray[Any]]:
    """Make room for the groups of a day, and for one group."""
    rows, places, options = _most_rows(facts, number), facts.residents.size, facts.option_place.shape[2]
    # several plans are worked out at once, a processor's way
    in_fours = -(-number // 4) * 4
    most_homes = int(np.diff(facts.area_start).max(initial=1))
    by_row = ("row_area", "row_place", "row_not_zone", "row_first", "row_last")
    whole: dict[str, int | tuple[int, ...]] = {
        **dict.fromkeys(by_row, rows),
        **dict.fromkeys(("left", "took"), in_fours),
        **dict.fromkeys(("order", "until"), number),
        "here": (places, number),
        "row_people": (rows, number),
        "desk": (options, INTEGERS),
        "choice": ONE_BY_ONE,
        "found": (facts.country_place.size + 1, 2),
    }
    return {
        **{name: np.zeros(shape, dtype=np.int64) for name, shape in whole.items()},
        "row_key": np.zeros(rows, dtype=np.uint64),
        "later": np.zeros(facts.zone_host.size),
        "is_ready": np.zeros(most_homes, dtype=np.bool_),
        "drawn": np.zeros(ONE_BY_ONE, dtype=np.uint64),
        "guess": np.zeros(in_fours),
        "far": np.zeros(number),
    }


def _wide_enough(facts: Facts) -> type[np.int32 | np.int64]:
    """Choose whole numbers for people on the road: half as wide where everybody fits, as memory is what it waits for."""
    everybody = int(facts.residents.sum() + facts.stock.sum())
    return np.int32 if everybody <= np.iinfo(np.int32).max else np.int64


def blank(facts: Facts, lanes: Lanes) -> Record:
    """Make an empty record."""
    days, number = facts.epoch_of_day.size, lanes.table.size
    return Record(
        counts=np.zeros((number, len(COUNTS), days), dtype=np.int64),
        exposure=np.zeros((number, len(RADII_KM), days)),
        person_km=np.zeros((number, days)),
        zone_people=np.zeros((facts.zone_host.size, days), dtype=np.int64),
    )


def take_over(
    facts: Facts, lanes: Lanes, state: State, record: Record, day: int, first: int, last: int
) -> None:
    """Begin the lanes from `first` to before `last` where lane 0 stands on the morning of a day."""
    new = slice(first, last)
    for array in (
        state.residents, state.away, state.displaced, state.trapped, state.held, state.trapped_at,
        state.held_at, state.road, state.depart,
    ):  # fmt: skip
        array[..., new] = array[..., :1]
    for array in (state.tally, state.exposure, state.person_km):
        array[new] = array[0]
    if lanes.table[first]:
        # a table a lane, under the same number
        for array in (state.option_share, state.option_rest, state.option_up_to, state.towns):
            array[new] = array[0]
        state.option_from[new] = state.option_from[0]
    for array in (record.counts, record.exposure, record.person_km):
        array[new, ..., :day] = array[0, ..., :day]
    zones = slice(lanes.zone_from[first], lanes.zone_from[last])
    # as the evening before would have found it
    state.zone_full[zones] = (facts.zone_capacity[max(day - 1, 0), zones] <= 0) & (day > 0)


def history(world: World, joined: Joined, lane: int, state: State, record: Record) -> History:
    """Take one world's history out of a record."""
    zones = slice(joined.lanes.zone_from[lane], joined.lanes.zone_from[lane + 1])
    arrays = {
        "counts": record.counts[lane],
        "exposure": record.exposure[lane],
        "person_km": record.person_km[lane],
        "displaced_at": state.displaced[:, :, lane].sum(axis=0),
        "zone_people": record.zone_people[zones],
        "zone_refused": state.zone_refused[zones],
    }
    for array in arrays.values():
        array.setflags(write=False)
    return History(plan=world.plan, member=world.member, places=world.places, zones=world.zones, **arrays)


def _for_all(array: NDArray[np.int64], lanes: int) -> NDArray[np.int64]:
    return np.repeat(array[..., None], lanes, axis=-1)


def _begin(facts: Facts, days: int) -> int:
    """Find the first day on which a plan may differ from none: no zone is open before."""
    return int(np.clip(facts.zone_opens.min(initial=days), 0, days))


def _lanes(facts: Facts, chosen: Sequence[Facts]) -> Lanes:
    zones = [0, *(each.zone_host.size for each in chosen)]
    limited = bool((facts.site_capacity >= 0).any())
    return Lanes(
        zone_from=frozen(np.concatenate([[0], np.cumsum(zones)]).astype(np.int64)),
        zone_lane=frozen(np.repeat(np.arange(len(zones)), zones).astype(np.int64)),
        table=frozen(np.arange(len(zones)) * limited),
    )


def _join_zones(facts: Facts, chosen: Sequence[Facts]) -> Facts:
    if not chosen:
        # a plan without zones: whatever is given first has none
        return facts
    joined = {
        name: np.concatenate([getattr(each, name) for each in chosen], axis=-1)
        for name in BY_ZONE + LAST_AXIS
    }
    before = np.cumsum([0, *(each.zone_host.size for each in chosen)])
    turns = np.arange(7 * DECIDE_WEEKS)
    turn = np.concatenate([np.repeat(turns, np.diff(each.zone_cohort_start)) for each in chosen])
    # stable: within a turn lane after lane, and within a lane the order it has alone
    order = np.argsort(turn, kind="stable")
    area = np.concatenate([each.zone_cohort_area for each in chosen])[order]
    zone = np.concatenate([each.zone_cohort_zone + at for each, at in zip(chosen, before[:-1], strict=True)])[
        order
    ]
    starts = np.searchsorted(turn[order], np.arange(7 * DECIDE_WEEKS + 1)).astype(np.int64)
    joined |= {"zone_cohort_start": starts, "zone_cohort_area": area, "zone_cohort_zone": zone}
    return facts._replace(**{name: frozen(array) for name, array in joined.items()})  # type: ignore[arg-type]  # names are checked by the tuple itself


def _most_rows(facts: Facts, lanes: int) -> int:
    """Count the groups that can set off in one day at most."""
    areas, places = facts.stock.shape[0], len(facts.settled)
    cohorts = int(np.diff(facts.cohort_start).max(initial=0))
    # leaving home, deciding, trapped (plan by plan), and in zones: deciding, turned out, or fled
    most: int = places + cohorts + lanes * areas * places + 3 * areas * len(facts.zone_host)
    return most
