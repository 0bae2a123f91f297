"""Small siting cases for tests, and the best plan of one found by trying everything."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from asylia.model.siting_case import Limits, SitingCase
from asylia.siting.periods import staged


@st.composite
def siting_cases(draw, *, most_sites=3):
    """Draw a case with a few settlements, sites, sizes, scenarios and groups."""
    number = st.integers(0, 2**31)
    luck = np.random.default_rng(draw(number))
    m, n = int(luck.integers(1, 4)), int(luck.integers(1, most_sites + 1))
    groups, scenarios, sizes = int(luck.integers(1, 3)), int(luck.integers(1, 3)), int(luck.integers(1, 3))
    capacity = np.cumsum(luck.integers(0, 30, (n, sizes)), axis=1)
    capacity[luck.random(n) < 0.1] = 0
    km = luck.integers(1, 100, (m, n)).astype(float)
    km[luck.random((m, n)) < 0.15] = np.inf
    spots = luck.integers(0, 60, n).astype(float)
    chance = luck.integers(1, 5, scenarios).astype(float)
    return SitingCase(
        settlements=tuple(f"p{i}" for i in range(m)),
        sites=tuple(f"s{j}" for j in range(n)),
        groups=tuple(f"g{k}" for k in range(groups)),
        areas=("north", "south"),
        people=luck.integers(0, 25, (scenarios, groups, m)),
        chance=chance / chance.sum(),
        area_of=luck.integers(0, 2, m),
        km=km,
        limit_km=luck.integers(30, 120, groups).astype(float),
        way_events=np.where(np.isfinite(km), luck.random((m, n)), np.inf),
        events_home=luck.random(m) * 3,
        events_site=luck.random(n) * 3,
        capacity=capacity,
        opening=capacity * 10.0 + 50.0,
        each_usd=luck.integers(1, 20, n).astype(float),
        hosts=luck.integers(0, 200, n).astype(float),
        allowed=luck.random(n) < 0.9,
        usable=luck.random((scenarios, n)) < 0.9,
        apart_km=np.abs(spots[:, None] - spots[None, :]),
    )


@st.composite
def staged_cases(draw, *, most_sites=2):
    """Draw a case of two periods, with the time it takes to set each zone up."""
    case = draw(siting_cases(most_sites=most_sites))
    luck = np.random.default_rng(draw(st.integers(0, 2**31)))
    half = case.chance.size
    twice = replace(
        case, people=np.concatenate((case.people, luck.integers(0, 25, case.people.shape))),
        chance=np.tile(case.chance, 2) / 2.0, usable=np.tile(case.usable, (2, 1)),
    )  # fmt: skip
    lead = luck.choice([0, 0, 1, 2], len(case.sites))
    return staged(twice, np.repeat([0, 1], half), lead)


@st.composite
def limits_for(draw, case):
    """Draw limits: each kind now and then."""
    maybe = st.booleans()
    crowd = float(case.people.sum(axis=(1, 2)).max())
    at_most = {}
    for name, top in (("travel", crowd * 40), ("cost", 900.0), ("burden", 0.6), ("exposure", crowd * 4)):
        if draw(st.integers(0, 4)) == 0:
            at_most[name] = draw(st.floats(0.2, 1.0)) * top
    if draw(st.integers(0, 4)) == 0:
        at_most["worst_area"] = draw(st.floats(0.5, 1.0))
    if draw(st.integers(0, 4)) == 0:
        at_most["tail"] = draw(st.floats(0.3, 1.0)) * crowd
    return Limits(
        most_zones=draw(st.integers(1, 3)),
        fewest_zones=draw(st.sampled_from([0, 0, 0, 1])),
        budget_usd=draw(st.sampled_from([float("inf"), 300.0, 900.0])),
        nearest_km=draw(st.sampled_from([0.0, 20.0])) if draw(maybe) else 0.0,
        farthest_km=draw(st.sampled_from([float("inf"), 30.0])),
        least_use=draw(st.sampled_from([0.0, 0.0, 0.5])),
        tail_share=draw(st.sampled_from([0.3, 0.6])),
        at_most=at_most,
    )


def by_trying(case: SitingCase, limits: Limits, aim: str) -> float | None:
    """Give the least value of an objective: every choice of sizes, and for each a linear program made row by row."""
    options = [
        [-1, *(k for k in range(case.capacity.shape[1]) if case.capacity[j, k] > 0 and case.allowed[j])]
        for j in range(len(case.sites))
    ]
    values = [_best_people(case, limits, aim, sizes) for sizes in itertools.product(*options)]
    found = [value for value in values if value is not None]
    return min(found) if found else None


def _best_people(case, limits, aim, sizes):  # noqa: C901, PLR0912, PLR0915 -- every condition stands here once more, plainly
    opened = [j for j, k in enumerate(sizes) if k >= 0]
    if not limits.fewest_zones <= len(opened) <= limits.most_zones:
        return None
    for one, two in itertools.combinations(opened, 2):
        if not limits.nearest_km <= case.apart_km[one, two] <= limits.farthest_km:
            return None
    scenarios, groups, m = case.people.shape
    cells = list(itertools.product(range(scenarios), range(groups), range(m), opened))
    extra = len(cells)
    threshold, excess, worst, burden = extra, extra + 1, extra + 1 + scenarios, extra + 2 + scenarios
    width = burden + 1
    rows, tops = [], []

    def row(pairs, top):
        new = np.zeros(width)
        for column, value in pairs:
            new[column] += value
        rows.append(new)
        tops.append(top)

    for s, g, i in itertools.product(range(scenarios), range(groups), range(m)):
        row([(c, 1) for c, x in enumerate(cells) if x[:3] == (s, g, i)], case.people[s, g, i])
    for s, j in itertools.product(range(scenarios), opened):
        inside = [(c, 1) for c, x in enumerate(cells) if (x[0], x[3]) == (s, j)]
        row(inside, case.capacity[j, sizes[j]] * case.usable[s, j] * case.works[s, sizes[j]])
        if case.hosts[j] > 0:
            row([(c, 1 / case.hosts[j]) for c, _ in inside] + [(burden, -1)], 0)
    for j in opened:
        used = [(c, -case.chance[x[0]]) for c, x in enumerate(cells) if x[3] == j]
        row(used, -limits.least_use * case.capacity[j, sizes[j]] * (case.chance @ case.works[:, sizes[j]]))
    for period, budget in enumerate(limits.budgets_usd):
        if not np.isfinite(budget):
            continue
        paid = sum(case.opening[j, sizes[j]] for j in opened if case.paid[j, sizes[j]] == period)
        spent = [
            (c, case.chance[s] * case.each_usd[j])
            for c, (s, _, _, j) in enumerate(cells)
            if case.period_of[s] == period
        ]
        row(spent, budget - paid)
    for s in range(scenarios):
        served = [(c, -1) for c, x in enumerate(cells) if x[0] == s]
        row([*served, (threshold, -1), (excess + s, -1)], -case.people[s].sum())
    mean = np.einsum("s,sgi->i", case.chance, case.people)
    for area in range(2):
        there = sum(mean[i] for i in range(m) if case.area_of[i] == area)
        if there > 0:
            served = [
                (c, -case.chance[x[0]] / there) for c, x in enumerate(cells) if case.area_of[x[2]] == area
            ]
            row([*served, (worst, -1)], -1)
    lines = {
        name: np.zeros(width)
        for name in ("unserved", "travel", "exposure", "cost", "burden", "worst_area", "tail")
    }
    fixed = dict.fromkeys(lines, 0.0)
    fixed["unserved"] = mean.sum()
    fixed["exposure"] = mean @ case.events_home
    fixed["cost"] = sum(case.opening[j, sizes[j]] for j in opened)
    for c, (s, _, i, j) in enumerate(cells):
        weight = case.chance[s]
        lines["unserved"][c] = -weight
        if np.isfinite(case.km[i, j]):
            lines["travel"][c] = weight * case.km[i, j]
            lines["exposure"][c] = weight * (
                case.way_events[i, j] + case.events_site[j] - case.events_home[i]
            )
        lines["cost"][c] = weight * case.each_usd[j]
    lines["burden"][burden] = lines["worst_area"][worst] = lines["tail"][threshold] = 1.0
    lines["tail"][excess:worst] = case.chance / limits.tail_share
    for name, top in [*limits.at_most.items(), ("cost", limits.budget_usd)]:
        if np.isfinite(top):
            rows.append(lines[name])
            tops.append(top - fixed[name])
    bounds = [(0, None) if case.km[i, j] <= case.limit_km[g] else (0, 0) for _, g, i, j in cells] + [
        (0, None)
    ] * (width - extra)
    done = linprog(lines[aim], A_ub=np.array(rows), b_ub=np.array(tops), bounds=bounds)
    return float(done.fun + fixed[aim]) if done.status == 0 else None
