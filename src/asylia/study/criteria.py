"""What every plan is judged by: one number per member from one plan's outcome.

Each criterion says how it is made. A criterion that does not apply to a plan gives NaN and is shown with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.model.verdict import Better, Criterion
from asylia.study.outcome import Outcome
from asylia.study.pressure import HORIZONS

Members = NDArray[np.float64]
"""float64 (member,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """A criterion and how it is computed from one plan's outcome and the measures of its needs.

    Parameters
    ----------
    measure
        `(outcome, needs) -> float64 (member,)`; `needs` names the measure of each row of the outcome's need arrays.
    absent
        Why it is not given where `measure` returns NaN.
    """

    criterion: Criterion
    measure: Callable[[Outcome, tuple[str, ...]], Members]
    absent: str = ""


def any_zone(chances: NDArray[np.float64], weeks: int) -> Members:
    """Give the chance that it happens to any zone within some weeks of its opening, per member.

    Zones are taken as independent given what the member drew; NaN for a plan without a zone.

    Parameters
    ----------
    chances
        float64 (member, zone, horizon), of one zone each.
    """
    if chances.shape[1] == 0:
        return np.full(chances.shape[0], np.nan)
    none: Members = np.prod(1.0 - chances[:, :, HORIZONS.index(weeks)], axis=1)
    return 1.0 - none


def _judge(
    name: str,
    label: str,
    unit: str,
    better: Better,
    basis: str,
    measure: Callable[[Outcome, tuple[str, ...]], Members],
    *,
    headline: bool = False,
    absent: str = "",
) -> Judge:
    criterion = Criterion(id=name, name=label, unit=unit, better=better, basis=basis, headline=headline)
    return Judge(criterion=criterion, measure=measure, absent=absent)


def _last(name: str) -> Callable[[Outcome, tuple[str, ...]], Members]:
    return lambda outcome, _: outcome.last(name)


def _exposure(radius: int) -> Callable[[Outcome, tuple[str, ...]], Members]:
    return lambda outcome, _: outcome.exposure[:, radius, -1]


def _chance(what: str, weeks: int) -> Callable[[Outcome, tuple[str, ...]], Members]:
    return lambda outcome, _: any_zone(getattr(outcome, what), weeks)


def _cut_off(outcome: Outcome, _: tuple[str, ...]) -> Members:
    people = outcome.cut_off.astype(np.float64)
    return people if outcome.zone_peak.shape[1] else np.full(people.shape, np.nan)


def _short(wanted: str) -> Callable[[Outcome, tuple[str, ...]], Members]:
    def measure(outcome: Outcome, needs: tuple[str, ...]) -> Members:
        rows = [row for row, name in enumerate(needs) if name == wanted]
        if not rows:
            return np.full(outcome.person_km.shape, np.nan)
        # one row after another: the order of a sum must not depend on how many members are read at once
        total: Members = outcome.short[:, rows[0]]
        for row in rows[1:]:
            total = total + outcome.short[:, row]
        return total

    return measure


_NO_ZONE = "The plan has no zone."
_RECORD = "Counted by the movement engine over the horizon."
_EXPOSED = (
    "Displaced people in the case's country times days within {km} km of a lethal event; events as drawn, people "
    "within reach by the case's share. Inside a zone the place's rate counts times drawn factors for consent, force, "
    "demilitarisation and ceasefire: elicited ranges, no estimates; some of them raise it."
)
_HISTORY = (
    "Rate of the reference class of historical zones by age, moved by what is coded of each zone against that class; not a "
    "forecast, and never lower because it is quiet. Zones taken as independent given the rate."
)
_ATTACK = (
    "The fighting of each zone's place as drawn, times elicited factors for consent, force, demilitarisation and ceasefire. "
    "Quiet is not safety."
)
_SERIOUS = _ATTACK + " Serious: ten lethal events in four weeks, or a week with 25 deaths."
_NEED = "Need at the standard on the worst day, less what the plan states with an amount; nothing stated counts as none."

JUDGES: Final[tuple[Judge, ...]] = (
    _judge(
        "sheltered", "In zones on the last day", "people", "more",
        "People inside zones at the end of the horizon. It says where they are, not that they are out of danger.",
        _last("in_zones"), headline=True,
    ),
    _judge(
        "without_shelter", "Displaced without shelter", "people", "less",
        "Displaced people outside zones and lacking adequate shelter on the last day, less people the plan supports.",
        lambda outcome, _: outcome.without_shelter[:, -1], headline=True,
    ),
    _judge(
        "refused_or_trapped", "Refused by a full zone, or trapped", "people", "less",
        "Arrivals refused by full zones over the horizon plus people with no open way on the last day, those in zones that nobody can leave among them.",
        lambda outcome, _: outcome.last("refused") + outcome.last("trapped") + outcome.last("enclosed"), headline=True,
    ),
    _judge(
        "wanted_to_cross", "Wanted to cross a border and could not", "people", "less",
        "Times people chose to leave the country while every way out was closed to them; who moves on and tries again counts again. " + _RECORD,
        _last("wanted_to_cross"), headline=True,
    ),
    _judge(
        "exposure_2_km", "Person-days within 2 km of a lethal event", "person-days", "less",
        _EXPOSED.format(km=2), _exposure(1), headline=True,
    ),
    _judge("exposure_1_km", "Person-days within 1 km of a lethal event", "person-days", "less",
           _EXPOSED.format(km=1), _exposure(0)),
    _judge("exposure_5_km", "Person-days within 5 km of a lethal event", "person-days", "less",
           _EXPOSED.format(km=5), _exposure(2)),
    _judge("overrun_52_weeks", "A zone overrun within 52 weeks of opening", "chance", "less", _HISTORY,
           _chance("overrun", 52), headline=True, absent=_NO_ZONE),
    _judge("overrun_26_weeks", "A zone overrun within 26 weeks of opening", "chance", "less", _HISTORY,
           _chance("overrun", 26), absent=_NO_ZONE),
    _judge("overrun_13_weeks", "A zone overrun within 13 weeks of opening", "chance", "less", _HISTORY,
           _chance("overrun", 13), absent=_NO_ZONE),
    _judge("overrun_4_weeks", "A zone overrun within 4 weeks of opening", "chance", "less", _HISTORY,
           _chance("overrun", 4), absent=_NO_ZONE),
    _judge("attack_52_weeks", "A lethal attack on a zone within 52 weeks of opening", "chance", "less", _ATTACK,
           _chance("attack", 52), absent=_NO_ZONE),
    _judge("attack_26_weeks", "A lethal attack on a zone within 26 weeks of opening", "chance", "less", _ATTACK,
           _chance("attack", 26), absent=_NO_ZONE),
    _judge("attack_13_weeks", "A lethal attack on a zone within 13 weeks of opening", "chance", "less", _ATTACK,
           _chance("attack", 13), absent=_NO_ZONE),
    _judge("attack_4_weeks", "A lethal attack on a zone within 4 weeks of opening", "chance", "less", _ATTACK,
           _chance("attack", 4), absent=_NO_ZONE),
    _judge("serious_52_weeks", "A serious attack on a zone within 52 weeks of opening", "chance", "less", _SERIOUS,
           _chance("serious", 52), absent=_NO_ZONE),
    _judge("serious_26_weeks", "A serious attack on a zone within 26 weeks of opening", "chance", "less", _SERIOUS,
           _chance("serious", 26), absent=_NO_ZONE),
    _judge("serious_13_weeks", "A serious attack on a zone within 13 weeks of opening", "chance", "less", _SERIOUS,
           _chance("serious", 13), absent=_NO_ZONE),
    _judge("serious_4_weeks", "A serious attack on a zone within 4 weeks of opening", "chance", "less", _SERIOUS,
           _chance("serious", 4), absent=_NO_ZONE),
    _judge("cut_off", "Person-days in a zone that no way leads to", "person-days", "less",
           "Nobody gets in or out and nothing is brought: want without attack. Deaths from want are not forecast.",
           _cut_off, absent=_NO_ZONE),
    _judge("cost_usd", "Cost", "USD", "neither",
           "Sum of the plan's cost lines over the horizon, at the people the engine counts.",
           lambda outcome, _: outcome.cost.sum(axis=1), headline=True),
    _judge("unfunded_share", "Unfunded share of the cost", "share", "less",
           "Share of the cost that nobody has committed or paid. A pledge or a mention is not money.",
           lambda outcome, _: outcome.unfunded, headline=True, absent="The plan costs nothing."),
    _judge("newly_displaced", "Newly displaced", "people", "less",
           "People who left home during the horizon. " + _RECORD, _last("newly_displaced")),
    _judge("refused", "Refused by a full zone", "people", "less", "Arrivals at a full zone. " + _RECORD,
           _last("refused")),
    _judge("trapped", "Trapped on the last day", "people", "less",
           "People who must leave and find no open way. " + _RECORD, _last("trapped")),
    _judge("enclosed", "In zones that nobody can leave, on the last day", "people", "less",
           "People in zones from which no way is open: to a town, over a border or to another zone. They are counted in zones too. " + _RECORD,
           _last("enclosed")),
    _judge("turned_out", "Turned out of a zone", "people", "less",
           "People who had to leave a zone because it closed, fell, shrank or was seriously attacked. " + _RECORD, _last("turned_out")),
    _judge("crossed", "Crossed a border", "people", "neither",
           "People who left the country during the horizon. Neither way is better by itself: leaving is a right.",
           _last("crossed")),
    _judge("returned", "Went home of their own will", "people", "neither",
           "Returns when home has been quiet long enough. More is not better unless home is fit to live in.",
           _last("returned")),
    _judge("person_km", "Kilometres travelled by everyone", "km", "less", "Length of all trips started.",
           lambda outcome, _: outcome.person_km),
    _judge("water_litres_short", "Water short on the worst day", "litres a day", "less", _NEED, _short("water"),
           absent=_NO_ZONE),
    _judge("toilets_short", "Toilets short on the worst day", "toilets", "less", _NEED, _short("toilets"),
           absent=_NO_ZONE),
    _judge("ground_m2_short", "Ground short on the worst day", "square metres", "less", _NEED, _short("ground"),
           absent=_NO_ZONE),
    _judge("shelter_m2_short", "Covered area short on the worst day", "square metres", "less", _NEED,
           _short("covered_area"), absent=_NO_ZONE),
    _judge("classroom_places_short", "School places short on the worst day", "places", "less", _NEED,
           _short("schooling"), absent=_NO_ZONE),
    _judge("health_posts_short", "Health posts short on the worst day", "health posts", "less", _NEED,
           _short("health_posts"), absent=_NO_ZONE),
)  # fmt: skip
