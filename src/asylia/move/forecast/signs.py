"""The few signs a forecast is made of: trends of a camp and of all camps, and people who are not yet in any count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.move.forecast.known import Known, Table

ANCHORS: Final[Mapping[int, tuple[str, ...]]] = {
    30: ("change", "push", "stale", "waiting_evenly"),
    90: ("trend", "push", "stale", "waiting_evenly"),
    180: ("trend", "push", "stale", "waiting_evenly"),
}
"""Days ahead that are fitted, and the signs that each uses; other days lie between them."""

DAMPING_DAYS: Final = 60.0
OLDEST_REPORT_DAYS: Final = 300
MOST_GROWTH: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """Where things stood by the last reports.

    Parameters
    ----------
    people
        float64 (camp,), the last report of each; while nobody is counted anywhere, the published total by the guide.
    age
        float64 (camp,), days since the last report.
    pending
        Camps in which nobody has been counted yet, while others have.
    scale
        All these people, at least 1.
    """

    people: Table
    age: Table
    pending: NDArray[np.bool_]
    scale: float


def stand(known: Known) -> State:
    """Return where things stood at the origin."""
    last = np.array([days[-1] if len(days) else 0 for days in known.days], dtype=np.int64)
    people = np.array([counts[-1] if len(counts) else 0.0 for counts in known.people])
    age = np.clip(known.origin - last, 0, OLDEST_REPORT_DAYS).astype(np.float64)
    pending = people <= 0
    if pending.all():
        people = known.total_at(np.array([known.origin]))[0] * known.guide
        pending = np.zeros(len(people), dtype=np.bool_)
    return State(people=people, age=age, pending=pending, scale=float(max(people.sum(), 1.0)))


def damped(days: Table | float, fade: float) -> Table:
    """Return how many days of growth are left of so many days, when growth fades with `fade` days."""
    return np.asarray(fade * (1.0 - np.exp(-np.asarray(days) / fade)), dtype=np.float64)


def signs(known: Known, state: State, anchor: int) -> Table:
    """Return the signs of an anchor in people, float64 (camp, sign): what each alone would add to the last report.

    change
        The camp's change in the 60 days to the origin, going on and fading.
    trend, push
        The camp's change in the 60 (15) days to its last report, going on from there and fading.
    stale
        What the published total has grown since the camp's last report, in proportion.
    waiting_evenly
        All people counted, evenly, for camps where nobody is counted yet; it fades with the age of the conflict, because a
        camp that is empty for long is not about to fill.
    """
    ahead, age, empty = anchor + state.age, known.origin, state.pending * state.scale
    found = {
        "change": _change(known, state, 60) * damped(anchor, DAMPING_DAYS),
        "trend": _slope(known, state, 60) * damped(ahead, DAMPING_DAYS),
        "push": _slope(known, state, 15) * damped(ahead, DAMPING_DAYS),
        "stale": state.people * _growth_of_total(known, state),
        "waiting_evenly": empty / len(known.days) * np.exp(-age / DAMPING_DAYS),
    }
    return np.stack([found[name] for name in ANCHORS[anchor]], axis=1)


def _change(known: Known, state: State, window: int) -> Table:
    """People a day, from the window before the origin to the last report."""
    spot = np.full(len(known.days), known.origin - window)
    return np.where(_counted(known), (state.people - known.at(spot, counted=True)) / window, 0.0)


def _slope(known: Known, state: State, window: int) -> Table:
    """People a day, in the window before the last report."""
    spot = (known.origin - state.age).astype(np.int64) - window
    return np.where(_counted(known), (state.people - known.at(spot, counted=True)) / window, 0.0)


def _counted(known: Known) -> NDArray[np.bool_]:
    return np.array([bool((people > 0).any()) for people in known.people])


def _growth_of_total(known: Known, state: State) -> Table:
    now = known.total_at(np.array([known.origin]))[0]
    then = known.total_at((known.origin - state.age).astype(np.int64))
    growth = np.where(then > 0, now / np.maximum(then, 1.0) - 1.0, 0.0)
    return np.asarray(np.clip(growth, -1.0, MOST_GROWTH), dtype=np.float64)
