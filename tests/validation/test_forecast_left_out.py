"""Forecasts on recorded conflicts they were not learned from: reduced here, in full by `make validate`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from asylia.io.flee import read_flee
from asylia.io.folder import find_case, read_case
from asylia.io.movements import read_movements, read_points
from asylia.move.forecast.signs import ANCHORS
from asylia.study.assimilate import assimilate, guide_of, read_joined
from asylia.study.displacement_score import relative_difference
from asylia.study.forecast import Asked, better_rival, difference, mean_error, score_forecasts
from asylia.study.forecast_file import learned_without, read_learned
from asylia.study.forecast_fit import learn, teach
from asylia.study.forecast_known import pasts
from asylia.study.outflow import events_by_area, score_outflow

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
CONFLICTS = DATA / "flee_conflicts"
pytestmark = pytest.mark.skipif(not CONFLICTS.is_dir(), reason="needs ../shared/data")


@pytest.fixture(scope="module")
def pool():
    return pasts([read_flee(folder) for folder in sorted(CONFLICTS.iterdir()) if folder.is_dir()])


def scored(pool, asked):
    learned = read_learned()
    return score_forecasts(pool, lambda past: learned_without(past, learned), asked)


def better(scores, days):
    rival = better_rival(scores, days)
    return 1 - mean_error(scores, days, "asylia") / mean_error(scores, days, rival)


def test_every_second_origin_beats_the_rules_without_a_model(pool):
    scores = scored(pool, Asked(every=30, members=40))
    assert all(score.in_pool for score in scores)
    assert [better(scores, days) > 0.08 for days in (30, 90, 180)] == [True] * 3


def test_counts_of_30_days_beat_frozen_shares(pool):
    joined, errors, frozen = read_joined(), [], []
    for past in pool:
        if past.id not in {"mali2012", "syria2013", "burundi2015"}:
            continue
        seen = past.observed
        split = assimilate(seen, guide_of(past.replay, seen), 30, joined[past.key])
        share = seen.people[30] / seen.people[30].sum()
        errors.append(relative_difference(split, seen.people))
        frozen.append(relative_difference(seen.people.sum(axis=1)[:, None] * share, seen.people))
    assert np.mean(errors) < 0.75 * np.mean(frozen)


def test_syrian_governorates():
    table = read_movements(DATA / "displacement" / "syria_idp_returnee_movements_monthly_2016_2021.csv")
    points = read_points(DATA / "ged" / "ged211_prec12_syria_2004_2020.csv.gz")
    counts = events_by_area(table, points, read_case(find_case("syria-2017")))
    for score, least in zip(score_outflow(table, counts), (0.2, 0.13, 0.15), strict=True):
        assert score.asylia < (1 - least) * score.last_year
        assert score.difference[2] < 0
        assert 0.85 <= score.held <= 0.95


@pytest.mark.slow
def test_the_table_in_full(pool):
    scores = scored(pool, Asked())
    for days, least in ((30, 0.15), (90, 0.15), (180, 0.2)):
        assert better(scores, days) > least
        assert difference(scores, days, "damped_trend")[2] < 0
    for days in (30, 90, 180):
        assert 0.85 <= np.mean([score.horizons[days].held.mean() for score in scores]) <= 0.95
        assert 0.85 <= np.mean([score.horizons[days].held_total.mean() for score in scores]) <= 0.95


@pytest.mark.slow
def test_what_ships_is_what_is_learned(pool):
    shipped = read_learned()
    for left_out in ("", pool[0].key):
        again = learn([teach(past) for past in pool if past.key != left_out])
        for days in ANCHORS:
            assert again.weights[days] == pytest.approx(shipped[left_out].weights[days], abs=1e-5)
            assert again.errors[days] == pytest.approx(shipped[left_out].errors[days], abs=1e-4)
