"""What kind of thing a number is: an amount of water, an area, people a toilet. A unit is read once, then kinds are compared.

Two units may stand for one another only if they are of the same kind: 20 l and 0.02 m3 a person a day are, 20 l and 20 m2
are not. Nothing here knows what a standard is.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from asylia.core.units import DAYS_PER_MONTH, DAYS_PER_YEAR

SYMBOLS: Final[dict[str, tuple[str, float]]] = {
    "l": ("volume", 1.0),
    "m3": ("volume", 1000.0),
    "mg": ("mass", 1e-6),
    "kg": ("mass", 1.0),
    "t": ("mass", 1000.0),
    "m": ("length", 1.0),
    "km": ("length", 1000.0),
    "m2": ("area", 1.0),
    "ha": ("area", 1e4),
    "km2": ("area", 1e6),
    "kcal": ("energy", 1.0),
    "min": ("time", 1 / 1440),
    "day": ("time", 1.0),
    "month": ("time", DAYS_PER_MONTH),
    "year": ("time", DAYS_PER_YEAR),
    "usd": ("money", 1.0),
    "person": ("person", 1.0),
    "people": ("person", 1.0),
    "%": ("", 0.01),
    "share": ("", 1.0),
    "ratio": ("", 1.0),
    "ratio to 1": ("", 1.0),
    "usd one-off": ("money", 1.0),
}
"""Symbol -> kind and how many of the base it is: litres, kilograms, metres, square metres, days, US dollars, people. Any other
word is a kind of its own (toilet, tap, pupil, household): people a toilet are never people a tap."""
_COUNT: Final = re.compile(r"^([\d,]+)\s*(.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A unit, read.

    Parameters
    ----------
    kind
        Kinds with their powers, sorted, such as (("person", -1), ("volume", 1)).
    factor
        How many base amounts one of this unit is.
    """

    kind: tuple[tuple[str, int], ...]
    factor: float

    @property
    def inverse(self) -> Quantity:
        """The same turned round: toilets a person from people a toilet."""
        return Quantity(kind=tuple((name, -power) for name, power in self.kind), factor=1.0 / self.factor)

    def __str__(self) -> str:
        """Say the kind in words.

        >>> str(quantity("l/person/day"))
        'volume for each person and time'
        """
        above = [name for name, power in self.kind if power > 0]
        below = [name for name, power in self.kind if power < 0]
        if not self.kind:
            return "a share"
        top = " and ".join(above) or "a number"
        return f"{top} for each {' and '.join(below)}" if below else top


def quantity(unit: str) -> Quantity:
    """Read a unit such as "l/person/day", "people/toilet" or "beds/10,000".

    A bare count after a stroke counts people: "beds/10,000" is beds for each 10,000 people.

    >>> quantity("beds/10,000").factor
    0.0001
    >>> quantity("m3/person/day").kind == quantity("l/person/day").kind
    True
    """
    powers: Counter[str] = Counter()
    factor = 1.0
    for position, part in enumerate(unit.split("/")):
        kind, size = _part(part.strip())
        sign = -1 if position else 1
        factor *= size**sign
        if kind:
            powers[kind] += sign
    kept = tuple(sorted((name, power) for name, power in powers.items() if power))
    return Quantity(kind=kept, factor=factor)


def _part(text: str) -> tuple[str, float]:
    counted = _COUNT.match(text)
    if counted is None:
        return _symbol(text)
    kind, size = _symbol(counted[2] or "people")
    return kind, size * float(counted[1].replace(",", ""))


def _symbol(text: str) -> tuple[str, float]:
    known = SYMBOLS.get(text.casefold())
    return known if known is not None else (_one(text.casefold()), 1.0)


def _one(word: str) -> str:
    """Take the plural off a word, so that pupils and a pupil are one kind."""
    return word.removesuffix("s") if len(word) > 3 and not word.endswith("ss") else word
