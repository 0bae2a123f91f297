"""The conductor: run every plan on the same luck, keep what is finished, and gather what was found."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from asylia import __version__
from asylia.core.errors import PlanError, Problem
from asylia.model.case import Case, fingerprint
from asylia.model.findings import Findings
from asylia.model.plan import NO_ZONE, Plan
from asylia.model.what_if import KINDS, WhatIf
from asylia.study.choose_executor import choose
from asylia.study.coding import guards
from asylia.study.executors import Executor
from asylia.study.gather import gather
from asylia.study.members import Task, work
from asylia.study.movement import Movement, own_rules
from asylia.study.outcome import Piece
from asylia.study.settings import Settings
from asylia.study.store import case_key, chunk_path, code_key, read_arrays, run_name, write_arrays
from asylia.study.unasked import few, table, trials
from asylia.study.what_ifs import find, switched

Progress = Callable[[int, int], None]
"""Told (finished, all) in histories: one plan for one member is one history."""


class Study(NamedTuple):
    """What is compared: the case as it was read, and case, plans and scenario as the scenario leaves them."""

    original: Case
    case: Case
    plans: tuple[Plan, ...]
    what_if: WhatIf | None
    word: str
    tries: bool = False


MOST_MEMBERS = 1_000_000
MOST_DAYS = 3660


def compare(  # noqa: PLR0913 -- the one public call; all but the case are named and have a default
    case: Case,
    *,
    members: int = 200,
    days: int | None = None,
    seed: int = 1,
    plans: Sequence[Plan] | None = None,
    workers: int = 1,
    executor: str = "processes",
    runs: Path | None = None,
    progress: Progress | None = None,
    scenario: str = "",
    what_ifs: bool = False,
    movement: Movement | None = None,
) -> Findings:
    """Compare plans with no zone, on common random numbers.

    Parameters
    ----------
    members
        Draws of everything uncertain.
    days
        Length of the simulation; the case's own length if not given.
    plans
        Which plans; those of the case if not given. `none` is always added.
    workers
        Processes on this machine. The result does not depend on it.
    executor
        `processes`, `serial`, or the address of a Dask scheduler, `dask://HOST:PORT`. Nor on this.
    runs
        Folder where finished work is kept and found again; a temporary one if not given.
    scenario
        A scenario to switch on, on the same luck: its id in the case, or KIND=YYYY-MM-DD (`model.what_if.KINDS`).
    what_ifs
        Try the plans against the scenarios of `study.unasked` as well, with few members; not under a scenario.
    movement
        Whose rules move people, and counts that were taken in; the case's own choice if not given.

    Raises
    ------
    PlanError
        If a plan cannot stand on this case, the settings cannot be run, or the executor cannot be reached.
    """
    settings = check_settings(
        members, days if days is not None else case.days, seed, movement or own_rules(case)
    )
    chosen = with_no_zone(case, case.plans if plans is None else plans)
    what_if = find(case, scenario) if scenario else None
    study = Study(case, *switched(case, chosen, what_if), scenario, what_ifs and what_if is None)
    carrier = choose(executor, workers)
    if runs is not None:
        return _compare(study, settings, runs, carrier, progress)
    with tempfile.TemporaryDirectory(prefix="asylia-") as folder:
        return _compare(study, settings, Path(folder), carrier, progress)


def check_settings(members: int, days: int, seed: int, movement: Movement) -> Settings:
    """Check what was asked for; raises `PlanError` with every fault."""
    problems = [
        Problem(file="the command", column=name, value=str(value), must=f"is a whole number from {low} to {high:,}",
                mend="Choose a number in that range.")
        for name, value, low, high in (
            ("members", members, 1, MOST_MEMBERS),
            ("days", days, 7, MOST_DAYS),
            ("seed", seed, 0, 2**63 - 1),
        )
        if not low <= value <= high
    ]  # fmt: skip
    if problems:
        raise PlanError(problems)
    return Settings(members=members, days=days, seed=seed, movement=movement)


def with_no_zone(case: Case, plans: Sequence[Plan]) -> tuple[Plan, ...]:
    """Put `none` first; the others follow in the order of their ids, each once."""
    by_id = {plan.id: plan for plan in plans}
    own = [plan for plan in case.plans if plan.id == NO_ZONE]
    none = by_id.pop(NO_ZONE, own[0] if own else Plan.none())
    return (none, *(by_id[plan_id] for plan_id in sorted(by_id)))


def folders(
    case: Case, plans: Sequence[Plan], settings: Settings, runs: Path, what_if: WhatIf | None = None
) -> dict[str, Path]:
    """Name the folder of each plan's finished work.

    A prior is part of the name of those plans alone that it moves: another prior leaves the work of the others as it is.
    """
    key, code = case_key(case), code_key(__version__)
    return {
        plan.id: runs / case.id / run_name(key, plan, settings, code, pressing(case, plan, what_if))
        for plan in plans
    }


def pressing(case: Case, plan: Plan, what_if: WhatIf | None) -> str:
    """Fingerprint what presses on a plan: the scenario, and the case's own priors of the modifiers that can move it."""
    moved = {
        name for found in guards(case, plan, what_if).values() for each in found for name in each.modifiers
    }
    own = {name: prior for name, prior in case.modifiers.items() if name in moved}
    return fingerprint({"priors": own, "scenario": what_if}) if own or what_if is not None else ""


