"""Small random spaces and conditions, and every package of them tried one by one."""

from __future__ import annotations

import itertools

import numpy as np

from asylia.consent.space import Condition, Space, Variable, is_met


def make_space_of(shape):
    """Make a space with so many values per variable."""
    return Space(
        variables=tuple(
            Variable(name=f"v{place}", term=f"v{place}", values=tuple(f"x{value}" for value in range(size)))
            for place, size in enumerate(shape)
        )
    )


def make_instance(seed, *, most_terms=6, most_values=4, most_conditions=6):
    """Make a space, hard and soft conditions from a seed: three actors, scopes of none to four variables."""
    random = np.random.default_rng(seed)
    shape = tuple(random.integers(1, most_values + 1, random.integers(1, most_terms + 1)).tolist())
    share = random.choice([0.5, 0.8, 0.95])
    conditions = []
    for number in range(int(random.integers(0, most_conditions + 1))):
        # An empty scope is a condition that is always, or never, met; rare, as it empties the set.
        size = int(random.integers(0 if random.random() < 0.1 else 1, min(4, len(shape)) + 1))
        scope = tuple(sorted(random.choice(len(shape), size, replace=False).tolist()))
        conditions.append(
            Condition(
                id=f"c{number}",
                actor=f"a{number % 3}",
                statement=f"c{number}",
                scope=scope,
                table=np.array(random.random([shape[place] for place in scope]) < share),
                soft=bool(random.random() < 0.4),
                rank=int(random.integers(1, 4)),
            )
        )
    return make_space_of(shape), conditions


def every_package(space, conditions):
    """List the packages that meet every condition, by trying each."""
    everything = itertools.product(*map(range, space.shape))
    return [package for package in everything if all(is_met(c, package) for c in conditions)]
