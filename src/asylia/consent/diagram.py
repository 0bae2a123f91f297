"""All packages that meet every condition, as one layered diagram: counted, searched and listed without trying each.

One layer per variable, one node per state the conditions can still be in, one edge per value. Paths from the first node
to the last are exactly the packages that meet every condition, so counting, listing and asking what all of them share
walk the diagram once.

Source: multi-valued decision diagrams (Srinivasan and others, 1990); each condition is first made into the smallest
automaton over the variables it reads.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.consent.space import Condition, Space
from asylia.core.errors import AsyliaError, CaseError, Problem

MOST_EDGES: Final = 2**24
MOST_STATES: Final = 2**25
"""Edges of one layer, and states of conditions at its nodes; beyond that no exact search is tried."""
MERGED_TABLE: Final = 4096
LARGEST_INT: Final = 2**62
STARTS: Final = 4
BLOCK: Final = 2**18
DEAD: Final = 0

Ints = NDArray[np.int64]
Edges = NDArray[np.int32]
_Level = NDArray[np.int32]


class SearchLimitError(AsyliaError):
    """An exact answer would take too long; the message says what to settle first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Diagram:
    """All packages of a space that meet every condition.

    Parameters
    ----------
    order
        Variable of each layer.
    edges
        Per layer int32 (node, value): the node of the next layer, or -1 where no package goes. The first layer has one
        node; after the last layer there is one node, number 0. Every edge lies on some path.
    """

    space: Space
    order: tuple[int, ...]
    edges: tuple[Edges, ...]

    @property
    def count(self) -> int:
        """Count the packages exactly, without listing them."""
        kind = np.int64 if self.space.size < LARGEST_INT else np.object_
        ways = np.ones(1, dtype=kind)
        for edges in reversed(self.edges):
            ways = _count_back(edges, ways)
        return int(ways[0])

    def possible(self) -> tuple[tuple[int, ...], ...]:
        """List per variable, in the order of the space, the values that some package takes."""
        found: dict[int, tuple[int, ...]] = {
            variable: tuple(np.flatnonzero((edges >= 0).any(axis=0)).tolist())
            for variable, edges in zip(self.order, self.edges, strict=True)
        }
        return tuple(found[variable] for variable in range(len(self.order)))

    def members(self, most: int | None = None) -> NDArray[np.int16]:
        """List packages.

        Parameters
        ----------
        most
            How many at most; all if `None`. Which ones are left out is arbitrary but always the same.

        Returns
        -------
        int16 (package, variable), index of the value; rows rising.
        """
        nodes, rows = np.zeros(1, dtype=np.int32), np.empty((1, 0), dtype=np.int16)
        for edges in self.edges:
            row, value = np.nonzero(edges[nodes] >= 0)
            row, value = row[:most], value[:most]
            nodes = edges[nodes[row], value]
            rows = np.concatenate([rows[row], value[:, None].astype(np.int16)], axis=1)
        rows = rows[:, np.argsort(self.order)]
        return rows[np.lexsort(rows.T[::-1])] if rows.size else rows


def build(
    space: Space, conditions: Sequence[Condition], *, fixed: Sequence[int | None] | None = None
) -> Diagram:
    """Build the diagram of all packages that meet every condition, hard or soft.

    Parameters
    ----------
    fixed
        A value per variable that is settled already, or `None`.

    Raises
    ------
    SearchLimitError
        If the conditions tie too many variables together.
    """
    if not space.variables:
        must = "there is at least one term to settle"
        raise CaseError([Problem(file="actors.toml", column="terms", must=must, mend="Add a term.")])
    tables = _merged([*_tables(conditions), *_fixing(space, fixed)])
    order = _order(space, [scope for scope, _ in tables])
    machines = [_machine(scope, table, order) for scope, table in tables]
    return Diagram(space=space, order=order, edges=_prune(_layers(space, order, machines)))


_Table = tuple[tuple[int, ...], NDArray[np.bool_]]


def _tables(conditions: Sequence[Condition]) -> Iterator[_Table]:
    return ((condition.scope, condition.table) for condition in conditions)


def _fixing(space: Space, fixed: Sequence[int | None] | None) -> Iterator[_Table]:
    for variable, value in enumerate(fixed or ()):
        if value is not None:
            yield (variable,), np.arange(space.shape[variable]) == value


