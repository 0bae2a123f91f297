"""The two reference tables that ship: planning standards and historical zones."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
import statistics
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "src" / "asylia" / "data"
SHARED = ROOT / ".." / "shared" / "data"


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


STANDARDS = table(DATA / "standards" / "standards.csv")
ZONES = table(DATA / "precedents" / "zones.csv")
DAY = dt.date.fromisoformat


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"tool_{name}", ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "research", "shipped"),
    [
        ("standards", "standards.csv", DATA / "standards" / "standards.csv"),
        ("precedents", "safe_zones_adjudicated.csv", DATA / "precedents" / "zones.csv"),
    ],
)
def test_tools_make_what_ships(name, research, shipped, tmp_path):
    if not (SHARED / research).is_file():
        pytest.skip("the research tables are not shipped")
    tool(name).make(SHARED / research, tmp_path / "made.csv")
    assert (tmp_path / "made.csv").read_bytes() == shipped.read_bytes()


def test_standards_are_94_with_ids_units_and_values():
    assert len(STANDARDS) == len({row["id"] for row in STANDARDS}) == 94
    for row in STANDARDS:
        assert float(row["value"]) >= 0
        assert row["unit"]
        assert row["source"]
        assert row["bound"] in {"min", "max", "planning", "alert", "derived"}
        assert row["evidence"] in {"seen", "derived", "recalled"}


@pytest.mark.parametrize(
    ("name", "bound", "value"),
    [
        ("WAT-04", "min", 15),
        ("WAT-05", "min", 20),
        ("SAN-01", "max", 50),
        ("SIT-01", "min", 45),
        ("SIT-03", "min", 3.5),
        ("HEA-01", "max", 10_000),
        ("HEA-02", "max", 50_000),
        ("EDU-01", "max", 5_000),
    ],
)
def test_standards_that_plans_rest_on(name, bound, value):
    (row,) = [row for row in STANDARDS if row["id"] == name]
    assert (row["bound"], float(row["value"])) == (bound, value)


def test_zones_are_51_of_21_conflicts_without_systems():
    assert len(ZONES) == len({row["id"] for row in ZONES}) == 51
    assert len({row["cluster"] for row in ZONES}) == 21
    assert not {"BSY", "SSY", "ASY"} & {row["id"] for row in ZONES}


def test_seventeen_zones_were_overrun_and_say_when():
    fell = [row for row in ZONES if row["overrun"] == "1"]
    assert len(fell) == 17
    assert all(DAY(row["start"]) < DAY(row["overrun_date"]) <= DAY(row["end"]) for row in fell)
    assert all(row["overrun"] == "0" and not row["overrun_date"] for row in ZONES if row not in fell)


def test_rates_by_logic_are_those_of_the_adjudicated_table():
    expected = {
        "consent": (2, 14),
        "partial_consent": (3, 5),
        "credible_force": (0, 7),
        "air_only": (0, 2),
        "hybrid_un": (5, 14),
        "guarantor": (4, 5),
        "unilateral": (3, 4),
    }
    found = {
        logic: (
            sum(r["overrun"] == "1" for r in ZONES if r["logic"] == logic),
            sum(r["logic"] == logic for r in ZONES),
        )
        for logic in expected
    }
    assert found == expected


def test_agreed_and_demilitarised_zones_are_eleven_none_overrun_but_madhu_is_disputed():
    agreed = [r for r in ZONES if r["consent_armed_parties"] == "yes" == r["demilitarised"]]
    assert (len(agreed), sum(r["overrun"] == "1" for r in agreed)) == (11, 0)
    (madhu,) = [r for r in agreed if r["id"] == "LMA"]
    assert madhu["disputed"] == "overrun;outcome"
    assert madhu["adjudication"]


def test_every_dispute_is_marked_and_settled():
    disputes = [field for row in ZONES for field in row["disputed"].split(";") if field]
    assert len(disputes) == 58
    assert all(field in ZONES[0] for field in disputes)
    for row in ZONES:
        for field in filter(None, row["disputed"].split(";")):
            assert f"{'protection_logic' if field == 'logic' else field}=" in row["adjudication"], row["id"]


def held_share(days: int) -> float:
    """Kaplan-Meier share of zones still held after so many days; loss of control is the event."""
    seen = [((DAY(r["overrun_date"] or r["end"]) - DAY(r["start"])).days, r["overrun"] == "1") for r in ZONES]
    share = 1.0
    for day in sorted({length for length, fell in seen if fell and length <= days}):
        at_risk = sum(length >= day for length, _ in seen)
        share *= 1 - sum(length == day and fell for length, fell in seen) / at_risk
    return share


def test_dates_give_back_the_survival_of_the_agreement_note():
    fell = [(DAY(r["overrun_date"]) - DAY(r["start"])).days for r in ZONES if r["overrun"] == "1"]
    assert statistics.median(fell) == 266
    for days, share in ((30, 0.88), (365, 0.78), (730, 0.69), (1461, 0.56)):
        assert held_share(days) == pytest.approx(share, abs=0.01)
    assert held_share(100_000) > 0.5


def test_nanking_counts_from_the_day_control_was_lost():
    (nanking,) = [r for r in ZONES if r["id"] == "NKG"]
    assert (DAY(nanking["overrun_date"]) - DAY(nanking["start"])).days == 6
    assert nanking["end"] > nanking["overrun_date"]


def test_open_ends_are_marked_as_last_seen():
    assert {r["id"] for r in ZONES if r["end_kind"] == "last_seen"} == {
        *("CYB", "MAL", "SES", "SPS", "MAW", "OSI", "DUB")
    }
    assert all((r["end_kind"] == "lost") == (r["overrun"] == "1") for r in ZONES)


def test_both_tables_say_where_they_come_from():
    assert all(row["sources"] for row in ZONES)
    for name in ("standards", "precedents"):
        assert (DATA / name / "SOURCES.md").read_text(encoding="utf-8").startswith("# ")
