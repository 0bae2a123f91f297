"""Run worlds and label what happened: one member, and as many plans as it meets."""

from __future__ import annotations

from collections.abc import Sequence

from asylia.core.errors import RunError
from asylia.model.history import History
from asylia.move.facts import TRAPPED, TRAVELLING, Record, State
from asylia.move.lanes import Joined, blank, history, join, start, take_over
from asylia.move.step import run
from asylia.move.world import World


def simulate(world: World) -> History:
    """Run one plan and one member, day by day; see `simulate_all`."""
    return simulate_all((world,))[0]


def simulate_all(worlds: Sequence[World]) -> tuple[History, ...]:
    """Run the plans of one member side by side, day by day; each comes out as if it had run alone, to the byte.

    Parameters
    ----------
    worlds
        One a plan, of the same case and member.

    Raises
    ------
    RunError
        If people are not conserved on some day. Checked every day, exactly.
    """
    joined = join(worlds)
    state, record = run_days(worlds, joined)
    return tuple(
        history(world, joined, lane, state, record)
        for world, lane in zip(worlds, joined.lane_of, strict=True)
    )


def run_days(worlds: Sequence[World], joined: Joined) -> tuple[State, Record]:
    """Run all days; returns where everybody is in the end, and what was written down."""
    facts, lanes = joined.facts, joined.lanes
    state, record = start(facts, lanes), blank(facts, lanes)
    running = 1
    for begin, end in joined.stretches:
        running = _begin_lanes(joined, state, record, begin, running)
        first = 0 if begin < joined.lane_0_ends else 1
        broken = run(facts, lanes, state, record, begin, end, first, running)
        if broken >= 0:
            raise _missing(worlds, joined, int(state.rows[0]), broken, record)
    _begin_lanes(joined, state, record, facts.epoch_of_day.size, running)
    for lane in range(len(joined.begins)):
        zones = slice(lanes.zone_from[lane], lanes.zone_from[lane + 1])
        on_the_road = state.road[..., lane].sum() + state.zone_road[:, :, zones].sum()
        stuck = state.trapped[..., lane].sum() + state.held[..., lane].sum()
        # both are counted on the way only where they change
        if (on_the_road, stuck) != (state.tally[lane, TRAVELLING], state.tally[lane, TRAPPED]):
            raise _missing(worlds, joined, lane, facts.epoch_of_day.size, record)
    return state, record


def _begin_lanes(joined: Joined, state: State, record: Record, day: int, running: int) -> int:
    """Begin the lanes whose day has come; return how many have begun."""
    begun = sum(begin <= day for begin in joined.begins)
    if begun > running:
        take_over(joined.facts, joined.lanes, state, record, day, running, begun)
    return begun


def _missing(worlds: Sequence[World], joined: Joined, lane: int, day: int, record: Record) -> RunError:
    world = worlds[joined.lane_of.index(lane) if lane in joined.lane_of else 0]
    counts = record.counts[lane, :6, min(day, record.counts.shape[2] - 1)].tolist()
    return RunError(f'people went missing in plan "{world.plan}", member {world.member}, day {day}: {counts}')
