"""Prices on people and on crowds together: the climb goes on from prices on people alone, to a higher bound.

Every so often the rows that the mean of the last steps breaks most are added, each with a price that begins at 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import process_time

import numpy as np

from asylia.model.siting_network import Floats, Ints, SitingNetwork
from asylia.siting.bound import GLIDE, LIKELY, Dual, Glide, choose, cliques_of
from asylia.siting.crowd import (
    Crowds,
    Settlers,
    charge,
    flows,
    helped,
    missing,
    no_crowds,
    put_away,
    settlers_of,
    spread,
    within,
)
from asylia.siting.crowd_find import Crowd, Mean, find_crowds, write_rows
from asylia.siting.price import Prices, best_paths
from asylia.siting.search import Case
from asylia.siting.threshold import site_values

ALL = 15
"""Steps from one look at all sites to the next."""

EVERY = 60
"""Steps from which a mean is taken, and after which rows are added."""

LAST = 0.8
"""Share of a climb after which no rows are added."""

MARGIN = 0.3
"""Ways that cost more than a person's price by this share stay out of rows: nobody would go there."""


@dataclass(slots=True, kw_only=True, eq=False)
class Sharp:
    """Prices on people and crowds, the bound they give, and what the last steps looked like.

    Parameters
    ----------
    case
        The problem, ways charged with the prices of rows.
    cost
        float64 (way,): ways without such charges.
    dual
        Prices on people and the bound; `dual.bonus` is what the prices of rows give to sites and sizes.
    crowds, found
        The rows, and the crowds that they are about.
    price
        float64 (crowd,): prices of rows that gave the bound.
    mean
        What sites and ways did in the last steps of a climb.
    flow, charged
        Space to work in: people on each way, 0 between steps; and the prices of rows that ways are charged with.
    start
        float64 (crowd,): prices of rows with which the next climb begins, if not those that gave the bound.
    steps
        How many steps the mean is of.
    """

    network: SitingNetwork
    case: Case
    cost: Floats
    dual: Dual
    crowds: Crowds
    found: list[Crowd]
    price: Floats
    mean: Mean
    settlers: Settlers
    groups: Ints
    flow: Floats
    charged: Floats
    start: Floats | None = None
    steps: int = 0


@dataclass(slots=True, kw_only=True, eq=False)
class _Walk:
    """Where a climb stands: prices now, the best of late with what they promise, and the last direction."""

    person: Floats
    price: Floats
    best: tuple[float, Floats, Floats]
    only: Ints
    way: Floats
    way_price: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seen:
    """What the best choice of sites is at given prices; `short` and `lack` are people missing, in places and in rows."""

    value: float
    cost: Floats
    chosen: Ints
    sizes: Ints
    short: Floats
    lack: Floats


def sharp_of(network: SitingNetwork, case: Case, dual: Dual) -> Sharp:
    """Begin with prices on people alone; for one period of one scenario."""
    cost = case.arcs.cost
    own = case._replace(arcs=case.arcs._replace(cost=cost.copy()))
    return Sharp(
        network=network,
        case=own,
        cost=cost,
        dual=replace(dual, average=dual.average.copy(), paths=dual.paths.copy(), marks=dual.marks.copy()),
        crowds=no_crowds(*case.sizes.capacity.shape),
        found=[],
        price=np.zeros(0),
        mean=Mean(
            np.zeros(case.sizes.capacity.shape),
            np.zeros(cost.size),
            np.ones(case.allowed.shape[0], dtype=np.bool_),
        ),
        settlers=settlers_of(case.arcs, case.penalty.size),
        groups=cliques_of(network),
        flow=np.zeros(cost.size),
        charged=np.zeros(0),
    )


def add_crowds(sharp: Sharp, person: Floats) -> int:
    """Add the rows that the mean of the last steps breaks; returns how many.

    Parameters
    ----------
    person
        float64 (1, settlement): prices now, which say what ways may be used at all.
    """
    case = sharp.case
    price = person[0] / case.weight[0]
    arcs = case.arcs._replace(cost=sharp.cost)
    found = find_crowds(arcs, sharp.settlers, case.people[0], case.sizes.capacity, sharp.mean, price)
    take_on(sharp, found, np.zeros(len(found)), price)
    return len(found)


