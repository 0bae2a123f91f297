"""A lint over what a report says: no promise, no place named as open to attack, no forecast of who would attack, even words."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

FIXED = ("Asylia calls no zone safe", "quiet is not safety", "calls nobody unprotected", "Deter aggression")
"""Our own sentences that deny a word, and one name of an objective in a report of the United Nations."""
NAMES = re.compile(r"\bsafe( humanitarian)?[ -](zone|area|haven)s?\b|\bnon-defended\b", re.IGNORECASE)
"""Names of proposals and of legal forms, which are nobody's promise."""

RULES = {
    "promise": r"\b(safe|safer|safest|safely|secured?|secures|guarantee[sd]?|risk[- ]free|danger[- ]free|optimal)\b",
    "weakly defended": (
        r"\b(weakly|poorly|lightly|thinly|badly|barely|hardly|least|less)[ -](well[ -])?(defended|guarded|protected|held)\b"
        r"|\bundefended\b|\bunguarded\b|\bunprotected\b|\bdefenceless\b|\bvulnerable\b|\bexposed flank"
        r"|\b(weak|soft)[ -](points?|spots?|targets?|flanks?|defen[cs]es?)\b|\bgaps? in (the|its|their) (defen[cs]e|line)"
        r"|\beas(y|ier|iest|ily) (to (take|overrun|capture|attack|reach by force)|taken|overrun|captured|attacked)\b"
        r"|\b(best|ideal|likely|prime|high-value) targets?\b|\btargeting\b"
    ),
    "uneven": (
        r"\b(claims? that|claimed|alleg(es|ed|edly)|insist(s|ed)?|regime|terrorists?|militants?|thugs?|liberat(ed?|ion)|"
        r"occupiers?|so-called|aggress(ors?|ion)|rebels?|puppet|warlords?|barbar\w+|savage\w*|fanatic\w*|heroic\w*)\b"
    ),
}
WILL = r"(will|shall|would|could|may|might|can|is|are|intends?|plans?|prepares?|threatens?|wants?|is likely|are likely|is expected|are expected|is set|is about)"
HARM = r"(attack|overrun|shell|bomb|capture|seize|assault|storm|strike|kill|massacre|expel|take)(s|ing|e?d)?"


def faults(text: str, parties: Sequence[str] = ()) -> list[str]:
    """List what a text must not say, each with its rule."""
    return list(_faults(text, tuple(sorted(parties, key=len, reverse=True))))


@lru_cache(maxsize=200_000)
def _faults(text: str, parties: tuple[str, ...]) -> tuple[str, ...]:
    text = re.sub("\u201c[^\u201d]*\u201d", "", text)
    for fixed in FIXED:
        text = re.sub(fixed, "", text, flags=re.IGNORECASE)
    text = NAMES.sub("", text)
    found = [
        f"{rule}: {hit[0]}"
        for rule, pattern in RULES.items()
        for hit in re.finditer(pattern, text, re.IGNORECASE)
    ]
    if not re.search(HARM, text, re.IGNORECASE):
        return tuple(found)
    who = "|".join(
        [*map(re.escape, parties), "army", "armies", "government", "militia", "fighters", "forces"]
    )
    who = rf"({who})"
    forecast = (
        rf"\b{who}\b(?! (of|to) the United Nations)[^.;:|]{{0,40}}\b{WILL}\b(?! not)[^.;:|]{{0,25}}\b{HARM}\b"
    )
    chance = (
        rf"\b(chance|probability|odds|risk|likelihood)\b[^.;:|]{{0,40}}\b{who}\b[^.;:|]{{0,30}}\b{HARM}\b"
    )
    found += [
        f"forecast of who: {hit[0]}"
        for p in (forecast, chance)
        for hit in re.finditer(p, text, re.IGNORECASE)
    ]
    return tuple(found)


OTHERS: frozenset[str] = frozenset({"words", "quote"})
"""Columns and keys that hold others' words."""


def our_texts(folder: Path, others: frozenset[str] = OTHERS) -> Iterator[tuple[str, str]]:
    """Give every text of a report that is ours, with its file: quotes and titles of sources are others' words."""
    for file in sorted(folder.rglob("*")):
        if file.suffix in READERS and file.name != "sources.csv":
            yield from ((file.name, text) for text in READERS[file.suffix](file, others))


def _page(file: Path, _: frozenset[str]) -> Iterator[str]:
    page = re.sub(r"<style>.*?</style>|<q>.*?</q>", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    page = re.sub(r'<tr id="source-.*?</tr>|<span class="source">.*?</span>', "", page, flags=re.DOTALL)
    for part in re.split(r"</(?:p|td|th|li|caption|h\d|dd|dt|summary|small|text|desc|title)>", page):
        yield html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", part))).strip()


def _table(file: Path, others: frozenset[str]) -> Iterator[str]:
    for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))):
        yield from (value or "" for column, value in row.items() if column not in others)


def _tree(file: Path, others: frozenset[str]) -> Iterator[str]:
    yield from _strings(json.loads(file.read_text(encoding="utf-8")), others)


def _workbook(file: Path, _: frozenset[str]) -> Iterator[str]:
    strings = zipfile.ZipFile(file).read("xl/sharedStrings.xml").decode("utf-8")
    yield from map(html.unescape, re.findall(r"<t[^>]*>([^<]*)</t>", strings))


def _plain(file: Path, _: frozenset[str]) -> Iterator[str]:
    yield file.read_text(encoding="utf-8")


def _strings(noun: object, others: frozenset[str]) -> Iterator[str]:
    if isinstance(noun, str):
        yield noun
    elif isinstance(noun, dict):
        for key, value in noun.items():
            if key not in others:
                yield from _strings(value, others)
    elif isinstance(noun, list):
        for each in noun:
            yield from _strings(each, others)


READERS = {
    ".html": _page,
    ".csv": _table,
    ".json": _tree,
    ".geojson": _tree,
    ".xlsx": _workbook,
    ".md": _plain,
    ".txt": _plain,
}
"""How each kind of file is read."""
