"""The engine of the `flee` rules from inside: its order, its ways, its cohorts, and what it refuses."""

from __future__ import annotations

import ast
import inspect
import re

import numpy as np
import polars as pl
import pytest

import replay_cases as cases
from asylia.core.errors import CaseError
from asylia.move.flee import order, run, step
from asylia.move.flee.cohorts import USED, empty_cohorts, enlarged, mean, row_for, who
from asylia.move.flee.ground import prepare
from asylia.move.flee.network import find_ways, read_links
from asylia.move.flee.observed import observe
from asylia.move.flee.run import replay_days
from asylia.move.flee.shares import poisson


def called_by(name, seen=()):
    """Names of the functions a kernel calls, in order, those of its own module opened up."""
    function = getattr(step, name)
    tree = ast.parse(inspect.getsource(function.py_func))
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    found = []
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        inner = call.func.id
        if inner in {"_begin_day", "_wave"} and inner not in seen:
            found += called_by(inner, (*seen, inner))
        else:
            found.append(inner)
    return found


def test_the_order_of_the_day_is_that_of_the_code():
    calls = [name for name in called_by("run") if name in order.CALLS]
    assert calls == list(order.CALLS)


def test_the_order_is_told_step_by_step():
    numbered = re.findall(r"^(\d)\. ", order.__doc__, flags=re.MULTILINE)
    assert [int(number) for number in numbered] == list(range(1, len(order.ORDER) + 1))


def network(awareness):
    tiny = cases.replay(
        [cases.zone("a"), cases.town("b"), cases.place("m", "marker"), cases.town("c"), cases.camp("d")],
        [
            cases.link(*row)
            for row in (("a", "b", 10), ("b", "m", 20), ("m", "c", 30), ("c", "d", 40), ("a", "c", 50))
        ],
        reports={"d": {0: 0}},
    )
    links = read_links(tiny, quirks=False)
    return (
        tiny.places["name"].to_list(),
        links,
        find_ways(links, tiny.places["kind"].to_numpy() == "marker", awareness),
    )


def walked(names, links, ways, way):
    """Names along a way, by its first links and what is left."""
    found = [names[links.start[ways.link[way]]]]
    while way >= 0:
        found.append(names[links.end[ways.link[way]]])
        way = ways.rest[way]
    return "".join(found)


def test_ways_meet_no_place_twice_and_markers_are_no_hop():
    names, links, ways = network(1)
    from_b = [
        walked(names, links, ways, way) for way in range(ways.begin[1], ways.begin[2]) if ways.option[way]
    ]
    assert sorted(from_b) == ["ba", "bmc"]
    names, links, ways = network(2)
    from_b = [
        walked(names, links, ways, way) for way in range(ways.begin[1], ways.begin[2]) if ways.option[way]
    ]
    assert sorted(from_b) == ["ba", "bac", "bmc", "bmca", "bmcd"]


@pytest.mark.parametrize("awareness", [1, 2, 3, 4, 5])
def test_every_way_ends_where_its_rest_does_and_lengths_add_up(awareness):
    names, links, ways = network(awareness)
    for way in range(ways.link.size):
        told = walked(names, links, ways, way)
        assert len(set(told)) == len(told)
        assert told[-1] == names[ways.end[way]]
        rest = ways.km[ways.rest[way]] if ways.rest[way] >= 0 else 0.0
        assert ways.km[way] == pytest.approx(links.length_mm[ways.link[way]] / 1e6 + rest)


def test_without_awareness_nobody_sees_a_way():
    assert network(0)[2].link.size == 0
    history = replay_days(prepare(cases.star(awareness_level=0)), seed=1, member=0)
    assert history.travelling.max() == 0
    assert history.started[-1] > 0


