"""Conditions on the ground itself: limits, demilitarisation, location, ways in and out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from asylia.audit.citing import cite_pointer, cite_reason
from asylia.audit.facts import WEEKS_LOOKED_AT, Facts, Result, day_words, join, told
from asylia.model.plan import Zone
from asylia.model.safeguards import LimitsVersion, outline_hash
from asylia.model.uncertain import Evidence

Point = tuple[float, float]
CONTESTED: Final = ("contested", "mixed")
"""Words of places.csv for a place that no one party holds."""
FEWEST_WAYS: Final = 2


def limits_defined(facts: Facts) -> Result:
    """L04: one published outline of each zone, closed, that is the one in the plan."""
    bare = [zone.id for zone in facts.plan.zones if not zone.outline]
    crossed = [zone.id for zone in facts.plan.zones if zone.outline and crosses_itself(zone.outline)]
    differing = [zone.id for zone in facts.plan.zones if zone.outline and _differs(facts, zone)]
    unpublished = [zone.id for zone in facts.plan.zones if not _published(facts, zone)]
    warning = " ".join(boundary(facts)[:1]) if any(_changes(facts, z) for z in facts.plan.zones) else ""
    if crossed or differing:
        found = f"The outline crosses itself or differs from the last one published: {facts.zone_names(crossed + differing)}."
        return Result(status="fail", found=found, evidence=_versions(facts), warning=warning)
    if bare or unpublished:
        found = f"No published outline: {facts.zone_names(dict.fromkeys(bare + unpublished))}. {told(facts, 'limits')}"
        return Result(status="unknown", found=found, warning=warning)
    return Result(
        status="pass",
        found="Each outline is the last one published.",
        evidence=_versions(facts),
        warning=warning,
    )


def boundary(facts: Facts) -> tuple[str, ...]:
    """Say what versions of the limits were published; a change is always told."""
    told_of = []
    for zone in facts.plan.zones:
        versions = _published(facts, zone)
        if _changes(facts, zone):
            days = join([day_words(version.published) for version in versions])
            told_of.append(
                f"The limits of {zone.name} changed: versions of {days}. People outside a new line stay counted and "
                "keep the protection every civilian has."
            )
        elif versions:
            told_of.append(
                f"{zone.name}: one version, {day_words(versions[0].published)}, {versions[0].sha256[:16]}."
            )
    return tuple(sorted(told_of, key=lambda line: " changed: " not in line)) or (
        "No version of the limits is published, so nobody can tell whether they change.",
    )


def crosses_itself(outline: Sequence[Point]) -> bool:
    """Say whether a ring has too few corners or crosses itself."""
    ring = list(outline) if outline[0] == outline[-1] else [*outline, outline[0]]
    if len(set(ring)) < 3:
        return True
    sides = list(pairwise(ring))
    return any(
        _cross(*first, *second)
        for index, first in enumerate(sides)
        for second in sides[index + 2 : len(sides) - (index == 0)]
    )


def fighters_out(facts: Facts) -> Result:
    """L06: all combatants and mobile weapons are out."""
    answer = facts.plan.protection.demilitarised
    reasons = [
        a
        for a in facts.plan.assumptions
        if a.fills == "demilitarisation" and a.evidence is not Evidence.ASSUMED
    ]
    stated = facts.plan.stated.get("demilitarisation", "")
    evidence = (cite_pointer(stated),) if stated else tuple(cite_reason(a.source, a.reason) for a in reasons)
    held = dict(facts.case.places.select("id", "controller").iter_rows())
    fought = [zone.id for zone in facts.plan.zones if held.get(zone.place) in CONTESTED]
    rows = tuple(f"places.csv: {z.place}, {held[z.place]}" for z in facts.plan.zones if z.id in fought)
    warning = (
        f"More than one party is in {facts.zone_names(fought)} on {day_words(facts.case.as_of)}."
        if fought
        else ""
    )
    if answer in ("no", "partial") and evidence:
        said = "are not out" if answer == "no" else "are out only in part"
        found = f"Fighters or heavy weapons {said}, as the plan is coded."
        return Result(status="fail", found=found, evidence=(*evidence, *rows), warning=warning)
    return Result(status="unknown", found=told(facts, "demilitarisation"), evidence=rows, warning=warning)


def location_by_form(facts: Facts) -> Result:
    """L14: zones of art 14 lie away from operations."""
    near = [zone.id for zone in facts.plan.zones if facts.recent[zone.id]]
    if not facts.plan.form:
        return Result(status="unknown", found="No legal form is stated, so the rule on location is open.")
    if facts.plan.form == "hospital_and_safety" and near:
        found = f"Lethal events at {facts.zone_names(near)} in the last {WEEKS_LOOKED_AT} weeks."
        return Result(status="fail", found=found, evidence=_fighting(facts))
    form = facts.plan.form.replace("_", " ")
    return Result(
        status="unknown",
        found=f"Legal form: {form}. Distance to military objectives is not in the case.",
        evidence=_fighting(facts),
    )


def not_attacked(facts: Facts) -> Result:
    """L22: what is known of attacks at the place; mines and shields are not in the case."""
    count = sum(facts.recent.values())
    found = f"Lethal events at the places of the zones in the last {WEEKS_LOOKED_AT} weeks: {count}."
    return Result(
        status="unknown", found=f"{found} Mines and shields are not in the case.", evidence=_fighting(facts)
    )


def free_to_leave(facts: Facts) -> Result:
    """L18: a zone nobody can leave confines people, whatever the plan says."""
    shut = [zone for zone, ways in facts.ways.items() if not ways.open_out and ways.closed_by]
    if shut:
        found = f"On {day_words(facts.case.as_of)} every way out of {facts.zone_names(shut)} is closed, and the plan opens none."
        return Result(status="fail", found=found, evidence=_closures(facts, shut))
    return Result(status="unknown", found="No rule on leaving is stated.")


def ways_for_relief(facts: Facts) -> Result:
    """L27: open ways to each zone, and whether one holder has them all."""
    shut = [zone for zone, ways in facts.ways.items() if not ways.open_in and ways.closed_by]
    single = [z for z, ways in facts.ways.items() if z not in shut and len(ways.open_in) < FEWEST_WAYS]
    one_holder = [z for z, ways in facts.ways.items() if len(ways.open_in) > 1 and len(ways.holders) == 1]
    notes = [f"One main road alone reaches {facts.zone_names(single)}." if single else ""]
    notes += [f"One holder has every way to {facts.zone_names(one_holder)}." if one_holder else ""]
    warning = " ".join(note for note in notes if note)
    if shut:
        found = f"On {day_words(facts.case.as_of)} every way to {facts.zone_names(shut)} is closed, and the plan opens none."
        return Result(status="fail", found=found, evidence=_closures(facts, shut), warning=warning)
    found = f"{told(facts, 'supply_routes')} Movements refused are not in the case."
    return Result(status="unknown", found=found, warning=warning)


def _closures(facts: Facts, zones: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row for zone in zones for row in facts.ways[zone].closed_by))


def _fighting(facts: Facts) -> tuple[str, ...]:
    rows = [f"{zone.place} {facts.recent[zone.id]}" for zone in facts.plan.zones if facts.recent[zone.id]]
    return (f"events.csv: {', '.join(rows)}",) if rows else ()


def _published(facts: Facts, zone: Zone) -> list[LimitsVersion]:
    return sorted((v for v in facts.plan.limits if v.zone == zone.id), key=lambda v: v.published)


def _changes(facts: Facts, zone: Zone) -> bool:
    return len({version.sha256 for version in _published(facts, zone)}) > 1


def _differs(facts: Facts, zone: Zone) -> bool:
    versions = _published(facts, zone)
    return bool(versions) and versions[-1].sha256 != outline_hash(zone.outline)


def _versions(facts: Facts) -> tuple[str, ...]:
    return tuple(f"{v.source}: {v.zone}, {v.published}, {v.sha256[:16]}" for v in facts.plan.limits)


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
