"""Better plans by trading zones: every plan is counted from nothing, so that no order of moves matters.

What a zone could gain at most is read from the prices of the plan without it, for every site and every way of being
open over the periods; only the best few are counted in full.

Source: Shaw (1998) for closing some neighbours and opening the best in their place (large neighbourhood search).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from asylia.model.siting_network import Floats, Ints, SitingNetwork
from asylia.siting.floor import floors
from asylia.siting.instance import tail_weights
from asylia.siting.price import Prices, best_paths
from asylia.siting.search import Case, fixed_money
from asylia.siting.settle import try_out
from asylia.siting.threshold import site_values

TINY = 1e-9
"""A plan is better if it is better by this share of its value."""

FEW = 3
"""Sites that are counted in full after prices have named the best."""


NEARLY = 1.02
"""A plan that is worse by more than this is not worth trading zones in."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """A plan that was counted.

    Parameters
    ----------
    sizes
        int64 (site, period), 0 for closed.
    value
        Infinite if the budget is passed.
    loss
        float64 (row,).
    price, level
        float64 (row, settlement) and (row, site): cost of one more person, and of one more in a zone beyond the way.
    """

    sizes: Ints
    value: float
    loss: Floats
    price: Floats
    level: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trader:
    """What plans are counted by.

    Parameters
    ----------
    near
        float64 (site, site): settlements that two sites share.
    apart
        Sites that may not be open together with a site.
    late
        Says when to stop.
    """

    network: SitingNetwork
    case: Case
    near: Floats
    apart: list[set[int]]
    late: Callable[[], bool]


def count(trader: Trader, sizes: Ints) -> Trial:
    """Count a plan by its zones alone."""
    network, case = trader.network, trader.case
    loss, each, price, level = try_out(case, sizes)
    money = fixed_money(case, sizes) + (case.chance * each).reshape(-1, case.money.size).sum(axis=0)
    value = np.inf
    if (money <= network.budget).all():
        value = network.money_weight * money.sum() + weighted(network, case, loss)
    return Trial(sizes=sizes, value=float(value), loss=loss, price=price, level=level)


def least_of(trader: Trader, sizes: Ints, like: Trial) -> Trial:
    """Count what a plan costs at least, from the surcharges of a plan much like it."""
    network, case = trader.network, trader.case
    if network.each.any():
        return count(trader, sizes)
    loss, price, level = floors(case, sizes, like.level)
    money = fixed_money(case, sizes)
    value = network.money_weight * money.sum() + weighted(network, case, loss)
    if (money > network.budget).any():
        value = np.inf
    return Trial(sizes=sizes, value=float(value), loss=loss, price=price, level=level)


def weighted(network: SitingNetwork, case: Case, loss: Floats) -> float:
    """Weigh the losses of rows: as the worst scenarios say, or as the rows do if there is no such weight."""
    if network.tail_weight == 0.0:
        return float((case.weight * loss).sum())
    by_scenario = loss.reshape(network.chance.size, -1).sum(axis=1)
    return float((tail_weights(network, by_scenario) * by_scenario).sum())


def shared_settlements(network: SitingNetwork) -> Floats:
    """Count the settlements that two sites share: float64 (site, site)."""
    reached = np.zeros((len(network.site_ids), network.penalty.size), dtype=np.float32)
    site = np.repeat(np.arange(len(network.site_ids)), np.diff(network.starts))
    reached[site, network.reach] = 1.0
    return np.asarray(reached @ reached.T, dtype=np.float64)


def best_addition(
    trader: Trader, trial: Trial, among: Ints, below: float, few: int = FEW, *, exact: bool = True
) -> Trial | None:
    """Open the best of some sites in the best way; `None` if the value does not fall below a limit.

    If it need not be exact, what plans cost at least stands for what they cost.
    """
    opened = np.flatnonzero(trial.sizes.any(axis=1))
    barred = set(opened.tolist()).union(*(trader.apart[k] for k in opened))
    may = np.array([k for k in among if k not in barred], dtype=np.int64)
    if may.size == 0 or opened.size >= trader.network.most_zones:
        return None
    case, found = trader.case, None
    prices = Prices(trial.price, case.weight, case.chance, case.money)
    marks = np.zeros((*case.sizes.capacity.shape, case.people.shape[0]))
    values = site_values(case.arcs, case.sizes, case.people, prices, case.usable, may, marks)
    gain, paths = best_paths(case.sizes, values, case.allowed, case.money, may)
    for at in np.argsort(gain, kind="stable")[:few]:
        if trader.late() or not trial.value + gain[at] < below * (1.0 - TINY):
            break
        sizes = trial.sizes.copy()
        sizes[may[at]] = paths[at]
        one = least_of(trader, sizes, trial)
        if one.value >= below * (1.0 - TINY):
            continue
        one = count(trader, sizes) if exact else one
        if one.value < below * (1.0 - TINY):
            found, below = one, one.value
    return found


def without(trader: Trader, trial: Trial, sites: Ints) -> Trial:
    """Close some sites; what it costs at least."""
    sizes = trial.sizes.copy()
    sizes[sites] = 0
    return least_of(trader, sizes, trial)


def trade_one(trader: Trader, best: Trial, site: int, few: int = FEW) -> Trial:
    """Close a zone, or replace it by the best near it or itself in another way, if that is better."""
    rest = without(trader, best, np.array([site]))
    if rest.value < best.value * (1.0 - TINY):
        closed = count(trader, rest.sizes)
        best = closed if closed.value < best.value else best
    among = np.flatnonzero(trader.near[site] > 0)
    found = best_addition(trader, rest, np.union1d(among, [site]), best.value, few)
    return best if found is None else found


def trade_all(trader: Trader, best: Trial, order: Ints, few: int = FEW) -> Trial:
    """Trade one zone after the other until no trade helps."""
    quiet, every = 0, np.arange(len(trader.apart))
    while quiet < order.size and not trader.late():
        for site in order:
            if quiet >= order.size or trader.late():
                break
            quiet += 1
            if not best.sizes[site].any():
                continue
            after = trade_one(trader, best, int(site), few)
            if after.value < best.value:
                best, quiet = after, 0
        added = best_addition(trader, best, every, best.value, few)
        while added is not None:
            best, quiet = added, 0
            order = np.union1d(order, np.flatnonzero(best.sizes.any(axis=1)))
            added = best_addition(trader, best, every, best.value, few)
        order = np.union1d(order, np.flatnonzero(best.sizes.any(axis=1)))
    return best


def build(trader: Trader, trial: Trial, among: Ints, few: int = 1, *, exact: bool = True) -> Trial:
    """Open the best site again and again for as long as that helps."""
    while not trader.late():
        more = best_addition(trader, trial, among, trial.value, few, exact=exact)
        if more is None:
            break
        trial = more
    return trial


def rebuild(trader: Trader, best: Trial, site: int, width: int, slack: float = 0.0) -> Trial:
    """Close the open zones nearest to a site, open the best in their place, and trade those; the better of the two.

    The nearest of all stays closed, or the same zones would open again. What plans cost at least leads the way, as that
    is many times faster; a plan that may be better is counted.

    Parameters
    ----------
    slack
        Share of its value by which the plan may become worse, if it is another one.
    """
    opened = np.flatnonzero(best.sizes.any(axis=1))
    if opened.size == 0:
        return best
    close = opened[np.argsort(-trader.near[site, opened], kind="stable")[:width]]
    rest = without(trader, best, close)
    among = np.setdiff1d(np.flatnonzero(trader.near[close].any(axis=0)), close[:1])
    made = build(trader, rest, among, 2, exact=False)
    new = np.setdiff1d(np.flatnonzero(made.sizes.any(axis=1)), np.flatnonzero(rest.sizes.any(axis=1)))
    for one in new:
        if trader.late() or made.value > NEARLY * best.value:
            break
        apart = without(trader, made, np.array([one]))
        also = np.setdiff1d(np.union1d(np.flatnonzero(trader.near[one] > 0), [one]), close[:1])
        other = best_addition(trader, apart, also, made.value, 2, exact=False)
        made = made if other is None else other
    limit = best.value * (1.0 - TINY) + slack * abs(best.value)
    if made.value >= limit or (made.sizes == best.sizes).all():
        return best
    made = count(trader, made.sizes)
    return made if made.value < limit else best
