"""The de-escalation zones of 2017 in hindsight: a forecast with and without the ceasefire, and whether the drop was theirs.

The event field is fitted to what had happened by 30 April 2017 and run on. The *modifier* is the elicited ceasefire of the
research note on protection (layer L3): rate ratio m(t) = 1 - (1 - m0) 2^(-t/H), m0 0.65 (0.3 to 1.1), H 3 months (1 to 9),
90 %. It was written down before this run and is not fitted here. Three questions, three tables: the zones with and without
it; districts that were no zone; and *placebo* zones, random districts on random days, where an effect has to be none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import binom

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.core.units import DAYS_PER_MONTH, DAYS_PER_WEEK
from asylia.io.folder import read_case
from asylia.io.hindcast import read_hindcast
from asylia.model.case import Case
from asylia.threat.field import fit, paths
from asylia.threat.weeks import weekly_counts

FITTED_TO: Final = dt.date(2017, 4, 30)
FIRST_WEEK: Final = dt.date(2017, 5, 8)
"""The zones began on 6 May 2017. The week of 1 May, half before and half after, is forecast and not scored."""
WINDOWS: Final = ((0, 4), (0, 13), (13, 26), (26, 52))
"""Weeks from and to."""
ZONES: Final[Mapping[str, tuple[str, ...]]] = {
    "Eastern Ghouta": ("duma", "jaramana"),
    "Northern Homs": ("ar-rastan",),
    "Dar'a and Quneitra": ("dara", "as-sanamayn", "izra", "quneitra"),
    "Idlib": ("idlib", "maarat-an-numan", "harim", "jisr-ash-shughur", "ariha", "atarib"),
}
OTHERS: Final[Mapping[str, tuple[str, ...]]] = {
    "partly inside": ("muhradah", "as-suqaylabiyah", "hama", "homs", "al-haffah"),
    "outside": ("damascus", "aleppo", "al-qutayfah", "az-zabadani", "qatana"),
}
"""Districts between the government and the opposition that no zone held whole, and that none held; chosen by hand, afterwards."""
POOLED: Final = "the four zones"
M0: Final = (0.3, 0.65, 1.1)
HALVING_MONTHS: Final = (1.0, 3.0, 9.0)
TAIL: Final = 1.6448536269514722
STEPS: Final = np.unique(np.round(1.5 ** np.arange(30)).astype(np.int64))
"""Lower edges of the bins of the score; each is half as wide again as the one before."""
PLACEBO_WEEKS: Final = 13
PLACEBO_DISTRICTS: Final = 4
ACTIVE: Final = 5.0
"""Lethal events foretold over the window, below which a district is no placebo: a ratio of so few says nothing."""

TABLE: Final[dict[str, type[pl.DataType]]] = {
    "group": pl.String, "is_zone": pl.Boolean, "from_week": pl.Int64, "to_week": pl.Int64, "observed": pl.Int64,
    "low": pl.Float64, "middle": pl.Float64, "high": pl.Float64, "ratio": pl.Float64, "ratio_low": pl.Float64,
    "ratio_high": pl.Float64, "inside": pl.Boolean, "score": pl.Float64, "inside_with": pl.Boolean,
    "score_with": pl.Float64,
}  # fmt: skip
PLACEBO: Final[dict[str, type[pl.DataType]]] = {
    "fitted_to": pl.Date, "districts": pl.String, "ratio": pl.Float64, "others": pl.Float64, "effect": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ceasefire:
    """What the hindcast found.

    Parameters
    ----------
    table
        Columns as in `TABLE`; scores are bits of surprise at the observed count, fewer is better.
    placebo
        Columns as in `PLACEBO`; `effect` is the ratio of the placebo districts to that of all other active ones.
    """

    table: pl.DataFrame
    placebo: pl.DataFrame

    def score(self, *groups: str) -> tuple[float, float]:
        """Mean bits of surprise over the windows of some groups, or of all zones: without and with the modifier."""
        rows = self.table.filter(pl.col("group").is_in(groups) if groups else pl.col("is_zone"))
        means = rows.select(pl.col("score", "score_with").mean())
        return float(means["score"][0]), float(means["score_with"][0])

    def effects(self) -> tuple[float, ...]:
        """Give observed over forecast in the four zones against the same outside them, by window."""
        ratios = [self.table.filter(group=group)["ratio"].to_numpy() for group in (POOLED, "outside")]
        return tuple(float(effect) for effect in ratios[0] / ratios[1])

    @property
    def placebo_range(self) -> tuple[float, float]:
        """5th and 95th percentile of the placebo effects: how far apart random districts lie with no zone anywhere."""
        low, high = np.percentile(self.placebo["effect"].to_numpy(), (5.0, 95.0))
        return float(low), float(high)

    @property
    def inside(self) -> tuple[int, int]:
        """Counts of zones and windows inside the 90 % range, without and with the modifier."""
        zones = self.table.filter("is_zone").select(pl.col("inside", "inside_with").sum())
        return int(zones["inside"][0]), int(zones["inside_with"][0])

    @property
    def placebo_centre(self) -> tuple[float, float, float]:
        """Geometric mean of the placebo effects, with a 90 % range over days drawn again with replacement."""
        by_day = [
            np.log(rows["effect"].to_numpy())
            for _, rows in self.placebo.group_by("fitted_to", maintain_order=True)
        ]
        picks = np.random.default_rng(0).integers(0, len(by_day), (2000, len(by_day)))
        means = np.array([np.concatenate([by_day[i] for i in pick]).mean() for pick in picks])
        low, high = np.percentile(means, (5.0, 95.0))
        return float(np.exp(low)), float(np.exp(np.concatenate(by_day).mean())), float(np.exp(high))


def ceasefire(folder: Path, *, draws: int = 3000, seed: int = 1) -> Ceasefire:
    """Run the hindcast on a folder of the case `syria-2017`, whose hindcast file holds what came after.

    Parameters
    ----------
    draws
        Paths of the event field for the zones; the placebos use a quarter of them.
    """
    case = read_case(folder)
    events = pl.concat([case.events, read_hindcast(folder)[0]])
    return Ceasefire(
        table=_table(case, events, draws, seed), placebo=_placebo(case, events, max(draws // 4, 50), seed)
    )


def factors(draws: int, seed: int, weeks: int) -> NDArray[np.float64]:
    """Draw the modifier, float64 (draw, week): two luck numbers a draw, one for each elicited range."""
    ids = stable_ids(["ceasefire:m0", "ceasefire:halving"])
    luck = np.stack(
        [uniforms(seed, int(Stream.UNCERTAIN), member, 0, ids, 1)[:, 0] for member in range(draws)]
    )
    m0 = _elicited(M0, luck[:, 0])
    halving = _elicited(HALVING_MONTHS, luck[:, 1])
    months = (np.arange(weeks) + 0.5) * DAYS_PER_WEEK / DAYS_PER_MONTH
    left: NDArray[np.float64] = 1.0 - (1.0 - m0[:, None]) * 2.0 ** (-months / halving[:, None])
    return left


def surprise(draws: NDArray[np.int64], seen: int) -> float:
    """Give the bits of surprise at a count: -log2 of the share of draws in its bin, one count added to every bin.

    The log score of the VIEWS prediction challenge (ignorance), on bins that widen by half.

    >>> surprise(np.full(73, 10), 10) < surprise(np.full(73, 10), 40)
    True
    """
    bins = np.searchsorted(STEPS, draws, side="right")
    hits = int((bins == np.searchsorted(STEPS, seen, side="right")).sum())
    return float(-np.log2((hits + 1) / (draws.size + STEPS.size + 1)))


def _elicited(ends: tuple[float, float, float], luck: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draw from low, middle, high: lognormal on each side of the middle, with those ends at 5 and 95 %."""
    low, middle, high = ends
    # scipy's stubs widen to any float; these are float64 all along
    steps = np.asarray(ndtri(luck), dtype=np.float64)
    scale = np.log(np.array([middle / low, high / middle]))[(steps >= 0).astype(np.int64)] / TAIL
    drawn: NDArray[np.float64] = middle * np.exp(scale * steps)
    return drawn


