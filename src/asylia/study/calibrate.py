"""Fit the rules of recorded conflicts to a pool of them, and to the pool without each in turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from asylia.core.errors import PlanError, Problem
from asylia.io.fitted_data import PoolConflict, read_hosts
from asylia.model.fitted import FittedDraws
from asylia.model.replay import Replay
from asylia.move.flee.observed import observe
from asylia.study.executors import Executor, Processes, Serial
from asylia.study.fit import FitCase
from asylia.study.fit_cases import fit_case
from asylia.study.sample import Effort, Fit, fit_pool
from asylia.study.skill import features_of

Progress = Callable[[int, int], None]
"""Told (finished, all) in fits."""
FEWEST: int = 3
"""Conflicts of a pool: two must be left when one is left out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """One fit: what a worker gets."""

    left_out: str
    capacities: bool
    cases: tuple[FitCase, ...]
    effort: Effort


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibrated:
    """One fit, as found."""

    left_out: str
    capacities: bool
    fit: Fit
    conflicts: tuple[str, ...]

    @property
    def draws(self) -> FittedDraws:
        """Its draws, as they are written."""
        return FittedDraws(
            names=self.fit.names, values=self.fit.values, left_out=self.left_out, capacities=self.capacities
        )


def calibrate(
    replays: Sequence[Replay],
    effort: Effort,
    *,
    leave_one_out: bool,
    workers: int = 1,
    progress: Progress | None = None,
) -> tuple[Calibrated, ...]:
    """Fit the rules without and with capacities: to all conflicts, and to all but each if asked.

    Raises
    ------
    PlanError
        If there are too few conflicts.
    """
    if len(replays) < FEWEST:
        raise PlanError([_too_few(len(replays))])
    tasks = list(_tasks(replays, effort, leave_one_out=leave_one_out))
    executor: Executor = Processes(workers=workers) if workers > 1 else Serial()
    found: dict[tuple[bool, str], Calibrated] = {}
    for one in executor.map(work, tasks):
        found[one.capacities, one.left_out] = one
        if progress is not None:
            progress(len(found), len(tasks))
    return tuple(found[task.capacities, task.left_out] for task in tasks)


def work(task: Task) -> Calibrated:
    """Do one fit; a worker calls this."""
    return Calibrated(
        left_out=task.left_out,
        capacities=task.capacities,
        fit=fit_pool(task.cases, task.effort),
        conflicts=tuple(case.name for case in task.cases),
    )


def pool_of(replays: Sequence[Replay]) -> tuple[PoolConflict, ...]:
    """Describe the conflicts of a pool, so that they are known again and others can be held against them."""
    return tuple(
        PoolConflict(name=replay.id.lower(), first=_date(replay.first), camps=replay.camps, features=features_of(replay))
        for replay in replays
    )  # fmt: skip


def _date(day: dt.date) -> str:
    return day.isoformat()


def _tasks(replays: Sequence[Replay], effort: Effort, *, leave_one_out: bool) -> Iterator[Task]:
    hosts = read_hosts()
    for capacities in (False, True):
        cases = tuple(fit_case(replay, observe(replay), hosts, capacities=capacities) for replay in replays)
        yield Task(left_out="", capacities=capacities, cases=cases, effort=effort)
        for case in cases if leave_one_out else ():
            rest = tuple(other for other in cases if other is not case)
            yield Task(left_out=case.name.lower(), capacities=capacities, cases=rest, effort=effort)


def _too_few(count: int) -> Problem:
    return Problem(
        file="the command", column="folders", value=str(count), must=f"names at least {FEWEST} recorded conflicts",
        mend="Name more folders: a population of conflicts cannot be told from fewer.",
    )  # fmt: skip
