"""Weeks must carry the forecast that was validated: same totals, whole events, and how weeks cluster."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from asylia.threat import count_scores
from asylia.threat.ahead import HORIZONS, roll
from asylia.threat.courses import Courses, courses_of, follow, quiet
from asylia.threat.courses_kernels import give_out, reshape
from asylia.threat.excite import Past, draw_ahead, look_back
from asylia.threat.experience import learned

NOTHING = learned([])
PLACES = 6
MEMBERS = 1500


def war(weeks: int = 90) -> Past:
    rng = np.random.default_rng(5)
    level = np.array([6.0, 3.0, 1.0, 0.3, 0.1, 0.0])
    counts = rng.poisson(
        level[:, None] * np.exp(0.3 * rng.standard_normal((PLACES, weeks)).cumsum(axis=1) / 3)
    )
    return look_back(counts.astype(np.int64), -40.0 + 0.3 * rng.integers(0, 8, (PLACES, 2)))


@pytest.fixture(scope="module")
def told():
    past, names = war(), [f"place-{row}" for row in range(PLACES)]
    *_, (fit, _, made) = roll(past, names, [40, 60, 78, 90], NOTHING, members=60)
    return past, fit, made, courses_of(past, fit, made, names, first_week=0)


@pytest.fixture(scope="module")
def courses(told) -> Courses:
    return told[3]


@pytest.fixture(scope="module")
def drawn(courses) -> np.ndarray:
    return np.stack([follow(courses, seed=1, member=member, weeks=52) for member in range(MEMBERS)])


@pytest.mark.parametrize("weeks", HORIZONS)
def test_totals_as_drawn_follow_the_forecast(told, drawn, weeks):
    curves = next(one.curves for one in told[2] if one.weeks == weeks)
    totals = drawn[:, :, :weeks].sum(axis=2)
    for place in range(PLACES):
        reached = (totals[:, place][:, None] <= np.arange(curves.shape[1])).mean(axis=0)
        # longer horizons may be raised where they lay below a shorter one, never lowered
        assert (reached - curves[place]).max() < 0.06
        if weeks == HORIZONS[0]:
            assert np.abs(reached - curves[place]).max() < 0.06


def test_every_course_holds_whole_events_that_never_grow_fewer(courses):
    assert courses.totals.min() >= 0
    assert (np.diff(courses.totals, axis=2) >= 0).all()
    assert courses.totals[:, :, -1].max(axis=1).min() >= 1


def test_luck_belongs_to_places_and_members_alone(courses):
    back = [np.ascontiguousarray(one[::-1]) for one in (courses.ids, courses.weekly, courses.totals)]
    turned = replace(courses, ids=back[0], weekly=back[1], totals=back[2])
    fewer = replace(courses, ids=courses.ids[:2], weekly=courses.weekly[:2], totals=courses.totals[:2])
    whole = follow(courses, seed=3, member=5, weeks=70)
    assert np.array_equal(follow(turned, seed=3, member=5, weeks=70)[::-1], whole)
    assert np.array_equal(follow(fewer, seed=3, member=5, weeks=70), whole[:2])


def test_places_added_that_are_no_part_of_the_war_hardly_see_any(courses):
    names = [f"place-{row}" for row in range(PLACES)] + ["abroad"]
    wider = quiet(courses, names, np.array([True] * PLACES + [False]))
    both = np.stack([follow(wider, seed=1, member=member, weeks=52) for member in range(400)])
    assert np.array_equal(both[0, :PLACES], follow(courses, seed=1, member=0, weeks=52))
    assert both[:, -1].sum() <= 5


def test_a_common_factor_makes_places_rise_together(courses):
    def alike(together: float) -> float:
        one = replace(courses, together=together)
        totals = np.stack([follow(one, seed=1, member=m, weeks=26).sum(axis=1) for m in range(400)])
        return float(stats.spearmanr(totals[:, 0], totals[:, 1]).statistic)

    assert abs(alike(0.0)) < 0.15
    assert alike(0.8) > 0.4


def test_courses_rise_with_their_year_and_places_share_it_more_than_a_month(courses):
    assert (np.diff(courses.totals[:, :, -1], axis=1) >= 0).all()
    one = replace(courses, together=0.6)
    drawn = np.stack([follow(one, seed=1, member=member, weeks=52) for member in range(600)])
    month, year = (
        stats.spearmanr(drawn[:, 0, :weeks].sum(axis=1), drawn[:, 1, :weeks].sum(axis=1)).statistic
        for weeks in (4, 52)
    )
    assert 0.0 < month < year - 0.1


def test_weeks_that_need_no_change_keep_their_cluster(courses):
    """Weeks of the self-exciting counts vary more than a fair spread of their total would; so must the weeks drawn."""
    four = np.stack([follow(courses, seed=2, member=m, weeks=52)[0] for m in range(400)])[:, 26:52]
    own = courses.weekly[0, :, 26:52]
    spread = [table.var(axis=1).mean() / table.mean() for table in (four, own)]
    assert spread[0] == pytest.approx(spread[1], rel=0.35)
    assert spread[0] > 1.2


@given(st.lists(st.integers(0, 9), min_size=1, max_size=9), st.integers(0, 60), st.floats(0.05, 20.0))
def test_reshaped_weeks_add_up_and_move_one_way_only(weekly, total, size):
    before = np.array(weekly, dtype=np.int64)
    after = reshape(before, total, size, np.uint64(7))
    assert after.sum() == total
    moved = after - before
    assert moved.min() >= 0 or moved.max() <= 0


def test_added_and_taken_events_keep_the_weeks_of_a_negative_binomial():
    rng = np.random.default_rng(1)
    plenty = rng.negative_binomial(0.7, 0.7 / 3.7, (6000, 4))
    exact = [row for row in plenty if row.sum() == 8]
    for other in (4, 14):
        changed = [reshape(row, 8, 0.7, np.uint64(n)) for n, row in enumerate(plenty) if row.sum() == other]
        assert np.mean([row.max() for row in changed]) == pytest.approx(
            np.mean([row.max() for row in exact]), rel=0.06
        )


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=30), st.randoms())
def test_values_are_given_out_once_and_never_above_the_most(pairs, shuffler):
    values = np.sort(np.array([min(pair) for pair in pairs], dtype=np.int64))
    most = np.array([max(pair) for pair in pairs], dtype=np.int64)
    wanted = list(range(len(pairs)))
    shuffler.shuffle(wanted)
    given_out = give_out(values, np.array(wanted, dtype=np.int64), most)
    assert sorted(given_out) == values.tolist()
    assert (given_out <= most).all()


def test_without_limits_every_row_gets_the_rank_it_wants():
    wanted = np.array([2, 0, 1, 3])
    given_out = give_out(np.array([1, 4, 6, 9]), wanted, np.full(4, 99))
    assert given_out.tolist() == [6, 1, 4, 9]


def test_uncertain_weights_do_not_breed_without_end():
    past = war()
    wild = np.tile(np.array([0.5, 0.0, -0.5, 0.0, -1.0, -2.0, 0.0, 0.5]), (50, 1))
    ids = np.arange(PLACES, dtype=np.uint64)
    ahead = draw_ahead(past, 90, wild, ids, weeks=208, seed=1, first_week=0)
    yearly = ahead.sum(axis=1).reshape(50, 4, 52).sum(axis=2).mean(axis=0)
    assert yearly[3] < 2.0 * max(yearly[0], past.counts[:, -52:].sum())


def test_the_score_of_courses_is_that_of_the_curve(told, drawn):
    past, _, made, _ = told
    came = past.counts[:, -4:].sum(axis=1)
    one = made[0]
    as_drawn = count_scores.crps_of_counts(
        np.stack(
            [
                (drawn[:, place, :4].sum(axis=1)[:, None] <= np.arange(one.curves.shape[1])).mean(axis=0)
                for place in range(PLACES)
            ]
        ),
        came,
    )
    assert as_drawn.mean() == pytest.approx(count_scores.crps_of_counts(one.curves, came).mean(), rel=0.03)
