"""Smallest change and clashes against trying everything, on random instances."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from asylia.consent.boxes import boxes_of
from asylia.consent.change import smallest_change
from asylia.consent.clash import clashes
from asylia.consent.space import Condition, Space, Variable, is_met

INSTANCES = 1_000


def random_space(luck: np.random.Generator, most: int = 5) -> Space:
    sizes = luck.integers(1, 5, luck.integers(1, most + 1))
    return Space(
        variables=tuple(
            Variable(name=f"v{n}", term=f"v{n}", values=tuple("abcd"[:size])) for n, size in enumerate(sizes)
        )
    )


def random_conditions(luck: np.random.Generator, space: Space, most: int = 8) -> list[Condition]:
    found = []
    for number in range(luck.integers(0, most + 1)):
        width = luck.integers(0 if luck.random() < 0.05 else 1, min(3, len(space.shape)) + 1)
        scope = tuple(sorted(luck.choice(len(space.shape), width, replace=False).tolist()))
        shape = tuple(space.shape[n] for n in scope)
        table = np.asarray(luck.random(shape) < luck.choice([0.4, 0.7, 0.9]))
        found.append(
            Condition(id=f"c{number}", actor=f"a{number % 3}", statement="", scope=scope, table=table)
        )
    return found


def packages(space: Space) -> Iterator[tuple[int, ...]]:
    return itertools.product(*(range(size) for size in space.shape))


def held_whatever_is_open(
    space: Space, conditions: Sequence[Condition], package: Sequence[int | None]
) -> bool:
    """Try every answer to what is open."""
    ways = itertools.product(
        *(
            range(size) if value is None else (value,)
            for size, value in zip(space.shape, package, strict=True)
        )
    )
    return all(is_met(condition, way) for way in ways for condition in conditions)


@pytest.mark.parametrize("part", range(4))
def test_the_smallest_change_is_what_trying_everything_finds(part):
    for seed in range(part, INSTANCES, 4):
        luck = np.random.default_rng(seed)
        space = random_space(luck, most=4)
        conditions = random_conditions(luck, space)
        start = tuple(None if luck.random() < 0.25 else int(luck.integers(size)) for size in space.shape)
        weights = {f"v{n}": int(luck.integers(1, 4)) for n in range(len(space.shape)) if luck.random() < 0.5}
        ways: dict[int, list[tuple[int | None, ...]]] = {}
        values = [
            [*range(size), *([None] if own is None else [])]
            for size, own in zip(space.shape, start, strict=True)
        ]
        for package in itertools.product(*values):
            if held_whatever_is_open(space, conditions, package):
                moved = [n for n, (a, b) in enumerate(zip(start, package, strict=True)) if a != b]
                ways.setdefault(sum(weights.get(f"v{n}", 1) for n in moved), []).append(package)
        found = smallest_change(space, conditions, start, weights=weights, most=10_000)
        assert found.proved
        assert found.cost == (min(ways) if ways else None), seed
        least = ways[min(ways)] if ways else []
        assert found.count == len(least)
        assert set(found.packages) == set(least)
        assert len(found.packages) == len(least)


def test_boxes_rule_out_exactly_what_is_not_met():
    for seed in range(INSTANCES):
        luck = np.random.default_rng(seed)
        space = random_space(luck)
        conditions = random_conditions(luck, space)
        boxes = boxes_of(space.shape, conditions)
        for package in itertools.islice(packages(space), 200):
            inside = set()
            for box, owner in enumerate(boxes.owner):
                parts = range(boxes.first[box], boxes.first[box + 1])
                if all(boxes.forbidden[p] >> package[boxes.variable[p]] & 1 for p in parts):
                    inside.add(int(owner))
            assert inside == {n for n, condition in enumerate(conditions) if not is_met(condition, package)}


@pytest.mark.parametrize("part", range(4))
def test_clashes_and_concessions_are_what_trying_everything_finds(part):
    for seed in range(part, INSTANCES, 4):
        luck = np.random.default_rng(seed + 50_000)
        space = random_space(luck, most=4)
        conditions = random_conditions(luck, space, most=7)
        rules = random_conditions(luck, space, most=1) if luck.random() < 0.3 else []
        everyone = frozenset(range(len(conditions)))
        allowed = [p for p in packages(space) if all(is_met(rule, p) for rule in rules)]
        met = {frozenset(n for n in everyone if is_met(conditions[n], p)) for p in allowed}
        subsets = [
            frozenset(s) for k in range(len(everyone) + 1) for s in itertools.combinations(everyone, k)
        ]
        holding = {s for s in subsets if any(s <= m for m in met)}
        sets = {s for s in subsets if s not in holding and all(s - {one} in holding for one in s)}
        largest = {s for s in holding if all(s | {one} not in holding for one in everyone - s)}
        found = clashes(space, conditions, rules=rules)
        assert found.complete
        assert found.together == (everyone in holding)
        names = {n: condition.id for n, condition in enumerate(conditions)}
        assert sorted(found.sets) == sorted(tuple(names[n] for n in sorted(s)) for s in sets), seed
        expected = [] if found.together else [tuple(names[n] for n in sorted(everyone - s)) for s in largest]
        assert sorted(found.concessions) == sorted(expected), seed
