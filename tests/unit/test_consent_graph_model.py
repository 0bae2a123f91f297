"""The graph model: known conflicts by hand, sizes, and what cannot be built."""

from __future__ import annotations

import numpy as np
import pytest

from asylia.consent.coalitions import leaving, leavings
from asylia.consent.graph_model import GraphError, Lever, from_levers, from_lists, lever_states, prioritise
from asylia.consent.stability import CONCEPTS, solve

ONE, TWO = "one", "two"


def two_by_two(first, second):
    """Build a conflict of two actors with one option each; payoffs in the order NN, YN, NY, YY."""
    levers = [Lever(name="first", size=2, actors=(ONE,)), Lever(name="second", size=2, actors=(TWO,))]
    return from_levers([ONE, TWO], levers, np.array([first, second]))


def equilibria(model):
    found = solve(model)
    return {concept: found.equilibria(concept) for concept in CONCEPTS}


def test_prisoners_dilemma():
    found = equilibria(two_by_two([2, 1, 4, 3], [2, 4, 1, 3]))
    assert found == {"Nash": (0,), "GMR": (0, 3), "SMR": (0, 3), "SEQ": (0, 3)}


def test_chicken_tells_a_threat_that_hurts_the_one_who_makes_it():
    found = equilibria(two_by_two([1, 2, 4, 3], [1, 4, 2, 3]))
    assert found == {"Nash": (1, 2), "GMR": (1, 2, 3), "SMR": (1, 2, 3), "SEQ": (1, 2)}


def test_pairs_leave_what_each_alone_would_keep():
    # Both prefer NN's opposite, YY, yet one step alone is worse for the one who takes it.
    model = two_by_two([3, 1, 2, 4], [3, 2, 1, 4])
    assert solve(model).equilibria("Nash") == (0, 3)
    together = leaving(model, 0, [0, 1])
    assert together.gains.tolist() == [3]
    assert not together.nash
    assert not together.gmr
    assert [one.members for one in leavings(model, 0) if not one.nash] == [(0, 1)]
    assert [one.members for one in leavings(model, 0, most_members=1)] == [(0,), (1,)]


def test_what_cannot_be_undone_is_no_threat_to_take_back():
    ways = [
        solve(
            from_levers(
                [ONE], [Lever(name="strike", size=2, actors=(ONE,), one_way=one_way)], np.array([[2, 1]])
            )
        ).nash.tolist()
        for one_way in (False, True)
    ]
    assert ways == [[[True, False]], [[True, True]]]


def test_nobody_moves_twice_running():
    # One goes 0 -> 1 (better); Two can go 1 -> 2 and 2 -> 3; only 3 would hurt One. Two may not go on by itself.
    payoffs = np.array([[1, 2, 3, 0], [0, 0, 0, 0]])
    alone = from_lists([ONE, TWO], [{0: [1]}, {1: [2], 2: [3]}], payoffs)
    assert not solve(alone).gmr[0, 0]
    turns = from_lists(["third", ONE, TWO], [{2: [3]}, {0: [1]}, {1: [2]}], np.vstack([payoffs[1], payoffs]))
    assert solve(turns).gmr[1, 0]


def test_equal_ranks_count_alike():
    met = np.array([[True, False, True], [False, True, True], [False, False, True]])
    assert prioritise(met, [1, 1, 2]).tolist() == [2, 2, 5]


def test_eighty_statements_do_not_overflow():
    met = np.eye(80, dtype=np.bool_)
    found = prioritise(met, range(80))
    assert (np.diff(found) < 0).all()


def test_infeasible_states_are_left_out_and_stepped_over():
    levers = [Lever(name=name, size=2, actors=(ONE,)) for name in "ab"]
    feasible = np.array([True, False, False, True])
    assert lever_states(levers, feasible).tolist() == [[0, 0], [1, 1]]
    assert solve(from_levers([ONE], levers, np.array([[1, 2]]), feasible)).nash.tolist() == [[False, True]]


@pytest.mark.parametrize(
    "build",
    [
        lambda: from_lists([ONE], [{0: [2]}], np.array([[1, 2]])),
        lambda: from_lists([ONE], [{}], np.empty((1, 0), dtype=np.int64)),
        lambda: lever_states([Lever(name=str(n), size=2, actors=()) for n in range(21)]),
        lambda: from_levers([ONE], [Lever(name="a", size=2, actors=(ONE,))], np.array([[1, 2, 3]])),
        lambda: from_levers(
            [ONE],
            [Lever(name=str(n), size=2, actors=(ONE,), one_way=True) for n in range(14)],
            np.zeros((1, 2**14), dtype=np.int64),
        ),
    ],
    ids=["no such state", "no state", "too many states", "payoffs do not fit", "too many moves"],
)
def test_what_cannot_be_built_says_so(build):
    with pytest.raises(GraphError):
        build()


@pytest.mark.parametrize("owned", [[2] * 8, [9, 1, 1, 1, 1, 1, 1, 1]], ids=["even", "one holds most"])
def test_sixty_five_thousand_states_and_eight_actors_are_solved(owned):
    names = [f"actor {n}" for n in range(8)]
    owners = [name for name, count in zip(names, owned, strict=True) for _ in range(count)]
    levers = [Lever(name=f"option {n}", size=2, actors=(owner,)) for n, owner in enumerate(owners)]
    payoffs = np.random.default_rng(7).integers(0, 2**40, size=(8, 2**16))
    found = solve(from_levers(names, levers, payoffs))
    assert not (found.nash & ~found.seq).any()
    assert not (found.smr & ~found.gmr).any()
