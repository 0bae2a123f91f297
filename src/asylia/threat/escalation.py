"""Escalation between outside powers: a switch without a default, and the probability at which it would turn the choice.

There is no usable frequency of war between powers caused by an enforced zone: none happened, and leaders avoid the risky ones.
So Asylia asks the reader: do you believe the true risk is below this?
"""

from __future__ import annotations

from typing import Final

CONSEQUENCES: Final = {
    "low": "An incident: the ways to the zones are closed for a month.",
    "middle": "A confrontation: protection and consent are gone, ways to the zones closed, fighting in the country doubles.",
    "high": "The same, with fighting eleven times as much, the largest rise on record in our cases.",
}
"""What escalation is assumed to bring; assumed, not forecast."""
TIMES: Final = {"low": 1.0, "middle": 2.0, "high": 11.0}
"""Lethal events in the country under escalation against none."""


def break_even(plan: float, escalated: float, next_best: float) -> float | None:
    """Give the least probability of escalation over the horizon at which a plan stops being better.

    p* = (L_next - L_plan) / (L_escalated - L_plan), with L the expected loss. At 0 or less the plan is already worse
    without escalation; above 1 no escalation would change the choice. `None` where escalation costs nothing.

    >>> break_even(10.0, 110.0, 30.0)
    0.2
    """
    return None if escalated <= plan else (next_best - plan) / (escalated - plan)


def in_words(probability: float | None) -> str:
    """Say what a break-even probability asks of the reader.

    >>> in_words(-0.5)
    'The plan is already worse without escalation.'
    """
    if probability is None:
        return "Under this assumption escalation adds nothing to the loss measured here, so it would not change the choice."
    if probability <= 0:
        return "The plan is already worse without escalation."
    if probability > 1:
        return "No probability of this escalation would change the choice by this measure."
    return (
        f"Better only if you believe that escalation is less likely than {probability:.0%} over the horizon."
    )
