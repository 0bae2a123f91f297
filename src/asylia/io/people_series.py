"""Read a tidy series of people by place and date: refugees by country, arrivals by border, people in camps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.errors import CaseError, Problem
from asylia.io.door import fail
from asylia.io.limits import FIRST_YEAR, LAST_YEAR
from asylia.io.movements import day_of, rows_of, whole_of

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "date": ("date",),
    "place": ("place", "country", "camp", "location"),
    "people": (
        "people", "refugees", "arrivals_cumulative", "individuals", "persons", "population", "count", "idps",
    ),
}  # fmt: skip
"""Names that a column may have, the best first; case, blanks and hyphens do not matter."""
TOTALS: Final = frozenset({"all", "total"})
"""Places by these names hold the published total; they are no place of their own."""
MOST_PEOPLE: Final = 10**10
MOST_DAYS: Final = 36_600
MOST_PLACES: Final = 2_000

Days = NDArray[np.int64]
People = NDArray[np.float64]
Reports = Mapping[date, int]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PeopleSeries:
    """What was reported of each place, by day.

    Parameters
    ----------
    name
        The file's name without its ending.
    first
        Day 0: the first date in the file.
    places
        Names in alphabetical order.
    days, people
        By place: days of its reports, rising, and the people reported.
    total_days, totals
        Days of the published totals, rising, and the people; empty without any.
    blanks
        Rows without a number: no report.
    """

    name: str
    first: date
    places: tuple[str, ...]
    days: tuple[Days, ...]
    people: tuple[People, ...]
    total_days: Days
    totals: People
    blanks: int = 0


def read_people_series(path: Path) -> PeopleSeries:
    """Read a table with a date, a place (or country), and people (or refugees, or arrivals_cumulative), .csv or .csv.gz.

    One row a place and day, in any order. A blank is no report. Places named ALL or TOTAL hold published totals.

    Raises
    ------
    CaseError
        With every problem found.
    """
    found: dict[str, dict[date, int]] = {}
    problems: list[Problem] = []
    blanks = 0
    for row, cells in rows_of(path, NAMES, {}):
        place, people = cells["place"], cells["people"]
        when, count = _day(cells["date"]), _whole(people)
        if when is None or not place or (count is None and people):
            must = "has a date like 2017-01-31, a place, and a whole number of people or a blank"
            wrong = "date" if when is None else "people" if place else "place"
            mend = "Correct or drop the row."
            problems.append(
                Problem(file=path.name, row=row, column=wrong, value=cells[wrong][:40], must=must, mend=mend)
            )
        elif count is None:
            blanks += 1
        elif found.setdefault(place, {}).get(when, count) != count:
            must, mend = "a place has one row a day", "Keep the later edition."
            problems.append(
                Problem(
                    file=path.name, row=row, column="place", value=f"{place}, {when}", must=must, mend=mend
                )
            )
        else:
            found[place][when] = count
    if problems:
        raise CaseError(problems)
    return _series(path, found, blanks)


def _series(path: Path, found: Mapping[str, Reports], blanks: int) -> PeopleSeries:
    places = sorted(place for place in found if found[place] and place.casefold() not in TOTALS)
    if not places:
        raise fail(path.name, "holds at least one report of a place", "Add a row with a number.")
    if len(places) > MOST_PLACES:
        raise fail(path.name, f"has at most {MOST_PLACES:,} places", "Keep one conflict.")
    totals = [place for place in found if place.casefold() in TOTALS]
    if len(totals) > 1:
        raise fail(path.name, "names the total in one way", f"Keep one of {', '.join(sorted(totals))}.")
    every = [when for reports in found.values() for when in reports]
    first = min(every)
    if (max(every) - first).days > MOST_DAYS:
        raise fail(path.name, "spans at most 100 years", "Is a year mistyped?")
    reports = [_ordered(found[place], first) for place in places]
    total = _ordered(found[totals[0]] if totals else {}, first)
    return PeopleSeries(
        name=path.name.removesuffix(".gz").removesuffix(".csv"),
        first=first,
        places=tuple(places),
        days=tuple(days for days, _ in reports),
        people=tuple(people for _, people in reports),
        total_days=total[0],
        totals=total[1],
        blanks=blanks,
    )


def _ordered(reports: Reports, first: date) -> tuple[Days, People]:
    order = sorted(reports)
    days = np.array([(when - first).days for when in order], dtype=np.int64)
    return days, np.array([reports[when] for when in order], dtype=np.float64)


def _day(text: str) -> date | None:
    found = day_of(text)
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def _whole(text: str) -> int | None:
    count = whole_of(text)
    return count if count is not None and 0 <= count <= MOST_PEOPLE else None
