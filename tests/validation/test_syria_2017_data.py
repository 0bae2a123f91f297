"""The figures of the case `syria-2017` against what was published, and against the files they were counted from."""

import csv
import datetime as dt
import gzip
import itertools
import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
from shapely.geometry import Point, shape

from asylia.io.folder import read_case
from asylia.io.hindcast import read_hindcast
from asylia.move import departures

CASE = Path(str(files("asylia") / "data" / "cases" / "syria-2017"))
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
AS_OF = dt.date(2017, 2, 22)
KM_PER_DEGREE = 111.2

needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="the files that the case was counted from are not in the repository"
)


@pytest.fixture(scope="module")
def case():
    return read_case(CASE)


@pytest.fixture(scope="module")
def later():
    return read_hindcast(CASE)


@pytest.fixture(scope="module")
def polygons():
    collection = json.loads((CASE / "boundaries.geojson").read_text(encoding="utf-8"))
    return {f["properties"]["name"]: (f["properties"], shape(f["geometry"])) for f in collection["features"]}


def everybody(people, measure, status):
    return people.filter(
        (pl.col("measure") == measure) & (pl.col("status") == status) & pl.col("group").is_null()
    )


def test_case_takes_less_than_a_megabyte():
    assert sum(path.stat().st_size for path in CASE.rglob("*") if path.is_file()) < 1_000_000


def test_displaced_people_are_as_published(case):
    stocks = everybody(case.people, "stock", "idp").filter(pl.col("area") == "Syria")
    national = stocks.filter(pl.col("origin").is_null())
    by_origin = stocks.filter(pl.col("origin").is_not_null())
    assert national["persons"].to_list() == [6_300_000]
    assert by_origin.height == 14
    assert by_origin["persons"].sum() == 5_542_996


def test_people_inside_are_as_published(case):
    residents = case.people.filter(pl.col("status") == "resident")
    inside = residents.filter(pl.col("group") == "at home or displaced")
    registered = residents.filter((pl.col("date") == dt.date(2011, 12, 31)) & (pl.col("area") != "Syria"))
    assert inside["persons"].to_list() == [18_000_000]
    assert registered["persons"].sum() == 21_377_000


def test_people_at_home_are_those_inside_less_the_displaced(case):
    at_home = case.people.filter(pl.col("group") == "at home, not displaced")
    by_area = case.places.group_by("admin1").agg(pl.col("population").sum())
    joined = at_home.join(by_area, left_on="area", right_on="admin1")
    assert case.places["population"].sum() == pytest.approx(18_000_000 - 6_300_000, rel=1e-3)
    assert joined.height == 14
    assert (joined["population"] - joined["persons"]).abs().max() < 1_000


def test_arrivals_of_2016_sum_to_the_published_total(case):
    flows = everybody(case.people, "newly_displaced", "idp").filter(pl.col("date").dt.year() == 2016)
    assert flows.height == 12 * 14
    assert flows["persons"].sum() == 2_148_498


def test_arrivals_a_day_agree_with_the_figure_ocha_published(case):
    flows = everybody(case.people, "newly_displaced", "idp").filter(pl.col("date") < dt.date(2016, 9, 1))
    days = (dt.date(2016, 9, 1) - dt.date(2016, 1, 1)).days
    assert flows["persons"].sum() / days == pytest.approx(6_150, rel=0.03)


@pytest.mark.parametrize(("year", "persons"), [(2017, 2_797_067), (2018, 1_633_984), (2019, 1_827_930)])
def test_later_arrivals_sum_to_the_published_totals(case, later, year, persons):
    both = pl.concat([case.people, later[1]])
    flows = everybody(both, "newly_displaced", "idp").filter(pl.col("date").dt.year() == year)
    assert flows["persons"].sum() == persons


def test_hosted_people_stay_unknown(case):
    hosted = case.people.filter((pl.col("status") == "idp") & (pl.col("evidence") == "unknown"))
    stocks = hosted.filter(pl.col("measure") == "stock")
    assert stocks.height == 14
    assert stocks["persons"].null_count() == 14


def test_refugees_of_the_neighbours_have_two_dates(case):
    refugees = case.people.filter(pl.col("status") == "refugee")
    assert set(refugees["area"].to_list()) == {"Turkey", "Lebanon", "Jordan", "Iraq"}
    assert refugees.filter(pl.col("evidence") == "seen")["persons"].sum() == 4_709_162
    assert refugees["origin"].unique().to_list() == ["Syria"]


