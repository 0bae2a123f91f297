"""Hold the search for sites against problems of the literature whose best plan is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from asylia.core.errors import CaseError, Problem
from asylia.io.orlib import read_instance, read_optima
from asylia.model.siting import Certificate
from asylia.siting.named import solve

CLOSE: Final = 1e-6
"""Relative difference at which two values are the same: files give optima to three decimals."""

OPTIMA: Final = ("pmedopt.txt", "capopt.txt", "opt.txt")
ENDINGS: Final = ("", ".txt", ".gz", ".txt.gz")


@dataclass(frozen=True, slots=True, kw_only=True)
class SitingScore:
    """One problem, what was found and what is known.

    Parameters
    ----------
    known
        Value of the best plan as published beside the file; `None` if it is not known.
    """

    name: str
    kind: str
    open_sites: int
    certificate: Certificate
    known: float | None

    @property
    def proved(self) -> bool:
        """Whether the plan is proved to be best."""
        return self.certificate.gap <= CLOSE

    @property
    def ok(self) -> bool:
        """Whether nothing contradicts what is known: no plan below it, no bound above it."""
        if self.known is None:
            return True
        slack = CLOSE * abs(self.known)
        return self.certificate.value >= self.known - slack and self.certificate.bound <= self.known + slack


def validate_siting(
    paths: Sequence[Path], *, capacity: float | None = None, seconds: float = 600.0
) -> Iterator[SitingScore]:
    """Solve each problem in turn.

    Parameters
    ----------
    paths
        Files or folders; `NAME:NUMBER` gives the number for the word `capacity` in that file.
    capacity
        The same for all files.
    seconds
        Most time for each.

    Raises
    ------
    CaseError
        At the first file that cannot be read.
    """
    for path, own in [found for given in paths for found in _files(given)]:
        number = capacity if own is None else own
        instance = read_instance(path, capacity=number)
        answer = solve(instance.problem, seconds=seconds)
        name = instance.name if number is None else f"{instance.name}:{number:g}"
        yield SitingScore(
            name=name,
            kind=instance.kind,
            open_sites=answer.open_sites.size,
            certificate=answer.certificate,
            known=None if number is not None else _known(path, instance.name),
        )


def _files(path: Path) -> list[tuple[Path, float | None]]:
    if path.is_dir():
        found = [file for file in path.rglob("*") if file.is_file() and _is_problem(file.name)]
        if not found:
            raise _missing(path, "holds a problem file, .txt or .gz")
        return [(file, None) for file in sorted(found, key=_natural)]
    name, mark, number = path.name.partition(":")
    for ending in ENDINGS:
        if (file := path.with_name(name + ending)).is_file():
            return [(file, _capacity(path, number) if mark else None)]
    raise _missing(path, "is a file or a folder")


def _is_problem(name: str) -> bool:
    return name.endswith((".txt", ".gz")) and not name.split(".", maxsplit=1)[0].endswith("opt")


def _natural(path: Path) -> tuple[str, list[tuple[int, str]]]:
    parts = re.findall(r"\d+|\D+", path.name)
    return str(path.parent), [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def _capacity(path: Path, number: str) -> float:
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", number):
        must = "a capacity after the colon is a number"
        raise CaseError([Problem(file=path.name, must=must, mend="Write it like capa:8000.", value=number)])
    return float(number)


def _missing(path: Path, must: str) -> CaseError:
    return CaseError([Problem(file=path.name or str(path), must=must, mend="Check the path.")])


def _known(path: Path, name: str) -> float | None:
    for file in OPTIMA:
        value = read_optima(path.with_name(file)).get(name)
        if value is not None:
            return value
    return None
