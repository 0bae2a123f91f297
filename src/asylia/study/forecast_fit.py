"""Learn how people in camps change after a day of reports, from recorded conflicts other than the one scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from asylia.core.draws import stable_ids
from asylia.move.forecast.ahead import (
    KINDS,
    LEVELS,
    Fitted,
    draw,
    error_scale,
    kind_of_camps,
    middle,
)
from asylia.move.forecast.fit import least_absolute, weighted_quantiles
from asylia.move.forecast.known import Known, Table
from asylia.move.forecast.signs import ANCHORS, State, signs, stand
from asylia.study.forecast_known import Past

FIRST_ORIGIN: Final = 30
EVERY: Final = 15
TOGETHER: Final = (0.0, 0.1, 0.2, 0.3, 0.45, 0.6)
TRIAL: Final = 90
TRIAL_MEMBERS: Final = 60
SLIGHT: Final = 0.003
"""Errors below this share of all people count by their square: counts are no more exact than that."""
FEWEST: Final = 40
"""Errors that a kind of camp needs for quantiles of its own."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesson:
    """One origin of one conflict, and what came so many days later, in the measure of the reports known by then.

    Parameters
    ----------
    rows
        float64 (camp, sign), the signs of the anchor in people.
    weight
        What an error of one person counts: conflicts count the same, whatever their length and size.
    """

    known: Known
    state: State
    rows: Table
    came: Table
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taught:
    """All lessons of one conflict, by anchor."""

    key: str
    camps: tuple[str, ...]
    lessons: Mapping[int, tuple[Lesson, ...]]


def teach(past: Past) -> Taught:
    """Return every lesson of a conflict."""
    lessons = {anchor: tuple(_lessons(past, anchor)) for anchor in ANCHORS}
    return Taught(key=past.key, camps=past.camps, lessons=lessons)


def learn(pool: Sequence[Taught]) -> Fitted:
    """Learn weights, errors and how far camps err together from some conflicts."""
    weights = {anchor: _weights(pool, anchor) for anchor in ANCHORS}
    errors = {anchor: _errors(pool, anchor) for anchor in ANCHORS}
    loose = Fitted(weights=weights, errors=errors, together=0.0)
    return replace(loose, together=_together(pool, loose))


def leave_one_out(pool: Sequence[Past]) -> Iterator[tuple[str, Fitted]]:
    """Yield what is learned from all conflicts, by an empty key, and then without each, by its key."""
    taught = [teach(past) for past in pool]
    yield "", learn(taught)
    for one in taught:
        yield one.key, learn([other for other in taught if other.key != one.key])


def _lessons(past: Past, days: int) -> Iterator[Lesson]:
    spots = range(FIRST_ORIGIN, past.replay.days - days, EVERY)
    for origin in spots:
        came, known = past.observed.people[origin + days] / past.yardstick(origin), past.by(origin)
        state = stand(known)
        yield Lesson(
            known=known,
            state=state,
            rows=signs(known, state, days),
            came=came,
            weight=1.0 / (max(came.sum(), 1.0) * len(spots)),
        )


def _all(pool: Sequence[Taught], anchor: int) -> Iterator[Lesson]:
    return (lesson for one in pool for lesson in one.lessons[anchor])


def _weights(pool: Sequence[Taught], anchor: int) -> Table:
    taught = list(_all(pool, anchor))
    scales = [lesson.state.scale for lesson in taught]
    return least_absolute(
        np.concatenate([one.rows / scale for one, scale in zip(taught, scales, strict=True)]),
        np.concatenate(
            [(one.came - one.state.people) / scale for one, scale in zip(taught, scales, strict=True)]
        ),
        np.concatenate(
            [np.full(len(one.came), one.weight * s) for one, s in zip(taught, scales, strict=True)]
        ),
        smallest=SLIGHT,
    )


def _errors(pool: Sequence[Taught], anchor: int) -> Table:
    """Return quantiles of scaled errors by kind of camp; a kind with few errors takes those of all.

    The errors of a conflict are those of weights learned without it, or ranges would be too narrow where nothing was learned.
    """
    values, kinds, shares = [], [], []
    for one in pool:
        weights = {anchor: _weights([other for other in pool if other is not one] or pool, anchor)}
        for lesson in one.lessons[anchor]:
            point = middle(lesson.known, weights, anchor)
            values.append((lesson.came - point) / error_scale(lesson.state, point))
            kinds.append(kind_of_camps(lesson.known, lesson.state))
            shares.append(np.full(len(point), 1.0 / (len(one.lessons[anchor]) * len(point))))
    value, kind, share = (np.concatenate(part) for part in (values, kinds, shares))
    table = np.tile(weighted_quantiles(value, share, LEVELS), (KINDS, 1))
    for number in range(KINDS):
        own = kind == number
        if own.sum() >= FEWEST:
            table[number] = weighted_quantiles(value[own], share[own], LEVELS)
    return np.asarray(table, dtype=np.float64)


def _together(pool: Sequence[Taught], loose: Fitted) -> float:
    """Return the common part of errors with which 90 % ranges of totals hold closest to 90 %."""
    gaps = [abs(_held(pool, replace(loose, together=share)) - 0.9) for share in TOGETHER]
    return TOGETHER[int(np.argmin(gaps))]


def _held(pool: Sequence[Taught], fitted: Fitted) -> float:
    """Return the share of totals inside 90 % ranges at the middle anchor, every fourth origin."""
    held = [
        float(np.mean([_holds(lesson, fitted, one) for lesson in one.lessons[TRIAL][::4]]))
        for one in pool
        if one.lessons[TRIAL]
    ]
    return float(np.mean(held)) if held else 0.0


def _holds(lesson: Lesson, fitted: Fitted, one: Taught) -> bool:
    draws = draw(lesson.known, fitted, TRIAL, seed=0, ids=stable_ids(list(one.camps)), members=TRIAL_MEMBERS)
    low, high = np.quantile(draws.sum(axis=1), (0.05, 0.95))
    return bool(low <= lesson.came.sum() <= high)
