"""A case with several periods: each size of a zone, opened in each period, is a size of its own.

Setting a zone up is paid so many periods before it opens; a zone that opened stays open to the end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from asylia.model.siting_case import Floats, Ints, SitingCase
from asylia.model.siting_network import CLOSED


def staged(case: SitingCase, period_of: Ints, lead: Ints) -> SitingCase:
    """Offer every size in every period in which it can be ready.

    Parameters
    ----------
    period_of
        int64 (scenario,): period of each scenario, from 0.
    lead
        int64 (site,): periods from paying to opening.

    Raises
    ------
    ValueError
        If sizes do not fit, or a number is below 0.
    """
    sites, sizes = case.capacity.shape
    if (
        period_of.shape != case.chance.shape
        or lead.shape != (sites,)
        or (lead < 0).any()
        or (period_of < 0).any()
    ):
        raise ValueError("period_of has a number of 0 or more for each scenario, lead for each site.")
    periods = int(period_of.max(initial=0)) + 1
    opens = np.tile(np.arange(periods), sizes)
    paid = opens[None, :] - lead[:, None]
    return replace(
        case,
        capacity=np.where(paid >= 0, np.repeat(case.capacity, periods, axis=1), 0),
        opening=np.repeat(case.opening, periods, axis=1),
        period_of=period_of,
        opens=opens,
        paid=paid,
    )


def sooner(case: SitingCase) -> SitingCase:
    """Let every zone open without any time to set it up."""
    sites, both = case.capacity.shape
    periods = case.periods
    most = case.capacity.reshape(sites, both // periods, periods).max(axis=2)
    return replace(
        case,
        capacity=np.repeat(most, periods, axis=1),
        paid=np.broadcast_to(case.opens, case.paid.shape).copy(),
    )


def spent(case: SitingCase, size: Ints, people: Floats, site: Ints) -> Floats:
    """Count the money of each period, float64 (period,).

    Parameters
    ----------
    size
        int64 (site,), -1 where closed.
    people, site
        float64 (scenario, arc) and int64 (arc,).
    """
    money = case.chance * (people @ case.each_usd[site])
    opened = np.flatnonzero(size >= 0)
    set_up = case.opening[opened, size[opened]]
    if not case.opens.size:
        return np.array([money.sum() + set_up.sum()])
    by_people = np.bincount(case.period_of, money, minlength=case.periods)
    found = by_people + np.bincount(case.paid[opened, size[opened]], set_up, minlength=case.periods)
    return found.astype(np.float64)


def once_open(path: Ints) -> Ints:
    """Read sizes by period as one size of the case a site: the last one, from the period since which it is there.

    Parameters
    ----------
    path
        int64 (site, period), `CLOSED` where closed; sizes before they were offered in periods.
    """
    size = np.full(path.shape[0], -1, dtype=np.int64)
    for site in range(path.shape[0]):
        ever = np.flatnonzero(path[site] != CLOSED)
        if ever.size:
            last = ever[-1]
            before = np.flatnonzero(path[site, :last] != path[site, last])
            since = before[-1] + 1 if before.size else 0
            size[site] = path[site, last] * path.shape[1] + since
    return size


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stages:
    """A case by scenario and period: people (scenario, period, group * settlement), sizes without their periods."""

    people: Ints
    chance: Floats
    capacity: Ints
    opening: Floats
    lead: Ints
    usable: NDArray[np.bool_]


def even(case: SitingCase) -> bool:
    """Say whether every period has the same scenarios, with the same chances."""
    counts = np.bincount(case.period_of) if case.opens.size else np.ones(1)
    if (counts != counts[0]).any():
        return False
    chance = case.chance[_by_period(case)].reshape(case.periods, -1)
    return bool(np.allclose(chance, chance[0]))


def stages_of(case: SitingCase) -> Stages:
    """Take the periods of an even case apart."""
    order, periods = _by_period(case), case.periods
    shape = (periods, order.size // periods, -1)
    by_size = (len(case.sites), -1, periods)
    lead = case.opens[0] - case.paid[:, 0] if case.opens.size else np.zeros(len(case.sites), dtype=np.int64)
    return Stages(
        people=case.people[order].reshape(shape).transpose(1, 0, 2),
        chance=case.chance[order].reshape(periods, -1)[0] * periods,
        capacity=case.capacity.reshape(by_size).max(axis=2),
        opening=case.opening.reshape(by_size)[:, :, 0],
        lead=lead,
        usable=case.usable[order].reshape(shape).transpose(1, 2, 0),
    )


def people_by_row(case: SitingCase, people: Ints, size: Ints, site: Ints) -> Floats:
    """Lay people out by scenario of the case, float64 (scenario, arc); nobody where the zone is not open.

    Parameters
    ----------
    people
        int64 (scenario of a period, period, arc).
    size, site
        int64 (site,) as read by `once_open`, and int64 (arc,).
    """
    found = np.empty((case.chance.size, people.shape[2]))
    found[_by_period(case)] = people.transpose(1, 0, 2).reshape(case.chance.size, -1)
    works = case.works[:, size] & (size >= 0)[None, :]
    return np.where(works[:, site], found, 0.0)


def _by_period(case: SitingCase) -> Ints:
    return np.argsort(case.period_of, kind="stable") if case.opens.size else np.arange(case.chance.size)
