"""Propose statements from news text, by rules, without a model. A person confirms each; until then none decides anything.

`propose` marks passages in which somebody may say, want, refuse or set a condition, and suggests a speaker, a mode, a force
and terms, each with its reason. The text itself is never kept: a candidate holds offsets and a few words.

The rule that names speakers is an argument: a parser (spaCy, say) can be put in its place by passing another `Namer`. It gets
a passage with its quotations blotted out and must return words of that passage, or none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from asylia.consent.article import Article, Sentence, paragraphs, sentences
from asylia.consent.cues import (
    ACCORDING,
    CONDITION,
    FIRST_PERSON,
    HEDGE,
    NOUN,
    OUGHT,
    PARTICIPLE,
    REFUSAL,
    SUPPORT,
    TELLS,
    WORRY,
)
from asylia.consent.quotes import MASK, Quote, masked, quotes
from asylia.consent.speaker import NOBODY, Speaker, name_speaker, opens_quotation
from asylia.consent.topics import touched
from asylia.model.actors import Force, Mode, Term

Kind = Literal["condition", "refusal", "support", "concern", "opinion", "report"]
Namer = Callable[[str], Speaker]

LONGEST_WORDS: Final = 70
MOST_POINTER_WORDS: Final = 8
TURN: Final = re.compile(
    r"(?:,\s|\s)(?:but|while|whereas|although|though)\s(?!only\b|not\b|also\b|rather\b|for\b|if\b)|;\s"
)
COMMENT: Final = re.compile(r"\s[\u2013\u2014-]\s(?=\w+ing\b)")
RELATIVE: Final = re.compile(r",?\s(?=(?:who|where|whom)\s)")
SAID: Final = re.compile(r"\W*(?:\w+ly )?(?:said|says|told \w+|stated|warned|added)(?: that)?\s")
FORCES: Final[dict[Kind, Force]] = {
    "condition": "hard",
    "refusal": "hard",
    "support": "preference",
    "concern": "concern",
    "opinion": "opinion",
    "report": "report",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A passage that may be a statement, and what the rules make of it. Nothing here is confirmed.

    Parameters
    ----------
    start, end
        Characters of the article.
    words
        A few words of the passage, as a pointer.
    speaker, reason
        Who speaks in the words of the text, or nobody, and why.
    before
        Who was named as speaking last before the passage: a hint, never a suggestion.
    cue
        What made the rules notice the passage.
    """

    id: str
    article: str
    start: int
    end: int
    words: str
    speaker: str
    reason: str
    before: str
    mode: Mode
    cue: str
    kind: Kind
    force: Force
    terms: tuple[str, ...]


def propose(
    article: Article, *, terms: Sequence[Term] = (), namer: Namer = name_speaker
) -> tuple[Candidate, ...]:
    """Mark the passages of an article in which somebody may take a position, in order of the text.

    Parameters
    ----------
    terms
        Terms of a case, to suggest none but these.
    """
    found: list[Candidate] = []
    before = ""
    for passage in _passages(article.text, namer):
        if passage.cue:
            found.append(_candidate(article, passage, before, len(found) + 1, terms))
        before = passage.speaker.words or before
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passage:
    """A sentence or a clause, with its quotations blotted out and its speaker."""

    start: int
    end: int
    plain: str
    speaker: Speaker
    cue: str
    leads: bool = True
    """Whether it opens its sentence: a pronoun in a later clause mostly means somebody in the clause before."""


def _passages(text: str, namer: Namer) -> Iterator[_Passage]:
    spans = paragraphs(text)
    found = sentences(text)
    by_paragraph: dict[int, list[Sentence]] = {}
    for one in found:
        by_paragraph.setdefault(one.paragraph, []).append(one)
    lead = NOBODY
    for number, members in by_paragraph.items():
        marks = quotes(text, *spans[number])
        yield from _paragraph(text, members, marks, lead, namer)
        lead = _lead(text, members[-1], marks, lead)


