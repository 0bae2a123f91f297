"""The section on law: failures first, quotes apart, even words, small counts withheld, whole without an audit."""

from __future__ import annotations

import dataclasses
import re
import runpy
from pathlib import Path

import polars as pl
import pytest

from asylia.model.law import Origin
from asylia.report import export, law, page
from asylia.report.redact import redact
from asylia.study.law import audited

TESTS = Path(__file__).resolve().parents[1]
PAGE = runpy.run_path(str(TESTS / "unit" / "test_report_page.py"))
FINDINGS = audited(runpy.run_path(str(TESTS / "findings_example.py"))["findings"]())
PUBLIC, PARTNERS = redact(FINDINGS, "public"), redact(FINDINGS, "partners")


@pytest.fixture(scope="module")
def section() -> str:
    found = re.search(r'<section id="law">.*?</section>', page.write_page(PUBLIC), re.DOTALL)
    return found[0]


def test_blocking_failures_come_before_what_is_unknown(section):
    _, text = PAGE["read"](section)
    order = [
        text.index(words) for words in ("Blocking conditions that fail", "Unknown, and what would settle it")
    ]
    assert order == sorted(order)
    assert "There is no score" in text
    assert "no legal advice" in text


def test_words_are_even_and_promise_nothing():
    for dossier in (PUBLIC, PARTNERS):
        ours = re.sub(r"<q>.*?</q>", "", page.write_page(dossier), flags=re.DOTALL)
        _, text = PAGE["read"](ours)
        text = PAGE["PROPOSALS"].sub("", text.replace(PAGE["FIXED"], ""))
        assert PAGE["BANNED"].findall(text) == []
        assert PAGE["UNEVEN"].findall(text) == []


def test_tables_have_captions_and_scopes_and_ids_are_not_repeated(section):
    reader, _ = PAGE["read"](section)
    tags = [tag for tag, _ in reader.tags]
    assert tags.count("table") == tags.count("caption") > 5
    assert all(a.get("scope") in ("col", "row") for tag, a in reader.tags if tag == "th")


def test_every_unknown_condition_says_what_would_settle_it(section):
    _, text = PAGE["read"](section)
    unknown = {f.settled_by for a in FINDINGS.audits["public"] for f in a.findings if f.status == "unknown"}
    assert len(unknown) > 20
    assert [settled for settled in unknown if settled not in text] == []


def test_quotes_are_set_apart_and_everything_else_is_escaped():
    assert law.quoted("a: “b” c") == "a: <q>b</q> c"
    assert law.quoted("<b>: “<i>”") == "&lt;b&gt;: <q>&lt;i&gt;</q>"


def test_hostile_words_stay_text():
    hostile = PAGE["HOSTILE"]
    plans = tuple(dataclasses.replace(p, title=hostile, objectives=(hostile,)) for p in FINDINGS.plans)
    reader, _ = PAGE["read"](
        page.write_page(redact(audited(dataclasses.replace(FINDINGS, plans=plans)), "public"))
    )
    assert not {tag for tag, _ in reader.tags} & {"script", "img"}


def small(findings):
    audits = tuple(
        dataclasses.replace(
            audit,
            counts={"wanted_to_cross": (0.0, 3.0, 400.0)},
            origins=(Origin(area="X", people=7, quiet_weeks=0, homes="unknown", services="unknown", mines="unknown", asks=()),),
        )
        for audit in findings.audits["public"]
    )  # fmt: skip
    return dataclasses.replace(findings, audits={"public": audits, "partners": audits})


def test_small_counts_stay_inside_for_the_public():
    public, partners = redact(small(FINDINGS), "public"), redact(small(FINDINGS), "partners")
    first = public.audits[0]
    assert first["counts"]["wanted_to_cross"] == {
        "low": 0.0,
        "middle": None,
        "high": 400.0,
        "suppressed": "middle",
    }
    assert first["origins"][0]["people"] is None
    assert partners.audits[0]["origins"][0]["people"] == 7
    assert partners.audits[0]["counts"]["wanted_to_cross"]["middle"] == 3.0
    assert "fewer than 10" in page.write_page(public)
    assert "7" not in export.csv_text(export.frames(public)["return_triggers"].select("people"))


def test_a_sensitive_statement_is_no_evidence_for_the_public():
    hidden = {s.id for s in FINDINGS.case.statements if s.sensitive}
    assert hidden
    told = export.json_text(PUBLIC.audits)
    assert [name for name in hidden if name in told] == []


def test_the_tables_are_written_for_other_programs():
    frames = export.frames(PUBLIC)
    assert {"law", "objectives", "strength", "return_triggers"} <= set(frames)
    assert frames["law"].filter(pl.col("plan") == "us-gulf").height == 38
    assert set(frames["law"]["status"]) <= set(law.MARKS)
    assert all(
        kind in (pl.String, pl.Int64, pl.Float64, pl.Date, pl.Null, pl.Boolean)
        for f in frames.values()
        for kind in f.dtypes
    )


def test_a_study_without_an_audit_makes_a_page_without_the_section():
    bare = redact(dataclasses.replace(FINDINGS, audits={}), "public")
    assert law.section(bare) == {}
    assert '<section id="law">' not in page.write_page(bare)
