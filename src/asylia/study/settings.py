"""What one study is asked to do."""

from __future__ import annotations

from dataclasses import dataclass

from asylia.study.movement import Movement

FIRST_MEMBERS = 1_000
PIECE_MEMBERS = 10
LATER_PIECE_MEMBERS = 100
"""Members of one piece of work, for the first members and after. Part of the file layout, not of the results.

Small pieces keep all workers busy in a small study and lose little when one is killed; in a large one they would be files
without end. Where a piece starts never depends on the number of members, so that more members keep the first ones.
"""


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
    movement
        Whose rules move people, and what counts were taken in. Without a default: a part of a study that forgot it would
        move people by other rules than the rest.
    """

    members: int
    days: int
    seed: int
    movement: Movement

    @property
    def chunks(self) -> tuple[range, ...]:
        """Members in pieces of work, in order."""
        small = range(0, min(self.members, FIRST_MEMBERS), PIECE_MEMBERS)
        large = range(FIRST_MEMBERS, self.members, LATER_PIECE_MEMBERS)
        return tuple(
            range(start, min(start + starts.step, self.members))
            for starts in (small, large)
            for start in starts
        )

    @property
    def points(self) -> tuple[int, ...]:
        """Days on which the state is kept: the last day of each week, and the last day of all.

        >>> from asylia.study.movement import PLAIN
        >>> Settings(members=1, days=10, seed=1, movement=PLAIN).points
        (6, 9)
        """
        return tuple(sorted({*range(6, self.days, 7), self.days - 1}))
