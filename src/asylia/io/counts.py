"""Read counts that were reported after a case's last day of knowledge, to take them in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from asylia.core.errors import CaseError, Problem
from asylia.io import cross_tables
from asylia.io.csv_table import Table, read_table
from asylia.io.door import fail
from asylia.model.case import Case
from asylia.model.schemas import TABLES


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counts:
    """What was reported since: people, and events if they were given; columns of `model.schemas`."""

    people: pl.DataFrame
    events: pl.DataFrame | None


def read_counts(case: Case, path: Path) -> Counts:
    """Read a people.csv, or a folder with people.csv and, if they are there, events.csv and sources.csv.

    Rows may name the sources of that sources.csv beside those of the case.

    Raises
    ------
    CaseError
        With every problem of the files: form, unknown places and sources, and rows that end by the case's `as_of`.
    """
    folder, name = (path, "people.csv") if path.is_dir() else (path.parent, path.name)
    if not (folder / name).is_file():
        raise fail(
            str(path),
            "is a people.csv, or a folder that holds one",
            "Columns: docs, reference, the case folder.",
        )
    people = read_table(folder, replace(TABLES["people"], file=name))
    events = None
    if path.is_dir() and (folder / "events.csv").exists():
        events = read_table(folder, TABLES["events"])
    problems, known = _known(case, path)
    for table in (people, events):
        problems += [] if table is None else _check(case, table, known)
    if problems:
        raise CaseError(problems)
    return Counts(people=people.frame, events=None if events is None else events.frame)


def _known(case: Case, path: Path) -> tuple[list[Problem], dict[str, set[str]]]:
    """Return what is wrong with the sources beside the counts, and the places and sources that rows may name."""
    known = {name: set(getattr(case, name)["id"].to_list()) for name in ("places", "sources")}
    if not (path / "sources.csv").is_file():
        return [], known
    own = read_table(path, TABLES["sources"])
    return list(own.problems), {
        **known,
        "sources": known["sources"] | set(own.frame["id"].drop_nulls().to_list()),
    }


def _check(case: Case, table: Table, known: dict[str, set[str]]) -> Iterator[Problem]:
    yield from table.problems
    yield from cross_tables.check_references(table, known)
    yield from cross_tables.check_days(table)
    if table.schema.name == "events":
        yield from cross_tables.check_events(table)
    else:
        yield from cross_tables.check_people(table)
        words = {*case.places["admin1"].to_list(), *case.places["country"].to_list()}
        yield from cross_tables.check_areas(table, known["places"] | words)
    yield from cross_tables.check_later(table, case.as_of)
