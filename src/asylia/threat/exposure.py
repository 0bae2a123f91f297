"""Exposure of people who move: person-days within 1, 2 and 5 km of a lethal event, and who lived within 50 km in a year.

Where positions are known, nobody is counted twice: a person is exposed on a day if at least one event lies within the radius.
An event that is known only roughly is blurred by a 2 km kernel widened by its precision, and counts by the chance that it
lay within reach.

Source: the buffer rule of conflict exposure measures (research note on protection, L2 and 1.1).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from asylia.core.units import EARTH_RADIUS_KM

KERNEL_KM: Final = 2.0
"""Standard deviation of the blur of every event."""
PRECISION_KM: Final[Mapping[str, float]] = {"exact": 1.0, "near": 10.0}
"""What precision adds to the blur, km; coarser events are not placed and are left out."""
YEARLY_KM: Final = 50.0
YEAR_DAYS: Final = 365
POINTS: Final = 32
"""Points over which a blurred event is spread, on rings of equal chance."""

Degrees = NDArray[np.float64]
"""float64 (row, 2): latitude and longitude."""


def person_days(
    people: NDArray[np.int64], where: Degrees, events: Degrees, event_day: NDArray[np.int64], radius_km: float
) -> float:
    """Count person-days within a radius of at least one event of the day.

    Parameters
    ----------
    people
        int64 (day, location); people may move from day to day.
    where, events
        Positions of locations and of events.
    event_day
        int64 (event,), day of each event.
    """
    tree, reach = cKDTree(_vectors(where)), _chord(radius_km)
    total = 0
    for day in np.unique(event_day):
        if 0 <= day < people.shape[0]:
            hit = tree.query_ball_point(_vectors(events[event_day == day]), reach)
            rows = np.unique(np.concatenate([np.asarray(rows, dtype=np.int64) for rows in hit]))
            total += int(people[day, rows].sum())
    return float(total)


def expected_person_days(
    people: NDArray[np.int64],
    where: Degrees,
    events: Degrees,
    event_day: NDArray[np.int64],
    blur_km: NDArray[np.float64],
    radius_km: float,
) -> float:
    """Give expected person-days where positions of events are blurred: people x (1 - exp(-expected events within reach)).

    Parameters
    ----------
    blur_km
        float64 (event,), standard deviation of each position, km (`blur`).
    """
    tree, reach = cKDTree(_vectors(where)), _chord(radius_km)
    kappa = np.zeros(people.shape)
    for event, day, wide in zip(events, event_day, blur_km, strict=True):
        if 0 <= day < people.shape[0]:
            for rows in tree.query_ball_point(_vectors(_spread(event, wide)), reach):
                kappa[day, rows] += 1.0 / POINTS
    return float((people * -np.expm1(-kappa)).sum())


def blur(precision: Sequence[str]) -> NDArray[np.float64]:
    """Give the standard deviation of positions in km by their precision; NaN where they are too coarse to be placed."""
    wide = [PRECISION_KM.get(word, np.nan) for word in precision]
    return np.asarray(np.hypot(KERNEL_KM, wide))


def lived_near(
    places: pl.DataFrame, events: pl.DataFrame, as_of: dt.date, *, radius_km: float = YEARLY_KM
) -> tuple[int, int]:
    """Count residents within a radius of a place with a lethal event in the year before a day, and all residents.

    Coarse on purpose: the yearly 50 km indicator, for comparison with published figures. It says who lives in a war zone, not
    who is exposed.
    """
    when = pl.coalesce([pl.col(name) for name in ("date", "week") if name in events.columns])
    recent = events.filter((when > as_of - dt.timedelta(days=YEAR_DAYS)) & (pl.col("events") > 0))
    known = places.filter(pl.col("lat").is_not_null() & pl.col("lon").is_not_null())
    homes = known.filter(pl.col("population") > 0)
    spots = known.filter(pl.col("id").is_in(recent["place"].unique().to_list()))
    everyone = int(homes["population"].sum())
    if spots.is_empty() or homes.is_empty():
        return 0, everyone
    tree = cKDTree(_vectors(spots.select("lat", "lon").to_numpy()))
    apart, _ = tree.query(_vectors(homes.select("lat", "lon").to_numpy()))
    near = np.asarray(apart) <= _chord(radius_km)
    return int(homes["population"].to_numpy()[near].sum()), everyone


def _vectors(degrees: Degrees) -> NDArray[np.float64]:
    """Turn positions into points on a unit sphere, where near is near across the date line too."""
    lat, lon = np.radians(np.asarray(degrees, dtype=np.float64)).T
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def _chord(km: float) -> float:
    """Give the straight length through the unit sphere of a way of some km over it."""
    return float(2.0 * np.sin(km / EARTH_RADIUS_KM / 2.0))


def _spread(event: NDArray[np.float64], wide_km: float) -> Degrees:
    """Spread an event over points of equal chance of a round normal blur; none if it cannot be placed."""
    if not np.isfinite(wide_km):
        return np.empty((0, 2))
    share = (np.arange(POINTS) + 0.5) / POINTS
    away = wide_km * np.sqrt(-2.0 * np.log1p(-share))
    # turned by the golden angle, so that rings do not line up
    angle = np.arange(POINTS) * np.pi * (3.0 - np.sqrt(5.0))
    lat = event[0] + np.degrees(away * np.sin(angle) / EARTH_RADIUS_KM)
    lon = event[1] + np.degrees(away * np.cos(angle) / EARTH_RADIUS_KM / np.cos(np.radians(event[0])))
    return np.stack([lat, lon], axis=1)
