"""How long zones of the past stood: product-limit survival with censoring, and how the risk falls with age.

A zone that ended otherwise than by overrun, or was last seen open, says that it had held until then and no more. Zones of one
conflict share causes, so intervals draw whole conflicts.

Source: Kaplan and Meier (1958), Nonparametric estimation from incomplete observations.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.core.units import DAYS_PER_MONTH

CUTS: Final = (0.0, 1.0, 6.0, 12.0, 24.0, 48.0)
"""Ages in months between which the risk of a zone is taken as even: the times at which the research note gives survival,
and half a year, as a quarter of the zones that fell did so later than one month and within six."""
RESAMPLES: Final = 400
"""Draws of whole conflicts behind an interval."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AgeShape:
    """How the risk of overrun changes with the age of a zone.

    Parameters
    ----------
    relative
        float64 (age class,), risk in each age class against that of all zone-months together.
    """

    relative: NDArray[np.float64]

    def months(self, age: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the zone-months, weighted by risk, that a zone has lived through at some ages in months."""
        cuts = np.array(CUTS)
        lived = np.clip(age[..., None] - cuts, 0.0, np.append(np.diff(cuts), np.inf))
        out: NDArray[np.float64] = (lived * self.relative).sum(axis=-1)
        return out


def watched(rows: pl.DataFrame) -> pl.Series:
    """Give the days each zone was watched: to its overrun, else to its end; a day at least."""
    until = pl.when(pl.col("overrun")).then(pl.coalesce("overrun_date", "end")).otherwise("end")
    return rows.select((until - pl.col("start")).dt.total_days().clip(1)).to_series()


def survival(rows: pl.DataFrame, months: float) -> float:
    """Give the share of zones still held after some months, by the product limit.

    Parameters
    ----------
    rows
        Zones as in `audit.precedents.read_precedents`: start, end, overrun, overrun_date.
    """
    return _product_limit(watched(rows).to_numpy(), rows["overrun"].to_numpy(), months * DAYS_PER_MONTH)


def interval(rows: pl.DataFrame, months: float, *, share: float = 0.9) -> tuple[float, float]:
    """Give a range of the survival, drawing whole conflicts with replacement."""
    told = (
        tuple(rows["cluster"].to_list()),
        tuple(watched(rows).to_list()),
        tuple(rows["overrun"].to_list()),
    )
    return _interval(*told, months * DAYS_PER_MONTH, share)


# plans of one class of the past ask for the same again
@lru_cache(maxsize=64)
def _interval(
    named: tuple[str, ...],
    watched_days: tuple[int, ...],
    overrun: tuple[bool, ...],
    until: float,
    share: float,
) -> tuple[float, float]:
    cluster, days, lost = np.array(named), np.array(watched_days), np.array(overrun, dtype=np.bool_)
    own = [np.flatnonzero(cluster == name) for name in sorted(set(named))]
    ids = stable_ids([f"resample:{number}" for number in range(len(own))])
    luck = uniforms(1, int(Stream.THREAT_ZONE), 0, 9, ids, RESAMPLES)
    found = []
    for column in range(RESAMPLES):
        chosen = np.concatenate([own[int(u * len(own))] for u in luck[:, column]])
        found.append(_product_limit(days[chosen], lost[chosen], until))
    tail = 50.0 * (1.0 - share)
    low, high = np.percentile(found, (tail, 100.0 - tail))
    return float(low), float(high)


def age_shape(rows: pl.DataFrame) -> AgeShape:
    """Compare the rate of overrun in each age class with that of all; an age class is drawn to all by one overrun."""
    days, lost = watched(rows).to_numpy() / DAYS_PER_MONTH, rows["overrun"].to_numpy()
    cuts = np.array(CUTS)
    lived = np.clip(days[:, None] - cuts, 0.0, np.append(np.diff(cuts), np.inf)).sum(axis=0)
    fell = np.bincount(np.searchsorted(cuts, days[lost], side="left") - 1, minlength=cuts.size)
    pooled = max(float(lost.sum()), 0.5) / max(float(days.sum()), 1e-9)
    rate = (fell + 1.0) / (lived + 1.0 / pooled) / pooled
    # all zone-months together keep the rate of all
    scale = float(days.sum()) / float((rate * lived).sum())
    return AgeShape(relative=rate * scale)


def _product_limit(days: NDArray[np.int64], lost: NDArray[np.bool_], until: float) -> float:
    left = 1.0
    for day in np.unique(days[lost & (days <= until)]):
        at_risk = int((days >= day).sum())
        left *= 1.0 - int((lost & (days == day)).sum()) / at_risk
    return left
