"""Consent on record ends on the day the record says, and a site whose consent ends too early is left out by name."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace

import numpy as np

from asylia.model.case import _is_silent, fingerprint
from asylia.model.safeguards import ConsentRecord
from asylia.model.siting_case import Candidate
from asylia.siting.candidates import Keep, Surroundings, judged
from asylia.study.check import check_case
from asylia.study.siting_ground import consents
from asylia.study.siting_question import Question
from case_folders import append, make_case_folder

RECORD = """
[[consents]]
actor = "council"
form = "written"
source = "survey-2025"
given = 2026-02-01
until = 2026-09-30
"""
END = dt.date(2026, 9, 30)
SPOT = Candidate(id="a", name="A", place="a", area="", lat=34.5, lon=37.5, kind="town", controller="council")


def test_the_end_of_a_consent_is_read_from_the_plan(tmp_path):
    folder = make_case_folder(tmp_path / "riverland")
    append(folder, "plans/other.toml", RECORD)
    case = check_case(folder)
    assert next(plan for plan in case.plans if plan.id == "other").consents[0].until == END
    assert consents(case, Question(terms_of="other"))["council"] == ("accepts", END)


def excluded(until):
    around = Surroundings(
        fighting=np.empty((0, 2)),
        abroad=None,
        hazards={},
        consents={"council": ("accepts", END)},
        needed_until=until,
    )
    return judged([SPOT], around, Keep())[0].excluded


def test_a_consent_that_ends_too_early_leaves_the_site_out():
    assert excluded(END) == ()
    assert excluded(END + dt.timedelta(days=1)) == ("expiry",)


def test_a_record_without_an_end_keeps_its_fingerprint():
    record = ConsentRecord(actor="council", form="written")
    assert "until" not in {f.name for f in fields(record) if not _is_silent(record, f)}
    assert fingerprint(record) != fingerprint(replace(record, until=END))
