"""Which standards a zone is held against: a choice that somebody makes, copies and changes, with a reason for each part."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The standard used for one measure, and why this one.

    Parameters
    ----------
    standard
        Id of a published standard.
    value, unit
        A value put in place of the published one, and its unit; `None` and empty to keep the published one. The result is then
        marked as assumed, with the reason.
    source
        Where the changed value comes from.
    """

    measure: str
    standard: str
    reason: str
    value: float | None = None
    unit: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Choices by measure.

    Parameters
    ----------
    based_on
        Profile whose choices hold where this one makes none; empty for none.
    """

    id: str
    name: str
    based_on: str = ""
    uses: tuple[Choice, ...] = ()
