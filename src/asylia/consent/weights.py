"""What follows from an actor's stated order alone, and what would need weights nobody stated.

An actor ranks what it wants; it gives no numbers. All weights that respect its order are held possible (SMAA, Lahdelma,
Hokkanen and Salminen 1998). A preference that holds for all of them follows from the order. One that flips among them is
called "depends on weights", whatever the share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from asylia.core.draws import Stream, stable_id, uniforms

Preference: TypeAlias = Literal[
    "the first", "the second", "neither", "depends on weights", "depends on what is left open"
]
PARTS: Final = 2.0**30
"""Weights are whole numbers that sum to about this: sums of them are exact, so ties are ties on every machine."""
WEIGHTS: Final = 1
"""Marks the draws of weights among those of positions."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """How often each package does best for an actor, over weights that respect its order.

    Parameters
    ----------
    first
        int64 (package,): worlds in which no other package is better.
    ranks
        int64 (package, rank): worlds in which exactly `rank` other packages are better, for the ranks asked for.
    central
        float64 (package, wish): mean weights that put a package first, `nan` if none do.
    depends_on_weights
        bool (package,): first under some weights that respect the order, and not under others.
    """

    worlds: int
    first: NDArray[np.int64]
    ranks: NDArray[np.int64]
    central: NDArray[np.float64]
    depends_on_weights: NDArray[np.bool_]


def prefers(first: Sequence[bool | None], second: Sequence[bool | None], ranks: Sequence[int]) -> Preference:
    """Tell which of two packages an actor prefers, by its order alone.

    Exact: weights that respect an order are mixtures of the plainest ones, which count some wishes fully and equally and
    the others not at all; only those are looked at.

    Parameters
    ----------
    first, second
        Which wishes each package meets; `None` where it is open.
    ranks
        Rank of each wish, 1 first. Wishes of equal rank are not ordered.

    Examples
    --------
    >>> prefers([True, False], [False, True], [1, 2])
    'the first'
    >>> prefers([True, False, False], [False, True, True], [1, 2, 3])
    'depends on weights'
    """
    a, b = np.array([_ends(x) for x in first]), np.array([_ends(x) for x in second])
    order = np.array(ranks, dtype=np.int64)
    if not order.size:
        return "neither"
    worst, best = a[:, 0] - b[:, 1], a[:, 1] - b[:, 0]
    low, high = _range(worst, order)[0], _range(best, order)[1]
    if low >= 0 and high <= 0:
        return "neither"
    if low >= 0:
        return "the first"
    if high <= 0:
        return "the second"
    # with everything open settled one way or the other: do weights alone turn it?
    turns = [span[0] < 0 < span[1] for span in (_range(worst, order), _range(best, order))]
    return "depends on weights" if any(turns) else "depends on what is left open"


def draw_weights(ranks: Sequence[int], *, actor: str, seed: int, members: int) -> NDArray[np.float64]:
    """Draw weights evenly from all that respect the order.

    Returns
    -------
    float64 (member, wish), whole numbers.
    """
    order = np.array(ranks, dtype=np.int64)
    ids = np.array([stable_id(actor)], dtype=np.uint64)
    luck = np.array(
        [
            uniforms(seed, int(Stream.POSITION), member, WEIGHTS, ids, 2 * order.size)[0]
            for member in range(members)
        ]
    ).reshape(members, 2, order.size)
    pieces = -np.log(luck[:, 0])
    falling = -np.sort(-pieces / pieces.sum(axis=1, keepdims=True), axis=1)
    # wishes in the order of rank, at random within a rank
    turn = np.lexsort((luck[:, 1], np.broadcast_to(order, luck[:, 1].shape)), axis=1)
    weights = np.empty_like(falling)
    np.put_along_axis(weights, turn, falling, axis=1)
    return np.rint(weights * PARTS)


def standing(
    met: NDArray[np.bool_], weights: NDArray[np.float64], ranks: Sequence[int], *, most_ranks: int = 0
) -> Standing:
    """Count how often each package does best for an actor.

    Parameters
    ----------
    met
        bool (package, wish).
    weights
        float64 (member, wish), from `draw_weights`.
    ranks
        Rank of each wish, as for `prefers`: that a package is always first is decided exactly, not by draws.
    most_ranks
        Ranks counted, from the first; each is a comparison of all packages in all worlds.
    """
    kinds, kind_of = np.unique(met, axis=0, return_inverse=True)
    kind_of = kind_of.reshape(-1)
    scores = weights @ kinds.T.astype(np.float64)
    best = scores == scores.max(axis=1, keepdims=True)
    times = best.sum(axis=0)
    with np.errstate(invalid="ignore"):
        central = (best.T.astype(np.float64) @ weights) / PARTS / times[:, np.newaxis]
    counts = np.zeros((len(kinds), most_ranks), dtype=np.int64)
    if most_ranks:
        better = _better(scores, np.bincount(kind_of, minlength=len(kinds)))
        counts = np.stack([(better == rank).sum(axis=0) for rank in range(most_ranks)], axis=1)
    return Standing(
        worlds=len(weights),
        first=times[kind_of],
        ranks=counts[kind_of],
        central=central[kind_of],
        depends_on_weights=((times > 0) & ~_always_first(kinds, ranks, times == len(weights)))[kind_of],
    )


def _always_first(
    kinds: NDArray[np.bool_], ranks: Sequence[int], candidates: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Tell which of the candidates no weights that respect the order put behind another."""
    found = candidates.copy()
    order = np.array(ranks, dtype=np.int64)
    for kind in np.flatnonzero(candidates):
        gains = kinds[kind].astype(np.float64) - kinds.astype(np.float64)
        low, above = np.zeros(len(kinds)), np.zeros(len(kinds))
        for rank in np.unique(order):
            own = gains[:, order == rank]
            low = np.minimum(low, above + np.minimum(own, 0.0).sum(axis=1))
            above += own.sum(axis=1)
        found[kind] = bool((low >= 0.0).all())
    return found


def _better(scores: NDArray[np.float64], many: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count the packages that do better than those of each kind, int64 (member, kind)."""
    order = np.argsort(-scores, axis=1, kind="stable")
    falling = np.take_along_axis(scores, order, axis=1)
    before = np.cumsum(many[order], axis=1) - many[order]
    new = np.ones(falling.shape, dtype=np.bool_)
    new[:, 1:] = falling[:, 1:] != falling[:, :-1]
    start = np.maximum.accumulate(np.where(new, before, 0), axis=1)
    better = np.empty_like(start)
    np.put_along_axis(better, order, start, axis=1)
    return better


def _ends(value: bool | None) -> tuple[float, float]:  # noqa: FBT001 - the value is what is measured
    return (0.0, 1.0) if value is None else (float(value), float(value))


def _range(gains: NDArray[np.float64], order: NDArray[np.int64]) -> tuple[float, float]:
    """Give the least and greatest gain over the plainest weights: all higher ranks, and any wishes of one rank."""
    low, high, above = np.inf, -np.inf, 0.0
    for rank in np.unique(order):
        own = gains[order == rank]
        low = min(low, above + (own[own < 0].sum() if own.min() < 0 else own.min()))
        high = max(high, above + (own[own > 0].sum() if own.max() > 0 else own.max()))
        above += own.sum()
    return float(low), float(high)
