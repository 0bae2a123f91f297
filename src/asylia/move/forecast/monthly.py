"""People newly displaced by area and month, some months ahead: draws from levels at several time scales.

The middle is a product of past levels (means of logarithms that forget the past at different speeds) to powers that add up
to less than 1, so that what is far from the mean of all areas comes back; the spread is that of what came, relative to such
a middle, in all areas' own past. People are counted in mean months of an area, so that a small country is forecast like a
large one. Nothing after the origin is used. The powers are fitted anew at each origin, with the last month and lethal events as
further signs; the further ahead, the less they may leave where they start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from asylia.move.forecast.fit import least_absolute, quantiles_by_column
from asylia.move.forecast.known import Table

HALF_LIVES: Final = (1.0, 3.0, 8.0, 30.0)
"""Months after which a month counts half."""
POWERS: Final[dict[int, tuple[float, ...]]] = {
    1: (0.4, 0.2, 0.0, 0.1),
    3: (0.1, 0.0, 0.0, 0.6),
    6: (0.0, 0.0, 0.0, 0.7),
}
"""Powers of the levels by months ahead, between which others lie: where the fit starts; chosen by hand, see docs/explanation/forecasts.md."""
RIDGES: Final = (0.01, 1.0)
"""How strongly fitted powers are held to these, one month ahead; it grows with the square of the months. One forecast each, joined."""
FLOOR: Final = 0.03
"""Added to every month, as a share of the mean of all areas and months so far, so that small areas have a logarithm that means something."""
SIZE_POWER: Final = 0.4
"""How much more large areas count than small ones, in the powers and in the spread: their middle to this power."""
FADING: Final = HALF_LIVES[1:]
"""Months after which a month counts half among the area's own months; the fastest of the levels would be the last month alone."""
LIKENESS: Final = (1.0, 3.0, 30.0)
"""How far apart in size areas may be to learn the spread from each other, in powers of e. One forecast each, joined."""
LEVELS: Final = (np.arange(60) + 0.5) / 60
TINY: Final = 1e-9
FIRST: Final = 2
"""Months that the first origin in an area's own past must have behind it."""
MEMORY: Final = 60
GRAIN: Final = 1000.0
"""Parts of a mean month below which a month counts as empty when logarithms are averaged."""
YEAR: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Months:
    """What is known at the end of a month.

    Parameters
    ----------
    people
        float64 (month, area), newly displaced in each month so far.
    events
        float64 (month, area), lethal events in and around the area; it may end earlier, and then its last month stands for those
        after it.
    """

    people: Table
    events: Table

    def until(self, month: int) -> Months:
        """Return what was known at the end of an earlier month."""
        return Months(people=self.people[: month + 1], events=self.events[: month + 1])


def draw_months(known: Months, ahead: int) -> Table:
    """Draw people newly displaced in the month so many months ahead, float64 (draw, area): equally likely values.

    With too short a past it gives the last twelve months themselves.

    Raises
    ------
    ValueError
        If nothing is known, or `ahead` is below 1.
    """
    if ahead < 1 or not len(known.people):
        raise ValueError("ahead is at least 1, and at least one month is known")
    now = len(known.people) - 1
    past = range(FIRST, now - ahead + 1)
    if len(past) == 0:
        return known.people[-YEAR:]
    size = max(float(known.people.mean()), TINY)
    table = Months(people=known.people / size, events=known.events)
    came = np.concatenate([table.people[month + ahead] for month in past]) + FLOOR
    rows = np.concatenate([_signs(table, month) for month in past])
    own = _signs(table, now)
    fits = [_powers(rows, came, ahead, ridge, level) for ridge in RIDGES for level in _middles(came)]
    drawn = np.mean([_drawn(rows, came, own, found) for found in fits], axis=0)
    # credibility (Buhlmann 1967, ASTIN Bulletin 4:199): what is fitted counts like what is not after as many months as it has powers
    part = rows.shape[1] / (rows.shape[1] + len(past))
    both = (1.0 - part) * drawn + part * _fading(table.people)
    return np.asarray(np.maximum(np.exp(both) - FLOOR, 0.0) * size, dtype=np.float64)


