"""Plans of the search, tried with people who choose for themselves.

The search counts on people going where there is room. Here nobody is sent anywhere: zones are simulated, and where fewer
come than planned, the search is asked again with the people who came in place of the room (a capacity corrected by
attraction), and room that nobody would use is taken out of the plan, until both agree or it is said that they do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.core.errors import SitingError
from asylia.model.case import Case
from asylia.model.plan import Plan
from asylia.model.siting_case import SitingCase, SitingPlan
from asylia.siting.case_plan import Effort, find_plan
from asylia.study.members import Task, work
from asylia.study.movement import own_rules
from asylia.study.settings import Settings
from asylia.study.siting_inputs import Search
from asylia.study.siting_plans import plan_of

AGREE: Final = 0.10
ROUNDS: Final = 5

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tried:
    """One plan of the search and what people made of it.

    Parameters
    ----------
    found
        As the search found it.
    plan
        As it is written: room cut to those who would come.
    sites
        Sites of its zones.
    first_planned, first_simulated
        float64 (zone,), people at the end before anything was corrected: what obedience would have been needed for.
    planned, simulated
        float64 (zone,), people at the end after the last round, mean over scenarios and over members.
    apart
        Sum of the differences over people planned.
    rounds
        How often the room was corrected.
    """

    found: SitingPlan
    plan: Plan
    sites: tuple[int, ...]
    first_planned: Floats
    first_simulated: Floats
    planned: Floats
    simulated: Floats
    apart: float
    rounds: int

    @property
    def agrees(self) -> bool:
        """Whether plan and simulation agree within a tenth."""
        return self.apart <= AGREE


def try_plans(
    case: Case, search: Search, found: Sequence[SitingPlan], *, effort: Effort | None = None
) -> tuple[Tried, ...]:
    """Try each plan with people who choose for themselves, and correct its room by who came."""
    return tuple(_try(case, search, one, number, effort or Effort()) for number, one in enumerate(found, 1))


def simulated_people(case: Case, search: Search, plan: Plan) -> dict[str, tuple[float, float]]:
    """Return people in each zone on the last day over the members in which it still stands: mean, and 95th percentile."""
    question = search.question
    settings = Settings(
        members=question.members, days=7 * search.weeks[-1], seed=question.seed, movement=own_rules(case)
    )
    pieces = [
        work(Task(case=case, plans=(plan,), settings=settings, members=members)).plans[plan.id]
        for members in settings.chunks
    ]
    people = np.concatenate([piece["zone_people"] for piece in pieces])[:, :, -1].astype(np.float64)
    stands = np.concatenate([piece["overrun_day"] for piece in pieces]) < 0
    found = {}
    for column, zone in enumerate(sorted(zone.id for zone in plan.zones)):
        there = people[stands[:, column], column]
        found[zone] = (float(there.mean()), float(np.percentile(there, 95.0))) if there.size else (0.0, 0.0)
    return found


def _try(case: Case, search: Search, found: SitingPlan, number: int, effort: Effort) -> Tried:
    sites = found.open_sites
    room = np.array([search.case.capacity[j, found.size[j]] for j in sites], dtype=np.int64)
    planned, rounds = _planned(search, found, sites), 0
    plan = plan_of(case, search, found, number, room.tolist())
    came, most = _came(case, search, plan, sites)
    first = planned, came
    while _apart(planned, came) > AGREE and rounds < ROUNDS and room.any():
        rounds += 1
        room = np.minimum(room, np.ceil(most).astype(np.int64))
        planned = _planned_again(search, found, sites, room, came, effort)
        plan = plan_of(case, search, found, number, room.tolist())
        came, most = _came(case, search, plan, sites)
    return Tried(
        found=found,
        plan=plan,
        sites=sites,
        first_planned=first[0],
        first_simulated=first[1],
        planned=planned,
        simulated=came,
        apart=_apart(planned, came),
        rounds=rounds,
    )


def _came(case: Case, search: Search, plan: Plan, sites: Sequence[int]) -> tuple[Floats, Floats]:
    people = simulated_people(case, search, plan) if plan.zones else {}
    came = np.array([people.get(f"zone-{search.sites[j].id}", (0.0, 0.0)) for j in sites]).reshape(-1, 2)
    return came[:, 0], came[:, 1]


def _planned(search: Search, found: SitingPlan, sites: Sequence[int]) -> Floats:
    """Return people planned at the end of the last week, float64 (zone,), mean over its scenarios."""
    of_last = _last_week(search)
    chance = search.case.chance * of_last
    mean: Floats = chance @ found.occupancy[:, list(sites)] / chance.sum()
    return mean


def _last_week(search: Search) -> NDArray[np.bool_]:
    """Say which scenarios are of the last week: the later half of those without a withdrawal, and so on."""
    each = search.case.chance.size // (1 + len(search.question.withdraws))
    one = np.arange(each) >= each - each // len(search.weeks)
    last: NDArray[np.bool_] = np.zeros(search.case.chance.size, dtype=np.bool_)
    last[:each] = one
    return last


def _planned_again(
    search: Search,
    found: SitingPlan,
    sites: Sequence[int],
    room: NDArray[np.int64],
    came: Floats,
    effort: Effort,
) -> Floats:
    """Search again for the same zones, each with the people who came for its capacity; all the room is paid for."""
    was, periods = search.case, search.case.periods
    capacity = np.zeros((len(search.sites), periods), dtype=np.int64)
    opening = np.zeros(capacity.shape)
    offered = was.capacity > 0
    per_person = float(np.max(was.opening[offered] / was.capacity[offered], initial=0.0))
    # a zone opens in the period in which it opened
    opens = was.opens[found.size[list(sites)]] if was.opens.size else 0
    capacity[list(sites), opens] = np.minimum(np.ceil(came).astype(np.int64), room)
    opening[list(sites), opens] = room * per_person
    each = was.opens[:periods], was.paid[:, :periods]
    case: SitingCase = replace(was, capacity=capacity, opening=opening, opens=each[0], paid=each[1])
    limits = replace(found.limits, fewest_zones=0, at_most={}, least_use=0.0)
    try:
        again = find_plan(case, limits, effort=effort)
    except SitingError:
        return np.zeros(len(sites))
    return _planned(search, again, sites)


def _apart(planned: Floats, came: Floats) -> float:
    """Return the sum of differences over people planned; 0 where nobody is planned and nobody came."""
    people = max(float(planned.sum()), float(came.sum()))
    return float(np.abs(planned - came).sum()) / people if people > 0 else 0.0