def test_nothing_in_the_case_is_later_than_the_as_of_date(case):
    week_ends = case.events["week"] + dt.timedelta(days=6)
    ends = case.people.select(pl.col("date") + pl.duration(days=pl.col("days").fill_null(1) - 1))["date"]
    assert case.as_of == AS_OF
    assert week_ends.max() <= AS_OF
    assert ends.max() <= AS_OF


def test_weeks_run_on_from_the_case_to_the_hindcast(case, later):
    before = set(case.events["week"].to_list())
    after = set(later[0]["week"].to_list())
    weeks = sorted(before | after)
    assert not before & after
    assert min(before) == dt.date(2016, 1, 4)
    assert all((b - a).days == 7 for a, b in itertools.pairwise(weeks))
    assert weeks[-1] == dt.date(2019, 11, 25)


def test_events_are_lethal_and_their_estimates_in_order(case, later):
    for events in (case.events, later[0]):
        assert events["events"].min() >= 1
        assert (events["deaths_best"] >= events["events"]).all()
        assert (events["deaths_low"] <= events["deaths_best"]).all()
        assert (events["deaths_best"] <= events["deaths_high"]).all()


def test_towns_lie_in_their_governorate(case, polygons):
    # Natural Earth runs up to half a kilometre south of two border towns.
    towns = case.places.filter(pl.col("kind") == "town")
    off = {
        name: polygons[admin1][1].distance(Point(lon, lat)) * KM_PER_DEGREE
        for name, admin1, lat, lon in towns.select("id", "admin1", "lat", "lon").iter_rows()
    }
    assert {name for name, km in off.items() if km > 0} == {"ayn-al-arab", "tell-abyad"}
    assert max(off.values()) < 1


def test_crossings_lie_near_the_border(case, polygons):
    governorates = [polygon for facts, polygon in polygons.values() if facts["kind"] == "admin1"]
    crossings = case.places.filter(pl.col("kind").is_in(["crossing", "camp"]))
    for lat, lon in crossings.select("lat", "lon").iter_rows():
        edges = [polygon.boundary.distance(Point(lon, lat)) * KM_PER_DEGREE for polygon in governorates]
        assert min(edges) < 5


def test_governorates_have_their_published_area(polygons):
    # Equal-area on a band of latitude: good to a tenth of a per cent at this size.
    found = [polygon for facts, polygon in polygons.values() if facts["kind"] == "admin1"]
    scale = KM_PER_DEGREE**2
    km2 = sum(p.area * scale * pl.select(pl.lit(p.centroid.y).radians().cos()).item() for p in found)
    assert len(found) == 14
    assert km2 == pytest.approx(185_180, rel=0.01)


def test_borders_stay_shared_after_simplifying(polygons):
    shapes = [polygon for _, polygon in polygons.values()]
    overlap = sum(a.intersection(b).area for number, a in enumerate(shapes) for b in shapes[number + 1 :])
    assert all(one.is_valid for one in shapes)
    assert overlap * KM_PER_DEGREE**2 < 25


def test_districts_have_their_codes_and_arabic_names(case, polygons):
    towns = case.places.filter(pl.col("kind") == "town")
    codes = towns.filter(pl.col("pcode").is_not_null())
    assert codes["pcode"].n_unique() == codes.height == 61
    for admin1, pcode in codes.select("admin1", "pcode").iter_rows():
        assert pcode.startswith(polygons[admin1][0]["pcode"])
    assert all(re.search("[\u0600-\u06ff]", name) for name in case.places["name_local"].to_list())


def parts(places, routes):
    group = {place: {place} for place in places}
    for start, end in routes:
        joined = group[start] | group[end]
        group.update(dict.fromkeys(joined, joined))
    return {frozenset(one) for one in group.values()}


def test_every_place_can_be_reached(case):
    ends = list(case.routes.select("from", "to").iter_rows())
    assert len(parts(case.places["id"].to_list(), ends)) == 1


def test_closed_routes_cut_off_the_two_besieged_districts_alone(case):
    closed = case.closures.filter(pl.col("what") == "route")["where"].to_list()
    ways = case.routes.filter(~pl.col("id").is_in(closed))
    found = parts(case.places["id"].to_list(), list(ways.select("from", "to").iter_rows()))
    alone = {next(iter(one)) for one in found if len(one) == 1}
    assert alone == {"duma", "ar-rastan"}
    assert len(found) == 3


