"""Find quotations by their marks: curly, straight, angled, single; also those that are never closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

PAIRS: Final = {
    "\u201c": "\u201d",
    "\u00ab": "\u00bb",
    "\u201e": "\u201c\u201d",
    '"': '"',
    "\u2018": "\u2019",
    "'": "'",
}
SINGLE: Final = "\u2018'"
FEWEST_WORDS: Final = 4
"""Fewer words in marks are a name, a term or a turn of phrase."""
TITLED: Final = re.compile(
    r"\b(?:titled|entitled|book|film|novel|song|headlined|magazine|documentary|named|known as|so-called)\W*$",
    re.IGNORECASE,
)
MASK: Final = "\u00a4"
LONGEST: Final = 5000
"""A quotation that is not closed within so many characters ends with its paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words in quotation marks: offsets with the marks, and whether the closing one is there."""

    start: int
    end: int
    closed: bool


def quotes(text: str, start: int, end: int) -> tuple[Quote, ...]:
    r"""Find the quotations of a paragraph that are long enough to be speech and are no title.

    >>> text = 'He said \u201cwe will not take part\u201d in the \u201cplan\u201d.'
    >>> [text[one.start : one.end] for one in quotes(text, 0, len(text))]
    ['\u201cwe will not take part\u201d']
    """
    return tuple(one for one in _pairs(text, start, end) if _is_speech(text, one, start))


def masked(text: str, start: int, end: int, found: tuple[Quote, ...]) -> str:
    """Return a passage with the words of its quotations blotted out, of the same length."""
    letters = list(text[start:end])
    for quote in found:
        for place in range(max(quote.start, start), min(quote.end, end)):
            letters[place - start] = MASK
    return "".join(letters)


def _pairs(text: str, start: int, end: int) -> Iterator[Quote]:
    place = start
    while place < end:
        if text[place] in PAIRS and _opens(text, place, start):
            closing = _closing(text, place, end)
            if closing or text[place] not in SINGLE:
                stop = closing or end
                yield Quote(start=place, end=stop, closed=bool(closing))
                place = stop
                continue
        place += 1


def _opens(text: str, place: int, start: int) -> bool:
    before = text[place - 1] if place > start else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    return not before.isalnum() and not after.isspace()


def _closing(text: str, place: int, end: int) -> int:
    """Return the offset behind the closing mark; 0 if there is none."""
    if text.startswith("''", place):
        stop = text.find("''", place + 2, min(end, place + LONGEST))
        return stop + 2 if stop > 0 else 0
    mark = text[place]
    marks = re.escape(PAIRS[mark])
    # an apostrophe closes a quotation only at the end of a word
    pattern = rf"(?<!\s)[{marks}](?!\w)" if mark in SINGLE else f"[{marks}]"
    found = re.compile(pattern).search(text, place + 1, min(end, place + LONGEST))
    return found.end() if found else 0


def _is_speech(text: str, quote: Quote, start: int) -> bool:
    words = re.findall(r"[^\W_]+(?:['\u2019-][^\W_]+)*", text[quote.start : quote.end])
    if len(words) < FEWEST_WORDS or TITLED.search(text[max(start, quote.start - 40) : quote.start]):
        return False
    large = sum(word[0].isupper() for word in words)
    return bool(large < 0.7 * len(words))
