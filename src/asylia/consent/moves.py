"""Where one actor can go alone, and the least value it can reach in one move, for all states at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

TOP: Final = np.iinfo(np.int32).max
"""Better than every state: there is no move."""
LOW: Final = np.int64(0xFFFFFFFF)


class Step(Protocol):
    """The moves of one actor over numbered states."""

    def reached(self, sources: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Mark the states one move away from any of these, bool (state,); staying may count as a move."""

    def least(self, values: NDArray[np.int32]) -> NDArray[np.int32]:
        """Give the least value one move away, int32 (state,), `TOP` where there is none; staying may count as a move."""

    def improving(self, payoff: NDArray[np.int32]) -> Step:
        """Keep the moves to states of a higher payoff; staying is none of them."""


def greatest(values: NDArray[np.int32], step: Step) -> NDArray[np.int32]:
    """Give the largest value one move away, int32 (state,), `-TOP` where there is none."""
    return -step.least(-values)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listed:
    """Moves listed one by one: those of a state stand after `starts[s]` and before `starts[s + 1]` in `targets`.

    Parameters
    ----------
    starts
        int64 (state + 1,).
    targets
        int32 (move,).
    """

    starts: NDArray[np.int64]
    targets: NDArray[np.int32]

    def reached(self, sources: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Mark the states one move away from any of these."""
        found = np.zeros(sources.size, dtype=np.bool_)
        found[self.targets[np.repeat(sources, np.diff(self.starts))]] = True
        return found

    def least(self, values: NDArray[np.int32]) -> NDArray[np.int32]:
        """Give the least value one move away."""
        found = np.full(values.size, TOP, dtype=np.int32)
        able = np.flatnonzero(np.diff(self.starts))
        if able.size:
            found[able] = np.minimum.reduceat(values[self.targets], self.starts[able])
        return found

    def improving(self, payoff: NDArray[np.int32]) -> Listed:
        """Keep the moves to states of a higher payoff."""
        start = np.repeat(np.arange(payoff.size), np.diff(self.starts))
        better = payoff[self.targets] > payoff[start]
        counts = np.bincount(start[better], minlength=payoff.size)
        return Listed(starts=starts_of(counts), targets=self.targets[better])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Free:
    """Moves from any state of a block to any other of it: the actor is free to set all that is its own.

    Nothing is listed, so the cost does not grow with what one actor can choose from. Staying counts as a move here, which
    changes no answer as long as no other actor's two moves running lead where one of them does not.

    Parameters
    ----------
    blocks
        int64 (state,): what the actor cannot change.
    """

    blocks: NDArray[np.int64]

    def reached(self, sources: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Mark the blocks of these."""
        found = np.zeros(int(self.blocks.max()) + 1, dtype=np.bool_)
        found[self.blocks[sources]] = True
        marked: NDArray[np.bool_] = found[self.blocks]
        return marked

    def least(self, values: NDArray[np.int32]) -> NDArray[np.int32]:
        """Give the least value of the block."""
        found = np.full(int(self.blocks.max()) + 1, TOP, dtype=np.int32)
        np.minimum.at(found, self.blocks, values)
        least: NDArray[np.int32] = found[self.blocks]
        return least

    def improving(self, payoff: NDArray[np.int32]) -> Upward:
        """Keep the moves to states of a higher payoff."""
        return Upward(blocks=self.blocks, payoff=payoff)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Upward:
    """Moves from any state of a block to those of it with a higher payoff.

    States stand sorted from the last block and its highest payoff on, so that what can be reached from a state is the part
    of its block that stands before the first state of its own payoff.
    """

    blocks: NDArray[np.int64]
    payoff: NDArray[np.int32]
    _order: NDArray[np.int64] = field(init=False)
    _before: NDArray[np.int64] = field(init=False)
    _none: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        order = np.lexsort((self.payoff, self.blocks))[::-1]
        block, payoff = self.blocks[order], self.payoff[order]
        new_block = np.concatenate([[True], block[1:] != block[:-1]])
        new_payoff = new_block | np.concatenate([[True], payoff[1:] != payoff[:-1]])
        spots = np.arange(order.size)
        first = np.maximum.accumulate(np.where(new_payoff, spots, 0))
        # A frozen class sets its own fields this way; they follow from the two that were given.
        object.__setattr__(self, "_order", order)
        object.__setattr__(self, "_before", np.maximum(first - 1, 0))
        object.__setattr__(self, "_none", new_block[first])

    def reached(self, sources: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Mark what is above the lowest of these in each block."""
        lowest = np.full(int(self.blocks.max()) + 1, TOP, dtype=np.int32)
        np.minimum.at(lowest, self.blocks[sources], self.payoff[sources])
        above: NDArray[np.bool_] = self.payoff > lowest[self.blocks]
        return above

    def least(self, values: NDArray[np.int32]) -> NDArray[np.int32]:
        """Give the least value one move away."""
        # Blocks fall along the order, so a running least of (block, value) starts anew with each block.
        value = values[self._order].astype(np.int64) - np.iinfo(np.int32).min
        running = np.minimum.accumulate((self.blocks[self._order] << 32) | value) & LOW
        found = np.empty(values.size, dtype=np.int32)
        reached = running[self._before] + np.iinfo(np.int32).min
        found[self._order] = np.where(self._none, TOP, reached)
        return found

    def improving(self, payoff: NDArray[np.int32]) -> Upward:
        """Keep the moves to states of a higher payoff; they were kept already."""
        return Upward(blocks=self.blocks, payoff=payoff)


def starts_of(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Add up counts into the places where lists start, int64 (state + 1,)."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts, dtype=np.int64)])
