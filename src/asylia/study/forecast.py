"""Score forecasts from a rolling origin: people by camp some days ahead, the split and the total together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.move.forecast.ahead import Fitted, draw, middle
from asylia.move.forecast.known import Known, Table
from asylia.move.forecast.signs import stand
from asylia.study.forecast_known import Past

FIRST_ORIGIN: Final = 30
TREND_DAYS: Final = 30
DAMPING: Final = 0.7
"""Part of a trend that is left after each 30 days. Of 0.5, 0.7, 0.8 and 0.9 this gives the damped trend its best score
on the eight conflicts in the mean of 30, 90 and 180 days: the strictest rival of its kind."""
RESAMPLES: Final = 2000
BLOCK: Final = 6
"""Origins that are resampled together: a quarter of a year at 15 days."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HorizonScore:
    """Errors some days ahead, one number per origin: what all camps are off by, as a share of the people observed.

    Parameters
    ----------
    errors
        By rule: ours, each of `rivals`, and the first two against the record without the yardstick.
    held, held_total
        Share of camps inside their 90 % range, and whether the total is inside its own.
    width
        Width of the total's range, as a share of the people observed.
    """

    days: int
    origins: tuple[int, ...]
    errors: Mapping[str, Table]
    held: Table
    held_total: Table
    width: Table


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ForecastScore:
    """How forecasts did on one conflict, by days ahead."""

    case: str
    in_pool: bool
    horizons: Mapping[int, HorizonScore]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How forecasts are to be scored."""

    horizons: tuple[int, ...] = (30, 90, 180)
    every: int = 15
    members: int = 200
    seed: int = 1


def score_forecasts(
    pool: Sequence[Past],
    fitted: Callable[[Past], tuple[Fitted, bool]],
    asked: Asked,
    progress: Callable[[int, int], None] | None = None,
    peer: Callable[[Past], Table | None] | None = None,
) -> tuple[ForecastScore, ...]:
    """Score each conflict.

    Parameters
    ----------
    fitted
        Gives what was learned without the conflict, and whether the conflict is one of those that were learned from.
    peer
        Gives the peer's split by day, see `forecast_peer.peer_shares`; without it the peer is no rival.
    """
    found = []
    for number, past in enumerate(pool):
        learned, in_pool = fitted(past)
        shares = peer(past) if peer is not None else None
        horizons = {days: _horizon(past, learned, days, asked, shares) for days in asked.horizons}
        kept = {days: score for days, score in horizons.items() if score.origins}
        found.append(ForecastScore(case=past.id, in_pool=in_pool, horizons=kept))
        if progress is not None:
            progress(number + 1, len(pool))
    return tuple(found)


def rivals(known: Known, days: int, shares: Table | None = None) -> dict[str, Table]:
    """Return people by camp under the rules without a model.

    persistence
        The last report.
    damped_trend
        The last report and the change of the 30 days before, of which `DAMPING` is left after each further 30 days.
    frozen_shares
        The total of the damped trend, split as on day 30.
    peer
        The same total, split by the peer; only where its shares on the day of the origin are given, float64 (camp,).
    """
    state = stand(known)
    last = np.array([counts[-1] if len(counts) else 0.0 for counts in known.people])
    before = known.at(np.full(len(state.people), known.origin - TREND_DAYS))
    months = days / TREND_DAYS
    left = DAMPING * (1.0 - DAMPING**months) / (1.0 - DAMPING)
    trend = np.maximum(last + (last - before) * left, 0.0)
    frozen = _split(trend, known.at(np.full(len(last), min(FIRST_ORIGIN, known.origin))))
    found = {"persistence": last, "damped_trend": trend, "frozen_shares": frozen}
    return found if shares is None else {**found, "peer": _split(trend, shares)}


def _split(people: Table, weights: Table) -> Table:
    """Split the sum of people by weights; evenly where all are 0."""
    total = weights.sum()
    shares = weights / total if total > 0 else np.full(len(weights), 1.0 / len(weights))
    return np.asarray(people.sum() * shares, dtype=np.float64)


def _horizon(past: Past, fitted: Fitted, days: int, asked: Asked, shares: Table | None) -> HorizonScore:
    origins = tuple(range(FIRST_ORIGIN, past.replay.days - days, asked.every))
    rows = [
        _origin(past, fitted, origin, days, asked, None if shares is None else shares[origin])
        for origin in origins
    ]
    names = list(rows[0][0]) if rows else []
    return HorizonScore(
        days=days,
        origins=origins,
        errors={name: np.array([errors[name] for errors, _ in rows]) for name in names},
        held=np.array([held[0] for _, held in rows]),
        held_total=np.array([held[1] for _, held in rows]),
        width=np.array([held[2] for _, held in rows]),
    )


def _origin(
    past: Past, fitted: Fitted, origin: int, days: int, asked: Asked, shares: Table | None
) -> tuple[dict[str, float], tuple[float, float, float]]:
    known, measure = past.by(origin), past.yardstick(origin)
    came = past.observed.people[origin + days].astype(np.float64)
    total = max(float(came.sum()), 1.0)
    rules = {"asylia": middle(known, fitted.weights, days), **rivals(known, days, shares)}
    errors = {name: float(np.abs(people * measure - came).sum()) / total for name, people in rules.items()}
    for name in ("asylia", "persistence"):
        errors[f"{name}_as_published"] = float(np.abs(rules[name] - came).sum()) / total
    ids = stable_ids(list(past.camps))
    draws = draw(known, fitted, days, seed=asked.seed, ids=ids, members=asked.members) * measure
    return errors, _held(draws, came, total)


def _held(draws: Table, came: Table, total: float) -> tuple[float, float, float]:
    low, high = np.quantile(draws, (0.05, 0.95), axis=0)
    all_low, all_high = np.quantile(draws.sum(axis=1), (0.05, 0.95))
    # whole persons: the record is cut to them, so a range is opened to the next
    inside = (np.floor(low) <= came) & (came <= np.ceil(high))
    return (
        float(inside.mean()),
        float(np.floor(all_low) <= came.sum() <= np.ceil(all_high)),
        float(all_high - all_low) / total,
    )


def better_rival(scores: Sequence[ForecastScore], days: int) -> str:
    """Name the rule without a model that is better in the mean of the conflicts."""
    means = {name: mean_error(scores, days, name) for name in ("persistence", "damped_trend")}
    return min(means, key=lambda name: means[name])


def mean_error(scores: Sequence[ForecastScore], days: int, name: str) -> float:
    """Return the mean over conflicts of the mean over origins."""
    return float(
        np.mean([score.horizons[days].errors[name].mean() for score in scores if days in score.horizons])
    )


def difference(
    scores: Sequence[ForecastScore], days: int, rival: str, *, seed: int = 1
) -> tuple[float, float, float]:
    """Return ours less a rival's error, and its 95 % interval: resampled over conflicts and blocks of origins.

    Returns
    -------
    difference, low, high
        Below 0, ours is better.
    """
    gaps = [
        score.horizons[days].errors["asylia"] - score.horizons[days].errors[rival]
        for score in scores
        if days in score.horizons
    ]
    means = [_resampled(gaps, seed, number) for number in range(RESAMPLES)]
    low, high = np.quantile(means, (0.025, 0.975))
    return float(np.mean([gap.mean() for gap in gaps])), float(low), float(high)


def _resampled(gaps: Sequence[Table], seed: int, number: int) -> float:
    ids = np.arange(len(gaps), dtype=np.uint64)
    blocks = max((len(gap) + BLOCK - 1) // BLOCK for gap in gaps)
    luck = uniforms(seed, int(Stream.FORECAST), number, 0, ids, blocks + 1)
    picked = (luck[:, 0] * len(gaps)).astype(np.int64)
    return float(np.mean([_blocks(gaps[one], luck[row, 1:]) for row, one in enumerate(picked)]))


def _blocks(gap: Table, luck: NDArray[np.float64]) -> float:
    count = (len(gap) + BLOCK - 1) // BLOCK
    starts = (luck[:count] * len(gap)).astype(np.int64)
    spots = (starts[:, None] + np.arange(BLOCK)).ravel()[: len(gap)] % len(gap)
    return float(gap[spots].mean())
