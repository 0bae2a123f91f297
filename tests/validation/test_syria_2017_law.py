"""The audit of the seven plans of `syria-2017`: each answer pinned, every pointer in the text it names."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from asylia.audit.law import audit
from asylia.io.folder import find_case, read_case
from asylia.study.gather import stands

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
TEXTS = {
    "independent-2017-02-23": "sources/000_1e14c0c61fbcbca9.txt",
    "lendman-2017-02": "sources/004_ad33f63a4cad1291.txt",
    "research-syria-2017": "data/syria_2017.csv",
}
DECIDED = {
    "none": {"L19": "fail"},
    "host-support": {"L19": "fail"},
    "damascus-consent": {"L19": "fail"},
    "no-fly": {"L01": "fail", "L02": "fail", "L03": "fail", "L19": "fail"},
    "turkey-north": dict.fromkeys(("L01", "L02", "L03", "L06", "L10", "L19", "L31"), "fail"),
    "un-safe-areas": {"L18": "fail", "L19": "fail", "L27": "fail"},
    "us-gulf": {**dict.fromkeys(("L01", "L02", "L03", "L19", "L31"), "fail"), "L20": "contested"},
}
"""Every answer that is not unknown. A change here is a change of what the report says of somebody's plan."""


@pytest.fixture(scope="module")
def case():
    return read_case(find_case("syria-2017"))


@pytest.fixture(scope="module")
def audits(case):
    cells = stands(case, case.plans)
    return {plan.id: audit(case, plan, cells) for plan in case.plans}


@pytest.mark.parametrize("name", DECIDED)
def test_what_is_decided_is_what_sources_decide(audits, name):
    statuses = {f.condition: f.status for f in audits[name].findings}
    open_ones = ("unknown", "does not apply")
    assert {c: s for c, s in statuses.items() if s not in open_ones} == DECIDED[name]
    assert all(f.evidence for f in audits[name].findings if f.status not in open_ones)


def test_no_condition_is_on_record_as_met(audits):
    assert not [f for a in audits.values() for f in a.findings if f.status == "pass"]


def test_unknown_is_the_most_frequent_answer_for_every_plan_with_a_zone(case, audits):
    for plan in case.plans:
        if plan.zones:
            statuses = [f.status for f in audits[plan.id].findings]
            assert statuses.count("unknown") > len(statuses) / 2


def test_what_parties_said_is_the_ground_of_a_refusal(audits):
    found = next(f for f in audits["us-gulf"].findings if f.condition == "L03")
    assert found.evidence == (
        "Syrian government, statement SYR-1, lendman-2017-02: “including how and by whom”",
    )


def test_the_six_districts_under_siege_cannot_be_left(audits):
    found = next(f for f in audits["un-safe-areas"].findings if f.condition == "L18")
    assert "Duma" in found.found
    assert len(found.evidence) == 3


def test_strength_is_told_by_step_and_the_six_towns_have_none_deployed(audits):
    north = {s.step: (s.low, s.high) for s in audits["turkey-north"].strength}
    assert north == {
        "asked": (15_000, 30_000), "declared": (None, None), "funded": (None, None), "deployed": (4_000, 8_000),
    }  # fmt: skip
    towns = {s.step: s.high for s in audits["un-safe-areas"].strength}
    assert towns["declared"] == 34_000
    assert towns["deployed"] is None


def test_objectives_are_all_read_and_the_five_of_the_report_found(case, audits):
    for plan in case.plans:
        assert {aim.objective for aim in plan.aims} == set(plan.objectives), plan.id
    assert all(goal.stated for goal in audits["un-safe-areas"].goals)
    assert not any(goal.stated for goal in audits["us-gulf"].goals)
    assert len(audits["us-gulf"].beyond) == 2


def test_words_stand_in_the_texts_they_point_into(case):
    said = [
        (plan.id, entry.source, entry.words)
        for plan in case.plans
        for entry in (*plan.safeguards, *plan.aims, *plan.returns, *plan.commitments)
        if entry.words and entry.source in TEXTS
    ]
    assert len(said) >= 15
    for plan, source, words in said:
        path = SHARED / TEXTS[source]
        if not path.is_file():
            pytest.skip("the texts are not shipped")
        assert words in path.read_text(encoding="utf-8"), (plan, words)


def test_the_row_of_the_zone_that_turkey_holds_is_as_cited():
    path = SHARED / "data" / "safe_zones_adjudicated.csv"
    if not path.is_file():
        pytest.skip("the table of zones is not shipped")
    rows = {row["id"]: row for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())}
    assert rows["SES"]["protecting_force"] == "Turkish forces and Syrian opposition groups"
    assert "force 4-8k" in rows["SES"]["seen_fields"]
