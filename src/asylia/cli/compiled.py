"""Where compiled code is kept when neither the installation nor the home folder can be written."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import Final

import asylia

VARIABLE: Final = "NUMBA_CACHE_DIR"


def keep_compiled() -> None:
    """Name a folder for compiled code if the usual ones cannot be written: without any, nothing that is compiled loads.

    Call it before numba is imported. The folder belongs to the user alone, for what lies in it is run.
    """
    if os.environ.get(VARIABLE) or _can_write(Path(asylia.__file__).parent) or _can_write(_home()):
        return
    folder = Path(tempfile.gettempdir()) / f"asylia-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        os.environ[VARIABLE] = str(folder) if _is_private(folder) else tempfile.mkdtemp(prefix="asylia-")
    except OSError:
        return  # nothing can be written at all; numba says so


def _can_write(folder: Path | None) -> bool:
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return folder is not None and os.access(folder, os.W_OK)


def _home() -> Path | None:
    """Return the user's folder for caches; none if the user has no home."""
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        return None


def _is_private(folder: Path) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
