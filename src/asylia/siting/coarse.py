"""A rougher problem beside a large one: what it teaches about prices and zones is where the large one begins.

Scenarios are merged first, then periods, then settlements that lie alike to their nearest sites. A rough problem proves
nothing about the large one: prices and zones are counted again there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from asylia.model.siting_network import Floats, Ints, SitingNetwork

MANY_WAYS = 60_000
"""Ways from which settlements are merged too."""

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
    """

    network: SitingNetwork
    group: Ints


def rougher(network: SitingNetwork) -> Rough | None:
    """Merge scenarios, periods or settlements, whichever comes first; `None` if the problem is small already."""
    scenarios, periods, settlements = network.shape
    every = np.arange(settlements)
    if scenarios > 1:
        return Rough(network=_one_scenario(network), group=every)
    if periods > 1:
        return Rough(network=_one_period(network), group=every)
    if network.cost.size <= MANY_WAYS:
        return None
    fewer = _fewer_settlements(network)
    return fewer if fewer.network.cost.size < MERGED * network.cost.size else None


def _one_scenario(network: SitingNetwork) -> SitingNetwork:
    """Take the mean over scenarios; consent that is withdrawn in some of them is there."""
    people = np.round(np.tensordot(network.chance, network.people, 1)).astype(np.int64)[None]
    return replace(
        network, people=people, chance=np.ones(1), usable=network.usable.any(axis=0)[None], tail_weight=0.0
    )


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
        allowed=network.allowed.any(axis=1, keepdims=True),
        usable=network.usable.any(axis=2, keepdims=True),
        budget=np.array([network.budget.sum()]),
    )


def _fewer_settlements(network: SitingNetwork) -> Rough:
    """Merge settlements with the same two nearest sites; a way counts if half of their people have it."""
    sites = len(network.site_ids)
    settlements = network.penalty.size
    site = np.repeat(np.arange(sites), np.diff(network.starts))
    order = np.lexsort((network.cost, network.reach))
    first = np.searchsorted(network.reach[order], np.arange(settlements + 1))
    has = np.diff(first)
    near = np.full((settlements, 2), -1)
    near[has > 0, 0] = site[order[first[:-1][has > 0]]]
    near[has > 1, 1] = site[order[first[:-1][has > 1] + 1]]
    kinds, group = np.unique(
        np.column_stack([near, _kinds(network.penalty)]), axis=0, return_inverse=True
    )
    group, count = group.ravel(), len(kinds)
    everybody = network.people.sum(axis=(0, 1)) + 1.0
    crowd = np.bincount(group, everybody, count)
    key = site * count + group[network.reach]
    ways, back = np.unique(key, return_inverse=True)
    weight = everybody[network.reach]
    there = np.bincount(back, weight)
    keep = there >= 0.5 * crowd[ways % count]
    people = np.zeros((*network.people.shape[:2], count), dtype=np.int64)
    np.add.at(people, (slice(None), slice(None), group), network.people)
    rough = replace(
        network,
        settlement_ids=tuple(str(number) for number in range(count)),
        people=people,
        penalty=np.bincount(group, network.penalty * everybody, count) / crowd,
        starts=np.searchsorted(ways[keep] // count, np.arange(sites + 1)).astype(np.int64),
        reach=ways[keep] % count,
        cost=(np.bincount(back, weight * network.cost) / there)[keep],
    )
    return Rough(network=rough, group=group)


def _kinds(penalty: Floats) -> Ints:
    """Number the different penalties, ten kinds at most."""
    edges = np.unique(np.quantile(penalty, np.linspace(0.1, 0.9, 9))) if penalty.size else penalty
    return np.searchsorted(edges, penalty)


def finer_person(rough: Rough, person: Floats, network: SitingNetwork) -> Floats:
    """Give the prices of people in the rough problem to those in the large one: float64 (row, settlement)."""
    scenarios, periods, _ = network.shape
    share = network.chance if scenarios > 1 else np.full(1, 1.0)
    merged = rough.network.people.shape[1]
    spread = person.reshape(merged, -1)[:, rough.group] * merged / periods
    spread = np.broadcast_to(spread, (periods, rough.group.size))
    return (share[:, None, None] * spread[None]).reshape(scenarios * periods, -1)


def finer_paths(rough: Rough, paths: Ints, network: SitingNetwork) -> Ints:
    """Let zones of the rough problem be open in the large one from as soon as they can be built: int64 (site, period)."""
    periods = network.people.shape[1]
    if rough.network.people.shape[1] == periods:
        return paths.copy()
    size = paths[:, 0]
    lead = network.lead[np.arange(size.size), np.maximum(size, 1) - 1]
    open_now = (np.arange(periods)[None, :] >= lead[:, None]) & network.allowed
    return np.where(open_now, size[:, None], 0)
