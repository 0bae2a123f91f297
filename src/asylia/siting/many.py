"""Problems of many scenarios and periods: learn prices and zones from a few rows, then go on with all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import process_time

import numpy as np

from asylia.core.draws import Stream, uniforms
from asylia.model.siting_network import Floats, Ints, SitingNetwork
from asylia.siting.bound import Dual, Glide, case_of, first_dual, glide
from asylia.siting.coarse import first_weights
from asylia.siting.instance import tail_weights
from asylia.siting.sample import Sample, sample_rows, sample_scenarios, spread_prices
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

SETTLE = Glide(steps=250, first=1.5, last=0.03, above=0.02)
"""The second climb."""

PARTS = (0.35, 0.5, 0.55)
"""Shares of the time when learning from a few rows ends, when learning from some scenarios ends, and when trades end."""

SCENARIOS = 12
"""Scenarios that are learned from in the end: the worst of a plan, and a few that stand for the others."""

MORE = (
    Glide(steps=60, first=1.0, last=0.3, above=0.03),
    Glide(steps=120, first=0.4, last=0.03, above=0.015),
)
"""The climbs with these scenarios."""

TURNS = 2
"""Rounds of trades with all rows before their prices climb."""

WHOLE = (
    Glide(steps=50, first=1.0, last=0.3, above=0.02),
    Glide(steps=110, first=0.4, last=0.04, above=0.01),
)
"""The climbs with all rows."""

WIDTHS = (2, 3, 4)
"""Zones that are closed at once, one number after the other."""

TRIES = 90
"""Times that some zones are closed and others opened while learning."""

SLACK = 0.004
"""Share of its value by which a plan may become worse on the way, at first."""

TRADES = 6
"""Zones that are traded in a round with all rows."""

REBUILT = 3
"""Of so many zones that are traded with all rows, one is closed with its neighbours and built anew."""

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
    began = process_time()
    ends = [began + share * (until - began) for share in PARTS]
    search = learn(network, (ends[0], ends[1], until), seed)
    for _ in range(TURNS):
        if process_time() < ends[2]:
            trade_some(search, ends[2])
            search.round += 1
    search.cut |= process_time() > ends[2]
    reweigh(search, 1.0)
    for way in WHOLE:
        climb(search, way, until)
    search.round = 0
    while search.round < rounds and process_time() < until:
        if search.plan.value - search.bound <= gap * abs(search.plan.value):
            break
        trade_some(search, until)
        reweigh(search, 0.5)
        pace = max(0.2 * 0.8**search.round, 0.03)
        climb(search, Glide(steps=STEPS, first=pace, last=0.7 * pace, above=0.015), until)
        search.round += 1
    return search


def climb(search: ManyRows, way: Glide, until: float) -> None:
    """Make the prices of all rows better."""
    glide(search.network, search.case, search.dual, way, until)
    search.bound = max(search.bound, search.dual.bound)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesson:
    """A problem of a few rows, and its prices."""

    sample: Sample
    dual: Dual


def learn(network: SitingNetwork, stops: tuple[float, float, float], seed: int) -> ManyRows:
    """Search a problem of a few rows, then one of some scenarios, and take over its prices and its zones.

    Parameters
    ----------
    stops
        Times of the processor at which to go on with some scenarios, to go on with all rows, and to stop.
    """
    weight = first_weights(network)
    lesson = take_lesson(sample_rows(network, weight, GROUPS), None, stops[0])
    trader = trader_of(lesson.sample.network, lesson.sample.case, lambda: process_time() > stops[0])
    plan = first_plan(trader, lesson.dual)
    plan = trade_all(trader, plan, np.flatnonzero(plan.sizes.any(axis=1)))
    plan = wander(trader, plan, seed)
    cut, near = trader.late(), trader.near
    if network.chance.size > SCENARIOS:
        every = trader_of(network, case_of(network, weight), lambda: process_time() > stops[2], near)
        loss = counted(every, plan.sizes).loss.reshape(network.chance.size, -1).sum(axis=1)
        weight = weights_by(network, weight, loss)
        lesson = take_lesson(sample_scenarios(network, weight, loss, SCENARIOS), lesson, stops[1])
        trader = trader_of(lesson.sample.network, lesson.sample.case, lambda: process_time() > stops[1], near)
        plan = counted(trader, plan.sizes)
        plan = trade_all(trader, plan, np.flatnonzero(plan.sizes.any(axis=1)))
    return all_rows(network, weight, lesson, (trader, plan), stops[2], cut=cut or trader.late())


def take_lesson(sample: Sample, before: Lesson | None, stop: float) -> Lesson:
    """Find prices of a few rows, from those of other rows if there are any."""
    dual = first_dual(sample.case)
    if before is not None:
        dual.person = spread_prices(before.sample, before.dual.person, sample.network, sample.case.weight)
        dual.money, dual.average = before.dual.money.copy(), before.dual.average.copy()
        dual.paths = before.dual.paths.copy()
    for way in (CLIMB, SETTLE) if before is None else MORE:
        glide(sample.network, sample.case, dual, way, stop)
    return Lesson(sample=sample, dual=dual)


def all_rows(
    network: SitingNetwork,
    weight: Floats,
    lesson: Lesson,
    made: tuple[Trader, Trial],
    stop: float,
    *,
    cut: bool,
) -> ManyRows:
    """Begin with all rows, from the prices and the zones of a few."""
    case, (trader, plan) = case_of(network, weight), made
    whole = first_dual(case)
    whole.person = spread_prices(lesson.sample, lesson.dual.person, network, case.weight)
    whole.money, whole.average, whole.paths = lesson.dual.money, lesson.dual.average, lesson.dual.paths
    every = trader_of(network, case, lambda: process_time() > stop, trader.near)
    return ManyRows(
        network=network,
        weight=weight,
        case=case,
        dual=whole,
        trader=every,
        plan=counted(every, plan.sizes),
        bound=-np.inf,
        cut=cut,
    )


def counted(trader: Trader, sizes: Ints) -> Trial:
    """Count a plan, or that of no zones if it passes the budget."""
    found = count(trader, sizes)
    return found if np.isfinite(found.value) else count(trader, np.zeros_like(sizes))


def weights_by(network: SitingNetwork, weight: Floats, loss: Floats) -> Floats:
    """Weigh the scenarios as their losses say, or as before if the worst do not count more."""
    return weight if network.tail_weight == 0.0 else tail_weights(network, loss)


def trade_some(search: ManyRows, until: float) -> None:
    """Trade some of the open zones, the next ones in every round, and build a few anew."""
    trader = replace(search.trader, late=lambda: process_time() > until)
    opened = np.flatnonzero(search.plan.sizes.any(axis=1))
    for number in range(min(TRADES, opened.size)):
        site = int(opened[(search.round * TRADES + number) % opened.size])
        if trader.late():
            break
        if search.plan.sizes[site].any():
            search.plan = trade_one(trader, search.plan, site)
            if number % REBUILT == 0:
                width = WIDTHS[(search.round + number) % len(WIDTHS)]
                search.plan = rebuild(trader, search.plan, site, width)


def reweigh(search: ManyRows, share: float) -> None:
    """Weigh the scenarios as the plan says they should be, part of the way; the prices follow."""
    network, old = search.network, search.weight
    if network.tail_weight == 0.0:
        return
    loss = search.plan.loss.reshape(network.chance.size, -1).sum(axis=1)
    search.weight = (1.0 - share) * old + share * weights_by(network, old, loss)
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
    return build(trader, counted(trader, sizes), np.arange(len(network.site_ids)))


def wander(trader: Trader, best: Trial, seed: int) -> Trial:
    """Close some zones and open others near a site drawn by chance, again and again; the best on the way is kept.

    For a while the plan may also become a little worse.
    """
    sites = np.flatnonzero(trader.near.diagonal() > 0)
    if sites.size == 0:
        return best
    # member 1 of this stream is for many scenarios
    ids: Ints = np.arange(TRIES, dtype=np.int64)
    luck = np.asarray(uniforms(seed, int(Stream.SITING), 1, 0, ids.astype(np.uint64), 1))[:, 0]
    plan = best
    for number in range(TRIES):
        if trader.late():
            break
        site, slack = int(sites[int(luck[number] * sites.size)]), SLACK * max(1.0 - 1.5 * number / TRIES, 0.0)
        plan = rebuild(trader, plan, site, WIDTHS[number % len(WIDTHS)], slack)
        if plan.value < best.value:
            best = plan
    return best
