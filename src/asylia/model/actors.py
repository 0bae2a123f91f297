"""Who has a say, over what terms, and what each has said, with the words behind it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Force = Literal["hard", "red_line", "soft", "preference", "concern", "opinion", "report"]
"""`hard` and `red_line` can refuse a plan; the others are shown and never decide."""

Mode = Literal["direct", "indirect", "paraphrase", "inferred"]
Status = Literal["proposed", "confirmed", "disputed", "rejected", "superseded"]
"""`rejected`: a person read it in place and did not take it; it stays on file and is open no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing a plan can settle, with the values it can take.

    Parameters
    ----------
    ordered
        Whether the values run from least to most, so that `<` and `>=` mean something.
    several
        Whether a plan may hold more than one value at once (agencies, services).
    controller
        Ids of the actors who settle it, whatever a plan writes: who would have to change it. Empty if nobody is known to.
    """

    id: str
    name: str
    values: tuple[str, ...]
    ordered: bool = False
    several: bool = False
    doc: str = ""
    controller: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """A protection term of the people concerned that no package may trade away, whoever agrees to it.

    Parameters
    ----------
    expression
        What has to hold, in the language of `consent.expressions`. It has one reading and asks nobody.
    basis
        The rule it rests on, in words.
    """

    id: str
    name: str
    expression: str
    basis: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """What an actor can stop, and on what ground."""

    over: tuple[str, ...]
    basis: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A party, state, agency or group. Never a private person.

    Parameters
    ----------
    kind
        host_state, outside_power, armed_actor, neighbour, donor, agency, displaced_people, commentator, ...
    reach
        Where it can act, in words or admin1 names.
    disagreement
        What it falls back on without agreement, in words.
    """

    id: str
    name: str
    kind: str
    reach: tuple[str, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    disagreement: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Where the words stand: a source, character offsets, and a few of the words (never the text).

    Parameters
    ----------
    start, end
        Offsets of the passage in the source, as characters of the text read as UTF-8 with universal newlines.
    words
        A short pointer that stands inside the passage, at most 80 characters.
    speaker
        Office or body that spoke, as the text gives it.
    mode
        direct quotation, indirect speech, paraphrase by the author, or inferred by the annotator.
    """

    source: str
    start: int
    end: int
    words: str
    speaker: str
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Something an actor said, read as a condition over terms.

    Parameters
    ----------
    rank
        Order of importance to the actor, 1 first; statements of equal rank are not ordered.
    expression
        Our reading, in the language of `consent.expressions`; empty if it is no condition.
    same_as
        Id of the statement this one repeats: it is then shown with it and not counted again.
    status
        Only `confirmed` statements enter a verdict.
    """

    id: str
    actor: str
    rank: int
    force: Force
    expression: str
    summary: str
    evidence: tuple[Pointer, ...]
    said: dt.date | None = None
    status: Status = "proposed"
    confidence: Literal["stated", "likely", "guess"] = "stated"
    alternatives: tuple[str, ...] = ()
    same_as: str = ""
    supersedes: str = ""
    level: Literal["principle", "modalities", "both", ""] = ""
    sensitive: bool = False
