"""The conductor: run every plan on the same luck, keep what is finished, and gather what was found."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from asylia import __version__
from asylia.core.errors import PlanError, Problem
from asylia.model.case import Case
from asylia.model.findings import Findings
from asylia.model.plan import NO_ZONE, Plan
from asylia.study.choose_executor import choose
from asylia.study.executors import Executor
from asylia.study.gather import gather
from asylia.study.members import Task, work
from asylia.study.outcome import Piece
from asylia.study.settings import Settings
from asylia.study.store import case_key, chunk_path, code_key, read_arrays, run_name, write_arrays

Progress = Callable[[int, int], None]
"""Told (finished, all) in histories: one plan for one member is one history."""

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

    Raises
    ------
    PlanError
        If a plan cannot stand on this case, the settings cannot be run, or the executor cannot be reached.
    """
    settings = check_settings(members, days if days is not None else case.days, seed)
    chosen = with_no_zone(case, case.plans if plans is None else plans)
    carrier = choose(executor, workers)
    if runs is not None:
        return _compare(case, chosen, settings, runs, carrier, progress)
    with tempfile.TemporaryDirectory(prefix="asylia-") as folder:
        return _compare(case, chosen, settings, Path(folder), carrier, progress)


def check_settings(members: int, days: int, seed: int) -> Settings:
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
    return Settings(members=members, days=days, seed=seed)


def with_no_zone(case: Case, plans: Sequence[Plan]) -> tuple[Plan, ...]:
    """Put `none` first; the others follow in the order of their ids, each once."""
    by_id = {plan.id: plan for plan in plans}
    own = [plan for plan in case.plans if plan.id == NO_ZONE]
    none = by_id.pop(NO_ZONE, own[0] if own else Plan.none())
    return (none, *(by_id[plan_id] for plan_id in sorted(by_id)))


def folders(case: Case, plans: Sequence[Plan], settings: Settings, runs: Path) -> dict[str, Path]:
    """Name the folder of each plan's finished work."""
    key, code = case_key(case), code_key(__version__)
    return {plan.id: runs / case.id / run_name(key, plan, settings, code) for plan in plans}


def missing(plans: Sequence[Plan], settings: Settings, where: Mapping[str, Path], case: Case) -> list[Task]:
    """List the pieces of work that are not finished yet."""
    tasks = []
    for members in settings.chunks:
        open_plans = tuple(p for p in plans if read_arrays(chunk_path(where[p.id], members)) is None)
        if open_plans:
            tasks.append(Task(case=case, plans=open_plans, settings=settings, members=members))
    return tasks


def keep(piece: Piece, where: Mapping[str, Path]) -> int:
    """Write a finished piece, one file a plan, each whole or not at all; returns the number of histories in it."""
    for plan, arrays in piece.plans.items():
        write_arrays(chunk_path(where[plan], piece.members), arrays)
    return len(piece.members) * len(piece.plans)


def _compare(
    case: Case,
    plans: tuple[Plan, ...],
    settings: Settings,
    runs: Path,
    executor: Executor,
    progress: Progress | None,
) -> Findings:
    where = folders(case, plans, settings, runs)
    tasks = missing(plans, settings, where, case)
    total = settings.members * len(plans)
    finished = total - sum(len(task.members) * len(task.plans) for task in tasks)
    if progress is not None:
        progress(finished, total)
    for piece in executor.map(work, tasks):
        finished += keep(piece, where)
        if progress is not None:
            progress(finished, total)
    return gather(case, plans, settings, where, runs / case.id)
