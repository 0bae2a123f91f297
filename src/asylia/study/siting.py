"""Search where zones could go in a case: a set of plans with bounds, the mediator's list, and what people would make of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from asylia.core.errors import SitingError
from asylia.model.case import Case
from asylia.model.plan import Plan
from asylia.model.siting_case import Limits, SitingPlan, Worth
from asylia.siting.case_plan import Effort
from asylia.siting.front import Front, chosen, sweep
from asylia.siting.worth import mediators_list
from asylia.study.siting_inputs import Search, prepare
from asylia.study.siting_loop import Tried, try_plans
from asylia.study.siting_question import Question

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sited:
    """What a search found.

    Parameters
    ----------
    taken
        The plans chosen to be tried, in order.
    none_of_these
        Why there is no plan, in words; empty where there are some.
    """

    search: Search
    limits: Limits
    front: Front
    worths: tuple[Worth, ...]
    taken: tuple[SitingPlan, ...]
    tried: tuple[Tried, ...]
    none_of_these: str = ""

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Plans as they are written."""
        return tuple(one.plan for one in self.tried if one.plan.zones)


def site(
    case: Case, question: Question, limits: Limits, *, choices: int, effort: Effort | None = None,
    tell: Tell | None = None,
) -> Sited:  # fmt: skip
    """Search, list what consent would be worth, and try the plans chosen with people who choose for themselves.

    That there is no plan is a result, and is said.

    Parameters
    ----------
    choices
        Plans to choose.
    """
    use = effort or Effort(gap=0.001, seconds=20.0)
    search = prepare(case, question)
    names = {actor.id: actor.name for actor in case.actors}
    if not search.case.allowed.any():
        return _nothing(search, limits, "Every candidate is left out, or its controller refuses.", names, use)
    try:
        front = sweep(search.case, limits, effort=use, tell=tell)
    except SitingError as error:
        return _nothing(search, limits, str(error), names, use)
    taken = chosen(front.plans, choices)
    why = "" if taken else "The plan that does least harm by these figures opens no zone."
    return Sited(
        search=search,
        limits=limits,
        front=front,
        worths=mediators_list(search.case, limits, search.sites, names, effort=use),
        taken=taken,
        tried=try_plans(case, search, taken, effort=use),
        none_of_these=why,
    )


def _nothing(search: Search, limits: Limits, why: str, names: dict[str, str], effort: Effort) -> Sited:
    """Say why there is no plan; what a consent would be worth can be said all the same."""
    worths: Sequence[Worth] = ()
    if search.sites:
        worths = mediators_list(search.case, limits, search.sites, names, effort=effort)
    return Sited(
        search=search, limits=limits, front=Front(plans=(), searched=0, beaten=0, none=0), worths=tuple(worths),
        taken=(), tried=(), none_of_these=why,
    )  # fmt: skip
