"""Groups: the few classes of people that the rules of age and gender tell apart.

All these rules do is raise a place's score to a power: 1 for most people, 2 for those who avoid dangerous places, 0
for boys who take risks. With `stay_close_to_home` the home of a person matters too, so a group is a power and a home.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.model.replay import Replay, ReplaySettings

ADULT = 19
BOY = 14
ELDERLY = 59
ANY_HOME = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """The groups, and who belongs to them.

    Parameters
    ----------
    power
        float64 (group,): 0, 1 or 2.
    home
        int64 (group,): a place, or `ANY_HOME`.
    share
        float64 (place, group): of those who start at a place.
    """

    power: NDArray[np.float64]
    home: NDArray[np.int64]
    share: NDArray[np.float64]


def form_groups(replay: Replay, starts: NDArray[np.bool_], *, quirks: bool) -> Groups:
    """Form the groups; `starts` says where people may start, (place,)."""
    names = replay.places["name"].to_list()
    shares = [_powers(replay, name, quirks=quirks) for name in names]
    powers = sorted({power for share in shares for power in share})
    by_power = np.array([[share.get(power, 0.0) for power in powers] for share in shares])
    if not replay.settings.stay_close_to_home or quirks:
        return Groups(power=np.array(powers), home=np.full(len(powers), ANY_HOME), share=by_power)
    homes = np.flatnonzero(starts)
    share = np.zeros((len(names), homes.size * len(powers)))
    for number, home in enumerate(homes):
        share[home, number * len(powers) : (number + 1) * len(powers)] = by_power[home]
    return Groups(power=np.tile(powers, homes.size), home=np.repeat(homes, len(powers)), share=share)


def _powers(replay: Replay, place: str, *, quirks: bool) -> dict[float, float]:
    """Share of the people of a place by power."""
    found: dict[float, float] = {}
    ages = _shares(replay.makeup, "age", place)
    genders = _shares(replay.makeup, "gender", place)
    for age, age_share in ages:
        for gender, gender_share in genders:
            power = power_of(replay.settings, age, gender, quirks=quirks)
            found[power] = found.get(power, 0.0) + age_share * gender_share
    return {power: share for power, share in found.items() if share > 0.0} or {1.0: 1.0}


def _shares(makeup: Mapping[str, pl.DataFrame], attribute: str, place: str) -> list[tuple[str, float]]:
    """Values of one attribute with their shares, adding up to 1; the place's own column, or the default."""
    table = makeup.get(attribute)
    if table is None:
        return [("", 1.0)]
    for name in (place, "Default"):
        rows = table.filter(pl.col("place") == name)
        total = rows["share"].sum()
        if total > 0:
            return [(str(value), share / total) for value, share in rows.select("value", "share").iter_rows()]
    return [("", 1.0)]


def power_of(settings: ReplaySettings, age: str, gender: str, *, quirks: bool) -> float:
    """Return the power to which a person raises the score of a place.

    Parameters
    ----------
    age, gender
        As written in the tables; empty if unknown.
    """
    years = float(age) if age else None
    power = 1.0
    if years is not None and settings.children_avoid_hazards:
        power = 2.0 if years < ADULT else 1.0
        if settings.boys_take_risk and _takes_risk(years, gender, quirks=quirks):
            power = 0.0
    if years is not None and settings.elderly_avoid_hazards and years > ELDERLY:
        power *= 2.0
    if settings.women_avoid_hazards and _is(gender, "f") and power == 1.0:
        power = 2.0
    return power


def _takes_risk(years: float, gender: str, *, quirks: bool) -> bool:
    """Boys over 14; the published engine forgets to ask whether they are still boys."""
    return _is(gender, "m") and years > BOY and (quirks or years < ADULT)


def _is(gender: str, letter: str) -> bool:
    return gender.strip().lower().startswith(letter)
