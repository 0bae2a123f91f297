"""Courses the fighting may take, week by week, whose totals follow the forecast that is validated.

The forecast of `ahead` is one curve of totals for each place and horizon: mixed and put right, but not a path. Here it
becomes paths.

1. The self-exciting counts are drawn on for a year, five hundred times: how weeks cluster, and how totals hang together.
2. Each horizon's totals are replaced by quantiles of the forecast, rank for rank (Schaake shuffle, Clark and others,
   2004), so that no total of more weeks lies below that of fewer.
3. A member takes one course for each place. Places are off together as much as past forecasts were (a normal copula).
4. The weeks of the course are thinned, or added to, until they make up its totals.

After the year, every half year repeats weeks 27 to 52 of a course whose rank stays as near the last one's as the second
half year of the courses is to the first: the level goes back to the forecast's own, and cannot run away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import rankdata

from asylia.core.draws import Stream, stable_id, stable_ids, uniforms
from asylia.threat.ahead import Forecast
from asylia.threat.courses_kernels import give_out, walk
from asylia.threat.excite import Excited, Past, draw_ahead
from asylia.threat.experience import HORIZONS
from asylia.threat.posterior import draw

NUMBER: Final = 500
"""Courses of a place: their totals are the forecast's quantiles in steps of a five-hundredth."""
SEED: Final = 0
"""Of the courses, which belong to the case; members differ by the seed of the study."""
ENDS: Final = np.array(HORIZONS, dtype=np.int64)
ACTIVE: Final = 1.0
"""Events in the year from which a place tells how long its rank lasts."""
MOST_ALIKE: Final = 0.95
LEAST_FOLLOWED: Final = 0.25

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Courses:
    """Courses of every place, from little fighting to much.

    Parameters
    ----------
    ids
        uint64 (place,), stable: luck is keyed by them.
    weekly
        int32 (place, course, week), the self-exciting counts that give a course its shape.
    totals
        int32 (place, course, horizon), lethal events within the weeks of `HORIZONS`.
    sizes
        float64 (2,), level and slope of the size of the negative binomial.
    together, lasting
        Correlation between places; rank correlation of one half year with the next.
    """

    ids: NDArray[np.uint64]
    weekly: NDArray[np.int32]
    totals: NDArray[np.int32]
    sizes: Floats
    together: float
    lasting: float


def courses_of(
    past: Past,
    fit: Excited,
    made: Sequence[Forecast],
    names: Sequence[str],
    *,
    first_week: int,
    number: int = NUMBER,
) -> Courses:
    """Turn one origin's forecasts into courses.

    Parameters
    ----------
    made
        One forecast for each of `HORIZONS`, in order.
    first_week
        As in `excite.draw_ahead`.
    """
    ids = stable_ids(list(names))
    thetas = draw(fit.theta, fit.covariance, seed=SEED, members=number)
    drawn = draw_ahead(
        past, made[0].origin, thetas, ids, weeks=int(ENDS[-1]), seed=SEED, first_week=first_week
    )
    luck = uniforms(SEED, int(Stream.LEVEL), 0, 0, ids, number * (len(ENDS) + 1) + 1)
    weekly = np.empty((len(ids), number, int(ENDS[-1])), dtype=np.int32)
    totals = np.empty((len(ids), number, len(ENDS)), dtype=np.int32)
    for place in range(len(ids)):
        ties = luck[place, 1:].reshape(len(ENDS) + 1, number)
        steps = (np.arange(number) + luck[place, 0]) / number
        own = _totals([one.curves[place] for one in made], drawn[:, place], steps, ties)
        order = _order(own, ties[-1])
        weekly[place], totals[place] = drawn[order, place], own[order]
    return Courses(
        ids=ids,
        weekly=weekly,
        totals=totals,
        sizes=fit.theta[-2:],
        together=_together(totals, made),
        lasting=_lasting(totals),
    )


def quiet(courses: Courses, names: Sequence[str], taken: NDArray[np.bool_]) -> Courses:
    """Add places that are no part of the war: one event in five hundred years, so that none is certain of quiet.

    Parameters
    ----------
    names
        All places, in the order wanted.
    taken
        bool (place,), which of them have courses.
    """
    weekly, totals = (
        np.zeros((len(names), *table.shape[1:]), dtype=np.int32) for table in (courses.weekly, courses.totals)
    )
    weekly[taken], totals[taken] = courses.weekly, courses.totals
    totals[~taken, -1, -1] = 1
    return replace(courses, ids=stable_ids(list(names)), weekly=weekly, totals=totals)


