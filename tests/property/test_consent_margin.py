"""The margin of any package, against trying every other package."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from asylia.consent.margin import MOST_WAYS, margin
from asylia.consent.space import Condition, Space, Variable, is_met

RUNS = 1000


def random_question(rng):
    shape = rng.integers(1, 4, size=int(rng.integers(1, 5))).tolist()
    space = Space(
        variables=tuple(
            Variable(name=f"v{n}", term=f"v{n}", values=tuple(f"x{k}" for k in range(size)))
            for n, size in enumerate(shape)
        )
    )
    conditions = []
    for number in range(int(rng.integers(0, 5))):
        scope = np.sort(
            rng.choice(len(shape), size=int(rng.integers(0, len(shape) + 1)), replace=False)
        ).tolist()
        conditions.append(
            Condition(
                id=f"s{number}",
                actor=f"actor {rng.integers(3)}",
                statement=f"s{number}",
                scope=tuple(scope),
                table=rng.random([shape[n] for n in scope]) < 0.7,
                soft=bool(rng.random() < 0.2),
            )
        )
    package = tuple(None if rng.random() < 0.2 else int(rng.integers(size)) for size in shape)
    return space, conditions, package, {"actor 0", "actor 1"}


def tried(space, conditions, package, holders):
    """Try every package: fewest settled values that differ where a holder's hard condition fails, and all such ways."""
    found = {}
    for other in itertools.product(*(range(size) for size in space.shape)):
        for condition in conditions:
            if condition.actor in holders and not condition.soft and not is_met(condition, other):
                changed = tuple(
                    (n, other[n])
                    for n in condition.scope
                    if package[n] is not None and other[n] != package[n]
                )
                found.setdefault(len(changed), set()).add((condition.id, changed))
    return (min(found), found[min(found)]) if found else (None, set())


@pytest.mark.parametrize("part", range(2))
def test_margin_agrees_with_trying_every_package(part):
    for run in range(RUNS // 2):
        space, conditions, package, holders = random_question(np.random.default_rng([part, run]))
        fewest, ways = tried(space, conditions, package, holders)
        found = margin(package, space, conditions, holders)
        assert found.changes == fewest
        assert found.count == len(ways)
        named = {
            (way.statement, tuple((int(c.variable[1:]), int(c.becomes[1:])) for c in way.changes))
            for way in found.ways
        }
        assert named <= ways
        assert len(named) == min(len(ways), MOST_WAYS)
        for way in found.ways:
            assert all(package[int(name[1:])] is None for name in way.left_open)