def take_on(sharp: Sharp, found: Sequence[Crowd], price: Floats, person: Floats) -> None:
    """Write rows for some crowds beside those there are, with prices to begin with; `person` as in `write_rows`."""
    case, old = sharp.case, sharp.crowds
    arcs = case.arcs._replace(cost=sharp.cost)
    new = write_rows(arcs, sharp.settlers, case.people[0], case.sizes.capacity, person, found, MARGIN)
    sharp.crowds = Crowds(
        starts=np.concatenate([old.starts, old.starts[-1] + new.starts[1:]]),
        ways=np.concatenate([old.ways, new.ways]),
        gain=np.concatenate([old.gain, new.gain]),
        need=np.concatenate([old.need, new.need]),
        people=np.concatenate([old.people, new.people]),
        places=np.concatenate([old.places, old.places[-1] + new.places[1:]]),
        members=np.concatenate([old.members, new.members]),
    )
    sharp.found += found
    sharp.price = np.concatenate([sharp.price, price])
    sharp.charged = np.concatenate([sharp.charged, np.zeros(price.size)])


def _drop(sharp: Sharp, price: Floats) -> None:
    """Leave out the rows without a price, where the bound is and where the climb ended."""
    keep, old = np.flatnonzero((sharp.price > 0.0) | (price > 0.0)), sharp.crowds
    ways = [old.ways[old.starts[row] : old.starts[row + 1]] for row in keep]
    members = [old.members[old.places[row] : old.places[row + 1]] for row in keep]
    sharp.crowds = Crowds(
        starts=np.cumsum([0, *(part.size for part in ways)]).astype(np.int64),
        ways=np.concatenate([np.zeros(0, dtype=np.int64), *ways]),
        gain=np.ascontiguousarray(old.gain[keep]),
        need=old.need[keep],
        people=old.people[keep],
        places=np.cumsum([0, *(part.size for part in members)]).astype(np.int64),
        members=np.concatenate([np.zeros(0, dtype=np.int64), *members]),
    )
    sharp.found = [sharp.found[row] for row in keep]
    sharp.price, sharp.charged = sharp.price[keep], sharp.charged[keep]


def set_prices(sharp: Sharp, price: Floats, *, anew: bool = True) -> None:
    """Charge the ways and favour the sites by prices of rows.

    Parameters
    ----------
    anew
        Whether charges are counted from nothing, as a bound needs; else the difference is added, which is quicker.
    """
    cost = sharp.case.arcs.cost
    if anew:
        cost[:] = sharp.cost
    charge(cost, sharp.crowds, (price if anew else price - sharp.charged) / sharp.case.weight[0])
    sharp.charged = price
    sharp.dual.bonus = helped(sharp.crowds, price)
    sharp.dual.given = float((price * (sharp.crowds.need - sharp.crowds.people)).sum())


def climb_on(sharp: Sharp, way: Glide, until: float) -> None:
    """Make the prices better, in steps that become shorter by plan, and add rows on the way; changes `sharp`."""
    walk = _begin(sharp)
    for step in range(way.steps):
        if step % EVERY == 0 and step <= LAST * way.steps:
            if step > 0:
                _add_now(sharp, walk)
            _forget(sharp)
        if step % ALL == 0 and not _check(sharp, walk):
            break
        set_prices(sharp, walk.price, anew=False)
        seen = _look(sharp, walk.person, walk.only)
        _keep(sharp, walk, seen)
        pace = way.first * (way.last / way.first) ** (step / way.steps)
        target = sharp.dual.bound + way.above * abs(sharp.dual.bound)
        if process_time() > until or not _step(sharp, walk, seen, pace * max(target - seen.value, 0.0)):
            break
    _check(sharp, walk)
    sharp.mean.flow[:] /= max(sharp.steps, 1)
    sharp.mean.opened[:] /= max(sharp.steps, 1)
    sharp.dual.average = sharp.mean.opened.sum(axis=1)
    set_prices(sharp, sharp.price)
    _drop(sharp, walk.price)


def _add_now(sharp: Sharp, walk: _Walk) -> None:
    """Add the rows that the mean of the last steps breaks, with prices that begin at 0."""
    sharp.mean.flow[:] /= max(sharp.steps, 1)
    sharp.mean.opened[:] /= max(sharp.steps, 1)
    new = np.zeros(add_crowds(sharp, walk.person))
    walk.price = np.concatenate([walk.price, new])
    walk.way_price = np.concatenate([walk.way_price, new])
    value, person, price = walk.best
    walk.best = (value, person, np.concatenate([price, new]))


def _forget(sharp: Sharp) -> None:
    """Begin the mean anew: early steps of a climb are far from where it ends."""
    sharp.mean.flow[:], sharp.mean.opened[:], sharp.steps = 0.0, 0.0, 0