def _lead(text: str, last: Sentence, marks: tuple[Quote, ...], lead: Speaker) -> Speaker:
    """Say who is speaking in the next paragraph, if this one ends in a colon or the quotation goes on."""
    if text[last.start : last.end].rstrip().endswith(":"):
        return opens_quotation(masked(text, last.start, last.end, marks))
    return lead if last.listed or (marks and not marks[-1].closed) else NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A sentence with its quotations blotted out, its speaker, and whether anything stands outside the quotations."""

    start: int
    end: int
    plain: str
    speaker: Speaker
    is_told: bool


def _paragraph(
    text: str, members: list[Sentence], marks: tuple[Quote, ...], lead: Speaker, namer: Namer
) -> Iterator[_Passage]:
    lines = [_line(text, one, marks, namer) for one in members]
    for index, line in enumerate(lines):
        if not line.is_told:
            speaker = _of_quotation(lines, index, marks, lead)
            yield _Passage(start=line.start, end=line.end, plain=line.plain, speaker=speaker, cue="quotation")
            continue
        for start, end in _clauses(line.plain, namer):
            words = line.plain[start:end]
            speaker = namer(words)
            if members[index].listed and speaker == NOBODY and lead != NOBODY:
                speaker = _because(lead, "The list stands under these words.")
            yield _Passage(
                start=line.start + start,
                end=line.start + end,
                plain=words,
                speaker=speaker,
                cue=_cue(words, speaker),
                leads=start == 0,
            )


def _line(text: str, one: Sentence, marks: tuple[Quote, ...], namer: Namer) -> _Line:
    plain = masked(text, one.start, one.end, marks)
    told = any(letter.isalpha() for letter in plain)
    return _Line(start=one.start, end=one.end, plain=plain, speaker=namer(plain), is_told=told)


def _of_quotation(lines: list[_Line], index: int, marks: tuple[Quote, ...], lead: Speaker) -> Speaker:
    """Find who speaks in a sentence that is all quotation: beside the same marks, else just before in the paragraph."""
    one = lines[index]
    here = [mark for mark in marks if mark.start < one.end and one.start < mark.end]
    told = [line for line in lines if line.is_told]
    for line in told:
        if line.speaker != NOBODY and any(mark.start < line.end and line.start < mark.end for mark in here):
            return _because(line.speaker, "The same quotation goes on there.")
    earlier = [line for line in told if line.end <= one.start]
    if earlier:
        last = earlier[-1]
        is_quoting = MASK in last.plain and last.speaker != NOBODY and not TURN.search(last.plain)
        return _because(last.speaker, "The paragraph goes on quoting.") if is_quoting else NOBODY
    return _because(lead, "The paragraph before leads into these words.") if lead != NOBODY else NOBODY


def _because(speaker: Speaker, reason: str) -> Speaker:
    return Speaker(
        words=speaker.words,
        reason=f"{speaker.reason} {reason}",
        manner=speaker.manner,
        pronoun=speaker.pronoun,
    )


def _clauses(plain: str, namer: Namer) -> list[tuple[int, int]]:
    """Cut a sentence where somebody else begins to speak."""
    cuts = [
        (stop.start(), stop.end())
        for stop in RELATIVE.finditer(plain)
        if _speaks_at_once(plain[stop.end() :], namer)
    ]
    cuts += [(stop.start(), stop.end()) for stop in COMMENT.finditer(plain)]
    for stop in TURN.finditer(plain):
        left, right = namer(plain[: stop.start()]), namer(plain[stop.end() :])
        if NOBODY not in (left, right) and _has_subject_first(plain[stop.end() :], right):
            cuts.append((stop.start(), stop.end()))
    cuts.sort()
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(plain)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def _speaks_at_once(clause: str, namer: Namer) -> bool:
    """Say whether `who reportedly agreed` or `where he called for` begins here."""
    words = clause.split()
    first = " ".join(words[:6])
    return namer(first).pronoun != ""


def _has_subject_first(clause: str, speaker: Speaker) -> bool:
    return clause.lstrip().startswith(speaker.words or speaker.pronoun)


def _cue(plain: str, speaker: Speaker) -> str:
    """Say what in a passage shows that somebody may take a position; empty if nothing does."""
    if MASK in plain:
        return "quotation"
    if FIRST_PERSON.search(plain):
        return "first person without quotation marks"
    if speaker.words or speaker.pronoun:
        return "verb of speech" if speaker.manner == "speech" else "verb of stance"
    for cue, pattern in (
        ("condition", CONDITION),
        ("concern", NOUN),
        ("somebody is cited", ACCORDING),
        ("verb of speech", TELLS),
        ("participle of speech", PARTICIPLE),
    ):
        if pattern.search(plain):
            return cue
    return ""


def _candidate(
    article: Article, passage: _Passage, before: str, number: int, terms: Sequence[Term]
) -> Candidate:
    start, end = _trimmed(article.text, passage.start, passage.end)
    text = article.text[start:end]
    kind = _kind(text, passage.speaker)
    return Candidate(
        id=f"{article.id}-{number}",
        article=article.id,
        start=start,
        end=end,
        words=pointer_words(text, passage.speaker.words),
        speaker=" ".join(passage.speaker.words.split()),
        reason=_reason(passage),
        before=" ".join(before.split()) if _needs_hint(passage) else "",
        mode=_mode(passage),
        cue=passage.cue,
        kind=kind,
        force="soft" if FORCES[kind] == "hard" and HEDGE.search(text) else FORCES[kind],
        terms=touched(text, terms),
    )


def _needs_hint(passage: _Passage) -> bool:
    if passage.speaker.words or not passage.leads:
        return False
    return (
        bool(passage.speaker.pronoun) or passage.cue == "quotation" or passage.cue.startswith("first person")
    )


def _reason(passage: _Passage) -> str:
    if passage.speaker == NOBODY and passage.cue.startswith("first person"):
        return "No speaker is named; quotation marks may be lost, or the author speaks."
    return passage.speaker.reason


def _kind(text: str, speaker: Speaker) -> Kind:
    named = bool(speaker.words or speaker.pronoun)
    if REFUSAL.search(text) and (named or MASK in text):
        return "refusal"
    if CONDITION.search(text):
        ought = OUGHT.search(text) is not None and not named
        return "opinion" if ought else ("condition" if named or _is_quoted(text) else "concern")
    if SUPPORT.search(text):
        return "support"
    return "concern" if WORRY.search(text) else "report"


def _is_quoted(text: str) -> bool:
    return text[0] in '\u201c"\u00ab\u201e' or FIRST_PERSON.search(text) is not None


def _mode(passage: _Passage) -> Mode:
    """Suggest how the words were reported; `inferred` where a quotation has no speaker beside it."""
    named = bool(passage.speaker.words or passage.speaker.pronoun)
    share = passage.plain.count(MASK) / max(1, len(passage.plain))
    if share >= 0.3 or passage.cue.startswith("first person"):
        return "direct" if named and passage.speaker.manner != "none" else "inferred"
    return "indirect" if named and passage.speaker.manner == "speech" else "paraphrase"


def pointer_words(text: str, speaker: str) -> str:
    """Take a few whole words from a passage, behind its speaker, without signs that steer a screen.

    >>> pointer_words("Hill said that the road is closed to everyone who has no pass.", "Hill")
    'the road is closed to everyone who has'
    """
    kept: list[str] = []
    for word in re.finditer(r"\S+", text[_pointer_start(text, speaker) :]):
        clean = word[0].isprintable()
        if (
            len(kept) == MOST_POINTER_WORDS
            or len(" ".join([*kept, word[0]])) > LONGEST_WORDS
            or (kept and not clean)
        ):
            break
        kept += [word[0]] if clean else []
    return " ".join(kept).strip(' ,;:"\u201c\u201d') or text.strip()[:LONGEST_WORDS]


def _pointer_start(text: str, speaker: str) -> int:
    condition = CONDITION.search(text)
    if condition and len(text) - condition.start() > LONGEST_WORDS / 3:
        return condition.start()
    place = text.find(speaker) if speaker else -1
    if not 0 <= place < len(text) / 2:
        return 0
    aside = (
        re.match(r"[^,]*,[^,]{0,80},\s", text[place + len(speaker) :])
        if text[place + len(speaker) :][:1] == ","
        else None
    )
    place += len(speaker) + (aside.end() if aside else 0)
    told = SAID.match(text, place)
    return told.end() if told else place


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    passage = text[start:end]
    front = len(passage) - len(passage.lstrip(" ,\n\t"))
    return start + front, start + len(passage.rstrip())
