"""All checks across the tables and files of a case, in one list."""

from __future__ import annotations

from collections.abc import Iterator

from asylia.core.errors import Problem
from asylia.io import cross_places, cross_plans, cross_protection, cross_replay, cross_tables, cross_words
from asylia.io.draft import Draft


def check_draft(draft: Draft) -> list[Problem]:
    """List every problem between the parts of a case that could be read."""
    return [*_tables(draft), *_words(draft), *_plans(draft)]


def _tables(draft: Draft) -> Iterator[Problem]:
    tables = draft.tables
    known = {name: ids for name in ("places", "routes", "sources") if (ids := draft.ids(name)) is not None}
    for table in tables.values():
        yield from cross_tables.check_references(table, known)
        yield from cross_tables.check_days(table)
    yield from cross_tables.check_routes(tables["routes"])
    yield from cross_tables.check_events(tables["events"])
    yield from cross_tables.check_people(tables["people"])
    yield from cross_tables.check_sources(tables["sources"])
    yield from cross_replay.check_record(draft)
    yield from cross_places.check_places(tables["places"], draft.boundaries)
    yield from _areas(draft)
    if draft.as_of is not None:
        yield from cross_tables.check_known_by(tables["events"], draft.as_of, "date", "week")
        yield from cross_tables.check_known_by(tables["people"], draft.as_of, "date")
        yield from cross_tables.check_period_end(tables["events"], draft.as_of)
        yield from cross_tables.check_period_end(tables["people"], draft.as_of)


def _areas(draft: Draft) -> Iterator[Problem]:
    areas = cross_plans.areas(draft)
    if areas is not None:
        yield from cross_tables.check_areas(draft.tables["people"], areas)
    named = {"route": draft.ids("routes"), "place": draft.ids("places")}
    known = {what: ids for what, ids in named.items() if ids is not None}
    if draft.tables["places"].has("country"):
        known["border"] = set(draft.frame("places")["country"].drop_nulls().to_list())
    yield from cross_tables.check_closures(draft.tables["closures"], known)


def _words(draft: Draft) -> Iterator[Problem]:
    yield from cross_words.check_header(draft)
    yield from cross_words.check_rules(draft)
    yield from cross_protection.check_protection(draft)
    yield from cross_words.check_actors(draft)
    yield from cross_words.check_statements(draft)
    yield from cross_words.check_links(draft)


def _plans(draft: Draft) -> Iterator[Problem]:
    for one in draft.plans:
        yield from cross_plans.check_plan(draft, one)
    yield from cross_plans.check_shared_zones(draft.plans)