def _begin(sharp: Sharp) -> _Walk:
    person, price = sharp.dual.person, sharp.price
    if sharp.start is not None:
        # people's prices rise with those of their rows
        along = spread(sharp.crowds, sharp.start, person.shape[1])
        top = sharp.case.penalty * sharp.case.weight[0]
        person, price, sharp.start = np.minimum(person + along, top), sharp.start, None
    return _Walk(
        person=person,
        price=price,
        best=(-np.inf, person, price),
        only=np.arange(sharp.groups.size),
        way=np.zeros_like(person),
        way_price=np.zeros_like(price),
    )


def _look(sharp: Sharp, person: Floats, only: Ints) -> _Seen:
    """Find the best choice among some sites at these prices, and add it to the mean."""
    case, dual, network = sharp.case, sharp.dual, sharp.network
    money = case.money + dual.money
    prices = Prices(person, case.weight, case.chance, money)
    values = site_values(case.arcs, case.sizes, case.people, prices, case.usable, only, dual.marks)
    if dual.bonus is not None:
        values -= dual.bonus[only][:, :, None]
    cost, paths = best_paths(case.sizes, values, case.allowed, money, only)
    picked = choose(cost, sharp.groups[only], network.most_zones, np.searchsorted(only, dual.must))
    chosen, sizes = only[picked], paths[picked, 0]
    taken = flows(case.arcs, case.sizes, case.people[0], prices, case.usable[0], chosen, sizes, sharp.flow)
    lack = missing(sharp.crowds, sharp.flow, chosen, sizes)
    budget = np.where(np.isfinite(network.budget), network.budget, 0.0)
    value = (person * case.people).sum() + cost[picked].sum() + dual.given - (dual.money * budget).sum()
    whole = np.full(sharp.groups.size, np.inf)
    whole[only] = cost
    put_away(case.arcs.starts, sharp.flow, chosen, sharp.mean.flow)
    sharp.mean.opened[chosen, sizes - 1] += 1.0
    sharp.steps += 1
    return _Seen(
        value=float(value), cost=whole, chosen=chosen, sizes=sizes, short=case.people - taken, lack=lack
    )


def _keep(sharp: Sharp, walk: _Walk, seen: _Seen) -> None:
    """Keep what a step has shown."""
    sharp.dual.paths[seen.chosen, 0] = seen.sizes
    if seen.value > walk.best[0]:
        walk.best = (seen.value, walk.person, walk.price)


def _check(sharp: Sharp, walk: _Walk) -> bool:
    """Look at all sites with the best prices of late, and choose those to look at next; false if all is settled."""
    _, person, price = walk.best
    set_prices(sharp, price)
    seen = _look(sharp, person, np.arange(sharp.groups.size))
    if seen.value > sharp.dual.bound:
        sharp.dual.bound, sharp.dual.person, sharp.price = seen.value, person, price
        sharp.dual.cost = seen.cost
    walk.best = (-np.inf, person, price)
    count = LIKELY * max(seen.chosen.size, 1) + 10
    walk.only = np.union1d(np.argsort(seen.cost, kind="stable")[:count], sharp.dual.must)
    sharp.mean.likely[:] = False
    sharp.mean.likely[walk.only] = True
    return bool(seen.short.any() or (seen.lack > 0.0).any() or ((seen.lack < 0.0) & (price > 0.0)).any())


def _step(sharp: Sharp, walk: _Walk, seen: _Seen, length: float) -> bool:
    """Take one step; false if there is no direction left."""
    case = sharp.case
    people = np.maximum(case.people, 1) / case.weight[0]
    crowd = sharp.crowds.people / case.weight[0]
    top = case.penalty * case.weight[0]
    # as the price of a row rises, its people's prices rise as much, so that they stay where they are
    walk.way = seen.short + GLIDE * walk.way
    walk.way_price = seen.lack + within(sharp.crowds, seen.short[0]) + GLIDE * walk.way_price
    stuck = ((walk.person >= top) & (walk.way > 0)) | ((walk.person <= 0) & (walk.way < 0))
    norm = np.where(stuck, 0.0, walk.way**2 / people).sum()
    idle = (walk.price <= 0.0) & (walk.way_price < 0.0)
    norm += np.where(idle, 0.0, walk.way_price**2 / crowd).sum()
    if norm <= 0.0:
        return False
    price = np.maximum(walk.price + length / norm * walk.way_price / crowd, 0.0)
    along = spread(sharp.crowds, price - walk.price, case.penalty.size)
    walk.person = np.clip(walk.person + length / norm * walk.way / people + along, 0.0, top)
    walk.price = price
    return True
