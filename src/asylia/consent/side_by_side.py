"""Lay candidate statements beside each other: which repeat one another, what two articles both say, where they differ."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from asylia.consent.article import Article
from asylia.consent.cues import word_set
from asylia.consent.propose import Candidate

ENOUGH: Final = 0.5
"""Share of the words of the shorter passage, rare words counting more, from which two passages say the same."""

FEWEST: Final = 4
STEM: Final = 6
MOST_COMMON: Final = 60
"""A word in more passages than this links nothing; it keeps hundreds of articles quick."""

STOP: Final = word_set(
    "a an and any are as at be been being but by can could did do does for from had has have he her his how i if in "
    "including into is it its more no not of on or our s she should so some such than that the their them then there "
    "they this those to up was we were what when where which who whom will with would you your about also after all "
    "only over said says told mr mrs ms"
)
AGAINST: Final = re.compile(
    r"\b(?:opposition|rebels?|insurgents?|militias?|critics?|observers?)\b", re.IGNORECASE
)
OFFICES: Final = word_set(
    "the a an foreig minist presid prime secret govern spokes offici genera united state states nation news agency "
    "special envoy mr mrs king republ army force forces"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two candidates that may be one statement.

    Parameters
    ----------
    basis
        `wording`: they share their rarer words. `position`: same speaker, kind and term in other words.
    shared
        What they share, in words.
    """

    first: str
    second: str
    basis: Literal["wording", "position"]
    share: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One thing that two articles say, with what is told differently.

    Parameters
    ----------
    differs
        What differs (`speaker`, `mode`, `kind`, `words`), with the first and the second article's version.
    """

    first: Candidate
    second: Candidate
    basis: Literal["wording", "position"]
    differs: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """Two articles on one event: what both say, and what only one of them says."""

    first: str
    second: str
    both: tuple[Pair, ...]
    only_first: tuple[Candidate, ...]
    only_second: tuple[Candidate, ...]


def links(candidates: Sequence[Candidate], articles: Sequence[Article]) -> tuple[Link, ...]:
    """Link candidates that may say the same, within and across articles, the closest first."""
    texts = {article.id: article.text for article in articles}
    words = {one.id: _words(texts[one.article][one.start : one.end], one.speaker) for one in candidates}
    weights = _weights(words.values())
    names = _names(candidates)
    found = []
    for first, second in _near(candidates, words):
        shared = words[first.id].keys() & words[second.id].keys()
        share = _share(words[first.id].keys(), words[second.id].keys(), weights)
        if share >= ENOUGH and len(shared) >= FEWEST:
            told = tuple(sorted(words[first.id][stem] for stem in shared))
            found.append(Link(first=first.id, second=second.id, basis="wording", share=share, shared=told))
        elif first.article != second.article and (terms := _same_position(first, second, names)):
            found.append(Link(first=first.id, second=second.id, basis="position", share=share, shared=terms))
    return tuple(sorted(found, key=lambda one: (one.basis == "position", -one.share, one.first, one.second)))


def side_by_side(
    first: Article, second: Article, candidates: Sequence[Candidate], found: Sequence[Link]
) -> SideBySide:
    """Lay the candidates of two articles beside each other; each is paired once, with its closest."""
    by_id = {one.id: one for one in candidates}
    texts = {first.id: first.text, second.id: second.text}
    taken: set[str] = set()
    pairs = []
    for link in found:
        ends = sorted((by_id[link.first], by_id[link.second]), key=lambda one: one.article != first.id)
        if [one.article for one in ends] != [first.id, second.id] or taken & {one.id for one in ends}:
            continue
        taken |= {one.id for one in ends}
        differs = _differences(ends[0], ends[1], texts)
        pairs.append(Pair(first=ends[0], second=ends[1], basis=link.basis, differs=differs))
    left = [one for one in candidates if one.id not in taken]
    return SideBySide(
        first=first.id,
        second=second.id,
        both=tuple(sorted(pairs, key=lambda pair: pair.first.start)),
        only_first=tuple(one for one in left if one.article == first.id),
        only_second=tuple(one for one in left if one.article == second.id),
    )


def repeats(found: Sequence[Link], candidates: Sequence[Candidate]) -> dict[str, str]:
    """Say which candidate repeats which earlier one, by wording: id to id of the first of its group."""
    order = {one.id: number for number, one in enumerate(candidates)}
    first: dict[str, str] = {}
    for link in found:
        if link.basis == "wording":
            early, late = sorted((link.first, link.second), key=order.__getitem__)
            first.setdefault(late, early)
    return {late: _root(late, first) for late in first}


def _root(name: str, first: Mapping[str, str]) -> str:
    while name in first:
        name = first[name]
    return name


def _words(passage: str, speaker: str) -> dict[str, str]:
    """Return the words of a passage that carry meaning, by their stem, without those of its speaker."""
    spoken = {word.casefold() for word in re.findall(r"[^\W\d_]+", speaker)}
    found: dict[str, str] = {}
    for word in re.findall(r"[^\W\d_]+", passage):
        small = word.casefold()
        if len(small) > 1 and small not in STOP and small not in spoken:
            found.setdefault(small[:STEM], word)
    return found


def _weights(passages: Iterable[Mapping[str, str]]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    total = 0
    for words in passages:
        counts.update(words.keys())
        total += 1
    return {stem: math.log((1 + total) / count) for stem, count in counts.items()}


def _share(first: Iterable[str], second: Iterable[str], weights: Mapping[str, float]) -> float:
    one, other = set(first), set(second)
    # sums in a fixed order: the same text gives the same bytes
    sizes = [math.fsum(weights[stem] for stem in sorted(stems)) for stems in (one, other)]
    shared = math.fsum(weights[stem] for stem in sorted(one & other))
    return round(shared / min(sizes), 3) if min(sizes) > 0 else 0.0


def _near(
    candidates: Sequence[Candidate], words: Mapping[str, Mapping[str, str]]
) -> list[tuple[Candidate, Candidate]]:
    """List the pairs that share a word or a term, in order."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(candidates):
        for key in (*words[one.id], *(f"term {term}" for term in one.terms)):
            holders[key].append(number)
    pairs = {
        (a, b)
        for members in holders.values()
        if len(members) <= MOST_COMMON
        for place, a in enumerate(members)
        for b in members[place + 1 :]
    }
    return [(candidates[a], candidates[b]) for a, b in sorted(pairs)]


