"""Score forecasts of where people from one place go, and how many, from a rolling origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.move.forecast.flow_fit import FIRST, Cases, cases, fold
from asylia.move.forecast.flow_signs import Flows, Ladder, climb, open_to
from asylia.move.forecast.flows import DRAWS, MEMBER, Split, split_at, whole_people
from asylia.move.forecast.known import Table
from asylia.move.forecast.monthly import YEAR, Months
from asylia.move.forecast.totals import draw_totals
from asylia.study.flow_rivals import blurred, rivals, year_of_shares
from asylia.study.outflow import AHEAD, resampled
from asylia.threat.scores import crps

OURS: Final = "asylia"
EXPECTED_SHARE: Final = 0.01
"""Ranges are checked for pairs that are expected to get at least this share of an origin's people; most others are 0 and always held."""
NEVER: Final = 1e-9
EXPECTED_PEOPLE: Final = 10.0
"""The same for counts of pairs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowScore:
    """How forecasts some months ahead did, by rule.

    Parameters
    ----------
    split
        Absolute error of shares, added up over destinations, mean over the people who left: 0 is exact, 2 all wrong.
    log_score
        Minus the logarithm of the share forecast for where each person went, mean over people.
    given_total
        CRPS of people by pair when it is known how many leave each origin, as a share of them.
    counts
        CRPS of people by pair when that is forecast too.
    best, best_count
        The rule without a model that does best, chosen knowing what came, by `split` and by `counts`.
    difference, difference_count
        Ours less that rule, with a 95 % interval, resampled in blocks of months.
    held, held_counts, held_arrivals
        Share of pairs inside their 90 % range, given the total and not; of destinations, people from everywhere.
    """

    ahead: int
    split: Mapping[str, float]
    log_score: Mapping[str, float]
    given_total: Mapping[str, float]
    counts: Mapping[str, float]
    best: str
    best_count: str
    difference: tuple[float, float, float]
    difference_count: tuple[float, float, float]
    held: float
    held_counts: float
    held_arrivals: float
    months: int
    people: int


_Row = Mapping[str, Mapping[str, float]]


def score_flows(flows: Flows, *, ahead: Sequence[int] = AHEAD, seed: int = 1) -> tuple[FlowScore, ...]:
    """Score each number of months ahead; months with a year of months before their origin are scored.

    What lies after an origin is never given to the forecast: weights are fitted anew on what came by then.
    """
    ladder = climb(flows)
    return tuple(_score(ladder, months, seed) for months in ahead)


def _score(ladder: Ladder, ahead: int, seed: int) -> FlowScore:
    past: list[Cases] = []
    rows: list[_Row] = []
    for origin in range(FIRST, len(ladder.flows.people) - ahead):
        if origin >= YEAR - 1:
            known = past[: max(origin - ahead - FIRST + 1, 0)]
            rows.append(_month(ladder, known, origin, ahead, seed))
        past.append(cases(ladder, origin, ahead))
    return _summed([row for row in rows if row["people"]["people"]], ahead, seed)


def _month(ladder: Ladder, past: Sequence[Cases], origin: int, ahead: int, seed: int) -> _Row:
    flows = ladder.flows
    known, came = flows.until(origin), fold(flows.people[origin + ahead], open_to(ladder, origin))
    split = split_at(ladder, past, origin, ahead, seed=seed)
    left = came.sum(axis=1) > 0
    luck = _luck(flows.places, origin, ahead, seed)
    return {
        "people": {"people": float(came.sum())},
        **_shares(known, split, came, left),
        **_given(known, split, came, left, luck),
        **_counts(known, split, came, ahead, luck),
    }


def _shares(known: Flows, split: Split, came: Table, left: NDArray[np.bool_]) -> _Row:
    """Score shares of those who left: absolute error of points, and the logarithm of means."""
    people = came[left]
    real = people / people.sum(axis=1, keepdims=True)
    points, means = {OURS: split.middle(left)}, {OURS: split.mean[left] + NEVER}
    for name, rival in rivals(known).items():
        points[name], means[name] = rival[left], blurred(rival[left])
    size = people.sum(axis=1)
    error = {name: float(np.abs(one - real).sum(axis=1) @ size) for name, one in points.items()}
    log_score = {name: float(-(people * np.log(one)).sum()) for name, one in means.items()}
    return {"split": error, "log_score": log_score}


def _given(known: Flows, split: Split, came: Table, left: NDArray[np.bool_], luck: Table) -> _Row:
    """Score people by pair when it is known how many leave."""
    people = came[left].sum(axis=1).astype(np.int64)
    drawn = whole_people(
        split.draws[:, left], np.broadcast_to(people, (DRAWS, len(people))), luck[1][:, left]
    )
    year = year_of_shares(known)[:, left] * people[:, None]
    expected = split.mean[left] >= EXPECTED_SHARE
    return {
        "given_total": {OURS: _crps(drawn, came[left]), "last_year": _crps(year, came[left])},
        "held": _held(drawn, came[left], expected),
    }


def _counts(known: Flows, split: Split, came: Table, ahead: int, luck: Table) -> _Row:
    """Score people by pair when it is forecast how many leave each origin, and where they go."""
    totals = _totals(known, ahead, luck)
    drawn = whole_people(split.draws, totals, luck[1])
    blank = np.zeros((len(known.people[-YEAR:]), len(came), 1))
    year = np.concatenate([known.people[-YEAR:], blank], axis=2)
    arrivals = drawn.sum(axis=1)
    return {
        "counts": {
            OURS: _crps(drawn, came),
            "last_year": _crps(year, came),
            "last_month": _crps(year[-1:], came),
            "median_of_year": _crps(np.median(year, axis=0)[None], came),
        },
        "held_counts": _held(drawn, came, drawn.mean(axis=0) >= EXPECTED_PEOPLE),
        "held_arrivals": _held(
            arrivals[:, None], came.sum(axis=0)[None], (arrivals.mean(axis=0) >= EXPECTED_PEOPLE)[None]
        ),
    }


def _totals(known: Flows, ahead: int, luck: Table) -> NDArray[np.int64]:
    """Draw how many leave each origin, int64 (draw, origin): as newly displaced by area are, in the order luck gives."""
    left = known.people.sum(axis=2)
    once = np.flatnonzero(left.sum(axis=0) > 0)
    drawn = np.sort(draw_totals(Months(people=left[:, once], events=np.zeros((0, len(once)))), ahead), axis=0)
    rank = luck[0][:, once].argsort(axis=0).argsort(axis=0)
    chosen = np.take_along_axis(drawn, rank * len(drawn) // DRAWS, axis=0)
    found = np.zeros((DRAWS, left.shape[1]), dtype=np.int64)
    found[:, once] = np.floor(chosen + luck[2][:, once]).astype(np.int64)
    return found


def _luck(places: tuple[str, ...], origin: int, ahead: int, seed: int) -> Table:
    """Draw numbers above 0 and below 1, float64 (kind, draw, origin)."""
    ids = stable_ids(list(places))
    drawn = uniforms(seed, int(Stream.FORECAST), MEMBER + ahead, origin, ids, 3 * DRAWS)
    return np.asarray(drawn.T.reshape(3, DRAWS, len(places)), dtype=np.float64)


def _crps(draws: NDArray[np.int64] | Table, came: Table) -> float:
    return float(crps(draws.reshape(len(draws), -1).astype(np.float64), came.ravel()).sum())


def _held(draws: NDArray[np.int64], came: Table, expected: NDArray[np.bool_]) -> Mapping[str, float]:
    low, high = np.quantile(draws, (0.05, 0.95), axis=0)
    inside = (np.floor(low) <= came) & (came <= np.ceil(high)) & expected
    return {"inside": float(inside.sum()), "all": float(expected.sum())}


def _summed(rows: Sequence[_Row], ahead: int, seed: int) -> FlowScore:
    people = np.array([row["people"]["people"] for row in rows])
    table = {
        part: {name: np.array([row[part][name] for row in rows]) for name in rows[0][part]}
        for part in rows[0]
    }
    means = {
        part: {name: float(one.sum() / people.sum()) for name, one in table[part].items()}
        for part in ("split", "log_score", "given_total", "counts")
    }
    best = {part: min(set(means[part]) - {OURS}, key=means[part].__getitem__) for part in ("split", "counts")}
    gaps = {
        part: resampled(table[part][OURS] - table[part][best[part]], people, ahead, seed) for part in best
    }
    held = {part: _part(table[part]) for part in ("held", "held_counts", "held_arrivals")}
    return FlowScore(
        ahead=ahead,
        split=means["split"],
        log_score=means["log_score"],
        given_total=means["given_total"],
        counts=means["counts"],
        held=held["held"],
        held_counts=held["held_counts"],
        held_arrivals=held["held_arrivals"],
        best=best["split"],
        best_count=best["counts"],
        difference=gaps["split"],
        difference_count=gaps["counts"],
        months=len(rows),
        people=int(people.sum()),
    )


def _part(table: Mapping[str, Table]) -> float:
    return float(table["inside"].sum() / max(table["all"].sum(), 1.0))
