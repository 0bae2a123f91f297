"""Going home: displaced people whose district has long been quiet, if a way is open."""

from __future__ import annotations

import math

import numpy as np

from asylia.core.binomial import binomial_quantile
from asylia.core.draws import mix, to_unit
from asylia.core.kernels import inner, written_in
from asylia.move.facts import RETURNED, Homes


@inner
def ready_homes(homes: Homes, area: int, place: int) -> bool:
    """Mark in `is_ready` to which districts people may go home from a place; say whether to any."""
    start, found = homes.start[area], False
    for row in range(start, homes.start[area + 1]):
        home = homes.places[row]
        may = bool(homes.quiet[home]) and math.isfinite(homes.km[place, home])
        homes.is_ready[row - start] = may
        found |= may
    return found


@written_in
def go_home(
    homes: Homes, lane: int, area: int, place: int, people: int, share: float, luck: float, key: np.uint64
) -> int:
    """Let people go home of their own will; return how many went. Never more than are away from a district.

    `ready_homes` has been asked; `key` is that of the spread over districts.
    """
    if people == 0:
        return 0
    start, away, ready = homes.start[area], 0, 0
    for row in range(start, homes.start[area + 1]):
        gone = homes.away[homes.places[row], lane]
        away += gone
        if homes.is_ready[row - start]:
            ready += gone
    if ready == 0:
        return 0
    go = min(binomial_quantile(people, share * ready / away, luck), ready)
    if go > 0:
        homes.tally[lane, RETURNED] += go
        homes.person_km[lane] += _arrive_home(homes, lane, area, place, go, ready, key)
    return go


@inner
def _arrive_home(
    homes: Homes, lane: int, area: int, place: int, people: int, ready: int, key: np.uint64
) -> float:
    """Spread people over the quiet districts they come from, in proportion to how many are away; return person-km."""
    start, person_km = homes.start[area], 0.0
    for row in range(start, homes.start[area + 1]):
        if people == 0 or not homes.is_ready[row - start]:
            continue
        home = homes.places[row]
        away = homes.away[home, lane]
        go = binomial_quantile(people, away / ready, to_unit(mix(key ^ homes.salts[home])))
        ready -= away
        # neither more than are away here, nor fewer than the districts after this one cannot take
        go = max(min(go, away), people - ready)
        homes.away[home, lane] -= go
        homes.residents[home, lane] += go
        person_km += go * homes.km[place, home]
        people -= go
    return person_km
