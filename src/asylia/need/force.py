"""People in uniform for each thousand people, beside a published line. A line to read by, not an answer.

The line comes from operations that kept order, not from safe areas, and the evidence for it is disputed. Malakal stood above it and was
attacked all the same. Force is an input of a plan with a cost; nothing here says how many to send.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from asylia.need.standards import by_id, per_person

LINE: Final = "SEC-01"
"""Row with the line: 20 for each thousand people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """How many people in uniform there are for the people of a plan's zones.

    Parameters
    ----------
    share, line
        People in uniform for each person: there, and by the published line.
    """

    personnel: float
    people: float
    share: float
    line: float

    @property
    def is_below(self) -> bool:
        """Whether there are fewer than the line says."""
        return self.share < self.line


def strength(personnel: float, people: float) -> Strength | None:
    """Hold a number of people in uniform against the line; `None` where there is nobody to protect.

    >>> strength(7_600, 850_000).is_below, strength(34_000, 850_000).is_below
    (True, False)
    """
    if people <= 0:
        return None
    return Strength(
        personnel=personnel, people=people, share=personnel / people, line=per_person(by_id()[LINE])
    )