def _forecast(
    case: Case, events: pl.DataFrame, fitted_to: dt.date, draws: int, seed: int, weeks: int
) -> tuple[list[str], NDArray[np.int64]]:
    """Fit to a day and draw from the week after the next on: districts, and int64 (draw, district, week)."""
    towns = case.places.filter(pl.col("country") == case.country, pl.col("kind") == "town")
    towns = towns.sort("id")
    places = towns["id"].to_list()
    field = fit(events, towns, fitted_to)
    drawn = [paths(field, seed=seed, member=member, weeks=weeks + 1)[:, 1:] for member in range(draws)]
    return places, np.stack(drawn)


def _table(case: Case, events: pl.DataFrame, draws: int, seed: int) -> pl.DataFrame:
    weeks = max(last for _, last in WINDOWS)
    places, drawn = _forecast(case, events, FITTED_TO, draws, seed, weeks)
    came = weekly_counts(events, places, FIRST_WEEK, weeks)
    change = factors(draws, seed, weeks)
    rows = []
    together = {POOLED: tuple(district for zone in ZONES.values() for district in zone)}
    for group, districts in {**ZONES, **together, **OTHERS}.items():
        at = [places.index(district) for district in districts]
        for first, last in WINDOWS:
            counts, seen = drawn[:, at, first:last].sum(axis=(1, 2)), int(came[at, first:last].sum())
            thinned = thin(counts, change[:, first:last].mean(axis=1), f"{group}:{first}:{last}", seed)
            rows.append((group, group in ZONES, first, last, *_row(counts, thinned, seen)))
    return pl.DataFrame(rows, schema=TABLE, orient="row")


