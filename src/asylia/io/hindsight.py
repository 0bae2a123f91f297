"""Take a case forward to a later day, with what was recorded up to that day and the plans that were known by then.

Everything later than a case's own last day stands in its `hindcast` folder, which no reader of a case opens. This one does,
when somebody asks for a day by name, and cuts it at that day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from asylia.core.errors import CaseError, Problem
from asylia.core.tables import Column, Schema
from asylia.io import cross_tables
from asylia.io.cross import check_draft
from asylia.io.csv_table import Table, read_table
from asylia.io.door import fail, listing
from asylia.io.draft import Draft, read_plan
from asylia.io.folder import read_draft
from asylia.io.hindcast import read_hindcast
from asylia.model.plan import Plan
from asylia.model.schemas import EVIDENCE_WORDS, TABLES

HOME: Final = "hindcast"
PLANS: Final = f"{HOME}/plans"
FATES: Final = Schema(
    name="zones",
    file=f"{HOME}/zones.csv",
    doc="What became of the zones of plans that were carried out after the case's last day.",
    key=("plan", "zone"),
    columns=(
        Column(name="plan", kind="id", doc="Id of a plan in hindcast/plans."),
        Column(name="zone", kind="id", doc="Id of one of its zones."),
        Column(
            name="fate",
            kind="text",
            choices=("overrun", "stood"),
            doc="Whether an adversary took control of it, or it stood as long as anybody looked.",
        ),
        Column(name="date", kind="date", doc="Day control was lost, or the last day it was seen to stand."),
        Column(name="source", kind="id", doc="Where this row comes from.", refers="sources"),
        Column(name="evidence", kind="text", choices=EVIDENCE_WORDS, doc="How it is known."),
        Column(name="note", kind="text", needed=False, doc="Anything a reader should know about this row."),
    ),
    needed=False,
)
CUT: Final = (
    "Taken forward from {old} to {new}: events and people displaced are those recorded up to then; who holds what, ways, "
    "closures and what parties said are as on {old}."
)
LATE: Final = (
    "Known only from {day}, later than the case itself: {plan}. Others were written without knowing of it, so no ranking "
    "among them is fair."
)


def read_draft_of(folder: Path, as_of: dt.date) -> Draft:
    """Read a case as it stood on a later day, with every problem beside it.

    Parameters
    ----------
    as_of
        After the case's own last day, and no later than the hindcast files reach.

    Raises
    ------
    CaseError
        If the hindcast files cannot be read, or do not reach the day.
    """
    draft = read_draft(folder)
    if draft.problems or draft.as_of is None:
        raise CaseError(draft.problems)
    events, people = read_hindcast(folder)
    check_day(folder, draft.as_of, events, as_of)
    _extend(
        draft, "events", events.filter(cross_tables.period_end("week").fill_null(pl.col("date")) <= as_of)
    )
    ends = cross_tables.period_end("days").fill_null(pl.col("date"))
    _extend(draft, "people", people.filter(ends <= as_of))
    _add_sources(draft, folder)
    old = draft.as_of
    draft.case_file = replace(draft.case_file, data={**draft.case_file.data, "as_of": as_of})
    _add_plans(draft, folder, as_of)
    _tell(draft, old, as_of)
    draft.problems.extend(check_draft(draft))
    return draft


def check_day(folder: Path, own: dt.date, events: pl.DataFrame, as_of: dt.date) -> None:
    """Raise `CaseError` for a day that the hindcast files do not reach, or that comes before them."""
    last = events.select(
        pl.max_horizontal(pl.col("date").max(), cross_tables.period_end("week").max())
    ).item()
    if last is None or not own < as_of <= last:
        must = f"is a day after {own}, the as_of of {folder.name}, and no later than {last}"
        mend = "Later than that nothing is recorded; on its own day a case needs no --as-of."
        raise fail("the command", must, mend, column="as-of", value=str(as_of))


def later_plans(folder: Path) -> dict[str, Plan]:
    """List the plans of the hindcast folder by id, those with a day from which they were known; nothing is checked."""
    draft = Draft()
    found = [read_plan(draft, folder, f"{PLANS}/{name}") for name in _files(folder)]
    return {one.plan.id: one.plan for one in found if one is not None and one.plan.known_from is not None}


def known_on(plan: Plan) -> dt.date:
    """Give the day on which to take a later plan up: the eve of its first zone, or the first day it was known."""
    eves = [zone.opens - dt.timedelta(days=1) for zone in plan.zones]
    days = [day for day in (plan.known_from, min(eves, default=None)) if day is not None]
    return max(days)


def read_fates(folder: Path) -> pl.DataFrame:
    """Read what became of the zones of later plans; columns as in `FATES`, no row if nobody wrote it down.

    Raises
    ------
    CaseError
        With every problem of the file.
    """
    table = read_table(folder, FATES)
    problems = [*table.problems, *cross_tables.check_days(table)]
    if problems:
        raise CaseError(problems)
    return table.frame


def _files(folder: Path) -> list[str]:
    return [name for name in listing(folder / HOME / "plans") if name.endswith(".toml")]


def _extend(draft: Draft, name: str, more: pl.DataFrame) -> None:
    """Put rows under those of a table; they count as standing on lines below it."""
    table = draft.tables[name]
    last = max(table.lines, default=1)
    draft.tables[name] = replace(
        table,
        frame=pl.concat([table.frame, more]),
        lines=(*table.lines, *range(last + 1, last + 1 + more.height)),
    )


def _add_sources(draft: Draft, folder: Path) -> None:
    schema = replace(TABLES["sources"], file=f"{HOME}/sources.csv", needed=False)
    more: Table = read_table(folder, schema)
    draft.problems.extend(more.problems)
    twice = set(more.frame["id"]) & set(draft.tables["sources"].frame["id"])
    must, mend = "is no id of sources.csv", "Take the row out; a source of the case is known already."
    draft.problems.extend(
        Problem(file=schema.file, column="id", value=name, must=must, mend=mend) for name in sorted(twice)
    )
    _extend(draft, "sources", more.frame)


def _add_plans(draft: Draft, folder: Path, as_of: dt.date) -> None:
    """Add the plans of the hindcast folder that were known by the day."""
    for name in _files(folder):
        one = read_plan(draft, folder, f"{PLANS}/{name}")
        if one is None:
            continue
        if one.plan.known_from is None:
            must = "says from which day it was known"
            mend = "Write known_from = YYYY-MM-DD, or put the plan into plans/."
            draft.problems.append(one.spot.problem(must, mend, key=("known_from",)))
        elif one.plan.known_from <= as_of:
            draft.plans.append(one)


def _tell(draft: Draft, old: dt.date, as_of: dt.date) -> None:
    """Say in the case's own words what was taken forward, and which plans are late."""
    said = [CUT.format(old=old, new=as_of), *_late(draft)]
    draft.header = {
        **draft.header,
        "as_of": as_of,
        "first": as_of + dt.timedelta(days=1),
        "title": f"{draft.header['title']}, taken forward to {as_of}",
        "limits": (*said, *draft.header.get("limits", ())),
    }


def _late(draft: Draft) -> Iterator[str]:
    for one in draft.plans:
        if one.plan.known_from is not None:
            yield LATE.format(day=one.plan.known_from, plan=one.plan.title)
