"""A rougher problem beside a large one: what it teaches about prices and zones is where the large one begins.

Scenarios are merged first, then periods, then settlements that lie alike to their nearest sites. A rough problem proves
nothing about the large one: prices and zones are counted again there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from asylia.model.siting_network import Floats, Ints, SitingNetwork
from asylia.siting.instance import tail_weights

MANY_WAYS = 60_000
"""Ways from which settlements are merged too."""

FEW = 5
"""Scenarios that many are merged into."""

MERGED = 0.7
"""Ways that may be left for merging settlements to be worth while."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rough:
    """A rougher problem and how its settlements, periods and scenarios stand for those of the large one.

    Parameters
    ----------
    network
        The rough problem.
    group
        int64 (settlement,): the rough settlement that each one is a part of.
    scenario
        int64 (scenario,): the rough scenario that each one is a part of.
    """

    network: SitingNetwork
    group: Ints
    scenario: Ints


def rougher(network: SitingNetwork) -> Rough | None:
    """Merge scenarios, periods or settlements, whichever comes first; `None` if the problem is small already."""
    scenarios, periods, settlements = network.shape
    every, same = np.arange(settlements), np.arange(scenarios)
    if scenarios > 1:
        merged, of = _fewer_scenarios(network, FEW if scenarios > FEW else 1)
        return Rough(network=merged, group=every, scenario=of)
    if periods > 1:
        return Rough(network=_one_period(network), group=every, scenario=same)
    if network.cost.size <= MANY_WAYS:
        return None
    for alike in (2, 1):
        fewer = _fewer_settlements(network, alike)
        if fewer.network.cost.size < MERGED * network.cost.size:
            return fewer
    return None


def first_weights(network: SitingNetwork) -> Floats:
    """Weigh scenarios as if their losses grew with their people: float64 (scenario,)."""
    return tail_weights(network, network.people.sum(axis=(1, 2)).astype(np.float64))


def _fewer_scenarios(network: SitingNetwork, count: int) -> tuple[SitingNetwork, Ints]:
    """Merge scenarios with about as many people; consent that is withdrawn in some of them is there."""
    scenarios = network.chance.size
    order = np.argsort(network.people.sum(axis=(1, 2)), kind="stable")
    of = np.empty(scenarios, dtype=np.int64)
    of[order] = np.arange(scenarios) * count // scenarios
    weight = first_weights(network) if count == 1 else network.chance
    total = np.bincount(of, weight, count)
    people = np.stack(
        [np.tensordot(weight[of == one] / total[one], network.people[of == one], 1) for one in range(count)]
    )
    fewer = replace(
        network,
        people=np.round(people).astype(np.int64),
        chance=np.bincount(of, network.chance, count).astype(np.float64),
        usable=np.stack([network.usable[of == one].any(axis=0) for one in range(count)]),
        tail_weight=network.tail_weight if count > 1 else 0.0,
    )
    return fewer, of


def _one_period(network: SitingNetwork) -> SitingNetwork:
    """Take the mean over periods for all of them: what is open at all stays open."""
    periods = network.people.shape[1]
    return replace(
        network,
        people=np.round(network.people.mean(axis=1, keepdims=True)).astype(np.int64),
        penalty=network.penalty * periods,
        cost=network.cost * periods,
        opening=network.opening + periods * network.running,
        running=np.zeros_like(network.running),
        each=network.each * periods,
        lead=np.zeros_like(network.lead),
        allowed=np.asarray(network.allowed.any(axis=1, keepdims=True)),
        usable=np.asarray(network.usable.any(axis=2, keepdims=True)),
        budget=np.array([network.budget.sum()]),
    )


