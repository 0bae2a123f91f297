"""How far simulated camp counts lie from recorded ones: the averaged relative difference, and what intervals hold.

Source: the published score of Flee (Suleimenova, Bell and Groen 2017, Scientific Reports 7:13377), as its script
works it out. It runs from 0; the rescaled form ends at 2, and half of it is what some papers call the error.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64] | NDArray[np.int64]
LEVELS: Final = (0.05, 0.5, 0.95)
"""Low, middle and high among members."""


def relative_difference(people: Counts, observed: Counts) -> float:
    """Return the averaged relative difference (ARD, "normal").

    Each day: the absolute differences of all camps, added up, as a share of all people recorded in camps (of 1 person
    where nobody was). Days count equally, however many people there were.

    Parameters
    ----------
    people, observed
        (day, camp).

    >>> relative_difference(np.array([[30, 10], [5, 0]]), np.array([[20, 20], [0, 0]]))
    2.75
    """
    return float(shares_of_error(people, observed).sum())


def shares_of_error(people: Counts, observed: Counts) -> NDArray[np.float64]:
    """Return what each camp adds to the ARD, float64 (camp,); together they are the ARD."""
    per_day = np.abs(people - observed) / np.maximum(observed.sum(axis=1, keepdims=True), 1)
    return np.asarray(per_day.mean(axis=0), dtype=np.float64)


def rescale(people: Counts, observed: Counts) -> NDArray[np.float64]:
    """Scale each day's camp counts so that their sum is the recorded one; a day with nobody in camps stays at 0.

    The ARD of the result is the rescaled ARD, which leaves out people who are still on the road.

    Parameters
    ----------
    people, observed
        (day, camp).
    """
    sums = people.sum(axis=1, keepdims=True).astype(np.float64)
    wanted = np.broadcast_to(observed.sum(axis=1, keepdims=True), sums.shape).astype(np.float64)
    factor = np.divide(wanted, sums, out=np.zeros_like(sums), where=sums > 0)
    return np.asarray(people * factor, dtype=np.float64)


def point(members: Counts, observed: Counts) -> NDArray[np.float64]:
    """Return the point forecast of members, (day, camp): the mean of their splits of the day's total.

    Parameters
    ----------
    members
        People in camps, (member, day, camp).
    """
    mean = np.mean([rescale(member, observed) for member in members], axis=0)
    return rescale(mean, observed)


def ranges(members: Counts) -> NDArray[np.float64]:
    """Return low, middle and high among members, float64 (3, day, camp), of (member, day, camp)."""
    return np.asarray(np.quantile(members, LEVELS, axis=0), dtype=np.float64)


def coverage(low: NDArray[np.float64], high: NDArray[np.float64], observed: Counts) -> float:
    """Return the share of recorded values that lie in the range, ends included."""
    return float(((low <= observed) & (observed <= high)).mean())
