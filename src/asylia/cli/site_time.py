"""What a user says of time and money in `asylia site`: periods, days to set up, budgets, and the area worst off."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from asylia.core.errors import PlanError, Problem
from asylia.model.siting_case import Limits
from asylia.study.siting_question import Question

SPEND: Final = 1e15
"""More US dollars than there are; an upper limit for what is typed."""
MOST_PERIODS: Final = 24
MOST_DAYS: Final = 3_650


def with_money(limits: Limits, budget: str, periods: int, worst_group: float | None) -> tuple[Limits, int]:
    """Add budgets and the limit on the area worst off; as many periods as budgets, if only budgets were given.

    Raises
    ------
    PlanError
        If something is no number, out of its range, or does not fit the periods.
    """
    budgets = [_number(word, SPEND) for word in budget.split(",")] if budget else []
    wrong = _wrong_money(budget, budgets, periods)
    if worst_group is not None and not 0.0 <= worst_group <= 1.0:
        wrong.append(_problem("worst-group", f"{worst_group:g}", "is a share from 0 to 1"))
    if wrong:
        raise PlanError(wrong)
    money = tuple(one for one in budgets if one is not None)
    if len(money) == 1:
        limits = replace(limits, budget_usd=money[0])
    elif money:
        limits, periods = replace(limits, budgets_usd=money), len(money)
    if worst_group is not None:
        limits = replace(limits, at_most={"worst_area": worst_group})
    return limits, periods


def _wrong_money(budget: str, budgets: Sequence[float | None], periods: int) -> list[Problem]:
    """Say what is wrong with periods and their budgets."""
    wrong = []
    if any(one is None for one in budgets):
        wrong.append(
            _problem("budget", budget, "is a number of 0 or more, or one for each period as 2e8,1e8")
        )
    if not 1 <= periods <= MOST_PERIODS:
        wrong.append(_problem("periods", str(periods), f"is from 1 to {MOST_PERIODS}"))
    elif len(budgets) > 1 and periods not in {1, len(budgets)}:
        wrong.append(_problem("budget", budget, f"has one number, or one for each of the {periods} periods"))
    return wrong


def lead_days(words: Sequence[str], periods: int) -> tuple[int | None, dict[str, int]]:
    """Read days to set a zone up: for all, and for single candidates.

    Raises
    ------
    PlanError
        If something is no number of days, or candidates differ with one period.
    """
    wrong: list[Problem] = []
    every, single = None, {}
    for word in words:
        name, equals, said = word.rpartition("=")
        days = _number(said, MOST_DAYS)
        if days is None or days != int(days) or (equals and not name):
            must = f"is a whole number of days up to {MOST_DAYS}, or CANDIDATE=days"
            wrong.append(_problem("lead-days", word, must))
        elif equals and periods == 1:
            wrong.append(_problem("lead-days", word, "is used with more than one period", "Add --periods."))
        elif equals:
            single[name] = int(days)
        else:
            every = int(days)
    if wrong:
        raise PlanError(wrong)
    return every, single


def words_of(question: Question, limits: Limits) -> list[str]:
    """Write the options again, for the command that makes a report again."""
    money = limits.budgets_usd or ((limits.budget_usd,) if math.isfinite(limits.budget_usd) else ())
    words = ["--budget", ",".join(f"{one:.0f}" for one in money)] if money else []
    if question.periods > 1:
        words += ["--periods", str(question.periods)]
    if question.lead_days is not None:
        words += ["--lead-days", str(question.lead_days)]
    for name, days in question.lead_of.items():
        words += ["--lead-days", f"{name}={days}"]
    if "worst_area" in limits.at_most:
        words += ["--worst-group", f"{limits.at_most['worst_area']:g}"]
    return words


def _number(word: str, most: float) -> float | None:
    """Read a number from 0 to the most; `None` if it is none."""
    try:
        found = float(word)
    except ValueError:
        return None
    return found if 0.0 <= found <= most else None


def _problem(column: str, value: str, must: str, mend: str = "Mend it and ask again.") -> Problem:
    return Problem(file="the command", column=column, value=value, must=must, mend=mend)
