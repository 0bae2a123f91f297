"""The audit of law: 38 conditions from data, nothing guessed, asylum always on, and what would settle the rest."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asylia.audit.completeness import ELEMENTS
from asylia.audit.conditions import read_conditions, read_objectives, read_safeguards, read_vague
from asylia.audit.facts import Result, merge
from asylia.audit.ground import crosses_itself
from asylia.audit.law import CHECKS, SEVERITIES, STATUSES, applies, audit
from asylia.consent.audit import positions
from asylia.model.actors import Actor
from asylia.model.law import Simulated
from asylia.model.plan import Assumption, Plan, Protection, Service, Zone
from asylia.model.safeguards import (
    Aim,
    Commitment,
    ConsentRecord,
    LimitsVersion,
    ReturnTrigger,
    Revision,
    Safeguard,
    outline_hash,
)
from asylia.model.schemas import CLOSURES
from asylia.model.uncertain import Evidence, Uncertain, fixed
from asylia.study.criteria import JUDGES
from asylia.testing import tiny_case

CASE = tiny_case()
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "legal_checklist.csv"
SQUARE = ((37.0, 34.0), (37.1, 34.0), (37.1, 34.1), (37.0, 34.1))
ZONE = Zone(id="mill", name="Mill", place="mill", capacity_people=fixed(1000), opens=dt.date(2017, 3, 1))
SAFEGUARDS = tuple(read_safeguards())


def plan(**more) -> Plan:
    return Plan(id="p", title="", summary="", **{"zones": (ZONE,), **more})


def held(proposal: Plan, case=CASE, **more):
    cells = positions(proposal, case.actors, case.statements, case.terms)
    return audit(case, proposal, cells, **more)


def finding(proposal: Plan, condition: str, case=CASE, **more):
    return next(f for f in held(proposal, case, **more).findings if f.condition == condition)


def answer(about: str, said: str, source: str = "invented") -> Safeguard:
    return Safeguard(about=about, answer=said, source=source)


def test_there_are_38_conditions_each_with_a_source_and_what_would_settle_it():
    conditions = read_conditions()
    assert [c.id for c in conditions] == [f"L{n:02}" for n in range(1, 39)]
    for condition in conditions:
        assert condition.severity in SEVERITIES
        assert condition.evidence in ("seen", "recalled")
        assert condition.condition.endswith(".")
        assert condition.settled_by.endswith(".")
        assert condition.tested_by
        assert condition.source
        assert set(condition.elements) <= {e.id for e in ELEMENTS}
        assert condition.id in CHECKS or condition.safeguards, "nothing could ever test it"


@pytest.mark.skipif(
    not SHARED.exists(), reason="the checklist the data were entered from is not in the repository"
)
def test_severity_and_evidence_are_those_of_the_checklist():
    rows = list(csv.DictReader(SHARED.read_text(encoding="utf-8").splitlines()))
    ours = {c.id: (c.severity, c.evidence) for c in read_conditions()}
    assert ours == {row["id"]: (row["severity"], row["evidence"]) for row in rows}


def test_every_safeguard_is_asked_by_one_condition_and_is_a_question():
    asked = [name for condition in read_conditions() for name in condition.safeguards]
    assert sorted(asked) == sorted(SAFEGUARDS)
    assert all(question.endswith("?") for question in read_safeguards().values())


def test_metrics_of_objectives_are_criteria_of_the_study():
    objectives = read_objectives()
    assert [o.id for o in objectives] == ["limit_loss", "deter", "aid", "show_concern", "talks"]
    assert [o.side for o in objectives] == ["protective"] * 3 + ["signalling"] * 2
    known = {judge.criterion.id for judge in JUDGES}
    assert {metric for o in objectives for metric in o.metrics} <= known
    assert all(o.not_measured for o in objectives)


def test_a_plan_nobody_says_anything_of_is_unknown_throughout():
    bare = dataclasses.replace(CASE, statements=(), actors=())
    found = held(plan(), bare).findings
    assert len(found) == 38
    assert {f.status for f in found} == {"unknown"}
    assert all(f.settled_by and f.found for f in found)


@given(
    st.lists(
        st.tuples(st.sampled_from(SAFEGUARDS), st.sampled_from(["yes", "partial", "no", "disputed"])),
        max_size=8,
    )
)
def test_a_condition_moves_only_by_answers_to_its_own_safeguards(given_answers):
    bare = dataclasses.replace(CASE, statements=(), actors=())
    told = tuple(answer(*pair) for pair in given_answers)
    names = {about for about, _ in given_answers}
    statuses = {f.condition: f.status for f in held(plan(safeguards=told), bare).findings}
    for condition in read_conditions():
        if not names & set(condition.safeguards):
            assert statuses[condition.id] == "unknown", condition.id


@given(st.lists(st.sampled_from(["fail", "pass", "unknown", "contested"]), min_size=1, max_size=4))
def test_merging_never_turns_a_doubt_into_a_pass(statuses):
    status = merge([Result(status=s) for s in statuses]).status
    assert (status == "pass") == ("pass" in statuses and not {"fail", "contested"} & set(statuses))
    assert (status == "fail") == ("fail" in statuses and not {"pass", "contested"} & set(statuses))
    assert merge([Result(status=s) for s in reversed(statuses)]).status == status


def test_answers_pass_fail_or_are_contested():
    assert finding(plan(safeguards=(answer("limits_marked", "yes"),)), "L05").status == "pass"
    assert finding(plan(safeguards=(answer("limits_marked", "partial"),)), "L05").status == "fail"
    assert finding(plan(safeguards=(answer("limits_marked", "unknown"),)), "L05").status == "unknown"
    two = (answer("limits_marked", "yes", "a"), answer("limits_marked", "no", "b"))
    assert finding(plan(safeguards=two), "L05").status == "contested"
    # one of two safeguards answered is not the whole condition
    assert finding(plan(safeguards=(answer("warning_and_evacuation", "yes"),)), "L33").status == "unknown"


def test_failures_come_first_and_blocking_ones_before_others():
    told = (answer("limits_marked", "no"), answer("fighters_out", "no"), answer("breach_rule", "yes"))
    order = [
        (STATUSES.index(f.status), SEVERITIES.index(f.severity)) for f in held(plan(safeguards=told)).findings
    ]
    assert order == sorted(order)
    assert order[0] == (0, 0)


def test_asylum_and_return_are_held_against_every_plan_and_no_zone():
    for proposal in (Plan.none(), plan(), Plan(id="help", title="", summary="")):
        asked = {c.id for c in read_conditions() if applies(c, proposal)}
        assert {"L16", "L19", "L20", "L28"} <= asked
    assert {f.condition for f in held(Plan.none()).findings if f.status != "does not apply"} == {
        "L16", "L19", "L20", "L28",
    }  # fmt: skip


def closing(**row) -> pl.DataFrame:
    told = {"direction": "out", "source": "invented", "evidence": "seen", **row}
    return pl.DataFrame([{name: told.get(name) for name in CLOSURES.names}], schema=CLOSURES.dtypes)


def test_a_border_shut_to_people_who_flee_fails_for_every_plan():
    open_case = dataclasses.replace(CASE, closures=pl.DataFrame(schema=CLOSURES.dtypes))
    shut = dataclasses.replace(CASE, closures=closing(what="border", where="Farland"))
    assert finding(Plan.none(), "L19", open_case).status == "unknown"
    found = finding(Plan.none(), "L19", shut)
    assert found.status == "fail"
    assert found.evidence == ("closures.csv: border Farland, seen, invented",)
    assert finding(plan(terms={"asylum_open": ("no",)}), "L19", open_case).status == "fail"
    # a "yes" of a source against a shut border is contested, not a pass
    said = plan(safeguards=(answer("right_to_leave", "yes"),))
    assert finding(said, "L19", shut).status == "contested"


def test_an_objective_to_keep_people_in_stands_beside_the_border():
    aim = Aim(objective="Fewer people leave", kind="containment", source="invented", words="keep them there")
    shut = dataclasses.replace(CASE, closures=closing(what="border", where="Farland"))
    audited = held(plan(aims=(aim,)), shut)
    assert audited.leaving == (("Fewer people leave", "invented: “keep them there”"),)
    found = next(f for f in audited.findings if f.condition == "L19")
    assert "while they cannot" in found.found
    assert "Fewer people leave" in found.warning


def test_a_refusal_by_words_fails_consent_and_names_the_words():
    refused = plan(terms={"host_consent": ("none",)})
    for condition in ("L01", "L02", "L03"):
        found = finding(refused, condition)
        assert found.status == "fail", condition
        assert "“only if we agree”" in " ".join(found.evidence)


def test_consent_passes_only_with_every_party_on_record_and_details_apart_from_principle():
    army = Actor(id="army", name="Hill army", kind="armed_actor")
    case = dataclasses.replace(CASE, actors=(*CASE.actors, army))
    agreed = {"terms": {"host_consent": ("written",)}}
    one = ConsentRecord(actor="council", form="written", covers="principle_and_details", source="invented")
    both = (one, dataclasses.replace(one, actor="army"))
    assert finding(plan(**agreed), "L01", case).status == "unknown"
    assert "Hill army" in finding(plan(**agreed, consents=(one,)), "L01", case).found
    assert finding(plan(**agreed, consents=both), "L01", case).status == "pass"
    assert finding(plan(**agreed, consents=both), "L02", case).status == "pass"
    assert finding(plan(**agreed, consents=both), "L31", case).status == "pass"
    assert finding(plan(**agreed, consents=both), "L03", case).status == "pass"
    only = (one, dataclasses.replace(one, actor="army", covers="principle"))
    levels = {
        lv.actor: (lv.principle, lv.details) for lv in held(plan(**agreed, consents=only), case).consent
    }
    assert levels["army"] == ("agreed", "unknown")
    assert finding(plan(**agreed, consents=only), "L02", case).status == "fail"
    refusing = (one, dataclasses.replace(one, actor="army", form="refused"))
    assert finding(plan(**agreed, consents=refusing), "L01", case).status == "fail"


def test_what_we_assumed_decides_nothing():
    bare = dataclasses.replace(CASE, statements=(), actors=())
    coded = Protection(consent_armed_parties="no", demilitarised="no")
    ours = Assumption(what="", value="", reason="We think so.", fills="demilitarisation")
    assert finding(plan(protection=coded, assumptions=(ours,)), "L06", bare).status == "unknown"
    theirs = dataclasses.replace(ours, evidence=Evidence.SEEN, source="invented")
    assert finding(plan(protection=coded, assumptions=(theirs,)), "L06", bare).status == "fail"
    assert finding(plan(protection=coded), "L01", bare).status == "unknown"
    assumed = Service(sector="food", indicator="FOO-01", provides_for_people=fixed(10))
    assert finding(plan(services=(assumed,)), "L23", bare).status == "unknown"


def test_strength_declared_is_not_strength_deployed():
    bare = dataclasses.replace(CASE, statements=(), actors=())

    def means(**strength):
        return finding(plan(protection=Protection(logic="hybrid_un", **strength)), "L31", bare)

    assert means(force_asked=fixed(34_000), force_declared=fixed(7_600)).status == "fail"
    assert means(force_asked=fixed(100), force_declared=fixed(100)).status == "unknown"
    assert means(force_asked=fixed(100), force_declared=fixed(100), force_deployed=fixed(10)).status == "fail"
    assert "No strength deployed is on record" in means(force_declared=fixed(7_600)).found
    assert "neither full consent" in means().warning
    steps = held(plan(protection=Protection(force_declared=fixed(7_600)))).strength
    assert [(s.step, s.high) for s in steps] == [
        ("asked", None), ("declared", 7_600), ("funded", None), ("deployed", None),
    ]  # fmt: skip


def test_limits_need_one_published_outline_and_tell_every_change():
    zone = dataclasses.replace(ZONE, outline=SQUARE)
    first = LimitsVersion(
        zone="mill", published=dt.date(2017, 1, 1), sha256=outline_hash(SQUARE), source="invented"
    )
    assert finding(plan(zones=(zone,)), "L04").status == "unknown"
    assert finding(plan(zones=(zone,), limits=(first,)), "L04").status == "pass"
    before = dataclasses.replace(first, published=dt.date(2016, 1, 1), sha256="0" * 64)
    changed = held(plan(zones=(zone,), limits=(first, before)))
    assert next(f for f in changed.findings if f.condition == "L04").status == "pass"
    assert "The limits of Mill changed" in changed.boundary[0]
    assert "1 January 2016 and 1 January 2017" in changed.boundary[0]
    after = dataclasses.replace(first, published=dt.date(2017, 2, 1), sha256="0" * 64)
    assert finding(plan(zones=(zone,), limits=(first, after)), "L04").status == "fail"


def test_a_ring_that_crosses_itself_is_found():
    assert not crosses_itself(SQUARE)
    assert not crosses_itself((*SQUARE, SQUARE[0]))
    assert crosses_itself((SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]))
    assert crosses_itself(SQUARE[:2])


def test_a_zone_nobody_can_leave_confines_people():
    touching = CASE.routes.filter((pl.col("from") == "mill") | (pl.col("to") == "mill"))["id"].to_list()
    rows = [closing(what="route", where=route, direction="both") for route in touching]
    shut = dataclasses.replace(CASE, closures=pl.concat(rows))
    assert finding(plan(), "L18").status == "unknown"
    assert finding(plan(), "L18", shut).status == "fail"
    assert finding(plan(), "L27", shut).status == "fail"
    way = next(e for e in held(plan(), shut).exits if e.kind == "zone")
    assert (way.name, way.is_open, len(way.closed_by)) == ("Mill", False, len(touching))


def test_a_mandate_drifts_by_dated_versions_and_by_nothing_else():
    first = Revision(dated=dt.date(2016, 1, 1), aims=("limit_loss", "aid"), source="invented")
    relief = Revision(dated=dt.date(2016, 6, 1), aims=("limit_loss", "aid", "deter"), source="invented")
    drifted = Revision(dated=dt.date(2017, 1, 1), aims=("limit_loss", "government"), source="invented")
    assert finding(plan(), "L38").status == "unknown"
    assert finding(plan(revisions=(first,)), "L38").status == "unknown"
    assert finding(plan(revisions=(relief, first)), "L38").status == "pass"
    found = finding(plan(revisions=(drifted, first)), "L38")
    assert found.status == "fail"
    assert "government" in found.found


def test_aims_beyond_protection_and_relief_are_flagged_and_goals_kept_apart():
    aims = (
        Aim(objective="Aid gets in", kind="aid", source="invented"),
        Aim(objective="They go back", kind="return", source="invented", words="go home"),
    )
    audited = held(plan(aims=aims))
    assert audited.beyond == ("They go back (invented: “go home”)",)
    assert {g.id for g in audited.goals if g.stated} == {"aid"}
    assert (
        "whether by choice is not stated" in next(f for f in audited.findings if f.condition == "L20").warning
    )
    territory = Aim(objective="A province", kind="territory", source="invented")
    assert finding(plan(aims=(territory,)), "L36").status == "fail"


def test_promises_are_never_called_broken_unless_a_source_says_so():
    day = CASE.as_of
    told = {
        "a": Commitment(by="a", what="w", source="invented", due=day),
        "b": Commitment(by="b", what="w", source="invented", due=day + dt.timedelta(days=1)),
        "c": Commitment(by="c", what="w", source="invented"),
        "d": Commitment(
            by="d", what="w", source="invented", kept="no", promised=day, amount=fixed(5), unit="people"
        ),
    }
    found = {p.by: p for p in held(plan(commitments=tuple(told.values()))).promises}
    assert [found[name].standing for name in "abcd"] == [
        "due, not known", "not due yet", "not known", "not kept",
    ]  # fmt: skip
    assert found["d"].amount == "5 people"


def test_triggers_of_return_are_told_by_area_of_origin():
    restored = ReturnTrigger(area="Riverland", trigger="homes_restored", source="invented", met="no")
    weeks = Uncertain(low=4, high=8)
    quiet = ReturnTrigger(area="Upland", trigger="quiet_weeks", source="invented", weeks=weeks)
    origins = {o.area: o for o in held(plan(returns=(restored, quiet))).origins}
    assert origins["Upland"].people == 3_000
    assert origins["Upland"].asks == ("homes restored", "4 to 8 quiet weeks")
    assert {o.homes for o in origins.values()} == {"no"}
    assert {o.mines for o in origins.values()} == {"unknown"}
    assert "Farland" not in origins


def test_quiet_weeks_end_with_the_last_lethal_event():
    latest = CASE.events.with_columns(last=pl.coalesce("date", pl.col("week") + dt.timedelta(days=6)))
    where = dict(CASE.places.select("id", "admin1").iter_rows())
    expected: dict[str, int] = {}
    for place, day, events in latest.select("place", "last", "events").iter_rows():
        if events:
            weeks = (CASE.as_of - day).days // 7
            expected[where[place]] = min(weeks, expected.get(where[place], weeks))
    found = {o.area: o.quiet_weeks for o in held(plan()).origins}
    assert {area: weeks for area, weeks in found.items() if weeks is not None} == expected
    assert expected


def simulated(hosted: dict[str, float]) -> Simulated:
    counts = {"wanted_to_cross": (1.0, 2.0, 3.0)}
    return Simulated(counts=counts, hosted=hosted, hosted_no_zone=hosted, needs=pl.DataFrame())


def test_shares_are_coarse_and_small_ones_stay_out():
    shares = {s.area: s for s in held(plan(), simulated=simulated({"Upland": 4_000.0, "Lowland": 9.0})).areas}
    assert shares["Upland"].plan == 100
    assert shares["Lowland"].plan is None
    assert shares["Upland"].origin == 100
    few = held(plan(), simulated=simulated({"Upland": 900.0})).areas
    assert {s.plan for s in few} == {None}
    assert held(plan()).areas == ()


def test_vague_words_are_shown_with_their_clause():
    text = "Zones with appropriate services; police as needed. Run in consultation with all."
    words = {(v.clause, v.term) for v in held(dataclasses.replace(plan(), summary=text)).vague}
    assert ("Zones with appropriate services", "appropriate") in words
    assert ("police as needed", "as needed") in words
    assert ("Run in consultation with all", "in coordination with") in words
    assert held(dataclasses.replace(plan(), summary="Done without coordination with anybody")).vague == ()


def test_every_vague_term_has_a_pattern_that_finds_something_and_a_question():
    for term in read_vague():
        assert re.compile(term.pattern)
        assert term.ask.endswith("?"), term.term
        assert term.why.endswith("."), term.term
        assert not re.search(rf"\b(?:{term.pattern})\b", "nothing", re.IGNORECASE)


def test_a_status_is_asked_for_by_name():
    assert held(plan()).status_of("L19") in STATUSES
    with pytest.raises(KeyError):
        held(plan()).status_of("L99")
