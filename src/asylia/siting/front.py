"""A set of plans of which none is better than another in everything, each with a bound.

One objective is made least while another is held below a step of its range, then the next step. So every plan stands for
one cell, and between its value and its bound lies the band in which the best plan of that cell must be.

Source: Mavrotas (2009), Applied Mathematics and Computation 213, 455-465 (AUGMECON).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.errors import SitingError
from asylia.model.siting_case import OBJECTIVES, Limits, SitingCase, SitingPlan
from asylia.siting.case_large import aims_of, held_of, many_ways
from asylia.siting.case_plan import Effort, find_plan

FROM_NOTHING: Final = ("travel", "cost", "burden")
"""Objectives that are nothing where nobody is sheltered: their range starts there, and nobody needs to search for it."""
HELD: Final = ("travel", "exposure", "cost", "burden", "worst_area", "tail")
STEPS: Final = (0.1, 0.25, 0.4, 0.6, 0.8)
LARGE_STEPS: Final = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
SAME: Final = 1e-4
"""Two values that differ by less than this share count as the same."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Front:
    """What a sweep found.

    Parameters
    ----------
    plans
        None better than another in everything, in the order of people left without shelter.
    searched, beaten, none
        Cells searched, plans beaten by another plan, cells without a plan.
    """

    plans: tuple[SitingPlan, ...]
    searched: int
    beaten: int
    none: int


def sweep(
    case: SitingCase, limits: Limits, *, effort: Effort | None = None, steps: Sequence[float] = STEPS,
    tell: Tell | None = None,
) -> Front:  # fmt: skip
    """Search cell after cell.

    Parameters
    ----------
    steps
        Shares of the range of each objective at which it is held.
    tell
        Called with cells searched, and all cells.
    """
    use = effort or Effort()
    large = many_ways(case)
    best = find_plan(case, limits, effort=use)
    extremes = {
        name: find_plan(case, limits, aim=name, effort=use)
        for name in HELD
        if name not in FROM_NOTHING and (not large or name in aims_of(case, limits))
    }
    # of a large case only some can be held: they are held at more steps
    cells = _cells(limits, best, extremes, LARGE_STEPS if large else steps, held_of(case) if large else HELD)
    found, none, total = [best, *extremes.values()], 0, len(cells) + 1 + len(extremes)
    for number, cell in enumerate(cells):
        try:
            found.append(find_plan(case, cell, effort=use))
        except SitingError:
            none += 1
        if tell is not None:
            tell(number + 2 + len(extremes), total)
    plans = tuple(sorted(not_beaten(found), key=_order))
    return Front(plans=plans, searched=total, beaten=len(found) - len(plans), none=none)


def not_beaten(plans: Sequence[SitingPlan]) -> list[SitingPlan]:
    """Leave out plans that another beats: no worse in anything, better in something; of equals the first stays."""
    table = values_of(plans)
    kept = []
    for row, plan in enumerate(plans):
        within = np.maximum(np.abs(table[row]), 1e-9) * SAME
        no_worse = np.all(table <= table[row] + within, axis=1)
        better = np.any(table < table[row] - within, axis=1)
        same_before = no_worse & ~better & (np.arange(len(plans)) < row)
        if not np.any((no_worse & better) | same_before):
            kept.append(plan)
    return kept


def values_of(plans: Sequence[SitingPlan]) -> NDArray[np.float64]:
    """Return the objectives of plans, float64 (plan, objective)."""
    return np.array([[plan.values[name] for name in OBJECTIVES] for plan in plans]).reshape(
        -1, len(OBJECTIVES)
    )


def chosen(plans: Sequence[SitingPlan], count: int) -> tuple[SitingPlan, ...]:
    """Take the plan that leaves fewest without shelter, then those most unlike the ones taken, with other zones or sizes."""
    table = values_of(plans)
    spread = np.ptp(table, axis=0) if len(plans) else np.ones(len(OBJECTIVES))
    scaled = table / np.where(spread > 0, spread, 1.0)
    useful = [at for at, plan in enumerate(plans) if plan.open_sites]
    taken: list[int] = useful[:1]
    while len(taken) < count:
        shapes = {plans[at].size.tobytes() for at in taken}
        left = [at for at in useful if plans[at].size.tobytes() not in shapes]
        if not left:
            break
        far = [float(np.abs(scaled[at] - scaled[taken]).sum(axis=1).min()) for at in left]
        taken.append(left[int(np.argmax(far))])
    return tuple(plans[at] for at in taken)


def _cells(
    limits: Limits,
    best: SitingPlan,
    extremes: dict[str, SitingPlan],
    steps: Sequence[float],
    held: Sequence[str],
) -> list[Limits]:
    cells = []
    for name in held:
        low = extremes[name].values[name] if name in extremes else 0.0
        high = best.values[name]
        if high <= low * (1 + SAME) + 1e-9:
            continue
        for step in steps:
            at_most = {**limits.at_most, name: low + step * (high - low)}
            cells.append(replace(limits, at_most=at_most))
    return cells


def _order(plan: SitingPlan) -> tuple[float, ...]:
    return tuple(plan.values[name] for name in OBJECTIVES)
