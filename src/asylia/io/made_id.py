"""Ids made from names: short, plain letters, each once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

MOST_LETTERS: Final = 60


def made_id(name: str, fallback: str = "unnamed") -> str:
    """Make an id from a name: plain small letters, digits and dashes.

    >>> made_id("São Tomé / Nord")
    'sao-tome-nord'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9._]+", "-", plain).strip("-._")[:MOST_LETTERS].strip("-._") or fallback


def made_ids(names: Iterable[str], taken: Iterable[str] = (), prefix: str = "") -> list[str]:
    """Make an id for each name, none twice and none that is taken.

    >>> made_ids(["Mill Town", "mill-town"], taken=["mill-town"])
    ['mill-town-2', 'mill-town-3']
    """
    return unlike([prefix + made_id(name) for name in names], taken)


def unlike(ids: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Put a number behind ids that stand twice, or that are taken.

    >>> unlike(["a", "a-2", "a"])
    ['a', 'a-2', 'a-3']
    """
    used = set(taken)
    made = []
    for start in ids:
        found, number = start, 1
        while found in used:
            number += 1
            found = f"{start}-{number}"
        used.add(found)
        made.append(found)
    return made
