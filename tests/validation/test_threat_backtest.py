"""The event field on the shipped case's own past: fitted to the end of October 2016, scored to February 2017."""

import datetime as dt

import polars as pl
import pytest

from asylia.io.folder import find_case, read_case
from asylia.study.backtest import AHEAD, backtest
from asylia.threat.field import fit, paths

FITTED_TO = dt.date(2016, 10, 30)


@pytest.fixture(scope="module")
def case():
    return read_case(find_case("syria-2017"))


@pytest.fixture(scope="module")
def scores(case) -> dict[int, dict[str, float]]:
    return {row["weeks"]: row for row in backtest(case, FITTED_TO).iter_rows(named=True)}


@pytest.mark.parametrize("weeks", AHEAD)
def test_not_worse_than_twelve_months_of_climatology(scores, weeks: int):
    assert scores[weeks]["crps"] <= scores[weeks]["crps_climatology"]


@pytest.mark.parametrize("weeks", AHEAD)
def test_the_90_percent_range_holds_most_of_what_came(scores, weeks: int):
    assert scores[weeks]["active_places"] > 20
    assert 0.75 <= scores[weeks]["coverage_90"] <= 1.0


def test_what_came_later_does_not_enter_the_fit(case):
    later = case.events.with_columns(
        pl.when(pl.col("week") > FITTED_TO)
        .then(pl.col("events") * 50)
        .otherwise(pl.col("events"))
        .alias("events")
    )
    places = case.places.sort("id")
    first, second = (fit(events, places, FITTED_TO) for events in (case.events, later))
    assert (paths(first, seed=1, member=0, weeks=4) == paths(second, seed=1, member=0, weeks=4)).all()


def test_places_without_a_past_are_not_certain_of_quiet(case):
    places = case.places.filter(pl.col("kind") == "town").sort("id")
    field = fit(case.events, places, FITTED_TO)
    assert (field.level > 0).all()
    total = sum(paths(field, seed=1, member=member, weeks=52) for member in range(1500))
    assert (total.sum(axis=1) > 0).all()
