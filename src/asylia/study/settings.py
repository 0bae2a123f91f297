"""What one study is asked to do."""

from __future__ import annotations

from dataclasses import dataclass

CHUNK_MEMBERS = 10
"""Members per piece of work. Part of the file layout, not of the results."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How many draws, how many days, from which seed.

    Parameters
    ----------
    members
        Draws of everything that is uncertain; every plan meets the same ones.
    days
        Length of the simulation.
    seed
        Start of all random numbers.
    """

    members: int
    days: int
    seed: int

    @property
    def chunks(self) -> tuple[range, ...]:
        """Members in pieces of work, in order."""
        starts = range(0, self.members, CHUNK_MEMBERS)
        return tuple(range(start, min(start + CHUNK_MEMBERS, self.members)) for start in starts)

    @property
    def points(self) -> tuple[int, ...]:
        """Days on which the state is kept: the last day of each week, and the last day of all.

        >>> Settings(members=1, days=10, seed=1).points
        (6, 9)
        """
        return tuple(sorted({*range(6, self.days, 7), self.days - 1}))
