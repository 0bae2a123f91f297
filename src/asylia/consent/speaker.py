"""Suggest who speaks, from the words beside the verb alone. No name is ever suggested that stands elsewhere.

A wrong speaker does more harm than a missing one. So `he said` names nobody: whoever spoke just before is shown as a hint,
for a person to decide. A speaker is always a passage of the sentence it is suggested for, or of the sentence that carries
the attribution of the same quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from asylia.consent.cues import (
    ACCORDING,
    BE,
    HELPERS,
    LINKS,
    NOT_NAMES,
    NOT_SPEAKERS,
    PREPOSITIONS,
    PRONOUNS,
    SEEMS,
    SPEAKERS,
    VERB,
    word_set,
)
from asylia.consent.quotes import MASK

Manner = Literal["speech", "stance", "none"]
MOST_WORDS: Final = 14
ASIDE: Final = re.compile(
    r"^(?:notably|known as|also known|formerly|based in|including|such as|especially|among them|like|who\b|which\b|whose\b|where\b|\w+ing\b)"
)
AFTER_NAME: Final = re.compile(
    rf"\s(?:in|on|at|after|during|while|when|as|to|with|before|late|early|earlier|yesterday|today|by|from|via|through|"
    rf"adding|telling|speaking|referring|through|this|last|"
    rf"monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b|\sof\s(?=\w+ing\b)|[.;:!?(\u2013\u2014\u2026{MASK}]",
    re.IGNORECASE,
)
CLOSERS: Final = ("\u201d", "\u2019", "\u00bb", '"', "'", "\u2013", "\u2014", "-")
DETERMINERS: Final = word_set(
    "the a an its his her their our your my several some many most other two three four five both all one another "
    "these those former"
)
PERSONAL: Final = word_set("he she it they who")
TIMED: Final = word_set("after before until if unless since when because neither nor")
"""A subject behind one of these belongs to a side clause: who speaks there is not who speaks in the sentence."""
WHEN: Final = re.compile(
    r"\s(?:(?:late |early )?on \w+day|at the time|(?:last|this) \w+|in a (?:statement|speech|letter|report))$",
    re.IGNORECASE,
)
QUOTED: Final = re.compile(r"\b(?:quoted|quotes|cited|cites) (him|her|it|them) as saying\b")
SETTING: Final = re.compile(
    r"^(?:[Ii]n|[Aa]t|[Dd]uring) (?:an?|the|its|his|her) (?:\w+ ){1,3}?(?=(?:the|an?) \w|[A-Z])|^(?:[Oo]n|[Ll]ate on) \w+day "
)
NAME: Final = re.compile(r"^(?:[^\W\d_a-z]|[a-z]{1,3}[-'\u2019][^\W\d_a-z])")
WORD: Final = re.compile(r"[^\W_][\w'\u2019.-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who speaks in a passage, as the passage gives it.

    Parameters
    ----------
    words
        The speaker in the words of the text; empty if the text does not name one here.
    reason
        Why, in a sentence.
    manner
        Whether a verb of speech or one of stance stands beside the speaker.
    pronoun
        The word that stands for the speaker, as in "he said"; `words` is then empty.
    """

    words: str
    reason: str
    manner: Manner
    pronoun: str = ""


NOBODY: Final = Speaker(words="", reason="No speaker is named beside these words.", manner="none")


def name_speaker(passage: str) -> Speaker:
    """Suggest the speaker of a passage whose quotations are blotted out by `quotes.masked`.

    >>> name_speaker("Commenting on the idea, Hill said the road is closed.").words
    'Hill'
    >>> name_speaker("He said the road is closed.").words
    ''
    """
    if quoted := QUOTED.search(passage):
        reason = f'The text says only "{quoted[1]}" beside "as saying".'
        return Speaker(words="", reason=reason, manner="speech", pronoun=quoted[1])
    for found in _attributions(passage):
        if found != NOBODY:
            return found
    return NOBODY


