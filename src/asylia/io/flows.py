"""Read people displaced between places by month: where they left, where they arrived, how many, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.errors import CaseError, Problem, nearest
from asylia.io.door import CONTROL, fail
from asylia.io.limits import FIRST_YEAR, LAST_YEAR, ROWS_SHOWN
from asylia.io.movements import EVENTS, day_of, month_of, number_of, rows_of, whole_of

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "date": ("date", "month", "period", "year_month", "date_of_displacement", "reporting_month"),
    "origin": (
        "district_origin", "origin", "origin_district", "admin2_origin", "origin_admin2", "admin1_origin",
        "origin_admin1", "previous_district", "departure", "governorate_of_origin", "state_of_origin", "from",
    ),
    "destination": (
        "district_destination", "destination", "destination_district", "admin2_destination",
        "destination_admin2", "admin1_destination", "destination_admin1", "current_district", "arrival",
        "governorate_of_displacement", "state_of_displacement", "to",
    ),
    "people": (
        "idps", "people", "individuals", "persons", "idp_individuals", "displaced", "number_of_individuals",
        "count", "flow",
    ),
}  # fmt: skip
"""Names that a needed column may have, in any case; blanks and hyphens count as underscores."""
FURTHER: Final[Mapping[str, tuple[str, ...]]] = {
    "reason": ("reason", "cause", "main_reason", "reason_for_displacement", "displacement_reason"),
    "origin_region": ("region_origin", "origin_region", "previous_region"),
    "destination_region": ("region_destination", "destination_region", "current_region"),
}
VIOLENCE: Final = ("insecurity", "conflict", "violence", "armed conflict", "conflict/insecurity", "war")
"""Reasons that are counted if none is named."""
PLACES: Final = 300
MONTHS: Final = 600
CELLS: Final = 6_000_000
"""Months times pairs of places."""
NAME: Final = 120
PLACE_COLUMNS: Final = ("name", "lat", "lon")
AREAS: Final = {"adm_2": ("adm_2",), "adm_1": ("adm_1",)}
"""Columns of events that name their area, the smaller first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FlowTable:
    """People displaced between places by month.

    Parameters
    ----------
    places
        Names, in alphabetical order: every origin and every destination.
    regions
        Region of each place; empty where the file does not say.
    first
        The first month.
    people, others
        float64 (month, origin, destination): people displaced for the reasons asked for, and for all others.
    reasons
        The reasons that were counted; none if the file has no such column.
    blanks
        Rows without a number of people; they count 0.
    """

    places: tuple[str, ...]
    regions: tuple[str, ...]
    first: date
    people: NDArray[np.float64]
    others: NDArray[np.float64]
    reasons: tuple[str, ...]
    blanks: int


@dataclass(frozen=True, slots=True)
class _Row:
    month: int
    origin: str
    destination: str
    people: int
    reason: str


def read_flows(path: Path, *, reasons: Sequence[str] = ()) -> FlowTable:
    """Read a table of flows, .csv or .csv.gz; rows of the same month, pair and reason are added up.

    Parameters
    ----------
    reasons
        Reasons to count, in any case; those of violence if none is named. A file without a column of reasons counts whole.

    Raises
    ------
    CaseError
        With every problem found.
    """
    rows: list[_Row] = []
    problems: list[Problem] = []
    regions: dict[str, str] = {}
    blanks = 0
    for number, cells in rows_of(path, COLUMNS, FURTHER):
        wrong = _wrong(cells)
        if wrong:
            problems.append(Problem(file=path.name, row=number, must=wrong, mend="Correct or drop the row."))
            continue
        rows.append(_row(cells))
        blanks += not cells["people"]
        for side in ("origin", "destination"):
            # the first by the alphabet, so that the order of rows does not matter where they disagree
            named = {regions.get(cells[side], ""), cells.get(f"{side}_region", "")} - {""}
            regions[cells[side]] = min(named, default="")
    if problems or not rows:
        raise CaseError(
            _first(problems, path)
            or [Problem(file=path.name, must="holds at least one row", mend="Add one.")]
        )
    counted = _counted(rows, reasons, path)
    return _table(rows, regions, counted, path, blanks)


def read_positions(path: Path, places: Sequence[str]) -> NDArray[np.float64]:
    """Read where places lie from a table with the columns name, lat and lon, float64 (place, 2); nan where it does not say.

    Raises
    ------
    CaseError
        With every problem found; if no place of the flows is there, too.
    """
    found: dict[str, tuple[float, float]] = {}
    problems: list[Problem] = []
    for number, cells in rows_of(path, {name: (name,) for name in PLACE_COLUMNS}, {}):
        lat, lon = number_of(cells["lat"], 90.0), number_of(cells["lon"], 180.0)
        if lat is None or lon is None:
            must = "has latitude and longitude in degrees"
            problems.append(Problem(file=path.name, row=number, must=must, mend="Correct or drop the row."))
        else:
            found[plain(cells["name"])] = (lat, lon)
    if not problems and not any(plain(place) in found for place in places):
        must = "names at least one place of the flows, as they are written there"
        problems.append(Problem(file=path.name, must=must, mend="Correct the names."))
    if problems:
        raise CaseError(_first(problems, path))
    return np.array([found.get(plain(place), (np.nan, np.nan)) for place in places], dtype=np.float64)


