"""A case as a program of whole and real numbers: columns, rows, and one linear expression for each objective.

Source: siting note, section 6.2. Columns are zones by size, people by arc and scenario, and a few that measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from asylia.model.siting_case import Limits, SitingCase

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MEASURES: Final = ("burden", "worst_area", "tail")
"""Objectives that need columns of their own."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arcs:
    """Who may go where: a group in a settlement and a site in reach, int64 (arc,) each."""

    group: Ints
    settlement: Ints
    site: Ints

    @property
    def count(self) -> int:
        """How many there are."""
        return self.site.size


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """Where the columns stand: zones (site x size) first, then people (scenario x arc), then what measures."""

    sites: int
    sizes: int
    arcs: Arcs
    scenarios: int

    @property
    def people_at(self) -> int:
        """First column of people."""
        return self.sites * self.sizes

    @property
    def burden_at(self) -> int:
        """Column of the burden; worst area, threshold of the tail and its excesses follow."""
        return self.people_at + self.scenarios * self.arcs.count

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return self.burden_at + 3 + self.scenarios


@dataclass(slots=True, kw_only=True, eq=False)
class Rows:
    """Rows that are collected block by block."""

    columns: int
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    blocks: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    count: int = 0

    def add(self, row: Ints, column: Ints, value: Floats, lower: Floats, upper: Floats) -> None:
        """Add a block; its rows are numbered from 0."""
        self.blocks.append((row + self.count, column, value))
        self.lower.append(lower)
        self.upper.append(upper)
        self.count += upper.size

    def at_most(self, row: Ints, column: Ints, value: Floats, upper: Floats) -> None:
        """Add a block without lower limits."""
        self.add(row, column, value, np.full(upper.size, -np.inf), upper)

    def one(self, weights: Floats, lower: float, upper: float) -> None:
        """Add one row given by its weights, float64 (column,)."""
        used = np.flatnonzero(weights)
        self.add(np.zeros_like(used), used, weights[used], np.array([lower]), np.array([upper]))

    def matrix(self) -> csr_array:
        """Put the blocks together."""
        row, column, value = (np.concatenate(part) for part in zip(*self.blocks, strict=True))
        return csr_array(coo_array((value, (row, column)), shape=(self.count, self.columns)))


def arcs_of(case: SitingCase) -> Arcs:
    """List who may go where: within the limit of the group, to a site that is allowed and has room."""
    there = case.people.sum(axis=0) > 0
    opened = case.allowed & (case.capacity.max(axis=1, initial=0) > 0)
    near = case.km[None, :, :] <= case.limit_km[:, None, None]
    group, settlement, site = np.nonzero(there[:, :, None] & near & opened[None, None, :])
    return Arcs(
        group=group.astype(np.int64), settlement=settlement.astype(np.int64), site=site.astype(np.int64)
    )


def layout_of(case: SitingCase) -> Layout:
    """Lay out the columns of a case."""
    return Layout(
        sites=len(case.sites), sizes=case.capacity.shape[1], arcs=arcs_of(case), scenarios=case.chance.size
    )


def expressions(case: SitingCase, layout: Layout, limits: Limits) -> dict[str, tuple[Floats, float]]:
    """Return every objective as weights, float64 (column,), and a constant."""
    arcs, people = layout.arcs, case.people.sum(axis=1).astype(np.float64)
    everybody = float(case.chance @ people.sum(axis=1))
    saved = case.events_home[arcs.settlement] - case.events_site[arcs.site]
    met = case.way_events[arcs.settlement, arcs.site] - saved
    found = {
        "unserved": (_by_arc(layout, case.chance, -np.ones(arcs.count)), everybody),
        "travel": (_by_arc(layout, case.chance, case.km[arcs.settlement, arcs.site]), 0.0),
        "exposure": (
            _by_arc(layout, case.chance, met),
            float(case.chance @ (people * case.events_home).sum(axis=1)),
        ),
        "cost": (_by_arc(layout, case.chance, case.each_usd[arcs.site]), 0.0),
    }
    found["cost"][0][: layout.people_at] = case.opening.ravel()
    for number, name in enumerate(MEASURES):
        weights = np.zeros(layout.columns)
        weights[layout.burden_at + number] = 1.0
        found[name] = (weights, 0.0)
    found["tail"][0][layout.burden_at + 3 :] = case.chance / max(limits.tail_share, 1e-9)
    return found


