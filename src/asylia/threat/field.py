"""A simple weekly field of lethal events: what each place's recent weeks say, and how wrong that may be.

1. Level. Recent weeks weigh most (half-life below). A place's level is a gamma distribution around its weighted mean,
   drawn towards the mean of all places, so that a quiet place is never certain of quiet.
2. Slow change. The level wanders in steps of four weeks, log AR(1), around where it is now; its mean stays.
3. Weeks. Counts are negative binomial around the level, as spread as past weeks were within their four weeks.

Half-life, wandering and spread come from the case's own past by the rules of `_choose_half_life`, `_wandering` and
`_dispersion`; nothing is tuned by hand. Space is left out: at district size it adds nothing (research note on
protection, section 4). It foresees no new front, and beyond half a year it is a scenario rather than a forecast.

Draws are keyed by place. A place added elsewhere leaves every other place's luck untouched; its weeks do enter the
mean of all places, and so move the level of the others slightly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtri

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.threat.counts import invert

BLOCK: Final = 4
"""Weeks in one step of the slow change."""
HALF_LIVES: Final = (4.0, 8.0, 13.0, 26.0, 52.0)
"""Half-lives tried, weeks."""
RECENT: Final = 8
"""Weeks counted as recent in `outlook`."""
HIGHEST: Final = 1000.0
"""Cap on the mean events a week of one place; ten times the worst week of the wars we hold."""
USUAL_PERSISTENCE: Final = 0.8
USUAL_WANDER: Final = 1.0
PRIOR_BLOCKS: Final = 13.0
"""A year of blocks: estimates of the slow change from less past lean more on the usual figures than on the case. The
usual figures are assumed, near what five years of Syria and Bosnia give."""
FEWEST_WEEKS: Final = 3 * BLOCK
"""Below this much past, the defaults stand in for estimates."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventField:
    """What is known of the fighting at the as-of date.

    Parameters
    ----------
    places
        Ids, in the order of every array.
    shape, rate
        float64 (place,), gamma distribution of the level: mean `shape / rate` lethal events a week.
    recent
        float64 (place,), lethal events a week over the last `RECENT` whole weeks.
    half_life
        Weeks after which a week weighs half.
    persistence, wander
        Log AR(1) of the slow change: share kept from one four-week step to the next; long-run standard deviation.
    dispersion
        Size of the negative binomial: variance = mean + mean^2 / dispersion.
    first, weeks
        Monday of the first week used, and the number of whole weeks used.
    """

    places: tuple[str, ...]
    shape: NDArray[np.float64]
    rate: NDArray[np.float64]
    recent: NDArray[np.float64]
    half_life: float
    persistence: float
    wander: float
    dispersion: float
    first: dt.date
    weeks: int

    @property
    def level(self) -> NDArray[np.float64]:
        """Mean lethal events a week, float64 (place,)."""
        mean: NDArray[np.float64] = self.shape / self.rate
        return mean


def fit(
    events: pl.DataFrame, places: Sequence[str], as_of: dt.date, *, outside: Collection[str] = ()
) -> EventField:
    """Fit the field to the past.

    Parameters
    ----------
    events
        Rows as in `model.schemas.EVENTS`, by date or by week; rows after `as_of` are not used.
    places
        Ids, in the order wanted.
    as_of
        Last day of knowledge; a week that ends later is left out as incomplete.
    outside
        Places that are not part of the war (other countries): they neither lend to the pool nor borrow from it, and
        without events of their own they stay at nearly nothing.
    """
    first, weeks = _span(events, as_of)
    counts = weekly_counts(events, places, first, weeks)
    inside = np.array([place not in outside for place in places], dtype=np.bool_)
    own = counts[inside]
    half_life = _choose_half_life(own)
    dispersion = _dispersion(own)
    persistence, wander = _wandering(own)
    shape, rate = _levels(counts, inside, half_life, dispersion)
    last = counts[:, -RECENT:]
    return EventField(
        places=tuple(places),
        shape=shape,
        rate=rate,
        recent=last.mean(axis=1) if last.size else np.zeros(len(places)),
        half_life=half_life,
        persistence=persistence,
        wander=wander,
        dispersion=dispersion,
        first=first,
        weeks=weeks,
    )


