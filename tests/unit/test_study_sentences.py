"""The three sentences follow from the numbers, and say so when the numbers say nothing."""

import datetime as dt

import numpy as np

from asylia.model.findings import ConsentCell
from asylia.model.plan import Plan, Zone
from asylia.model.rules import RULES
from asylia.model.scenario import draw
from asylia.model.uncertain import fixed
from asylia.study.sentences import OUTCOMES, sentences

MEMBERS = 40
ZONE = Zone(id="z", name="Z", place="p", capacity_people=fixed(5), opens=dt.date(2026, 1, 1))
PLANS = (
    Plan.none(),
    Plan(id="a", title="Plan A", summary="", zones=(ZONE,)),
    Plan(id="b", title="Plan B", summary=""),
)
DRAWS = {rule: np.array([s.values[rule] for s in draw({}, MEMBERS, 1)]) for rule in RULES}
NOISE = np.random.default_rng(1).normal(0, 1, MEMBERS)


def _values(**changed: dict[str, np.ndarray]):
    same = np.full(MEMBERS, 1000.0)
    return {name: {"none": same, "a": same, "b": same} | changed.get(name, {}) for name in OUTCOMES}


def _cell(plan: str, position: str) -> ConsentCell:
    return ConsentCell(
        plan=plan, actor="x", actor_name="Party X", position=position, has_veto=True, reason="", lines=()
    )


def test_plans_that_do_the_same_are_said_to_do_the_same():
    said = sentences(_values(), PLANS, DRAWS, [])
    assert said["shared"].startswith("No plan can be told from no zone on")
    assert said["separates"].startswith("Nothing separates the plans")
    assert "no order to turn" in said["turns"]


def test_what_separates_plans_names_the_ends():
    said = sentences(_values(without_shelter={"b": 200.0 + NOISE}), PLANS, DRAWS, [])
    assert "displaced without shelter" in said["separates"]
    assert "“Plan B”" in said["separates"]
    assert "“Plan B” does best" in said["turns"]
    assert "displaced without shelter" not in said["shared"]


def test_a_number_that_turns_the_order_is_named_with_where_it_turns():
    pull = DRAWS["zone_pull"]
    turning = {"a": np.where(pull > np.median(pull), 100.0, 1500.0), "b": np.full(MEMBERS, 700.0) + NOISE}
    said = sentences(_values(without_shelter=turning), PLANS, DRAWS, [])
    assert "the order turns with one number" in said["turns"]
    assert "“Plan A” does best" in said["turns"] or "“Plan B” does best" in said["turns"]


def test_a_refusal_of_every_zone_is_shared_and_one_of_some_is_not():
    refused = sentences(_values(), PLANS, DRAWS, [_cell("a", "refuses"), _cell("b", "cannot say")])
    assert "Every plan with a zone is refused, as stated, by Party X." in refused["shared"]
    silent = sentences(_values(), PLANS, DRAWS, [_cell("a", "cannot say")])
    assert "refused, as stated" not in silent["shared"]


def test_few_members_turn_nothing():
    few = {rule: drawn[:5] for rule, drawn in DRAWS.items()}
    values = {name: {plan: row[:5] for plan, row in rows.items()} for name, rows in
              _values(without_shelter={"b": 200.0 + NOISE}).items()}  # fmt: skip
    assert "use more" in sentences(values, PLANS, few, [])["turns"]
