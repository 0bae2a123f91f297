"""Score monthly forecasts of people newly displaced by area, from a rolling origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.draws import Stream, uniforms
from asylia.io.movements import Movements, Points
from asylia.model.case import Case
from asylia.move.forecast.flow_signs import REACHES
from asylia.move.forecast.known import Table
from asylia.move.forecast.monthly import YEAR, Months, draw_months, last_year
from asylia.threat.scores import crps

AHEAD: Final = (1, 3, 6)
SHORTEST: Final = YEAR + max(AHEAD)
"""Months of movements without which nothing can be scored."""
RIVALS: Final = ("last_year", "last_value", "median_year")
RESAMPLES: Final = 2000
KM_PER_DEGREE: Final = 111.2
BLOCK: Final = 6
"""Months that are resampled together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutflowScore:
    """How forecasts some months ahead did: CRPS added up over areas and months, as a share of the people displaced.

    Parameters
    ----------
    last_value, median_year
        Point forecasts without a model: absolute error as the same share.
    difference
        Ours less `last_year`, with its 95 % interval, resampled in blocks of months.
    best, difference_best
        The rule without a model that does best, chosen knowing what came, and the same for it.
    held
        Share of area-months inside their 90 % range.
    """

    ahead: int
    asylia: float
    last_year: float
    last_value: float
    median_year: float
    difference: tuple[float, float, float]
    best: str
    difference_best: tuple[float, float, float]
    held: float
    months: int


def events_by_area(movements: Movements, events: Points, case: Case) -> Table:
    """Count events by month and area: each counts everywhere, the less the further it lies from the middle of the area's towns.

    People come to an area from fighting around it, not from that within its borders alone. An event counts `exp(-km / 200)`,
    the wider of the two reaches by which people arrive near an origin (`asylia.move.forecast.flow_signs.REACHES`).

    Returns
    -------
    float64 (month, area), from the first month of the movements to the last month that has an event; 0 for an area without a
    town in the case.

    Empty if no town of the case lies in an area of the movements, or no event in its months.
    """
    towns = case.places.filter(case.places["admin1"].is_in(list(movements.areas)))
    if not towns.height or not len(events.points):
        return np.zeros((0, len(movements.areas)))
    months = np.array([_since(movements, day.year, day.month) for day in events.days], dtype=np.int64)
    counts = np.zeros((max(int(months.max(initial=-1)) + 1, 0), len(movements.areas)))
    later = months >= 0
    for area, name in enumerate(movements.areas):
        own = towns.filter(towns["admin1"] == name)
        if own.height:
            middle = own.select("lat", "lon").to_numpy().mean(axis=0)
            np.add.at(counts[:, area], months[later], _felt(events.points[later], middle))
    return counts[: len(movements.people)]


def score_outflow(
    movements: Movements, events: Table, *, ahead: Sequence[int] = AHEAD, seed: int = 1
) -> tuple[OutflowScore, ...]:
    """Score each number of months ahead; months with twelve months before their origin are scored.

    Parameters
    ----------
    events
        float64 (month, area), see `events_by_area`; what lies after an origin is never given to the forecast.
    """
    whole = Months(people=movements.people, events=events)
    return tuple(_score(whole, months, seed) for months in ahead)


def _score(whole: Months, ahead: int, seed: int) -> OutflowScore:
    rows = [_month(whole, month - ahead, ahead) for month in range(YEAR - 1 + ahead, len(whole.people))]
    table = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    people = max(float(table["people"].sum()), 1.0)
    best = min(RIVALS, key=lambda name: table[name].sum())
    return OutflowScore(
        ahead=ahead,
        asylia=float(table["asylia"].sum()) / people,
        last_year=float(table["last_year"].sum()) / people,
        last_value=float(table["last_value"].sum()) / people,
        median_year=float(table["median_year"].sum()) / people,
        difference=resampled(table["asylia"] - table["last_year"], table["people"], ahead, seed),
        best=best,
        difference_best=resampled(table["asylia"] - table[best], table["people"], ahead, seed),
        held=float(table["held"].mean()),
        months=len(rows),
    )


def _month(whole: Months, origin: int, ahead: int) -> Mapping[str, float]:
    known, came = whole.until(origin), whole.people[origin + ahead]
    ours, year = draw_months(known, ahead), last_year(known)
    low, high = np.quantile(ours, (0.05, 0.95), axis=0)
    return {
        "asylia": float(crps(ours, came).sum()),
        "last_year": float(crps(year, came).sum()),
        "last_value": float(np.abs(known.people[-1] - came).sum()),
        "median_year": float(np.abs(np.median(year, axis=0) - came).sum()),
        "people": float(came.sum()),
        "held": float(((np.floor(low) <= came) & (came <= np.ceil(high))).mean()),
    }


def resampled(gap: Table, people: Table, ahead: int, seed: int) -> tuple[float, float, float]:
    """Return a difference as a share of the people, and its 95 % interval over blocks of months drawn again.

    Parameters
    ----------
    gap, people
        float64 (month,): what is added up, and the people it is a share of.
    """
    count = len(gap)
    blocks = (count + BLOCK - 1) // BLOCK
    ids = np.arange(RESAMPLES, dtype=np.uint64)
    luck = uniforms(seed, int(Stream.FORECAST), 0, ahead, ids, blocks)
    starts = (luck * count).astype(np.int64)
    spots = (starts[:, :, None] + np.arange(BLOCK)).reshape(RESAMPLES, -1)[:, :count] % count
    drawn = gap[spots].sum(axis=1) / np.maximum(people[spots].sum(axis=1), 1.0)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(gap.sum() / max(people.sum(), 1.0)), float(low), float(high)


def _felt(points: NDArray[np.float64], middle: NDArray[np.float64]) -> Table:
    """Return how much each event counts at a point, float64 (event,): 1 there, less further off."""
    north, east = ((points - middle) * KM_PER_DEGREE).T
    away = np.hypot(north, east * np.cos(np.radians(middle[0])))
    return np.asarray(np.exp(-away / REACHES[1]), dtype=np.float64)


def _since(movements: Movements, year: int, month: int) -> int:
    return (year - movements.first.year) * 12 + month - movements.first.month
