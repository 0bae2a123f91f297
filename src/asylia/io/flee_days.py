"""What a Flee folder says by day: the period, the fighting, closures, changes of kind, hunger and floods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.errors import Problem, nearest
from asylia.io.flee_places import CAMPS, KINDS, Ground, place_columns, unknown_place
from asylia.io.flee_sheet import Intake, Line, near, parse_date
from asylia.model.replay import CLOSURE_KINDS

PERIOD: Final = "input_csv/sim_period.csv"
CONFLICTS: Final = "input_csv/conflicts.csv"
CLOSURES: Final = "input_csv/closures.csv"
FOOD: Final = "input_csv/region_attributes_IPC.csv"
FLOODS: Final = "input_csv/flood_level.csv"
CHANGES: Final = ("location_changes.csv", "input_csv/location_changes.csv")
"""Flee looks for changes of kind in the folder it runs in; beside the other files they are read as well."""

MOST_DAYS: Final = 3_660
MOST_CELLS: Final = 20_000_000
HIGHEST_INTENSITY: Final = 1_000_000.0
NEVER: Final = -1
"""End of a closure that never opens again."""

LAST_CLOSURE_DAY: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Date of day 0, and the number of days."""

    first: dt.date
    days: int


def read_period(intake: Intake) -> Period | None:
    """Read `sim_period.csv`; `None` with the problems noted if it cannot be used."""
    said: dict[str, Line] = {}
    lines = intake.lines(PERIOD, needed='the two rows "StartDate,2026-01-31" and "Length,300"')
    for line in intake.rows(lines):
        key = line.cell(0).casefold()
        if key not in ("startdate", "length"):
            mend = nearest(line.cell(0), ("StartDate", "Length"))
            intake.doubt(line, "", "is StartDate or Length", mend, value=line.cell(0))
        elif key in said:
            intake.wrong(
                line, line.cell(0), f"stands once; line {said[key].number} has it already", "Remove one."
            )
        said.setdefault(key, line)
    for key, word in (("startdate", "StartDate"), ("length", "Length")):
        if lines and key not in said:
            intake.add(Problem(file=PERIOD, column=word, must="the row is there", mend=f'Add "{word},...".'))
    first = intake.date(said["startdate"], 1, "StartDate") if "startdate" in said else None
    days = (
        intake.whole(said["length"], 1, "Length", lowest=1, highest=MOST_DAYS) if "length" in said else None
    )
    return Period(first=first, days=days) if first and days else None


def read_conflicts(intake: Intake, ground: Ground, period: Period | None) -> NDArray[np.float64]:
    """Read the table of fighting, (day, place); places without a column have none."""
    lines = intake.lines(CONFLICTS, needed="one row per day and one column per place, 0 or 1")
    if not lines:
        return np.zeros((0, 0))
    columns = place_columns(intake, ground, lines[0])
    for name, kind in ground.kinds.items():
        if kind == "conflict" and name not in columns:
            must, mend = f'has a column for the conflict zone "{name}"', "Add it; 0 is no fighting."
            intake.doubt(lines[0], name, must, mend)
    rows = [line for line in lines[1:] if not line.is_remark]
    days = period.days if period else len(rows)
    if period and rows and len(rows) < days and not intake.strict:
        intake.let_pass(CONFLICTS, f"It has {len(rows)} days; the {days} of the period were cut to these.")
        days = len(rows)
    if period and len(rows) < days:
        must = f"has a row for each of the {days} days of {PERIOD}; it has {len(rows)}"
        intake.add(Problem(file=CONFLICTS, must=must, mend="Add the missing days, or shorten Length."))
    if len(rows) > days:
        intake.note(
            CONFLICTS, f"It has {len(rows)} days; those after the {days} of the period were left out."
        )
    if days * len(ground.places) > MOST_CELLS:
        must = f"days times places is at most {MOST_CELLS:,}"
        intake.add(Problem(file=CONFLICTS, must=must, mend="Shorten the period or merge places."))
        return np.zeros((0, 0))
    return _fighting(intake, ground, columns, rows[:days], days)


