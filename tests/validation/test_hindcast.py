"""The hindcast reads what came after, compares like with like, and is of the right size. It is not claimed to be good."""

import datetime as dt

import polars as pl
import pytest

from asylia.io.folder import find_case, read_case
from asylia.study.hindcast import hindcast


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    return hindcast(find_case("syria-2017"), members=12, days=170)


def test_only_whole_months_after_the_case_are_compared(table):
    assert table.filter(pl.col("measure") == "newly_displaced")["month"].to_list() == [
        dt.date(2017, month, 1) for month in range(3, 8)
    ]


def test_recorded_figures_are_those_of_the_published_series(table):
    march = table.filter((pl.col("measure") == "newly_displaced") & (pl.col("month") == dt.date(2017, 3, 1)))
    assert march["recorded"].item() == 304_766


def test_departures_are_of_the_right_size(table):
    rows = table.filter(pl.col("measure") == "newly_displaced")
    for name in ("forecast_middle", "known_middle"):
        ratio = rows[name].sum() / rows["recorded"].sum()
        assert 0.4 < ratio < 1.6, name


def test_ranges_are_ordered_and_not_empty(table):
    for name in ("forecast", "known"):
        assert (table[f"{name}_low"] < table[f"{name}_middle"]).all()
        assert (table[f"{name}_middle"] < table[f"{name}_high"]).all()


def test_the_case_itself_holds_nothing_later_than_its_date():
    case = read_case(find_case("syria-2017"))
    assert case.events["week"].max() + dt.timedelta(days=6) <= case.as_of
    assert case.people["date"].max() <= case.as_of