def _fewer_settlements(network: SitingNetwork, alike: int) -> Rough:
    """Merge settlements with the same nearest sites, `alike` of them; a way counts if half of their people have it."""
    sites = len(network.site_ids)
    settlements = network.penalty.size
    site = np.repeat(np.arange(sites), np.diff(network.starts))
    order = np.lexsort((network.cost, network.reach))
    first = np.searchsorted(network.reach[order], np.arange(settlements + 1))
    has = np.diff(first)
    near = np.full((settlements, 2), -1)
    near[has > 0, 0] = site[order[first[:-1][has > 0]]]
    if alike > 1:
        near[has > 1, 1] = site[order[first[:-1][has > 1] + 1]]
    kinds, group = np.unique(np.column_stack([near, _kinds(network.penalty)]), axis=0, return_inverse=True)
    group, count = group.ravel(), len(kinds)
    everybody = network.people.sum(axis=(0, 1)) + 1.0
    crowd = np.bincount(group, everybody, count)
    key = site * count + group[network.reach]
    ways, back = np.unique(key, return_inverse=True)
    weight = everybody[network.reach]
    there = np.bincount(back, weight)
    keep = there >= 0.5 * crowd[ways % count]
    people = np.zeros((*network.people.shape[:2], count), dtype=np.int64)
    for scenario, period in np.ndindex(*network.people.shape[:2]):
        np.add.at(people[scenario, period], group, network.people[scenario, period])
    rough = replace(
        network,
        settlement_ids=tuple(str(number) for number in range(count)),
        people=people,
        penalty=np.bincount(group, network.penalty * everybody, count) / crowd,
        starts=np.searchsorted(ways[keep] // count, np.arange(sites + 1)).astype(np.int64),
        reach=ways[keep] % count,
        cost=(np.bincount(back, weight * network.cost) / there)[keep],
    )
    return Rough(network=rough, group=group, scenario=np.arange(network.chance.size))


def _kinds(penalty: Floats) -> Ints:
    """Give a number to each kind of penalty, ten at most."""
    edges = np.unique(np.quantile(penalty, np.linspace(0.1, 0.9, 9))) if penalty.size else penalty
    return np.searchsorted(edges, penalty)


def finer_weights(rough: Rough, weight: Floats, network: SitingNetwork) -> Floats:
    """Give the weights of rough scenarios to those of the large problem: float64 (scenario,)."""
    if rough.network.chance.size == 1:
        return first_weights(network)
    shared: Floats = weight[rough.scenario] * network.chance / rough.network.chance[rough.scenario]
    return shared


def finer_person(
    rough: Rough, person: Floats, weight: tuple[Floats, Floats], network: SitingNetwork
) -> Floats:
    """Give the prices of people in the rough problem to those in the large one: float64 (row, settlement).

    Parameters
    ----------
    weight
        What scenarios count in the rough problem and in the large one.
    """
    scenarios, periods, _ = network.shape
    merged = rough.network.people.shape[1]
    share = weight[1] / np.maximum(weight[0][rough.scenario], 1e-12)
    spread = person.reshape(-1, merged, person.shape[1])[rough.scenario][:, :, rough.group] * merged / periods
    spread = np.broadcast_to(spread, (scenarios, periods, rough.group.size))
    return np.asarray(share[:, None, None] * spread).reshape(scenarios * periods, -1)


def beside_mean(rough: Rough, prices: Floats, network: SitingNetwork) -> Floats:
    """Tell how far prices are from their mean over what was merged: float64 (row, settlement), as the prices."""
    scenarios, periods, settlements = network.shape
    merged = rough.network.people.shape[1]
    period = np.arange(periods) * merged // periods
    row = (rough.scenario[:, None] * merged + period).ravel()
    count = rough.network.penalty.size
    cell = (row[:, None] * count + rough.group).ravel()
    people = network.people.reshape(-1).astype(np.float64) + 1e-9
    total = np.bincount(cell, people * prices.ravel()) / np.maximum(np.bincount(cell, people), 1e-12)
    apart: Floats = prices - total[cell].reshape(scenarios * periods, settlements)
    return apart


def finer_paths(rough: Rough, paths: Ints, network: SitingNetwork) -> Ints:
    """Let zones of the rough problem be open in the large one from as soon as they can be built: int64 (site, period)."""
    periods = network.people.shape[1]
    if rough.network.people.shape[1] == periods:
        return paths.copy()
    size = paths[:, 0]
    lead = network.lead[np.arange(size.size), np.maximum(size, 1) - 1]
    open_now = (np.arange(periods)[None, :] >= lead[:, None]) & network.allowed
    return np.where(open_now, size[:, None], 0)
