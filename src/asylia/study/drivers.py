"""What drives the spread, and what would turn the order round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.model.rules import RULES
from asylia.study.sheet import Draws, Values

FEWEST_MEMBERS = 20
"""Below this a rank correlation says nothing."""

WEAKEST = 0.2
"""Correlations below this are not shown."""

NOISE = 2.8
"""Nor those below this over the root of the members: one in two hundred would reach it by chance, and there are some
twenty-five numbers to choose from."""

COLUMNS = {
    "criterion": pl.String,
    "plan": pl.String,
    "rule": pl.String,
    "unit": pl.String,
    "correlation": pl.Float64,
    "low_text": pl.String,
    "high_text": pl.String,
}


def drivers(values: Values, draws: Draws, criteria: Sequence[str], most: int = 3) -> pl.DataFrame:
    """List the uncertain numbers that move each criterion most, by Spearman's rank correlation over members."""
    rows: list[dict[str, object]] = []
    for criterion in criteria:
        for plan, numbers in values[criterion].items():
            rows.extend(_strongest(criterion, plan, numbers, draws, most))
    return pl.DataFrame(rows, schema=COLUMNS)


def rank_correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Return Spearman's rank correlation; 0 where either does not vary.

    >>> round(rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 9.0])), 9)
    1.0
    """
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    return float(np.corrcoef(_ranks(first), _ranks(second))[0, 1])


def variance_shares(
    values: NDArray[np.float64],
    rules: Mapping[str, NDArray[np.float64]],
    factors: Mapping[str, NDArray[np.float64]],
) -> dict[str, float]:
    """Share the spread of a criterion out: uncertain numbers, modifiers, and the rest, which is luck.

    By rank regression, each share corrected for the numbers tried; the rest holds the fighting as drawn, overrun, everybody's
    luck, and what does not run straight. Empty below three members for each number, where nothing can be said.

    Parameters
    ----------
    values
        float64 (member,).
    rules, factors
        What was drawn, float64 (member,) by name.
    """
    own = _varying(rules)
    both = [*own, *_varying(factors)]
    if not np.all(np.isfinite(values)) or np.ptp(values) == 0 or values.size < 3 * len(both):
        return {}
    by_rules = _explained(values, own)
    together = max(_explained(values, both), by_rules)
    return {"numbers": by_rules, "modifiers": together - by_rules, "luck": 1.0 - together}


def _varying(drawn: Mapping[str, NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    return [numbers for name in drawn if np.ptp(numbers := drawn[name]) > 0]


def _explained(values: NDArray[np.float64], drawn: Sequence[NDArray[np.float64]]) -> float:
    """Give the adjusted share of the spread of ranks that the ranks of what was drawn explain."""
    if not drawn:
        return 0.0
    table = np.stack([np.ones(values.size), *(_ranks(numbers) for numbers in drawn)], axis=1)
    ranks = _ranks(values)
    fitted = table @ np.linalg.lstsq(table, ranks, rcond=None)[0]
    left = float(((ranks - fitted) ** 2).sum() / ((ranks - ranks.mean()) ** 2).sum())
    free = values.size - table.shape[1]
    return float(max(1.0 - left * (values.size - 1) / free, 0.0))


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    order = np.argsort(values, kind="stable")
    ranks = np.empty(values.size)
    ranks[order] = np.arange(values.size)
    unique, inverse = np.unique(values, return_inverse=True)
    sums = np.bincount(inverse, weights=ranks, minlength=unique.size)
    means: NDArray[np.float64] = (sums / np.bincount(inverse, minlength=unique.size))[inverse]
    return means


def _strongest(
    criterion: str, plan: str, numbers: NDArray[np.float64], draws: Draws, most: int
) -> list[dict[str, object]]:
    if numbers.size < FEWEST_MEMBERS or not np.all(np.isfinite(numbers)):
        return []
    found = []
    weakest = max(WEAKEST, NOISE / numbers.size**0.5)
    for rule, spec in RULES.items():
        drawn = draws[rule]
        correlation = rank_correlation(drawn, numbers)
        if abs(correlation) >= weakest:
            found.append((abs(correlation), rule, spec.unit, correlation))
    found.sort(key=lambda row: (-row[0], row[1]))
    return [
        {
            "criterion": criterion,
            "plan": plan,
            "rule": rule,
            "unit": unit,
            "correlation": round(correlation, 3),
            "low_text": f"{np.min(draws[rule]):.2g}",
            "high_text": f"{np.max(draws[rule]):.2g}",
        }
        for _, rule, unit, correlation in found[:most]
    ]
