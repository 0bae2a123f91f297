"""Three sentences made from the numbers: what the plans share, what separates them, what would turn the order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from asylia.model.findings import ConsentCell
from asylia.model.plan import NO_ZONE, Plan
from asylia.model.rules import RULES
from asylia.report.words import amount, listed, span
from asylia.study.criteria import JUDGES
from asylia.study.drivers import FEWEST_MEMBERS
from asylia.study.sheet import Draws, Values
from asylia.study.verdicts import spread

OUTCOMES = ("sheltered", "without_shelter", "refused_or_trapped", "wanted_to_cross", "exposure_2_km")
"""Criteria the sentences speak of: what happens to people, not money or chances taken from history."""

SMALL_SHARE = 0.02
"""A difference below this share of the figure without a zone is no difference a plan should be chosen for."""


def sentences(
    values: Values, plans: Sequence[Plan], draws: Draws, consent: Sequence[ConsentCell]
) -> dict[str, str]:
    """Write the three sentences for a set of plans."""
    if len(plans) < 2:
        only = "There is only one plan here, so nothing is compared."
        return {"shared": only, "separates": "", "turns": ""}
    return {
        "shared": _shared(values, plans, consent),
        "separates": _separates(values, plans),
        "turns": _turns(values, plans, draws),
    }


def _name(criterion: str) -> str:
    label = next(judge.criterion.name for judge in JUDGES if judge.criterion.id == criterion)
    return label[0].lower() + label[1:]


def _unit(criterion: str) -> str:
    return next(judge.criterion.unit for judge in JUDGES if judge.criterion.id == criterion)


def _with_zones(plans: Sequence[Plan]) -> list[Plan]:
    return [plan for plan in plans if plan.zones]


def _alike(values: Values, criterion: str, plan: Plan) -> bool:
    """Whether a plan cannot be told from no zone: the difference spans nothing, or is too small to matter."""
    low, middle, high = spread(values[criterion][plan.id] - values[criterion][NO_ZONE])
    if low is None or middle is None or high is None or low <= 0 <= high:
        return True
    return abs(middle) < SMALL_SHARE * float(np.median(values[criterion][NO_ZONE]))


def _shared(values: Values, plans: Sequence[Plan], consent: Sequence[ConsentCell]) -> str:
    others = [plan for plan in plans if plan.id != NO_ZONE]
    same = [f"“{_name(c)}”" for c in OUTCOMES if all(_alike(values, c, plan) for plan in others)]
    parts = []
    if same:
        parts.append(f"No plan can be told from no zone on {listed(same)}.")
    zoned = [plan.id for plan in _with_zones(plans)]
    refusing = sorted(
        {cell.actor_name for cell in consent if zoned and _refuses_all(consent, cell.actor, zoned)}
    )
    if refusing:
        parts.append(f"Every plan with a zone is refused, as stated, by {listed(refusing)}.")
    return " ".join(parts) or "On every outcome at least one plan can be told from no zone."


def _refuses_all(consent: Sequence[ConsentCell], actor: str, zoned: Sequence[str]) -> bool:
    refused = {cell.plan for cell in consent if cell.actor == actor and cell.position == "refuses"}
    return set(zoned) <= refused


def _separates(values: Values, plans: Sequence[Plan]) -> str:
    apart = max(OUTCOMES, key=lambda criterion: (_separation(values, criterion, plans), criterion))
    if _separation(values, apart, plans) < 1:
        return "Nothing separates the plans: on every outcome their ranges overlap more than their middles differ."
    middles = {plan.id: float(np.median(values[apart][plan.id])) for plan in plans}
    titles = {plan.id: plan.title for plan in plans}
    most = max(middles, key=lambda plan: (middles[plan], plan))
    least = min(middles, key=lambda plan: (middles[plan], plan))
    return (
        f"What separates them most is “{_name(apart)}”: from {_range(values, apart, least)} under "
        f"“{titles[least]}” to {_range(values, apart, most)} under “{titles[most]}”."
    )


def _separation(values: Values, criterion: str, plans: Sequence[Plan]) -> float:
    """Find the two plans furthest apart, member by member: the middle difference over the width of its range.

    Differences too small to matter do not count. At 1 or more the ranges of the two, held against each other, are apart.
    """
    rows = [values[criterion][plan.id] for plan in plans]
    furthest = 0.0
    for number, first in enumerate(rows):
        for second in rows[number + 1 :]:
            low, middle, high = spread(first - second)
            size = max(abs(float(np.median(first))), abs(float(np.median(second))))
            if low is None or middle is None or high is None or abs(middle) < max(SMALL_SHARE * size, 1e-9):
                continue
            furthest = max(furthest, abs(middle) / max(high - low, SMALL_SHARE * size))
    return furthest


def _range(values: Values, criterion: str, plan: str) -> str:
    low, middle, high = spread(values[criterion][plan])
    unit = _unit(criterion)
    if low is None or middle is None or high is None:
        return "unknown"
    around = span(low, high, unit)
    return f"{amount(middle, unit, low, high)} ({around})" if around else amount(middle, unit)


def _turns(values: Values, plans: Sequence[Plan], draws: Draws) -> str:
    criterion = "without_shelter"
    if max(_separation(values, each, plans) for each in OUTCOMES) < 1:
        return "As nothing separates the plans, there is no order to turn round."
    members = values[criterion][plans[0].id].size
    if members < FEWEST_MEMBERS:
        return f"With {members} members nothing can be said about what would turn the order; use more."
    leader = _leader(values, criterion, plans, np.ones(members, dtype=bool))
    turning = _turning_rule(values, criterion, plans, draws, leader)
    titles = {plan.id: plan.title for plan in plans}
    if turning is None:
        return (
            f"On “{_name(criterion)}” the plan “{titles[leader]}” does best in the middle of the members, and no single "
            f"uncertain number turns that order within its range."
        )
    rule, below, above, low_leader, high_leader = turning
    doc = RULES[rule].doc.rstrip(".")
    return (
        f"On “{_name(criterion)}” the order turns with one number ({doc[0].lower() + doc[1:]}): below about "
        f"{below:.2g} “{titles[low_leader]}” does best, above about {above:.2g} “{titles[high_leader]}”."
    )


def _leader(values: Values, criterion: str, plans: Sequence[Plan], chosen: NDArray[np.bool_]) -> str:
    middles = {plan.id: float(np.median(values[criterion][plan.id][chosen])) for plan in plans}
    return min(middles, key=lambda plan: (middles[plan], plan))


def _turning_rule(
    values: Values, criterion: str, plans: Sequence[Plan], draws: Draws, leader: str
) -> tuple[str, float, float, str, str] | None:
    for rule in RULES:
        drawn = draws[rule]
        if np.ptp(drawn) == 0:
            continue
        below, above = np.percentile(drawn, (100 / 3, 200 / 3))
        low = _leader(values, criterion, plans, drawn <= below)
        high = _leader(values, criterion, plans, drawn >= above)
        if low != high and leader in (low, high):
            return rule, float(below), float(above), low, high
    return None
