"""Provisioning as it leaves the house: small counts withheld, standards that can be followed, files an officer can open."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import re
import zipfile

import polars as pl
import pytest
from typer.testing import CliRunner

from asylia.cli.main import app
from asylia.io.folder import write_case
from asylia.model.plan import Cost, Funding, Plan, Service
from asylia.model.uncertain import Uncertain, fixed
from asylia.need.standards import by_id
from asylia.report import page, provision, write_provisioning, write_report
from asylia.report.provision_cut import cut
from asylia.report.redact import redact
from asylia.report.workbook import SHEETS, workbook_bytes
from asylia.study.conductor import compare
from asylia.study.provisioning import if_donors_stop
from asylia.testing import tiny_case

FIRST = tiny_case().first


def busy(plan: Plan) -> Plan:
    """Give a plan services that grow, costs of every kind and two donors."""
    zone = plan.zones[0]
    return dataclasses.replace(
        plan,
        zones=(dataclasses.replace(zone, opens=FIRST, area_km2=fixed(0.2), capacity_people=fixed(9_000)),),
        services=(Service(sector="wash_water", indicator="WAT-04", provides_for_people=fixed(50), ramp_up_days=14),),
        costs=(
            Cost(item="Relief", per="person_year", usd=Uncertain(low=200, high=900), usd_year=2017),
            Cost(item="Tents", per="once", kind="set_up", usd=Uncertain(low=10_000, high=90_000)),
            Cost(item="Guards", per="month", kind="force", usd=Uncertain(low=50_000, high=60_000)),
        ),
        funding=(
            Funding(donor="Harbour", status="paid", usd=fixed(60_000), source="invented", on=FIRST),
            Funding(donor="Upland", status="committed", usd=fixed(60_000), source="invented", on=FIRST + dt.timedelta(days=40)),
            Funding(donor="Far", status="pledged", usd=fixed(9e9), source="invented"),
        ),
        protection=dataclasses.replace(plan.protection, force_deployed=Uncertain(low=10, high=20), force="Guards"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def findings():
    case = tiny_case(days=90)
    plans = [busy(plan) if plan.zones else plan for plan in case.plans]
    return compare(dataclasses.replace(case, plans=tuple(plans)), members=6, days=90, seed=3)


@pytest.fixture(scope="module")
def html(findings) -> str:
    return page.write_page(redact(findings, "public"))


def test_orders_grow_with_people_and_are_placed_a_lead_time_before_they_are_needed(findings):
    table = findings.provision["bring"]
    assert table.height
    gap = (table["needed_by"] - table["order_by"]).dt.total_days()
    assert gap.to_list() == table["lead_days_high"].to_list()
    assert (table["total_low"] <= table["total_middle"]).all()
    assert (table["total_middle"] <= table["total_high"]).all()
    stays = table.filter(pl.col("measure") == "toilets").sort("needed_by")
    assert stays["total_high"].is_sorted()
    assert stays["more"].sum() == stays["total_middle"].max()
    assert (table["in_time"] == (table["order_by"] >= FIRST)).all()


def test_what_the_plan_states_is_not_brought_again(findings):
    found = findings.provision["bring"]
    water = found.filter(pl.col("measure") == "water_source")
    food = found.filter(pl.col("measure") == "ration")
    assert (water["stated_people"] > 0).any()
    assert (food["stated_people"] == 0).all()
    people_with_food = food["total_high"].sum() / by_id()["FOO-05"].value
    people_with_water = water["total_high"].sum() / (15 / 0.65)
    assert people_with_water < people_with_food


def test_a_price_nobody_knows_is_unknown_and_not_nothing(findings):
    priced = findings.provision["priced"]
    unknown = priced.filter(pl.col("price").is_null())
    assert unknown.height
    assert unknown["usd_middle"].null_count() == unknown.height
    known = priced.filter(pl.col("price").is_not_null())
    assert set(known["price"]) == {"CST-10", "CST-12", "CST-13", "CST-14"}
    tents = known.filter(pl.col("price") == "CST-10").row(0, named=True)
    assert tents["usd_low"] <= tents["usd_middle"] <= tents["usd_high"]


def test_the_money_of_a_plan_by_month_by_donor_and_if_a_donor_stops(findings):
    tables = findings.provision
    total = findings.costs.filter(pl.col("item") == "Guards")
    by_month = tables["cost_by_month"].filter(pl.col("item") == "Guards")
    assert by_month["middle"].sum() == pytest.approx(total["middle"].item(), rel=1e-9)
    assert tables["cost_lines"].filter(pl.col("item") == "Relief")["usd_year"].item() == 2017
    path = tables["money"].filter(pl.col("plan") == "mill-zone")
    assert path["money_middle"].to_list() == [60_000, 120_000, 120_000, 120_000]
    courses = tables["stops"]["course"].unique().to_list()
    assert any(course.startswith("Upland stops paying") for course in courses)
    assert "Far" not in " ".join(courses)
    stated, stopped = (
        tables["stops"].filter(pl.col("course") == course)["paid"].sum()
        for course in ("Money as stated", next(c for c in courses if c.startswith("Harbour")))
    )
    assert stated >= stopped
    early = if_donors_stop(findings, {"Upland": FIRST}).provision["stops"]
    assert early.filter(pl.col("course").str.starts_with("Upland"))["paid"].sum() == pytest.approx(60_000)
    assert tables["swings"]["low"].len() >= 1
    force = tables["force"].row(0, named=True)
    assert (force["line"], force["per_thousand_low"] < force["per_thousand_high"]) == (20, True)


def test_every_standard_named_on_the_page_leads_to_its_row_with_edition_and_source(findings, html):
    table = findings.provision["standards"]
    linked = set(re.findall(r'href="#std-([A-Z]+-[0-9A-Z-]+)"', html))
    anchors = set(re.findall(r'id="std-([A-Z]+-[0-9A-Z-]+)"', html))
    assert linked
    assert linked <= anchors == set(table["standard"].to_list())
    named = set(findings.needs["standard"]) | set(findings.provision["bring"]["standard"])
    named |= {word for cell in findings.provision["bring"]["also"] for word in cell.split()}
    named |= set(findings.provision["bring"]["price"].drop_nulls()) | set(
        findings.provision["layout"]["standard"]
    )
    assert named <= anchors
    for row in table.iter_rows(named=True):
        assert row["editions"]
        assert row["source"] == by_id()[row["standard"]].source
        assert row["reason"]
    assert table.filter(pl.col("evidence") == "recalled").height > 5
    assert "CCM-01</a>*" in html


def test_the_page_says_what_to_bring_who_pays_and_what_stops_first(html):
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    for words in (
        "What to bring, by when", "What stops first", "First to stop: Guards", "Upland stops paying", "What would change the sum most",
        "the published line, whose evidence is disputed, is 20", "The plan states no order. Assumed:", "dollars of 2017",
    ):  # fmt: skip
        assert words in text, words


def test_small_counts_are_withheld_from_the_public_with_the_amounts_that_give_them_away(findings):
    tables = dict(findings.provision)
    few = pl.Series("more", [4 * 45.0] + [0.0] * (tables["bring"].height - 1))
    tables["bring"] = tables["bring"].with_columns(few, pl.lit(45.0).alias("each"), pl.lit(1.0).alias("usd"))
    seen = cut(tables, findings.zones, is_public=True)["bring"].row(0, named=True)
    assert (seen["more"], seen["usd"]) == (None, None)
    assert {"more", "usd"} <= set(seen["suppressed"].split())
    partners = cut(tables, findings.zones, is_public=False)["bring"].row(0, named=True)
    assert (partners["more"], partners["suppressed"]) == (180.0, "")


def test_shortfalls_are_withheld_with_the_people_behind_them(findings):
    few = findings.needs.with_columns(pl.lit(3.0).alias("people_low"), pl.lit(500.0).alias("people_middle"))
    needs = redact(dataclasses.replace(findings, needs=few), "public").needs
    assert needs["shortfall_low"].null_count() == needs.height
    assert needs["shortfall_middle"].null_count() == 0
    assert page.write_page(redact(dataclasses.replace(findings, needs=few), "public"))


def test_the_workbook_opens_holds_every_table_and_is_the_same_every_time(findings):
    tables = redact(findings, "public").provision
    first, again = (workbook_bytes(tables, ["Read me first."]) for _ in range(2))
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        assert names == ["Read me", *(title for key, title in SHEETS.items() if key in tables)]
        assert b"#date+needed" in book.read("xl/sharedStrings.xml")
        assert b"2000-01-01" in book.read("docProps/core.xml")


@pytest.mark.parametrize("hostile", ["=HYPERLINK(1)", "+1", "-1", "@x", "{=1}", "http://x", "12"])
def test_no_cell_of_the_workbook_is_a_formula_or_a_link(hostile):
    table = pl.DataFrame({"item": [hostile], "more": [1.5], "on": [dt.date(2017, 1, 1)], "in_time": [None]})
    with zipfile.ZipFile(io.BytesIO(workbook_bytes({"bring": table}, [hostile]))) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
        assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
        assert not [name for name in book.namelist() if "_rels/sheet" in name]
        assert hostile.split("(")[0] in book.read("xl/sharedStrings.xml").decode()


def test_the_files_of_provisioning_alone_carry_tags_and_no_more_than_the_audience_may_see(findings, tmp_path):
    files = write_provisioning(findings, tmp_path)
    assert {"bring.csv", "needs.csv", "stops.csv", "standards.csv", "provisioning.xlsx"} <= {
        f.name for f in files
    }
    head, tags = (tmp_path / "bring.csv").read_text(encoding="utf-8").splitlines()[:2]
    assert head.startswith("plan,zone,sector,measure,item")
    assert tags.startswith("#activity+name,#loc+code+zone,#sector")
    names = {path.name for path in write_report(findings, tmp_path / "report")}
    assert {"provisioning.xlsx", "bring.csv", "standards.csv", "editions.csv"} <= names


def test_editions_and_ranges_stand_side_by_side(findings):
    shown = {row["standard"]: row["values"] for row in provision.edition_rows(redact(findings, "public"))}
    assert any("Sphere 2011" in value and "22" in value for value in shown["HEA-05"])
    assert provision._span(2.0, 3.0) == "2 to 3"


def test_a_study_without_provisioning_still_makes_a_page(findings):
    bare = dataclasses.replace(findings, provision={})
    assert "What it costs" in page.write_page(redact(bare, "public"))


def test_the_command_says_it_all_and_writes_the_files(tmp_path):
    case = tiny_case(days=90)
    plans = tuple(busy(plan) if plan.zones else plan for plan in case.plans)
    write_case(dataclasses.replace(case, plans=plans), tmp_path / "case")
    run = CliRunner().invoke
    asked = [
        "need",
        str(tmp_path / "case"),
        "--members",
        "2",
        "--days",
        "90",
        "--runs",
        str(tmp_path / "runs"),
    ]
    done = run(app, [*asked, "--workers", "1", "--out", str(tmp_path / "out"), "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert {row["plan"] for row in found["bring"]} == {"mill-zone"}
    assert (tmp_path / "out" / "provisioning.xlsx").is_file()
    told = run(app, [*asked, "--fails", "Upland=2026-01-09"])
    text = " ".join(told.stdout.split())
    assert "Upland stops paying on 2026-01-09" in text
    assert "moves the cost" in text
    assert run(app, [*asked, "--fails", "Nobody=2026-05-01"]).exit_code == 2
    assert run(app, [*asked, "--fails", "2026"]).exit_code == 2
