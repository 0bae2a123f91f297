"""A war as weekly counts by place, from a UCDP file, for scoring and for learning."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.errors import CaseError, Problem
from asylia.io.ged import ged_notes, read_ged
from asylia.io.ged_units import Placed, Unit, place, usual_unit

FEWEST_WEEKS = 26 + 4 + 13
"""Half a year to learn from, and one origin with 13 weeks after it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class War:
    """Counts of one file.

    Parameters
    ----------
    name, unit
        Of the file; of its places.
    places
        Ids, sorted; `centres` float64 (place, 2) are latitude and longitude.
    counts, without
        int64 (place, week), lethal events, and those of them whose best estimate of deaths is 0.
    first
        Monday of the first week.
    rows, apart
        Events in the file; events that could not be placed.
    notes
        What a reader must know.
    """

    name: str
    unit: Unit
    places: tuple[str, ...]
    centres: NDArray[np.float64]
    counts: NDArray[np.int64]
    without: NDArray[np.int64]
    first: dt.date
    rows: int
    apart: int
    notes: tuple[str, ...]


def read_war(path: Path, unit: Unit | None = None) -> War:
    """Read a UCDP file as weekly counts; districts or cells, whichever the file allows, if no unit is asked for.

    Raises
    ------
    CaseError
        If the file cannot be read, or holds too few weeks.
    """
    return war_of(read_ged(path), path.name.split(".")[0], unit, file=path.name)


def war_of(events: pl.DataFrame, name: str, unit: Unit | None = None, *, file: str = "") -> War:
    """Make a war of events as `read_ged` gives them."""
    placed = place(events, unit or usual_unit(events))
    weeks = _weeks(placed)
    if weeks < FEWEST_WEEKS:
        must = f"the events span at least {FEWEST_WEEKS} whole weeks; they span {weeks}"
        raise CaseError([Problem(file=file or name, must=must, mend="Score a longer file.")])
    first = placed.events["week"].min()
    if not isinstance(first, dt.date):
        raise TypeError("a week is a date")
    return War(
        name=name,
        unit=placed.unit,
        places=tuple(placed.places["unit"].to_list()),
        centres=placed.places.select("latitude", "longitude").to_numpy(),
        counts=_table(placed, "events", weeks),
        without=_table(placed, "without_deaths", weeks),
        first=first,
        rows=events.height,
        apart=placed.apart.height,
        notes=ged_notes(events),
    )


def _weeks(placed: Placed) -> int:
    """Count whole weeks: the week of the last event may be cut off by the end of the file."""
    if not placed.events.height:
        return 0
    number = placed.events.select((pl.col("week").max() - pl.col("week").min()).dt.total_days() // 7).item()
    return int(number)


def _table(placed: Placed, column: str, weeks: int) -> NDArray[np.int64]:
    at = {unit: row for row, unit in enumerate(placed.places["unit"].to_list())}
    table = np.zeros((len(at), weeks), dtype=np.int64)
    number = (pl.col("week") - pl.col("week").min()).dt.total_days() // 7
    for unit, week, count in placed.events.select("unit", number, column).iter_rows():
        if week < weeks:
            table[at[unit], week] += count
    return table
