"""What the chance of attack and overrun of a zone rests on: answers, with who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One answer, in words, with where it comes from."""

    about: str
    answer: str
    why: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One zone over one stretch of days.

    Parameters
    ----------
    from_day
        First day of the simulation on which it holds.
    answers
        By family (consent, force, arms, threat), the modifiers of attack that may hold; an empty name is none.
    marks
        By modifier of overrun: 1, 0, or part; `None` where nobody knows.
    doublings
        Doublings of the area's own event rate over its year before.
    ceasefire_day
        Day of the simulation on which a ceasefire began; `None` without one.
    """

    from_day: int
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    marks: Mapping[str, float | None] = field(default_factory=dict)
    doublings: float = 0.0
    ceasefire_day: int | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def modifiers(self) -> frozenset[str]:
        """Names of every modifier that can move this zone."""
        named = {name for names in self.answers.values() for name in names if name}
        named |= {name for name, mark in self.marks.items() if mark is not None}
        named |= {"ceasefire_at_first", "ceasefire_half_life"} if self.ceasefire_day is not None else set()
        return frozenset(named | ({"overrun_doubling"} if self.doublings > 0 else set()))