def _fighting(
    intake: Intake, ground: Ground, columns: dict[str, int], rows: Sequence[Line], days: int
) -> NDArray[np.float64]:
    table = np.zeros((days, len(ground.places)))
    order = {place[0]: index for index, place in enumerate(ground.places)}
    where = [(order[name], index, name) for name, index in columns.items() if name in order]
    named = {0, *columns.values()}
    width = max(named)
    for day, line in enumerate(intake.rows(rows)):
        if line.cell(0) != str(day):
            must = f"days run from 0 without a gap; this is the row of day {day}"
            intake.doubt(line, "Day", must, "Add the missing day, or sort the rows.", value=line.cell(0))
            if intake.strict:
                break
        if any(line.cells[width + 1 :]):
            intake.doubt(line, "", "has as many cells as the header", "Remove the cells at the end.")
        for place, index, name in where:
            text = line.cell(index)
            if text not in ("0", "1"):
                found = intake.number(line, index, name, lowest=0, highest=HIGHEST_INTENSITY)
                table[day, place] = found or 0.0
            elif text == "1":
                table[day, place] = 1.0
    return table


def read_closures(intake: Intake, ground: Ground) -> list[tuple[str, str, str, int, int]]:
    """Read what closes and when: what, name1, name2, start, end."""
    rows = []
    for line in intake.rows(intake.lines(CLOSURES)):
        what = line.cell(0).casefold()
        if what not in CLOSURE_KINDS:
            mend = nearest(what, CLOSURE_KINDS)
            if "closure" in what:
                mend = "Start the header with #."
            must = f"is one of {', '.join(CLOSURE_KINDS)}"
            intake.doubt(line, "closure_type", must, mend, value=line.cell(0))
            continue
        names = _closed(intake, ground, line, what)
        if what in CAMPS and names and ground.kinds[names[0]] not in CAMPS:
            what = "location"
        days = _span(intake, line)
        if names and days:
            rows.append((what, *names, *days))
    return rows


def _closed(intake: Intake, ground: Ground, line: Line, what: str) -> tuple[str, str] | None:
    first, second = intake.name(line, 1, "name1"), line.cell(2)
    if first is None:
        return None
    if what == "country":
        return _two_countries(intake, ground, line, first, second)
    if unknown_place(intake, line, "name1", first, ground):
        return None
    if what in CAMPS and ground.kinds[first] not in CAMPS:
        must = f"is a camp; {first} is a {ground.kinds[first]}"
        intake.doubt(line, "name1", must, "Close it as a location.", value=first)
    if what in ("link", "remove_forced_redirection"):
        return (first, second) if _joined(intake, ground, line, first, second) else None
    if second:
        intake.note(line, f"{what} closes all of {first}; the second name was left out.")
    return first, ""


def _joined(intake: Intake, ground: Ground, line: Line, first: str, second: str) -> bool:
    """Say whether a route joins two places, and note it if none does."""
    if unknown_place(intake, line, "name2", second, ground):
        return False
    joined = any({first, second} == {link[0], link[1]} for link in ground.links)
    if not joined and ground.links:
        must = "the two places are joined by a route"
        intake.doubt(line, "name2", must, "Add the route, or correct a name.", value=second)
    return joined


def _two_countries(
    intake: Intake, ground: Ground, line: Line, first: str, second: str
) -> tuple[str, str] | None:
    unknown = [name for name in (first, second) if ground.countries and name not in ground.countries]
    for column, name in (("name1", first), ("name2", second)):
        if name in unknown:
            mend = near(name, ground.countries) or f"Countries: {', '.join(sorted(ground.countries)[:12])}."
            intake.doubt(line, column, "is a country of locations.csv", mend, value=name)
    if first == second:
        intake.doubt(line, "name2", "differs from name1", "Name the country on the other side.", value=second)
    if unknown or first == second:
        return None
    # A border closes both ways, so that the country people flee from can always stand first.
    return (second, first) if second == ground.home else (first, second)


