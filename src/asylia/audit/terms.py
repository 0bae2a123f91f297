"""Conditions on the text of a plan: supervision, agreement, duration, reporting, neutrality, mandate, means."""

from __future__ import annotations

from typing import Final

from asylia.audit.citing import cite, cite_aim, cite_pointer
from asylia.audit.consent_on_record import all_agreed
from asylia.audit.facts import Facts, Result, day_words, join, told

BEYOND: Final = (
    "return",
    "containment",
    "instead_of_resettlement",
    "territory",
    "government",
    "counter_terrorism",
    "other",
)
"""Kinds of objectives that are neither protection, nor relief, nor a signal of the UN report."""
STATUS_AIMS: Final = ("territory", "government")
LARGE_KM2: Final = 1000.0
"""Above this size a zone may come to look like a territory; shown, never decided on."""
AGREEMENT: Final = ("place", "administrator", "supply_routes", "supervision", "opens", "duration")


def agreement_states(facts: Facts) -> Result:
    """L12: the six elements of an agreement."""
    known = {name: facts.said[name] for name in AGREEMENT}
    stated = [name for name, (status, _) in known.items() if status == "stated"]
    missing = [name.replace("_", " ") for name in AGREEMENT if name not in stated]
    evidence = tuple(cite_pointer(known[name][1]) for name in stated)
    if not missing:
        return Result(status="pass", found="The sources state all six.", evidence=evidence)
    return Result(status="unknown", found=f"No source states: {join(missing)}.", evidence=evidence)


def supervised(facts: Facts) -> Result:
    """L11: a method of supervision, and whether it is agreed."""
    return _element(facts, "supervision", "Whether it is agreed is not on record.")


def ends(facts: Facts) -> Result:
    """L32: end, review and exit."""
    closing = [f"{zone.name} closes {zone.closes}" for zone in facts.plan.zones if zone.closes]
    days = f" In the plan: {'; '.join(closing)}." if closing else ""
    return Result(status="unknown", found=f"{told(facts, 'duration')} {told(facts, 'exit')}{days}")


def reported(facts: Facts) -> Result:
    """L35: independent reporting and complaints."""
    return _element(facts, "complaints_and_reporting", "Whether the body is no party is not on record.")


def outlasts(_: Facts) -> Result:
    """L16: our own output is held to it; the plan has to say it for itself."""
    return Result(
        status="unknown",
        found="The plan says nothing on it. Asylia counts people outside zones beside those inside and calls nobody unprotected.",
    )


def incident_log(facts: Facts) -> Result:
    """L15: attack is prohibited whatever a plan says."""
    return Result(
        status="unknown",
        found=f"The prohibition stands by law. No incident log is known on {day_words(facts.case.as_of)}.",
    )


def data_in_our_hands(_: Facts) -> Result:
    """L37: what Asylia does itself, and what the plan leaves open."""
    return Result(
        status="unknown",
        found="The plan says nothing on data about people. This study holds counts only and withholds small ones from the public.",
    )


def neutral(facts: Facts) -> Result:
    """L36: objectives on territory or government fail it; a large size is shown."""
    aims = [aim for aim in facts.plan.aims if aim.kind in STATUS_AIMS]
    size = sum(zone.area_km2.high for zone in facts.plan.zones if zone.area_km2 is not None)
    warning = f"Together the zones may reach {round(size, -2):,.0f} km2." if size > LARGE_KM2 else ""
    if aims:
        evidence = tuple(cite_aim(aim.source, aim.words, aim.objective) for aim in aims)
        found = f"Declared objective: {join([aim.objective for aim in aims])}."
        return Result(status="fail", found=found, evidence=evidence, warning=warning)
    return Result(
        status="unknown", found="No sentence on title, border or status is stated.", warning=warning
    )


def beyond(facts: Facts) -> tuple[str, ...]:
    """List declared objectives beyond protection and relief."""
    return tuple(
        f"{aim.objective} ({cite(aim.source, aim.words)})" for aim in facts.plan.aims if aim.kind in BEYOND
    )


def mandate_fixed(facts: Facts) -> Result:
    """L38: objectives that come later and lie beyond protection and relief are drift; one version shows none."""
    revisions = sorted(facts.plan.revisions, key=lambda revision: revision.dated)
    flagged = beyond(facts)
    warning = f"Beyond protection and relief: {'; '.join(flagged)}." if flagged else ""
    if len(revisions) < 2:
        return Result(
            status="unknown",
            found="One version of the objectives is known, so no drift can be seen.",
            warning=warning,
        )
    evidence = tuple(cite(f"{r.source}, {r.dated} ({', '.join(r.aims)})", r.words) for r in revisions)
    added = [kind for kind in revisions[-1].aims if kind not in revisions[0].aims]
    outside = [kind.replace("_", " ") for kind in added if kind in BEYOND]
    if outside:
        found = f"Between {day_words(revisions[0].dated)} and {day_words(revisions[-1].dated)} these came in: {join(outside)}."
        return Result(status="fail", found=found, evidence=evidence, warning=warning)
    grown = f" Added: {join([kind.replace('_', ' ') for kind in added])}." if added else ""
    found = f"{len(revisions)} versions are known; none adds an aim beyond protection and relief.{grown}"
    return Result(status="pass", found=found, evidence=evidence, warning=warning)


def means(facts: Facts) -> Result:
    """L31: consent that holds, or a force able to hold. Strength that was only declared is no strength."""
    consent = all_agreed(facts)
    if consent.status == "pass":
        return Result(
            status="pass", found="Every party able to attack agreed on record.", evidence=consent.evidence
        )
    protection = facts.plan.protection
    asked, declared, deployed = protection.force_asked, protection.force_declared, protection.force_deployed
    if asked is not None:
        for step, given in (("declared", declared), ("deployed", deployed)):
            if given is not None and given.high < asked.low:
                found = (
                    f"Consent of all who can attack is not on record, and {given.high:,.0f} people are {step} where "
                    f"{asked.low:,.0f} were asked for. Asked: {asked.why} {step.capitalize()}: {given.why}"
                ).strip()
                return Result(status="fail", found=found, evidence=(asked.source, given.source))
    nobody = (
        deployed is None
        and facts.said["protection_force"][0] != "stated"
        and protection.logic == "unilateral"
    )
    if consent.status == "fail" and nobody:
        found = "Consent is refused, and no source names a force."
        return Result(status="fail", found=found, evidence=consent.evidence)
    return Result(status="unknown", found=_means_open(facts), warning=_hybrid(facts))


def _means_open(facts: Facts) -> str:
    deployed = facts.plan.protection.force_deployed
    if deployed is None:
        return f"No strength deployed is on record. {told(facts, 'protection_force')}"
    upper = "" if deployed.is_fixed else f" to {deployed.high:,.0f}"
    figure = (
        f"Deployed on the ground: {deployed.low:,.0f}{upper} people ({deployed.evidence}). {deployed.why}"
    )
    return f"{figure} Whether that can hold is not known."


def _hybrid(facts: Facts) -> str:
    if facts.plan.protection.logic != "hybrid_un":
        return ""
    return "Presence with neither full consent nor a force able to hold: such zones fell where civilians were the target."


def _element(facts: Facts, element: str, rest: str) -> Result:
    status, by = facts.said[element]
    evidence = (cite_pointer(by),) if status == "stated" else ()
    return Result(
        status="unknown",
        found=f"{told(facts, element)} {rest if evidence else ''}".strip(),
        evidence=evidence,
    )
