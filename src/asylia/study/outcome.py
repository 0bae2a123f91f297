"""What is kept of each plan: the state at week ends and a few totals, per member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from asylia.model.history import COUNTS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """One plan over some members: those of one piece of work, never of a whole study.

    Parameters
    ----------
    counts
        int64 (member, count, point), people; counts as in `model.history.COUNTS`, points as in `Settings.points`.
    exposure
        float64 (member, radius, point), person-days, running total.
    person_km
        float64 (member,), kilometres travelled by everyone.
    without_shelter
        float64 (member, point), people.
    displaced_at
        int64 (member, place), displaced people outside zones on the last day.
    zone_people, zone_peak, zone_refused
        int64 (member, zone, point), (member, zone), (member, zone), people.
    zone_exposure
        float64 (member, zone, radius), person-days of people in each zone.
    overrun_day
        int64 (member, zone), day the zone falls or -1.
    attack, serious, overrun
        float64 (member, zone, horizon), chance of a lethal attack, a serious attack and an overrun within 4, 13, 26 and 52
        weeks of opening, given what the member drew.
    cut_off
        int64 (member,), person-days in zones that no way leads to.
    needed, provided, short, short_people
        float64 (member, row), worst day, rows as in the need table of the plan; `provided` NaN where not stated.
    short_day
        int64 (member, row), first day short, or -1.
    cost
        float64 (member, item), US dollars.
    unfunded
        float64 (member,), share of the cost nobody has committed or paid.
    zone_days, zone_most
        int64 (member, zone, month), person-days and most people in each zone in each month (`need.periods`).
    spend
        float64 (member, item, month), US dollars.
    firm
        float64 (member, month), money committed or paid that is there in each month, US dollars.
    """

    counts: NDArray[np.int64]
    exposure: NDArray[np.float64]
    person_km: NDArray[np.float64]
    without_shelter: NDArray[np.float64]
    displaced_at: NDArray[np.int64]
    zone_people: NDArray[np.int64]
    zone_peak: NDArray[np.int64]
    zone_refused: NDArray[np.int64]
    zone_exposure: NDArray[np.float64]
    overrun_day: NDArray[np.int64]
    attack: NDArray[np.float64]
    serious: NDArray[np.float64]
    overrun: NDArray[np.float64]
    cut_off: NDArray[np.int64]
    needed: NDArray[np.float64]
    provided: NDArray[np.float64]
    short: NDArray[np.float64]
    short_people: NDArray[np.float64]
    short_day: NDArray[np.int64]
    cost: NDArray[np.float64]
    unfunded: NDArray[np.float64]
    zone_days: NDArray[np.int64]
    zone_most: NDArray[np.int64]
    spend: NDArray[np.float64]
    firm: NDArray[np.float64]

    def count(self, name: str) -> NDArray[np.int64]:
        """Return one count over time, int64 (member, point), people."""
        row: NDArray[np.int64] = self.counts[:, COUNTS.index(name), :]
        return row

    def last(self, name: str) -> NDArray[np.float64]:
        """Return one count on the last day, float64 (member,), people."""
        return self.count(name)[:, -1].astype(np.float64)


NAMES = tuple(field.name for field in fields(Outcome))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """A finished piece of work.

    Parameters
    ----------
    plans
        The fields of `Outcome`, with `members` along the first axis, by plan id.
    """

    members: range
    plans: Mapping[str, Mapping[str, NDArray[np.generic]]]


def stack(rows: Sequence[Mapping[str, NDArray[np.generic]]]) -> dict[str, NDArray[np.generic]]:
    """Put the members of one piece of work together: one leading axis for members."""
    return {name: np.stack([row[name] for row in rows]) for name in NAMES}


def of_arrays(arrays: Mapping[str, NDArray[np.generic]]) -> Outcome:
    """Give the arrays of some members their names back."""
    return Outcome(**{name: arrays[name] for name in NAMES})  # type: ignore[arg-type]  # kept as `stack` made them
