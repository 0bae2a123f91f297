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
    """In which worlds each plan is refused, or has all conditions met.

    Parameters
    ----------
    refuses, meets
        bool (world, package, actor): whether the actor refuses; whether something of it stands and all of it is met.
        `~refuses[:, plan]` is what `consent.hold` counts.
    """

    actors: tuple[str, ...]
    refuses: NDArray[np.bool_]
    meets: NDArray[np.bool_]

    @property
    def worlds(self) -> int:
        """Count the worlds."""
        return len(self.refuses)

    @property
    def anyone_refuses(self) -> NDArray[np.int64]:
        """Count the worlds in which at least one of the actors refuses, int64 (package,)."""
        return np.asarray(self.refuses.any(axis=2).sum(axis=0), dtype=np.int64)

    @property
    def all_met(self) -> NDArray[np.int64]:
        """Count the worlds in which each actor has spoken and has all its conditions met, int64 (package,)."""
        return np.asarray(self.meets.all(axis=2).sum(axis=0), dtype=np.int64)


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
    """Hold every package against every world.

    Parameters
    ----------
    packages
        Where a package leaves something open, a condition is met or refused only if it is so either way.
    actors
        As a rule those with a veto. Where nothing hard of an actor stands, it neither refuses nor has its conditions
        met: silence is not consent.
    """
    laid = np.array([[-1 if v is None else v for v in package] for package in packages], dtype=np.int64)
    refused = np.zeros((len(worlds.reading), len(packages), len(actors)), dtype=np.bool_)
    met = np.ones_like(refused)
    place = {actor: number for number, actor in enumerate(actors)}
    spoke = np.zeros((len(worlds.reading), 1, len(actors)), dtype=np.bool_)
    # without a package there is nothing to hold against what was said
    for column, s in enumerate(worlds.said if len(packages) else ()):
        if not s.hard or s.actor not in place:
            continue
        standing = np.array(
            [*(stands_all(c, laid) for c in s.readings), np.full(len(laid), MET)], dtype=np.int8
        )
        # NOT_HELD is the last row: a statement that does not stand asks for nothing
        outcome = standing[worlds.reading[:, column]]
        spoke[:, 0, place[s.actor]] |= worlds.reading[:, column] != NOT_HELD
        refused[:, :, place[s.actor]] |= outcome == UNMET
        met[:, :, place[s.actor]] &= outcome == MET
    return Shares(actors=tuple(actors), refuses=refused, meets=met & spoke)


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
