"""The event field of a case: what it knows, whom its luck belongs to, and that it neither dies out nor runs away."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from asylia.threat.field import EventField, fit, outlook, paths
from asylia.threat.weeks import monday, span, weekly_counts

FIRST = dt.date(2016, 1, 4)
AS_OF = dt.date(2017, 1, 1)
PLACES = ["busy", "calm", "quiet"]


def ground(places: list[str] = PLACES) -> pl.DataFrame:
    """Put each place where its name says, wherever it stands in the list, on ground no shipped war shares."""
    spots = {"busy": (-40.1, 0.2), "calm": (-40.6, 0.9), "quiet": (-41.3, 0.1), "abroad": (-44.0, 3.0)}
    return pl.DataFrame(
        [{"id": place, "lat": spots[place][0], "lon": spots[place][1]} for place in places],
        schema={"id": pl.String, "lat": pl.Float64, "lon": pl.Float64},
    )


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
    return fit(war(), ground(places), AS_OF)


def drawn(field: EventField, members: int, weeks: int) -> np.ndarray:
    return np.stack([paths(field, seed=1, member=member, weeks=weeks) for member in range(members)])


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
    assert span(war(), dt.date(2016, 12, 31)) == (FIRST, 51)
    assert span(war(), AS_OF) == (FIRST, 52)
    assert span(war(), dt.date(2017, 1, 2)) == (FIRST, 52)
    assert make().weeks == 52


def test_nothing_after_the_as_of_date_is_used():
    later = events({"quiet": [50] * 10}, dt.date(2017, 1, 2))
    with_later = fit(pl.concat([war(), later]), ground(), AS_OF)
    assert with_later.level.tolist() == make().level.tolist()


def test_no_place_is_ever_certain_of_quiet_and_recent_weeks_lead():
    field = make()
    assert field.level[0] > field.level[1] > field.level[2] > 0
    risen = fit(events({"busy": [1] * 44 + [9] * 8, "calm": [9] * 8 + [1] * 44}), ground(), AS_OF)
    assert risen.level[0] > 2 * risen.level[1]
    assert risen.recent.tolist() == [9.0, 1.0, 0.0]


def test_a_case_without_events_or_places_still_stands():
    empty = fit(war().clear(), ground(), AS_OF)
    assert (empty.level > 0).all()
    brief = fit(events({"busy": [2]}, dt.date(2016, 12, 26)), ground(), AS_OF)
    assert (brief.weeks, brief.recent.tolist()) == (1, [2.0, 0.0, 0.0])
    assert drawn(brief, 5, 60).sum() >= 0
    assert paths(empty, seed=1, member=0, weeks=5).shape == (3, 5)
    assert paths(fit(war(), ground([]), AS_OF), seed=1, member=0, weeks=5).shape == (0, 5)


def test_places_outside_the_war_neither_lend_nor_borrow():
    inside = fit(war(), ground(["busy", "calm"]), AS_OF)
    both = fit(war(), ground(["busy", "calm", "abroad"]), AS_OF, outside={"abroad"})
    assert both.level[:2].tolist() == inside.level.tolist()
    assert 0 < both.level[2] < 1e-3
    lent = fit(war(), ground(["busy", "calm", "abroad"]), AS_OF)
    assert lent.level[2] > 10 * both.level[2]


def test_row_order_is_irrelevant():
    shuffled = fit(war().sample(fraction=1.0, shuffle=True, seed=5), ground(), AS_OF)
    assert np.array_equal(drawn(shuffled, 3, 9), drawn(make(), 3, 9))


def test_a_longer_horizon_only_adds_weeks_and_members_differ():
    field = make()
    whole = paths(field, seed=7, member=0, weeks=130)
    for weeks in (0, 1, 11, 30, 52, 53, 79):
        assert np.array_equal(whole[:, :weeks], paths(field, seed=7, member=0, weeks=weeks))
    assert not np.array_equal(whole, paths(field, seed=7, member=1, weeks=130))
    assert not np.array_equal(whole, paths(field, seed=8, member=0, weeks=130))


def test_years_on_the_level_is_still_that_of_the_forecast():
    """No growth without end and no dying out: later half years are as the second half of the first year."""
    far = drawn(make(), 600, 260).sum(axis=1).reshape(600, 10, 26).sum(axis=2).mean(axis=0)
    assert far[2:] == pytest.approx(np.full(8, far[1]), rel=0.15)


def test_outlook_holds_the_recent_weeks_and_an_ordered_range():
    table = outlook(make(), members=60, weeks=13)
    assert table.columns == ["place", "events_recent", "outlook_low", "outlook_middle", "outlook_high"]
    assert table["place"].to_list() == PLACES
    low, middle, high = (table[c].to_numpy() for c in table.columns[2:])
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert high[0] > high[2]
