"""The search for good plans: open too many zones, close the least useful, then replace one by another.

A trial is given up as soon as it is sure not to pay, which is most often after a few pushes.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np

from asylia.core.draws import Stream, uniforms
from asylia.model.siting_network import Flags, Floats, Ints, SitingNetwork
from asylia.siting.instance import tail_weights
from asylia.siting.price import Prices, best_paths
from asylia.siting.search import (
    Case,
    State,
    close_zone,
    fixed_money,
    losses,
    open_zone,
    packed,
    prices_of,
    unpack,
)
from asylia.siting.threshold import site_values

NEAR = 20
"""Zones that take people in a trial of closing one."""

TINY = 1e-9
"""A plan is better if it is better by this share of its value."""


@dataclass(slots=True, eq=False)
class Desk:
    """A plan being worked on, with what it is judged by.

    Parameters
    ----------
    apart
        Sites that may not be open together with a site.
    orders
        Neighbours that were worked out, by site.
    """

    network: SitingNetwork
    case: Case
    state: State
    apart: list[set[int]] = field(default_factory=list)
    orders: dict[int, Ints] = field(default_factory=dict)

    @property
    def open(self) -> Ints:
        """Sites that are ever open, ascending."""
        return np.flatnonzero(self.state.sizes.any(axis=1))


def empty_desk(network: SitingNetwork, case: Case, orders: dict[int, Ints] | None = None) -> Desk:
    """Begin with no zone at all: everybody is unserved."""
    rows = case.people.shape[0]
    sites = case.allowed.shape[0]
    state = State(
        sizes=np.zeros(case.allowed.shape, dtype=np.int64),
        flow=np.zeros((rows, case.arcs.cost.size), dtype=np.int64),
        unserved=case.people.copy(),
        held=np.zeros((rows, sites), dtype=np.int64),
    )
    apart: list[set[int]] = [set() for _ in range(sites)]
    for one, other in network.apart.tolist():
        apart[one].add(other)
        apart[other].add(one)
    return Desk(network, case, state, apart, {} if orders is None else orders)


def value_of(desk: Desk) -> tuple[float, Floats]:
    """Value of the plan on the desk, and its money: float64 (period,)."""
    network, case = desk.network, desk.case
    scenarios, periods, _ = network.shape
    loss, each = losses(case, desk.state)
    money = fixed_money(case, desk.state.sizes)
    money = money + (case.chance * each).reshape(scenarios, periods).sum(axis=0)
    loss = loss.reshape(scenarios, periods).sum(axis=1)
    return float(network.money_weight * money.sum() + tail_weights(network, loss) @ loss), money


def within_limits(desk: Desk, money: Floats) -> bool:
    """Whether the plan on the desk keeps the number of zones and the budget."""
    return desk.open.size <= desk.network.most_zones and bool((money <= desk.network.budget).all())


def draws(seed: int, number: int, sites: int) -> Floats:
    """Draw one number for each site: float64 (site,)."""
    # day 0 of this stream belongs to the named problems
    ids = np.arange(sites, dtype=np.uint64)
    return np.asarray(uniforms(seed, int(Stream.SITING), 0, number + 1, ids, 1))[:, 0]


def put_down(desk: Desk) -> tuple[Ints, State]:
    """Copy the plan: its sites, and what to put back."""
    sites, state = desk.open, desk.state
    flow = packed(state.flow, desk.case.arcs.starts, sites)
    return sites, State(state.sizes.copy(), flow, state.unserved.copy(), state.held.copy())


def put_back(desk: Desk, kept: tuple[Ints, State]) -> None:
    """Return to a plan that was put down."""
    starts, state = desk.case.arcs.starts, desk.state
    sites, old = kept
    kept_open: Flags = np.any(old.sizes, axis=1)
    for site in desk.open:
        if not kept_open[site]:
            state.flow[:, starts[site] : starts[site + 1]] = 0
    unpack(state.flow, starts, sites, old.flow)
    state.sizes[:], state.unserved[:], state.held[:] = old.sizes, old.unserved, old.held


def gains(desk: Desk, sites: Ints) -> tuple[Floats, Ints]:
    """Most that opening each site could lower the value, and how it would be open."""
    case = desk.case
    prices = Prices(prices_of(case, desk.state), case.weight, case.chance, case.money)
    marks = np.zeros((*case.sizes.capacity.shape, case.people.shape[0]))
    values = site_values(case.arcs, case.sizes, case.people, prices, case.usable, sites, marks)
    return best_paths(case.sizes, values, case.allowed, case.money, sites)


def try_open(desk: Desk, site: int, path: Ints, wanted: float) -> bool:
    """Open a zone if the value falls by more than `-wanted` can still be hoped for; else nothing is promised."""
    if not path.any():
        return False
    rows = desk.case.people.shape[0]
    most = np.full(rows, np.inf)
    if rows == 1 and desk.case.weight[0] > 0.0:
        fixed = desk.case.sizes.opening[site, path[0] - 1] + desk.case.sizes.running[site, path[0] - 1]
        most[0] = (wanted - fixed * desk.case.money[0]) / desk.case.weight[0]
    return bool(open_zone(desk.case, desk.state, site, path, most))


def fixed_of(desk: Desk, site: int) -> float:
    """Count what closing a site saves: opening and running, weighted."""
    one = np.zeros_like(desk.state.sizes)
    one[site] = desk.state.sizes[site]
    return float(fixed_money(desk.case, one) @ desk.case.money)


def fill_up(desk: Desk, sites: Ints, paths: Ints) -> None:
    """Open sites one after the other as far as they may be together."""
    for site in sites:
        path = paths[site]
        if not path.any() or desk.apart[site] & set(desk.open.tolist()):
            continue
        if not try_open(desk, site, path, np.inf):
            close(desk, site)


def close_down(desk: Desk, sites: Ints | None = None) -> float:
    """Close the least useful zone, again and again, until none is too many; returns the value.

    What a zone is worth mostly grows as others close, so old figures stand until a zone's turn comes.

    Parameters
    ----------
    sites
        Which may be closed; all if left out.
    """
    waiting = [(-np.inf, int(site), -1) for site in (desk.open if sites is None else sites)]
    heapq.heapify(waiting)
    turn = 0
    value, money = value_of(desk)
    while waiting:
        rise, site, when = heapq.heappop(waiting)
        fits = within_limits(desk, money)
        if rise >= 0.0 and fits:
            break
        if when == turn:
            close(desk, site)
            value, money = value_of(desk)
            turn += 1
            continue
        rise = rise_without(desk, site, value, fits=fits)
        if rise < np.inf:
            heapq.heappush(waiting, (rise, site, turn))
    return value


def close(desk: Desk, site: int) -> None:
    """Close a zone; the plan stays the cheapest for the zones that are left."""
    close_zone(desk.case, desk.state, site, np.inf, np.ones(desk.case.allowed.shape[0], dtype=bool))


def rise_without(desk: Desk, site: int, value: float, *, fits: bool) -> float:
    """How much the value rises if a zone is closed; infinite if it does not fall (and nothing must be closed).

    Only the nearest zones take people, so the true rise may be a little less.
    """
    kept = put_down(desk)
    saved = fixed_of(desk, site)
    near = np.zeros(desk.case.allowed.shape[0], dtype=bool)
    order = neighbours(desk, site)
    near[order[desk.state.sizes[order].any(axis=1)][:NEAR]] = True
    near[site] = True
    done, _ = close_zone(desk.case, desk.state, site, saved if fits else np.inf, near)
    rise = value_of(desk)[0] - value if done else np.inf
    put_back(desk, kept)
    return rise


def neighbours(desk: Desk, site: int) -> Ints:
    """Sites that share settlements with a site, those with the most shared first, itself left out."""
    if site not in desk.orders:
        arcs = desk.case.arcs
        near = np.zeros(desk.case.penalty.size, dtype=bool)
        near[arcs.settlement[arcs.starts[site] : arcs.starts[site + 1]]] = True
        together = np.concatenate([[0], np.cumsum(near[arcs.settlement])])
        shared = together[arcs.starts[1:]] - together[arcs.starts[:-1]]
        shared[site] = 0
        order = np.argsort(-shared, kind="stable")
        desk.orders[site] = order[shared[order] > 0]
    return desk.orders[site]


def shake(desk: Desk, added: Ints, paths: Ints, value: float, slack: float = 0.0) -> float:
    """Open some more zones, close what is then too many nearby, and keep it if it is better; returns the value.

    Parameters
    ----------
    slack
        Share of the value by which it may be worse, so that a search can leave a dead end.
    """
    before = put_down(desk)
    fill_up(desk, added, paths)
    here = set(desk.open.tolist())
    near = {int(k) for site in added for k in [site, *neighbours(desk, int(site))[:40]] if int(k) in here}
    found = close_down(desk, np.array(sorted(near), dtype=np.int64))
    if found < value * (1.0 + slack - TINY) and found != value and within_limits(desk, value_of(desk)[1]):
        return found
    put_back(desk, before)
    return value


def replace_one(desk: Desk, site: int, value: float, pool: Ints, trials: int) -> float:
    """Close a zone (or none, -1) and open the best other instead, if the value falls; returns the value."""
    before = put_down(desk)
    if site >= 0:
        close(desk, site)
    now, money = value_of(desk)
    here = set(desk.open.tolist())
    if now < value * (1.0 - TINY) and within_limits(desk, money):
        return now
    may = np.array([k for k in pool if k not in here and not desk.apart[k] & here], dtype=np.int64)
    if may.size == 0 or len(here) >= desk.network.most_zones:
        put_back(desk, before)
        return value
    gain, paths = gains(desk, may)
    between = put_down(desk)
    for at in np.argsort(gain, kind="stable")[:trials]:
        if now + gain[at] >= value * (1.0 - TINY):
            break
        if try_open(desk, int(may[at]), paths[at], value - now):
            found, money = value_of(desk)
            if found < value * (1.0 - TINY) and within_limits(desk, money):
                return found
        put_back(desk, between)
    put_back(desk, before)
    return value
