from __future__ import annotations

import datetime as dt

from asylia.audit.completeness import ELEMENTS, SILENCES, check_elements, silences
from asylia.model.plan import Assumption, Plan, Protection, Zone
from asylia.model.uncertain import fixed

ZONE = Zone(id="z", name="z", place="p", capacity_people=fixed(1), opens=dt.date(2017, 3, 1))
LISTED = (
    "place, limits, size, capacity, who_is_admitted, opens, duration, exit, legal_basis, host_consent, "
    "armed_parties_consent, administrator, protection_force, rules_of_engagement, air_cover, demilitarisation, "
    "supervision, supply_routes, services, education, budget, funding_source, guarantor, asylum_kept_open, "
    "return_conditions, complaints_and_reporting"
)


def plan(**more) -> Plan:
    return Plan(id="p", title="", summary="", **{"zones": (ZONE,), **more})


def status(proposal: Plan) -> dict[str, str]:
    return dict(silences(proposal).select("element", "status").iter_rows())


def test_the_list_is_the_agreed_one_and_each_asks_a_question():
    assert [e.id for e in ELEMENTS] == LISTED.split(", ")
    assert all(e.question.endswith("?") for e in ELEMENTS)


def test_a_bare_zone_is_silent_on_everything():
    table = silences(plan())
    assert dict(table.schema) == SILENCES
    assert set(table["status"]) == {"silent"}
    assert set(table["by"]) == {""}


def test_what_is_stated_comes_before_what_we_assumed():
    filled = Assumption(what="Where", value="Three towns.", reason="They are largest.", fills="place")
    more = Assumption(what="How big", value="2 km2", reason="45 m2 each.", fills="size")
    table = silences(plan(stated={"place": "s1: in the north"}, assumptions=(filled, more)))
    rows = {r["element"]: (r["status"], r["by"]) for r in table.iter_rows(named=True)}
    assert rows["place"] == ("stated", "s1: in the north")
    assert rows["size"] == ("assumed", "How big: 2 km2. 45 m2 each.")
    assert rows["exit"] == ("silent", "")


def test_no_zone_has_nothing_to_say():
    table = silences(Plan.none())
    assert set(table["status"]) == {"not needed"}
    assert set(table["by"]) == {"Nothing is set up."}


def test_a_plan_without_zones_is_not_asked_about_zones():
    help_only = status(plan(zones=()))
    assert help_only["capacity"] == help_only["air_cover"] == "not needed"
    assert help_only["host_consent"] == help_only["funding_source"] == "silent"
    air_only = status(plan(zones=(), protection=Protection(logic="air_only")))
    assert air_only["capacity"] == "not needed"
    assert air_only["air_cover"] == air_only["limits"] == "silent"
    assert "no zone" in silences(plan(zones=())).filter(element="capacity")["by"].item()


def test_an_answer_that_is_not_needed_is_shown_all_the_same():
    assert status(plan(zones=(), stated={"capacity": "s1: none"}))["capacity"] == "stated"


def test_a_key_that_names_no_element_is_found():
    bad = plan(
        stated={"plcae": "x"},
        assumptions=(
            Assumption(what="", value="", reason="", fills="budgets"),
            Assumption(what="", value="", reason=""),
        ),
    )
    found = check_elements([plan(), bad])
    assert [(p.value, p.mend) for p in found] == [
        ("plcae", 'Did you mean "place"?'),
        ("budgets", 'Did you mean "budget"?'),
    ]
