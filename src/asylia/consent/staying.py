"""Which veto holders would leave a plan by themselves, by the order of what they said they want.

The graph model is built from the case: an actor can alone change each term over which it has a veto, and likes states in
the order of its confirmed statements, conditions before wishes. Terms that nobody has a veto over stay as the plan has them.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from asylia.consent.coalitions import leaving
from asylia.consent.graph_model import GraphModel, Lever, from_levers, lever_states, prioritise
from asylia.consent.moves import TOP
from asylia.consent.space import Condition, Package, Space
from asylia.consent.stability import CONCEPTS, Stability, improvements, solve, worst
from asylia.model.actors import Actor

Answer: TypeAlias = Literal["yes", "no", "depends"]
"""`depends`: on how the terms are settled that the plan leaves open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """Whether one veto holder would stay with a plan.

    Parameters
    ----------
    known
        Whether any confirmed statement says what it likes better; if not, nothing follows.
    answers
        By notion of stability: Nash, GMR, SMR, SEQ.
    by
        Terms it would change, and to what, to gain most by leaving; empty if it would not gain.
    answered_by
        Other actors that can each alone undo all it could gain.
    """

    actor: str
    known: bool
    answers: Mapping[str, Answer]
    by: tuple[tuple[str, str], ...]
    answered_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """A graph model around a plan.

    Parameters
    ----------
    variables
        Index in the space of each lever.
    starts
        int64 (start,): the states that the plan may stand for; more than one if it leaves terms open.
    """

    model: GraphModel
    levers: tuple[Lever, ...]
    variables: tuple[int, ...]
    starts: NDArray[np.int64]
    known: tuple[bool, ...]


def staying(
    package: Package,
    space: Space,
    conditions: Sequence[Condition],
    actors: Sequence[Actor],
    *,
    control: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Stays, ...]:
    """Tell for every actor that can change a term alone whether it would.

    What the plan leaves open and nobody can change is read twice: it meets a statement only if it must, or if it can. An
    answer that is not the same in both readings, and for every way of settling the rest, depends.

    Parameters
    ----------
    control
        Terms each actor can change alone, by actor id; those of its vetoes if not given.

    Raises
    ------
    GraphError
        If too many terms matter to solve it exactly.
    """
    strict, kind = (
        ground(package, space, conditions, actors, kindly=k, control=control) for k in (False, True)
    )
    solved = [(each, solve(each.model)) for each in (strict, kind)]
    return tuple(_stays(number, solved, space) for number in range(len(strict.model.actors)))


def leaving_together(around: Ground, *, most_members: int = 2) -> tuple[tuple[str, ...], ...]:
    """List coalitions that would gain by leaving together where none of their members would alone (Nash).

    Only the first state the plan may stand for is looked at.
    """
    model, start = around.model, int(around.starts[0])
    improving = improvements(model)
    firm = [
        number
        for number in range(len(model.actors))
        if leaving(model, start, [number], improving=improving).nash
    ]
    return tuple(
        tuple(model.actors[number] for number in members)
        for size in range(2, most_members + 1)
        for members in itertools.combinations(firm, size)
        if not leaving(model, start, members, improving=improving).nash
    )


def ground(
    package: Package,
    space: Space,
    conditions: Sequence[Condition],
    actors: Sequence[Actor],
    *,
    kindly: bool = False,
    control: Mapping[str, Sequence[str]] | None = None,
) -> Ground:
    """Build the graph model around a plan, over the terms that someone can change and some statement turns on.

    Parameters
    ----------
    kindly
        Whether what is left open meets a statement if it can; otherwise only if it must.
    """
    terms = control or {actor.id: [t for veto in actor.vetoes for t in veto.over] for actor in actors}
    read = {number for condition in conditions for number in condition.scope}
    owners = {
        number: tuple(a.id for a in actors if space.variables[number].term in terms.get(a.id, ()))
        for number in sorted(read)
    }
    chosen = tuple(number for number in owners if owners[number])
    levers = tuple(
        Lever(name=space.variables[n].name, size=len(space.variables[n].values), actors=owners[n])
        for n in chosen
    )
    names = tuple(actor.id for actor in actors if any(actor.id in one.actors for one in levers))
    states = lever_states(levers)
    own = {name: [c for c in conditions if c.actor == name] for name in names}
    payoffs = [_payoff(own[name], states, chosen, package, kindly=kindly) for name in names]
    return Ground(
        model=from_levers(names, levers, np.array(payoffs, dtype=np.int64).reshape(len(names), len(states))),
        levers=levers,
        variables=chosen,
        starts=_starts(package, chosen, states),
        known=tuple(bool(own[name]) for name in names),
    )


