"""People in camps some days ahead: a middle and draws, from fitted weights and the errors made on other conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from asylia.core.draws import Stream, uniforms
from asylia.move.forecast.known import Known, Table
from asylia.move.forecast.signs import ANCHORS, State, signs, stand

LEVELS: Final = (np.arange(41) + 0.5) / 41
"""Levels at which errors are kept."""
STALE_DAYS: Final = 20
YOUNG_DAYS: Final = 180
KINDS: Final = 6
"""Pending, stale and fresh camps of young and of old conflicts."""
FLOOR: Final = 0.02
"""Share of all people that is added to a camp's own when its error is scaled, so that small camps have a scale."""
MOST_AHEAD: Final = 365


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """What was learned from other conflicts.

    Parameters
    ----------
    weights
        By anchor: weights of its signs.
    errors
        By anchor: float64 (kind, level), quantiles of the scaled error, see `error_scale`.
    together
        Share of the variance of a day's errors that the camps of a conflict have in common.
    """

    weights: Mapping[int, Table]
    errors: Mapping[int, Table]
    together: float


def middle(known: Known, weights: Mapping[int, Table], days: int) -> Table:
    """Return people by camp some days after the origin, float64 (camp,): the point forecast.

    Between anchors it runs straight; day 0 is the last report.
    """
    state = stand(known)
    before, after = _around(days)
    part = (days - before) / (after - before) if after > before else 0.0
    early, late = (
        _at_anchor(known, state, weights[anchor], anchor) if anchor else state.people
        for anchor in (before, after)
    )
    return np.asarray(early + part * (late - early), dtype=np.float64)


def draw(
    known: Known, fitted: Fitted, days: int, *, seed: int, ids: NDArray[np.uint64], members: int
) -> Table:
    """Draw people by camp some days after the origin, float64 (member, camp).

    Parameters
    ----------
    ids
        uint64 (camp,), stable ids of the camps.
    """
    state, point = stand(known), middle(known, fitted.weights, days)
    scale, kinds = error_scale(state, point), kind_of_camps(known, state)
    levels = luck(seed, members, known.origin, ids, fitted.together)
    spots = list(ANCHORS)
    before, after = _around(max(days, spots[0]))
    part = (max(days, spots[0]) - before) / (after - before) if after > before else 0.0
    quantiles = (1.0 - part) * fitted.errors[before] + part * fitted.errors[after]
    errors = np.stack(
        [np.interp(levels[:, camp], LEVELS, quantiles[kind]) for camp, kind in enumerate(kinds)], axis=1
    )
    return np.asarray(np.maximum(point + errors * scale, 0.0), dtype=np.float64)


def luck(seed: int, members: int, day: int, ids: NDArray[np.uint64], together: float) -> Table:
    """Draw levels between 0 and 1, float64 (member, camp), of which camps have a part in common."""
    key = (seed, int(Stream.FORECAST), 0, day)
    own = ndtri(uniforms(*key, ids, members))
    common = ndtri(uniforms(*key, np.zeros(1, dtype=np.uint64), members))
    return np.asarray(ndtr(np.sqrt(together) * common + np.sqrt(1.0 - together) * own).T, dtype=np.float64)


def error_scale(state: State, point: Table) -> Table:
    """Return the scale of each camp's error in people, float64 (camp,)."""
    return np.asarray(np.maximum(point, state.people) + FLOOR * state.scale, dtype=np.float64)


def kind_of_camps(known: Known, state: State) -> NDArray[np.int64]:
    """Return the kind of each camp, int64 (camp,): errors differ by it."""
    kind = np.where(state.pending, 0, np.where(state.age > STALE_DAYS, 1, 2))
    return np.asarray(kind + (3 if known.origin > YOUNG_DAYS else 0), dtype=np.int64)


def _around(days: int) -> tuple[int, int]:
    """Return the fitted days ahead on either side; the same twice where they are met or passed."""
    spots = [0, *ANCHORS]
    after = next((spot for spot in spots if spot >= days), spots[-1])
    return (after, after) if days >= after else (spots[spots.index(after) - 1], after)


def _at_anchor(known: Known, state: State, weights: Table, anchor: int) -> Table:
    return np.asarray(np.maximum(state.people + signs(known, state, anchor) @ weights, 0.0), dtype=np.float64)
