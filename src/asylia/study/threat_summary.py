"""Sum up scores of wars: means, differences to each rival with their intervals, calibration, and the goals met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.study.validate_threat import AS_DRAWN, EVERY, MEASURES, RIVALS, Tally, WarScore, reliability
from asylia.threat.count_scores import transform_shares
from asylia.threat.experience import HORIZONS

RESAMPLES: Final = 2000
COMPARED: Final = (*RIVALS, AS_DRAWN)
ENOUGH: Final = 50
"""Forecasts in a reliability bin from which it is judged."""
BETTER: Final = {"conflictology": 0.25, "last_value_nb": 0.05}
"""How much lower our CRPS has to be (research note, goal P1)."""
COVERED: Final = (0.85, 0.95)
NEAR: Final = 0.05

Floats = NDArray[np.float64]


def summary(one: WarScore) -> dict[str, Any]:
    """Return everything about one war as plain values."""
    war = one.war
    return {
        "name": war.name,
        "unit": war.unit,
        "places": len(war.places),
        "events": war.rows,
        "not_placed": war.apart,
        "origins": len(one.origins),
        "first_origin": one.origins[0].isoformat() if one.origins else None,
        "last_origin": one.origins[-1].isoformat() if one.origins else None,
        "learned_from": list(one.learned_from),
        "notes": list(war.notes),
        "horizons": {
            str(weeks): _horizon(one.tallies[weeks], weeks) for weeks in HORIZONS if one.tallies[weeks].scores
        },
    }


def pooled(scores: Sequence[WarScore]) -> dict[str, Any]:
    """Sum up over wars: difference with each war counting alike and with all forecasts together, and calibration."""
    told = {}
    for weeks in HORIZONS:
        judged = [one for one in scores if one.tallies[weeks].scores]
        if judged:
            told[str(weeks)] = _pooled(judged, weeks)
    return told


def block_interval(values: Floats, blocks: int, key: str) -> tuple[float, float]:
    """Give the 95 % interval of a mean by the circular block bootstrap (Politis and Romano, 1992).

    Parameters
    ----------
    values
        float64 (origin,), in order.
    blocks
        Length of a block.
    key
        Names the luck, so that the same scores give the same interval.
    """
    picked = _resampled(len(values), blocks, key)
    low, high = np.percentile(values[picked].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def _resampled(number: int, length: int, key: str) -> NDArray[np.int64]:
    draws = -(-number // length)
    luck = uniforms(0, int(Stream.EVENT_FIELD), 2, 0, stable_ids([key]), RESAMPLES * draws).reshape(
        RESAMPLES, draws
    )
    starts = (luck * number).astype(np.int64)
    return ((starts[:, :, None] + np.arange(length)).reshape(RESAMPLES, -1) % number)[:, :number]


def _block(weeks: int) -> int:
    """Return the origins whose weeks overlap, and one more."""
    return -(-weeks // EVERY) + 1


def _horizon(tally: Tally, weeks: int) -> dict[str, Any]:
    means = {
        name: {measure: float(np.mean(values)) for measure, values in scores.items()}
        for name, scores in tally.scores.items()
    }
    differences = {rival: _difference(tally, rival, weeks) for rival in COMPARED}
    new = {"events_in_new_places": int(np.sum(tally.new_places))}
    told = {"scores": means, "difference": differences, **new, **_calibration([tally])}
    return told | {"goals": _goals(differences, told)}


def _difference(tally: Tally, rival: str, weeks: int) -> dict[str, Any]:
    """Hold our scores against a rival's; below 0 is better. The relative one is of the CRPS."""
    told: dict[str, Any] = {}
    for measure in MEASURES:
        ours, theirs = (np.array(tally.scores[name][measure]) for name in ("asylia", rival))
        away = ours - theirs
        low, high = block_interval(away, _block(weeks), measure)
        told[measure] = {"mean": float(away.mean()), "low": low, "high": high}
        if measure == "crps":
            told["relative"] = float(away.mean() / theirs.mean()) if theirs.mean() > 0 else 0.0
    return told