def _payoff(
    conditions: Sequence[Condition],
    states: NDArray[np.int64],
    chosen: Sequence[int],
    package: Package,
    *,
    kindly: bool,
) -> NDArray[np.int64]:
    """Order the states by an actor's statements, int64 (state,); conditions come before wishes, then by rank."""
    if not conditions:
        return np.zeros(len(states), dtype=np.int64)
    met = np.stack([_met(condition, states, chosen, package, kindly=kindly) for condition in conditions])
    order = sorted({(condition.soft, condition.rank) for condition in conditions})
    return prioritise(met, [order.index((one.soft, one.rank)) for one in conditions])


def _met(
    condition: Condition,
    states: NDArray[np.int64],
    chosen: Sequence[int],
    package: Package,
    *,
    kindly: bool,
) -> NDArray[np.bool_]:
    """Look every state up in the table of a condition, after deciding what nobody can settle."""
    unsettled = tuple(
        axis for axis, n in enumerate(condition.scope) if n not in chosen and package[n] is None
    )
    table = np.asarray(condition.table.any(axis=unsettled) if kindly else condition.table.all(axis=unsettled))
    left = [n for axis, n in enumerate(condition.scope) if axis not in unsettled]
    where = tuple(states[:, chosen.index(n)] if n in chosen else package[n] for n in left)
    found: NDArray[np.bool_] = np.broadcast_to(table[where], (len(states),))
    return found


def _starts(package: Package, chosen: Sequence[int], states: NDArray[np.int64]) -> NDArray[np.int64]:
    fits = np.ones(len(states), dtype=np.bool_)
    for column, number in enumerate(chosen):
        if (value := package[number]) is not None:
            fits &= states[:, column] == value
    return np.flatnonzero(fits)


def _stays(number: int, solved: Sequence[tuple[Ground, Stability]], space: Space) -> Stays:
    first = solved[0][0]
    answers = {
        concept: _answer(np.concatenate([s.of(concept)[number, each.starts] for each, s in solved]))
        for concept in CONCEPTS
    }
    by, answered_by = _gain(number, solved, space)
    return Stays(
        actor=first.model.actors[number],
        known=first.known[number],
        answers=answers,
        by=by,
        answered_by=answered_by,
    )


def _answer(stable: NDArray[np.bool_]) -> Answer:
    if stable.all():
        return "yes"
    return "depends" if stable.any() else "no"


def _gain(
    number: int, solved: Sequence[tuple[Ground, Stability]], space: Space
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Find what it would change to gain most, in the first state it would leave, and who can undo all its gains."""
    for each, stability in solved:
        unstable = each.starts[~stability.nash[number, each.starts]]
        if unstable.size:
            break
    else:
        return (), ()
    start, model = int(unstable[0]), each.model
    gains = leaving(model, start, [number]).gains
    payoff = model.payoffs[number]
    states = lever_states(each.levers)
    changed = (states != states[start]).sum(axis=1)
    best = int(min(gains, key=lambda state: (-payoff[state], changed[state], state)))
    by = tuple(
        (lever.name, space.variables[variable].values[int(states[best, column])])
        for column, (lever, variable) in enumerate(zip(each.levers, each.variables, strict=True))
        if states[best, column] != states[start, column]
    )
    return by, tuple(
        name
        for other, name in enumerate(model.actors)
        if other != number and _undoes(model, other, payoff, gains, int(payoff[start]))
    )


def _undoes(
    model: GraphModel, other: int, payoff: NDArray[np.int32], gains: NDArray[np.int64], stood: int
) -> bool:
    answer = worst(payoff, [model.moves[other]])[gains]
    return bool(((answer <= stood) & (answer < TOP)).all())
