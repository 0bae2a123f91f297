"""Several periods: a plan agrees with trying everything; more money, less time to set up and more consent never hurt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asylia.core.errors import SitingError
from asylia.model.siting_case import Limits, SitingCase
from asylia.siting import case_large
from asylia.siting.case_plan import Effort, find_plan
from asylia.siting.periods import once_open, sooner, staged
from siting_cases import by_trying, staged_cases

EXACT = Effort(gap=0.0, seconds=20.0)
BUDGETS = st.sampled_from([(), (300.0, 300.0), (0.0, 900.0), (500.0, float("inf"))])


def asked(draw):
    at_most = {"worst_area": 0.7} if draw(st.integers(0, 3)) == 0 else {}
    return Limits(
        most_zones=draw(st.integers(1, 2)),
        budgets_usd=draw(BUDGETS),
        least_use=draw(st.sampled_from([0.0, 0.0, 0.3])),
        at_most=at_most,
    )


@given(st.data(), staged_cases())
@settings(max_examples=40, deadline=None)
def test_agrees_with_trying_everything(data, case):
    limits = asked(data.draw)
    expected = by_trying(case, limits, "unserved")
    if expected is None:
        with pytest.raises(SitingError, match="No plan keeps to all limits"):
            find_plan(case, limits, effort=EXACT)
        return
    plan = find_plan(case, limits, effort=EXACT)
    scale = max(1.0, *(abs(value) for value in plan.values.values()))
    assert expected - 1e-6 * scale <= plan.values["unserved"] <= expected + 2e-3 * scale
    assert plan.certificate.bound <= expected + 1e-6 * scale
    for site in plan.open_sites:
        assert plan.size[site] >= 0
        assert case.paid[site, plan.size[site]] >= 0
        before = case.period_of < case.opens[plan.size[site]]
        assert np.all(plan.occupancy[before, site] == 0)


@given(st.data(), staged_cases())
@settings(max_examples=20, deadline=None)
def test_more_money_earlier_zones_and_more_consent_are_never_worse(data, case):
    limits = replace(asked(data.draw), least_use=0.0, at_most={})
    before = find_plan(case, limits, effort=EXACT)
    more = tuple(2.0 * budget for budget in limits.budgets_usd)
    # money of a period that has too little cannot be lent: zones that open sooner are free of it only without budgets
    after = [
        find_plan(case, replace(limits, budgets_usd=more), effort=EXACT),
        find_plan(sooner(case), replace(limits, budgets_usd=()), effort=EXACT),
        find_plan(replace(case, allowed=np.ones_like(case.allowed)), limits, effort=EXACT),
        find_plan(replace(case, usable=np.ones_like(case.usable)), limits, effort=EXACT),
    ]
    slack = 2e-3 * max(1.0, *before.values.values())
    assert [plan.values["unserved"] <= before.values["unserved"] + slack for plan in after] == [True] * 4


@given(staged_cases(), st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None)
def test_the_order_of_scenarios_does_not_matter(case, random):
    order = list(range(case.chance.size))
    random.shuffle(order)
    shuffled = replace(
        case, people=case.people[order], chance=case.chance[order], usable=case.usable[order],
        period_of=case.period_of[order],
    )  # fmt: skip
    limits = Limits(most_zones=2, budgets_usd=(400.0, 400.0))
    one, two = (find_plan(each, limits, effort=EXACT).values["unserved"] for each in (case, shuffled))
    assert one == pytest.approx(two, rel=2e-3, abs=0.1)


@given(st.data(), staged_cases())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_search_for_large_cases_holds_the_truth_between_bound_and_plan(data, case):
    limits = replace(asked(data.draw), least_use=0.0, at_most={})
    expected = by_trying(case, limits, "unserved")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(case_large, "SMALL", -1)
        plan = find_plan(case, limits, effort=Effort(gap=0.0, seconds=0.2))
    near = 1e-6 * max(1.0, expected)
    assert "prices" in plan.certificate.method
    assert plan.certificate.bound <= expected + near
    assert plan.values["unserved"] >= expected - near
    for site in plan.open_sites:
        assert np.all(plan.occupancy[case.period_of < case.opens[plan.size[site]], site] == 0)


def test_what_to_loosen_names_periods_and_time():
    case = _two_periods()
    with pytest.raises(SitingError, match="larger budgets of the periods"):
        find_plan(case, Limits(fewest_zones=1, budgets_usd=(10.0, 10.0)), effort=EXACT)
    with pytest.raises(SitingError, match="less time to set zones up"):
        find_plan(case, Limits(fewest_zones=1, at_most={"unserved": 1.0}), effort=EXACT)


def _two_periods():
    one = np.ones((1, 1))
    case = SitingCase(
        settlements=("p",), sites=("s",), groups=("all",), areas=("north",), people=np.array([[[10]], [[10]]]),
        chance=np.array([0.5, 0.5]), area_of=np.zeros(1, dtype=np.int64), km=one, limit_km=np.array([9.0]),
        way_events=0 * one, events_home=np.zeros(1), events_site=np.zeros(1), capacity=np.array([[10]]),
        opening=np.array([[100.0]]), each_usd=np.zeros(1), hosts=np.zeros(1), allowed=np.array([True]),
        usable=np.ones((2, 1), dtype=bool), apart_km=0 * one,
    )  # fmt: skip
    return staged(case, np.array([0, 1]), np.array([1]))


def test_a_zone_that_takes_a_period_to_set_up_shelters_nobody_before():
    plan = find_plan(_two_periods(), Limits(budgets_usd=(100.0, 0.0)), effort=EXACT)
    assert plan.values["unserved"] == pytest.approx(5.0)
    assert plan.occupancy[:, 0].tolist() == pytest.approx([0.0, 10.0])
    assert "budget of period 1" in plan.binding


def test_a_zone_is_read_as_open_since_it_has_its_last_size():
    path = np.array([[-1, 0, 0], [1, 1, 1], [-1, -1, -1], [0, 1, 1], [0, 0, -1]])
    assert once_open(path).tolist() == [1, 3, -1, 4, 0]
