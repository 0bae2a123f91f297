"""Triangular algebra on small matrices inside compiled loops, where a call of LAPACK costs more than the sums.

Only the lower triangle of any matrix is read or written.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Vector = NDArray[np.float64]


@njit(cache=True)
def cholesky(matrix: Vector, root: Vector, size: int) -> float:
    """Fill the lower root L of a matrix, L L' = matrix; return half the log of its determinant.

    A pivot that is not positive gives not-a-number, which every later comparison refuses.
    """
    total = 0.0
    for row in range(size):
        for column in range(row + 1):
            value = matrix[row, column]
            for k in range(column):
                value -= root[row, k] * root[column, k]
            if row > column:
                root[row, column] = value / root[column, column]
            else:
                root[row, row] = math.sqrt(value) if value > 0.0 else np.nan
                total += math.log(root[row, row])
    return total


@njit(cache=True)
def lower(root: Vector, right: Vector, found: Vector, size: int) -> float:
    """Solve L found = right; return the sum of squares of what was found. Both may be the same array."""
    total = 0.0
    for row in range(size):
        value = right[row]
        for k in range(row):
            value -= root[row, k] * found[k]
        found[row] = value / root[row, row]
        total += found[row] * found[row]
    return total


@njit(cache=True)
def upper(root: Vector, right: Vector, found: Vector, size: int) -> None:
    """Solve L' found = right. Both may be the same array."""
    for row in range(size - 1, -1, -1):
        value = right[row]
        for k in range(row + 1, size):
            value -= root[k, row] * found[k]
        found[row] = value / root[row, row]
