"""A bound that no plan can pass: prices on people (and on money, if there is a budget), made better step by step.

Whatever the prices are, the value of the best plan is at least: the prices of all people, plus what the best choice of
sites is worth when each is filled as if it were alone, less the price of the budget. Prices rise where too few people
find room and fall where sites compete for the same people.

Source: Held, Wolfe, Crowder (1974) for the step; Camerini, Fratta, Maffioli (1975) for going on in the last direction.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from time import process_time

import numpy as np

from asylia.model.siting_network import Floats, Ints, SitingNetwork
from asylia.siting.price import Arcs, Prices, Sizes, best_paths, served
from asylia.siting.search import Case, fixed_money
from asylia.siting.threshold import site_values

KEEP = 0.7
"""Share of the last direction that is kept in the next."""

GLIDE = 0.9
"""The same for a glide, in which steps become shorter whatever comes."""

ALL = 15
"""Steps from one look at all sites to the next; without progress between the two, steps become shorter."""

PROGRESS = 1e-3
"""Share of the distance to the target that counts as progress."""

SHORTER = 0.7
"""How much shorter steps become."""

LIKELY = 2
"""Sites that are looked at, for each one chosen."""

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
    marks
        float64 (site, size, row): thresholds of full zones, to begin with.
    cost
        float64 (site,): what opening each site at least adds at these prices, below 0 if it pays.
    pace
        Length of a step.
    must
        int64 (site,): sites that are open whatever they cost, so that the bound is one for such plans only.
    bonus, given
        float64 (site, size): what zones bring by the prices of rows on crowds, if there are any; and what such rows
        add to the bound.
    """

    person: Floats
    money: Floats
    bound: float
    average: Floats
    paths: Ints
    marks: Floats
    cost: Floats
    pace: float = 1.0
    must: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    bonus: Floats | None = None
    given: float = 0.0


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
        cost=np.full(sites, -np.inf),
        marks=np.zeros((*case.sizes.capacity.shape, case.people.shape[0])),
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


def choose(cost: Floats, groups: Ints, most: int, must: Ints) -> Ints:
    """Choose the sites that lower the value most, one of each group, at most `most`: ascending.

    Parameters
    ----------
    must
        Sites that come first, whatever they cost.
    """
    rank = cost.copy()
    rank[must] = -np.inf
    order = np.argsort(rank, kind="stable")
    order = order[rank[order] < 0.0]
    _, first = np.unique(groups[order], return_index=True)
    return np.sort(order[np.sort(first)[:most]])