def opens_quotation(passage: str) -> Speaker:
    """Suggest the speaker of what follows a passage that ends in a colon, as in `The minister said:` or `Hill:`."""
    found = name_speaker(passage)
    if found.words or not passage.rstrip().endswith(":"):
        return found
    words = checked(passage.rstrip()[:-1], "speech")
    if not words:
        return found
    return Speaker(words=words, reason=f'"{words}" stands before the colon.', manner="speech")


def _attributions(passage: str) -> Iterator[Speaker]:
    for verb in VERB.finditer(passage):
        manner: Manner = "speech" if verb["speech"] else "stance"
        yield _before(passage, verb, manner)
        if verb["speech"]:
            yield _behind(passage, verb)
    for here in ACCORDING.finditer(passage):
        yield _told(
            checked(_until_stop(passage[here.end() :], comma=True), "speech"), "according to", "speech"
        )


def _before(passage: str, verb: re.Match[str], manner: Manner) -> Speaker:
    """Read the subject in front of a verb."""
    before, helpers = _without_helpers(passage[: verb.start()])
    by = re.match(r"\s+by\s+", passage[verb.end() :])
    if by and _is_passive(verb, helpers):
        agent = _until_stop(passage[verb.end() + by.end() :], comma=True)
        return _told(checked(agent, "speech"), f"{verb[0]} by", manner)
    if (by and manner == "stance") or _is_passive(verb, helpers):
        return NOBODY
    last = before.split()[-1].casefold() if before.split() else ""
    if last in SEEMS or (last == "to" and set(before.casefold().split()[-3:]) & SEEMS):
        return Speaker(
            words="", reason="The sentence says how something appears to its author.", manner="none"
        )
    if last == "to":
        return NOBODY
    subject = _subject(before)
    if subject.casefold() in PERSONAL:
        reason = f'The text says only "{_flat(subject)}" beside "{_flat(verb[0])}".'
        return Speaker(words="", reason=reason, manner=manner, pronoun=_flat(subject))
    return _told(checked(subject, manner), verb[0], manner)


def _behind(passage: str, verb: re.Match[str]) -> Speaker:
    """Read the subject behind a verb, as in `no, said Hill`."""
    before = passage[: verb.start()].rstrip()
    if before and not before.endswith((",", MASK, *CLOSERS)):
        return NOBODY
    return _told(checked(_until_stop(passage[verb.end() :], comma=False), "speech"), verb[0], "speech")


def _is_passive(verb: re.Match[str], helpers: list[str]) -> bool:
    if verb["adjective"] or verb[0].endswith("as saying") or not helpers:
        return False
    near = [word for word in helpers if not word.endswith("ly") and word not in ("not", "also", "never")]
    return bool(near) and near[-1] in BE


def _without_helpers(before: str) -> tuple[str, list[str]]:
    """Cut `has also` and its like from the end; return what is left and what was cut, in order."""
    cut: list[str] = []
    while match := re.search(r"(?:^|\s)([\w'\u2019-]+)\s*$", before):
        word = match[1].casefold()
        if word not in HELPERS and not (
            word.endswith("ly") and len(word) > 4 and word not in ("italy", "family")
        ):
            break
        cut.insert(0, word)
        before = before[: match.start()]
    return before, cut


def _subject(before: str) -> str:
    """Take the words that can be the subject off the end of what stands before the verb."""
    closed = before.rstrip().endswith(",")
    parts = [part.strip() for part in before.rstrip().rstrip(",").split(",")]
    aside = bool(len(parts) > 1 and ASIDE.match(parts[-1]))
    take = parts[-2:] if closed and len(parts) > 1 else parts[-1:]
    if closed and aside:
        take = parts[-2:-1]
    elif not closed and " and " in parts[-1]:
        take = [*_listed(parts[:-1]), parts[-1]]
    subject = ", ".join(take)
    return _after_links(_in_text(before, subject))


def _listed(parts: list[str]) -> list[str]:
    """Take the names in front of `B and C` in a list `A, B and C`."""
    names: list[str] = []
    for part in reversed(parts):
        words = part.split()
        if (
            not 0 < len(words) <= 3
            or not all(NAME.match(word) for word in words)
            or words[0].casefold() in PREPOSITIONS
        ):
            break
        names.insert(0, part)
    return names


