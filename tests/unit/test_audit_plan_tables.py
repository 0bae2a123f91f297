"""Tables of a plan on law and safeguards: read, written back the same, and mistakes told with their line."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from asylia.core.errors import CaseError
from asylia.io.folder import read_case, write_case
from asylia.model.case import fingerprint
from asylia.model.safeguards import (
    Aim,
    Commitment,
    ConsentRecord,
    LimitsVersion,
    ReturnTrigger,
    Revision,
    Safeguard,
)
from asylia.model.uncertain import Uncertain, fixed
from asylia.study.check import check_case
from case_folders import append, make_case_folder

SOURCE = "survey-2025"
DAY = dt.date(2026, 2, 1)
WHOLE = {
    "form": "neutralised",
    "safeguards": (
        Safeguard(about="free_movement", answer="yes", source=SOURCE, words="come and go", note="A note."),
        Safeguard(about="free_movement", answer="no", source=SOURCE),
    ),
    "consents": (
        ConsentRecord(actor="council", form="written", covers="principle_and_details", given=DAY, source=SOURCE),
    ),
    "commitments": (
        Commitment(
            by="River Council", what="A road", source=SOURCE, about="supply_routes", promised=DAY, due=DAY,
            kept="partial", amount=Uncertain(low=1, high=2, source=SOURCE), unit="km", words="the road", note="x",
        ),
    ),
    "revisions": (Revision(dated=DAY, aims=("limit_loss", "aid"), source=SOURCE, words="two aims"),),
    "aims": (Aim(objective="Shelter for people from the north", kind="aid", source=SOURCE, words="shelter"),),
    "returns": (
        ReturnTrigger(area="North", trigger="quiet_weeks", source=SOURCE, met="no", weeks=fixed(8), words="calm"),
    ),
    "limits": (LimitsVersion(zone="ford-zone-1", published=DAY, sha256="a" * 64, source=SOURCE, note="n"),),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    return make_case_folder(tmp_path / "case")


def test_every_table_comes_back_as_it_was_written(folder, tmp_path):
    case = read_case(folder)
    plan = case.plan("ford-zone")
    force = {f"force_{step}": fixed(n) for n, step in enumerate(("asked", "declared", "funded", "deployed"))}
    whole = replace(plan, **WHOLE, protection=replace(plan.protection, **force))
    changed = replace(case, plans=tuple(whole if p.id == plan.id else p for p in case.plans))
    write_case(changed, tmp_path / "again")
    again = read_case(tmp_path / "again")
    assert again.plan("ford-zone") == whole
    assert fingerprint(again) == fingerprint(changed)
    check_case(tmp_path / "again")


def test_a_new_case_shows_the_tables(folder):
    plan = read_case(folder).plan("ford-zone")
    assert plan.aims
    assert plan.safeguards
    assert plan.commitments
    check_case(folder)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[safeguards]]\nabout = "free_movement"\nanswer = "maybe"\nsource = "survey-2025"\n', "is one of"),
        ('[[safeguards]]\nabout = "free_movement"\nanswer = "yes"\nsource = "nobody"\n', "sources.csv"),
        ('[[safeguards]]\nabout = "free_movement"\nanswer = "yes"\n', "is there"),
        ('[[safeguards]]\nabout = "free_mvement"\nanswer = "yes"\nsource = "survey-2025"\n', "safeguard"),
        (
            f'[[safeguards]]\nabout = "a"\nanswer = "yes"\nsource = "survey-2025"\nwords = "{"x" * 81}"\n',
            "80",
        ),
        ('[[consents]]\nactor = "nobody"\nform = "written"\nsource = "survey-2025"\n', "the actors"),
        (
            '[[consents]]\nactor = "council"\nform = "written"\ngiven = 2027-01-01\nsource = "survey-2025"\n',
            "as_of",
        ),
        ('[[revisions]]\ndated = 2027-01-01\naims = ["aid"]\nsource = "survey-2025"\n', "as_of"),
        ('[[revisions]]\ndated = 2026-01-01\naims = []\nsource = "survey-2025"\n', "at least 1"),
        (
            '[[aims]]\nobjective = "Another"\nkind = "aid"\nsource = "survey-2025"\n',
            "objectives of this plan",
        ),
        ('[[returns]]\narea = "Nowhere"\ntrigger = "other"\nsource = "survey-2025"\n', "admin1"),
        (
            f'[[limits]]\nzone = "x"\npublished = 2026-01-01\nsha256 = "{"a" * 64}"\nsource = "survey-2025"\n',
            "zones",
        ),
        (
            '[[limits]]\nzone = "ford-zone-1"\npublished = 2026-01-01\nsha256 = "a"\nsource = "survey-2025"\n',
            "SHA",
        ),
        ('[[commitments]]\nby = ""\nwhat = "x"\nsource = "survey-2025"\n', "blank"),
        ('[[commitments]]\nby = "a"\nwhat = "x"\nsource = "survey-2025"\npromised = 2027-01-01\n', "as_of"),
    ],
)
def test_a_mistake_is_told_with_its_line(folder, text, says):
    append(folder, "plans/ford-zone.toml", "\n" + text)
    with pytest.raises(CaseError) as caught:
        check_case(folder)
    problems = [p for p in caught.value.problems if p.file == "plans/ford-zone.toml"]
    assert problems
    assert any(says in p.must for p in problems), [p.must for p in problems]
    assert all(p.row for p in problems)


def test_the_source_of_every_strength_is_looked_up(folder):
    text = (folder / "plans" / "ford-zone.toml").read_text(encoding="utf-8")
    wrong = text.replace('force = ""\n', 'force = ""\nforce_asked = { value = 5, source = "nobody" }\n')
    assert wrong != text
    (folder / "plans" / "ford-zone.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(CaseError, match="nobody"):
        check_case(folder)
