from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asylia.core.units import DAYS_PER_MONTH, DAYS_PER_YEAR
from asylia.model.plan import Cost, Funding, Plan, Support
from asylia.model.scenario import draw
from asylia.model.uncertain import Uncertain, fixed
from asylia.need.cost import COSTS, costs, funding, support

FIRST = dt.date(2017, 2, 23)
SCENARIO = draw({}, 1, seed=7)[0]


def plan(*lines: Cost, money: tuple[Funding, ...] = (), helped: tuple[Support, ...] = ()) -> Plan:
    return Plan(id="p", title="", summary="", costs=lines, funding=money, support=helped)


def line(per: str, usd: float, item: str = "x") -> Cost:
    return Cost(item=item, per=per, usd=fixed(usd))


def money(status: str, usd: float | None, donor: str = "d") -> Funding:
    return Funding(donor=donor, status=status, usd=None if usd is None else fixed(usd), source="s")


def test_each_line_is_counted_by_its_own_quantity():
    proposal = plan(
        line("person_year", 365.2425),
        line("supported_person_year", 730.485),
        line("resettled_person", 10),
        line("month", 30.436875),
        line("once", 7),
    )
    crowd = np.array([[10, 20, 30], [1, 2, 3]], dtype=np.int64)
    found = costs(
        proposal,
        SCENARIO,
        zone_people=crowd,
        supported_people=np.array([5, 5, 5]),
        resettled_people=4,
        open_days=2,
    )
    assert dict(found.schema) == COSTS
    assert found["quantity"].to_list() == pytest.approx(
        [66 / DAYS_PER_YEAR, 15 / DAYS_PER_YEAR, 4, 2 / DAYS_PER_MONTH, 1]
    )
    assert found["usd"].to_list() == pytest.approx([66.0, 30.0, 40.0, 2.0, 7.0])


def test_a_plan_without_costs_costs_nothing():
    found = costs(plan(), SCENARIO, zone_people=np.zeros((0, 5), dtype=np.int64))
    assert found.height == 0
    assert found["usd"].sum() == 0


def test_zaatari_in_2013_comes_to_half_a_million_dollars_a_day():
    """USD 1,825 a person-year (CST-04) was derived from 500,000 a day at 100,000 residents (CST-03)."""
    crowd = np.full((1, 365), 100_000, dtype=np.int64)
    found = costs(plan(line("person_year", 1825.0)), SCENARIO, zone_people=crowd)
    assert found["usd"].item() / 365 == pytest.approx(500_000, rel=0.001)


def test_a_range_is_drawn_once_a_member_under_the_name_of_the_item():
    wide = Cost(item="x", per="once", usd=Uncertain(low=10, high=1000, shape="log"))
    for scenario in draw({}, 5, seed=7):
        each = costs(plan(wide), scenario, zone_people=np.zeros((0, 1), dtype=np.int64))["usd"].item()
        assert each == scenario.draw("cost:x", wide.usd)


@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 10**6))
def test_cost_of_people_adds_up_over_days(days: int, more: int, crowd: int):
    proposal = plan(line("person_year", 252.0))
    first, second, both = (
        costs(proposal, SCENARIO, zone_people=np.full((1, n), crowd))["usd"].item()
        for n in (days, more, days + more)
    )
    assert both == pytest.approx(first + second)


def test_people_helped_where_they_are_count_from_the_day_it_starts():
    def helps(people: int, day: int, kind: str = "host_community") -> Support:
        return Support(area="", people=fixed(people), starts=FIRST + dt.timedelta(days=day), kind=kind)

    proposal = plan(
        helped=(helps(100, 2), helps(50, -9), helps(7, 3, "resettlement"), helps(8, 99, "resettlement"))
    )
    helped, resettled = support(proposal, SCENARIO, FIRST, 4)
    assert helped.dtype == np.int64
    assert helped.tolist() == [50, 50, 150, 150]
    assert resettled == 7


def test_only_committed_and_paid_money_counts():
    found = funding(
        plan(
            money=(money("mentioned", 900), money("pledged", 500), money("committed", 30), money("paid", 20),
                   money("pledged", None, "Gulf states"))
        ),
        SCENARIO,
        100.0,
    )  # fmt: skip
    assert (found.paid, found.committed, found.pledged, found.mentioned) == (20, 30, 500, 900)
    assert found.unfunded_share == 0.5
    assert found.without_amount == ("Gulf states",)
    assert "not counted" in found.text


@pytest.mark.parametrize(
    ("total", "usd", "share", "says"),
    [
        (0.0, 50, 0.0, "No money is needed."),
        (100.0, 0, 1.0, "No money is committed or paid."),
        (100.0, 100, 0.0, "covers the cost."),
        (100.0, 250, 0.0, "covers the cost."),
    ],
)
def test_the_unfunded_share_stays_between_0_and_1(total, usd, share, says):
    found = funding(plan(money=(money("paid", usd),)), SCENARIO, total)
    assert found.unfunded_share == share
    assert says in found.text


def test_two_lines_of_one_donor_have_their_own_luck():
    wide = Funding(donor="d", status="paid", usd=Uncertain(low=1, high=100), source="s")
    found = funding(plan(money=(wide, wide)), SCENARIO, 1000.0)
    alone = funding(plan(money=(wide,)), SCENARIO, 1000.0)
    assert found.paid != 2 * alone.paid
