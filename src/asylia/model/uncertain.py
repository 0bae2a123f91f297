"""A number somebody is not sure of, where it came from and how sure we are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Evidence(StrEnum):
    """How a number is known. `unknown` goes with a number nobody has; it stays unknown."""

    SEEN = "seen"
    DERIVED = "derived"
    RECALLED = "recalled"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"


Shape = Literal["even", "log"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """A number between two bounds, drawn evenly or evenly on the logarithm.

    Parameters
    ----------
    low, high
        Bounds, inclusive; equal for a number held fixed.
    shape
        `even` draws evenly between the bounds, `log` draws evenly between their logarithms.
    source, evidence, why
        Where it comes from (an id of sources.csv, or empty), how it is known, and the reason in one sentence.
    """

    low: float
    high: float
    shape: Shape = "even"
    source: str = ""
    evidence: Evidence = Evidence.ASSUMED
    why: str = ""

    def at(self, luck: float) -> float:
        """Return the number at a share of the way from low to high.

        >>> Uncertain(low=10.0, high=20.0).at(0.5)
        15.0
        >>> round(Uncertain(low=1.0, high=100.0, shape="log").at(0.5), 6)
        10.0
        """
        if self.shape == "log":
            return math.exp(math.log(self.low) + luck * (math.log(self.high) - math.log(self.low)))
        return self.low + luck * (self.high - self.low)

    @property
    def middle(self) -> float:
        """The number half way, on the scale of its shape."""
        return self.at(0.5)

    @property
    def is_fixed(self) -> bool:
        """Whether there is nothing to draw."""
        return self.low == self.high


def fixed(
    value: float, *, source: str = "", evidence: Evidence = Evidence.ASSUMED, why: str = ""
) -> Uncertain:
    """Make an `Uncertain` that is held at one value."""
    return Uncertain(low=value, high=value, source=source, evidence=evidence, why=why)
