"""What must hold between a plan's tables on law and safeguards and the rest of the case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from asylia.core.errors import Problem
from asylia.io.boundary_errors import Found
from asylia.io.cross_words import names
from asylia.io.draft import Draft, PlanDraft

DATED = {"consents": "given", "commitments": "promised", "revisions": "dated", "limits": "published"}
"""Tables whose date must have been known by the last day of knowledge, and the key it stands at."""


def check_law(draft: Draft, one: PlanDraft, areas: set[str] | None) -> Iterator[Problem]:
    """Hold what a plan says of law and safeguards against the case."""
    for entry in one.sections["consents"]:
        yield from names(entry.spot, ("actor",), entry.noun.actor, draft.known.get("actors"), "the actors")
    for entry in one.sections["limits"]:
        yield from names(entry.spot, ("zone",), entry.noun.zone, set(one.zone_ids), "the zones of this plan")
    for entry in one.sections["returns"]:
        what = "the place ids, admin1 names or countries"
        yield from names(entry.spot, ("area",), entry.noun.area, areas, what)
    for entry in one.sections["aims"]:
        said = set(one.plan.objectives)
        yield from names(
            entry.spot, ("objective",), entry.noun.objective, said, "the objectives of this plan"
        )
    if draft.as_of is not None:
        for section, key in DATED.items():
            for entry in one.sections[section]:
                yield from _known_by(entry, key, draft.as_of)


def _known_by(entry: Found, key: str, as_of: dt.date) -> Iterator[Problem]:
    day = getattr(entry.noun, key)
    if day is not None and day > as_of:
        must = f"is not after {as_of}, the as_of of case.toml"
        yield entry.spot.problem(must, "Leave out what came later.", key=(key,), value=day)
