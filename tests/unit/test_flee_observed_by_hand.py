"""What was recorded, day by day: examples worked out by hand."""

from __future__ import annotations

import pytest

import flee_reference
import replay_cases as cases
from asylia.move.flee.observed import observe

SITES = [cases.zone("z"), cases.camp("c"), cases.camp("d")]
WAYS = [cases.link("z", "c", 50), cases.link("z", "d", 50)]


def told(reports, days=8, **more):
    return cases.replay(SITES, WAYS, reports=reports, days=days, **more)


def series(reports, **more):
    found = observe(told(reports, **more))
    return found.people.tolist(), found.newcomers.tolist()


def test_between_reports_a_line_and_outside_a_constant():
    # 4, 4 + 7/3 = 6.3, 4 + 14/3 = 8.7, 11, then constant; what is after the point is cut off, not rounded
    people, newcomers = series({"c": {0: 4, 3: 11}}, days=6)
    assert people == [[4], [6], [8], [11], [11], [11]]
    assert newcomers == [0, 2, 2, 3, 0, 0]


def test_before_the_first_report_a_constant():
    people, newcomers = series({"c": {3: 9, 5: 14}}, days=7)
    assert people == [[9], [9], [9], [9], [11], [14], [14]]
    assert newcomers == [0, 0, 0, 0, 2, 3, 0]


def test_a_report_from_before_day_0_counts():
    # -2: 10, 2: 20, so 15 on day 0 and 17.5 on day 1
    assert series({"c": {-2: 10, 2: 20}}, days=3)[0] == [[15], [17], [20]]


def test_a_fall_is_owed_and_paid_by_those_who_come_next():
    # rises 0, -30, +10, +50, -5, +5: owed 30, then 20, then 50 - 20 = 30 set out, then 5 owed and paid
    people, newcomers = series({"c": {0: 100, 1: 70, 2: 80, 3: 130, 4: 125, 5: 130, 6: 131}}, days=7)
    assert [row[0] for row in people] == [100, 70, 80, 130, 125, 130, 131]
    assert newcomers == [0, 0, 0, 30, 0, 0, 1]


def test_the_fall_of_one_camp_is_the_rise_of_another():
    assert series({"c": {0: 100, 1: 60}, "d": {0: 0, 1: 45}}, days=3)[1] == [0, 5, 0]


def test_a_correction_scales_what_came_before():
    # 60 at the date against 80 before it: all before is worth three quarters
    people, newcomers = series({"c": {0: 40, 2: 80, 4: 60, 6: 70}}, corrections={"c": [4]}, days=7)
    assert [row[0] for row in people] == [30, 45, 60, 60, 60, 65, 70]
    assert newcomers == [0, 15, 15, 0, 0, 5, 5]


def test_two_corrections_of_a_camp_multiply():
    # day 2: 50/100, day 4: 80/40, so the report of day 0 is 100 x 1/2 x 2 and that of day 2 is 50 x 2
    people, _ = series({"c": {0: 100, 2: 50, 3: 40, 4: 80}}, corrections={"c": [2, 4]}, days=5)
    assert [row[0] for row in people] == [100, 100, 100, 80, 80]


def test_a_correction_leaves_other_camps_alone():
    reports = {"c": {0: 40, 2: 80}, "d": {0: 10, 2: 10}}
    people, newcomers = series(reports, corrections={"c": [2]}, days=3)
    assert people == [[80, 10], [80, 10], [80, 10]]
    assert newcomers == [0, 0, 0]


def test_files_of_one_camp_are_added():
    tiny = told({"c": {0: 10, 4: 20}}, days=5)
    two = tiny.reports.vstack(
        cases.frame(cases.REPORTS, [{"camp": "c", "file": "more.csv", "date": cases.date(0), "people": 7}])
    )
    assert [row[0] for row in observe(cases.replace(tiny, reports=two)).people.tolist()] == [
        17,
        19,
        22,
        24,
        27,
    ]


def test_without_day_0_people_they_set_out_on_day_0():
    reports = {"c": {0: 100, 2: 120}, "d": {0: 50}}
    assert series(reports, insert_day0=False, days=3)[1] == [150, 10, 10]


def test_the_total_file_counts_where_told_so():
    reports, totals = {"c": {0: 100, 4: 104}}, {0: 1000, 4: 1100}
    people, newcomers = series(reports, totals=totals, sum_from_camps=False, days=5)
    assert [row[0] for row in people] == [100, 101, 102, 103, 104]
    assert newcomers == [0, 25, 25, 25, 25]


def test_empty_camps_on_day_0_count_from_zero():
    people, newcomers = series({"c": {0: 100, 2: 120}, "d": {0: 50}}, empty_camps_on_day0=True, days=3)
    assert people == [[0, 0], [10, 0], [20, 0]]
    assert newcomers == [0, 10, 10]


@pytest.mark.parametrize("name", sorted(cases.features()))
def test_the_reference_reads_the_same(name):
    tiny = cases.features()[name]
    found = observe(tiny)
    table, newcomers = flee_reference.recorded(tiny)
    assert found.camps == tiny.camps
    assert found.people.tolist() == table
    if tiny.settings.spawn_mode == "reports":
        assert found.newcomers.tolist() == newcomers
