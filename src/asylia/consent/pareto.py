"""Packages that cannot be bettered for one actor without loss to another, exactly, under every condition.

Scores add up over the terms. Variables that conditions tie together are followed through the diagram, state by state;
free ones are summed issue by issue. A part that is beaten in the same state can never be part of an unbeaten whole, nor
can one that even with the best that may follow for each actor is beaten by a package already known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from asylia.consent.diagram import LARGEST_INT, Diagram, Edges, SearchLimitError
from asylia.consent.front import Ints, survivors, undominated

DECIMALS: Final = 9
"""Scores are read to so many decimals, so that sums are whole numbers and ties are exact."""
BLOCK: Final = 2**15
WEIGHTS: Final = 256
FEWEST_WEIGHTS: Final = 32
BOUNDED_STEPS: Final = 2**25
MANY: Final = 20_000
"""Parts in one layer from which on it pays to hold them against packages already known."""
MOST_ROWS: Final = 4_000_000
MOST_VECTORS: Final = 100_000
"""With many actors the Pareto set is no shortlist: beyond this the caller has to filter first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Front:
    """All score vectors that no package betters.

    Parameters
    ----------
    scores
        float64 (vector, actor), each vector once, falling.
    packages
        int16 (vector, variable): one package behind each vector.
    counts
        How many packages stand behind each; `None` if the space has more than 2^62 packages.
    """

    scores: NDArray[np.float64]
    packages: NDArray[np.int16]
    counts: tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rows:
    """Parts of packages: node, score so far int64 (row, actor), packages behind, and the step that led here."""

    node: NDArray[np.int32]
    points: Ints
    counts: Ints
    parent: NDArray[np.int32]
    value: NDArray[np.int16]

    def take(self, rows: Ints, counts: Ints | None = None) -> _Rows:
        return _Rows(
            node=self.node[rows],
            points=self.points[rows],
            counts=self.counts[rows] if counts is None else counts,
            parent=self.parent[rows],
            value=self.value[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Bounds:
    """Per layer the most that may follow for each actor, int64 (node, actor); and scores of packages already known."""

    ideals: list[Ints]
    known: Ints


def pareto(diagram: Diagram, scores: Sequence[NDArray[np.float64]]) -> Front:
    """Find the exact Pareto set of additive scores over all packages of a diagram.

    Parameters
    ----------
    diagram
        The acceptable packages, from `diagram.build`.
    scores
        Per variable of the space float64 (value, actor): what the value adds for the actor; read to nine decimals.

    Raises
    ------
    SearchLimitError
        If the set, or the parts that lead to it, are too many.
    """
    whole = _whole(diagram, scores)
    rows = _first(whole[0].shape[1])
    bounds = _bounds(diagram, whole)
    trail: list[tuple[NDArray[np.int32], NDArray[np.int16]]] = []
    for layer, (variable, edges) in enumerate(zip(diagram.order, diagram.edges, strict=True)):
        rows = _advance(rows, edges, whole[variable], bounds, layer + 1)
        trail.append((rows.parent, rows.value))
        if len(rows.node) > (MOST_ROWS if edges.max(initial=-1) > 0 else MOST_VECTORS):
            raise SearchLimitError(
                "Too many packages are left that no other betters. Leave out those somebody refuses, "
                "or ask about fewer actors at once."
            )
    return _front(diagram, rows, trail)


def _whole(diagram: Diagram, scores: Sequence[NDArray[np.float64]]) -> list[Ints]:
    """Turn scores into whole numbers of 10^-9."""
    shapes = [np.shape(own) for own in scores]
    width = shapes[0][1] if shapes and len(shapes[0]) == 2 else 0
    if shapes != [(size, width) for size in diagram.space.shape]:
        raise ValueError("scores need one array (value, actor) per variable of the space")
    most = sum(float(np.abs(own).max(initial=0.0)) for own in scores) * max(width, 1) * 10.0**DECIMALS
    if not most < LARGEST_INT:
        raise ValueError("scores are finite, and small enough to add up to nine decimals")
    return [np.rint(np.asarray(own, dtype=np.float64) * 10.0**DECIMALS).astype(np.int64) for own in scores]


def _first(width: int) -> _Rows:
    return _Rows(
        node=np.zeros(1, dtype=np.int32),
        points=np.zeros((1, width), dtype=np.int64),
        counts=np.ones(1, dtype=np.int64),
        parent=np.zeros(1, dtype=np.int32),
        value=np.zeros(1, dtype=np.int16),
    )


def _advance(rows: _Rows, edges: Edges, steps: Ints, bounds: _Bounds | None, layer: int) -> _Rows:
    """Add one variable to every part, and drop what is beaten in the same state."""
    if edges.max(initial=-1) <= 0:
        return _advance_to_one(rows, edges, steps)
    row, value = np.nonzero(edges[rows.node] >= 0)
    longer = _extend(rows, edges, steps, row, value)
    if bounds is not None and len(longer.node) > MANY:
        best = longer.points + bounds.ideals[layer][longer.node]
        flat = np.zeros((len(best), 1), dtype=np.int32)
        longer = longer.take(survivors(best, np.zeros((1, best.shape[1]), np.int64), flat, bounds.known)[0])
    if np.bincount(longer.node).max(initial=0) <= 1:
        return longer
    return longer.take(*undominated(longer.node.astype(np.int64), longer.points, longer.counts))


def _advance_to_one(rows: _Rows, edges: Edges, steps: Ints) -> _Rows:
    """Add a variable after which all parts are in one state: block by block against the best so far."""
    order = np.argsort(-rows.points.sum(axis=1), kind="stable")
    best = _extend(rows, edges, steps, order[:0], order[:0])
    start, size = 0, 64
    while start < len(order):
        block = order[start : start + size]
        row, value = survivors(rows.points[block], steps, edges[rows.node[block]], best.points.copy())
        both = _joined(best, _extend(rows, edges, steps, block[row], value))
        best = both.take(*undominated(np.zeros(len(both.node), dtype=np.int64), both.points, both.counts))
        start, size = start + size, min(size * 8, BLOCK)
    return best


def _extend(rows: _Rows, edges: Edges, steps: Ints, row: Ints, value: Ints) -> _Rows:
    return _Rows(
        node=edges[rows.node[row], value],
        points=rows.points[row] + steps[value],
        counts=rows.counts[row],
        parent=row.astype(np.int32),
        value=value.astype(np.int16),
    )


def _joined(first: _Rows, second: _Rows) -> _Rows:
    return _Rows(
        node=np.concatenate([first.node, second.node]),
        points=np.concatenate([first.points, second.points]),
        counts=np.concatenate([first.counts, second.counts]),
        parent=np.concatenate([first.parent, second.parent]),
        value=np.concatenate([first.value, second.value]),
    )


def _bounds(diagram: Diagram, whole: Sequence[Ints]) -> _Bounds | None:
    """Find what bounds the search; nothing if no search is long, or the diagram itself is."""
    cells = sum(edges.size for edges in diagram.edges)
    weights = _weights(min(WEIGHTS, BOUNDED_STEPS // cells), whole)
    if len(weights) < FEWEST_WEIGHTS or not weights.size or diagram.count <= MANY:
        return None
    steps = [whole[variable] for variable in diagram.order]
    ideals = [np.zeros((1, steps[0].shape[1]), dtype=np.int64)]
    sums = [np.zeros((1, len(weights)))]
    for edges, own in zip(reversed(diagram.edges), reversed(steps), strict=True):
        ideals.append(_most(edges, own, ideals[-1]))
        sums.append(_most(edges, own @ weights.T, sums[-1]))
    node, known = np.zeros(len(weights), dtype=np.int32), np.zeros_like(weights, dtype=np.int64)
    for edges, own, after in zip(diagram.edges, steps, reversed(sums[:-1]), strict=True):
        options = (own @ weights.T).T + after[edges[node], np.arange(len(weights))[:, None]]
        value = np.where(edges[node] >= 0, options, -np.inf).argmax(axis=1)
        node, known = edges[node, value], known + own[value]
    return _Bounds(ideals=ideals[::-1], known=np.unique(known, axis=0))


def _weights(many: int, whole: Sequence[Ints]) -> NDArray[np.float64]:
    """Spread weights evenly over the actors (a Kronecker sequence), each on its own scale."""
    spread = sum((own.max(axis=0) - own.min(axis=0)).astype(np.float64) for own in whole)
    width = whole[0].shape[1]
    golden = _golden(width)
    parts = -np.log((np.arange(1, many + 1)[:, None] * golden ** -np.arange(1.0, width + 1)) % 1.0 + 1e-9)
    weights: NDArray[np.float64] = parts / np.maximum(spread, 1.0)
    return weights


def _golden(width: int) -> float:
    """Solve x^(width + 1) = x + 1, the ratio that spreads points most evenly in so many dimensions."""
    ratio = 1.5
    for _ in range(40):
        ratio = (1.0 + ratio) ** (1.0 / (width + 1))
    return ratio


def _most(edges: Edges, own: NDArray[Any], after: NDArray[Any]) -> NDArray[Any]:
    """Give per node the most that may follow, over the values that go on; dead nodes get a very small number."""
    best = np.full((len(edges), own.shape[1]), -LARGEST_INT, dtype=own.dtype)
    for value in range(edges.shape[1]):
        on = np.flatnonzero(edges[:, value] >= 0)
        best[on] = np.maximum(best[on], own[value] + after[edges[on, value]])
    return best


def _front(
    diagram: Diagram, rows: _Rows, trail: Sequence[tuple[NDArray[np.int32], NDArray[np.int16]]]
) -> Front:
    order = np.lexsort(-rows.points.T[::-1]) if rows.points.size else np.arange(len(rows.node))
    rows, packages = rows.take(order), np.empty((len(order), len(diagram.order)), dtype=np.int16)
    here = order
    for variable, (parent, value) in zip(reversed(diagram.order), reversed(trail), strict=True):
        packages[:, variable] = value[here]
        here = parent[here].astype(np.int64)
    exact = diagram.space.size < LARGEST_INT
    return Front(
        scores=rows.points / 10.0**DECIMALS,
        packages=packages,
        counts=tuple(rows.counts.tolist()) if exact else None,
    )
