"""The engine of the `flee` rule set, held against what two places and the expected flow say exactly."""

from __future__ import annotations

import math
import zlib

import numpy as np
import pytest
from scipy import stats

import replay_cases as cases
from asylia.move.flee.ground import prepare
from asylia.move.flee.run import replay_days

SPEED = 100.0
DOUBT = 0.01
MEMBERS = 300

# Full camps, and people who leave a population for good, tie persons to one another: there the mean over members is
# not the rule applied to means, and the expected flow is an approximation.
COUPLED = {"room", "little_room", "two_wars", "people_leave_home", "aware_2", "weights", "by_population"}
COUPLED |= {
    "chance_by_population",
    "per_conflict_day",
    "per_person",
    "poisson",
    "redirected",
    "few_people_left",
}
COUPLED |= {"no_day_0"}


def walk(leave, come_back, km, days):
    """Chance to be at either place, or between them, at the end of each day: every state of a person by hand.

    A person at a place takes the link with the chance of the place. On the link, x kilometres done, SPEED is added a
    day; beyond its length one has arrived, and may leave again for what is left of the day.
    """
    chance = {"z": leave, "b": come_back}
    other = {"z": "b", "b": "z"}
    now, found = {("z", None): 1.0}, []
    for _ in range(days):
        after = {}
        todo = [(state, part, SPEED, True) for state, part in now.items()]
        while todo:
            (place, x), part, left, asks = todo.pop()
            if x is None and asks:
                todo.append(((place, None), part * (1 - chance[place]), left, False))
                todo.append(((place, 0.0), part * chance[place], left, False))
            elif x is None or left <= 0:
                after[place, x] = after.get((place, x), 0.0) + part
            elif x + left > km:
                todo.append(((other[place], None), part, left - (km - x), True))
            else:
                todo.append(((place, x + left), part, 0.0, False))
        now = {state: part for state, part in after.items() if part > 0}
        at = {
            place: sum(part for (where, x), part in now.items() if where == place and x is None)
            for place in "zb"
        }
        found.append([at["z"], at["b"], 1 - at["z"] - at["b"]])
    return np.array(found)


def two_places(kind, leave, come_back, km, people=50, days=9):
    chance = {"default_movechance": come_back} if kind == "town" else {"camp_movechance": come_back}
    told = {"conflict_movechance": leave, "max_move_speed": SPEED, "km": km, "people": people, "days": days}
    return cases.pair(kind, **told, **chance)


KINDS = [("camp", 0.3, 0.0), ("town", 0.4, 0.25), ("town", 1.0, 1.0), ("camp", 0.7, 0.1)]
LENGTHS = [30.0, 100.0, 250.0, 399.0]


@pytest.mark.parametrize(("kind", "leave", "come_back"), KINDS)
@pytest.mark.parametrize("km", LENGTHS)
def test_two_places_follow_their_markov_chain(kind, leave, come_back, km):
    tiny = two_places(kind, leave, come_back, km)
    ground = prepare(tiny)
    expected = walk(leave, come_back, km, tiny.days)
    flow = replay_days(ground, seed=1, member=0, expected=True)
    assert np.abs(np.column_stack([flow.people, flow.travelling]) - 50 * expected).max() < 1e-9
    histories = [replay_days(ground, seed=1, member=member) for member in range(MEMBERS)]
    counts = np.array([np.column_stack([h.people, h.travelling]) for h in histories])
    random = np.random.default_rng(zlib.crc32(f"{kind} {km} {leave}".encode()))
    found = [binomial_p(counts[:, *cell], 50, expected[cell], random) for cell in np.ndindex(expected.shape)]
    assert min(found) > DOUBT / (len(found) * len(KINDS) * len(LENGTHS))


def binomial_p(sample, people, chance, random):
    """Hold a sample against a binomial distribution: KS of the chances of what was drawn, blurred within each."""
    chance = min(max(chance, 0.0), 1.0)
    if chance in {0.0, 1.0} or chance < 1e-12 or chance > 1 - 1e-12:
        return float((sample == round(people * chance)).all())
    low, high = stats.binom.cdf(sample - 1, people, chance), stats.binom.cdf(sample, people, chance)
    return stats.kstest(low + random.random(sample.size) * (high - low), "uniform").pvalue


