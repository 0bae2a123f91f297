"""What consent to the plans turns on, put together for each audience."""

from __future__ import annotations

from asylia.consent.brief import findings_for
from asylia.consent.doubt import draw_worlds, shares
from asylia.consent.hold import hold, lines
from asylia.consent.readings import spoken
from asylia.consent.space import make_space, package_of
from asylia.model.actors import Statement
from asylia.model.agreement import Agreement, PlanHold
from asylia.model.case import Case
from asylia.model.plan import Plan

WORLDS = 1000
"""Worlds drawn for the share in which nobody refuses: enough for tenths."""


def agreements(case: Case, plans: tuple[Plan, ...], seed: int) -> dict[str, Agreement]:
    """Work out what consent turns on for the public and for partners.

    The public one leaves statements marked sensitive out from the start, so nothing of them can be read off it.
    """
    if not case.terms or not case.statements:
        return {}
    told = _agreement(case, plans, case.statements, seed)
    if not any(statement.sensitive for statement in case.statements):
        return {"public": told, "partners": told}
    open_ones = tuple(statement for statement in case.statements if not statement.sensitive)
    return {"public": _agreement(case, plans, open_ones, seed), "partners": told}


def _agreement(
    case: Case, plans: tuple[Plan, ...], statements: tuple[Statement, ...], seed: int
) -> Agreement:
    brief = findings_for(plans, case.actors, statements, case.terms, floor=case.floor, seed=seed)
    holds = tuple(_hold(case, plan, statements, seed) for plan in plans if plan.zones)
    return Agreement(brief=brief, holds=holds)


def _hold(case: Case, plan: Plan, statements: tuple[Statement, ...], seed: int) -> PlanHold:
    space = make_space(case.terms)
    holders = [actor.id for actor in case.actors if actor.vetoes]
    worlds = draw_worlds(spoken(case.actors, statements, space), seed=seed, members=WORLDS)
    drawn = shares(worlds, [package_of(plan.terms, space)], holders)
    found = hold(plan, case.actors, statements, case.terms, worlds=~drawn.refuses[:, 0])
    return PlanHold(plan=plan.id, **lines(found, case.actors, case.terms))
