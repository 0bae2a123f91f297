"""Read the layout of a news text: which lines are prose, where sentences begin and end. Everything by offsets.

Headlines, bylines, captions, share buttons, reader comments and notes on the author are left out. What is doubtful is
kept: a reader rejects a sentence faster than she finds one that was dropped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from asylia.consent.cues import word_set

FURNITURE: Final = re.compile(
    r"^share this|share this (?:article|story|post|page|link|with)|please share (?:this|the|our)|^leave a (?:reply|comment)|"
    r"fill in your details|you are commenting|^log (?:in|out)\b|^connecting to\b|^blog at\b|bloggers? like this|"
    r"^visit (?:his|her|our|their|my) |^subscribe|subscribe (?:to our|now|today)|^sign up\b|"
    r"(?:our|free|daily|weekly) newsletter|all rights reserved|^\W*copyright\b|copyright policy|terms (?:and|&) conditions|"
    r"\bT&Cs\b|^click (?:here|on)|click (?:here|an icon)|^(?:read|see) (?:more|also)\b|^also read\b|"
    r"^related (?:articles?|posts?|stories|content)|^follow (?:us|him|her|me) on|^advertisement|cut (?:&|and) paste|"
    r"^high[- ]quality (?:global )?journalism|^(?:kaynak|sources?)(?:/\w+)?\s*:|^(?:tags?|filed under|categories)\s*:|"
    r"^posted (?:on|in|by)\b|^print this|^tweet (?:this)?$|(?:accept|use of|our) (?:all )?cookies|cookie policy|"
    r"can be (?:reached|contacted) at\s*(?:$|\S*@|www|http)|^(?:his|her|their) (?:new|latest|most recent) book (?:as|is)\b|"
    r"(?-i:^[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){1,2} lives (?:and works )?in )|(?:buy|purchase) additional rights|^listen to\b|"
    r"^\W*(?:additional )?(?:reporting|editing|writing) by\b|^(?:photo|image|video|watch|caption|file photo)\b\s*[:/]|"
    r"getty images|/ ?(?:AFP|AP|EPA|Reuters)\b ?(?:photo)?\W*$|"
    r"(?-i:^[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){1,2} is an? )(?:\w+[ -]){0,4}(?:journalist|columnist|correspondent|contributor|"
    r"fellow|writer|author|blogger|researcher|editor|professor)\b|views expressed|do not necessarily reflect|"
    r"(?:first|originally) (?:appeared|published) (?:in|on|at|by)|(?-i:^[Bb](?:y|Y) [A-Z][\w.'-]+(?: [A-Z][\w.'-]+){0,3}$)|"
    r"^donate\b|^\d+ comments?\b|your email address",
    re.IGNORECASE,
)
END_MATTER: Final = re.compile(
    r"^\W*(?:leave a (?:reply|comment)|share this|related (?:articles?|posts?|stories)|comments?\b(?: \(\d+\))?:?$|"
    r"about the author|post a comment|more from)",
    re.IGNORECASE,
)
DATELINE: Final = re.compile(
    r"^[^\W\d_][\w .,'/-]{2,60}?(?:\((?:[A-Z]\w+[ /-]?)+\)|, \d{1,2} \w+(?: \d{4})?|[A-Z]{3,})\s*(?:-{1,2}|\u2013|\u2014)\s+"
)
MARKS: Final = re.compile(r"^(?:[#>*\s]|[-\u2022\u25aa\u25cf\u2013](?=\s)|\d{1,2}[.)]\s|\*\*|__)+")
BULLET: Final = re.compile(r"^\s*(?:[-*\u2022\u25aa\u25cf\u2013]\s|\d{1,2}[.)]\s)")
TERMINAL: Final = re.compile(
    r"[.!?\u2026]['\"\u201d\u2019\u00bb)\]*_]*$|[.!?\u2026]['\"\u201d\u2019\u00bb]?\s*\(.{0,40}\)$"
)
BOUNDARY: Final = re.compile(r"[.!?\u2026]['\"\u201d\u2019\u00bb)\]]*(?=\s+(?P<next>\S))")
INITIALS: Final = re.compile(r"(?:^|[\s(])(?:[^\W\d_]\.)+$")
TITLES: Final = word_set(
    "mr mrs ms dr prof gen lt col sgt maj capt adm brig gov sen rep st rev hon messrs vs e.g i.e cf"
)
BEFORE_NUMBERS: Final = word_set(
    "no nos art fig vol approx jan feb mar apr jun jul aug sep sept oct nov dec para sec ch"
)
"""Short forms before a number; elsewhere they are words, as in `Hill said no.`"""
ENDINGS: Final = word_set("etc inc ltd jr sr a.m p.m al")
"""Short forms that may also end a sentence."""
STARTERS: Final = word_set(
    "the a an he she it they we but and in on at this that these if as his her its their"
)
OPENERS: Final = "\"'\u201c\u2018\u00ab\u201e(["
WIDEST_WRAP: Final = 100
NARROWEST_WRAP: Final = 55
PROSE_WORDS: Final = 25
END_MATTER_AFTER: Final = 0.4
LONGEST: Final = 8_000
"""Longer paragraphs are cut: their line ends are gone, or they are no text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A text somebody published, as read: UTF-8 with universal newlines.

    Parameters
    ----------
    id
        Id of the source.
    """

    id: str
    text: str
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of prose: characters `start` to `end`, and the number of its paragraph."""

    start: int
    end: int
    paragraph: int
    listed: bool = False
    """Whether its paragraph is an entry of a list."""