@pytest.mark.parametrize(("km", "days"), [(30.0, 1), (100.0, 2), (199.9, 2), (200.0, 3), (399.0, 4)])
def test_arrivals_at_a_camp_that_nobody_leaves_have_a_closed_form(km, days):
    # a link of n days: who set out on day s is there at the end of day s + n - 1
    assert days == math.floor(km / SPEED) + 1
    flow = replay_days(prepare(two_places("camp", 0.3, 0.0, km)), seed=1, member=0, expected=True)
    for day in range(9):
        assert flow.people[day, 1] == pytest.approx(50 * (1 - 0.7 ** max(day - days + 2, 0)), abs=1e-9)


@pytest.mark.parametrize("people", [2, 3, 30])
def test_people_go_on_foot_each_by_their_own_luck(people):
    # on foot 35 km of 100 are done on day 0; the others arrive
    tiny = cases.replay(
        [cases.zone("z"), cases.camp("c")],
        [cases.link("z", "c", 100, walk_probability=0.5)],
        reports={"c": {0: people}},
        days=1,
        insert_day0=False,
        camp_movechance=0.0,
    )
    ground = prepare(tiny)
    counts = np.array([replay_days(ground, seed=2, member=member).people[0, 1] for member in range(MEMBERS)])
    assert binomial_p(counts, people, 0.5, np.random.default_rng(3)) > DOUBT


FREE = sorted(set(cases.features()) - COUPLED)


def z_scores(name, members):
    ground = prepare(cases.features()[name])
    flow = replay_days(ground, seed=9, member=0, expected=True)
    histories = [replay_days(ground, seed=9, member=member) for member in range(members)]
    counts = np.array([np.column_stack([h.people, h.travelling]) for h in histories]).astype(float)
    expected = np.column_stack([flow.people, flow.travelling])
    error = counts.std(axis=0, ddof=1) / math.sqrt(members)
    # a place that a handful of members reach has no normal mean; there the error is at least a few people in all
    return (counts.mean(axis=0) - expected) / np.maximum(error, 3 / members)


@pytest.mark.parametrize("name", FREE)
def test_expected_flow_is_the_mean_over_members(name):
    scores = z_scores(name, 400)
    assert np.abs(scores).max() < stats.norm.isf(DOUBT / 2 / scores.size / len(FREE))


def test_expected_flow_is_not_the_mean_where_camps_fill():
    # the mean of what is left of a camp is not what is left of it at the mean
    assert np.abs(z_scores("room", 1500)).max() > 6


@pytest.mark.parametrize("name", sorted(cases.features()))
def test_people_counted_by_their_mean_travel_end_where_they_should(name):
    # large networks merge people who have travelled about as far (`exact`); the price, in shares of everybody
    tiny = cases.features()[name]
    exact, merged = (
        replay_days(prepare(tiny, exact=exact), seed=1, member=0, expected=True) for exact in (True, False)
    )
    assert np.array_equal(exact.started, merged.started)
    wrong = np.abs(exact.people - merged.people).max(axis=1) / np.maximum(exact.started, 1)
    # whoever is a little below or above the line of a short stint goes on, or not: the mean may lie across it
    assert wrong.max() < (0.15 if name == "short_stints" else 0.015)


@pytest.mark.parametrize("name", sorted(cases.features()))
@pytest.mark.parametrize("quirks", [False, True], ids=["documented", "quirks"])
def test_expected_flow_loses_nobody(name, quirks):
    flow = replay_days(prepare(cases.features()[name], quirks=quirks), seed=0, member=0, expected=True)
    assert np.abs(flow.people.sum(axis=1) + flow.travelling - flow.started).max() < 1e-9
    assert flow.people.min() >= 0
    assert flow.travelling.min() >= -1e-12
