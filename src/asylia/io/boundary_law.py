"""What a plan file says of law and safeguards: one model per table, strict, no other keys."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from asylia.io.boundary_types import Amount, Day, Entry, FullText, Id, Reference, TermName, Text, refuse
from asylia.model.safeguards import (
    Aim,
    AimKind,
    Commitment,
    ConsentRecord,
    Kept,
    LimitsVersion,
    ReturnTrigger,
    Revision,
    Safeguard,
    Trigger,
)

LONGEST_WORDS: Final = 80
HASH: Final = re.compile(r"^[0-9a-f]{64}$")


def _few(text: str) -> str:
    if len(text) > LONGEST_WORDS:
        refuse(f"has at most {LONGEST_WORDS} characters", "Keep a few words; a pointer is no copy.")
    return text


def _hash(text: str) -> str:
    if not HASH.fullmatch(text):
        refuse("is a SHA-256: 64 digits and letters a to f", "`asylia audit` prints the one of each outline.")
    return text


FewWords = Annotated[Text, AfterValidator(_few)]
Sha256 = Annotated[str, AfterValidator(_hash)]


class SafeguardEntry(Entry):
    """One `[[safeguards]]` of a plan."""

    NOUN = Safeguard
    about: TermName
    answer: Literal["yes", "partial", "no", "disputed", "unknown"]
    source: Id
    words: FewWords = ""
    note: Text = ""


class ConsentEntry(Entry):
    """One `[[consents]]` of a plan."""

    NOUN = ConsentRecord
    actor: Id
    form: Literal["written", "oral", "tacit", "refused"]
    covers: Literal["principle", "principle_and_details"] = "principle"
    given: Day | None = None
    source: Id
    words: FewWords = ""
    until: Day | None = None


class CommitmentEntry(Entry):
    """One `[[commitments]]` of a plan."""

    NOUN = Commitment
    by: FullText
    what: FullText
    source: Id
    about: Text = ""
    promised: Day | None = None
    due: Day | None = None
    kept: Kept = "unknown"
    amount: Amount | None = None
    unit: Text = ""
    words: FewWords = ""
    note: Text = ""


class RevisionEntry(Entry):
    """One `[[revisions]]` of a plan."""

    NOUN = Revision
    dated: Day
    aims: Annotated[list[AimKind], Field(min_length=1), AfterValidator(tuple)]
    source: Id
    words: FewWords = ""


class AimEntry(Entry):
    """One `[[aims]]` of a plan."""

    NOUN = Aim
    objective: FullText
    kind: AimKind
    source: Id
    words: FewWords = ""


class ReturnEntry(Entry):
    """One `[[returns]]` of a plan."""

    NOUN = ReturnTrigger
    area: FullText
    trigger: Trigger
    source: Reference
    met: Kept = "unknown"
    weeks: Amount | None = None
    words: FewWords = ""


class LimitsEntry(Entry):
    """One `[[limits]]` of a plan."""

    NOUN = LimitsVersion
    zone: Id
    published: Day
    sha256: Sha256
    source: Id
    note: Text = ""


LAW_SECTIONS: Final[dict[str, type[Entry]]] = {
    "safeguards": SafeguardEntry,
    "consents": ConsentEntry,
    "commitments": CommitmentEntry,
    "revisions": RevisionEntry,
    "aims": AimEntry,
    "returns": ReturnEntry,
    "limits": LimitsEntry,
}
"""Tables of a plan on law and safeguards; every one may be left out."""
