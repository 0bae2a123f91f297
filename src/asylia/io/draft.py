"""A case folder as read so far: everything that could be understood, and every problem, side by side.

The checks across files work on a draft, so that one broken file does not hide what is wrong with the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from asylia.core.errors import CaseError, Problem
from asylia.core.tables import empty
from asylia.io.boundary import (
    ACTOR_SECTIONS,
    PLAN_SECTIONS,
    STATEMENT_SECTIONS,
    CaseEntry,
    PlanEntry,
)
from asylia.io.boundary_errors import Found, entries, head, unknown_keys
from asylia.io.csv_table import Table
from asylia.io.door import fail, listing
from asylia.io.limits import PLANS
from asylia.io.profiles import is_file, profile_of
from asylia.io.replay_part import HOME, read_record
from asylia.io.toml_file import Spot, TomlFile, read_toml
from asylia.model.actors import Actor, Floor, Statement, Term
from asylia.model.plan import NO_ZONE, Plan
from asylia.model.schemas import TABLES


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """One plan file: the entries that fit, where they stand, and the zone ids that were meant."""

    stem: str
    spot: Spot
    plan: Plan
    sections: Mapping[str, list[Found]]
    zone_ids: frozenset[str]


@dataclass(slots=True, kw_only=True)
class Draft:
    """What was read of a case folder.

    Parameters
    ----------
    case_file
        case.toml as TOML; empty if it could not be read.
    header
        Content of case.toml by name; empty if it does not fit its model.
    known
        Ids that stand in the TOML files, also of entries with mistakes: `actors`, `terms`, `statements`.
    record
        What stands under `[replay]`; `None` without it. Its tables are in `tables`, as `replay_NAME`.
    """

    tables: dict[str, Table] = field(default_factory=dict)
    case_file: TomlFile = field(default_factory=lambda: TomlFile(name="case.toml"))
    header: Mapping[str, Any] = field(default_factory=dict)
    found: dict[str, list[Found]] = field(default_factory=dict)
    known: dict[str, set[str]] = field(default_factory=dict)
    plans: list[PlanDraft] = field(default_factory=list)
    boundaries: Mapping[str, object] = field(default_factory=dict)
    record: Mapping[str, Any] | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def as_of(self) -> dt.date | None:
        """Last day of knowledge, if case.toml says it."""
        return _day(self.case_file.data.get("as_of"))

    @property
    def country(self) -> str:
        """Country of the case, if case.toml says it."""
        said = self.case_file.data.get("country")
        return said if isinstance(said, str) else ""

    @property
    def terms(self) -> tuple[Term, ...]:
        """Terms that could be read."""
        return self._nouns("terms")

    @property
    def actors(self) -> tuple[Actor, ...]:
        """Actors that could be read."""
        return self._nouns("actors")

    @property
    def floor(self) -> tuple[Floor, ...]:
        """Protection terms that could be read."""
        return self._nouns("floor")

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Statements that could be read."""
        return self._nouns("statements")

    def frame(self, name: str) -> pl.DataFrame:
        """Return a table; without rows if it could not be read."""
        return self.tables[name].frame if name in self.tables else empty(TABLES[name])

    def ids(self, table: str) -> set[str] | None:
        """Return the ids of a table; `None` if nobody can know them because its id column is not there."""
        read = self.tables.get(table)
        return read.ids() if read is not None and read.has("id") else None

    def has_problem_in(self, *files: str) -> bool:
        """Say whether a problem was found in one of these files."""
        return any(problem.file in files for problem in self.problems)

    def placed(self, problem: Problem) -> Problem:
        """Add the line to a problem about a TOML file that names an entry by its id, or a key."""
        files = [self.case_file, *(one.spot.file for one in self.plans)]
        files += [entry.spot.file for found in self.found.values() for entry in found[:1]]
        file = next((one for one in files if one.name == problem.file), None)
        if file is None or problem.row is not None:
            return problem
        return replace(problem, row=file.line(file.way(problem.column)))

    def _nouns(self, section: str) -> tuple[Any, ...]:
        return tuple(entry.noun for entry in self.found.get(section, []))


