"""What must hold of the event field whatever the war: no look ahead, no chance at work twice, no certainty of quiet."""

from __future__ import annotations

import numpy as np
import pytest

from asylia.threat import count_scores, recalibrate, regress
from asylia.threat.ahead import Forecast, error_of, recalibration_of, roll
from asylia.threat.excite import MEMORIES, NAMES, fit_excited, look_back
from asylia.threat.excite_kernels import log_loss
from asylia.threat.experience import PARTS_OF_STACK, cells_of, experience, learned, shares_ground
from asylia.threat.posterior import broad, draw
from asylia.threat.recalibrate import Recalibration, apply, fit_line, tally, unchanged
from asylia.threat.stack import gram, mix, weights

NOTHING = learned([])
MEMBERS = 40


def war(places: int = 8, weeks: int = 90, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    level = rng.gamma(0.5, 2.0, places)
    counts = rng.poisson(
        level[:, None] * np.exp(0.3 * rng.standard_normal((places, weeks)).cumsum(axis=1) / 3)
    )
    counts[-1] = 0
    return counts.astype(np.int64), 34.0 + 0.25 * rng.integers(0, 8, (places, 2))


def forecasts(counts: np.ndarray, centres: np.ndarray, origins: list[int], **more: int) -> list[Forecast]:
    names = [f"place-{row}" for row in range(len(counts))]
    steps = roll(look_back(counts, centres), names, origins, NOTHING, members=MEMBERS, **more)
    return [one for _, _, made in steps for one in made]


def test_events_after_the_origin_change_nothing():
    counts, centres = war()
    altered = counts.copy()
    altered[:, 70:] = altered[::-1, 70:] * 3 + 1
    for one, two in zip(
        forecasts(counts, centres, [40, 56, 70]), forecasts(altered, centres, [40, 56, 70]), strict=True
    ):
        assert np.array_equal(one.curves, two.curves)
        assert np.array_equal(one.shares, two.shares)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not():
    counts, centres = war()
    one, two, other = (forecasts(counts, centres, [60], seed=seed)[0].parts[0] for seed in (3, 3, 4))
    assert one.tobytes() == two.tobytes()
    assert one.tobytes() != other.tobytes()


def test_every_curve_is_a_probability_and_no_place_is_certain_of_quiet():
    for one in forecasts(*war(), [40, 56, 70]):
        assert (np.diff(one.curves, axis=1) >= -1e-12).all()
        assert one.curves[:, -1].tolist() == [1.0] * 8
        assert one.curves.min() >= 0.0
        assert (count_scores.chance_of_any(one.curves) > 0.0).all()


def test_more_events_now_never_mean_fewer_soon():
    counts, centres = war()
    more = counts.copy()
    more[2, 59] += 6
    prior = broad()
    fit = fit_excited(look_back(counts, centres), 60, prior)
    rates = [np.exp(fit.theta[:6]) @ look_back(table, centres).features[:, 59].T for table in (counts, more)]
    assert (rates[1] >= rates[0] - 1e-12).all()
    assert rates[1][2] > rates[0][2]


@pytest.mark.parametrize("kind", ["excited", "regressed"])
def test_gradients_are_those_of_the_losses(kind):
    counts, centres = war()
    counts[0] *= 9
    past = look_back(counts, centres)
    features, after = past.features[:, 30:59].reshape(-1, 6), counts[:, 31:60].ravel()
    if kind == "excited":
        theta = np.array(broad().mean) + 0.1
        found = log_loss(theta, features, after)

        def loss(at: np.ndarray) -> float:
            return log_loss(at, features, after)[0]
    else:
        theta = regress.broad(1).mean + 0.1
        rows = np.column_stack([np.ones(len(features)), np.log(features + 0.03)])
        found = regress.log_loss(theta, rows, after, np.ones(len(after)))

        def loss(at: np.ndarray) -> float:
            return regress.log_loss(at, rows, after, np.ones(len(after)))[0]

    steps = np.eye(theta.size) * 1e-6
    slopes = [(loss(theta + step) - loss(theta - step)) / 2e-6 for step in steps]
    assert found[1] == pytest.approx(slopes, rel=1e-4, abs=1e-3)


def test_the_posterior_has_the_mean_and_spread_it_was_given():
    theta, covariance = np.arange(8.0), np.diag(np.linspace(0.1, 1.0, 8))
    drawn = draw(theta, covariance, seed=1, members=4000)
    assert drawn.mean(axis=0) == pytest.approx(theta, abs=0.07)
    assert np.cov(drawn.T) == pytest.approx(covariance, abs=0.08)
    assert np.array_equal(drawn[:50], draw(theta, covariance, seed=1, members=50))


def test_the_best_weights_score_no_worse_than_any_other():
    counts, centres = war()
    one = forecasts(counts, centres, [60])[0]
    came = counts[:, 60:64].sum(axis=1)
    sums = gram(one.parts, came)
    assert np.diag(sums) == pytest.approx(
        [count_scores.crps_of_counts(part, came).sum() for part in one.parts]
    )
    best = weights(sums, least=np.zeros(len(one.parts)))
    assert best.sum() == pytest.approx(1.0)
    for other in np.random.default_rng(2).dirichlet(np.ones(len(one.parts)), 200):
        assert best @ sums @ best <= other @ sums @ other + 1e-9
    mixed = mix(one.parts, np.repeat(best[None], len(counts), axis=0))
    assert count_scores.crps_of_counts(mixed, came).sum() == pytest.approx(best @ sums @ best)


def test_recalibration_mends_chances_that_are_too_high():
    rng = np.random.default_rng(4)
    truth = rng.uniform(0.02, 0.9, 6000)
    said = 1 / (1 + (1 - truth) / truth * np.exp(-0.8))
    happened = rng.random(6000) < truth
    line = fit_line(said, happened, unchanged().line, recalibrate.broad(), np.ones(6000))
    curves = np.column_stack([1 - said, 1 - said / 2, np.ones(6000)])
    right = count_scores.chance_of_any(apply(Recalibration(line=line, shares=unchanged().shares), curves))
    assert right == pytest.approx(truth, abs=0.05)


def test_small_and_great_chances_are_put_right_each_in_their_own_way():
    rng = np.random.default_rng(6)
    said = rng.uniform(0.02, 0.98, 20_000)
    # right below, far too bold above: no line in the log odds alone mends both
    truth = 1 / (1 + np.exp(-(np.log(said) - 0.4 * np.log1p(-said))))
    line = fit_line(
        said, rng.random(said.size) < truth, unchanged().line, recalibrate.broad(), np.ones(said.size)
    )
    right = 1 / (1 + np.exp(-(recalibrate.terms(said) @ line)))
    assert right == pytest.approx(truth, abs=0.02)
    assert line[2] == pytest.approx(0.4, abs=0.1)


def test_a_line_never_falls():
    said = np.repeat([0.1, 0.9], 500)
    line = fit_line(said, said < 0.5, unchanged().line, recalibrate.broad(), np.ones(1000))
    assert (line[1:] > 0.0).all()


def forecast(origin: int, weeks: int) -> Forecast:
    curves = np.array([[0.5, 1.0], [0.8, 1.0]])
    nothing = np.zeros((1, 1))
    return Forecast(
        origin=origin,
        weeks=weeks,
        curves=curves,
        mixed=curves,
        parts=(),
        shares=nothing,
        recalibration=unchanged(),
        together=0.0,
    )


def test_weeks_that_two_forecasts_share_teach_once():
    curves, came = np.array([[0.5, 1.0], [0.8, 1.0]]), np.array([1, 0])
    first = error_of(curves, came, 0, forecast(40, 13))
    then = error_of(curves, came, first.end, forecast(44, 13))
    assert (first.end, first.new) == (53, 1.0)
    assert then.new == pytest.approx(4 / 13)


def test_old_errors_fade_and_what_other_wars_needed_comes_back():
    curves, came = np.tile([0.2, 1.0], (300, 1)), np.zeros(300, dtype=np.int64)
    error = error_of(curves, came, 0, forecast(20, 4))
    usual, apart = unchanged(), 0.1 * np.eye(3)
    away = [
        np.abs(recalibration_of([error], origin, usual, apart).line - usual.line).sum()
        for origin in (24, 76, 440)
    ]
    assert away[0] > away[1] > away[2]
    assert recalibration_of([], 24, usual, apart) is usual


def test_recalibration_without_lessons_changes_nothing():
    curves = np.array([[0.5, 0.75, 1.0], [0.1, 0.9, 1.0]])
    assert apply(unchanged(), curves) == pytest.approx(curves)
    assert tally(curves, np.array([1, 0])).sum() == pytest.approx(1.0)


def test_a_war_on_the_same_ground_teaches_nothing_about_itself():
    sarajevo = cells_of(np.array([[43.9, 18.4], [44.5, 18.7], [44.8, 15.9], [43.7, 19.0], [44.1, 19.3]]))
    names = experience(sarajevo).wars
    assert "bosnia_1992_1995" not in names
    assert len(names) >= 20
    assert shares_ground([1, 2, 3], [3, 4, 5])
    assert not shares_ground([1, 2, 3], [4, 5])


def test_the_shipped_lessons_fit_the_code_that_uses_them():
    found = experience([])
    assert found.prior.mean.size == len(NAMES)
    assert len(MEMORIES) == 3
    for weeks, sums in found.gram.items():
        assert sums.shape == (2, len(PARTS_OF_STACK), len(PARTS_OF_STACK))
        assert found.priors[weeks].mean.size == len(regress.NAMES)
        assert found.usual[weeks].shares.sum(axis=1) == pytest.approx([1.0, 1.0], abs=1e-4)
        assert found.usual[weeks].line.shape == (3,)
        assert np.linalg.eigvalsh(found.apart[weeks]).min() >= recalibrate.LEAST_SPREAD**2 - 1e-12
