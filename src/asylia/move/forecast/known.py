"""What is known on a day: the reports of each camp up to it, the published totals, and a guess where newcomers go."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """Reports dated up to a day, as they were published; nothing of a later date.

    Parameters
    ----------
    origin
        The day forecasts are made, counted from day 0.
    days, people
        By camp: days of its reports, rising, and the people reported.
    total_days, totals
        Days of the published totals, rising, and the people; they may count more places than the camps.
    guide
        float64 (camp,): share of newcomers each camp is expected to get, from what is known without counts; sums to 1.
    """

    origin: int
    days: tuple[NDArray[np.int64], ...]
    people: tuple[Table, ...]
    guide: Table
    total_days: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    totals: Table = field(default_factory=lambda: np.zeros(0))

    def at(self, days: NDArray[np.int64], *, counted: bool = False) -> Table:
        """Return people by camp on a day each, float64 (camp,): straight lines between reports, constant outside.

        Parameters
        ----------
        days
            int64 (camp,).
        counted
            Leave reports of nobody out: a first 0 is often a placeholder of a camp that nobody had counted yet.
        """
        found = np.zeros(len(self.days))
        for camp, (own, people) in enumerate(zip(self.days, self.people, strict=True)):
            kept = people > 0 if counted else np.ones(len(own), dtype=np.bool_)
            if kept.any():
                found[camp] = np.interp(days[camp], own[kept], people[kept])
        return found

    def total_at(self, days: NDArray[np.int64]) -> Table:
        """Return the last published total of a day or before, 0 without one; same shape as the days."""
        if not len(self.total_days):
            return np.zeros(days.shape)
        spots = np.searchsorted(self.total_days, np.minimum(days, self.origin), side="right") - 1
        return np.where(spots >= 0, self.totals[np.maximum(spots, 0)], 0.0)
