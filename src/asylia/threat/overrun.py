"""Whether a zone would be overrun: a base rate from zones of the past, never from how quiet it is now.

Quiet is not safety: by its recent events, Srebrenica stood fifth of six in January 1995. So this rate is apart from the
event field. The level is one rate per class of zones. With an age shape (`threat.survival`) it falls with the age of a zone as
it did in the past; marks of a zone (refused, isolated, without force, armed inside, a rise of its own fighting) move it, each
held against the mean of the class, so that what most of those zones lacked anyhow is not counted twice.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtri

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.core.units import DAYS_PER_MONTH, DAYS_PER_WEEK
from asylia.model.plan import Protection
from asylia.threat.survival import AgeShape, age_shape, watched

FEWEST: Final = 5
"""Zones a class needs."""
FEWEST_MONTHS: Final = 24.0
"""Zone-months a class needs. A rate from zones that stood for days says nothing about a year."""
CASE_EFFECT: Final = 0.9
"""Standard deviation, on the log, of how far one conflict is from the class (research note on protection, layer L4)."""
PRIOR_OVERRUNS: Final = 1.0
"""Weight of all zones together in the rate of one class, counted in overruns. A class of a few short-lived zones says
almost nothing alone (0 of 5 in 20 zone-months allows anything); this draws it towards the rate of all zones."""
LARGE_SHARE: Final = 1 / 3
"""Share of the zone-months above which one zone is named."""
GRID: Final = 200
"""Steps of each of the two quantile axes when a range is computed."""
NEAREST: Final = (
    ("logic", "consent_armed_parties", "demilitarised"),
    ("logic", "consent_armed_parties"),
    ("logic",),
)
"""What a class is made by, the nearest first; the first with enough zones is used."""
HALF: Final = 0.5
"""Mean of a mark nobody coded in the table: as many with it as without; assumed."""
MOST_DOUBLINGS: Final = math.log2(11.0)
"""A rise counts up to elevenfold, the largest on record: Srebrenica ten days before it fell."""
CALLED: Final = {
    "logic": "logic of protection",
    "consent_armed_parties": "consent of the armed parties",
    "demilitarised": "demilitarisation",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceClass:
    """Zones of the past that stand in for a plan's zones.

    Parameters
    ----------
    key
        Stable name; the class's luck is keyed by it.
    n, overrun, conflicts
        Zones, how many were overrun, and how many separate conflicts they come from.
    months
        Zone-months watched, from the start of each zone to its overrun, its end, or the day it was last seen.
    prior_months
        Zone-months in which zones of every class together see `PRIOR_OVERRUNS`; added to `months`.
    text
        What the class is and what a reader must know, in plain words.
    means
        Share of the class that bears each mark, by the name of its modifier.
    shape
        How the risk falls with age; `None`: it does not.
    risk_months
        Zone-months weighted by the risk at their age; 0 for months as they are.
    """

    key: str
    n: int
    overrun: int
    conflicts: int
    months: float
    prior_months: float
    text: str
    means: Mapping[str, float] = field(default_factory=dict)
    shape: AgeShape | None = None
    risk_months: float = 0.0

    def hazard(self, class_luck: NDArray[np.float64], case_luck: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give overruns per zone-month at two lucks (any equal shape): gamma posterior times the case effect.

        The prior is the rate of all zones, with the weight of `PRIOR_OVERRUNS`.
        """
        rate = gammaincinv(self.overrun + PRIOR_OVERRUNS, class_luck) / (
            (self.risk_months or self.months) + self.prior_months
        )
        # scipy's stubs widen to any float; these are float64 all along
        return np.asarray(rate * np.exp(CASE_EFFECT * ndtri(case_luck)), dtype=np.float64)

    def probability(self, weeks: float) -> tuple[float, float, float]:
        """Give the chance that one zone is overrun within some weeks: low, middle, high (5th, 50th, 95th percentile)."""
        steps = (np.arange(GRID) + 0.5) / GRID
        rates = self.hazard(*(axis.ravel() for axis in np.meshgrid(steps, steps)))
        low, middle, high = np.percentile(rates, (5.0, 50.0, 95.0))
        months = weeks * DAYS_PER_WEEK / DAYS_PER_MONTH
        return _chance(low, months), _chance(middle, months), _chance(high, months)


def reference_class(precedents: pl.DataFrame, protection: Protection) -> ReferenceClass:
    """Choose the zones of the past that a plan's zones are held against.

    The nearest class with at least `FEWEST` zones and `FEWEST_MONTHS` zone-months: the same logic, consent of the armed parties and demilitarisation; then
    the same logic and consent; then the same logic; then all zones. An answer the plan leaves open is not asked for.

    Parameters
    ----------
    precedents
        From `audit.precedents.read_precedents`, or cut to a date: columns id, name, cluster, start, end, overrun,
        overrun_date, disputed and those of `NEAREST`.
    """
    asked, rows, known = _chosen(precedents, protection)
    pooled = PRIOR_OVERRUNS * zone_months(precedents) / max(float(precedents["overrun"].sum()), 0.5)
    if not asked:
        return _describe(precedents, {}, pooled, fell_back=True)
    return _describe(rows, asked, pooled, fell_back=len(asked) < len(_answered(known)))


