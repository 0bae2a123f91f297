"""Conditions on consent and authority: who can attack, what each agreed to, on the principle and on the details."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from asylia.audit.citing import cite, cite_pointer, cite_reason
from asylia.audit.facts import Facts, Result, join, told
from asylia.model.actors import Actor
from asylia.model.findings import ConsentCell, ConsentLine
from asylia.model.law import ConsentLevels
from asylia.model.uncertain import Evidence

ABLE: Final = ("host_state", "armed_actor", "outside_power", "neighbour")
"""Kinds of actors that have arms."""
DECIDING: Final = ("hard", "red_line")
OUR_READING: Final = (Evidence.ASSUMED, Evidence.UNKNOWN)
CODED: Final[Mapping[str, str]] = {
    "consent_armed_parties": "armed_parties_consent",
    "consent_host_state": "host_consent",
}
"""Field of `[protection]` and the element of completeness that gives the reason for it."""


def able_to_attack(facts: Facts) -> tuple[Actor, ...]:
    """List the parties with arms that can reach a zone's place, or the country if the plan names no place.

    The host state always counts. An armed actor whose reach nobody stated counts too.
    """
    where = dict(facts.case.places.select("id", "admin1").iter_rows())
    areas = {where[zone.place] for zone in facts.plan.zones if zone.place in where}
    return tuple(actor for actor in facts.case.actors if actor.kind in ABLE and _reaches(actor, areas, facts))


def _reaches(actor: Actor, areas: set[str], facts: Facts) -> bool:
    if actor.kind == "host_state":
        return True
    if not actor.reach:
        return actor.kind == "armed_actor"
    near = {reach.split(" (")[0] for reach in actor.reach}
    return not areas or facts.case.country in near or bool(near & areas)


def consent_levels(facts: Facts) -> tuple[ConsentLevels, ...]:
    """Say of each party able to attack where it stands on the principle and on the details."""
    levels = {s.id: s.level for s in facts.case.statements}
    cells = {cell.actor: cell for cell in facts.stands}
    found = []
    for actor in able_to_attack(facts):
        lines = [line for line in cells[actor.id].lines if _decides(line)] if actor.id in cells else []
        named = [*_records(facts, actor.id), *(f"statement {line.statement}" for line in lines)]
        found.append(
            ConsentLevels(
                actor=actor.id,
                name=actor.name,
                principle=_level(facts, actor.id, lines, levels, "principle"),
                details=_level(facts, actor.id, lines, levels, "modalities"),
                by=tuple(named),
            )
        )
    return tuple(found)


def _level(facts: Facts, actor: str, lines: list[ConsentLine], levels: Mapping[str, str], level: str) -> str:
    """Read one level: records first, then the party's own words; a proposer agrees to the principle."""
    records = [r for r in facts.plan.consents if r.actor == actor]
    standings = {line.standing for line in lines if levels.get(line.statement, "") in (level, "both", "")}
    if any(r.form == "refused" for r in records) or "unmet" in standings:
        return "refused"
    if "contested" in standings:
        return "contested"
    covering = [r for r in records if level == "principle" or r.covers == "principle_and_details"]
    is_proposer = level == "principle" and actor in facts.plan.proposed_by
    return "agreed" if covering or is_proposer else "unknown"


def _decides(line: ConsentLine) -> bool:
    return line.status == "confirmed" and line.force in DECIDING and not line.same_as


def _records(facts: Facts, actor: str) -> list[str]:
    return [
        cite(f"{record.source}, {record.form}{f', {record.given}' if record.given else ''}", record.words)
        for record in facts.plan.consents
        if record.actor == actor
    ]


def all_agreed(facts: Facts) -> Result:
    """L01: every party able to attack has agreed."""
    levels = consent_levels(facts)
    refusing = [level for level in levels if "refused" in (level.principle, level.details)]
    if refusing:
        return _refused(facts, refusing)
    if contested := [level.name for level in levels if "contested" in (level.principle, level.details)]:
        return Result(status="contested", found=f"Readings of what it said differ: {join(contested)}.")
    if coded := _coded_no(facts, "consent_armed_parties"):
        return coded
    records = {r.actor: r for r in facts.plan.consents}
    missing = [level.name for level in levels if level.actor not in records]
    if levels and not missing:
        return Result(status="pass", found="Each has agreed on record.", evidence=_of(levels))
    agreed = f" On record: {join([lv.name for lv in levels if lv.actor in records])}." if records else ""
    return Result(
        status="unknown",
        found=f"No consent on record of {join(missing) or 'any party: the case names none able to attack'}.{agreed}",
    )