def paths(field: EventField, *, seed: int, member: int, weeks: int) -> NDArray[np.int64]:
    """Draw lethal events, the same for every plan.

    Returns
    -------
    int64 (place, week), lethal events. A longer horizon only adds weeks.
    """
    ids = stable_ids(list(field.places))
    blocks = -(-weeks // BLOCK)
    level_luck = uniforms(seed, int(Stream.LEVEL), member, 0, ids, blocks + 1)
    event_luck = uniforms(seed, int(Stream.EVENTS), member, 0, ids, weeks)
    level = gammaincinv(field.shape, level_luck[:, 0]) / field.rate
    change = np.repeat(_wander(field, ndtri(level_luck[:, 1:])), BLOCK, axis=1)[:, :weeks]
    means = np.minimum(level[:, None] * change, HIGHEST)
    return invert(event_luck, means, field.dispersion)


def outlook(field: EventField, *, seed: int = 0, members: int = 200, weeks: int = 52) -> pl.DataFrame:
    """Summarise recent fighting and the draws for the weeks ahead.

    Returns
    -------
    place, events_recent, outlook_low, outlook_middle, outlook_high: lethal events a week, the last three as 5th, 50th and
    95th percentile over members of the mean over the horizon.
    """
    means = np.stack(
        [paths(field, seed=seed, member=m, weeks=weeks).mean(axis=1) for m in range(members)], axis=0
    )
    low, middle, high = np.percentile(means, (5.0, 50.0, 95.0), axis=0)
    columns = {
        "events_recent": field.recent,
        "outlook_low": low,
        "outlook_middle": middle,
        "outlook_high": high,
    }
    return pl.DataFrame({"place": pl.Series(field.places, dtype=pl.String), **columns})


def weekly_counts(
    events: pl.DataFrame, places: Sequence[str], first_monday: dt.date, weeks: int
) -> NDArray[np.int64]:
    """Count lethal events by place and week.

    Parameters
    ----------
    events
        Rows with `place`, `events` and either `date` or `week` (the Monday). Rows of other places or times are left out.

    Returns
    -------
    int64 (place, week).
    """
    counts = np.zeros((len(places), weeks), dtype=np.int64)
    at = {place: row for row, place in enumerate(places)}
    rows = events.select("place", when=_when(events), events="events").drop_nulls()
    for place, when, number in rows.iter_rows():
        week = (when - first_monday).days // 7
        if place in at and 0 <= week < weeks:
            counts[at[place], week] += number
    return counts


def monday(day: dt.date) -> dt.date:
    """Return the Monday of a day's week.

    >>> monday(dt.date(2017, 2, 22)).isoformat()
    '2017-02-20'
    """
    return day - dt.timedelta(days=day.weekday())


def _when(events: pl.DataFrame) -> pl.Expr:
    there = [pl.col(name) for name in ("date", "week") if name in events.columns]
    return pl.coalesce(there)


def _span(events: pl.DataFrame, as_of: dt.date) -> tuple[dt.date, int]:
    """Give the first Monday with an event and the number of whole weeks up to the as-of date."""
    end = monday(as_of + dt.timedelta(days=1))
    days = events.select(_when(events)).to_series().drop_nulls().to_list() if events.height else []
    first = monday(min(days)) if days and min(days) < end else end - dt.timedelta(weeks=1)
    return first, (end - first).days // 7


def _weights(weeks: int, half_life: float) -> NDArray[np.float64]:
    weights: NDArray[np.float64] = 0.5 ** (np.arange(weeks)[::-1] / half_life)
    return weights


def _choose_half_life(counts: NDArray[np.int64]) -> float:
    """Take the half-life whose weighted mean best foretold the next 13 weeks (least absolute error, all places).

    Looks back from every fourth week once half a year is known; with less past, the middle half-life is used.
    """
    weeks = counts.shape[1]
    origins = range(26, weeks - 12, BLOCK)
    if not origins or not counts.any():
        return HALF_LIVES[1]
    errors = []
    for half_life in HALF_LIVES:
        wrong = 0.0
        for origin in origins:
            weights = _weights(origin, half_life)
            level = counts[:, :origin] @ weights / weights.sum()
            wrong += float(np.abs(counts[:, origin : origin + 13].mean(axis=1) - level).sum())
        errors.append(wrong)
    return HALF_LIVES[int(np.argmin(errors))]


def _blocks(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cut the past into whole blocks that end now, int64 (place, block, week in block)."""
    number = counts.shape[1] // BLOCK
    return counts[:, counts.shape[1] - number * BLOCK :].reshape(counts.shape[0], number, BLOCK)


def _dispersion(counts: NDArray[np.int64]) -> float:
    """Compare the variance of weeks within their block with the mean: var = mean + mean^2 / dispersion."""
    if counts.shape[1] < FEWEST_WEEKS or not counts.any():
        return 1.0
    blocks = _blocks(counts)
    within = blocks.var(axis=2, ddof=1)
    means = blocks.mean(axis=2)
    # the square of a block's mean is too large by the variance of that mean
    squares = means**2 - within / BLOCK
    extra = float((within - means).sum())
    return float(np.clip(squares.sum() / extra, 0.3, 50.0)) if extra > 0.0 else 50.0


def _wandering(counts: NDArray[np.int64]) -> tuple[float, float]:
    """Match the covariance of blocks one to three steps apart, which chance within weeks does not enter.

    For a level with log AR(1) change, cov(lag) / mean^2 = exp(wander^2 persistence^lag) - 1; places are weighted by the
    square of their mean. The estimate is drawn to the usual figures, as `PRIOR_BLOCKS` blocks of past would.
    """
    if counts.shape[1] < FEWEST_WEEKS or not counts.any():
        return USUAL_PERSISTENCE, USUAL_WANDER
    sums = _blocks(counts).sum(axis=2).astype(np.float64)
    means = sums.mean(axis=1, keepdims=True)
    squares = max(float((means**2).sum()), 1e-9)
    apart = sums - means
    logs = []
    for lag in (1, 2, 3):
        pairs = sums.shape[1] - lag
        # deviations from a mean of so few blocks are too small; dividing by one fewer makes up for most of it
        product = float((apart[:, :-lag] * apart[:, lag:]).sum()) / max(pairs - 1, 1)
        logs.append(np.log1p(max(product / squares, 1e-3)))
    persistence = float(np.clip(np.mean([logs[1] / logs[0], logs[2] / logs[1]]), 0.3, 0.95))
    wander = float(np.clip(np.sqrt(logs[0] / persistence), 0.2, 1.5))
    share = sums.shape[1] / (sums.shape[1] + PRIOR_BLOCKS)
    kept = share * persistence + (1.0 - share) * USUAL_PERSISTENCE
    return kept, share * wander + (1.0 - share) * USUAL_WANDER


def _levels(
    counts: NDArray[np.int64], inside: NDArray[np.bool_], half_life: float, dispersion: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shrink each place's weighted mean towards the pool of all: gamma shape and rate, float64 (place,)."""
    weights = _weights(counts.shape[1], half_life)
    seen = float(weights.sum())
    sums = counts @ weights
    own = sums[inside]
    # half an event in all that was seen, so that a case without events is still not certain of quiet
    pool = max(float(own.sum()), 0.5) / (seen * max(own.size, 1))
    noise = pool * float((weights**2).sum()) / seen**2
    spread = float(np.var(own / seen)) - noise if own.size else 0.0
    strength = float(np.clip(pool**2 / spread, 0.05, 5.0)) if spread > 0.0 else 5.0
    # a week tells less about the level where weeks differ by more than chance
    tells = 1.0 / (1.0 + (sums / seen) / dispersion)
    nearly_nothing = 1e-3
    shape = sums * tells + np.where(inside, strength, nearly_nothing)
    rate = seen * tells + np.where(inside, strength / pool, 1.0)
    return shape, rate


def _wander(field: EventField, steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn standard normal steps into the slow change, float64 (place, block), mean 1 in every block."""
    kept, scale = field.persistence, field.wander * np.sqrt(1.0 - field.persistence**2)
    log, variance = np.zeros(steps.shape[0]), 0.0
    change = np.empty_like(steps)
    for block in range(steps.shape[1]):
        log = kept * log + scale * steps[:, block]
        variance = kept**2 * variance + scale**2
        change[:, block] = np.exp(log - variance / 2.0)
    return change
