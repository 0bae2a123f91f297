"""What is proposed: zones, terms, services, protection, money, time, and what was assumed to fill the gaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from asylia.model.safeguards import (
    Aim,
    Commitment,
    ConsentRecord,
    Form,
    LimitsVersion,
    ReturnTrigger,
    Revision,
    Safeguard,
)
from asylia.model.uncertain import Evidence, Uncertain

NO_ZONE = "none"
"""Id of the plan that is always there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decree:
    """A dated change of what a zone holds, such as a zone that shrinks by decree.

    Parameters
    ----------
    share
        Share of `capacity_people` it holds from that day on; more than 1 if it grows.
    """

    on: dt.date
    share: float
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """An analyst's answer on one zone that no clause of the plan gives, with a source and a date.

    Parameters
    ----------
    about
        `isolated`: no land access under friendly or neutral control. `main_threat`: who could attack, the state (or its
        ally) or others. `ceasefire`: one is in force from `on`.
    zone
        Zone id; empty for every zone of the plan.
    on
        Day the answer was true; for a ceasefire the day it began.
    """

    about: Literal["isolated", "main_threat", "ceasefire"]
    answer: Literal["yes", "no", "partial", "unknown", "state", "others"]
    on: dt.date
    source: str
    zone: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A proposed zone at one place of the case.

    Parameters
    ----------
    id
        Stable within the case; plans that share a zone id share its luck.
    place
        Id of the place it lies at; people reach it through that place.
    capacity_people
        Most people it can hold.
    opens, closes
        First day people are let in; first day it no longer exists (`None`: no end is stated).
    outline
        Ring of (longitude, latitude) for the map; empty if no limits are stated.
    decrees
        Dated changes of what it holds, in any order.
    covers
        Ids of the places it takes in whole, `place` among them: fighting anywhere in them counts as fighting at the zone.
        Empty for an area at `place` that takes in a part of it.
    """

    id: str
    name: str
    place: str
    capacity_people: Uncertain
    opens: dt.date
    closes: dt.date | None = None
    area_km2: Uncertain | None = None
    outline: tuple[tuple[float, float], ...] = ()
    admits_from: tuple[str, ...] = ()
    decrees: tuple[Decree, ...] = ()
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What the plan says it provides in one sector.

    Parameters
    ----------
    zone
        Zone id; empty for every zone of the plan.
    indicator
        Id of a standard (`need.standards`), such as WAT-04.
    provides_for_people
        People the provision serves at that standard; `None` if the plan names the service without an amount.
    ready
        First day it works; `None` if the plan does not say.
    ramp_up_days
        Days from that day to the first day at full size; it grows in even steps.
    """

    sector: str
    indicator: str
    zone: str = ""
    provides_for_people: Uncertain | None = None
    ready: dt.date | None = None
    ramp_up_days: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """Who protects and on what logic (the coding of the historical zones). Force is an input with a cost.

    Parameters
    ----------
    force_asked, force_declared, force_funded, force_deployed
        People: asked for as needed, authorised or promised, paid for, and there. A plan is run and held against
        history at what is deployed; what was only declared counts as unknown.
    """

    logic: Literal[
        "consent",
        "partial_consent",
        "credible_force",
        "air_only",
        "hybrid_un",
        "guarantor",
        "unilateral",
        "none",
    ] = "none"
    consent_host_state: Literal["yes", "partial", "no", "unknown"] = "unknown"
    consent_armed_parties: Literal["yes", "partial", "no", "unknown"] = "unknown"
    demilitarised: Literal["yes", "partial", "no", "unknown"] = "unknown"
    air_cover: Literal["yes", "no", "unknown"] = "unknown"
    force: str = ""
    force_deployed: Uncertain | None = None
    force_asked: Uncertain | None = None
    force_declared: Uncertain | None = None
    force_funded: Uncertain | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Help to people where they already are: host communities, rent, repair. No zone.

    `area` is a place id, an admin1 name, or empty for the whole country.
    """

    area: str
    people: Uncertain
    starts: dt.date
    kind: Literal["host_community", "resettlement"] = "host_community"
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One line of cost.

    Parameters
    ----------
    per
        `person_year` in zones, `supported_person_year`, `resettled_person`, `month` while open, or `once`.
    usd_year
        Year whose dollars these are; `None` if nobody says.
    priority
        What is paid first when money is short, 1 first; 0 if the plan does not say.
    """

    item: str
    per: Literal["person_year", "supported_person_year", "resettled_person", "month", "once"]
    usd: Uncertain
    kind: Literal["relief", "force", "set_up"] = "relief"
    usd_year: int | None = None
    priority: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """Money somebody spoke of. Only `committed` and `paid` count as funded.

    Parameters
    ----------
    on
        Day the money is there; `None` if nobody says, and then it counts from the first day.
    earmark
        Cost item, or kind of cost, it may be spent on; empty for anything.
    """

    donor: str
    status: Literal["mentioned", "pledged", "committed", "paid"]
    usd: Uncertain | None
    source: str
    note: str = ""
    on: dt.date | None = None
    earmark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """What the sources leave open and we filled, with the reason.

    `fills` names the element of the completeness list that this assumption fills (`audit.completeness`).
    """

    what: str
    value: str
    reason: str
    fills: str = ""
    source: str = ""
    evidence: Evidence = Evidence.ASSUMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One proposal.

    Parameters
    ----------
    terms
        Values settled by the plan, by term id; a term that is missing is unknown, not false.
    stated
        Elements of the completeness list that the sources do state: element -> pointer to who says so.
    objectives
        Purposes the proposers declared, in their words.
    form
        Legal form of its zones, if a source states one.
    safeguards, consents, commitments, revisions, aims, returns, limits
        What sources say of law and safeguards (`model.safeguards`); what nobody says is left out.
    coded
        Answers of an analyst that the chance of attack or overrun rests on.
    known_from
        First day anybody could know of the plan; `None` for a plan as old as its case. One of a later day stands in the
        hindcast folder and takes part in a comparison only if that is asked for by its day.
    """

    id: str
    title: str
    summary: str
    proposed_by: tuple[str, ...] = ()
    zones: tuple[Zone, ...] = ()
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    services: tuple[Service, ...] = ()
    protection: Protection = field(default_factory=Protection)
    support: tuple[Support, ...] = ()
    costs: tuple[Cost, ...] = ()
    funding: tuple[Funding, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    stated: Mapping[str, str] = field(default_factory=dict)
    objectives: tuple[str, ...] = ()
    source: str = ""
    form: Form = ""
    safeguards: tuple[Safeguard, ...] = ()
    consents: tuple[ConsentRecord, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    revisions: tuple[Revision, ...] = ()
    aims: tuple[Aim, ...] = ()
    returns: tuple[ReturnTrigger, ...] = ()
    limits: tuple[LimitsVersion, ...] = ()
    coded: tuple[Coded, ...] = ()
    known_from: dt.date | None = None

    @staticmethod
    def none() -> Plan:
        """Return the plan without a zone, which stands beside every other.

        >>> Plan.none().id
        'none'
        """
        return Plan(
            id=NO_ZONE,
            title="No zone",
            summary="Nothing is set up. What happens if no plan is carried out.",
        )
