"""Rounds of rows on crowds: find what is broken, climb, leave out what has no price; and carry rows to a finer problem."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from asylia.model.siting_network import Floats, SitingNetwork
from asylia.siting.bound import Dual, Glide
from asylia.siting.coarse import Rough, finer_person
from asylia.siting.crowd_climb import Sharp, climb_on, sharp_of, take_on
from asylia.siting.search import Case

FIRST = Glide(steps=360, first=0.5, last=0.03, above=0.006)
"""The first climb, with rows added on the way."""

CARRIED = Glide(steps=250, first=0.7, last=0.03, above=0.006)
"""The first climb with prices and rows of a rougher problem."""

AGAIN = Glide(steps=180, first=0.3, last=0.03, above=0.006)
"""Later climbs."""


def sharpen(sharp: Sharp, until: float) -> None:
    """Climb, with rows added on the way."""
    if sharp.dual.bound == -np.inf:
        climb_on(sharp, CARRIED, until)
    else:
        climb_on(sharp, FIRST if sharp.steps == 0 else AGAIN, until)


def carry(below: Sharp, rough: Rough, network: SitingNetwork, case: Case, dual: Dual) -> Sharp | None:
    """Write the rows of a rougher problem for a finer one; `None` if one has several periods or scenarios."""
    if case.people.shape[0] > 1 or below.case.people.shape[0] > 1:
        return None
    weight = (below.case.weight, case.weight)
    person = finer_person(rough, below.dual.person, weight, network) + case.weight[0] * apart(
        below, rough, case
    )
    person = np.clip(person, 0.0, case.penalty * case.weight[:, None])
    sharp = sharp_of(network, case, replace(dual, person=person, bound=-np.inf))
    found = [one._replace(member=one.member[rough.group]) for one in below.found]
    take_on(sharp, found, below.price, person[0] / case.weight[0])
    return sharp


def apart(below: Sharp, rough: Rough, case: Case) -> Floats:
    """Count how much farther each settlement is than what it was merged into, from where that goes: float64 (settlement,)."""
    arcs, count, size = below.case.arcs, rough.network.penalty.size, case.penalty.size
    if arcs.cost.size == 0:
        return np.zeros(size)
    key = np.repeat(np.arange(arcs.starts.size - 1), np.diff(arcs.starts)) * count + arcs.settlement
    site = np.repeat(np.arange(arcs.starts.size - 1), np.diff(case.arcs.starts))
    wanted = site * count + rough.group[case.arcs.settlement]
    at = np.minimum(np.searchsorted(key, wanted), key.size - 1)
    flow = np.where(key[at] == wanted, below.mean.flow[at], 0.0)
    farther = np.bincount(case.arcs.settlement, flow * (case.arcs.cost - below.cost[at]), size)
    total = np.bincount(case.arcs.settlement, flow, size)
    return np.divide(farther, total, out=np.zeros(size), where=total > 0.0)
