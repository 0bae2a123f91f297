"""Monthly forecasts on another country than the one whose series their starting powers were chosen on: Somalia by district."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from asylia.io.movements import Movements
from asylia.study.outflow import score_outflow

FILE = (
    Path(__file__).resolve().parents[3]
    / "shared/data/displacement/somalia_prmn_origin_destination_monthly_2016_2019.csv.gz"
)
pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="needs ../shared/data")


def arrivals(reason):
    rows = pl.read_csv(FILE.read_bytes(), try_parse_dates=True).filter(pl.col("reason") == reason)
    names = sorted(set(rows["district_destination"]))
    people = np.zeros((48, len(names)))
    for row in rows.iter_rows(named=True):
        month = (row["date"].year - 2016) * 12 + row["date"].month - 1
        people[month, names.index(row["district_destination"])] += row["idps"]
    return Movements(areas=tuple(names), first=dt.date(2016, 1, 1), people=people, blanks=0)


@pytest.mark.slow
def test_somali_districts_are_forecast_better_than_by_the_last_year():
    table = arrivals("insecurity")
    scores = score_outflow(table, np.zeros((0, len(table.areas))))
    gains = [1 - score.asylia / score.last_year for score in scores]
    assert gains[0] > 0.11
    assert gains[1] > 0.07
    assert gains[2] > 0.13
    assert all(0.85 <= score.held <= 0.97 for score in scores)
