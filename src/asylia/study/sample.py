"""Draw the parameters of the fitted rules given a pool of conflicts: adaptive Metropolis within Gibbs.

Each conflict has its own parameters, drawn from a common population: partial pooling. A round moves each conflict, then all
of them together, then draws the population and the spreads.

Sources: Haario, Saksman and Tamminen (2001), Bernoulli 7, 223-242 (the proposal that learns); Gelman and others, Bayesian
Data Analysis, 3rd edition, chapters 5 and 11 (the hierarchy, R-hat and the effective number of draws).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time
from typing import Final

import numpy as np
from scipy.special import gammaincinv, ndtri

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.move.fitted.parameters import COUNT, LEARNED, NAMES, SPREAD_PRIORS, SPREADS, to_natural
from asylia.study.fit import FitCase, Vector, misses, precision

POPULATION: Final = (3.0, 0.5)
"""Shape and scale of the inverse gamma prior of the variance between conflicts, one for all parameters, in variances of
their priors: about a quarter of it. Eight conflicts cannot tell ten of them apart."""
FIRST_ADAPT: Final = 100
ADAPT_EVERY: Final = 50
SMALL: Final = 1e-3
"""Added to the variances of a proposal, so that it never collapses."""
WANTED: Final = 0.25
WANTED_OF_ONE: Final = 0.44
"""Share of proposals taken, of many parameters at once and of one (Roberts, Gelman and Gilks 1997)."""
MOVING: Final = np.flatnonzero(LEARNED)
FEWEST: Final = 2
"""Conflicts for a population, and chains for a comparison."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long to sample; `keep` draws come out."""

    chains: int = 4
    rounds: int = 2000
    warm_up: int = 666
    keep: int = 200
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """What a fit gives.

    Parameters
    ----------
    names, values
        Draws for a conflict that was not in the pool, on natural scales: parameters, then spreads, (draw, name).
    population
        5, 50 and 95 % of the middle of the population and of the spreads, natural scales, (name, 3).
    r_hat, effective
        Of the same, on the scales they are drawn on, (name,).
    taken
        Share of proposals taken, by conflict.
    """

    names: tuple[str, ...]
    values: Vector
    population: Vector
    r_hat: Vector
    effective: Vector
    taken: Vector
    seconds: float


class Shape:
    """A proposal that learns its shape and size from where the chain has been since its first rounds."""

    def __init__(self, size: int, start: float) -> None:
        self.root = np.eye(size) * start
        self.scale = math.log(2.38 / math.sqrt(size))
        self.count, self.mean, self.square = 0, np.zeros(size), np.zeros((size, size))

    def step(self, normals: Vector) -> Vector:
        """Turn standard normals into a step."""
        return np.asarray(math.exp(self.scale) * (self.root @ normals))

    def learn(self, turn: int, state: Vector, *, taken: bool) -> None:
        """Take note of one round."""
        self.scale += (float(taken) - WANTED) / math.sqrt(1 + turn / 10)
        if turn < FIRST_ADAPT:
            return
        self.count += 1
        off = state - self.mean
        self.mean += off / self.count
        self.square += np.outer(off, state - self.mean)
        if self.count % ADAPT_EVERY == 0:
            shape = self.square / self.count + np.eye(off.size) * SMALL
            self.root = np.asarray(np.linalg.cholesky(shape), dtype=np.float64)


