"""A pool of conflicts as flat arrays, so that one compiled loop can go over conflicts of different sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.move.fitted.facts import Facts
from asylia.study.fit import FitCase, fill_misses

Vector = NDArray[np.float64]
Whole = NDArray[np.int64]
OF_FACTS: Final = (
    "days", "newcomers", "fighting", "since", "log_way", "log_people", "log_size", "log_income", "log_capacity",
    "is_open", "crossing", "start", "room",
)  # fmt: skip
"""Order in which the numbers of a conflict stand; then `weights`, `shares`, `own` and `common`."""
FIELDS: Final = len(OF_FACTS) + 4
WEIGHTS, SHARES, OWN, COMMON = range(FIELDS - 4, FIELDS)


class Packed(NamedTuple):
    """Conflicts behind one another.

    Parameters
    ----------
    starts
        Where each field of each conflict begins in `numbers`, (conflict, field).
    sizes
        Stretches, places of origin, camps, where its countries begin, parts, (conflict, 5).
    networks
        (conflict,)
    """

    numbers: Vector
    countries: Whole
    starts: Whole
    sizes: Whole
    networks: Vector


def pack(cases: Sequence[FitCase]) -> Packed:
    """Put conflicts behind one another."""
    blocks = [
        np.ravel(block).astype(np.float64)
        for case in cases
        for block in (
            *(getattr(case.facts, name) for name in OF_FACTS), case.weights, case.shares, case.own, case.common
        )
    ]  # fmt: skip
    camps = [case.shares.shape[1] for case in cases]
    first = np.cumsum([0, *camps[:-1]])
    sizes = [
        (*case.facts.fighting.shape, camps[number], first[number], len(case.shares))
        for number, case in enumerate(cases)
    ]
    starts = np.cumsum([0, *(block.size for block in blocks[:-1])]).reshape(len(cases), FIELDS)
    return Packed(
        numbers=np.concatenate(blocks),
        countries=np.concatenate([case.facts.country for case in cases]).astype(np.int64),
        starts=starts.astype(np.int64),
        sizes=np.array(sizes, dtype=np.int64),
        networks=np.array([case.facts.networks for case in cases], dtype=np.float64),
    )


@njit(cache=True)
def rows(pool: Packed, case: int) -> int:
    """Return how many log shares of a conflict are compared."""
    return int(pool.sizes[case, 2] * pool.sizes[case, 4])


@njit(cache=True)
def block(pool: Packed, case: int, field: int, height: int, width: int) -> Vector:
    """Return one field of a conflict, (height, width)."""
    start = pool.starts[case, field]
    return pool.numbers[start : start + height * width].reshape((height, width))


@njit(cache=True)
def _facts(pool: Packed, case: int) -> Facts:
    """Return the facts of a conflict: views, nothing is copied."""
    s, o, c = pool.sizes[case, 0], pool.sizes[case, 1], pool.sizes[case, 2]
    first = pool.sizes[case, 3]
    return Facts(
        block(pool, case, 0, 1, s)[0], block(pool, case, 1, 1, s)[0], block(pool, case, 2, s, o),
        block(pool, case, 3, s, o), block(pool, case, 4, o, c), block(pool, case, 5, 1, o)[0],
        pool.countries[first : first + c], block(pool, case, 6, 1, c)[0], block(pool, case, 7, 1, c)[0],
        block(pool, case, 8, 1, c)[0], pool.networks[case], block(pool, case, 9, s, c), block(pool, case, 10, s, c),
        block(pool, case, 11, 1, c)[0], block(pool, case, 12, 1, c)[0],
    )  # fmt: skip


@njit(cache=True)
def look(pool: Packed, case: int, values: Vector, found: Vector) -> None:
    """Fill the misses of a conflict with natural values of the parameters, and without luck; see `fit.misses`."""
    s, c, parts = pool.sizes[case, 0], pool.sizes[case, 2], pool.sizes[case, 4]
    weights = block(pool, case, WEIGHTS, parts, s)
    shares = block(pool, case, SHARES, parts, c)
    fill_misses(_facts(pool, case), values, np.zeros(c), weights, shares, found)


@njit(cache=True)
def covariance(pool: Packed, case: int, log_spreads: Vector, found: Vector) -> None:
    """Fill the lower triangle of the covariance of a conflict's log shares; see `fit.precision`."""
    size = rows(pool, case)
    own, common = block(pool, case, OWN, size, size), block(pool, case, COMMON, size, size)
    of_countries, of_camps = np.exp(2 * log_spreads[0]), np.exp(2 * log_spreads[1])
    for row in range(size):
        for column in range(row + 1):
            found[row, column] = of_countries * common[row, column] + of_camps * own[row, column]
        found[row, row] += np.exp(2 * log_spreads[2])
