"""Large cases in which the area worst off counts: each area has a price for those left without shelter.

The largest share is no sum over people. But with prices that sum to one it is never below the priced sum of the
shares, and a limit on the share can be priced too: so every search with prices gives a plan and a bound. Prices rise
where most are left out.

Source: Y. Freund and R. Schapire (1999), Games and Economic Behavior 29, 79-103 (prices that rise by their exponents).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from asylia.model.siting_case import Floats, SitingCase

ROUNDS: Final = 5
"""Searches, one after another, among which the seconds are shared."""
STEEP: Final = 8.0
"""How fast prices rise with the share left out, when the largest share is to be least."""


def people_in(case: SitingCase) -> Floats:
    """Count people to shelter in each area, mean over scenarios: float64 (area,)."""
    by_place = np.tensordot(case.chance, case.people.sum(axis=1), axes=1)
    return np.bincount(case.area_of, by_place, len(case.areas)).astype(np.float64)


def shares_left(case: SitingCase, served: Floats) -> Floats:
    """Return the share left without shelter in each area, float64 (area,); 0 where nobody is to be sheltered.

    Parameters
    ----------
    served
        float64 (area,), mean over scenarios.
    """
    people = people_in(case)
    left: Floats = np.where(people > 0, 1.0 - served / np.maximum(people, 1e-9), 0.0)
    return left


def first_prices(case: SitingCase, *, least: bool) -> Floats:
    """Begin: the same price everywhere if the largest share is to be least, none if it is only held."""
    some = people_in(case) > 0
    prices: Floats = some / max(int(some.sum()), 1) if least else np.zeros(some.size)
    return prices


def next_prices(case: SitingCase, prices: Floats, left: Floats, top: float | None) -> Floats:
    """Raise prices where most are left out.

    Parameters
    ----------
    left
        float64 (area,), share left in the last plan.
    top
        Share that is allowed; `None` if the largest is to be least. Prices are then shares that sum to one, else
        people: one for each person of the area is as much again as a person counts alone.
    """
    if top is None:
        raised: Floats = prices * np.exp(STEEP * (left - left.max()))
        shares: Floats = raised / max(float(raised.sum()), 1e-300)
        return shares
    people = people_in(case)
    return np.where(left > top, np.maximum(2.0 * prices, people), prices)


def by_settlement(case: SitingCase, prices: Floats) -> Floats:
    """Spread prices of areas over a person left out in each settlement, float64 (settlement,)."""
    people = people_in(case)
    each: Floats = np.where(people > 0, prices / np.maximum(people, 1e-9), 0.0)
    return each[case.area_of]
