"""Where runs live: one folder per plan, named after everything its numbers depend on.

The name is made from the fingerprints of case and plan, the seed, the days and the version, so unchanged work is not
repeated and a killed run resumes. A file is written whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asylia.model.case import Case, fingerprint
from asylia.model.plan import Plan
from asylia.study.settings import Settings

Arrays = Mapping[str, NDArray[np.generic]]


def case_key(case: Case) -> str:
    """Fingerprint what every plan's numbers depend on: the case without its plans."""
    return fingerprint(replace(case, plans=(), limits=(), licences=()))


def run_name(key: str, plan: Plan, settings: Settings, version: str) -> str:
    """Name the folder of one plan's runs."""
    text = "|".join((key, fingerprint(plan), str(settings.seed), str(settings.days), version))
    return f"{plan.id}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def chunk_path(folder: Path, members: range) -> Path:
    """Name the file of one piece of work."""
    return folder / f"members-{members.start:06d}-{members.stop:06d}.npz"


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write arrays to one file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-", suffix=".npz")
    try:
        with os.fdopen(handle, "wb") as stream:
            plain: dict[str, Any] = dict(arrays)
            np.savez(stream, **plain)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def read_arrays(path: Path) -> dict[str, NDArray[np.generic]] | None:
    """Read one piece of work; `None` if it is not there or was damaged, and then it is done again."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
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
