"""Who the people of a Flee folder are: `demographics_*.csv`, one file per attribute."""

from __future__ import annotations

import re
from typing import Final

from asylia.core.errors import Problem
from asylia.io.door import listing
from asylia.io.flee_places import EVERYWHERE, Ground, place_columns
from asylia.io.flee_sheet import Intake, Line

MOST_ATTRIBUTES: Final = 20
MOST_SHARE: Final = 1e9
OLDEST: Final = 150
_NAME: Final = re.compile(r"demographics_([A-Za-z][A-Za-z0-9_]{0,39})\.csv")

Shares = list[tuple[str, str, float]]


def read_makeup(intake: Intake, ground: Ground) -> dict[str, Shares]:
    """Read the shares of each attribute: value, place (or `Default`), share."""
    makeup = {}
    names = [name for name in listing(intake.folder / "input_csv") if _NAME.fullmatch(name)]
    if len(names) > MOST_ATTRIBUTES:
        must = f"has at most {MOST_ATTRIBUTES} files demographics_*.csv"
        intake.add(Problem(file="input_csv", must=must, mend="Take some out."))
    for name in names[:MOST_ATTRIBUTES]:
        found = _NAME.fullmatch(name)
        if found:
            makeup[found[1]] = _read(intake, ground, f"input_csv/{name}", found[1])
    return makeup


def _read(intake: Intake, ground: Ground, file: str, attribute: str) -> Shares:
    lines = intake.lines(file)
    if not lines:
        intake.add(Problem(file=file, must="holds shares", mend=f'Begin with "{attribute},{EVERYWHERE}".'))
        return []
    columns = _columns(intake, ground, lines[0], attribute)
    rows: Shares = []
    seen: dict[str, int] = {}
    for line in intake.rows(lines[1:]):
        value = _value(intake, line, attribute, seen)
        for place, index in columns.items():
            share = intake.number(line, index, place, lowest=0, highest=MOST_SHARE)
            rows.append((value, place, share or 0.0))
    for place in columns:
        if not any(share for _, where, share in rows if where == place):
            must = "has at least one share above 0"
            intake.add(Problem(file=file, column=place, must=must, mend="Fill the column, or remove it."))
    return rows


def _value(intake: Intake, line: Line, attribute: str, seen: dict[str, int]) -> str:
    value = intake.name(line, 0, attribute) or ""
    if attribute == "age":
        intake.whole(line, 0, attribute, highest=OLDEST)
    if seen.setdefault(value, line.number) != line.number:
        must = f"stands once; line {seen[value]} has it already"
        intake.wrong(line, attribute, must, "Add the two rows up.", value=value)
    return value


def _columns(intake: Intake, ground: Ground, header: Line, attribute: str) -> dict[str, int]:
    if header.cell(0) != attribute:
        mend = f'Write "{attribute}", or rename the file.'
        intake.wrong(
            header, "column 1", f'is "{attribute}", as in the name of the file', mend, value=header.cell(0)
        )
    columns = place_columns(intake, ground, header, also=EVERYWHERE)
    if EVERYWHERE not in columns:
        must = f"has a column {EVERYWHERE}, for places without one of their own"
        intake.wrong(header, EVERYWHERE, must, "Add it.")
    return columns
