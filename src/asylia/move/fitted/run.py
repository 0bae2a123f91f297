"""Run a recorded conflict once under the fitted rules: one member, in whole persons; or what is expected of a draw."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from asylia.core.draws import Stream, stable_ids, start_key, uniforms
from asylia.core.errors import RunError
from asylia.model.fitted import FittedDraws
from asylia.model.replay import Replay, ReplayHistory
from asylia.move.fitted.facts import Facts
from asylia.move.fitted.flow import flow
from asylia.move.fitted.ground import FittedGround
from asylia.move.fitted.parameters import COUNT, SPREADS
from asylia.move.fitted.people import Record, Road, run

KNOTS: Final = 4
"""Times, evenly spaced from the first day to the last, at which the luck of a camp is drawn anew; lines join them."""
LUCK_WIDTH: Final = 1.25
"""What the fitted spreads of the luck of countries and camps are multiplied with in a run. The fit takes the effect of luck
as linear and its misses as independent, both of which make it too sure: with 1 the ranges of conflicts left out held 85 %
of camp-days where 90 % was meant. Chosen on the pool, so what it gives there is no proof of what it gives elsewhere."""
ROOM_SPREAD: Final = 0.3
"""Standard deviation of the log of the people a camp takes over its stated capacity: the published settings have it
between 0.9 (a buffer) and 1.25 (a scaling), and camps of past wars held more."""

Table = NDArray[np.float64]


def replay_member(
    replay: Replay, ground: FittedGround, draws: FittedDraws, *, seed: int, member: int
) -> ReplayHistory:
    """Run all days of a recorded conflict once, in whole persons.

    Parameters
    ----------
    ground
        By single days; it may serve any number of runs.
    draws
        A member takes one of them, and luck of its own.

    Raises
    ------
    RunError
        If people are not conserved on some day. Checked every day, exactly.
    """
    facts, luck = _member(ground, draws, seed=seed, member=member)
    days, camps = facts.is_open.shape
    record = Record(
        people=np.zeros((days, camps), dtype=np.int64),
        travelling=np.zeros(days, dtype=np.int64),
        started=np.zeros(days, dtype=np.int64),
        waiting=np.zeros(days, dtype=np.int64),
    )
    # a way of less than a day's travel ends on the day it began
    road = Road(
        days=(ground.ways / replay.settings.max_move_speed).astype(np.int64),
        salt=stable_ids(list(ground.camps)),
    )
    values = draws.values[member % len(draws.values), :COUNT]
    broken = run(facts, values, luck, road, record, np.uint64(start_key(seed, Stream.FITTED, member)))
    if broken >= 0:
        raise RunError(f"people went missing in member {member}, day {broken}")
    places = tuple(replay.places["name"])
    people = np.zeros((days, len(places)), dtype=np.int64)
    people[:, [places.index(camp) for camp in ground.camps]] = record.people
    for array in (people, *record[1:]):
        array.setflags(write=False)
    return ReplayHistory(
        member=member, places=places, people=people, travelling=record.travelling, started=record.started,
        waiting=record.waiting,
    )  # fmt: skip


def expected_member(
    ground: FittedGround, draws: FittedDraws, *, seed: int, member: int
) -> tuple[Table, Table]:
    """Return what one draw expects: people in camps after each stretch, and the shares of newcomers, float64 (s, camp)."""
    facts, luck = _member(ground, draws, seed=seed, member=member)
    people, shares = flow(facts, draws.values[member % len(draws.values), :COUNT], luck)
    return people, shares


def _member(ground: FittedGround, draws: FittedDraws, *, seed: int, member: int) -> tuple[Facts, Table]:
    """Draw what the rules do not know: log factors of countries and camps, in time, and how far camps fill up."""
    country, camp, in_time = (draws.of(member, name) for name in SPREADS)
    own = normals(seed, member, stable_ids([f"camp {name}" for name in ground.camps]), KNOTS + 2)
    shared = normals(seed, member, stable_ids([f"country {name}" for name in ground.countries]), 1)[:, 0]
    when = ground.starts / max(ground.facts.days.sum() - 1, 1) * (KNOTS - 1)
    lines = np.stack([np.interp(when, np.arange(KNOTS), row) for row in own[:, 2:]], axis=1)
    luck = in_time * lines + LUCK_WIDTH * (camp * own[:, 0] + country * shared[ground.facts.country])
    return ground.facts._replace(room=ground.facts.room * np.exp(ROOM_SPREAD * own[:, 1])), luck


def normals(seed: int, member: int, ids: NDArray[np.uint64], number: int, *, day: int = 0) -> Table:
    """Draw standard normals, float64 (id, number); members come in pairs whose luck is mirrored, which steadies their mean."""
    drawn = ndtri(uniforms(seed, Stream.FITTED, member // 2, day, ids, number))
    return np.asarray(-drawn if member % 2 else drawn)
