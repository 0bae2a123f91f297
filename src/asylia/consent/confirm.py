"""Turn candidates into proposed statements, change them one by one, and say what keeps one from being confirmed.

A statement is confirmed by a person who has seen the words in place. The rules here only hold back what nobody could have
confirmed with open eyes: no actor, no summary, a refusal without a condition or without a speaker, words not in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, cast, get_args

from asylia.consent.check import STATEMENTS, check_statements
from asylia.consent.cues import word_set
from asylia.consent.expressions import ExpressionError, parse
from asylia.consent.propose import Candidate
from asylia.core.errors import CaseError, Problem, nearest
from asylia.core.tables import ID
from asylia.model.actors import Actor, Force, Mode, Pointer, Statement, Term

UNASSIGNED: Final = "unassigned"
NOT_NAMED: Final = "Not named"
TO_WRITE: Final = "To be written by the person who confirms it."
DECIDING: Final = ("hard", "red_line")
FIELDS: Final = ("speaker", "actor", "mode", "force", "expression", "summary", "rank", "same_as")
LAST_RANK: Final = 9
OFFICIAL: Final = word_set(
    "government president minister ministry premier chancellor king queen prince emir spokesman spokeswoman "
    "spokesperson official officials ambassador envoy state administration parliament authorities statement report "
    "army military leader secretary commissioner chief head director commander foreign defence defense"
)
UNOFFICIAL: Final = word_set("opposition rebel rebels insurgents refugees activists residents former")


def statement_of(one: Candidate, actors: Sequence[Actor] = (), *, same_as: str = "") -> Statement:
    """Make a proposed statement of a candidate. The condition and the summary are left for a person to write.

    Parameters
    ----------
    actors
        Actors of a case; the one that the suggested speaker names is filled in, if exactly one fits.
    same_as
        Id of the statement it seems to repeat.
    """
    pointer = Pointer(
        source=one.article,
        start=one.start,
        end=one.end,
        words=one.words,
        speaker=one.speaker or NOT_NAMED,
        mode=one.mode,
    )
    return Statement(
        id=one.id,
        actor=actor_of(one.speaker, actors) or UNASSIGNED,
        rank=LAST_RANK if one.force in ("report", "opinion", "concern") else 1,
        force=one.force,
        expression="",
        summary=TO_WRITE,
        evidence=(pointer,),
        status="proposed",
        confidence="likely" if one.speaker else "guess",
        same_as=same_as,
    )


def actor_of(speaker: str, actors: Sequence[Actor]) -> str:
    """Find the one actor whose name a speaker carries: `the Russian foreign minister` is Russia; empty if several fit.

    >>> actor_of("Anna Hill, the Lowlandic minister", [Actor(id="low", name="Lowland", kind="host_state")])
    'low'
    """
    head, *rest = speaker.split(",", 1)
    for words in (head, *rest):
        fits = [actor.id for actor in actors if _carries(words, actor.name)]
        if len(fits) == 1:
            return fits[0]
        if fits:
            return ""
    return ""


def edited(statement: Statement, field: str, value: str) -> Statement:
    """Change one field of a statement, as a person typed it.

    Raises
    ------
    CaseError
        If the field or the value is not one that there is.
    """
    value = " ".join(value.split())
    if field not in FIELDS:
        raise _refused(field, field, f"is one of {', '.join(FIELDS)}", nearest(field, FIELDS))
    if field in ("speaker", "mode"):
        if not statement.evidence:
            raise _refused(field, value, "the statement points to words", "Add evidence to the file first.")
        first, *others = statement.evidence
        return replace(statement, evidence=(_pointer(first, field, value), *others))
    return _SETTERS[field](statement, value)


def confirmed(statement: Statement) -> Statement:
    """Mark a statement as confirmed by a person."""
    return replace(statement, status="confirmed")


def rejected(statement: Statement) -> Statement:
    """Mark a statement as rejected: it stays in the file, so that nobody proposes it again, and asks nothing any more."""
    return replace(statement, status="rejected")


def obstacles(
    statement: Statement,
    passages: Sequence[str | None],
    *,
    actors: Sequence[Actor] = (),
    terms: Sequence[Term] = (),
    others: Sequence[Statement] = (),
) -> list[Problem]:
    """List what keeps a statement from being confirmed.

    Parameters
    ----------
    passages
        The text of each piece of evidence, read from its source just now; `None` if the source is not at hand.
    actors, terms
        Those of the case; without actors, neither actor nor condition is held against a case.
    others
        The other statements of the same file.
    """
    found = [*_of_words(statement, passages), *_of_meaning(statement)]
    candidate = confirmed(statement)
    if actors:
        wrong = check_statements(actors, [*others, candidate], terms, ())
        return [*found, *(one for one in wrong if one.column.startswith(f"{statement.id}."))]
    for text in (statement.expression, *statement.alternatives):
        try:
            parse(text or "true")
        except ExpressionError as error:
            must = f"can be read; {error.reason}, at character {error.position + 1}"
            found.append(_problem(statement, "expression", text, must, "See the language of conditions."))
    return found


def _of_words(statement: Statement, passages: Sequence[str | None]) -> list[Problem]:
    if not statement.evidence:
        must = "a confirmed statement points to the words behind it"
        return [_problem(statement, "evidence", "", must, "Add evidence to the file first.")]
    found = []
    for pointer, passage in zip(statement.evidence, passages, strict=True):
        if passage is None:
            must = f"the text of {pointer.source} is at hand, so that you read the words in place"
            found.append(_problem(statement, "evidence", "", must, "Name its folder with --sources."))
        elif _flat(pointer.words) not in _flat(passage):
            must = f"these words stand in characters {pointer.start} to {pointer.end} of {pointer.source}"
            found.append(
                _problem(statement, "evidence", pointer.words, must, "Is it the same version of the text?")
            )
    return found


def _of_meaning(statement: Statement) -> list[Problem]:
    found = []
    if statement.actor in ("", UNASSIGNED):
        found.append(_problem(statement, "actor", "", "an actor is named", "Edit actor."))
    if statement.summary.strip() in ("", TO_WRITE):
        found.append(_problem(statement, "summary", "", "says in a sentence what was said", "Edit summary."))
    if statement.force in DECIDING:
        if not statement.expression:
            mend = "Edit expression, or give it a force that does not decide."
            found.append(
                _problem(
                    statement, "expression", "", "a statement that can refuse a plan has a condition", mend
                )
            )
        if any(pointer.speaker == NOT_NAMED for pointer in statement.evidence):
            must = "a statement that can refuse a plan has a speaker"
            found.append(
                _problem(statement, "speaker", NOT_NAMED, must, "Edit speaker, and mode if it is inferred.")
            )
    return found


def _pointer(pointer: Pointer, field: str, value: str) -> Pointer:
    if field == "speaker":
        return replace(pointer, speaker=value or NOT_NAMED)
    return replace(pointer, mode=cast("Mode", _one_of(field, value, get_args(Mode))))


def _rank(statement: Statement, value: str) -> Statement:
    if not re.fullmatch(r"[1-9]\d{0,2}", value):
        raise _refused(
            "rank", value, "is a whole number from 1 to 999", "1 is what matters most to the actor."
        )
    return replace(statement, rank=int(value))


def _id(field: str, value: str) -> str:
    if value and not ID.fullmatch(value):
        raise _refused(
            field, value, "is an id: letters, digits, dot, dash or underscore", "For example north-2."
        )
    return value


def _expression(statement: Statement, value: str) -> Statement:
    try:
        parse(value or "true")
    except ExpressionError as error:
        raise _refused("expression", value, f"can be read; {error}", "Type it again.") from error
    return replace(statement, expression=value)


_SETTERS: Final[dict[str, Callable[[Statement, str], Statement]]] = {
    "actor": lambda statement, value: replace(statement, actor=_id("actor", value) or UNASSIGNED),
    "force": lambda statement, value: replace(
        statement, force=cast("Force", _one_of("force", value, get_args(Force)))
    ),
    "expression": _expression,
    "summary": lambda statement, value: replace(statement, summary=value or TO_WRITE),
    "rank": _rank,
    "same_as": lambda statement, value: replace(statement, same_as=_id("same_as", value)),
}


def _one_of(field: str, value: str, allowed: Sequence[Any]) -> str:
    if value not in allowed:
        raise _refused(field, value, f"is one of {', '.join(allowed)}", nearest(value, allowed))
    return value


def _carries(words: str, name: str) -> bool:
    """Say whether a speaker's words carry the name of an actor: by its words, its stem or its initials."""
    large = [word for word in re.findall(r"[^\W\d_]+", name.split("(", maxsplit=1)[0]) if word[0].isupper()]
    spoken = re.findall(r"[^\W\d_]+", words)
    # Lowland's refugees do not speak for Lowland
    offices = OFFICIAL | {word for word in name.split() if word.islower()}
    if len(spoken) > len(large) and not offices & {word.casefold() for word in spoken}:
        return False
    # nor does its opposition, and nobody but the opposition speaks for that
    if UNOFFICIAL & {word.casefold() for word in spoken} != UNOFFICIAL & {
        word.casefold() for word in name.split()
    }:
        return False
    initials = "".join(word[0] for word in large)
    if len(initials) > 1 and initials in spoken:
        return True
    stems = {word.casefold()[:5] for word in spoken if word[0].isupper() and len(word) >= 4}
    return bool(large) and all(word.casefold()[:5] in stems for word in large)


def _problem(statement: Statement, key: str, value: str, must: str, mend: str) -> Problem:
    return Problem(file=STATEMENTS, column=f"{statement.id}.{key}", value=value, must=must, mend=mend)


def _refused(field: str, value: str, must: str, mend: str) -> CaseError:
    return CaseError([Problem(file="the answer", column=field, value=value, must=must, mend=mend)])


def _flat(text: str) -> str:
    return " ".join(text.split())
