"""Candidate statements from invented texts of many shapes."""

from __future__ import annotations

import pytest

from asylia.consent.article import Article, sentences
from asylia.consent.propose import Candidate, pointer_words, propose
from asylia.consent.quotes import quotes
from asylia.consent.speaker import NOBODY, Speaker, name_speaker
from asylia.consent.topics import touched
from asylia.model.actors import Term


def found_in(text: str) -> tuple[Candidate, ...]:
    return propose(Article(id="a", text=text))


def passages(text: str) -> list[str]:
    return [text[one.start : one.end] for one in found_in(text)]


def prose(text: str) -> list[str]:
    return [text[one.start : one.end] for one in sentences(text)]


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Lowland is open to the plan.", "Lowland"),
        (
            "Anna Hill, the Lowland foreign minister, said the plan is new.",
            "Anna Hill, the Lowland foreign minister",
        ),
        ("Mr Stones adviser, Yusuf Ali, said talks go on.", "Mr Stones adviser, Yusuf Ali"),
        ("Commenting on the plan, Hill said it is new.", "Hill"),
        ("Earlier supporters, notably Hill and other mayors, wanted less.", "Earlier supporters"),
        ("Moscow, Damascus and Tehran said they agree.", "Moscow, Damascus and Tehran"),
        ("In Harbour, Hill and Stone said no.", "Hill and Stone"),
        ("In a statement the EU said no.", "the EU"),
        ("According to the UN envoy Staffan de Mistura, talks failed.", "the UN envoy Staffan de Mistura"),
        ("\u00a4\u00a4\u00a4\u00a4, said Nguyễn Thị Hoa, the ambassador.", "Nguyễn Thị Hoa, the ambassador"),
        ("The plan was rejected by the Northern Front last year.", "the Northern Front"),
        ("Talks broke down, a diplomat said.", "a diplomat"),
        (
            "Hill, the first leader in the valley to ask the council to let all of the people of Ford in, said no.",
            "Hill",
        ),
        ("Hill was quoted by the Ford Post as saying that it is late.", "Hill"),
        ("Al-Hillu was quoted as saying that it is late.", "Al-Hillu"),
        (
            "President Hill's press secretary told Radio Ford the road is closed.",
            "President Hill's press secretary",
        ),
    ],
)
def test_the_speaker_is_read_beside_the_verb(sentence, speaker):
    assert name_speaker(sentence).words == speaker


@pytest.mark.parametrize(
    "sentence",
    [
        "He said the road is closed.",
        "Hill appears to be proposing something new.",
        "Hill's plan calls for a zone.",
        "The war in Lowland threatened the valley.",
        "Clashes threatened the talks.",
        "Lowland was told that the road is closed.",
        "Concerns have been raised about the road.",
        "Neither Moscow nor Ankara has said so.",
        "Nobody said anything.",
        "The agency quoted him as saying no.",
        "A day after Hill told the council so, it rained.",
        "Officials who met Hill said so.",
        "If Lowland agrees, the road opens.",
        "A plan backed by Lowland is new.",
    ],
)
def test_nobody_is_named_where_the_text_names_nobody(sentence):
    assert name_speaker(sentence).words == ""


def test_a_pronoun_is_no_name_but_a_hint_says_who_spoke_before():
    first, second = found_in("Anna Hill said the road is closed.\n\nWe need to be asked first, he said.")
    assert first.speaker == "Anna Hill"
    assert (second.speaker, second.before, second.mode) == ("", "Anna Hill", "direct")
    assert '"he"' in second.reason


def test_a_quotation_without_a_speaker_is_inferred():
    text = "Hill said no.\n\n\u201cIf people are asked first, we may think about it again.\u201d"
    alone = found_in(text)[1]
    assert (alone.speaker, alone.mode, alone.before) == ("", "inferred", "Hill")


def test_a_quotation_goes_on_over_sentences_and_behind_its_speaker():
    text = '"We will not go. We were never asked," said Stone. "That is all we have to say."'
    assert [one.speaker for one in found_in(text)] == ["Stone", "Stone", "Stone"]


def test_a_second_voice_in_the_paragraph_is_not_put_in_the_first_mouth():
    text = '"We will not go there," said Stone, but Hill disagreed. "They will have to go there soon."'
    assert found_in(text)[-1].speaker == ""


def test_a_name_in_the_sentence_of_a_quotation_is_not_its_speaker():
    text = "Hill appears to want something new \u2013 not a \u201ccopy of the zone that failed us in the north.\u201d"
    assert [one.speaker for one in found_in(text)] == [""]


def test_a_colon_leads_into_a_list():
    text = "The four ministers said:\n\n- All parties should allow aid\n- No armed group may enter the area\n\nIt rained."
    found = found_in(text)
    assert [one.speaker for one in found] == ["The four ministers"] * 3
    assert "list" in found[1].reason


def test_a_name_before_a_colon_speaks():
    text = "Hill:\n\n\u201cWe will keep the road open for all.\u201d"
    long = "Stone, the mayor of Ford town:\n\n\u201cWe will keep the road open for all.\u201d"
    assert [one.speaker for one in found_in(text)] == [""]  # too short a line to be prose
    assert found_in(long)[-1].speaker == "Stone, the mayor of Ford town"