def largest(case: SitingCase, limits: Limits) -> dict[str, float]:
    """Return a number each objective cannot pass in a plan, at least a little above 0."""
    people = case.people.sum(axis=1).astype(np.float64)
    crowd = float(people.sum(axis=1).max(initial=0.0))
    far = float(np.max(case.km, where=np.isfinite(case.km), initial=0.0))
    on_way = float(np.max(case.way_events, where=np.isfinite(case.way_events), initial=0.0))
    there = float(max(case.events_home.max(initial=0.0), case.events_site.max(initial=0.0)))
    money = float(case.opening.max(axis=1, initial=0.0).sum()) + crowd * float(case.each_usd.max(initial=0.0))
    hosted = case.hosts > 0
    burden = crowd / float(case.hosts[hosted].min()) if hosted.any() else 1.0
    found = {
        "unserved": crowd, "travel": crowd * far, "exposure": crowd * (there + on_way),
        "cost": min(money, limits.budget_usd), "burden": burden, "worst_area": 1.0, "tail": crowd,
    }  # fmt: skip
    return {name: max(value, 1e-6) for name, value in found.items()}


def rows_of(case: SitingCase, layout: Layout, limits: Limits, measured: frozenset[str]) -> Rows:
    """Write every condition down.

    Parameters
    ----------
    measured
        Objectives of `MEASURES` that are used; the columns of others are left free of conditions.
    """
    rows = Rows(columns=layout.columns)
    _everybody_once(rows, case, layout)
    _room(rows, case, layout)
    _strong_links(rows, case, layout)
    _zones(rows, case, layout, limits)
    spent = expressions(case, layout, limits)["cost"][0]
    if np.isfinite(limits.budget_usd):
        rows.one(spent, -np.inf, limits.budget_usd)
    for period, budget in enumerate(limits.budgets_usd):
        if np.isfinite(budget):
            rows.one(spent * _of_period(case, layout, period), -np.inf, budget)
    if limits.least_use > 0:
        _least_use(rows, case, layout, limits)
    steps = {"burden": _burden, "worst_area": _worst_area, "tail": _tail}
    for name in MEASURES:
        if name in measured:
            steps[name](rows, case, layout)
    return rows


def _of_period(case: SitingCase, layout: Layout, period: int) -> Floats:
    """Mark what is paid in a period: zones set up for it, and people in its scenarios; float64 (column,)."""
    marks = np.zeros(layout.columns)
    marks[: layout.people_at] = 1.0
    marks[layout.people_at : layout.burden_at] = 1.0
    if case.opens.size:
        marks[: layout.people_at] = (case.paid == period).ravel()
        marks[layout.people_at : layout.burden_at] = np.repeat(case.period_of == period, layout.arcs.count)
    return marks


def _by_arc(layout: Layout, chance: Floats, amount: Floats) -> Floats:
    weights = np.zeros(layout.columns)
    weights[layout.people_at : layout.burden_at] = (chance[:, None] * amount[None, :]).ravel()
    return weights


def _people_columns(layout: Layout) -> tuple[Ints, Ints, Ints]:
    """Return scenario, arc and column of all people: int64 (scenario * arc,) each."""
    count = layout.arcs.count
    scenario = np.repeat(np.arange(layout.scenarios), count)
    arc = np.tile(np.arange(count), layout.scenarios)
    return scenario, arc, layout.people_at + scenario * count + arc


def _everybody_once(rows: Rows, case: SitingCase, layout: Layout) -> None:
    scenario, arc, column = _people_columns(layout)
    _, groups, settlements = case.people.shape
    row = (scenario * groups + layout.arcs.group[arc]) * settlements + layout.arcs.settlement[arc]
    used, row = np.unique(row, return_inverse=True)
    rows.at_most(row, column, np.ones(column.size), case.people.ravel()[used].astype(np.float64))


def _room(rows: Rows, case: SitingCase, layout: Layout) -> None:
    """Nobody beyond the room of the size chosen; nobody at all where consent is withdrawn."""
    scenario, arc, column = _people_columns(layout)
    row = scenario * layout.sites + layout.arcs.site[arc]
    zones = np.tile(np.arange(layout.people_at), layout.scenarios)
    of = np.repeat(np.arange(layout.scenarios), layout.people_at) * layout.sites + zones // layout.sizes
    works = case.usable[:, :, None] & case.works[:, None, :]
    room = -(case.capacity[None, :, :] * works).astype(np.float64).ravel()
    rows.at_most(
        np.concatenate((row, of)),
        np.concatenate((column, zones)),
        np.concatenate((np.ones(column.size), room)),
        np.zeros(layout.scenarios * layout.sites),
    )


