"""Where people from one place go, some months ahead: whole people, in draws that add up to the people who leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.move.forecast.flow_fit import FIRST, Cases, cases, fit, sureness
from asylia.move.forecast.flow_signs import Flows, Ladder, climb, open_to, signs
from asylia.move.forecast.known import Table

DRAWS: Final = 100
HALVINGS: Final = 14
FAINT: Final = 1e-3
"""A destination below this is 0 in the middle."""
MEMBER: Final = 1000
"""Keeps these draws apart from others of the stream; months ahead are added."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """Shares of the people who will leave each origin, by destination.

    Parameters
    ----------
    sure
        float64 (origin, destination and elsewhere), parameters of a Dirichlet distribution; 0 where a place cannot be named.
    draws
        float64 (draw, origin, destination and elsewhere), shares that add up to 1.
    """

    sure: Table
    draws: Table

    @property
    def mean(self) -> Table:
        """Mean shares, float64 (origin, destination and elsewhere)."""
        return np.asarray(self.sure / self.sure.sum(axis=1, keepdims=True), dtype=np.float64)

    def middle(self, origins: NDArray[np.bool_]) -> Table:
        """Return shares whose summed absolute error is expected to be least, float64 (chosen origin, destination and elsewhere).

        All destinations stand at one quantile of their Beta distribution, chosen so that the shares add up to 1.
        """
        sure = self.sure[origins]
        left = sure.sum(axis=1, keepdims=True) - sure
        low, high = np.zeros((len(sure), 1)), np.ones((len(sure), 1))
        found = sure
        for _ in range(HALVINGS):
            level = (low + high) / 2.0
            found = np.where(
                sure > FAINT, betaincinv(np.maximum(sure, FAINT), np.maximum(left, FAINT), level), 0.0
            )
            much = found.sum(axis=1, keepdims=True) > 1.0
            low, high = np.where(much, low, level), np.where(much, level, high)
        total = found.sum(axis=1, keepdims=True)
        return np.asarray(
            np.where(total > 0, found / np.where(total > 0, total, 1.0), self.mean[origins]), dtype=np.float64
        )


def draw_flows(known: Flows, ahead: int, *, seed: int = 1) -> Split:
    """Forecast where people from each place go, in the month so many months ahead.

    Raises
    ------
    ValueError
        Without a month that is known, or with less than 1 ahead.
    """
    now = len(known.people) - 1
    if now < 0 or ahead < 1:
        raise ValueError("at least one month is known, and ahead is at least 1")
    ladder = climb(known)
    past = [cases(ladder, month, ahead) for month in range(FIRST, now - ahead + 1)]
    return split_at(ladder, past, now, ahead, seed=seed)


def split_at(ladder: Ladder, past: Sequence[Cases], month: int, ahead: int, *, seed: int) -> Split:
    """Forecast from the end of a month, from cases that were complete by then; see `draw_flows`."""
    rows = signs(ladder, month).transpose(1, 0, 2)
    sure = sureness(fit(past, rows.shape[1]), rows, open_to(ladder, month))
    return Split(sure=sure, draws=_dirichlet(sure, ladder.flows.places, month, ahead, seed))


def whole_people(draws: Table, people: NDArray[np.int64], luck: Table) -> NDArray[np.int64]:
    """Turn shares into whole people that add up exactly; the mean over luck is people times share.

    Parameters
    ----------
    draws
        float64 (draw, origin, destination).
    people
        int64 (draw, origin), who leave.
    luck
        float64 (draw, origin), above 0 and below 1.
    """
    ends = np.cumsum(draws, axis=2)
    ends[..., -1] = 1.0
    marks = np.floor(np.minimum(ends, 1.0) * people[..., None] + luck[..., None]).astype(np.int64)
    marks[..., -1] = people
    marks = np.minimum(marks, people[..., None])
    return np.diff(marks, axis=2, prepend=0)


def middle(draws: Table) -> Table:
    """Return the shares with the least expected absolute error: all destinations at one quantile, chosen so that they add up to 1.

    Parameters
    ----------
    draws
        float64 (draw, origin, destination).

    Returns
    -------
    float64 (origin, destination).
    """
    ordered = np.sort(draws, axis=0)
    sums = ordered.sum(axis=2)
    above = np.argmax(sums >= 1.0, axis=0)
    below = np.maximum(above - 1, 0)
    origins = np.arange(draws.shape[1])
    low, high = sums[below, origins], sums[above, origins]
    part = np.where(high > low, (1.0 - low) / np.where(high > low, high - low, 1.0), 1.0)[:, None]
    found = ordered[below, origins] * (1.0 - part) + ordered[above, origins] * part
    return np.asarray(found / found.sum(axis=1, keepdims=True), dtype=np.float64)


def _dirichlet(sure: Table, places: tuple[str, ...], month: int, ahead: int, seed: int) -> Table:
    """Draw shares: gamma numbers by Wilson and Hilferty (1931) one above the parameter, and a power of luck for the rest."""
    names = [*places, ""]
    ids = stable_ids([f"{origin}\n{to}" for origin in places for to in names])
    luck = uniforms(seed, int(Stream.FORECAST), MEMBER + ahead, month, ids, 2 * DRAWS)
    luck = luck.reshape(*sure.shape, 2, DRAWS).transpose(2, 3, 0, 1)
    one_up = sure + 1.0
    cube = 1.0 - 1.0 / (9.0 * one_up) + ndtri(luck[0]) / (3.0 * np.sqrt(one_up))
    real = sure > 0
    size = np.log(one_up * np.maximum(cube, 1e-3) ** 3) + np.log(luck[1]) / np.where(real, sure, 1.0)
    size = np.where(real, size, -np.inf)
    gamma = np.exp(size - size.max(axis=2, keepdims=True))
    return np.asarray(gamma / gamma.sum(axis=2, keepdims=True), dtype=np.float64)
