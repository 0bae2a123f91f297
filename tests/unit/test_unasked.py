"""The scenarios every plan must be tried against run without being asked for, beside the study and not in it."""

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest

from asylia.model.what_if import WhatIf
from asylia.report import write_report
from asylia.study.conductor import compare
from asylia.study.movement import PLAIN, Movement
from asylia.study.record import again, save_record
from asylia.study.settings import Settings
from asylia.study.unasked import ALWAYS, FEW, TRIED, few, trials
from asylia.testing import tiny_case

CASE = tiny_case()
DAYS = 60


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def tried(runs):
    return compare(CASE, members=FEW + 2, days=DAYS, seed=3, runs=runs, executor="serial", what_ifs=True)


@pytest.fixture(scope="module")
def rows(tried):
    return tried.protection["what_ifs"]


def test_every_plan_and_no_zone_meet_every_kind_on_the_middle_day(rows):
    assert dict(rows.schema) == TRIED
    assert set(rows["kind"]) == set(ALWAYS) == {
        "consent_withdrawn", "mandate_ends", "donor_fails", "front_moves", "route_cut", "zone_shrinks",
    }  # fmt: skip
    assert set(rows["plan"]) == {plan.id for plan in CASE.plans}
    assert rows["on"].unique().to_list() == [CASE.first + dt.timedelta(days=DAYS // 2)]
    assert rows["members"].unique().to_list() == [FEW]


def test_the_study_itself_is_as_if_nothing_had_been_tried(tried):
    plain = compare(CASE, members=FEW + 2, days=DAYS, seed=3, executor="serial")
    assert plain.verdict.equals(tried.verdict)
    assert "what_ifs" not in plain.protection
    assert plain.manifest == tried.manifest


def test_nobody_is_in_a_zone_whose_mandate_has_ended(rows):
    ended = rows.filter(pl.col("plan") != "none", kind="mandate_ends", measure="in zones on the last day")
    assert ended["without"].max() > 0
    assert ended["with"].to_list() == [0.0] * ended.height


def test_what_concerns_zones_alone_leaves_no_zone_as_it_was(rows):
    none = rows.filter(pl.col("plan") == "none")
    for kind in ("consent_withdrawn", "mandate_ends", "zone_shrinks", "donor_fails"):
        own = none.filter(kind=kind)
        assert own["without"].to_list() == own["with"].to_list(), kind
    moved = none.filter(kind="front_moves", measure="within 2 km of a lethal event")
    assert moved["low"].min() >= 0


def test_differences_hold_their_own_mean(rows):
    change = rows["with"] - rows["without"]
    assert (rows["low"] <= change + 1e-6).all()
    assert (change <= rows["high"] + 1e-6).all()


def test_a_scenario_of_the_case_comes_before_ours():
    own = WhatIf(
        id="bridge", title="The bridge is cut", kind="route_cut", on=CASE.first + dt.timedelta(days=9)
    )
    made = trials(
        replace(CASE, scenarios=(own,)), CASE.plans, Settings(members=3, days=DAYS, seed=1, movement=PLAIN)
    )
    found = {one.what_if.kind: one.what_if for one in made}
    assert found["route_cut"].title == "The bridge is cut"
    assert found["mandate_ends"].on == CASE.first + dt.timedelta(days=DAYS // 2)
    assert few(Settings(members=3, days=DAYS, seed=1, movement=PLAIN)).members == 3


@pytest.mark.parametrize("rules", ["case", "fitted"])
def test_a_trial_moves_people_by_the_rules_and_counts_of_the_study(rules):
    study = Settings(members=30, days=DAYS, seed=1, movement=Movement(rules=rules, counts="abc"))
    assert few(study) == replace(study, members=FEW)


def test_plans_without_a_zone_have_nothing_to_try():
    none = [plan for plan in CASE.plans if not plan.zones]
    assert trials(CASE, none, Settings(members=3, days=DAYS, seed=1, movement=PLAIN)) == ()
    found = compare(CASE, members=2, days=DAYS, seed=3, plans=none, executor="serial", what_ifs=True)
    assert "what_ifs" not in found.protection


def test_nothing_is_tried_under_a_scenario_that_was_asked_for():
    word = f"mandate_ends={CASE.first + dt.timedelta(days=20)}"
    found = compare(CASE, members=2, days=DAYS, executor="serial", scenario=word, what_ifs=True)
    assert "what_ifs" not in found.protection


def test_the_page_says_what_would_move_and_the_record_tells_it_again(tried, runs, tmp_path, monkeypatch):
    page = next(path for path in write_report(tried, tmp_path / "report") if path.suffix == ".html")
    text = page.read_text(encoding="utf-8")
    assert "What would move if it came so" in text
    assert "Mandate ends on" in text
    assert "No zone, in the same scenarios" in text
    monkeypatch.setattr("asylia.study.record.find_case", lambda name: name)
    monkeypatch.setattr("asylia.study.record.read_case", lambda _: CASE)
    record = save_record(tried, CASE.id, runs)
    told: list[tuple[int, int]] = []
    repeated = again(record, lambda done, all_of_it: told.append((done, all_of_it)))
    assert told[0][0] == told[0][1]
    assert repeated.protection["what_ifs"].equals(tried.protection["what_ifs"])
