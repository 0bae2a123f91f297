"""Fitted rules as data: draws of their parameters, and what is known of countries that take people in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedDraws:
    """Draws for one conflict that was not fitted on.

    Parameters
    ----------
    names
        Parameters and spreads, see `move.fitted.parameters`.
    values
        float64 (draw, name), on the natural scale of each.
    left_out
        The conflict that the draws were fitted without; empty if they are of the whole pool.
    capacities
        Whether they are for runs that know capacities.
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    left_out: str
    capacities: bool

    def of(self, member: int, name: str) -> float:
        """Return the value for a member; draws are used in turn, from the first again after the last."""
        return float(self.values[member % len(self.values), self.names.index(name)])


@dataclass(frozen=True, slots=True, kw_only=True)
class HostCountries:
    """Income of countries, as known before a war.

    Parameters
    ----------
    codes
        ISO 3166 code by name in plain small letters (`plain_name`).
    income
        By code and year: gross domestic product per head, current US dollars.
    """

    codes: Mapping[str, str]
    income: Mapping[str, Mapping[int, float]]

    def code(self, country: str) -> str:
        """Return the code of a country, or nothing if it is not known by that name."""
        return self.codes.get(plain_name(country), "")

    def income_before(self, country: str, year: int) -> float | None:
        """Return the income of the last year before `year` that is known; none if there is none."""
        known = self.income.get(self.code(country), {})
        years = [one for one in known if one < year]
        return known[max(years)] if years else None


def plain_name(name: str) -> str:
    """Bring a country's name into one form.

    >>> plain_name("Burkina_Faso"), plain_name("Congo, Dem. Rep.")
    ('burkina faso', 'congo dem rep')
    """
    kept = "".join(letter if letter.isalnum() else " " for letter in name.lower())
    return " ".join(kept.split())
