"""Numbers in words people use, rounded to what their range supports and never further."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Final

FEW: Final = "fewer than 10"
UNKNOWN: Final = "unknown"
KEEPS: Final = ("traded away", "left open", "kept")
"""What a plan does with a protection term that is not for trading, what needs eyes first."""
_WORDS: Final = ((1e9, "billion"), (1e6, "million"))
_FRACTIONS: Final = (
    (1, 5),
    (1, 4),
    (1, 3),
    (2, 5),
    (1, 2),
    (3, 5),
    (2, 3),
    (3, 4),
    (4, 5),
    (9, 10),
    (19, 20),
)
_CHANCES: Final = ("probability", "chance")
_DOLLARS: Final = ("usd", "us dollars", "dollars", "us dollar")


def step_of(middle: float, low: float | None = None, high: float | None = None) -> float:
    """Return the step a number is rounded to: a power of ten its range can carry, at least one digit, at most three.

    >>> step_of(1_234_567, 800_000, 1_900_000)
    100000.0
    >>> step_of(50_000, 5_000, 900_000)
    10000.0
    >>> step_of(412_345)
    1000.0
    """
    size = abs(middle)
    if size == 0:
        return 1.0
    most = _power(size)
    least = most / 100
    if low is None or high is None or high <= low:
        return least
    return float(min(most, max(least, _power((high - low) / 10))))


def number(value: float, step: float) -> str:
    """Say a number at a step.

    >>> number(1_234_567, 100_000)
    '1.2 million'
    >>> number(48_230, 1_000)
    '48,000'
    """
    rounded = round(value / step) * step
    for size, word in _WORDS:
        if abs(rounded) >= size:
            digits = max(0, min(2, round(math.log10(size / step))))
            return f"{_trim(rounded / size, digits)} {word}"
    digits = max(0, min(2, -math.floor(math.log10(step)))) if step < 1 else 0
    text = f"{rounded:,.{digits}f}"
    return text.replace("-", "\N{MINUS SIGN}")


def chance(share: float) -> str:
    """Say a probability as odds anybody reads.

    >>> [chance(p) for p in (0.0, 0.002, 0.19, 0.5, 0.72, 0.97, 1.0)]
    ['none', 'under 1 in 200', '1 in 5', '1 in 2', '3 in 4', 'over 19 in 20', 'all']
    """
    if share <= 0:
        return "none"
    if share >= 1:
        return "all"
    if share < 0.005:
        return "under 1 in 200"
    if share > 0.95:
        return "over 19 in 20"
    if share <= 0.22:
        return f"1 in {_plain(1 / share)}"
    few, many = min(_FRACTIONS, key=lambda pair: abs(pair[0] / pair[1] - share))
    return f"{few} in {many}"


def percent(share: float) -> str:
    """Say a share of a whole.

    >>> [percent(s) for s in (0.0, 0.004, 0.937, 0.999, 1.0)]
    ['0 %', 'under 1 %', '94 %', 'over 99 %', '100 %']
    """
    if 0 < share < 0.01:
        return "under 1 %"
    if 0.99 < share < 1:
        return "over 99 %"
    return f"{share * 100:.0f} %"


def amount(value: float | None, unit: str, low: float | None = None, high: float | None = None) -> str:
    """Say the middle of a range, without its unit except for money and shares.

    >>> amount(1_234_567, "people", 800_000, 1_900_000)
    '1.2 million'
    >>> amount(2.31e9, "usd", 1.2e9, 4.4e9)
    '$2.3 billion'
    """
    if value is None:
        return UNKNOWN
    kind = unit.lower()
    if kind in _CHANCES:
        return chance(value)
    if kind.startswith("share"):
        return percent(value)
    step = step_of(value, low, high)
    # Things that are counted are whole: 2 toilets, not 2.4.
    text = number(value, max(step, 1.0) if abs(value) >= 1 else step)
    return f"${text}" if kind in _DOLLARS else text


def span(low: float | None, high: float | None, unit: str) -> str:
    """Say a range, the word said once.

    >>> span(812_000, 1_900_000, "people")
    '0.8 to 1.9 million'
    >>> span(1.2e9, 4.4e9, "usd")
    '$1.2 to 4.4 billion'
    >>> span(0.83, 1.0, "share")
    '83 to 100 %'
    """
    if low is None or high is None:
        return ""
    first, last = _bound(low, high, unit), _bound(high, high, unit)
    if first == last:
        return ""
    return _join(first, last)


def day(date: dt.date) -> str:
    """Say a date.

    >>> day(dt.date(2017, 2, 22))
    '22 February 2017'
    """
    return f"{date.day} {date:%B %Y}"


def count(how_many: int, one: str, many: str = "") -> str:
    """Say how many of a thing.

    >>> count(1, "zone"), count(3, "zone"), count(0, "party", "parties")
    ('1 zone', '3 zones', 'no parties')
    """
    if how_many == 1:
        return f"1 {one}"
    return f"{'no' if how_many == 0 else f'{how_many:,}'} {many or one + 's'}"


def listed(items: list[str]) -> str:
    """Join names as a sentence does.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def _bound(value: float, high: float, unit: str) -> str:
    kind = unit.lower()
    if kind in _CHANCES or kind.startswith("share"):
        return amount(value, unit)
    step = min(_power(high) / 10, _power(value) if value else math.inf)
    size = next((s for s, _ in _WORDS if abs(round(high / step) * step) >= s), 0)
    # A bound below a tenth of the large word keeps its own digits: "40,000 to 1.9 million", not "0 to 1.9 million".
    if size and size / 10 <= abs(value) < size:
        word = next(w for s, w in _WORDS if s == size)
        text = f"{_trim(value / size, 1)} {word}"
    else:
        text = number(value, step)
    return f"${text}" if kind in _DOLLARS else text


def _join(first: str, last: str) -> str:
    for word in (*(word for _, word in _WORDS), "%"):
        if first.endswith(word) and last.endswith(word):
            first = first.removesuffix(f" {word}")
    if first.startswith("$"):
        last = last.removeprefix("$")
    return f"{first} to {last}"


def _plain(odds: float) -> str:
    if odds < 12:
        return f"{odds:.0f}"
    return f"{round(odds / 5) * 5:.0f}" if odds < 50 else f"{round(odds / 50) * 50:.0f}"


def _power(size: float) -> float:
    return float(10.0 ** math.floor(math.log10(abs(size)))) if size else 1.0


def _trim(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "\N{MINUS SIGN}")


def floor_in_short(lines: tuple[Mapping[str, str], ...]) -> str:
    """Say how many protection terms are traded away or left open; empty if all are kept or there are none.

    >>> floor_in_short(({"standing": "left open"}, {"standing": "kept"}))
    '1 protection term left open'
    """
    counts = {name: sum(line["standing"] == name for line in lines) for name in KEEPS[:2]}
    return ", ".join(
        f"{count} protection term{'' if count == 1 else 's'} {name}"
        for name, count in counts.items()
        if count
    )
