"""Crowds that a mean over price steps serves with parts of zones: where a row on whole zones would raise the bound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit

from asylia.siting.crowd import Crowds, Settlers, gain_of
from asylia.siting.price import Arcs, Flags, Floats, Ints

PART = (0.03, 0.97)
"""A zone is open in part if its share is between these."""

PARTNERS = 2
"""Zones beside one that is open in part whose people are looked at."""

COVERED = (0.3, 0.5, 0.7)
"""Share of a settlement's people at the zones that are looked at from which it belongs to their crowd."""

BROKEN = 0.005
"""Share of a crowd by which a row must be broken to be kept."""


class Mean(NamedTuple):
    """Mean of the zones and flows of many price steps.

    Parameters
    ----------
    opened
        float64 (site, size).
    flow
        float64 (way,).
    likely
        bool (site,): sites that may be open at these prices.
    """

    opened: Floats
    flow: Floats
    likely: Flags


class Crowd(NamedTuple):
    """A crowd that was found.

    Parameters
    ----------
    member, inside
        bool (settlement,) and (site,): its settlements, and the sites that its row is about.
    size
        People in a step.
    broken
        By how many people the row is broken.
    """

    member: Flags
    inside: Flags
    size: int
    broken: float


class Reached(NamedTuple):
    """A crowd as the sites see it: people in reach, people now there, and people who would come at these prices.

    int64, float64 and int64 (site,).
    """

    people: Ints
    now: Floats
    come: Ints


@njit(cache=True)
def reached(
    arcs: Arcs, settlers: Settlers, people: Ints, member: Flags, mean: Mean, price: Floats
) -> Reached:
    """Count a crowd at every site; to sites that are not likely nobody would come."""
    sites = arcs.starts.size - 1
    found = Reached(np.zeros(sites, np.int64), np.zeros(sites), np.zeros(sites, np.int64))
    for settlement in range(member.size):
        if not member[settlement]:
            continue
        for at in range(settlers.first[settlement], settlers.first[settlement + 1]):
            way, site = settlers.way[at], settlers.site[at]
            found.people[site] += people[settlement]
            found.now[site] += mean.flow[way]
            if mean.likely[site] and arcs.cost[way] < price[settlement]:
                found.come[site] += people[settlement]
    return found


@njit(cache=True)
def belongs(reach: Reached, capacity: Ints, opened: Floats, site: int, step: tuple[int, int]) -> bool:
    """Whether a row becomes stronger if a site belongs to it.

    Parameters
    ----------
    step
        People in a step, and those left over.
    """
    if reach.people[site] == 0:
        return False
    counted, used, largest = 0.0, 0.0, 0
    for size in range(capacity.shape[1]):
        counted += opened[site, size] * gain_of(
            min(capacity[site, size], reach.people[site]), step[0], step[1]
        )
        used += opened[site, size]
        largest = max(largest, capacity[site, size])
    if used > 1e-9:
        return bool(counted < reach.now[site])
    # a zone that is not open belongs if it would take more of the crowd than it counts
    return bool(min(largest, reach.come[site]) > gain_of(min(largest, reach.people[site]), step[0], step[1]))


