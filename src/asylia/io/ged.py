"""The door for UCDP GED: one lethal event a row, from a file of any release, hostile until it is checked.

Nothing is placed, counted or left out here; `ged_units` does that, by what the precision of each row allows.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from pathlib import Path
from typing import Final

import polars as pl

from asylia.core.errors import CaseError, Problem
from asylia.io.door import fail
from asylia.io.ged_columns import GED_COLUMNS, GedColumn, called
from asylia.io.limits import MEGABYTE, ROWS_SHOWN, TABLE_ROWS

FILE_BYTES: Final = 600 * MEGABYTE
"""Largest file after unpacking: the global release of 2025 has about 400 MB."""
CHUNK: Final = 1 << 20
SYRIA: Final = 652
"""Country id of Syria (Gleditsch and Ward)."""
BULK: Final = 500
"""Deaths (best) from which a row counts as bulk: one row for a siege, a month or a massacre."""
NEAR_DEGREES: Final = 0.2
NEAR_DAYS: Final = 7
UNSEEN: Final = r"[\s\x00-\x1f\x7f-\x9f\u{2028}\u{2029}\u{202a}-\u{202e}]+"
COARSE: Final = 5
"""Place precision from which a row stands for a region, a country or the sea, and may lack a point."""
DTYPES: Final = {"text": pl.String, "integer": pl.Int64, "number": pl.Float64, "date": pl.Date}


def read_ged(path: Path) -> pl.DataFrame:
    """Read a UCDP GED file, `.csv` or `.csv.gz`.

    Returns
    -------
    One row per event, in file order, with the columns of `ged_columns.GED_COLUMNS` but the geometry (null where the file
    has none), `row` (its number in the file, the header being 1) and `again` (a bulk row that may repeat another, see
    `_again`). A missing end is the start.

    Raises
    ------
    CaseError
        With every problem found, in row order.
    """
    raw = _raw(path)
    names = called(raw.columns)
    problems = _missing(path.name, names)
    if problems:
        raise CaseError(problems)
    raw = _tagless(raw)
    parsed = [_parse(path.name, raw, column, names.get(column.name)) for column in GED_COLUMNS]
    problems = [problem for _, wrong in parsed for problem in wrong]
    frame = raw.select("row").hstack([cells for cells, _ in parsed])
    frame = _located(frame).with_columns(end=pl.coalesce("end", "start"))
    problems += _cross(path.name, frame)
    if problems:
        raise CaseError(problems)
    return frame.drop("geometry").with_columns(_again(frame))


def ged_notes(frame: pl.DataFrame) -> tuple[str, ...]:
    """Say what a reader of these events must know: coarse rows, bulk rows, Syria, blanks."""
    said = []
    blank = frame["place_precision"].null_count()
    if blank:
        said.append(f"{blank:,} of {frame.height:,} rows do not say how well their place is known.")
    coarse = frame.filter(pl.col("place_precision") > 3).height
    if coarse:
        said.append(f"{coarse:,} rows are known to a region or country only; no point or district fits them.")
    again = frame.filter("again")
    if again.height:
        rows = ", ".join(str(row) for row in again["row"].to_list()[:6])
        said.append(
            f"{again.height:,} bulk rows may count the same deaths twice (file rows {rows}). Sum them with care."
        )
    odd = frame.filter(
        (pl.col("deaths_low") > pl.col("deaths_best")) | (pl.col("deaths_best") > pl.col("deaths_high"))
    )
    if odd.height:
        said.append(f"{odd.height:,} rows have a best estimate outside low to high; left as they are.")
    if (frame["country_id"] == SYRIA).any() or frame["country"].str.starts_with("Syria").any():
        said.append(
            "Syria: releases of GED Global before 19.1 lack it, and its own release also holds fighting between parties "
            "with fewer than 25 deaths a year. Do not join the two in one series."
        )
    return tuple(said)


def _raw(path: Path) -> pl.DataFrame:
    """Read every cell as text, with the number of its row."""
    data = _bytes(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # releases before 2017 were written on Windows
        text = data.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise fail(path.name, "holds no NUL byte", "The file is damaged or is no text; get it again.")
    if not text.strip():
        raise fail(path.name, "the file has a header and rows", "It is empty; get it again.")
    _check_header(path.name, text)
    try:
        frame = pl.read_csv(
            io.BytesIO(text.encode()), infer_schema_length=0, row_index_name="row", row_index_offset=2
        )
    except (pl.exceptions.PolarsError, ValueError) as error:
        must = "every row has as many cells as the header, and quotes come in pairs"
        raise fail(path.name, must, f"{str(error).splitlines()[0][:200]}") from error
    if frame.height > TABLE_ROWS:
        raise fail(path.name, f"holds at most {TABLE_ROWS:,} rows", "Keep one country or fewer years.")
    if not frame.height:
        raise fail(path.name, "holds at least one event", "There are no rows under the header.")
    return frame.with_columns(pl.col("row").cast(pl.Int64))


def _check_header(file: str, text: str) -> None:
    """Refuse names that stand twice, and a separator that is no comma."""
    first = text.split("\n", 1)[0]
    names = [name.strip().lower() for name in next(csv.reader([first]), [])]
    if len(names) == 1 and any(mark in first for mark in ";\t|"):
        raise fail(file, "cells are separated by commas", 'Save it as "CSV UTF-8 (comma delimited)".', row=1)
    twice = sorted({name for name in names if name and names.count(name) > 1} | ({"row"} & set(names)))
    if twice:
        problems = [
            Problem(
                file=file,
                row=1,
                column=name,
                must="a column stands once in the header",
                mend="Rename or drop it.",
            )
            for name in twice
        ]
        raise CaseError(problems)


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise fail(path.name, "the file is there and is an ordinary file", "Correct the path.")
    try:
        with path.open("rb") as handle:
            packed = handle.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rb") if packed else path.open("rb") as stream:
            parts, size = [], 0
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > FILE_BYTES:
                    must = f"the file has at most {FILE_BYTES / MEGABYTE:g} MB when unpacked"
                    raise fail(path.name, must, "Keep one country or fewer years.")
                parts.append(chunk)
    except (OSError, EOFError, zlib.error) as error:
        raise fail(path.name, "the file can be read and unpacked", f"The system says: {error}.") from error
    return b"".join(parts)


def _missing(file: str, names: dict[str, str]) -> list[Problem]:
    wanted = {column.name: column.names for column in GED_COLUMNS if column.needed}
    if "geometry" not in names:
        wanted |= {
            column.name: column.names for column in GED_COLUMNS if column.name in ("latitude", "longitude")
        }
    return [
        Problem(
            file=file,
            row=1,
            column=called_so[0],
            must="the file has this column",
            mend=f"UCDP GED calls it {' or '.join(called_so)}.",
        )
        for name, called_so in wanted.items()
        if name not in names
    ]


def _tagless(raw: pl.DataFrame) -> pl.DataFrame:
    """Drop an HXL tag row under the header."""
    cells = [str(cell) for cell in raw.drop("row").row(0) if cell]
    return raw.slice(1) if cells and all(cell.startswith("#") for cell in cells) else raw


def _parse(
    file: str, raw: pl.DataFrame, column: GedColumn, name: str | None
) -> tuple[pl.Series, list[Problem]]:
    if name is None:
        return pl.Series(column.name, [None] * raw.height, dtype=DTYPES[column.kind]), []
    text = raw[name].str.strip_chars()
    text = text.set(text.is_in(["", "NA", "NULL", "NaN", "nan"]), None) if column.kind != "text" else text
    cells = _typed(text, column).alias(column.name)
    unread = text.is_not_null() & cells.is_null()
    problems = _told(file, raw, text, unread, name, f"is {_WORDS[column.kind]}", "Correct the cell.")
    if column.needed:
        must, mend = "is not blank", "Fill it in, or leave the row out."
        problems += _told(
            file, raw, text, text.is_null() | (raw[name].str.strip_chars() == ""), name, must, mend
        )
    if column.lowest is not None:
        high = column.highest
        outside = (cells < column.lowest).fill_null(value=False)
        outside |= (cells > high).fill_null(value=False) if high is not None else outside
        must = (
            f"lies between {column.lowest:g} and {high:g}"
            if high is not None
            else f"is {column.lowest:g} or more"
        )
        problems += _told(file, raw, text, outside, name, must, "Correct the cell.")
    return cells, problems


_WORDS: Final = {
    "text": "text",
    "integer": "a whole number",
    "number": "a number with a decimal point",
    "date": "a date written year-month-day, such as 1995-07-11",
}


def _typed(text: pl.Series, column: GedColumn) -> pl.Series:
    if column.kind == "date":
        return text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    if column.kind == "integer":
        return text.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)
    if column.kind == "number":
        number = text.cast(pl.Float64, strict=False)
        return number.set(~number.is_finite().fill_null(value=True), None)
    # names of some releases run over two lines, or hold characters nobody sees
    text = text.str.replace_all(UNSEEN, " ").str.strip_chars()
    return text.str.replace(r"\.0$", "") if column.name == "id" else text


def _told(
    file: str, raw: pl.DataFrame, text: pl.Series, bad: pl.Series, column: str, must: str, mend: str
) -> list[Problem]:
    """Name the first rows that are wrong in one way, and count the rest."""
    rows = raw["row"].filter(bad).to_list()
    values = text.filter(bad).to_list()
    told = [
        Problem(file=file, row=row, column=column, value=value or "", must=must, mend=mend)
        for row, value in zip(rows[:ROWS_SHOWN], values[:ROWS_SHOWN], strict=True)
    ]
    if len(rows) > ROWS_SHOWN:
        more = f"{must}; {len(rows) - ROWS_SHOWN:,} more rows are wrong in the same way"
        told.append(Problem(file=file, column=column, must=more, mend=mend))
    return told


def _located(frame: pl.DataFrame) -> pl.DataFrame:
    """Take the point from the geometry where there are no coordinates."""
    number = r"POINT\s*\(\s*(-?[0-9.]+)\s+(-?[0-9.]+)\s*\)"
    point = {
        name: pl.col("geometry").str.extract(number, group).cast(pl.Float64, strict=False)
        for group, name in ((1, "longitude"), (2, "latitude"))
    }
    return frame.with_columns(**{name: pl.coalesce(name, value) for name, value in point.items()})


def _cross(file: str, frame: pl.DataFrame) -> list[Problem]:
    """Check what no cell shows alone: points, spans and ids."""
    no_point = frame["latitude"].is_null() | frame["longitude"].is_null()
    no_point &= (frame["place_precision"] < COARSE).fill_null(value=True)
    text = frame["id"].cast(pl.String)
    must = "the row has a point on earth"
    problems = _told(file, frame, text, no_point, "latitude", must, "Give latitude and longitude.")
    backwards = (frame["end"] < frame["start"]).fill_null(value=False)
    ends = frame["end"].cast(pl.String)
    problems += _told(
        file, frame, ends, backwards, "date_end", "is not before date_start", "Correct the dates."
    )
    twice = text.is_duplicated() & text.is_not_null()
    mend = "Two releases may be joined in one file; keep one."
    return problems + _told(file, frame, text, twice, "id", "an id stands once", mend)


def _again(frame: pl.DataFrame) -> pl.Series:
    """Mark bulk rows that may repeat another: within a week and 0.2 degrees of another bulk row, the later of the two."""
    bulk = frame.filter(pl.col("deaths_best") >= BULK).drop_nulls(["latitude", "longitude"])
    bulk = bulk.sort("start", "row")
    rows = bulk.select("row", "start", "end", "latitude", "longitude").rows()
    marked = set()
    for index, (row, start, _, latitude, longitude) in enumerate(rows):
        for _, _, end, north, east in rows[:index]:
            close = abs(latitude - north) <= NEAR_DEGREES and abs(longitude - east) <= NEAR_DEGREES
            if close and (start - end).days <= NEAR_DAYS:
                marked.add(row)
    return frame["row"].is_in(sorted(marked)).alias("again")
