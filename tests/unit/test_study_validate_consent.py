"""Known answers: files of three shapes, and files that are none."""

from __future__ import annotations

import contextlib
import json
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from asylia.cli.main import app
from asylia.core.errors import AsyliaError, CaseError
from asylia.study.frontier import FrontierError, pick, read_frontier
from asylia.study.known import agrees
from asylia.study.validate_consent import validate_consent

CHICKEN = {
    "name": "Chicken",
    "options": [
        {"name": "first swerves", "direction": "both"},
        {"name": "second swerves", "direction": "both"},
    ],
    "decision_makers": [
        {"name": "first", "options": [0], "ranking": [3, 4, 2, 1], "ordinal_payoffs": [1, 2, 4, 3]},
        {
            "name": "second",
            "options": [1],
            "prioritized": [[[0, "Y"], [1, "N"]], [[[0, "Y"]], [[1, "Y"]]], [[0, "Y"]]],
        },
    ],
    "infeasible_patterns": [],
    "states": {"1": "NN", "2": "YN", "3": "NY", "4": "YY"},
    "equilibria": {"Nash": [2, 3], "GMR": [2, 3, 4], "SMR": [2, 3, 4], "SEQ": [2, 3]},
}
STEPS = {
    "name": "steps",
    "states": {"1": "start", "2": "end"},
    "moves": {"first": {"1": [2]}},
    "ranking_best_to_worst": {"first": [2, 1], "second": [1, 2]},
    "equilibria": {"Nash": [2], "GMR": [2], "SMR": [2], "SEQ": [2]},
}
GRAPHS = {"schema": "gmcr-cases/1", "cases": [CHICKEN, STEPS]}
POINTS = {
    "schema": "analytic-bargaining/1",
    "instances": [
        {
            "name": "line",
            "frontier": "u1/2+u2=1",
            "disagreement": [0, 0],
            "nash": [1, 0.5],
            "egalitarian": [2 / 3, 2 / 3],
        },
        {
            "name": "readings",
            "points": [[1, 0], [0.9, 0.6], [0.5, 0.62], [0, 1]],
            "disagreement": [0, 0],
            "max_min_ratio": [0.9, 0.6],
            "equal_spread": [0.5, 0.62],
        },
    ],
}
ISSUE = {"a": 1.0, "b": 0.0}
DOMAIN = {
    "schema": "bargaining/1",
    "instances": [
        {
            "name": "two issues",
            "profiles": [
                {
                    "reservationValue": 0.0,
                    "issueWeights": {"x": 0.6, "y": 0.4},
                    "issues": {"x": ISSUE, "y": ISSUE},
                },
                {
                    "reservationValue": 0.0,
                    "issueWeights": {"x": 0.3, "y": 0.7},
                    "issues": {"x": {"a": 0.0, "b": 1.0}, "y": {"a": 0.0, "b": 1.0}},
                },
            ],
            "known": {"nash_product": 0.42, "egalitarian_min": 0.6, "max_welfare": 1.3, "pareto_count": 3},
        }
    ],
}
FILES = {"graphs": GRAPHS, "points": POINTS, "domain": DOMAIN}


def write(folder, data, name="known.json"):
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def call(*arguments):
    return CliRunner().invoke(app, ["validate", "consent", *map(str, arguments)])


@pytest.mark.parametrize("name", FILES)
def test_each_shape_is_read_and_answered(name, tmp_path):
    found = validate_consent([write(tmp_path, FILES[name])])
    assert found
    assert [one for one in found if not one.ok] == []


def test_the_two_readings_of_kalai_smorodinsky_are_kept_apart(tmp_path):
    found = {
        one.check: one.found for one in validate_consent([write(tmp_path, POINTS)]) if one.case == "readings"
    }
    assert found["max_min_ratio"] != found["equal_spread"]


@pytest.mark.parametrize(
    ("name", "way", "value"),
    [
        ("graphs", ("cases", 0, "equilibria", "SEQ"), [2]),
        ("graphs", ("cases", 0, "states"), {"1": "NN", "2": "NY", "3": "YN", "4": "YY"}),
        ("graphs", ("cases", 0, "decision_makers", 0, "ordinal_payoffs"), [4, 3, 2, 1]),
        ("points", ("instances", 0, "nash"), [0.99, 0.505]),
        ("points", ("instances", 1, "max_min_ratio"), [0.5, 0.62]),
        ("domain", ("instances", 0, "known", "pareto_count"), 4),
    ],
)
def test_a_wrong_answer_is_seen_and_ends_with_1(name, way, value, tmp_path):
    path = write(tmp_path, changed(FILES[name], way, value))
    assert [one for one in validate_consent([path]) if not one.ok]
    result = call(path)
    assert result.exit_code == 1
    assert "expected" in result.stdout
    told = json.loads(call(path, "--json").stdout)
    assert told["ok"] is False
    assert told["counts"]["wrong"] == sum(not one["ok"] for one in told["cases"]) > 0