def _merged(tables: Sequence[_Table]) -> list[_Table]:
    """Put conditions together whose union stays small: fewer automata to carry along."""
    done: list[_Table] = []
    for scope, table in sorted(tables, key=lambda one: (-len(one[0]), one[0])):
        for number, (other, held) in enumerate(done):
            sizes = dict(zip((*other, *scope), (*held.shape, *table.shape), strict=True))
            union = tuple(sorted(sizes))
            small = math.prod(sizes.values()) <= MERGED_TABLE and len(union) <= len(other) + 1
            if set(scope) <= set(other) or (small and set(scope) & set(other)):
                done[number] = (union, _spread(other, held, union) & _spread(scope, table, union))
                break
        else:
            done.append((scope, table))
    return done


def _spread(scope: tuple[int, ...], table: NDArray[np.bool_], union: tuple[int, ...]) -> NDArray[np.bool_]:
    """Lay a table along the axes of a larger scope."""
    sizes = dict(zip(scope, table.shape, strict=True))
    return table.reshape([sizes.get(variable, 1) for variable in union])


def _order(space: Space, scopes: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Order the variables so that few of them are pending at once; those no condition reads come last."""
    tied = [0] * len(space.variables)
    for scope in scopes:
        mask = sum(1 << variable for variable in scope)
        for variable in scope:
            tied[variable] |= mask
    log_sizes = [math.log2(max(size, 1)) for size in space.shape]
    order: list[int] = []
    for part in _components(tied):
        starts = sorted(part, key=lambda v: (tied[v].bit_count(), v))[:STARTS]
        order += min((_greedy(start, part, tied, log_sizes) for start in starts), key=lambda found: found[0])[
            1
        ]
    return (*order, *(variable for variable, mask in enumerate(tied) if not mask))


def _components(tied: Sequence[int]) -> list[list[int]]:
    """Group the variables that conditions tie together, directly or by way of others."""
    parts, seen = [], 0
    for start, mask in enumerate(tied):
        if not mask or seen >> start & 1:
            continue
        inside, fresh = 0, 1 << start
        while fresh:
            inside |= fresh
            fresh = _union(tied[v] for v in _bits(fresh)) & ~inside
        seen |= inside
        parts.append(list(_bits(inside)))
    return parts


def _greedy(
    start: int, part: Sequence[int], tied: Sequence[int], log_sizes: Sequence[float]
) -> tuple[float, list[int]]:
    """Take next what leaves the fewest combinations pending; give the sum of these as the cost."""
    chosen, inside, cost = [start], 1 << start, 0.0
    while len(chosen) < len(part):
        near = [v for v in part if not inside >> v & 1 and tied[v] & inside]
        pending = [v for v in chosen if tied[v] & ~inside]
        best = min(near, key=lambda v: (_pending(v, pending, inside, tied, log_sizes), v))
        inside |= 1 << best
        chosen.append(best)
        cost += 2.0 ** min(_pending(best, pending, inside, tied, log_sizes), 1000.0)
    return cost, chosen


def _pending(
    candidate: int, pending: Sequence[int], inside: int, tied: Sequence[int], log_sizes: Sequence[float]
) -> float:
    inside |= 1 << candidate
    return sum(log_sizes[v] for v in (*pending, candidate) if tied[v] & ~inside)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _union(masks: Iterator[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Machine:
    """The smallest automaton of one condition.

    Parameters
    ----------
    levels
        By variable, int32 (state, value) of the next state; state 0 can no longer be met.
    """

    start: int
    last: int
    levels: dict[int, _Level]


def _machine(scope: tuple[int, ...], table: NDArray[np.bool_], order: tuple[int, ...]) -> _Machine:
    place = {variable: layer for layer, variable in enumerate(order)}
    axes = sorted(range(len(scope)), key=lambda axis: place[scope[axis]])
    states = np.ascontiguousarray(table.transpose(axes)).ravel().astype(np.int32)
    levels: dict[int, _Level] = {}
    for axis in reversed(axes):
        level, states = _fold(states.reshape(-1, table.shape[axis]))
        levels[scope[axis]] = level
    last = scope[axes[-1]] if axes else -1
    return _Machine(start=int(states[0]), last=last, levels=levels)


def _fold(rows: _Level) -> tuple[_Level, _Level]:
    """Give each distinct row a number, and dead ends the number 0."""
    packed = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.itemsize * rows.shape[1]))).ravel()
    _, first, inverse = np.unique(packed, return_index=True, return_inverse=True)
    level = rows[first]
    dead = ~level.any(axis=1)
    number = np.where(dead, DEAD, np.cumsum(~dead)).astype(np.int32)
    kept = np.concatenate([np.zeros((1, rows.shape[1]), dtype=np.int32), level[~dead]])
    return kept, number[inverse.ravel()]


_States = dict[int, _Level]
"""By number of the machine, its state at each node."""


def _layers(space: Space, order: Sequence[int], machines: Sequence[_Machine]) -> list[Edges]:
    if any(machine.start == DEAD for machine in machines):
        return _empty(space, order)
    states: _States = {}
    nodes, layers = 1, []
    for variable in order:
        edges, states = _layer(variable, space.shape[variable], nodes, states, machines)
        layers.append(edges)
        nodes = int(edges.max(initial=-1)) + 1
        if nodes == 0:
            return _empty(space, order)
    return layers


def _empty(space: Space, order: Sequence[int]) -> list[Edges]:
    return [np.full((1, space.shape[variable]), -1, dtype=np.int32) for variable in order]


def _layer(
    variable: int, size: int, nodes: int, states: _States, machines: Sequence[_Machine]
) -> tuple[Edges, _States]:
    """Follow every value from every node, and put together what is left in the same state."""
    alive = np.ones((nodes, size), dtype=np.bool_)
    started = {number: machine for number, machine in enumerate(machines) if variable in machine.levels}
    begun = {number: np.full(nodes, machine.start, np.int32) for number, machine in started.items()}
    states = begun | states
    for number, machine in started.items():
        alive &= (machine.levels[variable] != DEAD)[states[number]]
    node, value = (axis.astype(np.int32) for axis in np.nonzero(alive))
    if node.size > MOST_EDGES:
        raise _too_many()
    going = {n: held for n, held in states.items() if machines[n].last != variable}

    def at(number: int, rows: _Level, values: _Level) -> _Level:
        held = going[number][rows]
        return machines[number].levels[variable][held, values] if number in started else held

    target, first = _distinct((at(number, node, value) for number in going), node.size)
    if first.size * (len(going) + 1) > MOST_STATES:
        raise _too_many()
    edges = np.full((nodes, size), -1, dtype=np.int32)
    edges[node, value] = target
    return edges, {number: at(number, node[first], value[first]) for number in going}


def _too_many() -> SearchLimitError:
    return SearchLimitError(
        "These conditions tie too many terms together to search every package exactly. "
        "Settle some of the terms first, or leave some of the statements out."
    )


def _distinct(columns: Iterable[_Level], rows: int) -> tuple[_Level, Ints]:
    """Give each distinct row of several columns a number, and a first row for each number."""
    key, span = np.zeros(rows, dtype=np.int64), 1
    for column in columns:
        wide = int(column.max(initial=0)) + 1
        if span * wide >= LARGEST_INT:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            span = rows
        key *= wide
        key += column
        span *= wide
    if span == 1:
        return np.zeros(rows, dtype=np.int32), np.zeros(min(rows, 1), dtype=np.int64)
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return inverse.astype(np.int32), first


def _prune(layers: list[Edges]) -> tuple[Edges, ...]:
    """Take out edges that lead nowhere."""
    alive: NDArray[np.bool_] = np.ones(1, dtype=np.bool_)
    for edges in reversed(layers):
        if not alive.all():
            edges[(edges >= 0) & ~alive[edges]] = -1
        alive = np.any(edges >= 0, axis=1)
    return tuple(layers)


def _count_back(edges: Edges, ways: NDArray[np.generic]) -> NDArray[np.generic]:
    parts = []
    for start in range(0, len(edges), BLOCK):
        block = edges[start : start + BLOCK]
        parts.append(np.where(block >= 0, ways[block], 0).sum(axis=1))
    return np.concatenate(parts)
