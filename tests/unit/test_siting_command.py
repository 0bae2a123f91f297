"""`asylia site` on a small case: plans that pass the check, results that say no, mistakes that end with 2."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from typer.testing import CliRunner

from asylia.cli.main import app
from asylia.core.errors import PlanError
from asylia.study.check import check_case
from asylia.study.siting_question import Question
from asylia.study.siting_time import leads, time_of
from case_folders import make_case_folder

QUICK = (
    "--members",
    "3",
    "--border-km",
    "0",
    "--front-km",
    "0",
    "--seconds",
    "5",
    "--choices",
    "2",
    "--workers",
    "1",
)
SQUARE = [[37.45, 34.45], [37.55, 34.45], [37.55, 34.55], [37.45, 34.55], [37.45, 34.45]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = make_case_folder(tmp_path_factory.mktemp("cases") / "riverland")
    roads = "oak-town,oak,mill-town,20,road,,,,survey-2025,assumed,\nelm-town,elm,mill-town,22,track,,,,survey-2025,assumed,\n"
    with (made / "routes.csv").open("a", encoding="utf-8") as handle:
        handle.write(roads)
    return made


def ask(folder, *words):
    return CliRunner().invoke(app, ["site", str(folder), *QUICK, *words])


def found(folder, *words):
    result = ask(folder, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def answer(folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("plans") / "new"
    return found(folder, "--zones", "1..2", "--out", str(out)), out


def test_plans_are_written_and_pass_the_check(folder, answer, tmp_path):
    data, out = answer
    copy = shutil.copytree(folder, tmp_path / "copy")
    assert len(data["files"]) >= 1
    for file in out.iterdir():
        shutil.copy(file, copy / "plans" / file.name)
    plans = {plan.id: plan for plan in check_case(copy).plans}
    plan = plans["site-1"]
    assert plan.zones
    assert plan.proposed_by == ()
    assert all(a.reason for a in plan.assumptions)
    assert "not by a party" in plan.summary
    assert plan.protection.consent_armed_parties == "unknown"


def test_no_zone_is_planned_above_any_standard(answer):
    data, _ = answer
    room = {f"zone-{row['candidate']}": row["room"] for row in data["candidates"]}
    assert data["occupancy"]
    assert [row for row in data["occupancy"] if row["room"] > room[row["zone"]]] == []
    hosts = {"mill-town": 12000, "ford": 8000, "mill": 500, "oak": 700, "elm": 900}
    assert [
        row for row in data["candidates"] if (row["room"] or 0) > hosts.get(row["candidate"], 1e9) / 4
    ] == []


def test_every_plan_has_a_bound_and_none_beats_another(answer):
    front = answer[0]["front"]
    assert front
    for row in front:
        assert row["bound"] is not None
        assert row["gap"] >= 0
    keys = ("unserved", "travel", "exposure", "cost", "burden", "worst_area", "tail")
    worse = [(a, b) for a in front for b in front if a is not b and all(a[k] < b[k] for k in keys)]
    assert worse == []


def test_the_mediators_list_names_every_site_and_party(answer):
    data, _ = answer
    sites = {row["site"] for row in data["worth"]}
    assert "" in sites
    assert sites - {""} == {row["candidate"] for row in data["candidates"] if not row["excluded"]}
    for row in data["worth"]:
        assert 0 <= row["gained_low"] <= row["gained_high"]
        assert 0 <= row["lost_low"] <= row["lost_high"]


def test_what_nobody_checked_is_said(answer):
    for row in answer[0]["candidates"]:
        assert {"flood", "mines", "military"} <= set(row["unknown"].split("; "))


def test_a_refusal_leaves_none_of_these_and_still_says_what_a_yes_would_bring(folder):
    data = found(folder, "--consent", "council=no")
    assert "refuses" in data["facts"]["none"]
    assert data["front"] == []
    assert data["files"] == []
    assert data["worth"][0]["gained_low"] > 0
    text = ask(folder, "--consent", "council=no").output
    assert "None of these." in text


def test_a_consent_that_ends_too_soon_leaves_its_sites_out(folder):
    ended = found(folder, "--consent", "council=yes:2026-05-01")
    assert ended["excluded"]["consent ends before the zone would"] >= 4
    lasting = found(folder, "--consent", "council=yes:2036-05-01")
    assert "consent ends before the zone would" not in lasting["excluded"]
    assert {row["consent"] for row in lasting["candidates"]} == {"accepts"}


def test_withdrawal_is_a_scenario_of_its_own(folder):
    data = found(folder, "--withdraws", "council", "--consent", "council=yes")
    assert "council withdraws" in data["facts"]["scenarios"]
    best = min(row["unserved"] for row in data["front"])
    alone = min(row["unserved"] for row in found(folder, "--consent", "council=yes")["front"])
    assert best > alone


def test_polygons_and_hazards_of_the_users(folder, tmp_path):
    features = [
        {"type": "Feature", "properties": {"id": "field", "name": "Field", "water_litres_per_day": 3000},
         "geometry": {"type": "Polygon", "coordinates": [SQUARE]}},
        {"type": "Feature", "properties": {"id": "meadow", "kind": "candidate"},
         "geometry": {"type": "Polygon", "coordinates": [[[x + 0.3, y] for x, y in SQUARE]]}},
        {"type": "Feature", "properties": {"kind": "mines"},
         "geometry": {"type": "Polygon", "coordinates": [[[x + 0.3, y] for x, y in SQUARE]]}},
    ]  # fmt: skip
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    rows = {row["candidate"]: row for row in found(folder, "--candidates", str(file))["candidates"]}
    assert rows["field"]["binding"].startswith("15 litres")
    assert rows["field"]["room"] == 200
    assert "on mined land" in rows["meadow"]["excluded"]
    assert "mines" not in rows["field"]["unknown"]


def test_a_grid_lies_on_the_land(folder):
    rows = found(folder, "--candidates", "grid", "--grid-degrees", "0.4")["candidates"]
    assert len(rows) >= 4
    assert all(37.0 <= row["lon"] <= 38.2 and 34.0 <= row["lat"] <= 35.2 for row in rows)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--zones", "3..1"], "least and most"),
        (["--choices", "0"], "from 1 to 20"),
        (["--candidates", "nowhere.geojson"], "is places, grid or a file"),
        (["--terms", "ford-zon"], "Did you mean"),
        (["--consent", "council=maybe"], "ACTOR=yes"),
        (["--withdraws", "counsel"], "Did you mean"),
        (["--audience", "everybody"], "public or partners"),
        (["--periods", "0"], "from 1 to 24"),
        (["--budget", "much"], "one for each period"),
        (["--periods", "3", "--budget", "1,2"], "each of the 3 periods"),
        (["--lead-days", "ford=9"], "more than one period"),
        (["--periods", "2", "--lead-days", "frod=9"], "may be asked about"),
        (["--lead-days", "soon"], "whole number of days"),
        (["--worst-group", "2"], "a share from 0 to 1"),
    ],
)
def test_mistakes_end_with_2_and_say_how_to_mend(folder, words, said):
    result = ask(folder, *words, "--json")
    assert result.exit_code == 2
    assert said in result.stdout
    assert json.loads(result.stdout)["ok"] is False


def test_a_plan_is_never_written_over_another(folder, answer):
    _, out = answer
    result = ask(folder, "--out", str(out), "--json")
    assert result.exit_code == 2
    assert "is not there yet" in result.stdout


def test_limits_that_no_plan_keeps_are_explained(folder):
    data = found(folder, "--zones", "4..4", "--farthest-km", "1")
    assert "zones farther from each other" in data["facts"]["none"]


def test_zones_open_period_by_period_within_the_money_of_each(folder, tmp_path):
    out = tmp_path / "plans"
    words = ("--zones", "1..2", "--periods", "2", "--lead-days", "20", "--budget", "0,1e9", "--out", str(out))
    data = found(folder, *words)
    starts = data["facts"]["periods"].split(", ")
    assert len(starts) == 2
    assert data["facts"]["budgets"] == "0, 1000000000"
    # nothing can be paid in the first part, and a zone takes one part to set up
    assert "No plan" in data["facts"]["none"] or data["front"][0]["sheltered"] == 0
    data = found(
        folder,
        "--zones",
        "1..2",
        "--periods",
        "2",
        "--lead-days",
        "20",
        "--budget",
        "1e9,1e9",
        "--out",
        str(out),
    )
    assert f"from {starts[1]}" in data["front"][0]["sites"]
    assert all(f"opens = {starts[1]}" in file.read_text() for file in out.iterdir())


def test_periods_are_at_least_a_week_long(folder):
    case = check_case(folder)
    with pytest.raises(PlanError, match="weeks of the case"):
        time_of(case, Question(periods=case.days))
    time = time_of(case, Question(periods=3, lead_days=1))
    assert time.starts[0] == case.first
    assert time.opens == time.starts[1]
    assert leads(time, Question(periods=3, lead_of={"ford": 0}), ("elm", "ford")).tolist() == [1, 0]


def test_what_the_area_worst_off_allows_is_kept(folder):
    front = found(folder, "--zones", "0..3", "--worst-group", "0.9")["front"]
    assert all(row["worst_area"] <= 0.9 + 1e-6 for row in front)


def test_words_are_neutral(folder):
    text = ask(folder).output
    assert not re.search(r"\b(secure|optimal|units|guaranteed)\b", text)
    assert "calls no zone safe" in " ".join(text.split())
