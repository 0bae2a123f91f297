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

FURNITURE: Final = re.compile(
    r"share this|leave a (?:reply|comment)|fill in your details|you are commenting|log (?:in|out)\b|connecting to %s|"
    r"^blog at\b|bloggers? like this|\bvisit (?:his|her|our|their|my|the) (?:blog|web|site|page)|subscribe|sign up (?:for|to)|"
    r"newsletter|all rights reserved|^(?:\W*)copyright\b|copyright policy|terms (?:and|&) conditions|T&Cs|click (?:here|on)|"
    r"^(?:read|see) (?:more|also)\b|^also read\b|related (?:articles?|posts?|stories|content)|follow us|advertisement|"
    r"cut (?:&|and) paste|please share|high[- ]quality (?:global )?journalism|^(?:kaynak|source|sources|tags?|filed under)\b.{0,40}:|"
    r"^posted (?:on|in|by)\b|print this|^tweet\b|accept (?:all )?cookies|use of cookies|cookie policy|can be reached at|"
    r"(?:his|her|their) (?:new|latest|recent) book|\blives in \w+\.?$|(?:buy|purchase) additional rights|"
    r"^listen to\b|reporting by|editing by|additional reporting|^(?:photo|image|video|watch|caption|file photo)\b\s*[:/]|"
    r"getty images|/ ?(?:AFP|AP|EPA|Reuters)\b ?(?:photo)?\W*$|is a (?:\w+[ -]){0,4}(?:journalist|columnist|correspondent|"
    r"contributor|fellow|writer|author|blogger|researcher)\b(?: at| for| with| based|,)|views expressed|do not necessarily|"
    r"first (?:appeared|published)|originally (?:appeared|published)|^by [A-Z][\w.'-]+(?: [A-Z][\w.'-]+){0,3}$|"
    r"^(?:donate|support our|join (?:our|us))\b|^\d+ comments?\b|your email address",
    re.IGNORECASE,
)
END_MATTER: Final = re.compile(
    r"^\W*(?:leave a (?:reply|comment)|share this|related (?:articles?|posts?|stories)|comments?\b(?: \(\d+\))?:?$|"
    r"about the author|post a comment|more from)",
    re.IGNORECASE,
)
DATELINE: Final = re.compile(
    r"^[^\W\d_][\w .,'/-]{2,60}?(?:\((?:[A-Z]\w+[ /]?)+\)|, \d{1,2} \w+(?: \d{4})?|[A-Z]{3,})\s*(?:-{1,2}|\u2013|\u2014)\s+"
)
MARKS: Final = re.compile(r"^(?:[#>*\s]|[-\u2022\u25aa\u25cf\u2013](?=\s)|\d{1,2}[.)]\s|\*\*|__)+")
BULLET: Final = re.compile(r"^\s*(?:[-*\u2022\u25aa\u25cf\u2013]\s|\d{1,2}[.)]\s)")
TERMINAL: Final = re.compile(
    r"[.!?\u2026]['\"\u201d\u2019\u00bb)\]*_]*$|[.!?\u2026]['\"\u201d\u2019\u00bb]?\s*\(.{0,40}\)$"
)
BOUNDARY: Final = re.compile(r"[.!?\u2026]['\"\u201d\u2019\u00bb)\]]*(?=\s+(?P<next>\S))")
INITIALS: Final = re.compile(r"(?:^|[\s(])(?:[^\W\d_]\.)+$")
SHORT_FORMS: Final = frozenset(
    "mr mrs ms dr prof gen lt col sgt maj capt adm brig gov sen rep st rev hon jr sr vs etc no nos art jan feb mar apr "
    "jun jul aug sep sept oct nov dec approx inc ltd al fig vol e.g i.e a.m p.m".split()
)
STARTERS: Final = frozenset(
    "the a an he she it they we but and in on at this that these if as his her its their".split()
)
OPENERS: Final = "\"'\u201c\u2018\u00ab\u201e(["
WIDEST_WRAP: Final = 100
NARROWEST_WRAP: Final = 55
PROSE_WORDS: Final = 25
END_MATTER_AFTER: Final = 0.4


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


def sentences(text: str) -> tuple[Sentence, ...]:
    """Find the sentences of the prose of a text, in order.

    >>> text = "BIG HEADLINE\\n\\nMr. Hill said no. Nobody asked why.\\n\\nShare this"
    >>> [text[one.start:one.end] for one in sentences(text)]
    ['Mr. Hill said no.', 'Nobody asked why.']
    """
    found = []
    for number, (start, end) in enumerate(paragraphs(text)):
        for first, last in _split(text, start, end):
            if not FURNITURE.search(text[first:last]):
                found.append(Sentence(start=first, end=last, paragraph=number))
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
            kept.append((start + (dateline.end() if dateline else 0), end))
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
    ends_open = words.endswith((":", "\u201d", "\u00bb", '"', ",")) and count >= 5
    return (is_bullet and count >= 5) or ends_open or count >= PROSE_WORDS


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = start
    for stop in BOUNDARY.finditer(text, start, end):
        if _is_boundary(text, first, stop):
            yield first, stop.end()
            first = stop.end() + len(text[stop.end() : end]) - len(text[stop.end() : end].lstrip())
    if first < end:
        yield first, end


def _is_boundary(text: str, first: int, stop: re.Match[str]) -> bool:
    following = stop["next"]
    if not (following.isupper() or following.isdigit() or following in OPENERS or not following.isascii()):
        return False
    before = text[first : stop.start() + 1]
    if not before.endswith(".") or stop.end() > stop.start() + 1:
        return True
    last = before.split()[-1].rstrip(".").lstrip(OPENERS).casefold()
    if last in SHORT_FORMS:
        return False
    if INITIALS.search(before):
        word = re.match(r"\w+", text[stop.start("next") :])
        return len(last) > 1 and word is not None and word[0].casefold() in STARTERS
    return True
