"""The tables of bosnia-1995 that a script makes are what it makes, and nothing in them is later than the case."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / ".." / "shared"
CASE = ROOT / "src" / "asylia" / "data" / "cases" / "bosnia-1995"


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location(
        "bosnia_build", ROOT / "tools" / "bosnia_1995" / "build_bosnia.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(name):
    with (CASE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_events_are_those_of_the_source(build):
    if not (SHARED / "data" / "ged").is_dir():
        pytest.skip("the event files are not shipped")
    towns = [place for place in rows("places.csv") if place["kind"] == "town"]
    counted = build.weekly(build._events(SHARED), towns)
    shipped = {
        (dt.date.fromisoformat(row["week"]), row["place"]): [
            int(row[name]) for name in ("events", "deaths_low", "deaths_best", "deaths_high")
        ]
        for row in rows("events.csv") + rows("hindcast/events.csv")
    }
    assert shipped == counted
    assert sum(cell[0] for cell in shipped.values()) == 9072


def test_the_case_ends_where_the_hindcast_begins():
    last = max(row["week"] for row in rows("events.csv"))
    first = min(row["week"] for row in rows("hindcast/events.csv"))
    assert (last, first) == ("1994-12-26", "1995-01-02")


def test_an_event_counts_at_an_area_within_its_disc_and_else_at_the_nearest_other_town(build):
    towns = [place for place in rows("places.csv") if place["kind"] == "town"]
    assert build.nearest((44.186, 19.333), towns) == "srebrenica"  # Bratunac town, 9 km away
    assert build.nearest((44.30, 19.25), towns) == "bratunac"
    assert build.nearest((40.0, 19.0), towns) is None


def test_lengths_are_great_circles_with_a_bend(build):
    lengths = {row["id"]: float(row["distance_km"]) for row in rows("routes.csv")}
    assert lengths["bratunac--srebrenica"] == pytest.approx(1.3 * 9.4, abs=0.3)
    assert build.km((0.0, 0.0), (0.0, 1.0)) == pytest.approx(111.19, abs=0.01)
