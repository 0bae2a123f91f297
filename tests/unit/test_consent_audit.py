from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from asylia.consent.audit import check_statements, positions
from asylia.model.actors import Actor, Pointer, Statement, Term, Veto
from asylia.model.findings import ConsentCell
from asylia.model.plan import Plan

TERMS = (
    Term(id="consent", name="Consent of the host", values=("none", "tacit", "written"), ordered=True),
    Term(id="admin", name="Who runs it", values=("host", "un")),
    Term(id="agencies", name="Agencies", values=("iom", "unhcr"), several=True),
)
HOST = Actor(
    id="host",
    name="The government",
    kind="host_state",
    vetoes=(Veto(over=("land",), basis="law", source="s"),),
)
PEOPLE = Actor(id="people", name="Displaced people", kind="displaced_people")
WORDS = Pointer(source="s1", start=3, end=40, words="only with us", speaker="Spokesperson", mode="direct")


def said(name: str = "H-1", expression: str = "consent = written", **more) -> Statement:
    fields = {"actor": "host", "rank": 1, "force": "hard", "summary": f"Says {name}.", "evidence": (WORDS,)}
    return Statement(id=name, expression=expression, **{**fields, "status": "confirmed", **more})


def plan(**terms: str) -> Plan:
    return Plan(id="p", title="", summary="", terms={k: (v,) for k, v in terms.items()})


def cell(proposal: Plan, *statements: Statement) -> ConsentCell:
    return positions(proposal, [HOST, PEOPLE], statements, TERMS)[0]


def test_a_confirmed_hard_statement_that_is_not_met_refuses():
    found = cell(plan(consent="none"), said())
    assert found.position == "refuses"
    assert found.has_veto
    assert found.reason == "Not met: Says H-1 (H-1)."
    (line,) = found.lines
    assert (line.standing, line.words, line.speaker, line.mode, line.source) == (
        "unmet", "only with us", "Spokesperson", "direct", "s1",
    )  # fmt: skip


def test_what_is_met_is_not_called_consent():
    found = cell(plan(consent="written"), said())
    assert found.position == "nothing stated against it"
    assert "not consent" in found.reason


def test_a_term_left_open_cannot_say_and_names_the_term():
    found = cell(plan(admin="un"), said())
    assert found.position == "cannot say"
    assert "Consent of the host" in found.reason
    assert found.lines[0].standing == "unknown"


def test_no_statement_cannot_say():
    assert cell(plan(consent="none")).position == "cannot say"
    soft = cell(plan(consent="none"), said(force="soft"))
    assert soft.position == "cannot say"
    assert soft.lines[0].standing == "unmet"


@pytest.mark.parametrize("status", ["proposed", "disputed"])
def test_an_unconfirmed_statement_never_decides_and_is_listed_apart(status):
    found = cell(
        plan(consent="none"), said("H-0", "consent != none", status=status), said("H-9", "consent = none")
    )
    assert found.position == "nothing stated against it"
    assert [line.statement for line in found.lines] == ["H-9", "H-0"]
    assert found.lines[1].summary.startswith("Not confirmed: ")
    assert found.lines[1].status == status


def test_readings_that_differ_on_refusing_are_contested():
    tacit = said(alternatives=("consent >= tacit",))
    assert cell(plan(consent="tacit"), tacit).position == "contested"
    assert cell(plan(consent="none"), tacit).position == "refuses"
    assert cell(plan(consent="written"), tacit).position == "nothing stated against it"


def test_a_reading_that_is_unknown_keeps_a_met_one_from_counting():
    doubtful = said(alternatives=("consent = written and admin = host",))
    assert cell(plan(consent="written"), doubtful).position == "cannot say"


def test_two_confirmed_statements_that_contradict_are_contested_not_a_refusal():
    found = cell(plan(consent="written"), said(), said("H-2", "consent = none"))
    assert found.position == "contested"
    assert {line.standing for line in found.lines} == {"contested"}
    third = cell(
        plan(consent="written", admin="un"),
        said(),
        said("H-2", "consent = none"),
        said("H-3", "admin = host"),
    )
    assert third.position == "refuses"


def test_a_repeat_is_shown_and_not_counted_twice():
    found = cell(plan(consent="none"), said(), said("H-2", same_as="H-1"))
    assert found.reason == "Not met: Says H-1 (H-1)."
    assert [line.same_as for line in found.lines] == ["", "H-1"]


def test_a_repeat_counts_where_what_it_repeats_is_not_confirmed():
    found = cell(plan(consent="none"), said(status="proposed"), said("H-2", same_as="H-1"))
    assert found.position == "refuses"
    assert "H-2" in found.reason


def test_repeats_in_a_circle_count_once():
    found = cell(plan(consent="none"), said(same_as="H-2"), said("H-2", same_as="H-1"))
    assert found.position == "refuses"
    assert found.reason.count("H-") == 2


