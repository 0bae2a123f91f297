"""A few rows that stand for many: in every period, scenarios with about as many people are merged.

With the weights of scenarios settled, rows meet only in the zones, so that each period may be merged in its own way.
What it costs to serve one more person depends on how many people there are far more than on the scenario: prices of
the few rows, set between by the number of people, are very good prices for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from asylia.model.siting_network import Floats, Ints, SitingNetwork
from asylia.siting.bound import case_of
from asylia.siting.search import Case


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """A siting problem of a few rows.

    Parameters
    ----------
    network, case
        The problem; the rows count what is in `case.weight`, each its own.
    """

    network: SitingNetwork
    case: Case


def sample_rows(network: SitingNetwork, weight: Floats, groups: int) -> Sample:
    """Merge the scenarios of every period into groups that count the same.

    Parameters
    ----------
    weight
        float64 (scenario,): what each scenario counts.
    """
    _, periods, settlements = network.shape
    sites = len(network.site_ids)
    people = np.zeros((groups, periods, settlements), dtype=np.int64)
    usable = np.ones((groups, sites, periods), dtype=bool)
    counts, chance = np.zeros((groups, periods)), np.zeros((groups, periods))
    for period in range(periods):
        of = _groups(network.people[:, period].sum(axis=1), weight, groups)
        for group in range(groups):
            # a group without a scenario counts nothing
            share = np.where(of == group, weight, 0.0)
            counts[group, period], chance[group, period] = share.sum(), network.chance[of == group].sum()
            share = share / share.sum() if share.sum() > 0.0 else np.full_like(weight, 1.0 / weight.size)
            people[group, period] = np.round((share[:, None] * network.people[:, period]).sum(axis=0))
            usable[group, :, period] = (share[:, None] * network.usable[:, :, period]).sum(axis=0) >= 0.5
    few = replace(
        network, people=people, usable=usable, chance=np.full(groups, 1.0 / groups), tail_weight=0.0
    )
    case = case_of(few, few.chance)._replace(weight=counts.ravel(), chance=chance.ravel())
    return Sample(network=few, case=case)


def _groups(crowd: Ints, weight: Floats, groups: int) -> Ints:
    """Give scenarios to groups of equal weight, in order of their people."""
    order = np.argsort(crowd, kind="stable")
    middle = np.cumsum(weight[order]) - 0.5 * weight[order]
    of = np.empty(crowd.size, dtype=np.int64)
    of[order] = np.minimum((middle / max(weight.sum(), 1e-12) * groups).astype(np.int64), groups - 1)
    return of


def spread_prices(sample: Sample, person: Floats, network: SitingNetwork, weight: Floats) -> Floats:
    """Give the prices of a few rows to all rows, by the number of people: float64 (row, settlement).

    Parameters
    ----------
    person
        float64 (row of the sample, settlement).
    weight
        float64 (scenario,): what each scenario counts now.
    """
    scenarios, periods, settlements = network.shape
    groups = sample.network.people.shape[0]
    each = person / np.maximum(sample.case.weight, 1e-12)[:, None]
    each = np.minimum(each, network.penalty).reshape(groups, periods, settlements)
    counted = sample.case.weight.reshape(groups, periods) > 0.0
    crowd, few = network.people.sum(axis=2), sample.network.people.sum(axis=2)
    spread = np.empty((scenarios, periods, settlements))
    for period in range(periods):
        own = np.flatnonzero(counted[:, period])
        place = np.interp(crowd[:, period], few[own, period], np.arange(own.size))
        low = place.astype(np.int64)
        part = (place - low)[:, None]
        high = own[np.minimum(low + 1, own.size - 1)]
        spread[:, period] = (1.0 - part) * each[own[low], period] + part * each[high, period]
    return (weight[:, None, None] * spread).reshape(scenarios * periods, settlements)
