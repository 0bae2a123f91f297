from __future__ import annotations

import datetime as dt
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asylia.core.errors import PlanError
from asylia.model.plan import Plan, Service, Zone
from asylia.model.scenario import draw
from asylia.model.uncertain import Uncertain, fixed
from asylia.need.needs import FRAME, amounts, capacity_by_standard, measure_needs, shortfalls
from asylia.need.profiles import profile
from asylia.need.standards import read_standards

FIRST = dt.date(2017, 2, 23)
SCENARIO = draw({}, 1, seed=7)[0]
EMERGENCY = profile("emergency")
LATER = profile("post_emergency")


def zone(name: str, area: Uncertain | None = None) -> Zone:
    return Zone(id=name, name=name, place="p", capacity_people=fixed(1000), opens=FIRST, area_km2=area)


def serve(indicator: str, people: float | None = None, **more) -> Service:
    amount = None if people is None else fixed(people)
    return Service(sector="any", indicator=indicator, provides_for_people=amount, **more)


def plan(*services: Service, zones: tuple[Zone, ...] = (zone("a"),)) -> Plan:
    return Plan(id="p", title="", summary="", zones=zones, services=services)


def people(*days: int) -> np.ndarray:
    return np.array([days], dtype=np.int64)


def row(
    proposal: Plan, zone_people: np.ndarray, measure: str, standards=EMERGENCY, zone_id: str = "a"
) -> dict:
    frame = shortfalls(zone_people, proposal, SCENARIO, standards, FIRST)
    return frame.row(by_predicate=(pl.col("measure") == measure) & (pl.col("zone") == zone_id), named=True)


def test_needs_of_ten_thousand_people_at_the_emergency_standards():
    found = {
        r["measure"]: (r["needed"], r["unit"])
        for r in shortfalls(people(10_000), plan(), SCENARIO, EMERGENCY, FIRST).iter_rows(named=True)
    }
    assert found == {
        "water": (150_000.0, "litres a day"),
        "taps": (40.0, "taps"),
        "toilets": (200.0, "toilets"),
        "showers": (200.0, "bath shelters"),
        "hygiene": (20.0, "promoters"),
        "refuse": (200.0, "containers"),
        "ground": (450_000.0, "square metres"),
        "covered_area": (35_000.0, "square metres"),
        "relief_sets": (2_000.0, "sets"),
        "food": (21_000_000.0, "kcal a day"),
        "health_posts": (1.0, "health posts"),
        "health_centres": (1.0, "health centres"),
        "hospitals": (1.0, "hospitals"),
        "beds": (18.0, "beds"),
        "health_staff": (23.0, "people at work"),
        "community_health": (10.0, "people at work"),
        "vaccination": (4_275.0, "children"),
        "schooling": (3_600.0, "school places"),
        "teachers": (90.0, "teachers"),
        "classroom_space": (3_600.0, "square metres"),
        "distribution": (2.0, "distribution points"),
        "nutrition": (1.0, "feeding centres"),
        "storage": (1_500.0, "square metres"),
        "police": (40.0, "officers"),
    }


def test_pieces_are_whole_and_exact_multiples_do_not_round_up():
    counts = np.array([[n] * len(EMERGENCY) for n in (0, 50, 51, 100, 9_999, 10_000, 10_001)], dtype=np.int64)
    table = amounts(counts, EMERGENCY)
    at = {need.standard.id: column for column, need in enumerate(EMERGENCY)}
    assert table[:, at["SAN-01"]].tolist() == [0, 1, 2, 2, 200, 200, 201]
    assert table[:, at["HEA-01"]].tolist() == [0, 1, 1, 1, 1, 1, 2]
    assert table[:, at["EDU-04"]].tolist() == [0, 18, 19, 36, 3600, 3600, 3601]


def test_what_is_short_follows_the_people_beyond_the_provision():
    found = row(plan(serve("WAT-04", 600)), people(100, 700, 1000, 900), "water")
    assert (found["needed"], found["provided"], found["short"], found["people"]) == (
        15_000,
        9_000,
        6_000,
        400,
    )
    assert found["first_day"] == FIRST + dt.timedelta(days=1)
    assert found["worst_day"] == FIRST + dt.timedelta(days=2)
    assert found["promise"] == "stated"
    assert found["evidence"] == "seen"
    assert found["source"].startswith("UNHCR")


def test_enough_is_enough():
    found = row(plan(serve("WAT-04", 1000)), people(100, 1000, 900), "water")
    assert (found["short"], found["people"], found["first_day"]) == (0, 0, None)
    assert (found["needed"], found["provided"]) == (15_000, 15_000)
    assert found["worst_day"] == FIRST + dt.timedelta(days=1)


def test_a_service_without_an_amount_promises_nothing_and_says_so():
    named = row(plan(serve("WAT-04")), people(100), "water")
    assert (named["provided"], named["short"], named["promise"]) == (None, 1500, "named without an amount")
    absent = row(plan(), people(100), "water")
    assert (absent["provided"], absent["short"], absent["promise"]) == (None, 1500, "not named")
    part = row(plan(serve("WAT-04"), serve("WAT-04", 40)), people(100), "water")
    assert (part["provided"], part["short"], part["promise"]) == (600, 900, "stated in part")