def plain(name: str) -> str:
    """Bring names of places together that differ in case, blanks, or the word district or the like."""
    words = re.sub(r"[\W_]+", " ", name.casefold()).split()
    kept = [word for word in words if word not in {"district", "governorate", "region", "province", "state"}]
    return " ".join(kept or words)


def _wrong(cells: Mapping[str, str]) -> str:
    day = month_of(cells["date"])
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        return f"has a month like 2017-01 or a date like 2017-01-01, between {FIRST_YEAR} and {LAST_YEAR}"
    if whole_of(cells["people"]) == -1 or len(cells["people"]) > 12:
        return "has a whole number of people, 0 or more, or a blank"
    for side in ("origin", "destination"):
        if not cells[side] or len(cells[side]) > NAME or CONTROL.search(cells[side]):
            return f"names the {side}, in at most {NAME} characters and none that cannot be seen"
    return ""


def _row(cells: Mapping[str, str]) -> _Row:
    day = month_of(cells["date"])
    month = day.year * 12 + day.month - 1 if day else 0
    reason = cells.get("reason", "").casefold()
    return _Row(month, cells["origin"], cells["destination"], whole_of(cells["people"]) or 0, reason)


def _first(problems: list[Problem], path: Path) -> list[Problem]:
    if len(problems) <= ROWS_SHOWN:
        return problems
    more = f"{len(problems) - ROWS_SHOWN:,} more rows are wrong in the same ways"
    return [*problems[:ROWS_SHOWN], Problem(file=path.name, must=more, mend="Mend the first ones and see.")]


def _counted(rows: Iterable[_Row], wanted: Sequence[str], path: Path) -> tuple[str, ...]:
    present = sorted({row.reason for row in rows})
    if present == [""] and not wanted:
        return ()
    asked = [name.strip().casefold() for name in wanted] or list(VIOLENCE)
    unknown = [name for name in asked if name not in present] if wanted else []
    found = tuple(name for name in present if name in asked)
    if unknown or not found:
        hint = nearest(unknown[0], present) if unknown else ""
        there = ", ".join(name or "blank" for name in present[:20])
        must = "holds a row with the reason asked for" + (f"; {unknown[0]} is not there" if unknown else "")
        raise fail(path.name, must, f"{hint} Name one with --reason: {there}.".strip(), column="reason")
    return found


def _table(
    rows: Sequence[_Row], regions: Mapping[str, str], counted: tuple[str, ...], path: Path, blanks: int
) -> FlowTable:
    places = tuple(sorted(regions))
    first = min(row.month for row in rows)
    months = max(row.month for row in rows) - first + 1
    if len(places) > PLACES or months > MONTHS or months * len(places) ** 2 > CELLS:
        must = f"has at most {PLACES} places, {MONTHS} months and {CELLS:,} months times pairs"
        raise fail(path.name, must, "Use larger areas, or fewer years; are the names of places spelt alike?")
    number = {place: index for index, place in enumerate(places)}
    people = np.zeros((2, months, len(places), len(places)))
    for row in rows:
        other = bool(counted) and row.reason not in counted
        people[int(other), row.month - first, number[row.origin], number[row.destination]] += row.people
    return FlowTable(
        places=places,
        regions=tuple(regions[place] for place in places),
        first=date(first // 12, first % 12 + 1, 1),
        people=people[0],
        others=people[1],
        reasons=counted,
        blanks=blanks,
    )


def positions_in_events(path: Path, places: Sequence[str], before: date) -> NDArray[np.float64]:
    """Return the mean position of the events that name a place as their area, float64 (place, 2); nan where none does.

    Only events before a day count, so that where there will be fighting is not told.

    Raises
    ------
    CaseError
        If the file cannot be read.
    """
    wanted = {plain(place): index for index, place in enumerate(places)}
    sums = np.zeros((len(places), 3))
    for _, cells in rows_of(path, {name: (name,) for name in EVENTS}, AREAS):
        day, lat, lon = (
            day_of(cells["date_start"]),
            number_of(cells["latitude"], 90.0),
            number_of(cells["longitude"], 180.0),
        )
        names = [plain(cells.get(area, "")) for area in AREAS]
        index = next((wanted[name] for name in names if name and name in wanted), None)
        if index is not None and day is not None and day < before and lat is not None and lon is not None:
            sums[index] += (lat, lon, 1.0)
    count = np.where(sums[:, 2:] > 0, sums[:, 2:], np.nan)
    return np.asarray(sums[:, :2] / count, dtype=np.float64)
