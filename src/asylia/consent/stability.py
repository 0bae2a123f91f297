"""Would an actor leave a state by itself: four notions of stability, by what it expects of the others.

::

    Nash   it has no move to a state it likes better
    GMR    the others can answer every such move so that it is no better off (they may hurt themselves)
    SMR    the same, and it cannot escape from their answer by a move of its own
    SEQ    the others can answer by moves that each of them gains from

So Nash lies in SEQ and SMR, and both lie in GMR. The others move in turn, in any order, none of them twice running.

Every question asks for the worst state that the others can bring about, so one pass over the graph answers it for all
states at once: no set of reachable states is ever listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.consent.graph_model import GraphModel
from asylia.consent.moves import TOP, Step, greatest

CONCEPTS: Final = ("Nash", "GMR", "SMR", "SEQ")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stability:
    """Which states are stable for which actor.

    Parameters
    ----------
    nash, gmr, smr, seq
        bool (actor, state).
    """

    nash: NDArray[np.bool_]
    gmr: NDArray[np.bool_]
    smr: NDArray[np.bool_]
    seq: NDArray[np.bool_]

    def of(self, concept: str) -> NDArray[np.bool_]:
        """Return one notion by its name in `CONCEPTS`."""
        found: NDArray[np.bool_] = getattr(self, concept.lower())
        return found

    def equilibria(self, concept: str) -> tuple[int, ...]:
        """List the states that are stable for every actor."""
        return tuple(int(state) for state in np.flatnonzero(self.of(concept).all(axis=0)))


def solve(model: GraphModel) -> Stability:
    """Tell for every actor and state whether the actor would stay.

    Sources: Nash (1950); Howard (1971) for GMR and SMR; Fraser and Hipel (1979) for SEQ; for several actors Fang, Hipel and
    Kilgour (1993).
    """
    gains = improvements(model)
    found = np.empty((4, len(model.actors), model.size), dtype=np.bool_)
    for actor in range(len(model.actors)):
        found[:, actor] = _solve_actor(model, gains, actor)
    nash, gmr, smr, seq = found
    return Stability(nash=nash, gmr=gmr, smr=smr, seq=seq)


def improvements(model: GraphModel) -> tuple[Step, ...]:
    """Keep for every actor its moves to states that it likes better."""
    return tuple(step.improving(payoff) for step, payoff in zip(model.moves, model.payoffs, strict=True))


def worst(values: NDArray[np.int32], movers: Sequence[Step]) -> NDArray[np.int32]:
    """Find the least value that some actors can bring about from each state by one move or more.

    Moves alternate: nobody moves twice running. For each mover the least value after a first move of its own is kept, since
    what may follow depends on who moved last; passes go on until nothing falls. The state itself may be counted as brought
    about, which changes no answer: nobody is punished by the state it chose.

    Parameters
    ----------
    values
        int32 (state,).

    Returns
    -------
    int32 (state,), `TOP` where nobody can move.
    """
    after = [np.full(values.size, TOP, dtype=np.int32) for _ in movers]
    follows: list[NDArray[np.int32] | None] = [None for _ in movers]
    falling = True
    while falling:
        falling = False
        for number, step in enumerate(movers):
            follow = _followed(values, after, number)
            before = follows[number]
            if before is None or not np.array_equal(follow, before):
                after[number] = step.least(follow)
                follows[number] = follow
                falling = True
    least: NDArray[np.int32] = np.minimum.reduce(after) if after else np.full(values.size, TOP, np.int32)
    return least


def _followed(
    values: NDArray[np.int32], after: Sequence[NDArray[np.int32]], number: int
) -> NDArray[np.int32]:
    """Give the least value once this mover has moved: the state as it is, or what another makes of it."""
    others = [reached for other, reached in enumerate(after) if other != number]
    follow: NDArray[np.int32] = np.minimum.reduce([values, *others])
    return follow


def _solve_actor(
    model: GraphModel, gains: Sequence[Step], actor: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    payoff, own = model.payoffs[actor], gains[actor]
    others = [step for number, step in enumerate(model.moves) if number != actor]
    credible = [step for number, step in enumerate(gains) if number != actor]
    # The best it can still make of a state that the others brought about.
    escape = np.maximum(payoff, greatest(payoff, model.moves[actor]))

    def answered(least: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Tell whether even its best improvement can be brought down to where it stood."""
        within: NDArray[np.bool_] = greatest(least, own) <= payoff
        return within

    nash = greatest(payoff, own) == -TOP
    return (
        nash,
        answered(worst(payoff, others)),
        answered(worst(escape, others)),
        answered(worst(payoff, credible)),
    )