def _span(intake: Intake, line: Line) -> tuple[int, int] | None:
    lowest = 0 if intake.strict else -LAST_CLOSURE_DAY
    start = intake.whole(line, 3, "closure_start", lowest=lowest, highest=LAST_CLOSURE_DAY)
    end = intake.whole(line, 4, "closure_end", lowest=-LAST_CLOSURE_DAY, highest=LAST_CLOSURE_DAY)
    if start is None or end is None:
        return None
    if end == start:
        mend = "Write -1 if it never opens again."
        intake.doubt(line, "closure_end", "is after the start", mend, value=line.cell(4))
        return None
    if start < 0:
        intake.let_pass(line, "It begins before the period, so it holds from day 0.")
        start = 0
        if end == 0:
            return None
    if end < start:
        intake.note(line, "It ends before it starts, so it has no end.")
    return start, end if end > start else NEVER


def read_changes(intake: Intake, ground: Ground, period: Period | None) -> list[tuple[int, str, str]]:
    """Read changes of kind: day, place, kind."""
    rows = []
    found = [file for file in CHANGES if intake.has(file)]
    if len(found) > 1:
        intake.add(Problem(file=found[0], must="stands once", mend=f"Remove it, or {found[1]}."))
    for line in intake.rows(intake.lines(found[0]) if found else ()):
        name, word = intake.name(line, 0, "name"), line.cell(1).casefold()
        if name and unknown_place(intake, line, "name", name, ground):
            continue
        if word not in KINDS:
            must = f"is one of {', '.join(KINDS)}"
            intake.wrong(line, "location_type", must, nearest(word, KINDS), value=line.cell(1))
        day = _change_day(intake, line, period)
        if name and word in KINDS and day is not None:
            rows.append((day, name, KINDS[word]))
    return rows


def _change_day(intake: Intake, line: Line, period: Period | None) -> int | None:
    """Read the day of a change: a number of days as Flee wants it, or a date."""
    date = parse_date(line.cell(2))
    if date is None or period is None:
        return intake.whole(line, 2, "day", highest=LAST_CLOSURE_DAY)
    if date < period.first:
        intake.wrong(line, "day", f"is not before {period.first}", "Correct the date.", value=line.cell(2))
        return None
    return (date - period.first).days


def read_food(intake: Intake, ground: Ground, period: Period | None) -> list[tuple[int, str, float]]:
    """Read the share of people in acute hunger, percent: day, region, percent."""
    rows = [*_daily(intake, FOOD, ground.regions, "a region of locations.csv", 100.0)]
    missing = sorted(ground.regions - {region for _, region, _ in rows})
    if rows and missing:
        must = f"has a column for every region; missing: {', '.join(missing[:12])}"
        intake.add(Problem(file=FOOD, must=must, mend="Add the columns."))
    _check_last_day(intake, FOOD, [day for day, _, _ in rows], period)
    return rows


def read_floods(intake: Intake, ground: Ground, period: Period | None) -> list[tuple[int, str, float]]:
    """Read flood levels: day, place, level."""
    rows = [*_daily(intake, FLOODS, ground.lines, "a name of locations.csv", 1_000.0)]
    _check_last_day(intake, FLOODS, [day for day, _, _ in rows], period)
    return rows


def _check_last_day(intake: Intake, file: str, days: Sequence[int], period: Period | None) -> None:
    if days and period and max(days) < period.days - 1:
        must = f"reaches day {period.days - 1}, the last of the period; it ends with day {max(days)}"
        intake.add(Problem(file=file, must=must, mend="Add the missing days."))


def _daily(
    intake: Intake, file: str, known: Any, must: str, highest: float
) -> Iterator[tuple[int, str, float]]:
    """Read a table of days in rows and names in columns."""
    lines = intake.lines(file)
    header = lines[0] if lines else None
    names: dict[str, int] = {}
    for index, name in enumerate(header.cells if header else ()):
        if not index or not name or header is None:
            continue
        if name in names or (known and name not in known):
            wanted = f"is {must}" if name not in names else "stands once"
            intake.doubt(header, f"column {index + 1}", wanted, near(name, known), value=name)
            continue
        names.setdefault(name, index)
    last = -1
    for line in intake.rows(lines[1:]):
        day = intake.whole(line, 0, "Day", highest=LAST_CLOSURE_DAY)
        if day is not None and day <= last:
            intake.wrong(line, "Day", f"comes after day {last}", "Sort the rows by day.", value=line.cell(0))
        last = last if day is None else max(day, last)
        for name, index in names.items():
            value = intake.number(line, index, name, lowest=0, highest=highest)
            if value is not None and day is not None:
                yield day, name, value
