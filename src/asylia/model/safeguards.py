"""What a plan says of law and safeguards: answers with their source, consents on record, promises, dated revisions.

Nothing here is filled by us. An answer that nobody gave is left out, and counts as unknown.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from asylia.model.uncertain import Uncertain

Answer = Literal["yes", "partial", "no", "disputed", "unknown"]
Kept = Literal["yes", "partial", "no", "unknown"]
Trigger = Literal["homes_restored", "services_back", "quiet_weeks", "mines_cleared", "other"]
AimKind = Literal[
    "limit_loss",
    "deter",
    "show_concern",
    "talks",
    "aid",
    "return",
    "containment",
    "instead_of_resettlement",
    "territory",
    "government",
    "counter_terrorism",
    "other",
]
"""The first five are those of the UN report on Bosnia; the rest lie beyond protection and relief."""
Form = Literal["", "hospital_and_safety", "neutralised", "non_defended", "demilitarised", "other"]
"""Legal form of a zone: GC IV art 14, GC IV art 15, AP I art 59, AP I art 60; blank if no source states one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Safeguard:
    """One answer a source gives to one safeguard. Several answers to one safeguard may stand side by side.

    Parameters
    ----------
    about
        Name of a safeguard of the checklist (`audit.conditions.SAFEGUARDS`).
    words
        A few of the words of the source, or the row of a table.
    """

    about: str
    answer: Answer
    source: str
    words: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRecord:
    """What one party agreed to on record, or refused.

    Parameters
    ----------
    covers
        The principle alone, or the details too, such as who administers.
    until
        Last day it holds; `None` if no end was stated.
    """

    actor: str
    form: Literal["written", "oral", "tacit", "refused"]
    covers: Literal["principle", "principle_and_details"] = "principle"
    given: dt.date | None = None
    source: str = ""
    words: str = ""
    until: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """Who promised what, when it was due, and whether it was kept.

    Parameters
    ----------
    about
        Element of the completeness list the promise is about, such as `protection_force`; blank if none.
    amount, unit
        What was promised, if a number was named: `people`, `USD` and the like.
    """

    by: str
    what: str
    source: str
    about: str = ""
    promised: dt.date | None = None
    due: dt.date | None = None
    kept: Kept = "unknown"
    amount: Uncertain | None = None
    unit: str = ""
    words: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The objectives of the plan as one dated text has them."""

    dated: dt.date
    aims: tuple[AimKind, ...]
    source: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """One declared objective, read as one kind.

    Parameters
    ----------
    objective
        The objective as it stands in `objectives` of the plan.
    """

    objective: str
    kind: AimKind
    source: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTrigger:
    """What has to hold at a place of origin before people go home, and whether it does.

    Parameters
    ----------
    area
        Place id, admin1 name or country the people come from.
    weeks
        For `quiet_weeks`: how many.
    """

    area: str
    trigger: Trigger
    source: str
    met: Kept = "unknown"
    weeks: Uncertain | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsVersion:
    """One published version of a zone's limits: SHA-256 of its outline (`outline_hash`), and the date."""

    zone: str
    published: dt.date
    sha256: str
    source: str
    note: str = ""


def outline_hash(outline: Sequence[tuple[float, float]]) -> str:
    """Give the SHA-256 of an outline: each corner as `longitude,latitude` with six decimals, joined by blanks.

    >>> outline_hash([(37.0, 34.0), (37.1, 34.0), (37.1, 34.1)])[:8]
    '88dc5e2c'
    """
    text = " ".join(f"{longitude:.6f},{latitude:.6f}" for longitude, latitude in outline)
    return hashlib.sha256(text.encode()).hexdigest()
