"""What must hold between a plan, the case it stands on, and the other plans."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from asylia.core.errors import Problem
from asylia.io.boundary_errors import Found
from asylia.io.cross_law import check_law
from asylia.io.cross_places import check_outline
from asylia.io.cross_protection import check_coded
from asylia.io.cross_words import check_number_sources, names, numbers
from asylia.io.draft import Draft, PlanDraft
from asylia.model.plan import NO_ZONE, Service, Zone

SOURCES = "the ids of sources.csv"


def check_plan(draft: Draft, one: PlanDraft) -> Iterator[Problem]:
    """Hold one plan against the case."""
    yield from check_name(one)
    yield from check_terms(draft, one)
    yield from check_zones(draft, one)
    yield from check_services(one)
    yield from check_areas(draft, one)
    yield from check_plan_sources(draft, one)
    yield from check_law(draft, one, areas(draft))
    yield from check_coded(draft, one)
    yield from check_known_from(draft, one)


def check_name(one: PlanDraft) -> Iterator[Problem]:
    """Check that a plan is called like its file, and `none` has no zones."""
    if one.plan.id != one.stem:
        must = f'is the name of the file, "{one.stem}"'
        yield one.spot.problem(must, "Rename the file or the plan.", key=("id",), value=one.plan.id)
    if one.stem == NO_ZONE and (one.zone_ids or one.plan.support):
        must = "the plan none sets nothing up: it is what every plan is compared with"
        key = "zones" if one.zone_ids else "support"
        yield one.spot.problem(must, "Give the plan another name.", key=(key, 0))


def check_known_from(draft: Draft, one: PlanDraft) -> Iterator[Problem]:
    """Check that nobody compares a plan before it was known."""
    day = one.plan.known_from
    if day is not None and draft.as_of is not None and day > draft.as_of:
        must = f"is not after {draft.as_of}, the as_of of case.toml"
        mend = "Put the plan into hindcast/plans; `asylia compare --as-of` takes it from there."
        yield one.spot.problem(must, mend, key=("known_from",), value=day)


def check_terms(draft: Draft, one: PlanDraft) -> Iterator[Problem]:
    """Check that terms and their values are known; an ordinary term has one value."""
    terms = {term.id: term for term in draft.terms}
    for name, values in one.plan.terms.items():
        key = ("terms", name)
        yield from names(one.spot, key, name, draft.known.get("terms"), "the terms of actors.toml")
        if name not in terms:
            continue
        for value in values:
            yield from names(one.spot, key, value, set(terms[name].values), f"the values of {name}")
        if len(set(values)) < len(values):
            yield one.spot.problem("a value stands once", "Remove the copy.", key=key, value=" ".join(values))
        if len(values) != 1 and not terms[name].several:
            must = f"{name} has exactly one value"
            mend = "Keep one; if nobody knows, leave the term out: it then counts as unknown."
            yield one.spot.problem(must, mend, key=key, value=" ".join(values))


def check_zones(draft: Draft, one: PlanDraft) -> Iterator[Problem]:
    """Check that zones lie at known places, and their outlines near them."""
    where = {row[0]: (row[1], row[2]) for row in _positions(draft)}
    for entry in one.sections["zones"]:
        zone: Zone = entry.noun
        for key, place in (
            (("place",), zone.place),
            *((("covers", at), each) for at, each in enumerate(zone.covers)),
        ):
            yield from names(entry.spot, key, place, draft.ids("places"), "the ids of places.csv")
        fault = check_outline(zone.outline, where.get(zone.place)) if zone.outline else ""
        if fault:
            yield entry.spot.problem(fault, "Corners run round the zone once.", key=("outline",))


def _positions(draft: Draft) -> Iterator[tuple[str, float, float]]:
    known = draft.frame("places").filter(pl.col("lat").is_not_null() & pl.col("lon").is_not_null())
    yield from known.select("id", "lat", "lon").iter_rows()


def check_services(one: PlanDraft) -> Iterator[Problem]:
    """Check that services belong to zones of the plan and start while those exist."""
    zones: dict[str, Zone] = {entry.noun.id: entry.noun for entry in one.sections["zones"]}
    for entry in one.sections["services"]:
        service: Service = entry.noun
        yield from names(entry.spot, ("zone",), service.zone, set(one.zone_ids), "the zones of this plan")
        zone = zones.get(service.zone)
        if zone and zone.closes and service.ready and service.ready >= zone.closes:
            must = f"a service starts before its zone closes on {zone.closes}"
            mend = "Correct `ready`, or the day the zone closes."
            yield entry.spot.problem(must, mend, key=("ready",), value=service.ready)


def check_areas(draft: Draft, one: PlanDraft) -> Iterator[Problem]:
    """Check that areas of support and of admission are known."""
    known = areas(draft)
    what = "the place ids, admin1 names or countries"
    for entry in one.sections["support"]:
        yield from names(entry.spot, ("area",), entry.noun.area, known, what)
    for entry in one.sections["zones"]:
        for index, area in enumerate(entry.noun.admits_from):
            yield from names(entry.spot, ("admits_from", index), area, known, what)


def areas(draft: Draft) -> set[str] | None:
    """Return every name an area may have: place ids, admin1 names and countries; `None` if not knowable."""
    ids = draft.ids("places")
    if ids is None:
        return None
    frame = draft.frame("places")
    words = {*frame["admin1"].drop_nulls().to_list(), *frame["country"].drop_nulls().to_list()}
    return {*ids, *words, *([draft.country] if draft.country else [])}


def check_plan_sources(draft: Draft, one: PlanDraft) -> Iterator[Problem]:
    """Check that sources and proposers exist."""
    sources = draft.ids("sources")
    yield from names(one.spot, ("source",), one.plan.source, sources, SOURCES)
    for element, pointer in one.plan.stated.items():
        yield from names(one.spot, ("stated", element), pointer.split(":")[0], sources, SOURCES)
    for index, actor in enumerate(one.plan.proposed_by):
        yield from names(one.spot, ("proposed_by", index), actor, draft.known.get("actors"), "the actors")
    for name, force in numbers(one.plan.protection):
        yield from names(one.spot, ("protection", *name, "source"), force.source, sources, SOURCES)
    for found in one.sections.values():
        for entry in found:
            yield from names(entry.spot, ("source",), getattr(entry.noun, "source", ""), sources, SOURCES)
            yield from check_number_sources(draft, entry)


def check_shared_zones(plans: list[PlanDraft]) -> Iterator[Problem]:
    """Check that plans that share a zone id mean a zone at the same place: it shares its luck."""
    first: dict[str, tuple[str, Found]] = {}
    for one in plans:
        for entry in one.sections["zones"]:
            plan, other = first.setdefault(entry.noun.id, (one.stem, entry))
            if other.noun.place != entry.noun.place:
                must = f'the zone lies at "{other.noun.place}" as in plans/{plan}.toml'
                mend = "Give one of the two zones another id."
                yield entry.spot.problem(must, mend, key=("place",), value=entry.noun.place)
