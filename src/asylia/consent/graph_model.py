"""The graph model of a conflict: states, what each actor can change alone, and which states each likes better.

Preferences are an order and nothing more: a payoff says which of two states an actor likes better, never by how much.

Source: Kilgour, Hipel and Fang (1987), The graph model for conflicts; Fang, Hipel and Kilgour (1993), Interactive decision
making. Preferences from ordered statements: Peng, Hipel and Fang (1997), option prioritising.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.consent.moves import Free, Listed, Step, starts_of
from asylia.core.errors import AsyliaError

MOST_STATES: Final = 1 << 20
MOST_MOVES: Final = 1 << 26
"""Bounds on what is held at once: about 300 MB."""
MOST_PAYOFF: Final = 1 << 62


class GraphError(AsyliaError):
    """A graph model cannot be built, or is too large to be solved exactly."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GraphModel:
    """Actors, their moves and their preferences over numbered states.

    Parameters
    ----------
    moves
        One per actor.
    payoffs
        int32 (actor, state): places in the order of an actor's preferences, larger is liked better, equal is as good.
    """

    actors: tuple[str, ...]
    moves: tuple[Step, ...]
    payoffs: NDArray[np.int32]

    @property
    def size(self) -> int:
        """Number of states."""
        return int(self.payoffs.shape[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """Something that one or more actors can each change alone.

    Parameters
    ----------
    size
        Number of values; 2 for something done or left.
    one_way
        The value can only rise, as for what cannot be undone.
    """

    name: str
    size: int
    actors: tuple[str, ...]
    one_way: bool = False


def from_levers(
    actors: Sequence[str],
    levers: Sequence[Lever],
    payoffs: NDArray[np.int64],
    feasible: NDArray[np.bool_] | None = None,
) -> GraphModel:
    """Build a model in which an actor moves by changing any of its levers at once.

    Parameters
    ----------
    payoffs
        int64 (actor, state) over the feasible states, in the order of `lever_states`.
    feasible
        bool over all combinations of values, the first lever changing fastest; all of them if not given.

    Raises
    ------
    GraphError
        If there are more than `MOST_STATES` states or `MOST_MOVES` moves.
    """
    total = _count_states(levers)
    numbers = np.arange(total) if feasible is None else np.flatnonzero(feasible)
    index = np.full(total, -1, dtype=np.int32)
    index[numbers] = np.arange(numbers.size, dtype=np.int32)
    moves = tuple(_lever_moves(_own(name, levers), levers, numbers, index) for name in actors)
    return GraphModel(actors=tuple(actors), moves=moves, payoffs=_order(payoffs, numbers.size))


def from_lists(
    actors: Sequence[str], moves: Sequence[Mapping[int, Sequence[int]]], payoffs: NDArray[np.int64]
) -> GraphModel:
    """Build a model from lists of moves by actor and state; states are numbered from 0.

    Raises
    ------
    GraphError
        If a move starts or ends at no state.
    """
    size = payoffs.shape[1]
    for one in moves:
        ends = [state for start, targets in one.items() for state in (start, *targets)]
        if any(not 0 <= state < size for state in ends):
            raise GraphError(f"A move starts or ends at no state; states are numbered 0 to {size - 1}.")
    return GraphModel(
        actors=tuple(actors), moves=tuple(_listed(one, size) for one in moves), payoffs=_order(payoffs, size)
    )


def lever_states(levers: Sequence[Lever], feasible: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """List the value of every lever in every feasible state, int64 (state, lever); the first lever changes fastest.

    >>> lever_states([Lever(name="a", size=2, actors=()), Lever(name="b", size=2, actors=())]).tolist()
    [[0, 0], [1, 0], [0, 1], [1, 1]]
    """
    total = _count_states(levers)
    numbers = np.arange(total) if feasible is None else np.flatnonzero(feasible)
    states = np.empty((numbers.size, len(levers)), dtype=np.int64)
    for k in range(len(levers)):
        states[:, k] = _digit(numbers, levers, k)
    return states


def prioritise(met: NDArray[np.bool_], ranks: Sequence[int]) -> NDArray[np.int64]:
    """Order states by statements in order of importance: one more important outweighs all that are less so.

    Statements of equal rank count alike. Only the order of the result means something; for ranks that differ it is the
    sum of powers of two of the literature.

    Parameters
    ----------
    met
        bool (statement, state).
    ranks
        One per statement, 1 is the most important.

    Returns
    -------
    int64 (state,), larger is liked better.

    Examples
    --------
    >>> prioritise(np.array([[True, False, False], [False, True, False]]), [1, 2]).tolist()
    [2, 1, 0]
    """
    found = np.zeros(met.shape[1], dtype=np.int64)
    top = 0
    for rank in sorted(set(ranks)):
        equal = met[np.array(ranks) == rank]
        factor = len(equal) + 1
        if (top + 1) * factor > MOST_PAYOFF:
            found = np.unique(found, return_inverse=True)[1].astype(np.int64)
            top = int(found.max())
        found = found * factor + equal.sum(axis=0)
        top = (top + 1) * factor - 1
    return found


def _count_states(levers: Sequence[Lever]) -> int:
    total = math.prod(one.size for one in levers)
    if total > MOST_STATES:
        raise GraphError(f"The graph has {total:,} states; at most {MOST_STATES:,} are solved exactly.")
    return total


def _stride(levers: Sequence[Lever], which: int) -> int:
    return math.prod(one.size for one in levers[:which])


def _digit(numbers: NDArray[np.int64], levers: Sequence[Lever], which: int) -> NDArray[np.int64]:
    digit: NDArray[np.int64] = numbers // _stride(levers, which) % levers[which].size
    return digit


def _own(actor: str, levers: Sequence[Lever]) -> list[int]:
    return [k for k, one in enumerate(levers) if actor in one.actors]


def _lever_moves(
    own: Sequence[int], levers: Sequence[Lever], numbers: NDArray[np.int64], index: NDArray[np.int32]
) -> Step:
    rest = numbers - sum((_digit(numbers, levers, k) * _stride(levers, k) for k in own), np.int64(0))
    if not any(levers[k].one_way for k in own):
        return Free(blocks=np.unique(rest, return_inverse=True)[1].astype(np.int64))
    width = math.prod(levers[k].size for k in own)
    if width * numbers.size > MOST_MOVES:
        raise GraphError(
            f"One actor has more than {MOST_MOVES:,} moves. Leave out what does not matter to anyone."
        )
    return _listed_settings(own, levers, numbers, rest, index)


def _listed_settings(
    own: Sequence[int],
    levers: Sequence[Lever],
    numbers: NDArray[np.int64],
    rest: NDArray[np.int64],
    index: NDArray[np.int32],
) -> Listed:
    """List the changes of the actor's own levers: rows are states, columns all settings of those levers."""
    settings = np.zeros(1, dtype=np.int64)
    for k in own:
        steps = np.arange(levers[k].size, dtype=np.int64) * _stride(levers, k)
        settings = np.add.outer(settings, steps).ravel()
    targets = np.add.outer(rest, settings)
    can = (index[targets] >= 0) & (targets != numbers[:, None])
    for k in own:
        if levers[k].one_way:
            can &= _digit(settings, levers, k)[None, :] >= _digit(numbers, levers, k)[:, None]
    return Listed(starts=starts_of(can.sum(axis=1)), targets=index[targets[can]])


def _listed(moves: Mapping[int, Sequence[int]], size: int) -> Listed:
    ends = [sorted(set(moves.get(state, ())) - {state}) for state in range(size)]
    flat = [target for targets in ends for target in targets]
    counts = np.array([len(targets) for targets in ends], dtype=np.int64)
    return Listed(starts=starts_of(counts), targets=np.array(flat, dtype=np.int32))


def _order(payoffs: NDArray[np.int64], size: int) -> NDArray[np.int32]:
    """Keep the order alone, so that no size of a payoff can be read as strength."""
    if payoffs.ndim != 2 or payoffs.shape[1] != size or not size:
        raise GraphError("Payoffs have one row for each actor and one column for each of one state or more.")
    order = np.empty(payoffs.shape, dtype=np.int32)
    for actor, row in enumerate(payoffs):
        order[actor] = np.unique(row, return_inverse=True)[1]
    return order
