"""One rule of the displacement engine at a time, on cases small enough to follow by hand."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from asylia.core.errors import RunError
from asylia.model.history import COUNTS
from asylia.model.plan import Plan
from asylia.move import facts
from asylia.move.run import simulate
from asylia.move.step import ORDER
from asylia.move.world import build, prepare

_SPEC = importlib.util.spec_from_file_location("move_cases", Path(__file__).parents[1] / "move_cases.py")
m = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(m)

STILL = {"onward_share_per_week": 0.0, "onward_hazard_share": 0.0, "return_share_per_week": 0.0}
FLIGHT = {"displaced_per_event": 400.0, "departure_spread": 0.0, "leave_country_share": 0.0, **STILL}
ABROAD = {**FLIGHT, "leave_country_share": 0.5}


def first_day(history, count):
    """Day on which a count first is more than 0."""
    return int(np.argmax(history.count(count) > 0))


def two_towns(km=30.0, **more):
    return m.case([m.town("a", 50_000), m.town("b", 10)], [m.leg("a", "b", km, **more)])


def border(*closures, **leg):
    places = [m.town("a", 50_000), m.town("b", 10_000), m.crossing("gate"), m.country("Hills")]
    legs = [m.leg("a", "b", 30), m.leg("a", "gate", 30), m.leg("gate", "Hills", 5, **leg)]
    return m.case(places, legs, closures=closures)


def test_rows_of_the_kernel_are_those_of_history():
    numbers = [getattr(facts, name) for name in (
        "RESIDENTS", "IN_ZONES", "OUTSIDE", "TRAVELLING", "TRAPPED", "ABROAD", "NEWLY_DISPLACED", "CROSSED",
        "WANTED_TO_CROSS", "REFUSED", "RETURNED", "TURNED_OUT", "ENCLOSED",
    )]  # fmt: skip
    assert numbers == list(range(len(COUNTS)))
    assert len(ORDER) == 8


@pytest.mark.parametrize(("km", "days"), [(29.0, 1), (30.0, 1), (31.0, 2), (60.0, 2), (61.0, 3), (0.5, 1)])
def test_a_trip_takes_whole_days(km, days):
    history = m.run(two_towns(km), draw=m.scenario(**FLIGHT, travel_km_per_day=30.0), events={"a": [20]})
    assert first_day(history, "displaced_outside_zones") - first_day(history, "travelling") == days


def test_a_way_round_a_closed_crossing_may_be_the_longest_of_all():
    # the way as if the crossing were open is short, so the longest trip is known from the open ways alone
    places = [m.town("a"), m.town("b"), m.crossing("gate")]
    legs = [m.leg("a", "gate", 5), m.leg("gate", "b", 5), m.leg("a", "b", 600)]
    tiny = m.case(places, legs, closures=[m.closure("place", "gate")])
    history = m.run(tiny, draw=m.scenario(**FLIGHT, travel_km_per_day=30.0), events={"a": [20]})
    assert first_day(history, "displaced_outside_zones") - first_day(history, "travelling") == 20


def test_kilometres_are_those_of_every_trip_begun():
    history = m.run(two_towns(31.0), draw=m.scenario(**FLIGHT), events={"a": [20]})
    assert history.person_km[-1] == 31.0 * history.count("newly_displaced")[-1] > 0


def test_nobody_leaves_without_fighting():
    history = m.run(two_towns(), draw=m.scenario(**FLIGHT))
    assert history.count("newly_displaced")[-1] == 0
    assert history.count("residents")[-1] == 50_010


def test_departures_meet_the_rate():
    found = [
        m.run(two_towns(), draw=m.scenario(member, **FLIGHT), events={"a": [10]}, days=7).count(
            "newly_displaced"
        )[-1]
        for member in range(40)
    ]
    assert abs(np.mean(found) - 4000) < 60


def test_a_burst_empties_no_district():
    draw = m.scenario(**{**FLIGHT, "displaced_per_event": 1e6}, largest_weekly_departure=0.25)
    history = m.run(two_towns(), draw=draw, events={"a": [10]}, days=7)
    assert 0.23 < history.count("newly_displaced")[-1] / 50_000 < 0.27


def test_trapped_when_every_way_is_closed():
    history = m.run(m.case([m.town("a"), m.town("b")]), draw=m.scenario(**FLIGHT), events={"a": [5]})
    assert history.count("trapped")[-1] == history.count("newly_displaced")[-1] > 0
    assert history.count("travelling").max() == 0


def test_trapped_people_leave_when_a_way_opens():
    tiny = two_towns(open_from=m.day(10))
    history = m.run(tiny, draw=m.scenario(**FLIGHT), events={"a": [5]})
    assert history.count("trapped")[9] > 0
    assert history.count("trapped")[10] == 0
    assert history.count("displaced_outside_zones")[-1] == history.count("newly_displaced")[-1]


def test_a_route_is_open_from_its_first_to_its_last_day():
    tiny = two_towns(open_from=m.day(2), open_to=m.day(3))
    history = m.run(tiny, draw=m.scenario(**FLIGHT), events={"a": [5]}, days=7)
    trapped = history.count("trapped")
    assert trapped[1] > 0
    assert trapped[2] == trapped[3] == 0
    assert trapped[4] > 0


@pytest.mark.parametrize(
    ("closure", "stuck"),
    [
        (m.closure("route", "a-b"), True),
        (m.closure("route", "a-b", direction="out"), True),
        (m.closure("route", "a-b", direction="in"), False),
        (m.closure("place", "a", direction="out"), True),
        (m.closure("place", "a", direction="in"), False),
        (m.closure("place", "b", direction="in"), True),
        (m.closure("place", "b", direction="out"), False),
        (m.closure("route", "a-b", 40), False),
        (m.closure("route", "a-b", None, -1), False),
        (m.closure("border", "Hills"), False),
    ],
)
def test_closures_of_routes_and_places(closure, stuck):
    tiny = m.case([m.town("a"), m.town("b")], [m.leg("a", "b", 30)], closures=[closure])
    history = m.run(tiny, draw=m.scenario(**FLIGHT), events={"a": [5]})
    assert (history.count("trapped")[-1] > 0) == stuck
    assert (history.count("displaced_outside_zones")[-1] > 0) != stuck


def test_a_one_way_leg_is_not_taken_backwards():
    draw = m.scenario(**FLIGHT)
    along = m.run(two_towns(one_way=True), draw=draw, events={"a": [5]})
    assert along.count("trapped")[-1] == 0
    back = m.case([m.town("a"), m.town("b")], [m.leg("a", "b", 30, one_way=True)])
    assert m.run(back, draw=draw, events={"b": [5]}).count("trapped")[-1] > 0


def test_people_cross_an_open_border():
    history = m.run(border(), draw=m.scenario(**ABROAD), events={"a": [10]})
    crossed, moved = history.count("crossed")[-1], history.count("newly_displaced")[-1]
    assert abs(crossed / moved - 0.5) < 0.05
    assert history.count("abroad_new")[-1] == crossed
    assert history.count("wanted_to_cross")[-1] == 0


@pytest.mark.parametrize(
    "closure",
    [
        m.closure("border", "Hills"),
        m.closure("border", "Hills", direction="out"),
        m.closure("route", "gate-Hills"),
        m.closure("route", "a-gate", direction="out"),
        m.closure("place", "gate"),
    ],
)
def test_a_closed_border_counts_those_who_wanted_to_cross(closure):
    draw = m.scenario(**ABROAD, closed_border_share=0.1)
    history = m.run(border(closure), draw=draw, events={"a": [40]})
    crossed, wanted = history.count("crossed")[-1], history.count("wanted_to_cross")[-1]
    assert 0.05 < crossed / (crossed + wanted) < 0.15
    assert abs((crossed + wanted) / history.count("newly_displaced")[-1] - 0.5) < 0.05
    assert history.displaced_at[history.places.index("b")] > 0


def test_a_border_closed_to_those_who_enter_lets_people_leave():
    history = m.run(
        border(m.closure("border", "Hills", direction="in")), draw=m.scenario(**ABROAD), events={"a": [10]}
    )
    assert history.count("crossed")[-1] > 0
    assert history.count("wanted_to_cross")[-1] == 0


def test_a_border_closes_on_its_day():
    tiny = border(m.closure("border", "Hills", 4))
    history = m.run(tiny, draw=m.scenario(**ABROAD, closed_border_share=0.0), events={"a": [10]}, days=14)
    assert history.count("wanted_to_cross")[3] == 0
    assert history.count("wanted_to_cross")[4] > 0


def test_nobody_travels_through_another_country():
    places = [m.town("a"), m.town("b"), m.country("Hills")]
    tiny = m.case(places, [m.leg("a", "Hills", 10), m.leg("Hills", "b", 10)])
    history = m.run(tiny, draw=m.scenario(**FLIGHT), events={"a": [5]})
    assert history.displaced_at.sum() == 0
    assert history.count("abroad_new")[-1] > 0  # the border is the only way that is open


def test_people_of_a_besieged_place_are_trapped_and_not_at_a_border():
    tiny = border(m.closure("place", "a"))
    history = m.run(tiny, draw=m.scenario(**ABROAD), events={"a": [5]})
    assert history.count("trapped")[-1] == history.count("newly_displaced")[-1] > 0
    assert history.count("wanted_to_cross")[-1] == 0


def test_a_zone_takes_people_from_its_first_day_until_it_is_full():
    history = m.run(
        two_towns(), m.plan(m.zone("z", "b", 300, opens=3)), draw=m.scenario(**FLIGHT), events={"a": [9, 9]}
    )
    assert history.zone_people[0, :4].sum() == 0
    assert history.zone_people.max() == 300
    assert history.count("refused")[-1] == history.zone_refused[0] > 0
    assert history.displaced_at[1] == history.count("newly_displaced")[-1] - 300


def test_word_that_a_zone_is_full_keeps_people_away():
    def refused(weight):
        draw = m.scenario(**FLIGHT, full_zone_weight=weight)
        return m.run(two_towns(), m.plan(m.zone("z", "b", 300)), draw=draw, events={"a": [9, 9]}).count(
            "refused"
        )[-1]

    assert refused(0.02) < refused(1.0) / 2


def test_a_full_zone_is_no_way_out():
    tiny = m.case([m.town("a")])
    history = m.run(tiny, m.plan(m.zone("z", "a", 100)), draw=m.scenario(**FLIGHT), events={"a": [5, 5]})
    assert history.zone_people[0, -1] == 100
    assert history.count("trapped")[-1] > 0


def test_a_zone_admits_only_whom_it_names():
    places = [m.town("a", area="North"), m.town("c", area="South"), m.town("b", area="West")]
    tiny = m.case(places, [m.leg("a", "b", 30), m.leg("c", "b", 30)])
    plan = m.plan(m.zone("z", "b", 10**6, admits_from=("North",)))
    draw = m.scenario(**FLIGHT)
    assert m.run(tiny, plan, draw=draw, events={"a": [5]}).count("in_zones")[-1] > 0
    assert m.run(tiny, plan, draw=draw, events={"c": [5]}).count("in_zones")[-1] == 0


@pytest.mark.parametrize("closed", [True, False])
def test_people_in_a_zone_that_nobody_can_leave_are_counted(closed):
    ways = [m.closure("route", "a-b", 10)] if closed else []
    tiny = m.case([m.town("a", 50_000), m.town("b", 10)], [m.leg("a", "b", 30)], closures=ways)
    history = m.run(tiny, m.plan(m.zone("z", "b", 10_000)), draw=m.scenario(**FLIGHT), events={"a": [9]})
    inside = history.count("in_zones")
    assert inside[12] > 0
    assert history.count("enclosed")[9] == 0
    assert np.array_equal(history.count("enclosed")[10:], inside[10:] * closed)


def test_a_zone_that_closes_turns_everybody_out():
    plan = m.plan(m.zone("z", "b", 10_000, closes=12))
    history = m.run(two_towns(), plan, draw=m.scenario(**FLIGHT), events={"a": [9]})
    inside = history.zone_people[0, 11]
    assert history.zone_people[0, 12:].max() == 0
    assert history.count("turned_out")[12] == inside > 0
    assert history.count("trapped")[-1] == 0


def test_an_overrun_lets_a_share_get_out_and_traps_the_others():
    draw = m.scenario(**FLIGHT, overrun_leave_share=0.6)
    history = m.run(
        two_towns(), m.plan(m.zone("z", "b", 10_000)), draw=draw, events={"a": [9]}, falls={"z": 12}
    )
    inside, out = history.zone_people[0, 11], history.count("turned_out")[-1]
    assert abs(out / inside - 0.6) < 0.1
    assert history.count("trapped")[-1] == inside - out
    assert history.zone_people[0, 12:].max() == 0


def test_a_zone_that_falls_before_it_opens_never_opens():
    history = m.run(
        two_towns(),
        m.plan(m.zone("z", "b", 500, opens=5)),
        draw=m.scenario(**FLIGHT),
        events={"a": [9, 9]},
        falls={"z": 2},
    )
    assert history.zone_people.max() == 0


def test_those_under_way_to_a_zone_that_closes_are_refused():
    draw = m.scenario(**FLIGHT, travel_km_per_day=10.0)
    history = m.run(two_towns(50.0), m.plan(m.zone("z", "b", 500, closes=3)), draw=draw, events={"a": [9]})
    assert history.zone_people.max() == 0
    assert history.count("refused")[-1] > 0


def test_people_go_home_only_where_it_has_long_been_quiet():
    tiny = m.case([m.town("a"), m.town("b")], [m.leg("a", "b", 30)], people=[m.stock("North", 4000)],
                  events=[m.fights("a", 1, 2), m.fights("b", 1, 20)])  # fmt: skip
    draw = m.scenario(return_share_per_week=0.2, return_quiet_weeks=4.0, onward_share_per_week=0.0)
    history = m.run(tiny, draw=draw, days=35)
    world_quiet = build(tiny, Plan.none(), draw, event_paths=np.zeros((2, 5), dtype=np.int64),
                        overrun_days=np.zeros(0, dtype=np.int64), days=35).facts.quiet  # fmt: skip
    assert world_quiet[:, 0].tolist() == [False, False, False, True, True]
    assert world_quiet[:, 1].all()
    assert history.count("returned")[6] > 0
    assert history.count("residents")[-1] == 20_000 + history.count("returned")[-1]


def test_nobody_goes_home_along_a_closed_way():
    tiny = m.case([m.town("a", area="North"), m.town("b", area="South")], people=[m.stock("North", 4000), m.arrivals("South", 1)],
                  events=[m.fights("b", 1, 20)])  # fmt: skip
    draw = m.scenario(return_share_per_week=0.5, stock_same_area_share=0.0, onward_share_per_week=0.0)
    history = m.run(tiny, draw=draw, days=35)
    assert history.displaced_at.tolist() == [0, 4000]
    assert history.count("returned")[-1] == 0


def test_a_site_at_its_limit_draws_nobody():
    places = [m.town("a"), m.town("b", 100), m.town("site", None, kind="camp", capacity=50)]
    tiny = m.case(places, [m.leg("a", "b", 30), m.leg("a", "site", 30)])
    history = m.run(tiny, draw=m.scenario(**FLIGHT), events={"a": [3, 3, 3]}, days=21)
    later = m.run(tiny, draw=m.scenario(**FLIGHT), events={"a": [3, 3, 3, 3, 3, 3]}, days=42)
    site = history.places.index("site")
    assert history.displaced_at[site] == later.displaced_at[site] >= 50


def test_nobody_settles_at_a_crossing():
    history = m.run(
        border(), draw=m.scenario(**{**ABROAD, "onward_share_per_week": 0.3}), events={"a": [9, 9, 9]}
    )
    assert history.displaced_at[history.places.index("gate")] == 0
    assert history.displaced_at[history.places.index("Hills")] == 0


def test_exposure_counts_displaced_people_who_are_not_travelling():
    tiny = m.case([m.town("a", 0)], people=[m.stock("North", 1000)])
    draw = m.scenario(**STILL, people_within_1_km=0.01, people_within_2_km=0.05, people_within_5_km=0.2)
    history = m.run(tiny, draw=draw, events={"a": [7]}, days=14)
    expected = [7 * 1000 * -np.expm1(-share) for share in (0.01, 0.05, 0.2)]
    assert np.allclose(history.exposure[:, 6], expected)
    assert np.allclose(history.exposure[:, 13], expected)


def test_another_controller_holds_people_off():
    places = [m.town("a"), m.town("b"), m.town("c", controller="army"), m.town("d", controller="contested")]
    tiny = m.case(places, [m.leg("a", x, 30) for x in "bcd"])
    draw = m.scenario(**FLIGHT, other_control_weight=0.04)
    history = m.run(tiny, draw=draw, events={"a": [20]})
    same, army, unclear = (history.displaced_at[history.places.index(x)] for x in "bcd")
    assert abs(army / same - 0.04) < 0.02
    assert abs(unclear / same - 0.2) < 0.05


def test_people_avoid_places_with_recent_fighting():
    places = [m.town("a"), m.town("b"), m.town("c")]
    tiny = m.case(
        places, [m.leg("a", x, 30) for x in "bc"], events=[m.fights("c", 12, w) for w in (1, 2, 3, 4)]
    )
    history = m.run(tiny, draw=m.scenario(**FLIGHT, hazard_aversion=1.0), events={"a": [20]}, days=7)
    fleeing = (
        history.displaced_at[history.places.index("c")] / history.displaced_at[history.places.index("b")]
    )
    assert abs(fleeing - 1 / 13) < 0.04


def test_shapes_that_do_not_fit_are_our_error():
    tiny = two_towns()
    draw, none = m.scenario(), np.zeros(0, dtype=np.int64)
    with pytest.raises(RunError, match="event paths"):
        build(
            tiny, Plan.none(), draw, event_paths=np.zeros((2, 1), dtype=np.int64), overrun_days=none, days=28
        )
    paths, one = np.zeros((2, 4), dtype=np.int64), np.zeros(1, dtype=np.int64)
    with pytest.raises(RunError, match="overrun days"):
        build(tiny, Plan.none(), draw, event_paths=paths, overrun_days=one, days=28)


def test_missing_people_are_noticed():
    tiny = two_towns()
    ground = prepare(tiny, Plan.none())
    paths, none = np.zeros((2, 4), dtype=np.int64), np.zeros(0, dtype=np.int64)
    world = build(
        tiny, Plan.none(), m.scenario(), event_paths=paths, overrun_days=none, days=28, ground=ground
    )
    nowhere = world.facts._replace(settled=world.facts.settled[:0])
    stock = world.facts.stock + 5  # people at places the kernel is told do not exist
    stock.setflags(write=False)
    broken = type(world)(**{name: getattr(world, name) for name in ("plan", "member", "places", "areas", "zones")},
                         facts=nowhere._replace(stock=stock))  # fmt: skip
    with pytest.raises(RunError, match="people went missing"):
        simulate(broken)


def test_worlds_are_read_only_and_share_what_is_prepared():
    tiny = two_towns()
    ground = prepare(tiny, Plan.none())
    paths, none = np.zeros((2, 4), dtype=np.int64), np.zeros(0, dtype=np.int64)
    one, two = (
        build(
            tiny,
            Plan.none(),
            m.scenario(member),
            event_paths=paths,
            overrun_days=none,
            days=28,
            ground=ground,
        )
        for member in (0, 1)
    )
    assert one.facts.km is two.facts.km
    assert not any(array.flags.writeable for array in one.facts if isinstance(array, np.ndarray))
