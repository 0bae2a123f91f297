"""What a score of displacement rules means, in plain sentences: where we lose, and what the figures leave out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Final

from asylia.study.displacement import Score
from asylia.study.displacement_rules import FORECASTS, Choice

NAIVE_WORDS: Final[Mapping[str, str]] = {
    "uniform": "equal split",
    "capacity_split": "capacity split",
    "gravity_05": "static gravity",
    "frozen": "shares of day 30",
    "persistence": "last report",
}
PAST: Final = ("frozen", "persistence")
"""Naive rules that read counts of the camps, which the rules scored here never see."""


def mean_naive(scores: Sequence[Score]) -> dict[str, float]:
    """Return each naive rule's rescaled ARD, mean over conflicts."""
    return {name: fmean(score.naive[name] for score in scores) for name in NAIVE_WORDS}


def notes(scores: Sequence[Score], choice: Choice) -> list[str]:
    """Say what has to be known before the figures are believed, the losses first."""
    said = [_lost(scores, name) for name in NAIVE_WORDS]
    return [
        *(sentence for sentence in said if sentence),
        *_taken_in(choice),
        _capacities(choice),
        "The daily total is taken from the record; only the split over the camps and the time on the way are ours.",
        _intervals(scores, choice),
        *(_left_out(score) for score in scores if score.left_out),
    ]


def _taken_in(choice: Choice) -> list[str]:
    if not choice.assimilate_days:
        return []
    said = (
        f"Counts up to day {choice.assimilate_days} were taken in and are exact, so they score 0; between reports they run straight "
        "to the next one, as in the record. `asylia validate forecast` uses no report of a later date."
    )
    return [said]


def _lost(scores: Sequence[Score], name: str) -> str:
    """Name the conflicts where a naive rule is better than ours, and say so of the mean."""
    worse = [score.case for score in scores if score.naive[name] < score.ard_rescaled]
    ours, theirs = fmean(score.ard_rescaled for score in scores), mean_naive(scores)[name]
    if not worse and theirs >= ours:
        return ""
    reads = ", which reads counts that these rules never see" if name in PAST else ""
    if len(scores) == 1:
        return f"Worse than the {NAIVE_WORDS[name]}{reads}: {ours:.3f} against {theirs:.3f}."
    side = "worse" if theirs < ours else "better"
    return (
        f"Worse than the {NAIVE_WORDS[name]}{reads}, on {_some(worse, len(scores))}; in the mean {side}, {ours:.3f} "
        f"against {theirs:.3f}."
    )


def _some(cases: Sequence[str], count: int) -> str:
    if len(cases) == count:
        return f"all {count} conflicts"
    return f"{len(cases)} of {count} conflicts ({', '.join(cases)})"


def _capacities(choice: Choice) -> str:
    if choice.capacities:
        return (
            "Camp capacities were used. Most of those in the published folders were set from the highest number later "
            "recorded in the same camp, so a part of the answer was given: do not quote this score as skill."
        )
    return "Camp capacities were not used, because most of them were set from the numbers to be found."


def _intervals(scores: Sequence[Score], choice: Choice) -> str:
    if choice.members == 1:
        return "One member has no range; ask for more with --members."
    share = fmean(score.interval_coverage_90 for score in scores)
    if choice.rules in FORECASTS:
        return (
            f"The 90 % range of {choice.members} members holds {share * 100:.0f} % of recorded camp-days. Members differ by the "
            "parameters, which were fitted without the conflict where it is of the pool, and by what the rules do not know."
        )
    return (
        f"The 90 % range of {choice.members} members holds {share * 100:.0f} % of recorded camp-days. With the settings fixed, "
        "members differ by luck alone, and among many people luck evens out: this is no range of what could be."
    )


def _left_out(score: Score) -> str:
    names = ", ".join(score.left_out)
    return f"{score.case}: {names} has reports but is no place of the folder; its people set out and are not scored."
