"""The day of the published rule set of Flee, step by step.

1. What the day's tables say is taken up: kinds of place, fighting, food, floods, closures.
2. Newcomers set out: they stand at the places people flee from, not yet moved.
3. The people at every place are counted; camps with a limit show how much room is left.
4. People at places decide whether to move on, and by which way; who chose a camp that is too full stays.
5. Everybody on a link travels for a day: they arrive, stay on it, or turn back where it has closed.
6. Those who arrived with part of the day left count as there; they decide and travel on, as in 3 to 5, until
   nobody does.
7. The day's kilometres become half of what each has travelled lately.
8. Everybody is counted at places and on links; the sum is everybody who has started, exactly.

All decisions of one round see the counts at its beginning. By default nobody covers more than a day's travel in a
day; with `quirks` who travels on has a full day's travel again, as in the published engine.
"""

from __future__ import annotations

from typing import Final

ORDER: Final = (
    "the day's tables are taken up",
    "newcomers set out",
    "room is counted",
    "people at places decide",
    "everybody on a link travels",
    "who arrived early decides and travels on",
    "the day's kilometres count as recent travel",
    "everybody is counted",
)
"""The day in short, for `asylia run --explain-day`."""

CALLS: Final = ("newcomers", "_count", "look", "decide_all", "travel", "_close_day")
"""Functions of `move.flee.step` in the order in which a day calls them; a test holds this to the code."""
