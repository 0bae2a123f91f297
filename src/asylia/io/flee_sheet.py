"""Read one sheet of a Flee folder: physical lines, comma-separated cells, remarks behind `#`, and what is wrong.

A Flee sheet has no schema: columns are known by their position, a header is a remark, quotes, blanks after commas
and commas at the end of a line come and go. A row stands on one physical line, so that a problem names the line
a text editor shows.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from asylia.core.errors import CaseError, Problem, nearest
from asylia.io.door import CONTROL, exists, read_text
from asylia.io.limits import (
    FIRST_YEAR,
    FOLDER_BYTES,
    LAST_YEAR,
    LINE_BYTES,
    MEGABYTE,
    TABLE_BYTES,
    TABLE_ROWS,
)

MOST_PROBLEMS: Final = 200
"""Problems of one sheet after which it is not read on."""

MOST_NOTES: Final = 20
MANY_NAMES: Final = 2_000
"""Names beyond which nobody looks for one that is spelt alike: it would take longer than reading the folder."""

LONGEST_NAME: Final = 80
MOST_PEOPLE: Final = 2_000_000_000
_DECIMAL: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WHOLE: Final = re.compile(r"[+-]?\d{1,15}")
_NOUGHTS: Final = re.compile(r"(?<=\d)\.0+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a sheet: its number in the file, and its cells without blanks around them."""

    file: str
    number: int
    cells: tuple[str, ...]

    def cell(self, index: int) -> str:
        """Return a cell; empty if the line is shorter."""
        return self.cells[index] if index < len(self.cells) else ""

    @property
    def is_remark(self) -> bool:
        """Say whether the line is a header or a remark."""
        return self.cells[0].startswith("#")


