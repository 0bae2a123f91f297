"""Forecast lethal events from origin to origin: fit, mix with simple forecasts, put right by past errors.

Each origin uses the weeks before it, and of earlier forecasts only those whose weeks are over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from asylia.core.draws import stable_ids
from asylia.threat.count_scores import mean_of, steps_at
from asylia.threat.excite import Excited, Past, draw_ahead, fit_excited
from asylia.threat.experience import GROUPS, HORIZONS, PARTS_OF_STACK, Experience
from asylia.threat.posterior import draw
from asylia.threat.recalibrate import FORGET, Recalibration, apply, fit_line, rising, shares_of, tally
from asylia.threat.regress import Regressed, fit_regressed, regressed_curves
from asylia.threat.rivals import YEAR, bootstrap, conflictology, curves_of, last_value, sums_to
from asylia.threat.stack import gram, mix, weights

MEMBERS: Final = 200
LESSON: Final = 8.0
"""What other wars say of the weights counts as this many origins."""
KEPT: Final = np.array([0.0, 0.0, 0.0, 0.0, 0.01])
"""Least weight of each forecast: the mix of all places keeps some, so that no place is ever certain of quiet."""
ACTIVE: Final = 0.5
"""Events foretold from which a place tells how alike places are off."""
FEWEST_PLACES: Final = 5
EDGE: Final = 0.005
"""An error counts as at most this far out in its forecast."""
MOST_ALIKE: Final = 0.9
CARRIED: Final = 13
"""Weeks up to which a horizon stands by itself."""
HIGHEST: Final = 4000
"""Largest count a curve reaches."""

Curves = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forecast:
    """Curves float64 (place, count) of one origin and horizon, see `count_scores`.

    Parameters
    ----------
    origin, weeks
        Weeks known; weeks ahead.
    curves
        Mixed and put right: the forecast.
    mixed
        Before it was put right.
    parts
        Each forecast of `experience.PARTS_OF_STACK` alone.
    shares
        float64 (group, forecast), the weights.
    recalibration
        What put it right.
    together
        Correlation between places of how far off the forecasts are, as known at the origin.
    """

    origin: int
    weeks: int
    curves: Curves
    mixed: Curves
    parts: tuple[Curves, ...]
    shares: NDArray[np.float64]
    recalibration: Recalibration
    together: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Error:
    """How one forecast did, by `recalibrate.tally` and by the chance of any event in each place.

    Parameters
    ----------
    end
        Weeks known when its weeks were over.
    new
        Share of its weeks that no earlier forecast had covered: overlapping weeks teach once.
    """

    end: int
    new: float
    tallies: NDArray[np.float64]
    chance: NDArray[np.float64]
    happened: NDArray[np.bool_]


@dataclass(slots=True, kw_only=True)
class Lessons:
    """What the war itself has taught so far, for one horizon; `taught` is the week up to which."""

    gram: NDArray[np.float64] = field(
        default_factory=lambda: np.zeros((len(GROUPS), len(PARTS_OF_STACK), len(PARTS_OF_STACK)))
    )
    errors: list[Error] = field(default_factory=list)
    taught: int = 0
    pairs: NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    open: list[Forecast] = field(default_factory=list)


def roll(
    past: Past,
    names: Sequence[str],
    origins: Sequence[int],
    learned: Experience,
    *,
    seed: int = 0,
    members: int = MEMBERS,
    first_week: int = 0,
    lean: bool = False,
) -> Iterator[tuple[Excited, Mapping[int, Regressed], tuple[Forecast, ...]]]:
    """Forecast at each origin in turn.

    Parameters
    ----------
    past
        From `excite.look_back`.
    names
        Of the places; luck is keyed by them.
    origins
        Weeks known, rising, each at least 1.
    learned
        From other wars.
    lean
        Leave out what could teach nothing by the last origin: horizons that reach beyond it, but for its own.

    Yields
    ------
    The fit, the regressions by horizon, and one forecast for each of `HORIZONS` (or fewer, if lean).
    """
    ids = stable_ids(list(names))
    lessons = {weeks: Lessons() for weeks in HORIZONS}
    start, steps = None, dict[int, Regressed]()
    for origin in origins:
        wanted = [h for h in HORIZONS if not lean or origin + h <= origins[-1] or origin == origins[-1]]
        if not wanted:
            continue
        fit = fit_excited(past, origin, learned.prior, start=start)
        start = fit.theta
        thetas = draw(fit.theta, fit.covariance, seed=seed, members=members)
        drawn = draw_ahead(past, origin, thetas, ids, weeks=max(wanted), seed=seed, first_week=first_week)
        made = list[Forecast]()
        for weeks in wanted:
            learn_from(lessons[weeks], past, origin)
            top = _top(past, origin, weeks)
            own = curves_of(drawn[:, :, :weeks].sum(axis=2), top)
            steps[weeks] = fit_regressed(
                past,
                origin,
                weeks,
                learned.priors[weeks],
                start=steps[weeks].theta if weeks in steps else None,
            )
            parts = (
                own,
                regressed_curves(steps[weeks], past, origin, top),
                *_simple(past, origin, ids, weeks, top, seed, first_week),
            )
            one = _combine(past, origin, parts, lessons[weeks], learned, made)
            lessons[weeks].open.append(one)
            made.append(one)
        yield fit, dict(steps), tuple(made)


def learn_from(lesson: Lessons, past: Past, origin: int) -> None:
    """Take in every open forecast whose weeks are over at an origin; places unseen when it was made teach nothing."""
    for one in [one for one in lesson.open if one.origin + one.weeks <= origin]:
        came = past.counts[:, one.origin : one.origin + one.weeks].sum(axis=1)
        known = past.seen[:, one.origin - 1]
        lesson.gram += grams_of(one, past, came, known)
        lesson.errors.append(error_of(one.mixed[known], came[known], lesson.taught, one))
        lesson.taught = one.origin + one.weeks
        lesson.pairs = lesson.pairs + pairs_of(one.curves[known], came[known])
        lesson.open.remove(one)


def error_of(mixed: Curves, came: NDArray[np.int64], taught: int, one: Forecast) -> Error:
    """Say how a forecast did; `taught` is the week up to which earlier ones taught."""
    end = one.origin + one.weeks
    return Error(
        end=end,
        new=min(end - taught, one.weeks) / one.weeks,
        tallies=tally(mixed, came),
        chance=1.0 - mixed[:, 0],
        happened=came > 0,
    )


def grams_of(
    one: Forecast, past: Past, came: NDArray[np.int64], known: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Give the gram of each group divided by the CRPS of `excited` over all known places."""
    lively = _lively(past, one.origin)
    groups = [known & ~lively, known & lively]
    each = [gram([part[chosen] for part in one.parts], came[chosen]) for chosen in groups]
    whole = max(sum(float(part[0, 0]) for part in each), 1e-9)
    return np.stack(each) / whole


