"""Keyed random numbers: the same key gives the same number, whatever else is drawn.

A draw is a hash of `(seed, stream, member, day, stable id, number)`. Nothing is shared and nothing is used
up, so a place added elsewhere leaves every other place's luck untouched, all plans meet the same luck, and
any number of workers gives the same bytes. Ids are hashed from their text, never from their position.

Source: splitmix64 (Steele, Lea and Flood, 2014), as a counter-based hash; BLAKE2b for the ids.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
SCALE = 2.0**-53


class Stream(IntEnum):
    """What a draw is for. Numbers are part of the results: add at the end, never renumber."""

    UNCERTAIN = 1
    LEVEL = 2
    EVENTS = 3
    DEPART = 4
    CHOOSE = 5
    ONWARD = 6
    RETURN = 7
    HOME = 8
    OVERRUN = 9
    STOCK = 10
    BURST = 11
    LEAVE_ZONE = 12
    POSITION = 20
    REPLAY = 21
    SITING = 22
    FITTED = 23
    FORECAST = 24
    EVENT_FIELD = 25
    THREAT_ZONE = 26
    THREAT_DEATHS = 27


# the same names are asked for by every member and plan
@lru_cache(maxsize=4096)
def stable_id(text: str) -> int:
    """Hash a text id to 64 bits, the same on every machine and run.

    >>> stable_id("aleppo") == stable_id("aleppo")
    True
    """
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def stable_ids(texts: list[str]) -> NDArray[np.uint64]:
    """Hash text ids to uint64 (row,)."""
    return np.array([stable_id(text) for text in texts], dtype=np.uint64)


@njit(cache=True, inline="always")
def mix(state: np.uint64) -> np.uint64:
    """Scramble 64 bits (splitmix64 finaliser)."""
    state = (state ^ (state >> np.uint64(30))) * FIRST
    state = (state ^ (state >> np.uint64(27))) * SECOND
    return state ^ (state >> np.uint64(31))


@njit(cache=True, inline="always")
def fold(key: np.uint64, part: np.uint64) -> np.uint64:
    """Add one more part to a key."""
    return mix(key ^ mix(part + GOLDEN))


@njit(cache=True, inline="always")
def to_unit(key: np.uint64) -> float:
    """Turn a key into a number above 0 and below 1 (53 bits, centred, so never exactly 0 or 1)."""
    return (np.float64(key >> np.uint64(11)) + 0.5) * SCALE


@njit(cache=True)
def start_key(seed: int, stream: int, member: int) -> np.uint64:
    """Begin a key with what all draws of one member and stream share."""
    key = fold(np.uint64(GOLDEN), np.uint64(seed))
    key = fold(key, np.uint64(stream))
    return fold(key, np.uint64(member))


@njit(cache=True)
def uniforms(
    seed: int, stream: int, member: int, day: int, ids: NDArray[np.uint64], number: int
) -> NDArray[np.float64]:
    """Draw a table of uniforms for the given ids.

    Parameters
    ----------
    seed, stream, member, day
        Parts of the key; `day` may be any whole number of 0 or more (a week, a step).
    ids
        uint64 (row,), from `stable_ids`.
    number
        Draws per id.

    Returns
    -------
    float64 (row, number), each above 0 and below 1.
    """
    key = fold(start_key(seed, stream, member), np.uint64(day))
    out = np.empty((ids.size, number))
    for row in range(ids.size):
        own = fold(key, ids[row])
        for column in range(number):
            out[row, column] = to_unit(fold(own, np.uint64(column)))
    return out


def uniform(seed: int, stream: Stream, member: int, name: str, *, day: int = 0) -> float:
    """Draw one uniform by name.

    >>> a = uniform(7, Stream.UNCERTAIN, 3, "rate")
    >>> a == uniform(7, Stream.UNCERTAIN, 3, "rate") and 0 < a < 1
    True
    """
    ids = np.array([stable_id(name)], dtype=np.uint64)
    return float(uniforms(seed, int(stream), member, day, ids, 1)[0, 0])
