"""Draw the parameters of the fitted rules given a pool of conflicts: Metropolis within Gibbs, led by Gaussians.

Each conflict has its own parameters, drawn from a common population: partial pooling. `study.chain` has the moves of a round.

Sources: Gelman and others, Bayesian Data Analysis, 3rd edition, chapters 5 and 11 (the hierarchy, R-hat and the effective
number of draws); those of `study.chain` and `study.surrogate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time
from typing import Final

import numpy as np
from scipy.special import gammaincinv, ndtri

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.move.fitted.parameters import COUNT, LEARNED, NAMES, SPREADS, to_natural
from asylia.study.chain import POPULATION, SPREAD_COUNT, WIDTH, Luck, State, advance, room_of, settle
from asylia.study.fit import FitCase, Vector
from asylia.study.packed import Packed, pack
from asylia.study.surrogate import Surrogates, first_surrogates, surrogates

BETWEEN: Final = "between_conflicts"
"""Standard deviation of the parameters of conflicts around the middle of their population, in spreads of the priors."""
STAGES: Final = 3
"""Of the rounds that warm up; after each the Gaussians are found anew, where the chain has been since."""
ANEW: Final = 0.5
"""Share of proposals that keep nothing of where the chain is. The others keep any share of it."""
START: Final = (0.4, 0.7, 0.3)
"""Spreads that a chain begins with, and the steps it begins with: of the variance, and of each."""
FIRST_STEPS: Final = (0.5, 0.2, 0.2, 0.1)
FEWEST: Final = 2
"""Conflicts for a population, and chains for a comparison."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long to sample; `keep` draws come out."""

    chains: int = 4
    rounds: int = 5000
    warm_up: int = 1666
    keep: int = 200
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """What a fit gives.

    Parameters
    ----------
    names, values
        Draws for a conflict that was not in the pool, on natural scales: parameters, then spreads, (draw, name).
    watched
        The same names, and `BETWEEN`.
    population
        5, 50 and 95 % of the middle of the population and of the spreads, natural scales, (watched, 3).
    r_hat, effective
        Of the same, on the scales they are drawn on, (watched,).
    taken
        Share of proposals taken, by conflict.
    """

    names: tuple[str, ...]
    values: Vector
    watched: tuple[str, ...]
    population: Vector
    r_hat: Vector
    effective: Vector
    taken: Vector
    seconds: float


class Chain:
    """One chain: its state, its luck, and the Gaussians that lead it."""

    def __init__(self, pool: Packed, number: int, effort: Effort) -> None:
        self.pool, self.number, self.effort = pool, number, effort
        cases, most = len(pool.sizes), int((pool.sizes[:, 2] * pool.sizes[:, 4]).max())
        middle = ndtri(self._luck("start", COUNT)) * 0.5 * LEARNED
        self.state = State(
            own=np.tile(middle, (cases, 1)), middle=middle, variance=np.array([0.25]), spreads=np.log(START),
            misses=np.zeros((cases, most)), like=np.zeros(cases), roots=np.zeros((cases, most, most)),
            steps=np.log(FIRST_STEPS), taken=np.zeros(cases),
        )  # fmt: skip
        settle(pool, self.state)

    def run(self, start: Surrogates) -> Vector:
        """Do all rounds, at first with given Gaussians; return rows kept after warming up, see `chain.WIDTH`."""
        pool, state, effort = self.pool, self.state, self.effort
        luck, room = self._all_luck(), room_of(state)
        kept = np.zeros((effort.rounds, WIDTH))
        ends = [effort.warm_up * stage // STAGES for stage in range(1, STAGES + 1)]
        gauss, first = start, 0
        for end in [*ends, effort.rounds]:
            if first:
                at = np.median(kept[first // 2 : first], axis=0)
                gauss = surrogates(pool, at[:COUNT], np.exp(at[-1]), at[COUNT:-1], gauss)
            state.taken[:] = 0
            part = slice(first, end)
            advance(
                pool,
                gauss,
                state,
                room,
                Luck(*(one[part] for one in luck)),
                first,
                effort.warm_up,
                kept[part],
            )
            first = end
        return kept[effort.warm_up :]

    @property
    def taken(self) -> Vector:
        """Share of proposals of each conflict taken after warming up."""
        return self.state.taken / 2 / (self.effort.rounds - self.effort.warm_up)

    def _luck(self, name: str, count: int) -> Vector:
        """Draw uniforms, keyed by chain and purpose."""
        return np.asarray(
            uniforms(self.effort.seed, Stream.FITTED, self.number, 0, stable_ids([name]), count)[0]
        )

    def _all_luck(self) -> Luck:
        """Draw the luck of every round; that of a round is the same however many follow."""
        cases, rounds = len(self.pool.sizes), self.effort.rounds
        keep = self._luck("keep", rounds * 2 * (2 * cases + 1)).reshape(rounds, 2, -1)
        shape = POPULATION[0] + cases * LEARNED.sum() / 2
        width = 2 * cases * COUNT + 2 * COUNT + 1 + SPREAD_COUNT
        return Luck(
            normals=ndtri(self._luck("normals", rounds * width)).reshape(rounds, width),
            takes=np.log(self._luck("takes", rounds * (2 * cases + 2 + SPREAD_COUNT))).reshape(rounds, -1),
            keep=np.where(keep[:, 0] < ANEW, 0.0, keep[:, 1]),
            gammas=gammaincinv(shape, self._luck("gammas", rounds)),
        )


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
    pool = pack(cases)
    chains = [Chain(pool, number, effort) for number in range(effort.chains)]
    start = first_surrogates(pool, np.log(START))
    kept = np.stack([chain.run(start) for chain in chains])
    levels = np.quantile(kept.reshape(-1, WIDTH), (0.05, 0.5, 0.95), axis=0)
    return Fit(
        names=(*NAMES, *SPREADS),
        values=_new_conflicts(kept.reshape(-1, kept.shape[2]), effort),
        watched=(*NAMES, *SPREADS, BETWEEN),
        population=np.concatenate(
            [to_natural(levels[:, :COUNT]), np.exp(levels[:, COUNT:-1]), np.exp(levels[:, -1:] / 2)], axis=1
        ).T,
        r_hat=r_hat(kept),
        effective=effective(kept),
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
    own = rows[:, :COUNT] + np.where(LEARNED > 0, np.exp(0.5 * rows[:, -1:]), 1.0) * normals
    return np.concatenate([to_natural(own), np.exp(rows[:, COUNT:-1])], axis=1)
