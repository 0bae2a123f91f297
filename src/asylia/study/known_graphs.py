"""Conflicts with a known answer: build each as a graph model and hold its stable states against those published.

States are strings of Y and N, one letter an option, the first option changing fastest; or numbers with the moves listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from asylia.consent.graph_model import GraphModel, Lever, from_levers, from_lists, lever_states, prioritise
from asylia.consent.stability import CONCEPTS, solve
from asylia.io.json_file import Entry
from asylia.study.known import Known

MOST_OPTIONS: Final = 16
MOST_ACTORS: Final = 10
MOST_STATES: Final = 1000
"""States whose moves are listed one by one."""


Checks: TypeAlias = list[tuple[str, list[object], list[object]]]


def known_graphs(file: Entry) -> Iterator[Known]:
    """Go through the conflicts of a file of shape `gmcr-cases/1`."""
    for case in file.part("cases").items(1000):
        name = case.part("name").text()
        model, checks = _listed(case) if case.has("moves") else _from_options(case)
        for check, expected, found in checks:
            yield Known(file=file.file, case=name, check=check, expected=expected, found=found)
        solved = solve(model)
        equilibria = case.part("equilibria")
        for concept in CONCEPTS:
            yield Known(
                file=file.file,
                case=name,
                check=concept,
                expected=sorted(equilibria.part(concept).wholes(1, model.size, model.size)),
                found=[state + 1 for state in solved.equilibria(concept)],
            )


def _from_options(case: Entry) -> tuple[GraphModel, Checks]:
    makers = case.part("decision_makers").items(MOST_ACTORS)
    names = [maker.part("name").text() for maker in makers]
    options = case.part("options").items(MOST_OPTIONS)
    if not options or not names or len(set(names)) < len(names):
        raise case.wrong("has options, and decision makers of different names", "Complete the case.")
    last = len(options) - 1
    own = [maker.part("options").wholes(0, last, MOST_OPTIONS) for maker in makers]
    levers = [
        Lever(
            name=option.part("name").text(),
            size=2,
            actors=tuple(name for name, held in zip(names, own, strict=True) if number in held),
            one_way=option.has("direction") and option.part("direction").text() == "fwd",
        )
        for number, option in enumerate(options)
    ]
    feasible = _feasible(case, lever_states(levers))
    states = lever_states(levers, feasible)
    if not len(states):
        raise case.wrong("has a state that is feasible", "Take out some of the infeasible patterns.")
    preferences = [_payoff(maker, states) for maker in makers]
    spelled = ["".join("NY"[value] for value in state) for state in states.tolist()]
    listed = [state.text() for _, state in case.part("states").parts()]
    checks: Checks = [("states", list(listed), list(spelled))]
    for name, maker, payoff in zip(names, makers, preferences, strict=True):
        if maker.has("ordinal_payoffs"):
            stated = np.array(maker.part("ordinal_payoffs").numbers(len(states)))
            checks.append((f"order of {name}", _places(stated), _places(payoff)))
    return from_levers(names, levers, np.stack(preferences), feasible), checks


def _feasible(case: Entry, states: NDArray[np.int64]) -> NDArray[np.bool_]:
    feasible = np.ones(len(states), dtype=np.bool_)
    for pattern in case.part("infeasible_patterns").items(1000):
        feasible &= ~_pattern(pattern, states)
    return feasible


def _pattern(pattern: Entry, states: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mark the states in which every option of a pattern is as it says."""
    met = np.ones(len(states), dtype=np.bool_)
    for pair in pattern.items(MOST_OPTIONS):
        both = pair.items(2)
        if len(both) != 2 or both[1].data not in ("Y", "N"):
            raise pair.wrong("is the number of an option and Y or N", 'Write it as [0, "Y"].')
        met &= states[:, both[0].whole(0, states.shape[1] - 1)] == int(both[1].data == "Y")
    return met


def _statement(statement: Entry, states: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mark the states that meet a pattern, or any pattern of a list of them."""
    parts = statement.items(MOST_OPTIONS * 4)
    is_pattern = all(
        isinstance(part.data, list) and part.data and type(part.data[0]) is int for part in parts
    )
    if is_pattern:
        return _pattern(statement, states)
    any_met: NDArray[np.bool_] = np.logical_or.reduce([_pattern(part, states) for part in parts])
    return any_met


def _payoff(maker: Entry, states: NDArray[np.int64]) -> NDArray[np.int64]:
    """Order the states by statements in order of importance, or as they are ranked from best to worst."""
    if maker.has("prioritized"):
        statements = maker.part("prioritized").items(60)
        if statements:
            met = np.stack([_statement(one, states) for one in statements])
            return prioritise(met, range(len(statements)))
    return _ranked(maker.part("ranking"), len(states))


def _ranked(ranking: Entry, size: int) -> NDArray[np.int64]:
    order = ranking.wholes(1, size, size)
    if sorted(order) != list(range(1, size + 1)):
        raise ranking.wrong(f"names each of the {size} states once, from best to worst", "Complete the list.")
    payoff = np.empty(size, dtype=np.int64)
    payoff[np.array(order) - 1] = np.arange(size, 0, -1)
    return payoff


def _listed(case: Entry) -> tuple[GraphModel, Checks]:
    size = len(list(case.part("states").parts()))
    if not 0 < size <= MOST_STATES:
        raise case.part("states").wrong(f"has 1 to {MOST_STATES:,} states", "Leave out some.")
    rankings = dict(case.part("ranking_best_to_worst").parts())
    if not 0 < len(rankings) <= MOST_ACTORS:
        raise case.wrong(f"has 1 to {MOST_ACTORS} actors", "Give each a ranking of the states.")
    payoffs = np.stack([_ranked(one, size) for one in rankings.values()])
    moves = {name: _moves(one, size) for name, one in case.part("moves").parts()}
    if set(moves) - set(rankings):
        raise case.part("moves").wrong("names actors that have a ranking", "Compare the names.")
    return from_lists(list(rankings), [moves.get(name, {}) for name in rankings], payoffs), []


def _moves(moves: Entry, size: int) -> dict[int, list[int]]:
    found = {}
    for start, targets in moves.parts():
        if not start.isascii() or not start.isdigit() or not 1 <= int(start[:9]) <= size:
            raise targets.wrong(f"starts at a state from 1 to {size}", "Correct the number.")
        found[int(start) - 1] = [target - 1 for target in targets.wholes(1, size, size)]
    return found


def _places(payoff: NDArray[np.int64] | NDArray[np.float64]) -> list[object]:
    """Give each state's place in the order, 1 for the worst; equal ones share a place."""
    return list((np.unique(payoff, return_inverse=True)[1] + 1).tolist())
