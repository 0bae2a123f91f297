"""Hold forecasts of lethal events against what came, origin after origin, beside four that use no model.

Only weeks before an origin enter its forecast; lessons of other wars leave out every war on the same ground.

Scores are means over all places that the file ever names, the same list for every forecast: events in a place that was
never seen before count against all of them. Calibration is judged on places seen before the origin alone: the others are
on the list because fighting will come to them, which no forecast could know.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asylia.study.threat_war import War
from asylia.threat import count_scores as score
from asylia.threat.ahead import Forecast, roll
from asylia.threat.courses import courses_of, follow
from asylia.threat.excite import look_back
from asylia.threat.experience import HORIZONS, Experience, cells_of, experience
from asylia.threat.rivals import curves_of, zeros

EVERY: Final = 4
"""Weeks between origins (research note, section 4)."""
MOST: Final = 48
"""Origins scored: the last ones, nearly four years."""
FIRST_ORIGIN: Final = 52
"""Weeks of past before the first scored origin."""
LEARNING: Final = 13
"""Origins before the first scored one whose errors may already teach; none before half a year of past."""
HALF_YEAR: Final = 26
LONGEST: Final = max(HORIZONS)
ACTIVE: Final = 0.5
"""Mean events foretold from which a place counts as active (research note, section 4)."""
EDGES: Final = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
"""Edges of the reliability bins (research note, section 4)."""
RIVALS: Final = ("conflictology", "last_value_nb", "bootstrap", "zeros")
AS_DRAWN: Final = "as_drawn"
"""The forecast as a study meets it: weeks drawn for members (`threat.courses`)."""
MEMBERS: Final = 400
"""Members drawn of it."""
LAST: Final = 13
"""Weeks after the last origin; longer horizons are scored at the origins whose weeks are over."""
MEASURES: Final = ("crps", "ignorance", "brier_any", "brier_deaths")


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one horizon collected, one entry an origin.

    Parameters
    ----------
    scores
        By forecast and measure: the mean over places at each origin.
    new_places
        Events in places never seen before the origin.
    chance, happened
        Of our forecast for each place seen before: chance of any event, and whether one came.
    shortest, central, weight
        For active ones of them: whether what came lay in the 90 % range, by three rules.
    lower, upper
        Steps of the probability integral transform, active places.
    drawn
        As `shortest`, of the forecast as drawn.
    whole
        Whether the events of all places together lay between the outer quantiles as drawn.
    """

    scores: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    new_places: list[int] = field(default_factory=list)
    chance: list[NDArray[np.float64]] = field(default_factory=list)
    happened: list[NDArray[np.bool_]] = field(default_factory=list)
    shortest: list[NDArray[np.bool_]] = field(default_factory=list)
    central: list[NDArray[np.bool_]] = field(default_factory=list)
    weight: list[NDArray[np.float64]] = field(default_factory=list)
    lower: list[NDArray[np.float64]] = field(default_factory=list)
    upper: list[NDArray[np.float64]] = field(default_factory=list)
    drawn: list[NDArray[np.bool_]] = field(default_factory=list)
    whole: list[NDArray[np.bool_]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WarScore:
    """All that was collected for one war; `origins` are the first days after what was known."""

    war: War
    origins: tuple[dt.date, ...]
    learned_from: tuple[str, ...]
    tallies: Mapping[int, Tally]


def score_war(
    war: War,
    *,
    learned: Experience | None = None,
    most: int = MOST,
    first: dt.date | None = None,
    last: dt.date | None = None,
    seed: int = 0,
) -> WarScore:
    """Forecast and score at every origin.

    Parameters
    ----------
    learned
        Lessons; those of the shipped wars on other ground if none are given.
    most
        Origins scored, the last ones.
    first, last
        Days between which origins lie.
    """
    lessons = learned or experience(cells_of(war.centres))
    past = look_back(war.counts, war.centres)
    scored = scored_origins(war, most=most, first=first, last=last)
    begin = scored[0] if scored else 0
    early = [begin - EVERY * step for step in range(LEARNING, 0, -1) if begin - EVERY * step >= HALF_YEAR]
    tallies = {weeks: Tally() for weeks in HORIZONS}
    number = war.first.toordinal() // 7
    steps = roll(past, war.places, [*early, *scored], lessons, seed=seed, first_week=number)
    for fit, _, made in steps:
        if made[0].origin >= begin:
            courses = courses_of(past, fit, made, war.places, first_week=number)
            drawn = np.stack([follow(courses, seed=seed, member=m, weeks=LONGEST) for m in range(MEMBERS)])
            for one in made:
                if one.origin + one.weeks <= past.counts.shape[1]:
                    take(tallies[one.weeks], war, one, drawn[:, :, : one.weeks].sum(axis=2))
    days = tuple(war.first + dt.timedelta(weeks=origin) for origin in scored)
    return WarScore(war=war, origins=days, learned_from=lessons.wars, tallies=tallies)


def scored_origins(
    war: War, *, most: int = MOST, first: dt.date | None = None, last: dt.date | None = None
) -> list[int]:
    """List the origins, as numbers of weeks known."""
    weeks = war.counts.shape[1]
    origins = range(min(FIRST_ORIGIN, weeks - LAST), weeks - LAST + 1, EVERY)
    days = {origin: war.first + dt.timedelta(weeks=origin) for origin in origins}
    chosen = [o for o, day in days.items() if (not first or day >= first) and (not last or day <= last)]
    return chosen[-most:]


def take(tally: Tally, war: War, one: Forecast, drawn: NDArray[np.int64]) -> None:
    """Score one forecast, its rivals, and the forecast as drawn: int64 (member, place)."""
    ahead = slice(one.origin, one.origin + one.weeks)
    came = war.counts[:, ahead].sum(axis=1)
    deadly = (war.counts[:, ahead] - war.without[:, ahead]).sum(axis=1) > 0
    without = float(war.without[:, : one.origin].sum()) / max(float(war.counts[:, : one.origin].sum()), 1.0)
    as_drawn = curves_of(drawn, one.curves.shape[1] - 1)
    for name, curves in (rivals_of(one) | {AS_DRAWN: as_drawn}).items():
        into = tally.scores.setdefault(name, {measure: [] for measure in MEASURES})
        crps = score.crps_of_counts(curves, came) - (_own_luck(curves) if name == AS_DRAWN else 0.0)
        into["crps"].append(float(crps.mean()))
        into["ignorance"].append(float(score.ignorance(curves, came).mean()))
        into["brier_any"].append(float(score.brier(score.chance_of_any(curves), came > 0).mean()))
        chance = score.chance_of_deaths(curves, without)
        into["brier_deaths"].append(float(score.brier(chance, deadly).mean()))
    known = war.counts[:, : one.origin].any(axis=1)
    tally.new_places.append(int(came[~known].sum()))
    _take_calibration(tally, one.curves[known], came[known])
    active = score.mean_of(one.curves[known]) >= ACTIVE
    tally.drawn.append(score.in_shortest(as_drawn[known][active], came[known][active]))
    low, high = np.quantile(drawn.sum(axis=1), (0.05, 0.95))
    tally.whole.append(np.array([low <= came.sum() <= high]))


def _own_luck(curves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give what drawing so few members adds to the CRPS on average (Ferro, 2014), float64 (place,)."""
    added: NDArray[np.float64] = (curves * (1.0 - curves)).sum(axis=1) / (MEMBERS - 1)
    return added


def rivals_of(one: Forecast) -> dict[str, NDArray[np.float64]]:
    """Return our forecast and its rivals by name."""
    _, _, conflictology, last_value, bootstrap = one.parts
    places, top = one.curves.shape[0], one.curves.shape[1] - 1
    named = (conflictology, last_value, bootstrap, zeros(places, top))
    return {"asylia": one.curves, **dict(zip(RIVALS, named, strict=True))}


def _take_calibration(tally: Tally, curves: NDArray[np.float64], came: NDArray[np.int64]) -> None:
    tally.chance.append(score.chance_of_any(curves))
    tally.happened.append(came > 0)
    active = score.mean_of(curves) >= ACTIVE
    held, seen = curves[active], came[active]
    tally.shortest.append(score.in_shortest(held, seen))
    tally.central.append(score.in_central(held, seen))
    tally.weight.append(score.central_weight(held, seen))
    lower, upper = score.steps_at(held, seen)
    tally.lower.append(lower)
    tally.upper.append(upper)


def reliability(
    chances: Sequence[NDArray[np.float64]], happened: Sequence[NDArray[np.bool_]]
) -> list[dict[str, float]]:
    """Hold the chance of any event against how often it came, by bin.

    Returns
    -------
    One entry for each bin with forecasts: low, high, forecasts, said, happened.
    """
    said, came = np.concatenate(chances), np.concatenate(happened)
    bins = np.clip(np.digitize(said, EDGES) - 1, 0, len(EDGES) - 2)
    told = []
    for one in range(len(EDGES) - 1):
        here = bins == one
        if here.any():
            told.append(
                {
                    "low": EDGES[one],
                    "high": EDGES[one + 1],
                    "forecasts": int(here.sum()),
                    "said": float(said[here].mean()),
                    "happened": float(came[here].mean()),
                }
            )
    return told
