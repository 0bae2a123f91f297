"""Would several actors leave a state together: a coalition moves where every member of it gains.

The notions are those of `consent.stability`, with the coalition in the place of one actor: the others punish it if any member
ends no better than it stood. A coalition of one is that actor.

Sources: Kilgour, Hipel, Fang and Peng (2001), Coalition analysis in group decision support; Inohara and Hipel (2008),
Coalition analysis in the graph model; Xu, Kilgour and Hipel (2014) for answers by the gains of single actors (SEQ).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asylia.consent.graph_model import GraphModel
from asylia.consent.moves import Step
from asylia.consent.stability import improvements, worst


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leaving:
    """What a coalition could do about one state.

    Parameters
    ----------
    gains
        int64 (state,): the states it can reach together and that every member likes better.
    nash, gmr, smr, seq
        Whether it stays, by each notion.
    """

    members: tuple[int, ...]
    gains: NDArray[np.int64]
    nash: bool
    gmr: bool
    smr: bool
    seq: bool


def leaving(
    model: GraphModel, state: int, members: Sequence[int], *, improving: Sequence[Step] | None = None
) -> Leaving:
    """Tell what some actors together could gain by leaving a state, and whether the others can answer it.

    Parameters
    ----------
    members
        Indices of actors, one or more.
    improving
        From `improvements`, if there already.
    """
    inside = tuple(sorted(set(members)))
    outside = [number for number in range(len(model.actors)) if number not in inside]
    better = np.logical_and.reduce([model.payoffs[i] > model.payoffs[i, state] for i in inside])
    reached = reach(model.size, state, [model.moves[i] for i in inside])
    gains = np.flatnonzero(better & reached)
    if not gains.size:
        return Leaving(members=inside, gains=gains, nash=True, gmr=True, smr=True, seq=True)
    answers = [model.moves[j] for j in outside]
    improving = improving or improvements(model)
    return Leaving(
        members=inside,
        gains=gains,
        nash=False,
        gmr=_answered(model, state, inside, gains, answers),
        smr=_held(model, inside, better, gains, answers),
        seq=_answered(model, state, inside, gains, [improving[j] for j in outside]),
    )


def leavings(model: GraphModel, state: int, *, most_members: int | None = None) -> Iterator[Leaving]:
    """Go through all coalitions, smaller ones first, in the order of the actors.

    Parameters
    ----------
    most_members
        Largest coalition looked at; all if not given. Their number doubles with each actor.
    """
    count = len(model.actors)
    improving = improvements(model)
    for size in range(1, min(count, most_members or count) + 1):
        for members in itertools.combinations(range(count), size):
            yield leaving(model, state, members, improving=improving)


def reach(size: int, state: int, movers: Sequence[Step]) -> NDArray[np.bool_]:
    """Mark the states that some actors can reach from one state by one move or more, none of them twice running.

    Returns
    -------
    bool (state,). The state itself may be marked.
    """
    arrived = [np.zeros(size, dtype=np.bool_) for _ in movers]
    start = np.zeros(size, dtype=np.bool_)
    start[state] = True
    growing = True
    while growing:
        growing = False
        for number, step in enumerate(movers):
            others = [one for other, one in enumerate(arrived) if other != number]
            found = step.reached(np.logical_or.reduce([start, *others]))
            growing |= bool((found & ~arrived[number]).any())
            arrived[number] = found
    marked: NDArray[np.bool_] = np.logical_or.reduce(arrived)
    return marked


def _answered(
    model: GraphModel,
    state: int,
    members: Sequence[int],
    gains: NDArray[np.int64],
    answers: Sequence[Step],
) -> bool:
    """Tell whether, after each gain, the others can bring some member down to where it stood."""
    down = [worst(model.payoffs[i], answers)[gains] <= model.payoffs[i, state] for i in members]
    return bool(np.logical_or.reduce(down).all())


def _held(
    model: GraphModel,
    members: Sequence[int],
    better: NDArray[np.bool_],
    gains: NDArray[np.int64],
    answers: Sequence[Step],
) -> bool:
    """Tell whether the others can answer so that the coalition cannot reach any gain again."""
    # 0 marks a gain; the least value the members can bring about from a state is then 0 if they can escape to one.
    values = np.where(better, 0, 1).astype(np.int32)
    escape = np.minimum(values, worst(values, [model.moves[i] for i in members]))
    return bool((worst(1 - escape, answers)[gains] == 0).all())
