"""What is expected of a member before anybody is drawn: who leaves home in each week, and where they go.

Quick enough to weigh hundreds of draws against counts: no day is run. Who moves on, returns or fills a site is left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from asylia.move.facts import Facts
from asylia.move.world import World

Table = NDArray[np.float64]


def expected_arrivals(world: World, leavers: Table) -> Table:
    """Return people expected to arrive by week and first-level area, float64 (week, area), in the week they leave.

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
    arrivals = np.zeros(going.shape)
    for week, now in enumerate(epoch):
        inside = going[week] * (1.0 - _abroad(facts, now))
        weights = facts.option_weight[now] * facts.hazard[week][facts.option_place[now]]
        weights = np.where(np.arange(weights.shape[1]) < facts.option_count[now][:, None], weights, 0.0)
        total = weights.sum(axis=1, keepdims=True)
        sent = np.divide(inside[:, None] * weights, total, out=np.zeros_like(weights), where=total > 0)
        np.add.at(arrivals[week], facts.option_place[now], sent)
    areas = np.zeros((len(leavers), len(world.areas)))
    for place in facts.settled:
        areas[:, facts.area_of[place]] += arrivals[:, place]
    return areas


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
    reached = np.concatenate([np.ones((before.shape[0], 1)), before[:, :-1]], axis=1) * facts.country_share[epoch]
    share: Table = facts.leave_share * (reached * through).sum(axis=1)
    return share
