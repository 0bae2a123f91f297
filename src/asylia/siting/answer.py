"""What a search says in the end: the plan counted again, its bound, and the limits that are used up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from asylia.model.siting import Certificate, gap_between
from asylia.model.siting_network import CLOSED, Floats, SitingNetwork, ZoneAnswer, ZonePlan
from asylia.siting.improve import Desk, close
from asylia.siting.instance import count_again

OUT_OF_TIME = "out of time"

METHOD = (
    "prices on people (Lagrangian), dynamic programme for each site, open-and-close search, exact transport"
)


def outcome_of(found: tuple[float, float], seconds: float, *, done: bool, late: bool) -> Certificate:
    """Say how good the best plan is and why the search ended.

    Parameters
    ----------
    found
        Value and bound.
    done, late
        Whether they are near enough, and whether the time is up.
    """
    value, bound = found[0], min(found)
    if done:
        why = "the plan is within the gap that was asked for"
    else:
        why = OUT_OF_TIME if late else "no better plan or bound was found in the rounds allowed"
    return Certificate(
        value=value,
        bound=bound,
        gap=gap_between(value, bound),
        seconds=seconds,
        method=METHOD,
        why_stopped=why,
    )


def plan_of(desk: Desk) -> ZonePlan:
    """Turn the plan on a desk into one to keep; zones that never hold anybody are closed first."""
    scenarios, periods, _ = desk.network.shape
    for site in desk.open:
        if desk.state.held[:, site].sum() == 0:
            close(desk, int(site))
    return ZonePlan(
        sizes=np.where(desk.state.sizes > 0, desk.state.sizes - 1, CLOSED),
        people=desk.state.flow.reshape(scenarios, periods, -1).copy(),
    )


def answer_of(network: SitingNetwork, desk: Desk, found: Certificate, *, cut: bool) -> ZoneAnswer:
    """Count the plan on a desk again and put it beside its bound.

    Parameters
    ----------
    cut
        Whether time ended the search or a part of it.
    """
    plan = plan_of(desk)
    value, money, _ = count_again(network, plan)
    bound = min(found.bound, value)
    return ZoneAnswer(
        plan=plan,
        certificate=replace(found, value=value, bound=bound, gap=gap_between(value, bound)),
        unserved=float(desk.case.chance @ desk.state.unserved.sum(axis=1)),
        money=money,
        binding=binding_limits(network, desk, money),
        cut_by_time=cut,
    )


def binding_limits(network: SitingNetwork, desk: Desk, money: Floats) -> tuple[str, ...]:
    """Name the limits that are used up."""
    found = []
    if desk.open.size == network.most_zones < len(network.site_ids):
        found.append(f"the number of zones ({network.most_zones})")
    spent = np.flatnonzero(np.isfinite(network.budget) & (money >= 0.98 * network.budget))
    found += [f"the budget of period {period} (98 % or more is used)" for period in spent]
    here = np.arange(len(network.site_ids))[:, None]
    size = np.maximum(desk.state.sizes, 1) - 1
    opened = np.tile((desk.state.sizes > 0).T, (network.people.shape[0], 1)) & desk.case.usable
    room = np.tile(network.capacity[here, size].T, (network.people.shape[0], 1))
    least = np.tile(network.least[here, size].T, (network.people.shape[0], 1))
    full = (opened & (desk.state.held == room)).sum(axis=0)
    forced = (opened & (desk.state.held == least) & (least > 0)).sum(axis=0)
    found += [f"the room at {network.site_ids[j]} ({full[j]} times)" for j in np.flatnonzero(full)]
    found += [f"the minimum use at {network.site_ids[j]} ({forced[j]} times)" for j in np.flatnonzero(forced)]
    return tuple(found)
