"""What stands in case.toml, actors.toml, statements.toml and plans: one model per table, strict, no other keys."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from asylia.io.boundary_law import LAW_SECTIONS
from asylia.io.boundary_protection import CodedEntry, DecreeEntry, PriorEntry, ScenarioEntry
from asylia.io.boundary_types import (
    Above,
    Amount,
    Day,
    Entry,
    EvidenceTag,
    Float,
    FullText,
    Id,
    Ids,
    Number,
    Reference,
    TermName,
    Text,
    Texts,
    noun,
    nouns,
    refuse,
)
from asylia.model.actors import Actor, Floor, Pointer, Statement, Term, Veto
from asylia.model.plan import Assumption, Cost, Funding, Protection, Service, Support, Zone
from asylia.model.safeguards import Form

Answer = Literal["yes", "partial", "no", "unknown"]
LONGEST_POINTER: Final = 80


class CaseEntry(Entry):
    """case.toml."""

    NOUN = dict
    id: Id
    title: FullText
    country: FullText
    as_of: Day
    first: Day
    days: Annotated[int, Field(ge=1, le=3660)]
    standards: Id = "emergency"
    movement: Literal["case", "fitted"] = "fitted"
    limits: Texts = Field(default_factory=list)
    licences: Texts = Field(default_factory=list)
    rules: dict[str, Number] = Field(default_factory=dict)
    modifiers: dict[str, Annotated[PriorEntry, AfterValidator(noun)]] = Field(default_factory=dict)
    scenarios: Annotated[list[ScenarioEntry], AfterValidator(nouns)] = Field(default_factory=list)


class TermEntry(Entry):
    """One `[[terms]]` of actors.toml."""

    NOUN = Term
    id: TermName
    name: FullText
    values: Annotated[list[TermName], Field(min_length=1), AfterValidator(tuple)]
    ordered: bool = False
    several: bool = False
    doc: Text = ""
    controller: Ids = Field(default_factory=list)

    @model_validator(mode="after")
    def check_values(self) -> Self:
        """Check that no value stands twice."""
        if len(set(self.values)) < len(self.values):
            refuse("a value of a term stands once", "Remove the copy.")
        return self


class FloorEntry(Entry):
    """One `[[floor]]` of actors.toml."""

    NOUN = Floor
    id: Id
    name: FullText
    expression: FullText
    basis: FullText
    source: Id


class VetoEntry(Entry):
    """One entry of `vetoes`."""

    NOUN = Veto
    over: Annotated[list[FullText], Field(min_length=1), AfterValidator(tuple)]
    basis: FullText
    source: Id


class ActorEntry(Entry):
    """One `[[actors]]` of actors.toml."""

    NOUN = Actor
    id: Id
    name: FullText
    kind: FullText
    reach: Texts = Field(default_factory=list)
    vetoes: Annotated[list[VetoEntry], AfterValidator(nouns)] = Field(default_factory=list)
    disagreement: Text = ""
    source: Reference = ""
    note: Text = ""


class PointerEntry(Entry):
    """One entry of `evidence` of a statement."""

    NOUN = Pointer
    source: Id
    start: Annotated[int, Field(ge=0, le=10**12)]
    end: Annotated[int, Field(ge=0, le=10**12)]
    words: FullText
    speaker: FullText
    mode: Literal["direct", "indirect", "paraphrase", "inferred"]

    @model_validator(mode="after")
    def check_passage(self) -> Self:
        """Check that the passage has a length, unless nobody holds the text, and that the pointer is short."""
        is_held = (self.start, self.end) != (0, 0)
        if is_held and self.start >= self.end:
            refuse("start comes before end", "Offsets count characters; both are 0 if nobody holds the text.")
        if len(self.words) > LONGEST_POINTER:
            refuse(
                f"words has at most {LONGEST_POINTER} characters", "Keep a few words; a pointer is no copy."
            )
        return self


class StatementEntry(Entry):
    """One `[[statements]]` of statements.toml."""

    NOUN = Statement
    id: Id
    actor: Id
    rank: Annotated[int, Field(ge=1, le=1000)]
    force: Literal["hard", "red_line", "soft", "preference", "concern", "opinion", "report"]
    expression: Text
    summary: FullText
    evidence: Annotated[list[PointerEntry], AfterValidator(nouns)]
    said: Day | None = None
    status: Literal["proposed", "confirmed", "disputed", "rejected", "superseded"] = "proposed"
    confidence: Literal["stated", "likely", "guess"] = "stated"
    alternatives: Texts = Field(default_factory=list)
    same_as: Reference = ""
    supersedes: Reference = ""
    level: Literal["principle", "modalities", "both", ""] = ""
    sensitive: bool = False

    @model_validator(mode="after")
    def check_words(self) -> Self:
        """Check that what counts has words behind it."""
        if self.status == "confirmed" and not self.evidence:
            refuse(
                "a confirmed statement has evidence", 'Add where it was said, or write status = "proposed".'
            )
        return self


Point = Annotated[list[Float], Field(min_length=2, max_length=2), AfterValidator(tuple)]


class ZoneEntry(Entry):
    """One `[[zones]]` of a plan."""

    NOUN = Zone
    id: Id
    name: FullText
    place: Id
    capacity_people: Above
    opens: Day
    closes: Day | None = None
    area_km2: Above | None = None
    outline: Annotated[list[Point], Field(max_length=10_000), AfterValidator(tuple)] = Field(
        default_factory=list
    )
    admits_from: Texts = Field(default_factory=list)
    decrees: Annotated[list[DecreeEntry], AfterValidator(nouns)] = Field(default_factory=list)
    covers: Ids = Field(default_factory=list)

    @model_validator(mode="after")
    def check_days(self) -> Self:
        """Check that the zone opens before it closes."""
        if self.closes is not None and self.closes <= self.opens:
            refuse("a zone closes after it opens", "Swap `opens` and `closes`, or correct the year.")
        if self.covers and self.place not in self.covers:
            refuse("covers names the place of the zone among others", "Add it, or leave `covers` out.")
        return self


class ServiceEntry(Entry):
    """One `[[services]]` of a plan."""

    NOUN = Service
    sector: Id
    indicator: Id
    zone: Reference = ""
    provides_for_people: Amount | None = None
    ready: Day | None = None
    ramp_up_days: Annotated[int, Field(ge=0, le=3660)] = 0
    source: Reference = ""


class ProtectionEntry(Entry):
    """`[protection]` of a plan."""

    NOUN = Protection
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
    consent_host_state: Answer = "unknown"
    consent_armed_parties: Answer = "unknown"
    demilitarised: Answer = "unknown"
    air_cover: Literal["yes", "no", "unknown"] = "unknown"
    force: Text = ""
    force_deployed: Amount | None = None
    force_asked: Amount | None = None
    force_declared: Amount | None = None
    force_funded: Amount | None = None


class SupportEntry(Entry):
    """One `[[support]]` of a plan."""

    NOUN = Support
    area: Text
    people: Amount
    starts: Day
    kind: Literal["host_community", "resettlement"] = "host_community"
    source: Reference = ""


class CostEntry(Entry):
    """One `[[costs]]` of a plan."""

    NOUN = Cost
    item: FullText
    per: Literal["person_year", "supported_person_year", "resettled_person", "month", "once"]
    usd: Amount
    kind: Literal["relief", "force", "set_up"] = "relief"
    usd_year: Annotated[int, Field(ge=1900, le=2200)] | None = None
    priority: Annotated[int, Field(ge=0, le=1000)] = 0


class FundingEntry(Entry):
    """One `[[funding]]` of a plan."""

    NOUN = Funding
    donor: FullText
    status: Literal["mentioned", "pledged", "committed", "paid"]
    usd: Amount | None = None
    source: Id
    note: Text = ""
    on: Day | None = None
    earmark: Text = ""

    def noun(self) -> Funding:
        """Make the noun; an amount nobody named is unknown."""
        told = {name: getattr(self, name) for name in self.model_fields_set}
        return Funding(**{"usd": None, **told})


class AssumptionEntry(Entry):
    """One `[[assumptions]]` of a plan."""

    NOUN = Assumption
    what: FullText
    value: Text
    reason: FullText
    fills: Text = ""
    source: Reference = ""
    evidence: EvidenceTag = "assumed"


class PlanEntry(Entry):
    """What stands at the top of a plan, before its sections."""

    NOUN = dict
    id: Id
    title: FullText
    summary: FullText
    proposed_by: Ids = Field(default_factory=list)
    objectives: Texts = Field(default_factory=list)
    source: Reference = ""
    form: Form = ""
    terms: dict[TermName, Annotated[list[TermName], AfterValidator(tuple)]] = Field(default_factory=dict)
    stated: dict[TermName, Text] = Field(default_factory=dict)
    protection: Annotated[ProtectionEntry, AfterValidator(noun)] | None = None
    known_from: Day | None = None


PLAN_SECTIONS: Final[dict[str, type[Entry]]] = {
    "zones": ZoneEntry,
    "services": ServiceEntry,
    "support": SupportEntry,
    "costs": CostEntry,
    "funding": FundingEntry,
    "assumptions": AssumptionEntry,
    "coded": CodedEntry,
    **LAW_SECTIONS,
}
ACTOR_SECTIONS: Final[dict[str, type[Entry]]] = {
    "terms": TermEntry,
    "floor": FloorEntry,
    "actors": ActorEntry,
}
STATEMENT_SECTIONS: Final[dict[str, type[Entry]]] = {"statements": StatementEntry}
