"""Which conflict of the pool a series belongs to, and where newcomers go while nobody has been counted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from asylia.core.draws import stable_id
from asylia.core.errors import PlanError, Problem, nearest
from asylia.io.fitted_data import PoolConflict, read_draws, read_hosts, read_pool
from asylia.io.people_series import PeopleSeries
from asylia.model.fitted import plain_name
from asylia.move.forecast.ahead import Fitted
from asylia.move.forecast.known import Table
from asylia.study.forecast_file import read_learned
from asylia.study.skill import SAME_CAMPS


def conflict_of(series: PeopleSeries, country: str, named: str) -> PoolConflict | None:
    """Return the conflict of the pool that a series is a record of; none if it is of another war.

    Parameters
    ----------
    country
        Where people fled from, or nothing.
    named
        The conflict, by the name it has in the pool; if nothing is named, it is the one with mostly the same places, or
        one of the country.

    Raises
    ------
    PlanError
        If no conflict has this name.
    """
    pool = read_pool()
    if named:
        return _named(pool, named)
    places = {plain_name(place) for place in series.places}
    for one in pool:
        camps = {plain_name(camp) for camp in one.camps}
        if len(camps & places) / len(camps | places) >= SAME_CAMPS:
            return one
    start = plain_name(country).replace(" ", "")
    return next((one for one in pool if start and one.name.startswith(start)), None)


def learned_for(conflict: PoolConflict | None) -> Fitted:
    """Return what was learned without a conflict, or from all of them."""
    learned = read_learned()
    if conflict is None:
        return learned[""]
    # a camp that was counted and has no place on the map is in the pool and not in what forecasts were learned from
    subsets = (conflict.camps, *(_without(conflict.camps, camp) for camp in conflict.camps))
    keys = (f"{stable_id(f'{conflict.first} {sorted(camps)}'):016x}" for camps in subsets)
    return learned[next(key for key in keys if key in learned)]


def _without(camps: Sequence[str], left_out: str) -> tuple[str, ...]:
    return tuple(camp for camp in camps if camp != left_out)


def guide_by_income(series: PeopleSeries, conflict: PoolConflict | None) -> tuple[Table, tuple[str, ...]]:
    """Return the share of newcomers each place is expected to get with no report at all, and the places without an income.

    The one destination fact the fitted rules hold is income per head, of the last year before the series; its power is the
    mean of the draws fitted without the conflict. Places that are no known country count as the middle one.
    """
    left_out = conflict.name if conflict else ""
    draws = next(one for one in read_draws() if one.left_out == left_out and not one.capacities)
    power = float(draws.values[:, draws.names.index("income")].mean())
    hosts = read_hosts()
    income = [hosts.income_before(place, series.first.year) for place in series.places]
    known = [value for value in income if value]
    middle = float(np.exp(np.mean(np.log(known)))) if known else 1.0
    pull = np.array([(value or middle) / middle for value in income]) ** power
    unknown = tuple(place for place, value in zip(series.places, income, strict=True) if not value)
    return pull / pull.sum(), unknown


def _named(pool: Sequence[PoolConflict], named: str) -> PoolConflict:
    names = [one.name for one in pool]
    if named in names:
        return pool[names.index(named)]
    must, mend = f"is one of {', '.join(names)}", nearest(named, names)
    problem = Problem(file="the command", column="leave-out", value=named, must=must, mend=mend)
    raise PlanError([problem])
