"""What a proposal has to say before anybody can judge it, and what this one does not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from asylia.core.errors import Problem, nearest
from asylia.model.plan import NO_ZONE, Plan

Needed = Literal["always", "zone", "protection"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One thing a plan should say.

    Parameters
    ----------
    needed
        `always`; or only where there is a `zone`; or only where there is a zone or some other `protection`.
    """

    id: str
    question: str
    needed: Needed = "always"


def _element(name: str, question: str, needed: Needed = "always") -> Element:
    return Element(id=name, question=question, needed=needed)


ELEMENTS: Final = (
    _element("place", "Where is it?", "protection"),
    _element("limits", "Where exactly do its limits run?", "protection"),
    _element("size", "How large is it?", "zone"),
    _element("capacity", "How many people can it hold?", "zone"),
    _element("who_is_admitted", "Who is let in, and who decides?", "zone"),
    _element("opens", "When does it start?"),
    _element("duration", "How long does it last?"),
    _element("exit", "How does it end, and where do people go then?"),
    _element("legal_basis", "On what legal ground does it stand?"),
    _element("host_consent", "Does the state on whose land it lies agree?"),
    _element("armed_parties_consent", "Do all parties able to attack it agree not to?", "protection"),
    _element("administrator", "Who runs it day to day?", "zone"),
    _element("protection_force", "Who protects it, and with how many people?", "protection"),
    _element("rules_of_engagement", "When may the protectors use force?", "protection"),
    _element("air_cover", "Is it covered from the air, and by whom?", "protection"),
    _element("demilitarisation", "Are there armed people inside, and who checks?", "zone"),
    _element("supervision", "Who watches that the terms are kept?"),
    _element("supply_routes", "By which routes is it supplied, and who keeps them open?"),
    _element("services", "What services are there, and for how many people?"),
    _element("education", "Is there schooling, and for how many children?"),
    _element("budget", "What does it cost?"),
    _element("funding_source", "Who pays?"),
    _element("guarantor", "Who answers if a party breaks the terms?"),
    _element("asylum_kept_open", "Can people still leave the country and seek asylum?"),
    _element("return_conditions", "When do people go home, and do they decide themselves?"),
    _element("complaints_and_reporting", "Where can people complain, and who reports on abuse?"),
)
"""What every plan is asked, in the order of the report."""

SILENCES: Final[dict[str, type[pl.DataType]]] = {
    "element": pl.String,
    "question": pl.String,
    "status": pl.String,
    "by": pl.String,
}
REASONS: Final[dict[Needed, str]] = {
    "zone": "The plan sets up no zone.",
    "protection": "The plan sets up no zone and no other protection.",
}


def silences(plan: Plan) -> pl.DataFrame:
    """Say of each element whether the sources state it, we assumed it, nobody says, or it is not needed.

    Returns
    -------
    element, question, status (stated, assumed, silent, not needed), by: the pointer to who states it, the assumed value
    with its reason, why it is not needed, or blank. What the sources state comes before what we assumed.
    """
    rows = [(e.id, e.question, *_status(e, plan)) for e in ELEMENTS]
    return pl.DataFrame(rows, schema=SILENCES, orient="row")


def check_elements(plans: Sequence[Plan]) -> list[Problem]:
    """List keys of `stated` and `fills` that name no element."""
    known = [e.id for e in ELEMENTS]
    return [
        Problem(
            file=f"plans/{plan.id}.toml",
            column=column,
            value=name,
            must="names an element of the completeness list",
            mend=nearest(name, known) or f"Known elements: {', '.join(known)}.",
        )
        for plan in plans
        for column, names in (
            ("stated", list(plan.stated)),
            ("assumptions.fills", [a.fills for a in plan.assumptions if a.fills]),
        )
        for name in names
        if name not in known
    ]


def _status(element: Element, plan: Plan) -> tuple[str, str]:
    if plan.id == NO_ZONE:
        return "not needed", "Nothing is set up."
    if element.id in plan.stated:
        return "stated", plan.stated[element.id]
    filled = [a for a in plan.assumptions if a.fills == element.id]
    if filled:
        return "assumed", " ".join(f"{a.what}: {a.value.rstrip('.')}. {a.reason}" for a in filled)
    if _is_needed(element, plan):
        return "silent", ""
    return "not needed", REASONS[element.needed]


def _is_needed(element: Element, plan: Plan) -> bool:
    if element.needed == "always" or plan.zones:
        return True
    return element.needed == "protection" and plan.protection.logic != "none"
