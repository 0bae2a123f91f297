"""What other wars taught: where the fits lay, which forecasts to trust, and how far they had to be put right.

The shipped file holds one entry for each war, made by `tools/threat_prior.py`. A war that shares ground with the one in
hand is left out, so that no forecast has seen the war it is scored on.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from asylia.threat import recalibrate, regress
from asylia.threat.posterior import FEWEST_WARS, Prior, broad, learn
from asylia.threat.recalibrate import Recalibration, unchanged

HORIZONS: Final = (4, 13, 26, 52)
"""Weeks ahead that are scored and learned from."""
PARTS_OF_STACK: Final = ("excited", "regressed", "conflictology", "last_value", "bootstrap")
GROUPS: Final = ("quiet for a year", "not quiet")
"""Places are weighed apart by whether they saw an event in the last 52 weeks."""
NO_LESSON: Final = 0.1
"""Correlation between places where fewer than three wars are known. Assumed: small."""
SHARED_GROUND: Final = 0.2
"""A war with more than this share of its cells of one degree in common with the one in hand is left out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Experience:
    """Lessons of several wars.

    Parameters
    ----------
    wars
        Their names.
    prior
        For theta of `excite`.
    priors
        By horizon: for theta of `regress`.
    gram
        By horizon: float64 (group, forecast, forecast), mean over wars of `stack.gram` divided by the CRPS of `excited`.
    usual
        By horizon: the recalibration the wars needed on average.
    apart
        By horizon: how far apart their lines lie, covariance float64 (3, 3).
    together
        By horizon: correlation between places of how far off the forecasts were, all wars together.
    """

    wars: tuple[str, ...]
    prior: Prior
    priors: Mapping[int, Prior]
    gram: Mapping[int, NDArray[np.float64]]
    usual: Mapping[int, Recalibration]
    apart: Mapping[int, NDArray[np.float64]]
    together: Mapping[int, float]


def cells_of(centres: NDArray[np.float64]) -> frozenset[int]:
    """Name the cells of one degree that hold places, as whole numbers.

    >>> sorted(cells_of(np.array([[0.5, 0.5], [0.6, 0.4]])))
    [32580]
    """
    rows, columns = np.floor(centres[:, 0]) + 90.0, np.floor(centres[:, 1]) + 180.0
    return frozenset(int(row * 360 + column) for row, column in zip(rows, columns, strict=True))


def experience(ground: Collection[int]) -> Experience:
    """Learn from every shipped war that does not share this ground (from `cells_of`)."""
    return learned([war for war in _shipped() if not shares_ground(war["cells"], ground)])


def shares_ground(cells: Collection[int], ground: Collection[int]) -> bool:
    """Say whether more than `SHARED_GROUND` of either side's cells are in common."""
    common = len(set(cells) & set(ground))
    return common > SHARED_GROUND * max(min(len(cells), len(ground)), 1)


def learned(wars: Sequence[Mapping[str, Any]]) -> Experience:
    """Pool the entries of the shipped file; entries may still lack what later steps of making it add."""
    stacks = [war["stack"] for war in wars if "stack" in war]
    lines = [war["recalibration"] for war in wars if "recalibration" in war]
    return Experience(
        wars=tuple(str(war["name"]) for war in wars),
        prior=learn([war["theta"] for war in wars], broad()),
        priors={
            weeks: learn([war["regressed"][str(weeks)] for war in wars], regress.broad(weeks))
            for weeks in HORIZONS
        },
        gram={weeks: _gram(stacks, weeks) for weeks in HORIZONS},
        usual={weeks: _usual(lines, weeks) for weeks in HORIZONS},
        apart={weeks: _apart(lines, weeks) for weeks in HORIZONS},
        together={weeks: _together(wars, weeks) for weeks in HORIZONS},
    )


def _gram(stacks: Sequence[Mapping[str, Any]], weeks: int) -> NDArray[np.float64]:
    number = len(PARTS_OF_STACK)
    if len(stacks) < FEWEST_WARS:
        # no lesson: as if the forecasts were equally good and half alike
        return np.broadcast_to(0.5 + 0.5 * np.eye(number), (len(GROUPS), number, number))
    return np.asarray(np.mean([stack[str(weeks)] for stack in stacks], axis=0), dtype=np.float64)


def _usual(lines: Sequence[Mapping[str, Any]], weeks: int) -> Recalibration:
    if len(lines) < FEWEST_WARS:
        return unchanged()
    here = [one[str(weeks)] for one in lines]
    return Recalibration(
        line=np.mean([np.array(one["line"]) for one in here], axis=0),
        shares=np.mean([np.array(one["shares"]) for one in here], axis=0),
    )


def _apart(lines: Sequence[Mapping[str, Any]], weeks: int) -> NDArray[np.float64]:
    if len(lines) < FEWEST_WARS:
        return recalibrate.broad()
    return recalibrate.spread_of_lines(np.array([one[str(weeks)]["line"] for one in lines]))


def _together(wars: Sequence[Mapping[str, Any]], weeks: int) -> float:
    told = [war["pairs"][str(weeks)] for war in wars if "pairs" in war]
    if len(told) < FEWEST_WARS:
        return NO_LESSON
    products, squares = np.sum(told, axis=0)
    return float(products / max(float(squares), 1.0))


@cache
def _shipped() -> tuple[Mapping[str, Any], ...]:
    text = (files("asylia") / "data" / "threat" / "field_prior.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)["wars"])
