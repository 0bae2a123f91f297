"""The fitted rules on a recorded conflict: with draws that were fitted on others, and never on it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from asylia.io.fitted_data import read_draws, read_hosts
from asylia.model.fitted import FittedDraws
from asylia.model.replay import Observed, Replay, ReplayHistory
from asylia.move.fitted.ground import FittedGround, prepare
from asylia.move.fitted.run import expected_member, replay_member
from asylia.study.skill import pool_name

Table = NDArray[np.float64]


def draws_for(replay: Replay, *, capacities: bool) -> FittedDraws:
    """Return draws that were fitted without a conflict: those that left it out if it is of the pool, else the pooled.

    A conflict is known by its first day and the places people are counted in, or by its name.
    """
    own = [one for one in read_draws() if one.capacities is capacities]
    name = pool_name(replay)
    pooled = next(one for one in own if not one.left_out)
    return next((one for one in own if name and one.left_out == name), pooled)


def expected_people(
    replay: Replay, observed: Observed, *, draws: int, seed: int, capacities: bool = False
) -> Table:
    """Return expected people in camps under draws that were fitted without this conflict, float64 (draw, day, camp).

    Of `observed` only the first day's counts, the newcomers and the daily totals are read; each day adds up to its total.

    Parameters
    ----------
    observed
        Camps that are places of the replay (`study.displacement.scored`).
    """
    return expected_under(replay, observed, draws_for(replay, capacities=capacities), count=draws, seed=seed)


def expected_under(replay: Replay, observed: Observed, draws: FittedDraws, *, count: int, seed: int) -> Table:
    """Return expected people in camps under given draws, (draw, day, camp), each day scaled to its total."""
    found = np.stack([people for people, _ in _expected(replay, observed, draws, count, seed)])
    sums = found.sum(axis=2, keepdims=True)
    even = np.full_like(found, 1 / found.shape[2])
    shares = np.divide(found, sums, out=even, where=sums > 0)
    return np.asarray(shares * observed.people.sum(axis=1)[None, :, None])


def newcomer_shares(
    replay: Replay, observed: Observed, *, draws: int, seed: int, capacities: bool = False
) -> Table:
    """Return the shares of each day's newcomers over the camps, float64 (draw, day, camp); each day adds up to 1.

    See `expected_people`. A day on which no camp takes people in is shared evenly.
    """
    own = draws_for(replay, capacities=capacities)
    found = np.stack([shares for _, shares in _expected(replay, observed, own, draws, seed)])
    nobody = found.sum(axis=2, keepdims=True) <= 0
    return np.where(nobody, 1 / found.shape[2], found)


def members(
    replay: Replay, observed: Observed, numbers: Sequence[int], *, seed: int, capacities: bool
) -> list[ReplayHistory]:
    """Run members in whole persons, each with a draw of the parameters and luck of its own."""
    ground = ground_of(replay, observed, capacities=capacities)
    draws = draws_for(replay, capacities=capacities)
    return [replay_member(replay, ground, draws, seed=seed, member=number) for number in numbers]


def ground_of(replay: Replay, observed: Observed, *, capacities: bool) -> FittedGround:
    """Prepare a conflict by single days."""
    return prepare(replay, observed, read_hosts(), capacities=capacities)


def _expected(
    replay: Replay, observed: Observed, draws: FittedDraws, count: int, seed: int
) -> list[tuple[Table, Table]]:
    ground = ground_of(replay, observed, capacities=draws.capacities)
    return [expected_member(ground, draws, seed=seed, member=number) for number in range(count)]
