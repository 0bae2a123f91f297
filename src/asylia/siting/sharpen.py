"""Rounds of rows on crowds: find what is broken, climb, leave out what has no price; and carry rows to a finer problem."""

from __future__ import annotations

import numpy as np

from asylia.model.siting_network import Floats, SitingNetwork
from asylia.siting.bound import Dual, Glide
from asylia.siting.coarse import Rough
from asylia.siting.crowd_climb import Sharp, climb_on, sharp_of, take_on
from asylia.siting.search import Case

FIRST = Glide(steps=420, first=1.0, last=0.03, above=0.006)
"""The first climb, with rows added on the way."""

AGAIN = Glide(steps=180, first=0.5, last=0.03, above=0.006)
"""Later climbs."""


def begin_sharp(network: SitingNetwork, case: Case, dual: Dual, below: tuple[Sharp, Rough] | None) -> Sharp:
    """Begin with prices on people alone; the first climb begins with the rows of a rougher problem, if there are any."""
    sharp = sharp_of(network, case, dual)
    if below is not None:
        rougher, rough = below
        found = [one._replace(member=one.member[rough.group]) for one in rougher.found]
        take_on(sharp, found, np.zeros(len(found)), dual.person[0] / case.weight[0])
        sharp.start = rougher.price.copy()
    return sharp


def sharpen(sharp: Sharp, dual: Dual, until: float) -> float:
    """Climb, with rows added on the way; returns the bound.

    Parameters
    ----------
    dual
        Told what sites were chosen of late, and how.
    """
    climb_on(sharp, FIRST if sharp.steps == 0 else AGAIN, until)
    dual.average, dual.paths = sharp.dual.average, sharp.dual.paths
    return sharp.dual.bound


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
