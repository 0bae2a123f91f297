from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.threat.counts import invert
from asylia.threat.field import HIGHEST, EventField, fit, monday, outlook, paths, weekly_counts

FIRST = dt.date(2016, 1, 4)
AS_OF = dt.date(2017, 1, 1)
PLACES = ["busy", "calm", "quiet"]


def events(rows: dict[str, list[int]], first: dt.date = FIRST) -> pl.DataFrame:
    """Give one row per place and week that had events."""
    return pl.DataFrame(
        [
            {"week": first + dt.timedelta(weeks=w), "place": place, "events": number}
            for place, numbers in rows.items()
            for w, number in enumerate(numbers)
            if number
        ],
        schema={"week": pl.Date, "place": pl.String, "events": pl.Int64},
    )


def war() -> pl.DataFrame:
    luck = np.random.default_rng(3)
    return events(
        {"busy": luck.negative_binomial(2, 0.2, 52).tolist(), "calm": luck.poisson(0.4, 52).tolist()}
    )


def make(places: list[str] = PLACES) -> EventField:
    return fit(war(), places, AS_OF)


def test_rows_count_by_date_and_by_week_alike():
    frame = pl.DataFrame(
        {
            "date": [dt.date(2016, 1, 10), None, dt.date(2016, 1, 11), None],
            "week": [None, dt.date(2016, 1, 4), None, dt.date(2015, 12, 28)],
            "place": ["busy", "busy", "calm", "busy"],
            "events": [2, 3, 4, 99],
        }
    )
    counted = weekly_counts(frame, PLACES, FIRST, 2)
    assert counted.dtype == np.int64
    assert counted.tolist() == [[5, 0], [0, 4], [0, 0]]
    assert weekly_counts(frame.drop("date"), PLACES, FIRST, 2).tolist() == [[3, 0], [0, 0], [0, 0]]
    assert weekly_counts(frame.clear(), PLACES, FIRST, 2).sum() == 0


def test_a_week_that_is_not_over_is_left_out():
    assert monday(AS_OF) == dt.date(2016, 12, 26)
    assert fit(war(), PLACES, dt.date(2016, 12, 31)).weeks == 51
    assert fit(war(), PLACES, AS_OF).weeks == 52
    assert fit(war(), PLACES, dt.date(2017, 1, 2)).weeks == 52


def test_nothing_after_the_as_of_date_is_used():
    later = events({"quiet": [50] * 10}, dt.date(2017, 1, 2))
    with_later = fit(pl.concat([war(), later]), PLACES, AS_OF)
    assert with_later.level.tolist() == make().level.tolist()


def test_no_place_is_ever_certain_of_quiet_and_recent_weeks_lead():
    field = make()
    assert field.level[0] > field.level[1] > field.level[2] > 0
    risen = fit(events({"busy": [1] * 44 + [9] * 8, "calm": [9] * 8 + [1] * 44}), PLACES, AS_OF)
    assert risen.level[0] > 3 * risen.level[1]
    assert risen.recent.tolist() == [9.0, 1.0, 0.0]


def test_a_case_without_events_or_places_still_stands():
    empty = fit(war().clear(), PLACES, AS_OF)
    assert (empty.level > 0).all()
    brief = fit(events({"busy": [2]}, dt.date(2016, 12, 26)), PLACES, AS_OF)
    assert (brief.weeks, brief.recent.tolist()) == (1, [2.0, 0.0, 0.0])
    assert paths(empty, seed=1, member=0, weeks=5).shape == (3, 5)
    assert paths(fit(war(), [], AS_OF), seed=1, member=0, weeks=5).shape == (0, 5)


def test_places_outside_the_war_neither_lend_nor_borrow():
    inside = fit(war(), ["busy", "calm"], AS_OF)
    both = fit(war(), ["busy", "calm", "abroad"], AS_OF, outside={"abroad"})
    assert both.level[:2].tolist() == inside.level.tolist()
    assert both.level[2] < 1e-3
    lent = fit(war(), ["busy", "calm", "abroad"], AS_OF)
    assert lent.level[2] > 10 * both.level[2]


def test_row_order_is_irrelevant():
    shuffled = fit(war().sample(fraction=1.0, shuffle=True, seed=5), PLACES, AS_OF)
    assert np.array_equal(
        paths(shuffled, seed=7, member=2, weeks=9), paths(make(), seed=7, member=2, weeks=9)
    )


def test_place_order_moves_rows_and_nothing_else():
    turned = make(PLACES[::-1])
    assert np.array_equal(
        paths(turned, seed=7, member=2, weeks=9)[::-1], paths(make(), seed=7, member=2, weeks=9)
    )


