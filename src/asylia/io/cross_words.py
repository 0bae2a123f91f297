"""What must hold between case.toml, the actors, what they said, and the other files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from asylia.core.errors import Problem, nearest
from asylia.io.boundary_errors import Found
from asylia.io.draft import Draft
from asylia.io.toml_file import Keys, Spot
from asylia.model.rules import RULES
from asylia.model.uncertain import Uncertain


def names(spot: Spot, key: Keys, value: str, known: set[str] | None, what: str) -> Iterator[Problem]:
    """List a name that is not known; blank names and unknowable lists pass."""
    if value and known is not None and value not in known:
        few = f"Known: {', '.join(sorted(known)[:12])}." if known else f"Add it to {what}."
        mend = nearest(value, known) or few
        yield spot.problem(f"names one of {what}", mend, key=key, value=value)


def check_header(draft: Draft) -> Iterator[Problem]:
    """Check that the case starts after its last day of knowledge, in a country that has places."""
    spot = Spot(file=draft.case_file)
    first = draft.header.get("first")
    if draft.as_of and first and first <= draft.as_of:
        must = f"the first day comes after as_of, {draft.as_of}"
        mend = "Begin the day after as_of; what is already known is not forecast."
        yield spot.problem(must, mend, key=("first",), value=first)
    if draft.ids("places") and draft.country:
        countries = set(draft.frame("places")["country"].drop_nulls())
        yield from names(spot, ("country",), draft.country, countries, "the countries of places.csv")


def check_rules(draft: Draft) -> Iterator[Problem]:
    """Check that rules are known by name, keep to their limits, and name their source."""
    spot = Spot(file=draft.case_file)
    given = draft.case_file.data.get("rules", {})
    if isinstance(given, Mapping):
        for name in given:
            yield from names(spot, ("rules", name), name, set(RULES), "the rules")
    for name, number in draft.header.get("rules", {}).items():
        if name in RULES:
            yield from _check_limits(spot, name, number)
        yield from names(
            spot, ("rules", name, "source"), number.source, draft.ids("sources"), "the ids of sources.csv"
        )


def _check_limits(spot: Spot, name: str, number: Uncertain) -> Iterator[Problem]:
    unit = RULES[name].unit
    highest = 1.0 if unit.startswith("share") else float("inf")
    if number.low < 0 or number.high > highest:
        must = "lies between 0 and 1" if highest == 1 else "is 0 or more"
        value = f"{number.low:g} to {number.high:g}"
        yield spot.problem(must, f"It is a {unit}.", key=("rules", name), value=value)


def check_actors(draft: Draft) -> Iterator[Problem]:
    """Check that sources of actors, vetoes and protection terms exist, and that who settles a term is an actor."""
    for entry in draft.found.get("floor", []):
        yield from names(
            entry.spot, ("source",), entry.noun.source, draft.ids("sources"), "the ids of sources.csv"
        )
    for entry in draft.found.get("terms", []):
        for index, actor in enumerate(entry.noun.controller):
            yield from names(
                entry.spot, ("controller", index), actor, draft.known.get("actors"), "the actors"
            )
    for entry in draft.found.get("actors", []):
        sources: list[tuple[Keys, str]] = [(("source",), entry.noun.source)]
        sources += [(("vetoes", i, "source"), veto.source) for i, veto in enumerate(entry.noun.vetoes)]
        for key, source in sources:
            yield from names(entry.spot, key, source, draft.ids("sources"), "the ids of sources.csv")


def check_statements(draft: Draft) -> Iterator[Problem]:
    """Check that statements name known actors, sources and statements, and were made by the last day of knowledge."""
    for entry in draft.found.get("statements", []):
        said = entry.noun
        yield from names(entry.spot, ("actor",), said.actor, draft.known.get("actors"), "the actors")
        for index, pointer in enumerate(said.evidence):
            key = ("evidence", index, "source")
            yield from names(entry.spot, key, pointer.source, draft.ids("sources"), "the ids of sources.csv")
        if draft.as_of and said.said and said.said > draft.as_of:
            must = f"is not after {draft.as_of}, the as_of of case.toml"
            mend = "Leave out what was said later."
            yield entry.spot.problem(must, mend, key=("said",), value=said.said)


def check_links(draft: Draft) -> Iterator[Problem]:
    """Check that `same_as` and `supersedes` lead to other statements and never round in a circle."""
    found = draft.found.get("statements", [])
    for key in ("same_as", "supersedes"):
        links = {entry.noun.id: getattr(entry.noun, key) for entry in found}
        circles = _circles(links)
        for entry in found:
            target = links[entry.noun.id]
            yield from names(entry.spot, (key,), target, draft.known.get("statements"), "the statements")
            if entry.noun.id in circles:
                must = "does not lead back to the same statement"
                mend = "Let the later one point to the earlier one, and not back."
                yield entry.spot.problem(must, mend, key=(key,), value=target)


def _circles(links: Mapping[str, str]) -> set[str]:
    """Names from which following the links leads back to the name itself."""
    inside: set[str] = set()
    done: set[str] = set()
    for start in links:
        path: dict[str, int] = {}
        here = start
        while here in links and here not in done and here not in path:
            path[here] = len(path)
            here = links[here]
        if here in path:
            inside |= {name for name, step in path.items() if step >= path[here]}
        done |= set(path)
    return inside


def numbers(noun: Any, keys: Keys = ()) -> Iterator[tuple[Keys, Uncertain]]:
    """Find every uncertain number of an entry, with the way to it."""
    for name in noun.__dataclass_fields__:
        value = getattr(noun, name)
        if isinstance(value, Uncertain):
            yield (*keys, name), value


def check_number_sources(draft: Draft, entry: Found) -> Iterator[Problem]:
    """Check that sources of the uncertain numbers of an entry exist."""
    for key, number in numbers(entry.noun):
        yield from names(
            entry.spot, (*key, "source"), number.source, draft.ids("sources"), "the ids of sources.csv"
        )
