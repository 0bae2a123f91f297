"""Forecasts from reports: nothing from later days, people kept, the same seed the same bytes, ranges that hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asylia.core.draws import stable_ids
from asylia.move.flee.observed import observe
from asylia.move.forecast.ahead import Fitted, draw, middle
from asylia.move.forecast.fit import least_absolute, weighted_quantiles
from asylia.move.forecast.known import Known
from asylia.move.forecast.signs import ANCHORS, stand
from asylia.study.assimilate import Joined, assimilate, members
from asylia.study.forecast import Asked, difference, rivals, score_forecasts
from asylia.study.forecast_file import learned_without, read_learned, write_learned
from asylia.study.forecast_fit import learn, teach
from asylia.study.forecast_known import Past
from asylia.study.forecast_peer import peer_shares
from replay_cases import star

IDS = stable_ids(["c", "d"])
DAYS = 120
JOINED = Joined(floor=-0.5, recent=-0.3, guided=0.7, spread=1.0)


@pytest.fixture(scope="module")
def learned():
    return read_learned()


def known(origin=60, **more):
    series = {
        "days": (np.array([0, 30, 60]), np.array([0, 45])),
        "people": (np.array([10.0, 40.0, 70.0]), np.array([5.0, 20.0])),
    }
    return Known(origin=origin, guide=np.array([0.4, 0.6]), **(series | more))


def conflict(reports, **more):
    return Past(star(days=DAYS, reports=reports, **more))


counts = st.integers(0, 5000)


@settings(max_examples=25, deadline=None)
@given(origin=st.integers(30, 100), later=st.lists(counts, min_size=3, max_size=3), total=counts)
def test_nothing_reported_after_the_origin_changes_a_forecast(learned, origin, later, total):
    reports = {"c": {0: 0, 20: 300, 45: 420, 70: 500, 95: 640}, "d": {0: 10, 30: 80, 110: 90}}
    other = {camp: dict(series) for camp, series in reports.items()}
    for camp, day, people in zip("ccd", (origin + 1, 118, origin + 5), later, strict=True):
        other[camp] = {at: count for at, count in other[camp].items() if at <= origin} | {day: people}
    first = conflict(reports, totals={0: 10, 60: 900})
    second = conflict(
        other,
        totals={0: 10, origin + 1: total} | ({60: 900} if origin >= 60 else {}),
        corrections={"c": [118]},
    )
    fitted = learned[""]
    for days in (15, 30, 100, 365):
        one, two = first.by(origin), second.by(origin)
        assert middle(one, fitted.weights, days).tobytes() == middle(two, fitted.weights, days).tobytes()
        drawn = [draw(past, fitted, days, seed=3, ids=IDS, members=8).tobytes() for past in (one, two)]
        assert drawn[0] == drawn[1]
        assert all((rivals(one, days)[name] == rivals(two, days)[name]).all() for name in rivals(one, days))


def test_a_correction_changes_the_yardstick_and_not_what_was_known():
    reports = {"c": {0: 100, 50: 200, 100: 90}, "d": {0: 10, 100: 10}}
    plain, mended = conflict(reports), conflict(reports, corrections={"c": [100]})
    assert plain.by(60).people[0].tolist() == mended.by(60).people[0].tolist() == [100.0, 200.0]
    assert plain.yardstick(60).tolist() == [1.0, 1.0]
    assert mended.yardstick(60).tolist() == pytest.approx([0.45, 1.0])
    assert mended.by(100).people[0].tolist() == pytest.approx([45.0, 90.0, 90.0])
    assert mended.yardstick(100).tolist() == pytest.approx([1.0, 1.0])
    assert mended.observed.people[50].tolist() == [90, 10]


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(learned):
    draws = [draw(known(), learned[""], 30, seed=seed, ids=IDS, members=50) for seed in (1, 1, 2)]
    assert draws[0].tobytes() == draws[1].tobytes() != draws[2].tobytes()
    # a member keeps its luck, however many there are
    assert draw(known(), learned[""], 30, seed=1, ids=IDS, members=5).tobytes() == draws[0][:5].tobytes()


def test_day_0_is_the_last_report_and_between_anchors_the_way_is_straight(learned):
    weights = learned[""].weights
    assert middle(known(), weights, 0).tolist() == [70.0, 20.0]
    ends = [middle(known(), weights, days) for days in (30, 60, 90)]
    assert ends[1] == pytest.approx((ends[0] + ends[2]) / 2)


def test_while_nobody_is_counted_the_published_total_is_split_by_the_guide():
    state = stand(
        known(
            people=(np.zeros(3), np.zeros(2)),
            total_days=np.array([0, 50, 70]),
            totals=np.array([0.0, 900.0, 5.0]),
        )
    )
    assert state.people.tolist() == [360.0, 540.0]
    assert not state.pending.any()


def test_damped_trend_by_hand():
    found = rivals(known(), 60)
    assert found["persistence"].tolist() == [70.0, 20.0]
    # 30 more in 30 days, of which 0.7 and 0.49 are left; camp d rose from 15 to 20 by straight lines
    assert found["damped_trend"] == pytest.approx([70 + 30 * 1.19, 20 + 5 * 1.19])


def test_frozen_shares_and_the_peer_split_the_total_of_the_damped_trend():
    found = rivals(known(), 60, np.array([0.0, 3.0]))
    total = 90 + 35 * 1.19
    # on day 30 there were 40 and 15
    assert found["frozen_shares"] == pytest.approx([total * 40 / 55, total * 15 / 55])
    assert found["peer"] == pytest.approx([0.0, total])
    assert "peer" not in rivals(known(), 60)
    nobody = known(people=(np.zeros(3), np.zeros(2)))
    assert rivals(nobody, 30)["frozen_shares"].tolist() == [0.0, 0.0]


def test_the_peers_shares_add_up_and_its_score_stands_beside_ours(learned):
    past = conflict({"c": {0: 50, 60: 300, 119: 700}, "d": {0: 40, 119: 900}})
    shares = peer_shares(past, members=2)
    assert shares.shape == (DAYS, 2)
    assert shares.sum(axis=1) == pytest.approx(np.ones(DAYS))
    asked = Asked(horizons=(30,), members=20)
    (score,) = score_forecasts([past], lambda _: (learned[""], False), asked, peer=lambda _: shares)
    assert {"asylia", "peer", "frozen_shares"} < set(score.horizons[30].errors)


def test_least_absolute_is_a_median_and_bends_to_its_target():
    rows, wanted = np.ones((5, 1)), np.array([0.0, 1.0, 2.0, 3.0, 100.0])
    assert least_absolute(rows, wanted, np.ones(5)) == pytest.approx([2.0], abs=0.05)
    assert least_absolute(rows, wanted, np.ones(5), toward=np.array([7.0]), ridge=1e6) == pytest.approx(
        [7.0], abs=0.01
    )
    assert weighted_quantiles(
        np.array([1.0, 2.0]), np.array([1.0, 3.0]), np.array([0.125, 0.625])
    ).tolist() == [1.0, 2.0]


@settings(max_examples=30, deadline=None)
@given(
    people=st.lists(st.tuples(counts, counts), min_size=4, max_size=4),
    days=st.integers(1, 150),
    seed=st.integers(0, 99),
)
def test_assimilated_people_add_up_to_each_days_total(people, days, seed):
    reports = {
        camp: {day: row[k] for day, row in zip((0, 40, 80, 119), people, strict=True)}
        for k, camp in enumerate("cd")
    }
    observed = observe(star(days=DAYS, reports=reports))
    guide = np.tile([0.3, 0.7], (DAYS, 1))
    split = assimilate(observed, guide, days, JOINED)
    assert split.sum(axis=1) == pytest.approx(observed.people.sum(axis=1))
    assert (split[: days + 1] == observed.people[: days + 1]).all()
    drawn = members(observed, guide, days, JOINED, seed=seed, numbers=range(3))
    assert drawn.dtype == np.int64
    assert (drawn >= 0).all()
    assert (drawn.sum(axis=2) == observed.people.sum(axis=1)).all()


def test_what_is_taken_in_ends_on_its_last_day():
    reports = {"c": {0: 100, 30: 400, 119: 5000}, "d": {0: 50, 30: 60, 119: 900}}
    swapped = {"c": {0: 100, 30: 400, 31: 399, 119: 0}, "d": {0: 50, 30: 60, 31: 61, 119: 5900}}
    guide = np.tile([0.5, 0.5], (DAYS, 1))
    first, second = (observe(star(days=DAYS, reports=one)) for one in (reports, swapped))
    found = [assimilate(one, guide, 30, JOINED)[119] / one.people[119].sum() for one in (first, second)]
    assert found[0] == pytest.approx(found[1])


def walks(rng):
    series = {}
    for camp in "cd":
        people = 1000 * np.exp(np.cumsum(rng.normal(0.02, 0.08, 17)))
        series[camp] = {15 * k: int(value) for k, value in enumerate(people)}
    return Past(star(days=241, reports=series))


@pytest.fixture(scope="module")
def synthetic():
    rng = np.random.default_rng(5)
    return [walks(rng) for _ in range(14)]


def test_ranges_hold_on_conflicts_that_were_not_learned_from(synthetic):
    fitted = learn([teach(past) for past in synthetic[:9]])
    asked = Asked(horizons=(30, 90), members=120)
    scores = score_forecasts(synthetic[9:], lambda _: (fitted, True), asked)
    for days in asked.horizons:
        held = np.mean([score.horizons[days].held.mean() for score in scores])
        total = np.mean([score.horizons[days].held_total.mean() for score in scores])
        assert 0.75 <= held <= 0.99
        assert 0.70 <= total <= 1.0
    gap, low, high = difference(scores, 30, "persistence")
    assert low <= gap <= high


def test_what_is_learned_comes_back_from_the_file(learned, monkeypatch, tmp_path):
    text = write_learned(learned.items())
    home = tmp_path / "data" / "fitted"
    home.mkdir(parents=True)
    (home / "forecast.csv").write_text(text, encoding="utf-8")
    monkeypatch.setattr("asylia.study.forecast_file.files", lambda _: tmp_path)
    again = read_learned()
    assert list(again) == list(learned)
    assert all(
        (again[key].errors[days] == learned[key].errors[days]).all() for key in learned for days in ANCHORS
    )


def test_a_conflict_outside_the_pool_gets_what_was_learned_from_all(learned):
    fitted, in_pool = learned_without(conflict({"c": {0: 1}, "d": {0: 1}}), learned)
    assert isinstance(fitted, Fitted)
    assert (fitted is learned[""], in_pool) == (True, False)
