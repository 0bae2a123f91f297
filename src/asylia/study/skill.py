"""Where the fitted rules were tried, how they did there, and whether a conflict lies outside of that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

import numpy as np
import polars as pl

from asylia.io.fitted_data import PoolConflict, read_hosts, read_pool
from asylia.model.case import Case
from asylia.model.replay import Replay
from asylia.move.fitted.ground import prepare
from asylia.move.fitted.ways import straight_ways
from asylia.move.flee.observed import observe
from asylia.move.stock import people_displaced

WORDS: Final[Mapping[str, str]] = {
    "days": "days recorded",
    "camp_count": "camps",
    "host_countries": "host countries",
    "origins": "places people flee from",
    "middle_way_km": "middle way to a camp, km",
    "most_people": "most people counted in camps",
    "first_day_share": "share of the most people who were there on the first day",
    "income_ratio": "income of the richest host over the poorest",
}
DIGITS: Final = 4
SAME_CAMPS: Final = 0.6
"""Share of all their camps that two folders of one conflict have in common."""
SAME_START_DAYS: Final = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """What may be said of the rules on one conflict.

    Parameters
    ----------
    validated_on
        Conflicts they were scored on, each with draws fitted without it.
    here
        Rescaled ARD on those conflicts: ours, equal split and static gravity, means.
    better_on
        Conflicts on which ours is lower than both.
    outside
        Features of this conflict that lie outside the range of the pool, in words.
    """

    validated_on: tuple[str, ...]
    here: Mapping[str, float]
    better_on: int
    outside: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The same in plain sentences, for a report to carry."""
        count = len(self.validated_on)
        told = f"Validated on {count} recorded conflicts, each left out of the fit: {', '.join(self.validated_on)}."
        if not self.here:
            return ("These rules were not validated on any conflict left out of the fit.",)
        skill = (
            f"Skill there: mean rescaled error {self.here['asylia']:.3f} (0 is exact, it ends at 2), against "
            f"{self.here['uniform']:.3f} for an equal split and {self.here['gravity_05']:.3f} for a static gravity; better "
            f"than both on {self.better_on} of {count}."
        )
        range_ = "Inside the range of those conflicts in everything that is compared; that is no promise."
        if self.outside:
            range_ = f"Outside the range of those conflicts: {'; '.join(self.outside)}. The skill above does not carry over."
        return (told, skill, range_)


def skill_of(replay: Replay) -> Skill:
    """Say where the fitted rules were validated, how they did, and where this conflict lies outside of that."""
    others = [one for one in read_pool() if one.name != pool_name(replay)]
    scored = [one for one in others if one.scores]
    names = scored[0].scores if scored else ()
    better = sum(
        one.scores["asylia"] < min(one.scores["uniform"], one.scores["gravity_05"]) for one in scored
    )
    return Skill(
        validated_on=tuple(one.name for one in scored),
        here={name: fmean(one.scores[name] for one in scored) for name in names},
        better_on=better,
        outside=tuple(outside(features_of(replay), others)),
    )


def pool_name(replay: Replay) -> str:
    """Return the name of the conflict of the pool that this is, by its name or its camps and start; empty if none."""
    for one in read_pool():
        apart = abs((replay.first - dt.date.fromisoformat(one.first)).days)
        both, either = set(replay.camps) & set(one.camps), set(replay.camps) | set(one.camps)
        if replay.id.lower() == one.name or (
            apart < SAME_START_DAYS and len(both) >= SAME_CAMPS * len(either)
        ):
            return one.name
    return ""


def features_of(replay: Replay) -> dict[str, float]:
    """Work out what a conflict is held against the pool by; see `WORDS`."""
    observed = observe(replay)
    hosts = read_hosts()
    ground = prepare(replay, observed, hosts, capacities=False)
    totals = observed.people.sum(axis=1)
    spread = np.exp(np.ptp(ground.facts.log_income))
    found = {
        "days": replay.days,
        "camp_count": len(observed.camps),
        "host_countries": len(ground.countries),
        "origins": len(ground.origins),
        "middle_way_km": np.median(ground.ways),
        "most_people": totals.max(),
        "first_day_share": ground.facts.start.sum() / max(totals.max(), 1),
        "income_ratio": spread,
    }
    return {name: float(f"{value:.{DIGITS}g}") for name, value in found.items()}


def case_features(case: Case, days: int) -> dict[str, float]:
    """Work out what a case is held against the pool by, see `WORDS`: places people may go to count as camps.

    The share of the first day is left out: a case starts in the middle of its war.
    """
    away = case.places.filter(pl.col("country") != case.country)
    inside = case.places.filter((pl.col("country") == case.country) & (pl.col("kind") != "crossing"))
    fled = inside.filter(pl.col("id").is_in(case.events["place"].unique().to_list()))
    hosts = read_hosts()
    incomes = [hosts.income_before(name, case.first.year) for name in away["country"].unique()]
    known = [income for income in incomes if income]
    found = {
        "days": days,
        "camp_count": inside.height + away.height,
        "host_countries": away["country"].n_unique() + 1,
        "origins": fled.height,
        "middle_way_km": np.median(straight_ways(fled, pl.concat([inside, away]))) if fled.height else 0,
        "most_people": people_displaced(case),
        "income_ratio": max(known) / min(known) if known else 1,
    }
    return {name: float(f"{value:.{DIGITS}g}") for name, value in found.items()}


def outside(features: Mapping[str, float], pool: Sequence[PoolConflict]) -> list[str]:
    """Say in words which features lie outside the range of the pool."""
    found = []
    for name, value in features.items():
        known = [one.features[name] for one in pool]
        if known and not min(known) <= value <= max(known):
            found.append(f"{WORDS[name]} {value:,.4g} (there {min(known):,.4g} to {max(known):,.4g})")
    return found