def look(network: SitingNetwork, case: Case, dual: Dual, groups: Ints, only: Ints) -> Look:
    """Find the best choice among the sites `only` at given prices."""
    money = case.money + dual.money
    prices = Prices(dual.person, case.weight, case.chance, money)
    values = site_values(case.arcs, case.sizes, case.people, prices, case.usable, only, dual.marks)
    if dual.bonus is not None:
        values -= dual.bonus[only][:, :, None]
    cost, paths = best_paths(case.sizes, values, case.allowed, money, only)
    picked = choose(cost, groups[only], network.most_zones, np.searchsorted(only, dual.must))
    taken, paid = served(case.arcs, case.sizes, case.people, prices, case.usable, only[picked], paths[picked])
    limited = np.isfinite(network.budget)
    budget = np.where(limited, network.budget, 0.0)
    sizes = np.zeros((groups.size, case.money.size), dtype=np.int64)
    sizes[only[picked]] = paths[picked]
    whole = np.full(groups.size, np.inf)
    whole[only] = cost
    # no BLAS: its threads would be counted, and wait for each other
    value = (dual.person * case.people).sum() + cost[picked].sum() - (dual.money * budget).sum() + dual.given
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

    Most steps look at the likeliest sites alone; what they promise counts only once all sites were looked at.

    Parameters
    ----------
    until
        Time of the processor at which to stop in any case.
    """
    walk = _begin_walk(network, case, dual)
    for step in range(steps):
        if step % ALL == 0 and not _check(network, case, dual, walk, target):
            break
        seen = _look_on(network, case, dual, walk)
        if process_time() > until or target <= dual.bound or not _step(dual, walk, seen, target):
            break
    _check(network, case, dual, walk, target)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glide:
    """A climb whose steps become shorter by plan, towards a target a little above the bound.

    Parameters
    ----------
    steps
        How many.
    first, last
        Length of the first and of the last step.
    above
        Share of the bound by which the target is above it.
    """

    steps: int
    first: float
    last: float
    above: float


def glide(network: SitingNetwork, case: Case, dual: Dual, way: Glide, until: float = np.inf) -> None:
    """Make the prices better by plan; changes `dual`. It never goes back, which many rows need.

    Parameters
    ----------
    until
        Time of the processor at which to stop in any case.
    """
    walk = _begin_walk(network, case, dual)
    for step in range(way.steps):
        if step % ALL == 0 and not _check(network, case, dual, walk, None):
            break
        seen = _look_on(network, case, dual, walk)
        dual.pace = way.first * (way.last / way.first) ** (step / way.steps)
        target = dual.bound + way.above * abs(dual.bound)
        if process_time() > until or not _step(dual, walk, seen, target, GLIDE):
            break
    _check(network, case, dual, walk, None)


def _look_on(network: SitingNetwork, case: Case, dual: Dual, walk: _Walk) -> Look:
    """Look at the likeliest sites, and keep what is learned from it."""
    seen = look(network, case, walk.at, walk.groups, walk.only)
    dual.average *= 1.0 - FADE
    dual.average[seen.chosen] += FADE
    dual.paths[seen.chosen] = seen.paths
    if seen.value > walk.best.bound:
        walk.best.bound, walk.best.person, walk.best.money = seen.value, walk.at.person, walk.at.money
    return seen


@dataclass(slots=True, kw_only=True, eq=False)
class _Walk:
    """Where a climb stands: prices now, the best of late, the last direction, and the sites that are looked at.

    `people` are divided by what their row counts, so that prices move alike in heavy and in light rows.
    """

    at: Dual
    best: Dual
    only: Ints
    people: Floats
    top: Floats
    scale: Floats
    way: Floats
    way_money: Floats
    groups: Ints


def _begin_walk(network: SitingNetwork, case: Case, dual: Dual) -> _Walk:
    limited = np.isfinite(network.budget)
    budget = np.where(limited, network.budget, 1.0)
    return _Walk(
        at=replace(dual),
        best=replace(dual, bound=-np.inf),
        only=np.arange(len(network.site_ids)),
        people=np.maximum(case.people, 1) / np.maximum(case.weight, 1e-12)[:, None],
        top=case.penalty * case.weight[:, None],
        scale=float(case.people.sum()) / np.maximum(budget, 1e-9) ** 2,
        way=np.zeros_like(dual.person),
        way_money=np.zeros_like(dual.money),
        groups=cliques_of(network),
    )


def _check(network: SitingNetwork, case: Case, dual: Dual, walk: _Walk, target: float | None) -> bool:
    """Look at all sites with the best prices of late, and choose those to look at next; false if all is settled.

    Without a target the walk goes on from where it is.
    """
    best, before = walk.best, dual.bound
    seen = look(network, case, best, walk.groups, np.arange(len(network.site_ids)))
    best.bound = seen.value
    if seen.value > before:
        dual.bound, dual.person, dual.money = seen.value, best.person, best.money
        dual.cost = seen.cost
    if target is None:
        best.bound = -np.inf
    elif np.isfinite(before) and dual.bound <= before + PROGRESS * abs(target - before):
        dual.pace *= SHORTER
        walk.at.person, walk.at.money = dual.person, dual.money
        best.person, best.money, best.bound = dual.person, dual.money, dual.bound
    count = LIKELY * max(seen.chosen.size, 1) + 10
    walk.only = np.union1d(np.argsort(seen.cost, kind="stable")[:count], dual.must)
    return bool(seen.short.any() or seen.over.any())


def _step(dual: Dual, walk: _Walk, seen: Look, target: float, keep: float = KEEP) -> bool:
    """Take one step; false if there is no direction left."""
    at, people = walk.at, walk.people
    walk.way = seen.short + keep * walk.way
    walk.way_money = seen.over + keep * walk.way_money
    stuck = ((at.person >= walk.top) & (walk.way > 0)) | ((at.person <= 0) & (walk.way < 0))
    norm = np.where(stuck, 0.0, walk.way**2 / people).sum()
    norm += np.where((at.money <= 0) & (walk.way_money < 0), 0.0, walk.way_money**2 * walk.scale).sum()
    if norm <= 0.0:
        return False
    step = dual.pace * max(target - seen.value, 0.0) / norm
    at.person = np.clip(at.person + step * walk.way / people, 0.0, walk.top)
    at.money = np.maximum(at.money + step * walk.way_money * walk.scale, 0.0)
    return True
