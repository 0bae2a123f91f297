"""Known best plans of the literature, matched and proved."""

from __future__ import annotations

from pathlib import Path

import pytest

from asylia.study.validate_siting import validate_siting

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "orlib"
FEW = (
    "pmed/pmed1.txt",
    "pmed/pmed6.txt",
    "pmed/pmed20.txt",
    "cap/cap41.txt",
    "cap/cap74.txt",
    "cap/capb.txt.gz",
)
HOLMBERG = ("holmberg/p1.txt", "holmberg/p3.txt")
PUBLISHED = {
    "capa:8000": 19240822.449,
    "capa:10000": 18438046.543,
    "capa:12000": 17765201.949,
    "capa:14000": 17160439.012,
    "capb:5000": 13656379.578,
    "capb:6000": 13361927.449,
    "capb:7000": 13198556.434,
    "capb:8000": 13082516.496,
    "capc:5000": 11646596.974,
    "capc:5750": 11570340.289,
    "capc:6500": 11518743.744,
    "capc:7250": 11505767.394,
}
"""Best plans with capacities, as Beasley's collection gives them."""

needs_files = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the problem files are not beside the repository"
)


@needs_files
@pytest.mark.parametrize("name", [*FEW, *HOLMBERG])
def test_a_known_best_plan_is_met(name):
    score = next(validate_siting([FOLDER / name]))
    assert score.proved
    assert score.ok
    if name == "cap/cap41.txt":  # its value is in SOURCE.md
        assert score.certificate.value == pytest.approx(1040444.375, abs=1e-3)
    else:
        assert score.certificate.value == pytest.approx(score.known, rel=1e-6)


@needs_files
@pytest.mark.slow
def test_every_known_best_plan_is_met():
    scores = list(validate_siting([FOLDER]))
    assert len(scores) >= 37
    assert [one.name for one in scores if not (one.proved and one.ok)] == []


@needs_files
@pytest.mark.slow
@pytest.mark.parametrize("name", PUBLISHED)
def test_published_best_plans_with_capacities_are_met(name):
    score = next(validate_siting([FOLDER / "cap" / name]))
    assert score.proved
    assert score.certificate.value == pytest.approx(PUBLISHED[name], rel=1e-9)
