"""What holds in every replay, member and day of the `flee` rule set."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import replay_cases as cases
from asylia.move.flee.ground import prepare
from asylia.move.flee.run import replay_days
from replay_strategies import replays

# The same examples every time: what these draw is part of the evidence.
always = settings(derandomize=True, max_examples=25)


def history(tiny, *, seed=1, member=0, quirks=False, capacities=True, expected=False):
    ground = prepare(tiny, quirks=quirks, capacities=capacities)
    return replay_days(ground, seed=seed, member=member, expected=expected)


def same_bytes(one, other):
    names = ("people", "travelling", "started")
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in names)


def by_name(found):
    """Counts of each place by name, and of those between places."""
    table = {name: tuple(found.people[:, number]) for number, name in enumerate(found.places)}
    return table | {"": tuple(found.travelling)}


@always
@given(replays(), st.booleans(), st.booleans(), st.integers(0, 50))
def test_nobody_is_lost_or_made(tiny, quirks, exact, member):
    found = replay_days(prepare(tiny, quirks=quirks, exact=exact), seed=1, member=member)
    assert found.people.dtype == found.travelling.dtype == found.started.dtype == np.int64
    assert found.people.min() >= 0
    assert found.travelling.min() >= 0
    assert np.array_equal(found.people.sum(axis=1) + found.travelling, found.started)
    assert (np.diff(found.started) >= 0).all()


@always
@given(replays(), st.integers(0, 10**6), st.integers(0, 10**4))
def test_the_same_seed_gives_the_same_bytes_in_any_order(tiny, seed, member):
    ground = prepare(tiny)
    first = replay_days(ground, seed=seed, member=member)
    replay_days(ground, seed=seed, member=member + 1)
    assert same_bytes(first, replay_days(ground, seed=seed, member=member))
    assert same_bytes(first, history(tiny, seed=seed, member=member))


def test_another_seed_or_member_draws_anew():
    tiny = cases.star()
    assert not same_bytes(history(tiny, seed=1), history(tiny, seed=2))
    assert not same_bytes(history(tiny, member=0), history(tiny, member=1))
    # seeds and members are no two names of one number
    assert not same_bytes(history(tiny, seed=1, member=2), history(tiny, seed=2, member=1))


@always
@given(replays(), st.integers(0, 10**6))
def test_the_order_of_rows_is_irrelevant(tiny, seed):
    # the first place stays first, because its country is home
    order = [0, *(1 + np.random.default_rng(seed).permutation(tiny.places.height - 1))]
    turned = tiny.links.sample(fraction=1.0, shuffle=True, seed=seed)
    mixed = replace(
        tiny,
        places=tiny.places[order],
        intensity=tiny.intensity[:, order],
        links=turned,
        closures=tiny.closures.sample(fraction=1.0, shuffle=True, seed=seed),
        reports=tiny.reports.sample(fraction=1.0, shuffle=True, seed=seed),
    )
    assert by_name(history(tiny)) == by_name(history(mixed))


def test_a_link_written_from_its_other_end_is_the_same_link():
    tiny = cases.two_wars()
    other = tiny.links.rename({"from": "to", "to": "from"}).select(tiny.links.columns)
    assert by_name(history(tiny)) == by_name(history(replace(tiny, links=other)))


@always
@given(replays(), st.sampled_from(["town", "camp", "marker"]), st.integers(0, 5))
def test_a_place_without_a_way_changes_nobody_elses_luck(tiny, kind, at):
    lonely = cases.frame(cases.PLACES, [cases.place("a lonely place", kind, population=5000)])
    spot = min(at, tiny.places.height - 1) + 1
    more = replace(
        tiny,
        places=pl.concat([tiny.places[:spot], lonely, tiny.places[spot:]]),
        intensity=np.insert(tiny.intensity, spot, 0.0, axis=1),
    )
    table = by_name(history(more))
    assert set(table.pop("a lonely place")) == {0}
    assert table == by_name(history(tiny))


@always
@given(
    here=st.integers(0, 60),
    capacity=st.integers(1, 60),
    buffer=st.sampled_from([0.0, 0.5, 0.9]),
    scaling=st.sampled_from([0.5, 1.0, 1.25]),
    quirks=st.booleans(),
)
def test_nobody_sets_out_for_a_camp_that_is_more_than_half_way_to_full(
    here, capacity, buffer, scaling, quirks
):
    # one way out of z, and nobody leaves the camp, so those who are in it on day 0 are all that the board says
    room = capacity - here if quirks else capacity
    full = room * scaling if room > 0 else 0.0
    factor = (
        1.0
        if full < 1 or here <= buffer * full
        else max(1 - (here - buffer * full) / (full * (1 - buffer)), 0)
    )
    assume(abs(factor - 0.5) > 1e-9)
    tiny = cases.replay(
        [cases.zone("z"), cases.camp("c", capacity)],
        [cases.link("z", "c", 100)],
        reports={"c": {0: here, 1: here + 40}},
        days=2,
        camp_movechance=0.0,
        capacity_buffer=buffer,
        capacity_scaling=scaling,
    )
    found = history(tiny, quirks=quirks)
    assert found.at(("c",))[1, 0] == here + (0 if factor < 0.5 else 40)
    assert history(tiny, quirks=quirks, capacities=False).at(("c",))[1, 0] == here + 40


@always
@given(replays(), st.booleans(), st.integers(0, 5))
def test_people_stay_where_every_way_out_is_closed(tiny, by_link, member):
    ways = tiny.links.filter((pl.col("from") == "z") | (pl.col("to") == "z"))
    rows = [cases.closure("link", x, y, 0, -1) for x, y, *_ in ways.iter_rows()]
    rows = rows if by_link else [cases.closure("location", "z", "", 0, -1)]
    wall = pl.concat([tiny.closures, cases.frame(cases.CLOSURES, rows)])
    only = np.zeros_like(tiny.intensity)
    only[:, 0] = 1.0
    places = tiny.places.with_columns(
        population=pl.when(pl.col("name") == "z").then(9).otherwise("population")
    )
    found = history(replace(tiny, closures=wall, intensity=only, places=places), member=member)
    newcomers = found.started - found.started[0]
    if not tiny.settings.insert_day0:
        newcomers = found.started
    assert np.array_equal(found.people[:, found.places.index("z")], newcomers)


@always
@given(
    st.lists(st.floats(1, 150), min_size=1, max_size=5),
    st.integers(1, 3),
    st.booleans(),
    st.floats(30, 400),
)
def test_nobody_covers_more_than_a_days_way(lengths, awareness, stints, speed):
    # one line of places: who stands at a place after so many days has come at least that far
    told = {"default_movechance": 1.0, "awareness_level": awareness, "avoid_short_stints": stints}
    tiny = cases.chain(len(lengths) + 1, km=lengths, days=4, people=300, max_move_speed=speed, **told)
    far = np.concatenate([[0.0], np.cumsum(lengths)])
    reach = speed * np.arange(1, 5)
    assert history(tiny).people[far[np.newaxis, :] > reach[:, np.newaxis] + 1e-6].sum() == 0


def test_the_peer_covers_almost_twice_a_days_way():
    tiny = cases.chain(3, km=(355, 355), people=400, days=1, default_movechance=1.0, conflict_movechance=1.0)
    assert history(tiny).at(("c",))[0, 0] == 0
    # the peer doubles who sets out on day 0, too
    assert 0 < history(tiny, quirks=True).at(("c",))[0, 0] < 800


@pytest.mark.parametrize("quirks", [False, True])
def test_people_wait_while_there_is_nowhere_to_set_out_from(quirks):
    # ten a day from day 1; the war begins on day 3, when those of three days set out at once
    tiny = cases.star(intensity={"z": [0.0, 0.0, 0.0, 1.0]}, reports={"c": {0: 5, 8: 85}}, days=6)
    tiny = replace(tiny, places=tiny.places.with_columns(onset_day=pl.lit(3)))
    assert history(tiny, quirks=quirks).started.tolist() == [5, 5, 5, 35, 45, 55]


@pytest.mark.parametrize("name", ["star", "aware_3", "short_stints", "markers"])
def test_a_thousand_times_the_people_go_the_same_ways(name):
    small = cases.features()[name]
    factor = 1000
    grown = replace(small, reports=small.reports.with_columns(pl.col("people") * factor))
    most = replace(small, reports=small.reports.with_columns(pl.col("people") * factor**2))
    one, other = history(grown), history(most)
    part, whole = one.people / one.started[:, np.newaxis], other.people / other.started[:, np.newaxis]
    # what interpolation cuts off is below one of a thousand people; five binomial errors of the smaller crowd
    error = np.sqrt(np.maximum(whole * (1 - whole), 1e-6) / one.started[:, np.newaxis])
    cut = small.reports.height / one.started[:, np.newaxis]
    assert (np.abs(part - whole) < 5 * error + cut).all()
