"""What the contract tests share: one way to break a folder, what must be told, and the words for common breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from case_folders import append, replace_text

Break = Callable[[Path], object]


@dataclass(frozen=True)
class Fault:
    """One way to break a folder, and what must be said about it."""

    name: str
    do: Break
    file: str
    at: str = ""
    column: str = ""
    must: str = ""
    mend: str = ""


def swap(file: str, old: str, new: str) -> Break:
    return lambda folder: replace_text(folder, file, old, new)


def add(file: str, text: str) -> Break:
    return lambda folder: append(folder, file, text)


def write(file: str, data: bytes) -> Break:
    return lambda folder: (folder / file).write_bytes(data)
