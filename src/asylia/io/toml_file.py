"""Read a TOML file and remember on which line everything stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asylia.core.errors import Problem
from asylia.io.door import fail, read_text
from asylia.io.limits import TOML_BYTES, TOML_KEY_DEPTH

Keys = tuple[str | int, ...]
"""The way to a value: keys, and positions in lists counted from 0."""

_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_TABLE = re.compile(rf"^\s*(\[\[?)\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"^\s*({_DOTTED})\s*=")
_DEEP = re.compile(rf"{_NAME}(?:\s*\.\s*{_NAME}){{{TOML_KEY_DEPTH}}}")
_WHERE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class TomlFile:
    """A TOML file as read: its name, its content and the line of each key."""

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[Keys, int] = field(default_factory=dict)

    def line(self, keys: Keys) -> int | None:
        """Return the line on which this key, or the nearest thing around it, stands."""
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.lines:
                return self.lines[keys[:length]]
        return None

    def way(self, words: str) -> Keys:
        """Find the way to what a person would call `SYR-1.expression`, `terms.host_consent` or `days`."""
        for section in self.data:
            for index, entry in enumerate(self.items(section)):
                name = entry.get("id") if isinstance(entry, Mapping) else None
                for start in (f"{section}.{name}", str(name)):
                    if isinstance(name, str) and (words == start or words.startswith(f"{start}.")):
                        return (section, index, *words[len(start) + 1 :].split("."))
        return tuple(words.split("."))

    def items(self, section: str) -> list[Any]:
        """Return the entries of a `[[section]]`; none if it is missing or no list."""
        found = self.data.get(section, [])
        return list(found) if isinstance(found, list) else []

    def ids(self, section: str) -> set[str]:
        """Return every id that stands in a section, also of entries with mistakes in them."""
        entries = [entry for entry in self.items(section) if isinstance(entry, Mapping)]
        return {entry["id"] for entry in entries if isinstance(entry.get("id"), str)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where an entry stands in a TOML file, to make problems about it."""

    file: TomlFile
    keys: Keys = ()

    def problem(self, must: str, mend: str, *, key: Keys = (), value: object = "") -> Problem:
        """Make a problem about a key of this entry."""
        keys = (*self.keys, *key)
        return Problem(
            file=self.file.name,
            row=self.file.line(keys),
            column=dotted(self.file.data, keys),
            value=written(value),
            must=must,
            mend=mend,
        )


def read_toml(folder: Path, name: str) -> TomlFile:
    """Read a TOML file; raises `CaseError` with the one problem that kept it from being read."""
    text = read_text(folder, name, most=TOML_BYTES)
    for number, line in enumerate(text.split("\n"), start=1):
        # The parser's work grows with the square of the depth of a dotted key.
        if "." in line and _DEEP.search(line.split("#", 1)[0].split('"', 1)[0]):
            raise fail(name, "keys are nested a few levels deep", "Take out some of the dots.", row=number)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax(name, str(error), text) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise fail(name, "numbers have at most some hundred digits", "Shorten the number.") from error
    except RecursionError as error:
        raise fail(name, "brackets are nested a few levels deep", "Take out some of the brackets.") from error
    return TomlFile(name=name, data=data, lines=key_lines(text))


def key_lines(text: str) -> dict[Keys, int]:
    r"""Find the line of every key and table header; good enough to point at, never used to read values.

    >>> key_lines('a = 1\n[[zones]]\nid = "x"\n[zones.area]\nvalue = 2')[("zones", 0, "area", "value")]
    5
    """
    lines: dict[Keys, int] = {}
    counts: dict[Keys, int] = {}
    prefix: Keys = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if table := _TABLE.match(line):
            prefix = _resolve(counts, _parts(table[2]), is_list=table[1] == "[[")
            lines.setdefault(prefix, number)
        elif key := _KEY.match(line):
            lines.setdefault((*prefix, *_parts(key[1])), number)
    return lines


def dotted(data: Any, keys: Keys) -> str:
    """Write a way to a value as a person would: entries by their id, or by their number from 1.

    >>> dotted({"zones": [{"id": "azaz"}]}, ("zones", 0, "opens"))
    'zones.azaz.opens'
    """
    words = []
    for key in keys:
        data = _step(data, key)
        name = data.get("id") if isinstance(key, int) and isinstance(data, Mapping) else None
        words.append(
            name if isinstance(name, str) and name else str(key + 1 if isinstance(key, int) else key)
        )
    return ".".join(words)


def written(value: object) -> str:
    """Write a value for a problem; lists and tables are left out, they may be huge."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if isinstance(value, Mapping | list | tuple) or value is None else str(value)[:200]


def _step(data: Any, key: str | int) -> Any:
    if isinstance(key, int):
        return data[key] if isinstance(data, list | tuple) and key < len(data) else None
    return data.get(key) if isinstance(data, Mapping) else None


def _resolve(counts: dict[Keys, int], parts: tuple[str, ...], *, is_list: bool) -> Keys:
    path: Keys = ()
    for index, part in enumerate(parts):
        path = (*path, part)
        if is_list and index == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_NAME, text))


def _syntax(name: str, message: str, text: str) -> Exception:
    found = _WHERE.search(message)
    row = int(found[1]) if found else text.count("\n") + 1
    said = _WHERE.sub("", message).replace("(at end of document)", "at the end of the file").strip()
    mend = "Is a quote, bracket or comma missing? Texts stand in quotes, dates do not."
    return fail(name, f"follows the rules of TOML ({said})", mend, row=row)