def _strong_links(rows: Rows, case: SitingCase, layout: Layout) -> None:
    """People of a settlement go to a site only as far as it is open, mean over scenarios: this closes the gap early."""
    arcs, (scenario, arc, column) = layout.arcs, _people_columns(layout)
    # of a zone that opens later, only what comes after counts
    often = case.chance[:, None] * case.works
    mean = np.tensordot(often.T, case.people, axes=1)[:, arcs.group, arcs.settlement].T
    zones = (arcs.site[:, None] * layout.sizes + np.arange(layout.sizes)[None, :]).ravel()
    room = np.minimum(case.capacity[arcs.site] * often.sum(axis=0)[None, :], mean)
    rows.at_most(
        np.concatenate((arc, np.repeat(np.arange(arcs.count), layout.sizes))),
        np.concatenate((column, zones)),
        np.concatenate((case.chance[scenario], -room.ravel())),
        np.zeros(arcs.count),
    )


def _zones(rows: Rows, case: SitingCase, layout: Layout, limits: Limits) -> None:
    """One size a site, so many zones, none too near to or too far from another."""
    zones = np.arange(layout.people_at)
    rows.at_most(zones // layout.sizes, zones, np.ones(zones.size), np.ones(layout.sites))
    every = np.zeros(layout.columns)
    every[zones] = 1.0
    rows.one(every, float(limits.fewest_zones), float(limits.most_zones))
    apart = case.apart_km
    wrong = np.triu((apart < limits.nearest_km) | (apart > limits.farthest_km), k=1)
    first, second = np.nonzero(wrong)
    sizes = np.arange(layout.sizes)
    for site, other in zip(first, second, strict=True):
        both = np.concatenate((site * layout.sizes + sizes, other * layout.sizes + sizes))
        rows.at_most(np.zeros_like(both), both, np.ones(both.size), np.ones(1))


def _least_use(rows: Rows, case: SitingCase, layout: Layout, limits: Limits) -> None:
    scenario, arc, column = _people_columns(layout)
    zones, share = np.arange(layout.people_at), case.chance @ case.works
    rows.at_most(
        np.concatenate((layout.arcs.site[arc], zones // layout.sizes)),
        np.concatenate((column, zones)),
        np.concatenate((-case.chance[scenario], limits.least_use * (case.capacity * share).ravel())),
        np.zeros(layout.sites),
    )


def _burden(rows: Rows, case: SitingCase, layout: Layout) -> None:
    scenario, arc, column = _people_columns(layout)
    site = layout.arcs.site[arc]
    known = case.hosts[site] > 0
    row = (scenario * layout.sites + site)[known]
    everywhere = np.arange(layout.scenarios * layout.sites)
    rows.at_most(
        np.concatenate((row, everywhere)),
        np.concatenate((column[known], np.full(everywhere.size, layout.burden_at))),
        np.concatenate((1.0 / case.hosts[site[known]], np.full(everywhere.size, -1.0))),
        np.zeros(everywhere.size),
    )


def _worst_area(rows: Rows, case: SitingCase, layout: Layout) -> None:
    """At least the share left without shelter in every area: people less those served, over people."""
    scenario, arc, column = _people_columns(layout)
    by_place = np.tensordot(case.chance, case.people.sum(axis=1), axes=1)
    people = np.bincount(case.area_of, weights=by_place, minlength=len(case.areas))
    area = case.area_of[layout.arcs.settlement[arc]]
    every = np.flatnonzero(people > 0)
    rows.at_most(
        np.concatenate((np.searchsorted(every, area), np.arange(every.size))),
        np.concatenate((column, np.full(every.size, layout.burden_at + 1))),
        np.concatenate((-case.chance[scenario] / people[area], np.full(every.size, -1.0))),
        np.full(every.size, -1.0),
    )


def _tail(rows: Rows, case: SitingCase, layout: Layout) -> None:
    """Excess of a scenario over the threshold: people less those served, less the threshold."""
    scenario, _, column = _people_columns(layout)
    people = case.people.sum(axis=(1, 2)).astype(np.float64)
    every = np.arange(layout.scenarios)
    rows.at_most(
        np.concatenate((scenario, every, every)),
        np.concatenate((column, np.full(every.size, layout.burden_at + 2), layout.burden_at + 3 + every)),
        np.concatenate((np.full(column.size, -1.0), np.full(2 * every.size, -1.0))),
        -people,
    )


def upper_limits(case: SitingCase, layout: Layout, most: Mapping[str, float]) -> Floats:
    """Return the upper limit of every column."""
    upper = np.full(layout.columns, np.inf)
    offered = (case.capacity > 0) & case.allowed[:, None]
    upper[: layout.people_at] = offered.ravel().astype(np.float64)
    group, settlement = layout.arcs.group, layout.arcs.settlement
    upper[layout.people_at : layout.burden_at] = case.people[:, group, settlement].astype(np.float64).ravel()
    upper[layout.burden_at : layout.burden_at + 2] = most["burden"], most["worst_area"]
    upper[layout.burden_at + 2 :] = most["tail"]
    return upper
