"""Read people newly displaced by area and month, and lethal events by point and day, for scoring monthly forecasts."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.errors import CaseError, Problem
from asylia.io.door import fail
from asylia.io.limits import TABLE_BYTES, TABLE_ROWS

GZIP: Final = b"\x1f\x8b"
DISPLACED: Final = "idps"
RETURNED: Final = "returnees"
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "date": ("date", "month", "period", "year_month"),
    "admin1": ("admin1", "area", "governorate", "province", "region", "state"),
    DISPLACED: (DISPLACED, "newly_displaced", "displaced", "people", "persons", "individuals"),
    RETURNED: (RETURNED, "returned", "returns"),
}
"""Names that a column may have, the best first; case, blanks and hyphens do not matter."""
MONTH: Final = re.compile(r"\d{4}-\d{2}")
WHOLE: Final = re.compile(r"[0-9]{1,12}(\.0*)?")
"""A whole number, also as a spreadsheet or a table with gaps writes it: 4181.0."""
EVENTS: Final = ("date_start", "latitude", "longitude")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Movements:
    """People newly displaced, or returning.

    Parameters
    ----------
    areas
        Names, in alphabetical order.
    first
        The first month.
    people
        float64 (month, area); a month without a row, or a blank, counts 0.
    blanks
        How many of these there are.
    """

    areas: tuple[str, ...]
    first: date
    people: NDArray[np.float64]
    blanks: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """Lethal events: the day, and latitude and longitude in degrees, float64 (event, 2)."""

    days: tuple[date, ...]
    points: NDArray[np.float64]


def read_movements(path: Path, column: str = DISPLACED) -> Movements:
    """Read a table with the columns date, admin1 and idps; one row for an area and a month.

    Parameters
    ----------
    column
        Which people are counted: `DISPLACED` or `RETURNED`. Months before the first and after the last number are left out:
        nobody recorded them.

    Raises
    ------
    CaseError
        With every problem found.
    """
    found: dict[tuple[str, date], int | None] = {}
    problems: list[Problem] = []
    for row, cells in rows_of(path, {name: NAMES[name] for name in ("date", "admin1", column)}, {}):
        month, people = month_of(cells["date"]), whole_of(cells[column])
        if month is None or people == -1 or not cells["admin1"]:
            must = "has a month like 2017-01 or 2017-01-01, an area, and a whole number of people or a blank"
            wrong = "date" if month is None else column if cells["admin1"] else "admin1"
            mend, value = "Correct the row.", cells[wrong][:40]
            problems.append(Problem(file=path.name, row=row, column=wrong, value=value, must=must, mend=mend))
        elif (cells["admin1"], month.replace(day=1)) in found:
            must = "an area has one row a month"
            problems.append(Problem(file=path.name, row=row, must=must, mend="Add the rows up."))
        else:
            found[cells["admin1"], month.replace(day=1)] = people
    if problems or not found:
        raise CaseError(problems or [Problem(file=path.name, must="holds at least one row", mend="Add one.")])
    recorded = [month for (_, month), people in found.items() if people is not None]
    if not recorded:
        raise fail(path.name, "holds at least one number of people", "Add one.", column=column)
    spell = min(recorded), max(recorded)
    return _movements({key: people for key, people in found.items() if spell[0] <= key[1] <= spell[1]})


def read_points(path: Path) -> Points:
    """Read the day and place of each event from a table as UCDP publishes it, .csv or .csv.gz.

    Raises
    ------
    CaseError
        With every problem found.
    """
    days: list[date] = []
    points: list[tuple[float, float]] = []
    problems: list[Problem] = []
    for row, cells in _rows(path, EVENTS):
        day = day_of(cells["date_start"])
        spot = number_of(cells["latitude"], 90.0), number_of(cells["longitude"], 180.0)
        if day is None or spot[0] is None or spot[1] is None:
            must = "has a date like 2017-01-31, and latitude and longitude in degrees"
            problems.append(Problem(file=path.name, row=row, must=must, mend="Correct or drop the row."))
        else:
            days.append(day)
            points.append((spot[0], spot[1]))
    if problems:
        raise CaseError(problems)
    return Points(days=tuple(days), points=np.array(points, dtype=np.float64).reshape(-1, 2))


def _movements(found: dict[tuple[str, date], int | None]) -> Movements:
    areas = tuple(sorted({area for area, _ in found}))
    numbers = [month.year * 12 + month.month - 1 for _, month in found]
    first = min(numbers)
    people = np.zeros((max(numbers) - first + 1, len(areas)))
    filled = 0
    for ((area, _), count), number in zip(found.items(), numbers, strict=True):
        people[number - first, areas.index(area)] = count or 0
        filled += count is not None
    return Movements(
        areas=areas, first=date(first // 12, first % 12 + 1, 1), people=people, blanks=people.size - filled
    )


def rows_of(
    path: Path, needed: Mapping[str, Sequence[str]], further: Mapping[str, Sequence[str]]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Read a table, .csv or .csv.gz, row by row, by what its columns mean.

    Parameters
    ----------
    needed, further
        Names a column may have in the file, the best first, by its name here; without a `further` one a row says nothing of it.

    Raises
    ------
    CaseError
        With the one problem that kept the table from being read.
    """
    reader = csv.DictReader(io.StringIO(_text(path)), restval="")
    try:
        headers = {_header(name): name for name in reversed(reader.fieldnames or ())}
        columns = {
            name: next((headers[one] for one in names if one in headers), "")
            for name, names in {**needed, **further}.items()
        }
        missing = [name for name in needed if not columns[name]]
        if missing:
            must, mend = f"has the columns {', '.join(needed)}", f"Add {', '.join(missing)}."
            if len(headers) == 1 and any(mark in next(iter(headers)) for mark in ";\t|"):
                must, mend = "is a table with commas between its cells", "Save it as CSV, UTF-8."
            raise fail(path.name, must, mend, row=1)
        for row, cells in enumerate(reader, start=2):
            if row > TABLE_ROWS:
                raise fail(path.name, f"has at most {TABLE_ROWS:,} rows", "Keep one country.")
            yield row, {name: cells[column].strip() for name, column in columns.items() if column}
    except csv.Error as error:
        raise fail(path.name, "is a table with commas between its cells", "Save it again as CSV.") from error


