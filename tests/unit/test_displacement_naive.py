"""Rules without a model, by hand on small conflicts."""

from __future__ import annotations

import numpy as np
import pytest

from asylia.model.replay import Observed
from asylia.move.fitted.ways import distances
from asylia.move.flee.observed import observe
from asylia.study.displacement import scored
from asylia.study.naive import gravity, naive_rows, origins, persistence
from replay_cases import camp, link, replay, star, zone


def rows(case):
    return naive_rows(case, scored(case, observe(case)))


def test_uniform_and_capacity_split():
    case = replay(
        [zone("z"), camp("c", 300), camp("d", 100), camp("e")],
        [link("z", "c", 10), link("z", "d", 10), link("z", "e", 10)],
        reports={"c": {0: 40}, "d": {0: 8}, "e": {0: 12}},
        days=2,
    )
    found = rows(case)
    assert found["uniform"].tolist() == [[20, 20, 20]] * 2
    assert found["capacity_split"].tolist() == [[45, 15, 0]] * 2


def test_capacity_split_is_even_where_no_camp_has_a_capacity():
    found = rows(star())
    assert found["capacity_split"] == pytest.approx(found["uniform"])


def test_shares_are_frozen_on_day_30_or_the_last_day_of_a_shorter_record():
    long = star(days=41, reports={"c": {0: 10, 30: 30, 40: 90}, "d": {0: 30, 30: 10, 40: 10}})
    frozen = rows(long)["frozen"]
    assert frozen[0].tolist() == [30, 10]
    assert frozen[40].tolist() == [75, 25]
    short = star(days=3, reports={"c": {0: 10, 2: 30}, "d": {0: 30, 2: 10}})
    assert rows(short)["frozen"][0].tolist() == [30, 10]


def test_persistence_knows_reports_of_the_day_before_and_no_later():
    case = star(days=5, reports={"c": {0: 10, 3: 30}, "d": {1: 30}})
    found = persistence(case, observe(case))
    totals = observe(case).people.sum(axis=1)
    # day 0: nothing known; day 1: c alone has reported; from day 2: 10 to 30; the report of day 3 counts from day 4
    shares = [[0.5, 0.5], [1, 0], [0.25, 0.75], [0.25, 0.75], [0.5, 0.5]]
    assert found == pytest.approx(totals[:, None] * np.array(shares))


def test_persistence_takes_reports_as_published_and_adds_files_up():
    case = star(days=4, reports={"c": {0: 10, 2: 30}, "d": {0: 30, 2: 30}}, corrections={"c": [2]})
    assert persistence(case, observe(case))[1] == pytest.approx(
        observe(case).people[1].sum() * np.array([0.25, 0.75])
    )


def test_gravity_splits_newcomers_by_distance_and_keeps_who_is_there():
    case = star(days=2, reports={"c": {0: 6, 1: 16}, "d": {0: 4, 1: 14}}, km=64)
    # camps at 64 and 128 km: (100, 164) to the power -1/2
    pull = np.array([100.0, 164.0]) ** -0.5
    found = gravity(case, observe(case), 0.5)
    assert found[0].tolist() == [6, 4]
    assert found[1] == pytest.approx(np.array([6, 4]) + 20 * pull / pull.sum())


def test_gravity_waits_for_fighting_and_goes_nowhere_without_a_way():
    case = replay(
        [zone("z"), zone("y", 3000), camp("c"), camp("d")],
        [link("z", "c", 0), link("z", "c", 90)],
        reports={"c": {0: 0, 1: 10, 2: 10}, "d": {0: 0, 1: 10, 2: 30}},
        days=3,
        intensity={"z": [0, 0, 1], "y": [0, 0, 1]},
    )
    found = gravity(case, observe(case), 0.5)
    assert found[:2].sum() == 0
    # a quarter start in z, which reaches c; three quarters in y, which reaches nothing
    assert found[2] == pytest.approx([10, 0])


def test_gravity_without_day_0_people_starts_empty():
    case = star(days=2, insert_day0=False, reports={"c": {0: 10}, "d": {0: 10}})
    assert gravity(case, observe(case), 0.0)[0] == pytest.approx([10, 10])


def test_distances_take_the_shortest_way_both_ways_and_of_parallel_links():
    case = replay(
        [zone("z"), camp("c"), camp("d"), camp("e")],
        [link("z", "c", 90), link("c", "z", 40), link("z", "c", 70), link("d", "z", 30)],
        reports={"c": {0: 1}, "d": {0: 1}, "e": {0: 1}},
    )
    assert distances(case, ("c", "d", "e"))[0].tolist() == [40, 30, np.inf]
    assert distances(case, ("d",))[:, 0].tolist() == [30, 70, 0, np.inf]


def test_a_link_without_length_is_a_way():
    case = replay([zone("z"), camp("c")], [link("z", "c", 0)], reports={"c": {0: 1}})
    assert distances(case, ("c",)).tolist() == [[0], [0]]


def test_origins_follow_population_intensity_and_age():
    case = replay(
        [zone("z", 1000), zone("y", 500), camp("c")],
        [link("z", "c", 1)],
        reports={"c": {0: 1}},
        days=7,
        intensity={"z": [1, 1, 1, 1, 0, 1, 1], "y": [0, 2, 0, 0, 0, 0, 0]},
        conflict_spawn_decay=(1.0, 0.5),
        conflict_spawn_decay_interval=2,
    )
    case.intensity[2, 1] = 2
    # day 2: z is 2 days old (half), y is 1 day old
    assert origins(case)[:4, 0] == pytest.approx([1, 0.5, 500 / 1500, 1])
    assert origins(case)[4].tolist() == [0, 0, 0]
    assert origins(case)[6, :2].tolist() == [1, 0]


def test_camps_that_are_no_place_are_left_out_of_the_score():
    case = star(reports={"c": {0: 6}, "gone": {0: 9}, "d": {0: 4}})
    kept = scored(case, observe(case))
    assert kept.camps == ("c", "d")
    assert kept.people[0].tolist() == [6, 4]
    assert isinstance(kept, Observed)
    assert set(naive_rows(case, kept)) == {"uniform", "capacity_split", "gravity_05", "frozen", "persistence"}
