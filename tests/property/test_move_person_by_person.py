"""One day of the `asylia` rule set, held against people who each decide for themselves."""

from __future__ import annotations

import functools
import random

import numpy as np
from scipy import stats

import move_cases as m

MEMBERS = 160
PEOPLE = 2_000
DOUBT = 0.001
# nobody moves on, goes home or leaves the country, so who has come somewhere on day 1 left home on day 0
ONE_WAY = {
    "onward_share_per_week": 0.0, "onward_hazard_share": 0.0, "return_share_per_week": 0.0,
    "leave_country_share": 0.0, "departure_spread": 0.0, "displaced_per_event": 40.0, "distance_power": 1.0,
    "population_power": 0.5, "home_area_pull": 4.0, "hazard_aversion": 0.0, "travel_km_per_day": 100.0,
}  # fmt: skip


@functools.cache
def arrivals():
    """People at b, c and d on day 1, by member."""
    places = [m.town("a", PEOPLE), m.town("b", 900), m.town("c", 2500), m.town("d", 2500, "South")]
    legs = [m.leg("a", "b", 14), m.leg("a", "c", 64), m.leg("a", "d", 44)]
    tiny = m.case(places, legs)
    found = []
    for member in range(MEMBERS):
        history = m.run(tiny, draw=m.scenario(member, **ONE_WAY), events={"a": [10]}, days=2)
        found.append([history.displaced_at[history.places.index(name)] for name in "bcd"])
    return np.array(found)


def one_person_after_another(chance):
    """The same day with each person drawing alone: stay or leave, then where to, by weight."""
    # (km + 36) to the power of -1, the square root of the people there, four times that in the same area
    weights = [4 * 900**0.5 / 50, 4 * 2500**0.5 / 100, 2500**0.5 / 80]
    luck, found = random.Random(11), []  # noqa: S311 - a simulation, not a secret
    for _ in range(MEMBERS // 2):
        leavers = sum(luck.random() < chance for _ in range(PEOPLE))
        picked = luck.choices("bcd", weights, k=leavers)
        found.append([picked.count(name) for name in "bcd"])
    return np.array(found)


def test_a_day_of_departures_is_that_of_people_who_decide_alone():
    ours = arrivals()
    theirs = one_person_after_another(ours.sum() / MEMBERS / PEOPLE)
    blur = np.random.default_rng(1)
    found = [
        stats.ks_2samp(one + blur.random(one.size), other + blur.random(other.size)).pvalue
        for one, other in [*zip(ours.T, theirs.T, strict=True), (ours.sum(axis=1), theirs.sum(axis=1))]
    ]
    assert min(found) > DOUBT / len(found)


def test_departures_spread_like_those_of_people_who_decide_alone():
    left = arrivals().sum(axis=1)
    chance = left.mean() / PEOPLE
    # a week of ten events makes about 400 of 2,000 leave
    assert 0.02 < chance < 0.04
    dispersion = ((left - left.mean()) ** 2).sum() / (PEOPLE * chance * (1 - chance))
    assert DOUBT < stats.chi2.cdf(dispersion, MEMBERS - 1) < 1 - DOUBT
