"""Schemas as data: the same rows drive checking, templates and the reference page.

A `Schema` lists its columns once. `check` turns rows of text into a typed polars frame and a list of every
problem found; `template` writes the header and one example row that passes; `describe` gives the reference.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from asylia.core.errors import Problem, nearest

Kind = Literal["id", "text", "integer", "number", "date", "flag"]
Row = tuple[int, Mapping[str, str]]
"""A line number (the header is line 1) and the cells of that line by column name."""

DTYPES: dict[Kind, type[pl.DataType]] = {
    "id": pl.String,
    "text": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "date": pl.Date,
    "flag": pl.Boolean,
}
ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")
FLAGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
LONGEST_TEXT = 2000
MOST_PROBLEMS = 1000
"""Problems of one table after which reading stops: a wrong file must not fill the memory with complaints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        Header, a whole word or words joined by underscores.
    kind
        What the cells hold.
    doc
        One sentence for the reference page.
    unit
        Key of `core.units.UNITS`.
    needed
        Whether a cell may not be blank. A column that is not needed may be left out.
    lowest, highest
        Limits for numbers, inclusive; `above` is exclusive.
    choices
        Allowed words, if the list is closed.
    refers
        Name of the table whose ids this column uses.
    example
        A cell that passes.
    """

    name: str
    kind: Kind
    doc: str
    unit: str = ""
    needed: bool = True
    lowest: float | None = None
    highest: float | None = None
    above: float | None = None
    choices: tuple[str, ...] = ()
    refers: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """One table: its file, what it is for, its columns and what makes a row unique."""

    name: str
    file: str
    doc: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    needed: bool = True

    def column(self, name: str) -> Column:
        """Return the column of this name; raises `KeyError`."""
        return next(c for c in self.columns if c.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def dtypes(self) -> dict[str, type[pl.DataType]]:
        """Polars type by column name."""
        return {column.name: DTYPES[column.kind] for column in self.columns}


def empty(schema: Schema) -> pl.DataFrame:
    """Return a frame with the columns of a schema and no rows."""
    return pl.DataFrame(schema=schema.dtypes)


def check(schema: Schema, header: Sequence[str], rows: Iterable[Row]) -> tuple[pl.DataFrame, list[Problem]]:
    """Turn rows of text into a typed frame, and list everything that is wrong.

    Parameters
    ----------
    schema
        What the table must look like.
    header
        Column names as found in the file.
    rows
        Line number and cells by column name; blank cells are empty text.

    Returns
    -------
    The frame, in file order with the schema's columns (bad cells are null), and the problems.
    """
    problems = _check_header(schema, header)
    values: dict[str, list[object]] = {column.name: [] for column in schema.columns}
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in rows:
        for column in schema.columns:
            value, problem = _parse(schema.file, line, column, cells.get(column.name, ""))
            values[column.name].append(value)
            if problem is not None and column.name in header:
                problems.append(problem)
        problems.extend(_check_unique(schema, line, cells, seen))
        if len(problems) >= MOST_PROBLEMS:
            problems.append(_stopped(schema.file, line))
            break
    return pl.DataFrame(values, schema=schema.dtypes, strict=False), problems


def refer(
    schema: Schema, frame: pl.DataFrame, known: Mapping[str, Iterable[str]], lines: Sequence[int]
) -> list[Problem]:
    """List cells that name an id which does not exist.

    Parameters
    ----------
    known
        Ids by table name.
    lines
        Line number of each row of the frame.
    """
    problems = []
    for column in schema.columns:
        if not column.refers or column.refers not in known:
            continue
        names = set(known[column.refers])
        for line, value in zip(lines, frame[column.name].to_list(), strict=True):
            if value is not None and value not in names:
                problems.append(_unknown(schema.file, line, column, str(value), names))
    return problems


def template(schema: Schema) -> str:
    """Write a table that passes: a header and one example row, as CSV text."""
    cells = [column.example for column in schema.columns]
    quoted = [f'"{cell}"' if "," in cell else cell for cell in cells]
    return ",".join(schema.names) + "\n" + ",".join(quoted) + "\n"


def describe(schema: Schema) -> list[dict[str, str]]:
    """Return one row per column for the reference page."""
    return [
        {
            "column": column.name,
            "kind": column.kind,
            "unit": column.unit,
            "needed": "yes" if column.needed else "",
            "allowed": _must(column),
            "meaning": column.doc,
        }
        for column in schema.columns
    ]


def _unknown(file: str, line: int, column: Column, value: str, names: set[str]) -> Problem:
    hint = nearest(value, names) or f"Add it to {column.refers}.csv, or correct the id."
    return Problem(
        file=file,
        row=line,
        column=column.name,
        value=value,
        must=f"names an id of {column.refers}",
        mend=hint,
    )


def _stopped(file: str, line: int) -> Problem:
    must = f"has few enough problems to list; reading stopped after {MOST_PROBLEMS:,}"
    return Problem(file=file, row=line, must=must, mend="Mend those above first, then check again.")


def _check_header(schema: Schema, header: Sequence[str]) -> list[Problem]:
    problems = []
    for name in schema.names:
        if name not in header and schema.column(name).needed:
            hint = nearest(name, [h for h in header if h not in schema.names])
            mend = f'{hint} Rename that column to "{name}".' if hint else f'Add the column "{name}".'
            problems.append(
                Problem(file=schema.file, row=1, column=name, must="the column is there", mend=mend)
            )
    for name in header:
        if name not in schema.names:
            mend = nearest(name, schema.names) or f"Known columns: {', '.join(schema.names)}."
            problems.append(
                Problem(
                    file=schema.file, row=1, column=name, value=name, must="the column is known", mend=mend
                )
            )
    problems.extend(
        Problem(file=schema.file, row=1, column=name, must="a column stands once", mend="Remove the copy.")
        for name in sorted({h for h in header if list(header).count(h) > 1})
    )
    return problems


def _check_unique(
    schema: Schema, line: int, cells: Mapping[str, str], seen: dict[tuple[str, ...], int]
) -> list[Problem]:
    if not schema.key:
        return []
    key = tuple(cells.get(name, "").strip() for name in schema.key)
    first = seen.setdefault(key, line)
    if first == line:
        return []
    return [
        Problem(
            file=schema.file,
            row=line,
            column="+".join(schema.key),
            value=" ".join(key),
            must=f"stands once; line {first} has it already",
            mend="Remove one of the two, or give it a new id.",
        )
    ]


def _parse(file: str, line: int, column: Column, text: str) -> tuple[object, Problem | None]:
    text = text.strip()
    if not text:
        if not column.needed:
            return None, None
        return None, Problem(
            file=file,
            row=line,
            column=column.name,
            value="",
            must="is not blank",
            mend=f"Fill it in: {column.doc}",
        )
    value = PARSERS[column.kind](text)
    if value is None or not _within(column, value):
        return None, Problem(
            file=file, row=line, column=column.name, value=text, must=_must(column), mend=_mend(column, text)
        )
    return value, None


def _within(column: Column, value: object) -> bool:
    if column.choices:
        return value in column.choices
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    return (
        (column.lowest is None or value >= column.lowest)
        and (column.highest is None or value <= column.highest)
        and (column.above is None or value > column.above)
    )


def _must(column: Column) -> str:
    if column.choices:
        return "is one of " + ", ".join(column.choices)
    limits = []
    if column.above is not None:
        limits.append(f"more than {column.above:g}")
    if column.lowest is not None:
        limits.append(f"{column.lowest:g} or more")
    if column.highest is not None:
        limits.append(f"{column.highest:g} or less")
    return KIND_WORDS[column.kind] + (", " + " and ".join(limits) if limits else "")


def _mend(column: Column, text: str) -> str:
    if column.choices:
        return nearest(text, column.choices)
    if column.kind in ("integer", "number"):
        if text.lower() in ("nan", "inf", "-inf", "na", "n/a", "null", "none", "-", "*"):
            return "Leave the cell blank for an unknown; it stays unknown."
        if "," in text:
            return "Write a decimal point, and no separators between thousands."
        if text.startswith("-"):
            return "Was the minus a dash?"
    return f"For example {column.example}." if column.example else ""


def _number(text: str) -> float | None:
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def _integer(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[+-]?\d{1,15}", text) else None


def _date(text: str) -> dt.date | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


PARSERS: dict[Kind, Callable[[str], object]] = {
    "id": lambda text: text if ID.match(text) else None,
    "text": lambda text: text if len(text) <= LONGEST_TEXT else None,
    "integer": _integer,
    "number": _number,
    "date": _date,
    "flag": lambda text: FLAGS.get(text.lower()),
}
KIND_WORDS: dict[Kind, str] = {
    "id": "is an id: letters, digits, dot, dash or underscore, at most 80",
    "text": f"is text of at most {LONGEST_TEXT} characters",
    "integer": "is a whole number",
    "number": "is a number",
    "date": "is a date written YYYY-MM-DD",
    "flag": "is yes or no",
}