@dataclass(slots=True, kw_only=True)
class Intake:
    """What piles up while a folder is read.

    Parameters
    ----------
    folder
        The Flee folder; nothing outside it is read through an intake.
    strict
        Whether what the published engine passes over is a problem here; otherwise it is a note.
    notes
        What was read but a reader should know about, in sentences.
    doubts
        Those of the notes that a strict reading would make problems.
    used
        Files that were looked for, by their path in the folder.
    size
        Characters read so far.
    counts, told
        Problems and notes by file.
    """

    folder: Path
    strict: bool = True
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    size: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)

    def wrong(self, line: Line, column: str, must: str, mend: str, *, value: str = "") -> None:
        """Write down a problem with a cell of a line."""
        self.add(
            Problem(file=line.file, row=line.number, column=column, value=value, must=must, mend=mend),
        )

    def doubt(self, line: Line, column: str, must: str, mend: str, *, value: str = "") -> None:
        """Write down what the published engine passes over: a problem, or a note where reading is not strict."""
        if self.strict:
            self.wrong(line, column, must, mend, value=value)
        else:
            cell = f'{column} "{value}"'.strip() if value else column
            self.let_pass(line, f"{cell} was passed over; what should hold: {must}.".lstrip())

    def let_pass(self, where: Line | str, sentence: str) -> None:
        """Write down what was let pass, although a strict reading would refuse it."""
        before = len(self.notes)
        self.note(where, sentence)
        self.doubts += self.notes[before:]

    def add(self, problem: Problem) -> None:
        """Write down a problem, unless the sheet has too many already."""
        self.counts[problem.file] += 1
        if self.counts[problem.file] <= MOST_PROBLEMS:
            self.problems.append(problem)
        if self.counts[problem.file] == MOST_PROBLEMS:
            must = f"has few enough problems to list; reading stopped after {MOST_PROBLEMS}"
            self.problems.append(Problem(file=problem.file, must=must, mend="Mend those above first."))

    def note(self, where: Line | str, sentence: str) -> None:
        """Write down what a reader should know about a line or a file; no more than `MOST_NOTES` of a file."""
        file = where if isinstance(where, str) else where.file
        self.told[file] += 1
        if self.told[file] > MOST_NOTES:
            return
        place = file if isinstance(where, str) else f"{file}:{where.number}"
        last = " There is more of this kind." if self.told[file] == MOST_NOTES else ""
        self.notes.append(f"{place} {sentence}{last}")

    def rows(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Go through the lines that are no remarks, until a sheet has too many problems to read on."""
        for line in lines:
            if self.counts[line.file] >= MOST_PROBLEMS:
                return
            if not line.is_remark:
                yield line

    def has(self, file: str) -> bool:
        """Say whether a file of this name is there."""
        return exists(self.folder, file)

    def lines(self, file: str, *, needed: str = "") -> list[Line]:
        """Read a sheet: its lines without blank ones; none if it is not there.

        Parameters
        ----------
        needed
            What the file holds, if a folder cannot do without it.
        """
        self.used.add(file)
        if not self.has(file):
            if needed:
                self.add(Problem(file=file, must="the file is there", mend=f"It holds {needed}."))
            return []
        try:
            text = read_text(self.folder, file, most=TABLE_BYTES, longest_line=LINE_BYTES)
        except CaseError as error:
            for problem in error.problems:
                self.add(problem)
            return []
        self.size += len(text)
        if self.size > FOLDER_BYTES:
            must = f"the files of the folder have at most {FOLDER_BYTES / MEGABYTE:g} MB together"
            self.add(Problem(file=file, must=must, mend="Leave out what the conflict does not need."))
            return []
        return list(self._split(file, text))

    def whole(
        self, line: Line, index: int, column: str, *, lowest: int = 0, highest: int = MOST_PEOPLE
    ) -> int | None:
        """Read a whole number; `None` if it is not one, with the problem noted."""
        text = line.cell(index) if self.strict else _NOUGHTS.sub("", line.cell(index))
        value = int(text) if _WHOLE.fullmatch(text) else None
        if value is not None and lowest <= value <= highest:
            return value
        must = f"is a whole number from {lowest} to {highest:,}"
        self.wrong(line, column, must, _hint(text), value=text)
        return None

    def number(
        self, line: Line, index: int, column: str, *, lowest: float, highest: float, above: bool = False
    ) -> float | None:
        """Read a number within limits; `None` if it is not one, with the problem noted."""
        text = line.cell(index)
        value = float(text) if _DECIMAL.fullmatch(text) else math.nan
        if lowest <= value <= highest and not (above and value == lowest):
            return value + 0.0  # no minus nought
        least = f"more than {lowest:g}" if above else f"{lowest:g} or more"
        self.wrong(line, column, f"is a number, {least} and {highest:,g} or less", _hint(text), value=text)
        return None

    def date(self, line: Line, index: int, column: str) -> dt.date | None:
        """Read a date; `None` if it is not one, with the problem noted."""
        text = line.cell(index)
        value = parse_date(text)
        if value is None:
            must = f"is a date written YYYY-MM-DD, between {FIRST_YEAR} and {LAST_YEAR}"
            self.wrong(line, column, must, "Year first, then month, then day.", value=text)
        return value

    def name(self, line: Line, index: int, column: str) -> str | None:
        """Read a name; `None` if it is blank or too long, with the problem noted."""
        text = line.cell(index)
        if 0 < len(text) <= LONGEST_NAME:
            return text
        self.wrong(line, column, f"is a name of 1 to {LONGEST_NAME} characters", "Fill it in.", value=text)
        return None

    def _split(self, file: str, text: str) -> Iterator[Line]:
        kept = 0
        for number, raw in enumerate(text.split("\n"), start=1):
            if not raw.strip(' ,\t"'):
                continue
            line = self._line(file, number, raw, is_first=not kept)
            kept += 1
            if line is not None:
                yield line
            if kept > TABLE_ROWS or self.counts[file] >= MOST_PROBLEMS:
                return

    def _line(self, file: str, number: int, raw: str, *, is_first: bool) -> Line | None:
        bare = Line(file=file, number=number, cells=("",))
        try:
            cells = tuple(
                cell.strip() for cell in next(csv.reader([raw], strict=True, skipinitialspace=True))
            )
        except csv.Error:
            if raw.lstrip().startswith("#"):  # a remark may hold a lone quote
                return Line(file=file, number=number, cells=("#",))
            mend = "Close the quote, and write a quote inside a cell twice."
            self.wrong(bare, "", "quotes come in pairs, and a row stands on one line", mend, value=raw[:60])
            return None
        if any(CONTROL.search(cell) for cell in cells):
            if cells[0].startswith("#") and not is_first:
                return Line(file=file, number=number, cells=("#",))
            self.wrong(bare, "", "holds no control characters", "Type the line again.")
            return None
        if is_first and len(cells) == 1 and (";" in raw or "\t" in raw.strip()):
            mend = 'Save it as "CSV UTF-8 (comma delimited)"; decimals take a point.'
            self.wrong(bare, "", "cells are separated by commas", mend, value=raw[:60])
        return Line(file=file, number=number, cells=cells)


def parse_date(text: str) -> dt.date | None:
    """Read a date as Flee writes it, with or without noughts in front; `None` if it is none."""
    if not re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        return None
    year, month, day = (int(part) for part in text.split("-"))
    try:
        return dt.date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def near(name: str, known: Collection[str]) -> str:
    """Suggest what a misspelt name may have been, if there are not too many to look through."""
    return nearest(name, known) if len(known) <= MANY_NAMES else ""


def _hint(text: str) -> str:
    if not text:
        return "Fill it in."
    if "," in text:
        return "Write a decimal point, and no separators between thousands."
    return "Was the minus a dash?" if text.startswith("-") else "Write digits only."
