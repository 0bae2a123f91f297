"""Percentiles are those of NumPy, to the last digit."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from asylia.core.percentiles import percentiles


@given(
    values=st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=300),
    wanted=st.lists(
        st.one_of(st.sampled_from([0.0, 5.0, 50.0, 95.0, 100.0]), st.floats(0.0, 100.0)),
        min_size=1,
        max_size=4,
    ),
)
def test_as_numpy_finds_them(values, wanted):
    expected = np.percentile(np.array(values), wanted)
    assert percentiles(np.array(values), *wanted) == tuple(float(each) for each in expected)
