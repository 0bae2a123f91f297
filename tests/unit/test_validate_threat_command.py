"""The rolling backtest, reduced: a made war in CI, the Bosnian file where it is at hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from asylia.cli.validate_threat import threat
from asylia.study.threat_summary import block_interval
from asylia.study.validate_threat import reliability

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "ged"
BOSNIA = SHARED / "ged_bosnia_1992_1995_prec125.csv.gz"


def run(*arguments: str) -> tuple[int, dict]:
    app = typer.Typer()
    app.command()(threat)
    found = CliRunner().invoke(app, [*arguments, "--json"])
    return found.exit_code, json.loads(found.stdout)


def made_war(path: Path) -> Path:
    rng = np.random.default_rng(8)
    lines = ["id,where_prec,latitude,longitude,date_start,best"]
    start = np.datetime64("2001-01-01")
    for cell in range(6):
        level = np.exp(0.25 * rng.standard_normal(80).cumsum()) * (0.2 + cell / 3)
        for week, number in enumerate(rng.poisson(np.minimum(level, 20))):
            lines += [
                f"{cell}-{week}-{n},1,{10.1 + cell},{20.1},{start + 7 * week + rng.integers(7)},{rng.integers(0, 4)}"
                for n in range(number)
            ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_no_origin_at_all_is_told(tmp_path):
    code, told = run(str(made_war(tmp_path / "made.csv")), "--first", "2031-01-01")
    assert code == 2
    assert "at least one origin" in told["problems"][0]["must"]


def test_a_war_is_scored_beside_four_rivals(tmp_path):
    code, told = run(str(made_war(tmp_path / "made.csv")), "--origins", "3")
    assert code == 0
    war = told["wars"][0]
    assert (war["unit"], war["places"], war["origins"]) == ("cell", 6, 3)
    for one in war["horizons"].values():
        assert set(one["scores"]) == {
            "asylia",
            "conflictology",
            "last_value_nb",
            "bootstrap",
            "zeros",
            "as_drawn",
        }
        assert all(scores["crps"] >= 0 for scores in one["scores"].values())
        assert set(one["goals"].values()) <= {True, False, None}
    assert set(told["pooled"]) == {"4", "13"}


def test_too_short_a_file_ends_with_2(tmp_path):
    path = tmp_path / "short.csv"
    path.write_text("id,latitude,longitude,date_start,best\n1,10,20,2001-01-01,1\n", encoding="utf-8")
    code, told = run(str(path))
    assert code == 2
    assert "weeks" in told["problems"][0]["must"]


@pytest.mark.skipif(not BOSNIA.exists(), reason="the shared UCDP files are not at hand")
def test_a_reduced_backtest_of_bosnia_beats_the_simple_forecasts():
    code, told = run(str(BOSNIA), "--origins", "8", "--last", "1994-06-30")
    assert code == 0
    war = told["wars"][0]
    assert "bosnia_1992_1995" not in war["learned_from"]
    for one in war["horizons"].values():
        # the whole table stands in docs/explanation/fighting.md; eight origins show the direction
        assert one["difference"]["conflictology"]["relative"] < -0.25
        assert one["difference"]["last_value_nb"]["relative"] < 0.0
        assert 0.8 < one["coverage_90"] < 0.97
        # the weeks a study draws carry the forecast that is scored: the same score and cover, but for the draws' own luck
        drawn = one["scores"]["as_drawn"]["crps"] / one["scores"]["asylia"]["crps"]
        assert 0.97 < drawn < 1.02
        assert one["coverage_90_as_drawn"] == pytest.approx(one["coverage_90"], abs=0.03)


def test_reliability_counts_every_forecast_once():
    rng = np.random.default_rng(1)
    chance = rng.random(500)
    bins = reliability([chance[:200], chance[200:]], [chance[:200] > 0.5, chance[200:] > 0.5])
    assert sum(one["forecasts"] for one in bins) == 500
    assert bins[0]["happened"] == 0.0
    assert bins[-1]["happened"] == 1.0


def test_the_interval_of_a_constant_is_that_constant_and_of_noise_holds_its_mean():
    assert block_interval(np.full(30, 2.0), 4, "a") == (2.0, 2.0)
    noise = np.random.default_rng(2).standard_normal(200)
    low, high = block_interval(noise, 2, "a")
    assert low < noise.mean() < high
    assert high - low == pytest.approx(2 * 1.96 / np.sqrt(200), rel=0.25)
