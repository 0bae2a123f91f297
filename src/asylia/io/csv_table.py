"""Read one CSV table of a case, line by line, and say everything that is wrong with it.

A row stands on one physical line, so a lost quote spoils one row and not the rest of the file, and the line
number of a problem is the one a text editor shows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from asylia.core.errors import CaseError, Problem
from asylia.core.tables import Row, Schema, check, empty
from asylia.io.door import CONTROL, exists, fail, read_text
from asylia.io.limits import TABLE_BYTES, TABLE_ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table as read: typed where it was good, null where it was not.

    Parameters
    ----------
    lines
        Line in the file of each row of the frame; the header is line 1.
    header
        Column names as found; empty if the file could not be read.
    spoiled_ids
        Ids of rows that could not be read, so that those who name them are not blamed.
    """

    schema: Schema
    frame: pl.DataFrame
    lines: tuple[int, ...] = ()
    header: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    spoiled_ids: frozenset[str] = frozenset()

    def has(self, *columns: str) -> bool:
        """Say whether the file holds these columns."""
        return all(column in self.header for column in columns)

    def ids(self) -> set[str]:
        """Return every id that stands in the table, also of rows that could not be read."""
        return {*self.frame["id"].drop_nulls().to_list(), *self.spoiled_ids}


@dataclass(slots=True, kw_only=True)
class _Reading:
    """What piles up while the lines of one file go by."""

    file: str
    header: tuple[str, ...]
    lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    spoiled_ids: set[str] = field(default_factory=set)

    def note(self, line: int, must: str, mend: str, *, column: str = "", value: str = "") -> None:
        """Write down one problem."""
        self.problems.append(
            Problem(file=self.file, row=line, column=column, value=value, must=must, mend=mend)
        )


def read_table(folder: Path, schema: Schema, *, most: int = TABLE_BYTES) -> Table:
    """Read a table by its schema.

    A BOM, blank rows and an HXL tag row under the header are accepted. `NA` is text (Namibia), never a gap.

    Parameters
    ----------
    most
        Largest file, in bytes.
    """
    if not schema.needed and not exists(folder, schema.file):
        return Table(schema=schema, frame=empty(schema))
    try:
        text = read_text(folder, schema.file, most=most)
        return parse_table(text, schema)
    except CaseError as error:
        return Table(schema=schema, frame=empty(schema), problems=error.problems)


def parse_table(text: str, schema: Schema) -> Table:
    """Turn CSV text into a table; raises `CaseError` if there is no table in it at all."""
    lines = text.split("\n")
    start, header = _header(schema, lines)
    reading = _Reading(file=schema.file, header=header)
    rows = _rows(reading, lines, start)
    frame, problems = check(schema, header, rows)
    return Table(
        schema=schema,
        frame=frame,
        lines=tuple(reading.lines),
        header=header,
        problems=(*problems, *reading.problems),
        spoiled_ids=frozenset(reading.spoiled_ids),
    )


def _header(schema: Schema, lines: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    for index, line in enumerate(lines):
        if not line.strip(" ,;\t"):
            continue
        _check_separator(schema, index + 1, line)
        try:
            cells = _split(line)
        except csv.Error as error:
            raise fail(schema.file, "the header can be read", f"{error}.", row=index + 1) from error
        names = tuple(_trimmed([cell.strip() for cell in cells]))
        bad = next((name for name in names if CONTROL.search(name)), None)
        if bad is not None:
            raise fail(schema.file, "a column name is plain text", "Type the header again.", row=index + 1)
        return index + 1, names
    must = "the table has a header"
    raise fail(schema.file, must, f"Write it in line 1: {','.join(schema.names)}")


def _check_separator(schema: Schema, line: int, text: str) -> None:
    plain = text.strip().lower()
    known = len(set(schema.names) & {cell.strip(' "') for cell in text.split(",")})
    for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        names = {cell.strip(' "') for cell in text.split(mark)}
        if len(set(schema.names) & names) > known or plain == f"sep={mark}":
            must = f"cells are separated by commas; this file uses {word}"
            mend = 'Save it as "CSV UTF-8 (comma delimited)"; decimals take a point.'
            raise fail(schema.file, must, mend, row=line)


def _rows(reading: _Reading, lines: Sequence[str], start: int) -> Iterator[Row]:
    first = True
    for line, text in enumerate(lines[start:], start=start + 1):
        if not text.strip(" ,\t"):
            continue
        cells = _cells(reading, line, text)
        is_tag_row = first and _is_hxl(cells)
        first = False
        if not cells or is_tag_row:
            continue
        if len(reading.lines) >= TABLE_ROWS:
            reading.note(line, f"a table has at most {TABLE_ROWS:,} rows", "Sum events by place and week.")
            return
        reading.lines.append(line)
        yield line, dict(zip(reading.header, cells, strict=False))


def _cells(reading: _Reading, line: int, text: str) -> list[str]:
    """Split one line; an empty list if it cannot be used, with the reason noted."""
    try:
        cells = _split(text)
    except csv.Error:
        mend = "Close the quote, write a quote inside a cell twice, and keep a cell on one line."
        reading.note(line, "quotes come in pairs, and a row stands on one line", mend, value=text[:60])
        return []
    width = len(reading.header)
    extra = _trimmed(cells[width:])
    if len(cells) < width or extra:
        _note_width(reading, line, cells, extra)
        return []
    return cells if CONTROL.search(text) is None else _without_controls(reading, line, cells[:width])


def _without_controls(reading: _Reading, line: int, cells: list[str]) -> list[str]:
    """Note cells with characters that hide or turn round what a reader sees, and blank those out."""
    for name, cell in zip(reading.header, cells, strict=False):
        if CONTROL.search(cell.strip()):
            reading.note(line, "holds no control characters", "Type the cell again.", column=name, value=cell)
    return [CONTROL.sub(" ", cell) for cell in cells]


def _note_width(reading: _Reading, line: int, cells: list[str], extra: list[str]) -> None:
    width = len(reading.header)
    if "id" in reading.header and reading.header.index("id") < len(cells):
        reading.spoiled_ids.add(cells[reading.header.index("id")].strip())
    mend = (
        "Put a cell that holds a comma in quotes, and write decimals with a point."
        if extra
        else "Add the missing commas; a blank cell still needs its comma."
    )
    found = width + len(extra) if extra else len(cells)
    reading.note(line, f"the row has {width} cells like the header; it has {found}", mend)


def _is_hxl(cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(cell.startswith("#") and cell[1:2].isalpha() for cell in filled)


def _split(line: str) -> list[str]:
    return next(csv.reader([line], strict=True), [])


def _trimmed(cells: list[str]) -> list[str]:
    last = max((index for index, cell in enumerate(cells) if cell.strip()), default=-1)
    return cells[: last + 1]
