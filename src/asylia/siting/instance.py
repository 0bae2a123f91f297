"""Siting problems of any size: put in order, checked, and plans counted again from the plan alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from asylia.model.siting_network import CLOSED, Flags, Floats, Ints, SitingNetwork, ZonePlan

NONE: Ints = np.empty((0, 2), dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sites:
    """Sites and what zones there would hold and cost: arrays (site, size), or (site,) for one size alone.

    A field left out is 0.
    """

    ids: Sequence[str]
    capacity: Ints
    least: Ints | None = None
    opening: Floats | None = None
    running: Floats | None = None
    each: Floats | None = None
    lead: Ints | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """Ways from settlements to sites, in any order: index of the settlement, of the site, and cost per person."""

    settlement: Ints
    site: Ints
    cost: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limits:
    """What limits a plan; every limit that is left out does not limit.

    Parameters
    ----------
    travel
        Largest cost of a way.
    most_zones, budget, apart, allowed, usable
        As in `SitingNetwork`; `budget` may be one number.
    """

    travel: float = np.inf
    most_zones: int | None = None
    budget: Floats | float = np.inf
    apart: Ints = field(default_factory=lambda: NONE)
    allowed: Flags | None = None
    usable: Flags | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What counts in the value of a plan; as in `SitingNetwork`."""

    money_weight: float = 1.0
    tail_weight: float = 0.0
    tail_share: float = 1.0


def arrange(
    settlement_ids: Sequence[str],
    people: Ints,
    penalty: Floats | float,
    sites: Sites,
    ways: Ways,
    *,
    limits: Limits | None = None,
    worth: Worth | None = None,
    chance: Floats | None = None,
) -> SitingNetwork:
    """Put a siting problem in order, so that the order of its rows does not matter.

    Parameters
    ----------
    settlement_ids
        Names, each once.
    people
        int64 (settlement,), (period, settlement) or (scenario, period, settlement).
    penalty
        Cost of a person unserved in a period: one number or float64 (settlement,).
    sites, ways, limits, worth
        What there is to choose from; see the classes.
    chance
        float64 (scenario,); all the same if left out.

    Raises
    ------
    ValueError
        If a number is negative or not finite, a name is given twice, or the sizes do not fit.
    """
    limits, worth = limits or Limits(), worth or Worth()
    people = np.asarray(people, dtype=np.int64)
    people = people.reshape((1,) * (3 - people.ndim) + people.shape)
    scenarios, periods, count = people.shape
    by_name, by_site = np.argsort(np.array(settlement_ids)), np.argsort(np.array(sites.ids))
    starts, reach, cost = _arcs(ways, limits.travel, by_name, by_site)
    capacity = np.asarray(sites.capacity, dtype=np.int64).reshape(len(sites.ids), -1)
    shape = capacity.shape
    allowed = np.ones((len(sites.ids), periods), bool) if limits.allowed is None else limits.allowed
    usable = np.ones((scenarios, len(sites.ids), periods), bool) if limits.usable is None else limits.usable
    network = SitingNetwork(
        settlement_ids=tuple(np.array(settlement_ids)[by_name].tolist()),
        site_ids=tuple(np.array(sites.ids)[by_site].tolist()),
        people=np.ascontiguousarray(people[:, :, by_name]),
        chance=np.full(scenarios, 1.0 / scenarios) if chance is None else np.asarray(chance, float),
        penalty=np.broadcast_to(np.asarray(penalty, float), (count,))[by_name].copy(),
        starts=starts,
        reach=reach,
        cost=cost,
        capacity=capacity[by_site],
        least=_whole(sites.least, shape)[by_site],
        opening=_real(sites.opening, shape)[by_site],
        running=_real(sites.running, shape)[by_site],
        each=_real(sites.each, shape)[by_site],
        lead=_whole(sites.lead, shape)[by_site],
        allowed=np.ascontiguousarray(np.asarray(allowed, bool)[by_site]),
        usable=np.ascontiguousarray(np.asarray(usable, bool)[:, by_site]),
        budget=np.broadcast_to(np.asarray(limits.budget, float), (periods,)).copy(),
        most_zones=len(sites.ids) if limits.most_zones is None else min(limits.most_zones, len(sites.ids)),
        apart=_pairs(limits.apart, by_site),
        money_weight=worth.money_weight,
        tail_weight=worth.tail_weight,
        tail_share=worth.tail_share,
    )
    _check(network)
    return network


def _arcs(ways: Ways, travel: float, by_name: Ints, by_site: Ints) -> tuple[Ints, Ints, Floats]:
    """Put the ways within reach in order of site, then settlement."""
    cost = np.asarray(ways.cost, float)
    near = cost <= travel
    settlement = np.argsort(by_name)[np.asarray(ways.settlement)[near]]
    site = np.argsort(by_site)[np.asarray(ways.site)[near]]
    order = np.lexsort((cost[near], settlement, site))
    starts = np.searchsorted(site[order], np.arange(by_site.size + 1))
    return starts.astype(np.int64), settlement[order].astype(np.int64), cost[near][order]


def _real(array: Floats | None, shape: tuple[int, ...]) -> Floats:
    """Spread what was given over sites and sizes; 0 if nothing was."""
    given = np.zeros(shape) if array is None else np.asarray(array, dtype=np.float64)
    return np.broadcast_to(given.reshape(shape[0], -1), shape).copy()


def _whole(array: Ints | None, shape: tuple[int, ...]) -> Ints:
    given = np.zeros(shape, dtype=np.int64) if array is None else np.asarray(array, dtype=np.int64)
    return np.broadcast_to(given.reshape(shape[0], -1), shape).copy()