def test_a_service_counts_from_the_day_it_works():
    late = serve("SAN-01", 500, ready=FIRST + dt.timedelta(days=2))
    found = row(plan(late), people(100, 300, 400, 600), "toilets")
    assert (found["people"], found["first_day"]) == (300, FIRST)
    early = serve("SAN-01", 500, ready=FIRST - dt.timedelta(days=30))
    assert row(plan(early), people(100, 300, 400, 600), "toilets")["people"] == 100
    never = serve("SAN-01", 500, ready=FIRST + dt.timedelta(days=400))
    assert row(plan(never), people(100, 300, 400, 600), "toilets")["people"] == 600


def test_services_add_up_and_stand_in_their_own_zone_or_in_every_one():
    both = (zone("a"), zone("b"))
    proposal = plan(serve("WAT-04", 100), serve("WAT-04", 50, zone="b"), zones=both)
    crowd = np.array([[400], [400]], dtype=np.int64)
    assert row(proposal, crowd, "water")["people"] == 300
    assert row(proposal, crowd, "water", zone_id="b")["people"] == 250


def test_provision_at_another_standard_is_converted():
    assert row(plan(serve("WAT-04", 400)), people(400), "water", LATER)["people"] == 100
    assert row(plan(serve("SAN-01", 500)), people(500), "toilets", LATER)["people"] == 300
    assert row(plan(serve("SAN-02", 200)), people(500), "toilets", EMERGENCY)["people"] == 0
    assert row(plan(serve("EDU-01", 200)), people(500), "schooling")["short"] == math.ceil(300 * 0.36)


def test_the_area_of_a_zone_is_its_ground():
    proposal = plan(serve("SIT-01", 10), zones=(zone("a", fixed(0.045)),))
    found = row(proposal, people(1500), "ground")
    assert (found["provided"], found["people"], found["short"]) == (45_000, 500, 22_500)


def test_a_service_for_a_zone_that_is_not_there_is_the_users_mistake():
    with pytest.raises(PlanError, match='Did you mean "north"'):
        shortfalls(
            people(1),
            plan(serve("WAT-04", 1, zone="nort"), zones=(zone("north"),)),
            SCENARIO,
            EMERGENCY,
            FIRST,
        )


def test_standards_nobody_measures_are_passed_over():
    assert row(plan(serve("SEC-01", 100)), people(10), "water")["promise"] == "not named"


def test_a_plan_without_zones_gives_an_empty_frame():
    frame = shortfalls(np.zeros((0, 9), dtype=np.int64), plan(zones=()), SCENARIO, EMERGENCY, FIRST)
    assert frame.height == 0
    assert dict(frame.schema) == FRAME


def test_uncertain_amounts_are_drawn_with_the_members_luck():
    wide = Service(sector="any", indicator="WAT-04", provides_for_people=Uncertain(low=100, high=900))
    shorts = {
        measure_needs(people(1000), plan(wide), scenario, EMERGENCY, FIRST).people[0, 0]
        for scenario in draw({}, 20, seed=3)
    }
    assert len(shorts) == 20
    assert all(100 <= short <= 900 for short in shorts)


@given(
    st.lists(st.integers(0, 10**7), min_size=1, max_size=30),
    st.integers(0, 10**7),
    st.integers(0, 10**6),
)
def test_more_provision_is_never_shorter_and_the_worst_day_is_the_worst(days, served, more):
    crowd = people(*days)
    less = measure_needs(crowd, plan(serve("WAT-04", served)), SCENARIO, EMERGENCY, FIRST)
    extra = measure_needs(crowd, plan(serve("WAT-04", served + more)), SCENARIO, EMERGENCY, FIRST)
    assert less.people[0, 0] == max(*(max(n - served, 0) for n in days), 0)
    assert (extra.short <= less.short).all()
    assert less.short[0, 0] == 15 * less.people[0, 0]
    assert (less.first_day[0, 0] == -1) == (less.people[0, 0] == 0)
    assert (less.needed[0] >= less.short[0]).all()


def test_capacity_is_the_least_of_the_standards_and_names_it():
    table = capacity_by_standard(0.45, {"WAT-04": 8_000, "SAN-01": 12_000}, EMERGENCY)
    held = {r["measure"]: (r["people"], r["binds"]) for r in table.iter_rows(named=True)}
    assert held["ground"] == (10_000, False)
    assert held["water"] == (8_000, True)
    assert held["toilets"] == (12_000, False)
    assert held["food"] == (None, False)
    assert not capacity_by_standard(None, {}, EMERGENCY)["binds"].any()


@pytest.mark.parametrize(
    ("case", "area_km2", "crowd", "density"),
    [("al-Mawasi", 50.0, 1_800_000, 36_000), ("Nanking", 3.86, 250_000, 64_767)],
)
def test_known_crowding_is_far_beyond_the_ground_standard(
    case: str, area_km2: float, crowd: int, density: int
):
    """Validation cases V1 and V2 of the research note on the domain."""
    assert round(crowd / area_km2) == pytest.approx(density, rel=0.001), case
    held = capacity_by_standard(area_km2, {}, EMERGENCY).filter(pl.col("binds"))["people"].item()
    assert held == pytest.approx(area_km2 * 1e6 / 45, abs=1)
    ground = next(s for s in read_standards() if s.id == "SIT-01")
    assert area_km2 * 1e6 / crowd < ground.value
