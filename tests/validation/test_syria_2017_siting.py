"""The shipped case: a set of at least 20 plans with bounds, the mediator's list, and plans people would fill."""

from __future__ import annotations

import pytest

from asylia.io.folder import find_case, read_case
from asylia.model.siting_case import OBJECTIVES, Limits
from asylia.siting.case_plan import Effort
from asylia.siting.front import not_beaten
from asylia.study.siting import site
from asylia.study.siting_inputs import prepare
from asylia.study.siting_question import Question
from asylia.study.siting_tables import tables_of

CASE = read_case(find_case("syria-2017"))


def test_candidates_and_room_of_the_shipped_case():
    search = prepare(CASE, Question(members=3))
    assert len(search.candidates) == 82
    assert 20 <= len(search.sites) <= 40
    residents = {site.id: site.host_population for site in search.sites}
    for place, room in zip(search.sites, search.rooms, strict=True):
        assert room.people <= min(room.by_standard.values())
        assert room.people <= residents[place.id] // 4
    assert search.case.capacity.max(axis=1).tolist() == [room.people for room in search.rooms]
    refused = prepare(CASE, Question(members=3, terms_of="turkey-north"))
    allowed = {site.controller for site, yes in zip(refused.sites, refused.case.allowed, strict=True) if yes}
    assert "syrian-government" not in allowed
    assert allowed


@pytest.mark.slow
def test_twenty_plans_with_bounds_and_what_each_consent_is_worth():
    limits = Limits(most_zones=8, budget_usd=4e8)
    found = site(CASE, Question(members=20), limits, choices=3, effort=Effort(gap=0.001, seconds=60.0))
    plans = found.front.plans
    assert len(plans) >= 20
    assert len(not_beaten(plans)) == len(plans)
    for plan in plans:
        assert 0 <= plan.certificate.bound <= plan.certificate.value
        assert set(plan.values) == set(OBJECTIVES)
        assert len(plan.open_sites) <= 8
        assert plan.values["cost"] <= 4e8 * (1 + 1e-6)
    unserved = [plan.certificate.gap for plan in plans if plan.aim == "unserved"]
    assert max(unserved) < 0.01
    parties = {worth.party for worth in found.worths if not worth.site}
    assert parties == {place.controller for place in found.search.sites}
    assert [one.agrees for one in found.tried] == [True] * 3
    assert tables_of(CASE, found)["occupancy"].height == sum(len(one.sites) for one in found.tried)