def follow(courses: Courses, *, seed: int, member: int, weeks: int) -> Ints:
    """Draw one member's weeks, int64 (place, week); a longer horizon only adds weeks."""
    chosen = _choose(courses, seed, member, _steps(weeks))
    luck = (seed, int(Stream.EVENTS), member)
    drawn: Ints = walk(courses.weekly, courses.totals, chosen, ENDS, courses.ids, courses.sizes, weeks, luck)
    return drawn


def _steps(weeks: int) -> int:
    """Count the courses a place takes: one for the year, one for every half year after it."""
    return 1 + max(-(-(weeks - int(ENDS[-1])) // int(ENDS[-1] - ENDS[-2])), 0)


def _choose(courses: Courses, seed: int, member: int, steps: int) -> Ints:
    everywhere = np.array([stable_id("everywhere")], dtype=np.uint64)
    own = ndtri(uniforms(seed, int(Stream.LEVEL), member, 0, courses.ids, steps))
    shared = ndtri(uniforms(seed, int(Stream.LEVEL), member, 1, everywhere, steps))
    fresh = np.sqrt(courses.together) * shared + np.sqrt(1.0 - courses.together) * own
    kept = courses.lasting
    for step in range(1, steps):
        fresh[:, step] = kept * fresh[:, step - 1] + np.sqrt(1.0 - kept**2) * fresh[:, step]
    number = courses.totals.shape[1]
    chosen: Ints = np.minimum((ndtr(fresh) * number).astype(np.int64), number - 1)
    return chosen


def _totals(curves: Sequence[Floats], drawn: Ints, steps: Floats, ties: Floats) -> Ints:
    """Replace the totals of one place's courses by quantiles of the forecast, int64 (course, horizon)."""
    own = np.cumsum(drawn, axis=1)[:, ENDS - 1]
    told = np.stack([np.searchsorted(curve, steps) for curve in curves]).astype(np.int64)
    # more weeks never hold fewer events: where two forecasts disagree, the higher one stands
    told = np.maximum.accumulate(told, axis=0)
    # no place is certain of quiet
    told[-1, -1] = max(told[-1, -1], 1)
    out = np.empty_like(own)
    most = np.full(len(own), np.iinfo(np.int64).max)
    for at in range(len(ENDS) - 1, -1, -1):
        most = out[:, at] = give_out(told[at], _ranks(own[:, at], ties[at]), most)
    return out


def _ranks(values: Ints, ties: Floats) -> Ints:
    """Rank from 0, equals in the order of `ties`."""
    ranks = np.empty(len(values), dtype=np.int64)
    # counts are whole and ties lie between 0 and 1
    ranks[np.argsort(values + ties)] = np.arange(len(values))
    return ranks


def _order(totals: Ints, ties: Floats) -> Ints:
    """Order courses from little fighting in the year to much; equals by the shorter horizons.

    Places share a year more than a month: so ordered, they do in what members draw too.
    """
    shorter = np.sum([_ranks(totals[:, at], ties) for at in range(totals.shape[1] - 1)], axis=0)
    order: Ints = np.lexsort((ties, shorter, totals[:, -1]))
    return order


def _together(totals: NDArray[np.int32], made: Sequence[Forecast]) -> float:
    """Give the correlation of ranks between places that makes totals as alike as past errors were.

    A course's rank is that of its year, so shorter horizons follow it only in part. The largest correlation that any
    horizon calls for is taken: small counts hide how alike places are.
    """
    lively = totals[totals[:, :, -1].mean(axis=1) >= ACTIVE]
    course = np.broadcast_to(np.arange(totals.shape[1]), lively.shape[:2])
    told = []
    for at, one in enumerate(made):
        followed = float(np.mean(_alike(course, lively[:, :, at]) ** 2)) if len(lively) else 1.0
        told.append(one.together / max(followed, LEAST_FOLLOWED))
    return float(np.clip(np.max(told), 0.0, MOST_ALIKE))


def _lasting(totals: NDArray[np.int32]) -> float:
    """Give the rank correlation of the second half year with the first, mean over active places."""
    lively = totals[totals[:, :, -1].mean(axis=1) >= ACTIVE]
    found = _alike(lively[:, :, -2], lively[:, :, -1] - lively[:, :, -2])
    return float(np.clip(np.mean(found), 0.0, MOST_ALIKE)) if len(lively) else 0.0


def _alike(one: NDArray[np.int64], two: NDArray[np.int32]) -> Floats:
    """Give the rank correlation of each row, float64 (place,); 0 where one of them does not vary."""
    first, second = (rankdata(values, axis=1) - (values.shape[1] + 1) / 2.0 for values in (one, two))
    whole = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
    told: Floats = (first * second).sum(axis=1) / np.maximum(whole, 1e-9)
    return told
