"""The smallest change that turns a no into a yes: fewest terms moved, with proof, and all ways of doing it.

What a plan leaves open may stay open only where every answer would meet the conditions; to settle it counts as a change.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.consent.boxes import boxes_of
from asylia.consent.search import MOST_BRANCHES, Found, Question, nearest
from asylia.consent.space import Condition, Package, Space

MOST_WAYS: Final = 64
OPEN: Final = ""
"""Stands where a plan says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One variable changed; `before` is empty if the plan left it open."""

    variable: int
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The smallest change, and every way of making it.

    Parameters
    ----------
    cost
        Summed weights of what is changed: with weights of 1, the number of changes. `None` if none was found.
    bound
        No smaller cost is possible; equal to `cost` if proved. `None` if it is proved that nothing meets the conditions.
    count
        Ways of making a change of that cost, exactly if proved.
    packages
        The ways, at most as many as asked for, in order; `None` where a variable stays open.
    branches
        Cases looked at for the proof.
    """

    cost: int | None
    bound: int | None
    count: int
    packages: tuple[Package, ...]
    branches: int

    @property
    def proved(self) -> bool:
        """Whether it is proved that nothing smaller exists, or that nothing exists at all."""
        return self.cost == self.bound


def smallest_change(
    space: Space,
    conditions: Sequence[Condition],
    package: Sequence[int | None],
    *,
    actors: Collection[str] | None = None,
    weights: Mapping[str, int] | None = None,
    keep: Collection[str] = (),
    most: int = MOST_WAYS,
    most_branches: int = MOST_BRANCHES,
) -> Change:
    """Find the packages nearest to a plan in which everybody's hard conditions are met.

    Parameters
    ----------
    conditions
        Soft ones are passed over; rules that are nobody's always count.
    actors
        Whose conditions count; everybody's if `None`.
    weights
        Cost of changing a variable or term, by its name, a whole number of 1 or more; 1 where not given.
    keep
        Names of variables or terms the plan does not give up.
    most
        Ways listed at most; they are counted exactly all the same.

    Examples
    --------
    >>> from asylia.consent.space import Variable, compile_condition
    >>> consent = Variable(name="consent", term="consent", values=("none", "tacit", "written"), ordered=True)
    >>> space = Space(variables=(consent,))
    >>> change = smallest_change(space, [compile_condition("consent >= tacit", space, id="A")], (0,))
    >>> change.cost, change.count, change.packages, change.proved
    (1, 2, ((1,), (2,)), True)
    """
    counting = deciding(conditions, actors)
    question = question_of(space, counting, package, weights=weights or {}, keep=keep)
    found = nearest(question, most_groups=max(1, most), most_branches=most_branches)
    return Change(
        cost=found.cost,
        bound=found.bound,
        count=found.count,
        packages=tuple(sorted(itertools.islice(_packages(found, space), most), key=_order)),
        branches=found.branches,
    )


def deciding(conditions: Sequence[Condition], actors: Collection[str] | None = None) -> tuple[Condition, ...]:
    """List the hard conditions of these actors, and the rules that are nobody's."""
    return tuple(c for c in conditions if not c.soft and (actors is None or not c.actor or c.actor in actors))


def moves(space: Space, before: Sequence[int | None], after: Sequence[int | None]) -> tuple[Move, ...]:
    """List what differs between two packages."""
    return tuple(
        Move(
            variable=number,
            name=variable.name,
            before=_value(variable.values, old),
            after=_value(variable.values, new),
        )
        for number, (variable, old, new) in enumerate(zip(space.variables, before, after, strict=True))
        if old != new
    )


def question_of(
    space: Space,
    conditions: Sequence[Condition],
    package: Sequence[int | None],
    *,
    weights: Mapping[str, int],
    keep: Collection[str] = (),
) -> Question:
    """Put the question of the smallest change to the search."""
    left_open = frozenset(number for number, value in enumerate(package) if value is None)
    stay = [size if value is None else value for size, value in zip(space.shape, package, strict=True)]
    bits = np.int64(1) << np.array(stay, dtype=np.int64)
    widths = [size + (number in left_open) for number, size in enumerate(space.shape)]
    domains = (np.int64(1) << np.array(widths, dtype=np.int64)) - 1
    kept = np.array([bool({v.name, v.term} & set(keep)) for v in space.variables], dtype=np.bool_)
    return Question(
        boxes=boxes_of(space.shape, conditions, left_open),
        domains=np.where(kept, bits, domains),
        stay=bits,
        weights=_weights(space, weights),
    )


def _weights(space: Space, weights: Mapping[str, int]) -> NDArray[np.int64]:
    found = [weights.get(v.name, weights.get(v.term, 1)) for v in space.variables]
    if min(found, default=1) < 1:
        raise ValueError("Each weight is a whole number of 1 or more")
    return np.array(found, dtype=np.int64)


def _packages(found: Found, space: Space) -> Iterator[Package]:
    """Write groups of packages one by one; the bit after the last value stands for open."""
    sizes = space.shape
    for group in found.groups:
        values = [
            [None if bit == size else bit for bit in range(size + 1) if int(mask) >> bit & 1]
            for mask, size in zip(group, sizes, strict=True)
        ]
        yield from itertools.product(*values)


def _order(package: Package) -> tuple[int, ...]:
    return tuple(-1 if value is None else value for value in package)


def _value(values: tuple[str, ...], index: int | None) -> str:
    return OPEN if index is None else values[index]
