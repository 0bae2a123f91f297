"""The part of the report on siting: what the public may see, and that the page says it."""

from __future__ import annotations

import dataclasses
import re
import runpy
from pathlib import Path

import polars as pl
import pytest

from asylia.model.siting_case import REASONS
from asylia.report import page, siting, siting_cut
from asylia.report.redact import redact
from asylia.study.siting_tables import CANDIDATES, FRONT, OCCUPANCY, WORTH

EXAMPLE = runpy.run_path(str(Path(__file__).resolve().parents[1] / "findings_example.py"))
FACTS = {
    "none": "", "candidates": "3", "asked": "1", "people low": "900", "people high": "2500", "scenarios": "one; two",
    "zones": "0 to 2", "budget": "5000000", "opens": "2017-05-24", "reach": "150 km", "front km": "10", "border km": "5",
}  # fmt: skip


def filled(schema, **given):
    blank = {pl.String: "", pl.Float64: 100.0, pl.Int64: 1, pl.Boolean: True}
    return {name: given.get(name, blank[kind]) for name, kind in schema.items()}


def tables():
    place = {"lat": 36.2345, "lon": 37.2345, "km_to_fighting": 12.0, "km_to_border": 30.0}
    candidates = [
        filled(CANDIDATES, candidate="a", name="Azalea", unknown="mines", room=400, binding="hosts", **place),
        filled(
            CANDIDATES, candidate="b", name="Birch", excluded="near a military object", room=None, **place
        ),
        filled(
            CANDIDATES,
            candidate="c",
            name="Cedar",
            excluded="near recent fighting; near a border",
            room=None,
            **place,
        ),
    ]
    front = [
        filled(
            FRONT,
            number=1,
            plan="site-1",
            sites="Azalea",
            sheltered=400.0,
            sheltered_most=450.0,
            unserved=2000.0,
        ),
        filled(
            FRONT, number=2, sites="Azalea", sheltered=4.0, sheltered_most=5.0, unserved=2396.0, bound=2395.0
        ),
    ]
    worth = [
        filled(WORTH, party="x", party_name="Party X", name="Azalea", gained_low=3.0, gained_high=400.0),
        filled(
            WORTH, party="x", party_name="Party X", name="all its sites", gained_low=390.0, gained_high=400.0
        ),
    ]
    occupancy = [filled(OCCUPANCY, plan="site-1", zone="zone-a", name="Azalea", simulated=7.0, planned=420.0)]
    made = {
        name: pl.DataFrame(rows, schema=schema)
        for name, rows, schema in (
            ("candidates", candidates, CANDIDATES), ("front", front, FRONT), ("worth", worth, WORTH),
            ("occupancy", occupancy, OCCUPANCY),
        )
    }  # fmt: skip
    return {**made, "facts": pl.DataFrame({"fact": list(FACTS), "value": list(FACTS.values())})}


@pytest.fixture(scope="module")
def dossiers():
    findings = dataclasses.replace(EXAMPLE["findings"](), siting=tables())
    return {audience: redact(findings, audience) for audience in ("public", "partners")}


def test_small_counts_are_withheld_from_the_public_and_named(dossiers):
    public = dossiers["public"].siting
    row = public["front"].row(1, named=True)
    assert (row["sheltered"], row["sheltered_most"], row["bound"]) == (None, None, None)
    assert row["suppressed"].split() == ["sheltered", "sheltered_most"]
    assert public["worth"]["gained_low"].to_list() == [None, 390.0]
    assert public["occupancy"]["simulated"].to_list() == [None]
    assert dossiers["partners"].siting["occupancy"]["simulated"].to_list() == [7.0]


def test_the_public_cannot_read_off_military_objects_or_distances_to_fighting(dossiers):
    public = dossiers["public"].siting["candidates"]
    assert public["excluded"].to_list()[1] == siting_cut.KEPT_BACK
    assert public["km_to_fighting"].to_list() == [None] * 3
    assert public["lat"].to_list() == [36.2] * 3
    html = page.write_page(dossiers["public"])
    assert "military object" not in re.search(r'<section id="siting">.*?</section>', html, re.DOTALL)[0]
    assert dossiers["partners"].siting["candidates"]["excluded"].to_list()[1] == "near a military object"


def test_the_page_shows_what_people_would_do_before_what_was_planned(dossiers):
    html = page.write_page(dossiers["public"])
    part = re.search(r'<section id="siting">.*?</section>', html, re.DOTALL)[0]
    assert (
        part.index("Would come")
        < part.index("Planned at first")
        < part.index("What each consent would be worth")
    )
    assert "3 candidates, 1 of which may be asked about" in part
    assert part.count("<figure>") == 7
    assert 'href="#siting"' in html
    assert not re.search(r"\b(safe|secure|optimal|units|guaranteed)\b", re.sub(r"<[^>]+>", " ", part))


def test_a_report_without_a_search_has_no_such_section():
    html = page.write_page(redact(EXAMPLE["findings"](), "public"))
    assert 'id="siting"' not in html
    assert siting.section(redact(EXAMPLE["findings"](), "public")) == {}


def test_every_reason_has_a_letter_on_the_map():
    assert set(REASONS.values()) <= {reason for reason, _ in siting.MARKS}
