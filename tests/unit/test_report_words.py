"""Numbers in words: no more digits than the range carries, and never a wrong one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asylia.report import words

SIZES = {"million": 1e6, "billion": 1e9}


def value_of(text):
    found = re.fullmatch(r"([\d,.]+)(?: (million|billion))?", text)
    return float(found[1].replace(",", "")) * SIZES.get(found[2], 1.0)


@given(st.floats(1, 5e9), st.floats(0.05, 0.9), st.floats(1.05, 9))
def test_an_amount_is_near_its_value_and_has_at_most_three_digits(value, down, up):
    text = words.amount(value, "people", value * down, value * up)
    assert value_of(text) == pytest.approx(value, rel=0.5)
    digits = re.sub(r"[^\d]", "", text).lstrip("0").rstrip("0")
    assert len(digits) <= 3


@given(st.floats(1, 5e9), st.floats(1.001, 1000))
def test_a_range_runs_upwards_or_is_one_value(low, ratio):
    text = words.span(low, low * ratio, "people")
    if not text:
        return
    first, last = text.split(" to ")
    word = next((w for w in SIZES if last.endswith(w)), "")
    first = first if any(first.endswith(w) for w in SIZES) or not word or "," in first else f"{first} {word}"
    assert value_of(first) <= value_of(last)


@given(st.floats(0, 1))
def test_a_chance_is_near_its_share(share):
    text = words.chance(share)
    found = re.fullmatch(r"(?:under |over )?(\d+) in (\d+)", text)
    said = {"none": 0.0, "all": 1.0}.get(text) if found is None else int(found[1]) / int(found[2])
    assert said == pytest.approx(share, abs=0.06)


@pytest.mark.parametrize(
    ("value", "unit", "low", "high", "said"),
    [
        (None, "people", None, None, "unknown"),
        (0.0, "people", 0.0, 0.0, "0"),
        (2.4, "health posts", 1.0, 4.0, "2"),
        (2_450_000, "people", 1_580_000, 3_800_000, "2.4 million"),
        (-3_200, "people", None, None, "\N{MINUS SIGN}3,200"),
        (0.95, "share", 0.83, 1.0, "95 %"),
        (0.21, "probability", 0.1, 0.4, "1 in 5"),
    ],
)
def test_amounts(value, unit, low, high, said):
    assert words.amount(value, unit, low, high) == said


def test_a_small_low_end_does_not_become_nothing():
    assert words.span(40_000, 1_900_000, "people") == "40,000 to 1.9 million"
