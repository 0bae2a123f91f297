"""Scenarios switched on by name: what each does to the case, to plans, and to the fighting. The luck stays the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asylia.core.draws import Stream, stable_ids, uniforms
from asylia.core.errors import PlanError, Problem, nearest
from asylia.core.units import DAYS_PER_WEEK
from asylia.model.case import Case
from asylia.model.plan import Decree, Funding, Plan, Zone
from asylia.model.schemas import CLOSURES
from asylia.model.what_if import INCIDENT_DAYS, KINDS, Kind, WhatIf
from asylia.study.coding import concerns
from asylia.threat.escalation import TIMES
from asylia.threat.field import EventField

CUT: Final = ("route_cut", "escalation_incident", "escalation_confrontation")
"""Kinds that close the ways to the places of the zones."""
MEND: Final = "Write a scenario of the case, or a kind and a date: route_cut=2017-09-01."


def find(case: Case, word: str) -> WhatIf:
    """Read what was asked for: the id of a scenario of the case, or KIND=YYYY-MM-DD.

    Raises
    ------
    PlanError
        If it is neither, or lies outside the simulation.
    """
    own = {one.id: one for one in case.scenarios}
    if word in own:
        return own[word]
    kind, _, date = word.partition("=")
    name = kind.replace("-", "_")
    if name not in get_args(Kind):
        known = [*own, *KINDS]
        raise _wrong(word, "names a scenario", nearest(kind, known) or f"{MEND} Kinds: {', '.join(KINDS)}.")
    try:
        on = dt.date.fromisoformat(date)
    except ValueError:
        raise _wrong(word, "has a date", MEND) from None
    title = f"{name.replace('_', ' ').capitalize()} on {on}"
    return WhatIf(id=word, title=title, kind=name, on=on, times=TIMES["middle"])  # type: ignore[arg-type]  # checked above


def _wrong(word: str, must: str, mend: str) -> PlanError:
    return PlanError([Problem(file="the command", column="scenario", value=word, must=must, mend=mend)])


def switched(
    case: Case, plans: Sequence[Plan], what_if: WhatIf | None
) -> tuple[Case, tuple[Plan, ...], WhatIf | None]:
    """Return the case and the plans as the scenario leaves them, and the scenario with its places filled in.

    The places are those of all plans compared: what happens to the world happens under every plan, and without one.
    """
    if what_if is None:
        return case, tuple(plans), None
    hosts = {zone.place for plan in plans for zone in plan.zones if concerns(what_if, zone)}
    what_if = replace(what_if, where=tuple(sorted(hosts | set(what_if.where))))
    changed = tuple(_plan(plan, what_if) for plan in plans)
    if what_if.kind not in CUT or not what_if.where:
        return case, changed, what_if
    return replace(case, closures=_closed(case, what_if)), changed, what_if


def _closed(case: Case, what_if: WhatIf) -> pl.DataFrame:
    until = what_if.until
    if until is None and what_if.kind == "escalation_incident":
        until = what_if.on + dt.timedelta(days=INCIDENT_DAYS)
    last = None if until is None else until - dt.timedelta(days=1)
    rows = [
        dict.fromkeys(CLOSURES.names)
        | {"what": "place", "where": place, "direction": "both", "from": what_if.on, "to": last}
        for place in what_if.where
    ]
    return pl.concat([case.closures, pl.DataFrame(rows, schema=CLOSURES.dtypes)], how="diagonal")


def _plan(plan: Plan, what_if: WhatIf) -> Plan:
    if what_if.kind == "donor_fails":
        return replace(plan, funding=tuple(line for line in plan.funding if not _lost(line, what_if)))
    return replace(plan, zones=tuple(_zone(zone, what_if) for zone in plan.zones))


def _lost(line: Funding, what_if: WhatIf) -> bool:
    """Say whether money does not come: of the donor that fails, due on or after the day, or due at no stated day."""
    return what_if.donor in ("", line.donor) and (line.on is None or line.on >= what_if.on)


def _zone(zone: Zone, what_if: WhatIf) -> Zone:
    if not concerns(what_if, zone):
        return zone
    if what_if.kind == "mandate_ends":
        ends = what_if.on if zone.closes is None else min(zone.closes, what_if.on)
        return replace(zone, closes=ends)
    if what_if.kind == "zone_shrinks":
        decree = Decree(on=what_if.on, share=what_if.leaves_share, source=what_if.source)
        kept = tuple(one for one in zone.decrees if one.on < what_if.on)
        return replace(zone, decrees=(*kept, decree))
    return zone


def fighting_under(
    fighting: NDArray[np.int64],
    field: EventField,
    first: dt.date,
    what_if: WhatIf | None,
    *,
    seed: int,
    member: int,
) -> NDArray[np.int64]:
    """Return lethal events as the scenario leaves them, int64 (place, week), never fewer than without it."""
    if what_if is None or what_if.kind not in ("front_moves", "escalation_confrontation"):
        return fighting
    begin = max((what_if.on - first).days, 0) // DAYS_PER_WEEK
    out = fighting.copy()
    if what_if.kind == "escalation_confrontation":
        out[:, begin:] = times(fighting[:, begin:], what_if.times, field.places, seed=seed, member=member)
    else:
        hardest = int(np.argmax(field.level))
        rows = [field.places.index(place) for place in what_if.where]
        out[rows, begin:] = np.maximum(out[rows, begin:], out[hardest, begin:])
    if what_if.until is not None:
        end = max((what_if.until - first).days, 0) // DAYS_PER_WEEK
        out[:, end:] = fighting[:, end:]
    return out


def times(
    counts: NDArray[np.int64], factor: float, places: Sequence[str], *, seed: int, member: int
) -> NDArray[np.int64]:
    """Multiply counts, rounded to a whole number up or down by the luck of the place."""
    luck = uniforms(seed, int(Stream.THREAT_ZONE), member, 2, stable_ids(list(places)), 1)
    return np.floor(counts * factor + luck).astype(np.int64)
