"""Our fitted rules on small conflicts made by hand: people are kept, luck is keyed, and the limits are what they must be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from asylia.io.fitted_data import read_draws, read_hosts, read_pool, write_draws
from asylia.model.fitted import FittedDraws
from asylia.move.fitted.ground import prepare
from asylia.move.fitted.parameters import COUNT, MIDDLE, NAMES, PARAMETERS, SPREADS, to_natural
from asylia.move.fitted.run import expected_member, replay_member
from asylia.move.flee.observed import observe
from asylia.study.displacement import score_displacement
from asylia.study.displacement_rules import Choice
from asylia.study.fitted import draws_for, expected_people, members, newcomer_shares
from asylia.study.skill import skill_of
from replay_cases import camp, closure, link, replay, town, zone

PLAIN = FittedDraws(
    names=(*NAMES, *SPREADS), values=np.array([[*MIDDLE, 0.0, 0.0, 0.0]]), left_out="", capacities=False
)
"""The middle of the priors, and no luck."""


def two_camps(**more):
    places = [zone("Ford"), town("Mill"), camp("Near"), camp("Far", country="Plains")]
    links = [link("Ford", "Mill", 60), link("Mill", "Near", 40), link("Mill", "Far", 900)]
    reports = {"Near": {0: 20, 7: 700}, "Far": {0: 10, 7: 200}}
    return replay(places, links, reports=reports, **more)


def ground(one, capacities=False):
    return prepare(one, observe(one), read_hosts(), capacities=capacities)


def member(one, draws=PLAIN, number=0, seed=1, capacities=False):
    return replay_member(one, ground(one, capacities), draws, seed=seed, member=number)


def test_everybody_is_somewhere_every_day():
    one = two_camps()
    for number in range(20):
        found = members(one, observe(one), [number], seed=3, capacities=number % 2 == 0)[0]
        assert (found.people.sum(axis=1) + found.travelling == found.started).all()
        newcomers = 30 + np.cumsum(observe(one).newcomers)
        assert (found.started + found.waiting == newcomers).all()
        assert found.people.dtype == np.int64


def test_the_same_seed_gives_the_same_people_and_another_does_not():
    one = two_camps()
    first, again, other = (
        members(one, observe(one), [0, 1, 2], seed=seed, capacities=False) for seed in (5, 5, 6)
    )
    assert all(a.people.tobytes() == b.people.tobytes() for a, b in zip(first, again, strict=True))
    assert any(a.people.tobytes() != b.people.tobytes() for a, b in zip(first, other, strict=True))


def test_a_single_camp_takes_everybody():
    one = replay([zone("Ford"), camp("Only")], [link("Ford", "Only", 50)], reports={"Only": {0: 5, 7: 400}})
    assert member(one).at(("Only",))[-1, 0] == 400
    assert (newcomer_shares(one, observe(one), draws=3, seed=1) == 1).all()


def test_the_far_camp_gets_fewer_and_later():
    one = two_camps()
    found = member(one)
    near, far = found.at(("Near", "Far"))[-1]
    assert near > far > 10
    # 960 km at 360 a day: two whole days on the road
    assert (found.at(("Far",))[:3, 0] == 10).all()


def test_a_closed_camp_takes_nobody_until_it_opens():
    one = two_camps(closures=[closure("camp", "Far", start=0, end=4)])
    shares = newcomer_shares(one, observe(one), draws=5, seed=1)
    assert (shares[:, :4, 1] == 0).all()
    assert (shares[:, 4:, 1] > 0).all()


def test_a_closed_border_leaks_what_the_parameter_says():
    open_, shut = two_camps(), two_camps(closures=[closure("country", "Riverland", "Plains", end=-1)])
    odds = []
    for one in (open_, shut):
        _, shares = expected_member(ground(one), PLAIN, seed=1, member=0)
        odds.append(shares[0, 1] / shares[0, 0])
    assert odds[1] / odds[0] == pytest.approx(MIDDLE[NAMES.index("leak")])


def test_full_camps_turn_people_away_and_nobody_is_lost():
    places = [zone("Ford"), camp("Near", 100), camp("Next", 150)]
    one = replay(
        places, [link("Ford", "Near", 10), link("Ford", "Next", 10)], reports={"Near": {0: 0, 7: 900}, "Next": {0: 0}}
    )  # fmt: skip
    draws = replace(PLAIN, capacities=True)
    found = member(one, draws, capacities=True)
    facts = ground(one, capacities=True).facts
    assert (facts.room == [100, 150]).all()
    # each member's camps fill up at a capacity of their own
    assert 100 < found.people[-1].sum() < 600
    assert found.waiting[-1] == 900 - found.people[-1].sum()


def test_expected_people_add_up_to_the_day_and_read_no_later_counts():
    one = two_camps()
    seen = observe(one)
    found = expected_people(one, seen, draws=4, seed=1)
    assert found.sum(axis=2) == pytest.approx(np.broadcast_to(seen.people.sum(axis=1), (4, 8)))
    # the same totals the other way round from the second day on: nothing may change
    other = replace(seen, people=np.concatenate([seen.people[:1], seen.people[1:, ::-1]]))
    assert expected_people(one, other, draws=4, seed=1).tobytes() == found.tobytes()


def test_an_empty_place_of_fighting_and_days_without_any_are_borne():
    one = replay(
        [town("Ford"), camp("Near"), camp("Far", lat=15.0)], [link("Ford", "Near", 10)],
        reports={"Near": {0: 0, 7: 90}, "Far": {0: 0, 7: 9}},
    )  # fmt: skip
    found = member(one)
    assert found.started[-1] == 99
    assert (found.people.sum(axis=1) + found.travelling == found.started).all()


def test_a_folder_of_camps_alone_is_borne():
    one = replay(
        [camp("Near"), camp("Far", lat=15.0)], [], reports={"Near": {0: 0, 7: 90}, "Far": {0: 0, 7: 9}}
    )
    assert member(one).started[-1] == 99


def test_parameters_come_back_from_the_middle_of_their_priors():
    assert to_natural(np.zeros(COUNT)) == pytest.approx(MIDDLE)
    assert all(one.source and one.means for one in PARAMETERS)
    far = to_natural(np.full(COUNT, 6.0))
    assert (far > MIDDLE).all()
    assert np.isfinite(to_natural(np.full(COUNT, -60.0))).all()


def test_a_conflict_of_the_pool_is_known_by_name_or_camps_and_never_scored_with_its_own_draws():
    known = read_pool()[0]
    one = two_camps()
    named = replace(one, id=known.name.upper())
    for capacities in (False, True):
        assert draws_for(one, capacities=capacities).left_out == ""
        assert draws_for(named, capacities=capacities).left_out == known.name


def test_shipped_draws_are_whole():
    found = read_draws()
    names = {one.name for one in read_pool()}
    for switch in (False, True):
        assert {one.left_out for one in found if one.capacities is switch} == {"", *names}
    for one in found:
        assert one.names == (*NAMES, *SPREADS)
        assert np.isfinite(one.values).all()


def test_draws_survive_their_file(tmp_path):
    from asylia.io.fitted_data import read_draws_file  # noqa: PLC0415 # beside its only use

    write_draws(read_draws(), tmp_path / "draws.csv")
    again = read_draws_file(tmp_path / "draws.csv")
    assert [one.values.tobytes() for one in again] == [one.values.tobytes() for one in read_draws()]


def test_what_lies_outside_the_pool_is_said():
    skill = skill_of(two_camps())
    assert any("days recorded" in one for one in skill.outside)
    said = " ".join(skill.sentences)
    assert "Outside the range" in said
    assert "does not carry over" in said
    assert len(skill.validated_on) == len(read_pool())


def test_scores_of_a_forecast_are_of_one_split():
    score = score_displacement([two_camps()], Choice(rules="asylia", members=8))[0]
    assert 0 <= score.ard_rescaled < 2
    assert score.ard_rescaled_low <= score.ard_rescaled_high
    # the mean of splits is never worse than the mean of their errors
    assert score.ard_rescaled <= score.ard_rescaled_high
