"""Where people from one district go, on Somalia: reduced here to one number of months ahead; and Syrian returns."""

from __future__ import annotations

from pathlib import Path

import pytest

from asylia.io.flows import read_flows
from asylia.io.folder import find_case, read_case
from asylia.io.movements import RETURNED, read_movements, read_points
from asylia.study.flow_inputs import known_flows
from asylia.study.flows import OURS, score_flows
from asylia.study.outflow import events_by_area, score_outflow

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SOMALIA = DATA / "displacement" / "somalia_prmn_origin_destination_monthly_2016_2019.csv.gz"
pytestmark = pytest.mark.skipif(not SOMALIA.is_file(), reason="needs ../shared/data")


def better(score):
    return 1 - score.split[OURS] / score.split[score.best]


def test_a_month_ahead_beats_every_rule_without_a_model():
    (score,) = score_flows(known_flows(read_flows(SOMALIA)), ahead=(1,))
    assert better(score) > 0.2
    assert score.difference[2] < 0
    assert score.counts[OURS] < score.counts[score.best_count]
    assert 0.85 <= score.held_counts <= 0.95


@pytest.mark.slow
@pytest.mark.parametrize("reason", ["insecurity", "drought"])
def test_every_number_of_months_ahead(reason):
    for score in score_flows(known_flows(read_flows(SOMALIA, reasons=[reason]))):
        assert better(score) > 0
        assert score.log_score[OURS] < min(value for name, value in score.log_score.items() if name != OURS)


def test_returns_to_syrian_governorates_beat_the_year():
    table = read_movements(
        DATA / "displacement" / "syria_idp_returnee_movements_monthly_2016_2021.csv", RETURNED
    )
    points = read_points(DATA / "ged" / "ged211_prec12_syria_2004_2020.csv.gz")
    counts = events_by_area(table, points, read_case(find_case("syria-2017")))
    assert len(table.people) == 60
    for score in score_outflow(table, counts, ahead=(1, 3)):
        assert score.asylia < 0.92 * score.last_year
        assert 0.85 <= score.held <= 0.97