def _in_text(text: str, flat: str) -> str:
    """Find words in a text however they are spaced there."""
    pattern = r"\s*".join(re.escape(word) for word in flat.split())
    found = list(re.finditer(pattern, text)) if flat else []
    return found[-1][0] if found else flat


def _after_links(subject: str) -> str:
    """Cut everything up to the last word that joins clauses: of `which Hill` only `Hill` is the subject."""
    words = list(re.finditer(r"\S+", subject))
    for index in range(len(words) - 1, -1, -1):
        word = words[index][0].casefold().strip(",")
        if word == "who" and index == len(words) - 1:
            return words[index][0]
        if word in TIMED:
            return ""
        if word in LINKS and not (word == "and" and index > 0):
            return subject[words[index].end() :].strip()
    return re.sub(rf"^.*[{MASK}\u2013\u2014;:]\s*", "", subject, flags=re.DOTALL).strip()


def _until_stop(behind: str, *, comma: bool) -> str:
    stop = AFTER_NAME.search(behind)
    words = behind[: stop.start()] if stop else behind
    parts = words.split(",")
    alone = comma or len(parts) == 1 or ASIDE.match(parts[1].strip())
    return parts[0].strip() if alone else ",".join(parts[:2]).strip()


def checked(subject: str, manner: Manner) -> str:
    """Return the subject if it can speak: a name, or words whose head is somebody; empty otherwise."""
    subject = SETTING.sub("", WHEN.sub("", subject.strip(" ,\n\t'")))
    if len(subject.split()) > MOST_WORDS:
        subject = subject.split(",", 1)[0]
    words = subject.split()
    if not words or len(words) > MOST_WORDS or MASK in subject or not _begins(words):
        return ""
    main = words[: next((i + 1 for i, word in enumerate(words) if word.endswith(",")), len(words))]
    head = _head([word.strip(",") for word in main])
    if not head or head.casefold() in PRONOUNS | LINKS | PREPOSITIONS | HELPERS | NOT_NAMES:
        return ""
    if _can_speak(head):
        return subject
    return subject if NAME.match(head) and not _is_thing(main, head, manner) else ""


def _begins(words: list[str]) -> bool:
    """Say whether a subject begins like one, not in the middle of a clause (`met Hill`)."""
    first = words[0].strip("(\"'\u201c\u2018")
    if first.casefold() in ("neither", "no", "not"):
        return False
    return not first.islower() or first in DETERMINERS or any(_can_speak(word.strip(",")) for word in words)


def _head(words: list[str]) -> str:
    """Find the main word: the last before a preposition, without a participle after it (`Rebels backed`)."""
    for index, word in enumerate(words):
        if index and word.casefold() in PREPOSITIONS:
            words = words[:index]
            break
    if words and words[0].casefold() in PREPOSITIONS:
        return ""
    while len(words) > 1 and words[-1].endswith("ed") and words[-1].islower():
        words = words[:-1]
    found = WORD.match(words[-1].lstrip("\"'\u201c\u2018(")) if words else None
    return re.sub(r"['\u2019]s$", "", found[0]).rstrip(".") if found else ""


def _can_speak(head: str) -> bool:
    word = head.casefold()
    singular = {word, word.removesuffix("s"), word.removesuffix("es"), f"{word.removesuffix('ies')}y"}
    singular |= {re.sub(r"men$", "man", word), re.sub(r"women$", "woman", word)}
    return bool(singular & SPEAKERS)


def _is_thing(main: list[str], head: str, manner: Manner) -> bool:
    """Say whether a large first letter is that of a sentence rather than of a name."""
    alone = len(main) == 1
    is_owned = len(main) > 1 and head.islower()
    return is_owned or (alone and manner == "stance" and NOT_SPEAKERS.search(head.casefold()) is not None)


def _told(words: str, verb: str, manner: Manner) -> Speaker:
    if not words:
        return NOBODY
    return Speaker(words=words, reason=f'"{_flat(words)}" stands beside "{_flat(verb)}".', manner=manner)


def _flat(text: str) -> str:
    return " ".join(text.split())
