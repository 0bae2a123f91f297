"""The one door to Dask: pieces of work carried out by the workers of a Dask cluster.

Dask does again what was lost with a worker, also a piece that was finished there and not yet fetched. Results come
back through the scheduler, so workers need nothing but Asylia: no folder in common, no open way to this machine. This
side listens on no port.

A worker that runs other code would give other numbers and nobody would see it. So every piece says by which code it was
asked for, and a worker that has another refuses it.
"""

from __future__ import annotations

import functools
import platform
import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import uuid4

from asylia import __version__
from asylia.core.errors import PlanError, Problem, RunError
from asylia.study.executors import AHEAD
from asylia.study.store import code_key

if TYPE_CHECKING:
    from distributed import Client

Item = TypeVar("Item")
Result = TypeVar("Result")

CONNECT_S: Final = 15.0
"""Longest time to reach a scheduler, and to see a first worker."""

PATIENCE_S: Final = 300.0
"""Longest time without any worker before a study gives up."""

MAKERS: Final = ("numpy", "scipy", "numba", "polars")


class OtherCodeError(Exception):
    """A worker runs other code than the study."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dask:
    """The workers of a Dask cluster.

    Parameters
    ----------
    address
        As the user gave it: `dask://HOST:PORT`, or `tls://HOST:PORT` with certificates from Dask's own settings.
    patience_s
        Longest time without any worker.
    """

    address: str
    connect_s: float = CONNECT_S
    patience_s: float = PATIENCE_S

    def map(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """Yield results as they come.

        Raises
        ------
        PlanError
            If the scheduler or a worker cannot be reached, or runs other code.
        RunError
            If the cluster is lost on the way.
        """
        if not items:
            return
        with self._client() as client:
            yield from self._fetch(client, function, items)

    def _fetch(
        self, client: Client, function: Callable[[Item], Result], items: Sequence[Item]
    ) -> Iterator[Result]:
        name, code = f"asylia-{uuid4().hex}", code_in_use()
        waiting = enumerate(items)
        done: queue.Queue[Any] = queue.Queue()
        pending: dict[Any, Any] = {}
        while True:
            most = AHEAD * max(_threads(client), 1)
            for number, item in islice(waiting, max(most - len(pending), 0)):
                future = client.submit(carry_out, function, item, code, key=f"{name}-{number}", pure=False)
                pending[future.key] = future
                future.add_done_callback(done.put)  # type: ignore[no-untyped-call]  # Dask's are half typed
            if not pending:
                return
            future = self._patiently(client, done.get)
            del pending[future.key]
            yield self._result(client, future)
            # a result that was fetched is forgotten on the worker
            del future

    def _patiently(self, client: Client, ask: Callable[..., Any]) -> Any:
        """Ask until there is an answer; a cluster without any worker is not waited for without end."""
        while True:
            try:
                return ask(timeout=self.patience_s)
            except (queue.Empty, TimeoutError):
                if not _threads(client):
                    raise RunError(
                        f"The cluster at {self.address} has had no worker for {self.patience_s:.0f} seconds. What was "
                        "finished is kept. Start workers and run the same command again."
                    ) from None

    def _result(self, client: Client, future: Any) -> Any:
        """Fetch a result; one that was lost with its worker before it was fetched is made again."""
        try:
            return self._patiently(client, future.result)
        except OtherCodeError as other:
            raise self._refused(str(other), *_SAME) from other
        except ImportError as missing:
            raise self._refused(f"a worker or the scheduler says: {missing}", *_SAME) from missing
        except CancelledError as lost:
            raise self._lost("the scheduler dropped the work or was stopped") from lost
        except OSError as lost:
            raise self._lost(str(lost) or type(lost).__name__) from lost
        except _killed() as lost:
            raise self._lost("the same piece ended worker after worker (often: not enough memory)") from lost

    def _lost(self, what: str) -> RunError:
        return RunError(
            f"The cluster at {self.address} was lost on the way: {what}. What was finished is kept. Look at the "
            "scheduler and its workers, and run the same command again."
        )

    def _refused(self, found: str, must: str, mend: str) -> PlanError:
        must = f"{must} ({found})"
        return PlanError(
            [Problem(file="the command", column="executor", value=self.address, must=must, mend=mend)]
        )

    @contextmanager
    def _client(self) -> Iterator[Client]:
        """Connect, and see that there is somebody to work; both within a bounded time."""
        from distributed import Client  # noqa: PLC0415 -- an extra, loaded when it is asked for

        scheme = "tls" if self.address.startswith("tls://") else "tcp"
        target = f"{scheme}://{self.address.partition('://')[2]}"
        try:
            client = Client(target, timeout=self.connect_s, set_as_default=False)  # type: ignore[no-untyped-call]  # as above
        except (OSError, ValueError, TypeError) as error:
            mend = (
                "Start one with `dask scheduler`, and look at host, port and firewall; for tls:// also at the "
                "certificates in Dask's settings."
            )
            must = f"is a Dask scheduler that answers within {self.connect_s:.0f} seconds"
            raise self._refused(_first_line(error), must, mend) from error
        with client:
            self._await_worker(client)
            yield client

    def _await_worker(self, client: Client) -> None:
        try:
            client.wait_for_workers(1, timeout=self.connect_s)
        except TimeoutError as error:
            host = self.address.partition("://")[2]
            raise self._refused(
                "no worker",
                "has at least one worker",
                f"Start one where Asylia is installed: `dask worker tcp://{host} --nthreads 1 --nworkers auto`.",
            ) from error


_SAME: Final = (
    "runs the same code as this machine",
    'Install the same "asylia[cluster]", with the same locks, on the scheduler and on every worker.',
)


def connectable(address: str) -> Dask:
    """Return the executor for an address; raises `PlanError` if Dask is not installed."""
    if find_spec("distributed") is None:
        raise PlanError(
            [Problem(file="the command", column="executor", value=address, must="needs Dask, which is not installed",
                     mend='Install it: pip install "asylia[cluster]".')]
        )  # fmt: skip
    return Dask(address=address)


@functools.cache
def code_in_use() -> str:
    """Name the code that makes the numbers here: ours, Python's and the libraries'."""
    libraries = [f"{name} {version(name)}" for name in MAKERS]
    python = ".".join(platform.python_version_tuple()[:2])
    return ", ".join(
        [f"Asylia {__version__} with code {code_key(__version__)}", f"Python {python}", *libraries]
    )


def carry_out(function: Callable[[Item], Result], item: Item, code: str) -> Result:
    """Carry out one piece on a worker; raises `OtherCodeError` if the worker would give other numbers."""
    here = code_in_use()
    if here != code:
        theirs, ours = here.split(", "), code.split(", ")
        apart = [name for name in theirs if name not in ours], [name for name in ours if name not in theirs]
        raise OtherCodeError(f"a worker has {', '.join(apart[0])}; this machine has {', '.join(apart[1])}")
    return function(item)


def _threads(client: Client) -> int:
    """Count what can work at the same time."""
    workers = client.scheduler_info(n_workers=-1)["workers"]
    return sum(int(worker["nthreads"]) for worker in workers.values())


def _killed() -> type[Exception]:
    from distributed import KilledWorker  # noqa: PLC0415 -- an extra, loaded when it is asked for

    return KilledWorker


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