def _same_position(
    first: Candidate, second: Candidate, names: Mapping[str, frozenset[str]]
) -> tuple[str, ...]:
    """Return the terms on which two candidates of one speaker seem to take the same position."""
    if "report" in (first.kind, second.kind) or first.kind != second.kind:
        return ()
    if not (first.speaker and second.speaker) or _opposed(first.speaker, second.speaker):
        return ()
    if not names[first.speaker] & names[second.speaker]:
        return ()
    return tuple(term for term in first.terms if term in second.terms)


def _opposed(first: str, second: str) -> bool:
    return (AGAINST.search(first) is None) != (AGAINST.search(second) is None)


def _names(candidates: Sequence[Candidate]) -> dict[str, frozenset[str]]:
    """Give every speaker the names it goes by in these articles: `Hill` too is `Anna Hill, the Lowland minister`."""
    own = {
        one.speaker: frozenset(
            word.casefold()[:5]
            for word in re.findall(r"[^\W\d_]+", one.speaker)
            if word[0].isupper() and word.casefold()[:STEM] not in OFFICES and len(word) > 1
        )
        for one in candidates
    }
    return {
        speaker: names.union(*(other for other in own.values() if names and names < other))
        for speaker, names in own.items()
    }


def _differences(first: Candidate, second: Candidate, texts: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Say what two tellings of one thing tell differently."""
    told = {
        "speaker": (first.speaker or "not named", second.speaker or "not named"),
        "mode": (first.mode, second.mode),
        "kind": (first.kind, second.kind),
    }
    one, other = (_words(texts[c.article][c.start : c.end], c.speaker) for c in (first, second))
    words = (_only(one, other), _only(other, one))
    return {
        name: pair
        for name, pair in {**told, "words": words}.items()
        if pair[0].casefold() != pair[1].casefold()
    }


def _only(words: Mapping[str, str], other: Mapping[str, str], most: int = 8) -> str:
    return ", ".join([word for stem, word in words.items() if stem not in other][:most])
