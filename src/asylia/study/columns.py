"""Columns on disk: what is known of many members, written as members come and read back one quantity at a time.

A study holds a number of quantities for each member. Ranges are taken over members, one quantity after another, so all
members of one quantity must stand together: rows come in, columns go out. Rows are collected in a block of some
megabytes; a full block is turned on its side and written. A column is then one short read a block. So the memory needed
is that of one block and one column, whatever the number of members.

The file has no name: it is gone when the study ends, however it ends.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

BLOCK_BYTES: Final = 8_000_000
CELL_BYTES: Final = 8
"""Every cell is a 64-bit number, whole or not."""

Rows = Mapping[str, NDArray[np.generic]]
"""Quantities of some members: name -> int64 or float64 (member, ...)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Where one quantity stands among the cells of a member.

    Parameters
    ----------
    shape
        Axes of the quantity, without that of members.
    """

    first: int
    shape: tuple[int, ...]
    kind: np.dtype[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Quantities over members, on disk.

    Parameters
    ----------
    width
        Cells of one member.
    block
        Members of one block.
    """

    file: IO[bytes]
    members: int
    width: int
    block: int
    cells: Mapping[str, Cells]

    def column(self, name: str, *where: int) -> NDArray[Any]:
        """Read one quantity of every member, int64 or float64 (member,).

        Parameters
        ----------
        where
            One index for each axis of the quantity; counted from the end if negative.
        """
        cells = self.cells[name]
        inside = tuple(range(size)[index] for index, size in zip(where, cells.shape, strict=True))
        number = cells.first + (int(np.ravel_multi_index(inside, cells.shape)) if inside else 0)
        found = np.empty(self.members, dtype=cells.kind)
        for start in range(0, self.members, self.block):
            part = found[start : start + self.block]
            self.file.seek((start * self.width + number * part.size) * CELL_BYTES)
            self.file.readinto(part.data)  # type: ignore[attr-defined]  # a file opened to read bytes has it
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDisk(Mapping[str, NDArray[Any]]):
    """Columns by a name of one's own; each is read anew whenever it is asked for, and none is kept.

    Parameters
    ----------
    places
        Name -> where it stands, what it is called there, and its indices.
    """

    places: Mapping[str, tuple[Columns, str, tuple[int, ...]]]

    def __getitem__(self, name: str) -> NDArray[Any]:
        columns, quantity, where = self.places[name]
        return columns.column(quantity, *where)

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


@contextmanager
def lay_out(folder: Path, parts: Iterable[Rows]) -> Iterator[Columns]:
    """Write rows and give them back as columns, until the end of the `with`.

    Parameters
    ----------
    folder
        Where there is room: a temporary folder may be memory in disguise.
    parts
        Members in order, some at a time; the same quantities each time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        yield _write(file, parts)


def _write(file: IO[bytes], parts: Iterable[Rows]) -> Columns:
    cells: dict[str, Cells] = {}
    block = np.empty((0, 1), dtype=np.uint64)
    members = filled = 0
    for part in parts:
        if not cells:
            cells = _cells(part)
            width = sum(int(np.prod(each.shape)) for each in cells.values())
            block = np.empty((width, max(BLOCK_BYTES // (CELL_BYTES * max(width, 1)), 1)), dtype=np.uint64)
        rows = _flat(part, cells)
        members += len(rows)
        while len(rows):
            taken = rows[: block.shape[1] - filled]
            block[:, filled : filled + len(taken)] = taken.T
            filled, rows = filled + len(taken), rows[len(taken) :]
            if filled == block.shape[1]:
                file.write(block.tobytes())
                filled = 0
    file.write(block[:, :filled].tobytes())
    return Columns(file=file, members=members, width=len(block), block=block.shape[1], cells=cells)


def _cells(part: Rows) -> dict[str, Cells]:
    found, first = {}, 0
    for name, array in part.items():
        found[name] = Cells(first=first, shape=array.shape[1:], kind=array.dtype)
        first += int(np.prod(array.shape[1:]))
    return found


def _flat(part: Rows, cells: Mapping[str, Cells]) -> NDArray[np.uint64]:
    """Lay the quantities of some members side by side as 64 bits a cell, uint64 (member, cell)."""
    whole = [np.ascontiguousarray(part[name]).reshape(len(part[name]), -1) for name in cells]
    return np.concatenate([array.view(np.uint64) for array in whole], axis=1)