def _pairs(apart: Ints, by_site: Ints) -> Ints:
    """Put pairs of sites in order, each once."""
    if len(apart) == 0:
        return NONE
    return np.unique(np.sort(np.argsort(by_site)[np.asarray(apart, dtype=np.int64)], axis=1), axis=0)


def _check(network: SitingNetwork) -> None:
    """Refuse what cannot be a siting problem."""
    for name in ("settlement_ids", "site_ids"):
        ids = getattr(network, name)
        if len(set(ids)) < len(ids):
            raise ValueError(f"{name}: a name is given twice.")
    for name in ("people", "chance", "penalty", "cost", "capacity", "opening", "running", "each", "lead"):
        array = getattr(network, name)
        if not np.isfinite(array).all() or (array < 0).any():
            raise ValueError(f"{name}: every number must be 0 or more, and finite.")
    if (network.least > network.capacity).any() or (network.least < 0).any():
        raise ValueError("least: the fewest people in a zone must be from 0 to its capacity.")
    if not 0.0 < network.tail_share <= 1.0 or not 0.0 <= network.tail_weight <= 1.0:
        raise ValueError("tail_share must be above 0 and at most 1, tail_weight from 0 to 1.")
    if abs(network.chance.sum() - 1.0) > 1e-9:
        raise ValueError("chance: the chances of the scenarios must sum to 1.")


def pairs_apart(distance: Floats, *, closest: float = 0.0, farthest: float = np.inf) -> Ints:
    """Find pairs of sites that are nearer than `closest` or farther than `farthest`: int64 (pair, 2).

    Parameters
    ----------
    distance
        float64 (site, site).
    """
    wrong = (distance < closest) | (distance > farthest)
    first, second = np.nonzero(np.triu(wrong, 1))
    return np.stack([first, second], axis=1).astype(np.int64)


def tail_weights(network: SitingNetwork, loss: Floats) -> Floats:
    """Weigh scenarios so that the weighted sum of their losses is the value of a plan: float64 (scenario,).

    Source: Rockafellar and Uryasev (2000), the mean of the worst share in its dual form.
    """
    left = 1.0
    worst = np.zeros(loss.size)
    for scenario in np.argsort(-loss, kind="stable"):
        worst[scenario] = min(network.chance[scenario] / network.tail_share, left)
        left -= worst[scenario]
    return (1.0 - network.tail_weight) * network.chance + network.tail_weight * worst


def fixed_money(network: SitingNetwork, sizes: Ints) -> Floats:
    """Count what opening and running zones costs: float64 (period,).

    Raises
    ------
    ValueError
        If a zone opens before it could be built.
    """
    money = np.zeros(sizes.shape[1])
    before = np.full(sizes.shape[0], CLOSED)
    for period in range(sizes.shape[1]):
        for site in np.flatnonzero(sizes[:, period] != CLOSED):
            size = sizes[site, period]
            money[period] += network.running[site, size]
            if size != before[site]:
                paid = period - network.lead[site, size]
                if paid < 0:
                    raise ValueError(f"The zone at {network.site_ids[site]} opens before it could be built.")
                money[paid] += network.opening[site, size]
        before = sizes[:, period]
    return money


def count_again(network: SitingNetwork, plan: ZonePlan) -> tuple[float, Floats, Floats]:
    """Count a plan from the plan alone: value, money float64 (period,), losses float64 (scenario,).

    Raises
    ------
    ValueError
        If the plan breaks a limit; the message says which.
    """
    site = np.repeat(np.arange(len(network.site_ids)), np.diff(network.starts))
    unserved = network.people.copy()
    held = np.zeros((*plan.people.shape[:2], len(network.site_ids)), dtype=np.int64)
    for scenario, period in np.ndindex(*plan.people.shape[:2]):
        np.subtract.at(unserved[scenario, period], network.reach, plan.people[scenario, period])
        np.add.at(held[scenario, period], site, plan.people[scenario, period])
    money = fixed_money(network, plan.sizes) + _people_money(network, plan, held)
    _keeps_limits(network, plan, (unserved, held, money))
    loss = (plan.people @ network.cost + unserved @ network.penalty).sum(axis=1)
    value = network.money_weight * money.sum() + tail_weights(network, loss) @ loss
    return float(value), money, loss


def _people_money(network: SitingNetwork, plan: ZonePlan, held: Ints) -> Floats:
    money = np.zeros(plan.sizes.shape[1])
    for site, period in np.argwhere(plan.sizes != CLOSED):
        mean = network.chance @ held[:, period, site]
        money[period] += mean * network.each[site, plan.sizes[site, period]]
    return money


def _keeps_limits(network: SitingNetwork, plan: ZonePlan, counted: tuple[Ints, Ints, Floats]) -> None:
    unserved, held, money = counted
    here = np.arange(len(network.site_ids))[:, None]
    shut = plan.sizes == CLOSED
    room = np.where(shut, 0, network.capacity[here, plan.sizes]).T * network.usable.transpose(0, 2, 1)
    least = np.where(shut, 0, network.least[here, plan.sizes]).T * network.usable.transpose(0, 2, 1)
    ever = ~shut.all(axis=1)
    broken = {
        "people on a way are below 0": (plan.people < 0).any(),
        "more people leave a settlement than are there": (unserved < 0).any(),
        "a zone holds more than it can": (held > room).any(),
        "a zone holds fewer than it must": (held < least).any(),
        "a zone is open where none is allowed": (~shut & ~network.allowed).any(),
        "there are more zones than allowed": int(ever.sum()) > network.most_zones,
        "two zones must not both be open": ever[network.apart].all(axis=1).any(),
        "the budget is passed": (money > network.budget * (1 + 1e-9) + 1e-6).any(),
    }
    found = [what for what, is_so in broken.items() if is_so]
    if found:
        raise ValueError(f"This plan breaks a limit: {'; '.join(found)}.")