def _calibration(tallies: Sequence[Tally]) -> dict[str, Any]:
    """Return coverage by three rules, the transform's histogram and reliability, of all tallies together."""
    shortest, central, weight, lower, upper, drawn, whole = (
        np.concatenate([part for one in tallies for part in getattr(one, name)])
        for name in ("shortest", "central", "weight", "lower", "upper", "drawn", "whole")
    )
    shares = transform_shares(lower, upper)
    active = len(shortest)
    return {
        "active": active,
        "coverage_90": float(shortest.mean()) if active else None,
        "coverage_90_between_quantiles": float(central.mean()) if active else None,
        "coverage_90_randomised": float(weight.mean()) if active else None,
        "coverage_90_as_drawn": float(drawn.mean()) if active else None,
        "coverage_90_of_all_places_together": float(whole.mean()),
        "pit": [float(share) for share in shares / max(shares.sum(), 1.0)],
        "pit_furthest": float(
            np.abs(np.cumsum(shares / max(shares.sum(), 1.0)) - np.arange(1, 11) / 10).max()
        ),
        "reliability": reliability(
            [part for one in tallies for part in one.chance],
            [part for one in tallies for part in one.happened],
        ),
    }


def _goals(differences: dict[str, Any], told: dict[str, Any]) -> dict[str, bool | None]:
    met: dict[str, bool | None] = {}
    for rival, by in BETTER.items():
        one = differences[rival]
        met[f"crps_{by:.0%}_below_{rival}".replace("%", "_percent")] = (
            one["relative"] <= -by and one["crps"]["high"] < 0.0
        )
    return met | _calibrated(told)


def _calibrated(told: dict[str, Any]) -> dict[str, bool | None]:
    judged = [one for one in told["reliability"] if one["forecasts"] >= ENOUGH]
    coverage = told["coverage_90"]
    return {
        "coverage": COVERED[0] <= coverage <= COVERED[1] if coverage is not None else None,
        "reliability": all(abs(one["said"] - one["happened"]) <= NEAR for one in judged) if judged else None,
    }


def _pooled(scores: Sequence[WarScore], weeks: int) -> dict[str, Any]:
    tallies = [one.tallies[weeks] for one in scores]
    places = np.array([len(one.war.places) for one in scores], dtype=np.float64)
    alike = {rival: _relative(tallies, rival, weeks) for rival in COMPARED}
    together = {rival: _together(tallies, rival, weeks, places) for rival in COMPARED}
    told = {"wars": len(tallies), "difference": alike, "together": together, **_calibration(tallies)}
    goals: dict[str, bool | None] = {
        f"{by:.0%}_below_{rival}{end}".replace("%", "_percent"): one[rival]["high"] < 0.0
        and one[rival]["relative"] <= -by
        for rival, by in BETTER.items()
        for end, one in (("", alike), ("_together", together))
    }
    return told | {"goals": goals | _calibrated(told)}


def _relative(tallies: Sequence[Tally], rival: str, weeks: int) -> dict[str, float]:
    """Average the relative difference in CRPS over wars, each counting alike."""
    drawn = [_drawn(one, rival, weeks) for one in tallies]
    return _range(np.mean([ours / theirs - 1.0 for ours, theirs in drawn], axis=0))


def _together(tallies: Sequence[Tally], rival: str, weeks: int, places: Floats) -> dict[str, float]:
    """Compare the sums of CRPS over all forecasts of all wars: wars with more fighting count for more."""
    weight = places * np.array([len(one.scores[rival]["crps"]) for one in tallies])
    drawn = [_drawn(one, rival, weeks) for one in tallies]
    ours, theirs = (np.tensordot(weight, np.stack([pair[side] for pair in drawn]), axes=1) for side in (0, 1))
    return _range(ours / theirs - 1.0)


def _range(values: Floats) -> dict[str, float]:
    """Give the value as it is (the first entry) and the 95 % interval of its resamples."""
    low, high = np.percentile(values[1:], (2.5, 97.5))
    return {"relative": float(values[0]), "low": float(low), "high": float(high)}


def _drawn(tally: Tally, rival: str, weeks: int) -> tuple[Floats, Floats]:
    """Give mean CRPS of ours and a rival's: as it is, then for each resample of blocks of origins."""
    ours, theirs = (np.array(tally.scores[name]["crps"]) for name in ("asylia", rival))
    picked = _resampled(len(ours), min(_block(weeks), len(ours)), f"pooled-{len(ours)}")
    means = [np.concatenate([[one.mean()], one[picked].mean(axis=1)]) for one in (ours, theirs)]
    return means[0], np.maximum(means[1], 1e-12)