def test_a_table_of_cohorts_grows_and_forgets_nothing():
    table = empty_cohorts(np.zeros(1, dtype=np.int64), 4)
    for number in range(4):
        table.people[row_for(table, np.uint64(who(number, 3 * number - 1, 2, 1)), np.uint64(number))] += (
            10 + number
        )
    larger = enlarged(table)
    found = [
        larger.people[row_for(larger, np.uint64(who(n, 3 * n - 1, 2, 1)), np.uint64(n))] for n in range(4)
    ]
    assert found == [10, 11, 12, 13]
    assert larger.meta[USED] == 4
    assert larger.first.size == 8


def test_the_mean_of_a_cohort_of_equals_is_exact():
    assert mean(np.int64(399_999_999) * 10**8, np.int64(10**8)) == 399_999_999


def test_poisson_has_mean_and_variance_of_its_rate():
    drawn = np.array([poisson(730.0, np.uint64(key)) for key in range(4000)])
    assert abs(drawn.mean() - 730.0) < 5 * np.sqrt(730.0 / 4000)
    assert abs(drawn.var() / 730.0 - 1.0) < 0.12


def many_places(people, days=30, **more):
    """A ring of towns around a zone, with two camps: more places than are kept exactly."""
    towns = [cases.town(f"t{number:02d}") for number in range(14)]
    links = [cases.link(f"t{n:02d}", f"t{(n + 1) % 14:02d}", 37 + 11 * n) for n in range(14)]
    links += [cases.link("z", "t00", 55), cases.link("t04", "c", 90), cases.link("t09", "d", 70)]
    return cases.replay(
        [cases.zone("z"), *towns, cases.camp("c"), cases.camp("d")],
        links,
        reports={"c": {0: 0, days: people}, "d": {0: 0, days: people}},
        days=days,
        avoid_short_stints=True,
        camp_movechance=0.01,
        **more,
    )


def work(people):
    facts = prepare(many_places(people)).facts
    record = run._blank(facts, np.int64)
    assert step.run(facts, run._start(facts, np.int64), record, np.uint64(1)) == -1
    return record.work.sum()


def test_work_does_not_grow_with_people():
    assert work(10**9) < 1.5 * work(10**5)


@pytest.mark.parametrize("days", [15, pytest.param(30, marks=pytest.mark.slow)])
def test_kept_in_grains_the_flow_is_that_of_the_exact_rule(days):
    tiny = many_places(10**6, days)
    flows = [
        replay_days(prepare(tiny, exact=exact), seed=1, member=0, expected=True).people[-1]
        for exact in (True, False)
    ]
    assert np.abs(flows[0] - flows[1]).max() < 0.02 * flows[0].sum()


def test_expected_flow_keeps_everybody():
    history = replay_days(prepare(many_places(10**6)), seed=1, member=0, expected=True)
    assert history.people.sum(axis=1) + history.travelling == pytest.approx(history.started)


def test_people_who_cannot_set_out_wait():
    tiny = cases.star(intensity={"z": [1, 1, 0, 0, 1]}, insert_day0=False)
    history = replay_days(prepare(tiny), seed=1, member=0)
    due = observe(tiny).newcomers
    assert history.waiting[2] == due[2]
    assert history.waiting[3] == due[2] + due[3]
    assert history.waiting[4] == 0
    assert np.array_equal(history.started + history.waiting, np.cumsum(due))


def test_a_correction_without_a_report_is_a_problem_of_the_folder():
    tiny = cases.star(corrections={"c": [3]})
    with pytest.raises(CaseError, match="correction stands on a date with a report"):
        prepare(tiny)


def test_a_camp_that_is_no_place_counts_among_the_newcomers_alone():
    tiny = cases.star()
    far = tiny.reports.with_columns(camp=pl.lit("far"), people=pl.col("people") * 2)
    seen = observe(cases.replace(tiny, reports=pl.concat([tiny.reports, far])))
    assert seen.camps == ("c", "d")
    assert seen.newcomers.sum() == 3 * (seen.people[-1] - seen.people[0]).sum()
