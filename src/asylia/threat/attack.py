"""Attack on a zone: the fighting of its area, thinned or thickened by factors; apart from overrun.

A zone meets each lethal event of its place with a chance: its share of the place's events times the factor of the week. Less
than one thins the events (a negative binomial thinned so keeps its form); more than one adds to them. With the same luck a
smaller factor never gives more events. Nothing here says where, by whom or how.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.core.binomial import binomial_quantile
from asylia.core.draws import Stream, fold, stable_id, start_key, to_unit

SERIOUS_EVENTS: Final = 10
SERIOUS_WEEKS: Final = 4
SERIOUS_DEATHS: Final = 25.0
"""Serious: at least so many lethal events in so many weeks, or a week with at least so many deaths (research note, L3)."""
TRIES: Final = 8
"""Draws of the zone's events for one path of the area's fighting; the first is the one people meet."""
STEPS: Final = 256
"""Steps of the table of deaths by event."""
MOST_FACTOR: Final = 3
EVENTS_SALT: Final = np.uint64(1)
MORE_SALT: Final = np.uint64(2)
DEATHS_SALT: Final = np.uint64(3)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assault:
    """Attacks on one zone in one member.

    Parameters
    ----------
    events
        int64 (week,), lethal events at the zone.
    serious
        bool (try, week), a serious attack; row 0 belongs to `events`.
    none_by
        float64 (week,), chance that no lethal event has struck by the end of the week, given the area's fighting.
    """

    events: NDArray[np.int64]
    serious: NDArray[np.bool_]
    none_by: NDArray[np.float64]


def assault(
    zone: str,
    local: NDArray[np.int64],
    chance: NDArray[np.float64],
    deaths: NDArray[np.float64],
    *,
    seed: int,
    member: int,
) -> Assault:
    """Draw what strikes one zone.

    Parameters
    ----------
    zone
        Id; its luck is keyed by it.
    local
        int64 (week,), lethal events of its place.
    chance
        float64 (week,), 0 to 3: lethal events at the zone for each of the place.
    deaths
        float64 (`STEPS`,), deaths of an event, smallest first.
    """
    # compiled functions hand keys back as Python integers
    start = np.uint64(start_key(seed, int(Stream.THREAT_DEATHS), member))
    key = np.uint64(fold(start, np.uint64(stable_id(zone))))
    events = np.zeros((TRIES, local.size), dtype=np.int64)
    serious = np.zeros((TRIES, local.size), dtype=np.bool_)
    _draw(key, local, chance, deaths, events, serious)
    none_by = np.asarray(np.cumprod((1.0 - np.minimum(chance, 1.0)) ** local), dtype=np.float64)
    return Assault(events=events[0], serious=serious, none_by=none_by)


def deaths_table(deaths: NDArray[np.float64], events: NDArray[np.int64]) -> NDArray[np.float64]:
    """Tabulate deaths per event of rows that hold several: `STEPS` even quantiles, each row counted by its events.

    Rows that sum up a week flatten the worst events, so serious attack by deaths is understated.
    """
    known = (events > 0) & np.isfinite(deaths)
    if not known.any():
        return np.ones(STEPS)
    each, weight = (deaths[known] / events[known]), events[known].astype(np.float64)
    order = np.argsort(each, kind="stable")
    reached = np.cumsum(weight[order]) / weight.sum()
    at = np.searchsorted(reached, (np.arange(STEPS) + 0.5) / STEPS)
    table: NDArray[np.float64] = each[order][np.minimum(at, each.size - 1)]
    return table


@njit(cache=True)
def _draw(
    key: np.uint64,
    local: NDArray[np.int64],
    chance: NDArray[np.float64],
    deaths: NDArray[np.float64],
    events: NDArray[np.int64],
    serious: NDArray[np.bool_],
) -> None:
    for week in range(local.size):
        of_week = fold(key, np.uint64(week))
        for attempt in range(events.shape[0]):
            if local[week] > 0 and chance[week] > 0.0:
                own = fold(of_week, np.uint64(attempt))
                events[attempt, week] = _events(own, local[week], chance[week])
                serious[attempt, week] = _deaths(own, events[attempt, week], deaths) >= SERIOUS_DEATHS
            first = max(0, week - SERIOUS_WEEKS + 1)
            lately = 0
            for before in range(first, week + 1):
                lately += events[attempt, before]
            # a week without an event of its own is no week of attack
            if lately >= SERIOUS_EVENTS and events[attempt, week] > 0:
                serious[attempt, week] = True


@njit(cache=True)
def _events(key: np.uint64, local: int, chance: float) -> int:
    if chance >= 1.0:
        more = min((chance - 1.0) / (MOST_FACTOR - 1.0), 1.0)
        return local + binomial_quantile(local * (MOST_FACTOR - 1), more, to_unit(fold(key, MORE_SALT)))
    return binomial_quantile(local, chance, to_unit(fold(key, EVENTS_SALT)))


@njit(cache=True)
def _deaths(key: np.uint64, events: int, table: NDArray[np.float64]) -> float:
    total, own = 0.0, fold(key, DEATHS_SALT)
    for number in range(events):
        total += table[int(to_unit(fold(own, np.uint64(number))) * table.size)]
        if total >= SERIOUS_DEATHS:
            break
    return total