def _middles(came: Table) -> tuple[float, ...]:
    """Return which quantiles the powers are fitted to: the median, and where most months are empty that of the others too.

    The median of months that are mostly empty is empty whatever the signs, and tells nothing of size.
    """
    anybody = float((came > FLOOR).mean())
    return (0.5,) if anybody >= 0.5 else (0.5, 1.0 - anybody / 2.0)


def _fading(people: Table) -> Table:
    """Return logarithms of quantiles of the areas' own months with old ones fading, float64 (draw, area): the mean over `FADING`."""
    ages = np.arange(len(people))[::-1]
    shares = [np.broadcast_to(0.5 ** (ages / half)[:, None], people.shape) for half in FADING]
    parts = [np.quantile(people, LEVELS, axis=0, method="inverted_cdf", weights=share) for share in shares]
    return np.asarray(np.log(np.array(parts) + FLOOR).mean(axis=0), dtype=np.float64)


def _drawn(rows: Table, came: Table, own: Table, found: Table) -> Table:
    """Return logarithms of what may come, float64 (draw, area): the middle, and the mean spread of all likenesses."""
    middles, middle = np.exp(rows @ found), np.exp(own @ found)
    spread = np.mean([np.log(_ratios(came / middles, middles, middle, near)) for near in LIKENESS], axis=0)
    return np.asarray(spread + np.log(middle), dtype=np.float64)


def _ratios(ratios: Table, middles: Table, own: Table, near: float) -> Table:
    """Return quantiles of what came relative to the middle, float64 (draw, area); areas and months of like size count most."""
    apart = np.log(middles[:, None] / own) / near
    return quantiles_by_column(
        ratios, middles[:, None] ** SIZE_POWER * (np.exp(-(apart**2) / 2.0) + TINY), LEVELS
    )


def powers(ahead: int) -> Table:
    """Return the powers of the levels for some months ahead, float64 (level,)."""
    spots = list(POWERS)
    return np.array([np.interp(ahead, spots, column) for column in zip(*POWERS.values(), strict=True)])


def last_year(known: Months) -> Table:
    """Return the last twelve months as draws, (draw, area): the rule without a model."""
    return known.people[-YEAR:]


def _powers(rows: Table, came: Table, ahead: int, ridge: float, level: float) -> Table:
    toward = np.concatenate([powers(ahead), np.zeros(rows.shape[1] - len(HALF_LIVES))])
    size = np.exp(rows @ toward) ** SIZE_POWER
    return least_absolute(rows, np.log(came), size, toward=toward, ridge=ridge * ahead**2, level=level)


def _signs(known: Months, month: int) -> Table:
    """Return the signs of a month, float64 (area, sign): logarithms of levels, of the last month, and events."""
    levels = [_level(known.people, month, half) for half in HALF_LIVES]
    return np.stack([*levels, *_near(known, month)], axis=1)


def _level(people: Table, month: int, half: float) -> Table:
    """Return the logarithm of a mean of past months that forgets; months are averaged in logarithms, which tame bursts."""
    window = people[max(0, month - MEMORY + 1) : month + 1]
    share = 0.5 ** (np.arange(len(window))[::-1] / half)
    mean = np.expm1(share / share.sum() @ np.log1p(window * GRAIN)) / GRAIN
    return np.asarray(np.log(mean + FLOOR), dtype=np.float64)


def _near(known: Months, month: int) -> Sequence[Table]:
    """Return the last month, and how far events are above what is usual there, by `HEATS`."""
    last = np.log(known.people[month] + FLOOR)
    if not len(known.events):
        return [last, *(np.zeros_like(last) for _ in HEATS)]
    until = known.events[: min(month, len(known.events) - 1) + 1]
    return [last, *(heat(until[-usual:], near) for heat, near, usual in HEATS)]


def _sudden(events: Table, near: int) -> Table:
    """Return events of the last months against all: means of logarithms, in which one burst counts little."""
    logs = np.log1p(events)
    return np.asarray(logs[-near:].mean(axis=0) - logs.mean(axis=0))


def _lasting(events: Table, near: int) -> Table:
    """Return events of the last months against all: logarithms of means, in which a burst counts in full."""
    return np.asarray(np.log1p(events[-near:].mean(axis=0)) - np.log1p(events.mean(axis=0)))


HEATS: Final = ((_sudden, 1, 12), (_lasting, 3, 24))
"""How events are compared: over how many last months, and against how many."""
