"""A few rows that stand for many: in every period, one scenario for those with about as many people.

With the weights of scenarios settled, rows meet only in the zones, so that each period may have its own few. Scenarios
that count much stand for themselves alone. What it costs to serve one more person depends on how many people there are
far more than on the scenario: prices of the few rows, set between by the number of people, are very good prices for
all of them. A mean of scenarios would not do: in it nobody withdraws consent, and peaks are cut off.
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
        crowd = network.people[:, period].sum(axis=1)
        of = _groups(crowd, weight, groups)
        for group in range(groups):
            # a group without a scenario counts nothing
            here = np.flatnonzero(of == group)
            counts[group, period], chance[group, period] = weight[here].sum(), network.chance[here].sum()
            one = _middle(crowd, weight, here)
            people[group, period], usable[group, :, period] = (
                network.people[one, period],
                network.usable[one, :, period],
            )
    few = replace(
        network, people=people, usable=usable, chance=np.full(groups, 1.0 / groups), tail_weight=0.0
    )
    case = case_of(few, few.chance)._replace(weight=counts.ravel(), chance=chance.ravel())
    return Sample(network=few, case=case)


def _groups(crowd: Ints, weight: Floats, groups: int) -> Ints:
    """Give scenarios to groups: one that counts much to its own, others in order of their people to equal weights."""
    heavy = np.flatnonzero(weight * groups > weight.sum())[: groups - 1]
    of = np.empty(crowd.size, dtype=np.int64)
    of[heavy] = np.arange(heavy.size)
    order = np.argsort(crowd, kind="stable")
    order = order[~np.isin(order, heavy)]
    middle = np.cumsum(weight[order]) - 0.5 * weight[order]
    left, whole = groups - heavy.size, max(weight[order].sum(), 1e-12)
    of[order] = heavy.size + np.minimum((middle / whole * left).astype(np.int64), left - 1)
    return of


def _middle(crowd: Ints, weight: Floats, here: Ints) -> int:
    """Choose the scenario of a group whose people are nearest to the mean of the group; 0 in an empty group."""
    if here.size == 0:
        return 0
    mean = np.average(crowd[here], weights=weight[here]) if weight[here].sum() > 0.0 else crowd[here].mean()
    return int(here[np.argmin(np.abs(crowd[here] - mean))])


def sample_scenarios(network: SitingNetwork, weight: Floats, loss: Floats, count: int) -> Sample:
    """Keep the worst scenarios, and one for each group of the others; the worst still count more.

    Parameters
    ----------
    weight, loss
        float64 (scenario,): what each scenario counts, and what a plan loses in it.
    count
        Scenarios to keep; two of three of them are the worst.
    """
    order = np.argsort(-loss, kind="stable")
    worst = order[: 2 * count // 3]
    crowd = network.people.sum(axis=2)
    others = order[worst.size :]
    others = others[np.argsort(crowd[others].sum(axis=1), kind="stable")]
    groups = [np.array([one]) for one in worst] + np.array_split(others, count - worst.size)
    kept = []
    for group in groups:
        away = np.abs(crowd[group] - crowd[group].mean(axis=0)).sum(axis=1)
        kept.append(int(group[np.argmin(away)]))
    few = replace(
        network,
        people=np.ascontiguousarray(network.people[kept]),
        usable=np.ascontiguousarray(network.usable[kept]),
        chance=np.array([network.chance[group].sum() for group in groups]),
    )
    return Sample(network=few, case=case_of(few, np.array([weight[group].sum() for group in groups])))


def spread_prices(sample: Sample, person: Floats, network: SitingNetwork, weight: Floats) -> Floats:
    """Give the prices of a few rows to all rows, by the number of people: float64 (row, settlement).

    Parameters
    ----------
    person
        float64 (row of the sample, settlement).
    weight
        float64 (row,): what each row counts now.
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
        own = own[np.argsort(few[own, period], kind="stable")]
        place = np.interp(crowd[:, period], few[own, period], np.arange(own.size))
        low = place.astype(np.int64)
        part = (place - low)[:, None]
        high = own[np.minimum(low + 1, own.size - 1)]
        spread[:, period] = (1.0 - part) * each[own[low], period] + part * each[high, period]
    return weight[:, None] * spread.reshape(scenarios * periods, settlements)
