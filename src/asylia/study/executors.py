"""Ways to carry out pieces of work: one after another, in several processes, or on a cluster.

An executor is anything with `map(function, items)` that yields results in any order. Three things hold of each of them:
work lost with a worker is done again, only a few pieces are under way at once, and no worker needs a folder in common
with the study: results come back, and who asked for them writes them down.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from threading import Thread
from typing import Final, Protocol, TypeVar

from asylia.core.errors import RunError

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD: Final = 2
"""Pieces under way or waiting, for each worker: enough to keep it busy, and no more in memory."""

MOST_LOSSES: Final = 3
"""Times in a row that workers may be killed before any of them has finished a piece."""


class Executor(Protocol):
    """What a study needs of an executor."""

    def map(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """Yield the result of each item once, in any order."""
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

    Processes are started afresh (`spawn`): a fork would copy the threads of polars half alive. They end with the process
    that started them, even if that one is killed.
    """

    workers: int

    def map(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """Yield results as they come; what a killed process was at is done again in fresh ones.

        Raises
        ------
        RunError
            If processes are killed again and again and nothing is finished in between.
        """
        left = dict(enumerate(items))
        losses = 0
        while left:
            before = len(left)
            try:
                for number, result in self._pool(function, left):
                    del left[number]
                    yield result
            except BrokenProcessPool as broken:
                losses = losses + 1 if len(left) == before else 1
                if losses >= MOST_LOSSES:
                    raise RunError(
                        f"Worker processes were stopped from outside {losses} times in a row (often: not enough "
                        "memory). What was finished is kept. Run the same command again, perhaps with --workers 1."
                    ) from broken

    def _pool(
        self, function: Callable[[Item], Result], items: Mapping[int, Item]
    ) -> Iterator[tuple[int, Result]]:
        waiting = iter(list(items.items()))
        workers = min(self.workers, len(items))
        pending: dict[Future[Result], int] = {}
        pool = ProcessPoolExecutor(
            max_workers=workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_end_with_parent,
        )
        try:
            while True:
                for number, item in islice(waiting, AHEAD * workers - len(pending)):
                    pending[pool.submit(function, item)] = number
                if not pending:
                    return
                done, _ = wait(pending, return_when=FIRST_COMPLETED)
                # whole ones first: what is finished counts, even if another was lost at the same moment
                for future in sorted(done, key=lambda each: each.exception() is not None):
                    yield pending.pop(future), future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _end_with_parent() -> None:
    """Let a worker process end when the study is killed; it would wait for work for ever."""
    Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGKILL)
