"""A case with a known answer, and what was found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

TOLERANCE: Final = 1e-6
"""Answers on a curve are approached step by step; all others are met far closer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One question of one case.

    Parameters
    ----------
    check
        What was asked: a notion of stability, a bargaining point, ...
    expected, found
        Numbers, or lists of numbers or texts. Where several points tie, `found` is the one nearest to what is expected.
    """

    file: str
    case: str
    check: str
    expected: object
    found: object

    @property
    def ok(self) -> bool:
        """Tell whether both agree: texts and whole numbers exactly, others within `TOLERANCE`."""
        return agrees(self.expected, self.found)


def agrees(expected: object, found: object) -> bool:
    """Hold an answer against what is expected, part by part.

    >>> agrees([1, [0.5]], [1, [0.5 + 1e-9]]), agrees([1, 2], [1])
    (True, False)
    """
    if isinstance(expected, Sequence) and not isinstance(expected, str):
        if not isinstance(found, Sequence) or len(expected) != len(found):
            return False
        return all(agrees(one, other) for one, other in zip(expected, found, strict=True))
    if isinstance(expected, float) and isinstance(found, int | float):
        return math.isclose(expected, found, rel_tol=0.0, abs_tol=TOLERANCE)
    return expected == found
