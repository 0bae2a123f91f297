# ruff: noqa: ARG001, ARG005 # numba wants the variants of a function to have the same arguments
"""Splits of people: whole persons by exact binomials, or real numbers by their shares (expected flow).

The type of the people decides, when numba compiles: int64 draws, float64 does not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import overload

from asylia.core.binomial import binomial_quantile
from asylia.core.draws import GOLDEN, mix, to_unit

FEW = 3
"""Up to so many people are asked one by one."""
MOST_AT_ONCE = 500.0
"""Largest mean of a Poisson drawn in one piece."""
Impl = Callable[..., Any]


def part(people: int, share: float, key: np.uint64, dust: float) -> int:
    """Return how many of `people` it falls on, each with chance `share`.

    Of expected flow, less than `dust` is not split any more: it follows the larger share.
    """
    return binomial_quantile(people, share, to_unit(key))


def few(people: int, options: int) -> bool:
    """Say whether people are better asked one by one."""
    return people <= FEW or people * 4 < options


def some(mean: float, key: np.uint64, sample: Any) -> Any:
    """Draw a Poisson number of the type of `sample`; the mean itself for expected flow."""
    return poisson(mean, key)


def whole(number: float, sample: Any) -> Any:
    """Cut a number to the type of `sample`."""
    return int(number)


def nobody_lost(found: Any, started: Any) -> bool:
    """Say whether as many people were found as have started; to rounding for expected flow."""
    return bool(found == started)


@overload(part, strict=False)
def _part(people: types.Type, share: types.Type, key: types.Type, dust: types.Type) -> Impl:
    if isinstance(people, types.Float):
        return _flow
    return _draw


def _flow(people: float, share: float, key: np.uint64, dust: float) -> float:
    return people * share if people >= dust else people * (share >= 0.5)


def _draw(people: int, share: float, key: np.uint64, dust: float) -> int:
    return binomial_quantile(people, share, to_unit(key))


@overload(few, strict=False)
def _few(people: types.Type, options: types.Type) -> Impl:
    if isinstance(people, types.Float):
        return lambda people, options: False
    return lambda people, options: people <= FEW or people * 4 < options


@overload(some, strict=False)
def _some(mean: types.Type, key: types.Type, sample: types.Type) -> Impl:
    if isinstance(sample, types.Float):
        return lambda mean, key, sample: mean
    return lambda mean, key, sample: poisson(mean, key)


@overload(whole, strict=False)
def _whole(number: types.Type, sample: types.Type) -> Impl:
    if isinstance(sample, types.Float):
        return lambda number, sample: number
    return lambda number, sample: np.int64(number)


@overload(nobody_lost, strict=False)
def _nobody_lost(found: types.Type, started: types.Type) -> Impl:
    if isinstance(found, types.Float):
        return lambda found, started: abs(found - started) <= 1e-9 * (1.0 + started)
    return lambda found, started: found == started


@njit(cache=True)
def poisson(mean: float, key: np.uint64) -> int:
    """Draw a Poisson number, in pieces of a mean of at most 500: the sum of Poissons is one."""
    pieces = math.ceil(mean / MOST_AT_ONCE)
    total = 0
    for _ in range(pieces):
        key = mix(key + GOLDEN)
        total += _piece(mean / pieces, to_unit(key))
    return total


@njit(cache=True)
def _piece(mean: float, luck: float) -> int:
    chance = math.exp(-mean)
    below, k = chance, 0
    while below < luck and k < 10_000:
        k += 1
        chance *= mean / k
        before = below
        below += chance
        if below == before and k > mean:
            break
    return k