@njit(cache=True)
def broken_by(reach: Reached, capacity: Ints, opened: Floats, crowd: int, size: int) -> float:
    """By how many people the row of a crowd is broken if it is counted in steps of a size."""
    left = crowd % size
    if size > crowd or left == 0:
        return 0.0
    short = float(left * (crowd // size + 1) - crowd)
    for site in range(reach.now.size):
        if reach.now[site] > 0.0 and belongs(reach, capacity, opened, site, (size, left)):
            short += reach.now[site]
            for one in range(capacity.shape[1]):
                most = min(capacity[site, one], reach.people[site])
                short -= opened[site, one] * gain_of(most, size, left)
    return short


@njit(cache=True)
def partners_of(arcs: Arcs, settlers: Settlers, flow: Floats, site: int) -> Ints:
    """Find the sites that serve most people from where a site serves people too, the site itself first."""
    shared = np.zeros(arcs.starts.size - 1)
    for arc in range(arcs.starts[site], arcs.starts[site + 1]):
        if flow[arc] <= 0.0:
            continue
        settlement = arcs.settlement[arc]
        for at in range(settlers.first[settlement], settlers.first[settlement + 1]):
            shared[settlers.site[at]] += flow[settlers.way[at]]
    shared[site] = np.inf
    order = np.argsort(-shared)[: PARTNERS + 1]
    return order[shared[order] > 0.0]


@njit(cache=True)
def members(arcs: Arcs, people: Ints, flow: Floats, sites: Ints, share: float) -> Flags:
    """Find the settlements of which at least a share is served at some sites."""
    served = np.zeros(people.size)
    for site in sites:
        for arc in range(arcs.starts[site], arcs.starts[site + 1]):
            served[arcs.settlement[arc]] += flow[arc]
    return (served >= share * people) & (served > 0.0)


@njit(cache=True)
def groups_of(partners: Ints) -> Ints:
    """List groups of a zone and its partners: int64 (group, partner + 1), -1 for none."""
    count = partners.size
    groups = np.full((2 * count, count), -1)
    at = 0
    for last in range(count):
        groups[at, : last + 1] = partners[: last + 1]
        at += 1
    for other in range(2, count):
        groups[at, 0], groups[at, 1] = partners[0], partners[other]
        at += 1
    return groups[:at]


@njit(cache=True)
def worst_of(
    arcs: Arcs, settlers: Settlers, people: Ints, capacity: Ints, mean: Mean, price: Floats, site: int
) -> Crowd:
    """Find the crowd around a site whose row is broken most."""
    best = Crowd(np.zeros(people.size, np.bool_), np.zeros(capacity.shape[0], np.bool_), 1, 0.0)
    groups = groups_of(partners_of(arcs, settlers, mean.flow, site))
    for number in range(groups.shape[0]):
        group = groups[number][groups[number] >= 0]
        for share in COVERED:
            member = members(arcs, people, mean.flow, group, share)
            crowd = people[member].sum()
            if crowd == 0:
                continue
            reach = reached(arcs, settlers, people, member, mean, price)
            for one in group:
                usual = np.argmax(mean.opened[one])
                size = min(capacity[one, usual], reach.people[one])
                broken = broken_by(reach, capacity, mean.opened, crowd, size) if size > 0 else 0.0
                if broken > best.broken and broken > BROKEN * crowd:
                    inside = inside_of(reach, capacity, mean.opened, (size, crowd % size))
                    best = Crowd(member, inside, size, broken)
    return best


@njit(cache=True)
def inside_of(reach: Reached, capacity: Ints, opened: Floats, step: tuple[int, int]) -> Flags:
    """Find the sites that make a row stronger: bool (site,)."""
    inside = np.zeros(reach.now.size, np.bool_)
    for site in range(inside.size):
        inside[site] = belongs(reach, capacity, opened, site, step)
    return inside


@njit(cache=True)
def row_of(
    arcs: Arcs, settlers: Settlers, people: Ints, capacity: Ints, price: Floats, found: Crowd, margin: float
) -> tuple[Ints, Ints, int, int]:
    """Write the row of a crowd: ways, gain (site, size), need and people.

    Parameters
    ----------
    margin
        Ways that cost more than the price by this share are left out, which leaves the row true.
    """
    crowd = people[found.member].sum()
    left = crowd % found.size
    reach = np.zeros(found.inside.size, np.int64)
    ways = np.empty(arcs.cost.size, np.int64)
    count = 0
    for settlement in range(people.size):
        if not found.member[settlement]:
            continue
        for at in range(settlers.first[settlement], settlers.first[settlement + 1]):
            way, site = settlers.way[at], settlers.site[at]
            reach[site] += people[settlement]
            if found.inside[site] and arcs.cost[way] < (1.0 + margin) * price[settlement]:
                ways[count] = way
                count += 1
    gain = np.zeros(capacity.shape, np.int64)
    for site in range(reach.size):
        for size in range(capacity.shape[1]):
            if found.inside[site]:
                gain[site, size] = gain_of(min(capacity[site, size], reach[site]), found.size, left)
    # in order of site, so that the ways of a row lie close to each other
    return np.sort(ways[:count]), gain, left * (crowd // found.size + 1), crowd


def among(settlers: Settlers, sites: Flags) -> Settlers:
    """Keep the ways to some sites."""
    keep = sites[settlers.site]
    first = np.concatenate([[0], np.cumsum(keep)])[settlers.first]
    return Settlers(first.astype(np.int64), settlers.way[keep], settlers.site[keep])


def find_crowds(
    arcs: Arcs, settlers: Settlers, people: Ints, capacity: Ints, mean: Mean, price: Floats
) -> list[Crowd]:
    """Find crowds whose rows the mean of many price steps breaks, one around every zone that is open in part.

    Parameters
    ----------
    people, capacity
        int64 (settlement,) and (site, size).
    price
        float64 (settlement,).
    """
    share = mean.opened.sum(axis=1)
    few = among(settlers, mean.likely | (share > 0.0))
    crowds, known = [], set()
    for site in np.flatnonzero((share > PART[0]) & (share < PART[1])):
        found = worst_of(arcs, few, people, capacity, mean, price, int(site))
        # two zones that are open in part often have the same crowd
        key = (found.size, found.member.tobytes())
        if found.broken > 0.0 and key not in known:
            known.add(key)
            crowds.append(found)
    return crowds


def write_rows(
    arcs: Arcs,
    settlers: Settlers,
    people: Ints,
    capacity: Ints,
    price: Floats,
    crowds: Sequence[Crowd],
    margin: float,
) -> Crowds:
    """Write the rows of crowds; see `row_of`."""
    rows = [row_of(arcs, settlers, people, capacity, price, one, margin) for one in crowds]
    return Crowds(
        starts=np.cumsum([0, *(row[0].size for row in rows)]).astype(np.int64),
        ways=np.concatenate([np.zeros(0, dtype=np.int64), *(row[0] for row in rows)]),
        gain=np.array([row[1] for row in rows], dtype=np.int64).reshape(-1, *capacity.shape),
        need=np.array([row[2] for row in rows], dtype=np.int64),
        people=np.array([row[3] for row in rows], dtype=np.int64),
        places=np.cumsum([0, *(int(one.member.sum()) for one in crowds)]).astype(np.int64),
        members=np.concatenate(
            [np.zeros(0, dtype=np.int64), *(np.flatnonzero(one.member) for one in crowds)]
        ),
    )
