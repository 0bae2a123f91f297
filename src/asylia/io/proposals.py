"""Read articles, write proposed statements, and change one statement of a file at a time.

A file of proposals holds the statements in the form of `statements.toml`, and beside them why each was suggested. Changing a
statement rewrites its own entry and nothing else: comments and all other entries stay as they are, to the byte.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import polars as pl

from asylia.core.errors import CaseError
from asylia.core.tables import ID
from asylia.io.boundary import StatementEntry
from asylia.io.boundary_errors import entries
from asylia.io.door import fail, read_text
from asylia.io.limits import MEGABYTE, SOURCE_BYTES, TOML_BYTES
from asylia.io.sources import find_texts
from asylia.io.toml_file import read_toml
from asylia.io.toml_text import to_toml
from asylia.io.writing import plain
from asylia.model.actors import Statement

ARTICLE_BYTES: Final = MEGABYTE // 2
HEADER: Final = """\
# Proposed from news text by rules. Nothing here decides anything until a person confirms it:
#   asylia consent confirm FILE
# The texts are not kept: offsets are characters of the text read as UTF-8 with universal newlines.

"""
_ENTRY: Final = re.compile(r"^\[\[[ \t]*statements[ \t]*\]\][ \t]*(?:#.*)?$", re.MULTILINE)
_OTHER: Final = re.compile(r"^(?!\[\[?[ \t]*statements\b)\[", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFile:
    """An article as read from a file: its id, its checksum and its text."""

    id: str
    file: str
    sha256: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFile:
    """A file with statements, as it stands on disk.

    Parameters
    ----------
    suggestions
        Why each statement was proposed, by its id; none in the file of a case.
    articles
        Rows of `[[articles]]`: id, file, sha256.
    """

    path: Path
    text: str
    statements: tuple[Statement, ...]
    suggestions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    articles: tuple[Mapping[str, Any], ...] = ()


def read_article(path: Path) -> ArticleFile:
    """Read a text file as offsets count it; its id is the name of the file, as far as an id can hold it."""
    text = read_text(path.parent, path.name, most=ARTICLE_BYTES, longest_line=ARTICLE_BYTES)
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-._")[:60]
    checksum = _checksum(path)
    name = stem if ID.fullmatch(stem) else f"article-{checksum[:8]}"
    return ArticleFile(id=name, file=path.name, sha256=checksum, text=text)


def write_proposals(
    path: Path,
    articles: Sequence[ArticleFile],
    statements: Sequence[Statement],
    suggestions: Sequence[Mapping[str, object]],
) -> None:
    """Write a new file of proposals, whole or not at all; a file that is there is never overwritten."""
    if os.path.lexists(path):
        raise fail(
            str(path), "the file does not exist yet", "Choose another name; decisions may stand in it."
        )
    told = [{"id": one.id, "file": one.file, "sha256": one.sha256} for one in articles]
    parts = [to_toml({"articles": told})] if told else []
    parts += [_entry_text(_as_table(one)) for one in statements]
    parts += [to_toml({"suggestions": list(suggestions)})] if suggestions else []
    _put(path, HEADER + "\n".join(parts))


def read_statements(path: Path) -> StatementFile:
    """Read a file of proposals, or the `statements.toml` of a case.

    Raises
    ------
    CaseError
        With every problem of its statements.
    """
    file = read_toml(path.parent, path.name)
    found, problems = entries(file, "statements", StatementEntry)
    if problems:
        raise CaseError(problems)
    text = read_text(path.parent, path.name, most=TOML_BYTES)
    suggestions = {
        str(one["statement"]): one for one in _tables(file.items("suggestions")) if "statement" in one
    }
    return StatementFile(
        path=path,
        text=text,
        statements=tuple(one.noun for one in found),
        suggestions=suggestions,
        articles=tuple(_tables(file.items("articles"))),
    )


def texts_of(held: StatementFile, directory: Path | None) -> dict[str, str]:
    """Find the texts of the articles of a file of proposals, by id: in a folder by checksum, or beside the file by name.

    Parameters
    ----------
    directory
        Folder to search; if none is given, the file itself must lie beside the proposals.
    """
    rows = [
        {"id": str(one.get("id", "")), "sha256": str(one.get("sha256", "")), "file": str(one.get("file", ""))}
        for one in held.articles
    ]
    frame = pl.DataFrame(rows, schema={"id": pl.String, "sha256": pl.String, "file": pl.String})
    if directory is not None:
        return find_texts(frame, set(frame["id"].to_list()), directory)[0]
    texts = {}
    for row in rows:
        path = held.path.parent / Path(row["file"]).name
        if path.is_file() and path.stat().st_size <= SOURCE_BYTES and _checksum(path) == row["sha256"]:
            texts[row["id"]] = read_text(path.parent, path.name, most=SOURCE_BYTES, longest_line=SOURCE_BYTES)
    return texts


def save_statement(held: StatementFile, statement: Statement) -> StatementFile:
    """Put one changed statement into its file, in one step, and return the file as it stands then.

    Raises
    ------
    CaseError
        If somebody else changed the file meanwhile, or its entries cannot be told apart; nothing is then written.
    """
    if read_text(held.path.parent, held.path.name, most=TOML_BYTES) != held.text:
        raise fail(
            held.path.name,
            "nobody else changed the file meanwhile",
            "Start again; what you decided before is kept.",
        )
    number = next(n for n, one in enumerate(held.statements) if one.id == statement.id)
    text = _with_entry(held.text, number, _as_table(statement), held.path.name)
    _put(held.path, text)
    changed = (*held.statements[:number], statement, *held.statements[number + 1 :])
    return replace(held, text=text, statements=changed)


def _checksum(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _with_entry(text: str, number: int, table: Mapping[str, Any], name: str) -> str:
    """Rewrite one `[[statements]]` entry and check that nothing else changed."""
    heads = list(_ENTRY.finditer(text))
    before = tomllib.loads(text)
    if len(heads) != len(before["statements"]):
        mend = "Write [[statements]] above each statement, on a line of its own."
        raise fail(name, "every statement is an entry of its own", mend)
    start = heads[number].start()
    end = heads[number + 1].start() if number + 1 < len(heads) else len(text)
    other = _OTHER.search(text, heads[number].end(), end)
    entry, rest = _cut_tail(text[start : other.start() if other else end])
    after = rest + text[other.start() if other else end :]
    made = text[:start] + _comments(entry) + _entry_text(table) + after
    expected = {**before, "statements": [*before["statements"]]}
    expected["statements"][number] = {**table}
    if tomllib.loads(made) != _plain_lists(expected):
        raise fail(name, "an entry can be changed without touching the others", "Change this one by hand.")
    return made


def _cut_tail(entry: str) -> tuple[str, str]:
    """Split off the blank lines and comments at the end: they belong to what follows."""
    lines = entry.splitlines(keepends=True)
    last = max(n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#"))
    return "".join(lines[: last + 1]), "".join(lines[last + 1 :])


def _comments(entry: str) -> str:
    """Keep the comments that stood inside an entry: they go above it."""
    return "".join(line for line in entry.splitlines(keepends=True) if line.lstrip().startswith("#"))


def _entry_text(table: Mapping[str, Any]) -> str:
    """Write a statement with its evidence below it, one entry each."""
    evidence = table.get("evidence") or []
    head = {key: value for key, value in table.items() if key != "evidence" or not evidence}
    parts = [to_toml({"statements": [head]})]
    parts += [to_toml({"e": [one]}).replace("[[e]]", "[[statements.evidence]]", 1) for one in evidence]
    return "\n".join(parts)


def _as_table(statement: Statement) -> dict[str, Any]:
    table = plain(statement)
    if not isinstance(table, dict):
        raise TypeError("a statement is a table")
    # `proposed` is the default, yet a reader of the file should see it
    return {
        **{key: value for key, value in table.items() if key != "evidence"},
        "status": statement.status,
        "evidence": table["evidence"],
    }


def _plain_lists(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain_lists(item) for key, item in value.items()}
    return [_plain_lists(item) for item in value] if isinstance(value, list | tuple) else value


def _tables(found: Sequence[Any]) -> list[Mapping[str, Any]]:
    return [one for one in found if isinstance(one, Mapping)]


def _put(path: Path, text: str) -> None:
    """Write a file beside its place and move it there in one step."""
    fresh = path.parent / f".{path.name}.{secrets.token_hex(4)}.new"
    try:
        with fresh.open("x", encoding="utf-8", newline="") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        if path.exists():
            fresh.chmod(path.stat().st_mode & 0o777)
        fresh.replace(path)
    except OSError as error:
        raise fail(
            path.name, f"the file can be written ({error.strerror})", "Choose another place."
        ) from error
    finally:
        fresh.unlink(missing_ok=True)
