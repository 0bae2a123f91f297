"""Score draws of the fitted rules on the conflicts they were fitted without, beside rules without a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from asylia.model.fitted import FittedDraws
from asylia.model.replay import Observed, Replay
from asylia.move.flee.observed import observe
from asylia.study.displacement_score import coverage, point, ranges, relative_difference, rescale
from asylia.study.fitted import expected_under
from asylia.study.naive import naive_rows

MEMBERS: Final = 400
"""Draws that a score is the middle of."""
BESIDE: Final = ("uniform", "capacity_split", "gravity_05")


def score_left_out(
    replays: Sequence[Replay], draws: Mapping[str, FittedDraws], *, seed: int, count: int = MEMBERS
) -> dict[str, Mapping[str, float]]:
    """Score each conflict with the draws that were fitted without it.

    Parameters
    ----------
    draws
        By the name, in small letters, of the conflict left out.
    count
        Draws that a score is of.

    Returns
    -------
    By conflict: rescaled ARD of the expected split (`asylia`) and of naive rules, and the share of recorded camp-days
    inside the 5 to 95 % range of the draws (`coverage_90`).
    """
    return {
        replay.id.lower(): _score(replay, observe(replay), draws[replay.id.lower()], seed, count)
        for replay in replays
    }


def _score(replay: Replay, observed: Observed, draws: FittedDraws, seed: int, count: int) -> dict[str, float]:
    members = expected_under(replay, observed, draws, count=count, seed=seed)
    low, _, high = ranges(members)
    naive = naive_rows(replay, observed)
    return {
        "asylia": relative_difference(point(members, observed.people), observed.people),
        **{
            name: relative_difference(rescale(naive[name], observed.people), observed.people)
            for name in BESIDE
        },
        "coverage_90": coverage(low, high, observed.people),
    }
