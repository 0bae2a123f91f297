"""What may leave the house: nothing passes redaction by."""

import ast
import dataclasses
import runpy
from pathlib import Path

import polars as pl
import pytest

from asylia.core.errors import RunError
from asylia.report import coarsen, export
from asylia.report.ground import crossings
from asylia.report.redact import redact

TESTS = Path(__file__).resolve().parents[1]
EXAMPLE = runpy.run_path(str(TESTS / "findings_example.py"))
REPORT = TESTS.parent / "src" / "asylia" / "report"
FINDINGS = EXAMPLE["findings"]()
PUBLIC, PARTNERS = redact(FINDINGS, "public"), redact(FINDINGS, "partners")


@pytest.mark.parametrize("file", sorted(REPORT.glob("*.py")), ids=lambda file: file.name)
def test_only_redaction_knows_the_nouns(file):
    names = [
        node.module if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]
    knows = any(name and name.startswith("asylia.model") for name in names)
    assert knows == (file.name == "redact.py")


@pytest.mark.parametrize("name", ["verdict", "series", "people_end"])
def test_the_public_sees_no_small_count_of_people(name):
    frame = getattr(PUBLIC, name)
    people = (
        frame.filter(pl.col("unit").is_in(["people", "person-days"])) if "unit" in frame.columns else frame
    )
    for end in ("low", "middle", "high"):
        assert people.filter((pl.col(end) > 0) & (pl.col(end) < coarsen.SMALLEST_COUNT)).is_empty()


def test_a_withheld_count_is_flagged_and_differs_from_an_unknown_one():
    row = PUBLIC.verdict.filter((pl.col("plan") == "no-fly") & (pl.col("criterion") == "refused_or_trapped"))
    assert row["suppressed"].item() == "middle high"
    unknown = PUBLIC.verdict.filter((pl.col("plan") == "no-fly") & (pl.col("criterion") == "cost_usd"))
    assert unknown["middle"].item() is None
    assert unknown["suppressed"].item() == ""


def test_no_difference_gives_a_withheld_count_away():
    rows = PUBLIC.verdict.filter(pl.col("criterion") == "refused_or_trapped")
    assert rows["difference_middle"].null_count() == rows.height
    kept = PUBLIC.verdict.filter((pl.col("criterion") == "without_shelter") & (pl.col("plan") != "none"))
    assert kept["difference_middle"].null_count() == 0


def test_probabilities_and_money_are_not_taken_for_people():
    overrun = PUBLIC.verdict.filter(
        (pl.col("criterion") == "overrun_52_weeks") & (pl.col("plan") == "us-gulf")
    )
    assert overrun["middle"].item() == pytest.approx(0.26)


@pytest.mark.parametrize(("dossier", "decimals"), [(PUBLIC, 1), (PARTNERS, 2)])
def test_positions_are_rounded(dossier, decimals):
    spots = [
        *dossier.zones.select("lat", "lon").iter_rows(),
        *dossier.people_end.select("lat", "lon").iter_rows(),
    ]
    spots += [(c.lat, c.lon) for c in dossier.ground.crossings]
    spots += [point for road in dossier.ground.roads for point in road]
    assert all(round(value, decimals) == value for spot in spots for value in spot)


def test_the_public_sees_people_by_area_and_partners_by_place():
    areas = set(PUBLIC.people_end["area"])
    assert areas <= set(FINDINGS.case.places["admin1"])
    assert set(PARTNERS.people_end["area"]) == set(FINDINGS.end_places["place"])
    total = FINDINGS.end_places.filter(pl.col("plan") == "none")["middle"].sum()
    assert PUBLIC.people_end.filter(pl.col("plan") == "none")["middle"].sum() == pytest.approx(total)


def test_outlines_are_for_partners():
    assert not PUBLIC.outlines
    assert ("turkey-north", "azaz") in PARTNERS.outlines


def test_sensitive_statements_stay_inside():
    text = export.json_text(PUBLIC)
    assert "said in private" not in text
    assert "said in private" in export.json_text(PARTNERS)
    public = {(s.actor, s.plan): s.position for s in PUBLIC.stands}
    partners = {(s.actor, s.plan): s.position for s in PARTNERS.stands}
    assert public["syria", "host-support"] == "cannot say"
    assert public["syria", "host-support"] != partners["syria", "host-support"]


def test_a_position_worked_out_from_hidden_words_never_leaves():
    leaky = dataclasses.replace(FINDINGS, consent_public=FINDINGS.consent)
    with pytest.raises(RunError, match="must not see"):
        redact(leaky, "public")
    assert redact(leaky, "partners").stands


def test_no_zone_stands_first():
    assert PUBLIC.plans[0].id == "none"


def test_an_audience_nobody_defined_sees_nothing():
    with pytest.raises(ValueError, match="choose public or partners"):
        redact(FINDINGS, "press")


def test_a_crossing_is_open_if_nothing_closes_it():
    case = FINDINGS.case
    found = {c.id: c.is_open for c in crossings(case.places, case.routes, case.closures, case.as_of)}
    assert found["masnaa"]
    assert not found["nasib"], "the border is closed"
    assert not found["al-qaim"], "the place is closed"
