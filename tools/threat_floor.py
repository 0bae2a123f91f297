"""How low could the CRPS of a war go at all? Forecasters with hindsight, beside conflictology.

None of them could be had at the time. All are judged at the origins and places of `asylia validate threat`:

- `constant`: each place's own outcomes at the very origins that are scored, one forecast for all of them. No forecaster that
  tells a place the same at every origin can do better.
- `past`: the regression of `threat.regress` with all its features, its weights fitted afterwards to the very forecasts
  that are scored.
- `both_sides`: the same, and beside what was known before the window also what came after it, the window alone left out.

    PYTHONPATH=src python tools/threat_floor.py ../shared/data/ged/FILE.csv.gz ...
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.draws import stable_ids
from asylia.study.threat_war import War, read_war
from asylia.study.validate_threat import scored_origins
from asylia.threat.count_scores import crps_of_counts
from asylia.threat.excite import Past, look_back
from asylia.threat.excite_kernels import SIZES, cumulative
from asylia.threat.posterior import Prior, most_likely
from asylia.threat.regress import HIGHEST, LEAST, LOWEST, SUM_OFFSET, log_loss
from asylia.threat.rivals import conflictology, sums_to

HORIZONS: Final = (4, 13)
SPREAD: Final = 0.5
"""Of the weights: wide beside what the data say."""
AT_ONCE: Final = 2000
"""Rows scored at a time, for memory."""

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def floors(war: War, weeks: int, origins: list[int]) -> dict[str, float]:
    """Return the mean CRPS of conflictology and of each forecaster with hindsight."""
    counts = war.counts
    ends = np.array([origin for origin in origins if origin + weeks <= counts.shape[1]])
    came = sums_to(counts, ends + weeks, weeks)
    after = _after(war, ends, weeks)
    before = _logs(look_back(counts, war.centres).features[:, ends - 1])
    return {
        "conflictology": _conflictology(war, ends, weeks, came),
        "constant": float(np.abs(came[:, :, None] - came[:, None, :]).mean() / 2.0),
        "past": _fitted(before, came),
        "both_sides": _fitted(np.concatenate([before, after], axis=-1), came),
    }


def _after(war: War, ends: Counts, weeks: int) -> Floats:
    """Give the features of the weeks after each window, seen backwards from the end of the file."""
    turned = np.ascontiguousarray(war.counts[:, ::-1])
    features = _rescaled(look_back(turned, war.centres))
    left = turned.shape[1] - ends - weeks
    logs = _logs(features[:, np.maximum(left - 1, 0)])
    logs[:, left < 1] = np.log(LEAST)
    return logs


def _rescaled(past: Past) -> Floats:
    """Divide the memories by what a memory of ones would hold: after the last origins only a few weeks follow."""
    ones = look_back(np.ones((1, past.counts.shape[1]), dtype=np.int64), np.zeros((1, 2))).features[0]
    scaled = past.features.copy()
    scaled[:, :, :3] /= ones[None, :, :3]
    return scaled


def _logs(features: Floats) -> Floats:
    """Take logarithms of features (place, origin, feature)."""
    logs: Floats = np.log(features + LEAST)
    return logs


def _fitted(logs: Floats, came: Counts) -> float:
    """Fit to what came, score on the same: float64 (place, origin, feature) against int64 (place, origin)."""
    rows = np.ascontiguousarray(np.concatenate([np.ones((*came.shape, 1)), logs], axis=-1)).reshape(
        came.size, -1
    )
    seen, even = came.reshape(-1), np.ones(came.size)
    number = rows.shape[1]
    level = float(np.log(max(float(seen.mean()), LEAST)))
    mean = np.array([level, *[1.0 / (number - 1)] * (number - 1), -1.0, 0.5])
    prior = Prior(mean=mean, spread=np.array([3.0, *[SPREAD] * (number - 1), 1.0, 0.5]))

    def loss(theta: Floats) -> tuple[float, Floats]:
        told: tuple[float, Floats] = log_loss(theta, rows, seen, even)
        return told

    theta = most_likely(loss, prior, None)
    means = np.exp(np.clip(rows @ theta[:-2], LOWEST, HIGHEST))
    sizes = np.exp(np.clip(theta[-2] + theta[-1] * np.log(means + SUM_OFFSET), *SIZES))
    top = int(4 * seen.max()) + 60
    total = 0.0
    for first in range(0, len(seen), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        total += float(crps_of_counts(cumulative(means[part], sizes[part], top), seen[part]).sum())
    return total / len(seen)


def _conflictology(war: War, ends: Counts, weeks: int, came: Counts) -> float:
    ids, number = stable_ids(list(war.places)), war.first.toordinal() // 7
    scores = []
    for column, origin in enumerate(ends.tolist()):
        known, seen = war.counts[:, :origin], came[:, column]
        top = int(max(seen.max(), weeks * known[:, -52:].max())) + 1
        curves = conflictology(known, ids, weeks, top, seed=0, first_week=number)
        scores.append(float(crps_of_counts(curves, seen).mean()))
    return float(np.mean(scores))


def main(files: list[str]) -> None:
    """Print the floors of each file, relative to conflictology."""
    for file in files:
        war = read_war(Path(file))
        for weeks in HORIZONS:
            found = floors(war, weeks, scored_origins(war))
            base = found.pop("conflictology")
            told = "  ".join(f"{name} {100.0 * (value / base - 1.0):+.1f} %" for name, value in found.items())
            print(f"{war.name}  {weeks} weeks  conflictology {base:.3f}  {told}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
