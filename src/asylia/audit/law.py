"""Hold a plan against the 38 conditions and the safeguards. No score: blocking failures come first.

A condition passes or fails only by words or rows of a source; our own assumptions decide nothing. What nobody says is
unknown, and the finding says what would settle it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from asylia.audit import consent_on_record, ground, people, terms
from asylia.audit.answers import answered
from asylia.audit.commitments import promises, strength
from asylia.audit.conditions import ASYLUM, Condition, read_conditions, read_safeguards
from asylia.audit.facts import Facts, Result, gather_facts, merge
from asylia.audit.objectives import goals
from asylia.audit.returns import origins
from asylia.audit.shares import area_shares
from asylia.audit.vague import vague_words
from asylia.model.case import Case
from asylia.model.findings import ConsentCell
from asylia.model.law import Exit, Finding, PlanAudit, Simulated
from asylia.model.plan import NO_ZONE, Plan

CHECKS: Final[Mapping[str, Callable[[Facts], Result]]] = {
    "L01": consent_on_record.all_agreed,
    "L02": consent_on_record.both_levels,
    "L03": consent_on_record.authority,
    "L04": ground.limits_defined,
    "L06": ground.fighters_out,
    "L11": terms.supervised,
    "L12": terms.agreement_states,
    "L13": people.admission,
    "L14": ground.location_by_form,
    "L15": terms.incident_log,
    "L16": terms.outlasts,
    "L18": ground.free_to_leave,
    "L19": people.right_to_leave,
    "L20": people.no_forced_arrival,
    "L22": ground.not_attacked,
    "L23": people.services,
    "L24": people.schooling,
    "L27": ground.ways_for_relief,
    "L28": people.voluntary_return,
    "L29": people.distinction,
    "L31": terms.means,
    "L32": terms.ends,
    "L34": people.consulted,
    "L35": terms.reported,
    "L36": terms.neutral,
    "L37": terms.data_in_our_hands,
    "L38": terms.mandate_fixed,
}
"""Tests beyond what sources answer to the safeguards; a condition without one rests on those answers alone."""
STATUSES: Final = ("fail", "contested", "unknown", "pass", "does not apply")
SEVERITIES: Final = ("blocking", "major", "info")


def audit(
    case: Case, plan: Plan, stands: Sequence[ConsentCell] = (), simulated: Simulated | None = None
) -> PlanAudit:
    """Hold a plan against the checklist, and put everything on safeguards side by side.

    Parameters
    ----------
    stands
        Where each actor stands on the plan, as `study` worked it out; for the public without sensitive statements.
    simulated
        What a study counted; without it the parts that need counts stay empty.

    Returns
    -------
    All conditions, failures first and blocking ones before others, then contested, unknown and passed.
    """
    facts = gather_facts(case, plan, stands, simulated)
    questions = read_safeguards()
    findings = [_finding(condition, facts, questions) for condition in read_conditions()]
    come_from = origins(case, plan)
    return PlanAudit(
        plan=plan.id,
        findings=tuple(
            sorted(findings, key=lambda f: (STATUSES.index(f.status), SEVERITIES.index(f.severity)))
        ),
        consent=consent_on_record.consent_levels(facts) if _needs_consent(plan) else (),
        exits=(*facts.exits, *_zone_exits(facts)),
        vague=vague_words(plan),
        goals=goals(plan),
        beyond=terms.beyond(facts),
        origins=come_from,
        strength=strength(plan),
        promises=promises(plan, case.as_of),
        areas=area_shares(come_from, simulated),
        mandate=terms.mandate_fixed(facts).found,
        boundary=ground.boundary(facts) if plan.zones else (),
        forced=people.forced(),
        leaving=people.leaving(facts),
        counts=dict(simulated.counts) if simulated else {},
    )


def applies(condition: Condition, plan: Plan) -> bool:
    """Say whether a condition is asked of a plan; those on asylum and return are asked of every plan."""
    if condition.id in ASYLUM or condition.applies == "always":
        return True
    if plan.id == NO_ZONE:
        return False
    if condition.applies == "plan" or plan.zones:
        return True
    return condition.applies == "protection" and _needs_consent(plan)


def _needs_consent(plan: Plan) -> bool:
    return plan.id != NO_ZONE and bool(plan.zones or plan.protection.logic != "none")


def _finding(condition: Condition, facts: Facts, questions: Mapping[str, str]) -> Finding:
    if applies(condition, facts.plan):
        check = CHECKS.get(condition.id)
        tested = [check(facts)] if check else []
        result = merge([answered(condition, facts, questions), *tested])
        found = result.found or "No source says anything on it."
    else:
        result = Result(status="does not apply")
        found = "Nothing is set up." if facts.plan.id == NO_ZONE else "The plan sets up no zone."
    return Finding(
        condition=condition.id,
        theme=condition.theme,
        text=condition.condition,
        severity=condition.severity,
        source=condition.source,
        seen=condition.evidence,
        status=result.status,
        found=found,
        evidence=result.evidence,
        settled_by=condition.settled_by,
        warning=result.warning,
    )


def _zone_exits(facts: Facts) -> tuple[Exit, ...]:
    return tuple(
        Exit(
            name=facts.zone_names([zone]),
            kind="zone",
            is_open=bool(ways.open_out) or not ways.closed_by,
            closed_by=() if ways.open_out else ways.closed_by,
        )
        for zone, ways in facts.ways.items()
    )
