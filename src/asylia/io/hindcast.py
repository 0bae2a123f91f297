"""Read what came after a case's last day of knowledge. Only hindcasts do; no forecast may import this module."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from asylia.core.errors import CaseError, Problem
from asylia.io import cross_tables
from asylia.io.cross_plans import areas
from asylia.io.csv_table import Table, read_table
from asylia.io.draft import Draft, read_header
from asylia.model.schemas import TABLES


def read_hindcast(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read hindcast/events.csv and hindcast/people.csv of a case folder.

    Sources that only what came later needs may stand in hindcast/sources.csv: the case itself stays as it was.

    Returns
    -------
    Events and people, with the columns of `model.schemas`; every row ends after the case's as_of.

    Raises
    ------
    CaseError
        With every problem of the two files.
    """
    draft = Draft()
    read_header(draft, folder)
    for name in ("places", "sources"):
        draft.tables[name] = read_table(folder, TABLES[name])
    tables = [_later(folder, name) for name in ("events", "people")]
    draft.tables["later sources"] = _later(folder, "sources", needed=False)
    problems = [*draft.problems, *draft.tables["later sources"].problems]
    for table in tables:
        problems += [*table.problems, *_check(draft, table)]
    if problems:
        raise CaseError(problems)
    return tables[0].frame, tables[1].frame


def _later(folder: Path, name: str, *, needed: bool = True) -> Table:
    return read_table(folder, replace(TABLES[name], file=f"hindcast/{name}.csv", needed=needed))


def _check(draft: Draft, table: Table) -> Iterator[Problem]:
    known = {name: ids for name in ("places", "sources") if (ids := draft.ids(name)) is not None}
    if "sources" in known:
        known["sources"] = known["sources"] | (draft.ids("later sources") or set())
    yield from cross_tables.check_references(table, known)
    yield from cross_tables.check_days(table)
    if table.schema.name == "events":
        yield from cross_tables.check_events(table)
    else:
        yield from cross_tables.check_people(table)
        yield from cross_tables.check_areas(table, areas(draft) or set())
    if draft.as_of is not None:
        yield from cross_tables.check_later(table, draft.as_of)