def _row(counts: NDArray[np.int64], thinned: NDArray[np.int64], seen: int) -> tuple[object, ...]:
    low, middle, high = (float(value) for value in np.percentile(counts, (5.0, 50.0, 95.0)))
    with_low, with_high = np.percentile(thinned, (5.0, 95.0))
    ratios = (seen / max(middle, 1.0), seen / max(high, 1.0), seen / max(low, 1.0))
    return (
        seen, low, middle, high, *ratios, low <= seen <= high, surprise(counts, seen),
        bool(with_low <= seen <= with_high), surprise(thinned, seen),
    )  # fmt: skip


def thin(counts: NDArray[np.int64], change: NDArray[np.float64], name: str, seed: int) -> NDArray[np.int64]:
    """Take events away one by one with the chance a factor gives, or repeat them where it is above 1."""
    ids = stable_ids([f"ceasefire:{name}"])
    luck = np.array(
        [uniforms(seed, int(Stream.EVENTS), member, 0, ids, 1)[0, 0] for member in range(counts.size)]
    )
    whole = np.floor(change)
    some = np.asarray(binom.ppf(luck, counts, change - whole)).astype(np.int64)
    changed: NDArray[np.int64] = counts * whole.astype(np.int64) + some
    return changed


def _placebo(case: Case, events: pl.DataFrame, draws: int, seed: int) -> pl.DataFrame:
    """Take random districts on quarterly days, none of them in the first year of the zones."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[object, ...]] = []
    for fitted_to in _placebo_days():
        places, drawn = _forecast(case, events, fitted_to, draws, seed, PLACEBO_WEEKS)
        first = fitted_to + dt.timedelta(days=1 + DAYS_PER_WEEK)
        came = weekly_counts(events, places, first, PLACEBO_WEEKS).sum(axis=1)
        middle = drawn.sum(axis=2).mean(axis=0)
        active = np.flatnonzero(middle >= ACTIVE)
        for _ in range(20):
            chosen = rng.permutation(active)
            own, rest = chosen[:PLACEBO_DISTRICTS], chosen[PLACEBO_DISTRICTS:]
            ratio, others = (share_of(came[part], middle[part]) for part in (own, rest))
            names = " ".join(sorted(places[i] for i in own))
            rows.append((fitted_to, names, ratio, others, ratio / others))
    return pl.DataFrame(rows, schema=PLACEBO, orient="row")


def share_of(came: NDArray[np.int64], foretold: NDArray[np.float64]) -> float:
    """Take the geometric mean of observed over foretold, so that no one district decides; half an event is added to both."""
    return float(np.exp(np.log((came + 0.5) / (foretold + 0.5)).mean()))


def _placebo_days() -> Sequence[dt.date]:
    """List Sundays a quarter apart whose window lies before the zones, or after their first year."""
    days = [dt.date(2016, 7, 31) + dt.timedelta(weeks=13 * step) for step in range(13)]
    ahead = dt.timedelta(weeks=PLACEBO_WEEKS + 1)
    return [day for day in days if day + ahead < dt.date(2017, 5, 6) or day > dt.date(2018, 5, 5)]
