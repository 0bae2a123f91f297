"""Money over time: what is paid, what stops first, and what if a donor stops."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asylia.model.plan import Cost, Funding, Plan, Support
from asylia.model.scenario import Scenario
from asylia.model.uncertain import Uncertain, fixed
from asylia.need.cost import costs, firm_money, spending, support
from asylia.need.ledger import largest_unknowns, order_of, pay, without
from asylia.need.periods import months

FIRST = dt.date(2017, 1, 1)
DAYS = 120
PERIODS = months(FIRST, DAYS)
MIDDLE = Scenario(seed=1, member=0, values={})


def cost(item: str, kind: str = "relief", per: str = "month", usd: float = 100, priority: int = 0) -> Cost:
    return Cost(item=item, per=per, usd=fixed(usd), kind=kind, priority=priority)


def gives(
    usd: float, *, donor: str = "d", status: str = "committed", on: dt.date | None = None, earmark: str = ""
) -> Funding:
    return Funding(donor=donor, status=status, usd=fixed(usd), source="s", on=on, earmark=earmark)


def plan(*lines: Cost, money: tuple[Funding, ...] = (), helped: tuple[Support, ...] = ()) -> Plan:
    return Plan(id="p", title="", summary="", costs=lines, funding=money, support=helped)


def paid(proposal: Plan, money: tuple[Funding, ...], each: float = 100.0):
    due = np.full((len(proposal.costs), len(PERIODS)), each)
    return {one.item: one for one in pay(proposal, due, money, PERIODS)}


def test_what_stops_first_is_last_in_the_order_and_the_order_says_where_it_comes_from():
    proposal = plan(cost("guards", "force"), cost("tents", "set_up"), cost("bread"))
    assert order_of(proposal.costs) == ([2, 1, 0], "assumed")
    found = paid(proposal, (gives(900),))
    assert (found["bread"].stops, found["tents"].stops) == (None, None)
    assert (found["guards"].stops, found["guards"].paid) == (dt.date(2017, 2, 1), 100)
    stated = plan(cost("guards", "force", priority=1), cost("bread", priority=2), cost("tents", "set_up"))
    assert order_of(stated.costs) == ([0, 1, 2], "stated")


def test_money_is_there_from_its_day_and_what_is_left_stays():
    proposal = plan(cost("bread"))
    late = paid(proposal, (gives(400, on=dt.date(2017, 3, 5)),))["bread"]
    assert (late.stops, late.paid) == (dt.date(2017, 1, 1), 200)
    early = paid(proposal, (gives(300, on=dt.date(2016, 12, 1)),))["bread"]
    assert (early.stops, early.paid) == (dt.date(2017, 4, 1), 300)


def test_promises_pay_nothing_and_money_set_aside_pays_for_nothing_else():
    proposal = plan(cost("bread"), cost("tents", "set_up"))
    assert paid(proposal, (gives(900, status="pledged"), gives(900, status="mentioned")))["bread"].paid == 0
    for earmark in ("tents", "set_up"):
        found = paid(proposal, (gives(900, earmark=earmark),))
        assert (found["bread"].paid, found["tents"].paid) == (0, 400)


def test_a_donor_that_stops_takes_along_what_has_not_come():
    day = dt.date(2017, 2, 15)
    lines = (
        gives(1, on=dt.date(2017, 2, 1)), gives(2, on=day), gives(4), gives(8, status="paid"), gives(16, donor="other"),
    )  # fmt: skip
    kept = sum(line.usd.low for line in without(lines, "d", day))
    assert kept == 1 + 8 + 16


@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 150)), max_size=4),
)
def test_no_more_is_paid_than_is_due_or_than_there_is(dues, gifts):
    proposal = plan(*(cost(str(at)) for at in range(len(dues))))
    money = tuple(gives(usd, on=FIRST + dt.timedelta(days=day)) for usd, day in gifts)
    due = np.tile(np.array(dues, dtype=float)[:, None], len(PERIODS))
    found = pay(proposal, due, money, PERIODS)
    there = sum(usd for usd, day in gifts if day < DAYS)
    assert sum(one.paid for one in found) <= there + 1e-6
    assert all(one.paid <= one.due + 1e-6 for one in found)
    assert all((one.stops is None) == (one.due - one.paid <= 1) or one.paid < one.due for one in found)


def test_the_bill_by_month_adds_up_to_the_bill():
    helped = Support(area="", people=fixed(500), starts=FIRST + dt.timedelta(days=40))
    resettled = Support(area="", people=fixed(30), starts=FIRST + dt.timedelta(days=70), kind="resettlement")
    lines = [
        cost(per, per=per)
        for per in ("person_year", "supported_person_year", "resettled_person", "month", "once")
    ]
    proposal = plan(*lines, helped=(helped, resettled))
    crowd = np.array([np.arange(DAYS) * 10], dtype=np.int64)
    crowd[0, :50] = 0
    where, moved = support(proposal, MIDDLE, FIRST, DAYS)
    bill = costs(
        proposal, MIDDLE, zone_people=crowd, supported_people=where, resettled_people=moved, open_days=80
    )
    spread = spending(
        proposal, bill["usd"].to_list(), FIRST, zone_people=crowd, supported_people=where, open_days=80
    )
    assert spread.shape == (5, 4)
    np.testing.assert_allclose(spread.sum(axis=1), bill["usd"].to_numpy())
    assert (spread[0] > 0).tolist() == [False, True, True, True]
    assert (spread[2] > 0).tolist() == [False, False, True, False]
    assert (spread[4] > 0).tolist() == [False, True, False, False]


def test_firm_money_stands_in_the_month_it_comes():
    money = (
        gives(1), gives(2, on=dt.date(2017, 3, 31)), gives(4, status="pledged"), gives(8, on=dt.date(2019, 1, 1)),
        gives(16, status="paid", on=dt.date(2016, 5, 1)),
    )  # fmt: skip
    assert firm_money(plan(money=money), MIDDLE, FIRST, DAYS).tolist() == [17, 0, 2, 0]


def test_the_same_item_is_as_dear_under_every_plan():
    wide = Cost(item="x", per="once", usd=Uncertain(low=10, high=1000))
    nobody = np.zeros((0, 1), dtype=np.int64)
    scenario = Scenario(seed=4, member=2, values={})
    one, two = (
        costs(Plan(id=name, title="", summary="", costs=(wide,)), scenario, zone_people=nobody)["usd"].item()
        for name in ("a", "b")
    )
    assert one == two


def test_the_three_largest_unknowns_lead():
    lines = (
        Cost(item="Sure", per="once", usd=fixed(10)),
        Cost(item="Small", per="once", usd=Uncertain(low=10, high=12)),
        Cost(item="Large", per="person_year", usd=Uncertain(low=100, high=300)),
    )
    counted = {"once": (1.0, 1.0, 1.0), "person_year": (5.0, 10.0, 20.0)}
    found = largest_unknowns(plan(*lines), counted, {"once": "once", "person_year": "people"})
    assert [each.unknown for each in found] == ["people", "price of “Large”", "price of “Small”"]
    assert (found[0].low, found[0].high) == pytest.approx((10 + 11 + 1000, 10 + 11 + 4000))
    assert (found[1].low, found[1].high) == pytest.approx((10 + 11 + 1000, 10 + 11 + 3000))
