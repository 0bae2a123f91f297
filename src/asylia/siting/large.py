"""Siting problems too large for a solver of whole-number programs: a plan, and a bound that says how good it is.

Prices and plans help each other. Prices say which sites are worth opening; plans say how high the prices should
aim. The search ends when plan and bound are as near as was asked for, or when the time is up, and says which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import process_time

import numpy as np

from asylia.model.siting_network import Floats, Ints, SitingNetwork, ZoneAnswer
from asylia.siting.answer import answer_of, outcome_of, plan_of
from asylia.siting.bound import Dual, Glide, ascend, case_of, first_dual, glide
from asylia.siting.coarse import Rough, beside_mean, finer_paths, finer_person, finer_weights, rougher
from asylia.siting.crowd_climb import Sharp
from asylia.siting.divide import Division, divide, undivided
from asylia.siting.improve import (
    Desk,
    close_down,
    draws,
    empty_desk,
    fill_up,
    neighbours,
    put_back,
    put_down,
    replace_one,
    shake,
    value_of,
)
from asylia.siting.instance import count_again, tail_weights
from asylia.siting.many import is_many, search_many
from asylia.siting.search import Case, prices_of
from asylia.siting.settle import settle_all
from asylia.siting.sharpen import apart, begin_sharp, sharpen

SHARES = (0.3, 0.2, 0.4)
"""A site is tried if it was chosen in at least this share of late steps; one share after the other."""

STEPS = 60
"""Price steps between two looks for plans."""

ONE_ROW = Glide(steps=400, first=1.5, last=0.03, above=0.01)
"""The climb in the first round of a problem with one period and one scenario."""

FAR = 1.05
"""Steps aim at most this far above the bound."""

STALLED = 0.05
"""Prices alone bring little if a round brings less than this share of what is missing."""

HALVES = 2
"""Parts that are halved in a round."""

ENOUGH = 0.98
"""A part is done with once its gap is this share of the one that was asked for; the plan may still become better."""

CHANGES = 24
"""Small changes of the best plan that are tried in a round."""

EVEN = 0.1
"""What is added to the doubt about a site, so that every site has its turn."""

WIDTHS = (1, 3, 1, 2)
"""Zones that are opened at once in a change, one number after the other."""

SLACK = 0.001
"""Share of its value by which a plan may become worse in a change, at first."""

POOLS = 3
"""Rounds in which plans are built anew from the sites that the prices chose."""

ROUGH_SHARE = 0.5
"""Share of the time that is left for a rougher problem."""

ROUGH_ROUNDS = 20
"""Rounds on a rougher problem."""

QUIET = (3, 6)
"""Rounds without a better plan after which a rougher problem of one row, or of more, has taught enough."""


@dataclass(slots=True, kw_only=True, eq=False)
class Hunt:
    """A search under way.

    Parameters
    ----------
    network, case, dual
        The problem, its kernels' form with the present weights of scenarios, and the prices.
    bound
        Best bound so far, whatever the weights were.
    best, value
        Best plan so far.
    seed, round
        Key of the draws, and how many rounds were made.
    until
        Time of the processor at which to stop.
    learned
        Whether a rougher problem was searched first, so that fewer changes are tried here.
    fresh
        Whether it began without prices.
    cut
        Whether time ended the search, or the learning from a rougher problem: another run may then differ.
    sharp
        Prices on crowds too, after the first round of one period and one scenario.
    dull, below
        Whether such prices bring little by now; what a rougher problem has learned of them.
    division
        All plans in parts, once prices alone bring little.
    """

    network: SitingNetwork
    case: Case
    dual: Dual
    bound: float
    best: Desk
    value: float
    seed: int
    until: float
    gap: float
    round: int = 0
    learned: bool = False
    fresh: bool = True
    cut: bool = False
    sharp: Sharp | None = None
    dull: bool = False
    below: tuple[Sharp, Rough] | None = None
    division: Division | None = None

    @property
    def done(self) -> bool:
        """Whether plan and bound are near enough."""
        return self.value - self.bound <= self.gap * abs(self.value)

    @property
    def late(self) -> bool:
        """Whether the time is up."""
        return process_time() > self.until


def solve_large(
    network: SitingNetwork,
    *,
    gap: float = 0.01,
    seconds: float = 60.0,
    seed: int = 0,
    rounds: int = 120,
    start: Dual | None = None,
) -> ZoneAnswer:
    """Search for a plan that is proved to be within a gap of the best.

    Parameters
    ----------
    gap
        Share of the plan's value by which it may pass the bound.
    seconds
        Time of the processor; unless it runs out, the same seed gives the same answer.
    rounds
        Most rounds of prices and plans.
    start
        Prices to begin with, of a problem much like this one.
    """
    began = process_time()
    hunt = begin(network, gap, began + seconds, seed, start)
    hunt_on(hunt, rounds)
    outcome = outcome_of((hunt.value, hunt.bound), process_time() - began, done=hunt.done, late=hunt.late)
    return answer_of(hunt.network, hunt.best, outcome, cut=hunt.cut)


def begin(network: SitingNetwork, gap: float, until: float, seed: int, start: Dual | None) -> Hunt:
    """Begin a search: with given prices, or with the prices and zones of a rougher problem."""
    case = case_of(network, network.chance)
    best = empty_desk(network, case)
    hunt = Hunt(
        network=network,
        case=case,
        dual=first_dual(case),
        bound=-np.inf,
        best=best,
        value=value_of(best)[0],
        seed=seed,
        until=until,
        gap=gap,
    )
    rough = None if start is not None or is_many(network) else rougher(network)
    if start is not None and start.person.shape == hunt.dual.person.shape:
        hunt.dual, hunt.fresh = replace(start, bound=-np.inf, pace=0.2), False
    elif rough is not None:
        _learn(hunt, rough)
    return hunt


def _learn(hunt: Hunt, rough: Rough) -> None:
    """Search the rougher problem and take over its prices and its zones."""
    now = process_time()
    below = begin(rough.network, hunt.gap / 2, now + ROUGH_SHARE * (hunt.until - now), hunt.seed, None)
    hunt_on(below, ROUGH_ROUNDS, QUIET[below.case.people.shape[0] > 1])
    hunt.cut = below.cut
    dual, old = hunt.dual, _scenario_weights(below)
    weight = finer_weights(rough, old, hunt.network)
    hunt.case = hunt.best.case = case_of(hunt.network, weight)
    person = finer_person(rough, below.dual.person, (old, weight), hunt.network)
    if below.sharp is not None and hunt.case.people.shape[0] == 1:
        person = np.maximum(person + weight[0] * apart(below.sharp, rough, hunt.case), 0.0)
    dual.person = np.minimum(person, hunt.case.penalty * hunt.case.weight[:, None])
    dual.average = below.dual.average.copy()
    dual.average[below.best.open] = 1.0
    sizes = np.where(
        np.any(below.best.state.sizes, axis=1, keepdims=True), below.best.state.sizes, below.dual.paths
    )
    dual.paths = finer_paths(rough, sizes, hunt.network)
    dual.pace = 0.2
    desk = empty_desk(hunt.network, hunt.case, below.best.orders)
    held = below.best.state.held.sum(axis=0)
    here = below.best.open
    fill_up(desk, here[np.argsort(-held[here], kind="stable")], dual.paths)
    keep_better(hunt, desk, close_down(desk))
    if hunt.network.people.shape[0] > 1:
        _tell_apart(hunt, rough, weight)
    hunt.round, hunt.learned = POOLS, True
    if below.sharp is not None and hunt.network.people.shape[:2] == (1, 1):
        hunt.below = (below.sharp, rough)


def _tell_apart(hunt: Hunt, rough: Rough, weight: Floats) -> None:
    """Let prices of merged scenarios differ as they do in the best plan."""
    share = np.repeat(weight, hunt.network.people.shape[1])[:, None]
    prices = prices_of(hunt.case, hunt.best.state) / np.maximum(share, 1e-12)
    apart = share * beside_mean(rough, prices, hunt.network)
    hunt.dual.person = np.clip(hunt.dual.person + apart, 0.0, hunt.case.penalty * share)


def _scenario_weights(hunt: Hunt) -> Floats:
    return hunt.case.weight.reshape(hunt.network.people.shape[0], -1)[:, 0]


def hunt_on(hunt: Hunt, rounds: int, quiet: int | None = None) -> None:
    """Make rounds of prices and plans until plan and bound are near, or the time is up.

    Parameters
    ----------
    rounds
        Most rounds.
    quiet
        Rounds without a better plan after which to stop; as many as there are if left out.
    """
    if hunt.fresh and is_many(hunt.network):
        _hunt_many(hunt, rounds)
        return
    first = hunt.round
    if first == 0:
        climb(hunt)
    better = first
    while hunt.round < first + rounds and not hunt.done and not hunt.late:
        before = hunt.value
        raise_bound(hunt, first=hunt.round == first, divides=quiet is None)
        look_for_plans(hunt)
        reweigh(hunt)
        hunt.round += 1
        better = hunt.round if hunt.value < before * (1.0 - 1e-5) else better
        if quiet is not None and hunt.round - better >= quiet:
            break
    hunt.cut |= hunt.late


def _hunt_many(hunt: Hunt, rounds: int) -> None:
    """Search a problem of many rows in its own way, and put the plan on the desk."""
    found = search_many(hunt.network, gap=hunt.gap, until=hunt.until, seed=hunt.seed, rounds=rounds)
    hunt.case = hunt.best.case = found.case
    hunt.dual, hunt.bound, hunt.round = found.dual, found.bound, found.round
    hunt.best.state.sizes[:] = found.plan.sizes
    settle_all(hunt.case, hunt.best.state)
    hunt.value = value_of(hunt.best)[0]
    hunt.cut |= found.cut or hunt.late


def raise_bound(hunt: Hunt, *, first: bool, divides: bool) -> None:
    """Move the prices; once that brings little, divide the plans into parts if that is allowed."""
    goal, before = hunt.value * (1.0 - ENOUGH * hunt.gap), hunt.bound
    if hunt.division is not None:
        divide(hunt.division, hunt.value, goal, HALVES, hunt.until)
        hunt.bound = max(hunt.bound, hunt.division.bound)
        if hunt.division.latest is not None:
            hunt.dual.average = hunt.division.latest.average.copy()
        return
    if hunt.sharp is None:
        _move_prices(hunt, first=first)
    elif not hunt.dull:
        hunt.bound = max(hunt.bound, sharpen(hunt.sharp, hunt.dual, hunt.until))
    little = hunt.bound > 0.0 and hunt.bound - before < STALLED * (goal - hunt.bound)
    if hunt.case.people.shape[0] == 1 and hunt.sharp is None:
        hunt.sharp = begin_sharp(hunt.network, hunt.case, hunt.dual, hunt.below)
        return
    hunt.dull |= little and not first
    # bounds of parts go together only if scenarios count the same in all of them
    one_weight = hunt.network.tail_weight == 0.0 or hunt.network.people.shape[0] == 1
    if divides and one_weight and little:
        case, dual = (hunt.case, hunt.dual) if hunt.sharp is None else (hunt.sharp.case, hunt.sharp.dual)
        hunt.division = undivided(hunt.network, case, dual)


def _move_prices(hunt: Hunt, *, first: bool) -> None:
    """Move the prices on people alone."""
    glides = first and hunt.case.people.shape[0] == 1
    steps = 1 if glides else 2 * STEPS if first else STEPS
    aim = min(hunt.value, FAR * hunt.dual.bound) if hunt.dual.bound > 0.0 else hunt.value
    ascend(hunt.network, hunt.case, hunt.dual, aim, steps, hunt.until)
    if glides:
        glide(hunt.network, hunt.case, hunt.dual, ONE_ROW, hunt.until)
    hunt.bound, hunt.dual.pace = max(hunt.bound, hunt.dual.bound), max(hunt.dual.pace, 0.03)


def climb(hunt: Hunt) -> None:
    """Raise the bound while that is easy; the first plans are too far off to aim at."""
    ascend(hunt.network, hunt.case, hunt.dual, hunt.value, 1, hunt.until)
    for _ in range(8):
        before = hunt.dual.bound
        hunt.dual.pace = 1.0 if hunt.network.people.shape[0] == 1 else 0.5
        aim = min(hunt.value, 1.3 * before) if before > 0.0 else hunt.value
        ascend(hunt.network, hunt.case, hunt.dual, aim, STEPS // 2, hunt.until)
        if hunt.dual.bound - before < 0.02 * abs(before):
            break
    hunt.dual.pace = 0.5


def look_for_plans(hunt: Hunt) -> None:
    """Try plans from the sites that the prices chose of late, then change the best one."""
    if hunt.round < POOLS and not hunt.done and not hunt.late:
        desk = empty_desk(hunt.network, hunt.case, hunt.best.orders)
        fill_up(desk, _pool(hunt), hunt.dual.paths)
        keep_better(hunt, desk, close_down(desk))
    change(hunt)


def _pool(hunt: Hunt) -> Ints:
    """Sites to begin a plan with, most often chosen first."""
    average = hunt.dual.average
    pool = np.flatnonzero(average > SHARES[hunt.round % len(SHARES)])
    return pool[np.argsort(-average[pool], kind="stable")]


def keep_better(hunt: Hunt, desk: Desk, value: float) -> None:
    """Keep a plan if it is the best so far."""
    if value < hunt.value:
        hunt.best, hunt.value = desk, value


def change(hunt: Hunt) -> None:
    """Change the best plan in small ways, a little for the worse too at first; the best on the way is kept."""
    often = np.flatnonzero(hunt.dual.average > 0.02)
    # sites come by chance, those that the plan and the prices do not agree on sooner
    doubt = np.abs(np.isin(often, hunt.best.open) - hunt.dual.average[often])
    order = often[
        np.argsort(
            -np.log1p(-draws(hunt.seed, hunt.round, hunt.dual.average.size)[often]) / (doubt + EVEN),
            kind="stable",
        )
    ]
    walks = hunt.case.people.shape[0] == 1
    kept, value = put_down(hunt.best) if walks else None, hunt.value
    changes = CHANGES // 2 if hunt.learned and not walks else CHANGES
    for number, site in enumerate(order[:changes]):
        if hunt.done or hunt.late:
            break
        slack = SLACK * (1.0 - number / changes) if walks else 0.0
        value = _change_at(hunt, int(site), number, (value, slack), often)
        if value < hunt.value:
            hunt.value, kept = value, put_down(hunt.best) if walks else None
    if kept is not None and value > hunt.value:
        put_back(hunt.best, kept)


def _change_at(hunt: Hunt, site: int, number: int, value: tuple[float, float], often: Ints) -> float:
    """Change the plan near a site; returns the value, which may be higher by the share `value[1]`."""
    here = set(hunt.best.open.tolist())
    if number % 4 == 3 and site in here:
        return replace_one(hunt.best, site, value[0], often, 4)
    liked = set(often.tolist())
    near = [site, *(k for k in neighbours(hunt.best, site).tolist() if k in liked)]
    width = WIDTHS[number % len(WIDTHS)]
    added = np.array([k for k in near if k not in here][:width], dtype=np.int64)
    return shake(hunt.best, added, hunt.dual.paths, *value)


def reweigh(hunt: Hunt) -> None:
    """Weigh the scenarios as the best plan says they should be, half way; the prices follow."""
    network = hunt.network
    if network.tail_weight == 0.0 or network.people.shape[0] == 1:
        return
    _, _, loss = count_again(network, plan_of(hunt.best))
    old = _scenario_weights(hunt)
    new = 0.5 * old + 0.5 * tail_weights(network, loss)
    ratio = np.divide(new, old, out=np.zeros_like(new), where=old > 0)
    hunt.case = hunt.best.case = case_of(network, new)
    hunt.dual.person = hunt.dual.person * np.repeat(ratio, network.people.shape[1])[:, None]
    hunt.dual.bound = -np.inf
    hunt.dual.pace = max(hunt.dual.pace, 0.1)
