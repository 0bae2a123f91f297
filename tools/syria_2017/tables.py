"""Reading and writing the small tables that maintainers keep by hand."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

Row = dict[str, str]

TABLES = Path(__file__).parent / "tables"


def rows(name: str, *, folder: Path = TABLES) -> list[Row]:
    """Read a CSV table; every cell is text, blank where there is nothing."""
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [{key: value or "" for key, value in row.items()} for row in csv.DictReader(file)]


def write(path: Path, columns: Sequence[str], found: Sequence[Mapping[str, object]]) -> None:
    """Write a CSV table with Unix line ends, columns in this order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: row[name] for name in columns} for row in found)
