"""The event field of a case: the validated forecast of lethal events, as weeks that members meet.

`ahead` forecasts as `asylia validate threat` holds it against what came; `courses` turns the last forecast into weeks.
It foresees no new front, and beyond half a year it is a scenario rather than a forecast.

Draws are keyed by place. A place added elsewhere leaves every other place's luck untouched; its weeks do enter what all
places teach, and so move the forecasts of the others slightly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.threat.ahead import roll
from asylia.threat.courses import Courses, courses_of, follow, quiet
from asylia.threat.excite import look_back
from asylia.threat.experience import HORIZONS, cells_of, experience
from asylia.threat.weeks import span, weekly_counts

RECENT: Final = 8
"""Weeks counted as recent in `outlook`."""
EVERY: Final = 4
"""Weeks between the past forecasts whose errors teach."""
LEARNING: Final = 26
"""Past forecasts that teach: two years of them."""
HALF_YEAR: Final = 26
"""Weeks of past before the first of them."""
KEPT: Final = 16
"""Fits kept in memory: every piece of a study asks for the same one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventField:
    """What is known of the fighting at the as-of date.

    Parameters
    ----------
    places
        Ids, in the order of every array.
    courses
        Where it may go.
    recent
        float64 (place,), lethal events a week over the last `RECENT` whole weeks.
    first, weeks
        Monday of the first week used, and the number of whole weeks used.
    """

    places: tuple[str, ...]
    courses: Courses
    recent: NDArray[np.float64]
    first: dt.date
    weeks: int

    @property
    def level(self) -> NDArray[np.float64]:
        """Mean lethal events a week foretold for the year ahead, float64 (place,)."""
        mean: NDArray[np.float64] = self.courses.totals[:, :, -1].mean(axis=1) / HORIZONS[-1]
        return mean


def fit(
    events: pl.DataFrame, places: pl.DataFrame, as_of: dt.date, *, outside: Collection[str] = ()
) -> EventField:
    """Fit the field to the past.

    Parameters
    ----------
    events
        Rows as in `model.schemas.EVENTS`, by date or by week; rows after `as_of` are not used.
    places
        Columns id, lat, lon; rows in the order wanted.
    as_of
        Last day of knowledge; a week that ends later is left out as incomplete.
    outside
        Places that are not part of the war (other countries): without events of their own they neither lend nor
        borrow, and stay at nearly nothing.
    """
    names = tuple(places["id"].to_list())
    first, weeks = span(events, as_of)
    counts = weekly_counts(events, names, first, weeks)
    taken = np.array([name not in outside for name in names], dtype=np.bool_) | counts.any(axis=1)
    centres = np.ascontiguousarray(places.select("lat", "lon").to_numpy().astype(np.float64)[taken])
    known = tuple(name for name, one in zip(names, taken, strict=True) if one)
    found = _courses(known, counts[taken].tobytes(), centres.tobytes(), weeks, first.toordinal() // 7)
    return EventField(
        places=names,
        courses=quiet(found, names, taken),
        recent=counts[:, -RECENT:].mean(axis=1),
        first=first,
        weeks=weeks,
    )


def paths(field: EventField, *, seed: int, member: int, weeks: int) -> NDArray[np.int64]:
    """Draw lethal events, the same for every plan.

    Returns
    -------
    int64 (place, week), lethal events. A longer horizon only adds weeks.
    """
    return follow(field.courses, seed=seed, member=member, weeks=weeks)


def outlook(field: EventField, *, seed: int = 0, members: int = 200, weeks: int = 52) -> pl.DataFrame:
    """Summarise recent fighting and the draws for the weeks ahead.

    Returns
    -------
    place, events_recent, outlook_low, outlook_middle, outlook_high: lethal events a week, the last three as 5th, 50th and
    95th percentile over members of the mean over the horizon.
    """
    means = np.stack(
        [paths(field, seed=seed, member=m, weeks=weeks).mean(axis=1) for m in range(members)], axis=0
    )
    low, middle, high = np.percentile(means, (5.0, 50.0, 95.0), axis=0)
    columns = {
        "events_recent": field.recent,
        "outlook_low": low,
        "outlook_middle": middle,
        "outlook_high": high,
    }
    return pl.DataFrame({"place": pl.Series(field.places, dtype=pl.String), **columns})


@lru_cache(maxsize=KEPT)
def _courses(names: tuple[str, ...], counts: bytes, centres: bytes, weeks: int, first_week: int) -> Courses:
    """Forecast from origin to origin up to the last week, so that past errors teach, and lay out the last one's courses."""
    weekly = np.frombuffer(counts, dtype=np.int64).reshape(len(names), weeks)
    spots = np.frombuffer(centres, dtype=np.float64).reshape(-1, 2)
    past = look_back(weekly, spots)
    origins = [weeks, *range(weeks - EVERY, HALF_YEAR - 1, -EVERY)][: LEARNING + 1][::-1]
    learned = experience(cells_of(spots))
    *_, (found, _, made) = roll(past, names, origins, learned, first_week=first_week, lean=True)
    return courses_of(past, found, made, names, first_week=first_week)