def _header(text: str) -> str:
    return re.sub(r"[\s-]+", "_", text.strip().casefold())


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    return rows_of(path, {name: (name,) for name in needed}, {})


def _text(path: Path) -> str:
    if not path.is_file():
        raise fail(path.name, "the file is there", "Correct the path.")
    with path.open("rb") as handle:
        packed = handle.read(2) == GZIP
    try:
        with gzip.open(path, "rb") if packed else path.open("rb") as stream:
            data = stream.read(TABLE_BYTES + 1)
        text = data.decode("utf-8-sig")
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise fail(
            path.name, "is text in UTF-8, packed with gzip or not", "Save it as CSV, UTF-8."
        ) from error
    if len(data) > TABLE_BYTES:
        raise fail(path.name, f"has at most {TABLE_BYTES:,} bytes unpacked", "Keep one country.")
    return text


def month_of(text: str) -> date | None:
    """Return the day a text begins with, or the first of its month; nothing if it is neither."""
    return day_of(f"{text}-01" if MONTH.fullmatch(text) else text)


def day_of(text: str) -> date | None:
    """Return the day a text begins with, nothing if it is none."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def whole_of(text: str) -> int | None:
    """Return the number, nothing for a blank, and -1 for what is no whole number from 0 to 10^12.

    >>> whole_of("4181.0"), whole_of("41.5")
    (4181, -1)
    """
    if not text:
        return None
    return int(text.partition(".")[0]) if WHOLE.fullmatch(text) else -1


def number_of(text: str, most: float) -> float | None:
    """Return a number of at most so much, with or without a minus; nothing if it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= most else None
