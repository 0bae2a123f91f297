"""Open one file of a case folder and trust nothing: not its name, its kind, its size or its bytes."""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from asylia.core.errors import CaseError, Problem, nearest
from asylia.io.limits import LINE_BYTES, MEGABYTE
from asylia.model.schemas import TABLES

CHUNK: Final = 1 << 16
ARCHIVES: Final = {
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"PK\x05\x06": "an empty zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
    b"SQLite format 3": "a database",
}
PARTS: Final = frozenset(
    {
        "case.toml",
        "actors.toml",
        "statements.toml",
        "boundaries.geojson",
        "plans",
        "hindcast",
        "replay",
        *(schema.file for schema in TABLES.values()),
    }
)
"""Names that mean something in a case folder."""

CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]")
"""Characters no text may hold: they hide, break or turn round what a reader sees."""


def read_text(folder: Path, name: str, *, most: int, longest_line: int = LINE_BYTES) -> str:
    r"""Read a UTF-8 file inside a folder, within bounds, with every line end as `\n` and no BOM.

    Nothing is decompressed and no link out of the folder is followed. Size and line length are checked while
    the bytes stream in, before the text is made.

    Parameters
    ----------
    name
        Path inside the folder, with `/` between its parts.
    most, longest_line
        Bounds in bytes.

    Raises
    ------
    CaseError
        With the one problem that kept the file from being read.
    """
    with _open(folder, name, most) as handle:
        data = b"".join(_bounded(name, handle, most, longest_line))
    _check_zeros(name, data)
    return _decode(name, data).replace("\r\n", "\n").replace("\r", "\n")


def exists(folder: Path, name: str) -> bool:
    """Say whether anything stands under this name, even a broken link."""
    return os.path.lexists(folder / name)


def listing(folder: Path) -> list[str]:
    """Return the names in a folder, sorted, without hidden ones; none if it cannot be read."""
    try:
        return sorted(one.name for one in folder.iterdir() if not one.name.startswith((".", "~")))
    except OSError:
        return []


def fail(
    file: str, must: str, mend: str, *, row: int | None = None, column: str = "", value: str = ""
) -> CaseError:
    """Make the error for one problem."""
    return CaseError([Problem(file=file, must=must, mend=mend, row=row, column=column, value=value)])


def _open(folder: Path, name: str, most: int) -> io.FileIO:
    if not exists(folder, name):
        raise fail(name, "the file is there", _missing(folder, name))
    path = _inside(folder, name)
    try:
        # NONBLOCK: a pipe must not keep us waiting; NOFOLLOW: the last step was resolved already.
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise fail(name, "the file can be read", f"The system says: {error.strerror}.") from error
    try:
        _check_kind(name, number, most)
    except CaseError:
        os.close(number)
        raise
    return io.FileIO(number, "rb")


def _inside(folder: Path, name: str) -> Path:
    mend = "Replace the link by the file itself."
    try:
        home = folder.resolve()
        path = (folder / name).resolve()
    except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself, before Python 3.13
        raise fail(name, "a link leads to a file", mend) from error
    if not path.is_relative_to(home):
        raise fail(name, "the file lies inside the case folder; a link out of it is not followed", mend)
    return path


def _missing(folder: Path, name: str) -> str:
    place = (folder / name).parent
    wanted = Path(name)
    present = [found for found in listing(place) if found not in PARTS]
    near = [found for found in present if Path(found).stem.casefold() == wanted.stem.casefold()]
    if near and Path(near[0]).suffix.casefold() in (".xlsx", ".xls", ".ods"):
        return f'Save "{near[0]}" as "CSV UTF-8" under the name {wanted.name}.'
    hint = f'Is it "{near[0]}"? Rename it.' if near else nearest(wanted.name, present)
    return hint or "Add it; `asylia new FOLDER` writes an example of every file."


def _check_kind(name: str, number: int, most: int) -> None:
    status = os.fstat(number)
    if not stat.S_ISREG(status.st_mode):
        raise fail(name, "is an ordinary file", "Folders, pipes and devices are not read.")
    if status.st_size > most:
        raise _too_large(name, status.st_size, most)


def _too_large(name: str, size: int, most: int) -> CaseError:
    found = f"it has {size / MEGABYTE:,.1f} MB"
    must = f"the file has at most {most / MEGABYTE:g} MB; {found}"
    return fail(name, must, "Leave out what the case does not need, or sum events by place and week.")


def _bounded(name: str, handle: io.FileIO, most: int, longest_line: int) -> Iterator[bytes]:
    size = length = 0
    line = 1
    while chunk := handle.read(CHUNK):
        if not size:
            _check_kind_of_bytes(name, chunk)
        size += len(chunk)
        if size > most:  # the file grew after its size was read
            raise _too_large(name, size, most)
        for index, piece in enumerate(chunk.split(b"\n")):
            length = len(piece) + (length if index == 0 else 0)
            line += index > 0
            if length > longest_line:
                must = f"a line has at most {longest_line:,} bytes"
                mend = "Is this the file you meant? If so, are the line ends gone?"
                raise fail(name, must, mend, row=line)
        yield chunk


def _check_kind_of_bytes(name: str, data: bytes) -> None:
    kind = next((words for start, words in ARCHIVES.items() if data.startswith(start)), "")
    suffix = Path(name).suffix.lstrip(".").upper()
    if kind:
        must = f"is a text file; this is {kind} and was not opened"
        raise fail(name, must, f'Open it where it came from and save it as "{suffix} UTF-8".')
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise fail(name, "is UTF-8 text; this is UTF-16", f'Save it again as "{suffix} UTF-8".', row=1)


def _check_zeros(name: str, data: bytes) -> None:
    zero = data.find(b"\x00")
    if zero >= 0:
        mend = "The file is damaged or is no text; save it again."
        raise fail(name, "holds no NUL byte", mend, row=data.count(b"\n", 0, zero) + 1)


def _decode(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        around = data[max(0, error.start - 10) : error.start + 10].decode("utf-8", errors="replace")
        mend = 'Save the file again as "UTF-8"; it seems to be in an older encoding.'
        raise fail(name, "is UTF-8 text", mend, row=line, value=around) from error
