"""Read a JSON file that anyone may have made: bounded, with finite numbers, and asked for entry by entry."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from asylia.core.errors import CaseError, nearest
from asylia.io.door import CONTROL, fail, listing, read_text
from asylia.io.limits import MEGABYTE

JSON_BYTES: Final = 4 * MEGABYTE
MOST_ITEMS: Final = 100_000
LONGEST_TEXT: Final = 2_000
LARGEST: Final = 1e15


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A part of a JSON file that knows where it stands; whatever is asked of it and not there is a `CaseError`."""

    file: str
    where: str
    data: Any

    def has(self, key: str) -> bool:
        """Tell whether this is an object with such a key."""
        return isinstance(self.data, Mapping) and key in self.data

    def part(self, key: str) -> Entry:
        """Take a part that must be there."""
        if not self.has(key):
            raise self.wrong(f'has "{key}"', "Add it.")
        return Entry(file=self.file, where=f"{self.where}.{key}".lstrip("."), data=self.data[key])

    def parts(self) -> Iterator[tuple[str, Entry]]:
        """Go through an object in the order of the file."""
        if not isinstance(self.data, Mapping) or len(self.data) > MOST_ITEMS:
            raise self.wrong(f"is an object of at most {MOST_ITEMS:,} keys", "Write it in { }.")
        for key in self.data:
            if CONTROL.search(key):
                raise self.wrong("has plain text as its keys", "Take out the control characters.")
            yield key, self.part(key)

    def items(self, most: int = MOST_ITEMS) -> list[Entry]:
        """Take the entries of a list."""
        if not isinstance(self.data, list) or len(self.data) > most:
            raise self.wrong(f"is a list of at most {most:,} entries", "Write it in [ ].")
        return [
            Entry(file=self.file, where=f"{self.where}[{number}]", data=one)
            for number, one in enumerate(self.data, start=1)
        ]

    def text(self) -> str:
        """Take plain text."""
        if not isinstance(self.data, str) or len(self.data) > LONGEST_TEXT or CONTROL.search(self.data):
            raise self.wrong(f"is plain text of at most {LONGEST_TEXT:,} characters", "Shorten it.")
        return self.data

    def number(self) -> float:
        """Take a finite number."""
        known = isinstance(self.data, int | float) and not isinstance(self.data, bool)
        if not known or not math.isfinite(self.data) or abs(self.data) > LARGEST:
            raise self.wrong(f"is a number of at most {LARGEST:g}", "Write a plain number.")
        return float(self.data)

    def whole(self, low: int, high: int) -> int:
        """Take a whole number between two bounds, both included."""
        if not isinstance(self.data, int) or isinstance(self.data, bool) or not low <= self.data <= high:
            raise self.wrong(f"is a whole number from {low:,} to {high:,}", "Correct the number.")
        return self.data

    def numbers(self, most: int = MOST_ITEMS) -> list[float]:
        """Take a list of finite numbers."""
        return [one.number() for one in self.items(most)]

    def wholes(self, low: int, high: int, most: int = MOST_ITEMS) -> list[int]:
        """Take a list of whole numbers between two bounds."""
        return [one.whole(low, high) for one in self.items(most)]

    def wrong(self, must: str, mend: str) -> CaseError:
        """Make the error for this entry."""
        value = self.data if isinstance(self.data, str | int | float) else ""
        return fail(self.file, must, mend, column=self.where, value=str(value)[:80])


def read_json(path: Path) -> Entry:
    """Read a JSON file; raises `CaseError` with the one problem that kept it from being read."""
    name = path.name
    if not path.exists():
        raise fail(name, "the file is there", nearest(name, listing(path.parent)) or "Check the path.")
    text = read_text(path.parent, name, most=JSON_BYTES, longest_line=JSON_BYTES)
    mend = "Write it again with a program that writes JSON."

    def no_constant(word: str) -> NoReturn:
        raise fail(name, "numbers are finite", mend, value=word)

    try:
        data = json.loads(text, parse_constant=no_constant)
    except json.JSONDecodeError as error:
        raise fail(name, f"is JSON ({error.msg})", mend, row=error.lineno) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise fail(name, "numbers have at most some hundred digits", mend) from error
    except RecursionError as error:
        raise fail(name, "brackets are nested a few levels deep", mend) from error
    return Entry(file=name, where="", data=data)
