"""What must hold between priors, scenarios, codings and the rest of the case."""

from __future__ import annotations

from collections.abc import Iterator

from asylia.core.errors import Problem
from asylia.io.cross_words import names
from asylia.io.draft import Draft, PlanDraft
from asylia.io.toml_file import Spot
from asylia.model.modifiers import MODIFIERS

SOURCES = "the ids of sources.csv"


def check_protection(draft: Draft) -> Iterator[Problem]:
    """Hold the priors and scenarios of case.toml against the case."""
    spot, sources = Spot(file=draft.case_file), draft.ids("sources")
    for name, prior in draft.header.get("modifiers", {}).items():
        key = ("modifiers", name)
        yield from names(spot, key, name, set(MODIFIERS), "the modifiers")
        yield from names(spot, (*key, "source"), prior.source, sources, SOURCES)
    zones = {zone for one in draft.plans for zone in one.zone_ids}
    seen: set[str] = set()
    for index, one in enumerate(draft.header.get("scenarios", ())):
        at = ("scenarios", index)
        if one.id in seen:
            yield spot.problem(
                "each scenario has an id of its own", "Rename it.", key=(*at, "id"), value=one.id
            )
        seen.add(one.id)
        yield from names(spot, (*at, "source"), one.source, sources, SOURCES)
        for zone in one.zones:
            yield from names(spot, (*at, "zones"), zone, zones, "the zones of the plans")
        for place in one.where:
            yield from names(spot, (*at, "where"), place, draft.ids("places"), "the ids of places.csv")


def check_coded(draft: Draft, one: PlanDraft) -> Iterator[Problem]:
    """Check that codings name zones of the plan and were known by the last day of knowledge."""
    for entry in one.sections["coded"]:
        yield from names(entry.spot, ("zone",), entry.noun.zone, set(one.zone_ids), "the zones of this plan")
        if draft.as_of is not None and entry.noun.on > draft.as_of:
            must = f"is not after {draft.as_of}, the as_of of case.toml"
            yield entry.spot.problem(must, "Leave out what came later.", key=("on",), value=entry.noun.on)
