"""The one door to HiGHS: plans, bounds, prices, and every way a search can end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from asylia.siting.highs import Program, State, minimise

SMALL = Program(
    cost=np.array([-3.0, -2.0]),
    lower=np.zeros(2),
    upper=np.full(2, 4.0),
    row_lower=np.array([-np.inf]),
    row_upper=np.array([5.5]),
    starts=np.array([0, 2]),
    columns=np.array([0, 1]),
    values=np.ones(2),
    whole=np.array([True, True]),
    constant=10.0,
)
OPEN_ENDED = replace(SMALL, upper=np.full(2, np.inf), row_upper=np.array([np.inf]))


def test_whole_numbers():
    found = minimise(SMALL)
    assert (found.state, found.value, found.bound) == (State.PROVED, -4.0, -4.0)
    assert found.plan.tolist() == [4.0, 1.0]


def test_prices_of_a_linear_program():
    found = minimise(replace(SMALL, whole=None))
    assert found.value == -5.0
    assert found.row_prices.tolist() == [-2.0]
    assert found.column_prices.tolist() == [-1.0, 0.0]


def test_a_start_is_taken():
    found = minimise(SMALL, start=np.array([4.0, 1.0]), options={"mip_max_nodes": 0})
    assert found.value == -4.0


def test_only_plans_below_a_value():
    found = minimise(SMALL, below=-5.0)
    assert (found.state, found.plan, found.bound) == (State.INFEASIBLE, None, -5.0)


@pytest.mark.parametrize("whole", [None, np.array([True, True])])
def test_no_plan(whole):
    found = minimise(replace(SMALL, row_lower=np.array([9.0]), row_upper=np.array([10.0]), whole=whole))
    assert (found.state, found.plan, found.value, found.bound) == (State.INFEASIBLE, None, np.inf, np.inf)


@pytest.mark.parametrize("whole", [None, np.array([True, True])])
def test_no_limit(whole):
    found = minimise(replace(OPEN_ENDED, whole=whole))
    assert (found.state, found.value) == (State.UNBOUNDED, -np.inf)


def test_out_of_time():
    random = np.random.default_rng(0)
    count = 60
    knapsacks = Program(
        cost=-random.integers(50, 100, count).astype(float),
        lower=np.zeros(count),
        upper=np.ones(count),
        row_lower=np.full(5, -np.inf),
        row_upper=np.full(5, 700.0),
        starts=np.arange(6) * count,
        columns=np.tile(np.arange(count), 5),
        values=random.integers(10, 99, 5 * count).astype(float),
        whole=np.ones(count, dtype=bool),
    )
    found = minimise(knapsacks, seconds=0.0)
    assert found.state is State.TIME
    assert found.bound < found.value


def test_arrays_and_options_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="no option"):
        minimise(SMALL, options={"no_such_option": 1})
    with pytest.raises(ValueError, match="refuses these arrays"):
        minimise(replace(SMALL, columns=np.array([0, 7])))
