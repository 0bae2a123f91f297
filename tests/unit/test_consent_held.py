"""Shares of veto holders by where they stand, and the day a consent ends."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asylia.consent.held import held
from asylia.model.actors import Actor, Veto
from asylia.model.findings import ConsentCell
from asylia.model.plan import Plan
from asylia.model.safeguards import ConsentRecord

DAY = dt.date(2026, 6, 1)
POSITIONS = ("refuses", "nothing stated against it", "cannot say", "contested")


def actor(name: str, *, veto: bool = True) -> Actor:
    return Actor(
        id=name, name=name, kind="armed_actor", vetoes=(Veto(over=("zone",), basis="b", source="s"),) * veto
    )


def cell(name: str, position: str) -> ConsentCell:
    return ConsentCell(
        plan="p", actor=name, actor_name=name, position=position, has_veto=True, reason="", lines=()
    )


def plan(*records: ConsentRecord) -> Plan:
    return Plan(id="p", title="P", summary="", consents=records)


def agreed(name: str, form: str = "written", **more) -> ConsentRecord:
    return ConsentRecord(actor=name, form=form, **more)


def test_each_veto_holder_is_counted_once_and_silence_is_unknown():
    found = held(
        plan(agreed("a", until=DAY), agreed("b", "refused"), agreed("x")),
        [actor("a"), actor("b"), actor("c"), actor("d"), actor("x", veto=False)],
        [
            cell("a", "nothing stated against it"),
            cell("c", "refuses"),
            cell("d", "nothing stated against it"),
        ],
    )
    assert (found.refusing, found.consenting, found.unknown) == (("b", "c"), ("a",), ("d",))
    assert found.shares == (0.5, 0.25, 0.25)
    assert found.expires == DAY


def test_a_consent_that_ended_is_unknown_and_no_refusal():
    found = held(plan(agreed("a", until=DAY), agreed("b")), [actor("a"), actor("b")], [])
    assert found.on(DAY) == found
    after = found.on(DAY + dt.timedelta(days=1))
    assert (after.consenting, after.unknown, after.refusing, after.expires) == (("b",), ("a",), (), None)


def test_words_of_refusal_outweigh_a_record_and_contested_words_leave_it_open():
    record = plan(agreed("a"))
    assert held(record, [actor("a")], [cell("a", "refuses")]).refusing == ("a",)
    assert held(record, [actor("a")], [cell("a", "contested")]).unknown == ("a",)


@pytest.mark.parametrize(("last", "standing"), [("refused", "refusing"), ("written", "consenting")])
def test_the_last_record_counts(last, standing):
    first = "written" if last == "refused" else "refused"
    records = (agreed("a", last, given=DAY), agreed("a", first, given=DAY - dt.timedelta(days=9)))
    assert getattr(held(plan(*records), [actor("a")], []), standing) == ("a",)


def test_without_veto_holders_everything_is_unknown():
    found = held(plan(), [actor("a", veto=False)], [], zone="z", who=["a"])
    assert (found.shares, found.expires, found.zone) == ((0.0, 1.0, 0.0), None, "z")


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(POSITIONS)), st.sets(st.sampled_from("abcdef"))
)
def test_shares_sum_to_one_and_only_those_within_reach_count(positions, reach):
    actors = [actor(name) for name in "abcdef"]
    found = held(plan(agreed("a")), actors, [cell(*pair) for pair in positions.items()], who=reach)
    assert sum(found.shares) == pytest.approx(1.0)
    assert sorted((*found.refusing, *found.consenting, *found.unknown)) == sorted(reach)
