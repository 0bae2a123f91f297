from __future__ import annotations

import datetime as dt
import math

import numpy as np
import polars as pl
import pytest
from scipy import stats

from asylia.core.units import DAYS_PER_MONTH
from asylia.model.plan import Protection
from asylia.threat.overrun import (
    CASE_EFFECT,
    ReferenceClass,
    drawn_hazard,
    overrun_days,
    reference_class,
    zone_months,
)


def zone(name: str, start: str, end: str, fell: str = "", **more: str) -> dict[str, object]:
    return {
        "id": name, "name": f"Zone {name}", "cluster": more.get("cluster", name), "logic": more.get("logic", "consent"),
        "consent_armed_parties": more.get("armed", "yes"), "demilitarised": more.get("demilitarised", "yes"),
        "start": dt.date.fromisoformat(start), "end": dt.date.fromisoformat(end), "overrun": bool(fell),
        "overrun_date": dt.date.fromisoformat(fell) if fell else None, "disputed": more.get("disputed", ""),
    }  # fmt: skip


def table(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema_overrides={"overrun_date": pl.Date})


def five(**more: str) -> list[dict[str, object]]:
    return [zone(f"z{n}{more.get('logic', '')}", "2000-01-01", "2001-01-01", **more) for n in range(5)]


RATE = ReferenceClass(key="k", n=10, overrun=4, conflicts=3, months=200.0, prior_months=100.0, text="")


def test_months_run_to_the_overrun_else_to_the_end_and_a_day_at_least():
    rows = table(
        zone("a", "2000-01-01", "2000-03-01", "2000-01-31"),
        zone("b", "2000-01-01", "2000-01-31"),
        zone("c", "2000-01-01", "2000-01-01"),
    )
    assert zone_months(rows) == pytest.approx((30 + 30 + 1) / DAYS_PER_MONTH)


def test_the_nearest_class_with_five_zones_is_used():
    near = five(logic="consent")
    far = five(logic="unilateral", armed="no", demilitarised="no")
    both = table(*near, *far)
    exact = reference_class(
        both, Protection(logic="consent", consent_armed_parties="yes", demilitarised="yes")
    )
    assert exact.n == 5
    assert "wider" not in exact.text
    wider = reference_class(both, Protection(logic="consent", consent_armed_parties="no", demilitarised="no"))
    assert (wider.key, wider.n) == ("logic=consent", 5)
    assert "Fewer than 5 zones" in wider.text
    everyone = reference_class(both, Protection(logic="air_only"))
    assert (everyone.key, everyone.n) == ("all", 10)
    assert "all zones in the table" in everyone.text


def test_zones_that_stood_for_days_make_no_class():
    short = [zone(f"s{n}", "2000-01-01", "2000-01-05") for n in range(6)]
    found = reference_class(table(*short, *five(logic="unilateral")), Protection(logic="consent"))
    assert (found.key, found.n) == ("all", 11)


def test_an_answer_left_open_is_not_asked_for():
    rows = table(*five(logic="consent", armed="partial"))
    found = reference_class(rows, Protection(logic="consent", demilitarised="unknown"))
    assert found.key == "logic=consent"
    assert "wider" not in found.text


def test_the_text_names_what_coders_dispute_and_a_zone_that_fills_the_months():
    rows = five(logic="consent")
    rows.append(zone("LMA", "1990-01-01", "1999-01-01", disputed="overrun;outcome"))
    found = reference_class(table(*rows), Protection(logic="consent"))
    assert "LMA alone makes it 0 of 6 or 1 of 6" in found.text
    assert "two coders differed on whether these were overrun: Zone LMA" in found.text
    assert "of those months are of one zone, Zone LMA" in found.text


def test_hazard_agrees_with_the_gamma_posterior_and_the_case_effect():
    half = np.array([0.5])
    assert RATE.hazard(half, half)[0] == pytest.approx(stats.gamma(5, scale=1 / 300).median())
    upper = RATE.hazard(half, np.array([stats.norm.cdf(1.0)]))[0]
    assert upper / RATE.hazard(half, half)[0] == pytest.approx(math.exp(CASE_EFFECT))


def test_a_class_of_a_few_short_zones_is_drawn_towards_all_zones():
    short = [zone(f"s{n}", "2000-01-01", "2000-01-05") for n in range(5)]
    long = [
        zone(f"l{n}", "2000-01-01", "2010-01-01", "2009-12-31" if n == 0 else "", logic="unilateral")
        for n in range(5)
    ]
    found = reference_class(table(*short, *long), Protection(logic="consent"))
    assert found.prior_months == pytest.approx(zone_months(table(*short, *long)))
    low, middle, high = found.probability(52)
    assert low < middle < 0.1
    assert high < 0.3


def test_probability_agrees_with_sampling_and_grows_with_time():
    luck = np.random.default_rng(2)
    rates = luck.gamma(5.0, 1 / 300, 200_000) * np.exp(luck.normal(0, CASE_EFFECT, 200_000))
    expected = np.percentile(1 - np.exp(-rates * 52 * 7 / DAYS_PER_MONTH), (5, 50, 95))
    assert RATE.probability(52) == pytest.approx(expected, rel=0.03)
    assert RATE.probability(0) == (0.0, 0.0, 0.0)
    assert all(a < b for a, b in zip(RATE.probability(4), RATE.probability(13), strict=True))


def test_days_follow_the_hazard_and_come_only_after_opening():
    opens = np.array([0, 100], dtype=np.int64)
    days = np.stack(
        [overrun_days(RATE, ["a", "b"], seed=1, member=m, days=365, opens=opens) for m in range(3000)]
    )
    assert ((days[:, 1] == -1) | (days[:, 1] >= 100)).all()
    assert ((days == -1) | (days < 365)).all()
    luck = np.random.default_rng(2)
    rates = luck.gamma(5.0, 1 / 300, 200_000) * np.exp(luck.normal(0, CASE_EFFECT, 200_000))
    for column, left in ((0, 365), (1, 265)):
        expected = (1 - np.exp(-rates * left / DAYS_PER_MONTH)).mean()
        assert (days[:, column] >= 0).mean() == pytest.approx(expected, abs=0.03)


def test_one_hazard_a_member_and_luck_by_zone_id():
    opens = np.zeros(3, dtype=np.int64)
    three = overrun_days(RATE, ["a", "b", "c"], seed=5, member=4, days=10**6, opens=opens)
    turned = overrun_days(RATE, ["c", "a"], seed=5, member=4, days=10**6, opens=opens[:2])
    assert three.dtype == np.int64
    assert turned.tolist() == [three[2], three[0]]
    assert len(set(three.tolist())) == 3
    assert drawn_hazard(RATE, seed=5, member=4) != drawn_hazard(RATE, seed=5, member=5)


def test_a_zone_that_never_opens_or_is_open_already():
    opens = np.array([400, -50], dtype=np.int64)
    days = np.stack(
        [overrun_days(RATE, ["a", "b"], seed=1, member=m, days=365, opens=opens) for m in range(300)]
    )
    assert (days[:, 0] == -1).all()
    assert (days[:, 1] >= -1).all()
    assert (days[:, 1] >= 0).any()


def test_no_zones_no_days():
    assert overrun_days(RATE, [], seed=1, member=0, days=10, opens=np.zeros(0, dtype=np.int64)).shape == (0,)
