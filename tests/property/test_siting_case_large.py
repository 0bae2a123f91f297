"""A case searched with prices and plans, as a large one is, against trying everything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asylia.core.errors import SitingError
from asylia.model.siting_case import Limits
from asylia.siting import case_large
from asylia.siting.case_plan import Effort, find_plan
from asylia.siting.front import sweep
from siting_cases import by_trying, limits_for, siting_cases

QUICK = Effort(gap=0.0, seconds=0.2)


@pytest.fixture(autouse=True)
def _all_are_large(monkeypatch):
    monkeypatch.setattr(case_large, "SMALL", -1)


@given(st.data(), siting_cases(), st.sampled_from(case_large.AIMS))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bound_and_value_hold_the_truth(data, case, aim):
    asked = data.draw(limits_for(case))
    held = {name: top for name, top in asked.at_most.items() if name in case_large.HELD}
    if aim == "tail":
        held.pop("worst_area", None)
    limits = replace(asked, at_most=held, least_use=0.0, fewest_zones=0)
    expected = by_trying(case, limits, aim)
    try:
        plan = find_plan(case, limits, aim=aim, effort=QUICK)
    except SitingError as error:
        assert "worst_area" in held
        said = str(error)
        plan = None
    if plan is None:
        assert expected is None or "No plan was found" in said
        return
    near = 1e-6 * max(1.0, expected)
    assert "prices" in plan.certificate.method
    # people are whole: of a site that may take 4.6 guests, 4 come
    rounding = 5.0 * len(case.sites) if "burden" in limits.at_most else 0.0
    assert plan.certificate.bound <= expected + near + rounding
    assert plan.values[aim] >= expected - near
    assert plan.certificate.value == plan.values[aim]
    for name, top in limits.at_most.items():
        assert plan.values[name] <= top + 1e-6 * max(1.0, top)
    assert plan.values["cost"] <= limits.budget_usd + 1e-6
    opened = list(plan.open_sites)
    room = np.zeros(len(case.sites))
    room[opened] = case.capacity[opened, plan.size[opened]]
    assert np.all(plan.occupancy <= room * case.usable)


@given(siting_cases(most_sites=3))
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_front_of_a_large_case_holds_what_it_can(case):
    front = sweep(case, Limits(most_zones=2), effort=QUICK)
    held = {name for plan in front.plans for name in plan.limits.at_most}
    assert held <= set(case_large.HELD)
    for plan in front.plans:
        assert plan.certificate.bound <= plan.values[plan.aim]