def both_levels(facts: Facts) -> Result:
    """L02: consent covers the principle and the details."""
    levels = consent_levels(facts)
    refusing = [level for level in levels if "refused" in (level.principle, level.details)]
    if refusing:
        told_apart = [f"{lv.name}: principle {lv.principle}, details {lv.details}" for lv in refusing]
        return Result(status="fail", found="; ".join(told_apart) + ".", evidence=_quotes(facts, refusing))
    short = [r for r in facts.plan.consents if r.covers == "principle"]
    if short:
        names = join([_name(facts, record.actor) for record in short])
        return Result(status="fail", found=f"Principle only: {names}.", evidence=_of(levels))
    open_ones = [lv.name for lv in levels if "unknown" in (lv.principle, lv.details)]
    if levels and not open_ones:
        return Result(
            status="pass", found="Principle and details are agreed on record.", evidence=_of(levels)
        )
    return Result(status="unknown", found=f"The details are open for {join(open_ones) or 'every party'}.")


def authority(facts: Facts) -> Result:
    """L03: host-state consent or authority of the Security Council on record."""
    host = {actor.id for actor in facts.case.actors if actor.kind == "host_state"}
    written = [r for r in facts.plan.consents if r.actor in host and r.form == "written"]
    refusing = [
        lv for lv in consent_levels(facts) if lv.actor in host and "refused" in (lv.principle, lv.details)
    ]
    council = [e for e in facts.plan.safeguards if e.about == "legal_authority" and e.answer == "yes"]
    if refusing and council:
        evidence = _quotes(facts, refusing)
        return Result(
            status="contested", found="Authority is named, and the host state disputes it.", evidence=evidence
        )
    if written:
        return Result(
            status="pass", found="The host state agreed in writing.", evidence=_of(consent_levels(facts))
        )
    if refusing:
        found = f"{join([lv.name for lv in refusing])} refuses, and no authority of the Security Council is on record."
        return Result(status="fail", found=found, evidence=_quotes(facts, refusing))
    if not council and (coded := _coded_no(facts, "consent_host_state")):
        return coded
    return Result(status="unknown", found=f"{told(facts, 'host_consent')} {told(facts, 'legal_basis')}")


def _refused(facts: Facts, refusing: list[ConsentLevels]) -> Result:
    names = join([level.name for level in refusing])
    said = "refuses, by what it said" if len(refusing) == 1 else "refuse, by what they said"
    return Result(status="fail", found=f"{names} {said}.", evidence=_quotes(facts, refusing))


def _coded_no(facts: Facts, field: str) -> Result | None:
    """Read a coded "no" or "partial" that rests on a source; one that rests on our assumption decides nothing."""
    answer = getattr(facts.plan.protection, field)
    reasons = [a for a in facts.plan.assumptions if a.fills == CODED[field] and a.evidence not in OUR_READING]
    stated = facts.plan.stated.get(CODED[field], "")
    if answer not in ("no", "partial") or not (stated or reasons):
        return None
    evidence = (cite_pointer(stated),) if stated else tuple(cite_reason(a.source, a.reason) for a in reasons)
    said = "not given" if answer == "no" else "given by some only"
    return Result(status="fail", found=f"Consent is {said}, as the plan is coded.", evidence=evidence)


def _quotes(facts: Facts, refusing: Iterable[ConsentLevels]) -> tuple[str, ...]:
    cells = {cell.actor: cell for cell in facts.stands}
    told_by = []
    for level in refusing:
        told_by += _records(facts, level.actor)
        told_by += [_quote(cells[level.actor], line) for line in _unmet(cells, level.actor)]
    return tuple(told_by)


def _unmet(cells: Mapping[str, ConsentCell], actor: str) -> list[ConsentLine]:
    lines = cells[actor].lines if actor in cells else ()
    return [line for line in lines if _decides(line) and line.standing == "unmet"]


def _quote(cell: ConsentCell, line: ConsentLine) -> str:
    return cite(f"{cell.actor_name}, statement {line.statement}, {line.source}", line.words)


def _of(levels: Iterable[ConsentLevels]) -> tuple[str, ...]:
    return tuple(line for level in levels for line in level.by)


def _name(facts: Facts, actor: str) -> str:
    return next((one.name for one in facts.case.actors if one.id == actor), actor)