def sentences(text: str) -> tuple[Sentence, ...]:
    r"""Find the sentences of the prose of a text, in order.

    >>> text = "BIG HEADLINE\n\nMr. Hill said no. Nobody asked why.\n\nShare this"
    >>> [text[one.start:one.end] for one in sentences(text)]
    ['Mr. Hill said no.', 'Nobody asked why.']
    """
    found = []
    for number, (start, end) in enumerate(paragraphs(text)):
        for first, last in _split(text, start, end):
            if not FURNITURE.search(text[first:last]):
                found.append(
                    Sentence(start=first, end=last, paragraph=number, listed=_has_bullet(text, start))
                )
    return tuple(found)


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Find the paragraphs of prose: their offsets, without bullets, datelines and marks around them."""
    lines = _lines(text)
    counts = Counter(text[start:end].casefold() for start, end in lines)
    kept = []
    for start, end in _joined(text, lines):
        words = text[start:end]
        first_line = words.split("\n", 1)[0].casefold()
        if counts[first_line] == 1 and _is_prose(words, is_bullet=_has_bullet(text, start)):
            dateline = DATELINE.match(words)
            first = start + (dateline.end() if dateline else 0)
            kept += [(cut, min(end, cut + LONGEST)) for cut in range(first, end, LONGEST)]
    return kept


def _lines(text: str) -> list[tuple[int, int]]:
    """Offsets of every line that is not blank, without marks at its start; nothing below the end matter."""
    found = []
    place = 0
    for line in text.split("\n"):
        if END_MATTER.search(line) and place > END_MATTER_AFTER * len(text):
            break
        marks = MARKS.match(line)
        start = place + (marks.end() if marks else 0)
        end = place + len(line.rstrip())
        found.append((min(start, end), end))
        place += len(line) + 1
    return found


def _joined(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Put lines that were broken at a fixed width together again."""
    held: tuple[int, int] | None = None
    for start, end in lines:
        if held is not None and start < end and _goes_on(text, held, start):
            held = (held[0], end)
            continue
        if held is not None:
            yield held
        held = (start, end) if start < end else None
    if held is not None:
        yield held


def _goes_on(text: str, held: tuple[int, int], start: int) -> bool:
    last = text[text.rfind("\n", 0, held[1]) + 1 : held[1]]
    if _has_bullet(text, start) or len(last) > WIDEST_WRAP:
        return False
    if text[start].islower():
        return True
    return len(last) >= NARROWEST_WRAP


def _has_bullet(text: str, start: int) -> bool:
    line = text.rfind("\n", 0, start) + 1
    return start > line and BULLET.match(text[line : start + 1]) is not None


def _is_prose(words: str, *, is_bullet: bool) -> bool:
    if words.isupper() or not any(letter.isalpha() for letter in words):
        return False
    count = len(words.split())
    if TERMINAL.search(words):
        return True
    ends_open = words.endswith(":" if count < 5 else (":", "\u201d", "\u00bb", '"', ",")) and count >= 3
    return (is_bullet and count >= 5) or ends_open or count >= PROSE_WORDS


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = start
    for stop in BOUNDARY.finditer(text, start, end):
        if _is_boundary(text, first, stop):
            yield first, stop.end()
            first = stop.start("next")
    if first < end:
        yield first, end


def _is_boundary(text: str, first: int, stop: re.Match[str]) -> bool:
    following = stop["next"]
    if not (following.isupper() or following.isdigit() or following in OPENERS or not following.isascii()):
        return False
    if stop[0].startswith("\u2026") or text[stop.start() - 2 : stop.start() + 1] == "...":
        return following.isupper()
    before = text[max(first, stop.start() - 40) : stop.start() + 1]
    if not before.endswith(".") or stop.end() > stop.start() + 1:
        return True
    last = before.split()[-1].rstrip(".").lstrip(OPENERS).casefold()
    if last in TITLES or (last in BEFORE_NUMBERS and following.isdigit()):
        return False
    if last in ENDINGS or INITIALS.search(before):
        word = re.match(r"\w+", text[stop.start("next") : stop.start("next") + 20])
        return len(last) > 1 and word is not None and word[0].casefold() in STARTERS
    return True