def test_a_place_added_elsewhere_leaves_the_draws_of_others_untouched():
    field = make()
    fewer = replace(
        field, places=field.places[:2], shape=field.shape[:2], rate=field.rate[:2], recent=field.recent[:2]
    )
    assert np.array_equal(
        paths(fewer, seed=7, member=3, weeks=20), paths(field, seed=7, member=3, weeks=20)[:2]
    )


def test_a_longer_horizon_only_adds_weeks_and_members_differ():
    field = make()
    assert np.array_equal(
        paths(field, seed=7, member=0, weeks=30)[:, :11], paths(field, seed=7, member=0, weeks=11)
    )
    assert not np.array_equal(
        paths(field, seed=7, member=0, weeks=30), paths(field, seed=7, member=1, weeks=30)
    )
    assert not np.array_equal(
        paths(field, seed=7, member=0, weeks=30), paths(field, seed=8, member=0, weeks=30)
    )


def test_draws_keep_the_level_in_the_mean():
    field = make()
    drawn = np.stack([paths(field, seed=1, member=m, weeks=52) for m in range(1500)]).mean(axis=(0, 2))
    assert drawn[0] == pytest.approx(field.level[0], rel=0.1)
    assert drawn[1] == pytest.approx(field.level[1], rel=0.15)


def test_counts_are_capped_before_they_run_away():
    field = replace(make(), shape=np.full(3, 1e6), rate=np.full(3, 1.0))
    drawn = paths(field, seed=1, member=0, weeks=4)
    assert drawn.max() < 20 * HIGHEST


def test_outlook_holds_the_recent_weeks_and_an_ordered_range():
    table = outlook(make(), members=60, weeks=13)
    assert table.columns == ["place", "events_recent", "outlook_low", "outlook_middle", "outlook_high"]
    assert table["place"].to_list() == PLACES
    low, middle, high = (table[c].to_numpy() for c in table.columns[2:])
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert high[2] > 0


def test_the_spread_within_blocks_is_found_again():
    luck = np.random.default_rng(11)
    wide = {f"p{n}": luck.negative_binomial(2, 2 / 12, 208).tolist() for n in range(20)}
    even = {f"p{n}": luck.poisson(10, 208).tolist() for n in range(20)}
    end = FIRST + dt.timedelta(weeks=208)
    assert fit(events(wide), list(wide), end).dispersion == pytest.approx(2.0, rel=0.2)
    assert fit(events(even), list(even), end).dispersion > 20


def test_a_level_that_wanders_is_told_from_one_that_does_not():
    luck = np.random.default_rng(12)
    steps = luck.normal(0, 1, (20, 52))
    log = np.zeros((20, 52))
    for block in range(1, 52):
        log[:, block] = 0.9 * log[:, block - 1] + np.sqrt(1 - 0.81) * steps[:, block]
    means = 8 * np.exp(np.repeat(log, 4, axis=1) - 0.5)
    end = FIRST + dt.timedelta(weeks=208)
    wandering = {f"p{n}": luck.poisson(means[n]).tolist() for n in range(20)}
    steady = {f"p{n}": luck.poisson(8, 208).tolist() for n in range(20)}
    moved, still = (fit(events(w), list(w), end) for w in (wandering, steady))
    assert moved.wander > 0.7
    assert still.wander < 0.5
    assert moved.half_life < still.half_life


@pytest.mark.parametrize(
    ("mean", "dispersion"), [(0.05, 0.5), (1.0, 1.0), (7.0, 3.0), (90.0, 0.7), (900.0, 50.0)]
)
def test_inversion_agrees_with_scipy(mean: float, dispersion: float):
    luck = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 999), [1e-15, 1 - 1e-12]])
    expected = stats.nbinom.ppf(luck, dispersion, dispersion / (dispersion + mean))
    assert np.array_equal(invert(luck, np.full(luck.shape, mean), dispersion), expected.astype(np.int64))


@given(
    st.floats(0.0, 1000.0),
    st.floats(0.0, 1000.0),
    st.floats(0.3, 50.0),
    st.floats(1e-9, 1 - 1e-9, exclude_max=True),
)
def test_more_fighting_never_draws_fewer_events_at_the_same_luck(low, more, dispersion, luck):
    means = np.array([low, low + more])
    first, second = invert(np.full(2, luck), means, dispersion)
    assert 0 <= first <= second


def test_inversion_ends_at_the_highest_luck_there_is():
    luck = np.full(3, 1 - 2.0**-54)
    drawn = invert(luck, np.array([0.0, 1.0, 1000.0]), 1.0)
    assert drawn[0] == 0
    assert drawn[1] < drawn[2] < 60_000


def test_level_and_event_luck_are_apart():
    ids = stable_ids(PLACES)
    level = uniforms(7, int(Stream.LEVEL), 0, 0, ids, 5)
    event = uniforms(7, int(Stream.EVENTS), 0, 0, ids, 5)
    assert not np.isin(level, event).any()
