"""Where people from one place went so far: months of flows between places, and guesses drawn from them.

Every guess is a spread over destinations for each origin, from what was known at the end of a month. Evidence of an origin's own
past grows with the square root of the people: they move in groups, so 100 people are worth 10 decisions, not 100.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.move.forecast.known import Table

HALF_LIVES: Final = (1.5, 6.0, 24.0)
"""Months after which a month of an origin's own past counts half: weeks, a season, a war."""
OTHER_HALF: Final = 12.0
"""The same for flows that have another reason."""
REACHES: Final = (50.0, 200.0)
"""Kilometres after which a destination counts 1/e: a day's walk or two, and a day's drive; the fit weighs both."""
QUIET_HALF: Final = 3.0
EARTH_KM: Final = 6371.0
SMALL: Final = 1e-12

Signs = NDArray[np.float64]
"""(sign, origin, destination); the last destination is `elsewhere`: every place that no report had named yet."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flows:
    """What is known of flows at the end of a month.

    Parameters
    ----------
    places
        Names; two places are told apart by name alone.
    people
        float64 (month, origin, destination), people displaced in each month for the reason asked for.
    others
        The same for every other reason: people follow ways that others took.
    positions
        float64 (place, 2), latitude and longitude in degrees; nan where unknown.
    regions
        Region of each place; empty where unknown.
    events
        float64 (month, place), lethal events; no rows if unknown. It may end earlier.
    """

    places: tuple[str, ...]
    people: Table
    others: Table
    positions: Table
    regions: tuple[str, ...]
    events: Table

    def until(self, month: int) -> Flows:
        """Return what was known at the end of an earlier month."""
        end = month + 1
        return Flows(
            places=self.places,
            people=self.people[:end],
            others=self.others[:end],
            positions=self.positions,
            regions=self.regions,
            events=self.events[:end],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ladder:
    """Evidence that grows and fades from month to month, each month from those before it alone.

    Parameters
    ----------
    own
        float64 (month, origin, destination) for each of `HALF_LIVES`.
    other, every
        The same for flows with another reason, and for all.
    last
        Shares of the last month in which people left an origin.
    seen
        bool (month, place), whether a report named the place by then.
    """

    flows: Flows
    own: tuple[Table, ...]
    other: Table
    every: Table
    last: Table
    seen: NDArray[np.bool_]


def climb(flows: Flows) -> Ladder:
    """Gather the evidence of every month."""
    both = flows.people + flows.others
    named = (both.sum(axis=1) + both.sum(axis=2)) > 0
    return Ladder(
        flows=flows,
        own=tuple(_fading(flows.people, half) for half in HALF_LIVES),
        other=_fading(flows.others, OTHER_HALF),
        every=_fading(both, HALF_LIVES[-1]),
        last=_last(flows.people),
        seen=np.logical_or.accumulate(named, axis=0),
    )


def signs(ladder: Ladder, month: int) -> Signs:
    """Return the guesses at the end of a month, (sign, origin, destination and elsewhere).

    Own evidence comes first, then spreads that sum to 1, or to 0 where there is nothing to go by.
    """
    own = [*(table[month] for table in ladder.own), ladder.other[month], ladder.last[month]]
    spreads = [*_spreads(ladder, month).values(), *_placed(ladder, month)]
    seen = ladder.seen[month]
    even = np.append(seen, True) / (seen.sum() + 1.0)
    inside = np.stack([*own, *spreads])
    outside = np.zeros((*inside.shape[:2], 1))
    whole = np.concatenate([inside, outside], axis=2)
    return np.concatenate([whole, np.broadcast_to(even, whole.shape[1:])[None]])


def open_to(ladder: Ladder, month: int) -> NDArray[np.bool_]:
    """Say which destinations can be named, bool (origin, destination and elsewhere): seen ones and the origin itself."""
    count = len(ladder.flows.places)
    named = np.broadcast_to(ladder.seen[month], (count, count)) | np.eye(count, dtype=np.bool_)
    return np.concatenate([named, np.ones((count, 1), dtype=np.bool_)], axis=1)


def shares(table: Table) -> Table:
    """Divide rows by their sum; rows of nothing stay so."""
    return np.asarray(table / np.maximum(table.sum(axis=-1, keepdims=True), SMALL), dtype=np.float64)


def _fading(people: Table, half: float) -> Table:
    weighed: Table = shares(people) * np.sqrt(people.sum(axis=2, keepdims=True))
    kept = 0.5 ** (1.0 / half)
    for month in range(1, len(weighed)):
        weighed[month] += kept * weighed[month - 1]
    return weighed


def _last(people: Table) -> Table:
    found = shares(people)
    for month in range(1, len(found)):
        none = people[month].sum(axis=1) == 0
        found[month, none] = found[month - 1, none]
    return found


def _spreads(ladder: Ladder, month: int) -> Mapping[str, Table]:
    """Return guesses that need no map."""
    count = len(ladder.flows.places)
    stay = np.eye(count)
    away = ladder.own[1][month] * (1.0 - stay)
    ways = ladder.every[month] * (1.0 - stay)
    root = np.sqrt(shares(ladder.every[month]))
    alike = (root @ root.T) * (1.0 - stay)
    return {
        "stay": stay,
        "arrivals": shares(away.sum(axis=0) * (1.0 - stay)),
        "alike": shares((alike @ away) * (1.0 - stay)),
        "back": shares(ways.T),
    }


def _placed(ladder: Ladder, month: int) -> list[Table]:
    """Return guesses that need a map, regions or events: earlier arrivals nearby, in the region, in quieter places."""
    flows, count = ladder.flows, len(ladder.flows.places)
    drawn = (ladder.every[month].sum(axis=0) + ladder.seen[month]) * (1.0 - np.eye(count))
    found = []
    if np.isfinite(flows.positions).any():
        apart = distances(flows.positions)
        near = [np.where(np.isfinite(apart), np.exp(-apart / reach), 0.0) for reach in REACHES]
        found += [shares(drawn * one * ladder.seen[month]) for one in near]
    if any(flows.regions):
        names = np.array(flows.regions)
        found.append(shares(drawn * ((names[:, None] == names) & (names != "")) * ladder.seen[month]))
    if len(flows.events):
        found.append(shares(drawn * ladder.seen[month] / (1.0 + _recent(flows.events, month))))
    return found


def _recent(events: Table, month: int) -> Table:
    spot = min(month, len(events) - 1)
    window = events[max(0, spot - 11) : spot + 1]
    return np.asarray(0.5 ** (np.arange(len(window))[::-1] / QUIET_HALF) @ window, dtype=np.float64)


def distances(positions: Table) -> Table:
    """Return great-circle kilometres between places, float64 (place, place); nan where a position is unknown."""
    lat, lon = np.radians(positions.T)
    half = np.sin((lat[:, None] - lat) / 2.0) ** 2
    half += np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2.0) ** 2
    return np.asarray(2.0 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))), dtype=np.float64)
