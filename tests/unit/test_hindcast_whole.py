"""The whole hindcast: people inside and refugees apart, departures per event, and why a figure was missed."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import polars as pl
import pytest
from typer.testing import CliRunner

from asylia.cli.main import app
from asylia.io.folder import find_case, read_case
from asylia.io.hindcast import read_hindcast
from asylia.study.apart import INSIDE, REFUGEES, kinds_of
from asylia.study.departure_rate import departure_rate
from asylia.study.hindcast_register import registers
from asylia.study.hindcast_stocks import ALL
from asylia.study.hindcast_whole import WholeHindcast, whole_hindcast
from asylia.study.hindcast_words import is_inside, why_flow
from asylia.study.movement import own_rules

RUN = CliRunner()


@pytest.fixture(scope="module")
def whole() -> WholeHindcast:
    return whole_hindcast(find_case("syria-2017"), members=5, days=320)


def test_refugees_and_people_displaced_inside_stand_apart(whole: WholeHindcast) -> None:
    refugees = whole.stocks.filter(pl.col("people") == "refugees")
    assert refugees.filter(pl.col("where") == ALL)["recorded"].to_list() == [5_327_019]
    assert set(refugees["where"]) == {"Iraq", "Jordan", "Lebanon", "Turkey", ALL}
    inside = whole.stocks.filter(pl.col("people") == "displaced_inside")
    assert inside["recorded"].to_list() == [6_784_000]
    assert set(whole.held()) == {"newly_displaced", "returned", "displaced_inside", "refugees"}


def test_people_move_by_the_rules_the_case_chose(whole: WholeHindcast) -> None:
    assert whole.settings.movement == own_rules(whole.case)
    assert whole.settings.movement.rules == "fitted"


def test_the_forecast_of_refugees_is_the_register_and_new_arrivals(whole: WholeHindcast) -> None:
    row = whole.stocks.filter(pl.col("where") == ALL).row(0, named=True)
    assert row["before"] == 4_810_760
    assert row["before"] < row["forecast_low"] <= row["forecast_middle"] <= row["forecast_high"]
    countries = whole.stocks.filter(pl.col("where") == "Turkey")
    assert countries["forecast_middle"].to_list() == [None]
    assert "516,786" in countries["why"][0]
    assert "2015-03-09" in countries["why"][0]


def test_registers_alone_are_forecast_by_country_from_what_the_case_knows(whole: WholeHindcast) -> None:
    refugees = whole.stocks.filter(pl.col("people") == "refugees")
    for row in refugees.iter_rows(named=True):
        assert row["register_low"] <= row["register_middle"] <= row["register_high"]
    last = refugees.filter(pl.col("date") == dt.date(2017, 12, 31))
    apart = last.filter(pl.col("where") != ALL)["register_middle"].sum()
    assert last.filter(pl.col("where") == ALL)["register_middle"].item() == pytest.approx(apart)
    case = read_case(find_case("syria-2017"))
    known = registers(case)
    assert known is not None
    assert known.places == ("Iraq", "Jordan", "Lebanon", "Turkey")
    assert [int(people[-1]) for people in known.people] == [233_224, 656_170, 1_011_366, 2_910_000]
    assert registers(replace(case, people=case.people.filter(pl.col("status") != "refugee"))) is None


def test_every_miss_has_a_reason_and_nothing_else_has(whole: WholeHindcast) -> None:
    for row in whole.flows.iter_rows(named=True):
        assert bool(row["why"]) == (not row["inside"])
        assert row["inside"] == is_inside(row)


def test_departures_per_event_tell_three_ranges_and_the_later_months(whole: WholeHindcast) -> None:
    rate = whole.rate
    assert rate.case[0] == pytest.approx(184.4)
    assert rate.case[2] == pytest.approx(610.6)
    assert rate.month is not None
    assert rate.median is not None
    assert rate.month[0] < rate.median[0] < rate.median[1] < rate.median[2] < rate.month[2]
    october = rate.months.filter(pl.col("month") == dt.date(2017, 10, 1)).row(0, named=True)
    assert october["later"]
    assert october["recorded"] == 441_712
    assert october["per_event"] == pytest.approx(october["recorded"] / october["events"])
    inside, every = rate.inside(rate.case)
    assert 0 < inside < every


def test_months_after_the_case_do_not_move_its_range_or_what_it_expected() -> None:
    folder = find_case("syria-2017")
    case, (events, people) = read_case(folder), read_hindcast(folder)
    whole = departure_rate(case, events, people)
    cut = departure_rate(case, events, people.filter(pl.col("date") < dt.date(2017, 6, 1)))
    assert (whole.case, whole.month, whole.median) == (cut.case, cut.month, cut.median)
    assert cut.months.height < whole.months.height


def test_a_miss_with_the_fighting_known_is_not_laid_on_the_fighting(whole: WholeHindcast) -> None:
    row = {
        "measure": "newly_displaced", "month": dt.date(2017, 10, 1), "recorded": 441_712,
        "forecast_low": 1.0, "forecast_high": 2.0, "known_low": 1.0, "known_high": 2.0,
    }  # fmt: skip
    assert "1,091 people left home for each lethal event" in why_flow(row, whole.rate)
    assert "The fighting drawn was lower" in why_flow({**row, "known_high": 500_000.0}, whole.rate)
    assert why_flow({**row, "forecast_high": 500_000.0}, whole.rate) == ""


def test_the_command_tells_both_forms_and_a_case_with_nothing_recorded() -> None:
    told = RUN.invoke(app, ["validate", "hindcast", "--members", "5", "--days", "40", "--json"])
    assert told.exit_code == 0, told.output
    found = json.loads(told.output)
    assert set(found) >= {"displaced_inside", "refugees", "departures_per_lethal_event"}
    assert "idp" not in json.dumps(found["refugees"])
    page = RUN.invoke(app, ["validate", "hindcast", "--members", "5", "--days", "40"])
    assert "never added up" in page.output
    empty = RUN.invoke(app, ["validate", "hindcast", "bosnia-1995", "--members", "5", "--days", "40"])
    assert empty.exit_code == 0, empty.output
    assert "nothing recorded in these days" in empty.output


class _Replay:
    """A replay with places alone."""

    def __init__(self, rows: list[tuple[str, str, str]]) -> None:
        self.places = pl.DataFrame(rows, schema=["name", "country", "kind"], orient="row")


def test_camps_are_sorted_by_the_country_people_flee_from() -> None:
    replay = _Replay(
        [
            ("Z", "Home_Land", "conflict"),
            ("In", "Home Land", "camp"),
            ("Out", "Away", "camp"),
            ("Named", "", "idpcamp"),
        ]
    )
    found = kinds_of(replay, ("In", "Out", "Named"))  # type: ignore[arg-type]  # only the places are read
    assert found == {REFUGEES: ("Out",), INSIDE: ("In", "Named")}
    assert set(kinds_of(replay, ("Out",))) == {REFUGEES}  # type: ignore[arg-type]  # as above


def test_rules_can_be_asked_for_and_do_not_go_with_a_plan() -> None:
    wrong = RUN.invoke(
        app, ["validate", "hindcast", "syria-2017", "--plan", "astana-zones", "--rules", "case"]
    )
    assert wrong.exit_code == 2
    unknown = RUN.invoke(app, ["validate", "hindcast", "syria-2017", "--rules", "other"])
    assert unknown.exit_code == 2
    assert "is case or fitted" in unknown.output + unknown.stderr
