"""Ways to carry out pieces of work: one after another, or in several processes.

An executor is anything with `map(function, items)` that yields results in any order. Each piece writes its own
file, so what is finished stays finished when a worker dies.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Protocol, TypeVar

from asylia.core.errors import RunError

Item = TypeVar("Item")
Result = TypeVar("Result")


class Executor(Protocol):
    """What a study needs of an executor."""

    def map(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """Yield the result of each item, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class Serial:
    """One piece after another, in this process."""

    def map(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """Yield results in order."""
        return map(function, items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Processes:
    """Several processes on this machine.

    Processes are started afresh (`spawn`): a fork would copy the threads of polars half alive.
    """

    workers: int

    def map(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """Yield results as they come; raises `RunError` if a process is killed."""
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(max_workers=self.workers, mp_context=context) as pool:
            pending = [pool.submit(function, item) for item in items]
            try:
                for done in as_completed(pending):
                    yield done.result()
            except BrokenProcessPool as broken:
                raise RunError(
                    "A worker process was stopped from outside (often: not enough memory). What was finished is "
                    "kept. Run the same command again, perhaps with --workers 1."
                ) from broken
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


def choose(workers: int) -> Executor:
    """Return the executor for this number of workers."""
    return Serial() if workers <= 1 else Processes(workers=workers)
