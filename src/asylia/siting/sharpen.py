"""Rounds of rows on crowds: find what is broken, climb, leave out what has no price; and carry rows to a finer problem."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from asylia.model.siting_network import SitingNetwork
from asylia.siting.bound import Dual, Glide
from asylia.siting.coarse import Rough, finer_person
from asylia.siting.crowd_climb import Sharp, add_crowds, climb_on, drop_crowds, sharp_of, take_on
from asylia.siting.search import Case

CALM = Glide(steps=80, first=0.1, last=0.05, above=0.01)
"""Steps before the first rows, from which the mean is taken."""

ROUND = Glide(steps=100, first=0.5, last=0.03, above=0.006)
"""The climb after rows were added."""

CARRIED = Glide(steps=300, first=1.0, last=0.03, above=0.006)
"""The climb that begins with rows of a rougher problem."""


def sharpen(sharp: Sharp, until: float) -> None:
    """Add rows and climb; the first time only climb if rows were carried here."""
    if sharp.steps == 0 and sharp.found:
        climb_on(sharp, CARRIED, until)
        return
    if sharp.steps == 0:
        climb_on(sharp, CALM, until)
    add_crowds(sharp)
    climb_on(sharp, ROUND, until)
    drop_crowds(sharp)


def carry(below: Sharp, rough: Rough, network: SitingNetwork, case: Case, dual: Dual) -> Sharp | None:
    """Write the rows of a rougher problem for a finer one; `None` if there are none, or several periods or scenarios."""
    if not below.found or case.people.shape[0] > 1 or below.case.people.shape[0] > 1:
        return None
    weight = (below.case.weight, case.weight)
    person = finer_person(rough, below.dual.person, weight, network)
    person = np.minimum(person, case.penalty * case.weight[:, None])
    sharp = sharp_of(network, case, replace(dual, person=person, bound=-np.inf))
    found = [one._replace(member=one.member[rough.group]) for one in below.found]
    take_on(sharp, found, below.price)
    return sharp
