"""The four areas agreed in Astana, foreseen on 5 May 2017: what fell, what did not, and that the drop was not their own."""

import json

import polars as pl
import pytest
from typer.testing import CliRunner

from asylia.audit.precedents import read_precedents
from asylia.cli.main import app
from asylia.cli.plan_hindcast_text import as_plain, as_text
from asylia.io.folder import find_case
from asylia.io.hindsight import later_plans, read_fates
from asylia.study.ceasefire import ZONES
from asylia.study.plan_hindcast import plan_hindcast
from asylia.study.plan_hindcast_words import brier
from report_words import faults

SYRIA = find_case("syria-2017")
ROWS = {"eastern-ghouta": "SEG", "northern-homs": "SNH", "southern-syria": "SDQ", "idlib-area": "SID"}


@pytest.fixture(scope="module")
def found():
    return plan_hindcast(SYRIA, "astana-zones", draws=300, members=4)


def test_the_zones_take_in_the_districts_of_the_hindcast_of_the_ceasefire():
    zones = later_plans(SYRIA)["astana-zones"].zones
    assert {frozenset(zone.covers) for zone in zones} == {frozenset(names) for names in ZONES.values()}


def test_what_became_of_them_is_what_the_table_of_historical_zones_says():
    table = {row["id"]: row for row in read_precedents().iter_rows(named=True)}
    fates = {row["zone"]: row for row in read_fates(SYRIA).iter_rows(named=True)}
    assert set(fates) == set(ROWS)
    for zone, name in ROWS.items():
        assert (fates[zone]["fate"] == "overrun") == table[name]["overrun"]
        assert fates[zone]["date"] == (table[name]["overrun_date"] or table[name]["end"])


def test_recorded_events_are_those_of_the_hindcast_of_the_ceasefire(found):
    # research note and `asylia validate ceasefire`: counts of the four zones by window
    counted = (
        found.events.group_by("from_week", "to_week")
        .agg(pl.col("recorded").sum())
        .sort("from_week", "to_week")
    )
    assert counted["recorded"].to_list() == [60, 304, 309, 995, 217]


def test_three_of_four_fell_within_65_weeks_and_one_within_a_year(found):
    rows = found.chances.filter(what="overrun")
    assert rows.filter(weeks=52, came=True)["zone"].to_list() == ["eastern-ghouta"]
    assert rows.filter(weeks=65, came=True).height == 3
    assert rows.filter(zone="idlib-area")["came"].sum() == 0


def test_the_chances_told_the_enclosed_from_the_one_with_a_border(found):
    chance = dict(found.chances.filter(what="overrun", weeks=52).select("zone", "chance").iter_rows())
    assert min(chance, key=chance.get) == "idlib-area"
    assert 0.1 < chance["idlib-area"] < chance["eastern-ghouta"] < 0.6
    assert brier(found, "overrun", 52) < 0.25
    # the honest half: fewer were foreseen to fall than fell
    assert found.chances.filter(what="overrun", weeks=65)["chance"].sum() < 2


def test_chances_never_fall_with_time(found):
    for _, rows in found.chances.group_by("zone", "what"):
        assert rows.sort("weeks")["chance"].diff().drop_nulls().min() >= 0


def test_most_counts_lie_inside_the_range_and_none_is_hidden(found):
    year = found.events.filter(pl.col("to_week") <= 52)
    assert year.height == 16
    assert year["inside"].sum() in (12, 13, 14)
    assert year["with_inside"].sum() >= 14
    assert (year["with_high"] - year["with_low"]).sum() > (year["high"] - year["low"]).sum()


def test_the_drop_was_not_special_to_the_zones_and_this_is_said(found):
    assert not found.elsewhere["special"].any()
    assert found.elsewhere["as_low_by_chance"].is_between(0.0, 1.0).all()
    text = as_text(found)
    assert "The drop was not special to the zones" in text
    assert "quiet is not safety" in text
    assert "people who knew the end" in text


def test_people_are_held_against_what_was_recorded(found):
    june = found.people.filter(measure="newly_displaced").row(0, named=True)
    assert (june["month"].isoformat(), june["recorded"]) == ("2017-06-01", 130_104)
    assert (found.people["low"] <= found.people["middle"]).all()


def test_words_are_the_same_for_every_party_and_call_no_zone_safe(found):
    assert [told for line in as_text(found).splitlines() for told in faults(line)] == []


def test_the_command_gives_it_as_json(found):
    args = [
        "validate",
        "hindcast",
        "syria-2017",
        "--plan",
        "astana-zones",
        "--draws",
        "100",
        "--members",
        "0",
        "--json",
    ]
    done = CliRunner().invoke(app, args)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["overrun"]["eastern-ghouta"] == "2018-04-14"
    assert told["people"] == []
    assert set(told) == set(as_plain(found))
