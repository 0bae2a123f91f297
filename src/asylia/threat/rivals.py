"""Simple forecasts that a model has to beat, as curves of counts (see `count_scores`).

Sources: VIEWS benchmarks (conflictology: draws from the place's own last twelve months; last value; bootstrap of all
places; zeros), as described in the research note on protection, section 1.3.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.draws import Stream, uniforms
from asylia.threat.excite_kernels import cumulative, fit_of

MONTH: Final = 4
"""Weeks that count as one month."""
YEAR: Final = 52
MONTHS: Final = YEAR // MONTH
SIZES_TRIED: Final = (0.05, 0.1, 0.2, 0.4, 0.7, 1.0, 1.5, 2.5, 4.0, 8.0, 16.0)
"""Sizes of the negative binomial around the last value; the likeliest on the past is taken."""
PAST_WEEKS: Final = 260
DRAWS: Final = 400
LEAST: Final = 1e-3

Counts = NDArray[np.int64]
Curves = NDArray[np.float64]


def sums_to(counts: Counts, ends: NDArray[np.int64], weeks: int) -> Counts:
    """Sum the weeks before each end, int64 (place, end); weeks before the first count as 0."""
    total = np.concatenate([np.zeros((len(counts), 1), np.int64), np.cumsum(counts, axis=1)], axis=1)
    result: Counts = total[:, ends] - total[:, np.maximum(ends - weeks, 0)]
    return result


def curves_of(draws: Counts, top: int) -> Curves:
    """Turn draws into curves.

    Parameters
    ----------
    draws
        int64 (draw, place); a draw above `top` counts as `top`.

    Returns
    -------
    float64 (place, top + 1).
    """
    number, places = draws.shape
    at = np.arange(places)[None, :] * (top + 1) + np.minimum(draws, top)
    tally = np.bincount(at.ravel(), minlength=places * (top + 1)).reshape(places, top + 1)
    curves: Curves = np.cumsum(tally, axis=1) / number
    return curves


def zeros(places: int, top: int) -> Curves:
    """Forecast no event anywhere."""
    return np.ones((places, top + 1))


def conflictology(
    counts: Counts, ids: NDArray[np.uint64], weeks: int, top: int, *, seed: int, first_week: int
) -> Curves:
    """Draw months with replacement from each place's own last twelve (13 of four weeks); odd weeks from its last year.

    Parameters
    ----------
    counts
        int64 (place, week), all that is known.
    """
    origin = counts.shape[1]
    months, odd = divmod(weeks, MONTH)
    ends = origin - MONTH * np.arange(min(MONTHS, max(origin // MONTH, 1)))
    blocks = sums_to(counts, ends, MONTH)
    if weeks == MONTH:
        return curves_of(blocks.T, top)
    year = counts[:, -YEAR:]
    luck = uniforms(seed, int(Stream.EVENT_FIELD), 1, first_week + origin, ids, DRAWS * (months + odd))
    luck = luck.reshape(len(ids), DRAWS, months + odd)
    rows = np.arange(len(ids))[:, None, None]
    drawn = blocks[rows, (luck[:, :, :months] * blocks.shape[1]).astype(np.int64)].sum(axis=2)
    drawn += year[rows, (luck[:, :, months:] * year.shape[1]).astype(np.int64)].sum(axis=2)
    return curves_of(drawn.T, top)


def bootstrap(counts: Counts, seen: NDArray[np.bool_], weeks: int, top: int) -> Curves:
    """Give every place the sums of as many weeks that all places with any past fighting saw in the last year."""
    origin = counts.shape[1]
    ends = np.arange(max(origin - YEAR + weeks, min(weeks, origin)), origin + 1)
    sums = sums_to(counts[seen], ends, weeks) if seen.any() else np.zeros((1, 1), np.int64)
    one = curves_of(sums.reshape(-1, 1), top)
    return np.repeat(one, len(counts), axis=0)


def _usual(counts: Counts, weeks: int) -> float:
    """Give the mean of so many weeks over all places and all that is known."""
    return max(float(counts.mean()) * weeks, LEAST) if counts.size else LEAST


def last_value(counts: Counts, seen: NDArray[np.bool_], weeks: int, top: int) -> Curves:
    """Spread a negative binomial around the last value.

    The last month or the last `weeks` weeks, whichever foretold the past better; where it is 0, what followed zeros on
    average; the size is the likeliest on the past. A stronger rival than the plain last value.

    Parameters
    ----------
    seen
        bool (place, week), as in `excite.Past`.
    """
    origin = counts.shape[1]
    ends = np.arange(origin - weeks, max(origin - PAST_WEEKS, weeks) - 1, -MONTH)
    # nothing is known of what followed: all that was seen, scaled, and no chance of certainty
    best, chosen = -np.inf, (1.0, _usual(counts, weeks), min(weeks, max(origin, 1)))
    for window in sorted({MONTH, weeks}) if ends.size else ():
        known = seen[:, ends - 1]
        before = (sums_to(counts, ends, window) * (weeks / window))[known]
        after = sums_to(counts, ends + weeks, weeks)[known]
        quiet = before == 0
        rest = max(float(after[quiet].mean()), LEAST) if quiet.any() else LEAST
        means = np.where(quiet, rest, before)
        for size in SIZES_TRIED:
            told = fit_of(means, after, size)
            if told > best:
                best, chosen = told, (size, rest, window)
    size, rest, window = chosen
    last = sums_to(counts, np.array([origin]), window)[:, 0] * (weeks / window)
    curves: Curves = cumulative(np.where(last == 0, rest, last), np.full(len(counts), size), top)
    curves[:, -1] = 1.0
    return curves
