"""One chain of the sampler, in compiled loops: its state, and the moves of a round.

A Gaussian stands in for each conflict's likelihood (`study.surrogate`). With it, the parameters of a conflict given its
population, and the middle of the population, are drawn as if the Gaussian were the truth (wholly anew, or part of the way),
and taken or not by the ratio of likelihood to Gaussian. When the population moves, the conflicts move along as far as they
do not know better themselves. Then the population is drawn given the conflicts, and the spreads are moved.

Sources: Neal (1998), Regression and classification using Gaussian process priors, Bayesian Statistics 6 (a step part of the
way); Papaspiliopoulos, Roberts and Sköld (2007), A general framework for the parametrization of hierarchical models,
Statistical Science 22, 59-73 (conflicts that move along); Yu and Meng (2011), To center or not to center, Journal of
Computational and Graphical Statistics 20, 531-570 (why both kinds of moves).
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from asylia.move.fitted.parameters import COUNT, LEARNED, SPREAD_PRIORS, fill_natural
from asylia.study.packed import Packed, covariance, look, rows
from asylia.study.surrogate import Surrogates
from asylia.study.triangles import cholesky, lower, upper

POPULATION: Final = (3.0, 0.5)
"""Shape and scale of the inverse gamma prior of the variance between conflicts, one for all parameters, in variances of
their priors: about a quarter of it. Eight conflicts cannot tell ten of them apart."""
WANTED: Final = 0.44
"""Share of proposals taken, of one number at a time (Roberts, Gelman and Gilks 1997)."""
SPREAD_COUNT: Final = len(SPREAD_PRIORS)
WIDTH: Final = COUNT + SPREAD_COUNT + 1
"""Of a row that is kept: the middle, the log spreads, the log variance of the population."""
_SHAPES: Final = np.array([shape for shape, _ in SPREAD_PRIORS])
_SCALES: Final = np.array([scale for _, scale in SPREAD_PRIORS])

Vector = NDArray[np.float64]


class State(NamedTuple):
    """Where a chain is. Parameters are held in standard deviations of their priors, spreads as logs.

    Parameters
    ----------
    own
        Parameters of each conflict, (conflict, parameter).
    variance
        Of the population, (1,).
    misses, like, roots
        Of each conflict: misses, log likelihood, lower root of the covariance of its log shares.
    steps
        Logs of the steps of the variance and of each spread.
    taken
        Proposals of each conflict that were taken.
    """

    own: Vector
    middle: Vector
    variance: Vector
    spreads: Vector
    misses: Vector
    like: Vector
    roots: Vector
    steps: Vector
    taken: Vector


class Luck(NamedTuple):
    """Random numbers of a stretch of rounds, by round.

    Parameters
    ----------
    normals
        For conflicts twice (conflict x parameter), middle twice, variance, spreads.
    takes
        Logs of uniforms: conflicts twice, middle, variance, spreads.
    keep
        How much of where it is a proposal keeps: conflicts twice, middle.
    gammas
        Of the variance given the rest.
    """

    normals: Vector
    takes: Vector
    keep: Vector
    gammas: Vector


class Room(NamedTuple):
    """Where a proposal is worked out: as in `State`, and a root of the Gaussian of each conflict and of all."""

    own: Vector
    misses: Vector
    like: Vector
    roots: Vector
    lean: Vector
    all_root: Vector


def room_of(state: State) -> Room:
    """Make room for proposals."""
    return Room(
        own=np.zeros_like(state.own), misses=np.zeros_like(state.misses), like=np.zeros_like(state.like),
        roots=np.zeros_like(state.roots), lean=np.zeros((len(state.own), COUNT, COUNT)),
        all_root=np.zeros((COUNT, COUNT)),
    )  # fmt: skip


@njit(cache=True)
def settle(pool: Packed, state: State) -> None:
    """Work out misses, roots and likelihoods from parameters and spreads."""
    for case in range(len(state.own)):
        _weigh(pool, case, state.own[case], state.misses[case])
        state.like[case] = _root_and_like(pool, case, state.spreads, state.roots[case], state.misses[case])


@njit(cache=True)
def advance(
    pool: Packed,
    gauss: Surrogates,
    state: State,
    room: Room,
    luck: Luck,
    first: int,
    learn: int,
    kept: Vector,
) -> None:
    """Do rounds, and keep a row of each; steps learn in rounds before `learn`, counted on from `first`."""
    cases = len(state.own)
    nothing = Surrogates(np.zeros(gauss.precision.shape), np.zeros(gauss.slope.shape))
    for turn in range(len(kept)):
        normals, takes, keep = luck.normals[turn], luck.takes[turn], luck.keep[turn]
        rate = 1 / math.sqrt(1 + (first + turn) / 10) if first + turn < learn else 0.0
        at = cases * COUNT
        _move_conflicts(pool, gauss, state, room, normals[:at].reshape((cases, COUNT)), takes, keep)
        again = normals[at : 2 * at].reshape((cases, COUNT))
        _move_conflicts(pool, nothing, state, room, again, takes[cases:], keep[cases:])
        takes, keep, at = takes[cases:], keep[cases:], 2 * at
        _move_middle(pool, gauss, state, room, normals[at : at + COUNT], takes[cases], keep[cases])
        at += COUNT
        _move_variance(pool, gauss, state, room, normals[at + COUNT], takes[cases + 1], rate)
        _draw_population(state, normals[at : at + COUNT], luck.gammas[turn])
        _move_spreads(pool, state, room, normals[at + COUNT + 1 :], takes[cases + 2 :], rate)
        for number in range(COUNT):
            kept[turn, number] = state.middle[number]
        for number in range(SPREAD_COUNT):
            kept[turn, COUNT + number] = state.spreads[number]
        kept[turn, WIDTH - 1] = math.log(state.variance[0])


@njit(cache=True)
def _fresh(kept: float) -> float:
    """Return how much new luck goes with a share that is kept, so that a step part of the way keeps the Gaussian."""
    return math.sqrt(1 - kept * kept)


@njit(cache=True)
def _weigh(pool: Packed, case: int, own: Vector, misses: Vector) -> None:
    values = np.empty(own.size)
    fill_natural(own, values)
    look(pool, case, values, misses)


@njit(cache=True)
def _likelihood(pool: Packed, case: int, root: Vector, misses: Vector) -> float:
    """Log likelihood of misses but for the determinant, given the root of their covariance."""
    return -0.5 * lower(root, misses, np.empty(misses.size), rows(pool, case))


@njit(cache=True)
def _root_and_like(pool: Packed, case: int, spreads: Vector, root: Vector, misses: Vector) -> float:
    """Fill the root for given spreads; return the log likelihood, with the determinant."""
    covariance(pool, case, spreads, root)
    size = cholesky(root, root, rows(pool, case))
    return _likelihood(pool, case, root, misses) - size


@njit(cache=True)
def _by_gauss(gauss: Surrogates, case: int, own: Vector) -> float:
    """Log likelihood by the Gaussian."""
    total = 0.0
    for row in range(own.size):
        value = 0.0
        for column in range(own.size):
            value += gauss.precision[case, row, column] * own[column]
        total += own[row] * (gauss.slope[case, row] - 0.5 * value)
    return total


@njit(cache=True)
def _excess(pool: Packed, gauss: Surrogates, state: State, room: Room, case: int) -> float:
    """Weigh a proposal for a conflict: by how much likelihood over Gaussian grows."""
    _weigh(pool, case, room.own[case], room.misses[case])
    gain = _likelihood(pool, case, state.roots[case], room.misses[case])
    gain -= _likelihood(pool, case, state.roots[case], state.misses[case])
    room.like[case] = state.like[case] + gain
    return gain - _by_gauss(gauss, case, room.own[case]) + _by_gauss(gauss, case, state.own[case])


@njit(cache=True)
def _excess_of_all(pool: Packed, gauss: Surrogates, state: State, room: Room) -> float:
    total = 0.0
    for case in range(len(state.own)):
        total += _excess(pool, gauss, state, room, case)
    return total


@njit(cache=True)
def _take(state: State, room: Room, case: int) -> None:
    """Take the proposal for a conflict."""
    state.like[case] = room.like[case]
    for number in range(COUNT):
        state.own[case, number] = room.own[case, number]
    for number in range(state.misses.shape[1]):
        state.misses[case, number] = room.misses[case, number]


@njit(cache=True)
def _take_all(state: State, room: Room) -> None:
    for case in range(len(state.own)):
        _take(state, room, case)


@njit(cache=True)
def _lean(
    gauss: Surrogates, case: int, middle: Vector, variance: float, root: Vector, center: Vector
) -> float:
    """Fill the root of the precision of a conflict's parameters given the population, and their mean; by the Gaussian.

    Returns the log of the Gaussian likelihood, parameters integrated out, but for a constant.
    """
    size = center.size
    pulled = 0.0
    for row in range(size):
        for column in range(row + 1):
            root[row, column] = gauss.precision[case, row, column]
        root[row, row] += 1 / variance
        center[row] = gauss.slope[case, row] + middle[row] / variance
        pulled += middle[row] * middle[row] / variance
    half = cholesky(root, root, size)
    pulled = lower(root, center, center, size) - pulled
    upper(root, center, center, size)
    return 0.5 * pulled - half - 0.5 * size * math.log(variance)


@njit(cache=True)
def _move_conflicts(
    pool: Packed, gauss: Surrogates, state: State, room: Room, normals: Vector, takes: Vector, keep: Vector
) -> None:
    """Draw the parameters of each conflict given the population, or part of the way.

    Without a Gaussian they are drawn from the population alone: so a chain finds places that no Gaussian knows of.
    """
    center, off = np.empty(COUNT), np.empty(COUNT)
    for case in range(len(state.own)):
        root = room.lean[case]
        _lean(gauss, case, state.middle, state.variance[0], root, center)
        upper(root, normals[case], off, COUNT)
        kept = keep[case]
        for number in range(COUNT):
            away = kept * (state.own[case, number] - center[number]) + _fresh(kept) * off[number]
            room.own[case, number] = LEARNED[number] * (center[number] + away)
        if takes[case] < _excess(pool, gauss, state, room, case):
            _take(state, room, case)
            state.taken[case] += 1


@njit(cache=True)
def _move_middle(
    pool: Packed, gauss: Surrogates, state: State, room: Room, normals: Vector, take: float, kept: float
) -> None:
    """Draw the middle with the conflicts integrated out, or part of the way; conflicts move along."""
    variance = state.variance[0]
    center, step, one = np.zeros(COUNT), np.empty(COUNT), np.empty(COUNT)
    whole = np.zeros((COUNT, COUNT))
    for case in range(len(state.own)):
        _lean(gauss, case, state.middle, variance, room.lean[case], one)
        _add_collapsed(gauss, case, variance, room.lean[case], whole, center)
    for number in range(COUNT):
        whole[number, number] += 1.0
    cholesky(whole, room.all_root, COUNT)
    lower(room.all_root, center, center, COUNT)
    upper(room.all_root, center, center, COUNT)
    upper(room.all_root, normals, step, COUNT)
    for number in range(COUNT):
        drawn = (1 - kept) * (center[number] - state.middle[number]) + _fresh(kept) * step[number]
        step[number] = LEARNED[number] * drawn
    for case in range(len(state.own)):
        _along(room.lean[case], step, variance, one)
        for number in range(COUNT):
            room.own[case, number] = state.own[case, number] + one[number]
    if take < _excess_of_all(pool, gauss, state, room):
        for number in range(COUNT):
            state.middle[number] += step[number]
        _take_all(state, room)


@njit(cache=True)
def _add_collapsed(
    gauss: Surrogates, case: int, variance: float, root: Vector, whole: Vector, center: Vector
) -> None:
    """Add what a conflict says of the middle, its own parameters integrated out: precision and slope."""
    one, column = np.empty(COUNT), np.zeros(COUNT)
    _along(root, gauss.slope[case], variance, one)
    for number in range(COUNT):
        center[number] += one[number]
    for number in range(COUNT):
        column[number] = 1.0
        _along(root, column, variance, one)
        column[number] = 0.0
        whole[number, number] += 1 / variance
        for row in range(COUNT):
            whole[row, number] -= one[row] / variance


@njit(cache=True)
def _along(root: Vector, step: Vector, variance: float, found: Vector) -> None:
    """How far a conflict moves along with a step of the middle: precision^-1 step / variance."""
    lower(root, step, found, COUNT)
    upper(root, found, found, COUNT)
    for number in range(COUNT):
        found[number] /= variance


@njit(cache=True)
def _move_variance(
    pool: Packed, gauss: Surrogates, state: State, room: Room, normal: float, take: float, rate: float
) -> None:
    """Move the variance of the population; conflicts keep their place within what the Gaussian leaves open."""
    step = 2 * math.exp(state.steps[0]) * normal
    before, after = state.variance[0], state.variance[0] * math.exp(step)
    shape, scale = POPULATION
    gain = -shape * step - scale * (1 / after - 1 / before)
    center, place = np.empty(COUNT), np.empty(COUNT)
    for case in range(len(state.own)):
        root = room.lean[case]
        gain -= _lean(gauss, case, state.middle, before, root, center)
        for row in range(COUNT):
            place[row] = 0.0
            for below in range(row, COUNT):
                place[row] += root[below, row] * (state.own[case, below] - center[below])
        gain += _lean(gauss, case, state.middle, after, root, center)
        upper(root, place, place, COUNT)
        for number in range(COUNT):
            room.own[case, number] = center[number] + place[number]
    gain += _excess_of_all(pool, gauss, state, room)
    taken = take < gain
    if taken:
        state.variance[0] = after
        _take_all(state, room)
    state.steps[0] += rate * ((1.0 if taken else 0.0) - WANTED)


@njit(cache=True)
def _draw_population(state: State, normals: Vector, gamma: float) -> None:
    """Draw the middle, then the variance of the population given the conflicts."""
    cases, variance = len(state.own), state.variance[0]
    weight = 1 / (1 + cases / variance)
    squares = 0.0
    for number in range(COUNT):
        total = 0.0
        for case in range(cases):
            total += state.own[case, number]
        drawn = weight * total / variance + math.sqrt(weight) * normals[number]
        state.middle[number] = LEARNED[number] * drawn
        for case in range(cases):
            squares += (state.own[case, number] - state.middle[number]) ** 2
    state.variance[0] = (POPULATION[1] + squares / 2) / gamma


@njit(cache=True)
def _move_spreads(
    pool: Packed, state: State, room: Room, normals: Vector, takes: Vector, rate: float
) -> None:
    """Move each spread, its variance inverse gamma before the fit."""
    for number in range(SPREAD_COUNT):
        before = state.spreads[number]
        state.spreads[number] += math.exp(state.steps[1 + number]) * normals[number]
        after = state.spreads[number]
        gain = -2 * _SHAPES[number] * (after - before)
        gain -= _SCALES[number] * (math.exp(-2 * after) - math.exp(-2 * before))
        for case in range(len(state.own)):
            room.like[case] = _root_and_like(pool, case, state.spreads, room.roots[case], state.misses[case])
            gain += room.like[case] - state.like[case]
        taken = takes[number] < gain
        if taken:
            for case in range(len(state.own)):
                state.like[case] = room.like[case]
                for row in range(rows(pool, case)):
                    for column in range(row + 1):
                        state.roots[case, row, column] = room.roots[case, row, column]
        else:
            state.spreads[number] = before
        state.steps[1 + number] += rate * ((1.0 if taken else 0.0) - WANTED)