def test_superseded_statements_are_left_out_only_by_a_confirmed_later_one():
    later = said("H-2", "consent >= none", supersedes="H-1")
    assert cell(plan(consent="none"), said(), later).position == "nothing stated against it"
    assert cell(plan(consent="none"), said(), replace(later, status="proposed")).position == "refuses"
    assert cell(plan(consent="none"), said(status="superseded")).position == "cannot say"


def test_an_unconditional_no_refuses_everything():
    assert cell(plan(), said(expression="false")).position == "refuses"


def test_a_hard_statement_without_a_reading_cannot_say():
    assert cell(plan(consent="none"), said(expression="")).position == "cannot say"
    assert cell(plan(consent="none"), said(expression="consent =")).position == "cannot say"


def test_no_zone_asks_for_no_consent():
    found = cell(Plan.none(), said())
    assert found.position == "nothing stated against it"
    assert found.reason == "There is no zone to consent to."


def test_the_displaced_people_always_have_a_row():
    named = positions(plan(), [HOST, PEOPLE], [], TERMS)
    absent = positions(plan(), [HOST], [], TERMS)
    assert [c.actor for c in named] == ["host", "people"]
    assert [c.actor for c in absent] == ["host", "displaced-people"]
    assert "Nobody has asked them" in absent[-1].reason
    assert "Nobody has asked them" in named[-1].reason


def test_words_of_several_passages_stand_together():
    other = replace(WORDS, source="s2", words="and how", speaker="Spokesperson", mode="indirect")
    line = cell(plan(consent="none"), said(evidence=(WORDS, other), said=dt.date(2017, 2, 22))).lines[0]
    assert line.words == "only with us / and how"
    assert (line.source, line.speaker, line.mode) == ("s1; s2", "Spokesperson", "direct; indirect")
    assert line.said == dt.date(2017, 2, 22)


def problems(*statements: Statement, proposal: Plan | None = None) -> list[str]:
    found = check_statements([HOST, PEOPLE], statements, TERMS, [proposal or plan()])
    return [f"{p.file} {p.column}: {p.must}. {p.mend}" for p in found]


def test_a_right_case_has_no_problems():
    proposal = Plan(id="p", title="", summary="", terms={"consent": ("none",), "agencies": ("iom", "unhcr")})
    assert (
        problems(said(), said("H-2", same_as="H-1"), said("H-3", "", force="opinion"), proposal=proposal)
        == []
    )


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (said(actor="hots"), 'H-1.actor: names an id of actors. Did you mean "host"?'),
        (said(expression="consent = "), "H-1.expression: can be read; Expected a value, but the text ends"),
        (said(expression="consent = writen"), '"writen" at character 11'),
        (said(alternatives=("true", "admin < un")), "H-1.alternatives[2]"),
        (said(evidence=()), "points to the words"),
        (said(expression=""), "has a condition"),
        (said(same_as="H-7"), "H-1.same_as: names an id of other statements"),
        (said(same_as="H-1"), "H-1.same_as: names an id of other statements"),
        (said(supersedes="H-7"), "H-1.supersedes"),
        (said(evidence=(replace(WORDS, start=9, end=9),)), "starts before it ends"),
        (said(evidence=(replace(WORDS, words="w" * 81),)), "1 to 80 characters"),
    ],
)
def test_each_fault_of_a_statement_is_named(statement, says):
    (found,) = problems(statement)
    assert says in found


def test_a_passage_that_is_not_held_may_have_no_offsets_while_unconfirmed():
    pointer = replace(WORDS, start=0, end=0)
    assert problems(said(status="proposed", evidence=(pointer,))) == []
    assert len(problems(said(evidence=(pointer,)))) == 1


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"consnt": ("none",)}, 'names a term of actors.toml. Did you mean "consent"?'),
        ({"consent": ("writen",)}, 'is a value of consent. Did you mean "written"?'),
        ({"consent": ("none", "tacit")}, "takes one value"),
        ({"consent": ()}, "takes one value"),
    ],
)
def test_each_fault_of_a_plans_terms_is_named(terms, says):
    (found,) = problems(proposal=Plan(id="p", title="", summary="", terms=terms))
    assert found.startswith("plans/p.toml terms.")
    assert says in found


def test_doubles_and_circles_are_found():
    found = problems(said(), said(), said("H-2", same_as="H-3"), said("H-3", same_as="H-2"))
    assert sum("stands once" in line for line in found) == 1
    assert sum("lead back to itself" in line for line in found) == 2


def test_terms_that_no_condition_could_name_are_found():
    bad = (Term(id="in", name="", values=("x", "x")), Term(id="ok", name="", values=("Big", "not")))
    musts = [p.must for p in check_statements([], [], bad, [])]
    assert sum("small letter" in must for must in musts) == 3
    assert sum("each once" in must for must in musts) == 1
