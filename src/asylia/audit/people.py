"""Conditions on people: who is admitted, asylum, return, services, participation. Asylum is looked at for every plan."""

from __future__ import annotations

from typing import Final

import polars as pl

from asylia.audit.citing import cite, cite_aim
from asylia.audit.facts import Facts, Result, day_words, join, told
from asylia.model.uncertain import Evidence

DISPLACED: Final = "displaced_people"
CONTAINING: Final = ("containment", "instead_of_resettlement")
SCHOOLING: Final = "education"
OPEN_TERM: Final = "asylum_open"
"""Term of a case that says whether the plan leaves asylum open, where the case has it."""


def leaving(facts: Facts) -> tuple[tuple[str, str], ...]:
    """List declared objectives that aim at people not leaving, or at zones in place of admission, with pointers."""
    return tuple(
        (aim.objective, cite(aim.source, aim.words)) for aim in facts.plan.aims if aim.kind in CONTAINING
    )


def right_to_leave(facts: Facts) -> Result:
    """L19: the way out of the country is open to people who flee."""
    shut = [way for way in facts.exits if not way.is_open]
    rows = tuple(dict.fromkeys(row for way in shut for row in way.closed_by))
    aims = leaving(facts)
    warning = f"Declared: {'; '.join(aim for aim, _ in aims)}." if aims else ""
    pointers = tuple(pointer for _, pointer in aims)
    if facts.plan.terms.get(OPEN_TERM) == ("no",):
        return Result(status="fail", found="The plan settles that asylum is not open.", warning=warning)
    if facts.exits and len(shut) == len(facts.exits):
        relies = " The plan aims at people not leaving while they cannot." if aims else ""
        found = f"On {day_words(facts.case.as_of)} no crossing is open to people who flee ({len(shut)} of {len(shut)} closed).{relies}"
        return Result(status="fail", found=found, evidence=(*pointers, *rows), warning=warning)
    if shut:
        found = f"{len(shut)} of {len(facts.exits)} crossings are closed to people on {day_words(facts.case.as_of)}. "
        return Result(
            status="unknown", found=found + _open_rule(facts), evidence=(*pointers, *rows), warning=warning
        )
    known = (
        "No crossing is known to be closed. "
        if facts.exits
        else "The case has no crossing to another country. "
    )
    return Result(status="unknown", found=known + _open_rule(facts), evidence=pointers, warning=warning)


def no_forced_arrival(facts: Facts) -> Result:
    """L20: what the plan aims at where people are moved; forced arrival itself is never in a simulation."""
    returning = [aim for aim in facts.plan.aims if aim.kind == "return"]
    pointers = tuple(cite_aim(aim.source, aim.words, aim.objective) for aim in returning)
    warning = "Return of people is an objective; whether by choice is not stated." if returning else ""
    return Result(status="unknown", found=forced(), evidence=pointers, warning=warning)


def forced() -> str:
    """Say what a simulation can and cannot tell of force."""
    return "Arrivals against people's will are not recorded in the case, and the model moves nobody by force."


def admission(facts: Facts) -> Result:
    """L13: admission against the legal form."""
    form = facts.plan.form.replace("_", " ") or "none stated"
    return Result(status="unknown", found=f"Legal form: {form}. {told(facts, 'who_is_admitted')}")


def distinction(facts: Facts) -> Result:
    """L29: a rule that admits by origin is flagged; whether the distinction is adverse is for people to judge."""
    limited = [zone for zone in facts.plan.zones if zone.admits_from]
    rows = tuple(f"plan: {zone.id} admits from {', '.join(zone.admits_from)}" for zone in limited)
    warning = "Admission depends on where people come from." if limited else ""
    return Result(status="unknown", found="No rule on distinction is stated.", evidence=rows, warning=warning)


def services(facts: Facts) -> Result:
    """L23: standard of living, from what the plan's sources provide with an amount."""
    return _provided(facts, schooling=False)


def schooling(facts: Facts) -> Result:
    """L24: education, likewise."""
    return _provided(facts, schooling=True)


def _provided(facts: Facts, *, schooling: bool) -> Result:
    """Judge by amounts of sources alone: amounts we assumed decide nothing.

    It fails if some provision of a source is short in nineteen runs of twenty; it never passes by a simulation.
    """
    element = "education" if schooling else "services"
    amounts = {
        service.indicator
        for service in facts.plan.services
        if (service.sector == SCHOOLING) == schooling
        and service.provides_for_people is not None
        and service.provides_for_people.evidence is not Evidence.ASSUMED
    }
    if facts.simulated is not None and amounts and not facts.simulated.needs.is_empty():
        rows = facts.simulated.needs.filter(
            pl.col("standard").is_in(sorted(amounts)) & (pl.col("shortfall_low") > 0)
        )
        if not rows.is_empty():
            short = join(sorted(set(rows["indicator"].to_list())))
            found = f"{told(facts, element)} Short on the worst day in nineteen runs of twenty: {short}."
            return Result(status="fail", found=found, evidence=("data/needs.csv",))
    is_named = facts.said[element][0] == "stated"
    named = " No amount is stated by a source." if is_named and not amounts else ""
    return Result(status="unknown", found=f"{told(facts, element)}{named}")


def voluntary_return(facts: Facts) -> Result:
    """L28: what is asked for before people go home, and whether the choice is theirs."""
    asked = [
        f"{r.area}, {r.trigger.replace('_', ' ')} ({cite(r.source, r.words)})" for r in facts.plan.returns
    ]
    triggers = (
        f" Triggers stated: {'; '.join(asked)}." if asked else " No trigger by place of origin is stated."
    )
    found = f"{told(facts, 'return_conditions')}{triggers} Nobody recorded what people intend."
    return Result(status="unknown", found=found)


def consulted(facts: Facts) -> Result:
    """L34: what displaced people said of the plan."""
    cells = [cell for cell in facts.stands for actor in facts.case.actors if _is_theirs(cell.actor, actor)]
    lines = [line for cell in cells for line in cell.lines if line.status == "confirmed"]
    if not lines:
        return Result(status="unknown", found="The case holds no statement of displaced people.")
    refused = [cell for cell in cells if cell.position == "refuses"]
    evidence = tuple(cite(f"statement {line.statement}, {line.source}", line.words) for line in lines)
    found = (
        "They are on record against it." if refused else "They are on record; whether they took part is not."
    )
    return Result(status="unknown", found=found, evidence=evidence)


def _is_theirs(cell_actor: str, actor: object) -> bool:
    return getattr(actor, "kind", "") == DISPLACED and getattr(actor, "id", "") == cell_actor


def _open_rule(facts: Facts) -> str:
    if facts.plan.terms.get(OPEN_TERM) == ("yes",):
        return "The plan settles that asylum stays open; no record that it does."
    return told(facts, "asylum_kept_open")
