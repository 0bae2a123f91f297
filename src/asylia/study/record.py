"""The record of a study: a small file from which its report can be made again without simulating anything."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from asylia.core.errors import PlanError, Problem, nearest
from asylia.io.folder import find_case, finish, read_case
from asylia.io.hindsight import known_on, later_plans, read_draft_of
from asylia.model.case import Case, fingerprint
from asylia.model.findings import Findings
from asylia.model.plan import NO_ZONE, Plan
from asylia.study.conductor import Progress, compare
from asylia.study.movement import Movement, read_movement
from asylia.study.store import write_text

LARGEST_RECORD = 1_000_000
FIELDS = {"case": str, "case_fingerprint": str, "plans": list, "members": int, "days": int, "seed": int}


def known_later(folder: Path) -> dict[str, dt.date]:
    """List plans that are no part of a case because they were known only later, with the eve of their first day."""
    return {name: known_on(plan) for name, plan in later_plans(folder).items()}


def chosen_plans(
    case: Case, plan_ids: Sequence[str], later: Mapping[str, dt.date] | None = None
) -> tuple[Plan, ...]:
    """Return the plans of these ids, or all if none is named; raises `PlanError` for every unknown id.

    Parameters
    ----------
    later
        Plans known only later, with a day on which to compare them: whoever asks for one is told how.
    """
    known = [plan.id for plan in case.plans]
    problems = [
        Problem(
            file="the command", column="plan", value=name, must=f"names a plan of {case.id}",
            mend=_when(name, later or {}) or nearest(name, known) or f"Known: {', '.join(known)}.",
        )
        for name in plan_ids
        if name not in known and name != NO_ZONE
    ]  # fmt: skip
    if problems:
        raise PlanError(problems)
    return tuple(plan for plan in case.plans if not plan_ids or plan.id in plan_ids)


def _when(name: str, later: Mapping[str, dt.date]) -> str:
    if name not in later:
        return ""
    return f"It became known after the case's last day; add --as-of {later[name]} to compare it in hindsight."


def save_record(
    findings: Findings,
    case_name: str,
    runs: Path,
    *,
    as_of: dt.date | None = None,
    movement: Movement | None = None,
) -> Path:
    """Write the record of a study and return its path; the same study has the same name.

    Parameters
    ----------
    as_of
        The later day the case was taken to, if it was.
    movement
        Whose rules moved people, and how draws were weighed; the case's own choice if not given.
    """
    manifest = findings.manifest
    content = {
        "case": case_name,
        "case_fingerprint": manifest["case_fingerprint"],
        "plans": [plan.id for plan in findings.plans],
        "members": manifest["members"],
        "days": manifest["days"],
        "seed": manifest["seed"],
        **({"scenario": manifest["scenario"]} if "scenario" in manifest else {}),
        **({"what_ifs": True} if "what_ifs" in findings.protection else {}),
        **({"as_of": as_of.isoformat()} if as_of is not None else {}),
        **({} if movement is None else {"movement": asdict(movement)}),
    }
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    path = runs / findings.case.id / f"study-{hashlib.sha256(text.encode()).hexdigest()[:8]}.json"
    write_text(path, text)
    return path


def again(path: Path, progress: Progress | None = None) -> Findings:
    """Gather a recorded study again from its finished work.

    Raises
    ------
    PlanError
        If the record cannot be read, or the case has changed since.
    """
    content = _read(path)
    case = _case(path, str(content["case"]), content.get("as_of"))
    if fingerprint(case) != content["case_fingerprint"]:
        _refuse(
            path, "case_fingerprint", "the case is unchanged since the study", "Run `asylia compare` again."
        )
    return compare(
        case,
        members=int(str(content["members"])),
        days=int(str(content["days"])),
        seed=int(str(content["seed"])),
        plans=chosen_plans(case, [str(name) for name in _listed(content["plans"])]),
        runs=path.parent.parent,
        progress=progress,
        scenario=str(content.get("scenario", "")),
        what_ifs=bool(content.get("what_ifs", False)),
        movement=_movement(path, content),
    )


def _case(path: Path, name: str, as_of: object) -> Case:
    folder = find_case(name)
    if as_of is None:
        return read_case(folder)
    try:
        return finish(read_draft_of(folder, dt.date.fromisoformat(str(as_of))))
    except ValueError:
        _refuse(path, "as_of", "is a day", "Run `asylia compare` again.")


def _movement(path: Path, content: Mapping[str, object]) -> Movement | None:
    """Take whose rules moved people out of a record; none if it names none."""
    found = content.get("movement")
    if found is None:
        return None
    movement = read_movement(found)
    if movement is None:
        _refuse(path, "movement", "is as `asylia compare` wrote it", "Run `asylia compare` again.")
    return movement


def _read(path: Path) -> dict[str, object]:
    must, mend = (
        "is a study file written by `asylia compare`",
        "Give the path that `asylia compare` printed last.",
    )
    try:
        if path.stat().st_size > LARGEST_RECORD:
            _refuse(path, "", must, mend)
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        _refuse(path, "", must, mend)
    if not isinstance(content, dict) or any(type(content.get(n)) is not kind for n, kind in FIELDS.items()):
        _refuse(path, "", must, mend)
    return {str(name): value for name, value in content.items()}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _refuse(path: Path, column: str, must: str, mend: str) -> NoReturn:
    raise PlanError([Problem(file=str(path), column=column, must=must, mend=mend)])
