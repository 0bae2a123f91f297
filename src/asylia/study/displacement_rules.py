"""The rule sets that can be scored on a recorded conflict, by name: each gives people in camps by member and day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.errors import PlanError, Problem, nearest
from asylia.model.replay import Replay, ReplayHistory
from asylia.move.flee.ground import prepare
from asylia.move.flee.observed import observe
from asylia.move.flee.run import replay_days
from asylia.study.assimilate import assimilated
from asylia.study.fitted import members

MOST_MEMBERS: Final = 1000
MOST_DAYS: Final = 3650
MEMBERS: Final = 20
FORECAST_MEMBERS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How conflicts are to be scored.

    Parameters
    ----------
    rules
        A name in `RULE_SETS`.
    capacities
        Whether camps fill up at the capacities of the folder.
    quirks
        Whether the errors of the published program are repeated.
    assimilate_days
        Last day whose counts are taken in; 0 for none.
    """

    rules: str = "flee"
    capacities: bool = False
    quirks: bool = False
    members: int = MEMBERS
    seed: int = 1
    assimilate_days: int = 0


def _flee(replay: Replay, choice: Choice, members: Sequence[int]) -> list[ReplayHistory]:
    ground = prepare(replay, capacities=choice.capacities, quirks=choice.quirks)
    return [replay_days(ground, seed=choice.seed, member=member) for member in members]


def _asylia(replay: Replay, choice: Choice, numbers: Sequence[int]) -> list[ReplayHistory]:
    return members(replay, observe(replay), numbers, seed=choice.seed, capacities=choice.capacities)


RULE_SETS: Final[Mapping[str, Callable[[Replay, Choice, Sequence[int]], list[ReplayHistory]]]] = {
    "flee": _flee,
    "asylia": _asylia,
}
FORECASTS: Final = frozenset({"asylia"})
"""Rules whose members are draws of what is not known, so that the score is of their point forecast, not of each."""


def members_of(rules: str) -> int:
    """Return how many members are run if nobody says: a forecast needs more, for its mean and its range."""
    return FORECAST_MEMBERS if rules in FORECASTS else MEMBERS


def check_choice(choice: Choice) -> None:
    """Raise `PlanError` with everything that cannot be run as asked."""
    problems = [
        Problem(file="the command", column=name, value=str(value), must=f"is a whole number from {low} to {high:,}",
                mend="Choose a number in that range.")
        for name, value, low, high in (
            ("members", choice.members, 1, MOST_MEMBERS),
            ("seed", choice.seed, 0, 2**63 - 1),
            ("assimilate_days", choice.assimilate_days, 0, MOST_DAYS),
        )
        if not low <= value <= high
    ]  # fmt: skip
    if choice.rules not in RULE_SETS:
        mend = nearest(choice.rules, RULE_SETS) or f"Known: {', '.join(RULE_SETS)}."
        problems.append(_rules_problem(choice.rules, "names rules that exist", mend))
    elif choice.assimilate_days and choice.rules not in FORECASTS:
        must = "names rules that take in counts, with --assimilate-days"
        problems.append(_rules_problem(choice.rules, must, "Use --rules asylia."))
    if problems:
        raise PlanError(problems)


def camp_counts(
    replay: Replay, camps: tuple[str, ...], choice: Choice, members: Sequence[int]
) -> NDArray[np.int64]:
    """Run members and return people in camps after each day, int64 (member, day, camp)."""
    if choice.assimilate_days:
        return assimilated(replay, choice.assimilate_days, seed=choice.seed, numbers=members)
    histories = RULE_SETS[choice.rules](replay, choice, members)
    # one layout in memory, whoever ran it: sums of floats depend on it in the last digit
    return np.stack([history.at(camps) for history in histories]).astype(np.int64, order="C")


def _rules_problem(value: str, must: str, mend: str) -> Problem:
    return Problem(file="the command", column="rules", value=value, must=must, mend=mend)
