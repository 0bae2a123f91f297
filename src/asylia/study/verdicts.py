"""From members to a verdict: low, middle, high, and the difference to no zone, member by member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.percentiles import percentiles
from asylia.model.plan import NO_ZONE
from asylia.model.verdict import VERDICT_COLUMNS
from asylia.study.criteria import JUDGES, Judge
from asylia.study.sheet import Values

LOW, HIGH = 5.0, 95.0
"""Percentiles of every range: 90 %."""


def verdict(values: Values, plans: Sequence[str], history: Mapping[str, str] | None = None) -> pl.DataFrame:
    """Summarise values into the tidy frame of `model.verdict`.

    Parameters
    ----------
    history
        What the zones of the past behind a plan's chance of overrun are, by plan id.
    """
    rows = [_row(judge, plan, values[judge.criterion.id]) for plan in plans for judge in JUDGES]
    for row in rows:
        said = (history or {}).get(str(row["plan"]))
        if said and str(row["criterion"]).startswith("overrun_"):
            row["source"] = f"{row['source']} {said}"
    return pl.DataFrame(rows, schema=VERDICT_COLUMNS)


def spread(values: NDArray[np.float64]) -> tuple[float | None, float | None, float | None]:
    """Return the 5th, 50th and 95th percentile, or three `None` where nothing is known.

    >>> spread(np.array([1.0, 2.0, 3.0]))
    (1.1, 2.0, 2.9)
    """
    known = values[np.isfinite(values)]
    if known.size == 0:
        return None, None, None
    low, middle, high = percentiles(known, LOW, 50.0, HIGH)
    # rounded as NumPy rounds: Python's own `round` differs in the last digit
    return float(np.round(low, 9)), float(np.round(middle, 9)), float(np.round(high, 9))


def chance(values: NDArray[np.float64]) -> tuple[float | None, float | None, float | None]:
    """Return the 5th percentile, the mean and the 95th percentile of chances, or three `None` where nothing is known.

    The mean over the members is the chance itself. The middle member is not: where most members say almost never and some say
    almost surely, it would call rare what is not. The range is widened to hold the mean.

    >>> chance(np.array([0.0, 0.0, 0.0, 0.0, 1.0]))
    (0.0, 0.2, 0.8)
    """
    low, _, high = spread(values)
    if low is None or high is None:
        return None, None, None
    mean = float(round(values[np.isfinite(values)].mean(), 9))
    return min(low, mean), mean, max(high, mean)


def _row(judge: Judge, plan: str, by_plan: Mapping[str, NDArray[np.float64]]) -> dict[str, object]:
    values = by_plan[plan]
    low, middle, high = (chance if judge.criterion.unit == "chance" else spread)(values)
    difference = values - by_plan[NO_ZONE] if plan != NO_ZONE else np.full(values.shape, np.nan)
    apart = spread(difference)
    criterion = judge.criterion
    return {
        "plan": plan,
        "criterion": criterion.id,
        "unit": criterion.unit,
        "better": criterion.better,
        "low": low,
        "middle": middle,
        "high": high,
        "difference_low": apart[0],
        "difference_middle": apart[1],
        "difference_high": apart[2],
        "share_better": _share_better(criterion.better, difference),
        "members": int(values.size),
        "source": criterion.basis if middle is not None else judge.absent or criterion.basis,
    }


def _share_better(better: str, difference: NDArray[np.float64]) -> float | None:
    known = difference[np.isfinite(difference)]
    if better == "neither" or known.size == 0:
        return None
    wins = known < 0 if better == "less" else known > 0
    return float(np.mean(wins))