def test_clauses_of_two_speakers_are_two_candidates():
    text = "Hill criticised the plan but Stone has welcomed it, and said so twice."
    assert [one.speaker for one in found_in(text)] == ["Hill", "Stone"]
    text = "Hill discussed it with the king, who reportedly agreed that zones are needed."
    assert [one.speaker for one in found_in(text)] == ["Hill", ""]


def test_a_condition_stays_with_its_sentence():
    text = "Lowland is open to the plan, but only if the council agrees."
    (one,) = found_in(text)
    assert text[one.start : one.end] == text
    assert (one.kind, one.force, one.mode) == ("condition", "hard", "paraphrase")
    assert one.words.startswith("only if")


@pytest.mark.parametrize(
    ("text", "kind", "force"),
    [
        ("Hill rejected the plan.", "refusal", "hard"),
        ("Hill said that perhaps the zone must be smaller.", "condition", "soft"),
        ("Hill supports the plan.", "support", "preference"),
        ("Doubts were raised about the road.", "concern", "concern"),
        ("People here should decide for themselves.", "opinion", "opinion"),
        ("Hill said it rained.", "report", "report"),
    ],
)
def test_kind_and_force_are_suggested(text, kind, force):
    (one,) = found_in(text)
    assert (one.kind, one.force) == (kind, force)


def test_lost_quotation_marks_show_in_the_first_person():
    text = "We have no objection so long as our police stay, said the mayor.\n\nI will never sign it."
    said, alone = found_in(text)
    assert (said.speaker, said.mode) == ("the mayor", "direct")
    assert (alone.speaker, alone.mode) == ("", "inferred")
    assert "quotation marks may be lost" in alone.reason


def test_plain_narrative_proposes_nothing():
    text = (
        "Trucks lined the road near Ford. About 3,000 people have left since March, many on foot. The US and Lowland have "
        "been at odds over their support for the council. World War I ended in 1918. Lowland has provided tents while it was threatening war. The bridge at Mill was rebuilt."
    )
    assert found_in(text) == ()


def test_furniture_is_dropped():
    text = (
        "HILL SAYS NO TO ZONES\n\nHill says no to zones\n\nBy Ann Brook\n\nHill said no in Ford Getty Images\n\n"
        "Hill said no.\n\nShare this article with friends.\n\nJane Brook is a columnist for the Ford Post. Subscribe now!\n\n"
        "Her latest book is \u201cHow we will all be saved by roads\u201d.\n\nLeave a reply\n\nStone said what nonsense.\n"
    )
    assert passages(text) == ["Hill said no."]


@pytest.mark.parametrize(
    "sentence",
    [
        "A resident said nobody lives in Harbour.",
        "Sources in the ministry said: the road is closed.",
        "Lowland refused to sign up to the truce.",
        "An agreement can be reached at the talks, Hill said.",
    ],
)
def test_what_only_looks_like_furniture_is_kept(sentence):
    assert passages(sentence) == [sentence]


def test_lines_broken_at_a_width_are_joined_and_datelines_dropped():
    text = (
        "FORD (Agency) - The council said that it would agree to the zone only if\nthe people who live there are asked, in "
        "their own\nlanguage, before it opens."
    )
    (passage,) = passages(text)
    assert passage.startswith("The council said")
    assert passage.endswith("before it opens.")


def test_short_forms_are_words_too():
    assert prose("Hill said no. Stone saw No. 5 at 3 p.m. The end. He met Gen. Hill Jr. Friday.") == [
        "Hill said no.",
        "Stone saw No. 5 at 3 p.m.",
        "The end.",
        "He met Gen. Hill Jr. Friday.",
    ]


def test_abbreviations_and_ellipses_do_not_end_sentences():
    text = "Mr. J. Hill of the U.N. office said no... and then yes. U.S. officials agreed. It rained in the U.S. The end."
    assert prose(text) == [
        "Mr. J. Hill of the U.N. office said no... and then yes.",
        "U.S. officials agreed.",
        "It rained in the U.S.",
        "The end.",
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("\u00abWe shall not go there\u00bb, he said.", 1),
        ("He said: \u2018We won't go and we won't stay.\u2019", 1),
        ("He said: 'We won't go and we won't stay.'", 1),
        ("The so-called \u201cgood plan\u201d and the workers' road.", 0),
        ("A book titled \u201cthe long way home again\u201d is out.", 0),
        ("The \u201cLowland Free Army Front\u201d came.", 0),
        ("He said: \u201cWe shall not go there at all.", 1),
        ("''We shall not go there at all,'' he said.", 1),
    ],
)
def test_quotations(text, count):
    assert len(quotes(text, 0, len(text))) == count


def test_terms_are_those_of_the_case():
    text = "The Gulf states will pay if the council approves."
    assert set(touched(text)) == {"funding", "host_consent"}
    terms = [
        Term(id="funding", name="Who pays", values=("gulf",)),
        Term(id="crops", name="Wheat", values=("wheat",)),
    ]
    assert touched(text, terms) == ("funding",)
    assert touched("They burnt the wheat.", terms) == ("crops",)


def test_another_rule_can_name_speakers():
    def never(passage: str) -> Speaker:
        assert "secret words" not in passage
        return NOBODY

    found = propose(Article(id="a", text='Hill said "these are our secret words".'), namer=never)
    assert [one.speaker for one in found] == [""]


def test_a_pointer_is_short_and_holds_no_steering_signs():
    words = pointer_words("Hill said that \x1b[2Jthe very long road " + "is closed " * 40, "Hill")
    assert 0 < len(words) <= 80
    assert "\x1b" not in words
