"""From a plan of the search to a plan a person can read, change and argue with: every number with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from asylia.core.units import DAYS_PER_YEAR
from asylia.model.case import Case
from asylia.model.plan import Assumption, Cost, Plan, Protection, Service, Zone
from asylia.model.siting_case import OBJECTIVES, SitingPlan
from asylia.model.uncertain import Evidence, Uncertain, fixed
from asylia.need.profiles import requirements_of
from asylia.study.siting_ground import plan_of_terms
from asylia.study.siting_inputs import Search
from asylia.study.siting_question import LEAD_DAYS, prices

SERVICES: Final = ("water", "toilets", "ground", "covered_area", "health_posts", "schooling")
"""Measures a proposal is written to meet, where the case's profile has them."""
BY_SEARCH: Final = "Proposed by the search, not by a party."


def plan_of(
    case: Case, search: Search, found: SitingPlan, number: int, room: Sequence[int] | None = None
) -> Plan:
    """Write a plan of the search as a plan of the case.

    Parameters
    ----------
    number
        From 1; it names the plan.
    room
        People each open zone is planned for, in the order of the sites; the sizes chosen if not given.
    """
    name = f"site-{number}"
    opened = found.open_sites
    people = [int(search.case.capacity[j, found.size[j]]) for j in opened] if room is None else list(room)
    zones = tuple(
        _zone(search, j, holds, int(found.size[j]))
        for j, holds in zip(opened, people, strict=True)
        if holds > 0
    )
    taken = plan_of_terms(case, search.question.terms_of) if search.question.terms_of else None
    total = sum(int(zone.capacity_people.high) for zone in zones)
    return Plan(
        id=name,
        title=f"Found by search {number}",
        summary=(
            f"{BY_SEARCH} Zones for {total:,} people in {len(zones)} places. Nobody has been asked, and nothing here says "
            "that anybody would agree, or that anybody should move."
        ),
        zones=zones,
        terms=dict(taken.terms) if taken else {},
        services=_services(case, zones),
        protection=taken.protection if taken else Protection(),
        costs=_costs(total),
        assumptions=_assumptions(search, found, zones),
    )


def _zone(search: Search, site: int, people: int, size: int) -> Zone:
    where, room = search.sites[site], search.rooms[site]
    why = f"{BY_SEARCH} At most {room.people:,} by the least of the standards: {room.binding}."
    area = None
    if where.area_km2 is not None:
        area = fixed(where.area_km2, evidence=Evidence.DERIVED, why="Area of the polygon that was given.")
    return Zone(
        id=f"zone-{where.id}",
        name=where.name,
        place=where.place,
        capacity_people=fixed(people, evidence=Evidence.ASSUMED, why=why),
        opens=search.opens_as(size),
        area_km2=area,
        outline=where.outline,
    )


def _services(case: Case, zones: Sequence[Zone]) -> tuple[Service, ...]:
    needs = {need.measure.id: need for need in requirements_of(case)}
    return tuple(
        Service(
            sector=needs[measure].sector,
            indicator=needs[measure].standard.id,
            zone=zone.id,
            provides_for_people=fixed(
                zone.capacity_people.high,
                evidence=Evidence.ASSUMED,
                why=f"{BY_SEARCH} For everybody the zone holds.",
            ),
        )
        for zone in zones
        for measure in SERVICES
        if measure in needs
    )


def _costs(people: int) -> tuple[Cost, ...]:
    cost = prices()
    if not people:
        return ()
    return (
        Cost(
            item="Relief for people in the zones", per="person_year",
            usd=_range(*cost.year, f"{cost.sources} The search counts with the middle."),
        ),
        Cost(
            item="Shelter and site, set up", per="once", kind="set_up",
            usd=_range(cost.set_up[0] * people, cost.set_up[1] * people, f"{cost.sources} Times the room of all zones."),
        ),
    )  # fmt: skip


def _range(low: float, high: float, why: str) -> Uncertain:
    return Uncertain(low=low, high=high, shape="log", evidence=Evidence.DERIVED, why=why)


def _assumptions(search: Search, found: SitingPlan, zones: Sequence[Zone]) -> tuple[Assumption, ...]:
    aim = OBJECTIVES[found.aim][0].lower()
    held = "; ".join(
        f"{OBJECTIVES[n][0].lower()} at most {top:,.4g}" for n, top in found.limits.at_most.items()
    )
    gap = (
        f"within {found.certificate.gap:.2%} of the bound"
        if found.certificate.gap < 1
        else "without a bound of use"
    )
    keep, ask = search.question.keep, search.question
    who = sorted({search.sites[j].controller or "unknown" for j in found.open_sites})
    lines = (
        ("Where the zones lie", ", ".join(zone.name for zone in zones) or "nowhere", "place",
         f"{BY_SEARCH} Least: {aim}{'; held: ' + held if held else ''}; {gap}."),
        ("People each zone can hold", ", ".join(f"{z.name} {int(z.capacity_people.high):,}" for z in zones) or "none", "capacity",
         f"{BY_SEARCH} Never more than the least of the standards that can be worked out."),
        ("First day", _first_days(search, zones), "opens", f"{BY_SEARCH} {_lead_said(search)}"),
        ("How long money is needed", f"{search.years * DAYS_PER_YEAR:.0f} days", "duration",
         f"{BY_SEARCH} To the end of the time looked at. No end was agreed with anybody."),
        ("Services", "For everybody each zone holds", "services",
         f"{BY_SEARCH} Sized by the standards of the case; nobody has promised them."),
        ("What it costs", "Set-up and relief", "budget", f"{BY_SEARCH} {prices().sources}"),
        ("Consent of those who hold the ground", ", ".join(who), "",
         "Nobody has been asked. Unknown stays unknown; a site is left out only where its controller refuses."),
        ("Distances kept", (f"{keep.front_km:g} km from districts with {keep.fighting_a_week:g} lethal events a week or more, "
         f"{keep.border_km:g} km from borders"), "", "Chosen for the search; the published figure for refugees is 50 km (SIT-11)."),
        ("How far people go", f"{ask.reach_km:g} km, {ask.hard_reach_km:g} km for people for whom travel is hard", "",
         "Assumed. Nobody is assigned: the simulation lets people choose."),
    )  # fmt: skip
    return tuple(
        Assumption(what=what, value=value, reason=why, fills=fills) for what, value, fills, why in lines
    )


def _first_days(search: Search, zones: Sequence[Zone]) -> str:
    if not search.starts:
        return search.opens.isoformat()
    return ", ".join(f"{zone.name} {zone.opens.isoformat()}" for zone in zones) or "none"


def _lead_said(search: Search) -> str:
    """Say how long it takes to set a zone up, and who says so."""
    asked = search.question.lead_days
    if asked is not None:
        return f"{asked} days, as was asked for, to ask, agree and set up; a zone opens at the start of a period."
    return f"{LEAD_DAYS} days, or half the time looked at, to ask, agree and set up; assumed."