class Chain:
    """The state of one chain.

    Parameters are held in standard deviations of their priors from the middle of these, spreads as logs.
    """

    def __init__(self, cases: Sequence[FitCase], number: int, effort: Effort) -> None:
        self.cases, self.number, self.effort = cases, number, effort
        self.middle, self.variance = self.normals(0, "start", COUNT) * 0.5 * LEARNED, 0.25
        self.own = np.tile(self.middle, (len(cases), 1))
        self.spreads = np.log([0.4, 0.7, 0.3])
        self.none = [np.zeros((1, case.shares.shape[1])) for case in cases]
        self.found = self._misses(self.own)
        self.weighed = [precision(case, np.exp(self.spreads)) for case in cases]
        self.steps = [Shape(COUNT, 0.5) for _ in cases]
        self.shifts = np.full(COUNT, math.log(0.5))
        self.widen = Shape(len(SPREADS), 0.15)
        self.taken = np.zeros(len(cases))

    def luck(self, turn: int, name: str, count: int) -> Vector:
        """Draw uniforms, keyed by chain, round and purpose."""
        ids = stable_ids([name])
        return np.asarray(uniforms(self.effort.seed, Stream.FITTED, self.number, turn, ids, count)[0])

    def normals(self, turn: int, name: str, count: int) -> Vector:
        """Draw standard normals."""
        return np.asarray(ndtri(self.luck(turn, name, count)))

    def turn(self, turn: int) -> Vector:
        """Do one round; return the middle, the log spreads and the variance of the population after it."""
        normals = self.normals(turn, "step", self.own.size).reshape(self.own.shape)
        lucks = np.log(self.luck(turn, "take", len(self.cases) + 2))
        self._move(turn, normals, lucks)
        self._shift(turn, lucks[-2])
        self._population(turn)
        self._widen(turn, lucks[-1])
        return np.array([*self.middle, *self.spreads, self.variance])

    def _misses(self, own: Vector) -> list[Vector]:
        """Return the misses of every conflict with its row of parameters."""
        natural = to_natural(own)
        return [
            misses(case.facts, natural[number], self.none[number], case.weights, case.shares)
            for number, case in enumerate(self.cases)
        ]

    def _likely(self, number: int, found: Vector) -> float:
        return -0.5 * float(found @ self.weighed[number][0] @ found)

    def _move(self, turn: int, normals: Vector, lucks: Vector) -> None:
        """Move the parameters of each conflict by itself."""
        new = self.own + np.stack([shape.step(row) for shape, row in zip(self.steps, normals, strict=True)])
        new *= LEARNED
        found = self._misses(new)
        prior = ((self.own - self.middle) ** 2 - (new - self.middle) ** 2).sum(axis=1) / (2 * self.variance)
        for number, shape in enumerate(self.steps):
            gain = self._likely(number, found[number]) - self._likely(number, self.found[number])
            taken = bool(lucks[number] < gain + prior[number])
            if taken:
                self.own[number], self.found[number] = new[number], found[number]
            if turn < self.effort.warm_up:
                shape.learn(turn, self.own[number], taken=taken)
            else:
                self.taken[number] += taken / (self.effort.rounds - self.effort.warm_up)

    def _shift(self, turn: int, luck: float) -> None:
        """Move one parameter of the middle and all conflicts together, which steps of each can hardly do."""
        which = int(MOVING[turn % MOVING.size])
        step = np.zeros(COUNT)
        step[which] = math.exp(self.shifts[which]) * self.normals(turn, "shift", 1)[0]
        found = self._misses(self.own + step)
        gain = sum(self._likely(k, one) - self._likely(k, self.found[k]) for k, one in enumerate(found))
        gain += 0.5 * float(self.middle @ self.middle - (self.middle + step) @ (self.middle + step))
        taken = bool(luck < gain)
        if taken:
            self.own, self.found, self.middle = self.own + step, found, self.middle + step
        if turn < self.effort.warm_up:
            self.shifts[which] += (float(taken) - WANTED_OF_ONE) / math.sqrt(1 + turn / (10 * MOVING.size))

    def _population(self, turn: int) -> None:
        """Draw the middle and the variance of the population, each given the rest."""
        weight = 1 / (1 + len(self.own) / self.variance)
        self.middle = weight * self.own.sum(axis=0) / self.variance
        self.middle = LEARNED * (self.middle + math.sqrt(weight) * self.normals(turn, "middle", COUNT))
        shape, scale = POPULATION
        squares = float(((self.own - self.middle) ** 2).sum())
        drawn = gammaincinv(shape + len(self.own) * LEARNED.sum() / 2, self.luck(turn, "variance", 1)[0])
        self.variance = float((scale + squares / 2) / drawn)

    def _widen(self, turn: int, luck: float) -> None:
        """Move the spreads."""
        new = self.spreads + self.widen.step(self.normals(turn, "widen", len(SPREADS)))
        weighed = [precision(case, np.exp(new)) for case in self.cases]
        before = self._of_spreads(self.spreads, self.weighed)
        taken = bool(luck < self._of_spreads(new, weighed) - before)
        if taken:
            self.spreads, self.weighed = new, weighed
        if turn < self.effort.warm_up:
            self.widen.learn(turn, self.spreads, taken=taken)

    def _of_spreads(self, spreads: Vector, weighed: Sequence[tuple[Vector, float]]) -> float:
        """Log of what the spreads are drawn in proportion to: inverse gamma variances, and the likelihood."""
        total = 0.0
        for (shape, scale), log_spread in zip(SPREAD_PRIORS, spreads, strict=True):
            total -= 2 * shape * log_spread + scale * math.exp(-2 * log_spread)
        for found, (inverse, log_root) in zip(self.found, weighed, strict=True):
            total -= 0.5 * float(found @ inverse @ found) + log_root
        return total


