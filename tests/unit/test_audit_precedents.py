from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from asylia.audit.one_zone import sensitivity
from asylia.audit.precedents import as_known, known_to, left_out, like_cases, read_precedents, threat
from asylia.core.intervals import jeffreys
from asylia.io.folder import find_case, read_case
from asylia.model.plan import Plan, Protection, Zone
from asylia.model.uncertain import fixed
from asylia.threat.overrun import reference_class, zone_months

ZONE = Zone(id="z", name="z", place="p", capacity_people=fixed(1), opens=dt.date(2017, 3, 1))


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    return read_precedents()


def plan(**protection) -> Plan:
    return Plan(id="p", title="", summary="", zones=(ZONE,), protection=Protection(**protection))


def test_the_table_holds_the_agreed_counts(table):
    assert table.height == 51
    assert table["overrun"].sum() == 17
    assert table["cluster"].n_unique() == 21
    by_logic = table.group_by("logic").agg(pl.len(), pl.col("overrun").sum())
    counts = {logic: (n, fell) for logic, n, fell in by_logic.iter_rows()}
    # research note on coding agreement, section 6
    assert counts == {
        "consent": (14, 2), "partial_consent": (5, 3), "credible_force": (7, 0), "air_only": (2, 0),
        "hybrid_un": (14, 5), "guarantor": (5, 4), "unilateral": (4, 3),
    }  # fmt: skip


def test_dates_are_whole_and_in_order(table):
    assert table.select("start", "end").null_count().row(0) == (0, 0)
    assert table.filter(pl.col("start") > pl.col("end")).height == 0
    fell = table.filter("overrun")
    assert fell["overrun_date"].null_count() == 0
    assert (
        fell.filter(
            (pl.col("overrun_date") < pl.col("start")) | (pl.col("overrun_date") > pl.col("end"))
        ).height
        == 0
    )
    assert table.filter(~pl.col("overrun"))["overrun_date"].null_count() == 34


def test_nanking_is_counted_to_the_day_control_was_lost(table):
    nanking = table.filter(pl.col("id") == "NKG")
    assert zone_months(nanking) * 365.2425 / 12 == pytest.approx(6)


def test_agreed_and_demilitarised_zones_print_madhu(table):
    found = like_cases(plan(logic="consent", consent_armed_parties="yes", demilitarised="yes"), table)
    assert "LMA" in found.rows["id"].to_list()
    assert (
        f"Madhu alone makes it {found.overrun} of {found.n} or {found.overrun + 1} of {found.n} ("
        in found.sensitivity
    )
    reference = reference_class(
        table, Protection(logic="consent", consent_armed_parties="yes", demilitarised="yes")
    )
    assert (reference.n, reference.overrun, reference.conflicts) == (11, 0, 7)
    assert "Madhu alone makes it 0 of 11 or 1 of 11." in reference.text


def test_the_eleven_agreed_zones_say_what_madhu_alone_does(table):
    agreed = table.filter(consent_armed_parties="yes", demilitarised="yes")
    said = sensitivity(agreed)
    assert "Madhu alone makes it 0 of 11 or 1 of 11 (90 % range 0 to 16 %, or 2 to 31 %)." in said
    low, high = jeffreys(1, 11)
    assert (round(100 * low), round(100 * high)) == (2, 31)
    assert "No one zone left out changes the share." in said


def test_one_zone_and_one_conflict_left_out(table):
    said = sensitivity(table.filter(logic="hybrid_un"))
    # 5 of 14: without a fallen zone 4 of 13, without one that stood 5 of 13
    assert "Without any one zone it runs from 4 of 13 to 5 of 13." in said
    one_war = sensitivity(table.filter(logic="guarantor"))
    assert "All are of one conflict" in one_war
    assert "%" not in sensitivity(table.filter(logic="unilateral"))
    assert sensitivity(table.clear()) == ""


def test_a_dispute_about_what_has_not_happened_yet_is_not_known(table):
    before = as_known(table, dt.date(1995, 1, 1))
    assert before.filter(id="LMA")["disputed"].item() == ""
    assert "Madhu" not in sensitivity(before)
    assert "overrun" in as_known(table, dt.date(2017, 2, 22)).filter(id="LMA")["disputed"].item()
    assert "overrun" in before.filter(id="NKG")["disputed"].item()


def test_size_and_threat_put_the_nearest_first_and_change_no_count(table):
    case = read_case(find_case("bosnia-1995"))
    one = case.plan("demilitarised-by-agreement")
    assert threat(one, case) == "both"
    bare, placed = like_cases(one, table), like_cases(one, table, case)
    assert (bare.n, bare.overrun, bare.low) == (placed.n, placed.overrun, placed.low)
    assert set(bare.rows["id"]) == set(placed.rows["id"])
    small = like_cases(plan(logic="hybrid_un"), table)
    assert small.rows["id"].to_list() != table.filter(logic="hybrid_un")["id"].to_list()


