"""How long zones stood: the note's own figures, and marks that are held against the class."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asylia.audit.precedents import read_precedents
from asylia.core.units import DAYS_PER_MONTH
from asylia.model.plan import Protection
from asylia.threat.overrun import (
    fall_day,
    log_factor,
    reference_class,
    with_marks,
    zone_risk,
)
from asylia.threat.survival import age_shape, interval, survival, watched

ZONES = read_precedents()
AGREED = (pl.col("consent_host_state") == "yes") & (pl.col("consent_armed_parties") == "yes")
DRAWN = {
    "overrun_doubling": 1.3, "overrun_refused": 1.8, "overrun_isolated": 2.0, "overrun_no_force": 1.5,
    "overrun_armed_inside": 1.3,
}  # fmt: skip
MARK = st.sampled_from([None, 0.0, 0.5, 1.0])


def test_survival_is_that_of_the_adjudicated_table():
    # zones_agreement.md, section 6: 0.88, 0.78, 0.69, 0.56 at one month, one, two and four years
    found = [survival(ZONES, months) for months in (1, 12, 24, 48)]
    assert found == pytest.approx([0.88, 0.78, 0.69, 0.56], abs=0.012)
    agreed = ZONES.filter(AGREED & (pl.col("demilitarised") == "yes"))
    assert survival(agreed, 48) == 1.0
    others = ZONES.join(agreed, on="id", how="anti")
    assert survival(others, 12) == pytest.approx(0.73, abs=0.012)


def test_an_interval_of_whole_conflicts_is_wide_and_holds_the_middle():
    low, high = interval(ZONES, 12)
    assert low < survival(ZONES, 12) < high
    assert high - low > 0.15
    assert interval(ZONES, 12) == (low, high)


def test_the_risk_falls_with_age_and_keeps_the_rate_of_all():
    shape = age_shape(ZONES)
    assert shape.relative[0] > 2 * shape.relative[-1]
    months = watched(ZONES).to_numpy() / DAYS_PER_MONTH
    assert shape.months(months).sum() == pytest.approx(months.sum())
    assert shape.months(np.array([0.0]))[0] == 0.0


def test_marks_are_held_against_the_class_so_nothing_is_counted_twice():
    guarded = Protection(logic="hybrid_un", consent_armed_parties="partial", demilitarised="partial")
    found = with_marks(reference_class(ZONES, guarded), ZONES, guarded)
    assert set(found.means) == {"overrun_refused", "overrun_no_force", "overrun_armed_inside"}
    assert log_factor(dict(found.means), 0.0, DRAWN, found.means) == pytest.approx(0.0)
    assert log_factor({"overrun_isolated": 1.0}, 0.0, DRAWN, found.means) == pytest.approx(math.log(2.0) / 2)
    assert log_factor({"overrun_isolated": None}, 0.0, DRAWN, found.means) == 0.0


def test_quiet_lowers_nothing_and_a_rise_counts_to_elevenfold():
    assert log_factor({}, -3.0, DRAWN, {}) == 0.0
    assert log_factor({}, 1.0, DRAWN, {}) == pytest.approx(math.log(1.3))
    assert log_factor({}, 50.0, DRAWN, {}) == pytest.approx(math.log2(11) * math.log(1.3))


@given(MARK, MARK, st.floats(0.5, 5.0), st.floats(0.001, 0.2), st.floats(0.001, 0.999))
def test_a_lower_hazard_never_brings_an_earlier_fall_with_the_same_luck(mark, other, ratio, hazard, luck):
    found = with_marks(
        reference_class(ZONES, Protection(logic="consent")), ZONES, Protection(logic="consent")
    )
    drawn = {**DRAWN, "overrun_isolated": ratio}
    logs = [log_factor({"overrun_isolated": each}, 0.0, drawn, {}) for each in (mark, other)]
    days = [fall_day(zone_risk(found, 0, np.full(500, log)), hazard, luck) for log in sorted(logs)]
    low, high = (500 if day < 0 else day for day in days)
    assert high <= low


def test_an_older_zone_has_the_worst_behind_it():
    found = with_marks(
        reference_class(ZONES, Protection(logic="consent")), ZONES, Protection(logic="consent")
    )
    none = np.zeros(364)
    assert zone_risk(found, 0, none)[-1] > zone_risk(found, 2000, none)[-1]
    closed = none.copy()
    closed[10:] = -math.inf
    assert zone_risk(found, 0, closed)[-1] == zone_risk(found, 0, closed)[9]
