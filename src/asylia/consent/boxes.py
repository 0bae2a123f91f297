"""Conditions as what they rule out: boxes of forbidden packages, small enough to search with.

A box names a set of values for each of a few variables; a package inside is refused. Every condition is the union of
the boxes of its table, so a search that keeps out of all boxes meets all conditions, and no other search does.

A variable a plan leaves open gets one more value, "left open": there a condition is met only if it is met whatever the
answer turns out to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.consent.space import Condition
from asylia.core.errors import PlanError, Problem

MOST_VALUES: Final = 61
"""Values of a variable, "left open" included: they are the bits of one 64-bit number."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Boxes:
    """Forbidden boxes of some conditions, in one table.

    Parameters
    ----------
    first
        int64 (box + 1,): where the parts of each box start.
    variable
        int64 (part,): index of a variable.
    forbidden
        int64 (part,): the values of that variable inside the box, one bit each.
    owner
        int64 (box,): the condition, by its place in the sequence.
    """

    first: NDArray[np.int64]
    variable: NDArray[np.int64]
    forbidden: NDArray[np.int64]
    owner: NDArray[np.int64]

    def touching(self, variables: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """List the boxes of each variable: where they start, int64 (variable + 1,), and the boxes, int64 (part,)."""
        order = np.argsort(self.variable, kind="stable")
        box_of_part = np.repeat(np.arange(self.owner.size, dtype=np.int64), np.diff(self.first))
        counts = np.bincount(self.variable, minlength=variables)
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), box_of_part[order]


def boxes_of(
    shape: Sequence[int], conditions: Sequence[Condition], open_variables: frozenset[int] = frozenset()
) -> Boxes:
    """Cut what each condition rules out into boxes; fewest parts first, because short ones decide more.

    Parameters
    ----------
    shape
        Values of each variable, "left open" not counted.
    open_variables
        Variables that have the extra value "left open", numbered after their last one.
    """
    _check_widths(shape)
    found = [
        (variables, masks, owner)
        for owner, condition in enumerate(conditions)
        for variables, masks in _cut(condition, open_variables)
    ]
    found.sort(key=lambda box: box[0].size)
    sizes = [box[0].size for box in found]
    return Boxes(
        first=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        variable=_joined([box[0] for box in found]),
        forbidden=_joined([box[1] for box in found]),
        owner=np.array([box[2] for box in found], dtype=np.int64),
    )


def with_open(table: NDArray[np.bool_], axes: Sequence[bool]) -> NDArray[np.bool_]:
    """Add the value "left open" to the marked axes: met there if met for every value.

    Examples
    --------
    >>> with_open(np.array([True, False]), [True]).tolist()
    [True, False, False]
    """
    for axis, is_open in enumerate(axes):
        if is_open:
            table = np.concatenate([table, table.all(axis=axis, keepdims=True)], axis=axis)
    return table


def _cut(
    condition: Condition, open_variables: frozenset[int]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    table = with_open(condition.table, [number in open_variables for number in condition.scope])
    scope = np.array(condition.scope, dtype=np.int64)
    shape = np.array(table.shape, dtype=np.int64)
    masks = _cover(np.ascontiguousarray(table).reshape(-1), shape)
    full = (np.int64(1) << shape) - 1
    return [(scope[row != full], row[row != full]) for row in masks]


def _check_widths(shape: Sequence[int]) -> None:
    widest = max(shape, default=0)
    if widest >= MOST_VALUES:
        problem = Problem(
            file="actors.toml",
            column="terms.values",
            value=str(widest),
            must=f"a term has fewer than {MOST_VALUES} values",
            mend="Put values together.",
        )
        raise PlanError([problem])


def _joined(pieces: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate(pieces).astype(np.int64) if pieces else np.empty(0, dtype=np.int64)


@njit(cache=True)
def _cover(met: NDArray[np.bool_], shape: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cover the cells that are not met with boxes, each as large as it can be.

    Parameters
    ----------
    met
        bool (cell,), a table in C order.
    shape
        int64 (axis,).

    Returns
    -------
    int64 (box, axis), the values of each axis inside, one bit each.
    """
    axes = shape.size
    strides = np.ones(axes, dtype=np.int64)
    for axis in range(axes - 2, -1, -1):
        strides[axis] = strides[axis + 1] * shape[axis + 1]
    covered = met.copy()
    found = np.empty((4, axes), dtype=np.int64)
    count = 0
    for cell in range(met.size):
        if covered[cell]:
            continue
        if count == found.shape[0]:
            found = np.concatenate((found, np.empty_like(found)))
        found[count] = _grow(met, covered, shape, strides, cell)
        count += 1
    return found[:count]


@njit(cache=True)
def _grow(
    met: NDArray[np.bool_],
    covered: NDArray[np.bool_],
    shape: NDArray[np.int64],
    strides: NDArray[np.int64],
    cell: int,
) -> NDArray[np.int64]:
    """Widen one cell axis by axis while nothing inside is met, and mark what the box covers."""
    inside = np.empty(met.size, dtype=np.int64)
    inside[0] = cell
    count = 1
    masks = np.empty(shape.size, dtype=np.int64)
    for axis in range(shape.size):
        own = cell // strides[axis] % shape[axis]
        masks[axis] = np.int64(1) << own
        before = count
        for value in range(shape[axis]):
            step = (value - own) * strides[axis]
            if value != own and not _any_met(met, inside[:before], step):
                masks[axis] |= np.int64(1) << value
                inside[count : count + before] = inside[:before] + step
                count += before
    for place in range(count):
        covered[inside[place]] = True
    return masks


@njit(cache=True)
def _any_met(met: NDArray[np.bool_], inside: NDArray[np.int64], step: int) -> bool:
    found = False
    for cell in inside:
        found = found or met[cell + step]
    return found