def read_header(draft: Draft, folder: Path) -> None:
    """Read case.toml into the draft."""
    file = _toml(draft, folder, "case.toml")
    if file is not None:
        draft.case_file = file
        header, problems = head(file, CaseEntry, (HOME,))
        draft.header = header or {}
        draft.problems.extend(problems)
        read_profile(draft, folder)
        tables, draft.record, wrong = read_record(folder, file)
        draft.tables.update(tables)
        draft.problems.extend(wrong)


def read_profile(draft: Draft, folder: Path) -> None:
    """Read the profile of standards into the header, if case.toml names a file for it."""
    name = str(draft.header.get("standards", ""))
    file = _toml(draft, folder, name) if is_file(name) else None
    if file is not None:
        own, problems = profile_of(file)
        draft.header = {**draft.header, "profile": own}
        draft.problems.extend(problems)


def read_voices(draft: Draft, folder: Path) -> None:
    """Read actors.toml and statements.toml into the draft."""
    for name, sections in (("actors.toml", ACTOR_SECTIONS), ("statements.toml", STATEMENT_SECTIONS)):
        file = _toml(draft, folder, name)
        if file is None:
            continue
        draft.problems.extend(unknown_keys(file, sections))
        for section, model in sections.items():
            found, problems = entries(file, section, model)
            draft.found[section] = found
            draft.known[section] = file.ids(section)
            draft.problems.extend(problems)


def read_plans(draft: Draft, folder: Path) -> None:
    """Read plans/*.toml into the draft, `none` first, the others by id."""
    names = [name for name in listing(folder / "plans") if name.endswith(".toml")]
    if len(names) > PLANS:
        draft.problems.extend(
            fail("plans", f"a case has at most {PLANS} plans", "Take some out.").problems,
        )
    for name in names[:PLANS]:
        one = read_plan(draft, folder, f"plans/{name}")
        if one is not None:
            draft.plans.append(one)
    draft.plans.sort(key=lambda one: (one.plan.id != NO_ZONE, one.plan.id))


def read_plan(draft: Draft, folder: Path, name: str) -> PlanDraft | None:
    """Read one plan file of the folder; its problems go to the draft, which does not hold the plan yet."""
    file = _toml(draft, folder, name)
    return None if file is None else _plan(draft, file, Path(name).stem)


def _plan(draft: Draft, file: TomlFile, stem: str) -> PlanDraft:
    top, problems = head(file, PlanEntry, PLAN_SECTIONS)
    sections: dict[str, list[Found]] = {}
    for section, model in PLAN_SECTIONS.items():
        sections[section], wrong = entries(file, section, model)
        problems.extend(wrong)
    draft.problems.extend(problems)
    whole = {name: tuple(entry.noun for entry in found) for name, found in sections.items()}
    plan = Plan(**{"id": stem, "title": stem, "summary": "", **(top or {}), **whole})
    return PlanDraft(
        stem=stem,
        spot=Spot(file=file),
        plan=plan,
        sections=sections,
        zone_ids=frozenset(file.ids("zones")),
    )


def _toml(draft: Draft, folder: Path, name: str) -> TomlFile | None:
    try:
        return read_toml(folder, name)
    except CaseError as error:
        draft.problems.extend(error.problems)
        return None


def _day(value: object) -> dt.date | None:
    is_day = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    return value if is_day else None  # type: ignore[return-value]  # mypy does not follow the flag


def plain_order(plans: Iterable[Plan]) -> tuple[Plan, ...]:
    """Put `none` first, making it if it is missing, and sort the others by id."""
    others = sorted((plan for plan in plans if plan.id != NO_ZONE), key=lambda plan: plan.id)
    none = next((plan for plan in plans if plan.id == NO_ZONE), Plan.none())
    return (none, *others)