def test_routes_are_a_little_longer_than_the_great_circle(case):
    points = {place: (lat, lon) for place, lat, lon in case.places.select("id", "lat", "lon").iter_rows()}
    for start, end, km, mode in case.routes.select("from", "to", "distance_km", "mode").iter_rows():
        if mode != "crossing" and km > 10:
            (lat1, lon1), (lat2, lon2) = points[start], points[end]
            east = (lon2 - lon1) * pl.select(pl.lit((lat1 + lat2) / 2).radians().cos()).item()
            straight = KM_PER_DEGREE * (east**2 + (lat2 - lat1) ** 2) ** 0.5
            assert km / straight == pytest.approx(1.3, rel=0.02)


def test_every_source_that_is_named_exists(case):
    known = set(case.sources["id"].to_list())
    named = {name for rule in case.rules.values() for name in [rule.source]}
    for frame in (case.places, case.routes, case.events, case.people, case.closures):
        named |= set(frame["source"].to_list())
    assert named <= known


def test_shares_of_people_near_an_event_grow_with_the_radius(case):
    rules = [case.rules[f"people_within_{km}_km"] for km in (1, 2, 5)]
    assert rules[0].low < rules[1].low < rules[2].low < 0.2
    assert rules[0].high < rules[1].high < rules[2].high < 0.6


def test_limits_name_what_is_unknown():
    text = tomllib.loads((CASE / "case.toml").read_text(encoding="utf-8"))
    assert any("hosted" in sentence for sentence in text["limits"])
    assert any("Natural Earth" in sentence for sentence in text["licences"])
    assert any("GeoNames" in sentence for sentence in text["licences"])
    assert any("Uppsala" in sentence for sentence in text["licences"])


@needs_shared
def test_deaths_of_the_case_and_the_hindcast_are_those_of_the_source(case, later):
    path = SHARED / "ged" / "ged_syria_2016-01_2019-11.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["adm_1"] and int(row["best"]) > 0]
    total = sum(int(row["best"]) for row in rows)
    first_days = sum(int(row["best"]) for row in rows if row["date_start"] < "2016-01-04")
    kept = case.events["deaths_best"].sum() + later[0]["deaths_best"].sum()
    assert total == 87_586
    assert 0 < total - kept <= first_days < 0.01 * total


@needs_shared
def test_one_district_and_week_recounted(case):
    path = SHARED / "ged" / "ged_syria_2016-01_2019-11.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["adm_2"] == "Manbij district"
            and "2016-07-18" <= row["date_start"] == row["date_end"] <= "2016-07-24"
            and int(row["best"]) > 0
        ]
    week = case.events.filter((pl.col("place") == "manbij") & (pl.col("week") == dt.date(2016, 7, 18)))
    assert week["events"].item() >= len(rows) > 0
    assert week["deaths_best"].item() >= sum(int(row["best"]) for row in rows)


@needs_shared
def test_facts_of_the_case_are_those_of_the_fact_table(case):
    with (SHARED / "syria_2017.csv").open(encoding="utf-8", newline="") as file:
        facts = {(row["entity"], row["indicator"]): row["value"] for row in csv.DictReader(file)}
    besieged = case.people.filter(pl.col("status") == "besieged")["persons"].to_list()
    country = "Syrian Arab Republic"
    assert sorted(besieged) == sorted(int(facts[country, name]) for name in ("besieged", "besieged_feb2017"))
    for origin, persons in (
        everybody(case.people, "stock", "idp")
        .filter(pl.col("origin").is_not_null())
        .select("origin", "persons")
        .iter_rows()
    ):
        assert persons == int(facts[origin, "displaced_within_syria_by_origin"])


def test_fitted_rules_are_what_the_fit_gives(case):
    fitted = departures.fit(case).rules
    assert set(fitted) == {"displaced_per_event", "departure_spread", "return_share_per_week"}
    for name, number in fitted.items():
        kept = case.rules[name]
        assert kept.source == "asylia-fit"
        assert (kept.low, kept.high) == pytest.approx((number.low, number.high), rel=1e-3)


def test_fitted_rate_gives_the_published_people_a_day(case):
    predicted, recorded = departures.fit(case).per_day(dt.date(2016, 1, 1), dt.date(2016, 8, 31))
    assert recorded == pytest.approx(6_150, rel=0.03)
    assert predicted == pytest.approx(6_150, rel=0.25)
