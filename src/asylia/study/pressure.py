"""What one member does to the zones of a plan: attacks, overruns, and the chances of both."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.units import DAYS_PER_MONTH, DAYS_PER_WEEK
from asylia.model.case import Case
from asylia.model.guard import Guard
from asylia.model.modifiers import Prior, priors
from asylia.model.plan import Plan
from asylia.model.scenario import Scenario
from asylia.move.siege import Siege
from asylia.threat.attack import assault, deaths_table
from asylia.threat.draws import LEAST, MOST, ceasefire, draw_answers, draw_modifiers, factor
from asylia.threat.overrun import ReferenceClass, drawn_hazard, fall_day, log_factor, zone_luck, zone_risk

HORIZONS: Final = (4, 13, 26, 52)
AGE_STEP_DAYS: Final = 91
"""Ages of zones are told apart by quarters of a year: most dates of historical zones are known to the month at best, so three weeks
more or less are no evidence that one zone stands firmer than another."""
"""Weeks after opening for which chances are given."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Post:
    """One zone, prepared for all members.

    Parameters
    ----------
    row
        Its place on the axis of places.
    covers
        All places whose fighting counts as fighting at the zone; its own alone unless it takes several in.
    whole
        Whether it takes them in whole: then every event there is one at the zone.
    opens, closes
        Days of the simulation; a zone that is open already is at risk from day 0.
    age
        Days it had stood on day 0, in whole quarters of a year.
    guards
        What its chances rest on, by stretch of days.
    deaths
        Deaths of an event at its place, as `threat.attack.deaths_table`.
    """

    zone: str
    row: int
    covers: tuple[int, ...]
    whole: bool
    opens: int
    closes: int
    age: int
    guards: tuple[Guard, ...]
    deaths: NDArray[np.float64]

    @property
    def first_week(self) -> int:
        """First whole week in which it stands."""
        return -(-self.opens // DAYS_PER_WEEK)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pressure:
    """One plan, one member.

    Parameters
    ----------
    falls
        int64 (zone,), day of overrun or -1.
    attack, serious, overrun
        float64 (zone, horizon), chance within the weeks of `HORIZONS` after opening, given what this member drew.
    factor
        float64 (zone, week), rate of lethal events at the zone against its place.
    hazard
        Overruns per zone-month of the class; NaN without a zone.
    siege
        What serious attacks do to the zones.
    """

    falls: NDArray[np.int64]
    attack: NDArray[np.float64]
    serious: NDArray[np.float64]
    overrun: NDArray[np.float64]
    factor: NDArray[np.float64]
    hazard: float
    siege: Siege


def posts(case: Case, plan: Plan, guards: Mapping[str, tuple[Guard, ...]]) -> tuple[Post, ...]:
    """Prepare the zones of a plan, sorted by id."""
    places = sorted(case.places["id"].to_list())
    far = 10**6
    return tuple(
        Post(
            zone=zone.id,
            row=places.index(zone.place),
            covers=tuple(places.index(place) for place in zone.covers or (zone.place,)),
            whole=bool(zone.covers),
            opens=max((zone.opens - case.first).days, 0),
            closes=far if zone.closes is None else (zone.closes - case.first).days,
            age=max((case.first - zone.opens).days, 0) // AGE_STEP_DAYS * AGE_STEP_DAYS,
            guards=guards[zone.id],
            deaths=_deaths(case, zone.covers or (zone.place,)),
        )
        for zone in sorted(plan.zones, key=lambda zone: zone.id)
    )


def weeks_needed(chosen: Sequence[Post], days: int) -> int:
    """Count the weeks of fighting that a plan's chances look at."""
    return max([-(-days // DAYS_PER_WEEK), *(post.first_week + HORIZONS[-1] for post in chosen)])


def press(
    chosen: Sequence[Post],
    reference: ReferenceClass | None,
    scenario: Scenario,
    fighting: NDArray[np.int64],
    own: Mapping[str, Prior],
    days: int,
) -> Pressure:
    """Draw attacks and overruns of every zone, on the luck of the member.

    Parameters
    ----------
    fighting
        int64 (place, week), as many weeks as `weeks_needed`.
    own
        The case's own priors.
    """
    if not chosen or reference is None:
        return _nothing(days)
    seed, member = scenario.seed, scenario.member
    drawn, luck = (
        draw_modifiers(priors(own), seed=seed, member=member),
        draw_answers(seed=seed, member=member),
    )
    factors = np.stack([factor_by_week(post, drawn, luck, fighting.shape[1]) for post in chosen])
    attack, serious, shut = _attacks(chosen, scenario, fighting, factors)
    hazard = drawn_hazard(reference, seed=seed, member=member)
    risks = [_risk(post, reference, drawn, days) for post in chosen]
    lucks = zone_luck([post.zone for post in chosen], seed=seed, member=member)
    weeks = -(-days // DAYS_PER_WEEK)
    flight = np.where(shut, scenario.values["attack_leave_share"], 0.0)
    return Pressure(
        falls=np.array(
            [_falls(*each, hazard, days) for each in zip(chosen, risks, lucks, strict=True)], dtype=np.int64
        ),
        attack=attack,
        serious=serious,
        overrun=np.stack([_overrun(risk, hazard) for risk in risks]),
        factor=factors[:, :weeks],
        hazard=hazard,
        siege=Siege(shut=shut[:weeks], flight=flight[:weeks]),
    )


def factor_by_week(
    post: Post, drawn: Mapping[str, float], luck: Mapping[str, float], weeks: int
) -> NDArray[np.float64]:
    """Give the factor on attack, float64 (week,): that of the stretch, times that of a ceasefire, within its bounds."""
    found = np.empty(weeks)
    for guard in post.guards:
        found[max(guard.from_day, 0) // DAYS_PER_WEEK :] = factor(guard.answers, drawn, luck)
    for guard in post.guards[:1]:
        if guard.ceasefire_day is not None:
            at_first, half_life = drawn["ceasefire_at_first"], drawn["ceasefire_half_life"]
            since = (np.arange(weeks) * DAYS_PER_WEEK - guard.ceasefire_day) / DAYS_PER_MONTH
            found *= [ceasefire(months, at_first, half_life) for months in since]
    bounded: NDArray[np.float64] = np.clip(found, LEAST, MOST)
    return bounded


def _attacks(
    chosen: Sequence[Post], scenario: Scenario, fighting: NDArray[np.int64], factors: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    weeks, share = fighting.shape[1], scenario.values["zone_event_share"]
    attack, serious = np.zeros((len(chosen), len(HORIZONS))), np.zeros((len(chosen), len(HORIZONS)))
    shut, week = np.zeros((weeks, len(chosen)), dtype=np.bool_), np.arange(weeks)
    for column, post in enumerate(chosen):
        stands = (week >= post.first_week) & (week < post.closes / DAYS_PER_WEEK)
        local = np.where(stands, fighting[list(post.covers)].sum(axis=0), 0)
        deaths = post.deaths * scenario.values["deaths_reporting"]
        seen = assault(
            post.zone,
            local,
            factors[column] if post.whole else factors[column] * share,
            deaths,
            seed=scenario.seed,
            member=scenario.member,
        )
        shut[:, column] = seen.serious[0]
        # the first week of serious attack in each try, and no week for none
        first = np.where(seen.serious.any(axis=1), seen.serious.argmax(axis=1), weeks)
        ends = post.first_week + np.array(HORIZONS)
        attack[column] = 1.0 - seen.none_by[ends - 1]
        serious[column] = (first[:, None] < np.minimum(ends, weeks)).sum(axis=0) / first.size
    return attack, serious, shut


def _risk(
    post: Post, reference: ReferenceClass, drawn: Mapping[str, float], days: int
) -> NDArray[np.float64]:
    """Give the risk of overrun from opening on, running total by day, to a year after it or the end of the days."""
    length = max(HORIZONS[-1] * DAYS_PER_WEEK, days)
    logs = np.empty(length)
    for guard in post.guards:
        logs[max(guard.from_day - post.opens, 0) :] = log_factor(
            guard.marks, guard.doublings, drawn, reference.means
        )
    logs[max(post.closes - post.opens, 0) :] = -math.inf
    return zone_risk(reference, post.age, logs)


def _falls(post: Post, risk: NDArray[np.float64], luck: float, hazard: float, days: int) -> int:
    day = fall_day(risk, hazard, luck)
    return post.opens + day if 0 <= day < days - post.opens else -1


def _overrun(risk: NDArray[np.float64], hazard: float) -> NDArray[np.float64]:
    ends = [ahead * DAYS_PER_WEEK - 1 for ahead in HORIZONS]
    return np.asarray(-np.expm1(-hazard * risk[ends]))


def _deaths(case: Case, places: Sequence[str]) -> NDArray[np.float64]:
    """Tabulate deaths of an event at the places of a zone: their own rows, and those of the whole case with the weight of 40 events."""
    rows = case.events.select("place", "events", deaths=pl.col("deaths_best").cast(pl.Float64)).drop_nulls()
    rows = rows.filter(pl.col("events") > 0)
    mine = rows.filter(pl.col("place").is_in(places))
    everywhere = max(int(rows["events"].sum()), 1)
    weight = pl.concat([mine["events"] * everywhere, (rows["events"] * 40)])
    deaths = pl.concat([mine["deaths"] / mine["events"], rows["deaths"] / rows["events"]])
    return deaths_table(deaths.to_numpy() * weight.to_numpy(), weight.to_numpy().astype(np.int64))


def _nothing(days: int) -> Pressure:
    weeks, none = -(-days // DAYS_PER_WEEK), np.zeros((0, len(HORIZONS)))
    siege = Siege(shut=np.zeros((weeks, 0), dtype=np.bool_), flight=np.zeros((weeks, 0)))
    return Pressure(
        falls=np.empty(0, dtype=np.int64), attack=none, serious=none, overrun=none,
        factor=np.zeros((0, weeks)), hazard=float("nan"), siege=siege,
    )  # fmt: skip
