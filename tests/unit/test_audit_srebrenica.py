"""The audit of Srebrenica as it was known on 30 June 1995: what stood in documents of the time, and nothing later."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from asylia.audit.law import audit
from asylia.cli.audit import audit as audit_command
from asylia.io.folder import read_case
from asylia.study.check import check_case
from asylia.study.gather import stands

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "srebrenica-1995"
LAST = dt.date(1995, 6, 30)


@pytest.fixture(scope="module")
def audited():
    case = read_case(FOLDER)
    plan = case.plan("un-safe-area")
    return audit(case, plan, stands(case, (plan,)))


@pytest.fixture(scope="module")
def found(audited):
    return {finding.condition: finding for finding in audited.findings}


def test_the_example_passes_every_check():
    assert check_case(FOLDER).as_of == LAST


def test_no_source_is_dated_after_june_1995():
    case = read_case(FOLDER)
    dated = case.sources["date"].drop_nulls().to_list()
    assert len(dated) == case.sources.height - 1
    assert max(dated) <= "1995-06-30"
    text = " ".join(file.read_text(encoding="utf-8") for file in FOLDER.rglob("*") if file.is_file())
    assert not any(word in text for word in ("1999", "A/54/549", "1995-07-11", "genocide", "8,372"))


@pytest.mark.parametrize("condition", ["L01", "L02", "L06", "L18", "L27", "L31"])
def test_blocking_conditions_fail_by_documents_of_the_time(found, condition):
    assert (found[condition].status, found[condition].severity) == ("fail", "blocking")
    assert found[condition].evidence


def test_blocking_failures_stand_first(audited):
    assert [f.condition for f in audited.findings[:6]] == ["L01", "L02", "L06", "L18", "L27", "L31"]


def test_consent_is_of_some_only_and_of_the_principle_only(found, audited):
    assert "given by some only" in found["L01"].found
    assert "Principle only" in found["L02"].found
    levels = {level.actor: (level.principle, level.details) for level in audited.consent}
    assert levels["vrs"] == ("unknown", "unknown")
    assert levels["arbih"] == ("agreed", "unknown")


def test_strength_asked_declared_and_deployed_stand_apart(found, audited):
    steps = {step.step: (step.low, step.high) for step in audited.strength}
    assert steps == {
        "asked": (34_000, 34_000),
        "declared": (7_600, 7_600),
        "funded": (None, None),
        "deployed": (400, 600),
    }
    assert "7,600 people are declared where 34,000 were asked for" in found["L31"].found
    assert "all six areas" in found["L31"].found


def test_demilitarisation_is_in_part_and_attacks_from_inside_are_contested(found):
    assert "only in part" in found["L06"].found
    assert found["L08"].status == "contested"


def test_promises_are_kept_in_part_or_not(audited):
    assert [(p.by, p.standing) for p in audited.promises] == [
        ("Army of Republika Srpska", "not kept"),
        ("Commanders of both armies", "kept in part"),
        ("NATO", "not known"),
        ("Member States of the United Nations", "kept in part"),
    ]


def test_what_passes_rests_on_a_record(found):
    passed = {name: f for name, f in found.items() if f.status == "pass"}
    assert set(passed) == {"L03", "L38"}
    assert all(f.evidence for f in passed.values())


def test_most_answers_are_unknown_and_say_what_would_settle_them(found):
    unknown = [f for f in found.values() if f.status == "unknown"]
    assert len(unknown) == 38 - 6 - 1 - 2
    assert all(f.settled_by for f in unknown)


def test_open_words_are_flagged_with_their_clause(audited):
    flagged = {(v.where, v.term) for v in audited.vague}
    assert {("place", "surroundings"), ("rules of engagement", "necessary measures")} <= flagged


def test_the_command_prints_it_and_gives_it_as_json():
    app = typer.Typer()
    app.command()(audit_command)
    done = CliRunner().invoke(app, [str(FOLDER), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert set(told) == {"none", "un-safe-area"}
    law = told["un-safe-area"]["law"]
    assert law["findings"][0]["condition"] == "L01"
    assert {"elements", "like_cases", "outlines", "law", "protection_floor", "zone_flags"} == set(
        told["un-safe-area"]
    )
    shown = CliRunner().invoke(app, [str(FOLDER), "--plan", "un-safe-area"])
    assert shown.exit_code == 0, shown.output
    text = " ".join(shown.stdout.split())
    assert "Fails by the sources (blocking) L01" in text
    assert "no legal advice" in text
