"""What is expected of a member before anybody is drawn: who leaves home in each week, and where they go.

Quick enough to hold hundreds of draws against counts: no day is run. Who moves on, returns or fills a site is left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from asylia.move.facts import Facts
from asylia.move.world import World

Table = NDArray[np.float64]


def expected_flows(world: World, leavers: Table) -> Table:
    """Return people expected to go by week, first-level area of origin and of arrival, float64 (week, area, area).

    They arrive in the week they leave.

    Parameters
    ----------
    world
        A plan without zones.
    leavers
        float64 (week, place), people the fighting drives out, before it is held against who is left.
    """
    facts = world.facts
    epoch = facts.epoch_of_day[np.minimum(np.arange(len(leavers)) * 7, facts.epoch_of_day.size - 1)]
    going = _leaving(facts, leavers)
    shares = {int(now): _sending(facts, int(now)) for now in np.unique(epoch)}
    flows = np.zeros((len(leavers), len(world.areas), len(world.areas)))
    starts = facts.area_of[facts.settled]
    for week, now in enumerate(epoch):
        inside = (going[week] * (1.0 - _abroad(facts, now)))[facts.settled]
        chosen, fixed = shares[int(now)]
        weights = fixed * facts.hazard[week][chosen]
        total = weights.sum(axis=1, keepdims=True)
        sent = np.divide(inside[:, None] * weights, total, out=np.zeros_like(weights), where=total > 0)
        np.add.at(flows[week], (starts[:, None], facts.area_of[chosen]), sent)
    return flows


def _sending(facts: Facts, epoch: int) -> tuple[NDArray[np.int64], Table]:
    """Return what settled places consider and how strongly, (settled, option), before fighting."""
    settled = facts.settled
    chosen, weights = facts.option_place[epoch][settled], facts.option_weight[epoch][settled]
    used = np.arange(weights.shape[1]) < facts.option_count[epoch][settled][:, None]
    return np.where(used, chosen, settled[:, None]), np.where(used, weights, 0.0)


def _leaving(facts: Facts, leavers: Table) -> Table:
    """Hold who is driven out against who is still at home."""
    left = facts.residents.astype(np.float64)
    found = np.zeros(leavers.shape)
    for week, driven in enumerate(leavers):
        found[week] = np.minimum(driven, facts.largest_departure * left)
        left -= found[week]
    return found


def _abroad(facts: Facts, epoch: int) -> Table:
    """Return the share of each place's leavers who get over a border, float64 (place,)."""
    through = np.where(facts.country_open[epoch], 1.0, facts.through_share)
    before = np.cumprod(1.0 - facts.country_share[epoch], axis=1)
    reached = (
        np.concatenate([np.ones((before.shape[0], 1)), before[:, :-1]], axis=1) * facts.country_share[epoch]
    )
    share: Table = facts.leave_share * (reached * through).sum(axis=1)
    return share
