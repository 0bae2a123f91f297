"""Speakers by grammar: never against the rules, never from a side clause, and clear when spaCy is not there."""

import builtins
from dataclasses import dataclass, field

import pytest
from typer.testing import CliRunner

from asylia.cli.main import app
from asylia.consent.article import Article
from asylia.consent.parsed import MODEL, by_grammar, load_parser, namer_with
from asylia.consent.propose import propose
from asylia.core.errors import CaseError


@dataclass
class Token:
    """A token as a parser gives it."""

    text: str
    i: int
    pos_: str = "NOUN"
    dep_: str = "ROOT"
    children: list = field(default_factory=list)
    left_edge: object = None
    right_edge: object = None


class Sentence(list):
    """Tokens whose slices have a text."""

    def __getitem__(self, place):
        found = super().__getitem__(place)
        return (
            type("Span", (), {"text": " ".join(t.text for t in found)})()
            if isinstance(place, slice)
            else found
        )


def parsed(words: str, *, verb: int, subject: tuple[int, int, int], pos: str = "PROPN", dep: str = "ROOT"):
    tokens = Sentence(Token(word, i) for i, word in enumerate(words.split()))
    head, left, right = subject
    tokens[head].pos_, tokens[head].dep_ = pos, "nsubj"
    tokens[head].left_edge, tokens[head].right_edge = tokens[left], tokens[right]
    tokens[verb].pos_, tokens[verb].dep_, tokens[verb].children = "VERB", dep, [tokens[head]]
    return tokens


def test_the_whole_subject_is_suggested_with_the_reason():
    found = by_grammar(parsed("The Lowland minister firmly said no", verb=4, subject=(2, 0, 2)))
    assert (found.words, found.manner) == ("The Lowland minister", "speech")
    assert "grammar" in found.reason


def test_a_pronoun_names_nobody():
    found = by_grammar(parsed("Then she said no", verb=2, subject=(1, 1, 1), pos="PRON"))
    assert (found.words, found.pronoun) == ("", "she")


@pytest.mark.parametrize("dep", ["advcl", "relcl", "acl"])
def test_who_speaks_in_a_side_clause_is_not_suggested(dep):
    assert by_grammar(parsed("Hill said no", verb=1, subject=(0, 0, 0), dep=dep)).words == ""


def test_a_thing_cannot_speak():
    assert by_grammar(parsed("The road said no", verb=2, subject=(1, 0, 1), pos="NOUN")).words == ""


def test_the_grammar_never_overrules_the_rules():
    def never(_: str):
        raise AssertionError("the rules named somebody already")

    assert namer_with(never)("Hill said the road is closed.").words == "Hill"
    assert namer_with(never)("He said the road is closed.").pronoun == "He"
    asked = []
    assert namer_with(lambda text: asked.append(text) or Sentence())("It rained.").words == ""
    assert asked == ["It rained."]


def test_without_spacy_or_a_model_the_message_says_what_to_do(monkeypatch, tmp_path):
    real = builtins.__import__

    def absent(name, *more):
        if name == "spacy":
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(CaseError, match=r"asylia\[text\]"):
        load_parser()
    (tmp_path / "a.txt").write_text("Hill said no to the zone.\n", encoding="utf-8")
    told = CliRunner().invoke(app, ["consent", "propose", str(tmp_path / "a.txt"), "--parser", MODEL])
    assert told.exit_code == 2
    assert "spaCy is installed" in told.stderr


def test_a_model_that_is_not_installed_is_named_and_never_fetched():
    pytest.importorskip("spacy", reason="the extra text is not installed")
    with pytest.raises(CaseError, match="never downloads"):
        load_parser("no_such_model")


def test_with_spacy_a_subject_far_from_its_verb_is_found():
    spacy = pytest.importorskip("spacy", reason="the extra text is not installed")
    if not spacy.util.is_package(MODEL):
        pytest.skip(f"the model {MODEL} is not installed")
    article = Article(
        id="a",
        text="The minister of Lowland, asked again on the road to Ford, said no zone is possible.\n",
        sha256="",
    )
    (one,) = propose(article, namer=namer_with(load_parser()))
    assert one.speaker.startswith("The minister")
