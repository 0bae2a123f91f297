"""The counts of people in a Flee folder: `data_layout.csv`, the series it names, and registration corrections."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from asylia.core.errors import Problem
from asylia.io.flee_days import Period
from asylia.io.flee_places import CAMPS, Ground
from asylia.io.flee_sheet import Intake, Line, near
from asylia.io.limits import SOURCE_FILES

LAYOUT: Final = "source_data/data_layout.csv"
CORRECTIONS: Final = "input_csv/registration_corrections.csv"
HEADERS: Final = frozenset({"date", "datetime"})
_FILE: Final = re.compile(r"[^/\\:\x00-\x1f]{1,200}")

Series = list[tuple[dt.date, int]]


@dataclass(slots=True, kw_only=True)
class Counts:
    """Reports and totals as rows of the tables of a replay."""

    reports: list[tuple[str, str, dt.date, int]] = field(default_factory=list)
    totals: Series = field(default_factory=list)
    total_file: str = ""
    camps: dict[str, int] = field(default_factory=dict)


def read_counts(intake: Intake, ground: Ground) -> Counts:
    """Read the layout and every series it names."""
    counts = Counts()
    known: dict[str, Series] = {}
    lines = intake.lines(LAYOUT, needed='"total,refugees.csv" first, then rows of a camp and its files')
    for line in intake.rows(lines):
        name = intake.name(line, 0, "name")
        files = _files(intake, line)
        series = [(file, _series(intake, file, known)) for file in files]
        if not counts.total_file and not counts.camps:
            _take_total(intake, counts, line, series)
        elif name is not None:
            _take_camp(intake, counts, ground, line, name)
            counts.reports += [(name, file, *row) for file, rows in series for row in rows]
    _check_camps(intake, counts, ground, has_layout=bool(lines))
    return counts


def read_corrections(intake: Intake, counts: Counts, period: Period | None) -> list[tuple[str, dt.date]]:
    """Read the camps and dates at which registration was put right."""
    dated: dict[str, dict[dt.date, int]] = {}
    for name, _, day, people in counts.reports:
        days = dated.setdefault(name, {})
        days[day] = days.get(day, 0) + people
    rows: list[tuple[str, dt.date]] = []
    for line in intake.rows(intake.lines(CORRECTIONS)):
        camp, date = intake.name(line, 0, "name"), intake.date(line, 1, "date")
        if line.cell(2).casefold() not in ("", "normalize", "normalise"):
            intake.doubt(line, "kind", "is normalize, or blank", "Write normalize.", value=line.cell(2))
        if camp is not None and date is not None and counts.reports:
            _take_correction(intake, line, dated, (camp, date), rows, period)
    return rows


def _take_correction(
    intake: Intake,
    line: Line,
    dated: Mapping[str, Mapping[dt.date, int]],
    said: tuple[str, dt.date],
    rows: list[tuple[str, dt.date]],
    period: Period | None,
) -> None:
    camp, date = said
    if camp not in dated:
        mend = near(camp, dated) or f"Add it to {LAYOUT}, or remove the row."
        intake.doubt(line, "name", f"is a camp of {LAYOUT} with counts", mend, value=camp)
    elif period and date < period.first:
        intake.note(line, f"{camp}: a correction before the start was left out.")
    elif said in rows:
        intake.doubt(line, "date", "a correction stands once", "Remove the copy.", value=str(date))
    elif _can_correct(intake, line, dated[camp], date):
        rows.append(said)


def _can_correct(intake: Intake, line: Line, series: Mapping[dt.date, int], date: dt.date) -> bool:
    value = line.cell(1)
    if date not in series:
        near = min(series, key=lambda other: abs((other - date).days))
        mend = f"The nearest report is of {near}."
        intake.doubt(line, "date", "is the date of a report of the camp", mend, value=value)
        return False
    before = [other for other in series if other < date]
    if not before:
        intake.doubt(line, "date", "is not the first report of the camp", "Remove the row.", value=value)
    elif series[max(before)] == 0:
        must = f"the report before it, of {max(before)}, is more than 0"
        intake.doubt(line, "date", must, "Reports of 0 cannot be scaled; remove the row.", value=value)
    else:
        return True
    return False


def _files(intake: Intake, line: Line) -> list[str]:
    files = [cell for cell in line.cells[1:] if cell]
    good = []
    for file in files:
        if _FILE.fullmatch(file) and file not in (".", "..") and not file.startswith("#"):
            good.append(file)
        else:
            mend = "Put the file in source_data and write its name alone."
            intake.wrong(line, "file", "is the name of a file in source_data", mend, value=file)
    if len(set(files)) < len(files):
        intake.wrong(line, "file", "a file stands once in a row", "Remove the copy.", value=files[-1])
    if not files:
        intake.wrong(line, "file", "names a file in source_data", "Add it behind the comma.")
    return good


def _series(intake: Intake, file: str, known: dict[str, Series]) -> Series:
    """Read one series once, however often the layout names it."""
    if file not in known:
        if len(known) >= SOURCE_FILES:
            intake.add(Problem(file=LAYOUT, must=f"names at most {SOURCE_FILES:,} files", mend="Merge some."))
        known[file] = _read_series(intake, f"source_data/{file}") if len(known) < SOURCE_FILES else []
    return known[file]


def _read_series(intake: Intake, path: str) -> Series:
    lines = intake.lines(path, needed=f"dates and counts; {LAYOUT} names it")
    rows: Series = []
    is_headed = bool(lines) and lines[0].cell(0).casefold() in HEADERS
    for line in intake.rows(lines[1:] if is_headed else lines):
        if line.cell(0) and not line.cell(1):
            intake.note(line, "A date without a count was left out.")
            continue
        date, people = intake.date(line, 0, "date"), intake.whole(line, 1, "count")
        if date is not None and people is not None:
            rows.append((date, people))
    if not rows and intake.has(path) and not intake.counts[path]:
        _nothing(intake, path)
    if any(any(line.cells[2:]) for line in lines if not line.is_remark):
        intake.note(path, "Cells after the second column are not used and were left out.")
    _note_order(intake, path, [date for date, _ in rows])
    return rows


def _nothing(intake: Intake, path: str) -> None:
    """Tell of a series without a count: the published engine cannot read it, but a camp can do without one."""
    if intake.strict:
        intake.add(Problem(file=path, must="holds at least one count", mend='Add a row "2026-01-31,1200".'))
    else:
        intake.let_pass(path, "It holds no count.")


def _note_order(intake: Intake, path: str, dates: list[dt.date]) -> None:
    if sorted(dates) != dates:
        late = next(day for before, day in pairwise(dates) if day < before)
        intake.note(
            path, f"Reports are not in the order of their dates (first at {late}); the order was kept."
        )
    double = [day for day, count in Counter(dates).items() if count > 1]
    if double:
        intake.note(path, f"{double[0]} has several counts; all were kept.")


def _take_total(intake: Intake, counts: Counts, line: Line, series: list[tuple[str, Series]]) -> None:
    if line.cell(0).casefold() != "total":
        must = 'the first row is "total" and its file, for it is left out of the sum of the camps'
        intake.wrong(line, "name", must, 'Write "total,refugees.csv" above it.', value=line.cell(0))
    if len(series) > 1:
        intake.wrong(
            line, "file", "the total has one file", "Add the series up in one file.", value=series[1][0]
        )
    counts.total_file = series[0][0] if series else "?"
    counts.totals = series[0][1] if series else []
    if not (counts.totals or intake.problems):
        intake.wrong(line, "file", "the total has at least one count", "Add one.", value=counts.total_file)


def _take_camp(intake: Intake, counts: Counts, ground: Ground, line: Line, name: str) -> None:
    if name in counts.camps:
        must = f"stands once; line {counts.camps[name]} has it already"
        intake.wrong(line, "name", must, "Write all its files in one row.", value=name)
    elif name.casefold() == "total":
        intake.wrong(line, "name", "the total stands once, in the first row", "Remove the row.", value=name)
    elif name not in ground.lines and ground.lines:
        hint = near(name, ground.lines)
        intake.note(
            line,
            f"{name} is no place of locations.csv. Its people count in the sum of all "
            f"camps, but nobody can go there. {hint}".rstrip(),
        )
    elif name in ground.kinds and ground.kinds[name] not in (*CAMPS, ""):
        note = f"{name} has counts but is a {ground.kinds[name]}; they count in the sum of all camps."
        intake.note(line, f"{note}")
    counts.camps.setdefault(name, line.number)


def _check_camps(intake: Intake, counts: Counts, ground: Ground, *, has_layout: bool) -> None:
    for place in ground.places if has_layout else ():
        name: Any = place[0]
        if ground.kinds[name] in CAMPS and name not in counts.camps:
            mend = near(name, counts.camps) or f'Add "{name},FILE".'
            must = f'has a row for the camp "{name}" (line {ground.lines[name]} of locations.csv)'
            if intake.strict:
                intake.add(Problem(file=LAYOUT, must=must, mend=mend))
            else:
                note = f"It has no counts of {name}: people may go there, and nobody can say how many did."
                intake.let_pass(LAYOUT, note)