def _chosen(
    precedents: pl.DataFrame, protection: Protection
) -> tuple[dict[str, str], pl.DataFrame, dict[str, str]]:
    """Find the nearest class that is large enough: what it is made by (nothing for all), its rows, and what is known."""
    known: dict[str, str] = {
        "logic": protection.logic,
        "consent_armed_parties": protection.consent_armed_parties,
        "demilitarised": protection.demilitarised,
    }
    for names in NEAREST:
        asked = {name: known[name] for name in names if known[name] not in ("unknown", "none")}
        rows = precedents.filter(pl.col(name) == value for name, value in asked.items()) if asked else None
        if rows is not None and rows.height >= FEWEST and zone_months(rows) >= FEWEST_MONTHS:
            return asked, rows, known
    return {}, precedents, known


def _means(rows: pl.DataFrame) -> dict[str, float]:
    """Give the share of the class that bears each mark the table codes; part counts half, what nobody coded for nothing."""
    half = {"yes": 1.0, "partial": 0.5, "no": 0.0}
    turned = {name: 1.0 - value for name, value in half.items()}
    marks = {
        "overrun_refused": pl.col("consent_armed_parties").replace_strict(turned, default=None),
        "overrun_armed_inside": pl.col("demilitarised").replace_strict(turned, default=None),
    }
    if "force_deployed" in rows.columns:
        force = pl.col("force_deployed")
        marks["overrun_no_force"] = pl.when(force > 0).then(0.0).when(force == 0).then(1.0)
    found = rows.select(mark.cast(pl.Float64).mean().alias(name) for name, mark in marks.items()).row(
        0, named=True
    )
    return {name: float(value) for name, value in found.items() if value is not None}


def with_marks(reference: ReferenceClass, precedents: pl.DataFrame, protection: Protection) -> ReferenceClass:
    """Add how the risk falls with age, by all zones, and how many zones of the class bear each mark."""
    rows = class_rows(precedents, protection)
    shape = age_shape(precedents)
    months = shape.months(watched(rows).to_numpy() / DAYS_PER_MONTH)
    return replace(reference, means=_means(rows), shape=shape, risk_months=float(months.sum()))


def class_rows(precedents: pl.DataFrame, protection: Protection) -> pl.DataFrame:
    """Return the zones of the class that `reference_class` chooses."""
    asked, rows, _ = _chosen(precedents, protection)
    return rows if asked else precedents


def log_factor(
    marks: Mapping[str, float | None],
    doublings: float,
    drawn: Mapping[str, float],
    means: Mapping[str, float],
) -> float:
    """Add up what the marks of a zone do to its risk against the class, on the log.

    Parameters
    ----------
    marks
        1 for a zone that bears the mark, 0 for one that does not, `None` where nobody knows: it then counts for nothing.
    doublings
        Doublings of the area's own event rate; below 0 counts as 0, as quiet is not safety.
    """
    total = math.log(drawn["overrun_doubling"]) * min(max(doublings, 0.0), MOST_DOUBLINGS)
    for name, mark in marks.items():
        if mark is not None:
            total += math.log(drawn[name]) * (mark - means.get(name, HALF))
    return total


