"""From a plan, its consents and an analyst's codes to what the chance of attack and overrun rests on.

Consent comes from what the parties said: a party able to attack that refuses by its own confirmed words overrides what the plan
claims. Only words that everybody may see count, as the chances are shown to everybody. What nobody answers stays open: every
answer to it is then drawn with the same chance.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from asylia.audit.zone_flags import isolated, read_land
from asylia.consent.audit import positions
from asylia.model.case import Case
from asylia.model.guard import Guard, Reason
from asylia.model.plan import Coded, Plan, Protection, Zone
from asylia.model.what_if import WhatIf
from asylia.threat.weeks import monday, weekly_counts

ABLE: Final = ("host_state", "armed_actor", "outside_power")
"""Kinds of actors counted as able to attack."""
RECENT_WEEKS: Final = 8
YEAR_WEEKS: Final = 52
CREDIBLE: Final = ("credible_force", "consent")
"""Logics under which a deployed force counts as substantial, mandated and consented; otherwise as light."""
ANY_FORCE: Final = ("", "light_force", "force_against_others", "force_against_the_state")
PLAN: Final = "the plan"
OPEN_CONSENT: Final = ("consent_written", "consent_partial", "consent_refused")
CASE: Final = "places, ways and closures of the case"
MARK: Final[Mapping[str, float | None]] = {"yes": 1.0, "partial": 0.5, "no": 0.0, "unknown": None}


def refusing(case: Case, plan: Plan) -> tuple[str, ...]:
    """Name the parties able to attack that refuse a plan by their own confirmed words."""
    able = {actor.id for actor in case.actors if actor.kind in ABLE}
    spoken = tuple(said for said in case.statements if not said.sensitive)
    cells = positions(plan, case.actors, spoken, case.terms)
    return tuple(c.actor_name for c in cells if c.actor in able and c.position == "refuses")


def guards(case: Case, plan: Plan, what_if: WhatIf | None = None) -> dict[str, tuple[Guard, ...]]:
    """Say for each zone what its chances rest on, stretch by stretch, by zone id."""
    against = refusing(case, plan) if plan.zones else ()
    found: dict[str, tuple[Guard, ...]] = {}
    for zone in plan.zones:
        found[zone.id] = _until_consent_ends(case, plan, _guard(case, plan, zone, against))
        if what_if is not None and concerns(what_if, zone):
            day = (what_if.on - case.first).days
            before = tuple(one for one in found[zone.id] if one.from_day < day) or found[zone.id][:1]
            then = after(before[-1], what_if, day)
            found[zone.id] = (*before, *then) if then else found[zone.id]
    return found


def _until_consent_ends(case: Case, plan: Plan, guard: Guard) -> tuple[Guard, ...]:
    """Add what holds once the first consent on record is over: nobody knows, and every answer is drawn."""
    ends = [one.until for one in plan.consents if one.until is not None and one.form != "refused"]
    if not ends or guard.marks["overrun_refused"] in (None, 1.0):
        return (guard,)
    last = min(ends)
    why = f"The first consent on record ends on {last}. An ended consent is no refusal and no consent: every answer is drawn."
    over = replace(
        guard,
        from_day=max((last - case.first).days + 1, 0),
        answers={**guard.answers, "consent": OPEN_CONSENT},
        marks={**guard.marks, "overrun_refused": None},
        reasons=(*guard.reasons, Reason(about="consent", answer="unknown", why=why, source=PLAN)),
    )
    return (guard, over) if over.from_day > 0 else (over,)


def concerns(what_if: WhatIf, zone: Zone) -> bool:
    """Say whether a scenario concerns a zone."""
    return not what_if.zones or zone.id in what_if.zones


def after(guard: Guard, what_if: WhatIf, day: int) -> tuple[Guard, ...]:
    """Return what holds once a scenario has begun; nothing if it changes none of it."""
    if what_if.kind not in ("consent_withdrawn", "escalation_confrontation"):
        return ()
    said = (Reason(about="scenario", answer=what_if.title, why=what_if.why, source=what_if.source),)
    answers = {**guard.answers, "consent": ("consent_refused",)}
    marks = {**guard.marks, "overrun_refused": 1.0}
    if what_if.kind == "escalation_confrontation":
        answers["force"] = ("",)
        marks["overrun_no_force"] = 1.0
    return (replace(guard, from_day=day, answers=answers, marks=marks, reasons=guard.reasons + said),)


def _guard(case: Case, plan: Plan, zone: Zone, against: Sequence[str]) -> Guard:
    own, reasons = plan.protection, []
    consent, refused, why = _consent(own, against)
    reasons.append(why)
    force, no_force, why = _force(own, _coded(plan, zone, "main_threat"))
    reasons.append(why)
    arms, armed, why = _arms(own)
    reasons.append(why)
    cut_off, why = _isolation(case, plan, zone)
    ceasefire = _coded(plan, zone, "ceasefire")
    reasons += [why, _said(ceasefire, "ceasefire")]
    doublings = rise(case, *(zone.covers or (zone.place,)))
    reasons.append(_rise_words(doublings))
    return Guard(
        from_day=0,
        answers={"consent": consent, "force": force, "arms": arms},
        marks={
            "overrun_refused": refused,
            "overrun_isolated": MARK[cut_off],
            "overrun_no_force": no_force,
            "overrun_armed_inside": armed,
        },
        doublings=max(doublings, 0.0),
        ceasefire_day=(ceasefire.on - case.first).days if ceasefire and ceasefire.answer == "yes" else None,
        reasons=tuple(reasons),
    )


def _coded(plan: Plan, zone: Zone, about: str) -> Coded | None:
    """Return what an analyst coded of this zone; what names the zone comes before what speaks of all."""
    found = [one for one in plan.coded if one.about == about and one.zone in ("", zone.id)]
    return max(found, key=lambda one: (bool(one.zone), one.on), default=None)


def _isolation(case: Case, plan: Plan, zone: Zone) -> tuple[str, Reason]:
    """Say whether a zone is cut off: what an analyst coded, else what places, ways and closures of the case say."""
    coded = _coded(plan, zone, "isolated")
    if coded is not None:
        return coded.answer, _said(coded, "isolated")
    answer, why = isolated(read_land(case), zone.place)
    return answer, Reason(about="isolated", answer=answer, why=why, source=CASE)


def _said(coded: Coded | None, about: str) -> Reason:
    if coded is None:
        return Reason(about=about, answer="none", why="None is coded.")
    return Reason(
        about=about,
        answer=coded.answer,
        why=f"{coded.why} Coded for {coded.on}.".strip(),
        source=coded.source,
    )


def _consent(own: Protection, against: Sequence[str]) -> tuple[tuple[str, ...], float | None, Reason]:
    """Return modifiers, mark and reason: what the parties said, else what the plan claims."""
    host, armed = own.consent_host_state, own.consent_armed_parties
    claim = f"The plan states: host state {host}, armed parties {armed}."
    if against:
        why = f"{', '.join(against)} refuse{'' if len(against) > 1 else 's'} by their own confirmed words. {claim}"
        return (
            ("consent_refused",),
            1.0,
            Reason(about="consent", answer="refused", why=why, source="statements"),
        )
    if "no" in (host, armed):
        return ("consent_refused",), 1.0, Reason(about="consent", answer="refused", why=claim, source=PLAN)
    if (host, armed) == ("yes", "yes"):
        return ("consent_written",), 0.0, Reason(about="consent", answer="of all", why=claim, source=PLAN)
    if "partial" in (host, armed):
        return ("consent_partial",), 0.5, Reason(about="consent", answer="in part", why=claim, source=PLAN)
    why = f"{claim} Nobody able to attack is on record as refusing, and silence is not consent: every answer is drawn."
    return OPEN_CONSENT, None, Reason(about="consent", answer="unknown", why=why, source=PLAN)


def _force(own: Protection, threat: Coded | None) -> tuple[tuple[str, ...], float | None, Reason]:
    there = own.force_deployed
    if there is None and (own.force or own.force_asked or own.force_declared or own.force_funded):
        why = "A force is spoken of and none is known to be there: every answer is drawn."
        return ANY_FORCE, None, Reason(about="force", answer="unknown", why=why, source=PLAN)
    if there is None or there.high <= 0:
        why = "No force is there." if there else "The plan names no force."
        return ("",), 1.0, Reason(about="force", answer="none", why=why, source=PLAN)
    if own.logic not in CREDIBLE or own.consent_host_state not in ("yes", "partial"):
        why = "A force is there, without both a mandate to hold the zone and the consent of the host state."
        return ("light_force",), 0.5, Reason(about="force", answer="light", why=why, source=PLAN)
    names = {"state": ("force_against_the_state",), "others": ("force_against_others",)}
    both = ("force_against_others", "force_against_the_state")
    who = threat.answer if threat else "unknown"
    why = f"A force is there with consent of the host state; the main threat is coded as: {who}."
    reason = Reason(about="force", answer="substantial", why=why, source=threat.source if threat else PLAN)
    return names.get(who, both), 0.0, reason


def _arms(own: Protection) -> tuple[tuple[str, ...], float | None, Reason]:
    names = {"yes": ("demilitarised",), "no": ("armed_inside",), "partial": ("",)}
    marks: Mapping[str, float | None] = {"yes": 0.0, "partial": 0.5, "no": 1.0, "unknown": None}
    why = (
        "The plan does not say: every answer is drawn."
        if own.demilitarised == "unknown"
        else "As the plan states."
    )
    reason = Reason(about="demilitarised", answer=own.demilitarised, why=why, source=PLAN)
    return (
        names.get(own.demilitarised, ("demilitarised", "", "armed_inside")),
        marks[own.demilitarised],
        reason,
    )


# a place is asked for by every plan and scenario; a case never changes
@lru_cache(maxsize=512)
def rise(case: Case, *places: str) -> float:
    """Give the doublings of the event rate of a zone's places in the last eight weeks over the 52 before them; below 0 for a fall.

    One event in eight weeks is added to both rates, so that a single event after a quiet year is one doubling.
    """
    weeks = RECENT_WEEKS + YEAR_WEEKS
    first = monday(case.as_of + dt.timedelta(days=1)) - dt.timedelta(weeks=weeks)
    counts = weekly_counts(case.events, list(places), first, weeks).sum(axis=0)
    some = 1.0 / RECENT_WEEKS
    before, lately = counts[:YEAR_WEEKS].mean() + some, counts[YEAR_WEEKS:].mean() + some
    return math.log2(float(lately / before))


def _rise_words(doublings: float) -> Reason:
    answer = f"{2**doublings:.1f} times" if doublings > 0 else "no rise"
    why = "Events of its place a week in the last eight weeks over the year before. A fall lowers nothing: quiet is not safety."
    return Reason(about="own rise", answer=answer, why=why, source="events")