def test_zones_of_the_case_itself_are_no_evidence_and_left_out(table):
    case = read_case(find_case("bosnia-1995"))
    known = as_known(table, case.as_of)
    assert like_cases(case.plan("un-safe-areas"), known).n == 6
    found = like_cases(case.plan("un-safe-areas"), known, case)
    assert (found.n, found.low) == (0, None)
    assert "6 zones of Bosnia and Herzegovina still standing on 1 January 1995 are left out" in found.caution
    assert known_to(case).height == known.height - 6
    assert left_out(known_to(case), case) == ""


def test_every_zone_says_who_could_attack_and_what_was_seen(table):
    assert set(table["threat"]) == {"state", "non_state", "both"}
    told = table.filter((pl.col("seen_fields") != "") | (pl.col("recalled_fields") != ""))
    assert told.height == table.height


def test_opposite_answers_are_not_alike_and_partial_ones_are(table):
    found = like_cases(plan(logic="credible_force", consent_host_state="no"), table)
    answers = table.filter(pl.col("id").is_in(found.rows["id"].to_list()))["consent_host_state"]
    assert set(answers) == {"no", "partial"}
    assert "consent of the host state (no)" in found.why


def test_zones_with_more_equal_answers_come_first(table):
    found = like_cases(
        plan(logic="hybrid_un", consent_host_state="yes", consent_armed_parties="partial"), table
    )
    assert found.rows["id"].to_list()[:3] == ["ALI", "SRE", "ZEP"]


def test_a_force_on_the_ground_is_told_from_none(table):
    with_force = like_cases(plan(logic="consent", force_deployed=fixed(3000)), table)
    without = like_cases(plan(logic="consent", force_deployed=fixed(0)), table)
    assert "SHA" in without.rows["id"].to_list()
    assert "SHA" not in with_force.rows["id"].to_list()
    assert {"UPN", "CYB"} <= set(with_force.rows["id"].to_list())


def test_no_share_is_given_below_five(table):
    found = like_cases(plan(logic="unilateral"), table)
    assert (found.n, found.overrun, found.clusters) == (4, 3, 2)
    assert (found.low, found.high) == (None, None)
    assert "too few" in found.caution


def test_a_share_agrees_with_scipy(table):
    found = like_cases(plan(logic="hybrid_un"), table)
    expected = stats.beta(found.overrun + 0.5, found.n - found.overrun + 0.5).ppf([0.05, 0.95])
    assert (found.low, found.high) == pytest.approx(tuple(expected))
    assert "come from 4 conflicts" in found.caution


def test_a_plan_without_a_zone_is_like_none(table):
    for proposal in (Plan.none(), Plan(id="help", title="", summary="")):
        found = like_cases(proposal, table)
        assert (found.n, found.low, found.rows.height) == (0, None, 0)
        assert "no zone" in found.why
    air = Plan(id="air", title="", summary="", protection=Protection(logic="air_only"))
    assert like_cases(air, table).n == 2


def test_rows_hold_what_the_report_shows(table):
    rows = like_cases(plan(logic="guarantor"), table).rows
    assert rows.columns == [
        "id",
        "name",
        "country",
        "start",
        "end",
        "outcome",
        "overrun",
        "disputed",
        "sources",
    ]


def test_what_came_later_is_not_known(table):
    day = dt.date(2017, 2, 22)
    known = as_known(table, day)
    assert known.filter(pl.col("logic") == "guarantor").height == 0
    assert (known["start"] <= day).all()
    assert (known["end"] <= day).all()
    assert known["overrun"].sum() == 12
    assert known.filter(id="SES")["outcome"].item() == "open"
    assert known.filter(id="SRE")["outcome"].item() == "overrun"
    before = as_known(table, dt.date(1995, 7, 1)).filter(id="SRE")
    assert (before["overrun"].item(), before["overrun_date"].item(), before["outcome"].item()) == (
        False,
        None,
        "open",
    )


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_jeffreys_holds_the_share_and_agrees_with_scipy(hits_of):
    hits, number = hits_of
    low, high = jeffreys(hits, number)
    assert 0 <= low <= hits / number <= high <= 1
    beta = stats.beta(hits + 0.5, number - hits + 0.5)
    if 0 < hits < number:
        assert (low, high) == pytest.approx((beta.ppf(0.05), beta.ppf(0.95)))
