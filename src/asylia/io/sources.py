"""Hold every pointer of a case against the texts it points into, where somebody has them."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from asylia.core.errors import CaseError, Problem
from asylia.io.door import fail, read_text
from asylia.io.limits import SOURCE_BYTES, SOURCE_FILES
from asylia.model.actors import Pointer, Statement
from asylia.model.case import Case

FILE = "statements.toml"


def check_sources(case: Case, directory: Path) -> list[Problem]:
    """List pointers that do not stand where they say.

    A text is found by its SHA-256 in sources.csv, whatever its file is called. Offsets count characters of the text
    read as UTF-8 with universal newlines.
    """
    return check_pointers(case.statements, case.sources, directory)


def check_pointers(statements: Iterable[Statement], sources: pl.DataFrame, directory: Path) -> list[Problem]:
    """Do what `check_sources` does, with the parts of a case that may not pass as a whole."""
    if not directory.is_dir():
        raise fail(str(directory), "the folder of source texts is there", "Correct the path after --sources.")
    pointers = [
        (said, n, pointer)
        for said in statements
        for n, pointer in enumerate(said.evidence, start=1)
        if pointer.end
    ]
    named = {pointer.source for _, _, pointer in pointers}
    texts, problems = find_texts(sources, named, directory)
    for said, number, pointer in pointers:
        if pointer.source in texts:
            problems.extend(_check(said, number, pointer, texts[pointer.source]))
    return problems


def find_texts(
    sources: pl.DataFrame, named: set[str], directory: Path
) -> tuple[dict[str, str], list[Problem]]:
    """Read the text of each source that is pointed into, by id, and list those that are not in the folder.

    Parameters
    ----------
    sources
        Columns id and sha256.
    """
    rows = sources.filter(pl.col("id").is_in(sorted(named))).select("id", "sha256").sort("id")
    files = _by_checksum(directory)
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for source, checksum in rows.iter_rows():
        if checksum not in files:
            problems.append(_absent(source, checksum, directory, files))
            continue
        try:
            texts[source] = read_text(
                directory, files[checksum], most=SOURCE_BYTES, longest_line=SOURCE_BYTES
            )
        except CaseError as error:
            problems.extend(error.problems)
    return texts, problems


def _by_checksum(directory: Path) -> dict[str, str]:
    """Return the path of each ordinary file in a folder by the SHA-256 of its bytes."""
    paths: list[Path] = []
    for folder, below, names in os.walk(directory):
        below.sort()
        paths.extend(Path(folder) / name for name in sorted(names))
        if len(paths) > SOURCE_FILES:
            must = f"the folder of source texts holds at most {SOURCE_FILES:,} files"
            raise fail(str(directory), must, "Name the folder that holds the texts alone.")
    found: dict[str, str] = {}
    for path in paths:
        status = path.lstat()
        if stat.S_ISREG(status.st_mode) and status.st_size <= SOURCE_BYTES:
            with path.open("rb") as handle:
                checksum = hashlib.file_digest(handle, "sha256").hexdigest()
            found.setdefault(checksum, path.relative_to(directory).as_posix())
    return found


def _absent(source: str, checksum: str | None, directory: Path, files: Mapping[str, str]) -> Problem:
    if checksum is None:
        must, mend = "a source that is pointed into has a checksum", "`sha256sum FILE` prints it."
    else:
        must = f"a file with this checksum is in {directory.name}"
        near = [name for name in files.values() if source.casefold() in name.casefold()]
        mend = f'"{near[0]}" is another version of it.' if near else "Get the text as it was read, unchanged."
    return Problem(file="sources.csv", column=f"{source}.sha256", value=checksum or "", must=must, mend=mend)


def _check(said: Statement, number: int, pointer: Pointer, text: str) -> Iterator[Problem]:
    column = f"statements.{said.id}.evidence.{number}"
    if pointer.end > len(text):
        must = f"lies inside the text of {pointer.source}, which has {len(text):,} characters"
        span = f"{pointer.start} to {pointer.end}"
        yield Problem(file=FILE, column=column, value=span, must=must, mend="Count characters, not bytes.")
    elif _flat(pointer.words) not in _flat(text[pointer.start : pointer.end]):
        must = f"stands in characters {pointer.start} to {pointer.end} of {pointer.source}"
        yield Problem(file=FILE, column=column, value=pointer.words, must=must, mend=_where(pointer, text))


def _where(pointer: Pointer, text: str) -> str:
    places = _positions(pointer.words, text)
    if not places:
        return "These words do not stand in the text at all; copy them again."
    return f"They stand at character {' and '.join(str(place) for place in places[:3])}."


def _positions(words: str, text: str) -> Sequence[int]:
    places: list[int] = []
    start = text.find(words)
    while start >= 0 and len(places) < 3:
        places.append(start)
        start = text.find(words, start + 1)
    return places


def _flat(text: str) -> str:
    return " ".join(text.split())
