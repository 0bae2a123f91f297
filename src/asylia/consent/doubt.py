"""How far the verdicts depend on what is doubtful: readings, and whether an actor holds what it is said to hold.

Worlds are drawn: in each, every statement is read in one of its ways, and stands or does not. Statements that share a
doubt share their luck. The share of worlds in which nobody refuses is no probability that a plan works: silent actors,
weights and events are not in it. It is told in words and tenths, and no finer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from asylia.consent.readings import MET, UNMET, Spoken, stands_all
from asylia.core.draws import Stream, stable_ids, uniforms

NOT_HELD: Final = -1
MEMBERS: Final = 2_000
HOLDS: Final[Mapping[str, tuple[float, float]]] = {
    "stated": (1.0, 1.0),
    "likely": (0.7, 0.95),
    "guess": (0.3, 0.7),
}
"""How often a statement of each confidence stands: ranges we assume, drawn once per world for all of that confidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """Something that several statements depend on, such as one speaker or one translation.

    Parameters
    ----------
    share
        How much of their luck they share, from 0 (none) to 1 (they stand or fall together).
    """

    name: str
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worlds:
    """Drawn worlds.

    Parameters
    ----------
    said
        The statements, in the order of the columns.
    reading
        int8 (world, statement): which reading holds, NOT_HELD if the statement does not stand.
    """

    said: tuple[Spoken, ...]
    reading: NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shares:
    """In how many worlds each plan is refused, or has all conditions met.

    Parameters
    ----------
    refused, met
        int64 (package, actor): worlds in which the actor refuses; in which all its hard conditions are met.
    anyone_refuses, all_met
        int64 (package,): worlds in which one of the actors refuses; in which the conditions of all are met.
    accepted
        bool (world, package): whether the conditions of all are met.
    """

    actors: tuple[str, ...]
    worlds: int
    refused: NDArray[np.int64]
    met: NDArray[np.int64]
    anyone_refuses: NDArray[np.int64]
    all_met: NDArray[np.int64]
    accepted: NDArray[np.bool_]


def draw_worlds(
    said: Sequence[Spoken],
    *,
    seed: int,
    members: int = MEMBERS,
    holds: Mapping[str, tuple[float, float]] = HOLDS,
    drivers: Mapping[str, Driver] | None = None,
) -> Worlds:
    """Draw worlds. The luck of a statement hangs on its id alone: others may come and go.

    Parameters
    ----------
    holds
        Range, by confidence, of the share of worlds in which a statement stands.
    drivers
        By statement id, what it shares its luck of standing with. Readings that differ in the same thing are always
        read the same way.
    """
    ids = stable_ids([s.id for s in said])
    readers = stable_ids([s.doubt or s.id for s in said])
    linked = [(drivers or {}).get(s.id, Driver(name=s.id, share=0.0)) for s in said]
    shared = stable_ids([driver.name for driver in linked])
    share = np.array([driver.share for driver in linked], dtype=np.float64)
    levels = stable_ids([s.confidence for s in said])
    low, high = np.array([holds[s.confidence] for s in said], dtype=np.float64).reshape(-1, 2).T
    many = np.array([len(s.readings) for s in said], dtype=np.int64)
    reading = np.empty((members, len(said)), dtype=np.int8)
    for member in range(members):
        own, common, level, way = (
            uniforms(seed, int(Stream.POSITION), member, part, keys, 1)[:, 0]
            for part, keys in enumerate((ids, shared, levels, readers))
        )
        luck = ndtr(np.sqrt(share) * ndtri(common) + np.sqrt(1.0 - share) * ndtri(own))
        held = luck < low + (high - low) * level
        # a range that ends at 1 on both sides leaves no doubt, whatever is drawn
        reading[member] = np.where(held | (low >= 1.0), (way * many).astype(np.int8), NOT_HELD)
    return Worlds(said=tuple(said), reading=reading)


def shares(worlds: Worlds, packages: Sequence[Sequence[int | None]], actors: Sequence[str]) -> Shares:
    """Count in how many worlds each of the actors refuses each package.

    Parameters
    ----------
    packages
        Where a package leaves something open, a condition is met or refused only if it is so either way.
    actors
        As a rule those with a veto. An actor of whom nothing hard is known never refuses and never has its conditions
        met: silence is not consent.
    """
    laid = np.array([[-1 if v is None else v for v in package] for package in packages], dtype=np.int64)
    refused = np.zeros((len(worlds.reading), len(packages), len(actors)), dtype=np.bool_)
    met = np.ones_like(refused)
    place = {actor: number for number, actor in enumerate(actors)}
    spoke = {s.actor for s in worlds.said if s.hard}
    met[:, :, [number for actor, number in place.items() if actor not in spoke]] = False
    for column, s in enumerate(worlds.said):
        if not s.hard or s.actor not in place:
            continue
        standing = np.array([*(stands_all(c, laid) for c in s.readings), np.full(len(laid), MET)], dtype=np.int8)
        # NOT_HELD is the last row: a statement that does not stand asks for nothing
        outcome = standing[worlds.reading[:, column]]
        refused[:, :, place[s.actor]] |= outcome == UNMET
        met[:, :, place[s.actor]] &= outcome == MET
    accepted = met.all(axis=2)
    return Shares(
        actors=tuple(actors),
        worlds=len(worlds.reading),
        refused=refused.sum(axis=0),
        met=met.sum(axis=0),
        anyone_refuses=refused.any(axis=2).sum(axis=0),
        all_met=accepted.sum(axis=0),
        accepted=accepted,
    )


def in_tenths(worlds: int, of: int) -> str:
    """Say a share of drawn worlds in words and tenths.

    >>> [in_tenths(k, 200) for k in (0, 3, 60, 199, 200)]
    ['none', 'fewer than 1 in 10', 'about 3 in 10', 'more than 9 in 10', 'all']
    """
    if of == 0:
        return "none drawn"
    if worlds in (0, of):
        return "all" if worlds else "none"
    tenths = round(10 * worlds / of)
    if tenths == 0:
        return "fewer than 1 in 10"
    return "more than 9 in 10" if tenths == 10 else f"about {tenths} in 10"
