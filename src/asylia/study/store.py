"""Where runs live: one folder per plan, named after everything its numbers depend on.

The name is made from the fingerprints of case and plan, the seed, the days, and the code and tables that make the numbers,
so unchanged work is not repeated, a killed run resumes, and a changed engine never answers with the numbers of the old one.
A file is written whole or not at all, and only by who asked for the work: workers send arrays and need no folder in common.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from asylia.model.case import Case, fingerprint
from asylia.model.plan import Plan
from asylia.study.settings import Settings

Arrays = Mapping[str, NDArray[np.generic]]
MAKE_NUMBERS = (
    "core",
    "model",
    "threat",
    "move",
    "need",
    "audit",
    "study",
    "data/standards",
    "data/precedents",
    "data/fitted",
)
"""Parts of the package on which the kept numbers depend."""


# asked for by every trial of a study, and the rows of a case take half a second to write down
@lru_cache(maxsize=4)
def case_key(case: Case) -> str:
    """Fingerprint what every plan's numbers depend on: the case without its plans, priors and scenarios."""
    return fingerprint(replace(case, plans=(), limits=(), licences=(), modifiers={}, scenarios=()))


def code_key(version: str) -> str:
    """Fingerprint the version, and the code and tables that make the numbers.

    A checkout changes between versions; a version alone would bring back numbers of code that is gone.
    """
    found = hashlib.sha256(version.encode())
    for part in MAKE_NUMBERS:
        for name, content in sorted(_files(files("asylia") / part, part)):
            found.update(name.encode() + b"\0" + content)
    return found.hexdigest()[:16]


def _files(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{name}/{entry.name}")
        elif entry.name.endswith((".py", ".csv", ".toml")):
            yield f"{name}/{entry.name}", entry.read_bytes()


def run_name(key: str, plan: Plan, settings: Settings, code: str, pressed: str = "") -> str:
    """Name the folder of one plan's runs.

    Parameters
    ----------
    pressed
        Fingerprint of the scenario and of the priors that move this plan; empty for neither.
    """
    text = "|".join(
        (
            key,
            fingerprint(plan),
            str(settings.seed),
            str(settings.days),
            code,
            *filter(None, [pressed, settings.movement.key]),
        )
    )
    return f"{plan.id}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def chunk_path(folder: Path, members: range) -> Path:
    """Name the file of one piece of work."""
    return folder / f"members-{members.start:06d}-{members.stop:06d}.npz"


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write arrays of the same members to one file, whole or not at all.

    They stand side by side as the fields of one table: a study of many members reads some ten thousand files, and one
    table is read ten times as fast as twenty arrays.
    """
    members = len(next(iter(arrays.values())))
    table = np.empty(members, dtype=[(name, array.dtype, array.shape[1:]) for name, array in arrays.items()])
    for name, array in arrays.items():
        table[name] = array
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-", suffix=".npz")
    try:
        with os.fdopen(handle, "wb") as stream:
            np.savez(stream, members=table)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def read_arrays(path: Path) -> dict[str, NDArray[np.generic]] | None:
    """Read one piece of work; `None` if it is not there or was damaged, and then it is done again."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            table = stored["members"]
            return {name: np.ascontiguousarray(table[name]) for name in table.dtype.names}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
        return None


def write_text(path: Path, text: str) -> None:
    """Write a text file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