def zone_risk(
    reference: ReferenceClass, age_days: int, log_factors: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give what a zone lives through from its first day at risk on, in zone-months weighted by risk, running total.

    Parameters
    ----------
    age_days
        Days it had stood before.
    log_factors
        float64 (day,), of `log_factor`; minus infinity once it no longer exists.

    Returns
    -------
    float64 (day,). The chance of overrun by a day is 1 - exp(-hazard x risk).
    """
    risk: NDArray[np.float64] = np.cumsum(
        _lived(reference.shape, age_days, log_factors.size) * np.exp(log_factors)
    )
    return risk


# a zone lives through the same months in every member
@lru_cache(maxsize=256)
def _lived(shape: AgeShape | None, age_days: int, days: int) -> NDArray[np.float64]:
    """Give the zone-months of each day, weighted by the risk at that age, float64 (day,), not to be written to."""
    months = (np.arange(days + 1, dtype=np.float64) + age_days) / DAYS_PER_MONTH
    steps: NDArray[np.float64] = np.diff(months if shape is None else shape.months(months))
    steps.setflags(write=False)
    return steps


def fall_day(risk: NDArray[np.float64], hazard: float, luck: float) -> int:
    """Find the day, counted from the first at risk, on which a zone falls; -1 if it does not."""
    day = int(np.searchsorted(risk, -math.log1p(-luck) / hazard))
    return day if day < risk.size else -1


def zone_luck(zone_ids: Sequence[str], *, seed: int, member: int) -> NDArray[np.float64]:
    """Draw the luck of each zone against overrun, float64 (zone,), by its id."""
    return uniforms(seed, int(Stream.OVERRUN), member, 1, stable_ids(list(zone_ids)), 1)[:, 0]


def overrun_days(
    reference: ReferenceClass,
    zone_ids: Sequence[str],
    *,
    seed: int,
    member: int,
    days: int,
    opens: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Draw the day each zone is overrun.

    One hazard for the class (keyed by member and class), then an exponential time for each zone (keyed by its id), from
    the day it opens. Whether the zone closes first is for the caller to see.

    Parameters
    ----------
    days
        Length of the simulation.
    opens
        int64 (zone,), day each zone opens; a zone that is open before the first day is at risk from the first day.

    Returns
    -------
    int64 (zone,), day of overrun, or -1 where it does not come within the days.
    """
    hazard = drawn_hazard(reference, seed=seed, member=member)
    luck = zone_luck(zone_ids, seed=seed, member=member)
    held = -np.log1p(-luck) / hazard * DAYS_PER_MONTH
    # a zone that outlasts the days is capped first, so that a very long time still fits a whole number
    day = np.maximum(opens, 0) + np.minimum(held, days).astype(np.int64)
    return np.where(day < days, day, -1).astype(np.int64)


def drawn_hazard(reference: ReferenceClass, *, seed: int, member: int) -> float:
    """Draw the overruns per zone-month that one member meets."""
    ids = stable_ids([f"class:{reference.key}"])
    luck = uniforms(seed, int(Stream.OVERRUN), member, 0, ids, 2)
    return float(reference.hazard(luck[:, 0], luck[:, 1])[0])


def zone_months(rows: pl.DataFrame) -> float:
    """Add up the months zones were watched: to overrun, else to their end. A day at least, for each."""
    return float(watched(rows).sum()) / DAYS_PER_MONTH


def _answered(known: dict[str, str]) -> list[str]:
    return [name for name, value in known.items() if value not in ("unknown", "none")]


def _describe(
    rows: pl.DataFrame, asked: dict[str, str], prior_months: float, *, fell_back: bool
) -> ReferenceClass:
    number, overrun = rows.height, int(rows["overrun"].sum())
    conflicts, months = rows["cluster"].n_unique(), zone_months(rows)
    made = "; ".join(f"{CALLED[name]}: {value.replace('_', ' ')}" for name, value in asked.items())
    which = f"zones with the same {made}" if asked else "all zones in the table"
    wars = "conflict" if conflicts == 1 else "conflicts"
    said = [
        f"{overrun} of {number} {which} were overrun, in {months:,.0f} zone-months of {conflicts} {wars}."
    ]
    said.append(f"All zones together count as {PRIOR_OVERRUNS:g} overrun in {prior_months:,.0f} zone-months.")
    if fell_back:
        said.append(
            f"Fewer than {FEWEST} zones, or {FEWEST_MONTHS:g} zone-months, are closer to this plan, so the class is wider."
        )
    said.extend(_doubts(rows, number, overrun))
    said.append(
        "One rate for every zone and week; how far this conflict is from the others is drawn with a spread of "
        f"{CASE_EFFECT:g} on the log (a factor of about {math.exp(1.645 * CASE_EFFECT):.0f} either way)."
    )
    key = "+".join(f"{name}={value}" for name, value in asked.items()) or "all"
    return ReferenceClass(
        key=key,
        n=number,
        overrun=overrun,
        conflicts=conflicts,
        months=months,
        prior_months=prior_months,
        text=" ".join(said),
    )


def _doubts(rows: pl.DataFrame, number: int, overrun: int) -> list[str]:
    disputed = rows.filter(pl.col("disputed").fill_null("").str.split(";").list.contains("overrun"))
    said = []
    days = watched(rows)
    longest = days.arg_max()
    if longest is not None and float(days[longest]) > LARGE_SHARE * float(days.sum()):
        share = float(days[longest]) / float(days.sum())
        said.append(f"{share:.0%} of those months are of one zone, {rows['name'][longest]}.")
    if disputed.height:
        names = ", ".join(sorted(disputed["name"].to_list()))
        said.append(f"The two coders differed on whether these were overrun: {names}.")
    for name, fell in disputed.sort("name").select("name", "overrun").iter_rows():
        low = overrun - int(fell)
        said.append(f"{name.split(' / ')[0]} alone makes it {low} of {number} or {low + 1} of {number}.")
    return said


def _chance(hazard: float, months: float) -> float:
    return -math.expm1(-hazard * months)
