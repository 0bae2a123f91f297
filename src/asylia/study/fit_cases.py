"""Bring recorded conflicts into the form they are fitted in: some thirty stretches of days, short ones first."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.model.fitted import HostCountries
from asylia.model.replay import Observed, Replay
from asylia.move.fitted.ground import prepare
from asylia.study.fit import PARTS, FitCase, fit_case_of

STRETCHES: Final = 16
"""Of even length, and as many that grow: at most twice as many in all."""


def fit_case(replay: Replay, observed: Observed, hosts: HostCountries, *, capacities: bool) -> FitCase:
    """Prepare one conflict for the fit.

    Parameters
    ----------
    observed
        Camps that are places of the replay.
    """
    starts = stretches(replay.days)
    ground = prepare(replay, observed, hosts, capacities=capacities, starts=starts)
    weights, shares = _parts(observed.people, starts)
    return fit_case_of(replay.id, ground.facts, weights, shares)


def stretches(days: int) -> NDArray[np.int64]:
    """Return the first day of each stretch, rising from 0.

    >>> stretches(3).tolist()
    [0, 1, 2]
    """
    even, growing = np.linspace(0, days, STRETCHES + 1), np.geomspace(1, days, STRETCHES + 1)
    starts = np.unique(np.concatenate([even, growing]).astype(np.int64))
    return starts[starts < days]


def _parts(
    people: NDArray[np.int64], starts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the weights of stretches by part of the days, and the mean shares of camps over each part."""
    days = len(people)
    part = np.minimum(np.arange(days) * PARTS // days, PARTS - 1)
    totals = people.sum(axis=1)
    stretch = np.searchsorted(starts, np.arange(days), side="right") - 1
    weights = np.zeros((PARTS, starts.size))
    np.add.at(weights, (part[totals > 0], stretch[totals > 0]), 1.0)
    counted = weights.sum(axis=1, keepdims=True)
    of_day = people / np.maximum(totals, 1)[:, None]
    shares = np.stack([of_day[part == one].sum(axis=0) for one in range(PARTS)])
    scale = np.maximum(counted, 1.0)
    return weights / scale, shares / scale
