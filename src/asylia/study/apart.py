"""Refugees and people displaced inside their country, apart: by the country of each camp against where people flee."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl

from asylia.model.fitted import plain_name
from asylia.model.replay import Replay
from asylia.move.forecast.ahead import Fitted, middle
from asylia.study.displacement import CampError
from asylia.study.forecast import FIRST_ORIGIN, Asked, rivals
from asylia.study.forecast_known import Past

REFUGEES: Final = "refugees"
INSIDE: Final = "displaced_inside"
WORDS: Final[Mapping[str, str]] = {REFUGEES: "refugees", INSIDE: "people displaced inside"}


def kinds_of(replay: Replay, camps: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Sort camps by whether they lie in a country that people flee from, or are named so; a kind without a camp is left out."""
    fled = {
        plain_name(name) for name in replay.places.filter(pl.col("kind") == "conflict")["country"].to_list()
    }
    country = dict(replay.places.select("name", "country").iter_rows())
    named = set(replay.places.filter(pl.col("kind") == "idpcamp")["name"])
    inside = tuple(camp for camp in camps if camp in named or plain_name(country.get(camp, "")) in fled)
    abroad = tuple(camp for camp in camps if camp not in inside)
    return {kind: own for kind, own in ((REFUGEES, abroad), (INSIDE, inside)) if own}


def scores_apart(replay: Replay, scores: Sequence[CampError]) -> dict[str, dict[str, float]]:
    """Add up what camps of each kind are off by: camps, people recorded and ours (means over days), and error.

    The errors of both kinds add up to that of the conflict.
    """
    by_name = {score.camp: score for score in scores}
    return {
        kind: {
            "camps": len(own),
            "observed": float(sum(by_name[camp].observed for camp in own)),
            "ours": float(sum(by_name[camp].ours for camp in own)),
            "error": float(sum(by_name[camp].error for camp in own)),
        }
        for kind, own in kinds_of(replay, list(by_name)).items()
    }


def told_apart(replay: Replay, scores: Sequence[CampError]) -> str:
    """Say in a sentence who is counted in the camps of a conflict, and what part of the error each kind makes."""
    parts = [
        f"{WORDS[kind]} in {own['camps']:.0f} camp{'' if own['camps'] == 1 else 's'}, error {own['error']:.3f}"
        for kind, own in scores_apart(replay, scores).items()
    ]
    return f"{replay.id}: {'; '.join(parts)}." if parts else f"{replay.id}: no camp was counted."


def errors_apart(past: Past, fitted: Fitted, asked: Asked) -> dict[str, dict[int, dict[str, float]]]:
    """Score forecasts of each kind by days ahead: what its camps are off by, as a share of its own people recorded.

    Origins at which nobody of the kind was recorded so many days later are left out.
    """
    found: dict[str, dict[int, dict[str, float]]] = {}
    for kind, own in kinds_of(past.replay, past.camps).items():
        spots = [past.camps.index(camp) for camp in own]
        by_days = {days: _mean_errors(past, fitted, days, asked.every, spots) for days in asked.horizons}
        found[kind] = {days: errors for days, errors in by_days.items() if errors}
    return found


def _mean_errors(past: Past, fitted: Fitted, days: int, every: int, spots: Sequence[int]) -> dict[str, float]:
    rows: list[dict[str, float]] = []
    for origin in range(FIRST_ORIGIN, past.replay.days - days, every):
        known, measure = past.by(origin), past.yardstick(origin)
        came = past.observed.people[origin + days].astype(np.float64)
        total = float(came[spots].sum())
        if total > 0:
            rules = {"asylia": middle(known, fitted.weights, days), **rivals(known, days)}
            gaps = {name: np.abs(people * measure - came)[spots] for name, people in rules.items()}
            rows.append({name: float(gap.sum()) / total for name, gap in gaps.items()})
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]} if rows else {}
