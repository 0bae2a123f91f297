"""The lint itself: it must find every kind of bad sentence, for any party, and leave good ones alone."""

from __future__ import annotations

import pytest

from report_words import HARM, faults, our_texts

PARTIES = ("Army of the North", "Army of the South", "Government of Riverland")

BAD = [
    ("promise", "With few events, Mill Town is safe for people to go to."),
    ("promise", "Mill Town is the safest of the six areas."),
    ("promise", "The zone guarantees that nobody is hurt, and is guaranteed by all."),
    ("promise", "People there are secure."),
    ("weakly defended", "Ford is weakly defended on its eastern side."),
    ("weakly defended", "Ford is the least well protected zone."),
    ("weakly defended", "An undefended town lies to the west."),
    ("weakly defended", "The eastern side is a weak point."),
    ("weakly defended", "It would be easy to overrun."),
    ("weakly defended", "Ford is vulnerable."),
    ("forecast of who", "Army of the North is likely to attack Ford by summer."),
    ("forecast of who", "The Army of the South could overrun it within weeks."),
    ("forecast of who", "The chance that Government of Riverland attacks Ford is 1 in 5."),
    ("forecast of who", "The risk that fighters seize the town is high."),
    ("uneven", "Army of the North claimed that the town was empty."),
    ("uneven", "The regime agreed."),
    ("uneven", "Rebels hold the road."),
    ("uneven", "Militants and terrorists hold it."),
]  # fmt: skip
GOOD = [
    "Asylia calls no zone safe.",
    "Few recorded events do not mean that it holds: quiet is not safety.",
    "The six safe areas of the Security Council.",
    "Army of the North: refuses, by what it said.",
    "Nothing on record: Army of the North and Army of the South.",
    "The chance that this zone alone is overrun within 26 weeks, by zones of the past.",
    "No open way to the main ground of its own side or to neutral ground.",
    "It said \N{LEFT DOUBLE QUOTATION MARK}the regime is a terrorist\N{RIGHT DOUBLE QUOTATION MARK}.",
    "5 of 14 zones of the past were overrun.",
    "Parties able to attack, by what they said on record.",
]


@pytest.mark.parametrize(("rule", "sentence"), BAD)
def test_a_bad_sentence_is_found(rule, sentence):
    assert [fault for fault in faults(sentence, PARTIES) if fault.startswith(rule)]


@pytest.mark.parametrize("sentence", GOOD)
def test_a_good_sentence_is_left_alone(sentence):
    assert faults(sentence, PARTIES) == []


@pytest.mark.parametrize("party", PARTIES)
def test_the_rules_are_the_same_for_every_party(party):
    assert "attack" in HARM
    assert faults(f"{party} may attack the zone.", PARTIES)
    assert not faults(f"{party} agreed on record.", PARTIES)


def test_every_kind_of_file_is_read(tmp_path):
    (tmp_path / "a.html").write_text("<p>one <q>safe</q></p><td>two</td>", encoding="utf-8")
    (tmp_path / "b.csv").write_text("why,words\nthree,safe\n", encoding="utf-8")
    (tmp_path / "c.json").write_text('{"x": [{"y": "four", "words": "safe"}]}', encoding="utf-8")
    (tmp_path / "d.md").write_text("five", encoding="utf-8")
    texts = [text for _, text in our_texts(tmp_path)]
    assert {"one", "two", "three", "four", "five"} <= set(texts)
    assert "safe" not in " ".join(texts)
