"""Run the recorded conflict once: one member, or the expected flow."""

from __future__ import annotations

from typing import Any

import numpy as np

from asylia.core.draws import Stream, start_key
from asylia.core.errors import RunError
from asylia.model.replay import ReplayHistory
from asylia.move.flee.facts import PURPOSES, Facts, Record, State
from asylia.move.flee.ground import Ground
from asylia.move.flee.step import run
from asylia.move.flee.weigh import STALE


def replay_days(ground: Ground, *, seed: int, member: int, expected: bool = False) -> ReplayHistory:
    """Run all days of a recorded conflict.

    Parameters
    ----------
    ground
        From `prepare`; it may serve any number of runs.
    seed, member
        Key of every draw.
    expected
        Share people out as real numbers, without luck: the expected flow, for calibration.

    Raises
    ------
    RunError
        If people are not conserved on some day. Checked every day, exactly (to rounding for the expected flow).
    """
    facts = ground.facts
    kind = np.float64 if expected else np.int64
    record = _blank(facts, kind)
    broken = run(facts, _start(facts, kind), record, np.uint64(start_key(seed, Stream.REPLAY, member)))
    if broken >= 0:
        raise RunError(
            f"people went missing in member {member}, day {broken}: {record.people[broken].sum()} at places, "
            f"{record.travelling[broken]} between them, {record.started[broken]} have started"
        )
    for array in record:
        array.setflags(write=False)
    return ReplayHistory(
        member=member,
        places=ground.places,
        people=record.people,
        travelling=record.travelling,
        started=record.started,
        waiting=record.waiting,
    )


def _start(facts: Facts, kind: Any) -> State:
    places, groups, ways = facts.people.size, facts.group_power.size, facts.way_link.size
    return State(
        here=np.zeros(places, dtype=kind),
        room=np.ones(places),
        residents=facts.population.astype(kind),
        total=np.zeros(2, dtype=kind),
        move=np.zeros(places),
        is_town=np.zeros(places, dtype=np.bool_),
        is_camp=np.zeros(places, dtype=np.bool_),
        send_on=np.zeros(places, dtype=np.int64),
        is_open=np.zeros(facts.link_start.size, dtype=np.bool_),
        base=np.zeros((groups, ways)),
        weight=np.zeros((groups, ways)),
        rest=np.zeros((groups, ways)),
        go=np.zeros((groups, places)),
        base_of=np.full((groups, places), STALE),
        weighed_of=np.full((groups, places), STALE),
        now=np.zeros(5, dtype=np.int64),
        keys=np.zeros(PURPOSES, dtype=np.uint64),
        start=np.zeros(places + 1),
    )


def _blank(facts: Facts, kind: Any) -> Record:
    days, places = facts.row_of_day.size, facts.people.size
    return Record(
        people=np.zeros((days, places), dtype=kind),
        travelling=np.zeros(days, dtype=kind),
        started=np.zeros(days, dtype=kind),
        waiting=np.zeros(days, dtype=kind),
        work=np.zeros(days, dtype=np.int64),
    )
