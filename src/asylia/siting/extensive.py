"""The whole siting problem written out as one whole-number program, for problems small enough for HiGHS."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import process_time

import numpy as np
from numpy.typing import NDArray

from asylia.model.siting import Certificate, gap_between
from asylia.model.siting_network import Floats, Ints, SitingNetwork, ZoneAnswer, ZonePlan
from asylia.siting.answer import OUT_OF_TIME, answer_of
from asylia.siting.bound import case_of
from asylia.siting.highs import Outcome, Program, State, minimise
from asylia.siting.improve import Desk, empty_desk, value_of
from asylia.siting.instance import count_again
from asylia.siting.search import open_zone

Numbers = NDArray[np.integer] | NDArray[np.floating] | float


@dataclass(slots=True)
class Rows:
    """Rows of a program as they are written: entries, and the limits of each row."""

    row: list[Ints] = field(default_factory=list)
    column: list[Ints] = field(default_factory=list)
    value: list[Floats] = field(default_factory=list)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    count: int = 0

    def add(self, lower: Numbers, upper: Numbers, shape: tuple[int, ...]) -> Ints:
        """Begin new rows; returns their numbers."""
        size = int(np.prod(shape))
        self.lower.append(np.broadcast_to(np.asarray(lower, float), shape).ravel())
        self.upper.append(np.broadcast_to(np.asarray(upper, float), shape).ravel())
        self.count += size
        return np.arange(self.count - size, self.count).reshape(shape)

    def put(self, row: Ints, column: Ints, value: Numbers) -> None:
        """Write entries; all three are spread to one shape."""
        rows, columns, values = np.broadcast_arrays(row, column, np.asarray(value, float))
        self.row.append(rows.ravel())
        self.column.append(columns.ravel())
        self.value.append(values.ravel())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Numbers of the columns.

    Parameters
    ----------
    zone, opened
        int64 (site, size, period): whether a zone is open, and whether it opens now.
    ever
        int64 (site,).
    people
        int64 (scenario, period, size, arc).
    unserved
        int64 (scenario, period, settlement).
    excess, level
        int64 (scenario,) and (1,): loss over a level, and the level.
    count
        How many there are.
    """

    zone: Ints
    opened: Ints
    ever: Ints
    people: Ints
    unserved: Ints
    excess: Ints
    level: Ints
    count: int


def columns_of(network: SitingNetwork) -> Columns:
    """Give every column its number."""
    scenarios, periods, settlements = network.shape
    sites, sizes = network.capacity.shape
    shapes = {
        "zone": (sites, sizes, periods),
        "opened": (sites, sizes, periods),
        "ever": (sites,),
        "people": (scenarios, periods, sizes, network.cost.size),
        "unserved": (scenarios, periods, settlements),
        "excess": (scenarios,),
        "level": (1,),
    }
    count, numbers = 0, {}
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        numbers[name] = np.arange(count, count + size).reshape(shape)
        count += size
    return Columns(**numbers, count=count)


def write_out(network: SitingNetwork) -> tuple[Program, Columns]:
    """Write a siting problem out as one program."""
    at, rows = columns_of(network), Rows()
    _zones(network, at, rows)
    _people(network, at, rows)
    _budget(network, at, rows)
    _tail(network, at, rows)
    cost, upper, whole = np.zeros(at.count), np.full(at.count, np.inf), np.zeros(at.count, dtype=bool)
    mean = (1.0 - network.tail_weight) * network.chance[:, None, None]
    cost[at.zone] = network.money_weight * network.running[:, :, None]
    cost[at.opened] = network.money_weight * network.opening[:, :, None]
    cost[at.unserved] = mean * network.penalty
    site = np.repeat(np.arange(len(network.site_ids)), np.diff(network.starts))
    each = network.money_weight * network.chance[:, None, None, None] * network.each.T[:, site]
    cost[at.people] = mean[..., None] * network.cost + each
    cost[at.excess] = network.tail_weight * network.chance / network.tail_share
    cost[at.level] = network.tail_weight
    upper[at.zone] = network.allowed[:, None, :] & (network.capacity > 0)[:, :, None]
    upper[at.ever] = 1.0
    early = np.arange(network.people.shape[1]) < network.lead[:, :, None]
    upper[at.opened] = np.where(early, 0.0, 1.0)
    usable = network.usable.transpose(0, 2, 1)[:, :, None, site]
    upper[at.people] = np.where(usable, network.people[:, :, None, network.reach], 0)
    whole[at.zone] = True
    order = np.argsort(np.concatenate(rows.row), kind="stable")
    starts = np.searchsorted(np.concatenate(rows.row)[order], np.arange(rows.count + 1))
    program = Program(
        cost=cost,
        lower=np.zeros(at.count),
        upper=upper,
        row_lower=np.concatenate(rows.lower),
        row_upper=np.concatenate(rows.upper),
        starts=starts,
        columns=np.concatenate(rows.column)[order],
        values=np.concatenate(rows.value)[order],
        whole=whole,
    )
    return program, at


def _zones(network: SitingNetwork, at: Columns, rows: Rows) -> None:
    """One size at a time, opening, number of zones, and pairs that are apart."""
    one = rows.add(-np.inf, 0.0, (at.zone.shape[0], at.zone.shape[2]))
    rows.put(one[:, None, :], at.zone, 1.0)
    rows.put(one, at.ever[:, None], -1.0)
    change = rows.add(-np.inf, 0.0, at.zone.shape)
    rows.put(change, at.zone, 1.0)
    rows.put(change, at.opened, -1.0)
    rows.put(change[:, :, 1:], at.zone[:, :, :-1], -1.0)
    rows.put(rows.add(-np.inf, network.most_zones, (1,)), at.ever, 1.0)
    if len(network.apart):
        pair = rows.add(-np.inf, 1.0, (len(network.apart),))
        rows.put(pair[:, None], at.ever[network.apart], 1.0)


