"""The published rules of Flee as a rival of forecasts: their split over camps on the day of the origin, held from there.

The peer cannot forecast: it wants the daily total of every day it runs, later ones too. What can be asked of it is where its
people stand on the day of the origin, run from day 0 with the recorded totals; capacities are off, because those of the folders
were set from the counts. Its split is held, and the total is that of the damped trend. Between two reports the recorded total
runs straight to the later one, which is a small leak, in favour of the peer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from asylia.core.errors import CaseError
from asylia.move.forecast.known import Table
from asylia.study.displacement_rules import Choice, camp_counts
from asylia.study.forecast_known import Past

MEMBERS: Final = 3

Peer = Callable[[Past], Table | None]


def peer_shares(past: Past, *, seed: int = 1, members: int = MEMBERS) -> Table | None:
    """Return the share of people in each camp after each day under the peer's rules, float64 (day, camp).

    Rows of days when it has nobody in a camp are 0. None if the peer cannot run the conflict.
    """
    choice = Choice(rules="flee", capacities=False, seed=seed, members=members)
    try:
        counts = camp_counts(past.replay, past.camps, choice, range(members))
    except CaseError:
        return None
    people = counts.mean(axis=0)
    sums = people.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(people, sums, out=np.zeros_like(people), where=sums > 0), dtype=np.float64)
