"""Hold the arithmetic of consent against cases with a known answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from asylia.io.json_file import Entry, read_json
from asylia.study.known import Known
from asylia.study.known_bargains import known_domains, known_points
from asylia.study.known_graphs import known_graphs

SHAPES: Final[Mapping[str, Callable[[Entry], Iterator[Known]]]] = {
    "gmcr-cases/1": known_graphs,
    "analytic-bargaining/1": known_points,
    "bargaining/1": known_domains,
}
"""What a file says under `schema` -> who reads it."""


def validate_consent(files: Sequence[Path]) -> tuple[Known, ...]:
    """Answer every question of every case, in the order of the files.

    Raises
    ------
    CaseError
        At the first file that cannot be read, naming the part of it.
    """
    return tuple(known for path in files for known in _read(path))


def _read(path: Path) -> list[Known]:
    file = read_json(path)
    schema = file.part("schema")
    shape = SHAPES.get(schema.text())
    if shape is None:
        raise schema.wrong("names a shape that is known", f"Known: {', '.join(SHAPES)}.")
    found = list(shape(file))
    if not found:
        raise file.wrong("holds a case with a known answer", "Add one.")
    return found
