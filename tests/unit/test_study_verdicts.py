"""Ranges, differences and drivers, against small numbers worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from asylia.model.rules import RULES
from asylia.model.scenario import draw
from asylia.study.criteria import JUDGES
from asylia.study.drivers import drivers, rank_correlation
from asylia.study.verdicts import spread, verdict


def _values(none: list[float], other: list[float]) -> dict[str, dict[str, np.ndarray]]:
    return {j.criterion.id: {"none": np.array(none), "p": np.array(other)} for j in JUDGES}


def test_the_difference_is_taken_member_by_member():
    frame = verdict(_values([0.0, 100.0, 200.0], [1.0, 101.0, 201.0]), ["none", "p"])
    row = frame.filter((frame["plan"] == "p") & (frame["criterion"] == "without_shelter")).row(0, named=True)
    assert (row["difference_low"], row["difference_middle"], row["difference_high"]) == (1.0, 1.0, 1.0)
    assert row["share_better"] == 0.0
    assert row["middle"] == 101.0


def test_more_is_better_only_where_the_criterion_says_so():
    frame = verdict(_values([0.0, 100.0], [1.0, 99.0]), ["none", "p"])
    shares = {r["criterion"]: r["share_better"] for r in frame.iter_rows(named=True) if r["plan"] == "p"}
    assert shares["sheltered"] == 0.5
    assert shares["crossed"] is None


def test_no_zone_has_no_difference_to_itself():
    frame = verdict(_values([1.0], [2.0]), ["none", "p"])
    assert frame.filter(frame["plan"] == "none")["difference_middle"].is_null().all()


def test_unknown_stays_unknown_and_says_why():
    values = _values([1.0], [2.0])
    values["overrun_52_weeks"]["p"] = np.array([np.nan])
    frame = verdict(values, ["none", "p"])
    row = frame.filter((frame["plan"] == "p") & (frame["criterion"] == "overrun_52_weeks")).row(0, named=True)
    assert row["middle"] is None
    assert row["source"] == "The plan has no zone."


def test_a_chance_of_overrun_says_which_zones_of_the_past_it_rests_on():
    frame = verdict(_values([1.0], [2.0]), ["none", "p"], {"p": "4 of 13 zones."})
    said = {(r["plan"], r["criterion"]): r["source"] for r in frame.iter_rows(named=True)}
    assert said["p", "overrun_4_weeks"].endswith("4 of 13 zones.")
    assert "4 of 13" not in said["p", "cost_usd"] + said["none", "overrun_4_weeks"]


def test_spread_of_nothing_is_nothing():
    assert spread(np.array([np.nan])) == (None, None, None)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=40))
def test_rank_correlation_agrees_with_scipy(pairs: list[tuple[int, int]]):
    first, second = np.array(pairs, dtype=np.float64).T
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        assert rank_correlation(first, second) == 0
    else:
        assert rank_correlation(first, second) == pytest.approx(spearmanr(first, second).statistic)


def test_the_number_that_drives_a_criterion_is_found():
    draws = {rule: np.array([s.values[rule] for s in draw({}, 60, 1)]) for rule in RULES}
    found = drivers({"sheltered": {"p": draws["zone_pull"] ** 2}}, draws, ["sheltered"])
    assert found.row(0, named=True)["rule"] == "zone_pull"
    assert found.row(0, named=True)["correlation"] == 1.0


def test_few_members_name_no_driver():
    draws = {rule: np.arange(5.0) for rule in RULES}
    assert drivers({"sheltered": {"p": np.arange(5.0)}}, draws, ["sheltered"]).is_empty()
