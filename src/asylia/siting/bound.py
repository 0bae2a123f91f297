"""A bound that no plan can pass: prices on people (and on money, if there is a budget), made better step by step.

Whatever the prices are, the value of the best plan is at least: the prices of all people, plus what the best choice of
sites is worth when each is filled as if it were alone, less the price of the budget. Prices rise where too few people
find room and fall where sites compete for the same people.

Source: Held, Wolfe, Crowder (1974) for the step; Camerini, Fratta, Maffioli (1975) for going on in the last direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import process_time

import numpy as np

from asylia.model.siting_network import Floats, Ints, SitingNetwork
from asylia.siting.price import Arcs, Prices, Sizes, best_paths, served, site_values
from asylia.siting.search import Case, fixed_money

KEEP = 0.7
"""Share of the last direction that is kept in the next."""

PATIENCE = 12
"""Steps without progress after which steps become shorter."""

FADE = 0.05
"""Weight of the newest choice of sites in the average."""


@dataclass(slots=True, kw_only=True, eq=False)
class Dual:
    """Prices, the bound they give, and what was learned on the way.

    Parameters
    ----------
    person
        float64 (row, settlement).
    money
        float64 (period,): price of the budget.
    bound
        The best so far; `person` and `money` are the prices that gave it.
    average
        float64 (site,): how often a site was chosen of late.
    paths
        int64 (site, period): the way in which a site was last chosen, 0 for closed.
    pace
        Length of a step.
    """

    person: Floats
    money: Floats
    bound: float
    average: Floats
    paths: Ints
    pace: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """What the best choice of sites is at given prices.

    Parameters
    ----------
    value
        The bound.
    short, over
        float64 (row, settlement) and (period,): people without room less people taken twice; money over the budget.
    cost, chosen, paths
        (site,), (chosen,), (chosen, period).
    """

    value: float
    short: Floats
    over: Floats
    cost: Floats
    chosen: Ints
    paths: Ints


def case_of(network: SitingNetwork, weight: Floats) -> Case:
    """Give a network to the kernels, scenarios weighted by `weight` (scenario,)."""
    _, periods, settlements = network.shape
    sites = len(network.site_ids)
    sizes = (network.capacity, network.least, network.opening, network.running, network.each, network.lead)
    return Case(
        arcs=Arcs(network.starts, network.reach, network.cost),
        sizes=Sizes(*sizes),
        people=network.people.reshape(-1, settlements),
        penalty=network.penalty,
        usable=np.ascontiguousarray(network.usable.transpose(0, 2, 1)).reshape(-1, sites),
        allowed=network.allowed,
        chance=np.repeat(network.chance, periods),
        weight=np.repeat(weight, periods),
        money=np.full(periods, network.money_weight),
    )


def first_dual(case: Case) -> Dual:
    """Begin with what it costs to serve a person alone in the cheapest full zone."""
    settlements = case.penalty.size
    offered = case.sizes.capacity > 0
    full = np.maximum(case.sizes.capacity, 1)
    money = case.money.mean()
    alone = money * ((case.sizes.opening / case.money.size + case.sizes.running) / full + case.sizes.each)
    cheapest = np.where(offered, alone, np.inf).min(axis=1)
    found = np.full(settlements, np.inf)
    np.minimum.at(
        found, case.arcs.settlement, case.arcs.cost + np.repeat(cheapest, np.diff(case.arcs.starts))
    )
    person = np.minimum(found, case.penalty) * case.weight[:, None]
    sites = case.allowed.shape[0]
    return Dual(
        person=person,
        money=np.zeros(case.money.size),
        bound=-np.inf,
        average=np.zeros(sites),
        paths=np.zeros((sites, case.money.size), dtype=np.int64),
    )


def cliques_of(network: SitingNetwork) -> Ints:
    """Gather sites of which at most one may be open: int64 (site,), the number of its group."""
    count = len(network.site_ids)
    near: list[set[int]] = [set() for _ in range(count)]
    for one, other in network.apart.tolist():
        near[one].add(other)
        near[other].add(one)
    group = np.full(count, -1)
    for site in range(count):
        if group[site] >= 0:
            continue
        group[site] = site
        members = {site}
        for other in sorted(near[site]):
            if group[other] < 0 and members <= near[other]:
                group[other] = site
                members.add(other)
    return group


def choose(cost: Floats, groups: Ints, most: int) -> Ints:
    """Choose the sites that lower the value most, one of each group, at most `most`: ascending."""
    order = np.argsort(cost, kind="stable")
    order = order[cost[order] < 0.0]
    _, first = np.unique(groups[order], return_index=True)
    return np.sort(order[np.sort(first)[:most]])


def look(network: SitingNetwork, case: Case, dual: Dual, groups: Ints, only: Ints) -> Look:
    """Find the best choice among the sites `only` at given prices."""
    money = case.money + dual.money
    prices = Prices(dual.person, case.weight, case.chance, money)
    values = site_values(case.arcs, case.sizes, case.people, prices, case.usable, only)
    cost, paths = best_paths(case.sizes, values, case.allowed, money, only)
    picked = choose(cost, groups[only], network.most_zones)
    taken, paid = served(case.arcs, case.sizes, case.people, prices, case.usable, only[picked], paths[picked])
    limited = np.isfinite(network.budget)
    budget = np.where(limited, network.budget, 0.0)
    sizes = np.zeros((groups.size, case.money.size), dtype=np.int64)
    sizes[only[picked]] = paths[picked]
    whole = np.full(groups.size, np.inf)
    whole[only] = cost
    # no BLAS: its threads would be counted, and wait for each other
    value = (dual.person * case.people).sum() + cost[picked].sum() - (dual.money * budget).sum()
    return Look(
        value=float(value),
        short=case.people - taken,
        over=np.where(limited, fixed_money(case, sizes) + paid - budget, 0.0),
        cost=whole,
        chosen=only[picked],
        paths=paths[picked],
    )


def ascend(
    network: SitingNetwork, case: Case, dual: Dual, target: float, steps: int, until: float = np.inf
) -> None:
    """Make the prices better, `steps` times, towards a target that a plan has reached; changes `dual`.

    Parameters
    ----------
    until
        Time of the processor at which to stop in any case.
    """
    only = np.arange(len(network.site_ids))
    groups = cliques_of(network)
    total = float(case.people.sum())
    people = np.maximum(case.people, 1) * 1.0
    top = case.penalty * case.weight[:, None]
    scale = total / np.maximum(np.where(np.isfinite(network.budget), network.budget, 1.0), 1e-9) ** 2
    at = Dual(person=dual.person, money=dual.money, bound=0, average=dual.average, paths=dual.paths)
    way, way_money = np.zeros_like(at.person), np.zeros_like(at.money)
    idle = 0
    for _ in range(steps):
        seen = look(network, case, at, groups, only)
        dual.average *= 1.0 - FADE
        dual.average[seen.chosen] += FADE
        dual.paths[seen.chosen] = seen.paths
        idle += 1
        if seen.value > dual.bound:
            idle = 0 if seen.value > dual.bound + 1e-4 * abs(target - dual.bound) else idle
            dual.bound, dual.person, dual.money = seen.value, at.person, at.money
        if idle > PATIENCE:
            dual.pace, idle = dual.pace * 0.7, 0
            at.person, at.money = dual.person, dual.money
        way = seen.short + KEEP * way
        way_money = seen.over + KEEP * way_money
        stuck = ((at.person >= top) & (way > 0)) | ((at.person <= 0) & (way < 0))
        norm = np.where(stuck, 0.0, way**2 / people).sum()
        norm += np.where((at.money <= 0) & (way_money < 0), 0.0, way_money**2 * scale).sum()
        if norm <= 0.0 or target <= dual.bound or process_time() > until:
            break
        step = dual.pace * max(target - seen.value, 0.0) / norm
        at.person = np.clip(at.person + step * way / people, 0.0, top)
        at.money = np.maximum(at.money + step * way_money * scale, 0.0)
