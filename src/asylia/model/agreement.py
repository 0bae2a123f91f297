"""What consent to a set of plans turns on, in words: the least change, what agreement shares, what to ask, would it hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Overall: TypeAlias = Literal["refused", "cannot say", "nothing stated against it"]
"""What everybody who can stop a plan says of it, taken together."""

Keeps: TypeAlias = Literal["kept", "left open", "traded away"]
"""What a plan does with a protection term that is not for trading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorLine:
    """One protection term held against one plan."""

    id: str
    name: str
    standing: Keeps
    condition: str
    basis: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A statement with where its words stand."""

    statement: str
    actor: str
    actor_name: str
    force: str
    summary: str
    condition: str
    words: str
    speaker: str
    mode: str
    source: str
    sensitive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TermChange:
    """A term that changes.

    Parameters
    ----------
    before
        "left open" where the plan does not settle it.
    who
        Names of those who settle it, and so would have to change; empty if nobody is known to.
    for_floor
        Whether a protection term that is not for trading asks for it.
    """

    term: str
    name: str
    before: str
    after: str
    who: tuple[str, ...] = ()
    for_floor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBrief:
    """One plan: who refuses it in which words, and the least change that meets every condition known.

    Parameters
    ----------
    refusals
        The statements of veto holders it does not meet, in any reading.
    cost
        Terms that change or are settled; 0 if none must, `None` if no change within the terms it keeps is enough.
    ways
        Ways of making that change, each a list of terms; at most 20. `ways_count` is exact.
    proof
        A sentence: why nothing smaller does.
    giving_up
        A sentence on what dropping the zone altogether would do; empty if the plan has none.
    doubt
        A sentence: in how many drawn worlds somebody who can stop it refuses.
    floor
        What it does with each protection term that is not for trading; the least change keeps all of them.
    """

    plan: str
    title: str
    verdict: Overall
    refused_by: tuple[str, ...]
    refusals: tuple[Quote, ...]
    cost: int | None
    proved: bool
    ways_count: int
    ways: tuple[tuple[TermChange, ...], ...]
    proof: str
    giving_up: str
    doubt: str
    floor: tuple[FloorLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """What all packages with a zone share that nobody known to have a veto refuses, and that keep the protection floor.

    Parameters
    ----------
    agreed
        Term and its one value, in every such package.
    one_of
        Term and the few values that are left of more.
    free
        Terms nobody's condition turns on: room to bargain.
    assured, possible
        How many such packages there are in all readings, and in at least one.
    """

    sentence: str
    agreed: tuple[tuple[str, str], ...]
    one_of: tuple[tuple[str, tuple[str, ...]], ...]
    free: tuple[str, ...]
    assured: int
    possible: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, who or what can answer it, and what each answer would change."""

    question: str
    sort: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstChoice:
    """Which plans with a zone an actor's stated order puts first, and whether that follows from the order alone."""

    actor: str
    actor_name: str
    plans: tuple[str, ...]
    follows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The page.

    Parameters
    ----------
    together
        Whether all conditions and wishes of everybody can be met at once, with a zone.
    clashes, concessions
        Minimal sets of statements that cannot all be met; minimal sets that would have to give way.
    silent
        Veto holders of whom no condition is known: no change can be known to satisfy them.
    not_asked
        A sentence on the displaced people.
    unconfirmed
        A sentence on statements that did not enter.
    """

    plans: tuple[PlanBrief, ...]
    shared: Shares
    together: bool
    clashes: tuple[tuple[Quote, ...], ...]
    concessions: tuple[tuple[Quote, ...], ...]
    questions: tuple[Asked, ...]
    first_choices: tuple[FirstChoice, ...]
    silent: tuple[str, ...]
    not_asked: str
    unconfirmed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHold:
    """Would consent to one plan hold: four answers in words, never multiplied."""

    plan: str
    margin: str
    stability: str
    worlds: str
    past: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Everything a report shows on consent beyond who stands where."""

    brief: Brief
    holds: tuple[PlanHold, ...]