def pairs_of(curves: Curves, came: NDArray[np.int64]) -> NDArray[np.float64]:
    """Say how alike places were off: mean product of two places' errors, and mean square; float64 (2,).

    Errors are normal scores of the middle of the transform's step. Only active places tell: elsewhere nearly every
    error is the same zero.
    """
    active = mean_of(curves) >= ACTIVE
    number = int(active.sum())
    if number < FEWEST_PLACES:
        return np.zeros(2)
    lower, upper = steps_at(curves[active], came[active])
    off = np.asarray(ndtri(np.clip((lower + upper) / 2.0, EDGE, 1.0 - EDGE)), dtype=np.float64)
    squares = float((off**2).sum())
    return np.array([(float(off.sum()) ** 2 - squares) / (number * (number - 1)), squares / number])


def correlation(pairs: NDArray[np.float64], usual: float) -> float:
    """Give the correlation of the collected errors, drawn to that of other wars, 0 or more and below 1."""
    whole = float(pairs[0]) + LESSON * usual
    return float(np.clip(whole / (float(pairs[1]) + LESSON), 0.0, MOST_ALIKE))


def _combine(
    past: Past,
    origin: int,
    parts: tuple[Curves, ...],
    lesson: Lessons,
    learned: Experience,
    made: Sequence[Forecast],
) -> Forecast:
    weeks = HORIZONS[len(made)]
    sums = lesson.gram + LESSON * learned.gram[weeks]
    shares = np.stack([weights(part, least=KEPT) for part in sums])
    mixed = mix(parts, shares[_lively(past, origin).astype(np.int64)])
    found = recalibration_of(lesson.errors, origin, _expected(learned, weeks, made), learned.apart[weeks])
    return Forecast(
        origin=origin,
        weeks=weeks,
        curves=apply(found, mixed),
        mixed=mixed,
        parts=parts,
        shares=shares,
        recalibration=found,
        together=correlation(lesson.pairs, learned.together[weeks]),
    )


def _expected(learned: Experience, weeks: int, made: Sequence[Forecast]) -> Recalibration:
    """Say what is needed before the war's own errors at a horizon count.

    What other wars needed; beyond `CARRIED` weeks, moved as far as the shorter horizon of this war lies from theirs: of a
    year ahead a war teaches late or never, of a quarter soon.
    """
    usual = learned.usual[weeks]
    if weeks <= CARRIED or not made:
        return usual
    own, theirs = made[-1].recalibration, learned.usual[made[-1].weeks]
    line = usual.line + own.line - theirs.line
    shares = usual.shares * own.shares / theirs.shares
    return Recalibration(line=rising(line), shares=shares / shares.sum(axis=1, keepdims=True))


def recalibration_of(
    errors: Sequence[Error], origin: int, usual: Recalibration, apart: NDArray[np.float64]
) -> Recalibration:
    """Put right what past errors call for, starting from what other wars needed; old errors fade.

    Parameters
    ----------
    apart
        How far apart the lines of other wars lie, from `Experience`.
    """
    if not errors:
        return usual
    counts = [one.new * 0.5 ** ((origin - one.end) / FORGET) for one in errors]
    weigh = np.repeat(counts, [len(one.chance) for one in errors])
    chance, happened = (
        np.concatenate([getattr(one, name) for one in errors]) for name in ("chance", "happened")
    )
    tallies = np.sum([count * one.tallies for count, one in zip(counts, errors, strict=True)], axis=0)
    line = fit_line(chance, happened, usual.line, apart, weigh)
    return Recalibration(line=line, shares=shares_of(tallies, usual.shares))


def _simple(
    past: Past, origin: int, ids: NDArray[np.uint64], weeks: int, top: int, seed: int, first_week: int
) -> tuple[Curves, ...]:
    known, seen = past.counts[:, :origin], past.seen[:, :origin]
    return (
        conflictology(known, ids, weeks, top, seed=seed, first_week=first_week),
        last_value(known, seen, weeks, top),
        bootstrap(known, seen[:, -1], weeks, top),
    )


def _lively(past: Past, origin: int) -> NDArray[np.bool_]:
    return np.asarray(past.counts[:, max(origin - YEAR, 0) : origin].any(axis=1))


def _top(past: Past, origin: int, weeks: int) -> int:
    """Reach four times the largest sum of the last two years, and some more."""
    ends = np.arange(max(origin - 2 * YEAR, min(weeks, origin)), origin + 1)
    return int(min(4 * sums_to(past.counts[:, :origin], ends, weeks).max(initial=0) + 60, HIGHEST))
