"""What a person may change in a proposed statement, and what keeps one from being confirmed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asylia.consent.article import Article
from asylia.consent.audit import positions
from asylia.consent.confirm import (
    NOT_NAMED,
    TO_WRITE,
    UNASSIGNED,
    actor_of,
    confirmed,
    edited,
    obstacles,
    rejected,
    statement_of,
)
from asylia.consent.propose import propose
from asylia.core.errors import CaseError
from asylia.model.actors import Actor, Term
from asylia.model.plan import Plan

TEXT = "The Lowland government rejects any zone without its consent."
ACTORS = (
    Actor(id="low", name="Lowland government", kind="host_state"),
    Actor(id="opposition", name="Lowland opposition", kind="armed_actor"),
    Actor(id="us", name="United States", kind="outside_power"),
    Actor(id="un", name="United Nations (Secretariat)", kind="agency"),
)
TERMS = (Term(id="host_consent", name="Consent", values=("none", "written"), ordered=True),)


@pytest.fixture
def proposed():
    (one,) = propose(Article(id="news", text=TEXT))
    return statement_of(one, ACTORS)


@pytest.fixture
def ready(proposed):
    written = edited(proposed, "expression", "host_consent = written")
    return edited(written, "summary", "No zone without its consent.")


def test_a_candidate_becomes_a_statement_that_decides_nothing(proposed):
    assert (proposed.status, proposed.actor, proposed.force) == ("proposed", "low", "hard")
    assert (proposed.expression, proposed.summary) == ("", TO_WRITE)
    plan = Plan(id="p", title="P", summary="", terms={"host_consent": ("none",)})
    cells = positions(plan, ACTORS, [edited(proposed, "expression", "host_consent = written")], TERMS)
    assert cells[0].position == "cannot say"


@pytest.mark.parametrize(
    ("speaker", "actor"),
    [
        ("The Lowland government", "low"),
        ("Anna Hill, the Lowland foreign minister", "low"),
        ("The US President", "us"),
        ("A UN report", "un"),
        ("The Lowland opposition", "opposition"),
        ("Lowland refugees", ""),
        ("Hill", ""),
        ("", ""),
    ],
)
def test_actors_are_suggested_only_where_the_speaker_carries_their_name(speaker, actor):
    assert actor_of(speaker, ACTORS) == actor


def test_two_actors_that_fit_are_none():
    assert actor_of("The Lowland government", (ACTORS[0], replace(ACTORS[0], id="other"))) == ""


def test_nothing_stands_in_the_way_of_a_complete_statement(ready):
    assert obstacles(ready, [TEXT], actors=ACTORS, terms=TERMS) == []
    assert obstacles(ready, [TEXT]) == []
    assert confirmed(ready).status == "confirmed"
    assert rejected(ready).status == "rejected"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("actor", "", "an actor is named"),
        ("summary", "", "in a sentence"),
        ("expression", "", "has a condition"),
        ("speaker", "", "has a speaker"),
    ],
)
def test_what_is_missing_is_said(ready, field, value, words):
    found = obstacles(edited(ready, field, value), [TEXT])
    assert [words in problem.must for problem in found] == [True]


def test_statements_that_do_not_decide_need_no_condition(ready):
    report = edited(edited(edited(ready, "force", "report"), "expression", ""), "speaker", "")
    assert report.evidence[0].speaker == NOT_NAMED
    assert obstacles(report, [TEXT]) == []


def test_the_words_must_stand_in_the_text(ready):
    assert "at hand" in obstacles(ready, [None])[0].must
    assert "stand in characters" in obstacles(ready, ["another text"])[0].must
    assert "points to the words" in obstacles(replace(ready, evidence=()), [])[0].must


def test_the_case_is_asked(ready):
    wrong = edited(edited(ready, "expression", "host_consent = maybe"), "actor", "hill")
    musts = [problem.column for problem in obstacles(wrong, [TEXT], actors=ACTORS, terms=TERMS)]
    assert {f"{ready.id}.actor", f"{ready.id}.expression"} <= set(musts)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("mode", "shouted"),
        ("force", "very hard"),
        ("expression", "host_consent ="),
        ("rank", "0"),
        ("rank", "first"),
        ("actor", "two words"),
        ("same_as", "a b"),
        ("status", "confirmed"),
    ],
)
def test_wrong_answers_are_refused(proposed, field, value):
    with pytest.raises(CaseError):
        edited(proposed, field, value)


def test_every_field_can_be_changed(proposed):
    for field, value in (("mode", "direct"), ("speaker", "A spokesman"), ("rank", "3"), ("same_as", "X-1")):
        changed = edited(proposed, field, value)
        told = getattr(changed, field, None) or getattr(changed.evidence[0], field)
        assert str(told) == value
    assert edited(proposed, "actor", "").actor == UNASSIGNED
    with pytest.raises(CaseError, match="points to words"):
        edited(replace(proposed, evidence=()), "speaker", "x")
