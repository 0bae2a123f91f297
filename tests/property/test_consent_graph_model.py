"""Stability on any small graph: by the definitions word for word, and by how the notions lie in each other."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asylia.consent.coalitions import leaving
from asylia.consent.graph_model import Lever, from_levers, from_lists, lever_states, prioritise
from asylia.consent.stability import CONCEPTS, solve

RUNS = 1000


class Plain:
    """The definitions, as sets of states and legal sequences; slow and plain."""

    def __init__(self, moves, payoffs):
        self.moves = moves  # per actor: state -> set of states
        self.payoffs = payoffs
        self.actors = range(len(moves))

    def gains(self, actor, state):
        return {
            t for t in self.moves[actor].get(state, ()) if self.payoffs[actor][t] > self.payoffs[actor][state]
        }

    def reached(self, members, state, *, gaining=False):
        seen = set()
        ready = [(state, None)]
        while ready:
            here, last = ready.pop()
            for actor in members:
                if actor == last:
                    continue
                for there in self.gains(actor, here) if gaining else self.moves[actor].get(here, ()):
                    if (there, actor) not in seen:
                        seen.add((there, actor))
                        ready.append((there, actor))
        return {there for there, _ in seen}

    def stays(self, concept, members, state):
        others = [actor for actor in self.actors if actor not in members]

        def better(t):
            return all(self.payoffs[i][t] > self.payoffs[i][state] for i in members)

        def answered(gain):
            for answer in self.reached(others, gain, gaining=concept == "SEQ"):
                if better(answer):
                    continue
                if concept != "SMR" or not any(better(t) for t in self.reached(members, answer)):
                    return True
            return False

        gains = [t for t in self.reached(members, state) if better(t)]
        return not gains if concept == "Nash" else all(answered(gain) for gain in gains)


def random_graph(rng):
    """Any moves, also such that two moves running lead where one does not."""
    actors, size = int(rng.integers(1, 5)), int(rng.integers(1, 8))
    share = rng.uniform(0.05, 0.5)
    moves = [
        {s: [t for t in range(size) if t != s and rng.random() < share] for s in range(size)}
        for _ in range(actors)
    ]
    payoffs = rng.integers(0, 1 + int(rng.integers(1, size + 1)), size=(actors, size))
    return moves, payoffs


def random_levers(rng):
    count = int(rng.integers(1, 5))
    names = [f"actor {n}" for n in range(rng.integers(1, 4))]
    levers = []
    for number in range(count):
        owners = tuple(name for name in names if rng.random() < 0.5)
        one_way = bool(rng.random() < 0.3)
        levers.append(
            Lever(name=f"lever {number}", size=int(rng.integers(1, 4)), actors=owners, one_way=one_way)
        )
    total = int(np.prod([lever.size for lever in levers]))
    feasible = rng.random(total) < 0.8
    feasible[int(rng.integers(total))] = True
    payoffs = rng.integers(0, 6, size=(len(names), int(feasible.sum())))
    return names, levers, feasible, payoffs


def moves_of(name, levers, states):
    """List what one actor can change alone, from the meaning of a lever."""
    found = {}
    for start, end in itertools.permutations(range(len(states)), 2):
        steps = [(lever, states[start][k], states[end][k]) for k, lever in enumerate(levers)]
        changed = [(lever, a, b) for lever, a, b in steps if a != b]
        if all(name in lever.actors and (b > a or not lever.one_way) for lever, a, b in changed):
            found.setdefault(start, []).append(end)
    return found


def agree(model, plain):
    found = solve(model)
    for concept in CONCEPTS:
        for actor, state in itertools.product(plain.actors, range(model.size)):
            assert found.of(concept)[actor, state] == plain.stays(concept, [actor], state), concept


@pytest.mark.parametrize("part", range(4))
def test_stability_agrees_with_the_definitions_on_random_graphs(part):
    for run in range(RUNS // 4):
        moves, payoffs = random_graph(np.random.default_rng([part, run]))
        names = [f"actor {n}" for n in range(len(moves))]
        agree(from_lists(names, moves, payoffs), Plain(moves, payoffs))


@pytest.mark.parametrize("part", range(4))
def test_stability_agrees_with_the_definitions_on_random_levers(part):
    for run in range(RUNS // 20):
        names, levers, feasible, payoffs = random_levers(np.random.default_rng([part, run]))
        states = lever_states(levers, feasible).tolist()
        plain = Plain([moves_of(name, levers, states) for name in names], payoffs)
        agree(from_levers(names, levers, payoffs, feasible), plain)


@pytest.mark.parametrize("part", range(4))
def test_coalitions_agree_with_the_definitions_on_random_graphs(part):
    for run in range(RUNS // 4):
        rng = np.random.default_rng([part, run])
        moves, payoffs = random_graph(rng)
        model = from_lists([f"actor {n}" for n in range(len(moves))], moves, payoffs)
        plain = Plain(moves, payoffs)
        members = sorted(
            rng.choice(len(moves), size=int(rng.integers(1, len(moves) + 1)), replace=False).tolist()
        )
        state = int(rng.integers(model.size))
        found = leaving(model, state, members)
        gains = {
            t
            for t in plain.reached(members, state)
            if all(payoffs[i][t] > payoffs[i][state] for i in members)
        }
        assert set(found.gains.tolist()) == gains
        for concept in CONCEPTS:
            assert getattr(found, concept.lower()) == plain.stays(concept, members, state), concept


def test_coalitions_agree_with_the_definitions_on_random_levers():
    for run in range(RUNS // 5):
        rng = np.random.default_rng(run)
        names, levers, feasible, payoffs = random_levers(rng)
        states = lever_states(levers, feasible).tolist()
        plain = Plain([moves_of(name, levers, states) for name in names], payoffs)
        model = from_levers(names, levers, payoffs, feasible)
        members = sorted(
            rng.choice(len(names), size=int(rng.integers(1, len(names) + 1)), replace=False).tolist()
        )
        state = int(rng.integers(model.size))
        found = leaving(model, state, members)
        for concept in CONCEPTS:
            assert getattr(found, concept.lower()) == plain.stays(concept, members, state), concept


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_nash_lies_in_seq_and_smr_and_both_in_gmr(seed):
    rng = np.random.default_rng(seed)
    moves, payoffs = random_graph(rng)
    found = solve(from_lists([f"actor {n}" for n in range(len(moves))], moves, payoffs))
    assert not (found.nash & ~found.seq).any()
    assert not (found.nash & ~found.smr).any()
    assert not (found.seq & ~found.gmr).any()
    assert not (found.smr & ~found.gmr).any()


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_only_the_order_of_payoffs_counts(seed):
    moves, payoffs = random_graph(np.random.default_rng(seed))
    names = [f"actor {n}" for n in range(len(moves))]
    one = solve(from_lists(names, moves, payoffs))
    other = solve(from_lists(names, moves, payoffs**3 * 7 - 40))
    assert all((one.of(concept) == other.of(concept)).all() for concept in CONCEPTS)


@given(st.integers(0, 2**32 - 1))
def test_statements_order_states_as_words_in_a_dictionary(seed):
    rng = np.random.default_rng(seed)
    met = rng.random((int(rng.integers(1, 80)), 6)) < 0.5
    ranks = rng.integers(1, 9, size=len(met)).tolist()
    found = prioritise(met, ranks)
    words = [tuple(int(met[np.array(ranks) == r, s].sum()) for r in sorted(set(ranks))) for s in range(6)]
    for a, b in itertools.combinations(range(6), 2):
        assert (found[a] > found[b]) == (words[a] > words[b])
        assert (found[a] == found[b]) == (words[a] == words[b])