def missing(
    plans: Sequence[Plan],
    settings: Settings,
    where: Mapping[str, Path],
    case: Case,
    what_if: WhatIf | None = None,
) -> list[Task]:
    """List the pieces of work that are not finished yet."""
    tasks = []
    for members in settings.chunks:
        open_plans = tuple(p for p in plans if read_arrays(chunk_path(where[p.id], members)) is None)
        if open_plans:
            # the names of the folders tell case, plans, priors and code apart
            key = "|".join(where[plan.id].name for plan in open_plans)
            tasks.append(
                Task(
                    case=case, plans=open_plans, settings=settings, members=members, what_if=what_if, key=key
                )
            )
    return tasks


def keep(piece: Piece, where: Mapping[str, Path]) -> int:
    """Write a finished piece, one file a plan, each whole or not at all; returns the number of histories in it."""
    for plan, arrays in piece.plans.items():
        write_arrays(chunk_path(where[plan], piece.members), arrays)
    return len(piece.members) * len(piece.plans)


def _compare(
    study: Study, settings: Settings, runs: Path, executor: Executor, progress: Progress | None
) -> Findings:
    case, plans = study.case, study.plans
    where = folders(case, plans, settings, runs, study.what_if)
    tried = trials(case, plans, settings) if study.tries else ()
    under = [folders(one.case, one.plans, few(settings), runs, one.what_if) for one in tried]
    tasks = [(0, task) for task in missing(plans, settings, where, case, study.what_if)]
    for number, (one, room) in enumerate(zip(tried, under, strict=True), start=1):
        left = missing(one.plans, few(settings), room, one.case, one.what_if)
        tasks += [(number, task) for task in left]
    total = settings.members * len(plans) + few(settings).members * len(plans) * len(tried)
    finished = total - sum(len(task.members) * len(task.plans) for _, task in tasks)
    if progress is not None:
        progress(finished, total)
    for number, piece in executor.map(work_numbered, tasks):
        finished += keep(piece, under[number - 1] if number else where)
        if progress is not None:
            progress(finished, total)
    found = gather(case, plans, settings, where, runs / case.id, study.what_if)
    if tried:
        beside = table(tried, plans, settings, where, under)
        found = replace(found, protection={**found.protection, "what_ifs": beside})
    return found if study.what_if is None else _told(found, study)


def work_numbered(item: tuple[int, Task]) -> tuple[int, Piece]:
    """Carry out a piece of work and say which study it is of: 0 for the comparison, else a trial."""
    return item[0], work(item[1])


def _told(found: Findings, study: Study) -> Findings:
    """Say in the findings which scenario was switched on; the record holds the case as it was read."""
    what_if = study.what_if
    if what_if is None:
        return found
    said = f"Scenario switched on: {what_if.title}. {KINDS[what_if.kind]}"
    manifest = {
        **found.manifest,
        "case_fingerprint": fingerprint(study.original),
        "scenario": study.word,
        "command": f"{found.manifest['command']} --scenario {study.word}",
    }
    case = replace(
        found.case, title=f"{found.case.title} ({what_if.title})", limits=(said, *found.case.limits)
    )
    return replace(found, manifest=manifest, case=case)
