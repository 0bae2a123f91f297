"""Scores of rules that are known beforehand, and that the way the work was cut up leaves no trace."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from asylia.model.replay import ReplayHistory
from asylia.move.flee.observed import observe
from asylia.study import displacement
from asylia.study.displacement import SERIES, score_displacement, work
from asylia.study.displacement_rules import RULE_SETS, Choice
from asylia.study.displacement_words import notes
from replay_cases import star


def history(replay, people, member):
    """Put people into the camps of a replay, and nobody elsewhere."""
    names = tuple(replay.places["name"])
    table = np.zeros((replay.days, len(names)), dtype=np.int64)
    table[:, [names.index(camp) for camp in replay.camps]] = people
    nobody = np.zeros(replay.days, dtype=np.int64)
    total = table.sum(axis=1)
    blank = {"waiting": nobody} if "waiting" in ReplayHistory.__dataclass_fields__ else {}
    return ReplayHistory(member=member, places=names, people=table, travelling=nobody, started=total, **blank)


@pytest.fixture
def rules(monkeypatch):
    def use(people_of):
        def run(replay, _, members):
            return [history(replay, people_of(observe(replay).people, member), member) for member in members]

        monkeypatch.setitem(RULE_SETS, "known", run)
        return Choice(rules="known", members=7)

    return use


def test_exact_rules_score_nought_and_their_range_holds_everything(rules):
    choice = rules(lambda seen, _: seen)
    (score,) = score_displacement([star()], choice)
    assert (score.ard, score.ard_rescaled, score.ard_middle) == (0, pytest.approx(0, abs=1e-12), 0)
    assert (score.interval_coverage_90, score.interval_width_90) == (1, 0)
    said = " ".join(notes([score], choice))
    assert "Worse than" not in said


def test_the_score_is_the_mean_of_the_members_and_not_the_score_of_their_middle(rules):
    # members are wrong to either side: each has an error, their middle has none
    choice = rules(lambda seen, member: seen + np.array([1, -1]) * (member - 3))
    (score,) = score_displacement([star(days=3, reports={"c": {0: 10}, "d": {0: 10}})], choice)
    assert score.ard == pytest.approx(np.mean([abs(member - 3) * 2 / 20 for member in range(7)]))
    assert score.ard_rescaled == pytest.approx(score.ard)
    assert score.ard_middle == 0
    assert score.interval_coverage_90 == 1
    # of 0, 0.1, 0.1, 0.2, 0.2, 0.3, 0.3
    assert score.ard_rescaled_low == pytest.approx(0.03)
    assert score.ard_rescaled_high == pytest.approx(0.3)


def test_the_camp_with_the_largest_part_of_the_error_comes_first(rules):
    choice = rules(lambda seen, _: seen[:, ::-1])
    (score,) = score_displacement([star(days=2, reports={"c": {0: 30}, "d": {0: 10}})], choice)
    assert [camp.camp for camp in score.worst] == ["c", "d"]
    assert [camp.error for camp in score.worst] == [0.5, 0.5]
    assert (score.worst[0].observed, score.worst[0].ours) == (30, 10)


def test_series_hold_every_camp_and_day_once(rules):
    choice = rules(lambda seen, member: seen * (member + 1))
    case = star(days=4)
    (score,) = score_displacement([case], choice)
    seen = observe(case).people
    assert dict(score.series.schema) == dict(SERIES)
    assert score.series["observed"].to_list() == seen.T.ravel().tolist()
    assert score.series["middle"].to_list() == (4 * seen).T.ravel().tolist()
    assert score.series["camp"].to_list() == ["c"] * 4 + ["d"] * 4
    assert score.series["day"].to_list() == [0, 1, 2, 3] * 2


def carried(piece):
    """Do a piece of work as if another process had done it."""
    return pickle.loads(pickle.dumps(work(piece)))  # noqa: S301 -- bytes we have just made


def test_pieces_leave_no_trace(monkeypatch):
    cases, choice = [star(), star(days=5)], Choice(members=6)
    monkeypatch.setattr(
        displacement.Serial, "map", lambda _, __, pieces: [carried(piece) for piece in reversed(pieces)]
    )
    found = []
    for chunk in (1, 6):
        monkeypatch.setattr(displacement, "CHUNK", chunk)
        found.append(score_displacement(cases, choice))
    for one, other in zip(*found, strict=True):
        assert one.series.equals(other.series)
        assert (one.ard, one.ard_rescaled, one.worst) == (other.ard, other.ard_rescaled, other.worst)
        assert one.naive == other.naive
