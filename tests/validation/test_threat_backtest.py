"""The event field on the shipped case's own past: fitted to the end of October 2016, scored to February 2017."""

from __future__ import annotations

import datetime as dt
import importlib.resources

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from asylia.threat.field import fit, paths, weekly_counts
from asylia.threat.scores import coverage, crps

FITTED_TO = dt.date(2016, 10, 30)
FIRST = dt.date(2016, 10, 31)
WEEKS = 16
DRAWS = 300


@pytest.fixture(scope="module")
def past() -> tuple[list[str], pl.DataFrame]:
    folder = importlib.resources.files("asylia") / "data" / "cases" / "syria-2017"
    table = folder / "events.csv"
    if not table.is_file():
        pytest.skip("the case syria-2017 has no events.csv yet")
    events = pl.read_csv(table.read_bytes(), schema_overrides={"date": pl.Date, "week": pl.Date})
    places = pl.read_csv((folder / "places.csv").read_bytes(), infer_schema_length=None)
    inside = places.filter(pl.col("country") == "Syria", pl.col("kind") == "town")
    return sorted(inside["id"].to_list()), events


@pytest.fixture(scope="module")
def forecasts(past) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Give our draws, draws from each place's own last twelve months, and what came: (draw, place, week)."""
    places, events = past
    field = fit(events, places, FITTED_TO)
    ours = np.stack([paths(field, seed=1, member=m, weeks=WEEKS) for m in range(DRAWS)])
    # the past year as far as the case goes back
    weeks = min(52, field.weeks)
    year = weekly_counts(events, places, FIRST - dt.timedelta(weeks=weeks), weeks)
    picks = np.random.default_rng(1).integers(0, weeks, (DRAWS, len(places), WEEKS))
    climatology = year[np.arange(len(places))[None, :, None], picks]
    return ours, climatology, weekly_counts(events, places, FIRST, WEEKS)


@pytest.mark.parametrize("weeks", [1, 4, 13, 16])
def test_not_worse_than_twelve_months_of_climatology(forecasts, weeks: int):
    ours, climatology, seen = (values[..., :weeks].sum(axis=-1) for values in forecasts)
    score, rival = float(crps(ours, seen).mean()), float(crps(climatology, seen).mean())
    assert score <= rival, f"CRPS {score:.3f} against {rival:.3f}"


def test_the_90_percent_range_holds_most_of_what_came(forecasts):
    ours, _, seen = (values[..., :13].sum(axis=-1) for values in forecasts)
    active = ours.mean(axis=0) > 0.5
    share = coverage(ours[:, active], seen[active])
    assert 0.75 <= share <= 1.0, f"coverage {share:.2f} of 90 % ranges over {active.sum()} active places"


def test_places_without_a_past_are_not_certain_of_quiet(past, forecasts):
    places, events = past
    field = fit(events, places, FITTED_TO)
    assert (field.level > 0).all()
    assert (forecasts[0].sum(axis=(0, 2)) > 0).all()
