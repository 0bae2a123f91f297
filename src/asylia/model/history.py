"""The labelled shape of one run: who was where, by day, and what happened to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

COUNTS: Final = (
    "residents",
    "in_zones",
    "displaced_outside_zones",
    "travelling",
    "trapped",
    "abroad_new",
    "newly_displaced",
    "crossed",
    "wanted_to_cross",
    "refused",
    "returned",
    "turned_out",
    "enclosed",
)
"""Rows of `History.counts`, whole people at the end of each day. The first six are stocks and add up to everyone;
the next six are running totals since the first day; `enclosed` counts those of `in_zones` who find no open way out that day. `returned` counts people who went home of their own trigger,
`turned_out` people who had to leave a zone because it closed, fell, shrank or was seriously attacked. `wanted_to_cross` counts people who chose to
leave the country and could not because the way was closed, again each time they try, `refused` arrivals at a full zone."""

RADII_KM: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """One plan, one member.

    Parameters
    ----------
    counts
        int64 (count, day), people; rows as in `COUNTS`.
    exposure
        float64 (radius, day), person-days of displaced people within 1, 2 and 5 km of a lethal event, running total.
    person_km
        float64 (day,), kilometres travelled by everyone, running total.
    displaced_at
        int64 (place,), displaced people outside zones at each place on the last day.
    zone_people
        int64 (zone, day), people in each zone at the end of each day.
    zone_refused
        int64 (zone,), arrivals refused over the run.
    """

    plan: str
    member: int
    places: tuple[str, ...]
    zones: tuple[str, ...]
    counts: NDArray[np.int64]
    exposure: NDArray[np.float64]
    person_km: NDArray[np.float64]
    displaced_at: NDArray[np.int64]
    zone_people: NDArray[np.int64]
    zone_refused: NDArray[np.int64]

    def count(self, name: str) -> NDArray[np.int64]:
        """Return one row of `counts`, int64 (day,)."""
        row: NDArray[np.int64] = self.counts[COUNTS.index(name)]
        return row

    def to_polars(self) -> pl.DataFrame:
        """Return counts in long form: day, count, people."""
        days = self.counts.shape[1]
        return pl.DataFrame(
            {
                "day": np.tile(np.arange(days), len(COUNTS)),
                "count": np.repeat(np.array(COUNTS), days),
                "people": self.counts.ravel(),
            }
        )
