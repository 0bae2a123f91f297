"""Next question, doubt and weights against trying everything, on random instances."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from asylia.consent.ask import AGAINST, Known, matters, questions
from asylia.consent.doubt import NOT_HELD, Driver, draw_worlds, shares
from asylia.consent.readings import Spoken, standing_of_actor
from asylia.consent.space import Condition, Package, Space, Variable, is_met
from asylia.consent.weights import draw_weights, prefers, standing

INSTANCES = 1_000
ACTORS = ("a", "b", "c")


def random_space(luck: np.random.Generator) -> Space:
    sizes = luck.integers(1, 4, luck.integers(1, 5))
    return Space(
        variables=tuple(
            Variable(name=f"v{n}", term=f"v{n}", values=tuple("xyz"[:size])) for n, size in enumerate(sizes)
        )
    )


def random_condition(luck: np.random.Generator, space: Space, name: str, actor: str) -> Condition:
    width = luck.integers(1, min(3, len(space.shape)) + 1)
    scope = tuple(sorted(luck.choice(len(space.shape), width, replace=False).tolist()))
    table = np.asarray(luck.random(tuple(space.shape[n] for n in scope)) < luck.choice([0.4, 0.7]))
    return Condition(id=name, actor=actor, statement=name, scope=scope, table=table)


def random_said(luck: np.random.Generator, space: Space) -> tuple[Spoken, ...]:
    found = []
    for number in range(luck.integers(0, 6)):
        actor = str(luck.choice(ACTORS[:2]))
        several = int(luck.integers(1, 4))
        readings = tuple(random_condition(luck, space, f"s{number}", actor) for _ in range(several))
        doubt = f"d{luck.integers(3)} of {several}" if several > 1 else ""
        confidence = str(luck.choice(["stated", "likely", "guess"]))
        found.append(
            Spoken(id=f"s{number}", actor=actor, readings=readings, doubt=doubt, confidence=confidence)
        )
    return tuple(found)


def random_package(luck: np.random.Generator, space: Space) -> Package:
    return tuple(None if luck.random() < 0.4 else int(luck.integers(size)) for size in space.shape)


def ways(space: Space, package: Package) -> list[tuple[int, ...]]:
    """List every way of settling what is open."""
    values = [range(size) if v is None else (v,) for size, v in zip(space.shape, package, strict=True)]
    return list(itertools.product(*values))


def plain_position(space: Space, said: tuple[Spoken, ...], actor: str, package: Package) -> str:
    """Say where an actor stands by trying every way of settling what is open."""
    outcomes = []
    for s in (s for s in said if s.actor == actor):
        met = [[is_met(reading, way) for way in ways(space, package)] for reading in s.readings]
        outcomes.append({True if all(m) else None if any(m) else False for m in met})
    if {False} in outcomes:
        return "refuses"
    if any(False in found for found in outcomes):
        return "contested"
    return "nothing stated against it" if outcomes and all(o == {True} for o in outcomes) else "cannot say"


def plain_verdicts(space: Space, said: tuple[Spoken, ...], package: Package) -> dict[str, str]:
    found = {actor: plain_position(space, said, actor, package) for actor in ACTORS}
    held = {found["a"], found["c"]}
    whole = "refused" if "refuses" in held else "cannot say"
    return {**found, "": "nothing stated against it" if held == {"nothing stated against it"} else whole}


def turned(before: dict[str, str], after: dict[str, str]) -> set[tuple[str, str, str, str]]:
    return {("p", actor, before[actor], after[actor]) for actor in before if before[actor] != after[actor]}


def turns_by_reading(given: Known, now: dict[str, str]) -> dict[tuple[str, str], list[set]]:
    """Read all statements of one doubt in each way, and check on the way how much can then be agreed."""
    space, package, expected = given.space, given.packages["p"], {}
    for doubt in {s.doubt for s in given.said if s.doubt}:
        turns, counts = [], []
        for index in range(max(len(s.readings) for s in given.said if s.doubt == doubt)):
            read = tuple(
                replace(s, readings=(s.readings[index],)) if s.doubt == doubt else s for s in given.said
            )
            turns.append(turned(now, plain_verdicts(space, read, package)))
            counts.append(plain_count(space, read))
        if any(turns) or set(counts) != {plain_count(space, given.said)}:
            expected["reading", doubt] = turns
            found = next(q for q in questions(given) if q.term == doubt)
            assert [answer.agreeable for answer in found.answers] == counts
    return expected


def test_each_answer_changes_what_trying_everything_says_it_changes():
    seen = 0
    for seed in range(INSTANCES):
        luck = np.random.default_rng(seed)
        space = random_space(luck)
        said, package = random_said(luck, space), random_package(luck, space)
        given = Known(
            space=space,
            packages={"p": package},
            actors=ACTORS,
            vetoes={"a": ("v0",), "c": ("v0",)},
            said=said,
        )
        now = plain_verdicts(space, said, package)
        expected = {}
        for number, variable in enumerate(space.variables):
            if package[number] is None:
                settled = [
                    (*package[:number], v, *package[number + 1 :]) for v in range(len(variable.values))
                ]
                turns = [turned(now, plain_verdicts(space, said, each)) for each in settled]
                if any(actor for found in turns for _, actor, _, _ in found):
                    expected["plan", variable.name] = turns
        expected.update(turns_by_reading(given, now))
        against = {**now, "c": "refuses", "": "refused"}
        expected["silent", "v0"] = [turned(now, against)]
        if not any(s.actor == "a" for s in said):
            expected["silent", "v0"] = [turned(now, {**against, "a": "refuses"})]
        found_turns = {
            (q.sort, q.term): [
                {(t.plan, t.actor, t.now, t.then) for t in answer.turns}
                for answer in q.answers
                if q.sort != "silent" or answer.text == AGAINST
            ]
            for q in questions(given)
        }
        assert found_turns == expected, seed
        seen += len(expected)
    assert seen > INSTANCES


def plain_count(space: Space, said: tuple[Spoken, ...]) -> int:
    hard = [reading for s in said if s.actor in ("a", "c") for reading in s.readings]
    everything = itertools.product(*(range(size) for size in space.shape))
    return sum(all(is_met(condition, package) for condition in hard) for package in everything)


def test_an_open_variable_matters_where_some_way_of_settling_the_rest_makes_it_decide():
    both = set()
    for seed in range(INSTANCES):
        luck = np.random.default_rng(seed)
        space = random_space(luck)
        package = random_package(luck, space)
        conditions = [random_condition(luck, space, f"c{n}", "a") for n in range(luck.integers(0, 5))]
        for number in (n for n, value in enumerate(package) if value is None):
            by_rest: dict[tuple[int, ...], set[bool]] = {}
            for way in ways(space, package):
                rest = (*way[:number], *way[number + 1 :])
                by_rest.setdefault(rest, set()).add(all(is_met(c, way) for c in conditions))
            expected = any(len(found) == 2 for found in by_rest.values())
            assert matters(space, conditions, package, number) == expected, seed
            both.add(expected)
    assert both == {True, False}


def test_shares_count_what_world_after_world_says():
    for seed in range(INSTANCES):
        luck = np.random.default_rng(seed)
        space = random_space(luck)
        said = random_said(luck, space)
        packages = [random_package(luck, space) for _ in range(3)]
        worlds = draw_worlds(said, seed=seed, members=4)
        found = shares(worlds, packages, ["a", "c"])
        tables = {"refuses": found.refuses, "nothing stated against it": found.meets}
        counted = {position: np.zeros((3, 2), dtype=int) for position in tables}
        accepted = np.zeros((4, 3), dtype=bool)
        for number, row in enumerate(worlds.reading):
            held = tuple(
                Spoken(id=s.id, actor=s.actor, readings=(s.readings[way],))
                for s, way in zip(said, row, strict=True)
                if way != NOT_HELD
            )
            for place, package in enumerate(packages):
                position = plain_position(space, held, "a", package)
                assert standing_of_actor(held, "a", package) == position
                accepted[number, place] = position == "nothing stated against it"
                if position in counted:
                    counted[position][place, 0] += 1
        assert {position: table.sum(axis=0).tolist() for position, table in tables.items()} == {
            position: table.tolist() for position, table in counted.items()
        }
        assert not found.all_met.any(), "the third actor never said anything"
        assert (found.anyone_refuses == found.refuses[:, :, 0].sum(axis=0)).all()
        assert (shares(worlds, packages, ["a"]).all_met == accepted.sum(axis=0)).all()


def test_without_a_package_there_are_no_shares():
    condition = Condition(id="s", actor="a", statement="s", scope=(0,), table=np.array([True, False]))
    said = [Spoken(id="s", actor="a", readings=(condition,))]
    found = shares(draw_worlds(said, seed=1, members=10), [], ["a"])
    assert found.all_met.shape == found.anyone_refuses.shape == (0,)


def test_shares_come_near_what_all_combinations_give():
    luck = np.random.default_rng(3)
    space = random_space(luck)
    condition = Condition(
        id="s", actor="a", statement="s", scope=(0,), table=np.zeros(space.shape[0], dtype=bool)
    )
    met = Condition(id="s", actor="a", statement="s", scope=(), table=np.array(True))
    said = [Spoken(id="s", actor="a", readings=(condition, met, met), confidence="guess", doubt="d")]
    found = shares(draw_worlds(said, seed=1, members=8_000), [(0,) * len(space.shape)], ["a"])
    # one reading of three refuses, and the statement stands in 0.3 to 0.7 of worlds
    assert found.anyone_refuses[0] / 8_000 == pytest.approx(0.5 / 3, abs=4 * (0.17 * 0.83 / 8_000) ** 0.5)


def test_statements_that_share_a_doubt_share_their_luck_and_no_other_statement_changes_it():
    def said(name: str, doubt: str = "") -> Spoken:
        readings = tuple(
            Condition(id=name, actor="a", statement=name, scope=(0,), table=np.array(flags))
            for flags in ((True, False), (False, True))
        )
        return Spoken(id=name, actor="a", readings=readings, doubt=doubt, confidence="guess")

    pair = [said("s1", "same"), said("s2", "same"), said("s3", "other")]
    drivers = {"s1": Driver(name="one voice"), "s2": Driver(name="one voice")}
    worlds = draw_worlds(pair, seed=5, members=500, drivers=drivers).reading
    assert (worlds[:, 0] == worlds[:, 1]).all()
    assert (worlds[:, 0] != worlds[:, 2]).any()
    alone = draw_worlds(pair[1:2], seed=5, members=500, drivers=drivers).reading
    assert (alone[:, 0] == worlds[:, 1]).all()
    half = draw_worlds(
        pair, seed=5, members=500, drivers={n: Driver(name="d", share=0.6) for n in ("s1", "s2")}
    )
    together = np.corrcoef((half.reading[:, :2] == NOT_HELD).T)[0, 1]
    assert 0.1 < together < 0.95


def test_preference_by_order_alone_is_what_linear_programming_finds():
    seen = set()
    for seed in range(INSTANCES):
        luck = np.random.default_rng(seed)
        wishes = int(luck.integers(1, 6))
        ranks = np.sort(luck.integers(1, 4, wishes))
        first, second = luck.random((2, wishes)) < 0.5
        gains = first.astype(float) - second.astype(float)
        # w[i] >= w[j] wherever i is ranked before j; weights sum to 1
        pairs = [(i, j) for i in range(wishes) for j in range(wishes) if ranks[i] < ranks[j]]
        rows = np.zeros((len(pairs), wishes))
        for row, (i, j) in zip(rows, pairs, strict=True):
            row[i], row[j] = -1.0, 1.0
        kept = {"A_ub": rows, "b_ub": np.zeros(len(pairs))} if pairs else {}
        ends = [
            linprog(sign * gains, A_eq=np.ones((1, wishes)), b_eq=[1.0], bounds=(0, 1), **kept).fun * sign
            for sign in (1, -1)
        ]
        low, high = np.round(ends, 9)
        if low < 0 < high:
            expected = "depends on weights"
        else:
            expected = "the first" if high > 0 else "the second" if low < 0 else "neither"
        assert prefers(first.tolist(), second.tolist(), ranks.tolist()) == expected, seed
        seen.add(expected)
    assert len(seen) == 4


def test_drawn_weights_respect_the_order_and_never_contradict_what_follows_from_it():
    flips = 0
    for seed in range(200):
        luck = np.random.default_rng(seed)
        wishes = int(luck.integers(1, 6))
        ranks = luck.integers(1, 4, wishes).tolist()
        met = luck.random((6, wishes)) < 0.5
        weights = draw_weights(ranks, actor="a", seed=seed, members=60)
        for i, j in itertools.permutations(range(wishes), 2):
            if ranks[i] < ranks[j]:
                assert (weights[:, i] >= weights[:, j]).all()
        found = standing(met, weights, ranks, most_ranks=6)
        scores = weights @ met.T
        assert (found.first == (scores == scores.max(axis=1, keepdims=True)).sum(axis=0)).all()
        better = (scores[:, :, None] < scores[:, None, :]).sum(axis=2)
        assert (found.ranks == np.stack([(better == r).sum(axis=0) for r in range(6)], axis=1)).all()
        for package in range(6):
            always = all(
                prefers(met[package].tolist(), other.tolist(), ranks) in ("the first", "neither")
                for other in met
            )
            assert found.depends_on_weights[package] == (found.first[package] > 0 and not always)
            if always:
                assert found.first[package] == found.worlds
        flips += int(found.depends_on_weights.any())
    assert flips > 20


def test_equal_ranks_are_drawn_evenly():
    weights = draw_weights([1, 1, 2], actor="a", seed=3, members=4_000)
    assert (weights[:, 0] > weights[:, 1]).mean() == pytest.approx(0.5, abs=0.04)
    # the mean of the greatest of three parts of a whole is 11/18
    assert (weights[:, :2].max(axis=1) / weights.sum(axis=1)).mean() == pytest.approx(11 / 18, abs=0.01)


def test_what_is_open_is_told_apart_from_what_depends_on_weights():
    assert prefers([None], [False], [1]) == "the first"
    assert prefers([None], [True], [1]) == "the second"
    assert prefers([None], [None], [1]) == "depends on what is left open"
    assert prefers([True, False, False], [False, True, True], [1, 2, 2]) == "depends on weights"
    assert prefers([], [], []) == "neither"
