"""Would it hold: margin, who would leave, worlds drawn, the past; four lines that are never one number."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from asylia.consent.hold import Share, hold, lines, share_of
from asylia.consent.margin import turns
from asylia.consent.past_rates import read_past_rates, similar
from asylia.core.intervals import jeffreys
from asylia.model.actors import Actor, Pointer, Statement, Term, Veto
from asylia.model.plan import Plan

TERMS = (
    Term(id="zone", name="Zone", values=("no", "yes"), ordered=True),
    Term(id="consent", name="Consent of the host", values=("none", "tacit", "written"), ordered=True),
    Term(id="money", name="Money", values=("none", "some")),
    Term(id="agencies", name="Agencies", values=("unhcr", "iom"), several=True),
)


def actor(name, *over):
    return Actor(
        id=name, name=name.title(), kind="x", vetoes=(Veto(over=over, basis="b", source="s"),) if over else ()
    )


def said(name, by, expression, **more):
    settings = {"rank": 1, "force": "hard", "status": "confirmed", **more}
    pointer = Pointer(source="s", start=0, end=5, words="words", speaker="x", mode="direct")
    return Statement(id=name, actor=by, expression=expression, summary=name, evidence=(pointer,), **settings)


HOST, DONOR, CROWD = actor("host", "zone", "consent"), actor("donor", "money"), actor("crowd")
ACTORS = (HOST, DONOR, CROWD)


def plan(**settled):
    terms = {name: (value,) if isinstance(value, str) else tuple(value) for name, value in settled.items()}
    return Plan(id="p", title="P", summary="", terms=terms)


def ask(settled, *statements, **more):
    return hold(plan(**settled), ACTORS, statements, TERMS, **more)


def text(found):
    return lines(found, ACTORS, TERMS)


NEEDS_CONSENT = said("H", "host", "zone = yes implies consent = written")


def test_one_slip_loses_the_host_and_all_ways_are_named():
    found = ask({"zone": "yes", "consent": "written"}, NEEDS_CONSENT)
    assert (found.margin.changes, found.margin.count) == (1, 2)
    assert [(w.actor, w.changes[0].becomes) for w in found.margin.ways] == [
        ("host", "none"),
        ("host", "tacit"),
    ]
    assert text(found)["margin"] == "If 1 term is not kept (Consent of the host), it loses Host."


def test_two_slips_where_either_term_is_enough():
    found = ask(
        {"consent": "written", "money": "some"}, said("H", "host", "consent = written or money = some")
    )
    assert (found.margin.changes, found.margin.count) == (2, 2)
    assert "If 2 terms are not kept (Consent of the host, Money)" in text(found)["margin"]


def test_refused_as_it_stands_and_open_are_told_apart():
    refused = ask({"zone": "yes", "consent": "none"}, NEEDS_CONSENT)
    assert text(refused)["margin"] == "Refused as it stands by Host."
    left = ask({"zone": "yes"}, NEEDS_CONSENT)
    assert left.margin.changes == 0
    assert left.margin.ways[0].left_open == ("consent",)
    assert "hinges on what the plan leaves open (Consent of the host) for Host" in text(left)["margin"]


def test_only_confirmed_conditions_of_veto_holders_make_the_margin():
    found = ask(
        {"zone": "yes", "consent": "none"},
        said("A", "crowd", "consent = written"),
        said("B", "host", "consent = written", status="proposed"),
        said("C", "host", "consent = written", force="soft"),
    )
    assert found.margin.changes is None
    assert text(found)["margin"].startswith("No confirmed condition of anyone who can stop it is known.")
    assert {(t.statement, t.kind) for t in found.turns} == {
        ("B", "not yet confirmed"),
        ("C", "wish becomes a condition"),
    }


def test_another_reading_can_turn_a_holder_and_an_unmet_condition_is_no_turn():
    tacit = said("H", "host", "consent >= tacit", alternatives=("consent = written",))
    tacit_plan = plan(consent="tacit")
    assert [t.kind for t in turns(tacit_plan, [tacit], TERMS, {"host"})] == ["other reading"]
    assert turns(plan(consent="none"), [tacit], TERMS, {"host"}) == ()
    assert turns(plan(consent="written"), [tacit], TERMS, {"host"}) == ()
    assert turns(tacit_plan, [tacit], TERMS, set()) == ()


def test_a_host_whose_condition_fails_would_leave_and_one_whose_holds_would_not():
    condition = said("H", "host", "zone = yes implies consent = written and money = some")
    leaves = ask({"zone": "yes", "consent": "written", "money": "none"}, condition)
    one = next(s for s in leaves.stays if s.actor == "host")
    assert one.answers == {"Nash": "no", "GMR": "no", "SMR": "no", "SEQ": "no"}
    assert one.by == (("zone", "no"),)
    assert "Host would gain by changing Zone to no." in text(leaves)["stability"]
    stays = ask({"zone": "yes", "consent": "written", "money": "some"}, condition)
    assert next(s for s in stays.stays if s.actor == "host").answers["Nash"] == "yes"
    assert "Would not gain by changing a term of its own: Host." in text(stays)["stability"]


def test_who_can_undo_a_gain_is_named_and_the_notions_part():
    found = ask(
        {"zone": "yes", "money": "some"},
        said("H1", "host", "money = some"),
        said("H2", "host", "zone = no", rank=2),
        said("D", "donor", "zone = yes implies money = some"),
        said("D2", "donor", "money = none implies zone = no", rank=2),
        said("D3", "donor", "money = none", rank=3, force="soft"),
    )
    host = next(s for s in found.stays if s.actor == "host")
    assert host.by == (("zone", "no"),)
    assert host.answered_by == ("donor",)
    assert host.answers == {"Nash": "no", "GMR": "yes", "SMR": "yes", "SEQ": "yes"}
    assert "Donor can undo that. It stays by: GMR, SMR, SEQ." in text(found)["stability"]


def test_what_is_open_depends_and_what_is_unknown_is_said():
    found = ask(
        {"zone": "yes"},
        said("H", "host", "zone = yes implies money = some"),
        control={"host": ["zone"], "crowd": ["zone"]},
    )
    answers = {s.actor: (s.known, s.answers["Nash"]) for s in found.stays}
    assert answers == {"host": (True, "depends"), "crowd": (False, "yes")}
    assert "Host may gain, by how the open terms are settled" in text(found)["stability"]
    assert "Cannot say what these would rather have: Crowd." in text(found)["stability"]


def test_nobody_can_change_what_a_statement_turns_on():
    found = ask({"money": "some"}, said("C", "crowd", "money = some"), control={"host": ["zone"]})
    assert found.stays == ()
    assert found.together == ()
    assert text(found)["stability"] == "Nobody can alone change a term that a statement turns on."
    nothing = ask({"money": "some"})
    assert (nothing.stays, nothing.margin.changes) == ((), None)


def test_pairs_that_would_gain_only_together_are_named():
    found = ask(
        {"zone": "yes", "money": "some"},
        said("H", "host", "zone = no and money = none"),
        said("H2", "host", "zone = yes", rank=2),
        said("D", "donor", "zone = no and money = none"),
        said("D2", "donor", "money = some", rank=2),
    )
    assert found.together == (("host", "donor"),)
    assert "Together, though not alone, these would gain: Host, Donor." in text(found)["stability"]


def test_too_many_terms_say_so_and_leave_the_other_lines():
    many = tuple(Term(id=f"t{n}", name=f"T{n}", values=("a", "b")) for n in range(21))
    holder = actor("host", *(term.id for term in many))
    statements = [said(f"S{n}", "host", f"t{n} = a") for n in range(21)]
    found = hold(plan(t0="b"), [holder], statements, many)
    assert found.stays == ()
    assert "1,048,576" in found.unsolved
    assert lines(found, [holder], many)["stability"].startswith("Not solved.")
    assert found.margin.changes == 0


def test_worlds_are_said_in_tenths_and_no_finer_than_the_draws_allow():
    half = np.arange(1000) % 2 == 0
    assert share_of(half).text == "In about 5 of 10 worlds drawn"
    assert share_of(half[:6]).text == "In 2 to 8 of 10 worlds drawn"
    assert share_of(np.ones(40, dtype=np.bool_)).text == "In all of the 40 worlds drawn"
    assert share_of(np.zeros((40, 2), dtype=np.bool_)).text == "In none of the 40 worlds drawn"
    assert share_of(np.arange(5000) < 10).text == "In fewer than 1 of 20 worlds drawn"
    assert share_of(np.arange(5000) >= 10).text == "In more than 19 of 20 worlds drawn"
    assert share_of(np.empty(0, dtype=np.bool_)) is None


def test_a_world_counts_only_if_every_holder_accepts_and_worlds_may_be_a_function():
    accepted = np.array([[True, True], [True, False], [False, True], [True, True]])
    found = ask({"zone": "no"}, NEEDS_CONSENT, worlds=lambda: accepted)
    assert (found.share.k, found.share.n) == (2, 4)
    assert ask({"zone": "no"}, NEEDS_CONSENT).share is None
    assert text(ask({"zone": "no"}, NEEDS_CONSENT))["worlds"] == "No worlds were drawn."


def test_no_share_is_finer_than_tenths():
    for n in (3, 10, 100, 10_000):
        for k in range(0, n + 1, max(1, n // 37)):
            said_in = Share(k=k, n=n, low=jeffreys(k, n)[0], high=jeffreys(k, n)[1]).text
            assert "%" not in said_in
            assert all(
                int(d) in (*range(11), 19, 20, n) for d in re.findall(r"\d+", said_in.replace(",", ""))
            )


def test_base_rates_carry_n_an_interval_and_a_caution():
    rates = read_past_rates()
    assert {rate.group for rate in rates} >= {"all", "ceasefire", "peacekeeping", "return"}
    for rate in rates:
        assert 0 <= rate.k <= rate.n
        assert rate.low < rate.k / rate.n < rate.high
        assert "not effects" in rate.caution
        assert f"{rate.k} of {rate.n}" in rate.text
    assert any("hard cases" in rate.caution for rate in similar(["peacekeeping"]))
    assert {rate.group for rate in similar()} == {"all"}


def test_no_share_of_fewer_than_five():
    rate = dataclasses.replace(read_past_rates()[0], k=1, n=4, low=None, high=None)
    assert rate.text.endswith("Too few for a share.")


@pytest.mark.parametrize(("k", "n"), [(0, 7), (7, 7)])
def test_intervals_reach_the_end_where_none_or_all_were_hit(k, n):
    low, high = jeffreys(k, n)
    assert (low == 0.0) == (k == 0)
    assert (high == 1.0) == (k == n)


def test_the_four_lines_stand_apart():
    found = ask({"zone": "yes", "consent": "written"}, NEEDS_CONSENT, worlds=np.ones(20, dtype=np.bool_))
    assert list(text(found)) == ["margin", "stability", "worlds", "past"]
    fields = {field.name for field in dataclasses.fields(found)}
    assert not fields & {"score", "probability", "chance", "total"}
