"""Maps: distances hold, areas of circles are people, names do not hide one another."""

import math
import re
import runpy
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asylia.report import charts, maps
from asylia.report.ground import areas, spot_inside
from asylia.report.labels import Page
from asylia.report.projection import fit
from asylia.report.redact import redact

EXAMPLE = runpy.run_path(str(Path(__file__).resolve().parents[1] / "findings_example.py"))
DOSSIER = redact(EXAMPLE["findings"](), "public")
SHARED = maps.scale(DOSSIER)


@pytest.mark.parametrize("width", [maps.SMALL_WIDTH, maps.LARGE_WIDTH])
def test_a_distance_is_the_same_both_ways_in_the_middle_of_the_map(width):
    frame = fit(DOSSIER.ground, width)
    lat = frame.north - frame.height / frame.per_degree[1] / 2
    east = frame.at(38.0 + 1 / math.cos(math.radians(lat)), lat)[0] - frame.at(38.0, lat)[0]
    north = frame.at(38.0, lat)[1] - frame.at(38.0, lat + 1)[1]
    assert east == pytest.approx(north, rel=0.002)
    assert frame.km(111.195) == pytest.approx(north)


@given(st.floats(1, 1e6), st.floats(1.01, 9))
def test_the_area_of_a_circle_is_people(people, times):
    small, large = SHARED.radius(people, 390), SHARED.radius(people * times, 390)
    assert (large / small) ** 2 == pytest.approx(times)


def test_more_fighting_is_never_a_paler_shade():
    grades = [SHARED.grade(events) for events in (0, 0.5, 1, 3, 8, 20, 100)]
    assert grades == sorted(grades)
    assert set(grades) <= set(range(5))


@given(
    st.lists(
        st.tuples(st.floats(0, 390), st.floats(0, 350), st.text("abc", min_size=1, max_size=14)), max_size=30
    )
)
def test_names_never_overlap_and_stay_on_the_map(spots):
    sheet = Page(width=390, height=350)
    for x, y, name in spots:
        sheet.place(name, (x, y), 4, 10, "area")
    boxes = sheet.taken
    for k, (left, top, right, bottom) in enumerate(boxes):
        assert 0 <= left < right <= 390
        assert 0 <= top < bottom <= 350
        assert all(right <= o[0] or o[2] <= left or bottom <= o[1] or o[3] <= top for o in boxes[:k])


def test_a_name_that_finds_no_room_under_its_mark_stands_beside_it_not_over_it():
    sheet = Page(width=390, height=350)
    sheet.keep(100, 130, 12)
    label = sheet.place("Tartous", (100, 100), 8, 10, "area", below=True)
    assert label is not None
    assert (label.anchor, label.y > 100) == ("start", True)


def test_a_name_that_must_stand_hides_as_little_as_can_be():
    sheet = Page(width=200, height=100)
    sheet.taken += [(100.0, 0.0, 200.0, 100.0), (0.0, 0.0, 100.0, 48.0), (0.0, 60.0, 100.0, 100.0)]
    label = sheet.place("Al-Bab", (100, 50), 4, 10, "zone", must=True)
    assert label is not None
    assert label.anchor == "end"
    assert sheet.place("Manbij", (100, 50), 4, 10, "zone") is None


@pytest.mark.parametrize("plan", [plan.id for plan in DOSSIER.plans])
def test_every_map_is_valid_and_says_what_it_shows(plan):
    picture = ET.fromstring(str(maps.plan_map(DOSSIER, plan, SHARED)))  # noqa: S314 -- our own text
    assert picture.get("role") == "img"
    said = picture.find("desc").text
    zones = DOSSIER.zones.filter(plan=plan).height
    assert (f"in {zones} zone" in said) == bool(zones)
    assert len([c for c in picture.iter("circle") if c.get("class") == "room"]) == zones
    numbers = [float(n) for c in picture.iter("circle") for n in (c.get("cx"), c.get("cy"))]
    assert all(0 <= n <= 400 for n in numbers)


def test_an_area_is_read_with_its_holes_and_odd_shapes_are_left_out():
    ring = [[36.0, 33.0], [38.0, 33.0], [38.0, 35.0], [36.0, 35.0], [36.0, 33.0]]
    features = [
        {
            "properties": {"kind": "admin1", "name": "A"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        },
        {"properties": {"kind": "admin1", "name": "B"}, "geometry": {"type": "Point", "coordinates": [1, 2]}},
        {"properties": None, "geometry": None},
    ]
    found = areas({"type": "FeatureCollection", "features": features})
    assert [area.name for area in found] == ["A"]
    assert 36 < found[0].spot[0] < 38
    assert areas({}) == ()


def test_the_spot_of_a_bent_area_lies_inside_it():
    bent = ((0.0, 0.0), (10.0, 0.0), (10.0, 1.0), (1.0, 1.0), (1.0, 10.0), (0.0, 10.0), (0.0, 0.0))
    x, y = spot_inside(bent)
    assert (0 <= x <= 10 and 0 <= y <= 1) or (0 <= x <= 1 and 0 <= y <= 10)


def test_the_names_of_two_lines_that_end_together_are_apart():
    weeks = DOSSIER.series.filter(measure="crossed")
    none = weeks.filter(plan="none")
    shown = charts.Panel(name="x", title="t", description="d", unit="people", top=1e6, plan=none, none=none)
    heights = [
        float(y)
        for y in re.findall(r'class="end (?:plan|none)" x="[\d.]+" y="([\d.]+)"', charts.panel(shown))
    ]
    assert len(heights) == 2
    assert abs(heights[0] - heights[1]) >= 2 * charts.CLOSE - 0.1


@pytest.mark.parametrize(
    ("low", "middle", "high"), [(None, None, None), (0.0, 0.0, 0.0), (1.0, 5.0, 9.0), (-1.0, 5.0, 99.0)]
)
def test_a_dot_stays_on_its_bar(low, middle, high):
    picture = str(charts.dot_and_bar(low, middle, high, 3.0, 10.0))
    found = re.findall(r'cx="([\d.]+)"', picture)
    assert bool(found) == (middle is not None)
    assert all(0 <= float(x) <= charts.CELL[0] for x in found)