def _people(network: SitingNetwork, at: Columns, rows: Rows) -> None:
    """Everybody is somewhere; a zone holds no more and no fewer than it may."""
    site = np.repeat(np.arange(len(network.site_ids)), np.diff(network.starts))
    everybody = rows.add(network.people, network.people, network.people.shape)
    rows.put(everybody[:, :, None, network.reach], at.people, 1.0)
    rows.put(everybody, at.unserved, 1.0)
    held_shape = (*at.people.shape[:3], len(network.site_ids))
    # (size, site) against (scenario, period, size, site)
    zone = at.zone.transpose(2, 1, 0)[None]
    room = rows.add(-np.inf, 0.0, held_shape)
    rows.put(room[..., site], at.people, 1.0)
    rows.put(room, zone, -network.capacity.T)
    least = np.where(network.usable.transpose(0, 2, 1)[:, :, None], network.least.T, 0)
    enough = rows.add(0.0, np.inf, held_shape)
    rows.put(enough[..., site], at.people, 1.0)
    rows.put(enough, zone, -least)
    strong = rows.add(-np.inf, 0.0, at.people.shape)
    rows.put(strong, at.people, 1.0)
    rows.put(strong, zone[..., site], -1.0 * network.people[:, :, None, network.reach])


def _budget(network: SitingNetwork, at: Columns, rows: Rows) -> None:
    """Money of every period; opening is paid when building begins."""
    site = np.repeat(np.arange(len(network.site_ids)), np.diff(network.starts))
    period = np.arange(network.people.shape[1])
    row = rows.add(-np.inf, network.budget, network.budget.shape)
    rows.put(row, at.zone, network.running[:, :, None])
    paid = np.maximum(period - network.lead[:, :, None], 0)
    rows.put(row[paid], at.opened, network.opening[:, :, None])
    each = network.chance[:, None, None, None] * network.each.T[:, site]
    rows.put(row[None, :, None, None], at.people, each)


def _tail(network: SitingNetwork, at: Columns, rows: Rows) -> None:
    """Loss of a scenario over the level."""
    over = rows.add(-np.inf, 0.0, network.chance.shape)
    rows.put(over[:, None, None], at.unserved, network.penalty)
    rows.put(over[:, None, None, None], at.people, network.cost)
    rows.put(over, at.excess, -1.0)
    rows.put(over, at.level, -1.0)


def solve_exact(network: SitingNetwork, *, gap: float = 0.0, seconds: float = 60.0) -> ZoneAnswer:
    """Solve a small siting problem with HiGHS.

    Parameters
    ----------
    gap
        Share of the plan's value by which it may pass the bound.
    seconds
        Time after which HiGHS stops.
    """
    began = process_time()
    program, at = write_out(network)
    found = minimise(program, gap=gap, seconds=seconds)
    desk = _desk_of(network, at, found)
    value = value_of(desk)[0]
    bound = min(found.bound, value)
    certificate = Certificate(
        value=value,
        bound=bound,
        gap=gap_between(value, bound),
        seconds=process_time() - began,
        method="one whole-number program in HiGHS, people rounded to whole ones",
        why_stopped=OUT_OF_TIME if found.state is State.TIME else str(found.state),
    )
    return answer_of(network, desk, certificate, cut=found.state is State.TIME)


def _desk_of(network: SitingNetwork, at: Columns, found: Outcome) -> Desk:
    """Put the zones of HiGHS on a desk and people into them, whole; as HiGHS has them if money is short."""
    case = case_of(network, network.chance)
    desk = empty_desk(network, case)
    if found.plan is None:
        return desk
    open_now = found.plan[at.zone] > 0.5
    paths = np.where(open_now.any(axis=1), open_now.argmax(axis=1) + 1, 0).astype(np.int64)
    everywhere = np.full(case.people.shape[0], np.inf)
    for site in np.flatnonzero(paths.any(axis=1)):
        open_zone(case, desk.state, int(site), paths[site], everywhere)
    if keeps_limits(network, desk):
        return desk
    desk = empty_desk(network, case)
    desk.state.sizes[:] = paths
    _whole_people(desk, found.plan[at.people].sum(axis=2).reshape(case.people.shape[0], -1))
    return desk if keeps_limits(network, desk) else empty_desk(network, case)


def _whole_people(desk: Desk, people: Floats) -> None:
    """Round people down; who is left over is unserved."""
    case, state = desk.case, desk.state
    state.flow[:] = np.floor(people + 1e-6).astype(np.int64)
    site = np.repeat(np.arange(case.allowed.shape[0]), np.diff(case.arcs.starts))
    for row in range(case.people.shape[0]):
        np.subtract.at(state.unserved[row], case.arcs.settlement, state.flow[row])
        np.add.at(state.held[row], site, state.flow[row])


def keeps_limits(network: SitingNetwork, desk: Desk) -> bool:
    """Whether a plan keeps every limit, counted from the plan alone."""
    scenarios, periods, _ = network.shape
    sizes = np.where(desk.state.sizes > 0, desk.state.sizes - 1, -1)
    try:
        count_again(network, ZonePlan(sizes=sizes, people=desk.state.flow.reshape(scenarios, periods, -1)))
    except ValueError:
        return False
    return True
