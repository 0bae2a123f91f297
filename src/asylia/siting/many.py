"""Problems of many scenarios and periods: learn prices and zones from a few rows, then go on with all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import process_time

import numpy as np

from asylia.core.draws import Stream, uniforms
from asylia.model.siting_network import Floats, Ints, SitingNetwork
from asylia.siting.bound import Dual, Glide, case_of, first_dual, glide
from asylia.siting.coarse import first_weights
from asylia.siting.instance import tail_weights
from asylia.siting.sample import sample_rows, spread_prices
from asylia.siting.search import Case
from asylia.siting.trade import (
    Trader,
    Trial,
    build,
    count,
    rebuild,
    shared_settlements,
    trade_all,
    trade_one,
)

MANY_ROWS = 100
"""Pairs of scenario and period from which it is worth while to learn from a few."""

GROUPS = 4
"""Rows of each period that are learned from."""

CLIMB = Glide(steps=150, first=2.0, last=0.5, above=0.15)
"""The first climb, while the bound is far off."""

SETTLE = Glide(steps=450, first=1.5, last=0.03, above=0.02)
"""The second climb."""

PART = 0.5
"""Share of the time for learning."""

WIDTHS = (2, 3, 4)
"""Zones that are closed at once, one number after the other."""

TRIES = 40
"""Times that some zones are closed and others opened while learning."""

TRADES = 6
"""Zones that are traded in a round with all rows."""

STEPS = 20
"""Price steps in a round with all rows."""


@dataclass(slots=True, kw_only=True, eq=False)
class ManyRows:
    """A search of a problem with many rows.

    Parameters
    ----------
    weight
        float64 (scenario,): what each scenario counts now.
    bound
        Best bound so far, whatever the weights were.
    cut
        Whether time ended the learning, so that another run may learn more or less.
    """

    network: SitingNetwork
    weight: Floats
    case: Case
    dual: Dual
    trader: Trader
    plan: Trial
    bound: float
    cut: bool
    round: int = 0


def is_many(network: SitingNetwork) -> bool:
    """Whether there are many rows, and no zone has a fewest number of people."""
    scenarios, periods, _ = network.shape
    return scenarios > GROUPS and scenarios * periods >= MANY_ROWS and not network.least.any()


def search_many(network: SitingNetwork, *, gap: float, until: float, seed: int, rounds: int) -> ManyRows:
    """Search a problem with many rows for a plan and a bound.

    Parameters
    ----------
    gap
        Share of the plan's value by which it may pass the bound.
    until
        Time of the processor at which to stop.
    rounds
        Most rounds with all rows.
    """
    search = learn(network, until, seed)
    while search.round < rounds and process_time() < until:
        if search.plan.value - search.bound <= gap * abs(search.plan.value):
            break
        trade_some(search)
        reweigh(search)
        pace = max(0.7**search.round, 0.05)
        glide(
            network,
            search.case,
            search.dual,
            Glide(steps=STEPS, first=pace, last=0.7 * pace, above=0.015),
            until,
        )
        search.bound = max(search.bound, search.dual.bound)
        search.round += 1
    return search


def learn(network: SitingNetwork, until: float, seed: int) -> ManyRows:
    """Search a problem of a few rows, and take over its prices and its zones."""
    weight = first_weights(network)
    stop = process_time() + PART * (until - process_time())
    few = sample_rows(network, weight, GROUPS)
    dual = first_dual(few.case)
    glide(few.network, few.case, dual, CLIMB, stop)
    glide(few.network, few.case, dual, SETTLE, stop)
    trader = trader_of(few.network, few.case, lambda: process_time() > stop)
    plan = first_plan(trader, dual)
    plan = wander(trader, trade_all(trader, plan, np.flatnonzero(plan.sizes.any(axis=1))), seed)
    cut = process_time() > stop
    case = case_of(network, weight)
    whole = first_dual(case)
    whole.person = spread_prices(few, dual.person, network, weight)
    whole.money, whole.average, whole.paths = dual.money, dual.average, dual.paths
    every = trader_of(network, case, lambda: process_time() > until)
    found = count(every, plan.sizes)
    if not np.isfinite(found.value):
        found = count(every, np.zeros_like(plan.sizes))
    return ManyRows(
        network=network,
        weight=weight,
        case=case,
        dual=whole,
        trader=every,
        plan=found,
        bound=-np.inf,
        cut=cut,
    )


def trade_some(search: ManyRows) -> None:
    """Trade some of the open zones, the next ones in every round."""
    opened = np.flatnonzero(search.plan.sizes.any(axis=1))
    for number in range(min(TRADES, opened.size)):
        site = int(opened[(search.round * TRADES + number) % opened.size])
        if search.trader.late():
            break
        if search.plan.sizes[site].any():
            search.plan = trade_one(search.trader, search.plan, site)


def reweigh(search: ManyRows) -> None:
    """Weigh the scenarios as the plan says they should be, half way; the prices follow."""
    network, old = search.network, search.weight
    if network.tail_weight == 0.0:
        return
    loss = search.plan.loss.reshape(network.chance.size, -1).sum(axis=1)
    search.weight = 0.5 * old + 0.5 * tail_weights(network, loss)
    ratio = np.divide(search.weight, old, out=np.zeros_like(old), where=old > 0)
    search.case = case_of(network, search.weight)
    search.trader = trader_of(network, search.case, search.trader.late, search.trader.near)
    rows = np.repeat(ratio, network.people.shape[1])[:, None]
    search.dual.person = search.dual.person * rows
    search.dual.bound = -np.inf


def trader_of(
    network: SitingNetwork, case: Case, late: Callable[[], bool], near: Floats | None = None
) -> Trader:
    """Make ready to count plans."""
    apart: list[set[int]] = [set() for _ in network.site_ids]
    for one, other in network.apart.tolist():
        apart[one].add(other)
        apart[other].add(one)
    shared = shared_settlements(network) if near is None else near
    return Trader(network=network, case=case, near=shared, apart=apart, late=late)


def first_plan(trader: Trader, dual: Dual) -> Trial:
    """Open the sites that the prices chose most often, as far as they may be together, and add what helps."""
    network = trader.network
    sizes = np.zeros((len(network.site_ids), network.people.shape[1]), dtype=np.int64)
    barred: set[int] = set()
    wanted = min(network.most_zones, int(np.ceil(dual.average.sum())))
    for site in np.argsort(-dual.average, kind="stable").tolist():
        opened = int(sizes.any(axis=1).sum())
        if opened >= wanted or dual.average[site] <= 0.0:
            break
        if site not in barred:
            sizes[site] = dual.paths[site]
            barred |= trader.apart[site]
    plan = count(trader, sizes)
    if not np.isfinite(plan.value):
        plan = count(trader, np.zeros_like(sizes))
    return build(trader, plan, np.arange(len(network.site_ids)))


def wander(trader: Trader, best: Trial, seed: int) -> Trial:
    """Close some zones and open others near a site drawn by chance, again and again; the best on the way is kept."""
    sites = np.flatnonzero(trader.near.diagonal() > 0)
    if sites.size == 0:
        return best
    # member 1 of this stream is for many scenarios
    ids: Ints = np.arange(TRIES, dtype=np.int64)
    luck = np.asarray(uniforms(seed, int(Stream.SITING), 1, 0, ids.astype(np.uint64), 1))[:, 0]
    for number in range(TRIES):
        if trader.late():
            break
        site = int(sites[int(luck[number] * sites.size)])
        best = rebuild(trader, best, site, WIDTHS[number % len(WIDTHS)])
    return best
