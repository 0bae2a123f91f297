"""Executors by the names a user gives them."""

from __future__ import annotations

from typing import Final

from asylia.core.errors import PlanError, Problem, nearest
from asylia.study.executors import Executor, Processes, Serial

NAMES: Final = ("processes", "serial", "dask://HOST:PORT", "tls://HOST:PORT")


def choose(name: str, workers: int) -> Executor:
    """Return the executor of this name.

    Parameters
    ----------
    name
        `processes`, `serial`, or the address of a Dask scheduler: `dask://HOST:PORT`, `tls://HOST:PORT`.
    workers
        Processes on this machine; a cluster has its own.

    Raises
    ------
    PlanError
        If there is no executor of this name, or what it needs is not installed.
    """
    if name == "serial" or (name == "processes" and workers <= 1):
        return Serial()
    if name == "processes":
        return Processes(workers=workers)
    kind, separator, address = name.partition("://")
    if separator and kind in {"dask", "tls"} and address:
        # loaded late: Dask is an extra, and most studies do without
        from asylia.study.dask_executor import connectable  # noqa: PLC0415 -- see the line above

        return connectable(name)
    raise PlanError(
        [Problem(file="the command", column="executor", value=name, must=f"is one of {', '.join(NAMES)}",
                 mend=nearest(name, NAMES) or "Leave it out to use the processors of this machine.")]
    )  # fmt: skip