def fit_pool(cases: Sequence[FitCase], effort: Effort) -> Fit:
    """Fit the rules to a pool of conflicts.

    Raises
    ------
    ValueError
        If there are fewer than two conflicts or chains.
    """
    if min(len(cases), effort.chains) < FEWEST:
        raise ValueError("a fit needs two conflicts and two chains")
    began = process_time()
    chains = [Chain(cases, number, effort) for number in range(effort.chains)]
    kept = np.stack([[chain.turn(turn) for turn in range(effort.rounds)] for chain in chains])[
        :, effort.warm_up :
    ]
    watched = kept[:, :, :-1]
    levels = np.quantile(watched.reshape(-1, watched.shape[2]), (0.05, 0.5, 0.95), axis=0)
    return Fit(
        names=(*NAMES, *SPREADS),
        values=_new_conflicts(kept.reshape(-1, kept.shape[2]), effort),
        population=np.concatenate([to_natural(levels[:, :COUNT]), np.exp(levels[:, COUNT:])], axis=1).T,
        r_hat=r_hat(watched),
        effective=effective(watched),
        taken=np.mean([chain.taken for chain in chains], axis=0),
        seconds=process_time() - began,
    )


def r_hat(draws: Vector) -> Vector:
    """Return the split R-hat of (chain, draw, name): near 1 where chains agree."""
    half = draws.shape[1] // 2
    parts = np.concatenate([draws[:, :half], draws[:, half : 2 * half]])
    within = parts.var(axis=1, ddof=1).mean(axis=0)
    between = parts.mean(axis=1).var(axis=0, ddof=1)
    ratio = np.divide(between, within, out=np.full_like(within, 1 / half), where=within > 0)
    return np.asarray(np.sqrt((half - 1) / half + ratio))


def effective(draws: Vector) -> Vector:
    """Return the effective number of draws of (chain, draw, name), by means of batches of a tenth of a chain."""
    batch = max(draws.shape[1] // 10, 1)
    whole = draws.shape[1] // batch * batch
    means = draws[:, :whole].reshape(draws.shape[0], -1, batch, draws.shape[2]).mean(axis=2)
    means = means.reshape(-1, draws.shape[2])
    noise = batch * means.var(axis=0, ddof=1)
    ratio = np.divide(
        draws.reshape(-1, draws.shape[2]).var(axis=0), noise, out=np.ones_like(noise), where=noise > 0
    )
    return np.asarray(np.minimum(ratio, 1.0) * draws.shape[0] * draws.shape[1])


def _new_conflicts(kept: Vector, effort: Effort) -> Vector:
    """Draw conflicts that were not in the pool, one for each of some evenly spaced draws of the population."""
    rows = kept[np.linspace(0, len(kept) - 1, effort.keep).astype(np.int64)]
    luck = uniforms(effort.seed, Stream.FITTED, 0, 0, stable_ids(["new"]), effort.keep * COUNT)[0]
    normals = ndtri(luck).reshape(effort.keep, COUNT)
    own = rows[:, :COUNT] + np.where(LEARNED > 0, np.sqrt(rows[:, -1:]), 1.0) * normals
    return np.concatenate([to_natural(own), np.exp(rows[:, COUNT:-1])], axis=1)
