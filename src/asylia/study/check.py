"""Check a case folder whole: its tables and files, its conditions, its standards, and the words behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

from asylia.audit.completeness import check_elements
from asylia.audit.conditions import read_safeguards
from asylia.consent.audit import check_statements
from asylia.core.errors import CaseError, Problem, nearest
from asylia.io.draft import Draft
from asylia.io.folder import finish, read_draft
from asylia.io.hindsight import read_draft_of
from asylia.io.sources import check_pointers
from asylia.model.case import Case
from asylia.need.profiles import resolve
from asylia.need.standards import read_standards

VOICES = ("actors.toml", "statements.toml")


def check_case(folder: Path, sources: Path | None = None, as_of: dt.date | None = None) -> Case:
    """Read a case folder and hold it against everything Asylia knows.

    Parameters
    ----------
    sources
        Folder with the texts that statements point into, to check every pointer.
    as_of
        A later day to take the case to, with what its hindcast files record up to that day (`io.hindsight`).

    Raises
    ------
    CaseError
        With every problem found, of every file.
    """
    draft = read_draft(folder) if as_of is None else read_draft_of(folder, as_of)
    plans = [one.plan for one in draft.plans]
    # A term or actor that could not be read would make every condition on it look wrong.
    if not draft.has_problem_in(VOICES[0]):
        found = check_statements(draft.actors, draft.statements, draft.terms, plans, draft.floor)
        draft.problems.extend(_new(draft, found))
    draft.problems.extend(_new(draft, check_elements(plans)))
    draft.problems.extend(_check_safeguards(draft))
    draft.problems.extend(_check_standards(draft))
    draft.problems.extend(_check_money(draft))
    if sources is not None:
        draft.problems.extend(check_pointers(draft.statements, draft.frame("sources"), sources))
    return finish(draft)


def _new(draft: Draft, found: Iterable[Problem]) -> list[Problem]:
    """Leave out what the reader has said already, and say where it stands."""
    said = {(problem.file, problem.value) for problem in draft.problems}
    return [draft.placed(problem) for problem in found if (problem.file, problem.value) not in said]


def _check_standards(draft: Draft) -> Iterator[Problem]:
    try:
        resolve(str(draft.header.get("standards", "emergency")), draft.header.get("profile"))
    except CaseError as error:
        yield from map(draft.placed, error.problems)
    known = {standard.id for standard in read_standards()}
    for one in draft.plans:
        for entry in one.sections["services"]:
            indicator = entry.noun.indicator
            if indicator not in known:
                mend = nearest(indicator, known) or "The reference page of standards lists them."
                yield entry.spot.problem("names a standard", mend, key=("indicator",), value=indicator)


def _check_money(draft: Draft) -> Iterator[Problem]:
    """Check that money set aside is set aside for something the plan has a cost line for."""
    for one in draft.plans:
        known = {word for cost in one.plan.costs for word in (cost.item, cost.kind)}
        for entry in one.sections["funding"]:
            earmark = entry.noun.earmark
            if earmark and earmark not in known:
                mend = nearest(earmark, known) or f"Known here: {', '.join(sorted(known)) or 'no cost line'}."
                must = "names a cost item of the plan, or a kind of cost"
                yield entry.spot.problem(must, mend, key=("earmark",), value=earmark)


def _check_safeguards(draft: Draft) -> Iterator[Problem]:
    known = list(read_safeguards())
    for one in draft.plans:
        for entry in one.sections["safeguards"]:
            about = entry.noun.about
            if about not in known:
                mend = nearest(about, known) or "The reference page on law lists them."
                must = "names a safeguard of the checklist"
                yield entry.spot.problem(must, mend, key=("about",), value=about)