def test_the_command_prints_expected_and_found(tmp_path):
    paths = [write(tmp_path, data, f"{name}.json") for name, data in FILES.items()]
    result = call(*paths, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["ok"] is True
    assert {"file", "case", "check", "expected", "found", "ok"} == set(told["cases"][0])
    assert {one["file"] for one in told["cases"]} == {path.name for path in paths}
    assert "answers as expected" in call(*paths).stdout


def test_the_group_says_what_it_holds():
    result = CliRunner().invoke(app, ["validate", "--help"])
    assert result.exit_code == 0
    assert "consent" in result.stdout


BROKEN = {
    "not there": None,
    "not JSON": "{",
    "a list": "[]",
    "not a number": '{"schema": NaN}',
    "digits": '{"schema": ' + "9" * 5000 + "}",
    "deep": "[" * 100_000,
    "bytes": "\x00",
    "another shape": {"schema": "recipes/1"},
    "no schema": {"cases": []},
    "no case": {"schema": "gmcr-cases/1", "cases": []},
    "no states": {"schema": "gmcr-cases/1", "cases": [{"name": "x"}]},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_read_ends_with_2_and_says_why(name, tmp_path):
    path = tmp_path / "known.json"
    if BROKEN[name] is not None:
        write(tmp_path, BROKEN[name])
    result = call(path)
    assert result.exit_code == 2
    assert "known.json" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("name", "way", "value"),
    [
        ("graphs", ("cases", 0, "options"), [{"name": str(n)} for n in range(17)]),
        ("graphs", ("cases", 0, "decision_makers", 0, "options"), [2]),
        ("graphs", ("cases", 0, "decision_makers", 0, "ranking"), [1, 1, 2, 3]),
        ("graphs", ("cases", 0, "decision_makers", 1, "prioritized"), [[[0, "maybe"]]]),
        ("graphs", ("cases", 0, "infeasible_patterns"), [[]]),
        ("graphs", ("cases", 0, "equilibria", "Nash"), [0]),
        ("graphs", ("cases", 1, "moves", "first"), {"9": [1]}),
        ("graphs", ("cases", 1, "moves", "first"), {"²": [1]}),
        ("graphs", ("cases", 1, "moves"), {"third": {}}),
        ("graphs", ("cases", 1, "states"), {}),
        ("points", ("instances", 1, "points"), [[1, 0], [1]]),
        ("points", ("instances", 1, "points", 0, 0), 1e300),
        ("points", ("instances", 1, "disagreement"), []),
        ("points", ("instances", 0, "frontier"), "u1**u2=1"),
        ("points", ("instances", 0, "disagreement"), [5, 5]),
        ("domain", ("instances", 0, "profiles"), []),
        ("domain", ("instances", 0, "profiles", 1, "issues"), {"x": ISSUE}),
        ("domain", ("instances", 0, "profiles", 0, "issueWeights", "x"), 1e12),
        ("domain", ("instances", 0, "profiles", 0, "issueWeights", "x"), True),
        ("domain", ("instances", 0, "profiles", 0, "issues", "x"), {}),
    ],
)
def test_every_part_is_checked(name, way, value, tmp_path):
    with pytest.raises(CaseError):
        validate_consent([write(tmp_path, changed(FILES[name], way, value))])


def changed(data, way, value):
    """Copy data with one part of it replaced."""
    copy = json.loads(json.dumps(data))
    here = copy
    for step in way[:-1]:
        here = here[step]
    here[way[-1]] = value
    return copy


def ways(data, way=()):
    """List the way to every part."""
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [way] * bool(way) + [found for key, part in inside for found in ways(part, (*way, key))]


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(-3, 3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(-3, 3), max_size=3),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_part_may_be_anything_and_nothing_breaks(tmp_path, data):
    name = data.draw(st.sampled_from(sorted(FILES)))
    way = data.draw(st.sampled_from(ways(FILES[name])))
    path = write(tmp_path, changed(FILES[name], way, data.draw(ODD)))
    with contextlib.suppress(AsyliaError):
        assert validate_consent([path])


@pytest.mark.parametrize(
    "text",
    ["", "u1+u2", "u1=u2=1", "u1+u2=1=2", "u1*u2=1", "u1^2+u2^2=1", "u1+u3=1", "u1=1", "u1+u2=1, u4>=0", "u1 u2 = 1 1",
     "u1+u2=1,0<u1", "2u1u2=1", "u1+u2=" + "9" * 300, "__import__('os')=u1+u2"],
)  # fmt: skip
def test_formulas_that_are_not_read(text):
    with pytest.raises(FrontierError):
        read_frontier(text, 2)


def test_formulas_that_are_read():
    frontier = read_frontier("2*u1^2/4 + u2 = 3 - 1, 0<=u1<=2, u>=-1", 2)
    assert frontier.terms == ((0.5, 0, 2), (1.0, 1, 1))
    assert frontier.total == 2
    assert frontier.lowest == (-1.0, -1.0)
    assert frontier.highest[0] == 2
    assert read_frontier("u1=1-u2", 2).terms == ((1.0, 0, 1), (1.0, 1, 1))


@pytest.mark.parametrize("actor", [0, 1])
def test_the_most_of_one_actor_lies_at_its_corner(actor):
    frontier = read_frontier("u2=1-u1^2, 0<=u1<=1", 2)
    found = pick(frontier, lambda points: points[:, actor].argmax(keepdims=True), [0.0, 0.0])
    assert math.isclose(found[actor], 1.0, abs_tol=1e-9)


def test_answers_agree_part_by_part():
    assert agrees([1.0, "a", [2]], [1.0 + 1e-9, "a", [2]])
    assert not agrees([1.0], [1.0, 2.0])
    assert not agrees([2], [3])
    assert not agrees("a", ["a"])
    assert not agrees(1.0, "1.0")
