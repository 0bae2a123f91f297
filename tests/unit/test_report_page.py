"""The page as text: right words, nothing hostile, nothing from elsewhere, readable without eyes."""

import dataclasses
import re
import runpy
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from asylia.report import comparison, page
from asylia.report.redact import redact

EXAMPLE = runpy.run_path(str(Path(__file__).resolve().parents[1] / "findings_example.py"))
FINDINGS = EXAMPLE["findings"]()
DOSSIER = redact(FINDINGS, "public")
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"

FIXED = "Asylia calls no zone safe"
PROPOSALS = re.compile(r"\bsafe[ -](zone|area)s?\b", re.IGNORECASE)
BANNED = re.compile(r"\b(safe|safer|safest|secure[sd]?|guarantee[sd]?|optimal|units|load)\b", re.IGNORECASE)
UNEVEN = re.compile(
    r"\b(claim(s|ed)?|alleg(es|ed|edly)|insist(s|ed)?|regime|terrorists?|militants?|liberated?|occupied|so-called)\b",
    re.IGNORECASE,
)


class Reader(HTMLParser):
    """Collects what a reader sees and what a program would fetch."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.open = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("style", "script"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data):
        if not self.open:
            self.text.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    return reader, re.sub(r"\s+", " ", " ".join(reader.text))


HTML = page.write_page(DOSSIER)
READER, TEXT = read(HTML)


@pytest.mark.parametrize("audience", ["public", "partners"])
def test_no_word_promises_or_takes_sides(audience):
    _, text = read(page.write_page(redact(FINDINGS, audience)))
    assert FIXED in text
    rest = PROPOSALS.sub("", text.replace(FIXED, ""))
    assert not BANNED.findall(rest)
    assert not UNEVEN.findall(rest)


def test_the_page_asks_for_nothing_and_runs_nothing():
    tags = Counter(tag for tag, _ in READER.tags)
    assert not tags.keys() & {"script", "iframe", "object", "embed", "form", "base", "audio", "video"}
    for tag, attributes in READER.tags:
        assert not [name for name in attributes if name.startswith("on")], tag
        for name in ("src", "href", "xlink:href", "action"):
            assert (attributes.get(name) or "#").startswith(("#", "data:")), (tag, attributes)
    assert "url(http" not in HTML
    assert "@import" not in HTML


def test_the_page_is_small():
    html = page.write_page(redact(FINDINGS, "public"))
    assert len(html.encode()) < 3_000_000


def test_hostile_names_stay_text():
    case = dataclasses.replace(FINDINGS.case, title=HOSTILE, limits=(HOSTILE,), licences=(HOSTILE,))
    plans = tuple(dataclasses.replace(plan, title=HOSTILE, summary=HOSTILE) for plan in FINDINGS.plans)
    zones = FINDINGS.zones.with_columns(pl.lit(HOSTILE).alias("name"))
    consent = tuple(
        dataclasses.replace(cell, actor_name=HOSTILE, reason=HOSTILE) for cell in FINDINGS.consent
    )
    hostile = dataclasses.replace(
        FINDINGS,
        case=case,
        plans=plans,
        zones=zones,
        consent=consent,
        manifest={"seed": HOSTILE},
        sentences={"shared": HOSTILE},
    )
    reader, text = read(page.write_page(redact(hostile, "public")))
    tags = {tag for tag, _ in reader.tags}
    assert not tags & {"script", "img"}
    assert "<script>alert(1)</script>" in text


def test_tables_have_captions_and_headers_with_a_scope():
    tags = [tag for tag, _ in READER.tags]
    assert tags.count("table") == tags.count("caption")
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in READER.tags if tag == "th")


def test_every_picture_says_its_finding_or_is_hidden():
    for tag, attributes in READER.tags:
        if tag == "svg":
            assert attributes.get("aria-hidden") == "true" or attributes.get("aria-labelledby")
    named = [i for _, a in READER.tags for i in (a.get("aria-labelledby") or "").split()]
    ids = Counter(a["id"] for _, a in READER.tags if "id" in a)
    assert all(ids[name] == 1 for name in named)
    assert max(ids.values()) == 1
    links = [
        a["href"][1:] for tag, a in READER.tags if tag in ("a", "use") and a.get("href", "").startswith("#")
    ]
    assert all(link in ids for link in links)


def test_arabic_names_run_their_own_way():
    assert str(page.local_name("حلب")) == '<bdi dir="auto" lang="ar">حلب</bdi>'
    assert str(page.local_name("Алеппо")) == '<bdi dir="auto">Алеппо</bdi>'
    assert str(page.local_name("")) == ""
    _, text = read(page.write_page(redact(FINDINGS, "partners")))
    assert "حلب" in text


def test_the_first_table_has_no_zone_first_and_eight_columns():
    rows = comparison.rows(DOSSIER)
    assert rows[0].plan.id == "none"
    assert {len(row.cells) + 1 for row in rows} == {8}
    by_plan = {row.plan.id: row for row in rows}
    assert by_plan["us-gulf"].refusal.vetoes == "Syrian government"
    assert by_plan["us-gulf"].refusal.quote == "violation of national sovereignty"
    assert by_plan["host-support"].cells[5].words == "no zone to overrun"
    assert by_plan["no-fly"].cells[2].words == "fewer than 10"


@pytest.mark.parametrize(
    ("better", "low", "high", "said"),
    [
        ("less", -5.0, -1.0, "better"),
        ("less", 1.0, 5.0, "worse"),
        ("less", -1.0, 5.0, ""),
        ("less", 0.0, 0.0, ""),
        ("more", 1.0, 5.0, "better"),
        ("neither", 1.0, 5.0, ""),
        ("less", None, None, ""),
    ],
)
def test_a_mark_needs_the_whole_range_on_one_side(better, low, high, said):
    row = {"better": better, "difference_low": low, "difference_high": high}
    assert comparison.beside_none(row) == said


def test_a_sure_but_tiny_difference_gets_no_mark():
    row = {"difference_low": -900.0, "difference_high": -500.0, "difference_middle": -700.0, "better": "less"}
    assert comparison.beside_none({**row, "middle": 1_000_000.0}) == ""
    assert comparison.beside_none({**row, "middle": 10_000.0}) == "better"


def test_an_unknown_number_says_why():
    cell = comparison.cell(DOSSIER, "no-fly", "cost_usd", 1e9)
    assert cell.words == "unknown"
    assert "No-fly" in cell.note
    assert comparison.cell(DOSSIER, "no-fly", "not_there", 1.0).words == "unknown"


def test_a_study_without_anything_still_makes_a_page():
    bare = dataclasses.replace(
        FINDINGS,
        case=dataclasses.replace(
            FINDINGS.case,
            boundaries={},
            places=FINDINGS.case.places.head(3),
            routes=FINDINGS.case.routes.head(0),
        ),
        plans=FINDINGS.plans[:1],
        **{name: getattr(FINDINGS, name).head(0) for name in FRAMES},
        consent=(),
        precedents=(),
        sentences={},
        manifest={},
    )
    _, text = read(page.write_page(redact(bare, "public")))
    assert "unknown" in text


FRAMES = (
    "verdict",
    "series",
    "end_places",
    "zones",
    "fighting",
    "needs",
    "costs",
    "funding",
    "silences",
    "drivers",
    "assumptions",
    "evidence",
)
