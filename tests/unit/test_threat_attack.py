"""Attack on a zone: factors, thinning, what counts as serious, and what luck may not do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asylia.model.modifiers import MODIFIERS, TAIL, Prior, priors
from asylia.threat.attack import STEPS, assault, deaths_table
from asylia.threat.draws import ceasefire, draw_answers, draw_modifiers, factor
from asylia.threat.escalation import break_even, in_words
from asylia.threat.tipping import tipping_value

TWO = np.full(STEPS, 2.0)
WEEKS = st.lists(st.integers(0, 40), min_size=1, max_size=30)


def strike(local: list[int], chance: float, member: int = 0, deaths: np.ndarray = TWO):
    local = np.array(local, dtype=np.int64)
    return assault("zone", local, np.full(local.size, chance), deaths, seed=3, member=member)


@given(WEEKS, st.floats(0.01, 3.0), st.floats(0.01, 3.0), st.integers(0, 50))
def test_a_smaller_factor_never_brings_more_with_the_same_luck(local, one, other, member):
    low, high = sorted((one, other))
    few, many = strike(local, low, member), strike(local, high, member)
    assert (few.events <= many.events).all()
    assert (few.none_by >= many.none_by).all()
    assert (np.cumsum(few.serious, axis=1) <= np.cumsum(many.serious, axis=1)).all()


@given(WEEKS, st.integers(0, 50))
def test_a_longer_horizon_only_adds_weeks(local, member):
    longer = strike([*local, 9, 9], 0.5, member)
    assert strike(local, 0.5, member).events.tolist() == longer.events[: len(local)].tolist()


def test_events_have_the_mean_they_should():
    for chance in (0.3, 1.0, 2.5):
        events = [strike([10] * 20, chance, member).events.mean() for member in range(200)]
        assert np.mean(events) == pytest.approx(10 * chance, rel=0.03)


def test_the_chance_of_no_attack_is_that_of_the_draws():
    drawn = [strike([2, 1], 0.25, member).events.sum() == 0 for member in range(2000)]
    assert np.mean(drawn) == pytest.approx(strike([2, 1], 0.25).none_by[-1], abs=0.03)
    assert strike([2, 1], 0.25).none_by[-1] == pytest.approx(0.75**3)


def test_serious_is_ten_events_in_four_weeks_or_twenty_five_deaths_in_one():
    assert strike([3, 3, 3, 1], 1.0).serious[0].tolist() == [False, False, False, True]
    assert not strike([3, 3, 3, 0, 1], 1.0).serious.any()
    assert strike([2], 1.0, deaths=np.full(STEPS, 12.5)).serious.all()
    assert not strike([1], 1.0, deaths=np.full(STEPS, 24.9)).serious.any()


def test_deaths_are_counted_by_event_and_nothing_known_is_one_each():
    table = deaths_table(np.array([10.0, 3.0]), np.array([1, 3]))
    assert (table == 1.0).mean() == pytest.approx(0.75, abs=0.01)
    assert (table == 10.0).mean() == pytest.approx(0.25, abs=0.01)
    assert (deaths_table(np.array([]), np.array([], dtype=np.int64)) == 1.0).all()


def test_a_prior_keeps_its_middle_and_its_ends():
    for one in MODIFIERS.values():
        found = [one.default.at(z) for z in (-TAIL, 0.0, TAIL)]
        assert found == pytest.approx([one.default.low, one.default.middle, one.default.high])
        assert one.default.why
    assert draw_modifiers(priors({}), seed=1, member=2) == draw_modifiers(priors({}), seed=1, member=2)


def test_another_prior_moves_its_own_draw_alone():
    changed = {"light_force": Prior(middle=3.0, low=2.0, high=4.0)}
    one = draw_modifiers(priors({}), seed=1, member=5)
    other = draw_modifiers(priors(changed), seed=1, member=5)
    assert {name for name in one if one[name] != other[name]} == {"light_force"}


def test_consent_and_force_go_together():
    drawn = [draw_modifiers(priors({}), seed=1, member=m) for m in range(3000)]
    logs = {name: np.log([each[name] for each in drawn]) for name in MODIFIERS}
    pair = np.corrcoef(logs["consent_written"], logs["force_against_others"])[0, 1]
    assert pair == pytest.approx(0.5, abs=0.05)
    assert np.corrcoef(logs["demilitarised"], logs["consent_written"])[0, 1] == pytest.approx(0.0, abs=0.06)
    assert np.percentile(np.exp(logs["consent_written"]), (5, 50, 95)) == pytest.approx(
        (0.25, 0.55, 1.1), rel=0.1
    )


def test_three_good_answers_do_not_multiply_to_a_miracle():
    drawn = {"a": 0.2, "b": 0.2, "c": 3.0, "d": 2.0}
    luck = {"x": 0.4, "y": 0.9}
    assert factor({"x": ("a",), "y": ("b",)}, drawn, luck) == 0.1
    assert factor({"x": ("c",), "y": ("d",)}, drawn, luck) == 3.0
    assert factor({"x": ("a", "c"), "y": ("", "d")}, drawn, luck) == pytest.approx(0.4)
    assert factor({}, drawn, luck) == 1.0


def test_open_answers_are_drawn_evenly():
    luck = [draw_answers(seed=1, member=m)["consent"] for m in range(2000)]
    assert np.mean(np.array(luck) < 1 / 3) == pytest.approx(1 / 3, abs=0.03)


def test_a_ceasefire_wears_off():
    found = [ceasefire(months, 0.6, 3.0) for months in (-1.0, 0.0, 3.0, 600.0)]
    assert found == pytest.approx([1.0, 0.6, 0.8, 1.0])


@pytest.mark.parametrize(
    ("plan", "escalated", "other", "star", "word"),
    [
        (10.0, 110.0, 30.0, 0.2, "less likely than 20%"),
        (40.0, 110.0, 30.0, -1 / 7, "already worse"),
        (10.0, 20.0, 30.0, 2.0, "No probability"),
        (10.0, 10.0, 30.0, None, "adds nothing"),
    ],
)
def test_break_even_is_the_note_s_formula(plan, escalated, other, star, word):
    found = break_even(plan, escalated, other)
    assert found == (None if star is None else pytest.approx(star))
    assert word in in_words(found)
    if found is not None:
        # at p* the expected loss equals that of the next best
        assert (1 - found) * plan + found * escalated == pytest.approx(other)


def test_the_tipping_value_is_where_the_middle_member_is_indifferent():
    one = np.ones(5)
    assert tipping_value(10 * one, 12 * one, 4 * one, 0.5 * one)[0] == pytest.approx(0.75)
    assert tipping_value(10 * one, 9 * one, 0 * one, one) == (None, "never")
    assert tipping_value(10 * one, 12 * one, 0 * one, one) == (None, "always")
