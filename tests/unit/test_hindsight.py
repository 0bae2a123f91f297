"""A case taken forward to a later day: what came by then, what was known by then, and nothing else."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from asylia.cli.main import app
from asylia.core.errors import CaseError, PlanError
from asylia.io.folder import find_case, finish, read_case
from asylia.io.hindcast import read_hindcast
from asylia.io.hindsight import later_plans, read_draft_of, read_fates
from asylia.model.case import fingerprint
from asylia.study.coding import guards, rise
from asylia.study.plan_hindcast import plan_hindcast
from asylia.study.pressure import posts
from asylia.study.record import chosen_plans, known_later
from asylia.study.what_ifs import find
from case_folders import replace_text

EVE = dt.date(2017, 5, 5)
SYRIA = find_case("syria-2017")


@pytest.fixture(scope="module")
def own():
    return read_case(SYRIA)


@pytest.fixture(scope="module")
def later():
    return finish(read_draft_of(SYRIA, EVE))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SYRIA, tmp_path / "syria-2017"))


def test_the_case_itself_never_holds_a_later_plan(own):
    assert "astana-zones" not in [plan.id for plan in own.plans]
    assert all(plan.known_from is None for plan in own.plans)
    assert "astana-zones" not in [plan.id for plan in chosen_plans(own, [])]


def test_whoever_asks_for_a_later_plan_is_told_the_day(own):
    with pytest.raises(PlanError, match="--as-of 2017-05-05"):
        chosen_plans(own, ["astana-zones"], known_later(SYRIA))


def test_nothing_after_the_day_is_in_a_case_taken_forward(later):
    assert later.as_of == EVE
    assert later.first == dt.date(2017, 5, 6)
    assert later.events["week"].max() + dt.timedelta(days=6) <= EVE
    ends = [
        row["date"] + dt.timedelta(days=(row["days"] or 1) - 1) for row in later.people.iter_rows(named=True)
    ]
    assert max(ends) == dt.date(2017, 4, 30)
    assert "taken forward to 2017-05-05" in later.title
    assert any("no ranking" in said and "2017-05-04" in said for said in later.limits)


@settings(max_examples=3, deadline=None)
@given(days=st.integers(1, 900))
def test_what_came_by_a_day_is_there_and_no_more(days: int):
    case, (events, _) = read_case(SYRIA), read_hindcast(SYRIA)
    day = case.as_of + dt.timedelta(days=days)
    taken = finish(read_draft_of(SYRIA, day))
    ended = [row for row in events["week"] if row + dt.timedelta(days=6) <= day]
    assert taken.events.height == case.events.height + len(ended)
    assert ("astana-zones" in [plan.id for plan in taken.plans]) == (day >= dt.date(2017, 5, 4))


@pytest.mark.parametrize("day", ["2017-02-22", "2016-01-01", "2020-01-01"])
def test_a_day_that_nobody_recorded_is_refused(day: str):
    with pytest.raises(CaseError, match="is a day after 2017-02-22"):
        read_draft_of(SYRIA, dt.date.fromisoformat(day))


def test_a_later_plan_among_the_plans_of_the_case_is_a_problem(copy: Path):
    shutil.copy(copy / "hindcast/plans/astana-zones.toml", copy / "plans/astana-zones.toml")
    replace_text(copy, "plans/astana-zones.toml", 'proposed_by = ["russia", "turkey", "iran"]\n', "")
    with pytest.raises(CaseError) as caught:
        read_case(copy)
    assert any("Put the plan into hindcast/plans" in problem.mend for problem in caught.value.problems)


def test_a_plan_of_the_hindcast_folder_says_from_when_it_was_known(copy: Path):
    replace_text(copy, "hindcast/plans/astana-zones.toml", "known_from = 2017-05-04\n", "")
    with pytest.raises(CaseError, match="from which day it was known"):
        finish(read_draft_of(copy, EVE))


def test_a_source_stands_in_one_of_the_two_files(copy: Path):
    replace_text(copy, "hindcast/sources.csv", "pax-2093", "geonames")
    replace_text(copy, "hindcast/plans/astana-zones.toml", '"pax-2093', '"geonames', times=40)
    with pytest.raises(CaseError, match=r"is no id of sources\.csv"):
        finish(read_draft_of(copy, EVE))


def test_faults_of_the_record_of_zones_are_told(copy: Path):
    replace_text(copy, "hindcast/zones.csv", "idlib-area,stood", "idlib-area,won")
    with pytest.raises(CaseError, match="fate"):
        read_fates(copy)


def test_a_zone_covers_its_own_place_and_known_ones(copy: Path):
    replace_text(copy, "hindcast/plans/astana-zones.toml", '["duma", "jaramana"]', '["jaramana"]')
    replace_text(copy, "hindcast/plans/astana-zones.toml", '["ar-rastan"]', '["ar-rastan", "nowhere"]')
    with pytest.raises(CaseError) as caught:
        finish(read_draft_of(copy, EVE))
    told = " ".join(f"{problem.must} {problem.value}" for problem in caught.value.problems)
    assert "covers names the place of the zone" in told
    assert "nowhere" in told


def test_fighting_anywhere_a_zone_covers_counts_at_it(later):
    plan = later.plan("astana-zones")
    found = {post.zone: post for post in posts(later, plan, guards(later, plan))}
    places = sorted(later.places["id"].to_list())
    ghouta = found["eastern-ghouta"]
    assert [places[row] for row in ghouta.covers] == ["duma", "jaramana"]
    assert ghouta.whole
    part = replace(plan, zones=tuple(replace(zone, covers=()) for zone in plan.zones))
    alone = {post.zone: post for post in posts(later, part, guards(later, part))}["eastern-ghouta"]
    assert alone.covers == (alone.row,) == (ghouta.row,)
    assert not alone.whole
    assert rise(later, "duma", "jaramana") != rise(later, "duma")


def test_fields_that_say_nothing_leave_fingerprints_as_they_were(own):
    plan = next(plan for plan in own.plans if plan.zones)
    said = replace(plan, known_from=dt.date(2017, 1, 1))
    assert fingerprint(said) != fingerprint(plan)
    assert "known_from" not in later_plans(SYRIA)
    assert list(later_plans(SYRIA)) == ["astana-zones"]


def test_a_plan_that_never_came_is_refused_by_name():
    with pytest.raises(PlanError, match="astana-zones"):
        plan_hindcast(SYRIA, "astana")
    done = CliRunner().invoke(app, ["compare", "syria-2017", "--as-of", "soon"])
    assert done.exit_code == 2
    assert "is a day" in done.output


def test_scenarios_can_be_switched_on_in_hindsight(later):
    assert find(later, "mandate_ends=2017-11-06").on == dt.date(2017, 11, 6)
