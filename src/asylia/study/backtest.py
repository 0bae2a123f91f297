"""Score the event field on a case's own past: fitted to a day, held against the weeks after it."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.model.case import Case
from asylia.threat.field import fit, paths
from asylia.threat.scores import coverage, crps
from asylia.threat.weeks import weekly_counts

AHEAD: Final = (1, 4, 13, 16)
"""Weeks ahead that are scored."""
YEAR_WEEKS: Final = 52
DRAWS: Final = 300
ACTIVE: Final = 0.5
"""A place counts as active if this many lethal events are expected of it."""
BACKTEST: Final[dict[str, type[pl.DataType]]] = {
    "weeks": pl.Int64,
    "crps": pl.Float64,
    "crps_climatology": pl.Float64,
    "coverage_90": pl.Float64,
    "active_places": pl.Int64,
}


def backtest(case: Case, fitted_to: dt.date, *, seed: int = 1) -> pl.DataFrame:
    """Hold forecasts of lethal events by district against what came, and against draws from each district's last year.

    Parameters
    ----------
    fitted_to
        A Sunday; nothing later enters the fit.

    Returns
    -------
    One row per number of weeks ahead: CRPS of ours and of climatology (events, mean over districts), share of active
    districts inside our 90 % range, and how many those are.
    """
    ours, rival, seen = _draws(case, fitted_to, seed)
    rows = []
    for weeks in AHEAD:
        mine, theirs, came = (values[..., :weeks].sum(axis=-1) for values in (ours, rival, seen))
        active = mine.mean(axis=0) > ACTIVE
        rows.append(
            (
                weeks,
                float(crps(mine, came).mean()),
                float(crps(theirs, came).mean()),
                coverage(mine[:, active], came[active]),
                int(active.sum()),
            )
        )
    return pl.DataFrame(rows, schema=BACKTEST, orient="row")


def _draws(
    case: Case, fitted_to: dt.date, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Give our draws, draws from each place's own last twelve months, and what came: (draw, place, week)."""
    towns = case.places.filter(pl.col("country") == case.country, pl.col("kind") == "town")
    first, ahead = fitted_to + dt.timedelta(days=1), max(AHEAD)
    field = fit(case.events, towns.sort("id"), fitted_to)
    places = field.places
    ours = np.stack([paths(field, seed=seed, member=m, weeks=ahead) for m in range(DRAWS)])
    # the past year as far as the case goes back
    weeks = min(YEAR_WEEKS, field.weeks)
    year = weekly_counts(case.events, places, first - dt.timedelta(weeks=weeks), weeks)
    picks = np.random.default_rng(seed).integers(0, weeks, (DRAWS, len(places), ahead))
    climatology = year[np.arange(len(places))[None, :, None], picks]
    return ours, climatology, weekly_counts(case.events, places, first, ahead)
