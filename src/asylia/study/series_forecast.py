"""Forecast a series of people by place from a rolling origin, and score it: refugees by country, arrivals by border.

Everything is as published: a correction of the register between the origin and the day forecast counts as an error, for
every rule. Only reports dated up to the origin are used, in the forecast, in the weights and in the width of ranges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.draws import stable_ids
from asylia.io.people_series import PeopleSeries
from asylia.move.forecast.ahead import Fitted, draw, middle
from asylia.move.forecast.known import Known, Table
from asylia.move.forecast.own_past import guesses, relative, shares, steadied, stretch
from asylia.study.forecast import ForecastScore, HorizonScore, rivals

NEAR: Final = (7, 14, 30)
"""Days ahead whose checked forecasts also count, where more were asked for."""
MEMORY_DAYS: Final = 400
HALVING_DAYS: Final = 120.0
SHORTEST_FITTED: Final = 30
"""Days ahead below which widths are not learned; they shrink with the root of the days, as they grow above it in the pool."""

Held = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlook:
    """People by place some days after an origin.

    Parameters
    ----------
    people, low, high
        float64 (place,): the point forecast and its 90 % range.
    total
        The same three of all places together.
    """

    people: Table
    low: Table
    high: Table
    total: tuple[float, float, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class SeriesForecaster:
    """A series and what was learned on other conflicts; answers what is forecast on any day.

    Parameters
    ----------
    guide
        float64 (place,), share of newcomers each place is expected to get while nobody has been counted there.
    every
        Days between the earlier forecasts that are checked.
    """

    series: PeopleSeries
    fitted: Fitted
    guide: Table
    every: int = 15
    members: int = 200
    seed: int = 1

    @cached_property
    def _ids(self) -> NDArray[np.uint64]:
        return stable_ids(list(self.series.places))

    @cached_property
    def _guesses(self) -> dict[tuple[int, int], Table]:
        return {}

    @cached_property
    def _points(self) -> dict[tuple[int, int], Table]:
        return {}

    @cached_property
    def _widths(self) -> dict[tuple[int, int], Table]:
        return {}

    def by(self, origin: int) -> Known:
        """Return what was published up to a day."""
        kept = [days <= origin for days in self.series.days]
        total = self.series.total_days <= origin
        return Known(
            origin=origin,
            days=tuple(days[keep] for days, keep in zip(self.series.days, kept, strict=True)),
            people=tuple(people[keep] for people, keep in zip(self.series.people, kept, strict=True)),
            guide=self.guide,
            total_days=self.series.total_days[total],
            totals=self.series.totals[total],
        )

    def point(self, origin: int, days: int) -> Table:
        """Return people by place some days after the origin, float64 (place,)."""
        if (origin, days) not in self._points:
            self._points[origin, days] = self._weights(origin, days) @ self._all(origin, days)
        return self._points[origin, days]

    def outlook(self, origin: int, days: int) -> Outlook:
        """Return the forecast with its ranges."""
        people, width = self.point(origin, days), self._width(origin, days)
        by_place, together = self._stretches(origin, days)
        total = float(people.sum())
        return Outlook(
            people=people,
            low=np.maximum(people - by_place[0] * width[0, :-1], 0.0),
            high=people + by_place[1] * width[1, :-1],
            total=(total, max(total - together[0] * width[0, -1], 0.0), total + together[1] * width[1, -1]),
        )

    def came(self, day: int, upto: int | None = None) -> tuple[Table, Held]:
        """Return people by place on a day, and where this is known: between two reports, or on the day of one.

        Parameters
        ----------
        upto
            Last day whose reports may be looked at.
        """
        people, seen = np.zeros(len(self.series.places)), np.zeros(len(self.series.places), dtype=np.bool_)
        for place, (days, counts) in enumerate(zip(self.series.days, self.series.people, strict=True)):
            count = len(days) if upto is None else int(np.searchsorted(days, upto, side="right"))
            if count and days[0] <= day <= days[count - 1]:
                people[place], seen[place] = np.interp(day, days[:count], counts[:count]), True
        return people, seen

    def _all(self, origin: int, days: int) -> Table:
        if (origin, days) not in self._guesses:
            self._guesses[origin, days] = guesses(self.by(origin), self.fitted.weights, days)
        return self._guesses[origin, days]

    def _checked(self, origin: int, days: int) -> Iterator[tuple[int, Table, Held]]:
        """Yield earlier origins, and what came so many days after them, as far as that was known by now."""
        last = origin - days
        for earlier in range(last, max(last - MEMORY_DAYS, 0), -self.every):
            people, seen = self.came(earlier + days, origin)
            began = np.array([len(own) > 0 and own[0] <= earlier for own in self.series.days])
            if (seen & began).any():
                yield earlier, people, seen & began

    def _weights(self, origin: int, days: int) -> Table:
        losses, checked = np.zeros(len(self._all(origin, days))), 0.0
        for ahead in sorted({days, *(near for near in NEAR if near < days)}):
            for earlier, people, seen in self._checked(origin, ahead):
                errors = np.abs(self._all(earlier, ahead) - people)[:, seen].sum(axis=1)
                age = origin - earlier - ahead
                weight = 0.5 ** (age / HALVING_DAYS) * ahead / days
                losses += weight * relative(errors / max(float(people[seen].sum()), 1.0))
                checked += weight
        return shares(losses, checked)

    def _width(self, origin: int, days: int) -> Table:
        """Return half widths below and above the point, float64 (2, place and at last the total), as learned elsewhere."""
        if (origin, days) not in self._widths:
            known = steadied(self.by(origin))
            drawn = draw(known, self.fitted, days, seed=self.seed, ids=self._ids, members=self.members)
            point = middle(known, self.fitted.weights, days)
            both = np.column_stack([drawn, drawn.sum(axis=1)])
            low, high = np.quantile(both, (0.05, 0.95), axis=0)
            centre = np.append(point, point.sum())
            # a range that does not hold its own point is opened to it, and by a person, so that it has a width
            self._widths[origin, days] = np.stack(
                [np.maximum(centre - low, 1.0), np.maximum(high - centre, 1.0)]
            )
        return self._widths[origin, days]

    def _stretches(self, origin: int, days: int) -> tuple[Table, Table]:
        """Return how much ranges are widened below and above, of places and of the total, by errors checked by now.

        Two float64 (2,). The total is never surer than its parts.
        """
        believed = float(np.sqrt(min(days, SHORTEST_FITTED) / SHORTEST_FITTED))
        places, totals, first = [np.zeros((2, 0))], [np.zeros((2, 0))], origin
        for earlier, people, seen in self._checked(origin, days):
            gaps, width = people - self.point(earlier, days), self._width(earlier, days)
            places.append(_ratios(gaps, width[:, :-1])[:, seen])
            totals.append(_ratios(np.array([gaps[seen].sum()]), width[:, -1:]))
            first = earlier
        worth = (origin - days - first) / days + float(len(places) > 1)
        by_place, together = (
            np.array([stretch(side, worth, believed) for side in np.concatenate(parts, axis=1)])
            for parts in (places, totals)
        )
        return by_place, np.maximum(by_place, together)


def _ratios(gaps: Table, width: Table) -> Table:
    """Return errors below and above in half widths of that side, float64 (2, place); 0 on the other side."""
    return np.asarray(np.stack([np.maximum(-gaps, 0.0), np.maximum(gaps, 0.0)]) / width, dtype=np.float64)


def score_series(
    forecaster: SeriesForecaster, horizons: tuple[int, ...], *, first_origin: int, in_pool: bool
) -> ForecastScore:
    """Score forecasts from every origin, as a share of the people reported; places without a later report are left out."""
    found = {days: _horizon(forecaster, days, first_origin) for days in horizons}
    kept = {days: score for days, score in found.items() if score.origins}
    return ForecastScore(case=forecaster.series.name, in_pool=in_pool, horizons=kept)


def last_day(series: PeopleSeries) -> int:
    """Return the last day on which anything was reported."""
    return max(int(days[-1]) for days in series.days if len(days))


def _horizon(forecaster: SeriesForecaster, days: int, first_origin: int) -> HorizonScore:
    origins, rows = [], []
    frozen = _frozen(forecaster, first_origin)
    for origin in range(first_origin, last_day(forecaster.series) - days + 1, forecaster.every):
        people, seen = forecaster.came(origin + days)
        if people[seen].sum() > 0:
            origins.append(origin)
            rows.append(_origin(forecaster, origin, days, frozen))
    names = list(rows[0][0]) if rows else []
    return HorizonScore(
        days=days,
        origins=tuple(origins),
        errors={name: np.array([errors[name] for errors, _ in rows]) for name in names},
        held=np.array([held[0] for _, held in rows]),
        held_total=np.array([held[1] for _, held in rows]),
        width=np.array([held[2] for _, held in rows]),
    )


def _frozen(forecaster: SeriesForecaster, first_origin: int) -> Table:
    """Return the shares of places in what had been reported by the first origin; even ones without a report."""
    known = forecaster.by(first_origin)
    last = np.array([people[-1] if len(people) else 0.0 for people in known.people])
    return last / last.sum() if last.sum() > 0 else np.full(len(last), 1.0 / len(last))


def _origin(
    forecaster: SeriesForecaster, origin: int, days: int, frozen: Table
) -> tuple[dict[str, float], tuple[float, float, float]]:
    known, seen_by = forecaster.by(origin), forecaster.came(origin + days)
    (came, seen), outlook = seen_by, forecaster.outlook(origin, days)
    total = float(came[seen].sum())
    rules = {
        "asylia": outlook.people,
        "asylia_other_conflicts": middle(steadied(known), forecaster.fitted.weights, days),
        **rivals(known, days),
    }
    rules["frozen_shares"] = frozen * rules["damped_trend"].sum()
    errors = {name: float(np.abs(people - came)[seen].sum()) / total for name, people in rules.items()}
    return errors, _held(outlook, came, seen, total)


def _held(outlook: Outlook, came: Table, seen: Held, total: float) -> tuple[float, float, float]:
    # whole persons: a range is opened to the next
    inside = (np.floor(outlook.low) <= came) & (came <= np.ceil(outlook.high))
    _, low, high = outlook.total
    # the total's range holds all places; what those without a later report were expected to have is taken off
    rest = float(outlook.people[~seen].sum())
    holds = np.floor(low - rest) <= total <= np.ceil(high - rest)
    return float(inside[seen].mean()), float(holds), (high - low) / total
