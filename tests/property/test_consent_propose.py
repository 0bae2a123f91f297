"""Whatever the text: offsets reproduce the pointer, no speaker is made up, and the same text gives the same candidates."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asylia.consent.article import Article, sentences
from asylia.consent.confirm import statement_of
from asylia.consent.propose import propose
from asylia.consent.side_by_side import links, repeats, side_by_side

PIECES = st.sampled_from(
    [
        *(
            "Anna Hill",
            "Stone, the mayor,",
            "He",
            "The council",
            "officials",
            "Núñez",
            "Lowland's envoy",
            "who",
            "We",
        ),
        *(
            "said",
            "told reporters",
            "rejected",
            "is open to",
            "agreed",
            "was rejected by",
            "according to",
            "must",
            "calls for",
        ),
        *(
            "only if",
            "provided",
            "the zone",
            "but",
            ",",
            ".",
            "?",
            "...",
            ":",
            "\u201c",
            "\u201d",
            '"',
            "'",
            "\u2019",
            "\u00ab",
        ),
        *(
            "\n",
            "\n\n",
            "- ",
            "U.N.",
            "Mr.",
            "share this",
            "the road is closed",
            "\u00a4",
            "\u202e",
            "\x07",
            "\t",
            "1.",
        ),
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map(" ".join))


def flat(text: str) -> str:
    return " ".join(text.split())


@given(text=TEXTS)
@settings(max_examples=400, deadline=None)
def test_offsets_reproduce_the_words_and_every_speaker_stands_in_the_text(text):
    for one in propose(Article(id="a", text=text)):
        assert 0 <= one.start < one.end <= len(text)
        assert one.speaker in flat(text)
        assert one.before in flat(text)
        assert 0 < len(one.words) <= 80
        assert flat(one.words) in flat(text[one.start : one.end])
        said = statement_of(one)
        assert said.status == "proposed"
        assert said.expression == ""
        assert said.evidence[0].speaker


@given(text=TEXTS)
@settings(max_examples=200, deadline=None)
def test_sentences_and_candidates_run_in_order_and_never_overlap(text):
    for spans in (sentences(text), propose(Article(id="a", text=text))):
        assert all(one.end <= other.start for one, other in itertools.pairwise(spans))


@given(first=TEXTS, second=TEXTS)
@settings(max_examples=100, deadline=None)
def test_side_by_side_loses_nothing_and_is_the_same_twice(first, second):
    articles = [Article(id="a", text=first), Article(id="b", text=second)]
    found = [one for article in articles for one in propose(article)]
    near = links(found, articles)
    assert near == links(found, articles)
    beside = side_by_side(*articles, found, near)
    shown = [one.id for pair in beside.both for one in (pair.first, pair.second)]
    shown += [one.id for one in (*beside.only_first, *beside.only_second)]
    assert sorted(shown) == sorted(one.id for one in found)
    same = repeats(near, found)
    assert not set(same) & set(same.values())


@pytest.mark.parametrize(
    "text", ["He said " * 4000, "a 'b " * 6000, "Hill, who said " * 2000, "\u201cno no no no. " * 2000]
)
def test_texts_that_only_look_like_text_come_to_an_end(text):
    for one in propose(Article(id="a", text=text)):
        assert one.end <= len(text)
